package reach

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/tools/slim/slim/internal/load"
)

// libraries looks for libraries that know no SDK type and list or call the methods of whatever they are given. SDK values can
// come to one that a package with SDK values imports, directly or through other libraries. Pulumi's own module is no such way: it
// hands values on to nothing but its own marshaller.
//
// A library counts when the program reaches a function of it that does so, and the function has a parameter, or uses a variable,
// that may hold a value of a type unknown to the library.
func (a *analysis) libraries(reflecting map[string]bool) {
	if len(reflecting) == 0 {
		return
	}
	given := map[string]bool{}
	var todo []string
	give := func(p *load.Package) {
		for _, i := range imports(p) {
			q := a.pkg(i, p)
			if q != nil && !q.Standard && !given[q.ImportPath] && !a.near[q.ImportPath] && a.shaken[q.ImportPath] == nil && !strings.HasPrefix(q.ImportPath, core) {
				given[q.ImportPath] = true
				todo = append(todo, q.ImportPath)
			}
		}
	}
	for path, p := range a.prog.Packages {
		if a.live[path] && (a.near[path] || a.shaken[path] != nil) && !strings.HasPrefix(path, core) {
			give(p)
		}
	}
	for len(todo) > 0 {
		path := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		give(a.prog.Packages[path])
	}
	for _, path := range sortedKeys(reflecting) {
		if given[path] && !own(a.prog.Packages[path]) { // the program's own are looked into anyway
			a.library(a.prog.Packages[path], given)
		}
	}
}

func (a *analysis) library(p *load.Package, given map[string]bool) {
	l := readLibrary(p)
	for path, q := range a.prog.Packages {
		if (given[path] || a.near[path] || a.shaken[path] != nil) && slices.ContainsFunc(imports(q), func(i string) bool { return a.pkg(i, q) == p }) {
			for _, f := range a.parseAll(q.Dir, sources(q)) {
				if slices.ContainsFunc(f.Dot, func(i string) bool { return a.pkg(i, q) == p }) {
					l.use(sortedKeys(l.decls)...)
				}
				for _, u := range f.Units {
					for _, x := range u.foreign {
						if a.pkg(x.path, q) == p {
							l.use(x.name)
						}
					}
				}
			}
		}
	}
	if file := l.reflects(); file != "" {
		a.allMethods(fmt.Sprintf("%s, to which values of the SDKs may come, calls methods by reflection (%s)", p.ImportPath, file))
	}
}

// library is a package as far as it takes to tell what of it is used. An identifier or a selector counts as a use of every
// declaration of that name.
type library struct {
	decls map[string][]ast.Node // by name; methods by their own and by their receiver's
	types map[string]ast.Expr
	files map[ast.Node]*libraryFile
	used  map[ast.Node]bool
	work  []ast.Node
}

type libraryFile struct {
	name     string
	imports  map[string]string
	reflects bool // imports reflect
	template bool // imports text/template or html/template
	rpc      bool // imports net/rpc
}

func readLibrary(p *load.Package) *library {
	l := &library{decls: map[string][]ast.Node{}, types: map[string]ast.Expr{}, files: map[ast.Node]*libraryFile{}, used: map[ast.Node]bool{}}
	for _, name := range slices.Concat(p.GoFiles, p.CgoFiles) {
		af, _ := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if af == nil {
			continue
		}
		f := newLibraryFile(name, af)
		add := func(n ast.Node, names ...string) {
			l.files[n] = f
			for _, s := range names {
				l.decls[s] = append(l.decls[s], n)
			}
		}
		for _, d := range af.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				add(d, d.Name.Name)
				if d.Recv != nil {
					add(d, receiver(d.Recv))
				} else if d.Name.Name == "init" {
					l.push(d)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						l.types[s.Name.Name] = s.Type
						add(s, s.Name.Name)
					case *ast.ValueSpec:
						for _, id := range s.Names {
							add(s, id.Name)
						}
						if hasEffects(s) {
							l.push(s)
						}
					}
				}
			}
		}
	}
	return l
}

func newLibraryFile(name string, af *ast.File) *libraryFile {
	f := &libraryFile{name: name, imports: map[string]string{}}
	for _, s := range af.Imports {
		path := strings.Trim(s.Path.Value, "\"`")
		n := path[strings.LastIndexByte(path, '/')+1:]
		if s.Name != nil {
			n = s.Name.Name
		}
		f.imports[n] = path
		f.reflects = f.reflects || path == "reflect"
		f.rpc = f.rpc || path == "net/rpc"
		f.template = f.template || path == "text/template" || path == "html/template"
	}
	return f
}

