package e2e

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/sandbox/cloud"
)

// TestFaultFlagsHaveTheirEffect gives the sandbox's command, as a program, the flags
// that make something fail, and looks at what it says and what it leaves in the clouds. The
// flags that only take time are tested beside the command.
func TestFaultFlagsHaveTheirEffect(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "sandbox")
	out, err := exec.Command("go", "build", "-o", binary, "..").CombinedOutput()
	require.NoError(t, err, string(out))
	fixture := faultPlatform(t, t.TempDir(), program(t, "faults"), "1")

	run := func(p platform, args ...string) (string, error) {
		cmd := exec.Command(binary, append(args, "--dir", p.dir, "--tools", p.tools, "--program", p.program)...)
		cmd.Dir = p.root
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	// types are those of what is in the clouds, with how many there are of each.
	types := func(t *testing.T, p platform) map[string]int {
		n := map[string]int{}
		p.clouds(t, func(c *cloud.Cloud) {
			all, err := c.Resources(func(r *cloud.Resource) bool { return r.Scope.Package != "random" })
			require.NoError(t, err)
			for _, r := range all {
				n[r.Type[strings.LastIndex(r.Type, ":")+1:]]++
			}
		})
		return n
	}

	const table = "aws:dynamodb/table:Table"
	for _, test := range []struct {
		name string
		args []string
		says []string
		left func(t *testing.T, n map[string]int)
	}{
		{
			name: "fail", args: []string{"--fail", "3"}, says: []string{"nternal"},
			left: func(t *testing.T, n map[string]int) { require.NotEmpty(t, n) },
		},
		{
			name: "crash before", args: []string{"--crash-before", "1", "--fail-type", table}, says: []string{"error reading from server: "},
			left: func(t *testing.T, n map[string]int) { require.Zero(t, n["Table"]) },
		},
		{
			name: "crash after", args: []string{"--crash-after", "1", "--fail-type", table}, says: []string{"error reading from server: "},
			left: func(t *testing.T, n map[string]int) { require.Equal(t, 1, n["Table"]) },
		},
		{
			name: "fail a type", args: []string{"--fail-type", "aws:ec2/subnet:Subnet"}, says: []string{"operation error EC2: CreateSubnet", "nternal"},
			left: func(t *testing.T, n map[string]int) {
				require.Equal(t, 1, n["Vpc"])
				require.Zero(t, n["Subnet"])
			},
		},
		{
			name: "lose a region", args: []string{"--lose-region", "us-east-1"}, says: []string{"dial tcp: lookup ", "us-east-1.amazonaws.com: i/o timeout"},
			left: func(t *testing.T, n map[string]int) { require.Subset(t, map[string]int{"Monitor": 1}, n) }, // Datadog's own
		},
		{
			name: "lose other regions", args: []string{"--lose-region", "us-west-2,eu-west-1"},
			left: func(t *testing.T, n map[string]int) { require.Equal(t, 1, n["Cluster"]) },
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := fixture
			p.dir = t.TempDir()
			out, err := run(p, append([]string{"up", "home"}, test.args...)...)
			for _, text := range test.says {
				require.Contains(t, out, text)
			}
			require.Equal(t, len(test.says) > 0, err != nil, out)
			test.left(t, types(t, p))
			if !slices.Contains(test.args, table) {
				return
			}
			// Of what was made without an answer no state has the id.
			found, _ := run(p, "recover", "home")
			require.Equal(t, types(t, p)["Table"] > 0, strings.Contains(found, "in no state: "+table), found)
		})
	}
}
