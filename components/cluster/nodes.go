package cluster

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

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
	// MaxUnavailablePercent is how much of the group is replaced at a time when its
	// nodes change, in percent of its nodes, 1 to 100. Default 33.
	MaxUnavailablePercent int
	// DiskSizeGiB is the size of a node's gp3 disk, encrypted under the cluster's
	// key, in GiB. Default 50.
	DiskSizeGiB int
	// Labels are put on the group's Kubernetes nodes. Default none.
	Labels map[string]string
	// Taints keep pods off that do not tolerate them. Default none.
	Taints []Taint
}

// Taint is a Kubernetes taint of a node group or pool.
type Taint struct {
	// Key is the taint's own. Required.
	Key string
	// Value is the taint's own. Default none.
	Value string
	// Effect is NO_SCHEDULE, NO_EXECUTE or PREFER_NO_SCHEDULE. Required.
	Effect string
}

const defaultNodeGroup = "baseline"

var (
	amiTypes     = []string{"AL2023_ARM_64_STANDARD", "AL2023_x86_64_STANDARD", "BOTTLEROCKET_ARM_64", "BOTTLEROCKET_x86_64"}
	taintEffects = []string{"NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"}
)

func (g NodeGroup) withDefaults() NodeGroup {
	if len(g.InstanceTypes) == 0 {
		g.InstanceTypes = []string{"m7g.large"}
	}
	g.AMIType = cmp.Or(g.AMIType, amiTypes[0])
	g.MinSize = cmp.Or(g.MinSize, 3)
	g.MaxSize = cmp.Or(g.MaxSize, max(10, g.MinSize))
	g.MaxUnavailablePercent = cmp.Or(g.MaxUnavailablePercent, 33)
	g.DiskSizeGiB = cmp.Or(g.DiskSizeGiB, 50)
	return g
}

func (a *ClusterArgs) validateNodeGroups(path *field.Path) field.ErrorList {
	errs := each(path, a.NodeGroups, NodeGroup.validate)
	for _, g := range a.NodeGroups {
		if !g.Spot {
			return errs
		}
	}
	return append(errs, field.Forbidden(path,
		"every group is spot, and AWS can take all of them back at once; set spot to false on one"))
}

func (g NodeGroup) validate(path *field.Path) field.ErrorList {
	var errs field.ErrorList
	if !slices.Contains(amiTypes, g.AMIType) {
		errs = append(errs, field.NotSupported(path.Child("amiType"), g.AMIType, amiTypes))
	}
	if g.MinSize < 0 || g.MaxSize < g.MinSize {
		errs = append(errs, field.Invalid(path.Child("maxSize"), g.MaxSize,
			fmt.Sprintf("must not be below minSize, which is %d", g.MinSize)))
	}
	if g.MaxUnavailablePercent < 1 || g.MaxUnavailablePercent > 100 {
		errs = append(errs, field.Invalid(path.Child("maxUnavailablePercent"), g.MaxUnavailablePercent, "must be 1 to 100, in percent of the group's nodes"))
	}
	errs = append(errs, validateDiskSize(path.Child("diskSizeGiB"), g.DiskSizeGiB)...)
	errs = append(errs, validateLabels(path.Child("labels"), g.Labels)...)
	return append(errs, validateTaints(path.Child("taints"), g.Taints)...)
}

func validateDiskSize(path *field.Path, size int) field.ErrorList {
	if size >= 20 && size <= 16384 {
		return nil
	}
	return field.ErrorList{field.Invalid(path, size, "must be 20 to 16384; images alone take about 10, and EBS has no larger gp3 volume")}
}

func validateTaints(path *field.Path, taints []Taint) field.ErrorList {
	var errs field.ErrorList
	for i, t := range taints {
		errs = append(errs, validateLabels(path.Index(i).Child("key"), map[string]string{t.Key: t.Value})...)
		if !slices.Contains(taintEffects, t.Effect) {
			errs = append(errs, field.NotSupported(path.Index(i).Child("effect"), t.Effect, taintEffects))
		}
	}
	return errs
}

// disk is one disk of a node.
type disk struct {
	device  string
	sizeGiB int
}

// disks are those of an operating system: Bottlerocket keeps its own, read-only,
// on a small disk of 2 GiB and all that grows on a second one.
func disks(system string, sizeGiB int) []disk {
	if strings.HasPrefix(strings.ToLower(system), "bottlerocket") {
		return []disk{{"/dev/xvda", 4}, {"/dev/xvdb", sizeGiB}}
	}
	return []disk{{"/dev/xvda", sizeGiB}}
}

// nodePolicies are what kubelet and its helpers need. The CNI's own policy is
// not among them: it is the add-on's, so that pods cannot borrow it from the node.
var nodePolicies = []string{"AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore"}

