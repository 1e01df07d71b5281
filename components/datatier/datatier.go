// Package datatier makes what holds a region's data: a member of an Aurora
// PostgreSQL global database, a DynamoDB global table or its replica, S3 buckets
// that replicate both ways, the keys that encrypt them, and the database's
// secret, which is readable in every region.
//
// The component of the home region owns the global database, the table, the
// secret with its replicas and the static site's buckets of all regions. A
// standby joins with members of its own and owns what ties its buckets to home's.
// Home never refers to a standby, so home comes up first and goes down last.
//
// AWS moves some attributes when the roles of the regions change. The component
// ignores just those, so that a failover and its failback leave nothing to do.
package datatier

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi-random/sdk/v4/go/random"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// DataTier is one region's share of the platform's data.
type DataTier struct {
	pulumi.ResourceState

	// GlobalClusterID is the identifier of the Aurora global database. In home it is
	// known only once home's member has its instances, because AWS refuses a second
	// member before; so whoever joins by it waits for them.
	GlobalClusterID pulumi.StringOutput `pulumi:"globalClusterId"`
	// GlobalWriterEndpoint is the host that leads to the writer, whichever region it
	// is in. Applications write through it and need no change at a failover.
	GlobalWriterEndpoint pulumi.StringOutput `pulumi:"globalWriterEndpoint"`
	// ClusterID is the identifier of this region's member.
	ClusterID pulumi.StringOutput `pulumi:"clusterId"`
	// ClusterARN is the ARN of this region's member; a failover names its target by it.
	ClusterARN pulumi.StringOutput `pulumi:"clusterArn"`
	// ClusterResourceID is what IAM policies for database log-ins name the member by.
	ClusterResourceID pulumi.StringOutput `pulumi:"clusterResourceId"`
	// WriterEndpoint is the host of this member's writer. It answers only while this
	// region takes the writes.
	WriterEndpoint pulumi.StringOutput `pulumi:"writerEndpoint"`
	// ReaderEndpoint is the host of this member's readers.
	ReaderEndpoint pulumi.StringOutput `pulumi:"readerEndpoint"`
	// DatabaseSecurityGroupID is the security group of this member.
	DatabaseSecurityGroupID pulumi.StringOutput `pulumi:"databaseSecurityGroupId"`
	// DataKeyARN is this region's key for the database, the table, the files and the
	// backups.
	DataKeyARN pulumi.StringOutput `pulumi:"dataKeyArn"`
	// SecretsKeyARN is this region's key for the database's secret.
	SecretsKeyARN pulumi.StringOutput `pulumi:"secretsKeyArn"`
	// SecretName is the name of the database's secret, the same in every region.
	SecretName pulumi.StringOutput `pulumi:"secretName"`
	// SecretARN is the ARN of the database's secret in this region.
	SecretARN pulumi.StringOutput `pulumi:"secretArn"`
	// TableName is the name of the table, the same in every region.
	TableName pulumi.StringOutput `pulumi:"tableName"`
	// TableARN is the ARN of the table in this region.
	TableARN pulumi.StringOutput `pulumi:"tableArn"`

	// ProxyEndpoint is the host of the RDS proxy before this member's writer, and
	// ProxyReaderEndpoint that before its readers. Empty without [Database.Proxy]. As
	// the member's own, the first answers only while this region takes the writes.
	ProxyEndpoint       pulumi.StringOutput `pulumi:"proxyEndpoint"`
	ProxyReaderEndpoint pulumi.StringOutput `pulumi:"proxyReaderEndpoint"`
	// BackupVaultARN is the ARN of this region's vault.
	BackupVaultARN pulumi.StringOutput `pulumi:"backupVaultArn"`
	// StandbyBackupVaultNames are the names of the vaults in the standby regions, by
	// region. Home only.
	StandbyBackupVaultNames map[string]pulumi.StringOutput

	// Files holds what the application's users upload.
	Files Bucket
	// Backups holds exports and dumps.
	Backups Bucket
	// Logs holds the access logs of this region's other buckets.
	Logs Bucket
	// Static holds the static site; CloudFront reads it. Home owns it in every region.
	Static Bucket
	// StandbyStatic are the static site's buckets in the standby regions, by region.
	// Home only.
	StandbyStatic map[string]Bucket
}

