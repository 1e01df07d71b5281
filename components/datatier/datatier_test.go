package datatier_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-random/sdk/v4/go/random"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/datatier"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

const (
	typeGlobal        = "aws:rds/globalCluster:GlobalCluster"
	typeCluster       = "aws:rds/cluster:Cluster"
	typeInstance      = "aws:rds/clusterInstance:ClusterInstance"
	typeClusterParams = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
	typeParams        = "aws:rds/parameterGroup:ParameterGroup"
	typeKey           = "aws:kms/key:Key"
	typeReplicaKey    = "aws:kms/replicaKey:ReplicaKey"
	typeSecret        = "aws:secretsmanager/secret:Secret"
	typeSecretVersion = "aws:secretsmanager/secretVersion:SecretVersion"
	typeTable         = "aws:dynamodb/table:Table"
	typeTableReplica  = "aws:dynamodb/tableReplica:TableReplica"
	typeBucket        = "aws:s3/bucketV2:BucketV2"
	typeBucketPolicy  = "aws:s3/bucketPolicy:BucketPolicy"
	typeReplication   = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
	typeRolePolicy    = "aws:iam/rolePolicy:RolePolicy"
	typePassword      = "random:index/randomPassword:RandomPassword"
	typeIngress       = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
)

const password = "correct-horse-battery-staple"

// outputs are what the clouds would compute.
func outputs(typ, name string, in resource.PropertyMap) resource.PropertyMap {
	region := "us-east-1"
	if strings.HasPrefix(name, "prod-west") || strings.HasSuffix(name, "us-west-2") {
		region = "us-west-2"
	}
	values := map[string]string{}
	switch typ {
	case typePassword:
		values["result"] = password
	case "aws:iam/role:Role":
		values["arn"] = "arn:aws:iam::123456789012:role/" + name
	case "random:index/randomId:RandomId":
		values["hex"] = "0a1b2c3d"
	case typeKey, typeReplicaKey:
		values["arn"] = fmt.Sprintf("arn:aws:kms:%s:123456789012:key/mrk-%s", region, strings.TrimSuffix(name, "-us-west-2"))
		values["keyId"] = "mrk-" + name
	case typeClusterParams, typeParams, "aws:rds/subnetGroup:SubnetGroup":
		values["name"] = name + "-group"
	case typeGlobal:
		values["endpoint"] = "prod.global-xyz.global.rds.amazonaws.com"
	case typeCluster:
		values["arn"] = fmt.Sprintf("arn:aws:rds:%s:123456789012:cluster:%s", region, name)
		values["endpoint"] = name + ".cluster-xyz." + region + ".rds.amazonaws.com"
		values["readerEndpoint"] = name + ".cluster-ro-xyz." + region + ".rds.amazonaws.com"
	case typeSecret:
		values["arn"] = fmt.Sprintf("arn:aws:secretsmanager:%s:123456789012:secret:%s-AbCdEf", region, name)
		values["name"] = name
	case typeTable, typeTableReplica:
		values["arn"] = fmt.Sprintf("arn:aws:dynamodb:%s:123456789012:table/%s", region, name)
		values["name"] = name
	case typeVault:
		values["arn"] = fmt.Sprintf("arn:aws:backup:%s:123456789012:backup-vault:%s", region, name)
		values["name"] = name
	case typeVaultLock:
		values["backupVaultArn"] = fmt.Sprintf("arn:aws:backup:%s:123456789012:backup-vault:%s", region, name)
	case typeProxy:
		values["endpoint"] = name + ".proxy-xyz." + region + ".rds.amazonaws.com"
	case "aws:rds/proxyEndpoint:ProxyEndpoint":
		values["endpoint"] = name + ".endpoint.proxy-xyz." + region + ".rds.amazonaws.com"
	case typeBucket:
		values["arn"] = "arn:aws:s3:::" + name + "-id"
		values["bucketRegionalDomainName"] = name + "-id.s3." + region + ".amazonaws.com"
	}
	m := resource.PropertyMap{}
	for k, v := range values {
		m[resource.PropertyKey(k)] = resource.NewStringProperty(v)
	}
	return m
}

func homeArgs(standby pulumi.ProviderResource) *datatier.DataTierArgs {
	args := &datatier.DataTierArgs{
		Region:                 "us-east-1",
		AccountID:              "123456789012",
		VPCID:                  pulumi.String("vpc-east"),
		SubnetIDs:              pulumi.ToStringArray([]string{"subnet-a", "subnet-b"}),
		ClientSecurityGroupIDs: map[string]pulumi.StringInput{"nodes": pulumi.String("sg-nodes"), "functions": pulumi.String("sg-functions")},
		Database:               datatier.Database{EngineVersion: "16.8", Zones: []string{"us-east-1b", "us-east-1a"}},
	}
	if standby != nil {
		args.Standbys = []datatier.Standby{{Region: "us-west-2", Provider: standby}}
	}
	return args
}

func standbyArgs(home *datatier.DataTier, provider pulumi.ProviderResource) *datatier.DataTierArgs {
	return &datatier.DataTierArgs{
		Region:                 "us-west-2",
		AccountID:              "123456789012",
		VPCID:                  pulumi.String("vpc-west"),
		SubnetIDs:              pulumi.ToStringArray([]string{"subnet-c", "subnet-d"}),
		ClientSecurityGroupIDs: map[string]pulumi.StringInput{"nodes": pulumi.String("sg-nodes-west")},
		Database:               datatier.Database{EngineVersion: "16.8", Zones: []string{"us-west-2a"}},
		Home: &datatier.HomeInputs{
			Region:               "us-east-1",
			Provider:             provider,
			GlobalClusterID:      home.GlobalClusterID,
			GlobalWriterEndpoint: home.GlobalWriterEndpoint,
			DataKeyARN:           home.DataKeyARN,
			SecretsKeyARN:        home.SecretsKeyARN,
			SecretName:           home.SecretName,
			SecretARN:            home.SecretARN,
			TableName:            home.TableName,
			TableARN:             home.TableARN,
			FilesBucketName:      home.Files.Name,
			BackupsBucketName:    home.Backups.Name,
			LogsBucketName:       home.Logs.Name,
			BackupVaultARN:       home.BackupVaultARN,
			BackupVaultName:      home.StandbyBackupVaultNames["us-west-2"],
			StaticBucketName:     home.StandbyStatic["us-west-2"].Name,
		},
	}
}

