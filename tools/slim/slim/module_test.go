package slim_test

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// proxy serves a directory of the fixture as a version of a module, from a directory that GOPROXY names.
func (f *fixture) proxy(dir, module, version string) {
	f.t.Helper()
	at := filepath.Join("proxy", module, "@v", version)
	mod, err := os.ReadFile(filepath.Join(f.root, dir, "go.mod"))
	if err != nil {
		f.t.Fatal(err)
	}
	f.write(at+".mod", string(mod))
	f.write(at+".info", `{"Version":"`+version+`"}`)
	file, err := os.Create(filepath.Join(f.root, at+".zip"))
	if err != nil {
		f.t.Fatal(err)
	}
	defer file.Close()
	z := zip.NewWriter(file)
	for path, text := range tree(f.t, filepath.Join(f.root, dir)) {
		rel, err := filepath.Rel(filepath.Join(f.root, dir), path)
		if err != nil {
			f.t.Fatal(err)
		}
		w, err := z.Create(module + "@" + version + "/" + filepath.ToSlash(rel))
		if err != nil {
			f.t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			f.t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		f.t.Fatal(err)
	}
}

// fromProxy takes the fixture's modules from a module cache of the test's own.
func (f *fixture) fromProxy() {
	f.t.Helper()
	f.proxy("pulumi", pulumiSDK, "v3.1.0")
	f.proxy("toy", sdk, "v2.3.4")
	f.set("GOPROXY", "file://"+filepath.ToSlash(filepath.Join(f.root, "proxy")))
	f.set("GONOSUMDB", "*")
	f.set("GOMODCACHE", filepath.Join(f.root, "modules"))
	f.set("GOFLAGS", "-modcacherw") // so that the test's directory can be removed
	f.replaceIn("program/go.mod", "replace (\n\tgithub.com/pulumi/pulumi-toy/sdk/v2 => ../toy\n\tgithub.com/pulumi/pulumi/sdk/v3 => ../pulumi\n)\n", "")
}

func TestModulesOfTheModuleCache(t *testing.T) {
	f := newFixture(t)
	f.fromProxy()
	if out, ok := f.plain("go", "mod", "tidy"); !ok {
		t.Fatal(out)
	}
	if out := f.good("go", "run", "."); !strings.Contains(out, filepath.Join(f.root, "modules", "github.com", "pulumi", "pulumi-toy", "sdk", "v2@v2.3.4")) {
		t.Errorf("positions are not those of the module cache:\n%s", out)
	}
	wantShaken(t, f.prepare(), "net")
}

func TestModuleReplacedByAnother(t *testing.T) {
	f := newFixture(t)
	f.fromProxy()
	// The fork has one value that is different.
	f.replaceIn("toy/go/toy/net/pulumiEnums.go", "\"tcp\"", "\"forked\"")
	f.proxy("toy", "example.com/fork/v2", "v2.9.0")
	mod, err := os.ReadFile(filepath.Join(f.program(), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	f.write("program/go.mod", string(mod)+"\nreplace github.com/pulumi/pulumi-toy/sdk/v2 => example.com/fork/v2 v2.9.0\n")
	if out, ok := f.plain("go", "mod", "tidy"); !ok {
		t.Fatal(out)
	}
	if out := f.good("go", "run", "."); !strings.Contains(out, "forked 1 shadow") {
		t.Errorf("the fork is not in the build:\n%s", out)
	}
	wantShaken(t, f.prepare(), "net")
}
