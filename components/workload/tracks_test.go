package workload_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/workload"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

// weights are the weights of a rule by target group.
func weights(t *testing.T, rec *mocktest.Recording, rule string) map[string]float64 {
	t.Helper()
	all := map[string]float64{}
	for _, g := range at(t, rec.Get(t, ruleType, rule).Plain(), "actions.forward.targetGroups").([]any) {
		group := g.(map[string]any)
		all[strings.TrimPrefix(group["arn"].(string), "arn:aws:lb:::")] = group["weight"].(float64)
	}
	return all
}

func image(t *testing.T, rec *mocktest.Recording, deployment string) any {
	t.Helper()
	return at(t, rec.Get(t, deploymentType, deployment).Plain(), "spec.template.spec.containers.image")
}

func TestACanaryGetsItsPartOfTheRequestsAndImageTheRest(t *testing.T) {
	a := args()
	a.Canary = &workload.Canary{Image: "registry.example.org/shop:1.3.0", WeightPercent: 10}
	rec := run(t, false, a)
	require.Equal(t, map[string]float64{"shop": 90, "shop-canary": 10}, weights(t, rec, "shop-weights"))
	require.Equal(t, "registry.example.org/shop:1.2.3", image(t, rec, "shop"))
	require.Equal(t, "registry.example.org/shop:1.3.0", image(t, rec, "shop-canary"))

	shared, all := rec.Get(t, ruleType, "shop-weights").Plain(), rec.Get(t, ruleType, "shop").Plain()
	require.Equal(t, shared["conditions"], all["conditions"])
	require.Less(t, shared["priority"], all["priority"], "else it would never be asked")

	// Whatever weight there is, no requests wait for pods that are yet to come.
	require.InDelta(t, 3, at(t, rec.Get(t, scalerType, "shop-canary").Plain(), "spec.minReplicas"), 0)
}

func TestNoPodBelongsToTwoTracks(t *testing.T) {
	a := args()
	a.BlueGreen = &workload.BlueGreen{GreenImage: "registry.example.org/shop:1.3.0"}
	rec := run(t, false, a)
	for _, typ := range []string{serviceType, deploymentType, "kubernetes:policy/v1:PodDisruptionBudget"} {
		selector := func(name string) any {
			s := at(t, rec.Get(t, typ, name).Plain(), "spec.selector").(map[string]any)
			if labels, ok := s["matchLabels"]; ok {
				return labels
			}
			return s
		}
		require.NotEqual(t, selector("shop"), selector("shop-green"), typ)
	}
	for _, name := range []string{"shop", "shop-green"} {
		binding := rec.Get(t, bindingType, name).Plain()
		require.Equal(t, name, at(t, binding, "spec.serviceRef.name"))
		require.Equal(t, "arn:aws:lb:::"+name, at(t, binding, "spec.targetGroupARN"))
		require.Equal(t, name, at(t, rec.Get(t, scalerType, name).Plain(), "spec.scaleTargetRef.name"))
	}
}

func TestGreenGetsNothingOrEverything(t *testing.T) {
	for live, want := range map[workload.Color]map[string]float64{
		"":             {"shop": 100, "shop-green": 0},
		workload.Blue:  {"shop": 100, "shop-green": 0},
		workload.Green: {"shop": 0, "shop-green": 100},
	} {
		a := args()
		a.BlueGreen = &workload.BlueGreen{GreenImage: "registry.example.org/shop:1.3.0", Live: live}
		require.Equal(t, want, weights(t, run(t, false, a), "shop-weights"), live)
	}
}

// The rule that comes first asks for the health of both target groups and sends
// nothing to the second one; the weights come when both have pods that serve.
func TestRequestsMoveWhenThePodsOfBothTracksServe(t *testing.T) {
	a := args()
	a.Canary = &workload.Canary{Image: "registry.example.org/shop:1.3.0", WeightPercent: 100}
	rec := run(t, false, a)
	require.Equal(t, map[string]float64{"shop": 100, "shop-canary": 0}, weights(t, rec, "shop"))
	require.Contains(t, rec.Get(t, bindingType, "shop-canary").DependsOn, urn(ruleType, "shop"))
	for _, name := range []string{"shop", "shop-canary"} {
		require.Contains(t, rec.Get(t, ruleType, "shop-weights").DependsOn, urn(deploymentType, name))
	}
}

func TestWithoutASecondTrackThereIsOneRule(t *testing.T) {
	rec := run(t, false, args())
	require.Equal(t, []string{"shop"}, rec.Names(ruleType))
	require.Equal(t, map[string]float64{"shop": 100}, weights(t, rec, "shop"))
}

func TestAGitOpsControllerOwnsImagesIfToldSo(t *testing.T) {
	a := args()
	a.ImageOwner = workload.OwnerGitOps
	require.Equal(t, []string{"spec.replicas", "spec.template.spec.containers[0].image"}, run(t, false, a).Get(t, deploymentType, "shop").IgnoreChanges)
}
