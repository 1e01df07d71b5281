package cluster

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/check"
)

// ClusterArgs are the arguments of a [Cluster].
type ClusterArgs struct {
	// Region is the AWS region of the cluster, such as us-east-1. It goes into the
	// kubeconfig, so that the cluster is found whatever region the caller's
	// environment names. Required.
	Region string
	// VPCID is the VPC of the subnets. Required.
	VPCID pulumi.StringInput
	// SubnetIDs are the private subnets of the nodes and of the control plane's
	// network interfaces, in at least two zones. Required.
	SubnetIDs pulumi.StringArrayInput
	// Version is the Kubernetes version, minor only, such as 1.34. Default
	// [DefaultVersion]. A higher one upgrades the control plane, then the add-ons
	// and nodes, in place; EKS takes one minor version at a time and no lower one.
	Version string
	// PublicAccessCIDRs are the IPv4 blocks that reach the API server over the
	// internet. Default none: the API server is reached from the VPC alone.
	// 0.0.0.0/0 is refused.
	PublicAccessCIDRs []string
	// PrivateAccessCIDRs are the IPv4 blocks that reach the API server's private
	// endpoint besides the nodes: those of a runner or an office whose network is
	// peered with the VPC. Default none.
	PrivateAccessCIDRs []string
	// Access gives people and automation access to the cluster, by the name of the
	// access entry. The role that creates the cluster always has it.
	Access map[string]Access
	// NodeGroups are the managed node groups, by name. Default one group named
	// "baseline" of on-demand nodes.
	NodeGroups map[string]NodeGroup
	// AddonVersions overrides the pinned versions of EKS add-ons, by add-on name,
	// such as {"coredns": "v1.12.3-eksbuild.1"}.
	AddonVersions map[string]string
	// LogRetentionDays is how long the control plane's logs are kept, in days.
	// Default (zero) 365: audit logs are asked for long after the fact.
	LogRetentionDays int
	// KubectlRoleARN is the role that the Kubernetes provider takes on to reach the
	// cluster. Default "": the caller's own identity.
	KubectlRoleARN string
}

// DefaultVersion is the Kubernetes version of a cluster that names none.
const DefaultVersion = "1.34"

// Access is one access entry.
type Access struct {
	// PrincipalARN is the IAM role or user. Required.
	PrincipalARN string
	// Policy is what the principal may do. Required.
	Policy AccessPolicy
	// Namespaces limits the policy to these namespaces. Default all of the cluster.
	Namespaces []string
}

// AccessPolicy names one of the access policies that EKS offers.
type AccessPolicy string

// The access policies, as EKS documents them ("Review access policy permissions").
const (
	AccessClusterAdmin AccessPolicy = "AmazonEKSClusterAdminPolicy" // everything
	AccessAdmin        AccessPolicy = "AmazonEKSAdminPolicy"        // everything in namespaces
	AccessEdit         AccessPolicy = "AmazonEKSEditPolicy"         // change workloads
	AccessView         AccessPolicy = "AmazonEKSViewPolicy"         // read all but secrets
)

var accessPolicies = []AccessPolicy{AccessClusterAdmin, AccessAdmin, AccessEdit, AccessView}

// NodeGroup is a managed node group over all of the cluster's subnets.
type NodeGroup struct {
	// InstanceTypes are the EC2 instance types, best first; spot groups want
	// several. Default m7g.large.
	InstanceTypes []string
	// Spot buys spare capacity, which AWS takes back at two minutes' notice.
	// Default false, on demand. A cluster needs at least one group on demand.
	Spot bool
	// AMIType is the node's operating system, as EKS names it. Default
	// AL2023_ARM_64_STANDARD, for Graviton instance types.
	AMIType string
	// MinSize and MaxSize bound the number of nodes. Default 3, one for each of
	// three zones, and 10.
	MinSize, MaxSize int
	// DiskSizeGiB is the size of a node's encrypted gp3 root volume. Default 50.
	DiskSizeGiB int
	// Labels are put on the group's Kubernetes nodes.
	Labels map[string]string
	// Taints keep pods off that do not tolerate them.
	Taints []Taint
}

// Taint is a Kubernetes taint of a node group.
type Taint struct {
	// Key and Value are the taint's own.
	Key, Value string
	// Effect is NO_SCHEDULE, NO_EXECUTE or PREFER_NO_SCHEDULE.
	Effect string
}

var amiTypes = []string{
	"AL2023_ARM_64_STANDARD", "AL2023_x86_64_STANDARD", "BOTTLEROCKET_ARM_64", "BOTTLEROCKET_x86_64",
}

var (
	minorVersion     = regexp.MustCompile(`^1\.\d{2}$`)
	addonVersion     = regexp.MustCompile(`^v\d+\.\d+\.\d+-eksbuild\.\d+$`)
	principalARN     = regexp.MustCompile(`^arn:aws[\w-]*:iam::\d{12}:(role|user)/.+$`)
	roleARN          = regexp.MustCompile(`^arn:aws[\w-]*:iam::\d{12}:role/.+$`)
	kubernetesName   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)
	taintEffects     = []string{"NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"}
	internet         = netip.MustParsePrefix("0.0.0.0/0")
	defaultNodeGroup = "baseline"
)

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
	groups := map[string]NodeGroup{}
	for name, g := range d.NodeGroups {
		if len(g.InstanceTypes) == 0 {
			g.InstanceTypes = []string{"m7g.large"}
		}
		g.AMIType = cmp.Or(g.AMIType, amiTypes[0])
		g.MinSize = cmp.Or(g.MinSize, 3)
		g.MaxSize = cmp.Or(g.MaxSize, max(10, g.MinSize))
		g.DiskSizeGiB = cmp.Or(g.DiskSizeGiB, 50)
		groups[name] = g
	}
	d.NodeGroups = groups
	return &d
}

