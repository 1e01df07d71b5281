package workload_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/workload"
)

const (
	cronJobType        = "kubernetes:batch/v1:CronJob"
	recommendationType = "kubernetes:autoscaling.k8s.io/v1:VerticalPodAutoscaler"
)

func TestPodsFollowEveryMetricThatIsGiven(t *testing.T) {
	a := args()
	a.Scaling = workload.Scaling{
		CPUPercent: 50, MemoryPercent: 80,
		PodsMetrics:     map[string]string{"http_requests_per_second": "100"},
		ExternalMetrics: []workload.ExternalMetric{{Name: "queue_length", Labels: map[string]string{"queue": "orders"}, AverageValue: "30"}},
	}
	golden(t, "autoscaler.json", at(t, run(t, false, a).Get(t, scalerType, "shop").Plain(), "spec"))
}

func TestPodsAreAddedAtOnceAndGoSlowly(t *testing.T) {
	behavior := at(t, run(t, false, args()).Get(t, scalerType, "shop").Plain(), "spec.behavior")
	require.InDelta(t, 0, at(t, behavior, "scaleUp.stabilizationWindowSeconds"), 0)
	require.InDelta(t, 300, at(t, behavior, "scaleDown.stabilizationWindowSeconds"), 0)
	require.Equal(t, []any{map[string]any{"type": "Percent", "value": 25.0, "periodSeconds": 60.0}}, at(t, behavior, "scaleDown.policies"))
}

func TestAPeakRaisesTheLowerBoundAndTakesItBack(t *testing.T) {
	a := args()
	a.Scaling.Peaks = []workload.Peak{{Name: "sale", Start: "0 8 * * 1-5", End: "0 20 * * 1-5", TimeZone: "Europe/Berlin", MinReplicas: 8}}
	rec := run(t, false, a)
	for name, want := range map[string]struct{ schedule, patch string }{
		"shop-sale-start": {"0 8 * * 1-5", `--patch={"spec":{"minReplicas":8}}`},
		"shop-sale-end":   {"0 20 * * 1-5", `--patch={"spec":{"minReplicas":3}}`},
	} {
		spec := at(t, rec.Get(t, cronJobType, name).Plain(), "spec")
		require.Equal(t, want.schedule, at(t, spec, "schedule"))
		require.Equal(t, "Europe/Berlin", at(t, spec, "timeZone"))
		pod := at(t, spec, "jobTemplate.spec.template.spec")
		require.Contains(t, at(t, pod, "containers.args"), want.patch)
		require.Equal(t, true, at(t, pod, "securityContext.runAsNonRoot"))
		require.Equal(t, "shop-peaks", at(t, pod, "serviceAccountName"))
	}
	// The jobs may change this one object, and Pulumi does not change it back.
	require.Equal(t, []any{map[string]any{
		"apiGroups": []any{"autoscaling"}, "resources": []any{"horizontalpodautoscalers"}, "resourceNames": []any{"shop"}, "verbs": []any{"get", "patch"},
	}}, rec.Get(t, "kubernetes:rbac.authorization.k8s.io/v1:Role", "shop-peaks").Plain()["rules"])
	require.Equal(t, []string{"spec.minReplicas"}, rec.Get(t, scalerType, "shop").IgnoreChanges)
	require.Empty(t, run(t, false, args()).Get(t, scalerType, "shop").IgnoreChanges)

	// So does a takeover, by an API call.
	raised := args()
	raised.Scaling.RaisedMinReplicas = 8
	rec = run(t, false, raised)
	require.Equal(t, []string{"spec.minReplicas"}, rec.Get(t, scalerType, "shop").IgnoreChanges)
	require.NotContains(t, rec.Names(cronJobType), "shop-sale-start")
}

func TestNeitherServiceNorBudgetSelectsTheJobsOfAPeak(t *testing.T) {
	a := args()
	a.Scaling.Peaks = []workload.Peak{{Name: "sale", Start: "0 8 * * *", End: "0 20 * * *", MinReplicas: 8}}
	rec := run(t, false, a)
	labels := at(t, rec.Get(t, cronJobType, "shop-sale-start").Plain(), "spec.jobTemplate.spec.template.metadata.labels").(map[string]any)
	require.NotContains(t, labels, "app.kubernetes.io/name")
}

func TestRecommendationsChangeNoPod(t *testing.T) {
	a := args()
	a.RecommendResources = true
	spec := at(t, run(t, false, a).Get(t, recommendationType, "shop-recommendation").Plain(), "spec")
	require.Equal(t, "Off", at(t, spec, "updatePolicy.updateMode"))
	require.Equal(t, map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": "shop"}, at(t, spec, "targetRef"))
	require.Empty(t, run(t, false, args()).Names(recommendationType))
}

func TestALostZoneDoesNotHoldItsPodsBack(t *testing.T) {
	spec := at(t, run(t, false, args()).Get(t, deploymentType, "shop").Plain(), "spec.template.spec")
	zones := at(t, spec, "topologySpreadConstraints").([]any)[0].(map[string]any)
	require.Equal(t, "topology.kubernetes.io/zone", zones["topologyKey"])
	require.Equal(t, "DoNotSchedule", zones["whenUnsatisfiable"])
	require.Equal(t, "Honor", zones["nodeTaintsPolicy"])
	require.Equal(t, []any{"pod-template-hash"}, zones["matchLabelKeys"])
	for _, toleration := range at(t, spec, "tolerations").([]any) {
		require.InDelta(t, 30, toleration.(map[string]any)["tolerationSeconds"], 0)
	}
	a := args()
	a.ZoneSpread = workload.ZoneSpreadPreferred
	preferred := at(t, run(t, false, a).Get(t, deploymentType, "shop").Plain(), "spec.template.spec.topologySpreadConstraints").([]any)[0]
	require.Equal(t, "ScheduleAnyway", preferred.(map[string]any)["whenUnsatisfiable"])
}

func TestFilesAndScratchDirectoriesAreMounted(t *testing.T) {
	a := args()
	a.ConfigFiles = map[string]string{"shop.yaml": "currency: EUR\n"}
	a.ScratchDirs = map[string]string{"/tmp": "64Mi", "/var/cache/shop": "1Gi"}
	rec := run(t, false, a)
	files := rec.Get(t, "kubernetes:core/v1:ConfigMap", "shop").Plain()
	require.Equal(t, map[string]any{"shop.yaml": "currency: EUR\n"}, files["data"])
	require.Nil(t, at(t, files, "metadata.name"), "a new name with every change has the pods replaced")
	pod := at(t, rec.Get(t, deploymentType, "shop").Plain(), "spec.template.spec")
	require.Equal(t, []any{
		map[string]any{"name": "config", "mountPath": "/etc/workload", "readOnly": true},
		map[string]any{"name": "scratch-0", "mountPath": "/tmp"},
		map[string]any{"name": "scratch-1", "mountPath": "/var/cache/shop"},
	}, at(t, pod, "containers.volumeMounts"))
	volumes := at(t, pod, "volumes").([]any)
	require.Equal(t, map[string]any{"name": "scratch-1", "emptyDir": map[string]any{"sizeLimit": "1Gi"}}, volumes[2])
}
