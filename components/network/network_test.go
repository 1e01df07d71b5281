package network_test

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/network"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

var zones = []string{"us-east-1c", "us-east-1a", "us-east-1b"}

func run(t *testing.T, o mocktest.Options, args *network.NetworkArgs) *mocktest.Recording {
	t.Helper()
	o.Outputs = computed
	return mocktest.MustRun(t, func(ctx *pulumi.Context) error {
		_, err := network.NewNetwork(ctx, "net", args)
		return err
	}, o)
}

// computed are the outputs that only AWS knows.
func computed(typ, _ string, _ resource.PropertyMap) resource.PropertyMap {
	outputs := map[string]any{}
	switch typ {
	case "aws:ec2/vpc:Vpc":
		outputs["ownerId"], outputs["defaultNetworkAclId"] = "123456789012", "acl-default"
	case "aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation":
		outputs["ipv6CidrBlock"] = "2600:1f18:abc:de00::/56"
	}
	return resource.NewPropertyMapFromMap(outputs)
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

func TestTheOneGatewayStaysWhereItIsPinned(t *testing.T) {
	rec := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones, NAT: network.NATSingle, NATZone: "us-east-1b"})
	require.Equal(t, []string{"net-nat-us-east-1b"}, rec.Names("aws:ec2/natGateway:NatGateway"))
	for _, zone := range zones {
		require.Equal(t, "net-nat-us-east-1b-id", rec.Get(t, "aws:ec2/route:Route", "net-private-"+zone+"-nat").Plain()["natGatewayId"])
	}
}

func TestIPv6ReachesEverySubnetAndLetsNobodyIn(t *testing.T) {
	rec := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones, IPv6: true, Intra: true})
	for name, want := range map[string]map[string]any{
		"net-public-us-east-1a":  {"ipv6CidrBlock": "2600:1f18:abc:de40::/64", "assignIpv6AddressOnCreation": true},
		"net-private-us-east-1b": {"ipv6CidrBlock": "2600:1f18:abc:de01::/64", "assignIpv6AddressOnCreation": true},
		"net-data-us-east-1c":    {"ipv6CidrBlock": "2600:1f18:abc:de82::/64", "assignIpv6AddressOnCreation": false},
		"net-intra-us-east-1c":   {"ipv6CidrBlock": "2600:1f18:abc:dec2::/64", "assignIpv6AddressOnCreation": false},
	} {
		require.Subset(t, rec.Get(t, "aws:ec2/subnet:Subnet", name).Plain(), want)
	}
	routes := map[any]any{} // table → gateway
	for _, name := range rec.Names("aws:ec2/route:Route") {
		in := rec.Get(t, "aws:ec2/route:Route", name).Plain()
		if in["destinationIpv6CidrBlock"] == "::/0" {
			routes[in["routeTableId"]] = fmt.Sprint(in["gatewayId"], in["egressOnlyGatewayId"])
		}
	}
	require.Equal(t, map[any]any{
		"net-public-id":             "net-igw-id<nil>",
		"net-private-us-east-1a-id": "<nil>net-eigw-id", "net-private-us-east-1b-id": "<nil>net-eigw-id", "net-private-us-east-1c-id": "<nil>net-eigw-id",
	}, routes)

	closed := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones, IPv6: true, NAT: network.NATNone})
	require.Empty(t, closed.Names("aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"), "no way out means none")
	plain := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones})
	require.NotContains(t, plain.Get(t, "aws:ec2/subnet:Subnet", "net-public-us-east-1a").Plain(), "ipv6CidrBlock")
}

