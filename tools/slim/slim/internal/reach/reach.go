// Package reach finds which declarations of the generated SDK packages a program can reach.
//
// It works on syntax alone, because type-checking the SDKs costs what the tool is there to save. Where syntax leaves a choice
// it takes the larger set: a selector's name stands for every method of that name, and an interface method of any package in
// the build counts as called.
package reach

import (
	"go/ast"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/tandem-platform/tandem/tools/slim/slim/internal/load"
)

// Package is a package of a module that is copied.
type Package struct {
	*load.Package
	// Files are the parsed Go files. They are nil for a package that no SDK generator wrote; it is copied as it is.
	Files []*File
	// Whole says why every declaration is kept; empty when the package is shaken.
	Whole []string
	// Live says that the program reaches the package.
	Live bool
	// Core says that it is a package of Pulumi's own SDK; see core.go.
	Core bool

	fields  map[pick]bool
	waiting map[string][]*Unit // To…WithContext methods that are kept when the type they return is
	embeds  map[string]string  // struct type to the state type of package pulumi that it embeds
	decls   map[string][]*Unit
	methods map[string][]*Unit // by receiver type
	regs    []*Unit
	regBy   map[string][]*Unit  // registrations by each type they name
	outputs map[string][]string // registered output types by a type that their element type mentions
}

const core = "github.com/pulumi/pulumi/sdk/"

// Methods that the standard library and Pulumi's SDK find by name and type, not by a call that syntax shows.
var called = []string{"ElementType"}

type analysis struct {
	prog     *load.Program
	shaken   map[string]*Package // packages with the generators' header, and Pulumi's own two
	near     map[string]bool     // packages that import a generated one, directly or not
	nearCore map[string]bool     // packages that import Pulumi's own, directly or not
	exposed  map[string]bool     // packages in a binary together with a generated one
	optional map[string]bool     // methods of package pulumi that it may do without
	live     map[string]bool
	mentions map[string]bool
	pending  map[string][]*Unit // methods of kept types that wait for a mention
	all      bool               // every exported method of a kept type is kept
	work     []*Unit
	owner    map[*File]*Package
	notes    []string
	err      error // the first failure to read a file
}

// Analysis is the state of finding what a program reaches.
type Analysis struct{ *analysis }