// home is a program with home alone.
func home(args *datatier.DataTierArgs) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		_, err := datatier.NewDataTier(ctx, "prod-east", args)
		return err
	}
}

// both is a program with both regions, whose arguments may be changed.
func both(change ...func(*datatier.DataTierArgs)) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		east, err := aws.NewProvider(ctx, "east", &aws.ProviderArgs{Region: pulumi.String("us-east-1")})
		if err != nil {
			return err
		}
		west, err := aws.NewProvider(ctx, "west", &aws.ProviderArgs{Region: pulumi.String("us-west-2")})
		if err != nil {
			return err
		}
		args := homeArgs(west)
		for _, f := range change {
			f(args)
		}
		home, err := datatier.NewDataTier(ctx, "prod-east", args, pulumi.Providers(east))
		if err != nil {
			return err
		}
		args = standbyArgs(home, east)
		for _, f := range change {
			f(args)
		}
		standby, err := datatier.NewDataTier(ctx, "prod-west", args, pulumi.Providers(west))
		if err != nil {
			return err
		}
		// Outputs as somebody else would use them, to be looked at in the recording.
		for name, tier := range map[string]*datatier.DataTier{"from-home": home, "from-standby": standby} {
			if _, err := random.NewRandomId(ctx, name, &random.RandomIdArgs{ByteLength: pulumi.Int(1), Keepers: pulumi.StringMap{
				"globalClusterId":      tier.GlobalClusterID,
				"globalWriterEndpoint": tier.GlobalWriterEndpoint,
				"dataKeyArn":           tier.DataKeyARN,
				"secretsKeyArn":        tier.SecretsKeyARN,
				"secretName":           tier.SecretName,
				"secretArn":            tier.SecretARN,
				"tableName":            tier.TableName,
				"tableArn":             tier.TableARN,
				"proxyEndpoint":        tier.ProxyEndpoint,
				"proxyReaderEndpoint":  tier.ProxyReaderEndpoint,
				"backupVaultArn":       tier.BackupVaultARN,
				"filesName":            tier.Files.Name,
				"staticName":           tier.Static.Name,
				"staticArn":            tier.Static.ARN,
				"staticDomainName":     tier.Static.DomainName,
			}}); err != nil {
				return err
			}
		}
		return nil
	}
}

func allowDestroy(args *datatier.DataTierArgs) { args.AllowDestroy = true }

func run(t *testing.T, o mocktest.Options, program pulumi.RunFunc) *mocktest.Recording {
	t.Helper()
	o.Outputs = outputs
	return mocktest.MustRun(t, program, o)
}

func document(t *testing.T, v any) string {
	t.Helper()
	require.IsType(t, "", v)
	return v.(string)
}

func TestHomeMakesTheGlobalDatabaseAndItsFirstMember(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	global := rec.Get(t, typeGlobal, "prod-east-global").Plain()
	require.Equal(t, map[string]any{
		"globalClusterIdentifier": "prod-east-global-0a1b2c3d",
		"engine":                  "aurora-postgresql",
		"engineVersion":           "16.8",
		"storageEncrypted":        true,
		"deletionProtection":      true,
	}, global)

	member := rec.Get(t, typeCluster, "prod-east-database").Plain()
	require.Equal(t, map[string]any{
		"dbSubnetGroupName":                "prod-east-database-group",
		"dbClusterParameterGroupName":      "prod-east-database-group",
		"vpcSecurityGroupIds":              []any{"prod-east-database-id"},
		"tags":                             map[string]any{"Name": "prod-east-database"},
		"clusterIdentifier":                "prod-east-0a1b2c3d",
		"globalClusterIdentifier":          "prod-east-global-0a1b2c3d",
		"engine":                           "aurora-postgresql",
		"engineVersion":                    "16.8",
		"storageEncrypted":                 true,
		"kmsKeyId":                         "arn:aws:kms:us-east-1:123456789012:key/mrk-prod-east-data-key",
		"databaseName":                     "app",
		"masterUsername":                   "tandem",
		"masterPassword":                   password,
		"port":                             5432.0,
		"iamDatabaseAuthenticationEnabled": true,
		"enabledCloudwatchLogsExports":     []any{"postgresql"},
		"backupRetentionPeriod":            14.0,
		"preferredBackupWindow":            "08:00-09:00",
		"preferredMaintenanceWindow":       "sun:09:30-sun:10:30",
		"copyTagsToSnapshot":               true,
		"deletionProtection":               true,
		"deleteAutomatedBackups":           false,
		"skipFinalSnapshot":                false,
		"finalSnapshotIdentifier":          "prod-east-final-0a1b2c3d",
	}, member)
}

func TestAStandbyJoinsWithoutMasterUser(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	require.Equal(t, []string{"prod-east-global"}, rec.Names(typeGlobal))
	require.Equal(t, []string{"prod-east-database-password"}, rec.Names(typePassword))

	member := rec.Get(t, typeCluster, "prod-west-database").Plain()
	for _, property := range []string{"masterUsername", "masterPassword", "databaseName", "manageMasterUserPassword", "snapshotIdentifier"} {
		require.NotContains(t, member, property)
	}
	require.Equal(t, "prod-east-global-0a1b2c3d", member["globalClusterIdentifier"])
	require.Equal(t, "us-east-1", member["sourceRegion"])
	require.Equal(t, true, member["storageEncrypted"])
	require.Equal(t, "arn:aws:kms:us-west-2:123456789012:key/mrk-prod-west-data-key", member["kmsKeyId"])
	require.Equal(t, "16.8", member["engineVersion"])
}

