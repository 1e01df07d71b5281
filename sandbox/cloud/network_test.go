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