func (l *library) push(n ast.Node) {
	if !l.used[n] {
		l.used[n] = true
		l.work = append(l.work, n)
	}
}

func (l *library) use(names ...string) {
	for _, s := range names {
		for _, n := range l.decls[s] {
			l.push(n)
		}
	}
}

// reflects names the file of a used function that calls methods by reflection on what it does not know; "" when there is none.
func (l *library) reflects() string {
	for len(l.work) > 0 {
		n := l.work[len(l.work)-1]
		l.work = l.work[:len(l.work)-1]
		if fn, ok := n.(*ast.FuncDecl); ok && l.files[n].enumerates(fn) && l.open(fn) {
			return l.files[n].name
		}
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				l.use(id.Name)
			}
			return true
		})
	}
	return ""
}

// enumerates says that the node holds a call that lists or calls methods which no syntax names.
func (f *libraryFile) enumerates(n ast.Node) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if b, ok := n.(*ast.BinaryExpr); ok && comparesWithZero(b) {
			return false
		}
		if call, ok := n.(*ast.CallExpr); ok {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
				if id, ok := sel.X.(*ast.Ident); !ok || f.imports[id.Name] == "" {
					found = found || f.reflects && listsMethods(call, sel) || f.template && strings.HasPrefix(sel.Sel.Name, "Execute")
				}
				found = found || f.rpc && strings.HasPrefix(sel.Sel.Name, "Register")
			}
		}
		return !found
	})
	return found
}

// listsMethods says that a call in a file with package reflect is one of its functions that find methods, unless the method's
// name is in the call.
func listsMethods(call *ast.CallExpr, sel *ast.SelectorExpr) bool {
	switch sel.Sel.Name {
	case "NumMethod", "Methods":
		return len(call.Args) == 0
	case "Method":
		return len(call.Args) == 1
	case "MethodByName":
		_, known := lookup(call)
		return len(call.Args) == 1 && !known
	}
	return false
}

// comparesWithZero says that an expression asks no more than whether a type has methods at all. It has the same answer for a
// shaken type; see analysis.methodful.
func comparesWithZero(b *ast.BinaryExpr) bool {
	call, ok := b.X.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	lit, isLit := b.Y.(*ast.BasicLit)
	if !ok || !isLit || sel.Sel.Name != "NumMethod" || lit.Value != "0" {
		return false
	}
	return b.Op == token.EQL || b.Op == token.NEQ || b.Op == token.GTR || b.Op == token.LEQ
}

// open says that a value of a type unknown to the library may come to the function, by a parameter or by a variable.
func (l *library) open(fn *ast.FuncDecl) (open bool) {
	seen := map[string]bool{}
	f := l.files[fn]
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncType: // of function literals too
			open = open || n.TypeParams != nil
			if n.Params != nil {
				for _, p := range n.Params.List {
					open = open || l.unknown(p.Type, f, seen)
				}
			}
		case *ast.Ident:
			for _, d := range l.decls[n.Name] {
				if v, ok := d.(*ast.ValueSpec); ok {
					open = open || l.unknown(v, l.files[v], seen)
				}
			}
		}
		return !open
	})
	if fn.Recv != nil {
		for _, r := range fn.Recv.List {
			open = open || l.unknown(r.Type, f, seen)
		}
	}
	return open
}

// unknown says that a type, or one that it is made of, may be any type, or that a variable's initial value is of such a type.
// Those of the standard library are known, but for those of package reflect.
func (l *library) unknown(t ast.Node, f *libraryFile, seen map[string]bool) (unknown bool) {
	ast.Inspect(t, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.InterfaceType, *ast.FuncType, *ast.IndexExpr, *ast.IndexListExpr:
			unknown = true
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok {
				path := f.imports[id.Name]
				first, _, _ := strings.Cut(path, "/")
				unknown = unknown || path == "" || path == "reflect" || strings.Contains(first, ".")
				return false
			}
		case *ast.Ident:
			if n.Name == "any" {
				unknown = true
			} else if d := l.types[n.Name]; d != nil && !seen[n.Name] {
				seen[n.Name] = true
				unknown = unknown || l.unknown(d, l.files[l.decls[n.Name][0]], seen)
			}
		}
		return !unknown
	})
	return unknown
}

// reflective says that a file of a library may call methods by reflection.
func reflective(path string) bool {
	src, err := os.ReadFile(path)
	has := func(s string) bool { return bytes.Contains(src, []byte(s)) }
	if err != nil || !has(`"reflect"`) && !has(`/template"`) && !has(`"net/rpc"`) {
		return false
	}
	af, _ := parser.ParseFile(token.NewFileSet(), path, src, parser.SkipObjectResolution)
	return af != nil && newLibraryFile(path, af).enumerates(af)
}