func TestARebuiltHomeJoinsItsOwnGlobalDatabase(t *testing.T) {
	args := homeArgs(nil)
	args.Origin, args.JoinRegion = datatier.OriginJoin, "us-west-2"
	rec := run(t, mocktest.Options{}, home(args))
	require.Equal(t, []string{"prod-east-global"}, rec.Names(typeGlobal))
	member := rec.Get(t, typeCluster, "prod-east-database").Plain()
	require.Equal(t, "us-west-2", member["sourceRegion"])
	require.NotContains(t, member, "masterUsername")
	require.NotContains(t, member, "masterPassword")
	require.NotContains(t, member, "databaseName")
}

func TestWhoeverJoinsWaitsForHomesInstances(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	for _, dependent := range []mocktest.Resource{
		rec.Get(t, "random:index/randomId:RandomId", "from-home"),
		rec.Get(t, typeCluster, "prod-west-database"),
	} {
		depends := strings.Join(dependent.DependsOn, "\n")
		for _, zone := range []string{"us-east-1a", "us-east-1b"} {
			require.Contains(t, depends, typeInstance+"::prod-east-database-"+zone, dependent.Name)
		}
	}
}

func TestOneInstanceInEveryZone(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	require.Equal(t, []string{"prod-east-database-us-east-1a", "prod-east-database-us-east-1b", "prod-west-database-us-west-2a"}, rec.Names(typeInstance))
	instance := rec.Get(t, typeInstance, "prod-west-database-us-west-2a").Plain()
	require.Equal(t, "us-west-2a", instance["availabilityZone"])
	require.Equal(t, "db.r7g.large", instance["instanceClass"])
	require.Equal(t, false, instance["publiclyAccessible"])
	require.Equal(t, false, instance["autoMinorVersionUpgrade"])
	require.Equal(t, true, instance["performanceInsightsEnabled"])
	require.Equal(t, "arn:aws:kms:us-west-2:123456789012:key/mrk-prod-west-data-key", instance["performanceInsightsKmsKeyId"])
	require.NotContains(t, instance, "engineVersion") // it has the member's
}

func TestAddingAZoneChangesNothingThatExistsButTheBoundsOfReaders(t *testing.T) {
	before := run(t, mocktest.Options{}, home(homeArgs(nil)))
	args := homeArgs(nil)
	args.Database.Zones = []string{"us-east-1c", "us-east-1b", "us-east-1a"}
	after := run(t, mocktest.Options{}, home(args))
	for _, r := range before.Resources {
		if r.Custom && r.Type != typeTarget {
			require.Equal(t, r.Inputs, after.Get(t, r.Type, r.Name).Inputs, r.Name)
		}
	}
	require.Len(t, after.Resources, len(before.Resources)+1)
}

func TestAddingAStandbyChangesNothingInHomeButTheSecretAndTheCopiesOfBackups(t *testing.T) {
	before := run(t, mocktest.Options{}, home(homeArgs(nil)))
	after := run(t, mocktest.Options{}, both())
	for _, r := range before.Resources {
		switch {
		case !r.Custom:
		case r.Type == typeSecret:
			require.NotContains(t, r.Inputs, "replicas")
		case r.Type == typeBackupPlan:
			require.NotContains(t, r.Plain()["rules"].([]any)[0], "copyActions")
		default:
			require.Equal(t, r.Inputs, after.Get(t, r.Type, r.Name).Inputs, r.Name)
		}
	}
}

func TestMembersOfBothRegionsHaveTheSameParameters(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	for _, typ := range []string{typeClusterParams, typeParams} {
		east, west := rec.Get(t, typ, "prod-east-database").Plain(), rec.Get(t, typ, "prod-west-database").Plain()
		require.Equal(t, "aurora-postgresql16", east["family"])
		require.Equal(t, east["family"], west["family"])
		require.Equal(t, east["parameters"], west["parameters"])
	}
}

func TestTheLossIsBoundedOnRequestAlone(t *testing.T) {
	tls := map[string]any{"name": "rds.force_ssl", "value": "1"}
	args := homeArgs(nil)
	rec := run(t, mocktest.Options{}, home(args))
	require.Equal(t, []any{tls}, rec.Get(t, typeClusterParams, "prod-east-database").Plain()["parameters"])
	args.Database.RPOSeconds = 60
	rec = run(t, mocktest.Options{}, home(args))
	require.Equal(t, []any{tls, map[string]any{"name": "rds.global_db_rpo", "value": "60"}},
		rec.Get(t, typeClusterParams, "prod-east-database").Plain()["parameters"])
}

func TestServerlessCapacityReachesTheMember(t *testing.T) {
	args := homeArgs(nil)
	args.Database.InstanceClass, args.Database.Capacity = "db.serverless", &datatier.Capacity{Min: 2, Max: 32}
	rec := run(t, mocktest.Options{}, home(args))
	require.Equal(t, map[string]any{"minCapacity": 2.0, "maxCapacity": 32.0},
		rec.Get(t, typeCluster, "prod-east-database").Plain()["serverlessv2ScalingConfiguration"])
	require.Equal(t, "db.serverless", rec.Get(t, typeInstance, "prod-east-database-us-east-1a").Plain()["instanceClass"])
}

func TestOnlyClientsReachTheDatabase(t *testing.T) {
	rec := run(t, mocktest.Options{}, home(homeArgs(nil)))
	group := rec.Get(t, "aws:ec2/securityGroup:SecurityGroup", "prod-east-database").Plain()
	require.Equal(t, "vpc-east", group["vpcId"])
	require.NotContains(t, group, "ingress")
	require.NotContains(t, group, "egress")
	require.Equal(t, []string{"prod-east-database-from-functions", "prod-east-database-from-nodes"}, rec.Names(typeIngress))
	require.Equal(t, map[string]any{
		"securityGroupId":           "prod-east-database-id",
		"referencedSecurityGroupId": "sg-nodes",
		"ipProtocol":                "tcp",
		"fromPort":                  5432.0,
		"toPort":                    5432.0,
		"description":               "PostgreSQL from nodes",
	}, rec.Get(t, typeIngress, "prod-east-database-from-nodes").Plain())
	require.Equal(t, []any{"prod-east-database-id"}, rec.Get(t, typeCluster, "prod-east-database").Plain()["vpcSecurityGroupIds"])
}

