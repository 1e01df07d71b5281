package tagging

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

var update = flag.Bool("update", false, "write taggable.txt anew")

func TestRules(t *testing.T) { ruletest.Run(t, Rules()...) }

func TestRequiredReadsDefaultTagsThatReachTheProviderAsJSON(t *testing.T) {
	defaults := `{"tags":{"Platform":"tandem","Environment":"test","Owner":"web","Stack":"test","ManagedBy":"pulumi"}}`
	with := func(config string) rule.Example {
		return rule.Example{{Type: "aws:sns/topic:Topic", Name: "alarms", Provider: map[string]any{"defaultTags": config}}}
	}
	if found := required.Findings(with(defaults), rule.Program{}); len(found) > 0 {
		t.Errorf("found %+v", found)
	}
	found := required.Findings(with(strings.Replace(defaults, "Owner", "Admin", 1)), rule.Program{})
	if len(found) != 1 || found[0].Value != "without Owner" {
		t.Errorf("without Owner, found %+v", found)
	}
}

func TestRequiredNamesEveryTagThatIsLacking(t *testing.T) {
	found := required.Findings(topicWith(map[string]any{"Owner": "web"}, nil), rule.Program{})
	if len(found) != 1 || found[0].Value != "without Platform, Environment, Stack, ManagedBy" {
		t.Errorf("found %+v", found)
	}
}

func TestRequiredTakesTheTagsThatReplaceTheProvidersOnAnObject(t *testing.T) {
	object := rule.Example{{
		Type: "aws:s3/bucketObjectv2:BucketObjectv2", Name: "index",
		Properties: map[string]any{"overrideProvider": map[string]any{"defaultTags": map[string]any{"tags": map[string]any{"Owner": "web"}}}},
		Provider:   map[string]any{"defaultTags": map[string]any{"tags": map[string]any{"Platform": "tandem", "Owner": "platform"}}},
	}}
	found := required.Findings(object, rule.Program{})
	if len(found) != 1 || found[0].Value != "without Platform, Environment, Stack, ManagedBy" {
		t.Errorf("found %+v", found)
	}
}

// The AWS provider has taken its default tags for whatever has an output tagsAll.
func TestTaggableTypesAreThoseOfTheSDK(t *testing.T) {
	const module = "github.com/pulumi/pulumi-aws/sdk/v6"
	list := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module)
	// The module itself, not the copy that a test under slim is built against.
	list.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	out, err := list.Output()
	dir := strings.TrimSpace(string(out))
	if err != nil || dir == "" {
		t.Fatalf("looking for %s: %v", module, err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "go", "aws", "*", "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("looking for resources in %s: %v", dir, err)
	}
	var (
		tagsAll  = regexp.MustCompile(`(?m)^\tTagsAll +pulumi\.StringMapOutput `)
		register = regexp.MustCompile(`ctx\.RegisterResource\("(aws:[^"]+)"`)
		types    []string
	)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if token := register.FindSubmatch(text); token != nil && tagsAll.Match(text) {
			types = append(types, string(token[1]))
		}
	}
	slices.Sort(types)
	want := strings.Join(types, "\n") + "\n"
	if *update {
		if err := os.WriteFile("taggable.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if taggable != want {
		t.Error("taggable.txt is stale: run go test ./policy/rules/tagging -update")
	}
}
