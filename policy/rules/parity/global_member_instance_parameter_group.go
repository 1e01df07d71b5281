package parity

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "global-member-instance-parameter-group",
	Title:    "Instances of members of an Aurora global database name a parameter group.",
	Severity: rule.Medium,
	Description: "What is set for each instance is not taken over from the primary's region either: limits, timeouts and what is " +
		"logged are the engine's defaults.",
	Remedy: "set dbParameterGroupName to a group with the parameters of the other region's",
	Types:  []string{auroraInstance},
	CheckInStack: func(instance rule.Resource, stack *rule.Stack) []rule.Finding {
		for _, cluster := range stack.OfType(auroraCluster) {
			if stack.Refers(instance, "clusterIdentifier", cluster, "clusterIdentifier") == rule.Yes && member(cluster, stack) {
				return rule.That("dbParameterGroupName", isOwnGroup)(instance)
			}
		}
		return nil
	},
	Good: []rule.Example{{secondary("orders"), instanceOf("first", rule.Properties{"dbParameterGroupName": "orders"})}},
	Bad: []rule.Example{
		{secondary("orders"), instanceOf("first", nil)},
		{secondary("orders"), instanceOf("first", rule.Properties{"dbParameterGroupName": "default.aurora-postgresql16"})},
	},
})
