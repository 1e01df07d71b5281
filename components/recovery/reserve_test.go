package recovery

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/sandbox/stepfunctions"
)

// reserve is the plan of a further standby, behind the one in ca-central-1.
func reserve() *plan {
	return members(with(standby(), func(p *plan) { p.AheadURL = "https://prod-north.tandem.example/healthz" }))
}

func TestAReserveLeavesTheTakeoverToTheStandbyThatAnswers(t *testing.T) {
	// The common name answers, since it leads to the standby, and replication is broken.
	w := newWorld(t, reserve())
	w.third, w.ahead = "ca-central-1", true
	x := w.run(w.plan.takeover(), map[string]any{})
	require.Equal(t, "Refused", x.Failure.Error)
	require.Contains(t, x.Failure.Cause, "the region that takes over before this one answers")
	require.False(t, w.object)
	require.False(t, w.called("Promote"))

	w = newWorld(t, reserve())
	w.third, w.ahead = "ca-central-1", true
	require.Equal(t, stepfunctions.Succeeded, w.run(w.plan.takeover(), map[string]any{"force": true}).Status)
	require.Equal(t, "us-west-2", w.writer)
}

func TestAReserveTakesOverWhereBothOthersAreLost(t *testing.T) {
	w := newWorld(t, reserve())
	w.third = "ca-central-1"
	x := w.run(w.plan.takeover(), map[string]any{})
	require.Equal(t, stepfunctions.Succeeded, x.Status, "%v", x.Failure)
	require.Equal(t, "us-west-2", w.writer)
	require.True(t, w.object)
}

func TestOfTwoOtherMembersAHandOverGoesToTheOtherRegions(t *testing.T) {
	for name, third := range map[string]string{"the second of two": "ca-central-1", "the only one": ""} {
		t.Run(name, func(t *testing.T) {
			p := members(standby())
			w := newWorld(t, p)
			w.writer, w.other, w.third = p.Region, true, third
			x := w.run(p.failback(), map[string]any{})
			require.Equal(t, stepfunctions.Succeeded, x.Status, "%v", x.Failure)
			require.Equal(t, p.OtherRegion, w.writer)
		})
	}

	// The other region answers, and its member was given up: all there is is elsewhere.
	p, elsewhere := members(standby()), members(standby())
	elsewhere.OtherRegion = "ap-south-1"
	w := newWorld(t, elsewhere)
	w.writer, w.other = p.Region, true
	x := w.run(p.failback(), map[string]any{})
	require.Equal(t, "Refused", x.Failure.Error)
	require.Contains(t, x.Failure.Cause, "has no member in us-east-1 to hand over to")
}
