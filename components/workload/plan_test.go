package workload

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyArgs draws arguments of the kind that the planners look at, valid and not.
func anyArgs(t *rapid.T) *WorkloadArgs {
	a := &WorkloadArgs{
		Image: "shop:1", Priority: rapid.IntRange(2, 50000).Draw(t, "priority"),
		MinReplicas: rapid.IntRange(2, 40).Draw(t, "minReplicas"), MaxReplicas: 100,
		DrainSeconds: rapid.IntRange(15, 3600).Draw(t, "drain"), ShutdownSeconds: rapid.IntRange(1, 3600).Draw(t, "shutdown"),
	}
	switch rapid.IntRange(0, 2).Draw(t, "kind") {
	case 1:
		a.Canary = &Canary{
			Image: "shop:2", WeightPercent: rapid.IntRange(0, 100).Draw(t, "weight"), MinReplicas: rapid.IntRange(0, 40).Draw(t, "canaryReplicas"),
		}
	case 2:
		a.BlueGreen = &BlueGreen{GreenImage: "shop:2", Live: rapid.SampledFrom([]Color{"", Blue, Green}).Draw(t, "live")}
	}
	return a.withDefaults()
}

func TestWeightsAlwaysSumUpToAllRequests(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sum, suffixes := 0, map[string]bool{}
		for _, track := range anyArgs(t).tracks() {
			require.GreaterOrEqual(t, track.weight, 0)
			sum += track.weight
			suffixes[track.suffix] = true
		}
		require.Equal(t, 100, sum)
		require.True(t, suffixes[""], "the first track never moves")
	})
}

func TestEveryTrackHasPodsForItsPartOfTheRequests(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyArgs(t)
		p := &problems{}
		if a.validateTracks(p); len(p.ErrorList) > 0 {
			t.Skip("refused")
		}
		for _, track := range a.tracks() {
			require.GreaterOrEqual(t, track.minReplicas*100, a.MinReplicas*track.weight, track.suffix)
			require.GreaterOrEqual(t, track.minReplicas, 2)
		}
	})
}

func TestTheWeightsGoRightBeforeTheRuleForAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyArgs(t)
		require.Equal(t, a.Priority-1, a.weightsPriority())
		require.GreaterOrEqual(t, a.weightsPriority(), 1, "AWS's lowest")
	})
}

func TestAPodIsNotKilledWhileItStillServes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyArgs(t)
		require.Greater(t, a.gracePeriod(), a.DrainSeconds)
		require.LessOrEqual(t, a.DeregistrationDelaySeconds, a.DrainSeconds)
	})
}

func TestNamesOfEveryTrackFitTheirLimits(t *testing.T) {
	for _, second := range []*WorkloadArgs{{Canary: &Canary{}}, {BlueGreen: &BlueGreen{}}} {
		for _, track := range second.withDefaults().tracks() {
			require.LessOrEqual(t, maxNameLength+len(track.suffix)+len("-1234567"), 32, "a target group's name")
		}
	}
	// Kubernetes adds 11 characters to a CronJob's name for those of its jobs.
	require.LessOrEqual(t, maxNameLength+len("-12345678901234567890-start"), 52, "a CronJob's name")
}
