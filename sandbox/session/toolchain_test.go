package session

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestGoVersionMustBeRecentEnough(t *testing.T) {
	for version, fits := range map[string]bool{
		"go1.26":                   true,
		"go1.26.6":                 true,
		"go1.27rc1":                true,
		"devel go1.28-0123456 Mon": true,
		"go1.25.9":                 false,
		"go1.9":                    false,
		"1.26":                     false,
		"":                         false,
	} {
		if err := checkGo(version); (err == nil) != fits {
			t.Errorf("go %q: got %v, want it to fit: %t", version, err, fits)
		}
	}
}

func TestNodeVersionMustBeRecentEnough(t *testing.T) {
	for version, fits := range map[string]bool{
		"v20.0.0":  true,
		"v20.20.2": true,
		"v24.1.0":  true,
		"v18.20.4": false,
		"v9.0.0":   false,
		"20.0.0":   false,
		"":         false,
	} {
		if err := checkNode(version); (err == nil) != fits {
			t.Errorf("node %q: got %v, want it to fit: %t", version, err, fits)
		}
	}
}

func TestMissingToolsAreReportedTogether(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := findToolchain(t.Context())
	if err == nil {
		t.Fatal("no error without any tool")
	}
	for _, want := range []string{
		"go is not on PATH: install Go 1.26 or later",
		"node is not on PATH: install Node.js 20 or later",
		"npm is not on PATH: it comes with Node.js",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
}

func TestOldToolIsReportedWithItsVersion(t *testing.T) {
	bin := t.TempDir()
	script(t, bin, "go", `echo go1.24.1`)
	script(t, bin, "node", `echo v22.1.0`)
	script(t, bin, "npm", `true`)
	t.Setenv("PATH", bin)
	_, err := findToolchain(t.Context())
	if err == nil || !strings.Contains(err.Error(), `go is version "go1.24.1", but go1.26 or later is needed`) {
		t.Errorf("got %v, want an error about the version of go", err)
	}
	if err != nil && strings.Contains(err.Error(), "node") {
		t.Errorf("the error complains about node, which fits: %v", err)
	}
}

// script writes an executable shell script.
func script(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}
