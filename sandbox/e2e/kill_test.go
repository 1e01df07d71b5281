package e2e

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/sandbox/session"
)

var (
	killSeeds = flag.Int("kill-seeds", 0, "how many times an up is killed (default 5 for the fixture and none for the platform; with -thorough 25 and 2)")
	killSeed  = flag.Uint64("kill-seed", 1, "the first seed of the kills")
)

// TestKilledFixtureRecovers kills the up of the fixture's two stacks.
func TestKilledFixtureRecovers(t *testing.T) {
	p := faultPlatform(t, t.TempDir(), program(t, "faults"), "1")
	testKills(t, p, "KilledFixture", seeds(5, 25))
}

// TestKilledPlatformRecovers kills the up of the platform's two stacks. Each takes
// some minutes of CPU, since it saves every step:
//
//	go test ./sandbox/e2e -run KilledPlatform -timeout 2h -kill-seeds 25
func TestKilledPlatformRecovers(t *testing.T) {
	n := seeds(0, 2)
	if n == 0 {
		t.Skip("needs -thorough or -kill-seeds")
	}
	testKills(t, newPlatform(t), "KilledPlatform", n)
}

// seeds is how many times an up is killed.
func seeds(few, many int) int {
	switch {
	case *killSeeds > 0:
		return *killSeeds
	case *thorough:
		return many
	}
	return few
}

// testKills has the sandbox bring up all stacks, kills it with all that it has
// started at a point that the seed chooses, and does what an operator does. Then
// all must be as if nothing had happened.
//
// A point is a line of what `up` prints, and some milliseconds after it, so it is
// not quite the same thing that is under way there the next time.
func testKills(t *testing.T, p platform, name string, seeds int) {
	binary := filepath.Join(t.TempDir(), "sandbox")
	out, err := exec.Command("go", "build", "-o", binary, "..").CombinedOutput()
	require.NoError(t, err, string(out))

	undisturbed := p
	undisturbed.dir = t.TempDir()
	lines := undisturbed.upAndKill(t, binary, 0, 0)
	var want map[string]string
	undisturbed.must(t, func(ctx context.Context, s *session.Session) error {
		err := findNoDrift(ctx, s)
		want = undisturbed.world(t, s)
		return err
	})

	for i := range uint64(seeds) {
		seed := *killSeed + i
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(seed, 0))
			line, delay := 1+rng.IntN(lines), time.Duration(rng.IntN(50))*time.Millisecond
			t.Logf("killing %s after line %d of %d; again: go test ./sandbox/e2e -run %s -kill-seed %d -kill-seeds 1", delay, line, lines, name, seed)
			p := p
			p.dir = t.TempDir()
			p.upAndKill(t, binary, line, delay)

			var got map[string]string
			out, messages, err := p.do(t, func(ctx context.Context, s *session.Session) error {
				if _, err := s.Recover(ctx, false); err != nil {
					return err // orphans too: a kill leaves none that a state does not tell of
				}
				if err := s.Up(ctx); err != nil {
					return err
				}
				err := findNoDrift(ctx, s)
				got = p.world(t, s)
				return err
			})
			require.NoError(t, err, "%s\n%s", out, messages)
			requireSameWorld(t, want, got)
			require.Empty(t, p.processes(t), "processes are left")
		})
	}
}

// findNoDrift wants states and clouds to agree. Afterwards the states also have what
// the clouds came to know later, such as that a certificate has been issued.
func findNoDrift(ctx context.Context, s *session.Session) (err error) {
	for _, stack := range s.Stacks() {
		err = errors.Join(err, s.Exec(ctx, "pulumi", "refresh", "--yes", "--skip-preview", "--expect-no-changes", "-s", stack))
	}
	return err
}

// upAndKill runs up in a process of its own, and kills that with all that it has
// started, some time after a line of its output. Without a line it lets it end. It
// returns the number of lines.
func (p platform) upAndKill(t testing.TB, binary string, line int, delay time.Duration) int {
	t.Helper()
	args := []string{"up", "--checkpoints", "--dir", p.dir, "--tools", p.tools}
	if p.program != "" {
		args = append(args, "--program", p.program)
	}
	cmd := exec.Command(binary, args...)
	cmd.Dir = p.root
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	var said strings.Builder
	cmd.Stderr = &said
	require.NoError(t, cmd.Start())
	var kill sync.Once
	var printed []string
	for scanner := bufio.NewScanner(stdout); scanner.Scan(); {
		printed = append(printed, scanner.Text())
		if len(printed) == line {
			kill.Do(func() {
				time.Sleep(delay)
				killTree(t, cmd.Process.Pid)
			})
		}
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	killed := line > 0 && errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL
	if !killed { // it was quicker than the kill, which is as good an end as any
		require.NoError(t, err, "%s\n%s", strings.Join(printed, "\n"), said.String())
	}
	return len(printed)
}

// killTree kills a process and all that it has started, the first first.
func killTree(t testing.TB, root int) {
	t.Helper()
	out, err := exec.Command("ps", "-A", "-o", "pid=,ppid=").Output()
	require.NoError(t, err)
	children := map[int][]int{}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		pid, _ := strconv.Atoi(fields[0])
		parent, _ := strconv.Atoi(fields[1])
		children[parent] = append(children[parent], pid)
	}
	tree := []int{root}
	for i := 0; i < len(tree); i++ {
		tree = append(tree, children[tree[i]]...)
	}
	for _, pid := range tree {
		if err := syscall.Kill(pid, syscall.SIGKILL); !errors.Is(err, syscall.ESRCH) {
			require.NoError(t, err)
		}
	}
}

// processes are the commands that run with this sandbox behind them.
func (p platform) processes(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	require.NoError(t, err)
	found := map[string]bool{}
	for _, file := range files {
		environment, _ := os.ReadFile(file) // it may just have ended, or be another user's
		if slices.Contains(strings.Split(string(environment), "\x00"), "PULUMI_HOME="+filepath.Join(p.dir, "pulumi-home")) {
			command, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
			found[strings.ReplaceAll(string(command), "\x00", " ")] = true
		}
	}
	delete(found, "") // one that has ended and nobody has waited for
	return slices.Sorted(maps.Keys(found))
}
