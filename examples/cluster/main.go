// Command cluster is a Pulumi program with an EKS cluster in a VPC that exists
// already, with nodes on demand for what has to stay and on spot capacity for the
// rest.
package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/tandem-platform/tandem/components/cluster"
)

const region = "us-west-2"

func main() { pulumi.Run(program) }

func program(ctx *pulumi.Context) error {
	provider, err := aws.NewProvider(ctx, "west", &aws.ProviderArgs{Region: pulumi.String(region)})
	if err != nil {
		return err
	}
	var subnets []string
	config.RequireObject(ctx, "subnetIds", &subnets)
	made, err := cluster.NewCluster(ctx, "shop-west", &cluster.ClusterArgs{
		Region:    region,
		VPCID:     pulumi.String(config.Require(ctx, "vpcId")),
		SubnetIDs: pulumi.ToStringArray(subnets),
		Access: map[string]cluster.Access{
			"admin": {PrincipalARN: config.Require(ctx, "adminArn"), Policy: cluster.AccessClusterAdmin},
		},
		NodeGroups: map[string]cluster.NodeGroup{
			"baseline": {MinSize: 2, MaxSize: 4},
			"burst": {
				InstanceTypes: []string{"m7g.large", "m6g.large", "c7g.large"},
				Spot:          true,
				MinSize:       1,
				MaxSize:       10,
				Taints:        []cluster.Taint{{Key: "spot", Value: "true", Effect: "NO_SCHEDULE"}},
			},
		},
	}, pulumi.Providers(provider))
	if err != nil {
		return err
	}
	ctx.Export("name", made.Name)
	ctx.Export("kubeconfig", made.Kubeconfig)
	ctx.Export("securityGroupId", made.SecurityGroupID)
	return nil
}