// Analyse finds what the program reaches.
func Analyse(prog *load.Program) (*Analysis, error) {
	a := &analysis{
		prog: prog, shaken: map[string]*Package{}, near: map[string]bool{}, nearCore: map[string]bool{},
		exposed: map[string]bool{}, optional: map[string]bool{}, live: map[string]bool{}, mentions: map[string]bool{}, pending: map[string][]*Unit{},
		owner: map[*File]*Package{},
	}
	if err := a.find(); err != nil {
		return nil, err
	}
	if len(a.shaken) == 0 {
		return &Analysis{a}, nil
	}
	a.findCore()
	a.classify()
	for _, n := range called {
		a.mention(n)
	}
	reflecting := a.interfaces()
	for _, path := range sortedKeys(prog.Packages) {
		if !prog.Packages[path].DepOnly {
			a.reach(path)
		}
	}
	a.drain()
	a.libraries(reflecting)
	a.drain()
	a.methodful()
	return &Analysis{a}, a.err
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func (a *analysis) fail(err error) {
	if err != nil && a.err == nil {
		a.err = err
	}
}

func (a *analysis) pkg(path string, from *load.Package) *load.Package {
	if to, ok := from.ImportMap[path]; ok {
		path = to
	}
	return a.prog.Packages[path]
}

// methodful sees to it that a kept type which has exported methods keeps one, so that it has methods for those who only ask that.
func (a *analysis) methodful() {
	for _, path := range sortedKeys(a.shaken) {
		p := a.shaken[path]
		for _, recv := range sortedKeys(p.methods) {
			if !p.Live || p.Core || !p.Alive(recv) {
				continue
			}
			var candidate *Unit // one of the type itself rather than of the pointer to it
			done := false
			for _, m := range p.methods[recv] {
				if !ast.IsExported(m.method) {
					continue
				}
				if candidate == nil || candidate.pointer && !m.pointer {
					candidate, done = m, false
				}
				done = done || m.Keep && m.pointer == candidate.pointer
			}
			if candidate != nil && !done {
				a.push(candidate)
			}
		}
	}
	if len(a.work) > 0 {
		a.drain()
		a.methodful()
	}
}

// parallel calls f for 0 … n-1 on all processors and returns when all calls have.
func parallel(n int, f func(int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// nameOf is the name that an import without one of its own gets.
func (a *analysis) nameOf(path string) string {
	if p := a.prog.Packages[path]; p != nil && p.Name != "" {
		return p.Name
	}
	return path[strings.LastIndexByte(path, '/')+1:]
}

func (a *analysis) parseAll(dir string, names []string) []*File {
	files := make([]*File, len(names))
	errs := make([]error, len(names))
	parallel(len(names), func(i int) { files[i], errs[i] = parse(dir, names[i], a.nameOf) })
	for _, err := range errs {
		a.fail(err)
	}
	return slices.DeleteFunc(files, func(f *File) bool { return f == nil })
}

// reach makes a package part of the build.
func (a *analysis) reach(path string) {
	if a.live[path] {
		return
	}
	a.live[path] = true
	p := a.prog.Packages[path]
	if p == nil || p.Standard {
		return // an import that does not resolve is the compiler's to report
	}
	if a.shaken[path] != nil {
		a.start(path)
		return
	}
	for _, i := range imports(p) {
		if q := a.pkg(i, p); q != nil {
			a.reach(q.ImportPath)
		}
	}
	if a.nearCore[path] && !a.near[path] {
		a.coreRoot(p)
	}
	switch {
	case a.near[path]:
		a.root(p)
	case a.exposed[path] && own(p):
		for _, f := range a.parseAll(p.Dir, p.GoFiles) {
			a.reflection(p, f)
		}
	}
}

// mark keeps a declaration of a shaken package. When the program itself names it, then what is registered for it stays too:
// code of the program may look at values whose type it never wrote down.
func (a *analysis) mark(path, n string, direct bool) {
	a.reach(path)
	p := a.load(path)
	for _, u := range p.decls[n] {
		a.push(u)
		if direct {
			for _, r := range u.sig {
				if p.decls[r] != nil {
					a.companions(p, r)
				}
			}
		}
	}
	if direct {
		a.companions(p, n)
	}
}

func (a *analysis) companions(p *Package, n string) {
	a.concrete(p, n)
	for _, out := range p.outputs[n] {
		a.mark(p.ImportPath, out, false)
	}
}

// concrete keeps the types that are registered for an input interface. The SDK makes values of them for the arguments of a
// component that a program in another language asks for, with all that is nested in them.
func (a *analysis) concrete(p *Package, n string) {
	for _, r := range p.regBy[n] {
		if len(r.refs) > 0 && r.refs[0] == n { // RegisterInputType(n, concrete)
			for _, other := range r.refs[1:] {
				a.mark(p.ImportPath, other, false)
			}
		}
	}
}

func (a *analysis) push(u *Unit) {
	if !u.Keep {
		u.Keep = true
		a.work = append(a.work, u)
	}
}

func (a *analysis) mention(n string) {
	if a.mentions[n] {
		return
	}
	a.mentions[n] = true
	for _, u := range a.pending[n] {
		a.push(u)
	}
	delete(a.pending, n)
}

// method keeps a method of a kept type, now or when something asks for it. Pulumi's SDK turns an input into the output type R that
// is registered for what it needs by the method To<R>WithContext, whose name it makes up at run time.
func (a *analysis) method(p *Package, m *Unit) {
	if a.all || a.mentions[m.method] {
		a.push(m)
		return
	}
	if strings.HasPrefix(m.method, "To") && strings.HasSuffix(m.method, "WithContext") {
		if p.decls[m.result] == nil || m.method != "To"+m.result+"WithContext" || p.Alive(m.result) {
			a.push(m)
			return
		}
		p.waiting[m.result] = append(p.waiting[m.result], m)
	}
	a.pending[m.method] = append(a.pending[m.method], m)
}

func (a *analysis) drain() {
	for len(a.work) > 0 {
		u := a.work[len(a.work)-1]
		a.work = a.work[:len(a.work)-1]
		p := a.owner[u.File]
		for _, r := range u.refs {
			for _, d := range p.decls[r] {
				a.push(d)
			}
		}
		for _, x := range u.foreign {
			if a.shaken[x.path] != nil {
				a.mark(x.path, x.name, false)
			} else {
				a.reach(x.path)
			}
		}
		for _, s := range u.selectors(p.fields) {
			// Of SDK types Pulumi's own packages know no more than the interfaces.
			if !p.Core || a.optional[s] {
				a.mention(s)
			}
		}
		for _, n := range u.names {
			for _, m := range p.methods[n] {
				a.method(p, m)
			}
			for _, m := range p.waiting[n] {
				a.push(m)
			}
			if a.prog.Packages[pulumiPath+"/provider"] != nil {
				a.concrete(p, n)
			}
		}
	}
}