// What is put into a subnet has to come after what the subnet needs, and to go
// before it: a controller could not clean up behind a NAT gateway that is gone.
func TestWhoeverTakesASubnetWaitsForItsWays(t *testing.T) {
	o := mocktest.Options{Outputs: computed}
	rec := mocktest.MustRun(t, func(ctx *pulumi.Context) error {
		net, err := network.NewNetwork(ctx, "net", &network.NetworkArgs{
			CIDR: "10.0.0.0/16", Zones: zones, IPv6: true, Endpoints: network.Endpoints{Interface: []string{"sts"}},
		})
		if err != nil {
			return err
		}
		for name, ids := range map[string]pulumi.StringArrayOutput{"public": net.PublicSubnetIDs, "private": net.PrivateSubnetIDs, "data": net.DataSubnetIDs} {
			if err := ctx.RegisterComponentResourceV2("test:index:Taker", name, pulumi.Map{"ids": ids}, &pulumi.ResourceState{}); err != nil {
				return err
			}
		}
		return nil
	}, o)
	for taker, want := range map[string][]string{
		"public":  {"route:Route::net-public-internet", "route:Route::net-public-internet-ipv6", "networkAcl:NetworkAcl::net-public"},
		"private": {"route:Route::net-private-us-east-1a-nat", "route:Route::net-private-us-east-1b-ipv6", "vpcEndpoint:VpcEndpoint::net-sts", "vpcEndpoint:VpcEndpoint::net-s3", "networkAcl:NetworkAcl::net-private", "routeTableAssociation:RouteTableAssociation::net-private-us-east-1c"},
		"data":    {"networkAcl:NetworkAcl::net-data", "vpcEndpoint:VpcEndpoint::net-dynamodb"},
	} {
		got := fmt.Sprint(rec.Get(t, "test:index:Taker", taker).DependsOn)
		for _, urn := range want {
			require.Contains(t, got, urn, taker)
		}
	}
	for _, ids := range []string{"public", "private", "data"} {
		require.Len(t, rec.Get(t, "test:index:Taker", ids).Plain()["ids"], 3)
	}
}

func TestDefaultSecurityGroupLetsNothingThrough(t *testing.T) {
	in := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones}).
		Get(t, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "net-default-sg").Plain()
	require.Equal(t, "net-vpc-id", in["vpcId"])
	require.NotContains(t, in, "ingress")
	require.NotContains(t, in, "egress")
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
	args := &network.NetworkArgs{
		CIDR: "10.0.0.0/16", Zones: zones, Intra: true, IPv6: true,
		Endpoints: network.Endpoints{Interface: network.EndpointsForNodes()},
		FlowLogs:  network.FlowLogs{Destination: network.FlowLogsToS3},
	}
	up, preview := run(t, mocktest.Options{}, args), run(t, mocktest.Options{Preview: true}, args)
	require.Equal(t, up.Types(), preview.Types())
	for _, typ := range up.Types() {
		require.Equal(t, up.Names(typ), preview.Names(typ))
	}
	require.NotContains(t, preview.Get(t, "aws:ec2/subnet:Subnet", "net-data-us-east-1a").Inputs, "vpcId",
		"the id of a VPC that does not exist yet is unknown")
}

