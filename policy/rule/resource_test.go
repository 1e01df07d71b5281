package rule

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/property"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/policyx"
)

func TestRefers(t *testing.T) {
	unknown, none := property.New(property.Computed), property.New(property.Null)
	bucket := func(urn string, name property.Value, from ...string) policyx.AnalyzerResource {
		return policyx.AnalyzerResource{
			Type: "bucket", URN: urn,
			Properties:           property.NewMap(map[string]property.Value{"bucket": name}),
			PropertyDependencies: map[string][]string{"bucket": from},
		}
	}
	companion := func(name property.Value, from ...string) policyx.AnalyzerResource {
		r := bucket("companion", name, from...)
		r.Type = "companion"
		return r
	}
	pet := policyx.AnalyzerResource{Type: "pet", URN: "pet"}
	versioning := companion(unknown, "files")
	versioning.URN = "versioning"

	for name, c := range map[string]struct {
		want   Answer
		from   policyx.AnalyzerResource
		others []policyx.AnalyzerResource
	}{
		"the same name":                         {Yes, companion(property.New("f")), []policyx.AnalyzerResource{bucket("files", property.New("f"))}},
		"another name":                          {No, companion(property.New("g")), []policyx.AnalyzerResource{bucket("files", property.New("f"))}},
		"an unknown name made from it":          {Yes, companion(unknown, "files"), []policyx.AnalyzerResource{bucket("files", unknown)}},
		"an unknown name made from another":     {No, companion(unknown, "logs"), []policyx.AnalyzerResource{bucket("files", unknown), bucket("logs", unknown)}},
		"an unknown name by way of another":     {Yes, companion(unknown, "versioning"), []policyx.AnalyzerResource{bucket("files", unknown), versioning}},
		"an unknown name made from nothing":     {Maybe, companion(unknown), []policyx.AnalyzerResource{bucket("files", unknown)}},
		"an unknown name made from a third":     {Maybe, companion(unknown, "pet"), []policyx.AnalyzerResource{bucket("files", unknown, "pet"), pet}},
		"a known name of an unknown bucket":     {Maybe, companion(property.New("f")), []policyx.AnalyzerResource{bucket("files", unknown)}},
		"no name":                               {Maybe, companion(none), []policyx.AnalyzerResource{bucket("files", property.New("f"))}},
		"a name in a circle of dependencies":    {Maybe, companion(unknown, "companion"), []policyx.AnalyzerResource{bucket("files", unknown)}},
		"a dependency that is not in the stack": {Maybe, companion(unknown, "gone"), []policyx.AnalyzerResource{bucket("files", unknown)}},
	} {
		t.Run(name, func(t *testing.T) {
			stack := newStack(append(c.others, c.from))
			if got := stack.Refers(stack.byURN["companion"], "bucket", stack.byURN["files"], "bucket"); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}
