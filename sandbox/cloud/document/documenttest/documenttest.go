// Package documenttest helps to test the checkers of documents.
package documenttest

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Refused checks documents that must all be refused, and compares the errors, one
// to a line, with the golden file testdata/errors.txt.
func Refused(t *testing.T, documents map[string]string, check func(text string) error) {
	t.Helper()
	var lines []string
	for name, text := range documents {
		err := check(text)
		if err == nil {
			t.Errorf("%s: was taken", name)
			continue
		}
		lines = append(lines, name+": "+err.Error())
	}
	slices.Sort(lines)
	got := strings.Join(lines, "\n") + "\n"
	path := filepath.Join("testdata", "errors.txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update writes it anew), got:\n%s", path, got)
	}
}

// Taken checks documents that must all be taken.
func Taken(t *testing.T, documents map[string]string, check func(text string) error) {
	t.Helper()
	for name, text := range documents {
		if err := check(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
