package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/sandbox/cloud"
)

func TestPoliciesStopAPreviewAndAnUpdate(t *testing.T) {
	p := newPlatform(t)
	p.program = program(t, "violations")
	for _, args := range [][]string{{"preview"}, {"up", "--yes", "--skip-preview"}} {
		out, err := p.pulumi(t, append(args, "-s", east)...)
		require.Error(t, err, out)
		for _, finding := range []string{"sns-topic-encrypted", "required-tags", "Owner"} {
			require.Contains(t, out, finding)
		}
	}
	p.clouds(t, func(c *cloud.Cloud) {
		made, err := c.Resources(nil)
		require.NoError(t, err)
		require.Empty(t, made, "an update that violates a mandatory policy makes nothing of it")
	})
}
