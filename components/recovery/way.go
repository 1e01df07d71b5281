package recovery

import (
	"fmt"
	"net/netip"
)

// way is how applications of this region reach the other region's database: by
// this region's transit gateway. Blocks are the two halves of the other region's
// addresses. A route for a half is more specific than the one that leads there, and
// "the most specific route" wins (Amazon VPC Transit Gateways, "How Amazon VPC Transit
// Gateways work"), so that a black hole for each takes the way without a change of what
// leads.
type way struct {
	RouteTableID string
	Blocks       [2]string
}

// halves are the two halves of a block of IPv4 addresses.
func halves(block string) ([2]string, error) {
	p, err := netip.ParsePrefix(block)
	if err != nil || !p.Addr().Is4() || p.Bits() > 31 || p != p.Masked() {
		return [2]string{}, fmt.Errorf("%q is no IPv4 block with two halves", block)
	}
	upper := p.Addr().As4()
	upper[p.Bits()/8] |= 1 << (7 - p.Bits()%8)
	return [2]string{
		netip.PrefixFrom(p.Addr(), p.Bits()+1).String(), netip.PrefixFrom(netip.AddrFrom4(upper), p.Bits()+1).String(),
	}, nil
}

// replicatedSeconds is until what the other region's writer took last is here:
// "typically under a second" (Aurora user guide, global databases).
const replicatedSeconds = 10

// cut adds the states that take the way to the other region, from MarkCut to next,
// and those that give it back: from Cut? to after, and once people were told of a
// failure. The global writer endpoint names the old writer until the promotion is
// over, and what applications here write to it behind the promotion is lost: clients
// are led to this region by then, so nobody else writes.
func (p *plan) cut(s map[string]state, next, after string) {
	route := func(name, integration, next, failed string, block int) {
		parameters := object{"TransitGatewayRouteTableId": p.Way.RouteTableID, "DestinationCidrBlock": p.Way.Blocks[block]}
		if integration == createRoute {
			parameters["Blackhole"] = true
		}
		s[name] = call(integration, parameters, next, on(failed, anyError))
	}
	s["MarkCut"] = state{Type: "Pass", Result: true, ResultPath: "$.cut", Next: "CutWay 1"}
	route("CutWay 1", createRoute, "CutWay 2", "CutWay 2", 0) // it is cut already, or Aurora has to do
	route("CutWay 2", createRoute, "AwaitReplicated", "AwaitReplicated", 1)
	s["AwaitReplicated"] = wait(replicatedSeconds, "RecordCut").because("Until what the old writer took is here")
	s["RecordCut"] = p.record("cut", next)

	give := func(first, told, next string) {
		s[first+"?"] = choice(next, isTrue("$.cut").to(first+" 1"))
		route(first+" 1", deleteRoute, first+" 2", told, 0)
		route(first+" 2", deleteRoute, next, told, 1)
		s[told] = p.notify("Takeover in "+p.Region+": the way to "+p.OtherRegion+" is cut", object{
			"remedy": fmt.Sprintf("delete the routes to %s and %s from the route table %s of the transit gateway", p.Way.Blocks[0], p.Way.Blocks[1], p.Way.RouteTableID),
		}, next)
	}
	give("OpenWay", "TellCut", after)
	give("UndoCut", "TellCutLeft", "Failed")
	tell := s["NotifyFailure"]
	tell.Next = "UndoCut?"
	tell.Catch = []catcher{on("UndoCut?", anyError)}
	s["NotifyFailure"] = tell
}
