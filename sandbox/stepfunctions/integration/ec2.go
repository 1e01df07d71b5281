package integration

import (
	"encoding/json"
	"fmt"
	"net/netip"

	"github.com/tandem-platform/tandem/sandbox/cloud"
)

const (
	typeTransitTable = "aws:ec2transitgateway/routeTable:RouteTable"
	typeTransitRoute = "aws:ec2transitgateway/route:Route"
)

type transitRouteParameters struct {
	TransitGatewayRouteTableId, DestinationCidrBlock, TransitGatewayAttachmentId string //nolint:revive // the field's name in the API
	Blackhole                                                                    bool
}

// transitRoute reads the parameters of an action on a route of a transit gateway,
// and finds the table.
func (c *call) transitRoute(raw json.RawMessage, action string) (p transitRouteParameters, block netip.Prefix, err error) {
	if err = decode(raw, &p, "TransitGatewayRouteTableId", "DestinationCidrBlock"); err != nil {
		return p, block, err
	}
	if err = c.may(action, fmt.Sprintf("arn:aws:ec2:%s:%s:transit-gateway-route-table/%s", c.region, c.account(), p.TransitGatewayRouteTableId), nil); err != nil {
		return p, block, err
	}
	if block, err = netip.ParsePrefix(p.DestinationCidrBlock); err != nil || block != block.Masked() {
		return p, block, refuse("Ec2.Ec2Exception", "Value (%s) for parameter destinationCidrBlock is invalid", p.DestinationCidrBlock)
	}
	table, err := c.find(typeTransitTable, func(r *cloud.Resource) bool { return r.ID == p.TransitGatewayRouteTableId })
	if err == nil && table == nil {
		err = refuse("Ec2.Ec2Exception", "Transit Gateway Route Table %s was not found", p.TransitGatewayRouteTableId)
	}
	return p, block, err
}

// createTransitGatewayRoute makes a black hole, which no program knows of.
func createTransitGatewayRoute(c *call, raw json.RawMessage) (any, error) {
	p, block, err := c.transitRoute(raw, "ec2:CreateTransitGatewayRoute")
	switch {
	case err != nil:
		return nil, err
	case !p.Blackhole || p.TransitGatewayAttachmentId != "":
		return nil, refuse("States.Runtime", "the sandbox simulates black holes alone")
	}
	static, err := c.find(typeTransitRoute, func(r *cloud.Resource) bool {
		return r.Text("transitGatewayRouteTableId") == p.TransitGatewayRouteTableId && r.Text("destinationCidrBlock") == p.DestinationCidrBlock
	})
	if err != nil {
		return nil, err
	}
	holes := c.blackholes[p.TransitGatewayRouteTableId]
	if static != nil || holes[block] {
		return nil, refuse("Ec2.Ec2Exception", "Route %s already exists in Transit Gateway Route Table %s", block, p.TransitGatewayRouteTableId)
	}
	if holes == nil {
		holes = map[netip.Prefix]bool{}
		if c.blackholes == nil {
			c.blackholes = map[string]map[netip.Prefix]bool{}
		}
		c.blackholes[p.TransitGatewayRouteTableId] = holes
	}
	holes[block] = true
	if err := c.look(); err != nil {
		return nil, err
	}
	return map[string]any{"Route": map[string]any{"DestinationCidrBlock": block.String(), "Type": "static", "State": "blackhole"}}, nil
}

func deleteTransitGatewayRoute(c *call, raw json.RawMessage) (any, error) {
	p, block, err := c.transitRoute(raw, "ec2:DeleteTransitGatewayRoute")
	if err != nil {
		return nil, err
	}
	holes := c.blackholes[p.TransitGatewayRouteTableId]
	if !holes[block] {
		return nil, refuse("Ec2.Ec2Exception", "Route %s was not found in Transit Gateway Route Table %s", block, p.TransitGatewayRouteTableId)
	}
	delete(holes, block)
	if err := c.look(); err != nil {
		return nil, err
	}
	return map[string]any{"Route": map[string]any{"DestinationCidrBlock": block.String(), "Type": "static", "State": "deleted"}}, nil
}

// Cut says whether black holes take the way from a region's network to another's: all
// of what a route of its transit gateway leads to, since the more specific route
// decides.
func (s *Services) Cut(region string) bool { return s.cut[region] }

// look finds out which regions' ways are cut.
func (s *Services) look() error {
	routes, err := s.Cloud.ResourcesOf(typeTransitRoute)
	s.cut = map[string]bool{}
	for _, r := range routes {
		block, invalid := netip.ParsePrefix(r.Text("destinationCidrBlock"))
		if invalid == nil && covered(block, s.blackholes[r.Text("transitGatewayRouteTableId")]) {
			s.cut[r.Scope.Region] = true
		}
	}
	return err
}

// covered tells whether all of a block lies in others.
func covered(block netip.Prefix, by map[netip.Prefix]bool) bool {
	within := false
	for other := range by {
		if other.Bits() <= block.Bits() && other.Contains(block.Addr()) {
			return true
		}
		within = within || block.Contains(other.Addr())
	}
	if !within || !block.Addr().Is4() {
		return false
	}
	upper := block.Addr().As4()
	upper[block.Bits()/8] |= 1 << (7 - block.Bits()%8)
	return covered(netip.PrefixFrom(block.Addr(), block.Bits()+1), by) && covered(netip.PrefixFrom(netip.AddrFrom4(upper), block.Bits()+1), by)
}
