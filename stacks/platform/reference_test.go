package platform_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the tables of docs/stacks.md")

const page = "../../docs/stacks.md"

// TestTheConfigurationReferenceIsThatOfTheTypes compares the tables of the page
// with the types that the configuration and the contract are decoded into. Run
// it with -update after a change of these.
func TestTheConfigurationReferenceIsThatOfTheTypes(t *testing.T) {
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	want := string(text)
	for _, table := range []struct{ name, file, typ string }{
		{"configuration", "platform.go", "Platform"},
		{"contract", "../contract/contract.go", "Contract"},
	} {
		var rows strings.Builder
		rows.WriteString("\n| key | value | meaning |\n|---|---|---|\n")
		structs(t, table.file).rows(t, &rows, table.typ, "")
		begin, end := "<!-- "+table.name+": from the Go types, by a test -->\n", "\n<!-- end of "+table.name+" -->"
		before, rest, found := strings.Cut(want, begin)
		_, after, closed := strings.Cut(rest, end)
		require.True(t, found && closed, "%s has no place for the table %q", page, table.name)
		want = before + begin + rows.String() + end + after
	}
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(want), 0o644))
		return
	}
	require.Equal(t, want, string(text), "run `go test ./stacks/platform -update`")
}

// subject is how a Go comment begins; the table names the key already.
var subject = regexp.MustCompile(`^\w+( and \w+)? (is|are) `)

type types map[string]*ast.StructType

func structs(t *testing.T, file string) types {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	require.NoError(t, err)
	found := types{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok {
			if s, ok := spec.Type.(*ast.StructType); ok {
				found[spec.Name.Name] = s
			}
		}
		return true
	})
	return found
}

// rows writes a row for every key of a type and of the types within it.
func (found types) rows(t *testing.T, out *strings.Builder, typ, path string) {
	doc := ""
	for _, f := range found[typ].Fields.List {
		require.Len(t, f.Names, 1, "%s: one field in a line", typ)
		name := f.Names[0].Name
		tag, err := strconv.Unquote(f.Tag.Value)
		require.NoError(t, err)
		key, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
		// One comment may be for several fields, which it names.
		if own := strings.TrimSpace(f.Doc.Text() + f.Comment.Text()); own != "" {
			doc = own
		} else {
			require.Contains(t, doc, name, "%s.%s has no comment", typ, name)
		}
		value, inner, within := found.value(f.Type)
		meaning := strings.Join(strings.Fields(doc), " ")
		if subject := subject.FindString(meaning); strings.Contains(subject, name) {
			meaning = meaning[len(subject):]
		} else if rest, ok := strings.CutPrefix(meaning, name); ok {
			meaning = key + rest
		}
		fmt.Fprintf(out, "| `%s%s` | %s | %s |\n", path, key, value, meaning)
		if inner != "" {
			found.rows(t, out, inner, path+key+within)
		}
	}
}

// value describes a type for those who write YAML; inner is the type whose keys
// come below, and within what stands between.
func (found types) value(typ ast.Expr) (value, inner, within string) {
	switch typ := typ.(type) {
	case *ast.StarExpr:
		return found.value(typ.X)
	case *ast.ArrayType:
		value, _, _ = found.value(typ.Elt)
		return "list of " + value + "s", "", ""
	case *ast.MapType:
		value, inner, _ = found.value(typ.Value)
		return value + "s by name", inner, ".NAME."
	case *ast.Ident:
		if found[typ.Name] != nil {
			return "object", typ.Name, "."
		}
		return map[string]string{"string": "text", "int": "number", "bool": "true or false"}[typ.Name], "", ""
	}
	panic(fmt.Sprintf("a %T in the configuration", typ))
}
