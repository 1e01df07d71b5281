package datatier

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/check"
)

// Origin says how this region's member of the global database comes to be. It
// is fixed once the member exists.
type Origin string

const (
	// OriginCreate makes the data: the member starts empty, with a database and a
	// master user of its own. Only home's first member does.
	OriginCreate Origin = "create"
	// OriginJoin takes the data from the members that exist: a standby does, and a
	// home whose region was lost and is rebuilt.
	OriginJoin Origin = "join"
)

// DataTierArgs are the arguments of a [DataTier].
type DataTierArgs struct {
	// Region is the AWS region of the component's own provider, such as us-east-1.
	// Required.
	Region string
	// AccountID is the AWS account, twelve digits. Key policies and roles name it.
	// Required.
	AccountID string
	// VPCID is the VPC of the database's security group. Required.
	VPCID pulumi.StringInput
	// SubnetIDs are the subnets that database instances live in, one in each of
	// [Database.Zones] at least and in two zones at least. Required.
	SubnetIDs pulumi.StringArrayInput
	// ClientSecurityGroupIDs are the security groups that may reach the database,
	// by a name for each, such as "nodes"; the names become part of resource names.
	// Empty lets nobody in.
	ClientSecurityGroupIDs map[string]pulumi.StringInput
	// ClientCIDRs are the IPv4 blocks that may reach the database besides, by a name
	// for each, another than those of the security groups: the networks of other
	// regions, whose applications write here and whose groups cannot be named here.
	// Default none.
	ClientCIDRs map[string]string

	// Database describes this region's member of the Aurora global database.
	Database Database
	// Table describes the DynamoDB global table. A standby takes it as home made it.
	Table Table
	// Buckets describes the S3 buckets.
	Buckets Buckets
	// Backup says how AWS Backup keeps the database and the table, here and in the
	// other region. All regions need the same.
	Backup Backup
	// Rotation changes the password of the master user again and again, by a function
	// of the platform's own: Secrets Manager manages no password of a global database.
	// Home rotates, and every region tells the password's age, so it is given in all.
	// Default: the password stays.
	Rotation *Rotation

	// ActiveRegion is the region that takes the writes now: it follows a failover and
	// its failback. A change moves the suspended state of what AWS lets scale in that
	// region alone, and nothing else. Default: home's region.
	ActiveRegion string

	// Origin says how the database member comes to be. Default [OriginCreate] where
	// Home is nil, else [OriginJoin].
	Origin Origin
	// JoinRegion is the region of the member that takes writes at the time when this
	// one joins: its encrypted storage is copied from there. Used at creation only.
	// Default: ActiveRegion, or where that is this region home's, or in home that of
	// the first of Standbys.
	JoinRegion string

	// Home is what a standby takes from home. Nil makes this component home.
	Home *HomeInputs
	// Standbys are the regions in which home owns what its own global resources
	// point at. Home only; the order has no meaning. Empty makes a home without a
	// standby; adding one later replaces nothing.
	Standbys []Standby

	// AllowDestroy lets everything that holds data be destroyed with its data:
	// neither Pulumi nor AWS protects it, buckets are emptied first and the database
	// leaves no final snapshot. Default false.
	AllowDestroy bool
}

// Standby is a region beside home's, as home sees it.
type Standby struct {
	// Region is the standby's AWS region. Required.
	Region string
	// Provider is home's AWS provider for that region. Required.
	Provider pulumi.ProviderResource
}

// HomeInputs is what a standby takes from home: outputs of home's [DataTier],
// unknown in a preview that runs before home exists. All are required.
type HomeInputs struct {
	// Region is home's AWS region.
	Region string
	// Provider is the standby's AWS provider for home's region. It makes what joins
	// home's buckets to this region's.
	Provider pulumi.ProviderResource
	// GlobalClusterID and the rest are the outputs of home of the same names.
	GlobalClusterID      pulumi.StringInput
	GlobalWriterEndpoint pulumi.StringInput
	DataKeyARN           pulumi.StringInput
	SecretsKeyARN        pulumi.StringInput
	SecretName           pulumi.StringInput
	SecretARN            pulumi.StringInput
	TableName            pulumi.StringInput
	TableARN             pulumi.StringInput
	FilesBucketName      pulumi.StringInput
	LogsBucketName       pulumi.StringInput
	BackupVaultARN       pulumi.StringInput
	BackupsBucketName    pulumi.StringInput
	// StaticBucketName is the bucket that home made in this region: one of home's
	// StandbyStatic.
	StaticBucketName pulumi.StringInput
	// BackupVaultName is the vault that home made in this region: one of home's
	// StandbyBackupVaultNames.
	BackupVaultName pulumi.StringInput
	// OneWay leaves out the replication from home's files, backups and logs to this region's:
	// a bucket has one replication configuration, and the first standby owns home's.
	// Every further standby sets it, and the first one names it in Reserve. Default
	// false: both ways.
	OneWay bool
	// Reserve is a further standby, which home's buckets and this standby's are
	// replicated to besides. Refused with OneWay. Default none.
	Reserve *Reserve
}

