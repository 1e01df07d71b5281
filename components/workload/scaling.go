package workload

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	autoscalingv2 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/autoscaling/v2"
	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	policyv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/policy/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// makeScaling makes what decides on the number of a track's pods.
func (b *builder) makeScaling(t track, deployment *appsv1.Deployment) error {
	name := deployment.Metadata.Name().Elem()
	// Jobs of the peaks and takeovers change the first track's bound, and Pulumi leaves
	// it to them.
	var ignored []string
	if t.suffix == "" && (len(b.args.Scaling.Peaks) > 0 || b.args.Scaling.RaisedMinReplicas > 0) {
		ignored = []string{"spec.minReplicas"}
	}
	down := b.args.Scaling
	if _, err := autoscalingv2.NewHorizontalPodAutoscaler(b.ctx, b.name+t.suffix, &autoscalingv2.HorizontalPodAutoscalerArgs{
		Metadata: b.metaOf(t),
		Spec: autoscalingv2.HorizontalPodAutoscalerSpecArgs{
			ScaleTargetRef: autoscalingv2.CrossVersionObjectReferenceArgs{
				ApiVersion: pulumi.String("apps/v1"), Kind: pulumi.String("Deployment"), Name: name,
			},
			MinReplicas: pulumi.Int(t.minReplicas),
			MaxReplicas: pulumi.Int(b.args.MaxReplicas),
			Metrics:     b.metrics(),
			Behavior: autoscalingv2.HorizontalPodAutoscalerBehaviorArgs{
				ScaleUp: autoscalingv2.HPAScalingRulesArgs{
					StabilizationWindowSeconds: pulumi.Int(0),
					SelectPolicy:               pulumi.String("Max"),
					Policies: autoscalingv2.HPAScalingPolicyArray{
						policy("Percent", 100, 15), policy("Pods", 4, 15), // Kubernetes' own
					},
				},
				ScaleDown: autoscalingv2.HPAScalingRulesArgs{
					StabilizationWindowSeconds: pulumi.Int(down.ScaleDownStabilizationSeconds),
					SelectPolicy:               pulumi.String("Max"),
					Policies:                   autoscalingv2.HPAScalingPolicyArray{policy("Percent", down.ScaleDownPercentPerMinute, 60)},
				},
			},
		},
	}, b.in, pulumi.IgnoreChanges(ignored)); err != nil {
		return err
	}
	if _, err := policyv1.NewPodDisruptionBudget(b.ctx, b.name+t.suffix, &policyv1.PodDisruptionBudgetArgs{
		Metadata: b.metaOf(t),
		Spec: policyv1.PodDisruptionBudgetSpecArgs{
			MaxUnavailable: pulumi.Int(b.args.MaxUnavailable),
			Selector:       metav1.LabelSelectorArgs{MatchLabels: b.pods(t)},
			// A pod that does not become ready serves nobody, so it holds no node up.
			UnhealthyPodEvictionPolicy: pulumi.String("AlwaysAllow"),
		},
	}, b.in); err != nil {
		return err
	}
	if !b.args.RecommendResources {
		return nil
	}
	_, err := apiextensions.NewCustomResource(b.ctx, b.name+t.suffix+"-recommendation", &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String("autoscaling.k8s.io/v1"),
		Kind:       pulumi.String("VerticalPodAutoscaler"),
		Metadata:   b.metaOf(t),
		OtherFields: kubernetes.UntypedArgs{"spec": pulumi.Map{
			"targetRef":    pulumi.Map{"apiVersion": pulumi.String("apps/v1"), "kind": pulumi.String("Deployment"), "name": name},
			"updatePolicy": pulumi.Map{"updateMode": pulumi.String("Off")}, // the horizontal one acts on the same metric
		}},
	}, b.in, b.waiting())
	return err
}

func policy(kind string, value, periodSeconds int) autoscalingv2.HPAScalingPolicyArgs {
	return autoscalingv2.HPAScalingPolicyArgs{
		Type: pulumi.String(kind), Value: pulumi.Int(value), PeriodSeconds: pulumi.Int(periodSeconds),
	}
}

