package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "alb-listener-redirects-http",
	Title:       "HTTP listeners only redirect to HTTPS.",
	Severity:    rule.High,
	Description: "What is forwarded from an HTTP listener came over the network in the clear, cookies included.",
	Remedy:      "make the default action a redirect to HTTPS, or use an HTTPS listener",
	Check:       rule.When("protocol", rule.IsOneOf("HTTP"), rule.That("defaultActions.*.type", rule.IsOneOf("redirect"))),
}.On("aws:lb/listener:Listener", rule.Properties{
	"loadBalancerArn": "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/1",
	"port":            80.0,
	"protocol":        "HTTP",
	"defaultActions":  []any{map[string]any{"type": "redirect", "redirect": map[string]any{"port": "443", "protocol": "HTTPS", "statusCode": "HTTP_301"}}},
}, "defaultActions.0.type", "forward", "fixed-response"))
