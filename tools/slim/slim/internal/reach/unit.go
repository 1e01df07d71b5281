package reach

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Unit is the smallest piece of a file that is kept or dropped: a function, a method, one specification of a declaration
// group (or the whole group where its parts depend on each other), or one statement of an init function.
type Unit struct {
	File       *File
	Keyword    string // "type", "const" or "var" to write before the text when it was one of a group
	Start, End int    // byte offsets in the file
	Line       int
	Init       int   // 1 + index of the init function in the file that the statement belongs to; 0 for declarations
	Arms       []Arm // of a resource module's Construct method
	Imports    []string
	Keep       bool

	names    []string // what it declares; methods have none
	recv     string   // receiver type of a method
	method   string
	pointer  bool     // of a method: the receiver is a pointer
	always   bool     // has effects at start-up: kept with the package
	register bool     // RegisterInputType or RegisterOutputType statement
	refs     []string // package-level names of the same package
	foreign  []name   // names of other packages
	sels     []string // selector and interface method names
	picks    []pick   // selectors on a variable whose type is written down
	sig      []string // of a function: package-level names in its signature
	function bool     // a function, not a method
	result   string   // of a method: the one package-level type that it returns
}

// pick is a selector on a variable of a named type, or of a pointer to it.
type pick struct{ typ, sel string }

// selectors lists the names that may be methods: not those which are fields of the struct type that they are selected from.
func (u *Unit) selectors(fields map[pick]bool) []string {
	sels := u.sels
	for _, p := range u.picks {
		if !fields[p] {
			sels = append(sels[:len(sels):len(sels)], p.sel)
		}
	}
	return sels
}

// Arm is one case of a resource module's Construct method: a type token and the resource type built for it.
type Arm struct {
	Token      string // quoted, as in the source
	Type       string
	Start, End int
	Embeds     string // the state type of package pulumi that Type embeds, "" when it could not be told
}

type name struct{ path, name string }

// File is one parsed Go file.
type File struct {
	Name    string // base name
	Path    string
	Src     []byte
	Units   []*Unit
	Imports map[string]string // local name to import path
	Text    map[string]string // local name to the text of the import specification
	Blank   []string
	Dot     []string

	methodReflection bool
	states           map[string]string // struct type to the state type of package pulumi that it embeds
	embedded         []string          // import paths whose types are embedded in structs or interfaces declared here
	linknames        []name            // of other packages, in go:linkname directives
	pkg              string            // name in the package clause
	fields           []pick            // of the struct types declared here
}

// parse reads one file. A file that does not parse is used as far as it goes: the compiler will report it.
func parse(dir, base string, nameOf func(string) string) (*File, error) {
	f := &File{Name: base, Path: filepath.Join(dir, base), Imports: map[string]string{}, Text: map[string]string{}, states: map[string]string{}}
	var err error
	if f.Src, err = os.ReadFile(f.Path); err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	mode := parser.Mode(0)
	if bytes.Contains(f.Src, []byte("//go:linkname")) {
		mode = parser.ParseComments
	}
	af, _ := parser.ParseFile(fset, f.Path, f.Src, mode)
	if af == nil || af.Name == nil {
		return f, nil
	}
	f.pkg = af.Name.Name
	b := &builder{f: f, tf: fset.File(af.FileStart), top: af.Scope}
	for _, spec := range af.Imports {
		b.importSpec(spec, nameOf)
	}
	for _, group := range af.Comments {
		for _, c := range group.List {
			if rest, ok := strings.CutPrefix(c.Text, "//go:linkname "); ok {
				if w := strings.Fields(rest); len(w) == 2 {
					if i := strings.LastIndexByte(w[1], '/'); i >= 0 {
						pkg, symbol, _ := strings.Cut(w[1][i:], ".")
						f.linknames = append(f.linknames, name{w[1][:i] + pkg, symbol})
					}
				}
			}
		}
	}
	for _, d := range af.Decls {
		b.decl(d)
	}
	b.traits(af)
	return f, nil
}

