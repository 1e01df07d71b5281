package failover

import "time"

// Range is the least and the most of a time; a run draws from it.
type Range struct{ Least, Most time.Duration }

// Timings are how long the parts take that no setting of the platform decides.
// Each figure has a source, or says that it is assumed.
type Timings struct {
	// Lag is how late the secondary of an Aurora global database is: "typically under
	// a second" (Aurora user guide, "Using Amazon Aurora Global Database").
	Lag Range
	// Promotion is a failover to another region: "RTO … in the order of minutes"
	// (Aurora user guide, "Using switchover or failover in Amazon Aurora Global
	// Database"); one to three of them.
	Promotion Range
	// Fence is how long after the start of a failover the old writer still takes
	// writes, where it can be reached; where not, it goes on. "Write fencing is
	// best-effort" (same guide); the time is assumed.
	Fence Range
	// Switchover is a planned one: "typically … minutes" (same guide); half to two of
	// them.
	Switchover Range
	// WriterFailover is a failover to a reader of the same cluster: "typically within
	// 60 seconds, and often within 30" (Aurora user guide, "High availability for
	// Amazon Aurora").
	WriterFailover Range
	// WriterCache is how long applications use an address of the global writer
	// endpoint (Aurora user guide, "global writer endpoint": DNS cache about 5 s).
	WriterCache time.Duration
	// AliasTTL is how long resolvers keep an alias record of a load balancer (Route 53
	// developer guide, "Choosing between alias and non-alias records": 60 s for ELB).
	AliasTTL time.Duration
	// CheckersPerRegion is how many health checkers Route 53 has in a region. Assumed.
	CheckersPerRegion int
	// CheckConnect and CheckAnswer are how long a checker waits to connect and then
	// for the answer; HealthyShare is what part of the checkers has to be exceeded for
	// healthy (Route 53 developer guide, "How Amazon Route 53 determines whether a
	// health check is healthy": 4 s, 2 s, 18 %).
	CheckConnect, CheckAnswer time.Duration
	HealthyShare              float64
	// CheckSpread is how long a change of health takes to reach all DNS servers.
	// Assumed.
	CheckSpread Range
	// AlarmDelay is how long after a period's end CloudWatch has evaluated it.
	// Assumed.
	AlarmDelay Range
	// EventDelay is from an alarm to the start of the machine: EventBridge delivers
	// "in about half a second" (EventBridge FAQ). The most is assumed.
	EventDelay Range
	// Call is a call of an AWS API. Assumed.
	Call Range
	// PodStart is how long a new pod takes to serve, with room on a node: the sum of
	// what resilience/rollout has for its parts.
	PodStart Range
	// ScalerSync is how often the autoscaler looks (kube-controller-manager,
	// --horizontal-pod-autoscaler-sync-period).
	ScalerSync time.Duration
	// BalancerGone is when the name of a load balancer has lost the address in a lost
	// zone. Assumed.
	BalancerGone time.Duration
	// Person is how long a person takes to answer, where one is asked. Assumed.
	Person Range
}

// DefaultTimings are the figures of the sources named at [Timings].
func DefaultTimings() Timings {
	s := time.Second
	return Timings{
		Lag:               Range{200 * time.Millisecond, s},
		Promotion:         Range{60 * s, 180 * s},
		Fence:             Range{0, 10 * s},
		Switchover:        Range{30 * s, 120 * s},
		WriterFailover:    Range{15 * s, 60 * s},
		WriterCache:       5 * s,
		AliasTTL:          60 * s,
		CheckersPerRegion: 3,
		CheckConnect:      4 * s,
		CheckAnswer:       2 * s,
		HealthyShare:      0.18,
		CheckSpread:       Range{s, 5 * s},
		AlarmDelay:        Range{5 * s, 20 * s},
		EventDelay:        Range{500 * time.Millisecond, 2 * s},
		Call:              Range{50 * time.Millisecond, 400 * time.Millisecond},
		PodStart:          Range{8 * s, 23 * s},
		ScalerSync:        15 * s,
		BalancerGone:      30 * s,
		Person:            Range{120 * s, 300 * s},
	}
}
