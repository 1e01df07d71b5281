package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
)

// raising asks for pods in a takeover.
func raising(pods int, key string, value any) func(map[string]any) {
	return func(p map[string]any) {
		part(p, "cluster")[key] = value
		part(p, "web")["peaks"] = []any{}
		part(p, "recovery")["minReplicas"] = pods
	}
}

func TestPodsAreRaisedOnlyWhereStepFunctionsReachesTheCluster(t *testing.T) {
	const anywhere = "publicAccessFromAnywhere"
	for name, c := range map[string]struct {
		change func(map[string]any)
		want   string
	}{
		"a private endpoint": {raising(6, anywhere, false), `tandem:platform.recovery.minReplicas: Forbidden: Step Functions reaches a cluster by its public endpoint alone and from ` +
			`addresses that cannot be listed: set cluster.publicAccessFromAnywhere, or leave this out and give web.minReplicas what a takeover needs`},
		"an endpoint for some": {raising(6, "publicAccessCidrs", []any{"192.0.2.0/24"}), `tandem:platform.recovery.minReplicas: Forbidden: Step Functions reaches`},
		"no more than there are": {raising(3, anywhere, true),
			`tandem:platform.recovery.minReplicas: Invalid value: 3: must be above minReplicas, which is 3, and up to maxReplicas, which is 12`},
		"more than there may be": {raising(13, anywhere, true), `tandem:platform.recovery.minReplicas: Invalid value: 13: must be above minReplicas`},
	} {
		t.Run(name, func(t *testing.T) {
			rec, err := mocktest.Run(deploy, mocktest.Options{Stack: "prod-west", Config: stackConfig(t, "prod-west", c.change)})
			require.ErrorContains(t, err, `: 1 problem`)
			require.ErrorContains(t, err, c.want)
			require.Empty(t, rec.Resources)
		})
	}

	const roleType, scalerType = "kubernetes:rbac.authorization.k8s.io/v1:Role", "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
	for _, stack := range []string{"prod-east", "prod-west"} {
		rec := preview(t, stack, raising(6, anywhere, true))
		require.Contains(t, rec.Names("aws:eks/accessEntry:AccessEntry"), stack+"-takeover")
		require.Contains(t, rec.Names(roleType), stack+"-takeover-web")
		require.Equal(t, []string{"spec.minReplicas"}, rec.Get(t, scalerType, "web").IgnoreChanges, "an update takes no pods away that a takeover needs")
		rec = preview(t, stack, nil)
		require.NotContains(t, rec.Names("aws:eks/accessEntry:AccessEntry"), stack+"-takeover", "no access unless it is asked for")
	}
}
