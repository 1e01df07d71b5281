package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
)

// Module is a module of the build, as `go list` describes it.
type Module struct {
	Path    string
	Version string
	Main    bool
	Dir     string // where its files are; the replacement's when it is replaced
	GoMod   string
	Replace *Module
}

// Package is a package of the build, as `go list` describes it.
type Package struct {
	ImportPath string
	Name       string
	Dir        string
	Standard   bool
	DepOnly    bool // not matched by the patterns, only imported
	Module     *Module

	GoFiles, CgoFiles, IgnoredGoFiles                []string
	TestGoFiles, XTestGoFiles                        []string
	CFiles, CXXFiles, MFiles, HFiles, FFiles, SFiles []string
	SwigFiles, SwigCXXFiles, SysoFiles, EmbedFiles   []string
	IgnoredOtherFiles                                []string
	Imports, TestImports, XTestImports               []string
	ImportMap                                        map[string]string
}

// Other lists the files of the package that are compiled or embedded but are not plain Go.
func (p *Package) Other() []string {
	return slices.Concat(p.CgoFiles, p.CFiles, p.CXXFiles, p.MFiles, p.HFiles, p.FFiles, p.SFiles, p.SwigFiles,
		p.SwigCXXFiles, p.SysoFiles, p.EmbedFiles)
}

// Program is a Go program with everything that it imports.
type Program struct {
	Env      *Env
	Flags    []string // the user's GOFLAGS, split
	Packages map[string]*Package
	Mains    []*Module // the main module, or the modules of the workspace
}

// Refusal is a kind of program that slim does not handle. Its text says what it met and what to do instead.
type Refusal struct{ Reason string }

func (r *Refusal) Error() string { return r.Reason }

func refuse(format string, args ...any) error { return &Refusal{fmt.Sprintf(format, args...)} }

// Check refuses what cannot be handled, before any work is done.
func Check(e *Env, flags []string) error {
	if e.Vars["GOMOD"] == "" && e.Vars["GOWORK"] == "" {
		return refuse("GO111MODULE=off: slim needs module mode; unset GO111MODULE")
	}
	if e.Vars["GOMOD"] == os.DevNull && e.Vars["GOWORK"] == "" {
		return refuse("no go.mod in %s or above it; run slim inside the program's module, or name it with -C", e.Dir)
	}
	if v, ok := Flag(flags, "overlay"); ok {
		return refuse("GOFLAGS has -overlay=%s: slim reads the files on disk and would miss what the overlay replaces; run the command without slim, or without the overlay", v)
	}
	mod, set := Flag(flags, "mod")
	if set && mod == "vendor" {
		return refuse("GOFLAGS has -mod=vendor: a vendored program builds from its vendor directory only, which slim does not change; use -mod=readonly to build from the module cache")
	}
	if !set {
		root := filepath.Dir(e.Vars["GOMOD"])
		if w := e.Vars["GOWORK"]; w != "" {
			root = filepath.Dir(w)
		}
		if list := filepath.Join(root, "vendor", "modules.txt"); exists(list) {
			return refuse("%s: the program's modules are vendored, and a vendored program builds from its vendor directory only, which slim does not change; set GOFLAGS=-mod=readonly to build from the module cache", list)
		}
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

const listFields = "ImportPath,Name,Dir,Standard,DepOnly,Module,GoFiles,CgoFiles,IgnoredGoFiles,TestGoFiles,XTestGoFiles," +
	"CFiles,CXXFiles,MFiles,HFiles,FFiles,SFiles,SwigFiles,SwigCXXFiles,SysoFiles,EmbedFiles,IgnoredOtherFiles," +
	"Imports,TestImports,XTestImports,ImportMap"

// Load lists the packages that the patterns name, their tests, and all that they import. No pattern means every package of
// the main module, or of every module of the workspace. Errors in the program's own files do not stop it: they are the
// compiler's to report, in the user's own build.
func Load(ctx context.Context, e *Env, flags, patterns []string) (*Program, error) {
	p := &Program{Env: e, Flags: flags, Packages: map[string]*Package{}}
	if err := p.loadMains(ctx); err != nil {
		return nil, err
	}
	dir := e.Dir
	if len(patterns) == 0 {
		for _, m := range p.Mains {
			patterns = append(patterns, m.Path+"/...")
		}
	}
	out, err := e.Go(ctx, dir, append([]string{"list", "-e", "-deps", "-test", "-json=" + listFields, "--"}, patterns...)...)
	if err != nil && len(bytes.TrimSpace(out)) == 0 {
		return nil, err
	}
	// "p [q.test]" is p as compiled again for the tests of q. It is looked at only where p itself is not listed.
	variants := map[string]*Package{}
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		pkg := &Package{}
		if err := dec.Decode(pkg); err != nil {
			return nil, fmt.Errorf("reading go list: %w", err)
		}
		path, _, variant := strings.Cut(pkg.ImportPath, " ")
		switch {
		case pkg.Name == "main" && strings.HasSuffix(path, ".test"): // generated to run the tests
		case variant:
			pkg.ImportPath, pkg.ImportMap, pkg.DepOnly = path, nil, true
			for i, imp := range pkg.Imports {
				pkg.Imports[i], _, _ = strings.Cut(imp, " ")
			}
			variants[path] = pkg
		default:
			p.Packages[path] = pkg
		}
	}
	for path, pkg := range variants {
		if p.Packages[path] == nil && !strings.HasSuffix(path, "_test") {
			p.Packages[path] = pkg
		}
	}
	return p, nil
}

func (p *Program) loadMains(ctx context.Context) error {
	out, err := p.Env.Go(ctx, p.Env.Dir, "list", "-m", "-json=Path,Dir,GoMod,Main")
	if err != nil {
		return err
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		m := &Module{}
		if err := dec.Decode(m); err != nil {
			return fmt.Errorf("reading go list -m: %w", err)
		}
		p.Mains = append(p.Mains, m)
	}
	if len(p.Mains) == 0 {
		return errors.New("go list -m names no main module")
	}
	return nil
}

// Sources lists the directories whose files may change without a change of version: the main modules and the modules that
// are replaced by a directory. Sorted.
func (p *Program) Sources() []string {
	set := map[string]bool{}
	for _, m := range p.Mains {
		set[m.Dir] = true
	}
	for _, pkg := range p.Packages {
		if m := pkg.Module; m != nil && m.Replace != nil && m.Replace.Version == "" {
			set[m.Dir] = true
		}
	}
	dirs := make([]string, 0, len(set))
	for d := range set {
		dirs = append(dirs, d)
	}
	sort.Strings(dirs)
	return dirs
}

// Immutable says that the module's files cannot change: it lies in the module cache, at a version.
func (m *Module) Immutable() bool {
	if m.Main {
		return false
	}
	if m.Replace != nil {
		return m.Replace.Version != ""
	}
	return m.Version != ""
}
