package e2e

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/session"
)

// requireSettled checks that no stack has anything to do, with a look at the
// clouds, but for what may move with a role, and does that.
func (w *tiers) requireSettled(t testing.TB) {
	t.Helper()
	looking := *w
	looking.refresh = true
	for _, stack := range w.stacks() {
		for _, step := range looking.steps(t, stack) {
			require.True(t, strings.Contains(step, " tandem:index:") || mayMove.MatchString(step), "%s: %s", stack, step)
		}
	}
	looking.up(t, w.stacks()...)
	for _, stack := range w.stacks() {
		require.Empty(t, looking.steps(t, stack), stack)
	}
}

// move makes a stack's region the writer, and tells every stack.
func (w *tiers) move(t testing.TB, stack string) {
	t.Helper()
	w.rds(t, stack, switchover)
	w.setAll(t, map[string]any{"active": tierRegions[stack]})
	w.requireSettled(t)
}

// member is a stack's database member in the clouds.
func (w *tiers) member(t testing.TB, stack string) (m *cloud.Resource) {
	t.Helper()
	w.clouds(t, func(c *cloud.Cloud) {
		var err error
		m, err = c.Member(stack)
		require.NoError(t, err)
	})
	return m
}

// TestStandbyIsTornDownAndRebuilt follows docs/runbook/rebuild-standby.md.
func TestStandbyIsTornDownAndRebuilt(t *testing.T) {
	t.Parallel()
	w := newTiers(t)
	w.up(t, homeTier, standbyTier)
	_, before := w.exportBlind(t, homeTier)

	w.set(t, standbyTier, map[string]any{"allowDestroy": true})
	w.up(t, standbyTier)
	out, err := w.pulumi(t, "destroy", "--yes", "--skip-preview", "-s", standbyTier)
	require.NoError(t, err, out)
	_, after := w.exportBlind(t, homeTier)
	require.Equal(t, before, after, "home's state")
	w.clouds(t, func(c *cloud.Cloud) {
		left, err := c.Resources(func(r *cloud.Resource) bool { return strings.HasPrefix(r.URN, "urn:pulumi:"+standbyTier+"::") })
		require.NoError(t, err)
		require.Empty(t, left)
	})
	looking := w.looking()
	require.Empty(t, looking.steps(t, homeTier), "home misses nothing")

	w.set(t, standbyTier, map[string]any{"allowDestroy": nil})
	w.up(t, standbyTier)
	w.requireSettled(t)
	w.move(t, standbyTier)
	w.move(t, homeTier)
}

// TestThirdRegionJoinsAsASecondStandby follows docs/runbook/add-region.md, while the
// standby writes.
func TestThirdRegionJoinsAsASecondStandby(t *testing.T) {
	t.Parallel()
	w := newTiers(t)
	w.up(t, homeTier, standbyTier)
	w.move(t, standbyTier)

	w.set(t, homeTier, map[string]any{"standbys": []string{tierRegions[standbyTier], tierRegions[thirdTier]}})
	changes := slices.DeleteFunc(w.steps(t, homeTier), func(step string) bool {
		return strings.HasPrefix(step, "create ") || strings.Contains(step, " tandem:index:")
	})
	require.Equal(t, []string{
		"update aws:backup/plan:Plan home-backup",
		"update aws:iam/rolePolicy:RolePolicy home-replication",
		"update aws:s3/bucketReplicationConfig:BucketReplicationConfig home-static",
		"update aws:secretsmanager/secret:Secret home-database",
	}, changes, "home gives what is there one more destination")
	w.set(t, thirdTier, map[string]any{"cidr": "10.2.0.0/16", "oneWay": true, "active": tierRegions[standbyTier]})
	w.up(t, homeTier, thirdTier)
	w.requireSettled(t)

	third, writer := w.member(t, thirdTier), w.member(t, standbyTier)
	require.Equal(t, tierRegions[standbyTier], third.Inputs["sourceRegion"], "it is copied from the writer")
	require.Equal(t, writer.Text("arn"), third.Text("replicationSourceIdentifier"))
	w.move(t, thirdTier)
	w.move(t, homeTier)
}

