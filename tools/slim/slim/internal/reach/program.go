package reach

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/tools/slim/slim/internal/load"
)

// sources lists the files of a package outside the SDKs, with its tests when the patterns named it. Files that today's build
// constraints leave out count too, so that another GOOS or tag in the command finds what it needs.
func sources(p *load.Package) []string {
	names := slices.Concat(p.GoFiles, p.CgoFiles)
	if own(p) {
		names = append(names, p.IgnoredGoFiles...)
	}
	if !p.DepOnly {
		names = slices.Concat(names, p.TestGoFiles, p.XTestGoFiles)
	}
	return names
}

// root marks all that a package outside the SDKs mentions.
func (a *analysis) root(p *load.Package) {
	files := a.parseAll(p.Dir, sources(p))
	fields := map[string]map[pick]bool{} // by the name of the package, which is another one in external tests
	for _, f := range files {
		if fields[f.pkg] == nil {
			fields[f.pkg] = map[pick]bool{}
		}
		for _, x := range f.fields {
			fields[f.pkg][x] = true
		}
	}
	for _, f := range files {
		for _, path := range f.Blank {
			a.reach(path)
		}
		for _, path := range f.Dot {
			a.whole(path, fmt.Sprintf("%s imports it with a dot", p.ImportPath))
		}
		a.linked(p, f)
		for _, path := range f.embedded {
			if !a.core(path) { // what is left out there goes by its name alone
				a.whole(path, fmt.Sprintf("%s embeds a type of it", p.ImportPath))
			}
		}
		a.reflection(p, f)
		for _, u := range f.Units {
			for _, x := range u.foreign {
				if a.shaken[x.path] != nil {
					a.mark(x.path, x.name, true)
				} else {
					a.mention(x.name) // the import's name may be hidden here
				}
			}
			for _, s := range u.selectors(fields[f.pkg]) {
				a.mention(s)
			}
		}
	}
}

// linked keeps what the go:linkname directives of a file name.
func (a *analysis) linked(p *load.Package, f *File) {
	for _, l := range f.linknames {
		if a.core(l.path) && !strings.Contains(l.name, ".") {
			a.mark(l.path, l.name, false)
		} else {
			a.whole(l.path, fmt.Sprintf("%s has a go:linkname to it", p.ImportPath))
		}
	}
}

// reflection handles a file that may call methods which no syntax names. It is asked of the program's own packages and of
// those that import an SDK; for other libraries see libraries.
func (a *analysis) reflection(p *load.Package, f *File) {
	if !f.methodReflection || !a.exposed[p.ImportPath] {
		return
	}
	a.allMethods(fmt.Sprintf("%s calls methods by reflection (%s)", p.ImportPath, f.Name))
	for _, path := range f.Imports {
		a.whole(path, fmt.Sprintf("%s calls methods by reflection", p.ImportPath))
	}
}

func (a *analysis) allMethods(why string) {
	note := why + ": every exported method of each kept type is kept"
	if !slices.Contains(a.notes, note) {
		a.notes = append(a.notes, note)
	}
	a.all = true
	for n, units := range a.pending {
		for _, u := range units {
			a.push(u)
		}
		delete(a.pending, n)
	}
}