// Database describes a region's member of the Aurora PostgreSQL global
// database. All members need the same engine version.
type Database struct {
	// EngineVersion is the Aurora PostgreSQL version, major and minor, such as
	// "16.8". Minor versions of all members must match, so it is given in full. It
	// follows an upgrade of the members, which goes standbys first and not by Pulumi:
	// see docs/runbook/upgrade-database.md. Required.
	EngineVersion string
	// InstanceClass is the class of every instance: a memory-optimised one, which
	// global databases demand (Aurora user guide, configuration requirements of a
	// global database), or "db.serverless". Default "db.r7g.large".
	InstanceClass string
	// Capacity bounds instances of class "db.serverless". Required with that class,
	// refused with any other.
	Capacity *Capacity
	// Zones are the availability zones that have an instance, one each. Two or more
	// keep the database up when a zone is lost. A change moves no other zone's
	// instance; the order has no meaning. Required.
	Zones []string
	// InstancesPerZone is how many instances each zone has: the capacity that is there
	// whatever the load. In a standby it is all that a take-over finds, since AWS scales
	// no secondary, so choose it, and for class "db.serverless" Capacity.Min, to bear the
	// load of the first minutes. All of them together are 16 at most. Default (zero) 1.
	InstancesPerZone int
	// Readers says how the readers beyond those of the zones come and go.
	Readers Readers
	// MonitoringSeconds is the interval of enhanced monitoring, which tells the
	// operating system's figures: 1, 5, 10, 15, 30 or 60. Default (zero) 60; -1 turns
	// it off.
	MonitoringSeconds int
	// Proxy puts an RDS proxy before the member, which pools connections and asks for
	// IAM credentials. Default false: clients connect to the member.
	Proxy bool
	// Name is the database that is made at first. A standby has home's. Default "app".
	Name string
	// Username is the master user. A standby has home's. Default "tandem".
	Username string
	// BackupRetentionDays is how many days back the member can be restored to a
	// point in time, 1 to 35. Default (zero) 14.
	BackupRetentionDays int
	// BackupWindow is when the daily snapshot is taken, in UTC. Default "08:00-09:00",
	// the night of the Americas.
	BackupWindow string
	// MaintenanceWindow is when AWS may change things, in UTC. It must not overlap
	// the backup window. Default "sun:09:30-sun:10:30".
	MaintenanceWindow string
	// InsightsRetentionDays is how long Performance Insights keeps its history: 7
	// (free of charge), 31 to 713 in steps of 31, or 731. Default (zero) 7.
	InsightsRetentionDays int
	// LogRetentionDays is how long PostgreSQL's logs are kept in CloudWatch Logs: one of
	// the periods that it knows. Default (zero) 90.
	LogRetentionDays int
	// SlowQueryMilliseconds logs every statement that takes as long. Default (zero)
	// 1000; -1 logs none.
	SlowQueryMilliseconds int
	// RPOSeconds is rds.global_db_rpo, at least 20: the primary blocks commits while
	// every secondary lags further behind. It trades availability for a bound on the
	// loss: with the only standby gone, writes stop. With two regions, leave it at
	// zero in the standby, or else a failover would stop the writes until the lost
	// region is back (Aurora user guide, managing RPOs). Default (zero): no bound.
	RPOSeconds int
}

// Readers says how the number of readers follows their load, in the region that
// takes the writes. In the others AWS scales none, and it is suspended.
type Readers struct {
	// Max is the most readers, those of the zones among them, 1 to 15 (Aurora user
	// guide, replication with Aurora). Default (zero) 5, or the readers of the zones
	// where they are more. -1 scales none. Bring it down to the number of the zones'
	// readers, and let AWS remove the others, before the database is destroyed.
	Max int
	// CPUPercent is the average load of the readers that is kept, 10 to 90. Default
	// (zero) 60.
	CPUPercent int
}

// Capacity bounds an Aurora Serverless v2 instance, in Aurora capacity units of
// about 2 GiB of memory each, in steps of a half.
type Capacity struct {
	// Min is what an idle instance keeps, 0.5 to 256. Required. A standby's should
	// bear the load at the moment of a take-over.
	Min float64
	// Max is what an instance grows to, 1 to 256. Required.
	Max float64
}