type builder struct {
	f     *File
	tf    *token.File
	top   *ast.Scope //nolint:staticcheck // identifiers of one file need no types, whose checking is most of the cost that is saved
	inits int
}

func (b *builder) importSpec(spec *ast.ImportSpec, nameOf func(string) string) {
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return
	}
	n, text := nameOf(path), spec.Path.Value
	if spec.Name != nil {
		n = spec.Name.Name
		text = n + " " + text
	}
	switch n {
	case "_":
		b.f.Blank = append(b.f.Blank, path)
	case ".":
		b.f.Dot = append(b.f.Dot, path)
	default:
		b.f.Imports[n], b.f.Text[n] = path, text
	}
}

func (b *builder) add(u *Unit, from, to token.Pos, nodes ...ast.Node) *Unit {
	u.File, u.Start, u.End = b.f, b.tf.Offset(from), b.tf.Offset(to)
	u.Line = b.tf.Line(from)
	c := collector{b: b, u: u, seen: map[string]bool{}}
	for _, n := range nodes {
		ast.Inspect(n, c.visit)
	}
	b.f.Units = append(b.f.Units, u)
	return u
}

func (b *builder) decl(d ast.Decl) {
	switch d := d.(type) {
	case *ast.GenDecl:
		if d.Tok != token.IMPORT {
			b.genDecl(d)
		}
	case *ast.FuncDecl:
		b.funcDecl(d)
	}
}

func (b *builder) genDecl(d *ast.GenDecl) {
	if !separable(d) {
		u := &Unit{}
		for _, s := range d.Specs {
			vs, ok := s.(*ast.ValueSpec)
			if !ok {
				continue
			}
			for _, id := range vs.Names {
				u.names = append(u.names, id.Name)
			}
			u.always = u.always || d.Tok == token.VAR && hasEffects(vs)
		}
		b.add(u, d.Pos(), d.End(), d)
		return
	}
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			b.structType(s)
			b.add(&Unit{Keyword: "type", names: []string{s.Name.Name}}, s.Pos(), s.End(), s)
		case *ast.ValueSpec:
			u := &Unit{Keyword: d.Tok.String()}
			u.always = d.Tok == token.VAR && hasEffects(s)
			// var _ I = T{} declares nothing: a check for the compiler, already made in the original.
			if s.Names[0].Name != "_" {
				u.names = []string{s.Names[0].Name}
			}
			b.add(u, s.Pos(), s.End(), s)
		}
	}
}

// Pulumi is the name by which the file imports Pulumi's SDK, "" when it does not.
func (f *File) Pulumi() string {
	for n, path := range f.Imports {
		if path == pulumiPath {
			return n
		}
	}
	return ""
}

// structType notes the fields of a struct type, and the state type of package pulumi that a resource type embeds.
func (b *builder) structType(s *ast.TypeSpec) {
	st, ok := s.Type.(*ast.StructType)
	if !ok || s.TypeParams != nil {
		return
	}
	for _, fl := range st.Fields.List {
		for _, id := range fl.Names {
			b.f.fields = append(b.f.fields, pick{s.Name.Name, id.Name})
		}
		if sel, ok := fl.Type.(*ast.SelectorExpr); ok && len(fl.Names) == 0 {
			if id, ok := sel.X.(*ast.Ident); ok && b.f.Imports[id.Name] == pulumiPath && strings.HasSuffix(sel.Sel.Name, "ResourceState") {
				b.f.states[s.Name.Name] = sel.Sel.Name
			}
		}
	}
}

// separable says that each specification of the group means the same on its own.
func separable(d *ast.GenDecl) bool {
	for _, s := range d.Specs {
		if vs, ok := s.(*ast.ValueSpec); ok {
			if len(vs.Names) != 1 || len(vs.Values) == 0 && d.Tok == token.CONST || mentions(vs, "iota") {
				return false
			}
		}
	}
	return true
}

