package transit

import "github.com/tandem-platform/tandem/policy/rule"

// tls12 are the policies that refuse TLS 1.1 and below (Application Load Balancer
// user guide, security policies).
var tls12 = []string{
	"ELBSecurityPolicy-TLS13-1-2-2021-06",
	"ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
	"ELBSecurityPolicy-TLS13-1-3-2021-06",
	"ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04",
	"ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04",
	"ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
	"ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
	"ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
}

var _ = rules.Add(rule.Rule{
	ID:          "alb-listener-tls-policy",
	Title:       "HTTPS and TLS listeners use a policy of TLS 1.2 or later.",
	Severity:    rule.High,
	Description: "The default policy still talks TLS 1.0 and 1.1, whose ciphers are broken.",
	Remedy:      "set sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06",
	Check:       rule.When("protocol", rule.IsOneOf("HTTPS", "TLS"), rule.That("sslPolicy", rule.IsOneOf(tls12...))),
	Fix:         []rule.Fix{{Property: "sslPolicy", Value: "ELBSecurityPolicy-TLS13-1-2-2021-06"}},
}.On("aws:lb/listener:Listener", rule.Properties{
	"loadBalancerArn": "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/1",
	"port":            443.0,
	"protocol":        "HTTPS",
	"sslPolicy":       "ELBSecurityPolicy-TLS13-1-2-2021-06",
	"defaultActions":  []any{map[string]any{"type": "forward"}},
}, "sslPolicy", "ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS-1-0-2015-04", rule.Missing))