// Table describes the DynamoDB global table for sessions and cache.
type Table struct {
	// HashKey is the partition key, a string attribute. Default "id". A change
	// replaces the table.
	HashKey string
	// RangeKey is the sort key, a string attribute. Default: none. A change replaces
	// the table.
	RangeKey string
	// TTLAttribute holds the time, in seconds of the Unix epoch, at which an item
	// expires. Default "expires_at".
	TTLAttribute string
	// RecoveryDays is how many days back the table can be restored to a point in
	// time, 1 to 35. Default (zero) 35.
	RecoveryDays int
	// Capacity bounds the capacity that is paid for by the hour and follows the load. It
	// is given in all regions and when the table is made: what follows the load is left
	// alone by updates, so an existing table gets none by one. Default: none, every
	// request is paid for.
	Capacity *TableCapacity
}

// Rotation says how the database's password is rotated.
type Rotation struct {
	// Code is the function's zip file, for provided.al2023 on arm64, built from
	// components/datatier/rotation. Required.
	Code pulumi.ArchiveInput
	// Days is how many days a password lasts, 1 to 365. Default (zero) 30.
	Days int
}

// TableCapacity bounds the capacity of a table in each region, in capacity units
// per second (DynamoDB developer guide, provisioned capacity mode).
type TableCapacity struct {
	// MinReads and MaxReads bound what is read, at least 1. Required.
	MinReads, MaxReads int
	// MinWrites and MaxWrites bound what is written, at least 1. Required.
	MinWrites, MaxWrites int
	// UtilizationPercent is the part of the capacity that is used at the load for
	// which it is kept, 20 to 90 (Application Auto Scaling, DynamoDB). Default (zero) 70.
	UtilizationPercent int
}

// Backup says how AWS Backup keeps the database and the table. What it keeps is
// locked: for 30 days nobody deletes a recovery point, and none can be made that
// lasts for less.
type Backup struct {
	// Schedule is when a backup is taken, a cron expression of AWS in UTC. Default
	// "cron(0 5 * * ? *)", the night of the Americas.
	Schedule string
	// RetentionDays is how long the backup of a day is kept, 30 or more. Default
	// (zero) 35.
	RetentionDays int
	// MonthlyRetentionDays is how long that of a month's first day is kept, 120 or
	// more, because what can be is moved to cold storage after 30 days and has to stay
	// there for 90. Default (zero) 400; -1 keeps none.
	MonthlyRetentionDays int
	// LockedAfterDays makes the lock final after so many days, 3 or more: from then on
	// nobody, and AWS neither, removes it or what it holds, and the vault cannot be
	// destroyed. Default (zero): who may do so by IAM can remove the lock (AWS Backup,
	// governance mode).
	LockedAfterDays int
}

// Buckets describes the S3 buckets. All are versioned.
type Buckets struct {
	// NoncurrentDays is how long overwritten and deleted objects can be had back.
	// Default (zero) 90.
	NoncurrentDays int
	// BackupLockDays is how long a backup cannot be deleted or overwritten without the
	// permission to bypass governance (S3 object lock, governance mode). Default
	// (zero) 30; -1 locks nothing.
	BackupLockDays int
	// TieringDays is when files move to intelligent tiering, and old versions of all
	// objects to infrequent access, 30 or more. Default (zero) 30; -1 moves none.
	TieringDays int
	// LogExpiryDays is when access logs are removed, more than 90; they get cheaper as
	// backups do. Default (zero) 400.
	LogExpiryDays int
	// BackupExpiryDays is when backups are removed, more than 90: they turn to
	// infrequent access after 30 days and to instant-retrieval Glacier after 90.
	// Default (zero) 400.
	BackupExpiryDays int
	// DistributionARN is the CloudFront distribution that may read the static
	// buckets. Default: any distribution of the account, because a distribution can
	// only be made once its buckets exist.
	DistributionARN string
}

// Reserve is what a standby takes from a further standby: outputs of its [DataTier].
// All are required.
type Reserve struct {
	// Region is the further standby's AWS region.
	Region string
	// DataKeyARN and the rest are its outputs of the same names.
	DataKeyARN        pulumi.StringInput
	FilesBucketName   pulumi.StringInput
	BackupsBucketName pulumi.StringInput
	LogsBucketName    pulumi.StringInput
}

