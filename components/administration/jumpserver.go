package administration

import (
	_ "embed"
	"encoding/base64"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/autoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// image is the newest Amazon Linux 2023, which has the SSM agent. EC2 looks the
// parameter up whenever a machine starts (Amazon EC2 user guide, "Reference the
// latest AMIs using Systems Manager public parameters").
const image = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"

// lifetimeSeconds is how long a machine lives: a week, after which one with the
// newest image takes its place.
const lifetimeSeconds = 7 * 24 * 60 * 60

// userData runs when the machine starts.
//
//go:embed userdata.sh
var userData string

func (b *builder) makeJumpRole() (err error) {
	name := b.name + "-jump"
	if b.role, err = iam.NewRole(b.ctx, name, &iam.RoleArgs{
		Description:      pulumi.String("The jump server"),
		AssumeRolePolicy: iampolicy.Trust("ec2.amazonaws.com"),
	}, b.in); err != nil {
		return err
	}
	if err := b.attach(name+"-ssm", b.role.Name, pulumi.String("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")); err != nil {
		return err
	}
	if err := b.attach(name+"-session", b.role.Name, b.policy.Arn); err != nil {
		return err
	}
	b.profile, err = iam.NewInstanceProfile(b.ctx, name, &iam.InstanceProfileArgs{Role: b.role.Name}, b.in)
	return err
}

// makeJumpGroup makes the security group: nobody comes in, and out goes HTTPS and
// whatever the listed blocks take.
func (b *builder) makeJumpGroup() (err error) {
	name := b.name + "-jump"
	if b.group, err = ec2.NewSecurityGroup(b.ctx, name, &ec2.SecurityGroupArgs{
		Description: pulumi.String("Jump server: no way in, out to what is administered"),
		VpcId:       b.args.JumpServer.VPCID,
		Tags:        tags(name),
	}, b.in); err != nil {
		return err
	}
	out := func(suffix string, args vpc.SecurityGroupEgressRuleArgs) error {
		args.SecurityGroupId = b.group.ID()
		_, err := vpc.NewSecurityGroupEgressRule(b.ctx, name+suffix, &args, b.in)
		return err
	}
	if err := out("-https", vpc.SecurityGroupEgressRuleArgs{
		Description: pulumi.String("Systems Manager and packages"),
		IpProtocol:  pulumi.String("tcp"), FromPort: pulumi.Int(443), ToPort: pulumi.Int(443), CidrIpv4: pulumi.String("0.0.0.0/0"),
	}); err != nil {
		return err
	}
	for _, cidr := range b.args.JumpServer.CIDRs {
		if err := out("-"+strings.NewReplacer(".", "-", "/", "-").Replace(cidr), vpc.SecurityGroupEgressRuleArgs{
			Description: pulumi.String("What is administered"),
			IpProtocol:  pulumi.String("-1"), CidrIpv4: pulumi.String(cidr),
		}); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) makeJumpServer() error {
	name := b.name + "-jump"
	jump := b.args.JumpServer
	template, err := ec2.NewLaunchTemplate(b.ctx, name, &ec2.LaunchTemplateArgs{
		ImageId:            pulumi.String(image),
		InstanceType:       pulumi.String(jump.InstanceType),
		IamInstanceProfile: &ec2.LaunchTemplateIamInstanceProfileArgs{Arn: b.profile.Arn},
		MetadataOptions: &ec2.LaunchTemplateMetadataOptionsArgs{
			HttpEndpoint:            pulumi.String("enabled"),
			HttpTokens:              pulumi.String("required"), // IMDSv2
			HttpPutResponseHopLimit: pulumi.Int(1),
		},
		NetworkInterfaces: ec2.LaunchTemplateNetworkInterfaceArray{&ec2.LaunchTemplateNetworkInterfaceArgs{
			AssociatePublicIpAddress: pulumi.String("false"),
			DeleteOnTermination:      pulumi.String("true"),
			SecurityGroups:           pulumi.StringArray{b.group.ID()},
		}},
		BlockDeviceMappings: ec2.LaunchTemplateBlockDeviceMappingArray{&ec2.LaunchTemplateBlockDeviceMappingArgs{
			DeviceName: pulumi.String("/dev/xvda"),
			Ebs: &ec2.LaunchTemplateBlockDeviceMappingEbsArgs{
				VolumeSize: pulumi.Int(jump.DiskSizeGiB), VolumeType: pulumi.String("gp3"), Encrypted: pulumi.String("true"),
				DeleteOnTermination: pulumi.String("true"),
			},
		}},
		UserData: pulumi.String(base64.StdEncoding.EncodeToString([]byte(userData))),
		TagSpecifications: ec2.LaunchTemplateTagSpecificationArray{
			&ec2.LaunchTemplateTagSpecificationArgs{ResourceType: pulumi.String("instance"), Tags: tags(name)},
			&ec2.LaunchTemplateTagSpecificationArgs{ResourceType: pulumi.String("volume"), Tags: tags(name)},
		},
		UpdateDefaultVersion: pulumi.Bool(true),
		Tags:                 tags(name),
	}, b.in)
	if err != nil {
		return err
	}
	b.server, err = autoscaling.NewGroup(b.ctx, name, &autoscaling.GroupArgs{
		MinSize:             pulumi.Int(1),
		MaxSize:             pulumi.Int(1),
		VpcZoneIdentifiers:  jump.SubnetIDs,
		MaxInstanceLifetime: pulumi.Int(lifetimeSeconds),
		LaunchTemplate: &autoscaling.GroupLaunchTemplateArgs{
			Id:      template.ID(),
			Version: pulumi.Sprintf("%d", template.LatestVersion),
		},
		// A change of the template replaces the machine, old one first.
		InstanceRefresh: &autoscaling.GroupInstanceRefreshArgs{
			Strategy:    pulumi.String("Rolling"),
			Preferences: &autoscaling.GroupInstanceRefreshPreferencesArgs{MinHealthyPercentage: pulumi.Int(0)},
		},
		Tags: autoscaling.GroupTagArray{&autoscaling.GroupTagArgs{
			Key: pulumi.String("Name"), Value: pulumi.String(name), PropagateAtLaunch: pulumi.Bool(true),
		}},
	}, b.in)
	return err
}
