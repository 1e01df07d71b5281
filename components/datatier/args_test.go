package datatier_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tandem-platform/tandem/components/datatier"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

// refusal is the error of arguments that are refused, and a check that nothing
// was registered before.
func refusal(t *testing.T, name string, args *datatier.DataTierArgs) string {
	t.Helper()
	var refused error
	rec := mocktest.MustRun(t, func(ctx *pulumi.Context) error {
		_, refused = datatier.NewDataTier(ctx, name, args)
		return nil
	}, mocktest.Options{})
	require.Error(t, refused)
	require.Empty(t, rec.Resources)
	return refused.Error()
}

func TestEveryProblemOfHomeIsReportedAtOnce(t *testing.T) {
	got := refusal(t, "Prod_East", &datatier.DataTierArgs{
		Region:                 "us-east",
		AccountID:              "12345",
		ClientSecurityGroupIDs: map[string]pulumi.StringInput{"Nodes": nil},
		Origin:                 "copy",
		JoinRegion:             "us-west-2",
		Standbys:               []datatier.Standby{{Region: "us-east"}},
		Database: datatier.Database{
			EngineVersion:         "16",
			InstanceClass:         "db.t4g.medium",
			Capacity:              &datatier.Capacity{Min: 1, Max: 2},
			Zones:                 []string{"us-west-2a", "us-west-2a"},
			Name:                  "my-db",
			Username:              "admin",
			BackupRetentionDays:   36,
			BackupWindow:          "09:00-10:00",
			MaintenanceWindow:     "sun:09:30-sun:10:30",
			InsightsRetentionDays: 8,
			LogRetentionDays:      2,
			SlowQueryMilliseconds: -2,
			RPOSeconds:            19,
		},
		Table:   datatier.Table{HashKey: "id", RangeKey: "id", TTLAttribute: "id", RecoveryDays: -1},
		Buckets: datatier.Buckets{NoncurrentDays: -1, BackupLockDays: 500, BackupExpiryDays: 90, DistributionARN: "E2QWRUHAPOMQZL"},
	})
	require.Equal(t, `data tier "Prod_East": 33 problems
  name: Invalid value: "Prod_East": must be lower-case words joined by single hyphens, at most 28 characters, such as prod-east
  region: Invalid value: "us-east": must be an AWS region, such as us-east-1
  accountId: Invalid value: "12345": must be the twelve digits of the AWS account
  vpcId: Required value: give the VPC that the database's clients are in
  subnetIds: Required value: give subnets in at least two zones, with no route out of the VPC
  clientSecurityGroupIds[Nodes]: Invalid value: "Nodes": must be a lower-case word that names the client, such as nodes
  clientSecurityGroupIds[Nodes]: Required value: give the client's security group, or leave the client out
  origin: Unsupported value: "copy": supported values: "create", "join"
  joinRegion: Forbidden: a member of origin create joins nothing; leave it out
  standbys[0].region: Invalid value: "us-east": must be an AWS region, such as us-east-1
  standbys[0].region: Invalid value: "us-east": must be a region of its own, neither home's nor another standby's
  standbys[0].provider: Required value: give home's AWS provider for that region
  database.engineVersion: Invalid value: "16": must be a major and a minor version of Aurora PostgreSQL from 13 on, such as 16.8
  database.instanceClass: Invalid value: "db.t4g.medium": must be memory-optimised, as global databases demand, such as db.r7g.large, or db.serverless
  database.capacity: Forbidden: is for instances of class db.serverless; leave it out or change instanceClass
  database.zones[0]: Invalid value: "us-west-2a": must be an availability zone of us-east, such as us-easta
  database.zones[1]: Invalid value: "us-west-2a": must be an availability zone of us-east, such as us-easta
  database.zones[1]: Duplicate value: "us-west-2a"
  database.name: Invalid value: "my-db": must be a letter and then up to 62 letters, digits and underscores, in lower case
  database.username: Invalid value: "admin": must be a letter and then up to 62 letters, digits and underscores, in lower case, and no name that PostgreSQL or RDS keeps for itself
  database.backupRetentionDays: Invalid value: 36: must be 1 to 35
  database.maintenanceWindow: Invalid value: "sun:09:30-sun:10:30": must not overlap the backup window, which is 09:00-10:00
  database.insightsRetentionDays: Invalid value: 8: must be 7, a multiple of 31 up to 713, or 731
  database.logRetentionDays: Invalid value: 2: must be a period that CloudWatch Logs knows, in days: [1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653]
  database.slowQueryMilliseconds: Invalid value: -2: must be a number of milliseconds, or -1 to log none
  database.rpoSeconds: Invalid value: 19: must be at least 20, or 0 for no bound
  table.rangeKey: Invalid value: "id": must be another attribute than the hash key
  table.ttlAttribute: Invalid value: "id": must not be a key; keys are strings and times to live are numbers
  table.recoveryDays: Invalid value: -1: must be 1 to 35
  buckets.noncurrentDays: Invalid value: -1: must be 1 to 36500
  buckets.backupExpiryDays: Invalid value: 90: must be 91 to 36500
  buckets.backupLockDays: Invalid value: 500: must not exceed backupExpiryDays, which is 90
  buckets.distributionArn: Invalid value: "E2QWRUHAPOMQZL": must be the ARN of a CloudFront distribution, such as arn:aws:cloudfront::123456789012:distribution/E2QWRUHAPOMQZL`, got)
}

