// Command workload is a Pulumi program with a web service on a cluster and behind
// a load balancer that exist already. The cluster has to have the AWS Load Balancer
// Controller.
package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/tandem-platform/tandem/components/workload"
)

const region = "us-west-2"

func main() { pulumi.Run(program) }

func program(ctx *pulumi.Context) error {
	var loadBalancerBlocks []string
	config.RequireObject(ctx, "loadBalancerCidrs", &loadBalancerBlocks)
	provider, err := aws.NewProvider(ctx, "west", &aws.ProviderArgs{Region: pulumi.String(region)})
	if err != nil {
		return err
	}
	cluster, err := kubernetes.NewProvider(ctx, "west", &kubernetes.ProviderArgs{
		Context: pulumi.String(config.Require(ctx, "context")),
	})
	if err != nil {
		return err
	}
	args := &workload.WorkloadArgs{
		Image:       "registry.k8s.io/e2e-test-images/agnhost:2.53", // tells its host's name
		Args:        []string{"netexec", "--http-port=8080"},
		Env:         pulumi.StringMap{"REGION": pulumi.String(region)},
		ScratchDirs: map[string]string{"/tmp": "64Mi"},
		MinReplicas: 3,
		MaxReplicas: 12,
		Scaling: workload.Scaling{
			MemoryPercent: 80,
			Peaks: []workload.Peak{{
				Name: "sale", Start: "45 7 * * 5", End: "0 22 * * 5", TimeZone: "America/Los_Angeles", MinReplicas: 9,
			}},
		},
		ClusterName: pulumi.String(config.Require(ctx, "clusterName")),
		Permissions: []workload.Statement{{
			Actions:   []string{"s3:GetObject"},
			Resources: pulumi.StringArray{pulumi.String("arn:aws:s3:::" + config.Require(ctx, "bucket") + "/*")},
		}},
		Callers:  []workload.Caller{{Namespace: "orders"}},
		Hosts:    []string{"shop.tandem.example"},
		Priority: 100,

		VPCID:                       pulumi.String(config.Require(ctx, "vpcId")),
		ListenerARN:                 pulumi.String(config.Require(ctx, "listenerArn")),
		LoadBalancerSecurityGroupID: pulumi.String(config.Require(ctx, "loadBalancerSecurityGroupId")),
		LoadBalancerCIDRs:           pulumi.ToStringArray(loadBalancerBlocks),
		NodeSecurityGroupID:         pulumi.String(config.Require(ctx, "nodeSecurityGroupId")),
	}
	if image := config.Get(ctx, "canary"); image != "" {
		args.Canary = &workload.Canary{Image: image, WeightPercent: config.GetInt(ctx, "canaryPercent")}
	}
	shop, err := workload.NewWorkload(ctx, "shop", args, pulumi.Providers(provider, cluster))
	if err != nil {
		return err
	}
	ctx.Export("namespace", shop.Namespace)
	ctx.Export("targetGroup", shop.TargetGroupARN)
	return nil
}
