package contract_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
	"github.com/tandem-platform/tandem/stacks/contract"
)

func inputs() contract.Inputs {
	s := func(v string) pulumi.StringInput { return pulumi.String(v) }
	return contract.Inputs{
		Platform: s("tandem"), Region: s("us-east-1"), ZoneID: s("Z1"), GlobalClusterID: s("g"), GlobalWriterEndpoint: s("w"),
		DataKeyARN: s("dk"), SecretsKeyARN: s("sk"), SecretName: s("sn"), SecretARN: s("sa"), TableName: s("tn"), TableARN: s("ta"),
		FilesBucketName: s("fb"), BackupsBucketName: s("bb"),
		LogsBucketName: s("lb"), ReadName: s("rn"), BackupVaultARN: s("va"),
		StandbyStaticBucketNames: pulumi.StringMap{"us-west-2": pulumi.String("sb")},
		StandbyBackupVaultNames:  pulumi.StringMap{"us-west-2": pulumi.String("vn")},
		TakeoverBucketNames:      pulumi.StringMap{"us-west-2": pulumi.String("tb")},
		TakeoverHealthCheckIDs:   pulumi.StringMap{"us-west-2": pulumi.String("th")},
		Transit: &contract.TransitInputs{
			TransitGatewayID: s("tg"), TransitRouteTableID: s("tr"), RouteTableIDs: pulumi.StringMap{"data": pulumi.String("rt")},
		},
	}
}

type holder struct{ pulumi.ResourceState }

// exported returns the contract as the engine would store it.
func exported(t *testing.T) map[string]any { return exportedOf(t, inputs()) }

func exportedOf(t *testing.T, in contract.Inputs) map[string]any {
	t.Helper()
	rec := mocktest.MustRun(t, func(ctx *pulumi.Context) error {
		return ctx.RegisterComponentResourceV2("test:index:Holder", "h", pulumi.Map{"home": in.Output()}, &holder{})
	}, mocktest.Options{})
	return rec.Get(t, "test:index:Holder", "h").Plain()["home"].(map[string]any)
}

func TestWhatHomeExportsStandbyReads(t *testing.T) {
	c, err := contract.Decode("prod-east", "tandem", exported(t))
	require.NoError(t, err)
	require.Equal(t, &contract.Contract{
		Version: contract.Version, Platform: "tandem", Region: "us-east-1", ZoneID: "Z1", GlobalClusterID: "g",
		GlobalWriterEndpoint: "w", DataKeyARN: "dk", SecretsKeyARN: "sk", SecretName: "sn", SecretARN: "sa", TableName: "tn",
		TableARN: "ta", FilesBucketName: "fb", BackupsBucketName: "bb", StandbyStaticBucketNames: map[string]string{"us-west-2": "sb"},
		LogsBucketName: "lb", ReadName: "rn", BackupVaultARN: "va", StandbyBackupVaultNames: map[string]string{"us-west-2": "vn"},
		TakeoverBucketNames: map[string]string{"us-west-2": "tb"}, TakeoverHealthCheckIDs: map[string]string{"us-west-2": "th"},
		Transit: &contract.Transit{TransitGatewayID: "tg", TransitRouteTableID: "tr", RouteTableIDs: map[string]string{"data": "rt"}},
	}, c)
}

func TestAHomeWithoutATransitGatewayTellsOfNone(t *testing.T) {
	in := inputs()
	in.Transit = nil
	whole := exportedOf(t, in)
	require.NotContains(t, whole, "transit")
	c, err := contract.Decode("prod-east", "tandem", whole)
	require.NoError(t, err)
	require.Nil(t, c.Transit)
}

func TestEveryFieldIsRequired(t *testing.T) {
	whole := exported(t)
	for name := range whole {
		if slices.Contains([]string{"version", "transit", "readName"}, name) {
			continue
		}
		partial := maps.Clone(whole)
		delete(partial, name)
		_, err := contract.Decode("prod-east", "tandem", partial)
		require.EqualError(t, err, "contract of home stack \"prod-east\": 1 problem\n  prod-east:home."+name+
			": Required value: run `up` on prod-east to the end")
	}
	gateway := whole["transit"].(map[string]any)
	for name := range gateway {
		partial, part := maps.Clone(whole), maps.Clone(gateway)
		delete(part, name)
		partial["transit"] = part
		_, err := contract.Decode("prod-east", "tandem", partial)
		require.EqualError(t, err, "contract of home stack \"prod-east\": 1 problem\n  prod-east:home.transit."+name+
			": Required value: run `up` on prod-east to the end")
	}
}

func TestAnotherContractIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(map[string]any)
		want   string
	}{
		"another version": {
			func(c map[string]any) { c["version"] = 99; c["zone"] = "new" },
			"contract of home stack \"prod-east\": 1 problem\n  prod-east:home.version: Invalid value: 99: must be 4, the version that this " +
				"program reads; run `up` on prod-east and on this stack with the same program",
		},
		"another platform": {
			func(c map[string]any) { c["platform"] = "other" },
			"contract of home stack \"prod-east\": 1 problem\n  prod-east:home.platform: Invalid value: \"other\": must be tandem, the platform of this stack",
		},
		"an unknown field": {
			func(c map[string]any) { c["zone"] = "Z1" },
			"contract of home stack \"prod-east\": 1 problem\n  prod-east:home: Invalid value: unknown field \"zone\"",
		},
		"a field of another type": {
			func(c map[string]any) { c["zoneId"] = 1 },
			"contract of home stack \"prod-east\": 1 problem\n  prod-east:home: Invalid value: json: cannot unmarshal number into Go struct field Contract.zoneId of type string",
		},
	} {
		t.Run(name, func(t *testing.T) {
			value := exported(t)
			c.change(value)
			_, err := contract.Decode("prod-east", "tandem", value)
			require.EqualError(t, err, c.want)
		})
	}
}
