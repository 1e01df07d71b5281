package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/resilience/rollout"
)

var update = flag.Bool("update", false, "draw docs/rollout.svg anew")

// web is the state of the platform's web service as the home stack has exported it.
var web = filepath.Join("..", "..", "resilience", "rollout", "testdata", "web.json")

// withoutPreStop writes the same state with pods that end at once.
func withoutPreStop(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(web)
	require.NoError(t, err)
	var state map[string]any
	require.NoError(t, json.Unmarshal(text, &state))
	found := false
	for _, r := range state["deployment"].(map[string]any)["resources"].([]any) {
		if one := r.(map[string]any); one["type"] == "kubernetes:apps/v1:Deployment" {
			pod := one["outputs"].(map[string]any)["spec"].(map[string]any)["template"].(map[string]any)["spec"].(map[string]any)
			delete(pod["containers"].([]any)[0].(map[string]any), "lifecycle")
			found = true
		}
	}
	require.True(t, found)
	text, err = json.Marshal(state)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "state.json")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	return file
}

func simulate(t *testing.T, file string, scenario rollout.Scenario) *rollout.Report {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	services, err := rollout.Read(text)
	require.NoError(t, err)
	r, err := rollout.Simulate(services[0], scenario, rollout.Load{}, rollout.DefaultTimings(), 1)
	require.NoError(t, err)
	return r
}

func TestThePictureOfTheDocsIsWhatTheModelSays(t *testing.T) {
	got := draw([]panel{
		{"web", simulate(t, web, rollout.RollingUpdate)},
		{"web without a preStop sleep", simulate(t, withoutPreStop(t), rollout.RollingUpdate)},
		{"web", simulate(t, web, rollout.NodeDrain)},
		{"web", simulate(t, web, rollout.ZoneLoss)},
	})
	require.NoError(t, xml.Unmarshal(got, new(struct{ XMLName xml.Name })))
	file := filepath.Join("..", "..", "docs", "rollout.svg")
	if *update {
		require.NoError(t, os.WriteFile(file, got, 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "if the change is meant, run the test with -update and look at the picture")
}

func TestTheCommandFailsWhereRequestsAreLostOnPurpose(t *testing.T) {
	svg := filepath.Join(t.TempDir(), "picture.svg")
	var out strings.Builder
	require.NoError(t, run(&out, options{seed: 1, svg: svg}, []string{web}))
	require.Contains(t, out.String(), "web.json: web/web, rolling update: no request lost\n")
	require.Contains(t, out.String(), "web.json: web/web, zone loss: ")
	require.FileExists(t, svg)

	out.Reset()
	require.ErrorIs(t, run(&out, options{seed: 1}, []string{withoutPreStop(t)}), errLost)
	require.Contains(t, out.String(), "refused")
}

func TestAFileThatIsNoStateIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "east.json")
	require.NoError(t, os.WriteFile(file, []byte(`{}`), 0o600))
	err := run(io.Discard, options{}, []string{file})
	require.ErrorContains(t, err, file+": the state has no Deployment whose pods join a target group")
	require.False(t, errors.Is(err, errLost))
}
