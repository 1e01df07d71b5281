package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "sagemaker-notebook-no-internet",
	Title:       "SageMaker notebooks have no internet access of their own.",
	Severity:    rule.High,
	Description: "A notebook runs whatever its user pastes, next to the data it may read.",
	Remedy:      "set directInternetAccess to Disabled and subnetId to a private subnet",
	Check:       rule.That("directInternetAccess", rule.IsOneOf("Disabled")),
}.On("aws:sagemaker/notebookInstance:NotebookInstance", rule.Properties{
	"instanceType":         "ml.t3.medium",
	"roleArn":              "arn:aws:iam::123456789012:role/notebook",
	"subnetId":             "subnet-1",
	"directInternetAccess": "Disabled",
}, "directInternetAccess", "Enabled", rule.Missing))
