package rule

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/tandem-platform/tandem/policy/config"
)

// inStack is valid, as a rule about the whole stack.
func inStack() Rule {
	r := valid()
	r.ID, r.Check = "thing-in-stack", nil
	r.CheckInStack = func(target Resource, _ *Stack) []Finding { return That("on", IsTrue)(target) }
	return r
}

// serve is a server of some rules that has read a configuration file.
func serve(t *testing.T, file string, rules ...Rule) *server {
	t.Helper()
	s, err := configured(t, file, rules...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func configured(t *testing.T, file string, rules ...Rule) (*server, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), config.FileName)
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(config.Variable, path)
	p := Pack{Name: "pack", Version: "1.0.0", Rules: rules}
	s := newServer(p, []Pack{p})
	s.now = func() time.Time { return time.Date(2027, 3, 31, 23, 0, 0, 0, time.UTC) }
	_, err := s.ConfigureStack(context.Background(), &pulumirpc.AnalyzerStackConfigureRequest{Stack: "prod"})
	return s, err
}

func off(t *testing.T) *structpb.Struct {
	t.Helper()
	wire, err := plugin.MarshalProperties(resource.ToResourcePropertyMap(property.NewMap(map[string]property.Value{"on": property.New(false)})), wireOptions)
	if err != nil {
		t.Fatal(err)
	}
	return wire
}

