package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestARegionLivesInAVPCThatExists makes a VPC by one program, and home in it by
// that of the region stacks, on the same clouds.
func TestARegionLivesInAVPCThatExists(t *testing.T) {
	t.Parallel()
	owner := newComponent(t, "network")
	zones := []string{"us-east-1a", "us-east-1b", "us-east-1c"}
	owner.configure(t, map[string]any{"cidr": "10.64.0.0/16", "zones": zones, "allowDestroy": true})
	owner.up(t)
	st, _ := owner.export(t, alone)
	id := func(typ, name string) string {
		for _, r := range st.Deployment.Resources {
			if r.Type == typ && strings.HasSuffix(r.URN, "::"+name) {
				return r.ID
			}
		}
		require.Fail(t, "the owner's program has no "+typ+" "+name)
		return ""
	}
	tier := func(name string) map[string]any {
		subnets := map[string]any{}
		for _, zone := range zones {
			subnets[zone] = id("aws:ec2/subnet:Subnet", "net-"+name+"-"+zone)
		}
		return subnets
	}
	given := map[string]any{
		"id": id("aws:ec2/vpc:Vpc", "net-vpc"), "public": tier("public"), "private": tier("private"), "data": tier("data"),
		"routeTables": map[string]any{"nodes": id("aws:ec2/routeTable:RouteTable", "net-private-us-east-1a"), "data": id("aws:ec2/routeTable:RouteTable", "net-data")},
	}

	e := newEdited(t)
	require.NoError(t, os.Symlink(filepath.Join(owner.dir, "clouds.db"), filepath.Join(e.dir, "clouds.db")))
	e.region(east)["cidr"], e.region(east)["vpc"] = "10.64.0.0/16", given
	e.configure(t)
	e.up(t, east)

	home, _ := e.export(t, east)
	for typ := range home.counts() {
		require.NotRegexp(t, `^aws:ec2/(vpc|subnet|routeTable|internetGateway|natGateway|eip|networkAcl|flowLog|vpcEndpoint)`, typ, "the network is its owner's")
	}
	subnets := map[string]string{
		"aws:eks/nodeGroup:NodeGroup subnetIds":                       "private",
		"aws:rds/subnetGroup:SubnetGroup subnetIds":                   "data",
		"aws:lb/loadBalancer:LoadBalancer subnets":                    "public",
		"aws:ec2transitgateway/vpcAttachment:VpcAttachment subnetIds": "private", // there is no intra tier
	}
	for _, r := range home.Deployment.Resources {
		for property, value := range r.Inputs {
			if name, ok := subnets[r.Type+" "+property]; ok {
				require.ElementsMatch(t, value, []any{given[name].(map[string]any)[zones[0]], given[name].(map[string]any)[zones[1]], given[name].(map[string]any)[zones[2]]}, r.URN)
				delete(subnets, r.Type+" "+property)
			}
		}
	}
	require.Empty(t, subnets, "nothing was put there")
	require.Empty(t, e.steps(t, east), "a second up would change something")
	require.Subset(t, e.steps(t, west), steps("create", "aws:ec2/route:Route", west+"-from-us-east-1-nodes", west+"-from-us-east-1-data"),
		"the standby routes in the tables that home was given")

	require.Empty(t, owner.steps(t, alone), "the owner finds its network as it was")
	out, err := owner.pulumi(t, "destroy", "--yes", "--skip-preview", "-s", alone)
	require.Error(t, err)
	require.Contains(t, out, "DependencyViolation", "a VPC that is lived in")
	owner.up(t) // what could go is back
	out, err = e.pulumi(t, "config", "set", "-s", east, "--path", "tandem:platform.allowDestroy", "true")
	require.NoError(t, err, out)
	out, err = e.pulumi(t, "up", "--yes", "--skip-preview", "-s", east)
	require.NoError(t, err, out)
	out, err = e.pulumi(t, "destroy", "--yes", "--skip-preview", "-s", east)
	require.NoError(t, err, out)
	require.Empty(t, owner.steps(t, alone), "and as it was when home is gone")
	owner.leavesNothing(t, alone)
}