func (a *DataTierArgs) withDefaults() *DataTierArgs {
	d := DataTierArgs{}
	if a != nil {
		d = *a
	}
	if d.Origin == "" {
		d.Origin = OriginCreate
		if d.Home != nil {
			d.Origin = OriginJoin
		}
	}
	if d.ActiveRegion == "" {
		d.ActiveRegion = d.Region
		if d.Home != nil {
			d.ActiveRegion = d.Home.Region
		}
	}
	d.Standbys = slices.Clone(d.Standbys)
	slices.SortFunc(d.Standbys, func(x, y Standby) int {
		if x.Region < y.Region {
			return -1
		}
		return 1
	})
	if d.JoinRegion == "" && d.Origin == OriginJoin {
		switch {
		case d.ActiveRegion != d.Region:
			d.JoinRegion = d.ActiveRegion
		case d.Home != nil:
			d.JoinRegion = d.Home.Region
		case len(d.Standbys) > 0:
			d.JoinRegion = d.Standbys[0].Region
		}
	}
	d.Database.Zones = slices.Clone(d.Database.Zones)
	slices.Sort(d.Database.Zones)
	for _, s := range []struct {
		to    *string
		value string
	}{
		{&d.Database.InstanceClass, "db.r7g.large"},
		{&d.Database.Name, "app"},
		{&d.Database.Username, "tandem"},
		{&d.Database.BackupWindow, "08:00-09:00"},
		{&d.Database.MaintenanceWindow, "sun:09:30-sun:10:30"},
		{&d.Table.HashKey, "id"},
		{&d.Table.TTLAttribute, "expires_at"},
		{&d.Backup.Schedule, "cron(0 5 * * ? *)"},
		{&d.Buckets.DistributionARN, fmt.Sprintf("arn:aws:cloudfront::%s:distribution/*", d.AccountID)},
	} {
		if *s.to == "" {
			*s.to = s.value
		}
	}
	if r := d.Rotation; r != nil {
		d.Rotation = &Rotation{Code: r.Code, Days: cmp.Or(r.Days, 30)}
	}
	if c := d.Table.Capacity; c != nil {
		given := *c
		given.UtilizationPercent = cmp.Or(given.UtilizationPercent, 70)
		d.Table.Capacity = &given
	}
	for _, n := range []struct {
		to    *int
		value int
	}{
		{&d.Database.BackupRetentionDays, 14},
		{&d.Database.InsightsRetentionDays, 7},
		{&d.Database.LogRetentionDays, 90},
		{&d.Database.SlowQueryMilliseconds, 1000},
		{&d.Database.MonitoringSeconds, 60},
		{&d.Database.InstancesPerZone, 1},
		{&d.Database.Readers.Max, max(5, len(d.Database.Zones)*d.Database.InstancesPerZone-1)},
		{&d.Database.Readers.CPUPercent, 60},
		{&d.Table.RecoveryDays, 35},
		{&d.Buckets.NoncurrentDays, 90},
		{&d.Buckets.BackupLockDays, 30},
		{&d.Buckets.BackupExpiryDays, 400},
		{&d.Buckets.TieringDays, 30},
		{&d.Buckets.LogExpiryDays, 400},
		{&d.Backup.RetentionDays, 35},
		{&d.Backup.MonthlyRetentionDays, 400},
	} {
		if *n.to == 0 {
			*n.to = n.value
		}
	}
	return &d
}

// ScaledReaders returns the bounds of the number of readers while the region takes
// the writes: those of the zones, and [Readers.Max]. scaled is false where nothing
// scales them.
func (a *DataTierArgs) ScaledReaders() (least, most int, scaled bool) {
	d := a.withDefaults().Database
	return d.fixedReaders(), d.Readers.Max, d.Readers.Max > 0
}

// fixedReaders is how many instances of the zones are readers, in the region that
// takes the writes.
func (d *Database) fixedReaders() int { return max(len(d.Zones)*d.InstancesPerZone-1, 0) }

var (
	// nameForm is what RDS takes in an identifier, cut so that the longest name of a
	// child, an IAM role's, stays within 64 characters.
	nameForm          = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	zoneForm          = regexp.MustCompile(`^([a-z]{2}(?:-[a-z]+)+-\d)[a-z]$`)
	clientForm        = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	engineVersionForm = regexp.MustCompile(`^(\d{2})\.\d{1,2}$`)
	instanceClassForm = regexp.MustCompile(`^db\.([rx]\d[a-z0-9]*\.[a-z0-9]+|serverless)$`)
	sqlNameForm       = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	distributionForm  = regexp.MustCompile(`^arn:aws:cloudfront::\d{12}:distribution/([A-Z0-9]+|\*)$`)
)

const (
	maxName = 28
	// maxReaders is how many readers a cluster can have (Aurora user guide, replication
	// with Aurora).
	maxReaders = 15
)

// ownClients are the clients of the database that the component makes.
var ownClients = []string{"proxy", "rotation"}

// reservedUsers cannot be master users (CreateDBCluster, MasterUsername).
var reservedUsers = []string{"admin", "rdsadmin", "rds_superuser", "rdsrepladmin", "postgres_public", "public"}

