package workload_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/workload"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

const (
	deploymentType  = "kubernetes:apps/v1:Deployment"
	serviceType     = "kubernetes:core/v1:Service"
	targetGroupType = "aws:lb/targetGroup:TargetGroup"
	ruleType        = "aws:lb/listenerRule:ListenerRule"
	bindingType     = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
	policyType      = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
	scalerType      = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
)

func args() *workload.WorkloadArgs {
	return &workload.WorkloadArgs{
		Image: "registry.example.org/shop:1.2.3", Hosts: []string{"shop.tandem.example"}, Priority: 100,
		VPCID: pulumi.String("vpc-1"), ListenerARN: pulumi.String("listener"),
		LoadBalancerSecurityGroupID: pulumi.String("sg-lb"), NodeSecurityGroupID: pulumi.String("sg-node"),
		LoadBalancerCIDRs: pulumi.ToStringArray([]string{"10.0.0.0/24", "10.0.1.0/24"}),
	}
}

func program(a *workload.WorkloadArgs) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		provider, err := kubernetes.NewProvider(ctx, "k8s", &kubernetes.ProviderArgs{})
		if err != nil {
			return err
		}
		a.WaitFor = []pulumi.Resource{provider} // stands for nodes and controllers
		_, err = workload.NewWorkload(ctx, "shop", a, pulumi.Providers(provider))
		return err
	}
}

func try(preview bool, a *workload.WorkloadArgs) (*mocktest.Recording, error) {
	return mocktest.Run(program(a), mocktest.Options{Preview: preview})
}

func run(t *testing.T, preview bool, a *workload.WorkloadArgs) *mocktest.Recording {
	t.Helper()
	rec, err := try(preview, a)
	require.NoError(t, err)
	return rec
}

// at walks down objects and the first elements of arrays.
func at(t *testing.T, v any, path string) any {
	t.Helper()
	for _, key := range strings.Split(path, ".") {
		if list, ok := v.([]any); ok {
			require.NotEmpty(t, list, path)
			v = list[0]
		}
		object, ok := v.(map[string]any)
		require.True(t, ok, "no %s in %v", path, v)
		v = object[key]
	}
	return v
}

func TestARequestFindsItsWayToThePods(t *testing.T) {
	rec := run(t, false, args())

	rule := rec.Get(t, ruleType, "shop").Plain()
	require.Equal(t, "listener", rule["listenerArn"])
	require.Equal(t, []any{map[string]any{"hostHeader": map[string]any{"values": []any{"shop.tandem.example"}}}}, rule["conditions"])
	require.Equal(t, "arn:aws:lb:::shop", at(t, rule["actions"], "forward.targetGroups.arn"))

	group := rec.Get(t, targetGroupType, "shop").Plain()
	require.Equal(t, "ip", group["targetType"])
	require.Equal(t, "/healthz", at(t, group, "healthCheck.path"))

	binding := rec.Get(t, bindingType, "shop").Plain()
	require.Equal(t, "arn:aws:lb:::shop", at(t, binding, "spec.targetGroupARN"))
	require.Equal(t, "shop", at(t, binding, "spec.serviceRef.name"))
	require.Equal(t, "shop", at(t, binding, "metadata.namespace"))

	service := rec.Get(t, serviceType, "shop").Plain()
	require.Equal(t, at(t, service, "spec.ports.port"), at(t, binding, "spec.serviceRef.port"))
	deployment := rec.Get(t, deploymentType, "shop").Plain()
	require.Equal(t, at(t, service, "spec.selector"), at(t, deployment, "spec.template.metadata.labels"))
	require.Equal(t, at(t, service, "spec.ports.targetPort"), at(t, deployment, "spec.template.spec.containers.ports.name"))

	ingress := rec.Get(t, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "shop").Plain()
	require.Equal(t, "sg-node", ingress["securityGroupId"])
	require.Equal(t, "sg-lb", ingress["referencedSecurityGroupId"])
	require.Equal(t, at(t, deployment, "spec.template.spec.containers.ports.containerPort"), ingress["fromPort"])
}

func TestAPodServesUntilTheLoadBalancerHasLetGoOfIt(t *testing.T) {
	a := args()
	a.DrainSeconds = 45
	rec := run(t, false, a)
	deployment := rec.Get(t, deploymentType, "shop").Plain()
	sleep := at(t, deployment, "spec.template.spec.containers.lifecycle.preStop.sleep.seconds").(float64)
	require.GreaterOrEqual(t, sleep, rec.Get(t, targetGroupType, "shop").Plain()["deregistrationDelay"])
	require.Greater(t, at(t, deployment, "spec.template.spec.terminationGracePeriodSeconds"), sleep)
	require.InDelta(t, 0, at(t, deployment, "spec.strategy.rollingUpdate.maxUnavailable"), 0)
	require.Equal(t, "enabled", at(t, rec.Get(t, "kubernetes:core/v1:Namespace", "shop").Plain(),
		"metadata.labels").(map[string]any)["elbv2.k8s.aws/pod-readiness-gate-inject"])
}

