package cluster

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi-eks/sdk/v2/go/eks"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// builder makes the children of one cluster, step by step.
type builder struct {
	ctx  *pulumi.Context
	name string
	args *ClusterArgs
	in   pulumi.ResourceOption // the parent of every child

	secretsKey, volumeKey *kms.Key

	eks      *eks.Cluster
	cluster  pulumi.StringOutput // the cluster's name, known once it is active
	oidc     *iam.OpenIdConnectProvider
	provider *kubernetes.Provider

	nodeRoles      map[string]pulumi.StringOutput // see [Cluster.NodeRoleNames]
	podAgent       pulumi.Resource                // what gives pods their roles
	beforeNodes    []pulumi.Resource              // what a node needs to become ready
	nodes          []pulumi.Resource              // node groups
	nodeGroupNames map[string]pulumi.StringOutput
	ready          []pulumi.Resource // see [Cluster.Ready]
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
	api := eks.AuthenticationModeApi
	b.eks, err = eks.NewCluster(b.ctx, b.name, &eks.ClusterArgs{
		Name:                   pulumi.String(b.name),
		Version:                pulumi.String(b.args.Version),
		VpcId:                  b.args.VPCID,
		PrivateSubnetIds:       b.args.SubnetIDs,
		EndpointPrivateAccess:  pulumi.Bool(true),
		EndpointPublicAccess:   pulumi.Bool(len(b.args.publicBlocks()) > 0),
		PublicAccessCidrs:      publicAccess(b.args.publicBlocks()),
		EnabledClusterLogTypes: pulumi.ToStringArray(controlPlaneLogs),
		EncryptionConfigKeyArn: b.secretsKey.Arn,
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
			SecurityGroupId: b.securityGroup(),
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

// securityGroup is the one that EKS gives to the control plane and to every node.
func (b *builder) securityGroup() pulumi.StringOutput {
	return b.eks.EksCluster.VpcConfig().ClusterSecurityGroupId().Elem()
}

func boolPtr(b bool) *bool { return &b }

// publicBlocks are the blocks that reach the public endpoint, none where there is no
// such endpoint.
func (a *ClusterArgs) publicBlocks() []string {
	if a.PublicAccessFromAnywhere {
		return []string{"0.0.0.0/0"}
	}
	return a.PublicAccessCIDRs
}

// publicAccess is nil, not empty, where the endpoint is private: EKS refuses an
// empty list and reports none for such a cluster.
func publicAccess(cidrs []string) pulumi.StringArrayInput {
	if len(cidrs) == 0 {
		return nil
	}
	return pulumi.ToStringArray(cidrs)
}

// makeProviders makes the two ways of trust between the cluster and others: the
// OIDC provider by which IAM trusts service accounts, and the Kubernetes
// provider by which Pulumi makes objects.
func (b *builder) makeProviders() (err error) {
	identities := b.eks.EksCluster.Identities()
	// IAM has trusted the issuer's certificate authority by itself since 2023, so no thumbprint.
	if b.oidc, err = iam.NewOpenIdConnectProvider(b.ctx, b.name+"-oidc", &iam.OpenIdConnectProviderArgs{
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
		// All of pulumi-eks's cluster: the access entry of the role that Pulumi comes
		// with has to be there before the first object, and until the last one is gone.
	}, b.in, pulumi.DependsOn([]pulumi.Resource{b.eks}))
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