func TestLogsAreKeptForATimeAndEncrypted(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	for stack, region := range map[string]string{"prod-east": "us-east-1", "prod-west": "us-west-2"} {
		logs := rec.Get(t, "aws:cloudwatch/logGroup:LogGroup", stack+"-database-logs").Plain()
		require.Equal(t, "/aws/rds/cluster/"+stack+"-0a1b2c3d/postgresql", logs["name"])
		require.Equal(t, 90.0, logs["retentionInDays"])
		require.Equal(t, "arn:aws:kms:"+region+":123456789012:key/mrk-"+stack+"-data-key", logs["kmsKeyId"])
		require.Contains(t, strings.Join(rec.Get(t, typeCluster, stack+"-database").DependsOn, "\n"), "LogGroup::"+stack+"-database-logs")
	}
}

func TestOnlyWhatAWSMovesIsIgnored(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	member := []string{"globalClusterIdentifier", "replicationSourceIdentifier", "engineVersion", "sourceRegion"}
	want := map[string][]string{
		typeCluster + " prod-east-database": member,
		typeCluster + " prod-west-database": member,
		typeTable + " prod-east-table":      {"replicas"},
	}
	got := map[string][]string{}
	for _, r := range rec.Resources {
		if len(r.IgnoreChanges) > 0 {
			got[r.Type+" "+r.Name] = r.IgnoreChanges
		}
	}
	require.Equal(t, want, got)
}

// holdsData are the types that hold data, or what data cannot be read without.
var holdsData = []string{
	typeGlobal, typeCluster, typeKey, typeReplicaKey, typeSecret, typeSecretVersion, typeTable, typeTableReplica, typeBucket, typePassword,
	typeVault, typeVaultLock,
}

func TestWhatHoldsDataIsProtectedAndRetained(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	seen := map[string]bool{}
	for _, r := range rec.Resources {
		stateful := slices.Contains(holdsData, r.Type)
		require.Equal(t, stateful, r.Protect, "%s %s", r.Type, r.Name)
		require.Equal(t, stateful, r.RetainOnDelete, "%s %s", r.Type, r.Name)
		seen[r.Type] = true
		in := r.Plain()
		switch r.Type {
		case typeGlobal, typeCluster:
			require.Equal(t, true, in["deletionProtection"], r.Name)
		case typeTable, typeTableReplica:
			require.Equal(t, true, in["deletionProtectionEnabled"], r.Name)
		case typeBucket, typeVault:
			require.Equal(t, false, in["forceDestroy"], r.Name)
		case typeKey, typeReplicaKey:
			require.Equal(t, 30.0, in["deletionWindowInDays"], r.Name)
		case typeSecret:
			require.Equal(t, 30.0, in["recoveryWindowInDays"], r.Name)
		}
	}
	for _, typ := range holdsData {
		require.True(t, seen[typ], typ)
	}
}

func TestAllowDestroyProtectsNothing(t *testing.T) {
	rec := run(t, mocktest.Options{}, both(allowDestroy))
	for _, r := range rec.Resources {
		require.False(t, r.Protect, "%s %s", r.Type, r.Name)
		require.False(t, r.RetainOnDelete, "%s %s", r.Type, r.Name)
		in := r.Plain()
		switch r.Type {
		case typeGlobal:
			require.Equal(t, false, in["deletionProtection"], r.Name)
		case typeCluster:
			require.Equal(t, false, in["deletionProtection"], r.Name)
			require.Equal(t, true, in["skipFinalSnapshot"], r.Name)
			require.Equal(t, true, in["deleteAutomatedBackups"], r.Name)
		case typeTable, typeTableReplica:
			require.Equal(t, false, in["deletionProtectionEnabled"], r.Name)
		case typeBucket, typeVault:
			require.Equal(t, true, in["forceDestroy"], r.Name)
		}
	}
}

func TestThePasswordIsASecretWhereverItGoes(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	require.True(t, rec.Get(t, typeCluster, "prod-east-database").Secret("masterPassword"))
	require.True(t, rec.Get(t, typeSecretVersion, "prod-east-database").Secret("secretString"))
	for _, r := range rec.Resources {
		for property, value := range r.Inputs {
			if !value.ContainsSecrets() {
				require.NotContains(t, value.String(), password, "%s %s %s", r.Type, r.Name, property)
			}
		}
	}
}

func TestTheSecretLeadsToTheWriterOfWhicheverRegion(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	require.JSONEq(t, `{
		"username": "tandem", "password": "`+password+`", "engine": "postgres",
		"host": "prod.global-xyz.global.rds.amazonaws.com", "port": 5432, "dbname": "app"
	}`, document(t, rec.Get(t, typeSecretVersion, "prod-east-database").Plain()["secretString"]))
}

func TestTheSecretIsReadableInEveryRegion(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	require.Equal(t, []string{"prod-east-database"}, rec.Names(typeSecret))
	secret := rec.Get(t, typeSecret, "prod-east-database").Plain()
	require.Equal(t, "arn:aws:kms:us-east-1:123456789012:key/mrk-prod-east-secrets-key", secret["kmsKeyId"])
	require.Equal(t, []any{map[string]any{
		"region": "us-west-2", "kmsKeyId": "arn:aws:kms:us-west-2:123456789012:key/mrk-prod-east-secrets-key",
	}}, secret["replicas"])

	standby := rec.Get(t, "random:index/randomId:RandomId", "from-standby").Plain()["keepers"].(map[string]any)
	require.Equal(t, "prod-east-database", standby["secretName"])
	require.Equal(t, "arn:aws:secretsmanager:us-west-2:123456789012:secret:prod-east-database-AbCdEf", standby["secretArn"])
	require.Equal(t, "arn:aws:kms:us-west-2:123456789012:key/mrk-prod-east-secrets-key", standby["secretsKeyArn"])
}

