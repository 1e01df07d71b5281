package e2e

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/session"
)

// alone is the one stack of a component's own sandbox.
const alone = "test"

// component is a sandbox with one component: a stack named [alone] of a program
// of testdata/programs, which reads its arguments from the key "args" of its
// configuration. It is much cheaper than both stacks of the platform.
type component struct {
	platform
	name string
}

// newComponent makes the sandbox of testdata/programs/NAME. The policy packs are
// not run: programs there carry no tags.
func newComponent(t testing.TB, name string) component {
	t.Helper()
	c := component{newPlatform(t).project(t, name, filepath.Join("sandbox", "e2e", "testdata", "programs", name)), name}
	c.configure(t, map[string]any{})
	return c
}

// project is a sandbox on the same clouds for a program of this repository, whose
// stack files the test writes.
func (p platform) project(t testing.TB, name, program string) platform {
	t.Helper()
	own := platform{root: t.TempDir(), dir: p.dir, tools: p.tools}
	// The CLI is that of the repository.
	require.NoError(t, os.Symlink(filepath.Join(p.root, "tools"), filepath.Join(own.root, "tools")))
	own.write(t, "Pulumi.yaml", map[string]any{"name": name, "runtime": "go", "main": filepath.Join(p.root, program)})
	return own
}

func (p platform) write(t testing.TB, file string, value any) {
	t.Helper()
	text, err := yaml.Marshal(value)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(p.root, file), text, 0o600))
}

// configure gives the component its arguments from now on.
func (c component) configure(t testing.TB, args any) {
	t.Helper()
	c.write(t, "Pulumi."+alone+".yaml", map[string]any{"config": map[string]any{c.name + ":args": args}})
}

// up brings the component up.
func (c component) up(t testing.TB) {
	t.Helper()
	c.must(t, func(ctx context.Context, s *session.Session) error { return s.Up(ctx) })
}

// change gives the component other arguments, returns what a preview says that
// this changes, see [platform.steps], and brings the component up. Whatever the up
// leaves to be done is in the steps of the next change.
func (c component) change(t testing.TB, args any) []string {
	t.Helper()
	c.configure(t, args)
	steps := c.steps(t, alone)
	c.up(t)
	return steps
}

// leavesNothing destroys all stacks and asserts that neither they nor the clouds
// have anything left.
func (p platform) leavesNothing(t testing.TB, stacks ...string) {
	t.Helper()
	p.must(t, func(ctx context.Context, s *session.Session) error { return s.Destroy(ctx) })
	for _, stack := range stacks {
		st, _ := p.export(t, stack)
		require.Empty(t, st.Deployment.Resources)
	}
	p.cloudsAreEmpty(t)
}

func (p platform) cloudsAreEmpty(t testing.TB) {
	t.Helper()
	p.clouds(t, func(clouds *cloud.Cloud) {
		resources, err := clouds.Resources(nil)
		require.NoError(t, err)
		left := []string{}
		for _, r := range resources {
			left = append(left, r.Type+" "+r.ID)
		}
		require.Empty(t, left)
	})
}

// changed is args with one key set to another value; the key goes where the
// value is nil.
func changed(args map[string]any, key string, value any) map[string]any {
	text, err := json.Marshal(args)
	if err != nil {
		panic(err) // only literals come here
	}
	clone := map[string]any{}
	if err := json.Unmarshal(text, &clone); err != nil {
		panic(err)
	}
	clone[key] = value
	if value == nil {
		delete(clone, key)
	}
	return clone
}
