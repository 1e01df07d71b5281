package cloud

import "slices"

const (
	typeTransitGateway     = "aws:ec2transitgateway/transitGateway:TransitGateway"
	typeTransitTable       = "aws:ec2transitgateway/routeTable:RouteTable"
	typeTransitVPC         = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
	typeTransitPeering     = "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
	typeTransitAccepter    = "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
	typeTransitRoute       = "aws:ec2transitgateway/route:Route"
	typeTransitAssociation = "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation"
	typeTransitPropagation = "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation"
)

// transitModels are Transit Gateway. A peering attachment has one id in both
// regions; in the region that it was asked for, it is seen as what accepted it.
var transitModels = []model{
	{
		Type: typeTransitGateway, Service: "EC2", ID: "tgw-{hex:17}", Auto: autoname{none: true},
		Set: map[string]string{
			"arn": "arn:aws:ec2:{region}:{account}:transit-gateway/{id}", "ownerId": "{account}",
			"associationDefaultRouteTableId": "tgw-rtb-{hex:17}", "propagationDefaultRouteTableId": "{associationDefaultRouteTableId}",
		},
		UsedBy: []string{typeTransitTable, typeTransitVPC, typeTransitPeering}, InUse: "IncorrectState",
		Check: func(o *op) error {
			asn, given := number(o.in, "amazonSideAsn")
			if given && (asn < 64512 || asn > 65534) && (asn < 4200000000 || asn > 4294967294) {
				return o.refuse("InvalidParameterValue", "value (%.0f) for parameter amazonSideAsn is invalid: it is no private ASN", asn)
			}
			return nil
		},
	},
	{
		Type: typeTransitTable, Service: "EC2", ID: "tgw-rtb-{hex:17}", Auto: autoname{none: true},
		Set:    map[string]string{"arn": "arn:aws:ec2:{region}:{account}:transit-gateway-route-table/{id}"},
		UsedBy: []string{typeTransitAssociation}, InUse: "IncorrectState",
		Compute: func(o *op) error {
			o.out["defaultAssociationRouteTable"], o.out["defaultPropagationRouteTable"] = false, false
			return nil
		},
	},
	{
		Type: typeTransitVPC, Service: "EC2", ID: "tgw-attach-{hex:17}", Auto: autoname{none: true},
		Set: map[string]string{
			"arn": "arn:aws:ec2:{region}:{account}:transit-gateway-attachment/{id}", "vpcOwnerId": "{account}",
		},
		Unique: []string{"{transitGatewayId} {vpcId}"}, Exists: "DuplicateTransitGatewayAttachment",
		Check: func(o *op) error { return o.oneSubnetInAZone("subnetIds", "DuplicateSubnetsInSameZone") },
	},
	{
		Type: typeTransitPeering, Service: "EC2", ID: "tgw-attach-{hex:17}", Auto: autoname{none: true},
		Set: map[string]string{
			"arn": "arn:aws:ec2:{region}:{account}:transit-gateway-attachment/{id}", "peerAccountId": "{account}", "state": "pendingAcceptance",
		},
		CrossRegion: []string{"peerTransitGatewayId"},
		Check: func(o *op) error {
			peers, err := o.find(text(o.in, "peerTransitGatewayId"), typeTransitGateway)
			if err != nil || len(peers) == 0 {
				return err
			}
			if region := text(o.in, "peerRegion"); peers[0].Scope.Region != region {
				return o.refuse("InvalidTransitGatewayID.NotFound", "transit gateway %s does not exist in %s: it is in %s", peers[0].ID, region, peers[0].Scope.Region)
			}
			if peers[0].ID == text(o.in, "transitGatewayId") {
				return o.refuse("InvalidParameterValue", "a transit gateway cannot be peered with itself")
			}
			return nil
		},
	},
	{
		Type: typeTransitAccepter, Service: "EC2", ID: "{transitGatewayAttachmentId}", Auto: autoname{none: true},
		Set:         map[string]string{"peerAccountId": "{account}"},
		CrossRegion: []string{"transitGatewayAttachmentId"},
		Unique:      []string{"{transitGatewayAttachmentId}"}, Exists: "IncorrectState",
		Check: func(o *op) error {
			id := text(o.in, "transitGatewayAttachmentId")
			asked, err := o.find(id, typeTransitPeering)
			if err != nil {
				return err
			}
			if len(asked) == 0 || text(asked[0].Inputs, "peerRegion") != o.region {
				return o.refuse("InvalidTransitGatewayAttachmentID.NotFound", "no peering attachment %s was asked for in %s", id, o.region)
			}
			o.out["transitGatewayId"] = text(asked[0].Inputs, "peerTransitGatewayId")
			o.out["peerTransitGatewayId"] = text(asked[0].Inputs, "transitGatewayId")
			o.out["peerRegion"] = asked[0].Scope.Region
			return nil
		},
	},
	{
		Type: typeTransitRoute, Service: "EC2", ID: "{transitGatewayRouteTableId}_{destinationCidrBlock}", Auto: autoname{none: true},
		Unique: []string{"{transitGatewayRouteTableId} {destinationCidrBlock}"}, Exists: "RouteAlreadyExists",
		Check: func(o *op) error {
			if hole, to := truth(o.in, "blackhole"), text(o.in, "transitGatewayAttachmentId"); hole == (to != "") {
				return o.refuse("InvalidParameterCombination", "give one of blackhole and transitGatewayAttachmentId")
			}
			return o.available()
		},
	},
	{
		Type: typeTransitAssociation, Service: "EC2", ID: "{transitGatewayRouteTableId}_{transitGatewayAttachmentId}", Auto: autoname{none: true},
		Unique: []string{"{transitGatewayAttachmentId}"}, Exists: "Resource.AlreadyAssociated",
		Check: func(o *op) error {
			if err := o.available(); err != nil || truth(o.in, "replaceExistingAssociation") {
				return err
			}
			// One is associated with the default table as soon as it exists, where
			// neither the gateway nor the attachment says otherwise.
			id := text(o.in, "transitGatewayAttachmentId")
			found, err := o.find(id, typeTransitVPC)
			if err != nil || len(found) == 0 || at(found[0].Inputs, "transitGatewayDefaultRouteTableAssociation") == false {
				return err
			}
			gateways, err := o.find(text(found[0].Inputs, "transitGatewayId"), typeTransitGateway)
			if err == nil && len(gateways) > 0 && text(gateways[0].Inputs, "defaultRouteTableAssociation") != "disable" {
				return o.refuse("Resource.AlreadyAssociated", "%s is associated with the default route table", id)
			}
			return err
		},
		Compute: transitResource,
	},
	{
		Type: typeTransitPropagation, Service: "EC2", ID: "{transitGatewayRouteTableId}_{transitGatewayAttachmentId}", Auto: autoname{none: true},
		Unique: []string{"{transitGatewayRouteTableId} {transitGatewayAttachmentId}"}, Exists: "TransitGatewayRouteTablePropagation.Duplicate",
		Check: func(o *op) error {
			id := text(o.in, "transitGatewayAttachmentId")
			peerings, err := o.find(id, typeTransitPeering)
			if err == nil && len(peerings) > 0 {
				return o.refuse("InvalidParameterValue", "%s is a peering attachment, which propagates no routes: add static ones", id)
			}
			return err
		},
		Compute: transitResource,
	},
}

