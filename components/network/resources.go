package network

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// builder makes the children of one network, step by step.
type builder struct {
	ctx  *pulumi.Context
	name string
	args *NetworkArgs
	in   pulumi.ResourceOption // the parent of every child

	vpc     *ec2.Vpc
	gateway *ec2.InternetGateway
	subnets map[tier]map[string]*ec2.Subnet // by tier and zone
	tables  pulumi.StringArray              // every route table
	private map[string]*ec2.RouteTable      // private route tables by zone
	// NAT gateways by the zone that each is in.
	gateways map[string]*ec2.NatGateway
}

// tags names what has no name of its own, for the console's lists.
func tags(name string) pulumi.StringMap { return pulumi.StringMap{"Name": pulumi.String(name)} }

func (b *builder) subnetIDs(t tier) pulumi.StringArrayOutput {
	ids := pulumi.StringArray{}
	for _, zone := range b.args.Zones {
		ids = append(ids, b.subnets[t][zone].ID())
	}
	return ids.ToStringArrayOutput()
}

// subnetBlocks are the IPv4 blocks of a tier's subnets.
func (b *builder) subnetBlocks(t tier) pulumi.StringArrayOutput {
	blocks := pulumi.StringArray{}
	for _, zone := range b.args.Zones {
		blocks = append(blocks, b.subnets[t][zone].CidrBlock.Elem())
	}
	return blocks.ToStringArrayOutput()
}

func (b *builder) makeVPC() (err error) {
	name := b.name + "-vpc"
	if b.vpc, err = ec2.NewVpc(b.ctx, name, &ec2.VpcArgs{
		CidrBlock:          pulumi.String(b.args.CIDR),
		EnableDnsSupport:   pulumi.Bool(true),
		EnableDnsHostnames: pulumi.Bool(true), // private names of VPC endpoints need it
		Tags:               tags(name),
	}, b.in); err != nil {
		return err
	}
	// Adopted so that it loses the rules that AWS gives it: whoever forgets to name
	// a security group gets one that lets nothing through.
	name = b.name + "-default-sg"
	_, err = ec2.NewDefaultSecurityGroup(b.ctx, name, &ec2.DefaultSecurityGroupArgs{
		VpcId: b.vpc.ID(),
		Tags:  tags(name),
	}, b.in)
	return err
}

func (b *builder) makeSubnets() error {
	b.subnets = map[tier]map[string]*ec2.Subnet{tierPublic: {}, tierPrivate: {}, tierData: {}}
	for _, s := range planSubnets(b.args.prefix(), b.args.Zones) {
		name := fmt.Sprintf("%s-%s-%s", b.name, s.tier, s.zone)
		t := tags(name)
		t["tandem:tier"] = pulumi.String(s.tier)
		switch s.tier { // by these the load balancer controller and others find subnets
		case tierPublic:
			t["kubernetes.io/role/elb"] = pulumi.String("1")
		case tierPrivate:
			t["kubernetes.io/role/internal-elb"] = pulumi.String("1")
		}
		subnet, err := ec2.NewSubnet(b.ctx, name, &ec2.SubnetArgs{
			VpcId:            b.vpc.ID(),
			AvailabilityZone: pulumi.String(s.zone),
			CidrBlock:        pulumi.String(s.cidr.String()),
			Tags:             t,
		}, b.in)
		if err != nil {
			return err
		}
		b.subnets[s.tier][s.zone] = subnet
	}
	return nil
}

// routeTable makes a route table and associates the subnets with it.
func (b *builder) routeTable(name string, subnets map[string]*ec2.Subnet, t tier, zones ...string) (*ec2.RouteTable, error) {
	table, err := ec2.NewRouteTable(b.ctx, name, &ec2.RouteTableArgs{VpcId: b.vpc.ID(), Tags: tags(name)}, b.in)
	if err != nil {
		return nil, err
	}
	b.tables = append(b.tables, table.ID())
	for _, zone := range zones {
		if _, err := ec2.NewRouteTableAssociation(b.ctx, fmt.Sprintf("%s-%s-%s", b.name, t, zone), &ec2.RouteTableAssociationArgs{
			RouteTableId: table.ID(),
			SubnetId:     subnets[zone].ID(),
		}, b.in); err != nil {
			return nil, err
		}
	}
	return table, nil
}

func (b *builder) routePublic() (err error) {
	name := b.name + "-igw"
	if b.gateway, err = ec2.NewInternetGateway(b.ctx, name, &ec2.InternetGatewayArgs{VpcId: b.vpc.ID(), Tags: tags(name)}, b.in); err != nil {
		return err
	}
	table, err := b.routeTable(b.name+"-public", b.subnets[tierPublic], tierPublic, b.args.Zones...)
	if err != nil {
		return err
	}
	_, err = ec2.NewRoute(b.ctx, b.name+"-public-internet", &ec2.RouteArgs{
		RouteTableId:         table.ID(),
		DestinationCidrBlock: pulumi.String("0.0.0.0/0"),
		GatewayId:            b.gateway.ID(),
	}, b.in)
	return err
}

