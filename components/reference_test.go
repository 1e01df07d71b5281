// Package components_test holds what is true of every component.
package components_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// described are the components whose pages have every argument. The others join
// them when they are whole.
var described = []string{"administration", "cluster", "edge", "network", "transit", "workload"}

// component is what a package says of its arguments.
type component struct {
	name  string
	types map[string]*ast.TypeSpec
	docs  map[string]string // of types
}

func components(t *testing.T) []component {
	t.Helper()
	var all []component
	for _, name := range described {
		c := component{name, map[string]*ast.TypeSpec{}, map[string]string{}}
		files, err := filepath.Glob(filepath.Join(c.name, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
			require.NoError(t, err)
			ast.Inspect(parsed, func(n ast.Node) bool {
				if decl, ok := n.(*ast.GenDecl); ok && decl.Tok == token.TYPE {
					for _, spec := range decl.Specs {
						spec := spec.(*ast.TypeSpec)
						c.types[spec.Name.Name], c.docs[spec.Name.Name] = spec, decl.Doc.Text()+spec.Doc.Text()
					}
				}
				return true
			})
		}
		all = append(all, c)
	}
	return all
}

// arguments calls fn with every exported field of the component's arguments and of
// the types of the package that they are made of.
func (c component) arguments(fn func(typ string, field *ast.Field, names []string)) {
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		spec := c.types[name]
		if spec == nil || seen[name] {
			return
		}
		seen[name] = true
		s, ok := spec.Type.(*ast.StructType)
		if !ok {
			return
		}
		for _, f := range s.Fields.List {
			var names []string
			for _, n := range f.Names {
				if n.IsExported() {
					names = append(names, n.Name)
				}
			}
			if len(names) > 0 {
				fn(name, f, names)
			}
			ast.Inspect(f.Type, func(n ast.Node) bool {
				if _, other := n.(*ast.SelectorExpr); other {
					return false
				}
				if id, ok := n.(*ast.Ident); ok {
					visit(id.Name)
				}
				return true
			})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.types)) {
		if strings.HasSuffix(name, "Args") {
			visit(name)
		}
	}
}

// says is what a comment has on whether an argument may be left out.
var says = regexp.MustCompile(`(?i)\brequired\b|\bdefault|\bzero\b|\bnil\b|\bnone\b|\bempty\b`)

func TestEveryArgumentSaysWhatItsAbsenceMeans(t *testing.T) {
	for _, c := range components(t) {
		c.arguments(func(typ string, f *ast.Field, names []string) {
			if id, ok := f.Type.(*ast.Ident); ok && c.types[id.Name] != nil {
				if _, ok := c.types[id.Name].Type.(*ast.StructType); ok {
					return // it is always there, and its own fields say what is in it
				}
			}
			if strings.Contains(c.docs[typ], "All are required") {
				return
			}
			assert.Regexp(t, says, f.Doc.Text()+f.Comment.Text(),
				"components/%s: %s.%s: say whether it is required, or its default", c.name, typ, strings.Join(names, ", "))
		})
	}
}

func TestEveryArgumentIsOnThePageOfItsComponent(t *testing.T) {
	for _, c := range components(t) {
		page := filepath.Join("..", "docs", c.name+".md")
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		c.arguments(func(typ string, _ *ast.Field, names []string) {
			for _, name := range names {
				assert.True(t, regexp.MustCompile("`[^`\n]*\\b"+name+"\\b[^`\n]*`").Match(text), "%s does not tell of %s.%s", page, typ, name)
			}
		})
	}
}

func TestEveryComponentHasAnExampleThatRuns(t *testing.T) {
	for _, c := range components(t) {
		dir := filepath.Join("..", "examples", c.name)
		for _, file := range []string{"main.go", "main_test.go", "Pulumi.yaml", "README.md"} {
			assert.FileExists(t, filepath.Join(dir, file))
		}
		main, err := os.ReadFile(filepath.Join(dir, "main.go"))
		require.NoError(t, err)
		require.Contains(t, string(main), `components/`+c.name+`"`)
	}
}
