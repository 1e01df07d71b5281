package datatier_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/datatier"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

const (
	typeTarget  = "aws:appautoscaling/target:Target"
	typeScaling = "aws:appautoscaling/policy:Policy"
)

func suspended(yes bool) map[string]any {
	return map[string]any{"dynamicScalingInSuspended": yes, "dynamicScalingOutSuspended": yes, "scheduledScalingSuspended": yes}
}

func TestReadersScaleWhereTheWritesAreTaken(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	east, west := rec.Get(t, typeTarget, "prod-east-readers").Plain(), rec.Get(t, typeTarget, "prod-west-readers").Plain()
	require.Equal(t, "cluster:prod-east-0a1b2c3d", east["resourceId"])
	require.Equal(t, "rds:cluster:ReadReplicaCount", east["scalableDimension"])
	require.Equal(t, 1.0, east["minCapacity"]) // two zones, of which one has the writer
	require.Equal(t, 5.0, east["maxCapacity"])
	require.Equal(t, suspended(false), east["suspendedState"])
	require.Equal(t, suspended(true), west["suspendedState"])
	require.Equal(t, 0.0, west["minCapacity"])

	policy := rec.Get(t, typeScaling, "prod-west-readers").Plain()
	require.Equal(t, "TargetTrackingScaling", policy["policyType"])
	tracking := policy["targetTrackingScalingPolicyConfiguration"].(map[string]any)
	require.Equal(t, "RDSReaderAverageCPUUtilization", tracking["predefinedMetricSpecification"].(map[string]any)["predefinedMetricType"])
	require.Equal(t, 60.0, tracking["targetValue"])
}

func TestReadersAreScaledOnlyOnceThereAreInstances(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	depends := strings.Join(rec.Get(t, typeTarget, "prod-west-readers").DependsOn, "\n")
	require.Contains(t, depends, typeInstance+"::prod-west-database-us-west-2a")
}

func TestAFailoverMovesTheSuspendedStateOfReadersAndNothingElse(t *testing.T) {
	before := run(t, mocktest.Options{}, both())
	after := run(t, mocktest.Options{}, both(func(args *datatier.DataTierArgs) { args.ActiveRegion = "us-west-2" }))
	require.Len(t, after.Resources, len(before.Resources))
	for _, r := range before.Resources {
		now := after.Get(t, r.Type, r.Name)
		if r.Type != typeTarget {
			require.Equal(t, r.Inputs, now.Inputs, r.Name)
			continue
		}
		require.Equal(t, suspended(r.Name == "prod-east-readers"), now.Plain()["suspendedState"], r.Name)
		delete(r.Inputs, "suspendedState")
		delete(now.Inputs, "suspendedState")
		require.Equal(t, r.Inputs, now.Inputs, r.Name)
	}
}

func TestReadersAreNotScaledWhereTheProgramSaysSo(t *testing.T) {
	rec := run(t, mocktest.Options{}, both(func(args *datatier.DataTierArgs) { args.Database.Readers.Max = -1 }))
	require.Empty(t, rec.Names(typeTarget))
	require.Empty(t, rec.Names(typeScaling))
}

func TestEnhancedMonitoringOfEveryInstance(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	for _, name := range rec.Names(typeInstance) {
		instance := rec.Get(t, typeInstance, name).Plain()
		require.Equal(t, 60.0, instance["monitoringInterval"], name)
		require.Equal(t, "arn:aws:iam::123456789012:role/"+name[:len("prod-east")]+"-monitoring", instance["monitoringRoleArn"], name)
	}
	role := rec.Get(t, "aws:iam/role:Role", "prod-west-monitoring").Plain()
	require.JSONEq(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"monitoring.rds.amazonaws.com"},
		"Action":["sts:AssumeRole"],"Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"},
		"ArnLike":{"aws:SourceArn":"arn:aws:rds:us-west-2:123456789012:db:*"}}}]}`, document(t, role["assumeRolePolicy"]))

	rec = run(t, mocktest.Options{}, both(func(args *datatier.DataTierArgs) { args.Database.MonitoringSeconds = -1 }))
	require.NotContains(t, rec.Names("aws:iam/role:Role"), "prod-west-monitoring")
	require.Equal(t, 0.0, rec.Get(t, typeInstance, "prod-west-database-us-west-2a").Plain()["monitoringInterval"])
}

func TestBoundsOfReadersAndMonitoringAreRefused(t *testing.T) {
	args := homeArgs(nil)
	args.ActiveRegion = "us-west-2"
	args.Database.Zones = []string{"us-east-1a", "us-east-1b", "us-east-1c"}
	args.Database.Readers = datatier.Readers{Max: 1, CPUPercent: 95}
	args.Database.MonitoringSeconds = 20
	require.Equal(t, `data tier "prod-east": 4 problems
  activeRegion: Unsupported value: "us-west-2": supported values: "us-east-1"
  database.monitoringSeconds: Invalid value: 20: must be 1, 5, 10, 15, 30 or 60, or -1 for no enhanced monitoring
  database.readers.max: Invalid value: 1: must be 2, the readers of the zones, to 15, or -1 to scale none
  database.readers.cpuPercent: Invalid value: 95: must be 10 to 90`, refusal(t, "prod-east", args))
}

func TestMoreInstancesOfAZoneAreAddedBesideTheFirst(t *testing.T) {
	before := run(t, mocktest.Options{}, both())
	after := run(t, mocktest.Options{}, both(func(args *datatier.DataTierArgs) {
		if args.Home != nil { // a standby that is to bear more at a take-over
			args.Database.InstancesPerZone, args.Database.InstanceClass = 2, "db.r7g.xlarge"
		}
	}))
	require.Equal(t, append(before.Names(typeInstance), "prod-west-database-us-west-2a-2"), after.Names(typeInstance))
	for _, name := range []string{"prod-west-database-us-west-2a", "prod-west-database-us-west-2a-2"} {
		instance := after.Get(t, typeInstance, name).Plain()
		require.Equal(t, "us-west-2a", instance["availabilityZone"])
		require.Equal(t, "db.r7g.xlarge", instance["instanceClass"])
	}
	require.Equal(t, "db.r7g.large", after.Get(t, typeInstance, "prod-east-database-us-east-1a").Plain()["instanceClass"], "a region has capacity of its own")
	require.Equal(t, 1.0, after.Get(t, typeTarget, "prod-west-readers").Plain()["minCapacity"], "one of the two is a reader once it writes")
}

func TestMoreInstancesThanAClusterHasAreRefused(t *testing.T) {
	args := homeArgs(nil)
	args.Database.Zones = []string{"us-east-1a", "us-east-1b", "us-east-1c"}
	args.Database.InstancesPerZone = 6
	require.Equal(t, `data tier "prod-east": 1 problem
  database.instancesPerZone: Invalid value: 6: must be 1 to 5 in 3 zones: a cluster has 16 instances at most`, refusal(t, "prod-east", args))
}
