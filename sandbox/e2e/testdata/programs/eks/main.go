// Command eks makes one pulumi-eks cluster, with as little around it as it needs. It names types and properties itself,
// so that no generated SDK has to be built for it.
package main

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

type custom struct{ pulumi.CustomResourceState }

type provider struct{ pulumi.ProviderResourceState }

type component struct{ pulumi.ResourceState }

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		region := map[string]string{"prod-east": "us-east-1", "prod-west": "us-west-2"}[ctx.Stack()]
		var aws provider
		if err := ctx.RegisterResource("pulumi:providers:aws", "aws", pulumi.Map{
			"region": pulumi.String(region),
			// Providers take objects as JSON. The tags are those that the policy packs require.
			"defaultTags": pulumi.String(`{"tags":{"Platform":"p","Environment":"e","Owner":"o","Stack":"s","ManagedBy":"m"}}`),
		}, &aws); err != nil {
			return err
		}
		var key custom
		if err := ctx.RegisterResource("aws:kms/key:Key", "key", pulumi.Map{"enableKeyRotation": pulumi.Bool(true)}, &key,
			pulumi.Provider(&aws)); err != nil {
			return err
		}
		var vpc custom
		if err := ctx.RegisterResource("aws:ec2/vpc:Vpc", "vpc", pulumi.Map{"cidrBlock": pulumi.String("10.0.0.0/16")}, &vpc,
			pulumi.Provider(&aws)); err != nil {
			return err
		}
		subnets := pulumi.Array{}
		for i, zone := range []string{"a", "b"} {
			var subnet custom
			if err := ctx.RegisterResource("aws:ec2/subnet:Subnet", "subnet-"+zone, pulumi.Map{
				"vpcId":            vpc.ID(),
				"availabilityZone": pulumi.String(region + zone),
				"cidrBlock":        pulumi.String(fmt.Sprintf("10.0.%d.0/24", i)),
			}, &subnet, pulumi.Provider(&aws)); err != nil {
				return err
			}
			subnets = append(subnets, subnet.ID())
		}
		return ctx.RegisterRemoteComponentResource("eks:index:Cluster", "cluster", pulumi.Map{
			"vpcId":                vpc.ID(),
			"privateSubnetIds":     subnets,
			"skipDefaultNodeGroup": pulumi.Bool(true),
			"useDefaultVpcCni":     pulumi.Bool(true),
			"encryptionConfigKeyArn": key.ID().ApplyT(func(id pulumi.ID) string {
				return "arn:aws:kms:" + region + ":123456789012:key/" + string(id)
			}),
		}, &component{}, pulumi.Providers(&aws))
	})
}
