package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEachChangeOfANetworkChangesJustWhatItShould goes from one set of arguments
// to the next on the real engine. Wherever it says nothing of a kind of
// resource, nothing of that kind changes; above all, nothing is replaced.
func TestEachChangeOfANetworkChangesJustWhatItShould(t *testing.T) {
	c := newComponent(t, "network")
	args := map[string]any{"cidr": "10.0.0.0/16", "zones": []string{"us-east-1a", "us-east-1b"}}
	c.configure(t, args)
	c.up(t)
	require.Empty(t, c.steps(t, alone), "a second up would change something")

	t.Run("another zone", func(t *testing.T) {
		args = changed(args, "zones", []string{"us-east-1c", "us-east-1a", "us-east-1b"})
		require.Equal(t, []string{
			"create aws:ec2/eip:Eip net-nat-us-east-1c",
			"create aws:ec2/natGateway:NatGateway net-nat-us-east-1c",
			"create aws:ec2/route:Route net-private-us-east-1c-nat",
			"create aws:ec2/routeTable:RouteTable net-private-us-east-1c",
			"create aws:ec2/routeTableAssociation:RouteTableAssociation net-data-us-east-1c",
			"create aws:ec2/routeTableAssociation:RouteTableAssociation net-private-us-east-1c",
			"create aws:ec2/routeTableAssociation:RouteTableAssociation net-public-us-east-1c",
			"create aws:ec2/subnet:Subnet net-data-us-east-1c",
			"create aws:ec2/subnet:Subnet net-private-us-east-1c",
			"create aws:ec2/subnet:Subnet net-public-us-east-1c",
			"update aws:ec2/vpcEndpoint:VpcEndpoint net-dynamodb",
			"update aws:ec2/vpcEndpoint:VpcEndpoint net-s3",
			"update tandem:index:Network net",
		}, c.change(t, args))
	})
}
