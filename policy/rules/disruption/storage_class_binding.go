package disruption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "storage-class-binding",
	Title:       "Storage classes make volumes where the pod is.",
	Severity:    rule.Low,
	Description: "A volume that is made at once may be in a zone in which the pod has no room.",
	Remedy:      "set volumeBindingMode to WaitForFirstConsumer",
	Check:       rule.That("volumeBindingMode", rule.IsOneOf("WaitForFirstConsumer")),
}.On("kubernetes:storage.k8s.io/v1:StorageClass", rule.Properties{"provisioner": "ebs.csi.aws.com", "volumeBindingMode": "WaitForFirstConsumer"}, "volumeBindingMode", "Immediate", rule.Missing))
