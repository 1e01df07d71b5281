// Package cluster makes the EKS cluster of a region.
//
// The control plane is pulumi-eks's eks.Cluster: reached from the VPC alone
// unless told otherwise, with all of its logs, secrets encrypted under a key of
// its own, and access by access entries. Around it a [Cluster] makes managed
// node groups, the core EKS add-ons with their roles, the IAM OIDC provider, the
// AWS Load Balancer Controller and a Kubernetes provider.
package cluster

import (
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Cluster is an EKS cluster that is ready for workloads.
type Cluster struct {
	pulumi.ResourceState

	// Name is the cluster's name; it is known once the cluster is active.
	Name pulumi.StringOutput `pulumi:"name"`
	// ARN is the cluster's ARN.
	ARN pulumi.StringOutput `pulumi:"arn"`
	// SecurityGroupID is the security group that EKS gives to the control plane and
	// to every managed node.
	SecurityGroupID pulumi.StringOutput `pulumi:"securityGroupId"`
	// Kubeconfig is a kubeconfig, as JSON. It holds no secret: tokens come from the AWS CLI.
	Kubeconfig pulumi.StringOutput `pulumi:"kubeconfig"`
	// Provider makes objects on this cluster.
	Provider *kubernetes.Provider
	// Ready are the resources that workloads have to wait for, and that have to wait
	// for workloads when the cluster is destroyed: nodes, and the controller that
	// registers pods with target groups.
	Ready []pulumi.Resource
}

// NewCluster makes a cluster. Bad arguments are reported all at once, before
// anything is registered.
func NewCluster(ctx *pulumi.Context, name string, args *ClusterArgs, opts ...pulumi.ResourceOption) (*Cluster, error) {
	args = args.withDefaults()
	if err := args.Validate(name); err != nil {
		return nil, err
	}
	c := &Cluster{}
	inputs := pulumi.Map{
		"region":  pulumi.String(args.Region),
		"version": pulumi.String(args.Version),
		"vpcId":   args.VPCID,
	}
	if err := ctx.RegisterComponentResourceV2("tandem:index:Cluster", name, inputs, c, opts...); err != nil {
		return nil, err
	}
	b := &builder{ctx: ctx, name: name, args: args, in: pulumi.Parent(c)}
	for _, step := range []func() error{
		b.makeControlPlane, b.makeProviders, b.makeNetworkAddons, b.makeNodeGroups, b.makeNodeAddons, b.makeLoadBalancerController,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	c.Name = b.cluster
	c.ARN = b.eks.EksCluster.Arn()
	c.SecurityGroupID = b.eks.EksCluster.VpcConfig().ClusterSecurityGroupId().Elem()
	c.Kubeconfig = b.kubeconfig()
	c.Provider = b.provider
	c.Ready = append([]pulumi.Resource{b.controller}, b.nodeGroups...)
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{
		"name":            c.Name,
		"arn":             c.ARN,
		"securityGroupId": c.SecurityGroupID,
		"kubeconfig":      c.Kubeconfig,
	})
}
