package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "sagemaker-notebook-no-root",
	Title:       "Users of SageMaker notebooks are not root.",
	Severity:    rule.Medium,
	Description: "As root, a user changes what the administrators set up, and installs what stays.",
	Remedy:      "set rootAccess to Disabled",
	Check:       rule.That("rootAccess", rule.IsOneOf("Disabled")),
	Fix:         []rule.Fix{{Property: "rootAccess", Value: "Disabled"}},
}.On("aws:sagemaker/notebookInstance:NotebookInstance", rule.Properties{
	"instanceType": "ml.t3.medium",
	"roleArn":      "arn:aws:iam::123456789012:role/notebook",
	"rootAccess":   "Disabled",
}, "rootAccess", "Enabled", rule.Missing))
