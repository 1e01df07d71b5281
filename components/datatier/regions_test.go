package datatier_test

import (
	"testing"

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
