package cluster

import (
	"fmt"
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// Autoscaler names what makes nodes as pods need them.
type Autoscaler string

// The autoscalers.
const (
	// AutoscalerKarpenter launches instances that fit the pods that wait, beside the
	// managed node groups, and takes them back when they are no longer needed.
	AutoscalerKarpenter Autoscaler = "karpenter"
	// AutoscalerClusterAutoscaler moves the desired size of the managed node groups
	// between their MinSize and MaxSize.
	AutoscalerClusterAutoscaler Autoscaler = "cluster-autoscaler"
	// AutoscalerNone leaves node groups at the size that they have.
	AutoscalerNone Autoscaler = "none"
)

var autoscalers = []Autoscaler{AutoscalerKarpenter, AutoscalerClusterAutoscaler, AutoscalerNone}

func (a *ClusterArgs) validateAutoscaler(root *field.Path) field.ErrorList {
	switch a.Autoscaler {
	case AutoscalerKarpenter:
		return a.Karpenter.validate(root.Child("karpenter"))
	case AutoscalerClusterAutoscaler, AutoscalerNone:
		if !reflect.ValueOf(a.Karpenter).IsZero() {
			return field.ErrorList{field.Forbidden(root.Child("karpenter"),
				fmt.Sprintf("says nothing while autoscaler is %s; take it away, or set autoscaler to karpenter", a.Autoscaler))}
		}
		return nil
	}
	return field.ErrorList{field.NotSupported(root.Child("autoscaler"), a.Autoscaler, autoscalers)}
}

func (b *builder) makeAutoscaler() error {
	switch b.args.Autoscaler {
	case AutoscalerKarpenter:
		return b.makeKarpenter()
	case AutoscalerClusterAutoscaler:
		return b.makeClusterAutoscaler()
	}
	return nil
}

// makeClusterAutoscaler installs the Cluster Autoscaler. EKS puts the tags by
// which it finds the groups on the Auto Scaling groups of managed node groups
// (EKS user guide, "Simplify node lifecycle with managed node groups"), and its
// role can change those of this cluster alone.
func (b *builder) makeClusterAutoscaler() error {
	const name = "cluster-autoscaler"
	identity, err := b.identity(name, systemNamespace, name,
		iampolicy.Statement{
			Sid: "ReadGroups",
			Action: []string{
				"autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeAutoScalingInstances",
				"autoscaling:DescribeLaunchConfigurations", "autoscaling:DescribeScalingActivities",
				"ec2:DescribeImages", "ec2:DescribeInstanceTypes", "ec2:DescribeLaunchTemplateVersions",
				"ec2:GetInstanceTypesFromInstanceRequirements",
			},
			Resource: "*", // these actions know no narrower resource
		},
		iampolicy.Statement{
			Sid:      "ReadLabelsOfEmptyGroups",
			Action:   []string{"eks:DescribeNodegroup"},
			Resource: fmt.Sprintf("arn:aws:eks:%s:%s:nodegroup/%s/*", b.args.Region, b.args.AccountID, b.name),
		},
		iampolicy.Statement{
			Sid:      "ScaleGroupsOfThisCluster",
			Action:   []string{"autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"},
			Resource: fmt.Sprintf("arn:aws:autoscaling:%s:%s:autoScalingGroup:*:autoScalingGroupName/*", b.args.Region, b.args.AccountID),
			Condition: map[string]any{"StringEquals": map[string]any{
				"aws:ResourceTag/k8s.io/cluster-autoscaler/" + b.name: "owned",
			}},
		},
	)
	if err != nil {
		return err
	}
	release, err := b.install(chart{
		release:    name,
		namespace:  systemNamespace,
		name:       name,
		repository: "https://kubernetes.github.io/autoscaler",
		version:    releases[b.args.Version].clusterAutoscaler,
		values: pulumi.Map{
			"autoDiscovery": pulumi.Map{"clusterName": b.cluster},
			"awsRegion":     pulumi.String(b.args.Region),
			"replicaCount":  pulumi.Int(2), // one leads
			"rbac":          pulumi.Map{"serviceAccount": serviceAccount(name)},
			"extraArgs": pulumi.Map{
				"balance-similar-node-groups":   pulumi.Bool(true),
				"expander":                      pulumi.String("least-waste"),
				"skip-nodes-with-local-storage": pulumi.Bool(false),
				"skip-nodes-with-system-pods":   pulumi.Bool(false),
			},
			"resources": requests("100m", "600Mi"),
		},
	}, identity...)
	b.ready = append(b.ready, release)
	return err
}
