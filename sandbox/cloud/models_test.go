package cloud

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
)

// known says whether a path of names leads to a property.
func known(f *facts.Facts, obj facts.Object, path string) bool {
	name, rest, nested := strings.Cut(path, ".")
	name, _, _ = strings.Cut(name, "[")
	p, ok := obj[name]
	if !ok || !nested {
		return ok
	}
	t := p.Type
	for {
		elem, ok := facts.Elem(t)
		if !ok {
			break
		}
		t = elem
	}
	if t == "any" {
		return true
	}
	return known(f, f.Nested(t), rest)
}

// minting are the placeholders that are no properties.
var minting = regexp.MustCompile(`^(region|account|id|uuid|(hex|HEX|digits|alnum|upper):\d+)$`)

func TestTablesNameOnlyWhatTypesHave(t *testing.T) {
	f, err := facts.Load()
	if err != nil {
		t.Fatal(err)
	}
	// Values that rules of a type set for its templates.
	temporary := []string{
		"host", "newKeyId", "primaryId", "tableName", "primaryRegion", "s3Zone", "secretSuffix", "parameterArn", "subnetVpc",
		"defaultSecurityGroupId", "kind", "scheme", "elbZone", "parent", "suffix", "path", "bus", "clusterVersion",
	}
	for typ, m := range models {
		res := f.Resources[typ]
		if res == nil {
			t.Errorf("%s: there are no facts: run go generate ./sandbox/cloud/facts", typ)
			continue
		}
		check := func(what, path string, obj facts.Object) {
			if !known(f, obj, path) {
				t.Errorf("%s: %s names %s, which the type has not", typ, what, path)
			}
		}
		templates := append([]string{m.ID}, m.Unique...)
		for path, template := range m.Set {
			check("Set", path, res.Outputs)
			templates = append(templates, template)
		}
		for _, template := range templates {
			for _, p := range placeholder.FindAllStringSubmatch(template, -1) {
				name := strings.TrimPrefix(strings.TrimSuffix(p[1], "?"), "lower:")
				if !minting.MatchString(name) && !slices.Contains(temporary, name) {
					check("template "+template, name, res.Outputs)
				}
			}
		}
		for _, n := range m.Names {
			check("Names", n, res.Outputs)
		}
		for path, types := range m.Refs {
			check("Refs", path, res.Inputs)
			for _, r := range types {
				if models[r] == nil {
					t.Errorf("%s: Refs names %s, which is not modelled", typ, r)
				}
			}
		}
		for path := range m.External {
			if m.Refs[path] == nil {
				t.Errorf("%s: External names %s, which is not in Refs", typ, path)
			}
		}
		for _, path := range m.Volatile {
			check("Volatile", path, res.Outputs)
		}
		if m.Protect != "" {
			check("Protect", m.Protect, res.Inputs)
		}
		if a := m.Auto; a.prop != "" {
			check("Auto", a.prop, res.Inputs)
		}
		if !m.auto().none && res.Inputs[m.auto().prop].Type != "string" {
			t.Errorf("%s: has no input %s to name: say autoname{none: true}", typ, m.auto().prop)
		}
		if len(m.Unique) > 0 && m.Exists == "" {
			t.Errorf("%s: Unique without Exists", typ)
		}
	}
}

func TestUsersOfATypeAreModelled(t *testing.T) {
	// Types that the platform may come to use, and that would hold others.
	later := []string{"aws:eks/fargateProfile:FargateProfile"}
	for typ, m := range models {
		for _, u := range m.UsedBy {
			if models[u] == nil && !slices.Contains(later, u) {
				t.Errorf("%s: UsedBy names %s, which is not modelled", typ, u)
			}
		}
	}
}

func TestReplacingPathsAreProperties(t *testing.T) {
	f, err := facts.Load()
	if err != nil {
		t.Fatal(err)
	}
	for typ, res := range f.Resources {
		for _, path := range res.Replace {
			if !known(f, res.Inputs, path) && !known(f, res.Outputs, path) {
				t.Errorf("%s: %s replaces, but is no property", typ, path)
			}
		}
		if strings.HasPrefix(typ, "aws:") && res.Terraform == "" {
			t.Errorf("%s: the Terraform provider was not asked about it", typ)
		}
	}
}

func TestPathsAreReadAndWritten(t *testing.T) {
	doc := map[string]any{
		"a": []any{map[string]any{"b": "x"}, map[string]any{"b": "y"}},
		"m": map[string]any{"k.with/signs": "z"},
	}
	if got := at(doc, "a[1].b"); got != "y" {
		t.Errorf("a[1].b is %v", got)
	}
	if got := texts(doc, "a.b"); !slices.Equal(got, []string{"x", "y"}) {
		t.Errorf("a.b is %v", got)
	}
	if got := texts(doc, "a[0].b"); !slices.Equal(got, []string{"x"}) {
		t.Errorf("a[0].b is %v", got)
	}
	for _, l := range leaves(doc) {
		if got := at(doc, l.path); got != l.value {
			t.Errorf("%s leads to %v, not to %v", l.path, got, l.value)
		}
	}
	if put(doc, "none.b", 1) {
		t.Error("a path through nothing was written")
	}
	if at(doc, "a[7].b") != nil || at(doc, "m.none.b") != nil {
		t.Error("a path that leads nowhere leads somewhere")
	}
}

func TestNearestNameIsOfferedForATypo(t *testing.T) {
	obj := facts.Object{"cidrBlock": {}, "vpcId": {}}
	for typo, want := range map[string]string{"cidrblock": "cidrBlock", "cidrBlok": "cidrBlock", "vpcID": "vpcId", "somethingElse": ""} {
		if got := nearest(typo, obj); got != want {
			t.Errorf("%s: offered %q, want %q", typo, got, want)
		}
	}
}
