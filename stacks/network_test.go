package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
)

func regionOf(p map[string]any, stack string) map[string]any {
	return p["regions"].(map[string]any)[stack].(map[string]any)
}

func TestProblemsOfTheNetworkHaveThePathsOfTheStackFile(t *testing.T) {
	for name, c := range map[string]struct {
		change func(p map[string]any)
		want   []string
	}{
		"of all regions": {
			func(p map[string]any) {
				p["network"].(map[string]any)["endpoints"] = map[string]any{"interface": []string{"secretmanager"}, "trustedAccountIds": []string{"1"}}
				p["network"].(map[string]any)["flowLogs"] = map[string]any{"retentionDays": 31}
			},
			[]string{
				`tandem:platform.network.endpoints.interface[0]: Invalid value: "secretmanager": must be one of`,
				`tandem:platform.network.endpoints.trustedAccountIds[0]: Invalid value: "1": must be the 12 digits of an AWS account`,
				`tandem:platform.network.flowLogs.retentionDays: Invalid value: 31`,
			},
		},
		"of one region": {
			func(p map[string]any) {
				regionOf(p, "prod-west")["endpoints"] = []string{"dynamodb"}
				regionOf(p, "prod-west")["natZone"] = "us-west-2a"
			},
			[]string{
				`tandem:platform.regions[prod-west].endpoints[0]: Invalid value: "dynamodb": has a gateway endpoint already, which costs nothing; leave it out`,
				`tandem:platform.regions[prod-west].natZone: Forbidden: goes with nat "single" alone; leave it out`,
			},
		},
		"of a VPC that exists": {
			func(p map[string]any) {
				zones := map[string]any{"us-west-2a": "subnet-0123456789abcdef0", "us-west-2b": "subnet-b"}
				west := regionOf(p, "prod-west")
				west["cidr"] = "192.168.0.0/8"
				west["vpc"] = map[string]any{"id": "10", "public": zones, "private": zones, "data": map[string]any{}}
			},
			[]string{
				`tandem:platform.regions[prod-west].cidr: Invalid value: "192.168.0.0/8": must have a prefix length of 16 to 28`,
				`tandem:platform.regions[prod-west].vpc.id: Invalid value: "10": must be an id such as vpc-0123456789abcdef0`,
				`tandem:platform.regions[prod-west].vpc.public[us-west-2b]: Invalid value: "subnet-b": must be an id such as subnet-0123456789abcdef0`,
				`tandem:platform.regions[prod-west].vpc.private: Invalid value: ["us-west-2a","us-west-2b"]: must have a subnet in each of the region's zones: [us-west-2a us-west-2b us-west-2c]`,
				`tandem:platform.regions[prod-west].vpc.data: Invalid value: null: must have a subnet in each of the zones of the private tier: [us-west-2a us-west-2b]`,
				`tandem:platform.regions[prod-west].vpc.routeTables: Required value: give the route tables of the private and data subnets`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			rec, err := mocktest.Run(deploy, mocktest.Options{Stack: "prod-west", Config: stackConfig(t, "prod-west", c.change)})
			for _, want := range c.want {
				require.ErrorContains(t, err, want)
			}
			require.Empty(t, rec.Resources)
		})
	}
}
