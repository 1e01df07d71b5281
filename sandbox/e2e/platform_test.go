// Package e2e runs the platform's own two stacks on the real engine.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/session"
)

const (
	east = "prod-east"
	west = "prod-west"
)

// platform is a sandbox with the two stacks of this repository. Each has a
// directory of its own; what is built and installed is shared with
// `go run ./sandbox`.
type platform struct {
	root, dir string
	tools     string // where what is built and installed is kept
	program   string // built beforehand; empty: the session builds it
	faults    []cloud.Fault
	refresh   bool // before up, preview and destroy
}

func newPlatform(t testing.TB) platform {
	t.Helper()
	if testing.Short() {
		t.Skip("runs the real engine on both stacks")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)
	return platform{root: root, dir: t.TempDir(), tools: filepath.Join(root, ".sandbox")}
}

// part is a part of a test that the next ones go on from: they are left out where it
// fails, since they would fail for its reason.
func part(t *testing.T, name string, test func(t *testing.T)) {
	t.Helper()
	if !t.Run(name, test) {
		t.FailNow()
	}
}

// do opens a session and does something in it.
func (p platform) do(t testing.TB, what func(context.Context, *session.Session) error) (stdout, stderr string, err error) {
	t.Helper()
	var out, messages bytes.Buffer
	s, err := session.Open(t.Context(), session.Options{
		Root: p.root, Dir: p.dir, Tools: p.tools, Program: p.program, Faults: p.faults, Refresh: p.refresh,
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &messages,
	})
	if err == nil {
		err = errors.Join(what(t.Context(), s), s.Close())
	}
	return out.String(), messages.String(), err
}

// must is do for what is expected to succeed.
func (p platform) must(t testing.TB, what func(context.Context, *session.Session) error) string {
	t.Helper()
	out, messages, err := p.do(t, what)
	require.NoError(t, err, "%s\n%s", out, messages)
	return out
}

// pulumi runs the literal CLI in the sandbox and returns what it printed.
func (p platform) pulumi(t testing.TB, args ...string) (string, error) {
	t.Helper()
	out, messages, err := p.do(t, func(ctx context.Context, s *session.Session) error {
		return s.Exec(ctx, append([]string{"pulumi"}, args...)...)
	})
	return out + messages, err
}

// state is the part of a stack's state that tests look at.
type state struct {
	Deployment struct {
		Resources []resource `json:"resources"`
	} `json:"deployment"`
}

type resource struct {
	URN     string         `json:"urn"`
	Type    string         `json:"type"`
	ID      string         `json:"id"`
	Protect bool           `json:"protect"`
	Inputs  map[string]any `json:"inputs"`
	Outputs map[string]any `json:"outputs"`
}

func (p platform) export(t testing.TB, stack string) (state, string) {
	t.Helper()
	text := p.must(t, func(ctx context.Context, s *session.Session) error { return s.Export(ctx, stack) })
	var st state
	require.NoError(t, json.Unmarshal([]byte(text), &st))
	return st, text
}

// password is the database's master password in a state that was exported with
// its secrets shown, or "".
func (p platform) password(t testing.TB, shown string) (password string) {
	t.Helper()
	var st state
	require.NoError(t, json.Unmarshal([]byte(shown), &st))
	for _, r := range st.Deployment.Resources {
		if r.Type == "random:index/randomPassword:RandomPassword" {
			secret := r.Outputs["result"].(map[string]any)["plaintext"].(string)
			require.NoError(t, json.Unmarshal([]byte(secret), &password))
		}
	}
	return password
}

// steps are the operations of a preview that change something, as "op type name", sorted. Where the platform refreshes, the
// preview does so first.
func (p platform) steps(t testing.TB, stack string) []string {
	t.Helper()
	steps, err := p.trySteps(t, stack)
	require.NoError(t, err)
	return steps
}

// trySteps is steps, of a preview that may fail.
func (p platform) trySteps(t testing.TB, stack string) ([]string, error) {
	t.Helper()
	command := []string{"pulumi", "preview", "--json", "-s", stack}
	if p.refresh {
		command = append(command, "--refresh")
	}
	text, messages, err := p.do(t, func(ctx context.Context, s *session.Session) error { return s.Exec(ctx, command...) })
	if err != nil {
		return nil, fmt.Errorf("%w\n%s\n%s", err, text, messages)
	}
	var preview struct {
		Steps []struct {
			Op, URN string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(text), &preview), text)
	steps := []string{}
	for _, s := range preview.Steps {
		if slices.Contains([]string{"same", "read", "refresh"}, s.Op) {
			continue
		}
		parts := strings.Split(s.URN, "::")
		typ := parts[2][strings.LastIndex(parts[2], "$")+1:]
		steps = append(steps, s.Op+" "+typ+" "+parts[3])
	}
	slices.Sort(steps)
	return steps, nil
}

// clouds opens what the simulated clouds hold, between two sessions.
func (p platform) clouds(t testing.TB, look func(*cloud.Cloud)) {
	t.Helper()
	c, err := cloud.Open(filepath.Join(p.dir, "clouds.db"))
	require.NoError(t, err)
	look(c)
	require.NoError(t, c.Close())
}

// counts are the numbers of resources by type.
func (s state) counts() map[string]int {
	n := map[string]int{}
	for _, r := range s.Deployment.Resources {
		n[r.Type]++
	}
	return n
}

func (s state) names(typ string) []string {
	var names []string
	for _, r := range s.Deployment.Resources {
		if r.Type == typ {
			names = append(names, r.URN[strings.LastIndex(r.URN, "::")+2:])
		}
	}
	slices.Sort(names)
	return names
}
