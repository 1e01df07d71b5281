// Command administration is a Pulumi program with a VPC and a jump server that
// people reach through Session Manager.
package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/tandem-platform/tandem/components/administration"
	"github.com/tandem-platform/tandem/components/network"
)

const (
	region = "us-west-2"
	cidr   = "10.40.0.0/18"
)

func main() { pulumi.Run(program) }

func program(ctx *pulumi.Context) error {
	provider, err := aws.NewProvider(ctx, "west", &aws.ProviderArgs{Region: pulumi.String(region)})
	if err != nil {
		return err
	}
	net, err := network.NewNetwork(ctx, "ops", &network.NetworkArgs{
		CIDR:  cidr,
		Zones: []string{region + "a", region + "b"},
		NAT:   network.NATSingle,
	}, pulumi.Providers(provider))
	if err != nil {
		return err
	}
	ops, err := administration.NewAdministration(ctx, "ops", &administration.AdministrationArgs{
		Region:       region,
		AccountID:    config.Require(ctx, "accountId"),
		DocumentName: "ops-sessions", // leaves the preferences of other sessions alone
		JumpServer:   &administration.JumpServer{VPCID: net.VPCID, SubnetIDs: net.PrivateSubnetIDs, CIDRs: []string{cidr}},
		AllowDestroy: true,
	}, pulumi.Providers(provider))
	if err != nil {
		return err
	}
	ctx.Export("documentName", ops.DocumentName)
	ctx.Export("jumpGroupName", ops.JumpGroupName)
	return nil
}
