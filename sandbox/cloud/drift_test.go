package cloud_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

func TestDriftChangesWhatIsAsked(t *testing.T) {
	w := cloudtest.New(t)
	p := w.Configured("aws", props{"region": "us-east-1", "defaultTags": props{"tags": props{"Platform": "p"}}})
	g := p.Make(logGroupType, "logs", props{"name": "logs", "retentionInDays": 7, "tags": props{"Owner": "a"}})
	for _, test := range []struct {
		drift cloud.Drift
		want  string
		path  string
		value any
	}{
		{cloud.Drift{Name: "logs", Property: "retentionInDays", Value: "14"}, "changed retentionInDays of " + logGroupType + " logs (" + cloudtest.URN(logGroupType, "logs") + ") from 7 to 14", "retentionInDays", 14.0},
		{cloud.Drift{Type: "LogGroup", Property: "tags.Owner", Value: `"b"`}, `from "a" to "b"`, "tags.Owner", "b"},
		{cloud.Drift{URN: cloudtest.URN(logGroupType, "logs"), Property: "retentionInDays", Value: "null"}, "from 14 to nothing", "retentionInDays", nil},
	} {
		done, err := w.Cloud.Drift(test.drift)
		if err != nil || !strings.Contains(done.String(), test.want) {
			t.Errorf("%+v: %v, %v, want %q", test.drift, done, err, test.want)
		}
		r, err := g.Read()
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range []map[string]any{p.Unmarshal(r.Inputs).Mappable(), p.Unmarshal(r.Properties).Mappable()} {
			var have any = m
			for _, name := range strings.Split(test.path, ".") {
				have = have.(map[string]any)[name]
			}
			if have != test.value {
				t.Errorf("%+v: %s reads as %v", test.drift, test.path, have)
			}
		}
	}
	r, err := w.Cloud.Lookup(logGroupType, "logs")
	if err != nil || r.Text("tagsAll.Owner") != "b" {
		t.Errorf("all tags are %v, %v", r.At("tagsAll"), err)
	}
}

func TestDriftKeepsTheCloudsRules(t *testing.T) {
	w := cloudtest.New(t)
	p := w.AWS("us-east-1")
	c := p.Cluster("c", "us-east-1", p.Network("us-east-1"))
	w.Kubernetes(c).Make(namespaceType, "n", object("n", "", nil))
	for _, test := range []struct {
		drift cloud.Drift
		want  string
	}{
		{cloud.Drift{Type: "Vpc", Delete: true}, "DependencyViolation"},
		{cloud.Drift{Type: "Vpc", Property: "cidrBlock", Value: `"10.1.0.0/16"`}, "it would be another resource"},
		{cloud.Drift{Type: "Vpc", Property: "colour", Value: `"red"`}, "colour"},
		{cloud.Drift{Type: "Vpc", Property: "tags", Value: `"red"`}, "tags"},
		{cloud.Drift{Type: "Namespace", Property: "metadata.name", Value: `"m"`}, "it would be another object"},
		{cloud.Drift{Type: "Namespace", Property: "spec.colour", Value: `"red"`}, `unknown field "spec.colour"`},
		{cloud.Drift{Type: "Vpc", Name: "none"}, "nothing in the clouds fits: Vpc none"},
		{cloud.Drift{Type: "Vpc", Property: "tags", Value: `red`}, "the value red is not JSON"},
		{cloud.Drift{Type: "Vpc", Value: `1`}, "no property"},
		{cloud.Drift{Type: "Vpc", Property: "tags", Delete: true}, "choose one"},
	} {
		_, err := w.Cloud.Drift(test.drift)
		cloudtest.WantError(t, err, test.want)
	}
}

func TestDriftAtRandomIsDecidedByItsSeed(t *testing.T) {
	run := func(seed uint64, remove bool) string {
		w := cloudtest.New(t)
		w.Site("us-east-1", "PRIMARY", w.AWS("us-east-1").Zone())
		done, err := w.Cloud.Drift(cloud.Drift{Seed: seed, Delete: remove})
		if err != nil {
			t.Fatal(err)
		}
		r := done.Resource
		now, err := w.Cloud.Resources(func(o *cloud.Resource) bool { return o.Key() == r.Key() })
		if err != nil {
			t.Fatal(err)
		}
		if remove && len(now) > 0 || !remove && (len(now) != 1 || now[0].MadeOf(nil)) {
			t.Errorf("%s: the cloud has %v", done, now)
		}
		return done.String()
	}
	for _, remove := range []bool{false, true} {
		seen := map[string]bool{}
		for seed := range uint64(5) {
			first := run(seed, remove)
			if again := run(seed, remove); again != first {
				t.Errorf("seed %d: first %s, then %s", seed, first, again)
			}
			seen[first] = true
		}
		if len(seen) < 3 {
			t.Errorf("five seeds do only %v", seen)
		}
	}
}

func TestDriftShowsNoSecret(t *testing.T) {
	w := cloudtest.New(t)
	p := w.AWS("us-east-1")
	k := w.Kubernetes(p.Cluster("c", "us-east-1", p.Network("us-east-1")))
	k.Make("kubernetes:core/v1:Secret", "s", object("s", "default", props{"stringData": props{"word": "hush"}}))
	done, err := w.Cloud.Drift(cloud.Drift{Type: "Secret", Property: "stringData.word", Value: `"other"`})
	if err != nil || strings.Contains(done.String(), "hush") {
		t.Errorf("got %v, %v", done, err)
	}
}

func TestShortDiffNamesTheProperty(t *testing.T) {
	v := cloudtest.New(t).AWS("us-east-1").Make(vpcType, "v", props{"cidrBlock": "10.0.0.0/16", "tags": props{"Owner": "a"}})
	if d := v.Diff(props{"tags": props{"Owner": "b"}}); !slices.Equal(d.Diffs, []string{"tags", "tagsAll"}) {
		t.Errorf("the engine is told of %v", d.Diffs)
	}
}