// metrics are what the number of pods follows.
func (b *builder) metrics() autoscalingv2.MetricSpecArray {
	s := b.args.Scaling
	resource := func(name string, percent int) autoscalingv2.MetricSpecArgs {
		return autoscalingv2.MetricSpecArgs{
			Type: pulumi.String("Resource"),
			Resource: autoscalingv2.ResourceMetricSourceArgs{
				Name: pulumi.String(name),
				Target: autoscalingv2.MetricTargetArgs{
					Type: pulumi.String("Utilization"), AverageUtilization: pulumi.Int(percent),
				},
			},
		}
	}
	average := func(value string) autoscalingv2.MetricTargetArgs {
		return autoscalingv2.MetricTargetArgs{Type: pulumi.String("AverageValue"), AverageValue: pulumi.String(value)}
	}
	all := autoscalingv2.MetricSpecArray{resource("cpu", s.CPUPercent)}
	if s.MemoryPercent > 0 {
		all = append(all, resource("memory", s.MemoryPercent))
	}
	for _, name := range slices.Sorted(maps.Keys(s.PodsMetrics)) {
		all = append(all, autoscalingv2.MetricSpecArgs{
			Type: pulumi.String("Pods"),
			Pods: autoscalingv2.PodsMetricSourceArgs{
				Metric: autoscalingv2.MetricIdentifierArgs{Name: pulumi.String(name)}, Target: average(s.PodsMetrics[name]),
			},
		})
	}
	for _, m := range s.ExternalMetrics {
		metric := autoscalingv2.MetricIdentifierArgs{Name: pulumi.String(m.Name)}
		if len(m.Labels) > 0 {
			metric.Selector = metav1.LabelSelectorArgs{MatchLabels: pulumi.ToStringMap(m.Labels)}
		}
		all = append(all, autoscalingv2.MetricSpecArgs{
			Type:     pulumi.String("External"),
			External: autoscalingv2.ExternalMetricSourceArgs{Metric: metric, Target: average(m.AverageValue)},
		})
	}
	return all
}

// kubectlImage is the Kubernetes project's own image of kubectl, which has
// neither a shell nor anything else.
const kubectlImage = "registry.k8s.io/kubectl:v1.34.2"

// makePeaks makes jobs that raise the lower bound of the first track's autoscaler
// when a peak begins and take it back when it ends. They may do that to this one
// object and nothing else.
func (b *builder) makePeaks() error {
	if len(b.args.Scaling.Peaks) == 0 {
		return nil
	}
	const suffix = "-peaks"
	account, err := corev1.NewServiceAccount(b.ctx, b.name+suffix, &corev1.ServiceAccountArgs{
		Metadata: b.peakMeta(suffix), AutomountServiceAccountToken: pulumi.Bool(false),
	}, b.in)
	if err != nil {
		return err
	}
	role, err := rbacv1.NewRole(b.ctx, b.name+suffix, &rbacv1.RoleArgs{
		Metadata: b.peakMeta(suffix),
		Rules: rbacv1.PolicyRuleArray{rbacv1.PolicyRuleArgs{
			ApiGroups:     pulumi.ToStringArray([]string{"autoscaling"}),
			Resources:     pulumi.ToStringArray([]string{"horizontalpodautoscalers"}),
			ResourceNames: pulumi.ToStringArray([]string{b.name}),
			Verbs:         pulumi.ToStringArray([]string{"get", "patch"}),
		}},
	}, b.in)
	if err != nil {
		return err
	}
	binding, err := rbacv1.NewRoleBinding(b.ctx, b.name+suffix, &rbacv1.RoleBindingArgs{
		Metadata: b.peakMeta(suffix),
		RoleRef: rbacv1.RoleRefArgs{
			ApiGroup: pulumi.String("rbac.authorization.k8s.io"), Kind: pulumi.String("Role"), Name: role.Metadata.Name().Elem(),
		},
		Subjects: rbacv1.SubjectArray{rbacv1.SubjectArgs{
			Kind: pulumi.String("ServiceAccount"), Name: account.Metadata.Name().Elem(), Namespace: b.namespace,
		}},
	}, b.in)
	if err != nil {
		return err
	}
	for _, peak := range b.args.Scaling.Peaks {
		for _, edge := range []struct {
			suffix, schedule string
			replicas         int
		}{
			{"-" + peak.Name + "-start", peak.Start, peak.MinReplicas},
			{"-" + peak.Name + "-end", peak.End, b.args.MinReplicas},
		} {
			zone := cmp.Or(peak.TimeZone, "Etc/UTC")
			if err := b.makePeakJob(edge.suffix, edge.schedule, zone, edge.replicas, account, binding); err != nil {
				return err
			}
		}
	}
	return nil
}

