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

// TestWhatIsRetainedStays takes a resource out of the program that is to be retained. It
// stays in the cloud with its name, and in no state, until somebody takes it over.
func TestWhatIsRetainedStays(t *testing.T) {
	t.Parallel()
	binary, dir := program(t, "kept"), t.TempDir()
	version := func(v string) platform { return faultPlatform(t, dir, binary, v) }
	up := func(ctx context.Context, s *session.Session) error { return s.Up(ctx, "home") }
	const bucket = "aws:s3/bucketV2:BucketV2"

	version("1").must(t, up)
	gone := version("2")
	gone.must(t, up)
	st, _ := gone.export(t, "home")
	require.Empty(t, st.names(bucket))
	_, messages, err := gone.do(t, func(ctx context.Context, s *session.Session) error {
		_, err := s.Recover(ctx, false, "home")
		return err
	})
	require.ErrorContains(t, err, "there are orphans")
	require.Contains(t, messages, "in no state: "+bucket+" tandem-kept in us-east-1")

	out, _, err := version("3").do(t, up)
	require.Error(t, err)
	require.Contains(t, out, "api error BucketAlreadyOwnedByYou")

	taken := version("4")
	taken.must(t, up)
	st, _ = taken.export(t, "home")
	require.Equal(t, []string{"other"}, st.names(bucket))
	taken.must(t, func(ctx context.Context, s *session.Session) error {
		orphans, err := s.Orphans(ctx)
		require.Empty(t, orphans)
		return err
	})
}

// TestOnlyRecoverTakesOverWhatWasBeingCreated has a state say that something was being
// created, which it has been, and tries the ways to settle that.
func TestOnlyRecoverTakesOverWhatWasBeingCreated(t *testing.T) {
	t.Parallel()
	const logGroup = "aws:cloudwatch/logGroup:LogGroup"
	before := faultPlatform(t, t.TempDir(), program(t, "faults"), "1")
	before.must(t, func(ctx context.Context, s *session.Session) error { return s.Up(ctx, "home") })
	urn, id := interrupted(t, before)

	pulumi := func(args ...string) func(context.Context, *session.Session) error {
		return func(ctx context.Context, s *session.Session) error {
			return s.Exec(ctx, append([]string{"pulumi", "--non-interactive", "-s", "home"}, args...)...)
		}
	}
	refresh := []string{"refresh", "--yes", "--skip-preview"}
	for _, test := range []struct {
		name string
		way  func(context.Context, *session.Session) error
		// inState says that the state has the log group, pending that it has it as being
		// created, and orphan that what has been made is in no state.
		inState, pending, orphan bool
	}{
		{"refresh leaves it open", pulumi(refresh...), false, true, true},
		{"refresh can skip it", pulumi(append(refresh, "--skip-pending-creates")...), false, true, true},
		{"refresh can forget it", pulumi(append(refresh, "--clear-pending-creates")...), false, false, true},
		// By its help it imports. A later version that does so may replace half of recover.
		{"refresh does not import it", pulumi(append(refresh, "--import-pending-creates", urn, "--import-pending-creates", id)...), false, false, true},
		{"up makes a second one", pulumi("up", "--yes", "--skip-preview"), true, true, true},
		{"recover takes it over", func(ctx context.Context, s *session.Session) error {
			_, err := s.Recover(ctx, false, "home")
			return err
		}, true, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := before.copied(t)
			out, messages, err := p.do(t, func(ctx context.Context, s *session.Session) error {
				if err := test.way(ctx, s); err != nil {
					return err
				}
				orphans, err := s.Orphans(ctx)
				require.Equal(t, test.orphan, slices.ContainsFunc(orphans, func(r *cloud.Resource) bool { return r.ID == id }))
				return err
			})
			require.NoError(t, err, "%s\n%s", out, messages)
			st, text := p.export(t, "home")
			require.Equal(t, test.inState, slices.Contains(st.names(logGroup), "logs"))
			require.Equal(t, test.pending, strings.Contains(text, `"type": "creating"`))
		})
	}
}

// interrupted has the state of home say that its log group was being created, which it
// has been. `pulumi stack import` would take out what is pending, so this writes the file.
func interrupted(t *testing.T, p platform) (urn, id string) {
	t.Helper()
	file := filepath.Join(p.dir, "state", ".pulumi", "stacks", "faults", "home.json")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var whole map[string]any
	require.NoError(t, json.Unmarshal(text, &whole))
	latest := whole["checkpoint"].(map[string]any)["latest"].(map[string]any)
	var pending []any
	latest["resources"] = slices.DeleteFunc(latest["resources"].([]any), func(r any) bool {
		one := r.(map[string]any)
		if one["type"] != "aws:cloudwatch/logGroup:LogGroup" {
			return false
		}
		urn, id = one["urn"].(string), one["id"].(string)
		for _, made := range []string{"id", "outputs", "created", "modified"} {
			delete(one, made)
		}
		pending = append(pending, map[string]any{"type": "creating", "resource": one})
		return true
	})
	require.Len(t, pending, 1)
	latest["pending_operations"] = pending
	text, err = json.Marshal(whole)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, text, 0o600))
	return urn, id
}
