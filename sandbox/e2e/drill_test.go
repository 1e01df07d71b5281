package e2e

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	model "github.com/tandem-platform/tandem/resilience/failover"
	"github.com/tandem-platform/tandem/sandbox/drill"
	"github.com/tandem-platform/tandem/sandbox/session"
)

// ground brings both stacks up, to drill on.
func (p platform) ground(t *testing.T) *drill.Ground {
	t.Helper()
	p.must(t, func(ctx context.Context, s *session.Session) error { return s.Up(ctx) })
	_, home := p.export(t, east)
	_, standby := p.export(t, west)
	var ground *drill.Ground
	p.must(t, func(_ context.Context, s *session.Session) (err error) {
		ground, err = drill.NewGround(s.Clouds(), []byte(home), []byte(standby))
		return err
	})
	t.Cleanup(func() { require.NoError(t, ground.Close()) })
	return ground
}

// without is the ground with something else in a state of the standby's takeover
// machine.
func without(t *testing.T, g *drill.Ground, change func(states map[string]any)) *drill.Ground {
	t.Helper()
	changed, platform := *g, *g.Platform
	platform.Machines = slices.Clone(platform.Machines)
	changed.Platform = &platform
	for i := range platform.Machines {
		m := &platform.Machines[i]
		if m.Region != "us-west-2" || !strings.Contains(m.Name, "takeover") {
			continue
		}
		var d map[string]any
		require.NoError(t, json.Unmarshal([]byte(m.Definition), &d))
		change(d["States"].(map[string]any))
		text, err := json.Marshal(d)
		require.NoError(t, err)
		m.Definition = string(text)
		return &changed
	}
	t.Fatal("the standby has no takeover machine")
	return nil
}

// noRouting takes the step out that leads clients to the standby.
func noRouting(states map[string]any) {
	states["FlipRouting"] = map[string]any{"Type": "Pass", "Next": "RecordRouted"}
	delete(states, "Undo?") // is reached from there alone
}

// noFence has the promotion follow at once.
func noFence(states map[string]any) { states["AwaitFence"].(map[string]any)["Seconds"] = 1 }

func TestDrills(t *testing.T) {
	g := newPlatform(t).ground(t)
	run := func(t *testing.T, g *drill.Ground, loss model.Loss, seed uint64, person bool) *model.Report {
		t.Helper()
		r, err := g.Run(drill.Drill{Loss: loss, Seed: seed, Person: person})
		require.NoError(t, err)
		return r
	}

	t.Run("a lost region is taken over from", func(t *testing.T) {
		for seed := range uint64(5) {
			r := run(t, g, "us-east-1", seed, false)
			require.True(t, r.Recovered, r)
			require.Equal(t, "us-west-2", r.Writer, r)
			require.Less(t, r.RTOSeconds, 600.0, r)
			require.LessOrEqual(t, r.RPOSeconds, 2.0, r)
			require.Zero(t, r.WritesToBoth, r)
		}
	})
	t.Run("the same seed gives the same drill", func(t *testing.T) {
		first := run(t, g, "us-east-1", 7, false)
		require.Equal(t, first, run(t, g, "us-east-1", 7, false))
		require.NotEqual(t, first.Events, run(t, g, "us-east-1", 8, false).Events)
	})
	t.Run("without what starts the takeover the region stays lost", func(t *testing.T) {
		idle, platform := *g, *g.Platform
		platform.Starts = nil
		idle.Platform = &platform
		r := run(t, &idle, "us-east-1", 1, false)
		require.False(t, r.Recovered, r)
		require.Equal(t, "us-east-1", r.Writer)
	})
	t.Run("without the routing step clients stay where nobody answers", func(t *testing.T) {
		require.True(t, run(t, g, model.Isolation, 1, true).Recovered)
		r := run(t, without(t, g, noRouting), model.Isolation, 1, true)
		require.False(t, r.Recovered, r)
		require.Equal(t, "us-west-2", r.Writer, "it is no failure of another step: %v", r)
	})
	t.Run("without the fence writes are lost", func(t *testing.T) {
		for _, loss := range []model.Loss{model.Partition, model.Isolation} {
			whole := run(t, g, loss, 1, true)
			hasty := run(t, without(t, g, noFence), loss, 1, true)
			require.Greater(t, hasty.WritesToBoth, whole.WritesToBoth, "two writers take writes: %v", hasty)
			open := run(t, without(t, g, func(s map[string]any) { noRouting(s); noFence(s) }), loss, 1, true)
			require.Greater(t, open.WritesLost, whole.WritesLost+1000, open)
		}
	})
	t.Run("a partition alone loses nothing", func(t *testing.T) {
		r := run(t, g, model.Partition, 1, false)
		require.True(t, r.Recovered)
		require.Zero(t, r.RequestsFailed+r.WritesLost, r)
		require.Equal(t, "us-east-1", r.Writer)
	})
	t.Run("smaller losses move no writer and lose no write", func(t *testing.T) {
		for _, loss := range []model.Loss{"us-west-2", "us-east-1a", "us-east-1b", model.LoseWriter, model.LoseBalancer, model.LoseDNSControl} {
			r := run(t, g, loss, 3, false)
			require.True(t, r.Recovered, r)
			require.Zero(t, r.WritesLost, r)
			require.Equal(t, "us-east-1", r.Writer, r)
			require.Less(t, r.RTOSeconds, 180.0, r)
		}
	})
	t.Run("what the platform has not cannot be lost", func(t *testing.T) {
		_, err := g.Run(drill.Drill{Loss: "eu-west-1"})
		require.ErrorContains(t, err, `"eu-west-1" cannot be lost: choose one of us-east-1, us-west-2`)
	})
}
