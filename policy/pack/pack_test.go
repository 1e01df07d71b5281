package pack

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/policy/rule"
)

func TestPacksAreValid(t *testing.T) {
	names, ids := map[string]bool{}, map[string]bool{}
	for _, p := range All {
		if err := p.Validate(); err != nil {
			t.Error(err)
		}
		if names[p.Name] {
			t.Errorf("two packs have the name %s", p.Name)
		}
		names[p.Name] = true
		for _, r := range p.Rules {
			// The packs share one configuration file, which names rules alone.
			if ids[r.ID] {
				t.Errorf("two packs have the rule %s", r.ID)
			}
			ids[r.ID] = true
		}
	}
}

func TestWholePackHasEveryRule(t *testing.T) {
	if err := Whole.Validate(); err != nil {
		t.Error(err)
	}
	n := 0
	for _, p := range All {
		n += len(p.Rules)
	}
	if len(Whole.Rules) != n {
		t.Errorf("it has %d rules, the packs have %d", len(Whole.Rules), n)
	}
}

// A rule counts if each of its bad examples differs from a good one in exactly
// one property, and no other rule checks that property on that type.
func TestAtLeast150RulesCount(t *testing.T) {
	checked := map[string]map[string]bool{} // rules by type and property
	var all []rule.Rule
	for _, p := range All {
		for _, r := range p.Rules {
			all = append(all, r)
			for _, property := range properties(r) {
				if checked[property] == nil {
					checked[property] = map[string]bool{}
				}
				checked[property][r.ID] = true
			}
		}
	}
	count := 0
	for _, r := range all {
		own := slices.ContainsFunc(properties(r), func(property string) bool { return len(sharing(checked, property)) > 1 })
		if !own && !slices.ContainsFunc(r.Bad, func(e rule.Example) bool { return !oneProperty(r, e) }) {
			count++
		} else {
			t.Logf("%s does not count", r.ID)
		}
	}
	t.Logf("%d rules, of which %d count", len(all), count)
	if count < 150 {
		t.Errorf("%d rules count, want 150", count)
	}
}

// oneProperty reports whether a bad example differs from the nearest good one in
// exactly one property, rather than in a resource that is not there.
func oneProperty(r rule.Rule, e rule.Example) bool {
	_, in := rule.Nearest(r, e)
	return len(in) == 1 && strings.Contains(in[0], ": ")
}

var indices = regexp.MustCompile(`\[[0-9]+\]`)

// properties are what a rule checks, as "type: property": that in which its bad
// examples differ, and that which its findings name.
func properties(r rule.Rule) []string {
	var all []string
	for _, e := range r.Bad {
		_, in := rule.Nearest(r, e)
		for _, difference := range in {
			name, path, _ := strings.Cut(difference, ": ")
			i := slices.IndexFunc(e, func(res rule.ExampleResource) bool { return res.Name == name })
			if i >= 0 {
				all = append(all, e[i].Type+": "+path)
			}
		}
		for _, f := range r.Findings(e, rule.Program{}) {
			all = append(all, fmt.Sprintf("%s: %s", e[len(e)-1].Type, f.Property))
		}
	}
	for i := range all {
		all[i] = indices.ReplaceAllString(all[i], "[]")
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// sharing are the rules that check a property, what is below it or what it is
// below.
func sharing(checked map[string]map[string]bool, property string) map[string]bool {
	rules := map[string]bool{}
	for other, ids := range checked {
		if other == property || below(other, property) || below(property, other) {
			for id := range ids {
				rules[id] = true
			}
		}
	}
	return rules
}

func below(a, b string) bool {
	rest, ok := strings.CutPrefix(a, b)
	return ok && (strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "["))
}