func TestEveryBadArgumentIsReportedBeforeAnythingIsRegistered(t *testing.T) {
	for name, c := range map[string]struct {
		args network.NetworkArgs
		want []string
	}{
		"addresses and zones": {
			network.NetworkArgs{
				CIDR:  "10.0.0.0/8",
				Zones: []string{"us-east-1a", "us-west-2a", "us-east-1-bos-1a", "us-east-1a"},
				NAT:   "one",
			},
			[]string{
				`cidr: Invalid value: "10.0.0.0/8": must have a prefix length of 16 to 20; give one such as 10.0.0.0/16`,
				`zones[1]: Invalid value: "us-west-2a": must be a zone of us-east-1, such as us-east-1a`,
				`zones[2]: Invalid value: "us-east-1-bos-1a": must be the name of an availability zone, such as us-east-1a`,
				`zones[3]: Duplicate value: "us-east-1a"`,
				`nat: Unsupported value: "one": supported values: "per-zone", "single", "none"`,
			},
		},
		"peers": {
			network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones, NATZone: "us-east-1a", PeerCIDRs: []string{"10.1.0.0/16", "10.0.8.0/24", "10.1.0.0/16", "10.1.0.1/16"}},
			[]string{
				`natZone: Forbidden: goes with nat "single" alone; leave it out`,
				`peerCidrs[1]: Invalid value: "10.0.8.0/24": must not overlap the VPC's own block 10.0.0.0/16`,
				`peerCidrs[2]: Duplicate value: "10.1.0.0/16"`,
				`peerCidrs[3]: Invalid value: "10.1.0.1/16": must be an IPv4 block in CIDR notation, such as 10.1.0.0/16`,
			},
		},
		"endpoints": {
			network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones, NAT: network.NATSingle, NATZone: "us-east-1d", Endpoints: network.Endpoints{
				Interface: []string{
					"sts", "secretmanager", "s3", "com.amazonaws.us-east-1.sts", "com.amazonaws.us-west-2.sqs", "com.amazonaws.nowhere",
				},
				TrustedAccountIDs: []string{"1234"},
			}},
			[]string{
				`natZone: Unsupported value: "us-east-1d": supported values: "us-east-1c", "us-east-1a", "us-east-1b"`,
				`endpoints.interface[1]: Invalid value: "secretmanager": must be one of access-analyzer, application-autoscaling, `,
				`endpoints.interface[2]: Invalid value: "s3": has a gateway endpoint already, which costs nothing; leave it out`,
				`endpoints.interface[3]: Duplicate value: "com.amazonaws.us-east-1.sts"`,
				`endpoints.interface[4]: Invalid value: "com.amazonaws.us-west-2.sqs": must be a service of us-east-1, the region of the zones`,
				`endpoints.interface[5]: Invalid value: "com.amazonaws.nowhere": must have the form com.amazonaws.REGION.SERVICE or com.amazonaws.vpce.REGION.vpce-svc-ID`,
				`endpoints.trustedAccountIds[0]: Invalid value: "1234": must be the 12 digits of an AWS account`,
			},
		},
		"flow logs in CloudWatch": {
			network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones, FlowLogs: network.FlowLogs{RetentionDays: 31, IntervalSeconds: 300, Format: "${srcaddr},${dstaddr}"}},
			[]string{
				`flowLogs.retentionDays: Invalid value: 31: must be a period that CloudWatch Logs knows, in days: [1 3 5 7 14 30`,
				`flowLogs.intervalSeconds: Invalid value: 300: must be 60 or 600`,
				`flowLogs.format: Invalid value: "${srcaddr},${dstaddr}": must be a field as AWS names it, such as ${srcaddr}, with one space between two`,
			},
		},
		"a bucket with CloudWatch": {
			network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones, FlowLogs: network.FlowLogs{BucketARN: pulumi.String("arn:aws:s3:::logs")}},
			[]string{`flowLogs.bucketArn: Forbidden: goes with destination "s3" alone; leave it out`},
		},
		"a bucket with a retention": {
			network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones, FlowLogs: network.FlowLogs{
				Destination: network.FlowLogsToS3, BucketARN: pulumi.String("arn:aws:s3:::logs"), RetentionDays: 5,
			}},
			[]string{`flowLogs.retentionDays: Forbidden: a bucket that exists has a life cycle of its own; leave it out`},
		},
		"a destination that there is not": {
			network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones, FlowLogs: network.FlowLogs{Destination: "firehose"}},
			[]string{`flowLogs.destination: Unsupported value: "firehose": supported values: "cloudwatch", "s3"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			rec, err := mocktest.Run(func(ctx *pulumi.Context) error {
				_, err := network.NewNetwork(ctx, "net", &c.args)
				return err
			}, mocktest.Options{})
			require.ErrorContains(t, err, fmt.Sprintf("network \"net\": %d problem", len(c.want)))
			for _, want := range c.want {
				require.ErrorContains(t, err, want)
			}
			require.Empty(t, rec.Resources)
		})
	}
}