func TestKeysAreMultiRegionAndRotate(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	require.Equal(t, []string{"prod-east-backup-key", "prod-east-data-key", "prod-east-secrets-key", "prod-east-static-key"}, rec.Names(typeKey))
	for _, name := range rec.Names(typeKey) {
		key := rec.Get(t, typeKey, name).Plain()
		require.Equal(t, true, key["multiRegion"], name)
		require.Equal(t, true, key["enableKeyRotation"], name)
	}
	require.Equal(t, []string{"prod-east-backup-key-us-west-2", "prod-east-secrets-key-us-west-2", "prod-east-static-key-us-west-2", "prod-west-data-key"}, rec.Names(typeReplicaKey))
	for name, primary := range map[string]string{
		"prod-east-backup-key-us-west-2":  "prod-east-backup-key",
		"prod-east-secrets-key-us-west-2": "prod-east-secrets-key",
		"prod-east-static-key-us-west-2":  "prod-east-static-key",
		"prod-west-data-key":              "prod-east-data-key",
	} {
		require.Equal(t, "arn:aws:kms:us-east-1:123456789012:key/mrk-"+primary, rec.Get(t, typeReplicaKey, name).Plain()["primaryKeyArn"])
		alias := rec.Get(t, "aws:kms/alias:Alias", name).Plain()
		require.Equal(t, "alias/"+name, alias["name"])
		require.Equal(t, "mrk-"+name, alias["targetKeyId"])
	}
}

// throughServices is the statement by which the account uses a key.
func throughServices(services ...string) string {
	names, _ := json.Marshal(services)
	return fmt.Sprintf(`{"Sid": "Services", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
		"Action": ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"], "Resource": "*",
		"Condition": {"StringLike": {"kms:ViaService": %s}}}`, names)
}

func TestEachKeyIsUsedThroughItsOwnServicesInItsOwnRegion(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	for _, k := range []struct {
		typ, name string
		services  []string
		others    []string // the statements besides administration and services
	}{
		{typeKey, "prod-east-data-key", []string{"rds.us-east-1.amazonaws.com", "dynamodb.*.amazonaws.com", "s3.us-east-1.amazonaws.com"}, []string{"Grants", "Logs"}},
		{typeReplicaKey, "prod-west-data-key", []string{"rds.us-west-2.amazonaws.com", "dynamodb.*.amazonaws.com", "s3.us-west-2.amazonaws.com"}, []string{"Grants", "Logs"}},
		{typeKey, "prod-east-secrets-key", []string{"secretsmanager.*.amazonaws.com"}, nil},
		{typeReplicaKey, "prod-east-secrets-key-us-west-2", []string{"secretsmanager.*.amazonaws.com"}, nil},
		{typeKey, "prod-east-backup-key", []string{"backup.*.amazonaws.com", "dynamodb.*.amazonaws.com", "rds.us-east-1.amazonaws.com"}, []string{"Grants"}},
		{typeReplicaKey, "prod-east-backup-key-us-west-2", []string{"backup.*.amazonaws.com", "dynamodb.*.amazonaws.com", "rds.us-west-2.amazonaws.com"}, []string{"Grants"}},
		{typeKey, "prod-east-static-key", []string{"s3.us-east-1.amazonaws.com"}, []string{"CloudFront"}},
		{typeReplicaKey, "prod-east-static-key-us-west-2", []string{"s3.us-west-2.amazonaws.com"}, []string{"CloudFront"}},
	} {
		policy := mocktest.PolicyStatements(t, rec.Get(t, k.typ, k.name).Plain()["policy"])
		require.JSONEq(t, throughServices(k.services...), policy["Services"], k.name)
		require.ElementsMatch(t, append(k.others, "Administration", "Services"), slices.Collect(maps.Keys(policy)), k.name)
		for _, action := range []string{"kms:PutKeyPolicy", "kms:ReplicateKey", "kms:UpdatePrimaryRegion"} {
			require.Contains(t, policy["Administration"], `"`+action+`"`, k.name)
		}
	}
}

func TestOnlyCloudFrontReadsTheStaticKeyBesidesTheAccount(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	want := `{"Sid": "CloudFront", "Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": ["kms:Decrypt"], "Resource": "*",
		 "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::123456789012:distribution/*"}}}`
	for name, typ := range map[string]string{"prod-east-static-key": typeKey, "prod-east-static-key-us-west-2": typeReplicaKey} {
		require.JSONEq(t, want, mocktest.PolicyStatements(t, rec.Get(t, typ, name).Plain()["policy"])["CloudFront"])
	}
}

func TestTheDataKeyOfEachRegionEncryptsThatRegionsLogs(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	for _, k := range []struct{ typ, name, region string }{{typeKey, "prod-east-data-key", "us-east-1"}, {typeReplicaKey, "prod-west-data-key", "us-west-2"}} {
		require.JSONEq(t, fmt.Sprintf(`{"Sid": "Logs", "Effect": "Allow", "Principal": {"Service": "logs.%[1]s.amazonaws.com"},
			 "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"], "Resource": "*",
			 "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": ["arn:aws:logs:%[1]s:123456789012:log-group:/aws/rds/cluster/*",
			 "arn:aws:logs:%[1]s:123456789012:log-group:/aws/rds/proxy/*", "arn:aws:logs:%[1]s:123456789012:log-group:/aws/lambda/%[2]s-*"]}}}`,
			k.region, k.name[:len("prod-east")]),
			mocktest.PolicyStatements(t, rec.Get(t, k.typ, k.name).Plain()["policy"])["Logs"])
	}
}

