package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "sagemaker-notebook-customer-key",
	Title:       "SageMaker notebooks are encrypted with a KMS key of the customer's.",
	Severity:    rule.Medium,
	Description: "A notebook's volume has extracts of whatever its user may read.",
	Remedy:      "set kmsKeyId to a key of your own",
	Check:       rule.That("kmsKeyId", rule.IsSet),
}.On("aws:sagemaker/notebookInstance:NotebookInstance", rule.Properties{
	"instanceType": "ml.t3.medium",
	"roleArn":      "arn:aws:iam::123456789012:role/notebook",
	"kmsKeyId":     "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555",
}, "kmsKeyId", rule.Missing))
