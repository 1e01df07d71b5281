package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	pulumiresource "github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"github.com/tandem-platform/tandem/policy/config"
	"github.com/tandem-platform/tandem/policy/pack"
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/sandbox/session"
)

// Every rule fires on its bad examples and is silent on its good ones, with the
// real engine and the prebuilt packs, before anything exists and while it is
// made. The provider takes anything, since the examples are of types that the
// sandbox does not model.
func TestRulesOnTheEngine(t *testing.T) {
	for _, examples := range []string{"bad", "good"} {
		t.Run(examples, func(t *testing.T) {
			p := newPlatform(t)
			p.program = program(t, "examples")
			for _, args := range [][]string{{"preview"}, {"up", "--yes", "--skip-preview"}} {
				t.Run(args[0], func(t *testing.T) {
					found := p.violations(t, examples, args...)
					for _, pk := range pack.All {
						for _, r := range pk.Rules {
							of := r.Bad
							if examples == "good" {
								of = r.Good
							}
							for i, e := range of {
								prefix := fmt.Sprintf("%s-%d-", r.ID, i)
								if fires := found[r.ID].any(prefix, e); fires != (examples == "bad") {
									t.Errorf("rule %s, %s example %d: fires %v", r.ID, examples, i+1, fires)
								}
							}
						}
					}
				})
			}
		})
	}
}

// names are those of the resources that violate one rule.
type names map[string]bool

func (n names) any(prefix string, e rule.Example) bool {
	for _, r := range e {
		if n[prefix+r.Name] {
			return true
		}
	}
	return false
}

// violations runs the examples' program, and returns the resources that violate
// each rule. All rules are advisory, so that no violation hides another, and have
// the settings of their examples.
func (p platform) violations(t *testing.T, examples string, args ...string) map[string]names {
	t.Helper()
	rules := map[string]any{config.All: config.Advisory}
	for _, pk := range pack.All {
		for _, r := range pk.Rules {
			if len(r.ExampleSettings) > 0 {
				rules[r.ID] = r.ExampleSettings
			}
		}
	}
	found := map[string]names{}
	for _, event := range p.runExamples(t, examples, rules, args...) {
		if v := event.PolicyEvent; v != nil {
			found[v.PolicyName] = found[v.PolicyName].with(v.ResourceURN)
		}
	}
	return found
}

// with is the names with that of a URN.
func (n names) with(urn string) names {
	if n == nil {
		n = names{}
	}
	n[urn[strings.LastIndex(urn, "::")+2:]] = true
	return n
}

// What a rule mends, it mends on the engine: in the place of a violation there is
// a remediation, for each of its bad examples.
func TestRemediationsOnTheEngine(t *testing.T) {
	p := newPlatform(t)
	p.program = program(t, "examples")
	rules := map[string]any{config.All: config.Disabled}
	for _, pk := range pack.All {
		for _, r := range pk.Rules {
			if len(r.Fix) > 0 {
				rules[r.ID] = config.Remediate
			}
		}
	}
	require.Greater(t, len(rules), 1)
	mended := map[string]names{}
	for _, event := range p.runExamples(t, "bad", rules, "up", "--yes", "--skip-preview") {
		if v := event.PolicyRemediationEvent; v != nil {
			mended[v.PolicyName] = mended[v.PolicyName].with(v.ResourceURN)
		}
		if v := event.PolicyEvent; v != nil {
			t.Errorf("rule %s refuses %s: %s", v.PolicyName, v.ResourceURN, v.Message)
		}
	}
	for _, pk := range pack.All {
		for _, r := range pk.Rules {
			for i, e := range r.Bad {
				if len(r.Fix) > 0 && !mended[r.ID].any(fmt.Sprintf("%s-%d-", r.ID, i), e) {
					t.Errorf("rule %s does not mend its bad example %d", r.ID, i+1)
				}
			}
		}
	}
}

