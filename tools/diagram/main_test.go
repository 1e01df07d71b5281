package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheOrderOfTheFilesChangesNothing(t *testing.T) {
	out := filepath.Join(t.TempDir(), "picture.svg")
	home, standby := filepath.Join("picture", "testdata", "home.json"), filepath.Join("picture", "testdata", "standby.json")
	require.ErrorContains(t, run(options{out: out, check: true}, []string{home, standby}), "is not what the states show")
	require.NoFileExists(t, out)
	require.NoError(t, run(options{out: out}, []string{home, standby}))
	require.NoError(t, run(options{out: out, check: true}, []string{standby, home}))
}

func TestAFileThatIsNoStateIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "east.json")
	require.NoError(t, os.WriteFile(file, []byte(`{}`), 0o600))
	require.ErrorContains(t, run(options{out: file + ".svg"}, []string{file}), file+": reading an exported state")
}
