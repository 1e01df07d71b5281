package reach

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
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

	embeds  map[string]string // struct type to the state type of package pulumi that it embeds
	decls   map[string][]*Unit
	methods map[string][]*Unit // by receiver type
	regs    []*Unit
	regBy   map[string][]*Unit  // registrations by each type they name
	outputs map[string][]string // registered output types by a type that their element type mentions
}

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

const core = "github.com/pulumi/pulumi/sdk/"

// Methods that the standard library and Pulumi's SDK find by name and type, not by a call that syntax shows.
var called = []string{"ElementType"}

type analysis struct {
	prog     *load.Program
	shaken   map[string]*Package // packages with the generators' header
	near     map[string]bool     // packages that import a shaken one, directly or not
	exposed  map[string]bool     // packages in a binary together with a shaken one
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
		prog: prog, shaken: map[string]*Package{}, near: map[string]bool{}, exposed: map[string]bool{},
		live: map[string]bool{}, mentions: map[string]bool{}, pending: map[string][]*Unit{},
		owner: map[*File]*Package{},
	}
	if err := a.find(); err != nil {
		return nil, err
	}
	if len(a.shaken) == 0 {
		return &Analysis{a}, nil
	}
	a.classify()
	for _, n := range called {
		a.mention(n)
	}
	a.interfaces()
	for _, path := range sortedKeys(prog.Packages) {
		if !prog.Packages[path].DepOnly {
			a.reach(path)
		}
	}
	a.drain()
	return &Analysis{a}, a.err
}

// Plant keeps what k names besides, with all that it needs, as if the program used it. Names that are gone are passed over.
func (a *Analysis) Plant(k Kept) error {
	for _, path := range sortedKeys(k) {
		a.plant(path, k[path])
	}
	a.drain()
	return a.err
}

