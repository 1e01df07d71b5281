package e2e

import (
	"context"
	"encoding/json"
	"flag"
	"maps"
	"regexp"
	"slices"
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
//	go run ./tools/slim/bench -package ./stacks -keep DIR
//	go test ./sandbox/e2e -run Slim -plain DIR/plain.bin -slim DIR/slim.bin
func TestSlimBuildsTheSameProgram(t *testing.T) {
	if *plainProgram == "" || *slimProgram == "" {
		t.Skip("needs -plain and -slim, two builds of the program")
	}
	plain, slim := newPlatform(t), newPlatform(t)
	plain.program, slim.program = *plainProgram, *slimProgram
	// both compares what each build leaves, thing by thing, so that a difference is
	// told with its name and not with the whole of both states.
	both := func(what string, do func(t *testing.T, p platform) map[string]string) {
		if !t.Run(what, func(t *testing.T) {
			want, got := do(t, plain), do(t, slim)
			require.ElementsMatch(t, slices.Collect(maps.Keys(want)), slices.Collect(maps.Keys(got)))
			for name := range want {
				if want[name] != got[name] {
					t.Errorf("%s\nplain: %s\nslim:  %s", name, want[name], got[name])
				}
			}
		}) {
			t.FailNow()
		}
	}
	states := func(t *testing.T, p platform) map[string]string {
		all := map[string]string{}
		for _, stack := range []string{east, west} {
			maps.Copy(all, p.withoutChance(t, stack))
		}
		return all
	}
	both("preview before anything exists", func(t *testing.T, p platform) map[string]string {
		steps := map[string]string{}
		for _, stack := range []string{east, west} {
			for _, step := range p.steps(t, stack) {
				steps[stack+": "+step] = step
			}
		}
		return steps
	})
	both("up", func(t *testing.T, p platform) map[string]string {
		p.must(t, func(ctx context.Context, s *session.Session) error { return s.Up(ctx) })
		return states(t, p)
	})
	both("a second up", func(t *testing.T, p platform) map[string]string {
		t.Setenv("PULUMI_OPTION_EXPECT_NO_CHANGES", "true")
		p.must(t, func(ctx context.Context, s *session.Session) error { return s.Up(ctx) })
		return states(t, p)
	})
	both("refresh", func(t *testing.T, p platform) map[string]string {
		for _, stack := range []string{east, west} {
			out, err := p.pulumi(t, "refresh", "--yes", "--skip-preview", "--expect-no-changes", "--run-program", "-s", stack)
			require.NoError(t, err, out)
		}
		return states(t, p)
	})
	both("import", func(t *testing.T, p platform) map[string]string {
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
			if r.Type == "pulumi:providers:aws" && strings.HasSuffix(r.URN, "::"+east) {
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
	both("destroy", func(t *testing.T, p platform) map[string]string {
		p.must(t, func(ctx context.Context, s *session.Session) error { return s.Destroy(ctx) })
		return states(t, p)
	})
}

// chance are the parts of a state that differ between any two runs: what the
// engine and the clouds draw, and times.
var chance = regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:.]+Z?|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9A-Z]{12,}|[0-9a-f]{7,}|\d{8,}`)

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
		outputs, _ := r["outputs"].(map[string]any)
		switch r["type"] {
		case "random:index/randomPassword:RandomPassword":
			// The hash is all chance, but that it is secret is not.
			require.Contains(t, outputs["bcryptHash"], "plaintext")
			delete(outputs, "bcryptHash")
		case "random:index/randomId:RandomId":
			delete(r, "id")
			delete(outputs, "b64Std")
			delete(outputs, "b64Url")
		case "aws:rds/clusterInstance:ClusterInstance":
			delete(outputs, "writer") // the instance that happened to be made first
		}
		sortStrings(r["dependencies"])
		if byProperty, ok := r["propertyDependencies"].(map[string]any); ok {
			for _, urns := range byProperty {
				sortStrings(urns)
			}
		}
		one, err := json.Marshal(r)
		require.NoError(t, err)
		blanked[chance.ReplaceAllString(r["urn"].(string), "*")] = chance.ReplaceAllString(string(one), "*")
	}
	return blanked
}

// sortStrings sorts a list whose order is that of a map's iteration in the SDK.
func sortStrings(list any) {
	if list, ok := list.([]any); ok {
		slices.SortFunc(list, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	}
}