// Bucket is an S3 bucket. Its outputs are known once the bucket is versioned, so
// whatever replicates from or to it comes after.
type Bucket struct {
	// Name is the bucket's name.
	Name pulumi.StringOutput
	// ARN is the bucket's ARN.
	ARN pulumi.StringOutput
	// DomainName is the bucket's host in its own region, as CloudFront takes it for
	// an origin.
	DomainName pulumi.StringOutput
}

// builder makes the children of one data tier, step by step.
type builder struct {
	ctx  *pulumi.Context
	name string
	args *DataTierArgs
	in   pulumi.ResourceOption // the parent of every child
	keep pulumi.ResourceOption // on every child that holds data

	dataKeyARN pulumi.StringOutput
	secretsKey *kms.Key // home only
	staticKey  *kms.Key // home only

	suffix   *random.RandomId
	global   *rds.GlobalCluster // home only
	cluster  *rds.Cluster
	group    *ec2.SecurityGroup  // the database's
	tableARN pulumi.StringOutput // known whether or not its capacity scales yet
	password pulumi.StringOutput // home only

	tier *DataTier
}

// abroad is for children that live in the region of another provider.
func (b *builder) abroad(provider pulumi.ProviderResource) pulumi.ResourceOption {
	return pulumi.Composite(b.in, pulumi.Provider(provider))
}

// home tells whether this is the component of the home region.
func (b *builder) home() bool { return b.args.Home == nil }

// NewDataTier makes a region's data tier. Bad arguments are reported all at
// once, before anything is registered.
//
// The options must carry AWS and random providers, or leave both to their
// defaults; the AWS provider's region is [DataTierArgs.Region].
func NewDataTier(ctx *pulumi.Context, name string, args *DataTierArgs, opts ...pulumi.ResourceOption) (*DataTier, error) {
	args = args.withDefaults()
	if err := args.Validate(name); err != nil {
		return nil, err
	}
	d := &DataTier{}
	inputs := pulumi.Map{
		"region":        pulumi.String(args.Region),
		"origin":        pulumi.String(args.Origin),
		"engineVersion": pulumi.String(args.Database.EngineVersion),
		"instanceClass": pulumi.String(args.Database.InstanceClass),
		"zones":         pulumi.ToStringArray(args.Database.Zones),
		"allowDestroy":  pulumi.Bool(args.AllowDestroy),
	}
	if err := ctx.RegisterComponentResourceV2("tandem:index:DataTier", name, inputs, d, opts...); err != nil {
		return nil, err
	}
	b := &builder{
		ctx: ctx, name: name, args: args, tier: d,
		in:   pulumi.Parent(d),
		keep: pulumi.Composite(pulumi.Protect(!args.AllowDestroy), pulumi.RetainOnDelete(!args.AllowDestroy)),
	}
	for _, step := range []func() error{b.makeKeys, b.makeDatabase, b.makeSecret, b.makeTable, b.makeBuckets, b.makeBackup, b.makeProxy, b.makeRotation} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	outputs := pulumi.Map{
		"globalClusterId":         d.GlobalClusterID,
		"globalWriterEndpoint":    d.GlobalWriterEndpoint,
		"clusterId":               d.ClusterID,
		"clusterArn":              d.ClusterARN,
		"clusterResourceId":       d.ClusterResourceID,
		"writerEndpoint":          d.WriterEndpoint,
		"readerEndpoint":          d.ReaderEndpoint,
		"databaseSecurityGroupId": d.DatabaseSecurityGroupID,
		"dataKeyArn":              d.DataKeyARN,
		"secretsKeyArn":           d.SecretsKeyARN,
		"secretName":              d.SecretName,
		"secretArn":               d.SecretARN,
		"tableName":               d.TableName,
		"tableArn":                d.TableARN,
		"filesBucketName":         d.Files.Name,
		"backupsBucketName":       d.Backups.Name,
		"staticBucketName":        d.Static.Name,
		"backupVaultArn":          d.BackupVaultARN,
		"proxyEndpoint":           d.ProxyEndpoint,
		"proxyReaderEndpoint":     d.ProxyReaderEndpoint,
		"logsBucketName":          d.Logs.Name,
	}
	return d, ctx.RegisterResourceOutputs(d, outputs)
}

// tags names what has no name of its own, for the console's lists.
func tags(name string) pulumi.StringMap { return pulumi.StringMap{"Name": pulumi.String(name)} }
