package session

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFittingVersionsOfTheCLI(t *testing.T) {
	for version, want := range map[string]bool{
		"v3.259.0":         true,
		"3.259.0":          true,
		"v3.259.1":         true,
		"v3.300.0":         true,
		"v3.258.9":         false,
		"v3.99.0":          false,
		"v2.400.0":         false,
		"v4.0.0":           false,
		"v3.259.0-alpha.1": false,
		"":                 false,
		"dev":              false,
	} {
		if got := fits(version); got != want {
			t.Errorf("fits(%q) = %t, want %t", version, got, want)
		}
	}
}

func TestInstalledCLIOfFittingVersionIsUsed(t *testing.T) {
	bin := t.TempDir()
	script(t, bin, "pulumi", `echo v3.260.1`)
	t.Setenv("PATH", bin)
	path, err := findCLI(t.Context(), toolchain{}, t.TempDir(), t.TempDir(), &narrator{w: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(bin, "pulumi"); path != want {
		t.Errorf("got %s, want %s", path, want)
	}
}

func TestUnfittingCLIIsNamedAndNotUsed(t *testing.T) {
	bin := t.TempDir()
	script(t, bin, "pulumi", `echo v3.100.0`)
	t.Setenv("PATH", bin)
	var said bytes.Buffer
	_, err := findCLI(t.Context(), toolchain{}, t.TempDir(), t.TempDir(), &narrator{w: &said})
	if err == nil || !strings.Contains(err.Error(), "install Pulumi") {
		t.Errorf("got %v, want an error with a remedy: there is nothing to build a CLI from", err)
	}
	if !strings.Contains(said.String(), `"v3.100.0"`) {
		t.Errorf("the version that does not fit is not named: %s", said.String())
	}
}

func TestBuiltCLIIsUsedUntilItsSourcesChange(t *testing.T) {
	bin, root, dir := t.TempDir(), t.TempDir(), t.TempDir()
	// A go command that "builds" by touching the file after -o.
	script(t, bin, "go", `case $1 in list) echo v3.259.0;; build) echo built >> "$3";; esac`)
	t.Setenv("PATH", bin)
	tools := toolchain{goCommand: filepath.Join(bin, "go"), goVersion: "go1.26"}
	module := filepath.Join(root, "tools", "pulumi")
	if err := os.MkdirAll(module, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(module, "go.mod"), "module m")
	write(t, filepath.Join(module, "go.sum"), "")

	builds := func() int {
		t.Helper()
		path, err := findCLI(t.Context(), tools, root, dir, &narrator{w: t.Output()})
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Count(text, []byte("built"))
	}
	if got := builds(); got != 1 {
		t.Errorf("first time: built %d times, want 1", got)
	}
	if got := builds(); got != 1 {
		t.Errorf("second time: built %d times in all, want 1", got)
	}
	write(t, filepath.Join(module, "go.sum"), "changed")
	if got := builds(); got != 2 {
		t.Errorf("after a change: built %d times in all, want 2", got)
	}
}

func TestLanguageHostCountsOnlyBesideTheCLI(t *testing.T) {
	beside, elsewhere := t.TempDir(), t.TempDir()
	script(t, beside, "pulumi", "true")
	script(t, beside, languageHostName, "true")
	script(t, elsewhere, "pulumi", "true")
	t.Setenv("PATH", beside)
	if !hasLanguageHost(filepath.Join(beside, "pulumi")) {
		t.Error("the host beside the CLI is not found")
	}
	if hasLanguageHost(filepath.Join(elsewhere, "pulumi")) {
		t.Error("a host on PATH is found, though the engine would not use it")
	}
	link := filepath.Join(elsewhere, "link")
	if err := os.Symlink(filepath.Join(beside, "pulumi"), link); err != nil {
		t.Fatal(err)
	}
	if !hasLanguageHost(link) {
		t.Error("the host beside the file that a link leads to is not found")
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
