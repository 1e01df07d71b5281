package reach

import (
	"path/filepath"
	"slices"

	"github.com/tandem-platform/tandem/tools/slim/slim/internal/load"
)

// The types of Pulumi's package pulumi have methods ToOutput that give a pulumix.Output of theirs. The compiler instantiates that
// generic type, with everything it needs, in every package that imports package pulumi: up to 8000 functions, 6 seconds, in one
// that touches pulumi.AnyOutput. A program that does not use pulumix has no use for them, and it is most programs. So the
// module of Pulumi's SDK is copied too, with what mentions pulumix left out of package pulumi where nothing reaches it.
//
// That is all that is left out. Package pulumix itself is only looked into, to see whether what the program uses of it asks for
// a ToOutput.

const (
	pulumiPath  = core + "v3/go/pulumi"
	pulumixPath = core + "v3/go/pulumix"
)

// findCore makes packages pulumi and pulumix part of the analysis, where the first can be taken apart.
func (a *analysis) findCore() {
	p, x := a.prog.Packages[pulumiPath], a.prog.Packages[pulumixPath]
	if p == nil || x == nil || p.Module == nil || p.Module.Main || x.Module == nil || x.Module.Dir != p.Module.Dir ||
		len(p.Other()) > 0 || len(p.IgnoredGoFiles) > 0 {
		return
	}
	a.shaken[pulumiPath] = &Package{Package: p, Core: true}
	a.shaken[pulumixPath] = &Package{Package: x, Core: true}
	// What cannot be told apart stays as it is.
	for _, f := range a.load(pulumiPath).Files {
		optional := f.optional()
		for _, u := range f.Units {
			u.always = !slices.Contains(optional, u)
			if !u.always && u.method != "" {
				a.optional[u.method] = true
			}
		}
	}
}

// optional lists the functions and methods that mention pulumix, and the checks `var _ pulumix.Input[T] = …`.
func (f *File) optional() (units []*Unit) {
	if len(f.Dot) > 0 || directive(f.Src) != "" {
		return nil
	}
	for _, u := range f.Units {
		generic := slices.ContainsFunc(u.foreign, func(n name) bool { return n.path == pulumixPath })
		function := u.method == "ToOutput" || u.function || u.id() == "" && u.Init == 0
		if generic && function {
			units = append(units, u)
		}
	}
	return units
}

// coreRoot marks what a package that imports Pulumi's SDK, but no generated package, needs of it.
func (a *analysis) coreRoot(p *load.Package) {
	for _, f := range a.parseAll(p.Dir, sources(p)) {
		for _, path := range f.Dot {
			if a.core(path) {
				a.whole(path, p.ImportPath+" imports it with a dot")
			}
		}
		a.linked(p, f)
		for _, u := range f.Units {
			for _, x := range u.foreign {
				if a.core(x.path) {
					a.mark(x.path, x.name, false)
				}
			}
			for _, s := range u.selectors(nil) {
				if a.optional[s] {
					a.mention(s)
				}
			}
		}
		if f.methodReflection {
			a.allCore()
		}
	}
}

func (a *analysis) core(path string) bool { return a.shaken[path] != nil && a.shaken[path].Core }

// allCore keeps all of package pulumi.
func (a *analysis) allCore() {
	for _, n := range sortedKeys(a.optional) {
		a.mention(n)
	}
}

// Trimmed says that something of a core package is left out.
func (p *Package) Trimmed() bool {
	return slices.ContainsFunc(p.Files, func(f *File) bool { return f.Trimmed() })
}

// Trimmed says that something of the file is left out.
func (f *File) Trimmed() bool {
	return slices.ContainsFunc(f.Units, func(u *Unit) bool { return !u.Keep })
}

// coreFile says that the file is one of package pulumi or pulumix.
func (a *analysis) coreFile(path string) bool {
	for _, p := range []string{pulumiPath, pulumixPath} {
		if a.core(p) && a.shaken[p].Dir == filepath.Dir(path) {
			return true
		}
	}
	return false
}