// transitResource tells what an attachment attaches.
func transitResource(o *op) error {
	id := text(o.in, "transitGatewayAttachmentId")
	vpcs, err := o.find(id, typeTransitVPC)
	if err != nil {
		return err
	}
	o.out["resourceType"], o.out["resourceId"] = "peering", ""
	for _, a := range vpcs {
		o.out["resourceType"], o.out["resourceId"] = "vpc", text(a.Inputs, "vpcId")
	}
	peerings, err := o.find(id, typeTransitPeering)
	if err != nil {
		return err
	}
	for _, a := range peerings {
		o.out["resourceId"] = text(a.Inputs, "peerTransitGatewayId")
		if a.Scope.Region != o.region {
			o.out["resourceId"] = text(a.Inputs, "transitGatewayId")
		}
	}
	return nil
}

// available checks that an attachment can be routed to: it belongs to the
// table's gateway, and a peering has been accepted.
func (o *op) available() error {
	id := text(o.in, "transitGatewayAttachmentId")
	if id == "" {
		return nil
	}
	tables, err := o.find(text(o.in, "transitGatewayRouteTableId"), typeTransitTable)
	if err != nil || len(tables) == 0 {
		return err
	}
	var ends []string
	vpcs, err := o.find(id, typeTransitVPC)
	if err != nil {
		return err
	}
	for _, a := range vpcs {
		ends = append(ends, text(a.Inputs, "transitGatewayId"))
	}
	peerings, err := o.find(id, typeTransitPeering)
	if err != nil {
		return err
	}
	for _, a := range peerings {
		accepted, err := o.find(id, typeTransitAccepter)
		if err != nil {
			return err
		}
		if len(accepted) == 0 {
			return o.refuse("IncorrectState", "%s is in invalid state: it is pendingAcceptance", id)
		}
		end := "transitGatewayId"
		if a.Scope.Region != o.region {
			end = "peerTransitGatewayId"
		}
		ends = append(ends, text(a.Inputs, end))
	}
	if gateway := text(tables[0].Inputs, "transitGatewayId"); !slices.Contains(ends, gateway) {
		return o.refuse("InvalidTransitGatewayAttachmentID.NotFound", "%s is not attached to %s", id, gateway)
	}
	return nil
}

// attachedTo checks that a network is attached to a transit gateway.
func (o *op) attachedTo(gateway, vpc string) error {
	attached := false
	err := o.eachOf(o.scope, typeTransitVPC, func(r *Resource) error {
		attached = attached || text(r.Inputs, "transitGatewayId") == gateway && text(r.Inputs, "vpcId") == vpc
		return nil
	})
	if err == nil && !attached {
		return o.refuse("InvalidTransitGatewayID.NotFound", "the transit gateway ID '%s' does not exist: VPC %s has no attachment to it", gateway, vpc)
	}
	return err
}