// Validate returns every problem of the arguments in one error, or nil. It fills
// in defaults first, so it can be asked before a component is made.
func (a *DataTierArgs) Validate(name string) error {
	a = a.withDefaults()
	var errs field.ErrorList
	add := func(e ...*field.Error) { errs = append(errs, e...) }
	if !nameForm.MatchString(name) || len(name) > maxName {
		add(field.Invalid(field.NewPath("name"), name,
			fmt.Sprintf("must be lower-case words joined by single hyphens, at most %d characters, such as prod-east", maxName)))
	}
	add(validRegion(field.NewPath("region"), a.Region)...)
	if !check.IsAccountID(a.AccountID) {
		add(field.Invalid(field.NewPath("accountId"), a.AccountID, "must be the twelve digits of the AWS account"))
	}
	if a.VPCID == nil {
		add(field.Required(field.NewPath("vpcId"), "give the VPC that the database's clients are in"))
	}
	if a.SubnetIDs == nil {
		add(field.Required(field.NewPath("subnetIds"), "give subnets in at least two zones, with no route out of the VPC"))
	}
	clients := field.NewPath("clientSecurityGroupIds")
	for _, client := range slices.Sorted(maps.Keys(a.ClientSecurityGroupIDs)) {
		if !clientForm.MatchString(client) {
			add(field.Invalid(clients.Key(client), client, "must be a lower-case word that names the client, such as nodes"))
		}
		if slices.Contains(ownClients, client) {
			add(field.Invalid(clients.Key(client), client, "must be another name; the component has a client of its own of this one"))
		}
		if a.ClientSecurityGroupIDs[client] == nil {
			add(field.Required(clients.Key(client), "give the client's security group, or leave the client out"))
		}
	}
	add(a.validateClientCIDRs(field.NewPath("clientCidrs"))...)
	add(a.validateRole()...)
	add(a.Database.validate(field.NewPath("database"), a.Region)...)
	add(a.Table.validate(field.NewPath("table"))...)
	add(a.Buckets.validate(field.NewPath("buckets"))...)
	add(a.Backup.validate(field.NewPath("backup"))...)
	if r := a.Rotation; r != nil {
		at := field.NewPath("rotation")
		if r.Code == nil {
			add(field.Required(at.Child("code"), "give the zip file of the function in components/datatier/rotation"))
		}
		add(within(at.Child("days"), r.Days, 1, 365)...)
	}
	return check.Error("data tier \""+name+"\"", errs)
}

func (a *DataTierArgs) validateClientCIDRs(at *field.Path) (errs field.ErrorList) {
	for _, client := range slices.Sorted(maps.Keys(a.ClientCIDRs)) {
		if !clientForm.MatchString(client) {
			errs = append(errs, field.Invalid(at.Key(client), client, "must be a lower-case word that names the client, such as prod-west"))
		}
		if _, taken := a.ClientSecurityGroupIDs[client]; taken {
			errs = append(errs, field.Duplicate(at.Key(client), client))
		}
		block := a.ClientCIDRs[client]
		if p, err := netip.ParsePrefix(block); err != nil || !p.Addr().Is4() || p.Masked() != p {
			errs = append(errs, field.Invalid(at.Key(client), block, "must be an IPv4 block in CIDR notation, such as 10.1.0.0/16"))
		} else if p.Bits() < 8 {
			errs = append(errs, field.Invalid(at.Key(client), block, "must be the block of a network, /8 or smaller; the database is not for the internet"))
		}
	}
	return errs
}

