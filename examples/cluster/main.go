// Command cluster is a Pulumi program with an EKS cluster in a VPC that exists
// already: nodes on demand for what has to stay, nodes of Karpenter for the rest,
// and Fargate for bursts of jobs.
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
		AccountID: config.Require(ctx, "accountId"),
		VPCID:     pulumi.String(config.Require(ctx, "vpcId")),
		SubnetIDs: pulumi.ToStringArray(subnets),
		Access: map[string]cluster.Access{
			"pipeline":   {PrincipalARN: pulumi.String(config.Require(ctx, "pipelineArn")), Job: cluster.JobPipeline},
			"developers": {PrincipalARN: pulumi.String(config.Require(ctx, "developerArn")), Job: cluster.JobDeveloper, Namespaces: []string{"shop"}},
		},
		NodeGroups: map[string]cluster.NodeGroup{
			"baseline": {MinSize: 2, MaxSize: 4},
		},
		Karpenter: cluster.Karpenter{NodePools: map[string]cluster.NodePool{
			"general": {CPULimit: "64", MemoryLimit: "256Gi"},
			"spot": {
				CapacityTypes: []string{"spot"},
				Weight:        10, // first choice of whoever tolerates it
				Taints:        []cluster.Taint{{Key: "spot", Value: "true", Effect: "NO_SCHEDULE"}},
			},
		}},
		Fargate: map[string]cluster.FargateProfile{
			"burst": {Namespace: "shop", Labels: map[string]string{"run-on": "fargate"}},
		},
		Namespaces: map[string]cluster.Namespace{"shop": {}},
	}, pulumi.Providers(provider))
	if err != nil {
		return err
	}
	ctx.Export("name", made.Name)
	ctx.Export("kubeconfig", made.Kubeconfig)
	ctx.Export("securityGroupId", made.SecurityGroupID)
	return nil
}
