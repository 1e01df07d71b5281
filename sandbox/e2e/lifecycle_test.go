package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/resilience/rollout"
	"github.com/tandem-platform/tandem/sandbox/apiserver"
	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/cloud/trace"
	"github.com/tandem-platform/tandem/sandbox/contract"
	"github.com/tandem-platform/tandem/sandbox/session"
	"github.com/tandem-platform/tandem/sandbox/terraform"
	"github.com/tandem-platform/tandem/tools/diagram/picture"
)

var update = flag.Bool("update", false, "write the counts of resources to testdata/resources.json")

// TestTwoRegionsFromNothingToNothing is the life of the platform: each part
// goes on from where the one before has left the stacks.
func TestTwoRegionsFromNothingToNothing(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)

	part(t, "a standby is previewed before home exists", func(t *testing.T) {
		out, err := p.pulumi(t, "preview", "-s", west)
		require.NoError(t, err, out)
		require.Contains(t, out, `home stack "prod-east" does not exist yet, so this preview runs in bootstrap mode`)
		require.Contains(t, out, "aws:dynamodb:TableReplica")
	})

	part(t, "a standby does not come up before home", func(t *testing.T) {
		out, err := p.pulumi(t, "up", "--yes", "--skip-preview", "-s", west)
		require.Error(t, err)
		require.Contains(t, out, `home stack "prod-east" has no contract yet`)
		st, _ := p.export(t, west)
		require.Empty(t, st.names("aws:ec2/vpc:Vpc"))
	})

	part(t, "both regions come up", func(t *testing.T) {
		p.must(t, func(ctx context.Context, s *session.Session) error { return s.Up(ctx) })
		counts := map[string]map[string]int{}
		for _, stack := range []string{east, west} {
			st, _ := p.export(t, stack)
			counts[stack] = st.counts()
		}
		const file = "testdata/resources.json"
		if *update {
			text, err := json.MarshalIndent(counts, "", "  ")
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(file, append(text, '\n'), 0o644))
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var want map[string]map[string]int
		require.NoError(t, json.Unmarshal(text, &want))
		require.Equal(t, want, counts, "if the change is meant, run the test with -update")
	})

	part(t, "a rolling update loses no request", func(t *testing.T) {
		committed, err := os.ReadFile(filepath.Join(p.root, "resilience", "rollout", "testdata", "web.json"))
		require.NoError(t, err)
		drawn, err := rollout.Read(committed)
		require.NoError(t, err)
		for _, stack := range []string{east, west} {
			_, text := p.export(t, stack)
			services, err := rollout.Read([]byte(text))
			require.NoError(t, err)
			require.NotEmpty(t, services)
			if stack == east {
				require.Equal(t, drawn, services, "the model's test data and docs/rollout.svg are of other settings: export the stack and take them over")
			}
			for _, s := range services {
				for _, scenario := range rollout.Scenarios {
					r, err := rollout.Simulate(s, scenario, rollout.Load{}, rollout.DefaultTimings(), 1)
					require.NoError(t, err)
					require.True(t, r.Done, r)
					require.GreaterOrEqual(t, r.MinCapacityPercent, 100, r)
					if scenario != rollout.ZoneLoss { // what was on its way there is lost
						require.Zero(t, r.Failed, r)
					}
				}
			}
		}
	})

	part(t, "the real AWS provider takes every input", func(t *testing.T) {
		report := p.requireTakenByProvider(t, east, west)
		// What the provider was not shown is secret, and no more than these.
		var withheld []string
		for _, w := range report.Placeholders {
			withheld = append(withheld, w.URN[strings.LastIndex(w.URN, "::")+2:]+" "+w.Property+": "+w.Why)
		}
		require.Equal(t, []string{"prod-east-database masterPassword: secret", "prod-east-database secretString: secret"}, withheld)
	})

	part(t, "the simulated AWS refuses what the real provider refuses", func(t *testing.T) {
		if _, _, err := terraform.Find(); err != nil && os.Getenv(terraform.PluginDirEnv) == "" {
			t.Skip(err)
		}
		p.clouds(t, func(c *cloud.Cloud) {
			d, err := contract.Differ(t.Context(), c)
			require.NoError(t, err)
			var text strings.Builder
			require.NoError(t, d.Write(&text))
			require.NoError(t, d.Err(), text.String())
			// What it misses are mostly inputs whose form depends on another's.
			require.Greater(t, d.Refused, 10*len(d.Missed), text.String())
			t.Logf("%d changes refused by the provider, %d of them not by the simulated AWS", d.Refused, len(d.Missed))
		})
	})

	part(t, "a real API server takes every Kubernetes object", func(t *testing.T) {
		binaries, err := apiserver.Find(t.Context(), p.root)
		require.NoError(t, err)
		report, err := contract.CheckKubernetes(t.Context(), binaries, t.TempDir(), p.states(t, east, west)...)
		require.NoError(t, err)
		var text strings.Builder
		require.NoError(t, report.Write(&text))
		require.NoError(t, report.Err(), text.String())
		require.Empty(t, report.Warnings, text.String())
		require.Empty(t, report.Placeholders, text.String())
		for _, c := range report.Clusters {
			require.NotZero(t, c.Pods, text.String())
		}
	})

	part(t, "the picture of the architecture shows what there is", func(t *testing.T) {
		var states []*picture.State
		for _, stack := range []string{east, west} {
			_, text := p.export(t, stack)
			state, err := picture.ReadState([]byte(text))
			require.NoError(t, err)
			states = append(states, state)
		}
		graph, err := picture.NewGraph(states...)
		require.NoError(t, err)
		want, err := picture.SVG(graph)
		require.NoError(t, err)
		drawn, err := os.ReadFile(filepath.Join(p.root, "docs", "architecture.svg"))
		require.NoError(t, err)
		require.Equal(t, string(want), string(drawn), "draw it again, with `go run ./tools/diagram`")
	})

	part(t, "a second up changes nothing", func(t *testing.T) {
		for _, stack := range []string{east, west} {
			out, err := p.pulumi(t, "up", "--yes", "--skip-preview", "--expect-no-changes", "-s", stack)
			require.NoError(t, err, out)
		}
	})

	part(t, "a refresh finds no drift", func(t *testing.T) {
		for _, stack := range []string{east, west} {
			out, err := p.pulumi(t, "refresh", "--yes", "--skip-preview", "--expect-no-changes", "-s", stack)
			require.NoError(t, err, out)
		}
	})

	part(t, "a request reaches pods by way of every name", func(t *testing.T) {
		p.clouds(t, func(c *cloud.Cloud) {
			for _, host := range []string{"tandem.example", "origin.tandem.example", "prod-east.tandem.example", "prod-west.tandem.example"} {
				hops, err := trace.Follow(c, trace.Request{Host: host})
				require.NoError(t, err, host)
				require.Equal(t, "pods", hops[len(hops)-1].What, host)
			}
		})
	})

	part(t, "no secret is in the clear", func(t *testing.T) {
		out := p.must(t, func(ctx context.Context, s *session.Session) error {
			return s.Exec(ctx, "pulumi", "stack", "export", "--show-secrets", "-s", east)
		})
		password := p.password(t, out)
		require.GreaterOrEqual(t, len(password), 16)
		for _, stack := range []string{east, west} {
			_, text := p.export(t, stack)
			require.NotContains(t, text, password)
			require.NotContains(t, text, strings.Trim(string(quoted(t, password)), `"`))
			out := p.must(t, func(ctx context.Context, s *session.Session) error { return s.Outputs(ctx, stack) })
			require.NotContains(t, out, password)
		}
	})

	part(t, "a change changes just what it should", func(t *testing.T) {
		set := func(path, value string) {
			t.Helper()
			out, err := p.pulumi(t, "config", "set", "-s", east, "--path", "tandem:platform."+path, value)
			require.NoError(t, err, out)
		}
		set("web.image", "registry.k8s.io/e2e-test-images/agnhost:2.54")
		require.Equal(t, []string{
			"update kubernetes:apps/v1:Deployment web",
			"update tandem:index:Workload web",
		}, p.steps(t, east))
		set("web.image", "registry.k8s.io/e2e-test-images/agnhost:2.53")

		set("network.nat", "single")
		require.Equal(t, []string{
			"delete aws:cloudwatch/metricAlarm:MetricAlarm prod-east-nat-us-east-1b-ports",
			"delete aws:cloudwatch/metricAlarm:MetricAlarm prod-east-nat-us-east-1c-ports",
			"delete aws:ec2/eip:Eip prod-east-nat-us-east-1b",
			"delete aws:ec2/eip:Eip prod-east-nat-us-east-1c",
			"delete aws:ec2/natGateway:NatGateway prod-east-nat-us-east-1b",
			"delete aws:ec2/natGateway:NatGateway prod-east-nat-us-east-1c",
			"update aws:cloudwatch/dashboard:Dashboard prod-east-dashboard",
			"update aws:ec2/route:Route prod-east-private-us-east-1b-nat",
			"update aws:ec2/route:Route prod-east-private-us-east-1c-nat",
			"update tandem:index:Network prod-east",
		}, p.steps(t, east))
		set("network.nat", "per-zone")
		require.Empty(t, p.steps(t, east))
	})

	part(t, "a contract that the standby cannot read is refused", func(t *testing.T) {
		whole := p.must(t, func(ctx context.Context, s *session.Session) error { return s.Export(ctx, east) })
		tampered := t.TempDir() + "/state.json"
		for change, want := range map[[2]string]string{
			{`"version": 4(,\s+"zoneId")`, `"version": 99$1`}: `prod-east:home.version: Invalid value: 99: must be 4`,
			{`"zoneId": `, `"zone": `}:                        `prod-east:home.zoneId: Required value`,
			{`"platform": "tandem"`, `"platform": "other"`}:   `prod-east:home.platform: Invalid value: "other": must be tandem`,
		} {
			part := regexp.MustCompile(change[0])
			require.Regexp(t, part, whole)
			require.NoError(t, os.WriteFile(tampered, []byte(part.ReplaceAllString(whole, change[1])), 0o600))
			out, err := p.pulumi(t, "stack", "import", "-s", east, "--file", tampered)
			require.NoError(t, err, out)
			out, err = p.pulumi(t, "preview", "-s", west)
			require.Error(t, err)
			require.Contains(t, out, want)
		}
		require.NoError(t, os.WriteFile(tampered, []byte(whole), 0o600))
		out, err := p.pulumi(t, "stack", "import", "-s", east, "--file", tampered)
		require.NoError(t, err, out)
	})

	part(t, "destroy leaves nothing", func(t *testing.T) {
		p.leavesNothing(t, east, west)
	})
}

// states are those of the stacks, for a contract check.
func (p platform) states(t *testing.T, stacks ...string) []contract.State {
	t.Helper()
	var all []contract.State
	for _, stack := range stacks {
		_, text := p.export(t, stack)
		all = append(all, contract.State{Stack: stack, Export: []byte(text)})
	}
	return all
}

// requireTakenByProvider puts the inputs of stacks to the real AWS provider; where
// that is not there, the test is skipped.
func (p platform) requireTakenByProvider(t *testing.T, stacks ...string) *contract.Report {
	t.Helper()
	if _, _, err := contract.Find(); errors.Is(err, contract.ErrMissing) {
		t.Skip(err)
	}
	report, err := contract.Check(t.Context(), t.TempDir(), p.states(t, stacks...)...)
	require.NoError(t, err)
	var text strings.Builder
	require.NoError(t, report.Write(&text))
	require.NoError(t, report.Err(), text.String())
	return report
}

func quoted(t *testing.T, s string) []byte {
	t.Helper()
	text, err := json.Marshal(s)
	require.NoError(t, err)
	return text
}
