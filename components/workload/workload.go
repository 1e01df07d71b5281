// Package workload runs a web service on a cluster and brings traffic to it.
//
// The load balancer's rule and target group are Pulumi's own; pods join the
// group through a TargetGroupBinding of the AWS Load Balancer Controller. A
// rolling update never takes a pod away before the load balancer has stopped
// sending to it: pods go on serving for as long as deregistration takes.
package workload

import (
	"maps"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	autoscalingv2 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/autoscaling/v2"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	policyv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/policy/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Workload is a web service on a cluster, reached through a load balancer.
type Workload struct {
	pulumi.ResourceState

	// Namespace is the Kubernetes namespace of everything that the workload runs.
	Namespace pulumi.StringOutput `pulumi:"namespace"`
	// TargetGroupARN is the target group that the pods join.
	TargetGroupARN pulumi.StringOutput `pulumi:"targetGroupArn"`
	// TargetGroupARNSuffix names the target group in CloudWatch's dimensions.
	TargetGroupARNSuffix pulumi.StringOutput `pulumi:"targetGroupArnSuffix"`
}

// NewWorkload makes a workload. Its Kubernetes objects go to the Kubernetes
// provider that is passed with [pulumi.Providers], the others to the AWS one. Bad
// arguments are reported all at once, before anything is registered.
func NewWorkload(ctx *pulumi.Context, name string, args *WorkloadArgs, opts ...pulumi.ResourceOption) (*Workload, error) {
	args = args.withDefaults()
	if err := args.Validate(name); err != nil {
		return nil, err
	}
	w := &Workload{}
	inputs := pulumi.Map{
		"image":    pulumi.String(args.Image),
		"hosts":    pulumi.ToStringArray(args.Hosts),
		"paths":    pulumi.ToStringArray(args.Paths),
		"priority": pulumi.Int(args.Priority),
	}
	if err := ctx.RegisterComponentResourceV2("tandem:index:Workload", name, inputs, w, opts...); err != nil {
		return nil, err
	}
	b := &builder{
		ctx: ctx, name: name, args: args, in: pulumi.Parent(w),
		labels: pulumi.StringMap{"app.kubernetes.io/name": pulumi.String(name)},
	}
	for _, step := range []func() error{b.makeNamespace, b.makeDeployment, b.makeScaling, b.makeService, b.routeTraffic, b.bindPods} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	w.Namespace = b.namespace
	w.TargetGroupARN = b.targetGroup.Arn
	w.TargetGroupARNSuffix = b.targetGroup.ArnSuffix
	return w, ctx.RegisterResourceOutputs(w, pulumi.Map{
		"namespace":            w.Namespace,
		"targetGroupArn":       w.TargetGroupARN,
		"targetGroupArnSuffix": w.TargetGroupARNSuffix,
	})
}

// builder makes the children of one workload, step by step.
type builder struct {
	ctx    *pulumi.Context
	name   string
	args   *WorkloadArgs
	in     pulumi.ResourceOption // the parent of every child
	labels pulumi.StringMap      // what selects the pods

	namespace   pulumi.StringOutput
	service     *corev1.Service
	targetGroup *lb.TargetGroup
	rule        *lb.ListenerRule
}

// meta names an object of the workload.
func (b *builder) meta() *metav1.ObjectMetaArgs {
	return &metav1.ObjectMetaArgs{Name: pulumi.String(b.name), Namespace: b.namespace, Labels: b.labels}
}

func (b *builder) waiting() pulumi.ResourceOption { return pulumi.DependsOn(b.args.WaitFor) }

func (b *builder) makeNamespace() error {
	namespace, err := corev1.NewNamespace(b.ctx, b.name, &corev1.NamespaceArgs{
		Metadata: &metav1.ObjectMetaArgs{
			Name: pulumi.String(b.name),
			Labels: pulumi.StringMap{
				"app.kubernetes.io/name":             pulumi.String(b.name),
				"pod-security.kubernetes.io/enforce": pulumi.String("restricted"),
				// Pods count as ready only once the target group finds them healthy, so a
				// rolling update waits for the load balancer too.
				"elbv2.k8s.aws/pod-readiness-gate-inject": pulumi.String("enabled"),
			},
		},
	}, b.in, b.waiting())
	if err != nil {
		return err
	}
	b.namespace = namespace.Metadata.Name().Elem()
	return nil
}

func (b *builder) makeDeployment() error {
	account, err := corev1.NewServiceAccount(b.ctx, b.name, &corev1.ServiceAccountArgs{
		Metadata:                     b.meta(),
		AutomountServiceAccountToken: pulumi.Bool(false),
	}, b.in)
	if err != nil {
		return err
	}
	env := corev1.EnvVarArray{}
	for _, key := range slices.Sorted(maps.Keys(b.args.Env)) {
		env = append(env, corev1.EnvVarArgs{Name: pulumi.String(key), Value: pulumi.String(b.args.Env[key])})
	}
	probe := corev1.HTTPGetActionArgs{Path: pulumi.String(b.args.HealthCheckPath), Port: pulumi.String("http")}
	_, err = appsv1.NewDeployment(b.ctx, b.name, &appsv1.DeploymentArgs{
		Metadata: b.meta(),
		Spec: appsv1.DeploymentSpecArgs{
			Replicas: pulumi.Int(b.args.MinReplicas),
			Selector: metav1.LabelSelectorArgs{MatchLabels: b.labels},
			Strategy: appsv1.DeploymentStrategyArgs{
				Type: pulumi.String("RollingUpdate"),
				RollingUpdate: appsv1.RollingUpdateDeploymentArgs{
					MaxSurge: pulumi.String("25%"), MaxUnavailable: pulumi.Int(0),
				},
			},
			Template: corev1.PodTemplateSpecArgs{
				Metadata: metav1.ObjectMetaArgs{Labels: b.labels},
				Spec: corev1.PodSpecArgs{
					ServiceAccountName: account.Metadata.Name(),
					SecurityContext: corev1.PodSecurityContextArgs{
						RunAsNonRoot:   pulumi.Bool(true),
						RunAsUser:      pulumi.Int(65532), // "nonroot" of the distroless images
						SeccompProfile: corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")},
					},
					// The preStop sleep, and then half a minute for requests in flight.
					TerminationGracePeriodSeconds: pulumi.Int(b.args.DrainSeconds + 30),
					TopologySpreadConstraints: corev1.TopologySpreadConstraintArray{corev1.TopologySpreadConstraintArgs{
						MaxSkew:           pulumi.Int(1),
						TopologyKey:       pulumi.String("topology.kubernetes.io/zone"),
						WhenUnsatisfiable: pulumi.String("ScheduleAnyway"), // with a zone lost, the others take its share
						LabelSelector:     metav1.LabelSelectorArgs{MatchLabels: b.labels},
					}},
					Containers: corev1.ContainerArray{corev1.ContainerArgs{
						Name:  pulumi.String(b.name),
						Image: pulumi.String(b.args.Image),
						Args:  pulumi.ToStringArray(b.args.Args),
						Env:   env,
						Ports: corev1.ContainerPortArray{corev1.ContainerPortArgs{
							Name: pulumi.String("http"), ContainerPort: pulumi.Int(b.args.Port),
						}},
						Resources: corev1.ResourceRequirementsArgs{
							Requests: pulumi.StringMap{"cpu": pulumi.String(b.args.CPU), "memory": pulumi.String(b.args.Memory)},
							Limits:   pulumi.StringMap{"memory": pulumi.String(b.args.Memory)},
						},
						ReadinessProbe: corev1.ProbeArgs{HttpGet: probe, PeriodSeconds: pulumi.Int(5), FailureThreshold: pulumi.Int(2)},
						LivenessProbe:  corev1.ProbeArgs{HttpGet: probe, PeriodSeconds: pulumi.Int(10), FailureThreshold: pulumi.Int(6)},
						Lifecycle: corev1.LifecycleArgs{PreStop: corev1.LifecycleHandlerArgs{
							Sleep: corev1.SleepActionArgs{Seconds: pulumi.Int(b.args.DrainSeconds)},
						}},
						SecurityContext: corev1.SecurityContextArgs{
							AllowPrivilegeEscalation: pulumi.Bool(false),
							ReadOnlyRootFilesystem:   pulumi.Bool(true),
							Capabilities:             corev1.CapabilitiesArgs{Drop: pulumi.StringArray{pulumi.String("ALL")}},
						},
					}},
				},
			},
		},
	}, b.in, b.waiting(), pulumi.IgnoreChanges([]string{"spec.replicas"})) // the autoscaler's
	return err
}

func (b *builder) makeScaling() error {
	if _, err := autoscalingv2.NewHorizontalPodAutoscaler(b.ctx, b.name, &autoscalingv2.HorizontalPodAutoscalerArgs{
		Metadata: b.meta(),
		Spec: autoscalingv2.HorizontalPodAutoscalerSpecArgs{
			ScaleTargetRef: autoscalingv2.CrossVersionObjectReferenceArgs{
				ApiVersion: pulumi.String("apps/v1"), Kind: pulumi.String("Deployment"), Name: pulumi.String(b.name),
			},
			MinReplicas: pulumi.Int(b.args.MinReplicas),
			MaxReplicas: pulumi.Int(b.args.MaxReplicas),
			Metrics: autoscalingv2.MetricSpecArray{autoscalingv2.MetricSpecArgs{
				Type: pulumi.String("Resource"),
				Resource: autoscalingv2.ResourceMetricSourceArgs{
					Name: pulumi.String("cpu"),
					Target: autoscalingv2.MetricTargetArgs{
						Type: pulumi.String("Utilization"), AverageUtilization: pulumi.Int(60),
					},
				},
			}},
		},
	}, b.in); err != nil {
		return err
	}
	_, err := policyv1.NewPodDisruptionBudget(b.ctx, b.name, &policyv1.PodDisruptionBudgetArgs{
		Metadata: b.meta(),
		Spec: policyv1.PodDisruptionBudgetSpecArgs{
			MaxUnavailable: pulumi.Int(1),
			Selector:       metav1.LabelSelectorArgs{MatchLabels: b.labels},
		},
	}, b.in)
	return err
}

func (b *builder) makeService() (err error) {
	b.service, err = corev1.NewService(b.ctx, b.name, &corev1.ServiceArgs{
		Metadata: b.meta(),
		Spec: corev1.ServiceSpecArgs{
			Type:     pulumi.String("ClusterIP"),
			Selector: b.labels,
			Ports: corev1.ServicePortArray{corev1.ServicePortArgs{
				Name: pulumi.String("http"), Port: pulumi.Int(80), TargetPort: pulumi.String("http"),
			}},
		},
	}, b.in)
	return err
}

// routeTraffic makes the load balancer's side: target group, rule, and the way
// through the pods' security group.
func (b *builder) routeTraffic() (err error) {
	b.targetGroup, err = lb.NewTargetGroup(b.ctx, b.name, &lb.TargetGroupArgs{
		VpcId:               b.args.VPCID,
		TargetType:          pulumi.String("ip"),
		Protocol:            pulumi.String("HTTP"),
		Port:                pulumi.Int(b.args.Port),
		DeregistrationDelay: pulumi.Int(b.args.DrainSeconds),
		HealthCheck: lb.TargetGroupHealthCheckArgs{
			Path:               pulumi.String(b.args.HealthCheckPath),
			Protocol:           pulumi.String("HTTP"),
			Matcher:            pulumi.String("200"),
			Interval:           pulumi.Int(10),
			Timeout:            pulumi.Int(5),
			HealthyThreshold:   pulumi.Int(2),
			UnhealthyThreshold: pulumi.Int(2),
		},
	}, b.in)
	if err != nil {
		return err
	}
	conditions := lb.ListenerRuleConditionArray{}
	if len(b.args.Hosts) > 0 {
		conditions = append(conditions, lb.ListenerRuleConditionArgs{
			HostHeader: lb.ListenerRuleConditionHostHeaderArgs{Values: pulumi.ToStringArray(b.args.Hosts)},
		})
	}
	if len(b.args.Paths) > 0 {
		conditions = append(conditions, lb.ListenerRuleConditionArgs{
			PathPattern: lb.ListenerRuleConditionPathPatternArgs{Values: pulumi.ToStringArray(b.args.Paths)},
		})
	}
	b.rule, err = lb.NewListenerRule(b.ctx, b.name, &lb.ListenerRuleArgs{
		ListenerArn: b.args.ListenerARN,
		Priority:    pulumi.Int(b.args.Priority),
		Conditions:  conditions,
		Actions: lb.ListenerRuleActionArray{lb.ListenerRuleActionArgs{
			Type: pulumi.String("forward"), TargetGroupArn: b.targetGroup.Arn,
		}},
	}, b.in)
	if err != nil {
		return err
	}
	_, err = vpc.NewSecurityGroupIngressRule(b.ctx, b.name, &vpc.SecurityGroupIngressRuleArgs{
		SecurityGroupId:           b.args.NodeSecurityGroupID,
		ReferencedSecurityGroupId: b.args.LoadBalancerSecurityGroupID,
		IpProtocol:                pulumi.String("tcp"),
		FromPort:                  pulumi.Int(b.args.Port),
		ToPort:                    pulumi.Int(b.args.Port),
		Description:               pulumi.Sprintf("Load balancer to %s, port %s", b.name, strconv.Itoa(b.args.Port)),
	}, b.in)
	return err
}

// bindPods has the controller register the pods with the target group. The
// binding carries a finalizer, so on destroy it goes before the target group and
// before the controller, which has to take the targets out.
func (b *builder) bindPods() error {
	_, err := apiextensions.NewCustomResource(b.ctx, b.name, &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String("elbv2.k8s.aws/v1beta1"),
		Kind:       pulumi.String("TargetGroupBinding"),
		Metadata:   b.meta(),
		OtherFields: kubernetes.UntypedArgs{
			"spec": pulumi.Map{
				"targetGroupARN": b.targetGroup.Arn,
				"targetType":     pulumi.String("ip"),
				"serviceRef":     pulumi.Map{"name": b.service.Metadata.Name(), "port": pulumi.Int(80)},
			},
		},
	}, b.in, pulumi.DependsOn(append([]pulumi.Resource{b.rule}, b.args.WaitFor...)))
	return err
}