// violations are what the server finds in a thing that is off, by itself and in
// its stack.
func violations(t *testing.T, s *server) []*pulumirpc.AnalyzeDiagnostic {
	t.Helper()
	alone, err := s.Analyze(context.Background(), &pulumirpc.AnalyzeRequest{Type: "a:b:C", Urn: "urn:thing", Properties: off(t)})
	if err != nil {
		t.Fatal(err)
	}
	together, err := s.AnalyzeStack(context.Background(), &pulumirpc.AnalyzeStackRequest{
		Resources: []*pulumirpc.AnalyzerResource{{Type: "a:b:C", Urn: "urn:thing", Properties: off(t)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return append(alone.Diagnostics, together.Diagnostics...)
}

func messages(found []*pulumirpc.AnalyzeDiagnostic) string {
	var all []string
	for _, d := range found {
		all = append(all, d.PolicyName+" "+strings.ToLower(d.EnforcementLevel.String())+": "+d.Message)
	}
	return strings.Join(all, "\n")
}

func TestRuleThatPanicsIsAViolationThatNamesItAndTheResourceAndTheOthersStillRun(t *testing.T) {
	broken, brokenInStack := valid(), inStack()
	broken.ID, broken.Check = "broken-thing", func(Resource) []Finding { panic("oops") }
	brokenInStack.ID, brokenInStack.CheckInStack = "broken-in-stack", func(Resource, *Stack) []Finding { panic("oops") }
	found := violations(t, serve(t, "", broken, brokenInStack, valid(), inStack()))
	if len(found) != 4 {
		t.Fatalf("found %s", messages(found))
	}
	for _, want := range []string{
		"rule broken-thing panicked on urn:thing, which counts as a violation: oops",
		"rule broken-in-stack panicked on urn:thing, which counts as a violation: oops",
		"thing-on mandatory: Things are on.\non is false", "thing-in-stack mandatory: Things are on.\non is false",
	} {
		if !strings.Contains(messages(found), want) {
			t.Errorf("found\n%s\nwithout %q", messages(found), want)
		}
	}
}

func TestResourceOfAStackWithNothingKnownIsNotEvaluated(t *testing.T) {
	s := serve(t, "", inStack())
	for _, properties := range []*structpb.Struct{nil, {}} {
		found, err := s.AnalyzeStack(context.Background(), &pulumirpc.AnalyzeStackRequest{
			Resources: []*pulumirpc.AnalyzerResource{{Type: "a:b:C", Urn: "urn:thing", Properties: properties}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(found.Diagnostics) > 0 {
			t.Errorf("found %s", messages(found.Diagnostics))
		}
	}
}

func TestViolationNamesPropertyValueRemedyAndSeverity(t *testing.T) {
	found := violations(t, serve(t, "", valid()))
	if messages(found) != "thing-on mandatory: Things are on.\non is false: set on to true (severity low)" ||
		found[0].Urn != "urn:thing" || found[0].Severity != pulumirpc.PolicySeverity_POLICY_SEVERITY_LOW {
		t.Errorf("found %v", found)
	}
}

func TestLevelsComeFromTheFileForRulesOfBothKinds(t *testing.T) {
	s := serve(t, "rules: {thing-on: advisory, thing-in-stack: mandatory}\nenvironments: [{stacks: [\"pr*\"], rules: {thing-in-stack: disabled}}]\n", valid(), inStack())
	if got := messages(violations(t, s)); !strings.HasPrefix(got, "thing-on advisory") || strings.Contains(got, "thing-in-stack") {
		t.Errorf("found %s", got)
	}
	info, err := s.GetAnalyzerInfo(context.Background(), &emptypb.Empty{})
	if err != nil {
		t.Fatal(err)
	}
	// The engine sends back what it is told here, unless --policy-pack-config overrides it.
	if info.Policies[0].EnforcementLevel != pulumirpc.EnforcementLevel_ADVISORY || info.Policies[1].EnforcementLevel != pulumirpc.EnforcementLevel_DISABLED {
		t.Errorf("told the engine %v", info.Policies)
	}
}

func TestSettingsReachAStackRule(t *testing.T) {
	r := inStack()
	r.Settings = []Setting{{Name: "wanted", Description: "What is wanted.", Schema: map[string]any{"type": "number"}, Default: 1.0}}
	r.CheckInStack = func(target Resource, _ *Stack) []Finding {
		if target.Settings.Number("wanted") == 2 {
			return []Finding{{Property: "on", Value: "two"}}
		}
		return nil
	}
	if found := violations(t, serve(t, "", r)); len(found) > 0 {
		t.Errorf("by default found %s", messages(found))
	}
	if found := violations(t, serve(t, "rules: {thing-in-stack: {wanted: 2}}", r)); len(found) != 1 {
		t.Errorf("configured found %s", messages(found))
	}
}

func TestConfigurationOfTheEngineOverridesTheFile(t *testing.T) {
	r := valid()
	r.Settings = []Setting{{Name: "values", Description: "What on may be.", Schema: map[string]any{"type": "array"}, Default: []any{"true"}}}
	r.Check = func(target Resource) []Finding {
		return That("on", IsOneOf(target.Settings.Strings("values")...))(target)
	}
	s := serve(t, "rules: {thing-on: disabled}", r)
	configure := func(settings map[string]any) {
		t.Helper()
		wire, err := structpb.NewStruct(settings)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Configure(context.Background(), &pulumirpc.ConfigureAnalyzerRequest{PolicyConfig: map[string]*pulumirpc.PolicyConfig{
			"all":      {EnforcementLevel: pulumirpc.EnforcementLevel_ADVISORY},
			"thing-on": {EnforcementLevel: pulumirpc.EnforcementLevel_MANDATORY, Properties: wire},
		}}); err != nil {
			t.Fatal(err)
		}
	}
	configure(map[string]any{"values": []any{"false"}})
	if found := violations(t, s); len(found) > 0 {
		t.Errorf("with another value allowed, found %s", messages(found))
	}
	configure(nil)
	if found := violations(t, s); len(found) != 1 || found[0].EnforcementLevel != pulumirpc.EnforcementLevel_MANDATORY {
		t.Errorf("found %s", messages(found))
	}
	// What the engine's schema check would refuse must not pass here either.
	configure(map[string]any{"values": "false"})
	if found := violations(t, s); len(found) != 1 || !strings.Contains(found[0].Message, "panicked") {
		t.Errorf("with a setting of a wrong kind, found %s", messages(found))
	}
}

func TestConfigurationOfAnUnknownRuleNamesTheNearest(t *testing.T) {
	s := serve(t, "", valid(), inStack())
	_, err := s.Configure(context.Background(), &pulumirpc.ConfigureAnalyzerRequest{PolicyConfig: map[string]*pulumirpc.PolicyConfig{"thing-onn": {}}})
	if err == nil || err.Error() != `pack pack has no rule "thing-onn": the nearest is "thing-on"` {
		t.Errorf("got %v", err)
	}
	if _, err := configured(t, "rules:\n  thing-on: advisory\n  thing-onn: advisory\n", valid()); err == nil ||
		!strings.Contains(err.Error(), `policy.yaml:3: there is no rule "thing-onn": the nearest is "thing-on"`) {
		t.Errorf("got %v", err)
	}
}

const exception = "exceptions: [{rule: %s, urn: \"urn:th*\", reason: It is a lamp., owner: web, expires: %s}]"

func exceptionFor(rule, day string) string {
	return strings.Replace(strings.Replace(exception, "%s", rule, 1), "%s", day, 1)
}

func TestExceptionHoldsThroughItsLastDay(t *testing.T) {
	for _, r := range []Rule{valid(), inStack()} {
		if found := violations(t, serve(t, exceptionFor(r.ID, "2027-03-31"), r)); len(found) > 0 {
			t.Errorf("%s: found %s", r.ID, messages(found))
		}
	}
}

func TestExceptionForAnotherResourceExcusesNothing(t *testing.T) {
	file := strings.ReplaceAll(exceptionFor("thing-on", "2027-03-31"), "urn:th*", "urn:other*")
	if found := violations(t, serve(t, file, valid())); len(found) != 1 {
		t.Errorf("found %s", messages(found))
	}
}

func TestExpiredExceptionIsAViolationByItself(t *testing.T) {
	s := serve(t, exceptionFor("thing-on", "2027-03-30"), valid())
	found := violations(t, s)
	if len(found) != 2 {
		t.Fatalf("found %s", messages(found))
	}
	for i, want := range []string{
		"on is false: set on to true (severity low); the exception in policy.yaml:1 for urn:th*, by web, expired on 2027-03-30",
		"expired on 2027-03-30: renew it or remove it",
	} {
		if !strings.HasSuffix(found[i].Message, want) || found[i].EnforcementLevel != pulumirpc.EnforcementLevel_MANDATORY {
			t.Errorf("found %v, want %q", found[i], want)
		}
	}
	good, err := s.AnalyzeStack(context.Background(), &pulumirpc.AnalyzeStackRequest{})
	if err != nil || len(good.Diagnostics) != 1 {
		t.Errorf("in a stack with nothing to excuse, found %v, %v", good, err)
	}
}

func TestRemediationPutsTheSafeValueInPlace(t *testing.T) {
	r := valid()
	r.Fix = []Fix{{"on", true}, {"deep.er", "yes"}, {"list", []any{"a", "b"}}}
	request := &pulumirpc.AnalyzeRequest{Type: "a:b:C", Urn: "urn:thing", Properties: off(t)}
	for level, want := range map[string]int{"mandatory": 0, "remediate": 1} {
		response, err := serve(t, "rules: {thing-on: "+level+"}", r).Remediate(context.Background(), request)
		if err != nil || len(response.Remediations) != want {
			t.Fatalf("at level %s: %v, %v", level, response, err)
		}
		if want == 1 {
			got := response.Remediations[0].Properties.AsMap()
			if got["on"] != true || got["deep"].(map[string]any)["er"] != "yes" || !reflect.DeepEqual(got["list"], []any{"a", "b"}) {
				t.Errorf("mended to %v", got)
			}
		}
	}
}

func TestRemediationLeavesWhatIsExcusedAlone(t *testing.T) {
	r := valid()
	r.Fix = []Fix{{"on", true}}
	s := serve(t, "rules: {thing-on: remediate}\n"+exceptionFor("thing-on", "2027-12-31"), r)
	response, err := s.Remediate(context.Background(), &pulumirpc.AnalyzeRequest{Type: "a:b:C", Urn: "urn:thing", Properties: off(t)})
	if err != nil || len(response.Remediations) > 0 {
		t.Errorf("got %v, %v", response, err)
	}
}
