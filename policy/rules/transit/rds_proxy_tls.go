package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "rds-proxy-tls",
	Title:       "RDS proxies require TLS.",
	Severity:    rule.High,
	Description: "Otherwise a client decides, and a client that does not ask for TLS sends its password in the clear.",
	Remedy:      "set requireTls to true",
	Check:       rule.That("requireTls", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "requireTls", Value: true}},
}.On("aws:rds/proxy:Proxy", rule.Properties{
	"engineFamily": "POSTGRESQL",
	"roleArn":      "arn:aws:iam::123456789012:role/proxy",
	"vpcSubnetIds": []any{"subnet-1"},
	"requireTls":   true,
}, "requireTls", false, rule.Missing))
