package cluster

import (
	"cmp"
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ClusterArgs are the arguments of a [Cluster].
type ClusterArgs struct {
	// Region is the AWS region of the cluster, such as us-east-1. It goes into the
	// kubeconfig, so that the cluster is found whatever region the caller's
	// environment names. Required.
	Region string
	// AccountID is the AWS account of the cluster, 12 digits. Roles and keys are
	// limited to it. Required.
	AccountID string
	// VPCID is the VPC of the subnets. Required.
	VPCID pulumi.StringInput
	// SubnetIDs are the private subnets of the nodes and of the control plane's
	// network interfaces, in at least two zones. Required.
	//
	// A subnet more or less replaces managed node groups and Fargate profiles, since
	// EKS cannot move them: the new ones first, then the pods are drained from the old.
	SubnetIDs pulumi.StringArrayInput
	// Version is the Kubernetes version, minor only, one of [Versions]. Default
	// [DefaultVersion]. The next higher one upgrades the control plane, then what
	// nodes need, the nodes, and what needs nodes, all in place. EKS takes one minor
	// version at a time and none back, so anything else is refused in the preview.
	Version string
	// PublicAccessCIDRs are the IPv4 blocks that reach the API server over the
	// internet. Default none: the API server is reached from the VPC alone.
	// 0.0.0.0/0 is refused.
	PublicAccessCIDRs []string
	// PublicAccessFromAnywhere lets every address reach the API server over the
	// internet, in the place of PublicAccessCIDRs: for callers whose addresses cannot be
	// listed, such as Step Functions (see components/recovery). All that keeps others
	// out then is that a caller has to have a token of an access entry's principal.
	// Default false.
	PublicAccessFromAnywhere bool
	// PrivateAccessCIDRs are the IPv4 blocks that reach the API server's private
	// endpoint besides the nodes: those of a runner or an office whose network is
	// peered with the VPC. Default none.
	PrivateAccessCIDRs []string
	// Access gives people and automation access to the cluster, by the name of the
	// access entry. The role that creates the cluster always has it. Default none.
	Access map[string]Access
	// NodeGroups are the managed node groups, by name. Default one group named
	// "baseline" of on-demand nodes.
	NodeGroups map[string]NodeGroup
	// Autoscaler makes nodes as pods need them. Default [AutoscalerKarpenter].
	Autoscaler Autoscaler
	// Karpenter says what nodes Karpenter makes. It is an error with another
	// autoscaler. Default one pool named "default", see [NodePool].
	Karpenter Karpenter
	// Fargate are Fargate profiles, by name: pods that one selects run without nodes
	// of ours. Default none.
	Fargate map[string]FargateProfile
	// Namespaces are namespaces that the cluster makes, by name. Each one, and the
	// namespace "default", denies all traffic of its pods but what is needed to look
	// up names and to get credentials. Default none.
	Namespaces map[string]Namespace
	// EFS installs the driver for volumes on Elastic File System. Default false.
	EFS bool
	// VerticalPodAutoscaler installs the Vertical Pod Autoscaler in recommendation
	// mode: it says what pods should request, and changes none. Default false.
	VerticalPodAutoscaler bool
	// ExternalSecrets installs the External Secrets Operator, which copies secrets of
	// AWS into Kubernetes as ExternalSecret objects ask for. Default false.
	ExternalSecrets bool
	// ExternalDNS installs ExternalDNS. Default nil, none: Pulumi owns the records.
	ExternalDNS *ExternalDNS
	// AddonVersions overrides the pinned versions of EKS add-ons, by add-on name,
	// such as {"coredns": "v1.13.2-eksbuild.4"}. Default none.
	AddonVersions map[string]string
	// LogRetentionDays is how long the control plane's logs are kept, in days.
	// Default (zero) 365: audit logs are asked for long after the fact.
	LogRetentionDays int
	// KubectlRoleARN is the role that the Kubernetes provider takes on to reach the
	// cluster. Default "": the caller's own identity.
	KubectlRoleARN string
	// Tags are put on instances and volumes that Auto Scaling, Karpenter and the
	// volume drivers make, which the provider's default tags do not reach. Default none.
	Tags map[string]string
	// AllowDestroy lets a destroy take the key of disks and volumes. Default false:
	// the key is protected and retained, since no volume or snapshot is readable
	// without it.
	AllowDestroy bool
}

// withDefaults returns the arguments with all defaults filled in.
func (a *ClusterArgs) withDefaults() *ClusterArgs {
	d := ClusterArgs{}
	if a != nil {
		d = *a
	}
	d.Version = cmp.Or(d.Version, DefaultVersion)
	d.LogRetentionDays = cmp.Or(d.LogRetentionDays, 365)
	if len(d.NodeGroups) == 0 {
		d.NodeGroups = map[string]NodeGroup{defaultNodeGroup: {}}
	}
	d.NodeGroups = mapped(d.NodeGroups, NodeGroup.withDefaults)
	d.Autoscaler = cmp.Or(d.Autoscaler, AutoscalerKarpenter)
	if d.Autoscaler == AutoscalerKarpenter {
		d.Karpenter = d.Karpenter.withDefaults()
	}
	d.Namespaces = mapped(d.Namespaces, Namespace.withDefaults)
	return &d
}

// Groups are the managed node groups with their defaults filled in.
func (a *ClusterArgs) Groups() map[string]NodeGroup { return a.withDefaults().NodeGroups }

// mapped returns a copy of m with f applied to every value.
func mapped[V any](m map[string]V, f func(V) V) map[string]V {
	m = maps.Clone(m)
	for k, v := range m {
		m[k] = f(v)
	}
	return m
}