func TestEveryProblemOfAStandbyIsReportedAtOnce(t *testing.T) {
	require.Equal(t, `data tier "prod-west": 21 problems
  standbys[0].provider: Required value: give home's AWS provider for that region
  origin: Invalid value: "create": must be join in a standby; only home creates the data
  standbys: Forbidden: belongs to home; leave it out of a standby
  home.region: Invalid value: "us-west-2": must differ from the standby's own region
  home.provider: Required value: give the standby's AWS provider for home's region
  home.globalClusterId: Required value: take it from home's outputs
  home.globalWriterEndpoint: Required value: take it from home's outputs
  home.dataKeyArn: Required value: take it from home's outputs
  home.secretsKeyArn: Required value: take it from home's outputs
  home.secretName: Required value: take it from home's outputs
  home.secretArn: Required value: take it from home's outputs
  home.tableName: Required value: take it from home's outputs
  home.tableArn: Required value: take it from home's outputs
  home.filesBucketName: Required value: take it from home's outputs
  home.backupsBucketName: Required value: take it from home's outputs
  home.logsBucketName: Required value: take it from home's outputs
  home.staticBucketName: Required value: take it from home's outputs
  home.backupVaultArn: Required value: take it from home's outputs
  home.backupVaultName: Required value: take it from home's outputs
  database.capacity: Required value: bound the instances of class db.serverless, such as min 2 and max 32
  database.zones: Required value: give at least one availability zone; two or more survive the loss of one`, refusal(t, "prod-west", &datatier.DataTierArgs{
		Region:    "us-west-2",
		AccountID: "123456789012",
		VPCID:     pulumi.String("vpc-1"),
		SubnetIDs: pulumi.ToStringArray([]string{"subnet-1", "subnet-2"}),
		Origin:    datatier.OriginCreate,
		Standbys:  []datatier.Standby{{Region: "us-east-2"}},
		Home:      &datatier.HomeInputs{Region: "us-west-2"},
		Database:  datatier.Database{EngineVersion: "16.8", InstanceClass: "db.serverless"},
	}))
}

func TestHomeThatJoinsNeedsTheRegionToJoinFrom(t *testing.T) {
	args := homeArgs(nil)
	args.Origin = datatier.OriginJoin
	require.Equal(t, `data tier "prod-east": 1 problem
  joinRegion: Required value: give the region of the member that takes writes now`, refusal(t, "prod-east", args))
	args.JoinRegion = "us-east-1"
	require.Equal(t, `data tier "prod-east": 1 problem
  joinRegion: Invalid value: "us-east-1": must be another region; a member cannot join itself`, refusal(t, "prod-east", args))
}

func TestServerlessCapacityOutOfBoundsIsRefused(t *testing.T) {
	for _, c := range []struct {
		capacity datatier.Capacity
		problem  string
	}{
		{datatier.Capacity{Min: 0, Max: 8}, `database.capacity.min: Invalid value: 0: must be 0.5 to 256 in steps of 0.5`},
		{datatier.Capacity{Min: 0.5, Max: 257}, `database.capacity.max: Invalid value: 257: must be 1 to 256 in steps of 0.5`},
		{datatier.Capacity{Min: 0.75, Max: 8}, `database.capacity.min: Invalid value: 0.75: must be 0.5 to 256 in steps of 0.5`},
		{datatier.Capacity{Min: 9, Max: 8}, `database.capacity.min: Invalid value: 9: must not exceed max, which is 8`},
	} {
		args := homeArgs(nil)
		args.Database.InstanceClass, args.Database.Capacity = "db.serverless", &c.capacity
		require.Equal(t, "data tier \"prod-east\": 1 problem\n  "+c.problem, refusal(t, "prod-east", args))
	}
}

func TestEngineVersionsInFullAreTaken(t *testing.T) {
	for _, version := range []string{"13.18", "15.12", "16.8", "17.4"} {
		args := homeArgs(nil)
		args.Database.EngineVersion = version
		run(t, mocktest.Options{}, home(args))
	}
	for _, version := range []string{"", "16", "12.22", "16.8.1", "16.x", "postgresql16", "latest"} {
		args := homeArgs(nil)
		args.Database.EngineVersion = version
		require.Contains(t, refusal(t, "prod-east", args), "database.engineVersion", version)
	}
}

func TestRetentionIsTakenFromOneToThirtyFiveDays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		days := rapid.IntRange(-40, 80).Filter(func(n int) bool { return n != 0 }).Draw(r, "days")
		args := homeArgs(nil)
		args.Database.BackupRetentionDays = days
		rec, err := mocktest.Run(home(args), mocktest.Options{Outputs: outputs})
		if allowed := days >= 1 && days <= 35; allowed != (err == nil) {
			r.Fatalf("%d days: %v", days, err)
		}
		if err != nil {
			require.ErrorContains(t, err, "database.backupRetentionDays")
			require.Empty(t, rec.Resources)
			return
		}
		require.EqualValues(t, days, rec.Get(t, typeCluster, "prod-east-database").Plain()["backupRetentionPeriod"])
	})
}
