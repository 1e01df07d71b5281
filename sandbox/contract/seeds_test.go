package contract

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/zclconf/go-cty/cty"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
	"github.com/tandem-platform/tandem/sandbox/terraform"
)

// seeds are values that a demand refuses: one on each side of each of its bounds,
// and some that are not of its form.
func seeds(v *facts.Value, number bool) []any {
	var all []any
	if number {
		all = append(all, -987654321.0, 987654321.0)
		if v.Min != nil {
			all = append(all, *v.Min-1)
		}
		if v.Max != nil {
			all = append(all, *v.Max+1)
		}
		if v.Multiple != 0 {
			all = append(all, float64(v.Multiple)+1)
		}
	} else {
		all = append(all, "¿", "", strings.Repeat("a", v.MaxLen+1))
		if v.MinLen > 1 {
			all = append(all, strings.Repeat("a", v.MinLen-1))
		}
	}
	return slices.DeleteFunc(all, func(x any) bool { return v.Refuses("", x) == "" })
}

// A place is an attribute of a type of the provider.
type place struct {
	path string // with the provider's names
	typ  cty.Type
}

// find is the attribute that Pulumi has at a path.
func find(t *testing.T, known *facts.Facts, tok string, b *terraform.Block, obj facts.Object, path string) place {
	t.Helper()
	first, rest, nested := strings.Cut(path, ".")
	name := b.Names(tok, obj)[first]
	require.NotEmpty(t, name, "%s of %s", path, tok)
	if !nested {
		require.NotNil(t, b.Attributes[name], "%s of %s", path, tok)
		return place{name, b.Attributes[name].Type}
	}
	elem, _ := elemOf(obj[first].Type)
	require.NotNil(t, b.Blocks[name], "%s of %s", path, tok)
	within := find(t, known, tok, b.Blocks[name].Block, known.Nested(elem), rest)
	return place{name + "." + within.path, within.typ}
}

// holding is a configuration with as little set as the schema allows, and a value in
// a place.
func (in place) holding(b *terraform.Block, value any) cty.Value {
	scalar := func(want cty.Type) cty.Value {
		if s, ok := value.(string); ok {
			return cty.StringVal(s)
		}
		n := cty.NumberFloatVal(value.(float64))
		if want == cty.String {
			return cty.StringVal(n.AsBigFloat().Text('f', -1))
		}
		return n
	}
	return b.Sample(func(path string) (cty.Value, bool) {
		switch {
		case path == in.path && in.typ.IsListType():
			return cty.ListVal([]cty.Value{scalar(in.typ.ElementType())}), true
		case path == in.path && in.typ.IsSetType():
			return cty.SetVal([]cty.Value{scalar(in.typ.ElementType())}), true
		case path == in.path:
			return scalar(in.typ), true
		case strings.HasSuffix(path, "."):
			return cty.NilVal, strings.HasPrefix(in.path, path) // a block on the way
		}
		return cty.NilVal, false
	}, "")
}

// parent is the path of the block around an attribute, with its dot.
func parent(path string) string { return path[:strings.LastIndex(path, ".")+1] }

// togetherness is what the provider says of inputs that are set and should not be, or
// the other way round, whatever their values.
var togetherness = []string{"Conflicting", "Invalid combination", "Missing required", "cannot be configured together", "Invalid Attribute Combination"}

// refuses says what the provider has against a value in a place.
func (in place) refuses(t *testing.T, p *terraform.Provider, typ string, value any) string {
	t.Helper()
	found, err := p.Validate(typ, in.holding(p.Schemas[typ], value))
	require.NoError(t, err)
	leaf := strings.TrimPrefix(in.path, parent(in.path))
	for _, r := range found {
		about := func(words string) bool { return strings.Contains(r.Text, words) }
		here := r.Path == in.path || r.Path != "" && strings.HasPrefix(in.path, r.Path+".")
		// Deep in a block, the provider's SDK may give the path of a neighbour.
		beside := parent(r.Path) == parent(in.path) && about(leaf) || about(strings.ReplaceAll(in.path, ".", ".0."))
		if (here || beside) && !slices.ContainsFunc(togetherness, about) {
			return r.Text
		}
	}
	return ""
}

// needs says what the provider has against the absence of the attribute.
func (in place) needs(t *testing.T, p *terraform.Provider, typ string) string {
	t.Helper()
	found, err := p.Validate(typ, p.Schemas[typ].Sample(func(path string) (cty.Value, bool) {
		return cty.NullVal(in.typ), path == in.path
	}, ""))
	require.NoError(t, err)
	for _, r := range found {
		if r.Path == in.path || strings.Contains(r.Text, `"`+in.path+`"`) {
			return r.Text
		}
	}
	return ""
}

// TestTheProviderRefusesEveryValueThatTheFactsRefuse seeds wrong values of each
// demand of each type, and leaves out each input that is required, so that what the
// simulated AWS refuses for the sake of a fact is refused by the provider too.
func TestTheProviderRefusesEveryValueThatTheFactsRefuse(t *testing.T) {
	needProvider(t)
	known, err := facts.Load()
	require.NoError(t, err)
	p, err := terraform.Start()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })

	values, demands, absent := 0, 0, 0
	var without []string
	for _, tok := range slices.Sorted(maps.Keys(known.Resources)) {
		if !strings.HasPrefix(tok, "aws:") {
			continue
		}
		res := known.Resources[tok]
		schema := p.Schemas[res.Terraform]
		seeded := 0
		for _, path := range slices.Sorted(maps.Keys(res.Values)) {
			demands++
			in := find(t, known, tok, schema, res.Inputs, path)
			number := in.typ == cty.Number || in.typ.IsCollectionType() && in.typ.ElementType() == cty.Number
			for _, value := range seeds(res.Values[path], number) {
				if in.refuses(t, p, res.Terraform, value) == "" {
					t.Errorf("the provider takes %s = %s of %s, the facts do not: %s", path, shown(value), tok, res.Values[path].Refuses(path, value))
				}
				seeded++
				values++
			}
		}
		names := schema.Names(tok, res.Outputs)
		for _, property := range slices.Sorted(maps.Keys(res.Inputs)) {
			if a := schema.Attributes[names[property]]; a == nil || !res.Inputs[property].Required {
				continue
			}
			if in := find(t, known, tok, schema, res.Inputs, property); in.needs(t, p, res.Terraform) == "" {
				t.Errorf("the provider needs no %s of %s, the facts say that it is required", property, tok)
			}
			seeded++
			absent++
		}
		if seeded == 0 {
			without = append(without, tok)
		}
	}
	t.Logf("%d values against %d demands and %d inputs left out were refused", values, demands, absent)
	// Of these the provider knows no more than the types of their inputs.
	require.Equal(t, []string{"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "aws:ec2/internetGateway:InternetGateway"}, without)
}
