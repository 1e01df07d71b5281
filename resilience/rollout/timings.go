package rollout

// Timings are how late the parts of the system are, in seconds. Each figure has a
// source, or says that it is assumed. Where a range is given, a run draws from it.
type Timings struct {
	// Watch is how long the API server, a kubelet or a controller takes to act on a
	// change. Assumed; the objective of Kubernetes for a mutating call alone is one
	// second (Kubernetes scalability SLOs, "API call latency").
	Watch Range
	// Schedule is the time from a pod's making to its container's start, with the
	// image on the node. Kubernetes aims at 5 s in 99 of 100 cases (Kubernetes
	// scalability SLOs, "pod startup latency").
	Schedule Range
	// Pull is how long a new image takes to be pulled. Assumed, for some 100 MB.
	Pull Range
	// AppStart is how long a container takes to serve. Assumed.
	AppStart Range
	// Balancer is how long the load balancer's nodes take to follow a registration
	// or deregistration: "about 10 s" (kubernetes-sigs/aws-load-balancer-controller,
	// issue 1719); a preStop sleep of 5 s was seen to be too short and one of 25 s to
	// be enough (issue 1064).
	Balancer Range
	// HealthPoll is how often the controller looks at the health of targets that pods
	// wait for (aws-load-balancer-controller, flag
	// --targetgroupbinding-requeue-duration).
	HealthPoll float64
	// Connect is how long the load balancer tries to connect to a target (Application
	// Load Balancers user guide, "HTTP 504: Gateway timeout").
	Connect float64
	// AddressTTL is how long clients use an address of the load balancer (Application
	// Load Balancers user guide: "the DNS entry … time-to-live (TTL) of 60 seconds").
	AddressTTL float64
	// AddressGone is how long it takes until the name has no address any more in a
	// lost zone. Assumed.
	AddressGone float64
	// NodeGrace is when a node that does not answer counts as lost
	// (kube-controller-manager, --node-monitor-grace-period, 50 s since 1.32).
	NodeGrace float64
	// ScalerSync is how often the autoscaler looks (kube-controller-manager,
	// --horizontal-pod-autoscaler-sync-period), Metrics how old its figures are
	// (metrics-server, --metric-resolution), and Tolerance what it leaves alone
	// (--horizontal-pod-autoscaler-tolerance).
	ScalerSync, Metrics, Tolerance float64
	// Retry is when a client tries again. Assumed.
	Retry float64
}

// Range is the least and the most of a time, in seconds.
type Range struct{ Least, Most float64 }

// DefaultTimings are the figures of the sources named at [Timings].
func DefaultTimings() Timings {
	return Timings{
		Watch:       Range{0.2, 2},
		Schedule:    Range{1, 5},
		Pull:        Range{3, 8},
		AppStart:    Range{3, 8},
		Balancer:    Range{2, 10},
		HealthPoll:  15,
		Connect:     10,
		AddressTTL:  60,
		AddressGone: 30,
		NodeGrace:   50,
		ScalerSync:  15,
		Metrics:     15,
		Tolerance:   0.1,
		Retry:       1,
	}
}
