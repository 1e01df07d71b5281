package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
)

// What the stacks cannot express, such as a TTL of a record's own or a health check's
// path that no target serves, components/recovery refuses.
func TestWhatATakeoverCannotKeepIsRefusedInThePreviewOfEitherStack(t *testing.T) {
	recovery := func(keys map[string]any) func(map[string]any) {
		return func(p map[string]any) { p["recovery"] = keys }
	}
	for name, c := range map[string]struct {
		change func(map[string]any)
		want   string
	}{
		"an approval wait longer than the promise": {recovery(map[string]any{"approval": "manual", "approvalWaitSeconds": 900}),
			`tandem:platform.recovery.approvalWaitSeconds: Invalid value: 900: a takeover takes 1360 s (detection 180, signals 40, approval 900, fence 100, ` +
				`promotion 120, verification 20), more than rtoSeconds, 600; a wait of at most 140 keeps the promise`},
		"an approval wait longer than a shorter promise": {recovery(map[string]any{"approval": "automaticAfterWait", "approvalWaitSeconds": 60, "rtoSeconds": 500}),
			`tandem:platform.recovery.approvalWaitSeconds: Invalid value: 60: a takeover takes 520 s`},
		"a TTL longer than the promise allows": {recovery(map[string]any{"approval": "automatic", "rtoSeconds": 420}),
			`tandem:platform.recovery.rtoSeconds: Invalid value: 420: a takeover takes 460 s (detection 180, signals 40, fence 100, promotion 120, ` +
				`verification 20), the 60 s among it that resolvers keep an alias record; promise 460 or more`},
		"both records primary": {func(p map[string]any) { regionOf(p, "prod-west")["standbyOf"] = "" },
			`tandem:platform.regions: Forbidden: prod-east and prod-west are all home; set standbyOf in all but one`},
	} {
		t.Run(name, func(t *testing.T) {
			for _, stack := range []string{"prod-east", "prod-west"} {
				rec, err := mocktest.Run(deploy, mocktest.Options{Stack: stack, Preview: true, Config: stackConfig(t, stack, c.change)})
				require.ErrorContains(t, err, c.want)
				require.Empty(t, rec.Resources)
			}
		})
	}
}

// Recovery is told the names and the path that the edge and the web service have by
// default. What it asks for has to be what they serve.
func TestWhatRecoveryAsksForIsServed(t *testing.T) {
	for _, stack := range []string{"prod-east", "prod-west"} {
		rec := preview(t, stack, nil)
		certificate := rec.Get(t, "aws:acm/certificate:Certificate", stack+"-certificate").Plain()
		names := append([]any{certificate["domainName"]}, certificate["subjectAlternativeNames"].([]any)...)
		check := rec.Get(t, "aws:route53/healthCheck:HealthCheck", stack+"-endpoint").Plain()
		require.Contains(t, names, check["fqdn"])

		group := rec.Get(t, "aws:lb/targetGroup:TargetGroup", "web").Plain()
		require.Equal(t, check["resourcePath"], group["healthCheck"].(map[string]any)["path"], "Route 53 asks what the load balancer asks the pods")
		rule := rec.Get(t, "aws:lb/listenerRule:ListenerRule", "web").Plain()
		conditions := rule["conditions"].([]any)
		require.Len(t, conditions, 1, "for any host")
		require.Equal(t, []any{"/*"}, conditions[0].(map[string]any)["pathPattern"].(map[string]any)["values"])

		var asked []string
		for _, r := range rec.Resources {
			if r.Type == "aws:synthetics/canary:Canary" {
				run := r.Plain()["runConfig"].(map[string]any)
				asked = append(asked, run["environmentVariables"].(map[string]any)["URL"].(string))
			}
		}
		require.NotEmpty(t, asked)
		for _, url := range asked {
			host, path, _ := strings.Cut(strings.TrimPrefix(url, "https://"), "/")
			require.Equal(t, check["resourcePath"], "/"+path)
			other := map[string]string{"prod-east": "prod-west", "prod-west": "prod-east"}[stack]
			require.True(t, slices.Contains(names, any(host)) || host == other+".tandem.example", "%s is in no certificate: %v", host, names)
		}
	}
}
