package e2e

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// steps are the operations of one verb on resources of one type.
func steps(verb, typ string, names ...string) []string {
	var all []string
	for _, name := range names {
		all = append(all, verb+" "+typ+" "+name)
	}
	return all
}

func sorted(groups ...[]string) []string {
	all := slices.Concat(groups...)
	slices.Sort(all)
	return all
}

// TestEachChangeOfANetworkChangesJustWhatItShould goes from one set of arguments
// to the next on the real engine. The lists are whole: what is not in them does
// not change, and nothing is replaced but the flow log, of which AWS lets nobody
// change anything.
func TestEachChangeOfANetworkChangesJustWhatItShould(t *testing.T) {
	t.Parallel()
	const (
		route       = "aws:ec2/route:Route"
		subnet      = "aws:ec2/subnet:Subnet"
		table       = "aws:ec2/routeTable:RouteTable"
		association = "aws:ec2/routeTableAssociation:RouteTableAssociation"
		acl         = "aws:ec2/networkAcl:NetworkAcl"
		endpoint    = "aws:ec2/vpcEndpoint:VpcEndpoint"
		group       = "aws:ec2/securityGroup:SecurityGroup"
		ingress     = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
		component   = "tandem:index:Network"
	)
	c := newComponent(t, "network")
	args := map[string]any{"cidr": "10.0.0.0/16", "zones": []string{"us-east-1a", "us-east-1b"}, "allowDestroy": true}
	c.configure(t, args)
	c.up(t)
	require.Empty(t, c.steps(t, alone), "a second up would change something")
	change := func(key string, value any) []string {
		args = changed(args, key, value)
		return c.change(t, args)
	}

	// In the order in which a platform might grow.
	intraOn := sorted(
		steps("create", subnet, "net-intra-us-east-1a", "net-intra-us-east-1b"), steps("create", table, "net-intra"),
		steps("create", association, "net-intra-us-east-1a", "net-intra-us-east-1b"), steps("create", acl, "net-intra"),
		steps("update", endpoint, "net-dynamodb", "net-s3"), steps("update", component, "net"),
	)
	require.Equal(t, intraOn, change("intra", true))

	require.Equal(t, sorted(
		steps("create", group, "net-endpoints"), steps("create", ingress, "net-endpoints-https"), steps("create", endpoint, "net-ecr-api", "net-sts"),
	), change("endpoints", map[string]any{"interface": []string{"sts", "ecr.api"}}), "the first endpoints")
	require.Equal(t, sorted(steps("create", endpoint, "net-kms"), steps("delete", endpoint, "net-ecr-api")),
		change("endpoints", map[string]any{"interface": []string{"kms", "sts"}}), "one more and one less")

	ipv6 := func(verb string) []string {
		return sorted(
			steps(verb, "aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation", "net-ipv6"),
			steps(verb, "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", "net-eigw"),
			steps(verb, route, "net-private-us-east-1a-ipv6", "net-private-us-east-1b-ipv6", "net-public-internet-ipv6"),
			steps(verb, ingress, "net-endpoints-https-ipv6"),
			steps("update", acl, "net-data", "net-intra", "net-private", "net-public"),
			steps("update", subnet, "net-data-us-east-1a", "net-data-us-east-1b", "net-intra-us-east-1a", "net-intra-us-east-1b",
				"net-private-us-east-1a", "net-private-us-east-1b", "net-public-us-east-1a", "net-public-us-east-1b"),
			steps("update", component, "net"),
		)
	}
	require.Equal(t, ipv6("create"), change("ipv6", true))

	tiers := []string{"net-data-us-east-1c", "net-intra-us-east-1c", "net-private-us-east-1c", "net-public-us-east-1c"}
	require.Equal(t, sorted(
		steps("create", "aws:ec2/eip:Eip", "net-nat-us-east-1c"), steps("create", "aws:ec2/natGateway:NatGateway", "net-nat-us-east-1c"),
		steps("create", route, "net-private-us-east-1c-ipv6", "net-private-us-east-1c-nat"), steps("create", table, "net-private-us-east-1c"),
		steps("create", association, tiers...), steps("create", subnet, tiers...),
		steps("update", acl, "net-data", "net-intra", "net-private", "net-public"),
		steps("update", endpoint, "net-dynamodb", "net-kms", "net-s3", "net-sts"), steps("update", component, "net"),
	), change("zones", []string{"us-east-1c", "us-east-1a", "us-east-1b"}), "another zone")

	require.Equal(t, sorted(
		steps("delete", "aws:ec2/eip:Eip", "net-nat-us-east-1b", "net-nat-us-east-1c"),
		steps("delete", "aws:ec2/natGateway:NatGateway", "net-nat-us-east-1b", "net-nat-us-east-1c"),
		steps("update", route, "net-private-us-east-1b-nat", "net-private-us-east-1c-nat"), steps("update", component, "net"),
	), change("nat", "single"))
	require.Equal(t, sorted(
		steps("delete", "aws:ec2/eip:Eip", "net-nat-us-east-1a"), steps("delete", "aws:ec2/natGateway:NatGateway", "net-nat-us-east-1a"),
		steps("delete", "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", "net-eigw"),
		steps("delete", route, "net-private-us-east-1a-ipv6", "net-private-us-east-1a-nat", "net-private-us-east-1b-ipv6",
			"net-private-us-east-1b-nat", "net-private-us-east-1c-ipv6", "net-private-us-east-1c-nat"),
		steps("update", component, "net"),
	), change("nat", "none"))

	require.Equal(t, steps("update", acl, "net-data"), change("peerCidrs", []string{"10.1.0.0/16"}), "a peer")

	// Off again: AWS takes the block back once no subnet has a part of it.
	off := slices.DeleteFunc(change("ipv6", false), func(s string) bool { return s == "update tandem:index:Network net" })
	require.Equal(t, sorted(
		steps("delete", "aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation", "net-ipv6"),
		steps("delete", route, "net-public-internet-ipv6"), steps("delete", ingress, "net-endpoints-https-ipv6"),
		steps("update", acl, "net-data", "net-intra", "net-private", "net-public"),
		steps("update", subnet, append([]string{"net-data-us-east-1a", "net-data-us-east-1b", "net-intra-us-east-1a", "net-intra-us-east-1b",
			"net-private-us-east-1a", "net-private-us-east-1b", "net-public-us-east-1a", "net-public-us-east-1b"}, tiers...)...),
	), off)

	const flowLog = "aws:ec2/flowLog:FlowLog"
	replaced := steps("replace", flowLog, "net-flow-logs")
	require.Equal(t, replaced, change("flowLogs", map[string]any{"intervalSeconds": 600}), "another interval")
	s3 := change("flowLogs", map[string]any{"destination": "s3"})
	require.Subset(t, s3, slices.Concat(replaced, steps("create", "aws:s3/bucketV2:BucketV2", "net-flow-logs"), steps("delete", "aws:cloudwatch/logGroup:LogGroup", "net-flow-logs")))
	for _, step := range s3 {
		require.NotRegexp(t, "subnet|vpc:Vpc|route|natGateway", step, "where flow logs go is nobody else's business")
	}

	require.Equal(t, sorted(
		steps("delete", subnet, append([]string{"net-intra-us-east-1a", "net-intra-us-east-1b"}, tiers[1])...), steps("delete", table, "net-intra"),
		steps("delete", association, append([]string{"net-intra-us-east-1a", "net-intra-us-east-1b"}, tiers[1])...), steps("delete", acl, "net-intra"),
		steps("update", endpoint, "net-dynamodb", "net-kms", "net-s3", "net-sts"), steps("update", component, "net"),
	), change("intra", false), "endpoints move to the private tier, and then the subnets go")
	require.Empty(t, c.steps(t, alone), "a second up would change something")
	c.leavesNothing(t, alone)
}
