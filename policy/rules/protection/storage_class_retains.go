package protection

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "storage-class-retains",
	Title:       "Storage classes keep volumes whose claim is gone.",
	Severity:    rule.Low,
	Description: "The default deletes the data with the claim. A class for scratch volumes needs an exception.",
	Remedy:      "set reclaimPolicy to Retain",
	Check:       rule.That("reclaimPolicy", rule.IsOneOf("Retain")),
}.On("kubernetes:storage.k8s.io/v1:StorageClass", rule.Properties{"provisioner": "ebs.csi.aws.com", "reclaimPolicy": "Retain"}, "reclaimPolicy", "Delete", rule.Missing))
