package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "sns-subscription-https",
	Title:       "SNS sends to web addresses over HTTPS.",
	Severity:    rule.Medium,
	Description: "Messages to an HTTP endpoint pass the internet in the clear.",
	Remedy:      "set protocol to https",
	Check:       rule.That("protocol", rule.IsNoneOf("http")),
}.On("aws:sns/topicSubscription:TopicSubscription", rule.Properties{
	"topic":    "arn:aws:sns:us-east-1:123456789012:alarms",
	"endpoint": "https://hooks.tandem.example/alarms",
	"protocol": "https",
}, "protocol", "http"))
