package parity

import "github.com/tandem-platform/tandem/policy/rule"

const secret = "aws:secretsmanager/secret:Secret"

var _ = rules.Add(rule.Rule{
	ID:       "secret-replicated",
	Title:    "Secrets whose key has a replica have one too.",
	Severity: rule.High,
	Description: "The key is in the standby region so that what it encrypts can be read there. A secret that is not is missed when " +
		"the standby takes over: the secret of a lost region cannot be copied any more.",
	Remedy: "add the region of the key's replica to replicas, with that key",
	Types:  []string{secret},
	CheckInStack: func(r rule.Resource, stack *rule.Stack) []rule.Finding {
		replicas := r.At("replicas")
		if replicas.Unknown() || !replicas.Empty() {
			return nil
		}
		for _, k := range stack.OfType(key) {
			if stack.Refers(r, "kmsKeyId", k, "arn", "keyId", "id") != rule.Yes {
				continue
			}
			for _, replica := range stack.OfType(replicaKey) {
				if stack.Refers(replica, "primaryKeyArn", k, "arn") == rule.Yes {
					return []rule.Finding{{Property: "replicas", Value: "missing"}}
				}
			}
		}
		return nil
	},
	Good: []rule.Example{
		{multiRegionKey, replicaOfKey, secretWith(rule.Properties{"replicas": []any{map[string]any{"region": "us-west-2"}}})},
		{multiRegionKey, secretWith(nil)},
	},
	Bad: []rule.Example{{multiRegionKey, replicaOfKey, secretWith(nil)}},
})

func secretWith(more rule.Properties) rule.ExampleResource {
	properties := rule.Properties{"kmsKeyId": rule.Ref{Resource: "data", Property: "arn"}}
	for k, v := range more {
		properties[k] = v
	}
	return rule.ExampleResource{Type: secret, Name: "database", Provider: in("us-east-1"), Properties: properties}
}
