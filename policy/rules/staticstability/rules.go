// Package staticstability holds the rules about static stability: what recovers
// from the loss of a region needs nothing of that region, and no control plane of
// us-east-1.
package staticstability

import (
	"fmt"

	"github.com/tandem-platform/tandem/policy/rule"
)

var rules rule.Set

// Rules returns the rules of the package.
func Rules() []rule.Rule { return rules.Rules() }

// in is the configuration of a provider of a region.
func in(region string) map[string]any { return map[string]any{"region": region} }

// inRegion is a finding about a value that leads to another region.
func inRegion(v rule.Value, region string) rule.Finding {
	f := v.Finding("")
	f.Value = fmt.Sprintf("in %s", region)
	return f
}
