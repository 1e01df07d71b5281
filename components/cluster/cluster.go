// Package cluster makes the EKS cluster of a region.
//
// The control plane is pulumi-eks's eks.Cluster: reached from the VPC alone
// unless told otherwise, with all of its logs, secrets encrypted under a key of
// its own, and access by access entries. Around it a [Cluster] makes managed node
// groups, an autoscaler of nodes (Karpenter, unless told otherwise), Fargate
// profiles, EKS add-ons and controllers, each with a role of its own, the IAM OIDC
// provider, namespaces that deny what nobody allowed, and a Kubernetes provider.
//
// What depends on what is also the order of an upgrade and, backwards, of a
// destroy: control plane, add-ons that nodes need, nodes, add-ons and controllers
// that need nodes, objects that controllers have to clean up.
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
	// Endpoint is the URL of the API server, CertificateAuthority the certificate that
	// it is known by, in PEM and Base64.
	Endpoint             pulumi.StringOutput `pulumi:"endpoint"`
	CertificateAuthority pulumi.StringOutput `pulumi:"certificateAuthority"`
	// SecurityGroupID is the security group that EKS gives to the control plane and
	// that every node and Fargate pod is in.
	SecurityGroupID pulumi.StringOutput `pulumi:"securityGroupId"`
	// OIDCProviderARN is the IAM OIDC provider of the cluster, by which a role trusts
	// service accounts (IRSA); OIDCIssuer is the issuer's URL without https://, as
	// such a role's trust policy has it.
	OIDCProviderARN pulumi.StringOutput `pulumi:"oidcProviderArn"`
	OIDCIssuer      pulumi.StringOutput `pulumi:"oidcIssuer"`
	// VolumeKeyARN is the key of the nodes' disks and of persistent volumes.
	VolumeKeyARN pulumi.StringOutput `pulumi:"volumeKeyArn"`
	// NodeRoleNames are the names of the IAM roles of nodes: "node" that of the managed
	// groups, "karpenter-node" that of Karpenter's nodes, where there are such. They
	// have AmazonSSMManagedInstanceCore, so Session Manager reaches the nodes.
	NodeRoleNames map[string]pulumi.StringOutput
	// NodeGroupNames are the names of the managed node groups in EKS, by the names of
	// the arguments.
	NodeGroupNames map[string]pulumi.StringOutput
	// Kubeconfig is a kubeconfig, as JSON. It holds no secret: tokens come from the AWS CLI.
	Kubeconfig pulumi.StringOutput `pulumi:"kubeconfig"`
	// Provider makes objects on this cluster.
	Provider *kubernetes.Provider
	// Ready are the resources that workloads have to wait for, and that have to wait
	// for workloads when the cluster is destroyed: nodes and what makes them, the
	// drivers of volumes, and the controllers whose custom resources workloads make.
	Ready []pulumi.Resource
}

// NewCluster makes a cluster. Bad arguments are reported all at once, before
// anything is registered. A change of version that EKS does not make is refused by
// the preview already, see [ClusterArgs.Version].
func NewCluster(ctx *pulumi.Context, name string, args *ClusterArgs, opts ...pulumi.ResourceOption) (*Cluster, error) {
	args = args.withDefaults()
	if err := args.Validate(name); err != nil {
		return nil, err
	}
	guard, err := guardUpgrades(ctx, name)
	if err != nil {
		return nil, err
	}
	c := &Cluster{}
	inputs := pulumi.Map{
		"region":  pulumi.String(args.Region),
		"version": pulumi.String(args.Version),
		"vpcId":   args.VPCID,
	}
	if err := ctx.RegisterComponentResourceV2("tandem:index:Cluster", name, inputs, c, append(opts, guard)...); err != nil {
		return nil, err
	}
	b := &builder{ctx: ctx, name: name, args: args, in: pulumi.Parent(c), nodeRoles: map[string]pulumi.StringOutput{}, nodeGroupNames: map[string]pulumi.StringOutput{}}
	for _, step := range []func() error{
		b.makeKeys, b.makeControlPlane, b.makeProviders, b.makeRBAC, b.makeNamespaces, b.makeStorageClass,
		b.makeNetworkAddons, b.makeNodeGroups, b.makeFargateProfiles, b.makeNodeAddons,
		b.makeLoadBalancerController, b.makeAutoscaler, b.makeVerticalPodAutoscaler, b.makeExternalSecrets,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	c.Name = b.cluster
	c.ARN = b.eks.EksCluster.Arn()
	c.Endpoint = b.eks.EksCluster.Endpoint()
	c.CertificateAuthority = b.eks.EksCluster.CertificateAuthority().Data().Elem()
	c.SecurityGroupID = b.securityGroup()
	c.OIDCProviderARN = b.oidc.Arn
	c.OIDCIssuer = b.oidc.Url
	c.VolumeKeyARN = b.volumeKey.Arn
	c.NodeRoleNames = b.nodeRoles
	c.Kubeconfig = b.kubeconfig()
	c.Provider = b.provider
	c.Ready = b.ready
	c.NodeGroupNames = b.nodeGroupNames
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{
		"name":                 c.Name,
		"arn":                  c.ARN,
		"endpoint":             c.Endpoint,
		"certificateAuthority": c.CertificateAuthority,
		"securityGroupId":      c.SecurityGroupID,
		"oidcProviderArn":      c.OIDCProviderARN,
		"oidcIssuer":           c.OIDCIssuer,
		"volumeKeyArn":         c.VolumeKeyARN,
		"kubeconfig":           c.Kubeconfig,
	})
}
