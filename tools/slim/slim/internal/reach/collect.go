package reach

import (
	"go/ast"
	"strconv"
)

// collector gathers what a node mentions. It tells package-level names from local ones by the parser's own scopes.
type collector struct {
	b    *builder
	u    *Unit
	seen map[string]bool
}

func (c *collector) once(kind, s string) bool {
	k := kind + s
	if c.seen[k] {
		return false
	}
	c.seen[k] = true
	return true
}

// local says that the parser found the identifier's declaration below package level.
func (c *collector) local(id *ast.Ident) bool {
	return id.Obj != nil && c.b.top.Objects[id.Name] != id.Obj
}

func (c *collector) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.SelectorExpr:
		if id, ok := n.X.(*ast.Ident); ok && !c.local(id) {
			if path, ok := c.b.f.Imports[id.Name]; ok {
				if c.once("x", id.Name+"."+n.Sel.Name) {
					c.u.foreign = append(c.u.foreign, name{path, n.Sel.Name})
				}
				if c.once("i", id.Name) {
					c.u.Imports = append(c.u.Imports, id.Name)
				}
				return false
			}
		}
		if t := c.declared(n.X); t != "" {
			if c.once("p", t+"."+n.Sel.Name) {
				c.u.picks = append(c.u.picks, pick{t, n.Sel.Name})
			}
		} else {
			c.selects(n.Sel.Name)
		}
		ast.Inspect(n.X, c.visit)
		return false
	case *ast.CallExpr:
		if s, ok := lookup(n); ok {
			c.selects(s)
		}
	case *ast.Field:
		ast.Inspect(n.Type, c.visit)
		return false
	case *ast.FuncDecl: // not its name: a method's is no package-level name
		if n.Recv != nil {
			ast.Inspect(n.Recv, c.visit)
		}
		ast.Inspect(n.Type, c.visit)
		if n.Body != nil {
			ast.Inspect(n.Body, c.visit)
		}
		return false
	case *ast.InterfaceType:
		for _, m := range n.Methods.List {
			for _, id := range m.Names {
				c.selects(id.Name)
			}
		}
	case *ast.Ident:
		if n.Name != "_" && !c.local(n) && c.once("r", n.Name) {
			c.u.refs = append(c.u.refs, n.Name)
		}
	}
	return true
}

func (c *collector) selects(s string) {
	if c.once("s", s) {
		c.u.sels = append(c.u.sels, s)
	}
}

// declared is the package-level type that a local variable is declared with, or a pointer to it; "" where it is not written
// down or is something else.
func (c *collector) declared(x ast.Expr) string {
	id, ok := x.(*ast.Ident)
	if !ok || !c.local(id) || id.Obj.Kind != ast.Var {
		return ""
	}
	var t ast.Expr
	switch d := id.Obj.Decl.(type) {
	case *ast.Field:
		t = d.Type
	case *ast.ValueSpec:
		t = d.Type
	}
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if id, ok := t.(*ast.Ident); ok && !c.local(id) {
		return id.Name
	}
	return ""
}

// lookup is the name in a call MethodByName("Name").
func lookup(n *ast.CallExpr) (string, bool) {
	sel, ok := n.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "MethodByName" || len(n.Args) != 1 {
		return "", false
	}
	lit, ok := n.Args[0].(*ast.BasicLit)
	if !ok {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// traits notes what makes a file's use of other packages opaque to us.
func (b *builder) traits(af *ast.File) {
	f := b.f
	reflects := false
	for _, path := range f.Imports {
		switch path {
		case "text/template", "html/template", "net/rpc":
			f.methodReflection = true
		case "reflect":
			reflects = true
		}
	}
	embed := func(t ast.Expr) {
		if s, ok := t.(*ast.StarExpr); ok {
			t = s.X
		}
		switch x := t.(type) {
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		}
		if sel, ok := t.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && f.Imports[id.Name] != "" {
				f.embedded = append(f.embedded, f.Imports[id.Name])
			}
		}
	}
	ast.Inspect(af, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StructType:
			for _, fl := range n.Fields.List {
				if len(fl.Names) == 0 {
					embed(fl.Type)
				}
			}
		case *ast.InterfaceType:
			for _, m := range n.Methods.List {
				if len(m.Names) == 0 {
					embed(m.Type)
				}
			}
		case *ast.BinaryExpr:
			return !comparesWithZero(n)
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && reflects {
				if id, ok := sel.X.(*ast.Ident); !ok || f.Imports[id.Name] == "" || id.Obj != nil { // else a function of another package
					f.methodReflection = f.methodReflection || listsMethods(n, sel)
				}
			}
		}
		return true
	})
}