// routePrivate gives every zone a private route table of its own, in every NAT
// mode, so that a change of mode changes routes and never tables. The data tier
// shares one table, which has no route out.
func (b *builder) routePrivate() error {
	b.private = map[string]*ec2.RouteTable{}
	for _, zone := range b.args.Zones {
		table, err := b.routeTable(fmt.Sprintf("%s-private-%s", b.name, zone), b.subnets[tierPrivate], tierPrivate, zone)
		if err != nil {
			return err
		}
		b.private[zone] = table
	}
	if _, err := b.routeTable(b.name+"-data", b.subnets[tierData], tierData, b.args.Zones...); err != nil {
		return err
	}
	if err := b.makeNATGateways(); err != nil {
		return err
	}
	for _, zone := range b.args.Zones {
		gateway, ok := b.gateways[zone]
		if b.args.NAT == NATSingle {
			gateway, ok = b.gateways[b.args.Zones[0]], true
		}
		if !ok {
			continue
		}
		if _, err := ec2.NewRoute(b.ctx, fmt.Sprintf("%s-private-%s-nat", b.name, zone), &ec2.RouteArgs{
			RouteTableId:         b.private[zone].ID(),
			DestinationCidrBlock: pulumi.String("0.0.0.0/0"),
			NatGatewayId:         gateway.ID(),
		}, b.in); err != nil {
			return err
		}
	}
	return nil
}

// makeNATGateways makes the NAT gateways of the chosen mode.
func (b *builder) makeNATGateways() error {
	b.gateways = map[string]*ec2.NatGateway{}
	zones := map[NATMode][]string{NATPerZone: b.args.Zones, NATSingle: b.args.Zones[:1]}[b.args.NAT]
	for _, zone := range zones {
		name := fmt.Sprintf("%s-nat-%s", b.name, zone)
		address, err := ec2.NewEip(b.ctx, name, &ec2.EipArgs{Domain: pulumi.String("vpc"), Tags: tags(name)}, b.in)
		if err != nil {
			return err
		}
		// A NAT gateway needs the internet gateway, which no input of it names.
		b.gateways[zone], err = ec2.NewNatGateway(b.ctx, name, &ec2.NatGatewayArgs{
			AllocationId: address.ID(),
			SubnetId:     b.subnets[tierPublic][zone].ID(),
			Tags:         tags(name),
		}, b.in, pulumi.DependsOn([]pulumi.Resource{b.gateway}))
		if err != nil {
			return err
		}
	}
	return nil
}

// makeGatewayEndpoints keeps traffic to S3 and DynamoDB inside AWS, out of the
// NAT gateways' bill, and is the data tier's only way to either.
func (b *builder) makeGatewayEndpoints() error {
	for _, service := range []string{"s3", "dynamodb"} {
		name := fmt.Sprintf("%s-%s", b.name, service)
		if _, err := ec2.NewVpcEndpoint(b.ctx, name, &ec2.VpcEndpointArgs{
			VpcId:           b.vpc.ID(),
			ServiceName:     pulumi.Sprintf("com.amazonaws.%s.%s", b.args.region(), service),
			VpcEndpointType: pulumi.String("Gateway"),
			RouteTableIds:   b.tables,
			Tags:            tags(name),
		}, b.in); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) makeFlowLogs() error {
	name := b.name + "-flow-logs"
	group, err := cloudwatch.NewLogGroup(b.ctx, name, &cloudwatch.LogGroupArgs{
		RetentionInDays: pulumi.Int(b.args.FlowLogRetentionDays),
	}, b.in)
	if err != nil {
		return err
	}
	role, err := iam.NewRole(b.ctx, name, &iam.RoleArgs{
		Description:      pulumi.String("Lets VPC flow logs write to CloudWatch Logs"),
		AssumeRolePolicy: iampolicy.Trust("vpc-flow-logs.amazonaws.com"),
	}, b.in)
	if err != nil {
		return err
	}
	if _, err := iam.NewRolePolicy(b.ctx, name, &iam.RolePolicyArgs{
		Role: role.ID(),
		Policy: iampolicy.JSON(iampolicy.Statement{
			Action:   []string{"logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"},
			Resource: pulumi.Sprintf("%s:*", group.Arn),
		}),
	}, b.in); err != nil {
		return err
	}
	_, err = ec2.NewFlowLog(b.ctx, name, &ec2.FlowLogArgs{
		VpcId:                  b.vpc.ID(),
		TrafficType:            pulumi.String("ALL"),
		LogDestinationType:     pulumi.String("cloud-watch-logs"),
		LogDestination:         group.Arn,
		IamRoleArn:             role.Arn,
		MaxAggregationInterval: pulumi.Int(60), // seconds; the shortest that AWS offers
		Tags:                   tags(name),
	}, b.in)
	return err
}