func TestTheTableIsGlobal(t *testing.T) {
	rec := run(t, mocktest.Options{}, both(func(a *datatier.DataTierArgs) { a.Table.RangeKey = "part" }))
	table := rec.Get(t, typeTable, "prod-east-table").Plain()
	require.Equal(t, map[string]any{
		"attributes":                []any{map[string]any{"name": "id", "type": "S"}, map[string]any{"name": "part", "type": "S"}},
		"billingMode":               "PAY_PER_REQUEST",
		"hashKey":                   "id",
		"rangeKey":                  "part",
		"streamEnabled":             true,
		"streamViewType":            "NEW_AND_OLD_IMAGES",
		"ttl":                       map[string]any{"enabled": true, "attributeName": "expires_at"},
		"pointInTimeRecovery":       map[string]any{"enabled": true, "recoveryPeriodInDays": 35.0},
		"serverSideEncryption":      map[string]any{"enabled": true, "kmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/mrk-prod-east-data-key"},
		"deletionProtectionEnabled": true,
		"tags":                      map[string]any{"Name": "prod-east-table"},
	}, table)
	require.Equal(t, map[string]any{
		"globalTableArn":            "arn:aws:dynamodb:us-east-1:123456789012:table/prod-east-table",
		"kmsKeyArn":                 "arn:aws:kms:us-west-2:123456789012:key/mrk-prod-west-data-key",
		"pointInTimeRecovery":       true,
		"deletionProtectionEnabled": true,
		"tags":                      map[string]any{"Name": "prod-west-table"},
	}, rec.Get(t, typeTableReplica, "prod-west-table").Plain())
	require.Equal(t, []string{"prod-east-table"}, rec.Names(typeTable))
}

func TestBucketsOfEachRegion(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	require.Equal(t, []string{
		"prod-east-backups", "prod-east-files", "prod-east-logs", "prod-east-logs-us-west-2", "prod-east-static", "prod-east-static-us-west-2",
		"prod-west-backups", "prod-west-files", "prod-west-logs",
	}, rec.Names(typeBucket))
}

