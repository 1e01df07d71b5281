package session

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestComponentLockFileNamesNoRegistry(t *testing.T) {
	text, err := componentFiles.ReadFile("eks/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct{ Version, Resolved, Integrity string }
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		t.Fatal(err)
	}
	for path, pkg := range lock.Packages {
		if pkg.Resolved != "" {
			t.Errorf("%s is resolved to %s: the lock must not say from where", path, pkg.Resolved)
		}
		if path != "" && pkg.Integrity == "" {
			t.Errorf("%s has no integrity hash", path)
		}
	}
	for path, want := range map[string]string{
		"node_modules/@pulumi/eks":        strings.TrimPrefix(componentVersion, "v"),
		"node_modules/@pulumi/aws":        "6.83.4",
		"node_modules/@pulumi/kubernetes": "4.30.0",
	} {
		if got := lock.Packages[path].Version; got != want {
			t.Errorf("%s is locked to %q, want %q", path, got, want)
		}
	}
}

func TestPluginsOfTheEngine(t *testing.T) {
	dir := t.TempDir()
	err := writePlugins(dir, "/bin/echo", "/it's here/index.js", []requiredPackage{{"aws", "v6.83.4"}, {"eks", "v2.8.1"}})
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(filepath.Join(dir, "resource-eks-v2.8.1", "pulumi-resource-eks"), "127.0.0.1:1", "two words").Output()
	if want := "/it's here/index.js 127.0.0.1:1 two words\n"; err != nil || string(out) != want {
		t.Errorf("the eks plugin ran %q (%v), want %q", out, err, want)
	}
	text, err := exec.Command(filepath.Join(dir, "resource-aws-v6.83.4", "pulumi-resource-aws")).CombinedOutput()
	if err == nil || !strings.Contains(string(text), "the sandbox serves the aws provider itself") {
		t.Errorf("the aws plugin said %q (%v), want it to refuse to start", text, err)
	}
}
