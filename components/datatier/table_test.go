package datatier_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/datatier"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

func provisioned(args *datatier.DataTierArgs) {
	args.Table.Capacity = &datatier.TableCapacity{MinReads: 10, MaxReads: 100, MinWrites: 5, MaxWrites: 50}
}

func TestReadsAndWritesOfATableWithCapacityScaleInEveryRegion(t *testing.T) {
	rec := run(t, mocktest.Options{}, both(provisioned))
	table := rec.Get(t, typeTable, "prod-east-table")
	require.Equal(t, "PROVISIONED", table.Plain()["billingMode"])
	require.Equal(t, 10.0, table.Plain()["readCapacity"])
	require.Equal(t, 5.0, table.Plain()["writeCapacity"])
	require.Equal(t, []string{"replicas", "readCapacity", "writeCapacity"}, table.IgnoreChanges)
	for _, region := range []string{"prod-east", "prod-west"} {
		for suffix, want := range map[string]struct {
			dimension, metric string
			least, most       float64
		}{
			"-table-reads":  {"dynamodb:table:ReadCapacityUnits", "DynamoDBReadCapacityUtilization", 10, 100},
			"-table-writes": {"dynamodb:table:WriteCapacityUnits", "DynamoDBWriteCapacityUtilization", 5, 50},
		} {
			target := rec.Get(t, typeTarget, region+suffix).Plain()
			require.Equal(t, "table/prod-east-table", target["resourceId"]) // a table has one name everywhere
			require.Equal(t, want.dimension, target["scalableDimension"])
			require.Equal(t, want.least, target["minCapacity"])
			require.Equal(t, want.most, target["maxCapacity"])
			require.NotContains(t, target, "suspendedState")
			tracking := rec.Get(t, typeScaling, region+suffix).Plain()["targetTrackingScalingPolicyConfiguration"].(map[string]any)
			require.Equal(t, want.metric, tracking["predefinedMetricSpecification"].(map[string]any)["predefinedMetricType"])
			require.Equal(t, 70.0, tracking["targetValue"])
		}
	}
}

func TestAReplicaComesOnceTheTableScalesItsWrites(t *testing.T) {
	rec := run(t, mocktest.Options{}, both(provisioned))
	require.Contains(t, strings.Join(rec.Get(t, typeTableReplica, "prod-west-table").DependsOn, "\n"), typeScaling+"::prod-east-table-writes")
	require.Contains(t, strings.Join(rec.Get(t, typeTarget, "prod-west-table-writes").DependsOn, "\n"), typeTableReplica+"::prod-west-table")
}

func TestATableIsPaidByRequestUnlessTheProgramSaysSo(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	require.Equal(t, "PAY_PER_REQUEST", rec.Get(t, typeTable, "prod-east-table").Plain()["billingMode"])
	require.Equal(t, []string{"prod-east-readers", "prod-west-readers"}, rec.Names(typeTarget))
}

func TestBoundsOfTheTablesCapacityAreRefused(t *testing.T) {
	args := homeArgs(nil)
	args.Table.Capacity = &datatier.TableCapacity{MinReads: 10, MaxReads: 5, MaxWrites: 50, UtilizationPercent: 95}
	require.Equal(t, `data tier "prod-east": 3 problems
  table.capacity.maxReads: Invalid value: 5: must not be below minReads, which is 10
  table.capacity.minWrites: Invalid value: 0: must be 1 or more
  table.capacity.utilizationPercent: Invalid value: 95: must be 20 to 90`, refusal(t, "prod-east", args))
}