// TestMinorUpgradeGoesStandbyFirst follows docs/runbook/upgrade-database.md.
func TestMinorUpgradeGoesStandbyFirst(t *testing.T) {
	t.Parallel()
	w := newTiers(t)
	w.up(t, homeTier, standbyTier)

	// By the program alone it does not go.
	w.set(t, homeTier, map[string]any{"engineVersion": "16.9"})
	out, err := w.pulumi(t, "up", "--yes", "--skip-preview", "-s", homeTier)
	require.Error(t, err)
	require.Contains(t, out, "ModifyGlobalCluster doesn't support minor version upgrades")
	w.set(t, homeTier, map[string]any{"engineVersion": "16.8"})

	w.must(t, func(_ context.Context, s *session.Session) error {
		_, err := s.Clouds().Drift(cloud.Drift{Stack: homeTier, Type: "aws:rds/cluster:Cluster", Property: "engineVersion", Value: `"16.9"`})
		require.ErrorContains(t, err, "Please upgrade global replicas first before upgrading the primary member")
		return nil
	})
	w.upgrade(t, standbyTier, "16.9")
	w.must(t, func(ctx context.Context, s *session.Session) error {
		m, err := s.Clouds().Member(standbyTier)
		if err != nil {
			return err
		}
		_, err = switchover(ctx, s.Clouds(), m.Text("globalClusterIdentifier"), "", m.Text("arn"))
		require.ErrorContains(t, err, "upgrade first", "no switchover between two versions")
		return nil
	})
	w.requireSettled(t)
	w.upgrade(t, homeTier, "16.9")
	w.setAll(t, map[string]any{"engineVersion": "16.9"})
	require.Contains(t, w.steps(t, homeTier), "update aws:rds/globalCluster:GlobalCluster home-global", "without a look at the clouds, home would try again")
	w.requireSettled(t)
	w.move(t, standbyTier)
	w.move(t, homeTier)
}

// TestHomeIsRebuiltAfterItsLoss follows docs/runbook/rebuild-home.md: us-east-1 is
// lost, and comes back without its database.
func TestHomeIsRebuiltAfterItsLoss(t *testing.T) {
	t.Parallel()
	w := newTiers(t)
	w.up(t, homeTier, standbyTier)
	global := w.member(t, homeTier).Text("globalClusterIdentifier")

	lost := *w
	lost.platform = w.losing(tierRegions[homeTier])
	lost.rds(t, standbyTier, failover)
	w.set(t, standbyTier, map[string]any{"active": tierRegions[standbyTier]})
	lost.up(t, standbyTier)
	lost.rds(t, homeTier, func(ctx context.Context, c *cloud.Cloud, global, _, member string) ([]cloud.Drifted, error) {
		return c.RemoveFromGlobalCluster(ctx, tierRegions[standbyTier], global, member)
	})
	require.Empty(t, lost.steps(t, standbyTier))
	w.loseDatabase(t, homeTier)
	others := slices.DeleteFunc(dataOf(t, w.platform), func(key string) bool { return strings.Contains(key, "aws:rds/cluster") })

	w.set(t, homeTier, map[string]any{"origin": "join", "active": tierRegions[standbyTier]})
	looking := w.looking()
	for _, step := range looking.steps(t, homeTier) {
		require.True(t, mayMove.MatchString(step) || strings.Contains(step, " tandem:index:") ||
			strings.HasPrefix(step, "create aws:rds/cluster") || strings.Contains(step, " aws:appautoscaling/") ||
			strings.Contains(step, " aws:backup/selection:"), step)
	}
	looking.must(t, func(ctx context.Context, s *session.Session) error { return s.Up(ctx, homeTier) })
	w.requireSettled(t)

	member, writer := w.member(t, homeTier), w.member(t, standbyTier)
	require.Equal(t, global, member.Text("globalClusterIdentifier"))
	require.Equal(t, writer.Text("arn"), member.Text("replicationSourceIdentifier"))
	require.NotContains(t, member.Inputs, "masterPassword")
	require.Equal(t, others, slices.DeleteFunc(dataOf(t, w.platform), func(key string) bool { return strings.Contains(key, "aws:rds/cluster") }))
	w.move(t, homeTier)
	w.move(t, standbyTier)
	w.move(t, homeTier)
}

