// Package slim builds Pulumi programs against only what they use of the generated SDKs.
//
// Prepare looks at what a program mentions of the SDK packages, writes copies of those modules that hold only the
// declarations it can reach, and returns the environment in which go commands build against the copies. Neither the program's
// files, nor its go.mod, nor the module cache change. Nothing is written outside the cache directory.
//
//	b, err := slim.Prepare(ctx, slim.Options{Dir: root})
//	if err != nil { … }
//	defer b.Close()
//	cmd := exec.Command("go", "build", "-o", out, "./stacks")
//	cmd.Dir, cmd.Env = root, b.Env
//	err = cmd.Run()
package slim

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/tandem-platform/tandem/tools/slim/slim/internal/emit"
	"github.com/tandem-platform/tandem/tools/slim/slim/internal/load"
	"github.com/tandem-platform/tandem/tools/slim/slim/internal/reach"
	"github.com/tandem-platform/tandem/tools/slim/slim/internal/store"
)

// Options say which program is meant. The zero value is the module around the current directory.
type Options struct {
	// Dir is a directory of the program, and the one that Exec runs the command in. Empty is the current directory.
	Dir string
	// Patterns are the packages to look at, as go build takes them, with their tests. None means every package of the main
	// module, or of all modules of the workspace.
	Patterns []string
	// Tags is the value of a -tags flag that the command itself gives to go. It stands in for one in GOFLAGS, as there.
	// Empty means that the command gives none.
	Tags string
	// CacheDir is where the copies go. Empty means the directory in the environment variable SLIM_CACHE, or else
	// tandem-slim in the user's cache directory.
	CacheDir string
	// Env is the environment that the command will have, as "key=value". Nil is that of this process.
	Env []string
	// Stdin, Stdout and Stderr are those of the command that Exec runs. Nil means those of this process.
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Build is a program that is ready to be built.
type Build struct {
	// Env is the whole environment for the command: that of the options, with the alternate go.mod or go.work.
	Env []string
	// Fresh says that the copies were looked at anew, because something had changed.
	Fresh bool
	// Report says what was kept.
	Report Report

	lock *os.File
}

// Close lets Clean remove the copies again. Call it when the command has ended.
func (b *Build) Close() error {
	if b.lock == nil {
		return nil
	}
	return b.lock.Close()
}

// Refusal is the error for a kind of program that slim does not handle. Its text says what it met and what to do.
type Refusal = load.Refusal

// ErrInUse is the error of Clean while a command runs against the copies.
var ErrInUse = store.ErrInUse

// CacheEnv is the environment variable that names the cache directory.
const CacheEnv = "SLIM_CACHE"

// In these, a command that slim runs finds what its own GOFLAGS and GOWORK would have been, for a slim within a slim.
const (
	modfileEnv = "SLIM_OWN_MODFILE"
	goworkEnv  = "SLIM_OWN_GOWORK"
)

// state is what a program's last analysis came to.
type state struct {
	Fingerprint string
	Sources     []string          // directories that the fingerprint covers
	Build       string            // directory of the alternate go.mod or go.work; "" when there is nothing to shake
	Trees       []string          // directories of the module copies
	Modules     map[string]string // identity of each copied module by path
	Weight      int64             // bytes of the kept declarations
	Report      Report
}

// Prepare brings the copies up to date and returns the environment to build with. When nothing changed since the last time it
// only compares file times. A program that slim does not handle gives a *Refusal; one whose go.mod the go command rejects
// gives the go command's own words. Errors in the program's source are left for the compiler.
func Prepare(ctx context.Context, o Options) (*Build, error) {
	cache, err := cacheDir(o)
	if err != nil {
		return nil, err
	}
	env, flags, err := environment(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := load.Check(env, flags); err != nil {
		return nil, err
	}
	st, err := store.Open(cache)
	if err != nil {
		return nil, err
	}
	lock, err := st.Lock()
	if err != nil {
		return nil, err
	}
	b, err := prepare(ctx, o, env, flags, st)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	b.lock = lock
	return b, nil
}

func prepare(ctx context.Context, o Options, env *load.Env, flags []string, st *store.Store) (*Build, error) {
	rules, err := rulesVersion()
	if err != nil {
		return nil, err
	}
	key := digest(append([]string{rules, env.Vars["GOMOD"], env.Vars["GOWORK"], env.Vars["GOOS"], env.Vars["GOARCH"], o.Tags}, o.Patterns...)...)
	var s state
	known := st.Load(key+".json", &s)
	// The fingerprint is taken before the files are read: a change while we read shows at the next run.
	fingerprint := func() (string, error) {
		return load.Fingerprint(env, s.Sources, append([]string{rules, o.Tags}, o.Patterns...)...)
	}
	fresh := true
	if known {
		now, err := fingerprint()
		if err != nil {
			return nil, err
		}
		fresh = now != s.Fingerprint || !complete(st, &s)
	}
	if fresh {
		prog, err := load.Load(ctx, env, flags, o.Patterns)
		if err != nil {
			return nil, err
		}
		old := s
		s = state{Sources: prog.Sources()}
		if s.Fingerprint, err = fingerprint(); err != nil {
			return nil, err
		}
		if err := refresh(st, key, prog, &old, &s); err != nil {
			return nil, err
		}
		if err := st.Save(key+".json", &s); err != nil {
			return nil, err
		}
	}
	b := &Build{Env: env.Environ, Fresh: fresh, Report: s.Report}
	if s.Build == "" {
		return b, nil
	}
	return b, b.point(env, s.Build)
}

// environment reads the go command's settings, without those that a slim around this one made.
func environment(ctx context.Context, o Options) (*load.Env, []string, error) {
	environ := o.Env
	if environ == nil {
		environ = os.Environ()
	}
	dir := o.Dir
	if dir == "" {
		dir = "."
	}
	if w := load.Get(environ, "GOWORK"); w != "" && store.Made(filepath.Dir(w)) {
		environ = load.Set(environ, "GOWORK", load.Get(environ, goworkEnv))
	}
	env, err := load.ReadEnv(ctx, dir, environ)
	if err != nil {
		return nil, nil, err
	}
	flags, err := load.SplitFlags(env.Vars["GOFLAGS"])
	if err != nil {
		return nil, nil, err
	}
	changed := false
	if mod, ok := load.Flag(flags, "modfile"); ok && store.Made(filepath.Dir(mod)) {
		flags, changed = load.DropFlag(flags, "modfile"), true
		if own := load.Get(environ, modfileEnv); own != "" {
			flags = append(flags, "-modfile="+own)
		}
	}
	if changed {
		value, err := load.JoinFlags(flags)
		if err != nil {
			return nil, nil, err
		}
		if env, err = load.ReadEnv(ctx, dir, load.Set(environ, "GOFLAGS", value)); err != nil {
			return nil, nil, err
		}
	}
	if w := env.Vars["GOWORK"]; w == "off" {
		env.Vars["GOWORK"] = ""
	}
	if o.Tags != "" {
		flags = append(load.DropFlag(flags, "tags"), "-tags="+o.Tags)
	}
	return env, flags, nil
}

// point sets the environment to build from the alternate go.mod or go.work in dir.
func (b *Build) point(env *load.Env, dir string) error {
	if w := env.Vars["GOWORK"]; w != "" {
		b.Env = load.Set(b.Env, goworkEnv, w)
		b.Env = load.Set(b.Env, "GOWORK", filepath.Join(dir, "go.work"))
		return nil
	}
	flags, err := load.SplitFlags(env.Vars["GOFLAGS"])
	if err != nil {
		return err
	}
	own, _ := load.Flag(flags, "modfile")
	value, err := load.JoinFlags(append(load.DropFlag(flags, "modfile"), "-modfile="+filepath.Join(dir, "go.mod")))
	if err != nil {
		return err
	}
	b.Env = load.Set(b.Env, modfileEnv, own)
	b.Env = load.Set(b.Env, "GOFLAGS", value)
	return nil
}

func complete(st *store.Store, s *state) bool {
	if s.Build == "" {
		return true
	}
	return st.Complete(s.Build) && !slices.ContainsFunc(s.Trees, func(t string) bool { return !st.Complete(t) })
}

// refresh analyses the program and publishes the copies.
//
// A copy that changes makes the go command compile again all that lies in it. So what earlier runs kept stays, as long as it
// is not more than the program's present need: removing a resource and adding it again, or working on two branches in turn,
// changes no copy.
func refresh(st *store.Store, key string, prog *load.Program, old, s *state) error {
	a, err := reach.Analyse(prog)
	if err != nil {
		return err
	}
	need, weight := a.Kept(), a.Weight()
	var before reach.Kept
	if st.Load(key+"-kept.json", &before) {
		for p := range before {
			if q := prog.Packages[p]; q == nil || q.Module == nil || old.Modules[q.Module.Path] != identity(q.Module) {
				delete(before, p)
			}
		}
		if !need.Has(before) {
			if err := a.Plant(before); err != nil {
				return err
			}
			if a.Weight() > 2*weight {
				if a, err = reach.Analyse(prog); err != nil {
					return err
				}
			}
		}
	}
	r := a.Result()
	s.Weight = a.Weight()
	if err := publish(st, prog, r, s); err != nil {
		return err
	}
	return st.Save(key+"-kept.json", a.Kept())
}

func publish(st *store.Store, prog *load.Program, r *reach.Result, s *state) error {
	modules := map[string][]*reach.Package{}
	for _, p := range r.Packages {
		modules[p.Module.Path] = append(modules[p.Module.Path], p)
	}
	s.Modules = map[string]string{}
	s.Report.Notes = r.Notes
	var copies []replacement
	for _, mod := range sortedKeys(modules) {
		packages := modules[mod]
		m := packages[0].Module
		files, sizes, err := emit.Module(m, packages)
		if err != nil {
			return err
		}
		dir, err := st.Publish("modules", treeName(m), files)
		if err != nil {
			return err
		}
		s.Modules[mod] = identity(m)
		s.Trees = append(s.Trees, dir)
		copies = append(copies, replacement{Path: mod, Version: m.Version, Dir: dir})
		for _, p := range packages {
			s.Report.add(p, sizes[p.ImportPath])
		}
	}
	if len(copies) == 0 {
		return nil
	}
	files, err := buildFiles(prog, copies)
	if err != nil {
		return err
	}
	s.Build, err = st.Publish("builds", "build", files)
	return err
}

// identity tells versions and places of a module apart.
func identity(m *load.Module) string { return m.Version + " " + m.Dir }

// treeName is the readable part of a copy's directory name.
func treeName(m *load.Module) string {
	name := strings.ReplaceAll(m.Path, "/", "-")
	if m.Version != "" {
		name += "@" + m.Version
	}
	return name
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%q\n", p)
	}
	return hex.EncodeToString(h.Sum(nil))[:24]
}

// The source of this package decides what is kept, so it is part of what the cache goes by.
//
//go:embed *.go internal/*/*.go
var source embed.FS

var rulesVersion = sync.OnceValues(func() (string, error) {
	h := sha256.New()
	err := fs.WalkDir(source, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path.Base(name), "_test.go") {
			return err
		}
		b, err := source.ReadFile(name)
		fmt.Fprintf(h, "%q %x\n", name, sha256.Sum256(b))
		return err
	})
	return hex.EncodeToString(h.Sum(nil)), err
})

func cacheDir(o Options) (string, error) {
	if o.CacheDir != "" {
		return o.CacheDir, nil
	}
	environ := o.Env
	if environ == nil {
		environ = os.Environ()
	}
	if dir := load.Get(environ, CacheEnv); dir != "" {
		return dir, nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache directory: %w; set %s", err, CacheEnv)
	}
	return filepath.Join(dir, "tandem-slim"), nil
}

// Clean removes the cache directory with all copies. It gives ErrInUse while a command runs against them, and refuses a
// directory that slim did not make.
func Clean(o Options) error {
	dir, err := cacheDir(o)
	if err != nil {
		return err
	}
	return store.Clean(dir)
}
