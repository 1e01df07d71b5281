package failover

import (
	"math"
	"time"
)

// Cause is why a request failed.
type Cause string

const (
	// Unreachable: no connection to the region that the resolver named.
	Unreachable Cause = "unreachable"
	// NoTarget: the load balancer sent it to a pod that is gone, or had none.
	NoTarget Cause = "no target"
	// Overloaded: no pod had time for it.
	Overloaded Cause = "overloaded"
	// NoWriter: the database that the application wrote to did not take it.
	NoWriter Cause = "no writer"
)

// Causes are all of them, in the order of reports.
var Causes = []Cause{Unreachable, NoTarget, Overloaded, NoWriter}

// edge is one of CloudFront's locations. Its resolver looks up again as soon as an
// answer is over, because others ask as well; so a connection may be made by an
// answer that is nearly over.
type edge struct {
	number int
	from   place
	// origin and read are its ways to the two names, the second where the platform has
	// it.
	origin, read way
}

// way is how an edge reaches a name.
type way struct {
	answer string // a region
	// connected is the region of its open connection, opened when it was made, used
	// when it was last.
	connected    string
	opened, used time.Time
}

func (w *World) beginTraffic() {
	for i := range w.load.Edges {
		e := &edge{number: i, from: place{rank: (float64(i) + 0.5) / float64(w.load.Edges)}}
		w.keepResolved(&e.origin, w.origin)
		if len(w.P.Reads) > 0 {
			w.keepResolved(&e.read, func() string { return w.readRegion(e) })
		}
		w.edges = append(w.edges, e)
	}
	w.Clock.Every(0, tick, func() bool {
		w.serve()
		return true
	})
}

// keepResolved has an edge's resolver ask for a name again and again.
func (w *World) keepResolved(by *way, ask func() string) {
	by.answer = ask()
	w.Clock.Every(time.Duration(w.traffic.Float64()*float64(w.t.AliasTTL)), w.t.AliasTTL, func() bool {
		by.answer = ask()
		return true
	})
}

// serve makes the requests of one tick.
func (w *World) serve() {
	for _, r := range w.P.Regions {
		c := w.serving[r.Name]
		c.waiting = math.Max(0, c.waiting-float64(c.ready())*w.load.PodRequestsPerSecond*tick.Seconds())
	}
	w.due += w.load.RequestsPerSecond * tick.Seconds()
	for ; w.due >= 1; w.due-- {
		e := w.edges[w.traffic.IntN(len(w.edges))]
		writes := w.traffic.Float64() < w.load.WriteShare
		cause := w.request(e, writes)
		w.count(cause)
	}
}

// request is one request, by an edge. "" is a good answer.
func (w *World) request(e *edge, writes bool) Cause {
	by := &e.origin
	if len(w.P.Reads) > 0 && !writes && w.traffic.Float64() < w.load.SharedReads {
		by = &e.read
	}
	if !w.open(e, by) {
		by.connected, by.opened = w.connect(e, by.answer), w.now()
	}
	region := by.connected
	if region == "" {
		return Unreachable
	}
	by.used = w.now()
	if by.used.Sub(by.opened) >= w.region(region).LongestConnection {
		by.connected = "" // closed with this answer
	}
	c := w.serving[region]
	c.arrived++
	switch {
	case c.ready() == 0 || w.hitsLostPod(c):
		return NoTarget
	case c.waiting > float64(c.ready())*w.load.PodRequestsPerSecond*w.load.Patience.Seconds():
		return Overloaded
	}
	c.waiting++
	if writes && !w.db.write(w, region) {
		return NoWriter
	}
	return ""
}

// open tells whether an edge has a connection that it can use. One that is older
// than the load balancer lets it be takes one more request (Elastic Load Balancing,
// "HTTP client keepalive duration").
func (w *World) open(e *edge, by *way) bool {
	return by.connected != "" && w.now().Sub(by.used) < w.P.KeepAlive &&
		w.reaches(e.from, by.connected) && !(w.lost.balancer && by.connected == w.home.Name)
}

