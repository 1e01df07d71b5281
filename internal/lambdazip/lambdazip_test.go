package lambdazip

import (
	"archive/zip"
	"debug/elf"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// function is a folder with a function, of a module of its own.
func function(t *testing.T, text string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "f")
	require.NoError(t, os.Mkdir(dir, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module f\n\ngo 1.26\n"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(text), 0o644))
	return dir
}

const program = "package main\n\nfunc main() { println(\"here\") }\n"

func TestTheSameSourceMakesTheSameFile(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("GOFLAGS", "-mod=nonsense") // what the calling program is built with
	source := function(t, program)
	first, err := Build(source)
	require.NoError(t, err)
	before, err := os.ReadFile(first)
	require.NoError(t, err)

	again, err := Build(source)
	require.NoError(t, err)
	require.Equal(t, first, again)

	require.NoError(t, os.Remove(first))
	elsewhere, err := Build(function(t, program)) // another folder, another time
	require.NoError(t, err)
	after, err := os.ReadFile(elsewhere)
	require.NoError(t, err)
	require.Equal(t, filepath.Base(first), filepath.Base(elsewhere))
	require.True(t, string(before) == string(after), "the files differ")

	changed, err := Build(function(t, program+"\nvar _ = 1\n"))
	require.NoError(t, err)
	require.NotEqual(t, first, changed)
}

func TestTheFileHasAnExecutableForLambdasProcessor(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	path, err := Build(function(t, program))
	require.NoError(t, err)
	z, err := zip.OpenReader(path)
	require.NoError(t, err)
	defer z.Close()
	require.Len(t, z.File, 1)
	require.Equal(t, "bootstrap", z.File[0].Name)
	require.Equal(t, os.FileMode(0o755), z.File[0].Mode())

	out := filepath.Join(t.TempDir(), "bootstrap")
	f, err := z.File[0].Open()
	require.NoError(t, err)
	defer f.Close()
	to, err := os.Create(out)
	require.NoError(t, err)
	_, err = to.ReadFrom(f)
	require.NoError(t, err)
	require.NoError(t, to.Close())
	binary, err := elf.Open(out)
	require.NoError(t, err)
	defer binary.Close()
	require.Equal(t, elf.EM_AARCH64, binary.Machine)
	libraries, err := binary.ImportedLibraries()
	require.NoError(t, err)
	require.Empty(t, libraries, "Lambda's own system has none of ours")
}

func TestAFunctionThatDoesNotCompileIsToldAbout(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	_, err := Build(function(t, "package main\n\nfunc main() { nothing() }\n"))
	require.ErrorContains(t, err, "undefined: nothing")
}
