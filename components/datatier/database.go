package datatier

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi-random/sdk/v4/go/random"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

const (
	engine = "aurora-postgresql"
	port   = 5432 // PostgreSQL's own
)

// makeDatabase makes this region's member of the global database and, in home,
// the global database itself.
func (b *builder) makeDatabase() (err error) {
	// Names of clusters and of their final snapshots outlive a destroy, so each
	// incarnation has names of its own. Log groups are named after the cluster and
	// have to be there before it, so its name cannot be left to the provider.
	if b.suffix, err = random.NewRandomId(b.ctx, b.name+"-database", &random.RandomIdArgs{ByteLength: pulumi.Int(4)}, b.in); err != nil {
		return err
	}
	if err := b.databaseSecurityGroup(); err != nil {
		return err
	}
	if b.home() {
		if err := b.makeGlobalCluster(); err != nil {
			return err
		}
	}
	if err := b.makeMember(); err != nil {
		return err
	}
	instances, err := b.makeInstances()
	if err != nil {
		return err
	}
	if err := b.scaleReaders(instances); err != nil {
		return err
	}
	d := b.tier
	d.ClusterID = b.cluster.ClusterIdentifier
	d.ClusterARN = b.cluster.Arn
	d.ClusterResourceID = b.cluster.ClusterResourceId
	d.WriterEndpoint = b.cluster.Endpoint
	d.ReaderEndpoint = b.cluster.ReaderEndpoint
	d.DatabaseSecurityGroupID = b.group.ID().ToStringOutput()
	if !b.home() {
		d.GlobalClusterID = b.args.Home.GlobalClusterID.ToStringOutput()
		d.GlobalWriterEndpoint = b.args.Home.GlobalWriterEndpoint.ToStringOutput()
		return nil
	}
	d.GlobalWriterEndpoint = b.global.Endpoint
	var ids pulumi.StringArray
	for _, instance := range instances {
		ids = append(ids, instance.ID())
	}
	d.GlobalClusterID = pulumi.All(b.global.GlobalClusterIdentifier, ids).ApplyT(func(all []any) string {
		return all[0].(string)
	}).(pulumi.StringOutput)
	return nil
}

// unique is a name that no earlier incarnation has used.
func (b *builder) unique(infix string) pulumi.StringOutput {
	return pulumi.Sprintf("%s%s-%s", b.name, infix, b.suffix.Hex)
}

func (b *builder) databaseSecurityGroup() (err error) {
	name := b.name + "-database"
	if b.group, err = ec2.NewSecurityGroup(b.ctx, name, &ec2.SecurityGroupArgs{
		Description: pulumi.String("The database: PostgreSQL from its clients, nothing out"),
		VpcId:       b.args.VPCID,
		Tags:        tags(name),
	}, b.in); err != nil {
		return err
	}
	return b.admitClients(name, b.group)
}

