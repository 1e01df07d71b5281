package e2e

import (
	"strings"
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

func TestConfigurationOfThePoliciesOnTheEngine(t *testing.T) {
	p := newPlatform(t)
	p.program = program(t, "violations")
	for name, c := range map[string]struct {
		file string
		want []string // parts of the output; none for a preview that succeeds
	}{
		"a level lets a violation pass": {"rules: {all: disabled, sns-topic-encrypted: advisory}", nil},
		"a name that is wrong": {"rules:\n  all: disabled\n  sns-topic-encryptd: advisory\n", []string{
			`policy.yaml:3: there is no rule "sns-topic-encryptd": the nearest is "sns-topic-encrypted"`,
		}},
		"an exception": {exceptionFor("sns-topic-encrypted", "2999-12-31"), nil},
		"an exception without a reason": {strings.Replace(exceptionFor("sns-topic-encrypted", "2999-12-31"), "reason: A test., ", "", 1), []string{
			"policy.yaml:2: an exception must have reason",
		}},
		"an exception with an odd date": {exceptionFor("sns-topic-encrypted", "31.12.2999"), []string{
			`policy.yaml:2: expires is "31.12.2999", want a day such as 2027-03-31`,
		}},
		"an exception that has expired": {exceptionFor("sns-topic-encrypted", "2026-01-31"), []string{
			"kmsMasterKeyId is missing", "the exception in policy.yaml:2 for *::topic, by tests, expired on 2026-01-31",
		}},
		"an exception that has expired, and that nothing needs": {exceptionFor("sqs-queue-encrypted", "2026-01-31"), []string{
			"the exception in policy.yaml:2 for *::topic, by tests, expired on 2026-01-31: renew it or remove it",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			p.policy(t, c.file)
			out, err := p.pulumi(t, "preview", "-s", east)
			if len(c.want) == 0 {
				require.NoError(t, err, out)
				return
			}
			require.Error(t, err, out)
			for _, want := range c.want {
				require.Contains(t, strings.Join(strings.Fields(out), " "), want)
			}
		})
	}
}

// exceptionFor is a file with one rule, and an exception from it for the topic.
func exceptionFor(rule, expires string) string {
	return "rules: {all: disabled, " + rule + ": mandatory}\n" +
		`exceptions: [{rule: ` + rule + `, urn: "*::topic", reason: A test., owner: tests, expires: ` + expires + "}]\n"
}
