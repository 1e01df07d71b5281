package parity

import "github.com/tandem-platform/tandem/policy/rule"

const (
	key        = "aws:kms/key:Key"
	replicaKey = "aws:kms/replicaKey:ReplicaKey"
)

var _ = rules.Add(rule.Rule{
	ID:       "multi-region-key-replicated",
	Title:    "Every multi-Region key has a replica.",
	Severity: rule.High,
	Description: "A key is made multi-Region so that another region can read what it encrypts. Until it has a replica there, no " +
		"one can, and a copy of the data is of no use.",
	Remedy: "add a ReplicaKey in the standby region, or except the key if another stack makes its replica",
	Types:  []string{key},
	CheckInStack: func(r rule.Resource, stack *rule.Stack) []rule.Finding {
		if multi := r.At("multiRegion"); multi.Unknown() || rule.IsNotTrue(multi) {
			return nil
		}
		if stack.MayName(r, "primaryKeyArn", []string{"arn"}, replicaKey) {
			return nil
		}
		return []rule.Finding{{Property: "replica", Value: "missing"}}
	},
	Good: []rule.Example{{multiRegionKey, replicaOfKey}, rule.Only(key, rule.Properties{"multiRegion": false})},
	Bad:  []rule.Example{{multiRegionKey}},
})

var (
	multiRegionKey = rule.ExampleResource{Type: key, Name: "data", Provider: in("us-east-1"), Properties: rule.Properties{"multiRegion": true}}
	replicaOfKey   = rule.ExampleResource{Type: replicaKey, Name: "data-west", Provider: in("us-west-2"), Properties: rule.Properties{
		"primaryKeyArn": rule.Ref{Resource: "data", Property: "arn"}, "policy": "{}",
	}}
)
