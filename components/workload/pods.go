package workload

import (
	"maps"
	"path"
	"slices"
	"strconv"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	// configDir is where the configuration files are.
	configDir = "/etc/workload"
	// lostNodeSeconds is how long pods stay bound to a node that does not answer,
	// before they are replaced elsewhere. Kubernetes has 300.
	lostNodeSeconds = 30
)

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

// makeConfigFiles keeps the configuration files in a ConfigMap whose name is new
// with every change, so that a change is rolled out like one of the image.
func (b *builder) makeConfigFiles() error {
	if len(b.args.ConfigFiles) == 0 {
		return nil
	}
	files, err := corev1.NewConfigMap(b.ctx, b.name, &corev1.ConfigMapArgs{
		Metadata:  &metav1.ObjectMetaArgs{Namespace: b.namespace, Labels: b.allPods()},
		Data:      pulumi.ToStringMap(b.args.ConfigFiles),
		Immutable: pulumi.Bool(true),
	}, b.in)
	if err != nil {
		return err
	}
	b.configMap = files.Metadata.Name()
	return nil
}

// makeTracks makes what every track has of its own on the cluster.
func (b *builder) makeTracks() error {
	for _, t := range b.args.tracks() {
		binding, err := b.bindPods(t)
		if err != nil {
			return err
		}
		deployment, err := b.makeDeployment(t, binding)
		if err != nil {
			return err
		}
		b.deployments = append(b.deployments, deployment)
		if err := b.makeScaling(t, deployment); err != nil {
			return err
		}
	}
	return nil
}

// makeDeployment makes the pods of a track. They come after the binding, which
// the controller's webhook has to know when it gives a pod its readiness gate.
func (b *builder) makeDeployment(t track, binding pulumi.Resource) (*appsv1.Deployment, error) {
	var surge pulumi.Input = pulumi.String(b.args.MaxSurge)
	if n, err := strconv.Atoi(b.args.MaxSurge); err == nil {
		surge = pulumi.Int(n)
	}
	ignored := []string{"spec.replicas"} // the autoscaler's
	if b.args.ImageOwner == OwnerGitOps {
		ignored = append(ignored, "spec.template.spec.containers[0].image")
	}
	return appsv1.NewDeployment(b.ctx, b.name+t.suffix, &appsv1.DeploymentArgs{
		Metadata: b.metaOf(t),
		Spec: appsv1.DeploymentSpecArgs{
			Replicas:        pulumi.Int(t.minReplicas),
			MinReadySeconds: pulumi.Int(b.args.MinReadySeconds),
			Selector:        metav1.LabelSelectorArgs{MatchLabels: b.pods(t)},
			Strategy: appsv1.DeploymentStrategyArgs{
				Type:          pulumi.String("RollingUpdate"),
				RollingUpdate: appsv1.RollingUpdateDeploymentArgs{MaxSurge: surge, MaxUnavailable: pulumi.Int(0)},
			},
			Template: corev1.PodTemplateSpecArgs{
				Metadata: metav1.ObjectMetaArgs{Labels: b.pods(t)},
				Spec:     b.pod(t),
			},
		},
	}, b.in, b.waiting(append([]pulumi.Resource{binding}, b.beforePods...)...), pulumi.IgnoreChanges(ignored))
}

func (b *builder) pod(t track) corev1.PodSpecArgs {
	volumes, mounts := b.volumes()
	return corev1.PodSpecArgs{
		ServiceAccountName: b.serviceAccount,
		SecurityContext: corev1.PodSecurityContextArgs{
			RunAsNonRoot:   pulumi.Bool(true),
			RunAsUser:      pulumi.Int(b.args.UserID),
			RunAsGroup:     pulumi.Int(b.args.UserID),
			FsGroup:        pulumi.Int(b.args.UserID),
			SeccompProfile: corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")},
		},
		TerminationGracePeriodSeconds: pulumi.Int(b.args.gracePeriod()),
		TopologySpreadConstraints:     b.spread(t),
		Tolerations: corev1.TolerationArray{
			tolerate("node.kubernetes.io/not-ready"), tolerate("node.kubernetes.io/unreachable"),
		},
		Containers: corev1.ContainerArray{b.container(t, mounts)},
		Volumes:    volumes,
	}
}

func tolerate(taint string) corev1.TolerationArgs {
	return corev1.TolerationArgs{
		Key: pulumi.String(taint), Operator: pulumi.String("Exists"), Effect: pulumi.String("NoExecute"),
		TolerationSeconds: pulumi.Int(lostNodeSeconds),
	}
}

