package cloud_test

import (
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

const transit = "aws:ec2transitgateway/"

// gateway is a transit gateway with a route table, as the platform makes them.
func gateway(p *cloudtest.Provider, name string, asn int) (gateway, table *cloudtest.Resource) {
	gateway = p.Make(transit+"transitGateway:TransitGateway", name, props{
		"amazonSideAsn": asn, "defaultRouteTableAssociation": "disable", "defaultRouteTablePropagation": "disable",
	})
	return gateway, p.Make(transit+"routeTable:RouteTable", name, props{"transitGatewayId": gateway.ID})
}

func TestAPeeringIsAcceptedBeforeItIsRouted(t *testing.T) {
	w := cloudtest.New(t)
	east, west := w.AWS("us-east-1"), w.AWS("us-west-2")
	home, homeTable := gateway(east, "east", 64512)
	own, ownTable := gateway(west, "west", 64513)
	ask := props{"transitGatewayId": own.ID, "peerTransitGatewayId": home.ID, "peerRegion": "us-east-1"}
	west.Refused(transit+"peeringAttachment:PeeringAttachment", "elsewhere",
		props{"transitGatewayId": own.ID, "peerTransitGatewayId": home.ID, "peerRegion": "eu-west-1"}, "InvalidTransitGatewayID.NotFound", "it is in us-east-1")
	peering := west.Make(transit+"peeringAttachment:PeeringAttachment", "peering", ask)

	route := props{"transitGatewayRouteTableId": ownTable.ID, "transitGatewayAttachmentId": peering.ID, "destinationCidrBlock": "10.0.0.0/16"}
	west.Refused(transit+"route:Route", "early", route, "IncorrectState", "pendingAcceptance")
	east.Refused(transit+"route:Route", "early", props{
		"transitGatewayRouteTableId": homeTable.ID, "transitGatewayAttachmentId": peering.ID, "destinationCidrBlock": "10.1.0.0/16",
	}, "InvalidTransitGatewayAttachmentID.NotFound")
	west.Refused(transit+"peeringAttachmentAccepter:PeeringAttachmentAccepter", "own", props{"transitGatewayAttachmentId": peering.ID},
		"InvalidTransitGatewayAttachmentID.NotFound", "us-west-2")

	accepted := east.Make(transit+"peeringAttachmentAccepter:PeeringAttachmentAccepter", "accepted", props{"transitGatewayAttachmentId": peering.ID})
	if accepted.ID != peering.ID || accepted.Get("transitGatewayId") != home.ID || accepted.Get("peerRegion") != "us-west-2" {
		t.Errorf("accepted: %v", accepted.Outputs)
	}
	west.Make(transit+"route:Route", "here", route)
	east.Make(transit+"route:Route", "there", props{
		"transitGatewayRouteTableId": homeTable.ID, "transitGatewayAttachmentId": peering.ID, "destinationCidrBlock": "10.1.0.0/16",
	})
	west.Refused(transit+"routeTablePropagation:RouteTablePropagation", "p", props{
		"transitGatewayRouteTableId": ownTable.ID, "transitGatewayAttachmentId": peering.ID,
	}, "propagates no routes")
	other, otherTable := gateway(west, "other", 64514)
	west.Refused(transit+"route:Route", "foreign", props{
		"transitGatewayRouteTableId": otherTable.ID, "transitGatewayAttachmentId": peering.ID, "destinationCidrBlock": "10.0.0.0/16",
	}, "is not attached to "+other.ID)
	cloudtest.WantError(t, own.Delete(), "IncorrectState", "has a dependent object")
}

func TestANetworkIsRoutedToAGatewayThatItIsAttachedTo(t *testing.T) {
	w := cloudtest.New(t)
	east := w.AWS("us-east-1")
	n := east.Network("us-east-1")
	table := east.Make("aws:ec2/routeTable:RouteTable", "private", props{"vpcId": n.VPC.ID})
	gw, gwTable := gateway(east, "east", 64512)
	route := props{"routeTableId": table.ID, "destinationCidrBlock": "10.1.0.0/16", "transitGatewayId": gw.ID}
	east.Refused("aws:ec2/route:Route", "early", route, "InvalidTransitGatewayID.NotFound", "has no attachment")

	twice := east.Make("aws:ec2/subnet:Subnet", "twice", props{"vpcId": n.VPC.ID, "cidrBlock": "10.0.2.0/24", "availabilityZone": "us-east-1a"})
	east.Refused(transit+"vpcAttachment:VpcAttachment", "twice", props{
		"transitGatewayId": gw.ID, "vpcId": n.VPC.ID, "subnetIds": append(n.SubnetIDs(), twice.ID),
	}, "DuplicateSubnetsInSameZone", "us-east-1a")
	attachment := east.Make(transit+"vpcAttachment:VpcAttachment", "vpc", props{"transitGatewayId": gw.ID, "vpcId": n.VPC.ID, "subnetIds": n.SubnetIDs()})
	east.Refused(transit+"vpcAttachment:VpcAttachment", "again", props{
		"transitGatewayId": gw.ID, "vpcId": n.VPC.ID, "subnetIds": n.SubnetIDs(),
	}, "DuplicateTransitGatewayAttachment")
	east.Make("aws:ec2/route:Route", "route", route)
	east.Refused("aws:ec2/route:Route", "local", props{"routeTableId": table.ID, "destinationCidrBlock": "10.0.1.0/24", "transitGatewayId": gw.ID},
		"equal to or more specific than one of this VPC's CIDR blocks")

	at := props{"transitGatewayRouteTableId": gwTable.ID, "transitGatewayAttachmentId": attachment.ID}
	association := east.Make(transit+"routeTableAssociation:RouteTableAssociation", "vpc", at)
	if association.Get("resourceType") != "vpc" || association.Get("resourceId") != n.VPC.ID {
		t.Errorf("associated: %v", association.Outputs)
	}
	east.Refused(transit+"routeTableAssociation:RouteTableAssociation", "again", at, "Resource.AlreadyAssociated")
	cloudtest.WantError(t, gwTable.Delete(), "IncorrectState", association.ID)
	cloudtest.WantError(t, n.Subnets[0].Delete(), "DependencyViolation", attachment.ID)
}

func TestAnAttachmentIsAssociatedByDefault(t *testing.T) {
	w := cloudtest.New(t)
	east := w.AWS("us-east-1")
	n := east.Network("us-east-1")
	gw := east.Make(transit+"transitGateway:TransitGateway", "default", props{})
	table := east.Make(transit+"routeTable:RouteTable", "own", props{"transitGatewayId": gw.ID})
	attachment := east.Make(transit+"vpcAttachment:VpcAttachment", "vpc", props{"transitGatewayId": gw.ID, "vpcId": n.VPC.ID, "subnetIds": n.SubnetIDs()})
	east.Refused(transit+"routeTableAssociation:RouteTableAssociation", "own", props{
		"transitGatewayRouteTableId": table.ID, "transitGatewayAttachmentId": attachment.ID,
	}, "Resource.AlreadyAssociated", "default route table")
	east.Refused(transit+"transitGateway:TransitGateway", "public", props{"amazonSideAsn": 7224}, "InvalidParameterValue", "private ASN")
}