// Validate returns every problem of the arguments in one error, or nil. It fills
// in defaults first, so it can be asked before a component is made.
func (a *ClusterArgs) Validate(name string) error {
	a = a.withDefaults()
	var errs field.ErrorList
	root := (*field.Path)(nil)
	if !check.IsRegion(a.Region) {
		errs = append(errs, field.Invalid(root.Child("region"), a.Region, "must be an AWS region, such as us-east-1"))
	}
	if a.VPCID == nil {
		errs = append(errs, field.Required(root.Child("vpcId"), "give the VPC of the subnets"))
	}
	if a.SubnetIDs == nil {
		errs = append(errs, field.Required(root.Child("subnetIds"), "give the private subnets of at least two zones"))
	}
	if !minorVersion.MatchString(a.Version) {
		errs = append(errs, field.Invalid(root.Child("version"), a.Version, "must be a minor version of Kubernetes, such as "+DefaultVersion))
	}
	errs = append(errs, validateBlocks(root.Child("publicAccessCidrs"), a.PublicAccessCIDRs)...)
	errs = append(errs, validateBlocks(root.Child("privateAccessCidrs"), a.PrivateAccessCIDRs)...)
	for _, entry := range slices.Sorted(maps.Keys(a.Access)) {
		access, at := a.Access[entry], root.Child("access").Key(entry)
		if !principalARN.MatchString(access.PrincipalARN) {
			errs = append(errs, field.Invalid(at.Child("principalArn"), access.PrincipalARN,
				"must be the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/developer"))
		}
		if !slices.Contains(accessPolicies, access.Policy) {
			errs = append(errs, field.NotSupported(at.Child("policy"), access.Policy, accessPolicies))
		}
	}
	if a.KubectlRoleARN != "" && !roleARN.MatchString(a.KubectlRoleARN) {
		errs = append(errs, field.Invalid(root.Child("kubectlRoleArn"), a.KubectlRoleARN,
			"must be the ARN of an IAM role, such as arn:aws:iam::123456789012:role/deployer"))
	}
	errs = append(errs, check.LogRetention(root.Child("logRetentionDays"), a.LogRetentionDays)...)
	errs = append(errs, a.validateNodeGroups(root.Child("nodeGroups"))...)
	for _, addon := range slices.Sorted(maps.Keys(a.AddonVersions)) {
		at := root.Child("addonVersions").Key(addon)
		if _, ok := addonVersions[addon]; !ok {
			errs = append(errs, field.NotSupported(at, addon, slices.Sorted(maps.Keys(addonVersions))))
		}
		if v := a.AddonVersions[addon]; !addonVersion.MatchString(v) {
			errs = append(errs, field.Invalid(at, v, "must be a version of an EKS add-on, such as v1.12.3-eksbuild.1"))
		}
	}
	return check.Error(fmt.Sprintf("cluster %q", name), errs)
}

// validateBlocks returns what is wrong with the blocks that may reach the API server.
func validateBlocks(path *field.Path, cidrs []string) field.ErrorList {
	var errs field.ErrorList
	for i, cidr := range cidrs {
		p, err := netip.ParsePrefix(cidr)
		switch at := path.Index(i); {
		case err != nil || !p.Addr().Is4() || p.Masked() != p:
			errs = append(errs, field.Invalid(at, cidr, "must be an IPv4 block in CIDR notation, such as 203.0.113.0/24"))
		case p == internet:
			errs = append(errs, field.Invalid(at, cidr, "must not be the whole internet; list the blocks of your offices and runners"))
		}
	}
	return errs
}

func (a *ClusterArgs) validateNodeGroups(path *field.Path) field.ErrorList {
	var errs field.ErrorList
	onDemand := false
	for _, name := range slices.Sorted(maps.Keys(a.NodeGroups)) {
		g, at := a.NodeGroups[name], path.Key(name)
		onDemand = onDemand || !g.Spot
		if !kubernetesName.MatchString(name) {
			errs = append(errs, field.Invalid(at, name, "must be lower case letters, digits and hyphens, at most 40"))
		}
		if !slices.Contains(amiTypes, g.AMIType) {
			errs = append(errs, field.NotSupported(at.Child("amiType"), g.AMIType, amiTypes))
		}
		if g.MinSize < 0 || g.MaxSize < g.MinSize {
			errs = append(errs, field.Invalid(at.Child("maxSize"), g.MaxSize,
				fmt.Sprintf("must not be below minSize, which is %d", g.MinSize)))
		}
		if g.DiskSizeGiB < 20 {
			errs = append(errs, field.Invalid(at.Child("diskSizeGiB"), g.DiskSizeGiB, "must be 20 or more; images alone take about 10"))
		}
		for i, t := range g.Taints {
			if !slices.Contains(taintEffects, t.Effect) {
				errs = append(errs, field.NotSupported(at.Child("taints").Index(i).Child("effect"), t.Effect, taintEffects))
			}
		}
	}
	if !onDemand {
		errs = append(errs, field.Forbidden(path,
			"every group is spot, and AWS can take all of them back at once; set spot to false on one"))
	}
	return errs
}
