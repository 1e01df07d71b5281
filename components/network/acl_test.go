package network_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/network"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

// rules are a direction's rules in the order in which AWS asks them, as text.
func rules(t *testing.T, rec *mocktest.Recording, acl, direction string) []string {
	t.Helper()
	list, _ := rec.Get(t, "aws:ec2/networkAcl:NetworkAcl", acl).Plain()[direction].([]any)
	slices.SortFunc(list, func(a, b any) int {
		return cmp.Compare(a.(map[string]any)["ruleNo"].(float64), b.(map[string]any)["ruleNo"].(float64))
	})
	var texts []string
	for _, r := range list {
		rule := r.(map[string]any)
		side := rule["cidrBlock"]
		if side == nil {
			side = rule["ipv6CidrBlock"]
		}
		texts = append(texts, fmt.Sprintf("%v %v %v %v %v-%v", rule["ruleNo"], rule["action"], rule["protocol"], side, rule["fromPort"], rule["toPort"]))
	}
	return texts
}

func TestDataTierIsClosedToThePublicSubnets(t *testing.T) {
	rec := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones, IPv6: true, PeerCIDRs: []string{"10.1.0.0/16"}})
	require.Equal(t, []string{
		"100 deny -1 10.0.16.0/22 0-0", "101 deny -1 10.0.48.0/22 0-0", "102 deny -1 10.0.80.0/22 0-0", "110 deny -1 2600:1f18:abc:de40::/58 0-0",
		"200 allow -1 10.0.0.0/16 0-0", "201 allow -1 2600:1f18:abc:de00::/56 0-0", "300 allow -1 10.1.0.0/16 0-0",
		"400 allow tcp 0.0.0.0/0 1024-65535", "401 allow tcp ::/0 1024-65535",
	}, rules(t, rec, "net-data", "ingress"))
	require.Equal(t, []string{"200 allow -1 0.0.0.0/0 0-0", "201 allow -1 ::/0 0-0"}, rules(t, rec, "net-data", "egress"))
	in := rec.Get(t, "aws:ec2/networkAcl:NetworkAcl", "net-data").Plain()
	require.Equal(t, []any{"net-data-us-east-1a-id", "net-data-us-east-1b-id", "net-data-us-east-1c-id"}, in["subnetIds"])
}

func TestTheRulesStayWithinAWSsLimit(t *testing.T) {
	var all, peers []string
	for _, letter := range "abcdef" {
		all = append(all, "us-east-1"+string(letter))
	}
	for i := range 8 {
		peers = append(peers, fmt.Sprintf("10.%d.0.0/16", i+1))
	}
	rec := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: all, IPv6: true, PeerCIDRs: peers})
	require.LessOrEqual(t, len(rules(t, rec, "net-data", "ingress")), 20)
}

func TestTheDefaultACLIsClosedOnceEveryTierHasItsOwn(t *testing.T) {
	rec := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones, Intra: true})
	require.Equal(t, []string{"net-data", "net-intra", "net-private", "net-public"}, rec.Names("aws:ec2/networkAcl:NetworkAcl"))
	for _, open := range []string{"net-intra", "net-private", "net-public"} {
		require.Equal(t, []string{"200 allow -1 0.0.0.0/0 0-0"}, rules(t, rec, open, "ingress"), open)
	}
	closed := rec.Get(t, "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", "net-default-acl")
	require.Equal(t, "acl-default", closed.Plain()["defaultNetworkAclId"])
	require.NotContains(t, closed.Plain(), "ingress")
	require.NotContains(t, closed.Plain(), "egress")
	require.Equal(t, []string{"subnetIds"}, closed.IgnoreChanges)
	for _, acl := range []string{"net-data", "net-intra", "net-private", "net-public"} {
		require.Contains(t, fmt.Sprint(closed.DependsOn), "NetworkAcl::"+acl)
	}
}
