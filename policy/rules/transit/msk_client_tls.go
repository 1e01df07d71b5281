package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "msk-client-tls",
	Title:    "MSK clusters take TLS alone from clients.",
	Severity: rule.High,
	Description: "With TLS_PLAINTEXT one client without TLS is enough to have its data pass in the clear. The default is " +
		"TLS.",
	Remedy: "set encryptionInfo.encryptionInTransit.clientBroker to TLS",
	Check:  rule.That("encryptionInfo.encryptionInTransit.clientBroker", rule.IsOneOf("", "TLS")),
	Fix:    []rule.Fix{{Property: "encryptionInfo.encryptionInTransit.clientBroker", Value: "TLS"}},
}.On("aws:msk/cluster:Cluster", rule.Properties{
	"kafkaVersion":        "3.8.x",
	"numberOfBrokerNodes": 3.0,
	"encryptionInfo":      map[string]any{"encryptionInTransit": map[string]any{"clientBroker": "TLS"}},
}, "encryptionInfo.encryptionInTransit.clientBroker", "TLS_PLAINTEXT", "PLAINTEXT"))
