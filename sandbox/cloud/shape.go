package cloud

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
)

// shape checks inputs against the facts: unknown names, values of the wrong
// type, required properties that are missing. It reports every problem.
func (c *Cloud) shape(obj facts.Object, in resource.PropertyMap, path string) []plugin.CheckFailure {
	var bad []plugin.CheckFailure
	fail := func(p, format string, args ...any) {
		bad = append(bad, plugin.CheckFailure{Property: resource.PropertyKey(p), Reason: fmt.Sprintf(format, args...)})
	}
	for _, k := range sortedNames(in) {
		name := string(k)
		if internal(name) {
			continue
		}
		prop, ok := obj[name]
		if !ok {
			reason := "invalid or unknown key"
			if near := nearest(name, obj); near != "" {
				reason += fmt.Sprintf("; did you mean %q?", near)
			}
			fail(join(path, name), "%s", reason)
			continue
		}
		bad = append(bad, c.typed(prop.Type, in[k], join(path, name))...)
	}
	for _, name := range sortedNames(obj) {
		v, ok := in[resource.PropertyKey(name)]
		if obj[name].Required && (!ok || reveal(v).IsNull()) {
			fail(join(path, name), "missing required property")
		}
	}
	return bad
}

// typed checks one value against a type of the facts.
func (c *Cloud) typed(t string, v resource.PropertyValue, path string) []plugin.CheckFailure {
	v = reveal(v)
	if unknown(v) || v.IsNull() || t == "any" {
		return nil
	}
	wrong := func(want string) []plugin.CheckFailure {
		return []plugin.CheckFailure{{
			Property: resource.PropertyKey(path),
			Reason:   fmt.Sprintf("expected %s, got %s", want, describe(v)),
		}}
	}
	if elem, ok := strings.CutPrefix(t, "[]"); ok {
		if !v.IsArray() {
			return wrong("a list")
		}
		var bad []plugin.CheckFailure
		for i, e := range v.ArrayValue() {
			bad = append(bad, c.typed(elem, e, fmt.Sprintf("%s[%d]", path, i))...)
		}
		return bad
	}
	if elem, ok := strings.CutPrefix(t, "{}"); ok {
		if !v.IsObject() {
			return wrong("a map")
		}
		var bad []plugin.CheckFailure
		for _, k := range sortedNames(v.ObjectValue()) {
			bad = append(bad, c.typed(elem, v.ObjectValue()[k], join(path, string(k)))...)
		}
		return bad
	}
	if obj := c.facts.Nested(t); obj != nil {
		if !v.IsObject() {
			return wrong("an object")
		}
		return c.shape(obj, v.ObjectValue(), path)
	}
	switch t {
	case "string":
		if !v.IsString() {
			return wrong("a string")
		}
	case "bool":
		if !v.IsBool() {
			return wrong("true or false")
		}
	case "number":
		if !v.IsNumber() {
			return wrong("a number")
		}
	case "int":
		if !v.IsNumber() || v.NumberValue() != math.Trunc(v.NumberValue()) {
			return wrong("a whole number")
		}
	case "asset":
		if !v.IsAsset() && !v.IsArchive() {
			return wrong("an asset or an archive")
		}
	case "archive":
		if !v.IsArchive() {
			return wrong("an archive")
		}
	}
	return nil
}

func describe(v resource.PropertyValue) string {
	switch {
	case v.IsString():
		return "a string"
	case v.IsNumber():
		return fmt.Sprintf("the number %v", v.NumberValue())
	case v.IsBool():
		return fmt.Sprint(v.BoolValue())
	case v.IsArray():
		return "a list"
	case v.IsObject():
		return "an object"
	}
	return v.TypeString()
}

// nearest is the known name that differs least from name, "" if none is near.
func nearest(name string, obj facts.Object) string {
	best, least := "", 3
	for _, k := range sortedNames(obj) {
		if d := distance(strings.ToLower(name), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is the number of letters to insert, delete or change to get from a
// to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diagonal, row[j] = row[j], min(row[j]+1, row[j-1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

// compare says how two sets of inputs differ, by the path of each change. A
// change at, above or below a path in replace replaces the resource. Lists at
// a path in sets are compared without regard to order.
func compare(old, news resource.PropertyMap, replace, sets []string) map[string]plugin.PropertyDiff {
	diffs := map[string]plugin.PropertyDiff{}
	note := func(path string, plain, replacing plugin.DiffKind) {
		kind := plain
		b := bare(path)
		if slices.ContainsFunc(replace, func(r string) bool { return under(b, r) || under(r, b) }) {
			kind = replacing
		}
		diffs[path] = plugin.PropertyDiff{Kind: kind, InputDiff: true}
	}
	var walk func(path string, a, b resource.PropertyValue)
	walkMap := func(path string, a, b resource.PropertyMap) {
		keys := map[resource.PropertyKey]bool{}
		for k := range a {
			keys[k] = true
		}
		for k := range b {
			keys[k] = true
		}
		for _, k := range sortedNames(keys) {
			if !internal(string(k)) {
				walk(join(path, string(k)), a[k], b[k])
			}
		}
	}
	walk = func(path string, a, b resource.PropertyValue) {
		a, b = reveal(a), reveal(b)
		switch {
		case empty(a) && empty(b):
		case a.IsNull() || (a.V == nil):
			note(path, plugin.DiffAdd, plugin.DiffAddReplace)
		case b.IsNull() || (b.V == nil):
			note(path, plugin.DiffDelete, plugin.DiffDeleteReplace)
		case unknown(a) || unknown(b):
			note(path, plugin.DiffUpdate, plugin.DiffUpdateReplace)
		case a.IsObject() && b.IsObject():
			walkMap(path, a.ObjectValue(), b.ObjectValue())
		case a.IsArray() && b.IsArray():
			x, y := a.ArrayValue(), b.ArrayValue()
			if slices.Contains(sets, bare(path)) {
				x, y = lessCommon(x, y)
			}
			for i := range max(len(x), len(y)) {
				var e, f resource.PropertyValue
				if i < len(x) {
					e = x[i]
				}
				if i < len(y) {
					f = y[i]
				}
				walk(fmt.Sprintf("%s[%d]", path, i), e, f)
			}
		case !a.DeepEquals(b):
			note(path, plugin.DiffUpdate, plugin.DiffUpdateReplace)
		}
	}
	walkMap("", old, news)
	return diffs
}

// empty says whether a value means nothing: Terraform does not tell an absent
// list or map from an empty one.
func empty(v resource.PropertyValue) bool {
	return v.V == nil || v.IsNull() ||
		v.IsArray() && len(v.ArrayValue()) == 0 || v.IsObject() && len(v.ObjectValue()) == 0
}

// lessCommon takes out what two lists have in common.
func lessCommon(a, b []resource.PropertyValue) (x, y []resource.PropertyValue) {
	y = slices.Clone(b)
	for _, e := range a {
		i := slices.IndexFunc(y, func(f resource.PropertyValue) bool { return reveal(e).DeepEquals(reveal(f)) })
		if i < 0 {
			x = append(x, e)
			continue
		}
		y = slices.Delete(y, i, i+1)
	}
	return x, y
}
