package kube

import (
	"regexp"
	"strings"
	"testing"
)

func kindOf(t *testing.T, key string) *Kind {
	t.Helper()
	s, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if s.Kinds[key] == nil {
		t.Fatalf("there is no kind %s", key)
	}
	return s.Kinds[key]
}

type doc = map[string]any

// TestEverySchemaCanBeUsed: patterns and rules are compiled when they are needed,
// so that each must compile.
func TestEverySchemaCanBeUsed(t *testing.T) {
	s, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	rules, seen := 0, map[*Schema]bool{}
	var walk func(where string, of *Schema)
	walk = func(where string, of *Schema) {
		if of == nil || seen[of] {
			return
		}
		seen[of] = true
		if of.Ref != "" && s.Definitions[of.Ref] == nil {
			t.Errorf("%s refers to %s, which there is none", where, of.Ref)
		}
		if _, err := regexp.Compile(of.Pattern); err != nil {
			t.Errorf("%s: %v", where, err)
		}
		for _, r := range of.Validations {
			rules++
			if _, err := program(r.Rule); err != nil {
				t.Errorf("%s: %v", where, err)
			}
		}
		for name, p := range of.Properties {
			walk(where+"."+name, p)
		}
		for _, p := range append(append(append([]*Schema{of.Items, of.AdditionalProperties, of.Not}, of.AnyOf...), of.OneOf...), of.AllOf...) {
			walk(where, p)
		}
	}
	for key, k := range s.Kinds {
		walk(key, k.Schema)
		if k.Plural == "" || k.APIVersion == "" || k.Name == "" {
			t.Errorf("%s lacks a name: %+v", key, k)
		}
		if _, typed := goTypes[key]; typed == k.Custom {
			t.Errorf("%s: a built-in kind has a Go type, and a custom one has none", key)
		}
	}
	for name, d := range s.Definitions {
		walk(name, d)
	}
	if rules == 0 {
		t.Error("no schema has a rule in CEL")
	}
}

func TestProblemsAreWordedAsTheServerDoes(t *testing.T) {
	meta := doc{"name": "x"}
	pool := func(change doc) doc {
		spec := doc{"nodeClassRef": doc{"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "x"}, "requirements": []any{}}
		for k, v := range change {
			spec[k] = v
		}
		return doc{"metadata": meta, "spec": doc{"template": doc{"spec": spec}}}
	}
	for name, c := range map[string]struct {
		key  string
		in   doc
		want string
	}{
		"an unknown field": {
			"karpenter.sh/v1/NodePool", pool(doc{"expiresAfter": "1h"}),
			`strict decoding error: unknown field "spec.template.spec.expiresAfter"`,
		},
		"a rule in CEL": {
			"karpenter.sh/v1/NodePool", pool(doc{"requirements": []any{doc{"key": "a", "operator": "In"}}}),
			`spec.template.spec.requirements: Invalid value: "array": no such key: values evaluating rule`,
		},
		"a missing field": {
			"karpenter.sh/v1/NodePool", pool(doc{"requirements": nil}), "spec.template.spec.requirements: Required value",
		},
		"a wrong type": {
			"karpenter.sh/v1/NodePool", pool(doc{"expireAfter": true}),
			`spec.template.spec.expireAfter: Invalid value: true: spec.template.spec.expireAfter in body must be of type string: "boolean"`,
		},
		"an enumeration": {
			"policy/v1/PodDisruptionBudget", doc{"metadata": meta, "spec": doc{"unhealthyPodEvictionPolicy": "Never"}},
			`spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"`,
		},
		"an element twice": {
			"v1/Service", doc{"metadata": meta, "spec": doc{"ports": []any{doc{"name": "a", "port": 80}, doc{"name": "b", "port": 80}}}},
			"spec.ports[1]: Duplicate value",
		},
		"a label": {
			"v1/ConfigMap", doc{"metadata": doc{"name": "x", "labels": doc{"a": "not valid"}}},
			`metadata.labels: Invalid value: "not valid": a valid label must be`,
		},
		"a quantity": {
			"v1/ResourceQuota", doc{"metadata": meta, "spec": doc{"hard": doc{"pods": "many"}}}, "quantities must match the regular expression",
		},
		"a name": {
			"v1/Service", doc{"metadata": doc{"name": "1st"}, "spec": doc{"ports": []any{doc{"port": 80}}}}, "a DNS-1035 label must consist of",
		},
		"a level of Pod Security": {
			"v1/Namespace", doc{"metadata": doc{"name": "x", "labels": doc{"pod-security.kubernetes.io/enforce": "strict"}}},
			`metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted`,
		},
	} {
		var all []string
		for _, p := range kindOf(t, c.key).Validate(c.in) {
			all = append(all, p.String())
		}
		if text := strings.Join(all, "\n"); !strings.Contains(text, c.want) {
			t.Errorf("%s: %q, want %q", name, text, c.want)
		}
	}
}

func TestWhatIsNotKnownYetIsNotMissed(t *testing.T) {
	k := kindOf(t, "elbv2.k8s.aws/v1beta1/TargetGroupBinding")
	partial := doc{"metadata": doc{"name": "x"}, "spec": doc{"targetType": "ip"}}
	if bad := k.Check(partial); len(bad) > 0 {
		t.Errorf("as far as it is known: %v", bad)
	}
	if bad := k.Validate(partial); len(bad) == 0 {
		t.Error("the whole of it lacks its service")
	}
	if bad := k.Check(doc{"metadata": doc{"name": "x"}, "spec": doc{"targetType": "pod"}}); len(bad) == 0 {
		t.Error("what is known of it is wrong")
	}
}

func TestFixedFieldsDoNotChange(t *testing.T) {
	for key, c := range map[string]struct {
		before, after doc
		want          string
	}{
		"storage.k8s.io/v1/StorageClass": {
			doc{"metadata": doc{"name": "x"}, "provisioner": "ebs.csi.aws.com"},
			doc{"metadata": doc{"name": "x"}, "provisioner": "efs.csi.aws.com"},
			"provisioner: Forbidden: updates to provisioner are forbidden.",
		},
		"v1/ConfigMap": {
			doc{"metadata": doc{"name": "x"}, "immutable": true, "data": doc{"a": "b"}},
			doc{"metadata": doc{"name": "x"}, "immutable": true, "data": doc{"a": "c"}},
			"data: Forbidden: field is immutable when `immutable` is set",
		},
		"autoscaling.k8s.io/v1/VerticalPodAutoscaler": {
			doc{"metadata": doc{"name": "x"}, "spec": doc{"targetRef": doc{"kind": "Deployment", "name": "x"}, "resourcePolicy": doc{"containerPolicies": []any{}}}},
			doc{"metadata": doc{"name": "x"}, "spec": doc{"targetRef": doc{"kind": "Deployment", "name": "x"}, "resourcePolicy": doc{}}},
			`spec.resourcePolicy: Invalid value: null: spec.resourcePolicy in body must be of type object: "null"`,
		},
	} {
		k := kindOf(t, key)
		bad := k.ValidateUpdate(c.after, c.before)
		if len(bad) != 1 || bad[0].String() != c.want {
			t.Errorf("%s: %v, want %s", key, bad, c.want)
		}
		if bad := k.ValidateUpdate(c.before, c.before); len(bad) > 0 {
			t.Errorf("%s, unchanged: %v", key, bad)
		}
	}
}
