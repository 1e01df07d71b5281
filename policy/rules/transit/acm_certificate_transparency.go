package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "acm-certificate-transparency",
	Title:    "Public certificates are logged for transparency.",
	Severity: rule.Low,
	Description: "Browsers refuse certificates that are in no transparency log, and the log is how a certificate that " +
		"somebody else got for your name is found.",
	Remedy: "leave options.certificateTransparencyLoggingPreference out",
	Check:  rule.That("options.certificateTransparencyLoggingPreference", rule.IsNoneOf("DISABLED")),
}.On("aws:acm/certificate:Certificate", rule.Properties{
	"domainName":       "tandem.example",
	"validationMethod": "DNS",
	"options":          map[string]any{"certificateTransparencyLoggingPreference": "ENABLED"},
}, "options.certificateTransparencyLoggingPreference", "DISABLED"))
