// Package rollout says how many requests a service loses while its pods are
// replaced, a zone is lost, or its nodes are drained.
//
// It reads what a stack has made, from its exported state, and nothing else: the
// Deployment with its probes, the disruption budget, the autoscaler, the target
// group with its health checks and its deregistration delay, the binding between
// the two, and the weights of the listener's rules. On these it runs a small
// model in steps of a tenth of a second: a load balancer with a node in every
// zone, its controller, the kubelets, the Deployment and the autoscaler, each
// as late as [Timings] say. The same seed gives the same result.
//
// The model knows no other limits than those: nodes have room, images are to be
// had, and a new version works.
package rollout

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Service is a Deployment that a load balancer sends requests to, as a stack's
// state describes it. Times are in seconds.
type Service struct {
	// Name is the name of the Deployment, with its namespace.
	Name string
	// Replicas is how many pods there are before anything happens: the least that
	// the autoscaler keeps, or those of the Deployment where there is none.
	Replicas int
	// MaxReplicas is the most that the autoscaler makes; Replicas without one.
	MaxReplicas int
	// TargetUtilization is the part of its request of CPU, from 0 to 1, at which the
	// autoscaler holds a pod. Zero means that there is none.
	TargetUtilization float64
	// MaxSurge and MaxUnavailable are those of the rolling update.
	MaxSurge, MaxUnavailable Amount
	// Recreate means that all pods go before new ones come.
	Recreate bool
	// MinReady is how long a new pod has to have been ready to count as available.
	MinReady float64
	// Startup and Readiness are the probes; nil where there is none.
	Startup, Readiness *Probe
	// PreStop is how long a pod that is to end goes on as before. Grace is how long
	// it has in all until it is killed.
	PreStop, Grace float64
	// Gate means that pods become ready only once the target group finds them healthy.
	Gate bool
	// ZoneSpread means that a pod waits where it would make zones uneven; ZonePrefer
	// that it does not wait. HonorTaints leaves lost nodes out of account.
	ZoneSpread, ZonePrefer, HonorTaints bool
	// LostNode is how long a pod stays on a node that does not answer.
	LostNode float64
	// Budget is the disruption budget; nil where there is none.
	Budget *Budget
	// Group is the target group.
	Group TargetGroup
	// Weight is the part of the requests that the listener's rules send here, from
	// 0 to 1.
	Weight float64
	// Zones are the zones that pods can run in, with the number of nodes.
	Zones []Zone
	// BalancerZones are the zones that the load balancer has a node in.
	BalancerZones []string
}

// Amount is a number of pods, or a part of all of them.
type Amount struct {
	// Pods is the number, where Percent is not set.
	Pods int
	// Percent is the part in percent.
	Percent    int
	IsPercent  bool
	roundingUp bool
}

// of is the amount of n pods.
func (a Amount) of(n int) int {
	if !a.IsPercent {
		return a.Pods
	}
	part := float64(n) * float64(a.Percent) / 100
	if a.roundingUp {
		return int(math.Ceil(part))
	}
	return int(part)
}

// String is the amount as Kubernetes writes it.
func (a Amount) String() string {
	if a.IsPercent {
		return strconv.Itoa(a.Percent) + "%"
	}
	return strconv.Itoa(a.Pods)
}

// Probe is how the kubelet asks a container.
type Probe struct {
	InitialDelay, Period float64
	// Success is how many answers in a row count.
	Success int
}

// Budget is a PodDisruptionBudget: one of its two bounds.
type Budget struct {
	MinAvailable, MaxUnavailable *Amount
}

// healthy is how many of n pods have to stay.
func (b *Budget) healthy(n int) int {
	switch {
	case b == nil:
		return 0
	case b.MinAvailable != nil:
		return b.MinAvailable.of(n)
	case b.MaxUnavailable != nil:
		return n - b.MaxUnavailable.of(n)
	}
	return 0
}

// TargetGroup is where the load balancer finds the pods.
type TargetGroup struct {
	// DeregistrationDelay is how long requests to a pod that goes away may take.
	DeregistrationDelay float64
	// Interval and Timeout are those of a health check; Unhealthy is how many fail
	// before a target is left out.
	Interval, Timeout float64
	Unhealthy         int
}

// Zone is a zone with nodes.
type Zone struct {
	Name  string
	Nodes int
}

// Load is what clients and pods are like, which no state says.
type Load struct {
	// PodRequestsPerSecond is what a pod can do at 100 percent of its CPU. Default 50.
	PodRequestsPerSecond float64
	// RequestsPerSecond is what clients ask for. Default: what holds the pods just at
	// the autoscaler's target, or at 60 percent without an autoscaler.
	RequestsPerSecond float64
	// TypicalSeconds is the median of how long an answer takes, and LongestSeconds
	// the most, which one in a hundred takes. Default 0.2 and 10.
	TypicalSeconds, LongestSeconds float64
	// PatienceSeconds is how long a request waits for a busy pod before the client
	// gives up. Default 10.
	PatienceSeconds float64
	// Attempts is how often a client tries, at least 1. Default 2: once more, a
	// second after the first failure.
	Attempts int
}

