package compute

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ecr-scan-on-push",
	Title:       "ECR repositories scan images as they are pushed.",
	Severity:    rule.Medium,
	Description: "The known flaws of an image are found before it runs.",
	Remedy:      "set imageScanningConfiguration.scanOnPush to true",
	Check:       rule.That("imageScanningConfiguration.scanOnPush", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "imageScanningConfiguration.scanOnPush", Value: true}},
}.On("aws:ecr/repository:Repository", rule.Properties{"name": "web", "imageScanningConfiguration": map[string]any{"scanOnPush": true}}, "imageScanningConfiguration.scanOnPush", false, rule.Missing))
