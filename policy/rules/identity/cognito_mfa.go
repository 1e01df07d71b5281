package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "cognito-mfa",
	Title:       "Cognito user pools ask for a second factor.",
	Severity:    rule.Medium,
	Description: "A password alone is stolen by the first page that looks right.",
	Remedy:      "set mfaConfiguration to ON, or OPTIONAL where users choose",
	Check:       rule.That("mfaConfiguration", rule.IsOneOf("ON", "OPTIONAL")),
}.On("aws:cognito/userPool:UserPool", rule.Properties{
	"name":                          "customers",
	"mfaConfiguration":              "ON",
	"softwareTokenMfaConfiguration": map[string]any{"enabled": true},
}, "mfaConfiguration", "OFF", rule.Missing))
