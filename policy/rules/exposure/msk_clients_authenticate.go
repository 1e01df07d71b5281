package exposure

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "msk-clients-authenticate",
	Title:       "MSK clusters take no clients that do not authenticate.",
	Severity:    rule.High,
	Description: "Whoever reaches the brokers may otherwise read and write every topic.",
	Remedy:      "leave clientAuthentication.unauthenticated out and turn on sasl or tls",
	Check:       rule.That("clientAuthentication.unauthenticated", rule.IsNotTrue),
}.On("aws:msk/cluster:Cluster", rule.Properties{
	"kafkaVersion":         "3.8.x",
	"numberOfBrokerNodes":  3.0,
	"clientAuthentication": map[string]any{"sasl": map[string]any{"iam": true}, "unauthenticated": false},
}, "clientAuthentication.unauthenticated", true))
