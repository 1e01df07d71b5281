package parity

import (
	"fmt"

	"github.com/tandem-platform/tandem/policy/rule"
)

// meantToTakeOver is the last promotion tier of instances that are meant to take
// over. Those of tier 0 and 1 scale with the writer where they are serverless.
const meantToTakeOver = 1

var _ = rules.Add(rule.Rule{
	ID:       "aurora-instances-alike",
	Title:    "Aurora instances that may take over are as large as the writer.",
	Severity: rule.Medium,
	Description: "The instance that is promoted gets the whole load. A smaller one is up and does not keep up. Tiers from 2 on are " +
		"for readers that are not meant to take over.",
	Remedy: "set the same instanceClass for all instances of promotion tier 0 and 1, or promotionTier to 2 or more",
	Types:  []string{auroraInstance},
	CheckInStack: func(instance rule.Resource, stack *rule.Stack) []rule.Finding {
		class := instance.At("instanceClass")
		size, known := class.Text()
		if !known || !takesOver(instance) {
			return nil
		}
		for _, cluster := range stack.OfType(auroraCluster) {
			if stack.Refers(instance, "clusterIdentifier", cluster, "clusterIdentifier") != rule.Yes {
				continue
			}
			// The first by name stands for the writer, which moves.
			first := instance
			for _, other := range instances(cluster, stack) {
				if takesOver(other) && other.URN < first.URN && stack.Refers(other, "clusterIdentifier", cluster, "clusterIdentifier") == rule.Yes {
					first = other
				}
			}
			if v := first.At("instanceClass"); rule.IsNoneOf(size, "")(v) && !v.Unknown() {
				f := class.Finding("")
				if !v.Secret() && !class.Secret() {
					f.Value = fmt.Sprintf("%s, and that of %s is %s", class, first.Name, v)
				}
				return []rule.Finding{f}
			}
		}
		return nil
	},
	Good: []rule.Example{
		{secondary("orders"), instanceOf("a", nil), instanceOf("b", nil)},
		{secondary("orders"), instanceOf("a", nil), instanceOf("b", rule.Properties{"instanceClass": "db.r7g.xlarge", "promotionTier": 2.0})},
	},
	Bad: []rule.Example{
		{secondary("orders"), instanceOf("a", nil), instanceOf("b", rule.Properties{"instanceClass": "db.t4g.medium"})},
		{secondary("orders"), instanceOf("a", nil), instanceOf("b", rule.Properties{"instanceClass": "db.r7g.xlarge", "promotionTier": 1.0})},
	},
})

// takesOver reports whether an instance certainly is meant to take over.
func takesOver(instance rule.Resource) bool {
	tier := instance.At("promotionTier")
	n, ok := tier.Number()
	return tier.Missing() || ok && n <= meantToTakeOver
}
