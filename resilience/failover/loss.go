package failover

import (
	"fmt"
	"slices"
	"strings"
)

// Loss is what is lost in a drill: the name of a region or of a zone, or one of
// the constants.
type Loss string

const (
	// LoseWriter takes the database instance that writes. A reader of the same
	// cluster takes its place.
	LoseWriter Loss = "writer"
	// LoseBalancer takes the primary region's load balancer, and nothing else.
	LoseBalancer Loss = "balancer"
	// LoseDNSControl takes the control planes of Route 53 and CloudFront.
	LoseDNSControl Loss = "dns-control"
	// Partition cuts the two regions off from each other. Clients reach both.
	Partition Loss = "partition"
	// Isolation cuts the primary region off from everybody but a quarter of the
	// clients and the health checkers that are in the region itself.
	Isolation Loss = "isolation"
	// Forced loses nothing: a person starts the takeover with force.
	Forced Loss = "forced"
)

// isolatedShare is the part of the clients that reach a region in an Isolation.
const isolatedShare = 0.25

// Losses are all losses that a platform can be drilled with, in the order of
// reports.
func (p *Platform) Losses() []Loss {
	var all []Loss
	for _, r := range p.Regions {
		all = append(all, Loss(r.Name))
	}
	for _, z := range p.Regions[0].Service.Zones {
		all = append(all, Loss(z.Name))
	}
	return append(all, LoseWriter, LoseBalancer, LoseDNSControl, Partition, Isolation, Forced)
}

// check refuses what is no loss of the platform.
func (p *Platform) check(l Loss) error {
	all := p.Losses()
	if slices.Contains(all, l) {
		return nil
	}
	names := make([]string, len(all))
	for i, one := range all {
		names[i] = string(one)
	}
	return fmt.Errorf("%q cannot be lost: choose one of %s", l, strings.Join(names, ", "))
}

// lost is what has been lost.
type lost struct {
	regions  map[string]bool
	zone     string
	balancer bool
	cut      bool
	isolated bool
}

// place is where a request comes from: a region, or somewhere else, with the rank
// from 0 to 1 that tells who still reaches an isolated region.
type place struct {
	region string
	rank   float64
}

// reaches tells whether packets get from a place to a region.
func (w *World) reaches(from place, region string) bool {
	if w.lost.regions[region] || w.lost.regions[from.region] {
		return false
	}
	if from.region == region {
		return true
	}
	home := w.home.Name
	if w.lost.isolated && (region == home || from.region == home) {
		return from.region == "" && from.rank < isolatedShare
	}
	return !w.lost.cut || from.region != home && from.region != w.standby.Name
}

// lose lets it happen.
func (w *World) lose(l Loss) {
	switch l {
	case LoseWriter:
		w.failWriter()
	case LoseBalancer:
		w.lost.balancer = true
	case LoseDNSControl: // nothing that serves requests calls it
	case Partition:
		w.lost.cut = true
		w.db.broken(w)
	case Isolation:
		w.lost.isolated = true
		w.db.broken(w)
	case Forced:
		w.start(w.machine("takeover", w.standby.Name), `{"mode":"failover","force":true,"reason":"a drill"}`)
	default:
		if w.region(string(l)) != nil {
			w.lost.regions[string(l)] = true
			w.db.broken(w)
			break
		}
		w.lost.zone = string(l)
		w.loseZone()
	}
	w.event("%s", what(l))
}

// what tells a loss in words.
func what(l Loss) string {
	switch l {
	case LoseWriter:
		return "the database's writer is lost"
	case LoseBalancer:
		return "the load balancer is lost"
	case LoseDNSControl:
		return "the control planes of DNS and CDN are lost"
	case Partition:
		return "the regions are cut off from each other"
	case Isolation:
		return "the region is cut off from most of the world"
	case Forced:
		return "a person starts the takeover"
	}
	return string(l) + " is lost"
}

// machine is the ARN of a region's machine with a name such as takeover, "" where
// there is none.
func (w *World) machine(name, region string) string {
	for _, m := range w.P.Machines {
		if m.Region == region && strings.Contains(m.Name, name) {
			return m.ARN
		}
	}
	return ""
}
