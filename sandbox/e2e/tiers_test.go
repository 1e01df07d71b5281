package e2e

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/session"
)

// tiers is a sandbox with the data tiers of several regions and no more: a stack
// of testdata/programs/datatier for each.
type tiers struct {
	platform
	args map[string]map[string]any // of each stack
}

// The stacks of tiers. What is in their regions is theirs.
const (
	homeTier    = "home"
	standbyTier = "standby"
	thirdTier   = "third"
)

var tierRegions = map[string]string{homeTier: "us-east-1", standbyTier: "us-west-2", thirdTier: "eu-west-1"}

// newTiers makes the sandbox of a home and a standby. The policy packs are not run:
// the program carries no tags.
func newTiers(t testing.TB) *tiers {
	t.Helper()
	p := newPlatform(t)
	w := &tiers{platform: platform{root: t.TempDir(), dir: p.dir, tools: p.tools}, args: map[string]map[string]any{}}
	require.NoError(t, os.Symlink(filepath.Join(p.root, "tools"), filepath.Join(w.root, "tools")))
	w.write(t, "Pulumi.yaml", map[string]any{
		"name": "datatier", "runtime": "go", "main": filepath.Join(p.root, "sandbox", "e2e", "testdata", "programs", "datatier"),
	})
	w.set(t, homeTier, map[string]any{"cidr": "10.0.0.0/16", "standbys": []string{tierRegions[standbyTier]}})
	w.set(t, standbyTier, map[string]any{"cidr": "10.1.0.0/16"})
	return w
}

func (w *tiers) write(t testing.TB, file string, value any) {
	t.Helper()
	text, err := yaml.Marshal(value)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(w.root, file), text, 0o600))
}

// set changes arguments of a stack from now on; nil takes one away.
func (w *tiers) set(t testing.TB, stack string, change map[string]any) {
	t.Helper()
	if w.args[stack] == nil {
		w.args[stack] = map[string]any{"region": tierRegions[stack], "engineVersion": "16.8"}
	}
	for k, v := range change {
		w.args[stack][k] = v
		if v == nil {
			delete(w.args[stack], k)
		}
	}
	w.write(t, "Pulumi."+stack+".yaml", map[string]any{"config": map[string]any{"datatier:args": w.args[stack]}})
}

// setAll changes arguments of every stack.
func (w *tiers) setAll(t testing.TB, change map[string]any) {
	t.Helper()
	for stack := range w.args {
		w.set(t, stack, change)
	}
}

// up brings the stacks up, in the order given. The first builds the program.
func (w *tiers) up(t testing.TB, stacks ...string) {
	t.Helper()
	w.must(t, func(ctx context.Context, s *session.Session) error {
		for _, stack := range stacks {
			if err := s.Up(ctx, stack); err != nil {
				return err
			}
		}
		return nil
	})
	w.program = filepath.Join(w.tools, "bin", "datatier")
}

// stacks are those that are configured, home first.
func (w *tiers) stacks() []string {
	all := []string{homeTier, standbyTier}
	if w.args[thirdTier] != nil {
		all = append(all, thirdTier)
	}
	return all
}

// looking is the same sandbox with states that are refreshed first.
func (p platform) looking() platform {
	p.refresh = true
	return p
}

// rds calls RDS about a stack's member of the global database, as an operator does with the AWS CLI.
func (p platform) rds(t testing.TB, stack string, call func(ctx context.Context, c *cloud.Cloud, global, region, member string) ([]cloud.Drifted, error)) {
	t.Helper()
	p.must(t, func(ctx context.Context, s *session.Session) error {
		m, err := s.Clouds().Member(stack)
		if err != nil {
			return err
		}
		done, err := call(ctx, s.Clouds(), m.Text("globalClusterIdentifier"), m.Scope.Region, m.Text("arn"))
		if err == nil {
			require.NotEmpty(t, done)
		}
		return err
	})
}

func switchover(ctx context.Context, c *cloud.Cloud, global, _, member string) ([]cloud.Drifted, error) {
	writer, err := c.WriterRegion(global)
	if err != nil {
		return nil, err
	}
	return c.SwitchoverGlobalCluster(ctx, writer, global, member)
}

func failover(ctx context.Context, c *cloud.Cloud, global, region, member string) ([]cloud.Drifted, error) {
	return c.FailoverGlobalCluster(ctx, region, global, member, true)
}

func detach(ctx context.Context, c *cloud.Cloud, global, region, member string) ([]cloud.Drifted, error) {
	return c.RemoveFromGlobalCluster(ctx, region, global, member)
}

// upgrade brings a stack's member to a version, as `aws rds modify-db-cluster` does.
func (p platform) upgrade(t testing.TB, stack, version string) {
	t.Helper()
	p.must(t, func(_ context.Context, s *session.Session) error {
		_, err := s.Clouds().Drift(cloud.Drift{
			Stack: stack, Type: "aws:rds/cluster:Cluster", Property: "engineVersion", Value: strconv.Quote(version),
		})
		return err
	})
}

// losing is the same sandbox with a region lost.
func (p platform) losing(region string) platform {
	p.faults = append(slices.Clone(p.faults), cloud.LoseRegion(region))
	return p
}
