package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhatTheEdgeHasOnRequestComesAndGoes switches everything on that home's edge
// has on request, and off again. The lists are whole.
func TestWhatTheEdgeHasOnRequestComesAndGoes(t *testing.T) {
	t.Parallel()
	e := newEdited(t)
	e.configure(t)
	e.up(t, east)

	onRequest := func(verb string) []string {
		return sorted(
			steps(verb, "aws:wafv2/ipSet:IpSet", east+"-allowed-ipv4", east+"-denied-ipv6"),
			steps("update", "aws:wafv2/webAcl:WebAcl", east+"-web-acl"),
			steps("update", "aws:cloudfront/distribution:Distribution", east+"-cdn"),
			steps(verb, "aws:shield/protection:Protection", east+"-alb", east+"-cdn", east+"-zone"),
			steps(verb, "aws:kms/key:Key", east+"-dnssec"),
			steps(verb, "aws:route53/keySigningKey:KeySigningKey", east+"-dnssec"),
			steps(verb, "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec", east+"-dnssec"),
		)
	}
	edge := e.object["edge"].(map[string]any)
	e.object["edge"] = changed(changed(changed(changed(changed(changed(changed(edge,
		"pathRateLimits", []any{map[string]any{"name": "login", "pathPrefix": "/login", "per5Minutes": 50}}),
		"allowedIps", []string{"203.0.113.7/32"}), "deniedIps", []string{"2001:db8::/32"}),
		"botControl", true), "deniedCountries", []string{"KP"}), "dnssec", true), "shieldAdvanced", true)
	e.object["allowDestroy"] = true
	e.configure(t)
	var found []string
	for _, step := range e.steps(t, east) {
		// The rest is what allowDestroy lets go of.
		if strings.HasPrefix(step, "create ") || strings.Contains(step, "webAcl:WebAcl "+east+"-web-acl") || strings.Contains(step, "Distribution ") {
			found = append(found, step)
		}
	}
	require.Equal(t, onRequest("create"), found)
	e.up(t, east)
	require.Empty(t, e.steps(t, east), "a second up would change something")

	t.Run("the real AWS provider takes every input", func(t *testing.T) { e.requireTakenByProvider(t, east) })

	e.object["edge"] = edge
	e.configure(t)
	require.Equal(t, onRequest("delete"), e.steps(t, east))
	o := e.ordered(t, "up", "--yes", "--skip-preview", "-s", east)
	o.comesBefore(t, "delete aws:route53/hostedZoneDnsSec:HostedZoneDnsSec "+east+"-dnssec", "delete aws:route53/keySigningKey:KeySigningKey "+east+"-dnssec")
	o.comesBefore(t, "update aws:wafv2/webAcl:WebAcl "+east+"-web-acl", "delete aws:wafv2/ipSet:IpSet "+east+"-denied-ipv6")
	e.leavesNothing(t, east)
}
