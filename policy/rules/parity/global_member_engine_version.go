package parity

import (
	"fmt"

	"github.com/tandem-platform/tandem/policy/rule"
)

var _ = rules.Add(rule.Rule{
	ID:       "global-member-engine-version",
	Title:    "Members of an Aurora global database run the version of the database.",
	Severity: rule.High,
	Description: "A managed failover and a switchover need the same minor version in both regions. A member of another one " +
		"replicates well, and is refused when it should take over.",
	Remedy: "set engineVersion of the cluster and of the global cluster to the same; upgrade the secondaries first",
	Types:  []string{auroraCluster},
	CheckInStack: func(cluster rule.Resource, stack *rule.Stack) []rule.Finding {
		v := cluster.At("engineVersion")
		version, known := v.Text()
		if !known {
			return nil
		}
		for _, global := range stack.OfType(globalCluster) {
			if stack.Refers(cluster, "globalClusterIdentifier", global, "globalClusterIdentifier", "id") != rule.Yes {
				continue
			}
			if want, known := global.At("engineVersion").Text(); known && want != version {
				f := v.Finding("")
				if !global.At("engineVersion").Secret() {
					f.Remedy = fmt.Sprintf("set engineVersion to %s, that of the global cluster; upgrade the secondaries first", want)
				}
				return []rule.Finding{f}
			}
		}
		return nil
	},
	Good: []rule.Example{{globalOf("16.8"), secondary(ref("global"))}},
	Bad:  []rule.Example{{globalOf("16.9"), secondary(ref("global"))}},
})

func globalOf(version string) rule.ExampleResource {
	return rule.ExampleResource{Type: globalCluster, Name: "global", Provider: in("us-east-1"), Properties: rule.Properties{
		"globalClusterIdentifier": "orders-global", "engine": "aurora-postgresql", "engineVersion": version,
	}}
}
