package cluster

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi-eks/sdk/v2/go/eks"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/helm/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// builder makes the children of one cluster, step by step.
type builder struct {
	ctx  *pulumi.Context
	name string
	args *ClusterArgs
	in   pulumi.ResourceOption // the parent of every child

	eks         *eks.Cluster
	cluster     pulumi.StringOutput // the cluster's name, known once it is active
	provider    *kubernetes.Provider
	beforeNodes []pulumi.Resource
	nodeGroups  []pulumi.Resource
	controller  *helm.Release
}

// controlPlaneLogs are all the logs that a control plane can write.
var controlPlaneLogs = []string{"api", "audit", "authenticator", "controllerManager", "scheduler"}

func (b *builder) makeControlPlane() error {
	// Made by us, and before the cluster: EKS would make it with no retention.
	logs, err := cloudwatch.NewLogGroup(b.ctx, b.name+"-control-plane", &cloudwatch.LogGroupArgs{
		Name:            pulumi.Sprintf("/aws/eks/%s/cluster", b.name),
		RetentionInDays: pulumi.Int(b.args.LogRetentionDays),
	}, b.in)
	if err != nil {
		return err
	}
	key, err := kms.NewKey(b.ctx, b.name+"-kubernetes-secrets", &kms.KeyArgs{
		Description:          pulumi.Sprintf("Envelope encryption of Kubernetes secrets of the cluster %s", b.name),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(30),
	}, b.in)
	if err != nil {
		return err
	}
	api := eks.AuthenticationModeApi
	b.eks, err = eks.NewCluster(b.ctx, b.name, &eks.ClusterArgs{
		Name:                   pulumi.String(b.name),
		Version:                pulumi.String(b.args.Version),
		VpcId:                  b.args.VPCID,
		PrivateSubnetIds:       b.args.SubnetIDs,
		EndpointPrivateAccess:  pulumi.Bool(true),
		EndpointPublicAccess:   pulumi.Bool(len(b.args.PublicAccessCIDRs) > 0),
		PublicAccessCidrs:      publicAccess(b.args.PublicAccessCIDRs),
		EnabledClusterLogTypes: pulumi.ToStringArray(controlPlaneLogs),
		EncryptionConfigKeyArn: key.Arn,
		AuthenticationMode:     &api,
		AccessEntries:          accessEntries(b.args.Access),
		// Everything below we make ourselves: add-ons need no kubectl, node groups no
		// Amazon Linux 2, and the OIDC provider no connection to the issuer.
		UseDefaultVpcCni:     boolPtr(true),
		SkipDefaultNodeGroup: boolPtr(true),
		CreateOidcProvider:   pulumi.Bool(false),
		InstanceRoles:        iam.RoleArray{},
	}, b.in, pulumi.DependsOn([]pulumi.Resource{logs}))
	if err != nil {
		return err
	}
	b.cluster = b.eks.EksCluster.Name()
	for _, cidr := range b.args.PrivateAccessCIDRs {
		if _, err := vpc.NewSecurityGroupIngressRule(b.ctx, fmt.Sprintf("%s-api-%s", b.name, cidr), &vpc.SecurityGroupIngressRuleArgs{
			SecurityGroupId: b.eks.EksCluster.VpcConfig().ClusterSecurityGroupId().Elem(),
			CidrIpv4:        pulumi.String(cidr),
			IpProtocol:      pulumi.String("tcp"),
			FromPort:        pulumi.Int(443),
			ToPort:          pulumi.Int(443),
			Description:     pulumi.Sprintf("API server, from %s", cidr),
		}, b.in); err != nil {
			return err
		}
	}
	return nil
}

func boolPtr(b bool) *bool { return &b }

// publicAccess is nil, not empty, where the endpoint is private: EKS refuses an
// empty list and reports none for such a cluster.
func publicAccess(cidrs []string) pulumi.StringArrayInput {
	if len(cidrs) == 0 {
		return nil
	}
	return pulumi.ToStringArray(cidrs)
}

func accessEntries(access map[string]Access) map[string]eks.AccessEntryArgs {
	entries := map[string]eks.AccessEntryArgs{}
	for name, a := range access {
		scope := awseks.AccessPolicyAssociationAccessScopeArgs{Type: pulumi.String("cluster")}
		if len(a.Namespaces) > 0 {
			scope = awseks.AccessPolicyAssociationAccessScopeArgs{
				Type: pulumi.String("namespace"), Namespaces: pulumi.ToStringArray(a.Namespaces),
			}
		}
		entries[name] = eks.AccessEntryArgs{
			PrincipalArn: pulumi.String(a.PrincipalARN),
			AccessPolicies: map[string]eks.AccessPolicyAssociationInput{
				"policy": eks.AccessPolicyAssociationArgs{
					PolicyArn:   pulumi.String("arn:aws:eks::aws:cluster-access-policy/" + string(a.Policy)),
					AccessScope: scope,
				},
			},
		}
	}
	return entries
}

