package network

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// knownServices are the services whose short names are accepted for interface
// endpoints (Amazon VPC user guide, "AWS services that integrate with AWS
// PrivateLink").
var knownServices = []string{
	"access-analyzer", "application-autoscaling", "athena", "autoscaling", "backup", "cloudformation", "cloudtrail", "config",
	"ec2", "ec2messages", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticache", "elasticfilesystem", "elasticloadbalancing",
	"events", "execute-api", "fis", "glue", "guardduty-data", "kinesis-firehose", "kinesis-streams", "kms", "lambda", "logs",
	"monitoring", "organizations", "rds", "rds-data", "secretsmanager", "securityhub", "servicediscovery", "sns", "sqs", "ssm",
	"ssmmessages", "states", "sts", "sync-states", "synthetics", "xray",
}

// EndpointsForNodes returns the services that nodes and controllers of an EKS
// cluster call, so that these start and scale without a NAT gateway (Amazon EKS
// user guide, "Deploy private clusters with limited internet access").
func EndpointsForNodes() []string {
	return []string{"autoscaling", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticloadbalancing", "logs", "sts"}
}

// EndpointsForAdministration returns the services that Session Manager needs on
// machines without a way out (AWS Systems Manager user guide, "Improve the
// security of EC2 instances by using VPC endpoints for Systems Manager").
func EndpointsForAdministration() []string {
	return []string{"ec2messages", "kms", "logs", "ssm", "ssmmessages"}
}

// shortService is a service's name without what AWS's own have in common.
func shortService(service, region string) string {
	return strings.TrimPrefix(service, "com.amazonaws."+region+".")
}

// serviceName is a service's full name.
func (b *builder) serviceName(service string) string {
	if strings.HasPrefix(service, "com.amazonaws.") {
		return service
	}
	return fmt.Sprintf("com.amazonaws.%s.%s", b.args.region(), service)
}

// accounts are those that the endpoints trust: the VPC's own, which it tells
// itself, and what the arguments add.
func (b *builder) accounts() []any {
	accounts := []any{b.vpc.OwnerId}
	for _, id := range b.args.Endpoints.TrustedAccountIDs {
		accounts = append(accounts, id)
	}
	return accounts
}

// principals is the condition that the caller is of a trusted account.
func (b *builder) principals() map[string]any {
	return map[string]any{"aws:PrincipalAccount": b.accounts()}
}

// resources is the condition that what is reached is of a trusted account.
func (b *builder) resources() map[string]any {
	return map[string]any{"aws:ResourceAccount": b.accounts()}
}

// policy is an endpoint's policy: principals of the trusted accounts and no
// others, so that stolen data cannot leave by credentials of somebody else's.
func (b *builder) policy(service string) pulumi.StringOutput {
	statement := iampolicy.Statement{Principal: "*", Action: []string{"*"}, Resource: "*"}
	allow := func(sid string, conditions map[string]any, actions ...string) iampolicy.Statement {
		s := statement
		s.Sid = sid
		if len(actions) > 0 {
			s.Action = actions
		}
		if len(conditions) > 0 {
			s.Condition = map[string]any{"StringEquals": conditions}
		}
		return s
	}
	both := b.principals()
	for k, v := range b.resources() {
		both[k] = v
	}
	switch service {
	case "s3":
		// Layers of images, packages and agents come from buckets of others, often
		// without credentials; nothing leaves by reading them.
		return iampolicy.JSON(allow("OurPrincipalsOurBuckets", both), allow("ReadAnything", nil, "s3:GetObject", "s3:GetObjectVersion"))
	case "dynamodb":
		return iampolicy.JSON(allow("OurPrincipalsOurTables", both))
	case "sts":
		// Whoever takes on a role with a web identity has no account before.
		return iampolicy.JSON(allow("OurPrincipals", b.principals()),
			allow("OurRolesByIdentityProvider", b.resources(), "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"))
	}
	return iampolicy.JSON(allow("OurPrincipals", b.principals()))
}

// makeGatewayEndpoints keeps traffic to S3 and DynamoDB inside AWS, out of the
// NAT gateways' bill, and is the data tier's only way to either.
func (b *builder) makeGatewayEndpoints() error {
	for _, service := range []string{"s3", "dynamodb"} {
		name := fmt.Sprintf("%s-%s", b.name, service)
		endpoint, err := ec2.NewVpcEndpoint(b.ctx, name, &ec2.VpcEndpointArgs{
			VpcId:           b.vpc.ID(),
			ServiceName:     pulumi.String(b.serviceName(service)),
			VpcEndpointType: pulumi.String("Gateway"),
			RouteTableIds:   b.tables,
			Policy:          b.policy(service),
			Tags:            tags(name),
		}, b.in)
		if err != nil {
			return err
		}
		b.needs(endpoint, TierPrivate, TierData)
	}
	return nil
}

// makeInterfaceEndpoints makes the endpoints that were asked for, with an address
// in every zone, so that the loss of one cuts off nobody else's.
func (b *builder) makeInterfaceEndpoints() error {
	if len(b.args.Endpoints.Interface) == 0 {
		return nil
	}
	group, err := b.makeEndpointGroup()
	if err != nil {
		return err
	}
	tier := TierPrivate
	if b.args.Intra {
		tier = TierIntra
	}
	for _, service := range b.args.Endpoints.Interface {
		short := shortService(service, b.args.region())
		name := b.name + "-" + strings.NewReplacer("com.amazonaws.", "", ".", "-").Replace(short)
		args := &ec2.VpcEndpointArgs{
			VpcId:             b.vpc.ID(),
			ServiceName:       pulumi.String(b.serviceName(service)),
			VpcEndpointType:   pulumi.String("Interface"),
			PrivateDnsEnabled: pulumi.Bool(true),
			SubnetIds:         b.plainSubnetIDs(tier),
			SecurityGroupIds:  pulumi.StringArray{group.ID()},
			Tags:              tags(name),
		}
		if slices.Contains(knownServices, short) { // who serves others may not take a policy
			args.Policy = b.policy(short)
		}
		endpoint, err := ec2.NewVpcEndpoint(b.ctx, name, args, b.in)
		if err != nil {
			return err
		}
		b.needs(endpoint, TierPrivate)
	}
	return nil
}

// makeEndpointGroup makes the security group of the interface endpoints: HTTPS
// from the VPC and nothing else.
func (b *builder) makeEndpointGroup() (*ec2.SecurityGroup, error) {
	name := b.name + "-endpoints"
	group, err := ec2.NewSecurityGroup(b.ctx, name, &ec2.SecurityGroupArgs{
		Description: pulumi.String("Interface endpoints: HTTPS from the VPC"),
		VpcId:       b.vpc.ID(),
		Tags:        tags(name),
	}, b.in)
	if err != nil {
		return nil, err
	}
	rule := func(suffix string, args vpc.SecurityGroupIngressRuleArgs) error {
		args.SecurityGroupId = group.ID()
		args.IpProtocol, args.FromPort, args.ToPort = pulumi.String("tcp"), pulumi.Int(443), pulumi.Int(443)
		args.Description = pulumi.String("HTTPS from the VPC")
		_, err := vpc.NewSecurityGroupIngressRule(b.ctx, name+suffix, &args, b.in)
		return err
	}
	if err := rule("-https", vpc.SecurityGroupIngressRuleArgs{CidrIpv4: pulumi.String(b.args.CIDR)}); err != nil {
		return nil, err
	}
	if b.args.IPv6 {
		return group, rule("-https-ipv6", vpc.SecurityGroupIngressRuleArgs{CidrIpv6: b.ipv6Block()})
	}
	return group, nil
}