// spread keeps the pods of one revision even over the zones, and over nodes where
// there is room. A zone whose nodes are all tainted, as lost ones are, does not
// count: it would hold back the pods that replace its own.
func (b *builder) spread(t track) corev1.TopologySpreadConstraintArray {
	zones := "DoNotSchedule"
	if b.args.ZoneSpread == ZoneSpreadPreferred {
		zones = "ScheduleAnyway"
	}
	over := func(key, otherwise string) corev1.TopologySpreadConstraintArgs {
		return corev1.TopologySpreadConstraintArgs{
			MaxSkew:           pulumi.Int(1),
			TopologyKey:       pulumi.String(key),
			WhenUnsatisfiable: pulumi.String(otherwise),
			NodeTaintsPolicy:  pulumi.String("Honor"),
			LabelSelector:     metav1.LabelSelectorArgs{MatchLabels: b.pods(t)},
			MatchLabelKeys:    pulumi.ToStringArray([]string{"pod-template-hash"}),
		}
	}
	return corev1.TopologySpreadConstraintArray{
		over("topology.kubernetes.io/zone", zones),
		over("kubernetes.io/hostname", "ScheduleAnyway"),
	}
}

func (b *builder) container(t track, mounts corev1.VolumeMountArray) corev1.ContainerArgs {
	health := corev1.HTTPGetActionArgs{Path: pulumi.String(b.args.HealthCheckPath), Port: pulumi.String("http")}
	const startupPeriod = 2 // seconds
	return corev1.ContainerArgs{
		Name:  pulumi.String(b.name),
		Image: pulumi.String(t.image),
		Args:  pulumi.ToStringArray(b.args.Args),
		Env:   b.environment(),
		Ports: corev1.ContainerPortArray{corev1.ContainerPortArgs{
			Name: pulumi.String("http"), ContainerPort: pulumi.Int(b.args.Port),
		}},
		Resources: corev1.ResourceRequirementsArgs{
			Requests: pulumi.StringMap{"cpu": pulumi.String(b.args.CPU), "memory": pulumi.String(b.args.Memory)},
			Limits:   pulumi.StringMap{"memory": pulumi.String(b.args.Memory)},
		},
		StartupProbe: corev1.ProbeArgs{
			HttpGet: health, PeriodSeconds: pulumi.Int(startupPeriod), TimeoutSeconds: pulumi.Int(2),
			FailureThreshold: pulumi.Int((b.args.StartupSeconds + startupPeriod - 1) / startupPeriod),
		},
		ReadinessProbe: corev1.ProbeArgs{
			HttpGet: health, PeriodSeconds: pulumi.Int(5), TimeoutSeconds: pulumi.Int(2), FailureThreshold: pulumi.Int(2),
		},
		// More patient than readiness: a pod that is only slow gets no requests, but is not started anew.
		LivenessProbe: corev1.ProbeArgs{
			HttpGet: health, PeriodSeconds: pulumi.Int(10), TimeoutSeconds: pulumi.Int(5), FailureThreshold: pulumi.Int(6),
		},
		Lifecycle: corev1.LifecycleArgs{PreStop: corev1.LifecycleHandlerArgs{
			Sleep: corev1.SleepActionArgs{Seconds: pulumi.Int(b.args.DrainSeconds)},
		}},
		SecurityContext: corev1.SecurityContextArgs{
			AllowPrivilegeEscalation: pulumi.Bool(false),
			ReadOnlyRootFilesystem:   pulumi.Bool(true),
			Capabilities:             corev1.CapabilitiesArgs{Drop: pulumi.StringArray{pulumi.String("ALL")}},
		},
		VolumeMounts: mounts,
	}
}

func (b *builder) environment() corev1.EnvVarArray {
	env := corev1.EnvVarArray{}
	for _, key := range slices.Sorted(maps.Keys(b.args.Env)) {
		env = append(env, corev1.EnvVarArgs{Name: pulumi.String(key), Value: b.args.Env[key].ToStringOutput().ToStringPtrOutput()})
	}
	for _, key := range slices.Sorted(maps.Keys(b.args.Secrets)) {
		env = append(env, corev1.EnvVarArgs{Name: pulumi.String(key), ValueFrom: corev1.EnvVarSourceArgs{
			SecretKeyRef: corev1.SecretKeySelectorArgs{Name: pulumi.String(b.name), Key: pulumi.String(key)},
		}})
	}
	return env
}

func (b *builder) volumes() (corev1.VolumeArray, corev1.VolumeMountArray) {
	volumes, mounts := corev1.VolumeArray{}, corev1.VolumeMountArray{}
	if len(b.args.ConfigFiles) > 0 {
		volumes = append(volumes, corev1.VolumeArgs{
			Name: pulumi.String("config"), ConfigMap: corev1.ConfigMapVolumeSourceArgs{Name: b.configMap},
		})
		mounts = append(mounts, corev1.VolumeMountArgs{
			Name: pulumi.String("config"), MountPath: pulumi.String(configDir), ReadOnly: pulumi.Bool(true),
		})
	}
	// One volume for all of them would give them one size.
	for i, dir := range slices.Sorted(maps.Keys(b.args.ScratchDirs)) {
		name := pulumi.String("scratch-" + strconv.Itoa(i))
		volumes = append(volumes, corev1.VolumeArgs{
			Name: name, EmptyDir: corev1.EmptyDirVolumeSourceArgs{SizeLimit: pulumi.String(b.args.ScratchDirs[dir])},
		})
		mounts = append(mounts, corev1.VolumeMountArgs{Name: name, MountPath: pulumi.String(path.Clean(dir))})
	}
	return volumes, mounts
}