func (b *builder) funcDecl(d *ast.FuncDecl) {
	if d.Recv == nil && d.Name.Name == "init" && d.Body != nil {
		b.inits++
		for _, s := range d.Body.List {
			u := b.add(&Unit{Init: b.inits}, s.Pos(), s.End(), s)
			u.register = registers(s)
			u.always = !u.register
		}
		return
	}
	u := &Unit{function: d.Recv == nil}
	if d.Recv == nil {
		if u.names = []string{d.Name.Name}; d.Name.Name == "_" {
			return
		}
		sig := &Unit{File: b.f}
		c := collector{b: b, u: sig, seen: map[string]bool{}}
		ast.Inspect(d.Type, c.visit)
		u.sig = sig.refs
	} else {
		u.recv, u.method = receiver(d.Recv), d.Name.Name
		if u.recv == "" {
			return // does not compile
		}
		_, u.pointer = d.Recv.List[0].Type.(*ast.StarExpr)
		if r := d.Type.Results; r != nil && len(r.List) == 1 {
			if id, ok := r.List[0].Type.(*ast.Ident); ok {
				u.result = id.Name
			}
		}
	}
	if u.method == "Construct" && d.Body != nil {
		u.Arms = b.arms(d)
	}
	b.add(u, d.Pos(), d.End(), d)
}

func receiver(l *ast.FieldList) string {
	if len(l.List) != 1 {
		return ""
	}
	t := l.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

func mentions(n ast.Node, ident string) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && id.Name == ident
		return !found
	})
	return found
}

// hasEffects says that a variable's initial value may do more than compute: it calls something other than what the
// generators write there, or receives from a channel.
func hasEffects(vs *ast.ValueSpec) (effects bool) {
	for _, v := range vs.Values {
		ast.Inspect(v, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false // its body runs when called; a call of it is seen as a call
			case *ast.UnaryExpr:
				effects = effects || n.Op == token.ARROW
			case *ast.CallExpr:
				switch fun := n.Fun.(type) {
				case *ast.SelectorExpr:
					switch fun.Sel.Name {
					case "TypeOf", "Elem", "TypeFor", "MustCompile":
					default:
						effects = true
					}
				case *ast.ParenExpr, *ast.ArrayType, *ast.MapType, *ast.StarExpr, *ast.InterfaceType: // conversions
				default:
					effects = true
				}
			}
			return !effects
		})
	}
	return effects
}

// registers says that an init statement is a call of RegisterInputType or RegisterOutputType.
func registers(s ast.Stmt) bool {
	es, ok := s.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := es.X.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && (sel.Sel.Name == "RegisterInputType" || sel.Sel.Name == "RegisterOutputType")
}

// arms finds the cases `case "token": r = &Type{}` of a switch that has a default.
func (b *builder) arms(d *ast.FuncDecl) []Arm {
	var arms []Arm
	for _, s := range d.Body.List {
		sw, ok := s.(*ast.SwitchStmt)
		if !ok {
			continue
		}
		hasDefault := false
		var found []Arm
		for _, c := range sw.Body.List {
			cc := c.(*ast.CaseClause)
			hasDefault = hasDefault || cc.List == nil
			if len(cc.List) != 1 || len(cc.Body) != 1 {
				continue
			}
			lit, ok := cc.List[0].(*ast.BasicLit)
			if !ok {
				continue
			}
			asg, ok := cc.Body[0].(*ast.AssignStmt)
			if !ok || len(asg.Lhs) != 1 || len(asg.Rhs) != 1 || asg.Tok != token.ASSIGN {
				continue
			}
			if id, ok := asg.Lhs[0].(*ast.Ident); !ok || id.Name != "r" {
				continue
			}
			amp, ok := asg.Rhs[0].(*ast.UnaryExpr)
			if !ok || amp.Op != token.AND {
				continue
			}
			if cl, ok := amp.X.(*ast.CompositeLit); ok && len(cl.Elts) == 0 {
				if id, ok := cl.Type.(*ast.Ident); ok {
					found = append(found, Arm{Token: lit.Value, Type: id.Name, Start: b.tf.Offset(cc.Pos()), End: b.tf.Offset(cc.End())})
				}
			}
		}
		if hasDefault && arms == nil {
			arms = found
		}
	}
	return arms
}
