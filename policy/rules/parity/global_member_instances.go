package parity

import (
	"maps"
	"slices"
	"strconv"

	"github.com/tandem-platform/tandem/policy/rule"
)

const (
	auroraCluster  = "aws:rds/cluster:Cluster"
	auroraInstance = "aws:rds/clusterInstance:ClusterInstance"
	globalCluster  = "aws:rds/globalCluster:GlobalCluster"
)

// member reports whether a cluster certainly is a member of a global database.
func member(cluster rule.Resource, stack *rule.Stack) bool {
	if id := cluster.At("globalClusterIdentifier"); !id.Unknown() {
		return !id.Empty()
	}
	return slices.ContainsFunc(stack.OfType(globalCluster), func(global rule.Resource) bool {
		return stack.Refers(cluster, "globalClusterIdentifier", global, "globalClusterIdentifier", "id") == rule.Yes
	})
}

// instances are the instances that may be of a cluster.
func instances(cluster rule.Resource, stack *rule.Stack) []rule.Resource {
	var possible []rule.Resource
	for _, instance := range stack.OfType(auroraInstance) {
		if stack.Refers(instance, "clusterIdentifier", cluster, "clusterIdentifier") != rule.No {
			possible = append(possible, instance)
		}
	}
	return possible
}

var _ = rules.Add(rule.Rule{
	ID:       "global-member-instances",
	Title:    "Every member of an Aurora global database has instances.",
	Severity: rule.Critical,
	Description: "A secondary cluster without an instance keeps the data, and cannot be promoted before it gets one: minutes in " +
		"which nothing is written. With one, the region that takes over has no spare.",
	Remedy: "add instances to the cluster, as many as in the region that it stands in for",
	Types:  []string{auroraCluster},
	Settings: []rule.Setting{{
		Name:        "minimum",
		Description: "How many instances a member has at least.",
		Schema:      map[string]any{"type": "integer", "minimum": 1.0},
		Default:     2.0,
	}},
	CheckInStack: func(cluster rule.Resource, stack *rule.Stack) []rule.Finding {
		if !member(cluster, stack) {
			return nil
		}
		found := len(instances(cluster, stack))
		if float64(found) >= cluster.Settings.Number("minimum") {
			return nil
		}
		f := rule.Finding{Property: "instances", Value: "missing"}
		if found > 0 {
			f.Value = strconv.Itoa(found)
		}
		return []rule.Finding{f}
	},
	Good: []rule.Example{
		{secondary("orders"), instanceOf("first", nil), instanceOf("second", nil)},
		{{Type: auroraCluster, Name: "west", Properties: rule.Properties{"engine": "aurora-postgresql"}}},
	},
	Bad: []rule.Example{{secondary("orders"), instanceOf("first", nil)}},
})

// secondary is a cluster that has joined a global database.
func secondary(global any) rule.ExampleResource {
	return rule.ExampleResource{Type: auroraCluster, Name: "west", Provider: in("us-west-2"), Properties: rule.Properties{
		"engine": "aurora-postgresql", "engineVersion": "16.8", "clusterIdentifier": "orders-west", "globalClusterIdentifier": global, "dbClusterParameterGroupName": "orders",
	}}
}

// instanceOf is an instance of secondary, with more properties.
func instanceOf(name string, more rule.Properties) rule.ExampleResource {
	properties := rule.Properties{"clusterIdentifier": ref("west"), "engine": "aurora-postgresql", "instanceClass": "db.r7g.large"}
	maps.Copy(properties, more)
	return rule.ExampleResource{Type: auroraInstance, Name: name, Provider: in("us-west-2"), Properties: properties}
}
