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
	Title:    "A name that fails over is in a certificate of every region that answers for it.",
	Severity: rule.Critical,
	Description: "The standby answers for the name with a certificate of its own region. If the name is not in it, every client " +
		"refuses the standby from the moment that it takes over.",
	Remedy: "add the name to domainName or subjectAlternativeNames of the stack's certificate",
	Types:  []string{record},
	CheckInStack: func(r rule.Resource, stack *rule.Stack) []rule.Finding {
		v := r.At("name")
		name, known := v.Text()
		if policy := r.At("failoverRoutingPolicies"); !known || policy.Unknown() || policy.Empty() || !rule.IsOneOf("A", "AAAA", "CNAME")(r.At("type")) {
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
	},
	Bad: []rule.Example{
		failover("origin.failover.example", "west.tandem.example", "origin.tandem.example"),
	},
})

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
	return rule.Example{
		{Type: certificate, Name: "west", Provider: in("us-west-2"), Properties: rule.Properties{
			"domainName": domain, "subjectAlternativeNames": []any{alternative},
		}},
		{Type: record, Name: "origin", Properties: rule.Properties{
			"zoneId": "Z1", "name": name, "type": "A", "setIdentifier": "west", "failoverRoutingPolicies": []any{map[string]any{"type": "SECONDARY"}},
		}},
	}
}
