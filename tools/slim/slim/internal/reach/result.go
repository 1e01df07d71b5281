package reach

import (
	"slices"
	"sort"
	"strings"
)

// Kept names the declarations kept of each package, by import path: "Name", "Type.Method", or "*" for all.
type Kept map[string][]string

// Has says that k has all that need has.
func (k Kept) Has(need Kept) bool {
	for path, names := range need {
		have, ok := k[path]
		if !ok {
			return false
		}
		if len(have) > 0 && have[0] == "*" {
			continue
		}
		set := make(map[string]bool, len(have))
		for _, n := range have {
			set[n] = true
		}
		for _, n := range names {
			if !set[n] {
				return false
			}
		}
	}
	return true
}

// Result is what a program needs of the modules that hold generated packages.
type Result struct {
	// Packages are the packages of those modules that the plain build would compile, sorted by import path.
	Packages []*Package
	// Notes say what made the analysis keep more than usual in every package.
	Notes []string
}

// Plant keeps what k names besides, with all that it needs, as if the program used it. Names that are gone are passed over.
func (a *Analysis) Plant(k Kept) error {
	for _, path := range sortedKeys(k) {
		a.plant(path, k[path])
	}
	a.drain()
	a.methodful()
	return a.err
}

// Weight is the size in bytes of the kept declarations.
func (a *Analysis) Weight() int64 {
	var n int64
	for _, p := range a.shaken {
		if p.Core {
			continue
		}
		for _, f := range p.Files {
			for _, u := range f.Units {
				if u.Keep {
					n += int64(u.End - u.Start)
				}
			}
		}
	}
	return n
}

func (a *analysis) plant(path string, names []string) {
	if a.shaken[path] == nil {
		return
	}
	a.reach(path)
	p := a.load(path)
	if len(names) == 1 && names[0] == "*" {
		a.whole(path, "an earlier run needed all of it")
		return
	}
	set := make(map[string]bool, len(names))
	for _, n := range names {
		set[n] = true
	}
	for _, f := range p.Files {
		for _, u := range f.Units {
			if id := u.id(); id != "" && set[id] {
				a.push(u)
			}
		}
	}
}

// id names a declaration within its package; "" for what is kept with the package or with others.
func (u *Unit) id() string {
	switch {
	case u.method != "":
		return u.recv + "." + u.method
	case len(u.names) > 0:
		return u.names[0]
	}
	return ""
}

// Result says what was found.
func (a *Analysis) Result() *Result {
	modules := map[string]bool{}
	for _, p := range a.shaken {
		if p.Core {
			modules[p.Module.Path] = modules[p.Module.Path] || p.Live && p.ImportPath == pulumiPath && p.Trimmed()
		} else if p.Live {
			modules[p.Module.Path] = true
			// A registration stays when every type that it names does.
			for _, u := range p.regs {
				if len(p.Whole) == 0 {
					u.Keep = !slices.ContainsFunc(u.refs, func(r string) bool {
						return !slices.ContainsFunc(p.decls[r], func(d *Unit) bool { return d.Keep })
					})
				}
			}
		}
	}
	r := &Result{Notes: a.notes}
	sort.Strings(r.Notes)
	for _, path := range sortedKeys(a.prog.Packages) {
		p := a.prog.Packages[path]
		switch {
		case p.Module == nil || !modules[p.Module.Path] || strings.HasPrefix(path, core) && path != pulumiPath:
		case a.shaken[path] != nil:
			sort.Strings(a.shaken[path].Whole)
			r.Packages = append(r.Packages, a.shaken[path])
		default:
			r.Packages = append(r.Packages, &Package{Package: p, Live: a.live[path], Whole: []string{"no SDK generator wrote it"}})
		}
	}
	return r
}

// Kept names the declarations that are kept so far.
func (a *Analysis) Kept() Kept {
	k := Kept{}
	for _, p := range a.shaken {
		if !p.Live {
			continue
		}
		if len(p.Whole) > 0 {
			k[p.ImportPath] = []string{"*"}
			continue
		}
		names := []string{}
		for _, f := range p.Files {
			for _, u := range f.Units {
				if id := u.id(); u.Keep && id != "" && !(p.Core && u.always) {
					names = append(names, id)
				}
			}
		}
		sort.Strings(names)
		k[p.ImportPath] = slices.Compact(names)
	}
	return k
}

// Alive says that a declaration of that name is kept.
func (p *Package) Alive(n string) bool {
	return slices.ContainsFunc(p.decls[n], func(u *Unit) bool { return u.Keep })
}

// Declares says that the unit declares something with a name, as opposed to a statement of an init function.
func (u *Unit) Declares() bool { return u.id() != "" }
