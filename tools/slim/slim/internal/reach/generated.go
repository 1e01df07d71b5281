package reach

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// load parses a shaken package.
func (a *analysis) load(path string) *Package {
	p := a.shaken[path]
	if p.Files != nil {
		return p
	}
	p.decls, p.methods, p.embeds = map[string][]*Unit{}, map[string][]*Unit{}, map[string]string{}
	p.regBy, p.outputs = map[string][]*Unit{}, map[string][]string{}
	p.fields, p.waiting = map[pick]bool{}, map[string][]*Unit{}
	p.Files = a.parseAll(p.Dir, p.GoFiles)
	for _, f := range p.Files {
		a.owner[f] = p
		for _, u := range f.Units {
			for _, n := range u.names {
				p.decls[n] = append(p.decls[n], u)
			}
			if u.method != "" {
				p.methods[u.recv] = append(p.methods[u.recv], u)
			}
			if u.register {
				p.regs = append(p.regs, u)
			}
		}
		for t, state := range f.states {
			p.embeds[t] = state
		}
		for _, x := range f.fields {
			p.fields[x] = true
		}
	}
	for _, u := range p.regs {
		u.refs = slices.DeleteFunc(u.refs, func(r string) bool { return p.decls[r] == nil })
		for _, r := range u.refs {
			p.regBy[r] = append(p.regBy[r], u)
		}
		if len(u.refs) == 1 { // RegisterOutputType(T{})
			for _, m := range p.methods[u.refs[0]] {
				if m.method == "ElementType" {
					for _, e := range m.refs {
						if e != u.refs[0] && p.decls[e] != nil {
							p.outputs[e] = append(p.outputs[e], u.refs[0])
						}
					}
				}
			}
		}
	}
	// A case of a module's Construct does not keep the type it builds, as long as a bare state can stand in for it.
	for _, f := range p.Files {
		for _, u := range f.Units {
			u.Arms = slices.DeleteFunc(u.Arms, func(arm Arm) bool { return p.embeds[arm.Type] == "" || f.Pulumi() == "" })
			dropped := map[string]bool{}
			for i := range u.Arms {
				u.Arms[i].Embeds = p.embeds[u.Arms[i].Type]
				dropped[u.Arms[i].Type] = true
			}
			u.refs = slices.DeleteFunc(u.refs, func(r string) bool { return dropped[r] })
		}
	}
	return p
}

// start makes a shaken package part of the build: what runs at start-up is kept.
func (a *analysis) start(path string) {
	p := a.load(path)
	if p.Live {
		return
	}
	p.Live, a.live[path] = true, true
	for _, f := range p.Files {
		for _, b := range f.Blank {
			a.reach(b)
		}
		for _, u := range f.Units {
			if u.always {
				a.push(u)
			}
		}
	}
	if p.Core {
		return
	}
	if why := opaque(p); why != "" {
		a.whole(path, why)
	}
	for _, f := range p.Files {
		if f.methodReflection {
			a.allMethods(fmt.Sprintf("%s calls methods by reflection (%s)", path, f.Name))
			a.whole(path, "it calls methods by reflection")
		}
	}
}

// opaque says why a generated package cannot be taken apart, "" when it can.
func opaque(p *Package) string {
	switch {
	case len(p.CgoFiles) > 0:
		return "it uses cgo"
	case len(p.EmbedFiles) > 0:
		return "it embeds files"
	case len(p.Other()) > 0:
		return "it has files that are not Go"
	case len(p.IgnoredGoFiles) > 0:
		return "build constraints choose among its files"
	}
	for _, f := range p.Files {
		if len(f.Dot) > 0 {
			return f.Name + " has a dot import"
		}
		if d := directive(f.Src); d != "" {
			return f.Name + " has a " + d + " directive"
		}
	}
	return ""
}

// whole keeps every declaration of a shaken package. It does nothing for other packages.
func (a *analysis) whole(path, why string) {
	if a.shaken[path] == nil {
		return
	}
	a.start(path)
	p := a.shaken[path]
	if slices.Contains(p.Whole, why) {
		return
	}
	p.Whole = append(p.Whole, why)
	if len(p.Whole) > 1 {
		return
	}
	for _, f := range p.Files {
		for _, i := range f.Imports {
			a.reach(i)
		}
		for _, i := range f.Dot {
			a.whole(i, path+" imports it with a dot")
			a.reach(i)
		}
		for _, u := range f.Units {
			a.push(u)
		}
	}
}

// directive returns the first compiler directive of a source file that a declaration's text alone would lose, "" when there
// is none.
func directive(src []byte) string {
	for {
		i := bytes.Index(src, []byte("\n//go:"))
		if i < 0 {
			return ""
		}
		src = src[i+1:]
		line, _, _ := bytes.Cut(src, []byte("\n"))
		word, _, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
		if word != "//go:build" && word != "//go:generate" {
			return strings.TrimPrefix(word, "//")
		}
	}
}
