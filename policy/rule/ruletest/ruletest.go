// Package ruletest puts a rule to the tests that every rule must pass.
package ruletest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/property"

	"github.com/tandem-platform/tandem/policy/rule"
)

// modes are the two ways that a program is looked at.
var modes = map[string]bool{"update": false, "preview": true}

// Run tests every rule on its own examples: it accepts the good ones and refuses
// the bad ones, in an update and in a preview; it evaluates nothing unknown; it
// survives whatever may be missing or of a wrong kind; it prints no secrets; and
// what it mends, it accepts.
func Run(t *testing.T, rules ...rule.Rule) {
	t.Helper()
	for _, r := range rules {
		t.Run(r.ID, func(t *testing.T) { run(t, r) })
	}
}

func run(t *testing.T, r rule.Rule) {
	if err := r.Validate(); err != nil {
		t.Fatal(err)
	}
	for i, e := range r.Good {
		t.Run(fmt.Sprintf("accepts good example %d", i+1), func(t *testing.T) {
			for mode, preview := range modes {
				if found := r.Findings(e, rule.Program{Preview: preview}); len(found) > 0 {
					t.Errorf("in %s: found %+v", mode, found)
				}
			}
		})
		t.Run(fmt.Sprintf("evaluates nothing unknown in good example %d", i+1), func(t *testing.T) { neverAlarms(t, r, e) })
		t.Run(fmt.Sprintf("survives anything in good example %d", i+1), func(t *testing.T) { survives(t, r, e) })
	}
	for i, e := range r.Bad {
		t.Run(fmt.Sprintf("refuses bad example %d", i+1), func(t *testing.T) { refuses(t, r, e) })
		t.Run(fmt.Sprintf("evaluates nothing unknown in bad example %d", i+1), func(t *testing.T) { findsKnown(t, r, e) })
		t.Run(fmt.Sprintf("survives anything in bad example %d", i+1), func(t *testing.T) { survives(t, r, e) })
		if len(r.Fix) > 0 {
			t.Run(fmt.Sprintf("mends bad example %d", i+1), func(t *testing.T) {
				if found := r.Findings(r.Fixed(e), rule.Program{}); len(found) > 0 {
					t.Errorf("when mended, found %+v", found)
				}
			})
		}
		t.Run(fmt.Sprintf("prints no secrets of bad example %d", i+1), func(t *testing.T) { hidesSecrets(t, r, e) })
		t.Run(fmt.Sprintf("bad example %d is a good one but for one thing", i+1), func(t *testing.T) {
			if _, in := rule.Nearest(r, e); len(in) != 1 {
				t.Errorf("it differs from the nearest good example in %q, want one property", in)
			}
		})
	}
}

// refuses tests that something is found, in an update and in a preview, and
// said well.
func refuses(t *testing.T, r rule.Rule, e rule.Example) {
	for mode, preview := range modes {
		found := r.Findings(e, rule.Program{Preview: preview})
		if len(found) == 0 {
			t.Errorf("in %s: found nothing", mode)
		}
		for _, f := range found {
			if f.Property == "" || f.Value == "" {
				t.Errorf("in %s: the finding %+v lacks its property or value", mode, f)
			}
		}
	}
}

// neverAlarms tests that nothing is found whichever property of a good example
// is unknown.
func neverAlarms(t *testing.T, r rule.Rule, e rule.Example) {
	for _, at := range places(r, e) {
		if found := r.Findings(e, rule.Program{Change: at.put(property.New(property.Computed))}); len(found) > 0 {
			t.Errorf("with %s unknown, found %+v", at, found)
		}
	}
}

// findsKnown tests that nothing is found in what is unknown.
func findsKnown(t *testing.T, r rule.Rule, e rule.Example) {
	for _, at := range places(r, e) {
		for _, f := range r.Findings(e, rule.Program{Change: at.put(property.New(property.Computed))}) {
			if f.Value == "unknown" {
				t.Errorf("with %s unknown, found %+v", at, f)
			}
		}
	}
	all := func(string, string, property.Value) property.Value { return property.New(property.Computed) }
	for _, f := range r.Findings(e, rule.Program{Change: all}) {
		if f.Value != "missing" {
			t.Errorf("with everything unknown, found %+v", f)
		}
	}
}

// survives tests that no value, nor the lack of one, makes the rule panic.
func survives(t *testing.T, r rule.Rule, e rule.Example) {
	odd := []property.Value{
		property.New(property.Null), property.New(property.Computed), property.New(true), property.New(1.5), property.New(""), property.New("text"),
		property.New([]property.Value{}), property.New([]property.Value{property.New(property.Computed), {}, property.New("text")}),
		property.New(map[string]property.Value{}), property.New(map[string]property.Value{"key": property.New(property.Computed)}),
	}
	for _, at := range places(r, e) {
		for _, v := range odd {
			func() {
				defer func() {
					if p := recover(); p != nil {
						t.Errorf("panicked with %#v at %s: %v", v, at, p)
					}
				}()
				for _, preview := range modes {
					r.Findings(e, rule.Program{Preview: preview, Change: at.put(v)})
				}
			}()
		}
	}
}

// hidesSecrets tests that the rule finds the same in secrets, and does not show
// them.
func hidesSecrets(t *testing.T, r rule.Rule, e rule.Example) {
	const text = "hunter2"
	secret := func(_, _ string, v property.Value) property.Value { return v.WithSecret(true) }
	if open, hidden := len(r.Findings(e, rule.Program{})), len(r.Findings(e, rule.Program{Change: secret})); open != hidden && !r.AboutSecrecy {
		t.Errorf("found %d violations, of secrets %d", open, hidden)
	}
	for _, at := range places(r, e) {
		for _, f := range r.Findings(e, rule.Program{Change: at.put(property.New(text).WithSecret(true))}) {
			if strings.Contains(fmt.Sprint(f), text) {
				t.Errorf("with a secret at %s, found %+v", at, f)
			}
		}
	}
}

// place is where a value of an example is.
type place struct{ resource, path string }

func (p place) String() string { return p.resource + ": " + p.path }

// put puts a value in the place.
func (p place) put(v property.Value) func(resource, path string, old property.Value) property.Value {
	return func(resource, path string, old property.Value) property.Value {
		if p == (place{resource, path}) {
			return v
		}
		return old
	}
}

// places are all places of an example.
func places(r rule.Rule, e rule.Example) []place {
	seen := map[place]bool{}
	r.Findings(e, rule.Program{Change: func(resource, path string, v property.Value) property.Value {
		seen[place{resource, path}] = true
		return v
	}})
	return slices.SortedFunc(maps.Keys(seen), func(a, b place) int { return strings.Compare(a.String(), b.String()) })
}
