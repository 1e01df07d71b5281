package e2e

import (
	"context"
	"encoding/json"
	"flag"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/session"
)

var (
	plainProgram = flag.String("plain", "", "the program of ./stacks, built without slim")
	slimProgram  = flag.String("slim", "", "the same program, built with slim")
)

// TestSlimBuildsTheSameProgram compares what two builds of the program do on the
// real engine. The plain one takes many minutes and 10 GB to build, so both are
// built beforehand:
//
//	go run ./tools/slim/bench -package ./stacks -keep /tmp/built
//	go test ./sandbox/e2e -run Slim -plain /tmp/built/plain.bin -slim /tmp/built/slim.bin
func TestSlimBuildsTheSameProgram(t *testing.T) {
	if *plainProgram == "" || *slimProgram == "" {
		t.Skip("needs -plain and -slim, two builds of the program")
	}
	plain, slim := newPlatform(t), newPlatform(t)
	plain.program, slim.program = *plainProgram, *slimProgram
	both := func(what string, do func(t *testing.T, p platform) any) {
		if !t.Run(what, func(t *testing.T) { require.Equal(t, do(t, plain), do(t, slim)) }) {
			t.FailNow()
		}
	}
	states := func(t *testing.T, p platform) any {
		text := map[string]any{}
		for _, stack := range []string{east, west} {
			text[stack] = p.withoutChance(t, stack)
		}
		return text
	}
	both("preview before anything exists", func(t *testing.T, p platform) any {
		return [][]string{p.steps(t, east), p.steps(t, west)}
	})
	both("up", func(t *testing.T, p platform) any {
		p.must(t, func(ctx context.Context, s *session.Session) error { return s.Up(ctx) })
		return states(t, p)
	})
	both("a second up", func(t *testing.T, p platform) any {
		t.Setenv("PULUMI_OPTION_EXPECT_NO_CHANGES", "true")
		p.must(t, func(ctx context.Context, s *session.Session) error { return s.Up(ctx) })
		return states(t, p)
	})
	both("refresh", func(t *testing.T, p platform) any {
		for _, stack := range []string{east, west} {
			out, err := p.pulumi(t, "refresh", "--yes", "--skip-preview", "--expect-no-changes", "--run-program", "-s", stack)
			require.NoError(t, err, out)
		}
		return states(t, p)
	})
	both("import", func(t *testing.T, p platform) any {
		// What somebody made by hand, and the stack takes over.
		var id string
		p.clouds(t, func(c *cloud.Cloud) {
			groups, err := c.Resources(func(r *cloud.Resource) bool { return r.Type == "aws:cloudwatch/logGroup:LogGroup" })
			require.NoError(t, err)
			id = groups[0].ID
		})
		st, _ := p.export(t, east)
		provider := ""
		for _, r := range st.Deployment.Resources {
			if r.Type == "pulumi:providers:aws" && provider == "" {
				provider = r.URN
			}
		}
		out, err := p.pulumi(t, "import", "--yes", "--skip-preview", "--generate-code=false", "--protect=false", "-s", east,
			"--provider", "aws="+provider, "aws:cloudwatch/logGroup:LogGroup", "adopted", id)
		require.NoError(t, err, out)
		result := states(t, p)
		out, err = p.pulumi(t, "state", "delete", "--yes", "-s", east,
			"urn:pulumi:prod-east::tandem::aws:cloudwatch/logGroup:LogGroup::adopted")
		require.NoError(t, err, out)
		return result
	})
	t.Run("each takes the other's state for its own", func(t *testing.T) {
		t.Setenv("PULUMI_OPTION_EXPECT_NO_CHANGES", "true")
		plain.program, slim.program = slim.program, plain.program
		for _, p := range []platform{plain, slim} {
			p.must(t, func(ctx context.Context, s *session.Session) error { return s.Up(ctx) })
		}
	})
	both("destroy", func(t *testing.T, p platform) any {
		p.must(t, func(ctx context.Context, s *session.Session) error { return s.Destroy(ctx) })
		return states(t, p)
	})
}

// chance are the parts of a state that differ between any two runs: what the
// engine and the clouds draw, and times.
var chance = regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9A-Z]{12,}|[0-9a-f]{7,}|\d{8,}`)

// withoutChance is a stack's state, with secrets shown, as one text for each
// resource and with all that chance decides blanked.
func (p platform) withoutChance(t *testing.T, stack string) map[string]string {
	t.Helper()
	text := p.must(t, func(ctx context.Context, s *session.Session) error {
		return s.Exec(ctx, "pulumi", "stack", "export", "--show-secrets", "-s", stack)
	})
	if password := p.password(t, text); password != "" {
		text = strings.ReplaceAll(text, password, "*") // it is made of letters and digits alone
	}
	var whole struct {
		Deployment struct{ Resources []map[string]any }
	}
	require.NoError(t, json.Unmarshal([]byte(text), &whole))
	blanked := map[string]string{}
	for _, r := range whole.Deployment.Resources {
		if r["type"] == "random:index/randomPassword:RandomPassword" {
			// The hash is all chance, but that it is secret is not.
			require.Contains(t, r["outputs"].(map[string]any)["bcryptHash"], "plaintext")
			delete(r["outputs"].(map[string]any), "bcryptHash")
		}
		one, err := json.Marshal(r)
		require.NoError(t, err)
		blanked[chance.ReplaceAllString(r["urn"].(string), "*")] = chance.ReplaceAllString(string(one), "*")
	}
	return blanked
}
