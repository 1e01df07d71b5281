package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "classic-elb-listener-encrypted",
	Title:       "Listeners of classic load balancers are encrypted.",
	Severity:    rule.High,
	Description: "What comes in over HTTP or TCP came over the network in the clear.",
	Remedy:      "set lbProtocol to https or ssl with an sslCertificateId; better, use an application load balancer",
	Check:       rule.That("listeners.*.lbProtocol", rule.IsOneOf("https", "ssl", "HTTPS", "SSL")),
}.On("aws:elb/loadBalancer:LoadBalancer", rule.Properties{
	"listeners": []any{map[string]any{"instancePort": 8443.0, "instanceProtocol": "https", "lbPort": 443.0, "lbProtocol": "https"}},
}, "listeners.0.lbProtocol", "http", "tcp"))
