package cluster

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// loadBalancerControllerChart is the version of the chart of the AWS Load
// Balancer Controller; 1.14 installs controller 2.14.
const (
	loadBalancerControllerChart = "1.14.0"
	loadBalancerControllerName  = "aws-load-balancer-controller"
)

// makeLoadBalancerController installs the AWS Load Balancer Controller, which
// registers pods with target groups. Load balancers themselves are Pulumi's,
// so its role can change targets and nothing else.
func (b *builder) makeLoadBalancerController() error {
	identity, err := b.identity(loadBalancerControllerName, systemNamespace, loadBalancerControllerName,
		iampolicy.Statement{
			Sid: "ReadWhatTargetsNeed",
			Action: []string{
				"ec2:DescribeAvailabilityZones", "ec2:DescribeInstances", "ec2:DescribeNetworkInterfaces",
				"ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
				"elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTargetGroups",
				"elasticloadbalancing:DescribeTargetGroupAttributes", "elasticloadbalancing:DescribeTargetHealth",
			},
			Resource: "*", // these actions know no narrower resource
		},
		iampolicy.Statement{
			Sid:      "RegisterPods",
			Action:   []string{"elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"},
			Resource: fmt.Sprintf("arn:aws:elasticloadbalancing:%s:%s:targetgroup/*", b.args.Region, b.args.AccountID),
		},
	)
	if err != nil {
		return err
	}
	release, err := b.install(chart{
		release:    loadBalancerControllerName,
		namespace:  systemNamespace,
		name:       loadBalancerControllerName,
		repository: "https://aws.github.io/eks-charts",
		version:    loadBalancerControllerChart,
		values: pulumi.Map{
			"clusterName":    b.cluster,
			"region":         pulumi.String(b.args.Region),
			"vpcId":          b.args.VPCID,
			"replicaCount":   pulumi.Int(2),
			"serviceAccount": serviceAccount(loadBalancerControllerName),
			// No controller makes load balancers here, so no ingress class asks for one.
			"createIngressClassResource":  pulumi.Bool(false),
			"enableServiceMutatorWebhook": pulumi.Bool(false),
			"podDisruptionBudget":         pulumi.Map{"maxUnavailable": pulumi.Int(1)},
			"keepTLSSecret":               pulumi.Bool(true), // else every upgrade makes a new webhook certificate
			"resources":                   requests("100m", "256Mi"),
		},
	}, identity...)
	b.ready = append(b.ready, release)
	return err
}
