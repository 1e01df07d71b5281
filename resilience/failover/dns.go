package failover

import (
	"net/url"
	"strings"
	"time"
)

// checkState is a health check with its checkers.
type checkState struct {
	*Check
	checkers []*checker
	// healthy is what the checkers find together, seen what DNS servers know of it.
	healthy, seen bool
}

// checker is one of Route 53's health checkers for one check.
type checker struct {
	from          place
	healthy       bool
	failed, right int // in a row
}

// cached is an answer that a resolver remembers.
type cached struct {
	region string
	until  time.Time
}

// beginDNS sets the checkers going, each at a time of its own.
func (w *World) beginDNS() {
	for _, c := range w.P.Checks {
		s := &checkState{Check: c, healthy: true, seen: true}
		w.checks[c.ID] = s
		for _, region := range c.Regions {
			for range w.t.CheckersPerRegion {
				k := &checker{from: place{region: region, rank: 1}, healthy: true}
				s.checkers = append(s.checkers, k)
				w.Clock.Every(time.Duration(w.rand.Float64()*float64(c.Interval)), c.Interval, func() bool {
					w.ask(s, k)
					return true
				})
			}
		}
		if c.Host != "" && c.Inverted { // there is nothing yet
			for _, k := range s.checkers {
				k.healthy = false
			}
		}
	}
}

// ask is one look of a checker. Its result counts when the answer has come or the
// time for it is over.
func (w *World) ask(s *checkState, k *checker) {
	if w.lost.regions[k.from.region] {
		return
	}
	ok, takes := w.answers(k.from, s.Host, s.Path)
	if takes > w.t.CheckConnect {
		takes = w.t.CheckConnect
	}
	w.Clock.After(takes, func() {
		if ok {
			k.right, k.failed = k.right+1, 0
		} else {
			k.failed, k.right = k.failed+1, 0
		}
		if k.right >= s.Threshold {
			k.healthy = true
		}
		if k.failed >= s.Threshold {
			k.healthy = false
		}
		w.judge(s)
	})
}

// answers tells whether an endpoint gives a good answer, and how long it takes to
// know.
func (w *World) answers(from place, host, path string) (bool, time.Duration) {
	takes := 100 * time.Millisecond
	if bucket, rest, found := strings.Cut(host, ".s3."); found {
		region := strings.TrimSuffix(rest, ".amazonaws.com")
		if !w.reaches(from, region) {
			return false, time.Minute
		}
		return w.machinery.Object(bucket, strings.TrimPrefix(path, "/")), takes
	}
	for _, r := range w.P.Regions {
		if r.Endpoint == host {
			if !w.reaches(from, r.Name) || w.lost.balancer && r == w.home {
				return false, time.Minute
			}
			return w.serving[r.Name].ready() > 0, takes
		}
	}
	return false, time.Minute
}

// judge counts the checkers: more than 18 % have to find the endpoint healthy. Those
// in a lost region do not report.
func (w *World) judge(s *checkState) {
	reporting, healthy := 0, 0
	for _, k := range s.checkers {
		if w.lost.regions[k.from.region] {
			continue
		}
		reporting++
		if k.healthy {
			healthy++
		}
	}
	now := float64(healthy) > w.t.HealthyShare*float64(reporting)
	if s.Inverted {
		now = !now
	}
	if now == s.healthy {
		return
	}
	s.healthy = now
	w.Clock.After(w.draw(w.t.CheckSpread), func() {
		if s.seen != now && s.healthy == now {
			before := w.origin()
			s.seen = now
			if after := w.origin(); after != before {
				w.event("Route 53 answers with %s", after)
			}
		}
	})
}

// good is the health of a check as DNS servers know it.
func (w *World) good(id string) bool {
	s := w.checks[id]
	if s == nil || len(s.Children) == 0 {
		return s == nil || s.seen // a record without a check counts as healthy
	}
	n := 0
	for _, child := range s.Children {
		if w.good(child) {
			n++
		}
	}
	return (n >= s.Needed) != s.Inverted
}

// origin is the region that Route 53 answers with: the primary while it is healthy,
// else the secondary if that is, else the primary all the same (Route 53 developer
// guide, "How Amazon Route 53 chooses records when health checking is configured").
func (w *World) origin() string {
	for _, r := range w.P.Records {
		if w.answersWith(r.Check, r.Region, r.TargetHealth) {
			return r.Region
		}
	}
	return w.P.Records[0].Region
}

// answersWith tells whether a record counts as healthy.
func (w *World) answersWith(check, region string, targetHealth bool) bool {
	return w.good(check) && (!targetHealth || w.lost.regions[region] || w.serving[region].ready() > 0)
}

// resolve is the origin as a resolver knows it.
func (w *World) resolve(c *cached) string {
	if !w.now().Before(c.until) {
		c.region, c.until = w.origin(), w.now().Add(w.t.AliasTTL)
	}
	return c.region
}

// Get makes an HTTP request from a region; see the integration of HTTP tasks. Its
// own time limit is 60 s (Step Functions developer guide, "Call HTTPS APIs").
func (w *World) Get(region, _, address string, done func(status int)) {
	u, err := url.Parse(address)
	if err != nil {
		done(0)
		return
	}
	host := u.Hostname()
	if host == w.P.OriginName {
		c := w.resolvers[region]
		if c == nil {
			c = &cached{}
			w.resolvers[region] = c
		}
		host = w.region(w.resolve(c)).Endpoint
	}
	ok, takes := w.answers(place{region: region, rank: 1}, host, u.Path)
	status := 0
	switch {
	case ok:
		status = 200
	case takes < time.Minute:
		status = 503
	}
	w.Clock.After(takes, func() { done(status) })
}