// runExamples runs the examples' program, and returns what the engine tells. The
// provider takes anything.
func (p platform) runExamples(t *testing.T, examples string, rules map[string]any, args ...string) []apitype.EngineEvent {
	t.Helper()
	t.Setenv("EXAMPLES", examples)
	text, err := json.Marshal(map[string]any{"rules": rules}) // which is YAML, too
	require.NoError(t, err)
	p.policy(t, string(text))
	return p.events(t, append([]string{
		"env", "PULUMI_DEBUG_PROVIDERS=" + echoProviders(t, "aws", "kubernetes"),
		"pulumi", "-s", east,
	}, args...)...)
}

// policy makes a text the configuration of the policy packs.
func (platform) policy(t testing.TB, text string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), config.FileName)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	t.Setenv(config.Variable, file)
}

// events runs a command of Pulumi, which has to succeed, and returns what
// the engine tells.
func (p platform) events(t *testing.T, command ...string) []apitype.EngineEvent {
	t.Helper()
	log := filepath.Join(t.TempDir(), "events.json")
	out, messages, err := p.do(t, func(ctx context.Context, s *session.Session) error {
		// The event log is a debugging option of the CLI.
		return s.Exec(ctx, slices.Concat([]string{"env", "PULUMI_DEBUG_COMMANDS=true"}, command, []string{"--event-log", log})...)
	})
	require.NoError(t, err, "%s\n%s", out, messages)
	file, err := os.Open(log)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	var events []apitype.EngineEvent
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var event apitype.EngineEvent
		require.NoError(t, json.Unmarshal(lines.Bytes(), &event))
		events = append(events, event)
	}
	require.NoError(t, lines.Err())
	return events
}

// echoProviders serves a provider of each package that takes anything, and
// returns the value of PULUMI_DEBUG_PROVIDERS for them.
func echoProviders(t *testing.T, packages ...string) string {
	t.Helper()
	var served []string
	for _, pkg := range packages {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		server := grpc.NewServer(grpc.MaxRecvMsgSize(400 << 20))
		pulumirpc.RegisterResourceProviderServer(server, plugin.NewProviderServer(&echo{}))
		go func() { _ = server.Serve(listener) }() // ends when it is stopped
		t.Cleanup(server.Stop)
		served = append(served, fmt.Sprintf("%s:%d", pkg, listener.Addr().(*net.TCPAddr).Port))
	}
	return strings.Join(served, ",")
}

// echo is a provider that takes any resource and gives back its inputs.
type echo struct{ plugin.UnimplementedProvider }

func (*echo) Attach(string) error                      { return nil }
func (*echo) Close() error                             { return nil }
func (*echo) SignalCancellation(context.Context) error { return nil }
func (*echo) GetPluginInfo(context.Context) (plugin.PluginInfo, error) {
	return plugin.PluginInfo{Version: &semver.Version{Major: 1}}, nil
}

func (*echo) CheckConfig(_ context.Context, req plugin.CheckConfigRequest) (plugin.CheckConfigResponse, error) {
	return plugin.CheckConfigResponse{Properties: req.News}, nil
}

func (*echo) DiffConfig(context.Context, plugin.DiffConfigRequest) (plugin.DiffConfigResponse, error) {
	return plugin.DiffConfigResponse{Changes: plugin.DiffNone}, nil
}

func (*echo) Configure(context.Context, plugin.ConfigureRequest) (plugin.ConfigureResponse, error) {
	return plugin.ConfigureResponse{}, nil
}

func (*echo) Check(_ context.Context, req plugin.CheckRequest) (plugin.CheckResponse, error) {
	return plugin.CheckResponse{Properties: req.News}, nil
}

// Create gives a resource its name as its id. In a preview the id is unknown by
// itself.
func (*echo) Create(_ context.Context, req plugin.CreateRequest) (plugin.CreateResponse, error) {
	return plugin.CreateResponse{ID: pulumiresource.ID(req.URN.Name()), Properties: req.Properties, Status: pulumiresource.StatusOK}, nil
}
