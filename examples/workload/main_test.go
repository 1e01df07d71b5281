package main

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
)

const ruleType = "aws:lb/listenerRule:ListenerRule"

// run runs the program with the example's configuration and more of it.
func run(t *testing.T, more map[string]string) *mocktest.Recording {
	t.Helper()
	config := map[string]string{
		"workload-example:context":                     "west",
		"workload-example:vpcId":                       "vpc-0abc",
		"workload-example:listenerArn":                 "arn:aws:elasticloadbalancing:us-west-2:123456789012:listener/app/shop/1/2",
		"workload-example:loadBalancerSecurityGroupId": "sg-balancer",
		"workload-example:nodeSecurityGroupId":         "sg-nodes",
		"workload-example:loadBalancerCidrs":           `["10.1.48.0/22", "10.1.112.0/22"]`,
		"workload-example:clusterName":                 "west",
		"workload-example:bucket":                      "shop-pictures",
	}
	maps.Copy(config, more)
	// As a preview: the target group's ARN comes from AWS.
	return mocktest.MustRun(t, program, mocktest.Options{Project: "workload-example", Config: config, Preview: true})
}

func TestTheServiceIsReachedThroughTheGivenListener(t *testing.T) {
	rec := run(t, nil)
	rule := rec.Get(t, ruleType, "shop").Plain()
	require.Equal(t, "arn:aws:elasticloadbalancing:us-west-2:123456789012:listener/app/shop/1/2", rule["listenerArn"])
	way := rec.Get(t, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "shop").Plain()
	require.Equal(t, "sg-nodes", way["securityGroupId"])
	require.Equal(t, "sg-balancer", way["referencedSecurityGroupId"])
	require.NotEmpty(t, rec.Get(t, "kubernetes:apps/v1:Deployment", "shop").Provider)
	require.Equal(t, []string{"shop"}, rec.Names(ruleType))
}

func TestACanaryComesByConfiguration(t *testing.T) {
	rec := run(t, map[string]string{"workload-example:canary": "registry.k8s.io/e2e-test-images/agnhost:2.54", "workload-example:canaryPercent": "10"})
	require.Equal(t, []string{"shop", "shop-weights"}, rec.Names(ruleType))
	require.Equal(t, []string{"shop", "shop-canary"}, rec.Names("kubernetes:apps/v1:Deployment"))
}
