package slim_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tandem-platform/tandem/tools/slim/slim"
)

const sdk = "github.com/pulumi/pulumi-toy/sdk/v2"

func TestNothingChangedNothingDone(t *testing.T) {
	f := newFixture(t)
	if b := f.prepare(); !b.Fresh {
		t.Error("the first run did not look")
	}
	if b := f.prepare(); b.Fresh {
		t.Error("the second run looked again")
	}
}

func TestChangesAreSeen(t *testing.T) {
	tests := []struct {
		name string
		make func(f *fixture)
		want bool
	}{
		{"a file of the program", func(f *fixture) {
			f.replaceIn("program/helper/helper.go", "// Package helper", "// Package helper really")
		}, true},
		{"a new file", func(f *fixture) { f.write("program/helper/more.go", "package helper\n") }, true},
		{"a new package", func(f *fixture) { f.write("program/more/more.go", "package more\n") }, true},
		{"a removed file", func(f *fixture) { os.Remove(filepath.Join(f.program(), "helper", "extra.go")) }, true},
		{"a file of a replaced SDK", func(f *fixture) {
			f.replaceIn("toy/go/toy/net/pulumiEnums.go", "\"tcp\"", "\"sctp\"")
		}, true},
		{"go.mod", func(f *fixture) { f.replaceIn("program/go.mod", "go 1.24\n", "go 1.24.0\n") }, true},
		{"flags", func(f *fixture) { f.set("GOFLAGS", "-tags=x") }, true},
		{"testdata", func(f *fixture) { f.write("program/testdata/x.go", "package x\n") }, false},
		{"another module inside", func(f *fixture) {
			f.write("program/inner/go.mod", "module example.com/inner\n")
			f.write("program/inner/x.go", "package inner\n")
		}, false},
		{"a file that is not Go", func(f *fixture) { f.write("program/README.md", "# x\n") }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			f.write("program/helper/extra.go", "package helper\n")
			f.prepare()
			tt.make(f)
			if got := f.prepare().Fresh; got != tt.want {
				t.Errorf("looked again: %v, want %v", got, tt.want)
			}
			f.good("go", "build", "./helper")
		})
	}
}

func TestCopyStaysWhileItHasAllThatIsNeeded(t *testing.T) {
	f := newFixture(t)
	use := func(name string) {
		f.write("program/helper/use.go", "package helper\n\nimport \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net\"\n\nvar _ = net."+name+"\n")
	}
	use("ProtocolUDP")
	first := f.moduleCopy(f.prepare(), sdk)
	use("ProtocolTCP") // is there already
	b := f.prepare()
	if got := f.moduleCopy(b, sdk); got != first || !b.Fresh {
		t.Error("the copy changed though it had all that was needed")
	}
	use("NewGateway")
	second := f.moduleCopy(f.prepare(), sdk)
	if second == first {
		t.Error("the copy did not change though something new was needed")
	}
	f.good("go", "run", ".")
	use("ProtocolUDP") // of the first run
	if got := f.moduleCopy(f.prepare(), sdk); got != second {
		t.Error("the copy forgot what an earlier run needed")
	}
	f.good("go", "run", ".")
}

func TestCopyShrinksWhenMostOfItIsNoLongerNeeded(t *testing.T) {
	f := newFixture(t)
	f.prepare()
	f.write("program/main.go", "package main\n\nimport \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net\"\n\nfunc main() { println(net.High) }\n")
	if err := os.RemoveAll(filepath.Join(f.program(), "helper")); err != nil {
		t.Fatal(err)
	}
	if p := packageNamed(t, f.prepare(), "net"); p.KeptDeclarations > p.Declarations/4 {
		t.Errorf("%d of %d declarations are kept for one constant", p.KeptDeclarations, p.Declarations)
	}
	f.good("go", "run", ".")
}

