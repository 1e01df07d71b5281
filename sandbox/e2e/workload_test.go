package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/resilience/rollout"
)

// shop is the name of the workload, old and new its images.
const (
	shop     = "shop"
	oldImage = "registry.tandem.example/shop:1.0.0"
	newImage = "registry.tandem.example/shop:1.1.0"
)

// track are the steps that make or take away a second track.
func track(op, name string) []string {
	return []string{
		op + " aws:lb/targetGroup:TargetGroup " + name,
		op + " kubernetes:apps/v1:Deployment " + name,
		op + " kubernetes:autoscaling/v2:HorizontalPodAutoscaler " + name,
		op + " kubernetes:core/v1:Service " + name,
		op + " kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding " + name,
		op + " kubernetes:policy/v1:PodDisruptionBudget " + name,
	}
}

const (
	listenerRule = "aws:lb/listenerRule:ListenerRule"
	weights      = listenerRule + " shop-weights"
)

// TestEachChangeOfAWorkloadChangesJustWhatItShould goes from one release to the
// next on the real engine. Nothing is ever replaced.
func TestEachChangeOfAWorkloadChangesJustWhatItShould(t *testing.T) {
	t.Parallel()
	c := newComponent(t, "workload")
	args := map[string]any{"name": shop, "image": oldImage, "hosts": []string{"shop.tandem.example"}, "priority": 100}
	c.configure(t, args)
	c.up(t)
	require.Empty(t, c.steps(t, alone), "a second up would change something")

	// The weights of the requests that a track gets, as the model reads them.
	shares := func(t *testing.T) map[string]float64 {
		t.Helper()
		_, export := c.export(t, alone)
		services, err := rollout.Read([]byte(export))
		require.NoError(t, err)
		shares := map[string]float64{}
		for _, s := range services {
			shares[s.Name] = s.Weight
			r, err := rollout.Simulate(s, rollout.RollingUpdate, rollout.Load{}, rollout.DefaultTimings(), 1)
			require.NoError(t, err)
			require.Zero(t, r.Failed, r)
		}
		return shares
	}
	change := func(name string, to map[string]any, want []string) {
		t.Helper()
		if !t.Run(name, func(t *testing.T) {
			args = to
			require.ElementsMatch(t, want, c.change(t, args))
		}) {
			t.FailNow()
		}
	}
	canary := func(image string, percent int) map[string]any {
		return map[string]any{"image": image, "weightPercent": percent}
	}
	workload := "update tandem:index:Workload shop"

	change("another image", changed(args, "image", newImage), []string{"update kubernetes:apps/v1:Deployment shop", workload})
	change("the old image again", changed(args, "image", oldImage), []string{"update kubernetes:apps/v1:Deployment shop", workload})

	change("a canary", changed(args, "canary", canary(newImage, 10)),
		append(track("create", "shop-canary"), "create "+weights, "update "+listenerRule+" shop"))
	require.InDeltaMapValues(t, map[string]float64{"shop/shop": 0.9, "shop/shop-canary": 0.1}, shares(t), 1e-9)
	for _, percent := range []int{50, 100} {
		change("more of the requests for it", changed(args, "canary", canary(newImage, percent)), []string{"update " + weights})
	}
	require.InDeltaMapValues(t, map[string]float64{"shop/shop": 0, "shop/shop-canary": 1}, shares(t), 1e-9)
	change("its promotion", changed(changed(args, "canary", nil), "image", newImage),
		append(track("delete", "shop-canary"), "delete "+weights, "update "+listenerRule+" shop", "update kubernetes:apps/v1:Deployment shop", workload))
	require.InDeltaMapValues(t, map[string]float64{"shop/shop": 1}, shares(t), 1e-9)

	blueGreen := func(image, live string) map[string]any { return map[string]any{"greenImage": image, "live": live} }
	change("green beside blue", changed(args, "blueGreen", blueGreen(oldImage, "blue")),
		append(track("create", "shop-green"), "create "+weights, "update "+listenerRule+" shop"))
	change("all requests to green", changed(args, "blueGreen", blueGreen(oldImage, "green")), []string{"update " + weights})
	change("the next image to blue, which is idle", changed(args, "image", oldImage), []string{"update kubernetes:apps/v1:Deployment shop", workload})
	change("all requests to blue", changed(args, "blueGreen", blueGreen(oldImage, "blue")), []string{"update " + weights})
	change("blue alone", changed(args, "blueGreen", nil), append(track("delete", "shop-green"), "delete "+weights, "update "+listenerRule+" shop"))

	// A rule of the same priority cannot be made while the old one is there.
	t.Run("another name at the same place", func(t *testing.T) {
		c.configure(t, changed(args, "name", "store"))
		out, err := c.pulumi(t, "up", "--yes", "--skip-preview", "-s", alone)
		require.Error(t, err)
		require.Contains(t, out, "PriorityInUse")
	})
	c.configure(t, args)
	c.up(t) // takes away what the failure has left
	var renamed []string
	for _, name := range []string{"create store", "delete shop"} {
		op, child := name[:6], name[7:]
		renamed = append(renamed, track(op, child)...)
		for _, typ := range []string{
			listenerRule, "kubernetes:core/v1:Namespace",
			"kubernetes:core/v1:ServiceAccount", "kubernetes:networking.k8s.io/v1:NetworkPolicy", "tandem:index:Workload",
		} {
			renamed = append(renamed, op+" "+typ+" "+child)
		}
	}
	change("another name, behind the old one", changed(changed(args, "name", "store"), "priority", 110), renamed)
	c.leavesNothing(t, alone)
}
