package transit_test

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/transit"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

const tgw = "aws:ec2transitgateway/"

func home() *transit.TransitArgs {
	return &transit.TransitArgs{
		Region: "us-east-1", ASN: 64512, VPCID: pulumi.String("vpc-east"), CIDR: "10.0.0.0/16",
		SubnetIDs:     pulumi.ToStringArray([]string{"subnet-a", "subnet-b"}),
		RouteTableIDs: map[string]pulumi.StringInput{"data": pulumi.String("rtb-east-data"), "private-us-east-1a": pulumi.String("rtb-east-a")},
	}
}

func standby(provider pulumi.ProviderResource) *transit.TransitArgs {
	return &transit.TransitArgs{
		Region: "us-west-2", ASN: 64513, VPCID: pulumi.String("vpc-west"), CIDR: "10.1.0.0/16",
		SubnetIDs:     pulumi.ToStringArray([]string{"subnet-c"}),
		RouteTableIDs: map[string]pulumi.StringInput{"data": pulumi.String("rtb-west-data")},
		Home: &transit.HomeInputs{
			Region: "us-east-1", Provider: provider, ASN: 64512, CIDR: "10.0.0.0/16",
			TransitGatewayID: pulumi.String("tgw-east"), TransitRouteTableID: pulumi.String("tgw-rtb-east"), RouteTableIDs: home().RouteTableIDs,
		},
	}
}

func run(t *testing.T, preview bool, args func(provider pulumi.ProviderResource) *transit.TransitArgs) *mocktest.Recording {
	t.Helper()
	return mocktest.MustRun(t, func(ctx *pulumi.Context) error {
		provider, err := aws.NewProvider(ctx, "home", &aws.ProviderArgs{Region: pulumi.String("us-east-1")})
		if err != nil {
			return err
		}
		_, err = transit.NewTransit(ctx, "link", args(provider))
		return err
	}, mocktest.Options{Preview: preview})
}

func TestHomeAttachesItsNetworkAndKnowsNoStandby(t *testing.T) {
	rec := run(t, false, func(pulumi.ProviderResource) *transit.TransitArgs { return home() })
	gateway := rec.Get(t, tgw+"transitGateway:TransitGateway", "link").Plain()
	require.Subset(t, gateway, map[string]any{
		"amazonSideAsn": 64512.0, "autoAcceptSharedAttachments": "disable", "defaultRouteTableAssociation": "disable", "defaultRouteTablePropagation": "disable",
	})
	require.Subset(t, rec.Get(t, tgw+"vpcAttachment:VpcAttachment", "link-vpc").Plain(), map[string]any{
		"transitGatewayId": "link-id", "vpcId": "vpc-east", "subnetIds": []any{"subnet-a", "subnet-b"},
		"transitGatewayDefaultRouteTableAssociation": false, "transitGatewayDefaultRouteTablePropagation": false,
	})
	for _, typ := range []string{"routeTableAssociation:RouteTableAssociation", "routeTablePropagation:RouteTablePropagation"} {
		require.Equal(t, map[string]any{"transitGatewayAttachmentId": "link-vpc-id", "transitGatewayRouteTableId": "link-id"}, rec.Get(t, tgw+typ, "link-vpc").Plain())
	}
	require.Empty(t, rec.Names(tgw+"peeringAttachment:PeeringAttachment"))
	require.Empty(t, rec.Names("aws:ec2/route:Route"))
}

func TestAStandbyOwnsTheLinkAndTheRoutesBothWays(t *testing.T) {
	rec := run(t, false, standby)
	require.Subset(t, rec.Get(t, tgw+"peeringAttachment:PeeringAttachment", "link-us-east-1").Plain(), map[string]any{
		"transitGatewayId": "link-id", "peerTransitGatewayId": "tgw-east", "peerRegion": "us-east-1",
	})
	accepter := rec.Get(t, tgw+"peeringAttachmentAccepter:PeeringAttachmentAccepter", "link-us-east-1")
	require.Equal(t, "link-us-east-1-id", accepter.Plain()["transitGatewayAttachmentId"])

	routes := map[string]string{}
	for _, typ := range []string{"aws:ec2/route:Route", tgw + "route:Route"} {
		for _, name := range rec.Names(typ) {
			r := rec.Get(t, typ, name)
			in := r.Plain()
			target, table := in["transitGatewayId"], in["routeTableId"]
			if target == nil {
				target, table = in["transitGatewayAttachmentId"], in["transitGatewayRouteTableId"]
				require.Contains(t, fmt.Sprint(r.DependsOn), "PeeringAttachmentAccepter::link-us-east-1", "AWS refuses a route before the acceptance")
			}
			routes[fmt.Sprint(table)] = fmt.Sprintf("%v by %v", in["destinationCidrBlock"], target)
			abroad := r.Provider == accepter.Provider
			require.Equal(t, in["destinationCidrBlock"] == "10.1.0.0/16", abroad, "%s is made in the region of its table", name)
		}
	}
	require.Equal(t, map[string]string{
		"link-id":       "10.0.0.0/16 by link-us-east-1-id",
		"tgw-rtb-east":  "10.1.0.0/16 by link-us-east-1-id",
		"rtb-west-data": "10.0.0.0/16 by link-id",
		"rtb-east-data": "10.1.0.0/16 by tgw-east",
		"rtb-east-a":    "10.1.0.0/16 by tgw-east",
	}, routes)
	require.Contains(t, accepter.Provider, "::home::")
	require.Contains(t, fmt.Sprint(rec.Get(t, "aws:ec2/route:Route", "link-us-east-1-data").DependsOn), "VpcAttachment::link-vpc")
}

