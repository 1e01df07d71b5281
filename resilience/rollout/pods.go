package rollout

import (
	"math"
	"slices"
)

// pod is one pod with the times of its life. Times that are not known yet are
// never.
type pod struct {
	number, version, zone int
	dead                  bool // with its zone

	placed    bool
	servingAt float64 // the container answers
	// containersReadyAt is when the kubelet's probes have passed, readyAt when the
	// readiness gate is open too, availableAt when it has been for long enough.
	containersReadyAt, readyAt, availableAt float64
	registeredAt                            float64
	unreadyAt, evictAt                      float64

	// deleted is when the pod was marked to go, stops when the container is told to,
	// killed when it is.
	deleted, stops, killed float64
	deregisteredAt         float64

	busyUntil float64 // the work that it has accepted is done
	inFlight  []request
}

// answers tells whether the container takes requests.
func (p *pod) answers(now float64) bool { return !p.dead && p.servingAt <= now && now < p.stops }

// settle makes it a pod that has run for long.
func (p *pod) settle() {
	p.placed = true
	p.servingAt, p.containersReadyAt, p.readyAt, p.availableAt, p.registeredAt = -never, -never, -never, -never, -never
}

func (m *model) makePod(version int) *pod {
	m.made++
	p := &pod{
		number: m.made, version: version, zone: -1, servingAt: never, containersReadyAt: never, readyAt: never, availableAt: never,
		registeredAt: never, unreadyAt: never, evictAt: never, deleted: never, stops: never, killed: never, deregisteredAt: never, busyUntil: -never,
	}
	m.pods = append(m.pods, p)
	return p
}

// place picks the zone of a new pod, or -1 where it has to wait. Pods of one
// version are spread among themselves. Without a constraint they go where there
// are most nodes.
func (m *model) place(version int) int {
	in := make([]int, len(m.s.Zones))
	for _, p := range m.pods {
		if p.version == version && p.placed && p.deleted == never {
			in[p.zone]++
		}
	}
	best, least := -1, math.MaxInt
	for z, zone := range m.s.Zones {
		gone := z == m.lost && m.now >= m.lostAt+m.t.NodeGrace // its nodes are tainted
		if !gone || !m.s.HonorTaints {
			least = min(least, in[z])
		}
		if gone || zone.Nodes == 0 {
			continue
		}
		switch {
		case best < 0:
			best = z
		case m.s.ZoneSpread || m.s.ZonePrefer:
			if in[z] < in[best] {
				best = z
			}
		case zone.Nodes > m.s.Zones[best].Nodes:
			best = z
		}
	}
	if best >= 0 && m.s.ZoneSpread && in[best]+1-least > 1 {
		return -1
	}
	return best
}

// begins sets the times of a pod that has been placed.
func (m *model) begins(p *pod) {
	p.placed = true
	start := m.now + m.draw(m.t.Schedule)
	if p.version > 1 || m.scenario != RollingUpdate {
		start += m.draw(m.t.Pull) // a new version, or a node that has not run this one
	}
	p.servingAt = start + m.draw(m.t.AppStart)
	p.containersReadyAt = start
	if s := m.s.Startup; s != nil {
		p.containersReadyAt = passes(s, start, p.servingAt)
	}
	if r := m.s.Readiness; r != nil {
		p.containersReadyAt = passes(r, p.containersReadyAt, p.servingAt)
	}
	// The controller registers a pod once its containers are ready, whether or not
	// its gate is open.
	p.registeredAt = p.containersReadyAt + m.draw(m.t.Watch)
	for _, b := range m.balancers {
		from := p.registeredAt + m.draw(m.t.Balancer)
		b.view[p] = &target{from: from, until: never, check: from + m.rand.Float64()*m.s.Group.Interval}
	}
	if !m.s.Gate {
		p.readyAt = p.containersReadyAt
		p.availableAt = p.readyAt + m.s.MinReady
	}
}

// passes is when a probe that begins at start has passed often enough, where
// the container answers from then on.
func passes(p *Probe, start, answers float64) float64 {
	first := start + p.InitialDelay
	if answers > first {
		first += math.Ceil((answers-first)/p.Period) * p.Period
	}
	return first + float64(p.Success-1)*p.Period
}

// remove marks a pod to go: its kubelet and the load balancer's controller hear of
// it at the same time.
func (m *model) remove(p *pod) {
	p.deleted = m.now
	p.evictAt = never
	if !p.placed {
		p.stops, p.killed = m.now, m.now
		return
	}
	heard := m.now + m.draw(m.t.Watch)
	p.killed = heard + m.s.Grace
	p.stops = math.Min(heard+m.s.PreStop, p.killed)
	m.deregister(p)
}

