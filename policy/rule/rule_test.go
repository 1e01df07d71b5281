package rule

import (
	"strings"
	"testing"
)

// valid is a rule with nothing wrong.
func valid() Rule {
	thing := func(on bool) Example {
		return Example{{Type: "a:b:C", Name: "thing", Properties: map[string]any{"on": on}}}
	}
	return Rule{
		ID: "thing-on", Title: "Things are on.", Description: "Because.", Severity: Low, Remedy: "set on to true",
		Types: []string{"a:b:C"}, Check: That("on", IsTrue), Good: []Example{thing(true)}, Bad: []Example{thing(false)},
	}
}

func TestValidateNamesWhatIsWrong(t *testing.T) {
	if err := valid().Validate(); err != nil {
		t.Fatalf("a rule with nothing wrong: %v", err)
	}
	for want, change := range map[string]func(*Rule){
		"the id must be":            func(r *Rule) { r.ID = "ThingOn" },
		"the title is missing":      func(r *Rule) { r.Title = " " },
		"the remedy is missing":     func(r *Rule) { r.Remedy = "" },
		`severity "bad" is not one`: func(r *Rule) { r.Severity = "bad" },
		"no resource type":          func(r *Rule) { r.Types = nil },
		"exactly one of Check":      func(r *Rule) { r.Check = nil },
		"cannot be fixed in one resource": func(r *Rule) {
			r.Check, r.CheckInStack = nil, func(Resource, *Stack) []Finding { return nil }
			r.Fix = []Fix{{"on", true}}
		},
		"a good and a bad example": func(r *Rule) { r.Bad = nil },
		"a description and a default": func(r *Rule) {
			r.Settings = []Setting{{Name: "a"}}
		},
		"not of plain JSON types": func(r *Rule) {
			r.Settings = []Setting{{Name: "a", Description: "a", Default: []string{"a"}}}
		},
	} {
		t.Run(want, func(t *testing.T) {
			r := valid()
			change(&r)
			if err := r.Validate(); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestPackRefusesTwoRulesOfOneID(t *testing.T) {
	p := Pack{Name: "pack", Version: "1.0.0", Rules: []Rule{valid(), valid()}}
	if err := p.Validate(); err == nil || !strings.Contains(err.Error(), `rule "thing-on" is there twice`) {
		t.Errorf("got %v", err)
	}
}
