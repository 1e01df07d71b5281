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
	shop, err := workload.NewWorkload(ctx, "shop", &workload.WorkloadArgs{
		Image:       "registry.k8s.io/e2e-test-images/agnhost:2.53", // tells its host's name
		Args:        []string{"netexec", "--http-port=8080"},
		Env:         map[string]string{"REGION": region},
		MinReplicas: 2,
		MaxReplicas: 6,
		Hosts:       []string{"shop.tandem.example"},
		Priority:    100,

		VPCID:                       pulumi.String(config.Require(ctx, "vpcId")),
		ListenerARN:                 pulumi.String(config.Require(ctx, "listenerArn")),
		LoadBalancerSecurityGroupID: pulumi.String(config.Require(ctx, "loadBalancerSecurityGroupId")),
		NodeSecurityGroupID:         pulumi.String(config.Require(ctx, "nodeSecurityGroupId")),
	}, pulumi.Providers(provider, cluster))
	if err != nil {
		return err
	}
	ctx.Export("namespace", shop.Namespace)
	ctx.Export("targetGroup", shop.TargetGroupARN)
	return nil
}
