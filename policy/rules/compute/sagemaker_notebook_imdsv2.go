package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "sagemaker-notebook-imdsv2",
	Title:    "SageMaker notebooks take metadata requests of version 2 alone.",
	Severity: rule.Medium,
	Description: "With version 1, whoever makes a program on the machine fetch an address has its credentials. Version 2 " +
		"asks for a token first.",
	Remedy: "set instanceMetadataServiceConfiguration.minimumInstanceMetadataServiceVersion to 2",
	Check:  rule.That("instanceMetadataServiceConfiguration.minimumInstanceMetadataServiceVersion", rule.IsOneOf("2")),
	Fix:    []rule.Fix{{Property: "instanceMetadataServiceConfiguration.minimumInstanceMetadataServiceVersion", Value: "2"}},
}.On("aws:sagemaker/notebookInstance:NotebookInstance", rule.Properties{
	"instanceType":                         "ml.t3.medium",
	"roleArn":                              "arn:aws:iam::123456789012:role/notebook",
	"instanceMetadataServiceConfiguration": map[string]any{"minimumInstanceMetadataServiceVersion": "2"},
}, "instanceMetadataServiceConfiguration.minimumInstanceMetadataServiceVersion", "1", rule.Missing))