func (l Load) withDefaults(s *Service) Load {
	or := func(v *float64, d float64) {
		if *v == 0 {
			*v = d
		}
	}
	or(&l.PodRequestsPerSecond, 50)
	or(&l.TypicalSeconds, 0.2)
	or(&l.LongestSeconds, 10)
	or(&l.PatienceSeconds, 10)
	utilization := s.TargetUtilization
	or(&utilization, 0.6)
	or(&l.RequestsPerSecond, l.PodRequestsPerSecond*float64(s.Replicas)*utilization)
	l.RequestsPerSecond *= s.Weight
	if l.Attempts == 0 {
		l.Attempts = 2
	}
	return l
}

// Scenario is what happens to the service.
type Scenario string

const (
	// RollingUpdate replaces every pod by one of a new version.
	RollingUpdate Scenario = "rolling update"
	// ZoneLoss takes the zone with most pods away, with the load balancer's node and
	// all others in it, for good.
	ZoneLoss Scenario = "zone loss"
	// NodeDrain drains all nodes that the pods are on at once, as when a node group is
	// replaced. There are other nodes in the same zones.
	NodeDrain Scenario = "node drain"
)

// Scenarios are all of them.
var Scenarios = []Scenario{RollingUpdate, ZoneLoss, NodeDrain}

// Cause is why a request failed.
type Cause string

const (
	// NoTarget: the load balancer had no target at all (503).
	NoTarget Cause = "no target"
	// Refused: the pod was not serving yet, or no longer (502).
	Refused Cause = "refused"
	// CutOff: the pod or its connection ended while it was answering (502).
	CutOff Cause = "cut off"
	// Overloaded: the pod was busy for longer than the client waits (504).
	Overloaded Cause = "overloaded"
	// Unreachable: the pod or the load balancer's node was in a lost zone (504).
	Unreachable Cause = "unreachable"
)

// Causes are all of them, in the order of reports.
var Causes = []Cause{NoTarget, Refused, CutOff, Overloaded, Unreachable}

// Report is what a run has shown.
type Report struct {
	Service  string
	Scenario Scenario
	// Requests is how many clients made. Served of them got an answer, Lost got none
	// however often they were tried. The sum of both is Requests.
	Requests, Served, Lost int
	// Failed is how many attempts failed, and Causes by cause. Retried is how many
	// requests were tried again.
	Failed, Retried int
	Causes          map[Cause]int
	// MinReady is the smallest number of pods that the load balancer could use.
	MinReady int
	// MinCapacityPercent is the smallest part of the load that these pods could carry.
	// Below 100 there is too little of them.
	MinCapacityPercent int
	// Seconds is how long it took until all was as it should be. Done is false where
	// that was not so at the end of the run.
	Seconds float64
	Done    bool
	// Timeline has a sample for every second, the first [Before] of them before
	// anything happens.
	Timeline []Sample
	// Events are what happened to pods.
	Events []Event
}

// Before is how many seconds a run shows before anything happens.
const Before = 20

// Sample is one second of a run.
type Sample struct {
	// Offered is the load and Capacity what the pods could do that the load balancer
	// uses, in requests per second.
	Offered, Capacity float64
	// Served and Failed are attempts by when they ended.
	Served, Failed int
	// Ready are the pods that the load balancer can use, Pods all that run.
	Ready, Pods int
}

// Event is something that happened, Seconds after the beginning.
type Event struct {
	Seconds float64
	What    string
}

// String is the report in a few lines.
func (r *Report) String() string {
	var b strings.Builder
	verdict := "no request lost"
	if r.Lost > 0 {
		verdict = fmt.Sprintf("%d requests lost", r.Lost)
	}
	fmt.Fprintf(&b, "%s, %s: %s\n", r.Service, r.Scenario, verdict)
	fmt.Fprintf(&b, "  requests   %d, %d served, %d retried\n", r.Requests, r.Served, r.Retried)
	fmt.Fprintf(&b, "  failures   %d", r.Failed)
	separator := ": "
	for _, c := range Causes {
		if n := r.Causes[c]; n > 0 {
			fmt.Fprintf(&b, "%s%d %s", separator, n, c)
			separator = ", "
		}
	}
	fmt.Fprintf(&b, "\n  capacity   %d pods at least, %d %% of the load\n", r.MinReady, r.MinCapacityPercent)
	if r.Done {
		fmt.Fprintf(&b, "  time       %.0f s\n", r.Seconds)
	} else {
		fmt.Fprintf(&b, "  time       not over after %.0f s\n", r.Seconds)
	}
	return b.String()
}
