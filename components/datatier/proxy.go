package datatier

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// makeProxy puts a proxy before this region's member: one endpoint for its
// writer, one for its readers. Both are there in every region, so a change of
// roles makes none.
func (b *builder) makeProxy() error {
	d := b.tier
	d.ProxyEndpoint, d.ProxyReaderEndpoint = pulumi.String("").ToStringOutput(), pulumi.String("").ToStringOutput()
	if !b.args.Database.Proxy {
		return nil
	}
	name := b.name + "-proxy"
	group, err := b.proxySecurityGroup(name)
	if err != nil {
		return err
	}
	role, err := b.proxyRole(name)
	if err != nil {
		return err
	}
	// RDS would make the log group itself, and keep the logs for ever.
	identifier := b.unique("-proxy")
	logs, err := cloudwatch.NewLogGroup(b.ctx, name+"-logs", &cloudwatch.LogGroupArgs{
		Name:            pulumi.Sprintf("/aws/rds/proxy/%s", identifier),
		RetentionInDays: pulumi.Int(b.args.Database.LogRetentionDays),
		KmsKeyId:        b.dataKeyARN,
	}, b.in)
	if err != nil {
		return err
	}
	groups := pulumi.StringArray{group.ID()}
	proxy, err := rds.NewProxy(b.ctx, name, &rds.ProxyArgs{
		Name:         identifier,
		EngineFamily: pulumi.String("POSTGRESQL"),
		RoleArn:      role,
		RequireTls:   pulumi.Bool(true),
		Auths: rds.ProxyAuthArray{&rds.ProxyAuthArgs{
			AuthScheme: pulumi.String("SECRETS"),
			SecretArn:  d.SecretARN,
			IamAuth:    pulumi.String("REQUIRED"),
		}},
		VpcSubnetIds:        b.args.SubnetIDs,
		VpcSecurityGroupIds: groups,
		Tags:                tags(name),
	}, b.in, pulumi.DependsOn([]pulumi.Resource{logs}))
	if err != nil {
		return err
	}
	targets, err := rds.NewProxyDefaultTargetGroup(b.ctx, name, &rds.ProxyDefaultTargetGroupArgs{
		DbProxyName: proxy.Name,
		ConnectionPoolConfig: &rds.ProxyDefaultTargetGroupConnectionPoolConfigArgs{
			// What is left is for who connects to the member directly, such as the rotation.
			MaxConnectionsPercent:   pulumi.Int(90),
			ConnectionBorrowTimeout: pulumi.Int(30),
		},
	}, b.in)
	if err != nil {
		return err
	}
	target, err := rds.NewProxyTarget(b.ctx, name, &rds.ProxyTargetArgs{
		DbProxyName:         proxy.Name,
		TargetGroupName:     targets.Name,
		DbClusterIdentifier: b.cluster.ClusterIdentifier,
	}, b.in)
	if err != nil {
		return err
	}
	readers, err := rds.NewProxyEndpoint(b.ctx, name+"-readers", &rds.ProxyEndpointArgs{
		DbProxyName:         proxy.Name,
		DbProxyEndpointName: b.unique("-readers"),
		TargetRole:          pulumi.String("READ_ONLY"),
		VpcSubnetIds:        b.args.SubnetIDs,
		VpcSecurityGroupIds: groups,
		Tags:                tags(name + "-readers"),
	}, b.in)
	if err != nil {
		return err
	}
	// Known once there is something behind it.
	d.ProxyEndpoint = pulumi.All(proxy.Endpoint, target.ID()).ApplyT(func(all []any) string { return all[0].(string) }).(pulumi.StringOutput)
	d.ProxyReaderEndpoint = pulumi.All(readers.Endpoint, target.ID()).ApplyT(func(all []any) string { return all[0].(string) }).(pulumi.StringOutput)
	return nil
}

// proxySecurityGroup admits the database's clients to the proxy, and the proxy to
// the database.
func (b *builder) proxySecurityGroup(name string) (*ec2.SecurityGroup, error) {
	group, err := ec2.NewSecurityGroup(b.ctx, name, &ec2.SecurityGroupArgs{
		Description: pulumi.String("The proxy: PostgreSQL from the database's clients, and to the database"),
		VpcId:       b.args.VPCID,
		Tags:        tags(name),
	}, b.in)
	if err != nil {
		return nil, err
	}
	if err := b.admitClients(name, group); err != nil {
		return nil, err
	}
	return group, b.connectToDatabase(name, "proxy", group)
}

// connectToDatabase lets a security group of the component's own reach the
// database, and nothing else.
func (b *builder) connectToDatabase(name, client string, group *ec2.SecurityGroup) error {
	if _, err := vpc.NewSecurityGroupEgressRule(b.ctx, name+"-to-database", &vpc.SecurityGroupEgressRuleArgs{
		SecurityGroupId:           group.ID(),
		ReferencedSecurityGroupId: b.group.ID(),
		IpProtocol:                pulumi.String("tcp"),
		FromPort:                  pulumi.Int(port),
		ToPort:                    pulumi.Int(port),
		Description:               pulumi.String("PostgreSQL to the database"),
	}, b.in); err != nil {
		return err
	}
	return b.admit(b.name+"-database", b.group, client, vpc.SecurityGroupIngressRuleArgs{ReferencedSecurityGroupId: group.ID()})
}

// proxyRole lets the proxy read the database's secret, and nothing else.
func (b *builder) proxyRole(name string) (pulumi.StringOutput, error) {
	role, err := iam.NewRole(b.ctx, name, &iam.RoleArgs{
		Description:      pulumi.String("Lets the proxy read the database's secret"),
		AssumeRolePolicy: iampolicy.Trust("rds.amazonaws.com", map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": b.args.AccountID}}),
		Tags:             tags(name),
	}, b.in)
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	policy, err := iam.NewRolePolicy(b.ctx, name, &iam.RolePolicyArgs{
		Role: role.ID(),
		Policy: iampolicy.JSON(
			iampolicy.Statement{Action: []string{"secretsmanager:GetSecretValue"}, Resource: b.tier.SecretARN},
			b.secretsKeyStatement("kms:Decrypt"),
		),
	}, b.in)
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	return pulumi.All(role.Arn, policy.ID()).ApplyT(func(all []any) string { return all[0].(string) }).(pulumi.StringOutput), nil
}

// secretsKeyStatement allows the use of the secret's key by way of Secrets
// Manager of this region alone.
func (b *builder) secretsKeyStatement(actions ...string) iampolicy.Statement {
	return iampolicy.Statement{
		Action: actions, Resource: b.tier.SecretsKeyARN,
		Condition: map[string]any{"StringEquals": map[string]any{"kms:ViaService": fmt.Sprintf("secretsmanager.%s.amazonaws.com", b.args.Region)}},
	}
}
