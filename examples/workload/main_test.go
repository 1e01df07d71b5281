package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
)

func TestTheServiceIsReachedThroughTheGivenListener(t *testing.T) {
	rec := mocktest.MustRun(t, program, mocktest.Options{
		Project: "workload-example",
		Config: map[string]string{
			"workload-example:context":                     "west",
			"workload-example:vpcId":                       "vpc-0abc",
			"workload-example:listenerArn":                 "arn:aws:elasticloadbalancing:us-west-2:123456789012:listener/app/shop/1/2",
			"workload-example:loadBalancerSecurityGroupId": "sg-balancer",
			"workload-example:nodeSecurityGroupId":         "sg-nodes",
		},
		Preview: true, // the target group's ARN comes from AWS
	})
	rule := rec.Get(t, "aws:lb/listenerRule:ListenerRule", "shop").Plain()
	require.Equal(t, "arn:aws:elasticloadbalancing:us-west-2:123456789012:listener/app/shop/1/2", rule["listenerArn"])
	way := rec.Get(t, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "shop").Plain()
	require.Equal(t, "sg-nodes", way["securityGroupId"])
	require.Equal(t, "sg-balancer", way["referencedSecurityGroupId"])
	require.NotEmpty(t, rec.Get(t, "kubernetes:apps/v1:Deployment", "shop").Provider)
}