func TestRoutesInAHomeOfTheSameProgramWaitForItsVPC(t *testing.T) {
	rec := mocktest.MustRun(t, func(ctx *pulumi.Context) error {
		provider, err := aws.NewProvider(ctx, "home", &aws.ProviderArgs{Region: pulumi.String("us-east-1")})
		if err != nil {
			return err
		}
		first, err := transit.NewTransit(ctx, "first", home(), pulumi.Provider(provider))
		if err != nil {
			return err
		}
		args := standby(provider)
		args.Home.TransitGatewayID, args.Home.TransitRouteTableID = first.TransitGatewayID, first.TransitRouteTableID
		_, err = transit.NewTransit(ctx, "link", args)
		return err
	}, mocktest.Options{})
	found := 0
	for _, name := range rec.Names("aws:ec2/route:Route") {
		if r := rec.Get(t, "aws:ec2/route:Route", name); r.Plain()["transitGatewayId"] == "first-id" {
			found++
			require.Contains(t, fmt.Sprint(r.DependsOn), "VpcAttachment::first-vpc", name)
		}
	}
	require.Equal(t, 2, found)
}

func TestPreviewRegistersTheSameResources(t *testing.T) {
	up, preview := run(t, false, standby), run(t, true, standby)
	require.Equal(t, up.Types(), preview.Types())
	for _, typ := range up.Types() {
		require.Equal(t, up.Names(typ), preview.Names(typ))
	}
}

func TestEveryBadArgumentIsReportedBeforeAnythingIsRegistered(t *testing.T) {
	for name, c := range map[string]struct {
		args *transit.TransitArgs
		want []string
	}{
		"nothing given": {nil, []string{
			`region: Invalid value: "": must be an AWS region, such as us-east-1`,
			`asn: Invalid value: 0: must be a private number: 64512 to 65534, or 4200000000 to 4294967294`,
			`cidr: Invalid value: "": must be an IPv4 block in CIDR notation, such as 10.0.0.0/16`,
			`vpcId: Required value: give the VPC to attach`,
			`subnetIds: Required value: give a subnet in every zone that is to be reached`,
			`routeTableIds: Required value: give the route tables of the private and data subnets`,
		}},
		"a home like itself": {func() *transit.TransitArgs {
			a := standby(nil)
			a.Home.Region, a.Home.ASN, a.Home.CIDR, a.Home.TransitGatewayID = "us-west-2", 64513, "10.1.128.0/17", nil
			a.Home.RouteTableIDs = map[string]pulumi.StringInput{"data": nil}
			return a
		}(), []string{
			`home.region: Invalid value: "us-west-2": must differ from the component's own; within a region, attach both VPCs to one gateway`,
			`home.asn: Invalid value: 64513: must differ from the component's own; give every region one`,
			`home.cidr: Invalid value: "10.1.128.0/17": must not overlap the component's own, 10.1.0.0/16`,
			`home.provider: Required value: give the value of the home region`,
			`home.transitGatewayId: Required value: give the value of the home region`,
			`home.routeTableIds[data]: Required value: give the id of a route table`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			rec, err := mocktest.Run(func(ctx *pulumi.Context) error {
				_, err := transit.NewTransit(ctx, "link", c.args)
				return err
			}, mocktest.Options{})
			require.ErrorContains(t, err, fmt.Sprintf("transit \"link\": %d problems", len(c.want)))
			for _, want := range c.want {
				require.ErrorContains(t, err, want)
			}
			require.Empty(t, rec.Resources)
		})
	}
}
