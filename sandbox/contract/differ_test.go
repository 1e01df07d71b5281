package contract

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/sandbox/cloud"
)

// storeEnv names a store of simulated clouds to try: that of a sandbox in which
// both stacks are up, and which is not at work.
const storeEnv = "TANDEM_DIFFER_STORE"

func TestTheSimulationRefusesWhatTheProviderRefuses(t *testing.T) {
	needProvider(t)
	path := os.Getenv(storeEnv)
	if path == "" {
		t.Skipf("set %s to the clouds.db of a sandbox that is up", storeEnv)
	}
	c, err := cloud.Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	d, err := Differ(t.Context(), c)
	require.NoError(t, err)
	require.NoError(t, d.Write(os.Stdout))
	require.NoError(t, d.Err())
	require.Greater(t, d.Refused, 10*len(d.Missed), "the simulated AWS misses too much")
	for typ := range d.Tried {
		if d.Refusals[typ].Provider == "" {
			t.Logf("%s: no change was refused by both", typ)
		}
	}
}
