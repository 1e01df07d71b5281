package recovery

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/npmtest"
)

// TestAnotherValidatorTakesTheDefinitions puts the golden files to asl-validator
// of npm, which holds them against a schema of the Amazon States Language.
func TestAnotherValidatorTakesTheDefinitions(t *testing.T) {
	dir := npmtest.Install(t, "../../tools/asl-validator")
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
