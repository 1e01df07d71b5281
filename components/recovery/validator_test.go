package recovery

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAnotherValidatorTakesTheDefinitions puts the golden files to asl-validator
// of npm, which holds them against a schema of the Amazon States Language.
func TestAnotherValidatorTakesTheDefinitions(t *testing.T) {
	if testing.Short() {
		t.Skip("installs a package of npm")
	}
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("there is no %s", tool)
		}
	}
	dir := t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join("../../tools/asl-validator", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), text, 0o600))
	}
	install := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	install.Dir = dir
	out, err := install.CombinedOutput()
	require.NoError(t, err, string(out))

	validate := func(file string) ([]byte, error) {
		return exec.CommandContext(t.Context(), filepath.Join(dir, "node_modules", ".bin", "asl-validator"), "--json-path", file).CombinedOutput() //nolint:gosec // files of this package
	}
	files, err := filepath.Glob("testdata/*.asl.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		out, err := validate(file)
		require.NoError(t, err, string(out))
	}
	broken := filepath.Join(dir, "broken.json")
	require.NoError(t, os.WriteFile(broken, []byte(`{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}`), 0o600))
	_, err = validate(broken)
	require.Error(t, err, "it has an opinion")
}
