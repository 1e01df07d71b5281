package network_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/network"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

var zones = []string{"us-east-1c", "us-east-1a", "us-east-1b"}

func run(t *testing.T, o mocktest.Options, args *network.NetworkArgs) *mocktest.Recording {
	t.Helper()
	return mocktest.MustRun(t, func(ctx *pulumi.Context) error {
		_, err := network.NewNetwork(ctx, "net", args)
		return err
	}, o)
}

func TestSubnetsOfAllTiersInEveryZone(t *testing.T) {
	rec := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones})
	require.Equal(t, []string{
		"net-data-us-east-1a", "net-data-us-east-1b", "net-data-us-east-1c",
		"net-private-us-east-1a", "net-private-us-east-1b", "net-private-us-east-1c",
		"net-public-us-east-1a", "net-public-us-east-1b", "net-public-us-east-1c",
	}, rec.Names("aws:ec2/subnet:Subnet"))

	subnet := rec.Get(t, "aws:ec2/subnet:Subnet", "net-private-us-east-1b").Plain()
	require.Equal(t, "us-east-1b", subnet["availabilityZone"])
	require.Equal(t, "10.0.32.0/20", subnet["cidrBlock"])
	require.Equal(t, "net-vpc-id", subnet["vpcId"])
	require.Contains(t, subnet["tags"], "kubernetes.io/role/internal-elb")
}

func TestDataSubnetsHaveNoWayOut(t *testing.T) {
	rec := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones})
	tables := map[any]any{} // subnet → route table
	for _, name := range rec.Names("aws:ec2/routeTableAssociation:RouteTableAssociation") {
		a := rec.Get(t, "aws:ec2/routeTableAssociation:RouteTableAssociation", name).Plain()
		tables[a["subnetId"]] = a["routeTableId"]
	}
	routed := map[any]bool{}
	for _, name := range rec.Names("aws:ec2/route:Route") {
		routed[rec.Get(t, "aws:ec2/route:Route", name).Plain()["routeTableId"]] = true
	}
	for _, zone := range zones {
		require.True(t, routed[tables["net-public-"+zone+"-id"]], "public subnet of %s", zone)
		require.True(t, routed[tables["net-private-"+zone+"-id"]], "private subnet of %s", zone)
		require.NotNil(t, tables["net-data-"+zone+"-id"])
		require.False(t, routed[tables["net-data-"+zone+"-id"]], "data subnet of %s", zone)
	}
}

func TestNATModes(t *testing.T) {
	for mode, want := range map[network.NATMode]struct {
		gateways []string
		routes   map[string]string // private route table → gateway
	}{
		network.NATPerZone: {
			[]string{"net-nat-us-east-1a", "net-nat-us-east-1b", "net-nat-us-east-1c"},
			map[string]string{
				"net-private-us-east-1a-id": "net-nat-us-east-1a-id",
				"net-private-us-east-1b-id": "net-nat-us-east-1b-id",
				"net-private-us-east-1c-id": "net-nat-us-east-1c-id",
			},
		},
		network.NATSingle: {
			[]string{"net-nat-us-east-1a"},
			map[string]string{
				"net-private-us-east-1a-id": "net-nat-us-east-1a-id",
				"net-private-us-east-1b-id": "net-nat-us-east-1a-id",
				"net-private-us-east-1c-id": "net-nat-us-east-1a-id",
			},
		},
		network.NATNone: {[]string{}, map[string]string{}},
	} {
		t.Run(string(mode), func(t *testing.T) {
			rec := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones, NAT: mode})
			require.Equal(t, want.gateways, rec.Names("aws:ec2/natGateway:NatGateway"))
			routes := map[string]string{}
			for _, name := range rec.Names("aws:ec2/route:Route") {
				in := rec.Get(t, "aws:ec2/route:Route", name).Plain()
				if gateway, ok := in["natGatewayId"]; ok {
					require.Equal(t, "0.0.0.0/0", in["destinationCidrBlock"])
					routes[in["routeTableId"].(string)] = gateway.(string)
				}
			}
			require.Equal(t, want.routes, routes)
			require.Len(t, rec.Names("aws:ec2/routeTable:RouteTable"), 5, "tables are the same in every mode")
		})
	}
}

