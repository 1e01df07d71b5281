package parity

import (
	"strings"

	"github.com/tandem-platform/tandem/policy/rule"
)

const (
	record      = "aws:route53/record:Record"
	certificate = "aws:acm/certificate:Certificate"
)

var _ = rules.Add(rule.Rule{
	ID:       "failover-name-certificate",
	Title:    "A name that several regions answer for is in a certificate of each.",
	Severity: rule.Critical,
	Description: "Each region answers for the name with a certificate of its own. If the name is not in it, every client " +
		"refuses the region: a standby from the moment that it takes over, one that shares the name by latency or weight at once.",
	Remedy: "add the name to domainName or subjectAlternativeNames of the stack's certificate",
	Types:  []string{record},
	CheckInStack: func(r rule.Resource, stack *rule.Stack) []rule.Finding {
		v := r.At("name")
		name, known := v.Text()
		if !known || !shared(r) || !rule.IsOneOf("A", "AAAA", "CNAME")(r.At("type")) {
			return nil
		}
		certificates := stack.OfType(certificate)
		if len(certificates) == 0 {
			return nil // it is made elsewhere
		}
		for _, c := range certificates {
			for _, covered := range append(c.Each("subjectAlternativeNames.*"), c.At("domainName")) {
				if pattern, known := covered.Text(); covered.Unknown() || known && covers(pattern, name) {
					return nil
				}
			}
		}
		return []rule.Finding{v.Finding("")}
	},
	Good: []rule.Example{
		failover("origin.tandem.example", "west.tandem.example", "origin.tandem.example"),
		failover("origin.tandem.example", "west.tandem.example", "*.tandem.example"),
		answering("read.tandem.example", "west.tandem.example", "read.tandem.example", "latencyRoutingPolicies", map[string]any{"region": "us-west-2"}),
		answering("read.tandem.example", "west.tandem.example", "read.tandem.example", "weightedRoutingPolicies", map[string]any{"weight": 10.0}),
	},
	Bad: []rule.Example{
		failover("origin.failover.example", "west.tandem.example", "origin.tandem.example"),
		answering("read.tandem.example", "west.tandem.example", "origin.tandem.example", "latencyRoutingPolicies", map[string]any{"region": "us-west-2"}),
		answering("read.tandem.example", "west.tandem.example", "origin.tandem.example", "weightedRoutingPolicies", map[string]any{"weight": 10.0}),
	},
})

// shared reports whether a record is one of those by which regions answer for one
// name.
func shared(r rule.Resource) bool {
	for _, policy := range []string{"failoverRoutingPolicies", "latencyRoutingPolicies", "weightedRoutingPolicies"} {
		if v := r.At(policy); !v.Unknown() && !v.Empty() {
			return true
		}
	}
	return false
}

// covers reports whether a name of a certificate is good for a name, which may
// lack its zone. A star is for one label.
func covers(pattern, name string) bool {
	pattern, name = strings.ToLower(pattern), strings.TrimSuffix(strings.ToLower(name), ".")
	if rest, ok := strings.CutPrefix(pattern, "*."); ok {
		_, parent, dotted := strings.Cut(name, ".")
		return parent == rest || !dotted
	}
	return pattern == name || strings.HasPrefix(pattern, name+".")
}

// failover has a record that fails over, and a certificate of two names.
func failover(name, domain, alternative string) rule.Example {
	return answering(name, domain, alternative, "failoverRoutingPolicies", map[string]any{"type": "SECONDARY"})
}

// answering has a record of a routing policy, and a certificate of two names.
func answering(name, domain, alternative, property string, policy map[string]any) rule.Example {
	return rule.Example{
		{Type: certificate, Name: "west", Provider: in("us-west-2"), Properties: rule.Properties{
			"domainName": domain, "subjectAlternativeNames": []any{alternative},
		}},
		{Type: record, Name: "origin", Properties: rule.Properties{
			"zoneId": "Z1", "name": name, "type": "A", "setIdentifier": "west", property: []any{policy},
		}},
	}
}
