// Package failover says what a loss costs: how long the platform is down, how many
// requests fail, and how many writes are lost.
//
// It reads what the stacks have made, from their exported states, and runs a
// discrete event simulation on it: clients behind CloudFront whose resolvers
// remember, Route 53's health checkers and failover records, canaries, alarms, the
// autoscaler, and an Aurora global database that replicates late. What acts on a
// loss is outside of the model: it starts the state machines when a rule of
// EventBridge does (see [Machinery]), and they find in the World what they would
// find in AWS.
//
// No part of the model knows how a drill is to end. Clients know what their
// resolver told them, checkers what they have asked, and the database what it has
// been told. The same seed gives the same result.
package failover

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/tandem-platform/tandem/resilience/simulation"
)

// Machinery is what acts on a loss.
type Machinery interface {
	// Start starts the execution of a state machine.
	Start(machine, input string)
	// Object says whether an object is in a bucket.
	Object(bucket, key string) bool
	// Cut says whether the network of a region leads to the other region no more.
	Cut(region string) bool
	// LeastPods is the least number of pods that the autoscaler of a region's service
	// keeps by now.
	LeastPods(region string) int
}

// Load is what clients and pods are like, which no state says.
type Load struct {
	// RequestsPerSecond is what clients ask for. Default (zero) what holds the pods of
	// the primary region just at the autoscaler's target.
	RequestsPerSecond float64
	// WriteShare is the part of the requests that write. Default (zero) 0.2.
	WriteShare float64
	// SharedReads is the part of the reads that are on paths which CloudFront sends to
	// the name that all regions share, where there are such paths. Default (zero) 0.5.
	SharedReads float64
	// PodRequestsPerSecond is what a pod can do at 100 percent of its CPU. Default
	// (zero) 50.
	PodRequestsPerSecond float64
	// Patience is how long a request waits for a busy pod. Default (zero) 10 s.
	Patience time.Duration
	// Edges is how many of CloudFront's locations the clients come by, each with a
	// resolver of its own. Default (zero) 60.
	Edges int
}

func (l Load) withDefaults(p *Platform) Load {
	s := p.Regions[0].Service
	if l.PodRequestsPerSecond == 0 {
		l.PodRequestsPerSecond = 50
	}
	utilization := s.TargetUtilization
	if utilization == 0 {
		utilization = 0.6
	}
	if l.RequestsPerSecond == 0 {
		l.RequestsPerSecond = l.PodRequestsPerSecond * float64(s.Replicas) * utilization
	}
	if l.WriteShare == 0 {
		l.WriteShare = 0.2
	}
	if l.SharedReads == 0 {
		l.SharedReads = 0.5
	}
	if l.Patience == 0 {
		l.Patience = 10 * time.Second
	}
	if l.Edges == 0 {
		l.Edges = 60
	}
	return l
}

const (
	// warmUp is how long a run goes on before the loss at least, and moment in which
	// time after that the loss falls.
	warmUp = 5 * time.Minute
	moment = 2 * time.Minute
	// horizon is how long a run goes on after the loss: longer than a takeover that
	// waits for a person.
	horizon = 25 * time.Minute
	// tick is the time between two looks at the requests.
	tick = 100 * time.Millisecond
)

// begin is when the clock of a drill starts.
var begin = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// World is a platform with its clients, while a drill runs.
type World struct {
	P     *Platform
	Clock *simulation.Clock
	// Person answers questions of the machines with yes.
	Person bool

	t         Timings
	load      Load
	loss      Loss
	rand      *rand.Rand // of the system
	traffic   *rand.Rand // of the clients
	machinery Machinery

	home, standby *Region
	lost          lost
	lostAt        time.Time
	checks        map[string]*checkState
	resolvers     map[string]*cached // of regions
	edges         []*edge
	serving       map[string]*capacity
	db            database
	alarms        map[string]*alarmState
	runs          map[string][]run // of canaries
	due           float64

	report *Report
}

// New makes the world of a drill. Times are drawn by the seed alone.
func New(p *Platform, loss Loss, load Load, timings Timings, seed uint64) (*World, error) {
	if err := p.check(loss); err != nil {
		return nil, err
	}
	w := &World{
		P: p, Clock: simulation.New(begin), t: timings, load: load.withDefaults(p), loss: loss,
		rand: rand.New(rand.NewPCG(seed, 1)), traffic: rand.New(rand.NewPCG(seed, 2)), //nolint:gosec // a model, not a secret
		home: p.Regions[0], standby: p.Regions[1], lost: lost{regions: map[string]bool{}},
		checks: map[string]*checkState{}, resolvers: map[string]*cached{}, serving: map[string]*capacity{},
		alarms: map[string]*alarmState{}, runs: map[string][]run{},
	}
	w.lostAt = begin.Add(warmUp + w.draw(Range{0, moment}))
	w.report = &Report{Loss: loss, Seed: seed, RequestsPerSecond: w.load.RequestsPerSecond, Causes: map[Cause]int{}, lostAt: w.lostAt}
	w.db.begin(w)
	w.beginCapacity()
	w.beginDNS()
	w.beginAlarms()
	w.beginTraffic()
	return w, nil
}

// Run runs the drill to its end.
func (w *World) Run(m Machinery) *Report {
	w.machinery = m
	w.Clock.After(w.lostAt.Sub(begin), func() { w.lose(w.loss) })
	w.Clock.Run(w.lostAt.Add(horizon))
	w.Clock.Close()
	w.finish()
	return w.report
}

// Rand is what the machines draw from.
func (w *World) Rand() *rand.Rand { return w.rand }

func (w *World) now() time.Time { return w.Clock.Now() }

func (w *World) draw(r Range) time.Duration {
	return r.Least + time.Duration(w.rand.Float64()*float64(r.Most-r.Least))
}

func (w *World) region(name string) *Region {
	for _, r := range w.P.Regions {
		if r.Name == name {
			return r
		}
	}
	return nil
}

// Note adds to the report's timeline what has happened.
func (w *World) Note(what string) { w.event("%s", what) }

func (w *World) event(format string, args ...any) {
	w.report.Events = append(w.report.Events, Event{w.now().Sub(w.lostAt).Seconds(), fmt.Sprintf(format, args...)})
}

// Answer is how long a person takes to answer.
func (w *World) Answer() time.Duration { return w.draw(w.t.Person) }

// Latency is how long the next call of an API takes.
func (w *World) Latency() time.Duration { return w.draw(w.t.Call) }

// Reaches says whether a service of a region answers a caller in it.
func (w *World) Reaches(region, _ string) bool { return !w.lost.regions[region] }

// start has a machine started by EventBridge, or by a person.
func (w *World) start(machine, input string) {
	w.Clock.After(w.draw(w.t.EventDelay), func() {
		if region := regionOf(machine); machine != "" && !w.lost.regions[region] {
			w.machinery.Start(machine, input)
		}
	})
}
