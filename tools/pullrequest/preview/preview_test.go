package preview

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func readLog(t *testing.T, name string) []byte {
	t.Helper()
	log, err := os.ReadFile("../testdata/" + name + ".events")
	if err != nil {
		t.Fatal(err)
	}
	return log
}

func parse(t *testing.T, log string) *Preview {
	t.Helper()
	p, err := Read("prod-east", strings.NewReader(log))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestReplacementIsOneChange(t *testing.T) {
	p := parse(t, string(readLog(t, "replace")))
	count := 0
	for _, change := range p.Changes {
		if change.URN.Name() != "prod-east-vpc" {
			continue
		}
		count++
		want := Property{Path: "cidrBlock", Replaces: true, Old: "10.0.0.0/16", New: "10.9.0.0/16"}
		if change.Op != Replace || !slices.Contains(change.Properties, want) {
			t.Errorf("the VPC: %+v", change)
		}
	}
	if count != 1 {
		t.Errorf("the VPC is in %d changes", count)
	}
	if !p.Complete || p.Failed {
		t.Errorf("complete %t, failed %t", p.Complete, p.Failed)
	}
	if !slices.IsSortedFunc(p.Changes, func(a, b Change) int { return slices.Index(Ops, a.Op) - slices.Index(Ops, b.Op) }) {
		t.Error("the gravest changes do not come first")
	}
}

func TestPathsLeadIntoValues(t *testing.T) {
	p := parse(t, string(readLog(t, "update")))
	for _, change := range p.Changes {
		for _, property := range change.Properties {
			if property.Old == nil && property.New == nil {
				t.Errorf("%s of %s has no value, neither old nor new", property.Path, change.URN.Name())
			}
		}
	}
	image := Property{Path: "spec.template.spec.containers[0].image", Old: "registry.k8s.io/e2e-test-images/agnhost:2.53", New: "registry.k8s.io/e2e-test-images/agnhost:2.54"}
	if !slices.ContainsFunc(p.Changes, func(c Change) bool { return slices.Contains(c.Properties, image) }) {
		t.Errorf("no change of the image in %+v", p.Changes)
	}
}

func TestFailureOfTheProgramIsReported(t *testing.T) {
	p := parse(t, string(readLog(t, "error")))
	if !p.Failed || p.Complete || len(p.Errors) == 0 || !strings.Contains(strings.Join(p.Errors, "\n"), `tandem:platform.network.nat: Unsupported value: "bogus"`) {
		t.Errorf("failed %t, complete %t, errors %q", p.Failed, p.Complete, p.Errors)
	}
}

func TestPolicyFindings(t *testing.T) {
	p := parse(t, `{"policyEvent":{"resourceUrn":"urn:pulumi:a::b::c:d:E::f","message":"<{%reset%}>no key<{%reset%}>\n","policyName":"z","policyPackName":"security","enforcementLevel":"advisory"}}
{"policyEvent":{"message":"no owner","policyName":"y","policyPackName":"cost","enforcementLevel":"mandatory"}}
{"summaryEvent":{"result":"failed","PolicyPacks":{"security|local|somewhere":"1.0.0","cost":"v2"}}}
`)
	want := []Violation{
		{Mandatory: true, Pack: "cost", Policy: "y", Message: "no owner"},
		{Pack: "security", Policy: "z", URN: "urn:pulumi:a::b::c:d:E::f", Message: "no key"},
	}
	if !slices.Equal(p.Violations, want) {
		t.Errorf("got %+v", p.Violations)
	}
	if !slices.Equal(p.Packs, []string{"cost v2", "security 1.0.0"}) {
		t.Errorf("packs %q", p.Packs)
	}
}

func TestOutputsThatAreNotKnownYetCountAsChanged(t *testing.T) {
	p := parse(t, `{"resOutputsEvent":{"metadata":{"op":"same","urn":"urn:pulumi:a::b::pulumi:pulumi:Stack::b-a","type":"pulumi:pulumi:Stack","old":{"outputs":{"same":"1","gone":1,"zone":"Z1"}},"new":{"outputs":{"same":"1","zone":"04da6b54-80e4-46f7-96ec-b56ff0331ba9","added":[1]}}}}}
`)
	if !slices.Equal(p.Outputs, []string{"added", "gone", "zone"}) {
		t.Errorf("got %q", p.Outputs)
	}
}

// A preview that is killed leaves a log that ends anywhere.
func TestALogThatWasCutOffIsNeverComplete(t *testing.T) {
	log := readLog(t, "replace")
	end := bytes.Index(log, []byte(`"summaryEvent"`))
	rapid.Check(t, func(r *rapid.T) {
		p, err := Read("prod-east", bytes.NewReader(log[:rapid.IntRange(0, end).Draw(r, "end")]))
		if err != nil {
			r.Fatal(err)
		}
		if p.Complete {
			r.Error("complete")
		}
	})
}

func TestALineThatIsNoEventIsNamed(t *testing.T) {
	_, err := Read("prod-east", strings.NewReader("{}\nerror: no such stack\n"))
	if err == nil || !strings.Contains(err.Error(), "line 2 is no engine event") {
		t.Error(err)
	}
}
