package datatier_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/datatier"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

func TestAMemberJoinsFromTheRegionThatWrites(t *testing.T) {
	source := func(cluster string, change func(*datatier.DataTierArgs)) any {
		rec := run(t, mocktest.Options{}, both(change))
		return rec.Get(t, typeCluster, cluster).Plain()["sourceRegion"]
	}
	active := func(region string) func(*datatier.DataTierArgs) {
		return func(args *datatier.DataTierArgs) { args.ActiveRegion = region }
	}
	require.Equal(t, "us-east-1", source("prod-west-database", active("")))
	require.Equal(t, "us-east-1", source("prod-west-database", active("us-west-2")), "its own region is no source")

	join := func(region string) func(*datatier.DataTierArgs) {
		return func(args *datatier.DataTierArgs) { args.Origin, args.ActiveRegion = datatier.OriginJoin, region }
	}
	require.Nil(t, source("prod-east-database", active("us-west-2")), "home that made the data has no source")
	require.Equal(t, "us-west-2", source("prod-east-database", join("us-west-2")))
	require.Equal(t, "us-west-2", source("prod-east-database", join("us-east-1")), "it has failed back since")
}

func TestAFurtherStandbyLeavesTheWayFromHomeToTheFirst(t *testing.T) {
	rec := run(t, mocktest.Options{}, both(func(args *datatier.DataTierArgs) {
		if args.Home != nil {
			args.Home.OneWay = true
		}
	}))
	require.ElementsMatch(t, []string{
		"prod-east-static", "prod-east-static-us-west-2", "prod-west-files", "prod-west-backups", "prod-west-logs",
	}, rec.Names(typeReplication))
	require.NotContains(t, rec.Names("aws:iam/role:Role"), "prod-west-replication-us-east-1", "no role is left for what is not replicated")
}

// reserve is a further standby's share.
func reserve() *datatier.Reserve {
	return &datatier.Reserve{
		Region: "eu-west-1", DataKeyARN: pulumi.String("arn:aws:kms:eu-west-1:123456789012:key/mrk-1"),
		FilesBucketName: pulumi.String("files-eu"), BackupsBucketName: pulumi.String("backups-eu"), LogsBucketName: pulumi.String("logs-eu"),
	}
}

func TestTheFirstStandbyReplicatesToTheReserveWhatHomeAndItselfTake(t *testing.T) {
	before := run(t, mocktest.Options{}, both())
	rec := run(t, mocktest.Options{}, both(func(args *datatier.DataTierArgs) {
		if args.Home != nil {
			args.Home.Reserve = reserve()
		}
	}))
	require.Equal(t, before.Names(typeReplication), rec.Names(typeReplication), "each bucket keeps its one configuration")
	for source, own := range map[string]string{"prod-west-files": "prod-east-files-id", "prod-west-files-us-east-1": "prod-west-files-id"} {
		rules := rec.Get(t, typeReplication, source).Plain()["rules"].([]any)
		require.Len(t, rules, 2)
		require.Equal(t, before.Get(t, typeReplication, source).Plain()["rules"].([]any)[0], rules[0], "what is there stays as it is")
		require.Equal(t, "arn:aws:s3:::"+own, rules[0].(map[string]any)["destination"].(map[string]any)["bucket"])
		to := rules[1].(map[string]any)
		require.Equal(t, "to-eu-west-1", to["id"])
		require.Equal(t, "arn:aws:s3:::files-eu", to["destination"].(map[string]any)["bucket"])
		require.Equal(t, "arn:aws:kms:eu-west-1:123456789012:key/mrk-1", to["destination"].(map[string]any)["encryptionConfiguration"].(map[string]any)["replicaKmsKeyId"])
	}
	logs := rec.Get(t, typeReplication, "prod-west-logs").Plain()["rules"].([]any)[1].(map[string]any)
	require.NotContains(t, logs["destination"], "encryptionConfiguration", "access logs are encrypted by S3's own keys")
	for _, role := range []string{"prod-west-replication", "prod-west-replication-us-east-1"} {
		policy := document(t, rec.Get(t, typeRolePolicy, role).Plain()["policy"])
		require.Contains(t, policy, "arn:aws:s3:::backups-eu/*", role)
		require.Contains(t, policy, "s3.eu-west-1.amazonaws.com", role)
	}
}

func TestAReserveThatCannotBeIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*datatier.HomeInputs)
		want   string
	}{
		"of a standby that owns nothing of home's": {func(h *datatier.HomeInputs) { h.OneWay = true },
			"home.reserve: Forbidden: belongs to the standby that owns the replication from home's buckets; leave it out, or oneWay"},
		"in home's region": {func(h *datatier.HomeInputs) { h.Reserve.Region = "us-east-1" },
			`home.reserve.region: Invalid value: "us-east-1": must be a third region, neither home's nor this standby's`},
		"without a bucket": {func(h *datatier.HomeInputs) { h.Reserve.FilesBucketName = nil },
			"home.reserve.filesBucketName: Required value: take it from the further standby's outputs"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mocktest.Run(both(func(args *datatier.DataTierArgs) {
				if args.Home != nil {
					args.Home.Reserve = reserve()
					c.change(args.Home)
				}
			}), mocktest.Options{Outputs: outputs})
			require.ErrorContains(t, err, c.want)
		})
	}
}