func TestDefaultSecurityGroupLetsNothingThrough(t *testing.T) {
	in := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones}).
		Get(t, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "net-default-sg").Plain()
	require.Equal(t, "net-vpc-id", in["vpcId"])
	require.NotContains(t, in, "ingress")
	require.NotContains(t, in, "egress")
}

func TestFlowLogsOfAllTraffic(t *testing.T) {
	rec := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones, FlowLogRetentionDays: 30})
	in := rec.Get(t, "aws:ec2/flowLog:FlowLog", "net-flow-logs").Plain()
	require.Equal(t, "ALL", in["trafficType"])
	require.Equal(t, "net-vpc-id", in["vpcId"])
	require.InDelta(t, 30, rec.Get(t, "aws:cloudwatch/logGroup:LogGroup", "net-flow-logs").Plain()["retentionInDays"], 0)
	require.JSONEq(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
		"Action":["logs:CreateLogStream","logs:PutLogEvents","logs:DescribeLogStreams"],
		"Resource":"arn:aws:cloudwatch:::net-flow-logs:*"}]}`,
		rec.Get(t, "aws:iam/rolePolicy:RolePolicy", "net-flow-logs").Plain()["policy"].(string))
}

func TestGatewayEndpointsServeEveryRouteTable(t *testing.T) {
	rec := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones})
	for name, service := range map[string]string{"net-s3": "com.amazonaws.us-east-1.s3", "net-dynamodb": "com.amazonaws.us-east-1.dynamodb"} {
		in := rec.Get(t, "aws:ec2/vpcEndpoint:VpcEndpoint", name).Plain()
		require.Equal(t, service, in["serviceName"])
		require.ElementsMatch(t, []any{
			"net-public-id", "net-data-id", "net-private-us-east-1a-id", "net-private-us-east-1b-id", "net-private-us-east-1c-id",
		}, in["routeTableIds"])
	}
}

func TestPreviewRegistersTheSameResources(t *testing.T) {
	args := &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones}
	up, preview := run(t, mocktest.Options{}, args), run(t, mocktest.Options{Preview: true}, args)
	require.Equal(t, up.Types(), preview.Types())
	for _, typ := range up.Types() {
		require.Equal(t, up.Names(typ), preview.Names(typ))
	}
	require.NotContains(t, preview.Get(t, "aws:ec2/subnet:Subnet", "net-data-us-east-1a").Inputs, "vpcId",
		"the id of a VPC that does not exist yet is unknown")
}

func TestEveryBadArgumentIsReportedBeforeAnythingIsRegistered(t *testing.T) {
	rec, err := mocktest.Run(func(ctx *pulumi.Context) error {
		_, err := network.NewNetwork(ctx, "net", &network.NetworkArgs{
			CIDR:                 "10.0.0.0/8",
			Zones:                []string{"us-east-1a", "us-west-2a", "us-east-1-bos-1a", "us-east-1a"},
			NAT:                  "one",
			FlowLogRetentionDays: 31,
		})
		return err
	}, mocktest.Options{})
	require.ErrorContains(t, err, `network "net": 6 problems`)
	for _, want := range []string{
		`cidr: Invalid value: "10.0.0.0/8": must have a prefix length of 16 to 20; give one such as 10.0.0.0/16`,
		`zones[1]: Invalid value: "us-west-2a": must be a zone of us-east-1, such as us-east-1a`,
		`zones[2]: Invalid value: "us-east-1-bos-1a": must be the name of an availability zone, such as us-east-1a`,
		`zones[3]: Duplicate value: "us-east-1a"`,
		`nat: Unsupported value: "one": supported values: "per-zone", "single", "none"`,
		`flowLogRetentionDays: Invalid value: 31: must be a period that CloudWatch Logs knows, in days: [1 3 5 7 14 30`,
	} {
		require.ErrorContains(t, err, want)
	}
	require.Empty(t, rec.Names("aws:ec2/vpc:Vpc"))
	require.Empty(t, rec.Names("tandem:index:Network"))
}
