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

// noFence has the promotion follow at once. Routing stays, and so does all else.
func noFence(states map[string]any) {
	for _, wait := range []string{"AwaitFence", "AwaitConnections"} {
		states[wait].(map[string]any)["Seconds"] = 1
	}
}

// noConnections leaves the wait for connections out of the fence.
func noConnections(states map[string]any) {
	states["AwaitConnections"].(map[string]any)["Seconds"] = 1
}

// noCut leaves applications in the standby the way to the old writer.
func noCut(states map[string]any) {
	states["MarkCut"].(map[string]any)["Result"] = false
	states["CutWay 1"] = map[string]any{"Type": "Pass", "Next": "CutWay 2"}
	states["CutWay 2"] = map[string]any{"Type": "Pass", "Next": "AwaitReplicated"}
}

func TestDrills(t *testing.T) {
	t.Parallel()
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
	t.Run("the fence lasts as long as the other region's load balancer keeps a connection", func(t *testing.T) {
		looked := 0
		for _, region := range g.Platform.Regions {
			for _, m := range g.Platform.Machines {
				if m.Region == region.Name || !strings.Contains(m.Name, "takeover") {
					continue
				}
				var d struct {
					States map[string]struct{ Seconds float64 }
				}
				require.NoError(t, json.Unmarshal([]byte(m.Definition), &d))
				require.Greater(t, d.States["AwaitConnections"].Seconds, region.LongestConnection.Seconds(), m.Name)
				looked++
			}
		}
		require.Equal(t, 2, looked)
	})
	// Nothing is lost when a person starts a takeover, so all that the old writer has
	// and the new one has not, it took behind the promotion. Each part of the fence
	// keeps some writers from it.
	t.Run("without any part of the fence writes are lost", func(t *testing.T) {
		lost := map[string]int{}
		for seed := range uint64(3) {
			whole := run(t, g, model.Forced, seed, false)
			require.True(t, whole.Recovered, whole)
			require.Equal(t, "us-west-2", whole.Writer, whole)
			require.Zero(t, whole.WritesLost+whole.WritesToBoth, whole)
			for part, change := range map[string]func(map[string]any){"both waits": noFence, "the wait for connections": noConnections, "the cut": noCut} {
				r := run(t, without(t, g, change), model.Forced, seed, false)
				require.Equal(t, "us-west-2", r.Writer, "without %s the promotion goes on: %v", part, r)
				lost[part] += r.WritesLost
			}
		}
		t.Log("writes lost in three takeovers without a part of the fence:", lost)
		for part, n := range lost {
			require.Positive(t, n, "without %s", part)
		}
	})
	t.Run("without the fence two writers take writes", func(t *testing.T) {
		for _, loss := range []model.Loss{model.Partition, model.Isolation} {
			both := 0
			for seed := range uint64(3) {
				whole := run(t, g, loss, seed, true)
				require.Equal(t, "us-west-2", whole.Writer, whole)
				require.Zero(t, whole.WritesToBoth, whole)
				both += run(t, without(t, g, noFence), loss, seed, true).WritesToBoth
			}
			require.Positive(t, both, loss)
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
