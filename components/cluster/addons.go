package cluster

import (
	"fmt"

	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/helm/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// addonVersions are the EKS add-ons of every cluster with their pinned versions
// for Kubernetes 1.34 (EKS user guide, "Available Amazon EKS add-ons").
var addonVersions = map[string]string{
	"vpc-cni":                "v1.20.4-eksbuild.1",
	"kube-proxy":             "v1.34.0-eksbuild.4",
	"coredns":                "v1.12.4-eksbuild.1",
	"eks-pod-identity-agent": "v1.3.9-eksbuild.3",
	"aws-ebs-csi-driver":     "v1.51.1-eksbuild.1",
}

const (
	// loadBalancerControllerChart is the version of the chart of the AWS Load
	// Balancer Controller; 1.14 installs controller 2.14.
	loadBalancerControllerChart = "1.14.0"
	loadBalancerControllerName  = "aws-load-balancer-controller"
)

func (b *builder) addonVersion(name string) pulumi.String {
	if v, ok := b.args.AddonVersions[name]; ok {
		return pulumi.String(v)
	}
	return pulumi.String(addonVersions[name])
}

// addon makes an EKS add-on. Where policyARN is given, the add-on's service
// account gets a role with that policy through EKS Pod Identity.
func (b *builder) addon(name, serviceAccount, policyARN string, after ...pulumi.Resource) (*awseks.Addon, error) {
	args := &awseks.AddonArgs{
		ClusterName:  b.cluster,
		AddonName:    pulumi.String(name),
		AddonVersion: b.addonVersion(name),
		// The control plane installs some of these itself; ours take over, and a change
		// that somebody made by hand is put back.
		ResolveConflictsOnCreate: pulumi.String("OVERWRITE"),
		ResolveConflictsOnUpdate: pulumi.String("OVERWRITE"),
	}
	if policyARN != "" {
		role, err := b.podRole(name)
		if err != nil {
			return nil, err
		}
		attached, err := iam.NewRolePolicyAttachment(b.ctx, b.name+"-"+name, &iam.RolePolicyAttachmentArgs{
			Role:      role.Name,
			PolicyArn: pulumi.String(policyARN),
		}, b.in)
		if err != nil {
			return nil, err
		}
		after = append(after, attached)
		args.PodIdentityAssociations = awseks.AddonPodIdentityAssociationArray{awseks.AddonPodIdentityAssociationArgs{
			RoleArn:        role.Arn,
			ServiceAccount: pulumi.String(serviceAccount),
		}}
	}
	return awseks.NewAddon(b.ctx, b.name+"-"+name, args, b.in, pulumi.DependsOn(after))
}

// podRole makes a role that pods of this cluster take on through EKS Pod Identity.
func (b *builder) podRole(name string) (*iam.Role, error) {
	return iam.NewRole(b.ctx, b.name+"-"+name, &iam.RoleArgs{
		Description: pulumi.Sprintf("%s on the EKS cluster %s", name, b.name),
		AssumeRolePolicy: iampolicy.JSON(iampolicy.Statement{
			Principal: map[string]any{"Service": "pods.eks.amazonaws.com"},
			Action:    []string{"sts:AssumeRole", "sts:TagSession"},
			Condition: map[string]any{"StringEquals": map[string]any{"aws:RequestTag/eks-cluster-name": b.name}},
		}),
	}, b.in)
}

// makeNetworkAddons makes what nodes need to become ready: they come first.
func (b *builder) makeNetworkAddons() error {
	agent, err := b.addon("eks-pod-identity-agent", "", "")
	if err != nil {
		return err
	}
	cni, err := b.addon("vpc-cni", "aws-node", "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy", agent)
	if err != nil {
		return err
	}
	proxy, err := b.addon("kube-proxy", "", "")
	if err != nil {
		return err
	}
	b.beforeNodes = []pulumi.Resource{agent, cni, proxy}
	return nil
}

// makeNodeAddons makes the add-ons whose pods need nodes to run on.
func (b *builder) makeNodeAddons() error {
	if _, err := b.addon("coredns", "", "", b.nodeGroups...); err != nil {
		return err
	}
	_, err := b.addon("aws-ebs-csi-driver", "ebs-csi-controller-sa",
		"arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy", b.nodeGroups...)
	return err
}

// makeLoadBalancerController installs the AWS Load Balancer Controller, which
// registers pods with target groups. Load balancers themselves are Pulumi's,
// so its role can change targets and nothing else.
func (b *builder) makeLoadBalancerController() error {
	name := b.name + "-" + loadBalancerControllerName
	role, err := b.podRole(loadBalancerControllerName)
	if err != nil {
		return err
	}
	policy, err := iam.NewRolePolicy(b.ctx, name, &iam.RolePolicyArgs{
		Role: role.ID(),
		Policy: iampolicy.JSON(
			iampolicy.Statement{
				Sid: "ReadWhatTargetsNeed",
				Action: []string{
					"ec2:DescribeAvailabilityZones", "ec2:DescribeInstances", "ec2:DescribeNetworkInterfaces",
					"ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
					"elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTargetGroups",
					"elasticloadbalancing:DescribeTargetGroupAttributes", "elasticloadbalancing:DescribeTargetHealth",
				},
				Resource: "*", // these actions know no narrower resource
			},
			iampolicy.Statement{
				Sid:      "RegisterPods",
				Action:   []string{"elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"},
				Resource: fmt.Sprintf("arn:aws:elasticloadbalancing:%s:*:targetgroup/*", b.args.Region),
			},
		),
	}, b.in)
	if err != nil {
		return err
	}
	identity, err := awseks.NewPodIdentityAssociation(b.ctx, name, &awseks.PodIdentityAssociationArgs{
		ClusterName:    b.cluster,
		Namespace:      pulumi.String("kube-system"),
		ServiceAccount: pulumi.String(loadBalancerControllerName),
		RoleArn:        role.Arn,
	}, b.in)
	if err != nil {
		return err
	}
	after := append([]pulumi.Resource{policy, identity}, b.nodeGroups...)
	b.controller, err = helm.NewRelease(b.ctx, name, &helm.ReleaseArgs{
		Name:           pulumi.String(loadBalancerControllerName),
		Namespace:      pulumi.String("kube-system"),
		Chart:          pulumi.String(loadBalancerControllerName),
		Version:        pulumi.String(loadBalancerControllerChart),
		RepositoryOpts: helm.RepositoryOptsArgs{Repo: pulumi.String("https://aws.github.io/eks-charts")},
		Atomic:         pulumi.Bool(true),
		Values: pulumi.Map{
			"clusterName":  b.cluster,
			"region":       pulumi.String(b.args.Region),
			"vpcId":        b.args.VPCID,
			"replicaCount": pulumi.Int(2),
			"serviceAccount": pulumi.Map{
				"create": pulumi.Bool(true),
				"name":   pulumi.String(loadBalancerControllerName),
			},
			// No controller makes load balancers here, so no ingress class asks for one.
			"createIngressClassResource":  pulumi.Bool(false),
			"enableServiceMutatorWebhook": pulumi.Bool(false),
			"podDisruptionBudget":         pulumi.Map{"maxUnavailable": pulumi.Int(1)},
			"keepTLSSecret":               pulumi.Bool(true), // else every upgrade makes a new webhook certificate
		},
	}, b.in, pulumi.Provider(b.provider), pulumi.DependsOn(after))
	return err
}