// peakMeta names an object of the peaks. Its labels are not those of the pods
// that serve: neither service nor network policy may select it.
func (b *builder) peakMeta(suffix string) *metav1.ObjectMetaArgs {
	return &metav1.ObjectMetaArgs{
		Name: pulumi.String(b.name + suffix), Namespace: b.namespace,
		Labels: pulumi.StringMap{"app.kubernetes.io/part-of": pulumi.String(b.name), "app.kubernetes.io/component": pulumi.String("peaks")},
	}
}

func (b *builder) makePeakJob(suffix, schedule, zone string, replicas int, account *corev1.ServiceAccount, after pulumi.Resource) error {
	patch, err := json.Marshal(map[string]any{"spec": map[string]int{"minReplicas": replicas}})
	if err != nil {
		return err
	}
	_, err = batchv1.NewCronJob(b.ctx, b.name+suffix, &batchv1.CronJobArgs{
		Metadata: b.peakMeta(suffix),
		Spec: batchv1.CronJobSpecArgs{
			Schedule: pulumi.String(schedule),
			TimeZone: pulumi.String(zone),
			// A start that was missed, as the control plane was away, is made up for.
			StartingDeadlineSeconds:    pulumi.Int(1800),
			ConcurrencyPolicy:          pulumi.String("Replace"),
			SuccessfulJobsHistoryLimit: pulumi.Int(1),
			FailedJobsHistoryLimit:     pulumi.Int(3),
			JobTemplate: batchv1.JobTemplateSpecArgs{Spec: batchv1.JobSpecArgs{
				BackoffLimit:          pulumi.Int(6),
				ActiveDeadlineSeconds: pulumi.Int(1500),
				Template: corev1.PodTemplateSpecArgs{
					Metadata: metav1.ObjectMetaArgs{Labels: b.peakMeta("").Labels},
					Spec: corev1.PodSpecArgs{
						ServiceAccountName:           account.Metadata.Name(),
						AutomountServiceAccountToken: pulumi.Bool(true),
						RestartPolicy:                pulumi.String("Never"),
						SecurityContext: corev1.PodSecurityContextArgs{
							RunAsNonRoot:   pulumi.Bool(true),
							RunAsUser:      pulumi.Int(65532),
							SeccompProfile: corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")},
						},
						Containers: corev1.ContainerArray{corev1.ContainerArgs{
							Name:  pulumi.String("kubectl"),
							Image: pulumi.String(kubectlImage),
							Args: pulumi.ToStringArray([]string{
								"patch", "horizontalpodautoscalers.autoscaling", b.name, "--type=merge", "--patch=" + string(patch),
							}),
							Env: corev1.EnvVarArray{corev1.EnvVarArgs{Name: pulumi.String("KUBECACHEDIR"), Value: pulumi.String("/dev/null")}},
							Resources: corev1.ResourceRequirementsArgs{
								Requests: pulumi.StringMap{"cpu": pulumi.String("50m"), "memory": pulumi.String("64Mi")},
								Limits:   pulumi.StringMap{"memory": pulumi.String("64Mi")},
							},
							SecurityContext: corev1.SecurityContextArgs{
								AllowPrivilegeEscalation: pulumi.Bool(false),
								ReadOnlyRootFilesystem:   pulumi.Bool(true),
								Capabilities:             corev1.CapabilitiesArgs{Drop: pulumi.StringArray{pulumi.String("ALL")}},
							},
						}},
					},
				},
			}},
		},
	}, b.in, pulumi.DependsOn([]pulumi.Resource{after}))
	return err
}
