package framework

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/pack"
)

func TestMappingsNameRulesThatExist(t *testing.T) {
	rules := map[string]bool{}
	for _, p := range pack.All {
		for _, r := range p.Rules {
			rules[r.ID] = true
		}
	}
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 6 {
		t.Errorf("there are %d frameworks, want 6", len(all))
	}
	for _, f := range all {
		if f.Name == "" || f.Version == "" || f.Source == "" || f.Note == "" || f.Mapped() == 0 {
			t.Errorf("%+v lacks something", f)
		}
		seen := map[string]bool{}
		for _, c := range f.Controls {
			if c.ID == "" || c.Title == "" || seen[c.ID] {
				t.Errorf("%s: control %q has no title, or is there twice", f.Name, c.ID)
			}
			seen[c.ID] = true
			for _, id := range c.Rules {
				if !rules[id] {
					t.Errorf("%s: control %s: there is no rule %q", f.Name, c.ID, id)
				}
			}
		}
	}
}