// connect opens a connection to a region: another address at each attempt, one in
// each zone of the load balancer. It returns the region, "" for none.
func (w *World) connect(e *edge, region string) string {
	if !w.reaches(e.from, region) || w.lost.balancer && region == w.home.Name {
		return ""
	}
	if w.lost.zone == "" || region != w.home.Name || w.now().After(w.lostAt.Add(w.t.BalancerGone+w.t.AliasTTL)) {
		return region
	}
	zones := w.home.Service.BalancerZones
	first := w.traffic.IntN(len(zones))
	for i := range min(w.P.ConnectAttempts, len(zones)) {
		if zones[(first+i)%len(zones)] != w.lost.zone {
			return region
		}
	}
	return ""
}

// capacity is the pods of a region.
type capacity struct {
	// running are pods that serve, gone those in a lost zone that the load balancer
	// still sends requests to.
	running, gone int
	starting      int
	waiting       float64 // requests
	arrived       int     // since the autoscaler has looked
}

// ready is how many pods serve.
func (c *capacity) ready() int { return c.running }

// hitsLostPod tells whether the load balancer picks a pod that is gone.
func (w *World) hitsLostPod(c *capacity) bool {
	return c.gone > 0 && w.traffic.IntN(c.running+c.gone) < c.gone
}

func (w *World) beginCapacity() {
	for _, r := range w.P.Regions {
		c := &capacity{running: r.Service.Replicas}
		w.serving[r.Name] = c
		w.Clock.Every(time.Duration(w.rand.Float64()*float64(w.t.ScalerSync)), w.t.ScalerSync, func() bool {
			w.scale(r, c)
			return true
		})
	}
}

// scale is a look of the autoscaler: it adds what the load of the last interval
// asks for, at most as many as there are or four (the HorizontalPodAutoscaler's
// default policies), and takes nothing away.
func (w *World) scale(r *Region, c *capacity) {
	load := float64(c.arrived) / w.t.ScalerSync.Seconds()
	c.arrived = 0
	if w.lost.regions[r.Name] {
		return
	}
	least := r.Service.Replicas
	if w.machinery != nil {
		least = max(least, w.machinery.LeastPods(r.Name))
	}
	wanted := least
	if u := r.Service.TargetUtilization; u > 0 {
		// What a pod is used for tells no more than that it is busy.
		ratio := math.Min(load/(float64(c.running)*w.load.PodRequestsPerSecond), 1) / u
		if c.running > 0 && ratio > 1.1 { // the tolerance of 10 %
			wanted = max(wanted, int(math.Ceil(float64(c.running)*ratio)))
		}
	}
	have := c.running + c.starting
	wanted = min(wanted, max(r.Service.MaxReplicas, least), have+max(have, 4))
	for ; have < wanted; have++ {
		c.starting++
		w.Clock.After(w.draw(w.t.PodStart), func() {
			c.starting--
			c.running++
		})
	}
}

// loseZone takes the pods in a zone, with what the load balancer knows of them, and
// the writer where it is in the zone.
func (w *World) loseZone() {
	c := w.serving[w.home.Name]
	zones := len(w.home.Service.Zones)
	c.gone = (c.running + zones - 1) / zones
	c.running -= c.gone
	g := w.home.Service.Group
	// Checks come at their interval; the last one that fails has to time out.
	out := seconds(g.Interval*(float64(g.Unhealthy)-w.rand.Float64()) + g.Timeout)
	w.Clock.After(out, func() { c.gone = 0 })
	if w.home.Writer == w.lost.zone {
		w.failWriter()
	}
}

func (w *World) count(cause Cause) {
	r := w.report
	second := int(w.now().Sub(begin) / time.Second)
	for len(r.seconds) <= second {
		r.seconds = append(r.seconds, sample{})
	}
	s := &r.seconds[second]
	s.requests++
	if cause != "" {
		s.failed++
		if !w.now().Before(w.lostAt) {
			r.Causes[cause]++
		}
	}
	s.pods = w.serving[w.standby.Name].ready()
}
