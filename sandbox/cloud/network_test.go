package cloud_test

import (
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

type props = cloudtest.Props

func TestNetworkIsMadeAndTakenApart(t *testing.T) {
	w := cloudtest.New(t)
	n := w.AWS("us-east-1").Network("us-east-1")
	if got := n.Subnets[0].Get("availabilityZoneId"); got != "use1-az1" {
		t.Errorf("zone id %s", got)
	}
	if n.VPC.Get("mainRouteTableId") != n.VPC.Get("defaultRouteTableId") {
		t.Error("a new network's main route table is its default one")
	}
	cloudtest.WantError(t, n.VPC.Delete(), "deleting EC2 Vpc", "DependencyViolation", n.Subnets[0].ID)
	for _, s := range n.Subnets {
		if err := s.Delete(); err != nil {
			t.Fatal(err)
		}
	}
	if err := n.VPC.Delete(); err != nil {
		t.Fatal(err)
	}
	left, err := w.Cloud.Resources(nil)
	if err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestSubnetsNestAndDoNotOverlap(t *testing.T) {
	w := cloudtest.New(t)
	east := w.AWS("us-east-1")
	n := east.Network("us-east-1")
	subnet := func(cidr, zone string) props {
		return props{"vpcId": n.VPC.ID, "cidrBlock": cidr, "availabilityZone": zone}
	}
	const typ = "aws:ec2/subnet:Subnet"
	east.Refused(typ, "outside", subnet("10.1.0.0/24", "us-east-1a"), "InvalidSubnet.Range", "10.0.0.0/16")
	east.Refused(typ, "overlap", subnet("10.0.1.128/25", "us-east-1a"), "InvalidSubnet.Conflict", n.Subnets[1].ID)
	east.Refused(typ, "host", subnet("10.0.2.1/24", "us-east-1a"), "not a valid CIDR block")
	east.Refused(typ, "zone", subnet("10.0.2.0/24", "us-west-2a"), "us-west-2a", "us-east-1")
	east.Refused(typ, "unknown", props{"vpcId": "vpc-0123456789abcdef0", "cidrBlock": "10.0.2.0/24"}, "InvalidVpcID.NotFound", "vpcId", "does not exist")
}

func TestReferencesDoNotCrossRegions(t *testing.T) {
	w := cloudtest.New(t)
	n := w.AWS("us-east-1").Network("us-east-1")
	w.AWS("us-west-2").Refused("aws:ec2/subnet:Subnet", "s", props{"vpcId": n.VPC.ID, "cidrBlock": "10.0.9.0/24"},
		"InvalidVpcID.NotFound", "it is in us-east-1")
}

const endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint"

func TestAServiceHasOneEndpointWithItsPublicName(t *testing.T) {
	w := cloudtest.New(t)
	east := w.AWS("us-east-1")
	n := east.Network("us-east-1")
	in := func(service string, more props) props {
		p := props{
			"vpcId": n.VPC.ID, "serviceName": "com.amazonaws.us-east-1." + service, "vpcEndpointType": "Interface",
			"privateDnsEnabled": true, "subnetIds": n.SubnetIDs(),
		}
		for k, v := range more {
			p[k] = v
		}
		return p
	}
	east.Refused(endpoint, "names", in("sts", nil), "enableDnsHostnames")
	if err := n.VPC.Update(props{"enableDnsHostnames": true}); err != nil {
		t.Fatal(err)
	}
	east.Make(endpoint, "sts", in("sts", nil))
	east.Refused(endpoint, "again", in("sts", nil), "conflicting DNS domain")
	east.Make(endpoint, "private", in("sts", props{"privateDnsEnabled": false}))
	east.Refused(endpoint, "typo", in("secretmanager", nil), "InvalidServiceName", "secretmanager")
	east.Refused(endpoint, "abroad", in("sqs", props{"serviceName": "com.amazonaws.us-west-2.sqs"}), "InvalidServiceName", "us-east-1")
	east.Refused(endpoint, "policy", in("sqs", props{"policy": "allow"}), "is not a JSON document")
	twice := east.Make("aws:ec2/subnet:Subnet", "twice", props{"vpcId": n.VPC.ID, "cidrBlock": "10.0.2.0/24", "availabilityZone": "us-east-1a"})
	east.Refused(endpoint, "zone", in("sqs", props{"subnetIds": append(n.SubnetIDs(), twice.ID)}), "DuplicateSubnetsInSameZone", "us-east-1a")
	east.Refused(endpoint, "gateway", props{"vpcId": n.VPC.ID, "serviceName": "com.amazonaws.us-east-1.sqs"}, "does not match the type of the service")

	table := east.Make("aws:ec2/routeTable:RouteTable", "private", props{"vpcId": n.VPC.ID})
	s3 := props{"vpcId": n.VPC.ID, "serviceName": "com.amazonaws.us-east-1.s3", "routeTableIds": []any{table.ID}}
	east.Make(endpoint, "s3", s3)
	east.Refused(endpoint, "s3-again", s3, "RouteAlreadyExists", table.ID)
}

func TestIPv6BlocksOfSubnetsAreThoseOfTheNetwork(t *testing.T) {
	w := cloudtest.New(t)
	east := w.AWS("us-east-1")
	n := east.Network("us-east-1")
	subnet := func(cidr, ipv6 string) props {
		return props{"vpcId": n.VPC.ID, "cidrBlock": cidr, "ipv6CidrBlock": ipv6, "availabilityZone": "us-east-1c"}
	}
	const typ = "aws:ec2/subnet:Subnet"
	east.Refused(typ, "none", subnet("10.0.2.0/24", "2001:db8::/64"), "InvalidSubnet.Range")
	block := east.Make("aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation", "ipv6", props{"vpcId": n.VPC.ID, "assignGeneratedIpv6CidrBlock": true})
	first := block.Get("ipv6CidrBlock")
	first = first[:len(first)-len("/56")] + "/64"
	east.Refused(typ, "size", subnet("10.0.2.0/24", block.Get("ipv6CidrBlock")), "/64")
	made := east.Make(typ, "made", subnet("10.0.2.0/24", first))
	east.Refused(typ, "taken", subnet("10.0.3.0/24", first), "InvalidSubnet.Conflict", made.ID)
	east.Refused(typ, "without", props{"vpcId": n.VPC.ID, "cidrBlock": "10.0.4.0/24", "assignIpv6AddressOnCreation": true}, "needs an ipv6CidrBlock")
	cloudtest.WantError(t, block.Delete(), "InvalidCidrBlock.InUse", made.ID)

	table := east.Make("aws:ec2/routeTable:RouteTable", "private", props{"vpcId": n.VPC.ID})
	out := east.Make("aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", "out", props{"vpcId": n.VPC.ID})
	east.Refused("aws:ec2/route:Route", "four", props{"routeTableId": table.ID, "destinationCidrBlock": "0.0.0.0/0", "egressOnlyGatewayId": out.ID}, "IPv6 alone")
	east.Make("aws:ec2/route:Route", "six", props{"routeTableId": table.ID, "destinationIpv6CidrBlock": "::/0", "egressOnlyGatewayId": out.ID})
}

func TestRulesOfANetworkACLHaveNumbersOfTheirOwn(t *testing.T) {
	w := cloudtest.New(t)
	east := w.AWS("us-east-1")
	n := east.Network("us-east-1")
	rule := func(n int, more props) any {
		r := props{"ruleNo": n, "action": "allow", "protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlock": "0.0.0.0/0"}
		for k, v := range more {
			r[k] = v
		}
		return r
	}
	acl := func(rules ...any) props {
		return props{"vpcId": n.VPC.ID, "subnetIds": n.SubnetIDs(), "ingress": rules}
	}
	const typ = "aws:ec2/networkAcl:NetworkAcl"
	east.Refused(typ, "twice", acl(rule(100, nil), rule(100, props{"cidrBlock": "10.0.0.0/8"})), "NetworkAclEntryAlreadyExists", "100")
	east.Refused(typ, "number", acl(rule(32767, nil)), "between 1 and 32766")
	east.Refused(typ, "sides", acl(rule(100, props{"ipv6CidrBlock": "::/0"})), "one of cidrBlock and ipv6CidrBlock")
	for name, wrong := range map[string]props{
		"is not a valid CIDR block": {"cidrBlock": "10.0.0.0/33"}, "for ruleAction": {"action": "refuse"},
		"for IP protocol": {"protocol": "http"}, "for toPort": {"toPort": 65536},
	} {
		east.Refused(typ, "wrong", acl(rule(100, wrong)), "InvalidParameterValue", "ingress[0]", name)
	}
	var many []any
	for i := range 21 {
		many = append(many, rule(i+1, nil))
	}
	east.Refused(typ, "many", acl(many...), "NetworkAclEntryLimitExceeded", "21")
	made := east.Make(typ, "made", acl(rule(100, nil)))
	cloudtest.WantError(t, n.VPC.Delete(), "DependencyViolation")
	if err := made.Delete(); err != nil {
		t.Fatal(err)
	}
}
