package cluster

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// verticalPodAutoscalerChart is the version of the chart of the Vertical Pod
// Autoscaler; 0.11 installs version 1.7.
const verticalPodAutoscalerChart = "0.11.0"

// makeVerticalPodAutoscaler installs the recommender, and not the parts that
// change pods: a horizontal autoscaler on the same metric and they would work
// against each other, and what a pod requests is in the program.
func (b *builder) makeVerticalPodAutoscaler() error {
	if !b.args.VerticalPodAutoscaler {
		return nil
	}
	const name = "vertical-pod-autoscaler"
	release, err := b.install(chart{
		release: name, namespace: systemNamespace,
		name: name, repository: "https://kubernetes.github.io/autoscaler", version: verticalPodAutoscalerChart,
		values: pulumi.Map{
			"admissionController": pulumi.Map{"enabled": pulumi.Bool(false)},
			"updater":             pulumi.Map{"enabled": pulumi.Bool(false)},
			"recommender":         pulumi.Map{"replicas": pulumi.Int(2), "resources": requests("50m", "500Mi")},
		},
	})
	b.ready = append(b.ready, release)
	return err
}
