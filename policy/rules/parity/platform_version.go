package parity

import (
	"fmt"
	"maps"
	"slices"

	"github.com/tandem-platform/tandem/policy/rule"
)

// versions are where each type says its version.
var versions = map[string]string{
	auroraCluster:                                       "engineVersion",
	globalCluster:                                       "engineVersion",
	"aws:rds/instance:Instance":                         "engineVersion",
	"aws:eks/cluster:Cluster":                           "version",
	"aws:eks/nodeGroup:NodeGroup":                       "version",
	"aws:eks/addon:Addon":                               "addonVersion",
	"kubernetes:helm.sh/v3:Release":                     "version",
	"aws:elasticache/replicationGroup:ReplicationGroup": "engineVersion",
	"aws:opensearch/domain:Domain":                      "engineVersion",
	"aws:memorydb/cluster:Cluster":                      "engineVersion",
	"aws:mq/broker:Broker":                              "engineVersion",
	"aws:msk/cluster:Cluster":                           "kafkaVersion",
}

// typesOf are the types of a table, in order.
func typesOf(table map[string]string) []string { return slices.Sorted(maps.Keys(table)) }

var _ = rules.Add(rule.Rule{
	ID:       "platform-version",
	Title:    "Both regions run the versions that configuration gives.",
	Severity: rule.High,
	Description: "A standby of another version is a standby that nobody has tested: a database that may not be promoted, a cluster " +
		"that refuses the manifests of the other. One file that both stacks are held to keeps them alike.",
	Remedy:   "set the version of the configuration, or change it there for both regions",
	Types:    typesOf(versions),
	Settings: []rule.Setting{byURN("versions", "Versions of engines, clusters, add-ons and charts,", text)},
	CheckInStack: func(r rule.Resource, _ *rule.Stack) []rule.Finding {
		v := r.At(versions[r.Type])
		if v.Unknown() {
			return nil
		}
		var findings []rule.Finding
		for _, want := range configured(r, "versions") {
			want, _ := want.(string)
			if !rule.IsOneOf(want)(v) {
				findings = append(findings, v.Finding(fmt.Sprintf("set it to %s, or change the configuration for both regions", want)))
			}
		}
		return findings
	},
	ExampleSettings: map[string]any{"versions": map[string]any{"*rds/cluster:Cluster::*-versioned": "16.8"}},
	Good:            []rule.Example{versioned("16.8")},
	Bad:             []rule.Example{versioned("16.4")},
})

func versioned(version string) rule.Example {
	return rule.Example{{Type: auroraCluster, Name: "orders-versioned", Properties: rule.Properties{"engine": "aurora-postgresql", "engineVersion": version}}}
}
