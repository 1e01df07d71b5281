package kubernetes

import (
	"slices"

	"github.com/tandem-platform/tandem/policy/rule"
)

const (
	namespace     = "kubernetes:core/v1:Namespace"
	networkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
)

var _ = rules.Add(rule.Rule{
	ID:       "namespace-network-policy",
	Title:    "Every namespace has a network policy.",
	Severity: rule.Medium,
	Description: "In a namespace without one, every pod may talk to every other, and whoever is in one is in all. The namespaces of " +
		"Kubernetes itself are left out.",
	Remedy: "add a NetworkPolicy to the namespace that denies what no other policy allows",
	Types:  []string{namespace},
	CheckInStack: func(r rule.Resource, stack *rule.Stack) []rule.Finding {
		if r.At("metadata", "name").Unknown() {
			return nil
		}
		name, known := r.At("metadata", "name").Text()
		if slices.Contains([]string{"kube-system", "kube-public", "kube-node-lease"}, name) {
			return nil
		}
		for _, policy := range stack.OfType(networkPolicy) {
			in := policy.At("metadata", "namespace")
			of, ok := in.Text()
			made := slices.ContainsFunc(stack.Sources(policy, "metadata"), func(source rule.Resource) bool { return source.URN == r.URN })
			from := slices.ContainsFunc(stack.Sources(policy, "metadata"), func(source rule.Resource) bool { return source.Type == namespace })
			// What is unknown, and not made from another namespace, may be this one's.
			if made || ok && known && of == name || (in.Unknown() || ok && !known) && !from {
				return nil
			}
		}
		return []rule.Finding{{Property: "networkPolicy", Value: "missing"}}
	},
	Good: []rule.Example{
		{namespaceExample("orders"), denyIn("orders", "orders")},
		{namespaceExample("orders"), denyIn("orders", rule.Ref{Resource: "orders", Property: "id"}), namespaceExample("stock"), denyIn("stock", rule.Ref{Resource: "stock", Property: "id"})},
		{namespaceExample("kube-system")},
	},
	Bad: []rule.Example{
		{namespaceExample("orders")},
		// A policy of another namespace does not count.
		{namespaceExample("orders"), namespaceExample("stock"), denyIn("stock", rule.Ref{Resource: "stock", Property: "id"})},
	},
})

func namespaceExample(name string) rule.ExampleResource {
	return rule.ExampleResource{Type: namespace, Name: name, Properties: rule.Properties{"metadata": map[string]any{"name": name}}}
}

func denyIn(name string, namespace any) rule.ExampleResource {
	return rule.ExampleResource{Type: networkPolicy, Name: name + "-deny", Properties: rule.Properties{
		"metadata": map[string]any{"namespace": namespace}, "spec": map[string]any{"podSelector": map[string]any{}, "policyTypes": []any{"Ingress", "Egress"}},
	}}
}
