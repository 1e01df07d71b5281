package rule

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

func TestRefers(t *testing.T) {
	unknown, none := property.New(property.Computed), property.New(property.Null)
	bucket := func(urn string, name property.Value, from ...string) Resource {
		return Resource{
			Type: "bucket", URN: urn,
			properties: Value{value: property.New(map[string]property.Value{"bucket": name})},
			dependsOn:  map[string][]string{"bucket": from},
		}
	}
	companion := func(name property.Value, from ...string) Resource {
		r := bucket("companion", name, from...)
		r.Type = "companion"
		return r
	}
	pet := Resource{Type: "pet", URN: "pet"}
	versioning := companion(unknown, "files")
	versioning.URN = "versioning"

	for name, c := range map[string]struct {
		want   Answer
		from   Resource
		others []Resource
	}{
		"the same name":                         {Yes, companion(property.New("f")), []Resource{bucket("files", property.New("f"))}},
		"another name":                          {No, companion(property.New("g")), []Resource{bucket("files", property.New("f"))}},
		"an unknown name made from it":          {Yes, companion(unknown, "files"), []Resource{bucket("files", unknown)}},
		"an unknown name made from another":     {No, companion(unknown, "logs"), []Resource{bucket("files", unknown), bucket("logs", unknown)}},
		"an unknown name by way of another":     {Yes, companion(unknown, "versioning"), []Resource{bucket("files", unknown), versioning}},
		"an unknown name made from nothing":     {Maybe, companion(unknown), []Resource{bucket("files", unknown)}},
		"an unknown name made from a third":     {Maybe, companion(unknown, "pet"), []Resource{bucket("files", unknown, "pet"), pet}},
		"a known name of an unknown bucket":     {Maybe, companion(property.New("f")), []Resource{bucket("files", unknown)}},
		"no name":                               {Maybe, companion(none), []Resource{bucket("files", property.New("f"))}},
		"a name in a circle of dependencies":    {Maybe, companion(unknown, "companion"), []Resource{bucket("files", unknown)}},
		"a dependency that is not in the stack": {Maybe, companion(unknown, "gone"), []Resource{bucket("files", unknown)}},
	} {
		t.Run(name, func(t *testing.T) {
			stack := newStack(append(c.others, c.from))
			if got := stack.Refers(stack.byURN["companion"], "bucket", stack.byURN["files"], "bucket"); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}
