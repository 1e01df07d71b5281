package audit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "eks-control-plane-logs",
	Title:       "EKS clusters log all of their control plane.",
	Severity:    rule.Medium,
	Description: "The audit log says who asked the cluster for what; without the others nobody can say why it did it.",
	Remedy:      "set enabledClusterLogTypes to api, audit, authenticator, controllerManager and scheduler",
	Check:       rule.That("enabledClusterLogTypes", rule.HasAll("api", "audit", "authenticator", "controllerManager", "scheduler")),
	Fix:         []rule.Fix{{Property: "enabledClusterLogTypes", Value: []any{"api", "audit", "authenticator", "controllerManager", "scheduler"}}},
}.On("aws:eks/cluster:Cluster", rule.Properties{
	"roleArn":                "arn:aws:iam::123456789012:role/cluster",
	"enabledClusterLogTypes": []any{"api", "audit", "authenticator", "controllerManager", "scheduler"},
}, "enabledClusterLogTypes", []any{"api", "authenticator"}, rule.Missing))