// validateRole checks what makes the component home or standby.
func (a *DataTierArgs) validateRole() (errs field.ErrorList) {
	add := func(e ...*field.Error) { errs = append(errs, e...) }
	origin, join := field.NewPath("origin"), field.NewPath("joinRegion")
	if origins := []Origin{OriginCreate, OriginJoin}; !slices.Contains(origins, a.Origin) {
		add(field.NotSupported(origin, a.Origin, origins))
	}
	if a.Origin == OriginJoin {
		if a.JoinRegion == "" {
			add(field.Required(join, "give the region of the member that takes writes now"))
		} else if add(validRegion(join, a.JoinRegion)...); a.JoinRegion == a.Region {
			add(field.Invalid(join, a.JoinRegion, "must be another region; a member cannot join itself"))
		}
	} else if a.JoinRegion != "" && a.Home == nil {
		add(field.Forbidden(join, "a member of origin create joins nothing; leave it out"))
	}
	standbys := field.NewPath("standbys")
	seen := map[string]bool{a.Region: true}
	for i, s := range a.Standbys {
		at := standbys.Index(i)
		add(validRegion(at.Child("region"), s.Region)...)
		if seen[s.Region] {
			add(field.Invalid(at.Child("region"), s.Region, "must be a region of its own, neither home's nor another standby's"))
		}
		seen[s.Region] = true
		if s.Provider == nil {
			add(field.Required(at.Child("provider"), "give home's AWS provider for that region"))
		}
	}
	regions := slices.Collect(maps.Keys(seen))
	if a.Home != nil {
		// A standby knows no other standby, so any region may be the active one.
		regions = append(regions, a.ActiveRegion)
	}
	if slices.Sort(regions); !slices.Contains(regions, a.ActiveRegion) {
		add(field.NotSupported(field.NewPath("activeRegion"), a.ActiveRegion, regions))
	} else if a.Home != nil {
		add(validRegion(field.NewPath("activeRegion"), a.ActiveRegion)...)
	}
	if a.Home == nil {
		return errs
	}
	if a.Origin == OriginCreate {
		add(field.Invalid(origin, a.Origin, "must be join in a standby; only home creates the data"))
	}
	if len(a.Standbys) > 0 {
		add(field.Forbidden(standbys, "belongs to home; leave it out of a standby"))
	}
	home := field.NewPath("home")
	add(validRegion(home.Child("region"), a.Home.Region)...)
	if a.Home.Region == a.Region {
		add(field.Invalid(home.Child("region"), a.Home.Region, "must differ from the standby's own region"))
	}
	if a.Home.Provider == nil {
		add(field.Required(home.Child("provider"), "give the standby's AWS provider for home's region"))
	}
	for _, in := range []struct {
		name  string
		value pulumi.StringInput
	}{
		{"globalClusterId", a.Home.GlobalClusterID},
		{"globalWriterEndpoint", a.Home.GlobalWriterEndpoint},
		{"dataKeyArn", a.Home.DataKeyARN},
		{"secretsKeyArn", a.Home.SecretsKeyARN},
		{"secretName", a.Home.SecretName},
		{"secretArn", a.Home.SecretARN},
		{"tableName", a.Home.TableName},
		{"tableArn", a.Home.TableARN},
		{"filesBucketName", a.Home.FilesBucketName},
		{"backupsBucketName", a.Home.BackupsBucketName},
		{"logsBucketName", a.Home.LogsBucketName},
		{"staticBucketName", a.Home.StaticBucketName},
		{"backupVaultArn", a.Home.BackupVaultARN},
		{"backupVaultName", a.Home.BackupVaultName},
	} {
		if in.value == nil {
			add(field.Required(home.Child(in.name), "take it from home's outputs"))
		}
	}
	return append(errs, a.validateReserve(home.Child("reserve"))...)
}

// validateReserve checks the further standby that this one replicates to.
func (a *DataTierArgs) validateReserve(at *field.Path) (errs field.ErrorList) {
	r := a.Home.Reserve
	if r == nil {
		return nil
	}
	if a.Home.OneWay {
		return field.ErrorList{field.Forbidden(at, "belongs to the standby that owns the replication from home's buckets; leave it out, or oneWay")}
	}
	errs = validRegion(at.Child("region"), r.Region)
	if r.Region == a.Region || r.Region == a.Home.Region {
		errs = append(errs, field.Invalid(at.Child("region"), r.Region, "must be a third region, neither home's nor this standby's"))
	}
	for _, in := range []struct {
		name  string
		value pulumi.StringInput
	}{
		{"dataKeyArn", r.DataKeyARN}, {"filesBucketName", r.FilesBucketName},
		{"backupsBucketName", r.BackupsBucketName}, {"logsBucketName", r.LogsBucketName},
	} {
		if in.value == nil {
			errs = append(errs, field.Required(at.Child(in.name), "take it from the further standby's outputs"))
		}
	}
	return errs
}