// Weight is the size in bytes of the kept declarations.
func (a *Analysis) Weight() int64 {
	var n int64
	for _, p := range a.shaken {
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

// find tells the generated packages by the header of their files. Every package that the generators write imports Pulumi's
// SDK, so only those are opened. A package of the program's own modules is never one: its files are built where they are.
func (a *analysis) find() error {
	for path, p := range a.prog.Packages {
		if p.Standard || p.Module == nil || p.Module.Main || strings.HasPrefix(path, core) {
			continue
		}
		if !slices.ContainsFunc(p.Imports, func(i string) bool { return strings.HasPrefix(i, core) }) {
			continue
		}
		ok, err := hasGenerated(p)
		if err != nil {
			return err
		}
		if ok {
			a.shaken[path] = &Package{Package: p}
		}
	}
	return nil
}

func hasGenerated(p *load.Package) (bool, error) {
	buf := make([]byte, 2048)
	for _, name := range p.GoFiles {
		f, err := os.Open(filepath.Join(p.Dir, name))
		if err != nil {
			return false, err
		}
		n, err := io.ReadFull(f, buf)
		f.Close()
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
			return false, err
		}
		if generated(buf[:n]) {
			return true, nil
		}
	}
	return false, nil
}

// imports lists what a package imports; with its tests when the patterns named the package.
func imports(p *load.Package) []string {
	if p.DepOnly {
		return p.Imports
	}
	return slices.Concat(p.Imports, p.TestImports, p.XTestImports)
}

func (a *analysis) pkg(path string, from *load.Package) *load.Package {
	if to, ok := from.ImportMap[path]; ok {
		path = to
	}
	return a.prog.Packages[path]
}

func (a *analysis) classify() {
	state := map[string]int{} // 1 under way or done, 2 done and near
	var near func(p *load.Package) bool
	near = func(p *load.Package) bool {
		if a.shaken[p.ImportPath] != nil {
			return true
		}
		if p.Standard || state[p.ImportPath] != 0 {
			return state[p.ImportPath] == 2
		}
		state[p.ImportPath] = 1
		found := false
		for _, i := range imports(p) {
			if q := a.pkg(i, p); q != nil && q != p && near(q) {
				found = true // no break: the others are classified too
			}
		}
		if found {
			state[p.ImportPath] = 2
			a.near[p.ImportPath] = true
		}
		return found
	}
	for _, path := range sortedKeys(a.prog.Packages) {
		near(a.prog.Packages[path])
	}
	// An import cycle through tests can hide nearness from one pass: repeat until nothing changes.
	for changed := true; changed; {
		changed = false
		for path, p := range a.prog.Packages {
			if a.near[path] || p.Standard || a.shaken[path] != nil {
				continue
			}
			for _, i := range imports(p) {
				if q := a.pkg(i, p); q != nil && (a.near[q.ImportPath] || a.shaken[q.ImportPath] != nil) {
					a.near[path], changed = true, true
					break
				}
			}
		}
	}
	for path, p := range a.prog.Packages {
		if !p.DepOnly && a.near[path] {
			a.expose(p)
		}
	}
}

func own(p *load.Package) bool { return p.Module != nil && p.Module.Main }

func (a *analysis) expose(p *load.Package) {
	todo := []*load.Package{p}
	seen := map[string]bool{p.ImportPath: true}
	for len(todo) > 0 {
		q := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		a.exposed[q.ImportPath] = true
		list := q.Imports
		if q == p {
			list = imports(q)
		}
		for _, i := range list {
			if r := a.pkg(i, q); r != nil && !r.Standard && !seen[r.ImportPath] {
				seen[r.ImportPath] = true
				todo = append(todo, r)
			}
		}
	}
}

// interfaces counts every interface method of the packages that are not shaken as called: a value of an SDK type may be in
// such an interface, and then syntax does not show the call.
func (a *analysis) interfaces() {
	var files []string
	for path, p := range a.prog.Packages {
		if a.shaken[path] != nil || a.near[path] { // read in full when reached
			continue
		}
		for _, f := range slices.Concat(p.GoFiles, p.CgoFiles) {
			files = append(files, filepath.Join(p.Dir, f))
		}
	}
	found := make([][]string, len(files))
	parallel(len(files), func(i int) { found[i] = interfaceMethods(files[i]) })
	for _, names := range found {
		for _, n := range names {
			a.mention(n)
		}
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
	switch {
	case a.near[path]:
		a.root(p)
	case a.exposed[path] && own(p):
		for _, f := range a.parseAll(p.Dir, p.GoFiles) {
			a.reflection(p, f)
		}
	}
}

// root marks all that a package outside the SDKs mentions. Files that today's build constraints leave out count too, so that
// another GOOS or tag in the command finds what it needs.
func (a *analysis) root(p *load.Package) {
	names := slices.Concat(p.GoFiles, p.CgoFiles)
	if own(p) {
		names = append(names, p.IgnoredGoFiles...)
	}
	if !p.DepOnly {
		names = slices.Concat(names, p.TestGoFiles, p.XTestGoFiles)
	}
	for _, f := range a.parseAll(p.Dir, names) {
		for _, path := range f.Blank {
			a.reach(path)
		}
		for _, path := range f.Dot {
			a.whole(path, fmt.Sprintf("%s imports it with a dot", p.ImportPath))
		}
		for _, path := range f.linknames {
			a.whole(path, fmt.Sprintf("%s has a go:linkname to it", p.ImportPath))
		}
		for _, path := range f.embedded {
			a.whole(path, fmt.Sprintf("%s embeds a type of it", p.ImportPath))
		}
		a.reflection(p, f)
		for _, u := range f.Units {
			for _, x := range u.foreign {
				a.mention(x.name) // the import's name may be hidden here
				if a.shaken[x.path] != nil {
					a.mark(x.path, x.name, true)
				}
			}
			for _, s := range u.sels {
				a.mention(s)
			}
		}
	}
}

// reflection handles a file that may call methods which no syntax names. It is asked of the program's own packages and of
// those that import an SDK; a library that knows no SDK type and lists the methods of what it is given is not looked into.
func (a *analysis) reflection(p *load.Package, f *File) {
	for _, n := range f.byName {
		a.mention(n)
	}
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

// load parses a shaken package.
func (a *analysis) load(path string) *Package {
	p := a.shaken[path]
	if p.Files != nil {
		return p
	}
	p.decls, p.methods, p.embeds = map[string][]*Unit{}, map[string][]*Unit{}, map[string]string{}
	p.regBy, p.outputs = map[string][]*Unit{}, map[string][]string{}
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
		for _, n := range f.byName {
			a.mention(n)
		}
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
	for _, r := range p.regBy[n] {
		if len(r.refs) > 0 && r.refs[0] == n { // RegisterInputType(n, concrete)
			for _, other := range r.refs[1:] {
				a.mark(p.ImportPath, other, false)
			}
		}
	}
	for _, out := range p.outputs[n] {
		a.mark(p.ImportPath, out, false)
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

// needed says that a method of a kept type is kept. Pulumi's SDK finds To…Output methods by a name it makes up at run time.
func (a *analysis) needed(method string) bool {
	return a.all || a.mentions[method] || strings.HasPrefix(method, "To")
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
		for _, s := range u.sels {
			a.mention(s)
		}
		for _, n := range u.names {
			for _, m := range p.methods[n] {
				if a.needed(m.method) {
					a.push(m)
				} else {
					a.pending[m.method] = append(a.pending[m.method], m)
				}
			}
		}
	}
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
		if p.Live {
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
		case p.Module == nil || !modules[p.Module.Path]:
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
				if id := u.id(); u.Keep && id != "" {
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
