package e2e

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/session"
)

// TestDriftIsSeenAndMended changes the clouds behind the fixture's back. A preview
// sees it only if it looks, and an update that looks mends it.
func TestDriftIsSeenAndMended(t *testing.T) {
	t.Parallel()
	p := faultPlatform(t, t.TempDir(), program(t, "faults"), "1")
	up := func(ctx context.Context, s *session.Session) error { return s.Up(ctx, "home") }
	preview := func(ctx context.Context, s *session.Session) error { return s.Preview(ctx, "home") }
	world := func() (all map[string]string) {
		p.must(t, func(_ context.Context, s *session.Session) error {
			all = p.world(t, s)
			return nil
		})
		return all
	}
	p.must(t, up)
	want := world()

	for _, test := range []struct {
		name  string
		drift cloud.Drift
		seen  []string
	}{
		{
			"a changed property", cloud.Drift{Type: "LogGroup", Name: "logs", Property: "retentionInDays", Value: "30"},
			[]string{"LogGroup logs", "[diff: ~retentionInDays]", "1 to update"},
		},
		{
			"a changed tag", cloud.Drift{Type: "Vpc", Property: "tags.Run", Value: `"by hand"`},
			[]string{"Vpc vpc", "[diff: ~tags", "1 to update"},
		},
		{
			"a deleted resource", cloud.Drift{Type: "NodeGroup", Delete: true},
			[]string{"NodeGroup nodes", "1 to create"},
		},
		{
			"a changed Kubernetes object", cloud.Drift{Type: "Deployment", Name: "web", Property: "spec.replicas", Value: "5"},
			[]string{"Deployment web", "[diff: ~spec]", "1 to update"},
		},
		{
			"a deleted Kubernetes object", cloud.Drift{Type: "ConfigMap", Delete: true},
			[]string{"ConfigMap settings", "1 to create"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			p.must(t, func(_ context.Context, s *session.Session) error {
				done, err := s.Clouds().Drift(test.drift)
				t.Log(done)
				return err
			})
			blind := p.must(t, preview)
			require.NotContains(t, blind, "to update")
			require.NotContains(t, blind, "to create")

			looking := p
			looking.refresh = true
			out := looking.must(t, preview)
			for _, text := range test.seen {
				require.Contains(t, out, text)
			}
			looking.must(t, up)
			require.NotContains(t, looking.must(t, preview), "1 to ")
			if got := world(); test.drift.Type != "Deployment" { // a mended object counts how often it was changed
				requireSameWorld(t, want, got)
			} else {
				want = got
			}
		})
	}
}