// nodeRole makes a role of nodes, and returns what a node has to wait for besides.
func (b *builder) nodeRole(suffix, description string) (*iam.Role, []pulumi.Resource, error) {
	role, err := iam.NewRole(b.ctx, b.name+suffix, &iam.RoleArgs{
		Description:      pulumi.String(description),
		AssumeRolePolicy: iampolicy.Trust("ec2.amazonaws.com"),
	}, b.in)
	if err != nil {
		return nil, nil, err
	}
	var attachments []pulumi.Resource
	for _, policy := range nodePolicies {
		attached, err := iam.NewRolePolicyAttachment(b.ctx, b.name+suffix+"-"+policy, &iam.RolePolicyAttachmentArgs{
			Role:      role.Name,
			PolicyArn: pulumi.String("arn:aws:iam::aws:policy/" + policy),
		}, b.in)
		if err != nil {
			return nil, nil, err
		}
		attachments = append(attachments, attached)
	}
	b.nodeRoles[strings.TrimPrefix(suffix, "-")] = role.Name
	return role, attachments, nil
}

func (b *builder) makeNodeGroups() error {
	role, attachments, err := b.nodeRole("-node", fmt.Sprintf("Nodes of the EKS cluster %s", b.name))
	if err != nil {
		return err
	}
	after := slices.Concat(b.beforeNodes, attachments)
	for _, group := range slices.Sorted(maps.Keys(b.args.NodeGroups)) {
		made, err := b.makeNodeGroup(group, b.args.NodeGroups[group], role, after)
		if err != nil {
			return err
		}
		b.nodes = append(b.nodes, made)
		b.nodeGroupNames[group] = made.NodeGroupName
	}
	b.ready = append(b.ready, b.nodes...)
	return nil
}

// nodeTags are the tags of what is made for nodes named name.
func (b *builder) nodeTags(name string) pulumi.StringMap {
	tags := pulumi.ToStringMap(b.args.Tags)
	if tags == nil {
		tags = pulumi.StringMap{}
	}
	tags["Name"] = pulumi.String(name)
	return tags
}

func (b *builder) makeNodeGroup(group string, g NodeGroup, role *iam.Role, after []pulumi.Resource) (*awseks.NodeGroup, error) {
	name := fmt.Sprintf("%s-%s", b.name, group)
	mappings := ec2.LaunchTemplateBlockDeviceMappingArray{}
	for _, d := range disks(g.AMIType, g.DiskSizeGiB) {
		mappings = append(mappings, ec2.LaunchTemplateBlockDeviceMappingArgs{
			DeviceName: pulumi.String(d.device),
			Ebs: ec2.LaunchTemplateBlockDeviceMappingEbsArgs{
				VolumeType:          pulumi.String("gp3"),
				VolumeSize:          pulumi.Int(d.sizeGiB),
				Encrypted:           pulumi.String("true"),
				KmsKeyId:            b.volumeKey.Arn,
				DeleteOnTermination: pulumi.String("true"),
			},
		})
	}
	tags := ec2.LaunchTemplateTagSpecificationArray{}
	for _, tagged := range []string{"instance", "volume"} {
		tags = append(tags, ec2.LaunchTemplateTagSpecificationArgs{ResourceType: pulumi.String(tagged), Tags: b.nodeTags(name)})
	}
	template, err := ec2.NewLaunchTemplate(b.ctx, name, &ec2.LaunchTemplateArgs{
		UpdateDefaultVersion: pulumi.Bool(true),
		MetadataOptions: ec2.LaunchTemplateMetadataOptionsArgs{
			HttpEndpoint:            pulumi.String("enabled"),
			HttpTokens:              pulumi.String("required"),
			HttpPutResponseHopLimit: pulumi.Int(1), // keeps pods away from the node's credentials
		},
		BlockDeviceMappings: mappings,
		TagSpecifications:   tags,
	}, b.in)
	if err != nil {
		return nil, err
	}
	capacity := "ON_DEMAND"
	if g.Spot {
		capacity = "SPOT"
	}
	taints := awseks.NodeGroupTaintArray{}
	for _, t := range g.Taints {
		taints = append(taints, awseks.NodeGroupTaintArgs{
			Key: pulumi.String(t.Key), Value: pulumi.String(t.Value), Effect: pulumi.String(t.Effect),
		})
	}
	return awseks.NewNodeGroup(b.ctx, name, &awseks.NodeGroupArgs{
		ClusterName:   b.cluster,
		NodeRoleArn:   role.Arn,
		SubnetIds:     b.args.SubnetIDs,
		Version:       pulumi.String(b.args.Version),
		AmiType:       pulumi.String(g.AMIType),
		CapacityType:  pulumi.String(capacity),
		InstanceTypes: pulumi.ToStringArray(g.InstanceTypes),
		Labels:        pulumi.ToStringMap(g.Labels),
		Taints:        taints,
		ScalingConfig: awseks.NodeGroupScalingConfigArgs{
			MinSize:     pulumi.Int(g.MinSize),
			MaxSize:     pulumi.Int(g.MaxSize),
			DesiredSize: pulumi.Int(g.MinSize),
		},
		UpdateConfig: awseks.NodeGroupUpdateConfigArgs{MaxUnavailablePercentage: pulumi.Int(g.MaxUnavailablePercent)},
		LaunchTemplate: awseks.NodeGroupLaunchTemplateArgs{
			Id:      template.ID(),
			Version: pulumi.Sprintf("%d", template.LatestVersion),
		},
	}, b.in, pulumi.DependsOn(after),
		// The autoscaler, or recovery, moves the desired size; Pulumi does not move it back.
		pulumi.IgnoreChanges([]string{"scalingConfig.desiredSize"}))
}
