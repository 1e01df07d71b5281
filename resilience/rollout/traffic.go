package rollout

import (
	"math"
	"slices"
)

// balancer is the load balancer's node of a zone: each has a view of its own of
// the targets.
type balancer struct {
	zone string
	view map[*pod]*target
	next int
}

// target is how one node of the load balancer sees a pod.
type target struct {
	from, until float64 // it is registered, as far as this node knows
	healthy     bool
	failed      int     // checks in a row
	check       float64 // when the next one is
	outAt       float64 // when the last one that failed has timed out, zero for not
}

// gone tells whether a node of the load balancer is in the lost zone.
func (m *model) gone(b *balancer) bool { return m.lost >= 0 && b.zone == m.s.Zones[m.lost].Name }

func (t *target) registered(now float64) bool { return t.from <= now && now < t.until }

func (t *target) usable(now float64) bool {
	return t.registered(now) && t.healthy && (t.outAt == 0 || now < t.outAt)
}

// look makes the health checks that are due. One that passes makes a target
// healthy that is new; one that fails does not show before its time-out.
func (m *model) look(b *balancer) {
	for p, t := range b.view {
		if !t.registered(m.now) || m.now < t.check {
			continue
		}
		t.check += m.s.Group.Interval
		if t.check < m.now { // the ones of pods that have run for long
			t.check = m.now + m.s.Group.Interval
		}
		if p.answers(m.now) {
			t.healthy, t.failed, t.outAt = true, 0, 0
			continue
		}
		if t.failed++; t.failed == m.s.Group.Unhealthy {
			t.outAt = m.now
			if p.dead { // nothing refuses the check
				t.outAt += m.s.Group.Timeout
			}
		}
	}
}

// pick is round robin over the targets that are healthy. Where none is, the load
// balancer sends to all that are registered.
func (m *model) pick(b *balancer) *pod {
	var healthy, registered []*pod
	for p, t := range b.view {
		if !t.registered(m.now) {
			continue
		}
		registered = append(registered, p)
		if t.usable(m.now) {
			healthy = append(healthy, p)
		}
	}
	if len(healthy) == 0 {
		healthy = registered
	}
	if len(healthy) == 0 {
		return nil
	}
	slices.SortFunc(healthy, func(a, b *pod) int { return a.number - b.number })
	b.next++
	return healthy[b.next%len(healthy)]
}

// request is one request, while it is answered or waits to be tried again.
type request struct {
	attempt  int
	balancer int     // that it came by
	takes    float64 // to be answered, once the pod gets to it
	ends     float64 // when it is answered
	retryAt  float64
}

// serve makes the requests of a step.
func (m *model) serve() {
	m.due += m.load.RequestsPerSecond * step
	for ; m.due >= 1; m.due-- {
		m.report.Requests++
		m.send(request{attempt: 1, balancer: -1, takes: m.duration()})
	}
	again := m.waiting
	m.waiting = nil
	for _, r := range again {
		if m.now < r.retryAt {
			m.waiting = append(m.waiting, r)
			continue
		}
		r.attempt++
		m.send(r)
	}
}

// duration is how long an answer takes: most about the median, one in a hundred
// the longest.
func (m *model) duration() float64 {
	u := m.traffic.Float64()
	if u > 0.99 {
		return m.load.LongestSeconds
	}
	return m.load.TypicalSeconds * (0.5 + u)
}

// send brings one attempt to a pod.
func (m *model) send(r request) {
	r.balancer = m.address(r.balancer)
	if r.balancer < 0 || m.gone(m.balancers[r.balancer]) {
		m.fail(r, Unreachable, m.t.Connect)
		return
	}
	p := m.pick(m.balancers[r.balancer])
	switch {
	case p == nil:
		m.fail(r, NoTarget, 0)
		return
	case p.dead:
		m.fail(r, Unreachable, m.t.Connect)
		return
	case !p.answers(m.now):
		m.fail(r, Refused, 0)
		return
	}
	begins := math.Max(m.now, p.busyUntil)
	if wait := begins - m.now; wait > m.load.PatienceSeconds {
		m.fail(r, Overloaded, m.load.PatienceSeconds)
		return
	}
	p.busyUntil = begins + 1/m.load.PodRequestsPerSecond
	m.used[len(m.used)-1]++
	r.ends = begins + r.takes
	p.inFlight = append(p.inFlight, r)
}

// address is the load balancer's node that a client comes by: any whose address
// the name has, but for the one that has just not answered; -1 where there is none.
func (m *model) address(not int) int {
	var all []int
	for i, b := range m.balancers {
		forgotten := m.gone(b) && m.now >= m.lostAt+m.t.AddressGone+m.t.AddressTTL
		if !forgotten && (i != not || len(m.balancers) == 1) {
			all = append(all, i)
		}
	}
	if len(all) == 0 {
		return -1
	}
	return all[m.traffic.IntN(len(all))]
}

// ends settles a request that a pod is answering, and tells whether it is over.
func (m *model) ends(p *pod, r request) bool {
	cut := math.Min(p.killed, p.deregisteredAt+m.s.Group.DeregistrationDelay)
	switch {
	case m.now >= cut && r.ends > cut:
		m.fail(r, CutOff, 0)
	case m.now >= r.ends:
		m.sample.Served++
		m.report.Served++
	default:
		return false
	}
	return true
}

// fail counts an attempt that failed, which its client knows after a while, and
// has it tried again.
func (m *model) fail(r request, why Cause, after float64) {
	m.report.Failed++
	m.report.Causes[why]++
	m.sample.Failed++
	if r.attempt >= m.load.Attempts {
		m.report.Lost++
		return
	}
	m.report.Retried++
	r.retryAt = m.now + after + m.t.Retry
	m.waiting = append(m.waiting, r)
}

// finish lets the last requests end.
func (m *model) finish() {
	m.load.RequestsPerSecond = 0
	for range int((m.load.PatienceSeconds + m.load.LongestSeconds + m.t.Connect + m.t.Retry + 1) * float64(m.load.Attempts) / step) {
		m.now += step
		m.advance()
		m.serve()
	}
	// What is still on its way then got no answer.
	m.report.Lost = m.report.Requests - m.report.Served
}

// scale is the autoscaler: it looks at what pods have done of late. Pods that are
// not ready count as idle, so that it does not add too many.
func (m *model) scale() {
	if m.s.TargetUtilization == 0 || m.now < m.scaleAt {
		return
	}
	m.scaleAt = m.now + m.t.ScalerSync
	sum := 0.0
	for _, u := range m.used[:len(m.used)-1] {
		sum += u
	}
	seconds := float64(len(m.used) - 1)
	if m.now < seconds-Before { // not enough has been seen
		return
	}
	ratio := sum / seconds / m.load.PodRequestsPerSecond / float64(m.desired) / m.s.TargetUtilization
	if ratio <= 1+m.t.Tolerance {
		return
	}
	// At most twice as many, or four more, as every autoscaler does by default.
	want := min(int(math.Ceil(float64(m.desired)*ratio)), max(2*m.desired, m.desired+4), m.s.MaxReplicas)
	if want > m.desired {
		m.event("the autoscaler wants %d pods", want)
		m.desired = want
	}
}
