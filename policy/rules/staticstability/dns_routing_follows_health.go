package staticstability

import "github.com/tandem-platform/tandem/policy/rule"

// routed is a check that applies to records that share traffic with others of
// their name. Records that fail over have a rule of their own.
func routed(check rule.Check) rule.Check {
	return func(r rule.Resource) []rule.Finding {
		for _, policy := range []string{"weightedRoutingPolicies", "latencyRoutingPolicies", "geolocationRoutingPolicies", "geoproximityRoutingPolicy"} {
			if v := r.At(policy); v.Unknown() {
				return nil
			} else if !v.Empty() {
				return check(r)
			}
		}
		return nil
	}
}

var _ = rules.Add(rule.Rule{
	ID:       "dns-routing-follows-health",
	Title:    "Records that share traffic leave it when they are unhealthy.",
	Severity: rule.Medium,
	Description: "A record without a health check keeps its share of the traffic when its region is lost, and takes it away only " +
		"by a change: a call to Route 53's control plane, which is in us-east-1. A health check needs no call.",
	Remedy: "set healthCheckId, or evaluateTargetHealth of the alias to true",
	Check: routed(rule.When("healthCheckId", rule.IsNotSet, rule.All(
		rule.When("aliases", rule.IsNotSet, rule.That("healthCheckId", rule.IsSet)),
		rule.That("aliases.*.evaluateTargetHealth", rule.IsTrue),
	))),
}.
	On("aws:route53/record:Record", rule.Properties{
		"zoneId": "Z1", "name": "tandem.example", "type": "A", "setIdentifier": "west", "weightedRoutingPolicies": []any{map[string]any{"weight": 10.0}},
		"aliases": []any{map[string]any{"name": "lb", "zoneId": "Z2", "evaluateTargetHealth": true}},
	}, "aliases.0.evaluateTargetHealth", false).
	On("aws:route53/record:Record", rule.Properties{
		"zoneId": "Z1", "name": "tandem.example", "type": "CNAME", "setIdentifier": "west", "latencyRoutingPolicies": []any{map[string]any{"region": "us-west-2"}},
		"records": []any{"lb.tandem.example"}, "ttl": 60.0, "healthCheckId": "1",
	}, "healthCheckId", rule.Missing))
