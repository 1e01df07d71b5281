package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/session"
)

var (
	// holdsData are the types that no change of roles may touch: databases, tables,
	// buckets, keys, secrets, what encrypts or replicates them, and what they are made of.
	holdsData = regexp.MustCompile(`^\S+ (aws:(rds|dynamodb|s3|kms|secretsmanager|backup|ssm)/|random:)`)
	// mayMove are alarms, and the suspended states of what scales.
	mayMove = regexp.MustCompile(`^update aws:(cloudwatch/metricAlarm:MetricAlarm|appautoscaling/target:Target) `)
)

// moved counts the changes of a preview, on what holds data and elsewhere.
type moved struct{ replaces, deletes, creates, updates [2]int }

func count(t testing.TB, steps []string) (n moved) {
	t.Helper()
	for _, step := range steps {
		if strings.Contains(step, " tandem:index:") {
			continue // a component, which is no resource of any cloud
		}
		where := 1
		if holdsData.MatchString(step) {
			where = 0
		}
		switch op, _, _ := strings.Cut(step, " "); op {
		case "replace", "create-replacement", "delete-replaced":
			n.replaces[where]++
		case "delete":
			n.deletes[where]++
		case "create":
			n.creates[where]++
		case "update":
			n.updates[where]++
		default:
			t.Errorf("unknown step %q", step)
		}
	}
	return n
}

// activate names the stack whose region takes the writes, in the stacks given.
func (p platform) activate(t testing.TB, active string, stacks ...string) {
	t.Helper()
	for _, stack := range stacks {
		out, err := p.pulumi(t, "config", "set", "tandem:active", active, "-s", stack)
		require.NoError(t, err, out)
	}
}

// TestRolesFlipWithoutHarm goes through every change of roles with both stacks of the
// platform. After each, what a preview would do is counted, with and without a look
// at the clouds, and then done. The counts are in docs/datatier.md.
func TestRolesFlipWithoutHarm(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	both := []string{east, west}
	p.must(t, func(ctx context.Context, s *session.Session) error { return s.Up(ctx) })
	p.program = filepath.Join(p.tools, "bin", "stacks")

	var table strings.Builder
	table.WriteString("| change of roles | stack | replaces | deletes | creates | updates |\n|---|---|---|---|---|---|\n")
	// settle counts what is left to do, and does it.
	settle := func(change string, stacks ...string) {
		t.Helper()
		for _, stack := range stacks {
			blind, looking := p.steps(t, stack), p.looking().steps(t, stack)
			require.Equal(t, blind, looking, "a look at the clouds finds more to do in %s", stack)
			for _, step := range blind {
				require.True(t, strings.Contains(step, " tandem:index:") || mayMove.MatchString(step), "%s, %s: %s", change, stack, step)
			}
			n := count(t, blind)
			fmt.Fprintf(&table, "| %s | %s |", change, stack)
			for _, c := range [][2]int{n.replaces, n.deletes, n.creates, n.updates} {
				fmt.Fprintf(&table, " %d, %d |", c[0], c[1])
			}
			table.WriteString("\n")
			p.looking().must(t, func(ctx context.Context, s *session.Session) error { return s.Up(ctx, stack) })
		}
	}
	before := dataOf(t, p)

	p.rds(t, west, switchover)
	settle("switchover to prod-west, `active` not moved yet", both...)
	p.activate(t, west, both...)
	settle("`active` set to prod-west", both...)

	p.rds(t, east, switchover)
	p.activate(t, east, both...)
	settle("failback by switchover, `active` set to prod-east", both...)

	// Unplanned: nothing of us-east-1 answers until further notice.
	lost := p.losing("us-east-1")
	lost.rds(t, west, failover)
	lost.activate(t, west, west)
	_, stateBefore := p.exportBlind(t, east)
	out, err := lost.pulumi(t, "config", "set", "--path", "tandem:platform.web.image", "registry.k8s.io/e2e-test-images/agnhost:2.54", "-s", west)
	require.NoError(t, err, out)
	var calls sync.Map // that would not have been answered
	lost.faults = append([]cloud.Fault{func(_ context.Context, op cloud.Operation, do func() error) error {
		if op.Region == "us-east-1" && op.URN != "" {
			calls.Store(op.Verb+" "+op.URN, true)
		}
		return do()
	}}, lost.faults...)
	steps := lost.steps(t, west)
	require.Contains(t, steps, "update kubernetes:apps/v1:Deployment web")
	lost.must(t, func(ctx context.Context, s *session.Session) error { return s.Up(ctx, west) })
	require.Empty(t, lost.steps(t, west))
	calls.Range(func(call, _ any) bool { t.Errorf("called while us-east-1 is lost: %v", call); return true })
	_, stateAfter := p.exportBlind(t, east)
	require.Equal(t, stateBefore, stateAfter, "home's state")
	_, err = lost.looking().trySteps(t, east)
	require.ErrorContains(t, err, "i/o timeout", "home cannot be refreshed while it is lost")

	// It is back, and RDS adds its member again.
	p.activate(t, west, east)
	settle("failover to prod-west, us-east-1 lost and back, `active` set to prod-west", both...)
	p.clouds(t, func(c *cloud.Cloud) {
		m, err := c.Member(east)
		require.NoError(t, err)
		writer, err := c.Member(west)
		require.NoError(t, err)
		require.Equal(t, writer.Text("arn"), m.Text("replicationSourceIdentifier"))
	})

	p.rds(t, east, switchover)
	p.activate(t, east, both...)
	settle("failback by switchover, `active` set to prod-east", both...)

	for _, stack := range both {
		require.Empty(t, p.looking().steps(t, stack), "a second up would change something")
	}
	require.Equal(t, before, dataOf(t, p), "what holds data has other ids")
	requireTable(t, filepath.Join(p.root, "docs", "datatier.md"), "role changes", table.String())
}

// exportBlind is the state of a stack as the backend has it, with no session that
// could change it.
func (p platform) exportBlind(t testing.TB, stack string) (path, text string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(p.dir, "state", ".pulumi", "stacks", "*", stack+".json"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	raw, err := os.ReadFile(files[0])
	require.NoError(t, err)
	return files[0], string(raw)
}

// dataOf are the ids in the clouds of all that holds data.
func dataOf(t testing.TB, p platform) (ids []string) {
	t.Helper()
	p.clouds(t, func(c *cloud.Cloud) {
		all, err := c.Resources(func(r *cloud.Resource) bool { return holdsData.MatchString("same " + r.Type) })
		require.NoError(t, err)
		for _, r := range all {
			ids = append(ids, r.Key())
		}
	})
	slices.Sort(ids)
	return ids
}

// requireTable compares a table with the one in a page, between comments that name
// it, and with -update writes it there.
func requireTable(t testing.TB, page, name, table string) {
	t.Helper()
	raw, err := os.ReadFile(page)
	require.NoError(t, err)
	start, end := "<!-- "+name+": from the engine, by a test -->\n\n", "\n<!-- end of "+name+" -->"
	before, rest, ok := strings.Cut(string(raw), start)
	require.True(t, ok, "%s has no place for the table of %s", page, name)
	have, after, ok := strings.Cut(rest, end)
	require.True(t, ok, "%s: the table of %s has no end", page, name)
	if *update && have != table {
		require.NoError(t, os.WriteFile(page, []byte(before+start+table+end+after), 0o644))
		return
	}
	require.Equal(t, table, have, "if the change is meant, run the test with -update")
}