func (d *Database) validate(at *field.Path, region string) (errs field.ErrorList) {
	add := func(e ...*field.Error) { errs = append(errs, e...) }
	if m := engineVersionForm.FindStringSubmatch(d.EngineVersion); m == nil || m[1] < "13" {
		add(field.Invalid(at.Child("engineVersion"), d.EngineVersion,
			"must be a major and a minor version of Aurora PostgreSQL from 13 on, such as 16.8"))
	}
	if !instanceClassForm.MatchString(d.InstanceClass) {
		add(field.Invalid(at.Child("instanceClass"), d.InstanceClass,
			"must be memory-optimised, as global databases demand, such as db.r7g.large, or db.serverless"))
	}
	add(d.validateCapacity(at.Child("capacity"))...)
	add(d.validateZones(at.Child("zones"), region)...)
	if !sqlNameForm.MatchString(d.Name) {
		add(field.Invalid(at.Child("name"), d.Name, "must be a letter and then up to 62 letters, digits and underscores, in lower case"))
	}
	if !sqlNameForm.MatchString(d.Username) || slices.Contains(reservedUsers, d.Username) || regexp.MustCompile("^pg_").MatchString(d.Username) {
		add(field.Invalid(at.Child("username"), d.Username,
			"must be a letter and then up to 62 letters, digits and underscores, in lower case, and no name that PostgreSQL or RDS keeps for itself"))
	}
	add(within(at.Child("backupRetentionDays"), d.BackupRetentionDays, 1, 35)...)
	add(validateWindows(at, d.BackupWindow, d.MaintenanceWindow)...)
	if n := d.InsightsRetentionDays; n != 7 && n != 731 && (n < 31 || n > 713 || n%31 != 0) {
		add(field.Invalid(at.Child("insightsRetentionDays"), n, "must be 7, a multiple of 31 up to 713, or 731"))
	}
	add(check.LogRetention(at.Child("logRetentionDays"), d.LogRetentionDays)...)
	if d.SlowQueryMilliseconds < -1 {
		add(field.Invalid(at.Child("slowQueryMilliseconds"), d.SlowQueryMilliseconds, "must be a number of milliseconds, or -1 to log none"))
	}
	if !slices.Contains([]int{-1, 1, 5, 10, 15, 30, 60}, d.MonitoringSeconds) {
		add(field.Invalid(at.Child("monitoringSeconds"), d.MonitoringSeconds, "must be 1, 5, 10, 15, 30 or 60, or -1 for no enhanced monitoring"))
	}
	if most := (maxReaders + 1) / max(len(d.Zones), 1); d.InstancesPerZone < 1 || d.InstancesPerZone > most {
		add(field.Invalid(at.Child("instancesPerZone"), d.InstancesPerZone, fmt.Sprintf("must be 1 to %d in %d zones: a cluster has %d instances at most", most, len(d.Zones), maxReaders+1)))
	} else if n := d.Readers.Max; n != -1 && (n < max(d.fixedReaders(), 1) || n > maxReaders) {
		add(field.Invalid(at.Child("readers", "max"), n,
			fmt.Sprintf("must be %d, the readers of the zones, to %d, or -1 to scale none", max(d.fixedReaders(), 1), maxReaders)))
	}
	add(within(at.Child("readers", "cpuPercent"), d.Readers.CPUPercent, 10, 90)...)
	if d.RPOSeconds != 0 && d.RPOSeconds < 20 {
		add(field.Invalid(at.Child("rpoSeconds"), d.RPOSeconds, "must be at least 20, or 0 for no bound"))
	}
	return errs
}

func (d *Database) validateCapacity(at *field.Path) (errs field.ErrorList) {
	const serverless = "db.serverless"
	switch {
	case d.Capacity == nil && d.InstanceClass == serverless:
		return field.ErrorList{field.Required(at, "bound the instances of class db.serverless, such as min 2 and max 32")}
	case d.Capacity == nil:
		return nil
	case d.InstanceClass != serverless:
		return field.ErrorList{field.Forbidden(at, "is for instances of class db.serverless; leave it out or change instanceClass")}
	}
	half := func(path *field.Path, v, least float64) {
		if v < least || v > 256 || v*2 != float64(int(v*2)) {
			errs = append(errs, field.Invalid(path, v, fmt.Sprintf("must be %v to 256 in steps of 0.5", least)))
		}
	}
	half(at.Child("min"), d.Capacity.Min, 0.5)
	half(at.Child("max"), d.Capacity.Max, 1)
	if d.Capacity.Min > d.Capacity.Max {
		errs = append(errs, field.Invalid(at.Child("min"), d.Capacity.Min, fmt.Sprintf("must not exceed max, which is %v", d.Capacity.Max)))
	}
	return errs
}

func (d *Database) validateZones(at *field.Path, region string) (errs field.ErrorList) {
	if len(d.Zones) == 0 {
		// A member without an instance cannot take over (Aurora user guide, disaster
		// recovery of global databases).
		return field.ErrorList{field.Required(at, "give at least one availability zone; two or more survive the loss of one")}
	}
	seen := map[string]bool{}
	for i, zone := range d.Zones {
		if m := zoneForm.FindStringSubmatch(zone); m == nil || m[1] != region {
			errs = append(errs, field.Invalid(at.Index(i), zone, fmt.Sprintf("must be an availability zone of %s, such as %sa", region, region)))
		}
		if seen[zone] {
			errs = append(errs, field.Duplicate(at.Index(i), zone))
		}
		seen[zone] = true
	}
	return errs
}

