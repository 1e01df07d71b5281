package identity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-proxy-iam-authentication",
	Title:       "RDS proxies ask for IAM credentials.",
	Severity:    rule.Medium,
	Description: "The proxy holds the password of the database, so that programs need not.",
	Remedy:      "set iamAuth to REQUIRED",
	Check:       rule.That("auths.*.iamAuth", rule.IsOneOf("REQUIRED")),
}.On("aws:rds/proxy:Proxy", rule.Properties{
	"engineFamily": "POSTGRESQL",
	"roleArn":      "arn:aws:iam::123456789012:role/proxy",
	"vpcSubnetIds": []any{"subnet-1"},
	"auths":        []any{map[string]any{"authScheme": "SECRETS", "iamAuth": "REQUIRED"}},
}, "auths.0.iamAuth", "DISABLED", rule.Missing))
