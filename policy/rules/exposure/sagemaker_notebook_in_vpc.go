package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "sagemaker-notebook-in-vpc",
	Title:       "SageMaker notebooks are inside a VPC.",
	Severity:    rule.High,
	Description: "Outside, no security group and no endpoint policy stands between the notebook and the rest.",
	Remedy:      "set subnetId and securityGroups",
	Check:       rule.That("subnetId", rule.IsSet),
}.On("aws:sagemaker/notebookInstance:NotebookInstance", rule.Properties{
	"instanceType":         "ml.t3.medium",
	"roleArn":              "arn:aws:iam::123456789012:role/notebook",
	"directInternetAccess": "Disabled",
	"subnetId":             "subnet-1",
}, "subnetId", rule.Missing))
