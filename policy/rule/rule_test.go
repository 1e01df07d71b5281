package rule

import (
	"context"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/property"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/policyx"
)

// valid is a rule with nothing wrong.
func valid() Rule {
	thing := func(on bool) Example {
		return Example{{Type: "a:b:C", Name: "thing", Properties: map[string]any{"on": on}}}
	}
	return Rule{
		ID: "thing-on", Title: "Things are on.", Description: "Because.", Severity: Low, Remedy: "set on to true",
		Types: []string{"a:b:C"}, Check: IsTrue("on"), Good: []Example{thing(true)}, Bad: []Example{thing(false)},
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
		"can have no settings": func(r *Rule) {
			r.Check, r.CheckInStack = nil, func(Resource, *Stack) []Finding { return nil }
			r.Settings = []Setting{{Name: "a", Description: "a", Default: "a"}}
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
	if _, err := p.policies(); err == nil || !strings.Contains(err.Error(), `rule "thing-on" is there twice`) {
		t.Errorf("got %v", err)
	}
}

// violations collects what is reported.
type violations []string

func (v *violations) ReportViolation(message, urn string) { *v = append(*v, urn+": "+message) }

func TestRuleThatPanicsIsAViolationThatNamesItAndTheResource(t *testing.T) {
	broken := valid()
	broken.Check = func(Resource) []Finding { panic("oops") }
	inStack := valid()
	inStack.Check, inStack.CheckInStack = nil, func(Resource, *Stack) []Finding { panic("oops") }

	resource := policyx.AnalyzerResource{Type: "a:b:C", URN: "urn:thing"}
	var got violations
	if err := broken.policy().(policyx.ResourceValidationPolicy).Validate(context.Background(), policyx.ResourceValidationArgs{Manager: &got, Resource: resource}); err != nil {
		t.Fatal(err)
	}
	if err := inStack.policy().(policyx.StackValidationPolicy).Validate(context.Background(), policyx.StackValidationArgs{Manager: &got, Resources: []policyx.AnalyzerResource{resource}}); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 {
		t.Fatalf("reported %q", got)
	}
	for _, v := range got {
		if !strings.HasPrefix(v, "urn:thing: rule thing-on panicked on urn:thing") || !strings.Contains(v, "oops") {
			t.Errorf("reported %q", v)
		}
	}
}

func TestViolationNamesPropertyValueRemedyAndSeverity(t *testing.T) {
	var got violations
	args := policyx.ResourceValidationArgs{Manager: &got, Resource: policyx.AnalyzerResource{
		Type: "a:b:C", URN: "urn:thing", Properties: property.NewMap(map[string]property.Value{"on": property.New(false)}),
	}}
	if err := valid().policy().(policyx.ResourceValidationPolicy).Validate(context.Background(), args); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0] != "urn:thing: on is false: set on to true (severity low)" {
		t.Errorf("reported %q", got)
	}
}

func TestEveryPolicyIsMandatory(t *testing.T) {
	inStack := valid()
	inStack.ID, inStack.Check, inStack.CheckInStack = "thing-in-stack", nil, func(Resource, *Stack) []Finding { return nil }
	pack, err := Pack{Name: "pack", Version: "1.0.0", Rules: []Rule{valid(), inStack}}.policies()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pack.Policies() {
		if p.EnforcementLevel() != policyx.EnforcementLevelMandatory {
			t.Errorf("%s has level %d", p.Name(), p.EnforcementLevel())
		}
	}
}
