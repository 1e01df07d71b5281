package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/sandbox/session"
)

// order is when the steps of one run of the engine began and ended, by
// "op type name", counted over all of its events.
type order struct {
	began, ended map[string]int
}

// ordered runs a command of the CLI that changes a stack and tells in which order
// the engine took its steps.
func (p platform) ordered(t testing.TB, args ...string) order {
	t.Helper()
	file := filepath.Join(t.TempDir(), "events.jsonl")
	// The variable has the CLI know --event-log.
	command := append([]string{"env", "PULUMI_DEBUG_COMMANDS=true", "pulumi"}, append(args, "--event-log", file)...)
	p.must(t, func(ctx context.Context, s *session.Session) error { return s.Exec(ctx, command...) })
	events, err := os.Open(file)
	require.NoError(t, err)
	defer events.Close()
	o := order{began: map[string]int{}, ended: map[string]int{}}
	lines := bufio.NewScanner(events)
	lines.Buffer(nil, 1<<24)
	for n := 0; lines.Scan(); n++ {
		type step struct{ Metadata struct{ Op, URN string } }
		var event struct{ ResourcePreEvent, ResOutputsEvent *step }
		require.NoError(t, json.Unmarshal(lines.Bytes(), &event))
		note := func(s *step, in map[string]int) {
			if s != nil && s.Metadata.Op != "same" {
				parts := strings.Split(s.Metadata.URN, "::")
				in[s.Metadata.Op+" "+parts[2][strings.LastIndex(parts[2], "$")+1:]+" "+parts[3]] = n
			}
		}
		note(event.ResourcePreEvent, o.began)
		note(event.ResOutputsEvent, o.ended)
	}
	require.NoError(t, lines.Err())
	return o
}

// comesBefore asserts that one step had ended when another one began.
func (o order) comesBefore(t testing.TB, first, then string) {
	t.Helper()
	ended, ok := o.ended[first]
	require.True(t, ok, "no step %q", first)
	began, ok := o.began[then]
	require.True(t, ok, "no step %q", then)
	require.Less(t, ended, began, "%q had not ended when %q began", first, then)
}
