package rollout

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

const (
	// step is the time between two looks at everything, in seconds.
	step = 0.1
	// longest is when a run ends at the latest, in seconds: more than any timing
	// of Kubernetes or Elastic Load Balancing takes by default.
	longest = 1200
	// never is later than any run.
	never = math.MaxFloat64
)

// Simulate runs a scenario on a service. Zero fields of load have their defaults.
func Simulate(s *Service, scenario Scenario, load Load, timings Timings, seed uint64) (*Report, error) {
	switch {
	case s.Replicas < 1:
		return nil, fmt.Errorf("%s has no pods", s.Name)
	case len(s.Zones) == 0:
		return nil, fmt.Errorf("%s: the state has no node group, so nothing is known of its zones", s.Name)
	case len(s.BalancerZones) == 0:
		return nil, fmt.Errorf("%s: the state has no load balancer, so nothing is known of its zones", s.Name)
	case !slices.Contains(Scenarios, scenario):
		return nil, fmt.Errorf("no scenario %q", scenario)
	case load.Attempts < 0:
		return nil, errors.New("a request is tried at least once")
	}
	m := &model{
		s: s, scenario: scenario, load: load.withDefaults(s), t: timings,
		rand: rand.New(rand.NewPCG(seed, 1)), traffic: rand.New(rand.NewPCG(seed, 2)), //nolint:gosec // a model, not a secret
		desired: s.Replicas, lost: -1,
		report: &Report{Service: s.Name, Scenario: scenario, Causes: map[Cause]int{}, MinReady: math.MaxInt, MinCapacityPercent: math.MaxInt},
	}
	m.begin()
	m.run()
	return m.report, nil
}

// model is a run.
type model struct {
	s        *Service
	scenario Scenario
	load     Load
	t        Timings
	rand     *rand.Rand // of the system
	traffic  *rand.Rand // of the clients: changed settings leave it as it is
	now      float64
	report   *Report

	pods []*pod
	made int // how many pods there have been
	// desired is how many pods the autoscaler wants.
	desired int
	// updating means that pods of the first version have to go.
	updating bool
	// lost is the lost zone, -1 for none, and lostAt when it was lost.
	lost   int
	lostAt float64
	// drained are pods that are yet to be evicted.
	drained []*pod
	// balancers are the load balancer's nodes, one for each zone.
	balancers []*balancer
	// waiting are requests that are tried again.
	waiting []request
	due     float64 // requests that are to be made, with the part of one
	scaleAt float64
	used    []float64 // work done in each of the last seconds
	sample  Sample
	done    float64 // when the last change was over
}

func (m *model) draw(r Range) float64 { return r.Least + m.rand.Float64()*(r.Most-r.Least) }

// begin makes the pods that run when nothing has happened yet.
func (m *model) begin() {
	for _, zone := range m.s.BalancerZones {
		m.balancers = append(m.balancers, &balancer{zone: zone, view: map[*pod]*target{}})
	}
	for range m.desired {
		p := m.makePod(1)
		p.zone = m.place(p.version)
		p.settle()
		for _, b := range m.balancers {
			b.view[p] = &target{from: -never, healthy: true, until: never, check: m.rand.Float64() * m.s.Group.Interval}
		}
	}
	m.used = make([]float64, int(m.t.Metrics))
}

func (m *model) run() {
	started := false
	quiet := 0.0
	for tick := 0; m.now < longest; tick++ {
		m.now = float64(tick)*step - Before
		if !started && m.now >= 0 {
			started = true
			m.start()
		}
		m.replicate()
		m.evict()
		m.advance()
		m.scale()
		for _, b := range m.balancers {
			m.look(b)
		}
		m.serve()
		m.measure(started)
		if (tick+1)%int(1/step) == 0 {
			m.report.Timeline = append(m.report.Timeline, m.sample)
			copy(m.used, m.used[1:])
			m.used[len(m.used)-1] = 0
			m.sample = Sample{}
		}
		if quiet = m.quiet(started, quiet); quiet >= Before {
			m.report.Done = true
			break
		}
	}
	m.finish()
	m.report.Seconds = m.done
	if !m.report.Done {
		m.report.Seconds = m.now
	}
}

// quiet is for how long nothing has been on its way. A run shows some of it.
func (m *model) quiet(started bool, quiet float64) float64 {
	if !started || !m.settled() {
		m.done = math.Max(m.done, m.now)
		return 0
	}
	return quiet + step
}

// settled tells whether all pods are as they should be.
func (m *model) settled() bool {
	if m.now < 1 || len(m.drained) > 0 {
		return false
	}
	alive := 0
	for _, p := range m.pods {
		if p.deleted < never || p.availableAt > m.now || m.updating && p.version == 1 || !m.serving(p) {
			return false
		}
		alive++
	}
	return alive >= m.desired
}

// start lets the scenario begin.
func (m *model) start() {
	switch m.scenario {
	case RollingUpdate:
		m.updating = true
		m.event("the new version is rolled out")
	case NodeDrain:
		m.drained = slices.Clone(m.pods)
		m.event("the nodes are drained")
	case ZoneLoss:
		m.loseZone()
	}
}

func (m *model) event(format string, args ...any) {
	m.report.Events = append(m.report.Events, Event{m.now, fmt.Sprintf(format, args...)})
}

// loseZone takes away the zone with most pods.
func (m *model) loseZone() {
	in := make([]int, len(m.s.Zones))
	for _, p := range m.pods {
		in[p.zone]++
	}
	m.lost, m.lostAt = slices.Index(in, slices.Max(in)), m.now
	m.event("%s is lost with %d of %d pods", m.s.Zones[m.lost].Name, in[m.lost], len(m.pods))
	for _, p := range m.pods {
		if p.zone == m.lost {
			p.dead = true
			for _, r := range p.inFlight {
				m.fail(r, Unreachable, m.t.Connect)
			}
			p.inFlight = nil
			// Kubernetes finds out by the node's silence, and moves the pod when it has
			// put up with that for long enough.
			p.unreadyAt = m.now + m.t.NodeGrace
			p.evictAt = p.unreadyAt + m.s.LostNode
		}
	}
}

// measure keeps the least that there was.
func (m *model) measure(started bool) {
	ready, running := 0, 0
	for _, p := range m.pods {
		if m.serving(p) {
			ready++
		}
		if p.servingAt <= m.now && !p.dead && m.now < p.killed {
			running++
		}
	}
	capacity := float64(ready) * m.load.PodRequestsPerSecond
	m.sample.Offered, m.sample.Capacity = m.load.RequestsPerSecond, capacity
	m.sample.Ready, m.sample.Pods = ready, running
	if !started {
		return
	}
	m.report.MinReady = min(m.report.MinReady, ready)
	percent := 100
	if m.load.RequestsPerSecond > 0 {
		percent = int(math.Round(capacity / m.load.RequestsPerSecond * 100))
	}
	m.report.MinCapacityPercent = min(m.report.MinCapacityPercent, percent)
}

// serving tells whether the load balancer has the pod among those that it uses,
// on most of its nodes, and the pod answers.
func (m *model) serving(p *pod) bool {
	if !p.answers(m.now) {
		return false
	}
	nodes, use := 0, 0
	for _, b := range m.balancers {
		if m.gone(b) {
			continue
		}
		nodes++
		if t := b.view[p]; t != nil && t.usable(m.now) {
			use++
		}
	}
	return use*2 > nodes
}
