package cloud_test

import "testing"

// network is a VPC with a subnet in each of two zones.
type network struct {
	vpc     *thing
	subnets []*thing
}

func (n network) subnetIDs() []any {
	var ids []any
	for _, s := range n.subnets {
		ids = append(ids, s.id)
	}
	return ids
}

func makeNetwork(p *provider, region string) network {
	p.t.Helper()
	n := network{vpc: p.make("aws:ec2/vpc:Vpc", region, props{"cidrBlock": "10.0.0.0/16"})}
	for i, zone := range []string{"a", "b"} {
		n.subnets = append(n.subnets, p.make("aws:ec2/subnet:Subnet", region+zone, props{
			"vpcId": n.vpc.id, "cidrBlock": []string{"10.0.0.0/24", "10.0.1.0/24"}[i], "availabilityZone": region + zone,
		}))
	}
	return n
}

func TestNetworkIsMadeAndTakenApart(t *testing.T) {
	w := newWorld(t)
	east := w.aws("us-east-1")
	n := makeNetwork(east, "us-east-1")
	if got := n.subnets[0].get("availabilityZoneId"); got != "use1-az1" {
		t.Errorf("zone id %s", got)
	}
	if n.vpc.get("mainRouteTableId") != n.vpc.get("defaultRouteTableId") {
		t.Error("a new network's main route table is its default one")
	}
	wantError(t, n.vpc.delete(), "deleting EC2 Vpc", "DependencyViolation", n.subnets[0].id)
	for _, s := range n.subnets {
		if err := s.delete(); err != nil {
			t.Fatal(err)
		}
	}
	if err := n.vpc.delete(); err != nil {
		t.Fatal(err)
	}
	left, err := w.cloud.Resources(nil)
	if err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestSubnetsNestAndDoNotOverlap(t *testing.T) {
	w := newWorld(t)
	east := w.aws("us-east-1")
	n := makeNetwork(east, "us-east-1")
	subnet := func(cidr, zone string) props {
		return props{"vpcId": n.vpc.id, "cidrBlock": cidr, "availabilityZone": zone}
	}
	const typ = "aws:ec2/subnet:Subnet"
	east.refused(typ, "outside", subnet("10.1.0.0/24", "us-east-1a"), "InvalidSubnet.Range", "10.0.0.0/16")
	east.refused(typ, "overlap", subnet("10.0.1.128/25", "us-east-1a"), "InvalidSubnet.Conflict", n.subnets[1].id)
	east.refused(typ, "host", subnet("10.0.2.1/24", "us-east-1a"), "not a valid CIDR block")
	east.refused(typ, "zone", subnet("10.0.2.0/24", "us-west-2a"), "us-west-2a", "us-east-1")
	east.refused(typ, "unknown", props{"vpcId": "vpc-0123456789abcdef0", "cidrBlock": "10.0.2.0/24"}, "InvalidVpcID.NotFound", "vpcId", "does not exist")
}

func TestReferencesDoNotCrossRegions(t *testing.T) {
	w := newWorld(t)
	east, west := w.aws("us-east-1"), w.aws("us-west-2")
	n := makeNetwork(east, "us-east-1")
	west.refused("aws:ec2/subnet:Subnet", "s", props{"vpcId": n.vpc.id, "cidrBlock": "10.0.9.0/24"},
		"InvalidVpcID.NotFound", "it is in us-east-1")
}
