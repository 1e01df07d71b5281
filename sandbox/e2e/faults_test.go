package e2e

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/session"
)

var thorough = flag.Bool("thorough", false, "try every fault on every operation, and kill the fixture 25 times and the platform twice: ten minutes more")

// faultPlatform is a sandbox of the program testdata/programs/faults, in one of
// its versions.
func faultPlatform(t testing.TB, dir, binary, version string) platform {
	t.Helper()
	p := newPlatform(t)
	root := t.TempDir()
	require.NoError(t, os.Symlink(filepath.Join(p.root, "tools"), filepath.Join(root, "tools")))
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte(text), 0o600))
	}
	write("Pulumi.yaml", "name: faults\nruntime: go\nmain: "+filepath.Join(p.root, "sandbox", "e2e", "testdata", "programs", "faults")+"\n")
	for _, stack := range []string{"home", "standby"} {
		write("Pulumi."+stack+".yaml", "config:\n  faults:version: \""+version+"\"\n")
	}
	return platform{root: root, dir: dir, tools: p.tools, program: binary}
}

// copied is the same sandbox in another directory, with all that it holds.
func (p platform) copied(t testing.TB) platform {
	t.Helper()
	from := p.dir
	p.dir = t.TempDir()
	require.NoError(t, os.CopyFS(p.dir, os.DirFS(from)))
	return p
}

// faultSteps are the life of the fixture: made, changed and destroyed.
var faultSteps = []struct {
	what, version, stack string
	do                   func(*session.Session, context.Context, ...string) error
}{
	{"make", "1", "home", (*session.Session).Up},
	{"make", "1", "standby", (*session.Session).Up},
	{"change", "2", "home", (*session.Session).Up},
	{"change", "2", "standby", (*session.Session).Up},
	{"destroy", "2", "standby", (*session.Session).Destroy},
	{"destroy", "2", "home", (*session.Session).Destroy},
}

// TestEveryOperationMayFail has each operation of the fixture's life fail, and the
// provider crash before and after the cloud has committed it; without -thorough,
// one of the three. What follows is what an operator does; then all must be as if
// nothing had happened.
func TestEveryOperationMayFail(t *testing.T) {
	binary := program(t, "faults")
	versions := map[string]platform{}
	for _, version := range []string{"1", "2"} {
		versions[version] = faultPlatform(t, t.TempDir(), binary, version)
	}
	dir := t.TempDir()
	for _, step := range faultSteps {
		before := versions[step.version]
		before.dir = dir
		run := func(ctx context.Context, s *session.Session) error { return step.do(s, ctx, step.stack) }

		// Undisturbed, to know what there is to fail and what must come of it.
		undisturbed := before.copied(t)
		dir = undisturbed.dir
		var recorded sync.Mutex
		var operations []cloud.Operation
		undisturbed.faults = []cloud.Fault{func(_ context.Context, op cloud.Operation, do func() error) error {
			if op.Changes() {
				recorded.Lock()
				operations = append(operations, op)
				recorded.Unlock()
			}
			return do()
		}}
		var want map[string]string
		undisturbed.must(t, func(ctx context.Context, s *session.Session) error {
			err := run(ctx, s)
			want = undisturbed.world(t, s)
			return err
		})
		require.NotEmpty(t, operations)

		for _, op := range operations {
			for i, fault := range []struct {
				name, message string
				of            func(cloud.Pick) cloud.Fault
			}{
				{"fails", "nternal", cloud.Fail}, // an internal failure, error or server error
				{"crashes before the commit", "error reading from server: ", cloud.CrashBefore},
				{"crashes after the commit", "error reading from server: ", cloud.CrashAfter},
			} {
				if !*thorough && len(op.URN)%3 != i { // the order of operations is not always the same
					continue
				}
				name := op.Type[strings.LastIndex(op.Type, ":")+1:] + " " + op.URN[strings.LastIndex(op.URN, "::")+2:]
				t.Run(strings.Join([]string{step.what, step.stack, op.Verb, name, fault.name}, " "), func(t *testing.T) {
					t.Parallel()
					p := before.copied(t)
					var over atomic.Bool
					p.faults = []cloud.Fault{fault.of(func(other cloud.Operation) bool {
						return !over.Load() && other.Verb == op.Verb && other.URN == op.URN
					})}
					out, messages, err := p.do(t, func(ctx context.Context, s *session.Session) error {
						if err := run(ctx, s); err == nil {
							return errors.New("the run with the fault has succeeded")
						}
						over.Store(true)
						orphans, err := s.Orphans(ctx)
						if err != nil {
							return err
						}
						// Pulumi knows nothing of what was made without an answer, as with a real
						// cloud. A crash takes along what the provider was doing besides.
						orphaned := slices.ContainsFunc(orphans, func(r *cloud.Resource) bool { return r.URN == op.URN })
						require.Equal(t, op.Verb == "create" && fault.name == "crashes after the commit", orphaned)
						if fault.name == "fails" {
							require.Empty(t, orphans)
						}
						if _, err := s.DeleteOrphans(orphans); err != nil {
							return err
						}
						if err := run(ctx, s); err != nil {
							return err
						}
						requireSameWorld(t, want, p.world(t, s))
						return nil
					})
					require.NoError(t, err, "%s\n%s", out, messages)
					require.Contains(t, out+messages, fault.message)
				})
			}
		}
	}
}