// admitClients lets the clients of the database reach a security group.
func (b *builder) admitClients(name string, group *ec2.SecurityGroup) error {
	for _, client := range slices.Sorted(maps.Keys(b.args.ClientSecurityGroupIDs)) {
		if err := b.admit(name, group, client, vpc.SecurityGroupIngressRuleArgs{ReferencedSecurityGroupId: b.args.ClientSecurityGroupIDs[client]}); err != nil {
			return err
		}
	}
	for _, client := range slices.Sorted(maps.Keys(b.args.ClientCIDRs)) {
		if err := b.admit(name, group, client, vpc.SecurityGroupIngressRuleArgs{CidrIpv4: pulumi.String(b.args.ClientCIDRs[client])}); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) admit(name string, group *ec2.SecurityGroup, client string, from vpc.SecurityGroupIngressRuleArgs) error {
	from.SecurityGroupId = group.ID()
	from.IpProtocol = pulumi.String("tcp")
	from.FromPort, from.ToPort = pulumi.Int(port), pulumi.Int(port)
	from.Description = pulumi.String("PostgreSQL from " + client)
	_, err := vpc.NewSecurityGroupIngressRule(b.ctx, name+"-from-"+client, &from, b.in)
	return err
}

func (b *builder) makeGlobalCluster() (err error) {
	name := b.name + "-global"
	if b.global, err = rds.NewGlobalCluster(b.ctx, name, &rds.GlobalClusterArgs{
		GlobalClusterIdentifier: b.unique("-global"),
		Engine:                  pulumi.String(engine),
		EngineVersion:           pulumi.String(b.args.Database.EngineVersion),
		StorageEncrypted:        pulumi.Bool(true),
		DeletionProtection:      pulumi.Bool(!b.args.AllowDestroy),
	}, b.in, b.keep); err != nil {
		return err
	}
	password, err := random.NewRandomPassword(b.ctx, b.name+"-database-password", &random.RandomPasswordArgs{
		Length: pulumi.Int(40),
		// What needs no escaping in a URL and what RDS takes.
		OverrideSpecial: pulumi.String("-_.~"),
	}, b.in, b.keep)
	if err != nil {
		return err
	}
	b.password = pulumi.ToSecret(password.Result).(pulumi.StringOutput)
	return nil
}

func (b *builder) makeMember() error {
	name := b.name + "-database"
	database := b.args.Database
	subnets, err := rds.NewSubnetGroup(b.ctx, name, &rds.SubnetGroupArgs{
		Description: pulumi.String("Where the database lives"),
		SubnetIds:   b.args.SubnetIDs,
		Tags:        tags(name),
	}, b.in)
	if err != nil {
		return err
	}
	parameters, err := rds.NewClusterParameterGroup(b.ctx, name, &rds.ClusterParameterGroupArgs{
		Description: pulumi.String("What holds for the whole database"),
		Family:      pulumi.String(family(database.EngineVersion)),
		Parameters:  b.clusterParameters(),
		Tags:        tags(name),
	}, b.in)
	if err != nil {
		return err
	}
	// RDS would make the log group itself, and keep the logs for ever.
	identifier := b.unique("")
	logs, err := cloudwatch.NewLogGroup(b.ctx, name+"-logs", &cloudwatch.LogGroupArgs{
		Name:            pulumi.Sprintf("/aws/rds/cluster/%s/postgresql", identifier),
		RetentionInDays: pulumi.Int(database.LogRetentionDays),
		KmsKeyId:        b.dataKeyARN,
	}, b.in)
	if err != nil {
		return err
	}
	args := &rds.ClusterArgs{
		ClusterIdentifier:                identifier,
		GlobalClusterIdentifier:          b.globalClusterID(),
		Engine:                           pulumi.String(engine),
		EngineVersion:                    pulumi.String(database.EngineVersion),
		StorageEncrypted:                 pulumi.Bool(true),
		KmsKeyId:                         b.dataKeyARN,
		Port:                             pulumi.Int(port),
		DbSubnetGroupName:                subnets.Name,
		DbClusterParameterGroupName:      parameters.Name,
		VpcSecurityGroupIds:              pulumi.StringArray{b.group.ID()},
		IamDatabaseAuthenticationEnabled: pulumi.Bool(true),
		EnabledCloudwatchLogsExports:     pulumi.ToStringArray([]string{"postgresql"}),
		BackupRetentionPeriod:            pulumi.Int(database.BackupRetentionDays),
		PreferredBackupWindow:            pulumi.String(database.BackupWindow),
		PreferredMaintenanceWindow:       pulumi.String(database.MaintenanceWindow),
		CopyTagsToSnapshot:               pulumi.Bool(true),
		DeletionProtection:               pulumi.Bool(!b.args.AllowDestroy),
		DeleteAutomatedBackups:           pulumi.Bool(b.args.AllowDestroy),
		SkipFinalSnapshot:                pulumi.Bool(b.args.AllowDestroy),
		FinalSnapshotIdentifier:          b.unique("-final"),
		Tags:                             tags(name),
	}
	if c := database.Capacity; c != nil {
		args.Serverlessv2ScalingConfiguration = &rds.ClusterServerlessv2ScalingConfigurationArgs{
			MinCapacity: pulumi.Float64(c.Min),
			MaxCapacity: pulumi.Float64(c.Max),
		}
	}
	if b.args.Origin == OriginCreate {
		args.DatabaseName = pulumi.String(database.Name)
		args.MasterUsername = pulumi.String(database.Username)
		args.MasterPassword = b.password
	} else {
		// A member that joins has the users and databases of the others. AWS wants the
		// region that encrypted storage is copied from.
		args.SourceRegion = pulumi.String(b.args.JoinRegion)
	}
	b.cluster, err = rds.NewCluster(b.ctx, name, args, b.in, b.keep, pulumi.DependsOn([]pulumi.Resource{logs}), pulumi.IgnoreChanges([]string{
		// AWS moves these when roles change: a member that is detached leaves, and each
		// names the one that it replicates from.
		"globalClusterIdentifier",
		"replicationSourceIdentifier",
		// Members are upgraded one by one, standbys first, and no stack by itself.
		"engineVersion",
		// Says only where the member came from, and a change of it would replace.
		"sourceRegion",
	}))
	return err
}

// globalClusterID is the global database to be a member of.
func (b *builder) globalClusterID() pulumi.StringInput {
	if b.home() {
		return b.global.GlobalClusterIdentifier
	}
	return b.args.Home.GlobalClusterID
}

// clusterParameters are those of the whole member. Regions do not share parameter
// groups, so every member makes the same.
func (b *builder) clusterParameters() rds.ClusterParameterGroupParameterArray {
	parameters := rds.ClusterParameterGroupParameterArray{
		&rds.ClusterParameterGroupParameterArgs{Name: pulumi.String("rds.force_ssl"), Value: pulumi.String("1")},
	}
	if rpo := b.args.Database.RPOSeconds; rpo > 0 {
		parameters = append(parameters, &rds.ClusterParameterGroupParameterArgs{
			Name: pulumi.String("rds.global_db_rpo"), Value: pulumi.String(strconv.Itoa(rpo)),
		})
	}
	return parameters
}

// makeInstances gives the member its instances.
func (b *builder) makeInstances() ([]*rds.ClusterInstance, error) {
	name := b.name + "-database"
	database := b.args.Database
	parameters, err := rds.NewParameterGroup(b.ctx, name, &rds.ParameterGroupArgs{
		Description: pulumi.String("What holds for each instance of the database"),
		Family:      pulumi.String(family(database.EngineVersion)),
		Parameters: rds.ParameterGroupParameterArray{&rds.ParameterGroupParameterArgs{
			Name: pulumi.String("log_min_duration_statement"), Value: pulumi.String(strconv.Itoa(database.SlowQueryMilliseconds)),
		}},
		Tags: tags(name),
	}, b.in)
	if err != nil {
		return nil, err
	}
	monitor, err := b.monitoring()
	if err != nil {
		return nil, err
	}
	var instances []*rds.ClusterInstance
	for _, place := range database.places() {
		name := name + "-" + place.suffix
		args := &rds.ClusterInstanceArgs{
			ClusterIdentifier:                  b.cluster.ID(),
			Engine:                             pulumi.String(engine),
			InstanceClass:                      pulumi.String(database.InstanceClass),
			AvailabilityZone:                   pulumi.String(place.zone),
			DbSubnetGroupName:                  b.cluster.DbSubnetGroupName,
			DbParameterGroupName:               parameters.Name,
			PubliclyAccessible:                 pulumi.Bool(false),
			AutoMinorVersionUpgrade:            pulumi.Bool(false), // members of a global database have none
			PerformanceInsightsEnabled:         pulumi.Bool(true),
			PerformanceInsightsKmsKeyId:        b.dataKeyARN,
			PerformanceInsightsRetentionPeriod: pulumi.Int(database.InsightsRetentionDays),
			CopyTagsToSnapshot:                 pulumi.Bool(true),
			Tags:                               tags(name),
		}
		monitor(args)
		instance, err := rds.NewClusterInstance(b.ctx, name, args, b.in)
		if err != nil {
			return nil, err
		}
		instances = append(instances, instance)
	}
	return instances, nil
}

// monitoring makes what enhanced monitoring needs, and returns what turns it on
// for an instance.
func (b *builder) monitoring() (func(*rds.ClusterInstanceArgs), error) {
	seconds := b.args.Database.MonitoringSeconds
	if seconds < 0 {
		return func(args *rds.ClusterInstanceArgs) { args.MonitoringInterval = pulumi.Int(0) }, nil
	}
	name := b.name + "-monitoring"
	role, err := iam.NewRole(b.ctx, name, &iam.RoleArgs{
		Description: pulumi.String("Lets RDS write the figures of enhanced monitoring"),
		AssumeRolePolicy: iampolicy.Trust("monitoring.rds.amazonaws.com", map[string]any{
			"StringEquals": map[string]any{"aws:SourceAccount": b.args.AccountID},
			"ArnLike":      map[string]any{"aws:SourceArn": fmt.Sprintf("arn:aws:rds:%s:%s:db:*", b.args.Region, b.args.AccountID)},
		}),
		Tags: tags(name),
	}, b.in)
	if err != nil {
		return nil, err
	}
	attached, err := iam.NewRolePolicyAttachment(b.ctx, name, &iam.RolePolicyAttachmentArgs{
		Role:      role.Name,
		PolicyArn: pulumi.String("arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"),
	}, b.in)
	if err != nil {
		return nil, err
	}
	// The role by way of its policy, without which RDS refuses it.
	arn := pulumi.All(role.Arn, attached.ID()).ApplyT(func(all []any) string { return all[0].(string) }).(pulumi.StringOutput)
	return func(args *rds.ClusterInstanceArgs) {
		args.MonitoringInterval = pulumi.Int(seconds)
		args.MonitoringRoleArn = arn
	}, nil
}
