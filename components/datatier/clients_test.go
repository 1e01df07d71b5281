package datatier_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
)

// Groups of one region cannot be named in another, so whoever writes from there
// is let in by address.
func TestOtherRegionsReachTheDatabaseByTheirBlock(t *testing.T) {
	args := homeArgs(nil)
	args.ClientCIDRs = map[string]string{"prod-west": "10.1.0.0/16"}
	rec := run(t, mocktest.Options{}, home(args))
	require.Equal(t, map[string]any{
		"securityGroupId": "prod-east-database-id",
		"cidrIpv4":        "10.1.0.0/16",
		"ipProtocol":      "tcp", "fromPort": 5432.0, "toPort": 5432.0,
		"description": "PostgreSQL from prod-west",
	}, rec.Get(t, typeIngress, "prod-east-database-from-prod-west").Plain())
	require.Len(t, rec.Names(typeIngress), 3, "nodes and functions come by their groups")
}

func TestBlocksOfClientsAreThoseOfNetworks(t *testing.T) {
	args := homeArgs(nil)
	args.ClientSecurityGroupIDs = map[string]pulumi.StringInput{"nodes": pulumi.String("sg-nodes")}
	args.ClientCIDRs = map[string]string{"nodes": "10.2.0.0/16", "Office": "10.3.0.0/16", "all": "0.0.0.0/0", "bits": "10.4.0.1/16", "six": "fd00::/64"}
	require.Equal(t, `data tier "prod-east": 5 problems
  clientCidrs[Office]: Invalid value: "Office": must be a lower-case word that names the client, such as prod-west
  clientCidrs[all]: Invalid value: "0.0.0.0/0": must be the block of a network, /8 or smaller; the database is not for the internet
  clientCidrs[bits]: Invalid value: "10.4.0.1/16": must be an IPv4 block in CIDR notation, such as 10.1.0.0/16
  clientCidrs[nodes]: Duplicate value: "nodes"
  clientCidrs[six]: Invalid value: "fd00::/64": must be an IPv4 block in CIDR notation, such as 10.1.0.0/16`, refusal(t, "prod-east", args))
}
