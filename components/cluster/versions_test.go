package cluster

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestAnUpgradeIsOneMinorVersionAtATime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := rapid.IntRange(20, 50).Draw(t, "from"), rapid.IntRange(20, 50).Draw(t, "to")
		err := checkUpgrade(fmt.Sprintf("1.%d", from), fmt.Sprintf("1.%d", to))
		require.Equal(t, to == from || to == from+1, err == nil, "from 1.%d to 1.%d: %v", from, to, err)
		if to > from+1 {
			require.ErrorContains(t, err, fmt.Sprintf("bring up 1.%d first", from+1))
		}
	})
	require.NoError(t, checkUpgrade("", DefaultVersion), "a state from before the version was an input")
}

// Whoever is on one of the versions can get to the next one.
func TestNoVersionIsLeftOut(t *testing.T) {
	versions := Versions()
	for i := 1; i < len(versions); i++ {
		require.NoError(t, checkUpgrade(versions[i-1], versions[i]))
	}
	require.Contains(t, versions, DefaultVersion)
}
