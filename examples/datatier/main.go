// Command datatier is a Pulumi program with the data of two regions: home in
// us-east-1 and a standby in us-west-2, each in a VPC of its own.
//
// One program holds both regions here, so that all of it is in sight. A platform
// that has to survive the loss of a region has a stack for each, as stacks/ does.
package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/tandem-platform/tandem/components/datatier"
	"github.com/tandem-platform/tandem/components/network"
)

const (
	homeRegion    = "us-east-1"
	standbyRegion = "us-west-2"
	// engineVersion is the one of both members; their minor versions must match.
	engineVersion = "16.8"
)

func main() { pulumi.Run(program) }

func program(ctx *pulumi.Context) error {
	account := config.Require(ctx, "account")
	east, err := aws.NewProvider(ctx, "east", &aws.ProviderArgs{Region: pulumi.String(homeRegion)})
	if err != nil {
		return err
	}
	west, err := aws.NewProvider(ctx, "west", &aws.ProviderArgs{Region: pulumi.String(standbyRegion)})
	if err != nil {
		return err
	}
	home, err := makeHome(ctx, account, east, west)
	if err != nil {
		return err
	}
	standby, err := makeStandby(ctx, account, east, west, home)
	if err != nil {
		return err
	}
	ctx.Export("writer", home.GlobalWriterEndpoint)
	ctx.Export("readers", pulumi.StringMap{homeRegion: home.ReaderEndpoint, standbyRegion: standby.ReaderEndpoint})
	ctx.Export("secret", home.SecretName)
	ctx.Export("table", home.TableName)
	ctx.Export("files", pulumi.StringMap{homeRegion: home.Files.Name, standbyRegion: standby.Files.Name})
	return nil
}

func makeHome(ctx *pulumi.Context, account string, east, west *aws.Provider) (*datatier.DataTier, error) {
	zones := []string{homeRegion + "a", homeRegion + "b", homeRegion + "c"}
	net, err := network.NewNetwork(ctx, "shop-east", &network.NetworkArgs{
		CIDR: "10.10.0.0/16", Zones: zones, NAT: network.NATNone,
	}, pulumi.Providers(east))
	if err != nil {
		return nil, err
	}
	return datatier.NewDataTier(ctx, "shop-east", &datatier.DataTierArgs{
		Region:    homeRegion,
		AccountID: account,
		VPCID:     net.VPCID,
		SubnetIDs: net.DataSubnetIDs,
		Database:  datatier.Database{EngineVersion: engineVersion, Zones: zones[:2]},
		Standbys:  []datatier.Standby{{Region: standbyRegion, Provider: west}},
	}, pulumi.Providers(east))
}

func makeStandby(ctx *pulumi.Context, account string, east, west *aws.Provider, home *datatier.DataTier) (*datatier.DataTier, error) {
	zones := []string{standbyRegion + "a", standbyRegion + "b", standbyRegion + "c"}
	net, err := network.NewNetwork(ctx, "shop-west", &network.NetworkArgs{
		CIDR: "10.20.0.0/16", Zones: zones, NAT: network.NATNone,
	}, pulumi.Providers(west))
	if err != nil {
		return nil, err
	}
	return datatier.NewDataTier(ctx, "shop-west", &datatier.DataTierArgs{
		Region:    standbyRegion,
		AccountID: account,
		VPCID:     net.VPCID,
		SubnetIDs: net.DataSubnetIDs,
		Database:  datatier.Database{EngineVersion: engineVersion, Zones: zones[:1]},
		Home: &datatier.HomeInputs{
			Region:               homeRegion,
			Provider:             east,
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
			BackupVaultName:      home.StandbyBackupVaultNames[standbyRegion],
			StaticBucketName:     home.StandbyStatic[standbyRegion].Name,
		},
	}, pulumi.Providers(west))
}
