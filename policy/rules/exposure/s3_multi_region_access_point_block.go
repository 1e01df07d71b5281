package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "s3-multi-region-access-point-block",
	Title:       "Public access blocks of multi-Region access points block public policies.",
	Severity:    rule.High,
	Description: "The block of a multi-Region access point can never be changed.",
	Remedy:      "leave details.publicAccessBlock out: the default blocks",
	Check:       rule.That("details.publicAccessBlock.blockPublicPolicy", rule.IsNotFalse),
}.On("aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint", rule.Properties{
	"details": map[string]any{"name": "files", "publicAccessBlock": map[string]any{"blockPublicPolicy": true}, "regions": []any{map[string]any{"bucket": "files"}}},
}, "details.publicAccessBlock.blockPublicPolicy", false))