func TestEveryBucketIsVersionedEncryptedAndClosed(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	key := func(name string) string {
		for suffix, key := range map[string]string{
			"prod-east-static":           "us-east-1:123456789012:key/mrk-prod-east-static-key",
			"prod-east-static-us-west-2": "us-west-2:123456789012:key/mrk-prod-east-static-key",
			"prod-west-":                 "us-west-2:123456789012:key/mrk-prod-west-data-key",
			"prod-east-":                 "us-east-1:123456789012:key/mrk-prod-east-data-key",
		} {
			if name == suffix || strings.HasSuffix(suffix, "-") && strings.HasPrefix(name, suffix) && !strings.Contains(name, "static") {
				return "arn:aws:kms:" + key
			}
		}
		return "none"
	}
	for _, name := range rec.Names(typeBucket) {
		companion := func(token string) map[string]any {
			in := rec.Get(t, "aws:s3/"+token, name).Plain()
			require.Equal(t, name+"-id", in["bucket"], token)
			return in
		}
		require.Equal(t, map[string]any{"status": "Enabled"},
			companion("bucketVersioningV2:BucketVersioningV2")["versioningConfiguration"], name)
		encryption := map[string]any{
			"applyServerSideEncryptionByDefault": map[string]any{"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key(name)},
			"bucketKeyEnabled":                   true,
		}
		if strings.Contains(name, "-logs") { // S3 delivers logs to no other
			encryption = map[string]any{"applyServerSideEncryptionByDefault": map[string]any{"sseAlgorithm": "AES256"}, "bucketKeyEnabled": false}
		}
		require.Equal(t, []any{encryption}, companion("bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2")["rules"], name)
		require.Equal(t, map[string]any{
			"bucket": name + "-id", "blockPublicAcls": true, "blockPublicPolicy": true, "ignorePublicAcls": true, "restrictPublicBuckets": true,
		}, companion("bucketPublicAccessBlock:BucketPublicAccessBlock"), name)
		require.Equal(t, map[string]any{"objectOwnership": "BucketOwnerEnforced"},
			companion("bucketOwnershipControls:BucketOwnershipControls")["rule"], name)
		require.NotEmpty(t, companion("bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2")["rules"], name)
		require.Contains(t, document(t, companion("bucketPolicy:BucketPolicy")["policy"]), `"aws:SecureTransport":"false"`, name)
	}
}

func TestBucketPoliciesWantTLSAndLetCloudFrontReadTheStaticSiteAlone(t *testing.T) {
	rec := run(t, mocktest.Options{}, both(func(a *datatier.DataTierArgs) {
		a.Buckets.DistributionARN = "arn:aws:cloudfront::123456789012:distribution/E2QWRUHAPOMQZL"
	}))
	tls := func(bucket string) string {
		return `{"Sid": "TLSOnly", "Effect": "Deny", "Principal": "*", "Action": ["s3:*"],
			"Resource": ["arn:aws:s3:::` + bucket + `-id", "arn:aws:s3:::` + bucket + `-id/*"],
			"Condition": {"Bool": {"aws:SecureTransport": "false"}}}`
	}
	cloudFront := func(bucket string) string {
		return `{"Sid": "CloudFront", "Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": ["s3:GetObject"],
			"Resource": "arn:aws:s3:::` + bucket + `-id/*",
			"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E2QWRUHAPOMQZL"}}}`
	}
	for _, name := range rec.Names(typeBucketPolicy) {
		want := tls(name)
		if strings.Contains(name, "static") {
			want += "," + cloudFront(name)
		}
		if strings.Contains(name, "-logs") {
			want += `, {"Sid": "AccessLogs", "Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": ["s3:PutObject"],
				"Resource": "arn:aws:s3:::` + name + `-id/*", "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"},
				"ArnLike": {"aws:SourceArn": "arn:aws:s3:::` + name[:len("prod-east")] + `-*"}}}`
		}
		require.JSONEq(t, `{"Version": "2012-10-17", "Statement": [`+want+`]}`, document(t, rec.Get(t, typeBucketPolicy, name).Plain()["policy"]))
	}
}

func TestBackupsAreLockedAndAge(t *testing.T) {
	lock := "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2"
	rec := run(t, mocktest.Options{}, both())
	for _, name := range rec.Names(typeBucket) {
		require.Equal(t, strings.HasSuffix(name, "backups"), rec.Get(t, typeBucket, name).Plain()["objectLockEnabled"], name)
	}
	require.Equal(t, []string{"prod-east-backups", "prod-west-backups"}, rec.Names(lock))
	require.Equal(t, map[string]any{"defaultRetention": map[string]any{"mode": "GOVERNANCE", "days": 30.0}},
		rec.Get(t, lock, "prod-west-backups").Plain()["rule"])
	rules := rec.Get(t, "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "prod-east-backups").Plain()["rules"].([]any)
	require.Equal(t, map[string]any{
		"id": "age", "status": "Enabled", "filter": map[string]any{"prefix": ""},
		"transitions": []any{
			map[string]any{"days": 30.0, "storageClass": "STANDARD_IA"},
			map[string]any{"days": 90.0, "storageClass": "GLACIER_IR"},
		},
		"expiration": map[string]any{"days": 400.0},
	}, rules[1])

	unlocked := run(t, mocktest.Options{}, both(func(a *datatier.DataTierArgs) { a.Buckets.BackupLockDays = -1 }))
	require.Empty(t, unlocked.Names(lock))
	require.Equal(t, true, unlocked.Get(t, typeBucket, "prod-east-backups").Plain()["objectLockEnabled"])
}

func TestBucketsReplicateBothWays(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	type end struct{ bucket, key string }
	const account = ":123456789012:key/mrk-"
	for name, l := range map[string]struct{ from, to end }{
		"prod-west-files":             {end{bucket: "prod-west-files"}, end{"prod-east-files", "us-east-1" + account + "prod-east-data-key"}},
		"prod-west-backups":           {end{bucket: "prod-west-backups"}, end{"prod-east-backups", "us-east-1" + account + "prod-east-data-key"}},
		"prod-west-files-us-east-1":   {end{bucket: "prod-east-files"}, end{"prod-west-files", "us-west-2" + account + "prod-west-data-key"}},
		"prod-west-backups-us-east-1": {end{bucket: "prod-east-backups"}, end{"prod-west-backups", "us-west-2" + account + "prod-west-data-key"}},
		"prod-west-logs":              {end{bucket: "prod-west-logs"}, end{bucket: "prod-east-logs"}},
		"prod-west-logs-us-east-1":    {end{bucket: "prod-east-logs"}, end{bucket: "prod-west-logs"}},
		"prod-east-static":            {end{bucket: "prod-east-static"}, end{"prod-east-static-us-west-2", "us-west-2" + account + "prod-east-static-key"}},
		"prod-east-static-us-west-2":  {end{bucket: "prod-east-static-us-west-2"}, end{"prod-east-static", "us-east-1" + account + "prod-east-static-key"}},
	} {
		config := rec.Get(t, typeReplication, name)
		in := config.Plain()
		require.Equal(t, l.from.bucket+"-id", in["bucket"], name)
		rules := in["rules"].([]any)
		require.Len(t, rules, 1)
		rule := rules[0].(map[string]any)
		enabled := map[string]any{"status": "Enabled"}
		require.Equal(t, "Enabled", rule["status"])
		require.Equal(t, map[string]any{"prefix": ""}, rule["filter"])
		require.Equal(t, enabled, rule["deleteMarkerReplication"])
		source := map[string]any{"replicaModifications": enabled}
		destination := map[string]any{
			"bucket":          "arn:aws:s3:::" + l.to.bucket + "-id",
			"replicationTime": map[string]any{"status": "Enabled", "time": map[string]any{"minutes": 15.0}},
			"metrics":         map[string]any{"status": "Enabled", "eventThreshold": map[string]any{"minutes": 15.0}},
		}
		if l.to.key != "" {
			source["sseKmsEncryptedObjects"] = enabled
			destination["encryptionConfiguration"] = map[string]any{"replicaKmsKeyId": "arn:aws:kms:" + l.to.key}
		}
		require.Equal(t, source, rule["sourceSelectionCriteria"])
		require.Equal(t, destination, rule["destination"], name)
		depends := strings.Join(config.DependsOn, "\n")
		for _, bucket := range []string{l.from.bucket, l.to.bucket} {
			require.Contains(t, depends, typeBucketPolicy+"::"+bucket, "%s waits until both ends are closed, which they are last", name)
			closed := strings.Join(rec.Get(t, typeBucketPolicy, bucket).DependsOn, "\n")
			require.Contains(t, closed, "BucketVersioningV2::"+bucket, "%s waits until both ends are versioned", name)
		}
		require.Contains(t, depends, typeRolePolicy, "%s waits until its role may replicate", name)
	}
	require.Len(t, rec.Names(typeReplication), 8)
}

func TestReplicationReadsItsSourcesAndWritesItsDestinationsAlone(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	var policy struct {
		Statement []struct {
			Action    []string
			Resource  string
			Condition map[string]map[string]string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(document(t, rec.Get(t, typeRolePolicy, "prod-west-replication-us-east-1").Plain()["policy"])), &policy))
	got := []string{}
	for _, s := range policy.Statement {
		got = append(got, fmt.Sprintf("%s on %s via %s", strings.Join(s.Action, " "), s.Resource, s.Condition["StringEquals"]["kms:ViaService"]))
	}
	want := []string{}
	without := func(key bool, list []string) []string { // what the key of a bucket is for
		return slices.DeleteFunc(list, func(s string) bool { return !key && strings.HasPrefix(s, "kms:") })
	}
	for _, bucket := range []string{"files", "backups", "logs"} {
		want = append(want, without(bucket != "logs", []string{
			"s3:GetReplicationConfiguration s3:ListBucket on arn:aws:s3:::prod-east-" + bucket + "-id via ",
			"s3:GetObjectVersionForReplication s3:GetObjectVersionAcl s3:GetObjectVersionTagging s3:GetObjectRetention s3:GetObjectLegalHold on arn:aws:s3:::prod-east-" + bucket + "-id/* via ",
			"kms:Decrypt on arn:aws:kms:us-east-1:123456789012:key/mrk-prod-east-data-key via s3.us-east-1.amazonaws.com",
			"s3:ReplicateObject s3:ReplicateDelete s3:ReplicateTags on arn:aws:s3:::prod-west-" + bucket + "-id/* via ",
			"kms:Encrypt kms:GenerateDataKey on arn:aws:kms:us-west-2:123456789012:key/mrk-prod-west-data-key via s3.us-west-2.amazonaws.com",
		})...)
	}
	require.Equal(t, want, got)
	require.JSONEq(t, `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"},
		"Action": ["sts:AssumeRole"]}]}`,
		document(t, rec.Get(t, "aws:iam/role:Role", "prod-west-replication-us-east-1").Plain()["assumeRolePolicy"]))
}

func TestEverythingLivesInTheRegionOfItsProvider(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	abroad := map[string]string{ // what lives in another region than its component
		"prod-east-backup-key-us-west-2":  "west",
		"prod-east-backup-us-west-2":      "west",
		"prod-east-logs-us-west-2":        "west",
		"prod-west-logs-us-east-1":        "east",
		"prod-east-secrets-key-us-west-2": "west",
		"prod-east-static-key-us-west-2":  "west",
		"prod-east-static-us-west-2":      "west",
		"prod-west-files-us-east-1":       "east",
		"prod-west-backups-us-east-1":     "east",
	}
	for _, r := range rec.Resources {
		if !r.Custom || !strings.HasPrefix(r.Type, "aws:") {
			continue
		}
		want, ok := abroad[r.Name]
		if !ok {
			want = map[string]string{"prod-east": "east", "prod-west": "west"}[r.Name[:len("prod-east")]]
		}
		require.Contains(t, r.Provider, "pulumi:providers:aws::"+want+"::", "%s %s", r.Type, r.Name)
	}
}

func TestAStandbyKnowsItsStaticBucketByName(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	home := rec.Get(t, "random:index/randomId:RandomId", "from-home").Plain()["keepers"].(map[string]any)
	standby := rec.Get(t, "random:index/randomId:RandomId", "from-standby").Plain()["keepers"].(map[string]any)
	require.Equal(t, "prod-east-static-id", home["staticName"])
	require.Equal(t, "prod-east-static-us-west-2-id", standby["staticName"])
	require.Equal(t, "arn:aws:s3:::prod-east-static-us-west-2-id", standby["staticArn"])
	require.Equal(t, "prod-east-static-us-west-2-id.s3.us-west-2.amazonaws.com", standby["staticDomainName"])
	require.Equal(t, home["globalClusterId"], standby["globalClusterId"])
	require.Equal(t, home["globalWriterEndpoint"], standby["globalWriterEndpoint"])
}

func TestAPreviewRegistersWhatAnUpdateDoes(t *testing.T) {
	registrations := func(rec *mocktest.Recording) []string {
		list := []string{}
		for _, r := range rec.Resources {
			list = append(list, fmt.Sprint(r.Type, " ", r.Name, " ", r.Protect, " ", r.IgnoreChanges))
		}
		slices.Sort(list)
		return list
	}
	update := run(t, mocktest.Options{}, both())
	preview := run(t, mocktest.Options{Preview: true, Exists: func(typ, _ string) bool {
		return typ == typePassword || typ == typeGlobal
	}}, both())
	require.Equal(t, registrations(update), registrations(preview))

	// What a standby takes from a home that does not exist yet is unknown, and so absent.
	member := preview.Get(t, typeCluster, "prod-west-database").Plain()
	require.Nil(t, member["globalClusterIdentifier"])
	require.Nil(t, member["kmsKeyId"])
	require.Equal(t, "us-east-1", member["sourceRegion"])
	require.Nil(t, preview.Get(t, typeTableReplica, "prod-west-table").Plain()["globalTableArn"])
}

func TestEveryBucketLogsItsAccessesToTheLogsOfItsRegion(t *testing.T) {
	logging := "aws:s3/bucketLoggingV2:BucketLoggingV2"
	rec := run(t, mocktest.Options{}, both())
	got := map[string]any{}
	for _, name := range rec.Names(logging) {
		in := rec.Get(t, logging, name).Plain()
		require.Equal(t, name+"-id", in["bucket"])
		got[name] = in["targetBucket"]
	}
	require.Equal(t, map[string]any{
		"prod-east-files": "prod-east-logs-id", "prod-east-backups": "prod-east-logs-id", "prod-east-static": "prod-east-logs-id",
		"prod-east-static-us-west-2": "prod-east-logs-us-west-2-id", "prod-west-files": "prod-west-logs-id", "prod-west-backups": "prod-west-logs-id",
	}, got)
	require.Contains(t, strings.Join(rec.Get(t, logging, "prod-west-files").DependsOn, "\n"), typeBucketPolicy+"::prod-west-logs", "S3 refuses a bucket that does not admit it")
}

func TestFilesAndOldVersionsGetCheaper(t *testing.T) {
	rules := func(change func(*datatier.DataTierArgs)) []any {
		rec := run(t, mocktest.Options{}, both(change))
		return rec.Get(t, "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "prod-west-files").Plain()["rules"].([]any)
	}
	tiered := rules(func(*datatier.DataTierArgs) {})
	require.Len(t, tiered, 2)
	require.Equal(t, []any{map[string]any{"noncurrentDays": 30.0, "storageClass": "STANDARD_IA"}}, tiered[0].(map[string]any)["noncurrentVersionTransitions"])
	require.Equal(t, []any{map[string]any{"days": 30.0, "storageClass": "INTELLIGENT_TIERING"}}, tiered[1].(map[string]any)["transitions"])

	brief := rules(func(a *datatier.DataTierArgs) { a.Buckets.NoncurrentDays = 59 })
	require.NotContains(t, brief[0], "noncurrentVersionTransitions", "a class that is paid for 30 days is of no use for 29")
	none := rules(func(a *datatier.DataTierArgs) { a.Buckets.TieringDays = -1 })
	require.Len(t, none, 1)
	require.NotContains(t, none[0], "noncurrentVersionTransitions")
}