// TestMemberMadeByHandIsImported follows docs/runbook/rebuild-home.md where somebody has
// made home's member again without Pulumi: the state does not know it, and it has no
// instances yet.
func TestMemberMadeByHandIsImported(t *testing.T) {
	t.Parallel()
	w := newTiers(t)
	w.up(t, homeTier, standbyTier)
	w.set(t, homeTier, map[string]any{"origin": "join", "active": tierRegions[standbyTier]})
	w.set(t, standbyTier, map[string]any{"active": tierRegions[standbyTier]})
	w.rds(t, standbyTier, switchover)

	// The state forgets the member, with what scales it.
	_, whole := w.export(t, homeTier)
	var state map[string]any
	require.NoError(t, json.Unmarshal([]byte(whole), &state))
	deployment := state["deployment"].(map[string]any)
	names, imports := map[string]any{}, []any{}
	deployment["resources"] = slices.DeleteFunc(deployment["resources"].([]any), func(v any) bool {
		r := v.(map[string]any)
		typ, urn := r["type"].(string), r["urn"].(string)
		if strings.HasPrefix(typ, "aws:appautoscaling/") {
			return true
		}
		if !strings.HasPrefix(typ, "aws:rds/cluster") || strings.HasPrefix(typ, "aws:rds/clusterParameterGroup") {
			return false
		}
		if strings.HasPrefix(typ, "aws:rds/clusterInstance") {
			return true
		}
		reference := r["provider"].(string) // a URN, with an id after it
		names["tier"], names["aws"] = r["parent"], reference[:strings.LastIndex(reference, "::")]
		imports = append(imports, map[string]any{
			"type": typ, "name": urn[strings.LastIndex(urn, "::")+2:], "id": r["id"], "parent": "tier", "provider": "aws",
		})
		return true
	})
	require.Len(t, imports, 1)
	forget(deployment["resources"].([]any))
	w.loseInstances(t, homeTier)
	file := func(name string, value any) string {
		path := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(path, asJSON(t, value), 0o600))
		return path
	}
	out, err := w.pulumi(t, "stack", "import", "-s", homeTier, "--file", file("state.json", state))
	require.NoError(t, err, out)
	out, err = w.pulumi(t, "import", "--yes", "--skip-preview", "--generate-code=false", "-s", homeTier, "--file",
		file("import.json", map[string]any{"nameTable": names, "resources": imports}))
	require.NoError(t, err, out)
	steps := slices.DeleteFunc(w.steps(t, homeTier), func(step string) bool {
		return strings.HasPrefix(step, "create aws:appautoscaling/") || strings.Contains(step, " tandem:index:")
	})
	require.Equal(t, []string{
		"create aws:rds/clusterInstance:ClusterInstance home-database-us-east-1a",
		"create aws:rds/clusterInstance:ClusterInstance home-database-us-east-1b",
		"update aws:rds/cluster:Cluster home-database", // what no read tells
	}, steps)
	w.up(t, homeTier)
	w.requireSettled(t)
}

// forget takes what is not among the resources out of what they depend on.
func forget(resources []any) {
	there := map[any]bool{}
	for _, r := range resources {
		there[r.(map[string]any)["urn"]] = true
	}
	gone := func(urn any) bool { return !there[urn] }
	for _, r := range resources {
		r := r.(map[string]any)
		if list, ok := r["dependencies"].([]any); ok {
			r["dependencies"] = slices.DeleteFunc(list, gone)
		}
		byProperty, _ := r["propertyDependencies"].(map[string]any)
		for property, list := range byProperty {
			if list, ok := list.([]any); ok {
				byProperty[property] = slices.DeleteFunc(list, gone)
			}
		}
	}
}

// loseDatabase takes a stack's instances and cluster out of the clouds, as somebody
// does with the AWS CLI once they are given up.
func (w *tiers) loseDatabase(t testing.TB, stack string) {
	t.Helper()
	w.loseInstances(t, stack)
	w.lose(t, stack, "aws:rds/cluster:Cluster")
}

func (w *tiers) loseInstances(t testing.TB, stack string) {
	t.Helper()
	w.lose(t, stack, "aws:rds/clusterInstance:ClusterInstance")
}

// lose deletes all of a type that a stack has made, protected or not.
func (w *tiers) lose(t testing.TB, stack, typ string) {
	t.Helper()
	w.clouds(t, func(c *cloud.Cloud) {
		found, err := c.Resources(func(r *cloud.Resource) bool {
			return r.Type == typ && strings.HasPrefix(r.URN, "urn:pulumi:"+stack+"::")
		})
		require.NoError(t, err)
		require.NotEmpty(t, found)
		for _, r := range found {
			if r.At("deletionProtection") == true {
				require.NoError(t, c.Change(r, "deletionProtection", false))
			}
			require.NoError(t, c.Delete(r))
		}
	})
}

func asJSON(t testing.TB, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return text
}