// makeProviders makes the two ways of trust between the cluster and others: the
// OIDC provider by which IAM trusts service accounts, and the Kubernetes
// provider by which Pulumi makes objects.
func (b *builder) makeProviders() (err error) {
	identities := b.eks.EksCluster.Identities()
	// IAM has trusted the issuer's certificate authority by itself since 2023, so no thumbprint.
	if _, err = iam.NewOpenIdConnectProvider(b.ctx, b.name+"-oidc", &iam.OpenIdConnectProviderArgs{
		Url:           identities.Index(pulumi.Int(0)).Oidcs().Index(pulumi.Int(0)).Issuer().Elem(),
		ClientIdLists: pulumi.StringArray{pulumi.String("sts.amazonaws.com")},
	}, b.in); err != nil {
		return err
	}
	b.provider, err = kubernetes.NewProvider(b.ctx, b.name+"-kubernetes", &kubernetes.ProviderArgs{
		Kubeconfig: b.kubeconfig(),
		// With the cluster gone its objects are gone as well; without this a destroy or
		// a rebuild would wait for an API server that nobody will bring back.
		DeleteUnreachable: pulumi.Bool(true),
	}, b.in)
	return err
}

func (b *builder) kubeconfig() pulumi.StringOutput {
	cluster := b.eks.EksCluster
	return pulumi.All(cluster.Endpoint(), cluster.CertificateAuthority().Data()).ApplyT(func(v []any) (string, error) {
		authority := ""
		if data, ok := v[1].(*string); ok && data != nil {
			authority = *data
		}
		return kubeconfig(b.name, b.args.Region, v[0].(string), authority, b.args.KubectlRoleARN)
	}).(pulumi.StringOutput)
}

// nodePolicies are what kubelet and its helpers need. The CNI's own policy is
// not among them: it is the add-on's, so that pods cannot borrow it from the node.
var nodePolicies = []string{"AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore"}

func (b *builder) makeNodeGroups() error {
	role, err := iam.NewRole(b.ctx, b.name+"-node", &iam.RoleArgs{
		Description:      pulumi.Sprintf("Nodes of the EKS cluster %s", b.name),
		AssumeRolePolicy: iampolicy.Trust("ec2.amazonaws.com"),
	}, b.in)
	if err != nil {
		return err
	}
	after := slices.Clone(b.beforeNodes)
	for _, policy := range nodePolicies {
		attached, err := iam.NewRolePolicyAttachment(b.ctx, b.name+"-node-"+policy, &iam.RolePolicyAttachmentArgs{
			Role:      role.Name,
			PolicyArn: pulumi.String("arn:aws:iam::aws:policy/" + policy),
		}, b.in)
		if err != nil {
			return err
		}
		after = append(after, attached)
	}
	for _, group := range slices.Sorted(maps.Keys(b.args.NodeGroups)) {
		made, err := b.makeNodeGroup(group, b.args.NodeGroups[group], role, after)
		if err != nil {
			return err
		}
		b.nodeGroups = append(b.nodeGroups, made)
	}
	return nil
}

func (b *builder) makeNodeGroup(group string, g NodeGroup, role *iam.Role, after []pulumi.Resource) (*awseks.NodeGroup, error) {
	name := fmt.Sprintf("%s-%s", b.name, group)
	template, err := ec2.NewLaunchTemplate(b.ctx, name, &ec2.LaunchTemplateArgs{
		UpdateDefaultVersion: pulumi.Bool(true),
		MetadataOptions: ec2.LaunchTemplateMetadataOptionsArgs{
			HttpEndpoint:            pulumi.String("enabled"),
			HttpTokens:              pulumi.String("required"),
			HttpPutResponseHopLimit: pulumi.Int(1), // keeps pods away from the node's credentials
		},
		BlockDeviceMappings: ec2.LaunchTemplateBlockDeviceMappingArray{ec2.LaunchTemplateBlockDeviceMappingArgs{
			DeviceName: pulumi.String("/dev/xvda"),
			Ebs: ec2.LaunchTemplateBlockDeviceMappingEbsArgs{
				VolumeType:          pulumi.String("gp3"),
				VolumeSize:          pulumi.Int(g.DiskSizeGiB),
				Encrypted:           pulumi.String("true"),
				DeleteOnTermination: pulumi.String("true"),
			},
		}},
		TagSpecifications: ec2.LaunchTemplateTagSpecificationArray{ec2.LaunchTemplateTagSpecificationArgs{
			ResourceType: pulumi.String("instance"),
			Tags:         pulumi.StringMap{"Name": pulumi.String(name)},
		}},
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
		UpdateConfig: awseks.NodeGroupUpdateConfigArgs{MaxUnavailablePercentage: pulumi.Int(33)},
		LaunchTemplate: awseks.NodeGroupLaunchTemplateArgs{
			Id:      template.ID(),
			Version: pulumi.Sprintf("%d", template.LatestVersion),
		},
	}, b.in, pulumi.DependsOn(after),
		// The autoscaler, or recovery, moves the desired size; Pulumi does not move it back.
		pulumi.IgnoreChanges([]string{"scalingConfig.desiredSize"}))
}
