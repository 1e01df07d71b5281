package workload

// track is one running version of a workload: a Deployment with all that belongs
// to it, up to its target group.
type track struct {
	// suffix follows the workload's name in the names of what belongs to the track.
	// The first track has none, so that a second one comes and goes without it.
	suffix string
	image  string
	// weight is the part of the requests, in percent.
	weight      int
	minReplicas int
}

// tracks are the versions that the arguments, with their defaults, ask for: one,
// or two whose weights sum up to 100.
func (a *WorkloadArgs) tracks() []track {
	first := track{image: a.Image, weight: 100, minReplicas: a.MinReplicas}
	switch {
	case a.Canary != nil:
		first.weight -= a.Canary.WeightPercent
		return []track{first, {"-canary", a.Canary.Image, a.Canary.WeightPercent, a.Canary.MinReplicas}}
	case a.BlueGreen != nil:
		green := track{suffix: "-green", image: a.BlueGreen.GreenImage, minReplicas: a.MinReplicas}
		if a.BlueGreen.Live == Green {
			first.weight, green.weight = 0, 100
		}
		return []track{first, green}
	}
	return []track{first}
}

// needed is how many pods carry a part of the requests which takes whole pods
// for 100 percent.
func needed(whole, percent int) int { return (whole*percent + 99) / 100 }

// weightsPriority is the place of the rule that shares the requests out, right
// before the one that sends them all to the first track.
func (a *WorkloadArgs) weightsPriority() int { return a.Priority - 1 }

// gracePeriod is how long a pod that goes away has before it is killed: it
// serves on, and then it shuts down.
func (a *WorkloadArgs) gracePeriod() int { return a.DrainSeconds + a.ShutdownSeconds }
