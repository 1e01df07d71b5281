// Package npmtest lets tests use tools that npm has.
package npmtest

import (
	"os"
	"os/exec"
	"testing"
)

// Install installs what the package-lock.json in a folder names, in a copy of the
// folder, and returns the copy. A test that is short, or that finds no Node.js with
// npm, is skipped.
func Install(t testing.TB, folder string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("installs packages of npm")
	}
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("there is no %s", tool)
		}
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v\n%s", err, out)
	}
	return dir
}
