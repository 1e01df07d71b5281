package cloud_test

import (
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

func TestAProxyNeedsARoleAndTwoZones(t *testing.T) {
	east := cloudtest.New(t).AWS("us-east-1")
	n := east.Network("us-east-1")
	const proxy = "aws:rds/proxy:Proxy"
	in := props{
		"name": "p", "engineFamily": "POSTGRESQL", "roleArn": east.Role("other", "ec2.amazonaws.com").Get("arn"), "vpcSubnetIds": n.SubnetIDs(),
		"auths": []any{props{"secretArn": east.Make("aws:secretsmanager/secret:Secret", "s", props{"name": "s"}).ID}},
	}
	east.Refused(proxy, "role", in, "cannot be assumed by rds")
	in["roleArn"] = east.Role("proxy", "rds.amazonaws.com").Get("arn")
	in["vpcSubnetIds"] = n.SubnetIDs()[:1]
	east.Refused(proxy, "zones", in, "InvalidSubnet")
	in["vpcSubnetIds"] = n.SubnetIDs()
	made := east.Make(proxy, "p", in)

	east.Refused("aws:rds/proxyTarget:ProxyTarget", "t", props{"dbProxyName": made.ID, "targetGroupName": "default", "dbClusterIdentifier": "nobody"}, "ClusterNotFoundFault")
	endpoint := props{"dbProxyName": made.ID, "dbProxyEndpointName": "readers", "vpcSubnetIds": n.SubnetIDs(), "targetRole": "READ"}
	east.Refused("aws:rds/proxyEndpoint:ProxyEndpoint", "e", endpoint, "READ_ONLY")
	endpoint["targetRole"] = "READ_ONLY"
	if e := east.Make("aws:rds/proxyEndpoint:ProxyEndpoint", "readers", endpoint); e.Get("vpcId") != n.VPC.ID {
		t.Errorf("the endpoint is in %s, not in %s", e.Get("vpcId"), n.VPC.ID)
	}
	cloudtest.WantError(t, made.Delete(), "InvalidDBProxyStateFault")
}
