// Command datatier makes the data of one region: a DataTier in a network of its own. The stack "home" is home, every other a
// standby, which takes from home's outputs what it needs. The configuration has the arguments as JSON, those below.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-random/sdk/v4/go/random"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/tandem-platform/tandem/components/datatier"
	"github.com/tandem-platform/tandem/components/network"
)

const (
	home       = "home"
	homeRegion = "us-east-1"
)

// args are the arguments that tests change.
type args struct {
	Region        string
	CIDR          string
	Active        string // the region that takes writes; home's where it is empty
	EngineVersion string
	Standbys      []string // home's: their regions
	OneWay        bool     // a standby's
	Origin        datatier.Origin
	AllowDestroy  bool
	// Heed is a property of a resource type, such as "aws:rds/cluster:Cluster engineVersion", of which changes are not
	// ignored after all.
	Heed string
}

func main() { pulumi.Run(program) }

func program(ctx *pulumi.Context) error {
	var a args
	decoder := json.NewDecoder(bytes.NewBufferString(config.Get(ctx, "datatier:args")))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&a); err != nil {
		return fmt.Errorf("datatier:args: %w", err)
	}
	if a.Heed != "" {
		if err := ctx.RegisterResourceTransform(func(_ context.Context, r *pulumi.ResourceTransformArgs) *pulumi.ResourceTransformResult {
			opts := r.Opts
			opts.IgnoreChanges = slices.DeleteFunc(slices.Clone(opts.IgnoreChanges), func(p string) bool { return r.Type+" "+p == a.Heed })
			return &pulumi.ResourceTransformResult{Props: r.Props, Opts: opts}
		}); err != nil {
			return err
		}
	}
	providers := map[string]*aws.Provider{}
	for _, region := range append([]string{a.Region, homeRegion}, a.Standbys...) {
		if providers[region] != nil {
			continue
		}
		var err error
		if providers[region], err = aws.NewProvider(ctx, region, &aws.ProviderArgs{Region: pulumi.String(region)}); err != nil {
			return err
		}
	}
	chance, err := random.NewProvider(ctx, "random", nil)
	if err != nil {
		return err
	}
	zones := []string{a.Region + "a", a.Region + "b"}
	net, err := network.NewNetwork(ctx, ctx.Stack(), &network.NetworkArgs{
		CIDR: a.CIDR, Zones: zones, NAT: network.NATNone, AllowDestroy: a.AllowDestroy,
	}, pulumi.Providers(providers[a.Region]))
	if err != nil {
		return err
	}
	tier := &datatier.DataTierArgs{
		Region: a.Region, AccountID: "123456789012", VPCID: net.VPCID, SubnetIDs: net.DataSubnetIDs,
		Database: datatier.Database{EngineVersion: a.EngineVersion, Zones: zones},
		Origin:   a.Origin, ActiveRegion: a.Active, AllowDestroy: a.AllowDestroy,
	}
	for _, region := range a.Standbys {
		tier.Standbys = append(tier.Standbys, datatier.Standby{Region: region, Provider: providers[region]})
	}
	if ctx.Stack() != home {
		if tier.Home, err = fromHome(ctx, a, providers[homeRegion]); err != nil {
			return err
		}
	}
	data, err := datatier.NewDataTier(ctx, ctx.Stack(), tier, pulumi.Providers(providers[a.Region], chance))
	if err != nil {
		return err
	}
	static, vaults := pulumi.StringMap{}, pulumi.StringMap{}
	for region, bucket := range data.StandbyStatic {
		static[region], vaults[region] = bucket.Name, data.StandbyBackupVaultNames[region]
	}
	for name, value := range map[string]pulumi.Input{
		"globalClusterId": data.GlobalClusterID, "globalWriterEndpoint": data.GlobalWriterEndpoint, "dataKeyArn": data.DataKeyARN,
		"secretsKeyArn": data.SecretsKeyARN, "secretName": data.SecretName, "secretArn": data.SecretARN, "tableName": data.TableName,
		"tableArn": data.TableARN, "filesBucketName": data.Files.Name, "backupsBucketName": data.Backups.Name, "static": static,
		"logsBucketName": data.Logs.Name, "backupVaultArn": data.BackupVaultARN, "vaults": vaults,
	} {
		ctx.Export(name, value)
	}
	return nil
}

// fromHome reads what a standby takes from home.
func fromHome(ctx *pulumi.Context, a args, provider *aws.Provider) (*datatier.HomeInputs, error) {
	stack, err := pulumi.NewStackReference(ctx, home, nil)
	if err != nil {
		return nil, err
	}
	get := func(name string) pulumi.StringInput { return stack.GetStringOutput(pulumi.String(name)) }
	here := func(name string) pulumi.StringInput { // one of a map by region
		return stack.GetOutput(pulumi.String(name)).ApplyT(func(all any) string {
			names, _ := all.(map[string]any)
			name, _ := names[a.Region].(string)
			return name
		}).(pulumi.StringOutput)
	}
	return &datatier.HomeInputs{
		Region: homeRegion, Provider: provider, OneWay: a.OneWay,
		GlobalClusterID: get("globalClusterId"), GlobalWriterEndpoint: get("globalWriterEndpoint"), DataKeyARN: get("dataKeyArn"),
		SecretsKeyARN: get("secretsKeyArn"), SecretName: get("secretName"), SecretARN: get("secretArn"), TableName: get("tableName"),
		TableARN: get("tableArn"), FilesBucketName: get("filesBucketName"), BackupsBucketName: get("backupsBucketName"),
		LogsBucketName: get("logsBucketName"), BackupVaultARN: get("backupVaultArn"), BackupVaultName: here("vaults"),
		StaticBucketName: here("static"),
	}, nil
}
