package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestThePicturesAreThoseOfTheDefinitions(t *testing.T) {
	for from, to := range pictures {
		svg, err := drawFile(filepath.Join("../..", from))
		require.NoError(t, err)
		drawn, err := os.ReadFile(filepath.Join("../..", to))
		require.NoError(t, err)
		require.Equal(t, string(drawn), string(svg), "run `go run ./tools/machines`, and look at %s", to)
	}
}

func TestNoTwoStatesStandInOnePlace(t *testing.T) {
	files, err := filepath.Glob("../../components/recovery/testdata/*.asl.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		g, err := read(text)
		require.NoError(t, err)
		g.layOut()
		seen := map[[2]int]string{}
		for name, n := range g.nodes {
			at := [2]int{n.row, n.column}
			require.Empty(t, seen[at], "%s: %s stands on %s", file, name, seen[at])
			seen[at] = name
		}
		require.Zero(t, g.nodes[g.start].row)
	}
}

func TestADefinitionThatStartsNowhereIsRefused(t *testing.T) {
	_, err := read([]byte(`{"StartAt":"A","States":{}}`))
	require.EqualError(t, err, `there is no state "A" to start at`)
}