func TestDamagedCopiesAreNotUsed(t *testing.T) {
	tests := []struct {
		name   string
		damage func(t *testing.T, dir, build string)
	}{
		{"a cut file", func(t *testing.T, dir, _ string) {
			truncate(t, filepath.Join(dir, "go", "toy", "net", "network.go"))
		}},
		{"a lost file", func(t *testing.T, dir, _ string) {
			remove(t, filepath.Join(dir, "go", "toy", "net", "init.go"))
		}},
		{"a lost index", func(t *testing.T, dir, _ string) { remove(t, filepath.Join(dir, "slim-index.json")) }},
		{"a cut index", func(t *testing.T, dir, _ string) { truncate(t, filepath.Join(dir, "slim-index.json")) }},
		{"a lost copy", func(t *testing.T, dir, _ string) { remove(t, dir) }},
		{"an edited go.mod", func(t *testing.T, _, build string) {
			if err := os.WriteFile(filepath.Join(build, "go.mod"), []byte("module example.com/program\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			b := f.prepare()
			tt.damage(t, f.moduleCopy(b, sdk), f.buildDir(b))
			f.good("go", "run", ".")
		})
	}
}

func truncate(t *testing.T, path string) {
	t.Helper()
	if err := os.Truncate(path, 40); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) buildDir(b *slim.Build) string {
	f.t.Helper()
	for _, kv := range b.Env {
		if v, ok := strings.CutPrefix(kv, "GOFLAGS="); ok {
			_, mod, _ := strings.Cut(v, "-modfile=")
			return filepath.Dir(mod)
		}
	}
	f.t.Fatal("no GOFLAGS")
	return ""
}

func TestDamagedRecordIsNotUsed(t *testing.T) {
	f := newFixture(t)
	f.prepare()
	records, err := filepath.Glob(filepath.Join(f.cache, "programs", "*.json"))
	if err != nil || len(records) == 0 {
		t.Fatal("no records", err)
	}
	for _, r := range records {
		truncate(t, r)
	}
	if !f.prepare().Fresh {
		t.Error("a damaged record was believed")
	}
	f.good("go", "run", ".")
}

func TestLeftoversOfADeadRunDoNoHarm(t *testing.T) {
	f := newFixture(t)
	f.write("cache/tmp/tree-1/go.mod", "half of")
	f.write("cache/modules/github.com-pulumi-pulumi-toy-sdk-v2@v2.3.4-0000/go.mod", "half of")
	f.good("go", "run", ".")
}

func TestConcurrentRuns(t *testing.T) {
	f := newFixture(t)
	const n = 6
	dirs := make([]string, n)
	for i := range n { // each program needs something of its own
		dirs[i] = filepath.Join(f.root, fmt.Sprintf("program%d", i))
		if err := os.CopyFS(dirs[i], os.DirFS(f.program())); err != nil {
			t.Fatal(err)
		}
		name := []string{"NewGateway", "ProtocolUDP", "Low"}[i%3]
		f.write(fmt.Sprintf("program%d/helper/own.go", i), "package helper\n\nimport \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net\"\n\nvar _ = net."+name+"\n")
	}
	var wg sync.WaitGroup
	for i := range 3 * n {
		wg.Go(func() {
			o := f.options()
			o.Dir = dirs[i%n]
			b, err := slim.Prepare(context.Background(), o)
			if err != nil {
				t.Error(err)
				return
			}
			defer b.Close()
			if out, ok := f.run(o.Dir, b.Env, "go", "vet", "./..."); !ok {
				t.Errorf("program %d: %s", i%n, out)
			}
		})
	}
	wg.Wait()
	left, err := os.ReadDir(filepath.Join(f.cache, "tmp"))
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v, %v", left, err)
	}
}

func TestCleanRemovesTheCache(t *testing.T) {
	f := newFixture(t)
	b, err := slim.Prepare(context.Background(), f.options())
	if err != nil {
		t.Fatal(err)
	}
	if err := slim.Clean(f.options()); !errors.Is(err, slim.ErrInUse) {
		t.Errorf("while in use: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := slim.Clean(f.options()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(f.cache); !os.IsNotExist(err) {
		t.Errorf("the cache is still there: %v", err)
	}
	if err := slim.Clean(f.options()); err != nil {
		t.Errorf("cleaning nothing: %v", err)
	}
	f.good("go", "run", ".")
}

func TestCleanLeavesOtherDirectoriesAlone(t *testing.T) {
	f := newFixture(t)
	o := f.options()
	o.CacheDir = f.program()
	before := tree(t, f.program())
	if err := slim.Clean(o); err == nil || !strings.Contains(err.Error(), "not a cache directory of slim") {
		t.Errorf("error %v", err)
	}
	if len(tree(t, f.program())) != len(before) {
		t.Error("files are gone")
	}
}

func TestCacheDirectoryThatCannotBeMade(t *testing.T) {
	f := newFixture(t)
	f.write("file", "")
	o := f.options()
	o.CacheDir = filepath.Join(f.root, "file", "cache")
	if _, err := slim.Prepare(context.Background(), o); err == nil || !strings.Contains(err.Error(), "cache directory") {
		t.Errorf("error %v", err)
	}
}

func TestCacheDirectoryFromTheEnvironment(t *testing.T) {
	f := newFixture(t)
	dir := filepath.Join(f.root, "a cache with spaces")
	f.set(slim.CacheEnv, dir)
	o := f.options()
	o.CacheDir = ""
	b, err := slim.Prepare(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if out, ok := f.run(f.program(), b.Env, "go", "build", "-o", os.DevNull, "."); !ok {
		t.Error(out)
	}
	if _, err := os.Stat(filepath.Join(dir, "modules")); err != nil {
		t.Error(err)
	}
}