func (t *Table) validate(at *field.Path) (errs field.ErrorList) {
	if t.RangeKey == t.HashKey {
		errs = append(errs, field.Invalid(at.Child("rangeKey"), t.RangeKey, "must be another attribute than the hash key"))
	}
	if t.TTLAttribute == t.HashKey || t.TTLAttribute == t.RangeKey {
		errs = append(errs, field.Invalid(at.Child("ttlAttribute"), t.TTLAttribute, "must not be a key; keys are strings and times to live are numbers"))
	}
	for _, s := range []struct{ name, value string }{{"hashKey", t.HashKey}, {"rangeKey", t.RangeKey}, {"ttlAttribute", t.TTLAttribute}} {
		if len(s.value) > 255 {
			errs = append(errs, field.TooLong(at.Child(s.name), s.value, 255))
		}
	}
	errs = append(errs, within(at.Child("recoveryDays"), t.RecoveryDays, 1, 35)...)
	if t.Capacity != nil {
		errs = append(errs, t.Capacity.validate(at.Child("capacity"))...)
	}
	return errs
}

func (c *TableCapacity) validate(at *field.Path) (errs field.ErrorList) {
	for _, b := range []struct {
		of          string
		least, most int
	}{{"Reads", c.MinReads, c.MaxReads}, {"Writes", c.MinWrites, c.MaxWrites}} {
		if b.least < 1 {
			errs = append(errs, field.Invalid(at.Child("min"+b.of), b.least, "must be 1 or more"))
		}
		if b.most < b.least {
			errs = append(errs, field.Invalid(at.Child("max"+b.of), b.most, fmt.Sprintf("must not be below min%s, which is %d", b.of, b.least)))
		}
	}
	return append(errs, within(at.Child("utilizationPercent"), c.UtilizationPercent, 20, 90)...)
}

var scheduleForm = regexp.MustCompile(`^cron\([^ ()]+( [^ ()]+){5}\)$`)

func (b *Backup) validate(at *field.Path) (errs field.ErrorList) {
	if !scheduleForm.MatchString(b.Schedule) {
		errs = append(errs, field.Invalid(at.Child("schedule"), b.Schedule, "must be a cron expression of six fields, such as cron(0 5 * * ? *)"))
	}
	errs = append(errs, within(at.Child("retentionDays"), b.RetentionDays, lockDays, 36500)...)
	if b.MonthlyRetentionDays != -1 {
		errs = append(errs, within(at.Child("monthlyRetentionDays"), b.MonthlyRetentionDays, coldDays+coldLeastDays, 36500)...)
	}
	if b.LockedAfterDays != 0 && b.LockedAfterDays < 3 {
		errs = append(errs, field.Invalid(at.Child("lockedAfterDays"), b.LockedAfterDays, "must be 3 or more, or 0 for a lock that can be removed"))
	}
	return errs
}

func (b *Buckets) validate(at *field.Path) (errs field.ErrorList) {
	errs = append(errs, within(at.Child("noncurrentDays"), b.NoncurrentDays, 1, 36500)...)
	if b.BackupLockDays != -1 {
		errs = append(errs, within(at.Child("backupLockDays"), b.BackupLockDays, 1, 36500)...)
	}
	if b.TieringDays != -1 {
		errs = append(errs, within(at.Child("tieringDays"), b.TieringDays, infrequentDays, 36500)...)
	}
	errs = append(errs, within(at.Child("logExpiryDays"), b.LogExpiryDays, archiveDays+1, 36500)...)
	errs = append(errs, within(at.Child("backupExpiryDays"), b.BackupExpiryDays, archiveDays+1, 36500)...)
	if b.BackupLockDays > b.BackupExpiryDays {
		errs = append(errs, field.Invalid(at.Child("backupLockDays"), b.BackupLockDays,
			fmt.Sprintf("must not exceed backupExpiryDays, which is %d", b.BackupExpiryDays)))
	}
	if !distributionForm.MatchString(b.DistributionARN) {
		errs = append(errs, field.Invalid(at.Child("distributionArn"), b.DistributionARN,
			"must be the ARN of a CloudFront distribution, such as arn:aws:cloudfront::123456789012:distribution/E2QWRUHAPOMQZL"))
	}
	return errs
}

func validRegion(at *field.Path, region string) field.ErrorList {
	if check.IsRegion(region) {
		return nil
	}
	return field.ErrorList{field.Invalid(at, region, "must be an AWS region, such as us-east-1")}
}

func within(at *field.Path, n, least, most int) field.ErrorList {
	if n >= least && n <= most {
		return nil
	}
	return field.ErrorList{field.Invalid(at, n, fmt.Sprintf("must be %d to %d", least, most))}
}
