package slim_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/tools/slim/slim"
)

const toy = "github.com/pulumi/pulumi-toy/sdk/v2/go/toy/"

// fixture is a copy of testdata: a small program on a small generated SDK, each a module.
type fixture struct {
	t     *testing.T
	root  string // holds program, toy and pulumi
	cache string
	env   []string
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(root, os.DirFS("testdata")); err != nil {
		t.Fatal(err)
	}
	f := &fixture{t: t, root: root, cache: filepath.Join(root, "cache")}
	for _, kv := range os.Environ() {
		switch k, _, _ := strings.Cut(kv, "="); k {
		case "GOFLAGS", "GOWORK", "GO111MODULE", slim.CacheEnv, "PWD", "SLIM_OWN_MODFILE", "SLIM_OWN_GOWORK":
		default:
			f.env = append(f.env, kv)
		}
	}
	f.env = append(f.env, "GOPROXY=off", "GOFLAGS=", "GOENV=off")
	return f
}

func (f *fixture) program() string { return filepath.Join(f.root, "program") }

func (f *fixture) options() slim.Options {
	return slim.Options{Dir: f.program(), CacheDir: f.cache, Env: f.env}
}

// set replaces an environment variable.
func (f *fixture) set(key, value string) {
	f.env = slices.DeleteFunc(slices.Clone(f.env), func(kv string) bool { return strings.HasPrefix(kv, key+"=") })
	f.env = append(f.env, key+"="+value)
}

// write puts a file beneath the fixture's root.
func (f *fixture) write(name, text string) {
	f.t.Helper()
	path := filepath.Join(f.root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		f.t.Fatal(err)
	}
}

// replaceIn edits a file beneath the fixture's root.
func (f *fixture) replaceIn(name, old, new string) {
	f.t.Helper()
	b, err := os.ReadFile(filepath.Join(f.root, name))
	if err != nil {
		f.t.Fatal(err)
	}
	if !bytes.Contains(b, []byte(old)) {
		f.t.Fatalf("%s has no %q", name, old)
	}
	f.write(name, strings.ReplaceAll(string(b), old, new))
}

func (f *fixture) prepare() *slim.Build {
	f.t.Helper()
	b, err := slim.Prepare(context.Background(), f.options())
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { b.Close() })
	return b
}

// plain runs a command as without slim and returns its output, standard error first, and whether it succeeded.
func (f *fixture) plain(argv ...string) (string, bool) {
	return f.run(f.program(), f.env, argv...)
}

func (f *fixture) run(dir string, env []string, argv ...string) (string, bool) {
	f.t.Helper()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = dir, append(env, "PWD="+dir)
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	err := cmd.Run()
	return stderr.String() + out.String(), err == nil
}

// slim runs a command by slim.Exec.
func (f *fixture) slim(argv ...string) (string, int) {
	f.t.Helper()
	var out, stderr bytes.Buffer
	o := f.options()
	o.Stdout, o.Stderr = &out, &stderr
	code, err := slim.Exec(context.Background(), o, argv...)
	if err != nil {
		f.t.Fatal(err)
	}
	return stderr.String() + out.String(), code
}

// good runs a command that must succeed both ways, wants the same output, and returns it.
func (f *fixture) good(argv ...string) string {
	f.t.Helper()
	want, ok := f.plain(argv...)
	if !ok {
		f.t.Fatalf("the fixture itself fails: %s", want)
	}
	if got, code := f.slim(argv...); got != want || code != 0 {
		f.t.Errorf("%s with slim, exit %d:\n%s\nplain:\n%s", strings.Join(argv, " "), code, got, want)
	}
	return want
}

func packageNamed(t *testing.T, b *slim.Build, name string) slim.Package {
	t.Helper()
	for _, p := range b.Report.Packages {
		if p.ImportPath == toy+name {
			return p
		}
	}
	t.Fatalf("the report has no %s", name)
	return slim.Package{}
}

func wantWhole(t *testing.T, b *slim.Build, name, reason string) {
	t.Helper()
	p := packageNamed(t, b, name)
	if !slices.ContainsFunc(p.Whole, func(w string) bool { return strings.Contains(w, reason) }) {
		t.Errorf("%s is whole because of %q, want a reason with %q", name, p.Whole, reason)
	}
	if p.KeptDeclarations != p.Declarations {
		t.Errorf("%s keeps %d of %d declarations, want all", name, p.KeptDeclarations, p.Declarations)
	}
}

func wantShaken(t *testing.T, b *slim.Build, name string) {
	t.Helper()
	p := packageNamed(t, b, name)
	if !p.Live || len(p.Whole) > 0 || p.KeptDeclarations >= p.Declarations {
		t.Errorf("%s is not shaken: %+v", name, p)
	}
}

// tree lists the files beneath a directory with their content.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		files[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