// AWS keeps one rule for a port, so the second workload of a port makes none.
func TestAPortThatIsOpenIsNotOpenedAgain(t *testing.T) {
	a := args()
	a.NodeSecurityGroupID, a.LoadBalancerSecurityGroupID = nil, nil
	require.Empty(t, run(t, false, a).Names("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"))
}

func TestPodsAreUnprivilegedSpreadAndBounded(t *testing.T) {
	rec := run(t, false, args())
	spec := at(t, rec.Get(t, deploymentType, "shop").Plain(), "spec.template.spec")
	require.Equal(t, true, at(t, spec, "securityContext.runAsNonRoot"))
	require.Equal(t, false, at(t, spec, "containers.securityContext.allowPrivilegeEscalation"))
	require.Equal(t, true, at(t, spec, "containers.securityContext.readOnlyRootFilesystem"))
	require.Equal(t, []any{"ALL"}, at(t, spec, "containers.securityContext.capabilities.drop"))
	require.Equal(t, "topology.kubernetes.io/zone", at(t, spec, "topologySpreadConstraints.topologyKey"))
	require.Equal(t, map[string]any{"cpu": "250m", "memory": "256Mi"}, at(t, spec, "containers.resources.requests"))
	require.Equal(t, false, rec.Get(t, "kubernetes:core/v1:ServiceAccount", "shop").Plain()["automountServiceAccountToken"])
	require.InDelta(t, 1, at(t, rec.Get(t, "kubernetes:policy/v1:PodDisruptionBudget", "shop").Plain(), "spec.maxUnavailable"), 0)
}

func TestReplicasAreTheAutoscalers(t *testing.T) {
	a := args()
	a.MinReplicas, a.MaxReplicas = 4, 8
	rec := run(t, false, a)
	deployment := rec.Get(t, deploymentType, "shop")
	require.Equal(t, []string{"spec.replicas"}, deployment.IgnoreChanges)
	require.InDelta(t, 4, at(t, deployment.Plain(), "spec.replicas"), 0)
	scaler := rec.Get(t, "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "shop").Plain()
	require.InDelta(t, 4, at(t, scaler, "spec.minReplicas"), 0)
	require.InDelta(t, 8, at(t, scaler, "spec.maxReplicas"), 0)
	require.Equal(t, "shop", at(t, scaler, "spec.scaleTargetRef.name"))
}

// urn is the one of a child of the workload.
func urn(typ, name string) string {
	return "urn:pulumi:test::tandem::tandem:index:Workload$" + typ + "::" + name
}

func TestTheBindingGoesBeforeItsControllerAndRule(t *testing.T) {
	rec := run(t, false, args())
	require.Contains(t, rec.Get(t, bindingType, "shop").DependsOn, "urn:pulumi:test::tandem::pulumi:providers:kubernetes::k8s")
	require.Contains(t, rec.Get(t, bindingType, "shop").DependsOn, urn(ruleType, "shop"))
}

// Targets of a group that no rule names have no health checks, so pods that wait
// for them have to come after the rule; and the webhook gives a readiness gate
// only to pods of a binding that it knows.
func TestPodsComeAfterAllThatTheirReadinessDependsOn(t *testing.T) {
	rec := run(t, false, args())
	require.Contains(t, rec.Get(t, deploymentType, "shop").DependsOn, urn(bindingType, "shop"))
	for _, before := range []string{
		urn(ruleType, "shop"), urn(policyType, "shop"), urn("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "shop"),
	} {
		require.Contains(t, rec.Get(t, bindingType, "shop").DependsOn, before)
	}
	// Pulumi would wait for a service to have pods.
	require.Equal(t, "true", at(t, rec.Get(t, serviceType, "shop").Plain(), "metadata.annotations").(map[string]any)["pulumi.com/skipAwait"])
}

func TestPreviewRegistersTheSameResources(t *testing.T) {
	up, preview := run(t, false, args()), run(t, true, args())
	require.Equal(t, up.Types(), preview.Types())
	require.NotContains(t, at(t, preview.Get(t, bindingType, "shop").Plain(), "spec"), "targetGroupARN")
}