// deregister takes a pod out of the target group.
func (m *model) deregister(p *pod) {
	if p.deregisteredAt < never {
		return
	}
	p.deregisteredAt = m.now + m.draw(m.t.Watch)
	for _, b := range m.balancers {
		if t := b.view[p]; t != nil {
			t.until = math.Max(p.deregisteredAt, p.registeredAt) + m.draw(m.t.Balancer)
		}
	}
}

// available counts the pods that Kubernetes takes to serve: ready for long
// enough. It knows nothing of the load balancer but what gates say.
func (m *model) available(version int) (n int) {
	for _, p := range m.pods {
		if p.deleted == never && p.availableAt <= m.now && m.now < p.unreadyAt && (version == 0 || p.version == version) {
			n++
		}
	}
	return n
}

// replicate is the Deployment: it makes the pods that are missing, and moves on
// from one version to the other.
func (m *model) replicate() {
	version, keep := 1, 0
	var old []*pod
	if m.updating {
		version = 2
	}
	for _, p := range m.pods {
		switch {
		case p.deleted < never:
		case p.version < version:
			old = append(old, p)
		default:
			keep++
		}
	}
	surge, unavailable := m.s.MaxSurge.of(m.desired), m.s.MaxUnavailable.of(m.desired)
	if surge == 0 && unavailable == 0 {
		unavailable = 1 // as Kubernetes resolves percentages that come to nothing
	}
	if m.s.Recreate && len(old) > 0 {
		for _, p := range old {
			m.remove(p)
		}
	}
	if m.s.Recreate && slices.ContainsFunc(m.pods, func(p *pod) bool { return p.version < version && m.now < p.killed }) {
		return
	}
	for keep < m.desired && keep+len(old) < m.desired+surge {
		m.makePod(version)
		keep++
	}
	// Those first that are of no use anyway.
	slices.SortStableFunc(old, func(a, b *pod) int { return compare(a.availableAt > m.now, b.availableAt > m.now) })
	for _, p := range old {
		if p.availableAt <= m.now && m.available(0) <= m.desired-unavailable {
			break
		}
		m.remove(p)
	}
}

func compare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// evict takes pods off drained nodes, as the budget lets it.
func (m *model) evict() {
	m.drained = slices.DeleteFunc(m.drained, func(p *pod) bool {
		if p.deleted < never {
			return true
		}
		if m.s.Budget != nil && m.available(0)-1 < m.s.Budget.healthy(m.desired) {
			return false
		}
		m.event("pod %d is evicted", p.number)
		m.remove(p)
		return true
	})
}

// advance moves every pod on by one step.
func (m *model) advance() {
	for _, p := range m.pods {
		if !p.placed && p.deleted == never {
			if z := m.place(p.version); z >= 0 {
				p.zone = z
				m.begins(p)
			}
		}
		if p.placed && p.readyAt == never && m.s.Gate {
			m.openGate(p)
		}
		if m.now >= p.unreadyAt && p.deregisteredAt == never {
			m.deregister(p)
		}
		if m.now >= p.evictAt && p.deleted == never {
			m.event("pod %d is given up with its node", p.number)
			m.remove(p)
			p.killed = m.now
		}
		p.inFlight = slices.DeleteFunc(p.inFlight, func(r request) bool { return m.ends(p, r) })
	}
	m.pods = slices.DeleteFunc(m.pods, func(p *pod) bool {
		if m.now < p.killed && !(m.now >= p.stops && len(p.inFlight) == 0) {
			return false
		}
		for _, b := range m.balancers { // requests that still come are refused
			if t := b.view[p]; t != nil && m.now >= t.until {
				delete(b.view, p)
			}
		}
		return true
	})
}

// openGate opens the readiness gate when the controller next looks at a target
// that the load balancer finds healthy.
func (m *model) openGate(p *pod) {
	healthy := 0
	for _, b := range m.balancers {
		if t := b.view[p]; !m.gone(b) && t != nil && t.usable(m.now) {
			healthy++
		}
	}
	if healthy == 0 || m.now < p.registeredAt {
		return
	}
	looks := math.Ceil((m.now-p.registeredAt)/m.t.HealthPoll) * m.t.HealthPoll
	p.readyAt = p.registeredAt + looks + m.draw(m.t.Watch)
	p.availableAt = p.readyAt + m.s.MinReady
}
