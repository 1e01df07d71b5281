package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "storage-class-encrypted",
	Title:       "Storage classes make encrypted volumes.",
	Severity:    rule.High,
	Description: "What a pod stores is encrypted only if its class or its region says so.",
	Remedy:      `set parameters.encrypted to "true"`,
	Check:       rule.When("provisioner", rule.IsOneOf("ebs.csi.aws.com", "kubernetes.io/aws-ebs"), rule.That("parameters.encrypted", rule.IsTrue)),
	Fix:         []rule.Fix{{Property: "parameters.encrypted", Value: "true"}},
}.
	On("kubernetes:storage.k8s.io/v1:StorageClass", rule.Properties{
		"provisioner": "ebs.csi.aws.com",
		"parameters":  map[string]any{"type": "gp3", "encrypted": "true"},
	}, "parameters.encrypted", "false", rule.Missing).
	Accepts(rule.Properties{"provisioner": "efs.csi.aws.com"}))
