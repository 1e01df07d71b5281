package rule

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/tandem-platform/tandem/policy/config"
)

// Serve runs the pack as Pulumi's engine expects a policy pack to run: it serves
// the analyzer protocol until it is stopped. It prints to standard output
// nothing but the port, as the protocol demands. The packs are all that share
// the configuration file, the served one among them.
//
// The policy SDK's own server decodes a resource anew for every policy, gives a
// stack policy no settings and takes configuration for rules that do not exist.
// With two hundred rules that is too slow, and too trusting.
func Serve(p Pack, all ...Pack) error {
	if err := p.Validate(); err != nil {
		return err
	}
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(s *grpc.Server) error {
			pulumirpc.RegisterAnalyzerServer(s, NewServer(p, all...))
			return nil
		},
	})
	if err != nil {
		return err
	}
	fmt.Println(handle.Port)
	return <-handle.Done
}

// server serves one pack to one engine, for one stack.
type server struct {
	pulumirpc.UnimplementedAnalyzerServer

	pack   Pack
	all    []Pack
	now    func() time.Time
	config *config.Config
	active map[string]*active // by id
	alone  index              // rules with Check
	stack  index              // rules with CheckInStack
}

// active is a rule as it is configured.
type active struct {
	Rule
	level    config.Level
	settings Settings
}

// index finds the rules for a type.
type index struct {
	byType map[string][]*active
	any    []*active
}

func (x index) of(typ string) []*active {
	rules := x.byType[typ]
	if len(x.any) == 0 {
		return rules
	}
	return slices.Concat(rules, x.any)
}

// NewServer is the server of a pack, for those who serve it themselves. The packs
// are those of [Serve].
func NewServer(p Pack, all ...Pack) pulumirpc.AnalyzerServer { return newServer(p, all) }

func newServer(p Pack, all []Pack) *server {
	s := &server{pack: p, all: all, now: time.Now, active: map[string]*active{}}
	s.alone.byType, s.stack.byType = map[string][]*active{}, map[string][]*active{}
	for _, r := range p.Rules {
		a := &active{Rule: r, level: config.Mandatory, settings: r.settings(nil)}
		s.active[r.ID] = a
		x := &s.alone
		if r.CheckInStack != nil {
			x = &s.stack
		}
		for _, typ := range r.Types {
			if typ == AnyType {
				x.any = append(x.any, a)
			} else {
				x.byType[typ] = append(x.byType[typ], a)
			}
		}
	}
	return s
}

// Handshake needs nothing of what the engine says here.
func (s *server) Handshake(context.Context, *pulumirpc.AnalyzerHandshakeRequest) (*pulumirpc.AnalyzerHandshakeResponse, error) {
	return &pulumirpc.AnalyzerHandshakeResponse{}, nil
}

// GetPluginInfo gives the pack's version.
func (s *server) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: s.pack.Version}, nil
}

// ConfigureStack reads the configuration file for a stack. The engine calls it
// before it asks about the pack, so what the file says is told as the default,
// which --policy-pack-config overrides.
func (s *server) ConfigureStack(_ context.Context, req *pulumirpc.AnalyzerStackConfigureRequest) (*pulumirpc.AnalyzerStackConfigureResponse, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	known := Configurable(s.all...)
	for i := range known {
		known[i].Elsewhere = s.active[known[i].ID] == nil
	}
	if s.config, err = config.Load(dir, known); err != nil {
		return nil, fmt.Errorf("configuration of the policy packs:\n%w", err)
	}
	for id, a := range s.active {
		choice := s.config.For(req.GetStack(), id)
		if a.level = config.Mandatory; choice.Level != "" {
			a.level = choice.Level
		}
		a.settings = a.Rule.settings(choice.Settings)
	}
	return &pulumirpc.AnalyzerStackConfigureResponse{}, nil
}

var (
	wireLevels = map[config.Level]pulumirpc.EnforcementLevel{
		config.Disabled:  pulumirpc.EnforcementLevel_DISABLED,
		config.Advisory:  pulumirpc.EnforcementLevel_ADVISORY,
		config.Mandatory: pulumirpc.EnforcementLevel_MANDATORY,
		config.Remediate: pulumirpc.EnforcementLevel_REMEDIATE,
	}
	wireSeverities = map[Severity]pulumirpc.PolicySeverity{
		Low:      pulumirpc.PolicySeverity_POLICY_SEVERITY_LOW,
		Medium:   pulumirpc.PolicySeverity_POLICY_SEVERITY_MEDIUM,
		High:     pulumirpc.PolicySeverity_POLICY_SEVERITY_HIGH,
		Critical: pulumirpc.PolicySeverity_POLICY_SEVERITY_CRITICAL,
	}
)

// GetAnalyzerInfo describes the pack and its policies.
func (s *server) GetAnalyzerInfo(context.Context, *emptypb.Empty) (*pulumirpc.AnalyzerInfo, error) {
	info := &pulumirpc.AnalyzerInfo{
		Name: s.pack.Name, Version: s.pack.Version, Description: s.pack.Description, SupportsConfig: true,
	}
	for _, r := range s.pack.Rules {
		a := s.active[r.ID]
		policy := &pulumirpc.PolicyInfo{
			Name: r.ID, DisplayName: r.Title, Description: r.Title, Message: r.Description, RemediationSteps: r.Remedy,
			EnforcementLevel: wireLevels[a.level], Severity: wireSeverities[r.Severity],
			PolicyType: pulumirpc.PolicyType_POLICY_TYPE_RESOURCE,
		}
		if r.CheckInStack != nil {
			policy.PolicyType = pulumirpc.PolicyType_POLICY_TYPE_STACK
		}
		if len(r.Settings) > 0 {
			properties := map[string]any{}
			for _, setting := range r.Settings {
				properties[setting.Name] = setting.property(a.settings[setting.Name])
			}
			schema, err := structpb.NewStruct(properties)
			if err != nil {
				return nil, fmt.Errorf("settings of rule %s: %w", r.ID, err)
			}
			policy.ConfigSchema = &pulumirpc.PolicyConfigSchema{Properties: schema}
		}
		info.Policies = append(info.Policies, policy)
	}
	return info, nil
}

// Configure takes levels and settings from the engine, which has filled in what
// GetAnalyzerInfo gave as defaults.
func (s *server) Configure(_ context.Context, req *pulumirpc.ConfigureAnalyzerRequest) (*emptypb.Empty, error) {
	for id, given := range req.GetPolicyConfig() {
		a := s.active[id]
		if a == nil {
			if id == config.All {
				continue
			}
			known := make([]string, len(s.pack.Rules))
			for i, r := range s.pack.Rules {
				known[i] = r.ID
			}
			return nil, fmt.Errorf("pack %s has no rule %q: %s", s.pack.Name, id, config.Instead(id, known))
		}
		for level, wire := range wireLevels {
			if wire == given.GetEnforcementLevel() {
				a.level = level
			}
		}
		a.settings = a.Rule.settings(given.GetProperties().AsMap())
	}
	return &emptypb.Empty{}, nil
}

// Analyze checks one resource.
func (s *server) Analyze(_ context.Context, req *pulumirpc.AnalyzeRequest) (*pulumirpc.AnalyzeResponse, error) {
	response := &pulumirpc.AnalyzeResponse{}
	rules := s.alone.of(req.GetType())
	if len(rules) == 0 {
		return response, nil
	}
	target, err := decode(req)
	if err != nil {
		return nil, err
	}
	for _, a := range rules {
		response.Diagnostics = append(response.Diagnostics, s.diagnose(a, target, nil)...)
	}
	return response, nil
}

// AnalyzeStack checks the whole stack. Exceptions that have expired are
// violations here, whether or not anything is left that needs them.
func (s *server) AnalyzeStack(_ context.Context, req *pulumirpc.AnalyzeStackRequest) (*pulumirpc.AnalyzeResponse, error) {
	response := &pulumirpc.AnalyzeResponse{}
	var all []Resource
	for _, r := range req.GetResources() {
		target, err := decode(r)
		if err != nil {
			return nil, err
		}
		if target.properties.value.AsMap().Len() == 0 {
			// In a preview the engine has no outputs of a resource whose provider's own
			// configuration is unknown, such as that of a cluster that is still to come.
			target.properties = Value{value: property.New(property.Computed)}
		}
		target.dependsOn = map[string][]string{}
		for key, urns := range r.GetPropertyDependencies() {
			target.dependsOn[key] = urns.GetUrns()
		}
		all = append(all, target)
	}
	stack := newStack(all)
	for _, target := range all {
		for _, a := range s.stack.of(target.Type) {
			response.Diagnostics = append(response.Diagnostics, s.diagnose(a, target, stack)...)
		}
	}
	if s.config != nil {
		for _, e := range s.config.Exceptions {
			if a := s.active[e.Rule]; a != nil && a.level != config.Disabled && e.Expired(s.now()) {
				response.Diagnostics = append(response.Diagnostics, s.diagnostic(a, "", expired(e)+": renew it or remove it"))
			}
		}
	}
	return response, nil
}

func expired(e config.Exception) string {
	return fmt.Sprintf("the exception in %s for %s, by %s, expired on %s", e.Place, e.URN, e.Owner, e.Expires.Format(time.DateOnly))
}

// Remediate mends one resource where the rules at the level remediate can.
func (s *server) Remediate(_ context.Context, req *pulumirpc.AnalyzeRequest) (*pulumirpc.RemediateResponse, error) {
	response := &pulumirpc.RemediateResponse{}
	var target *Resource
	for _, a := range s.alone.of(req.GetType()) {
		if a.level != config.Remediate {
			continue
		}
		if target == nil {
			decoded, err := decode(req)
			if err != nil {
				return nil, err
			}
			target = &decoded
		}
		if len(s.diagnose(a, *target, nil)) == 0 {
			continue
		}
		*target = target.mend(a.Fix)
		properties, err := plugin.MarshalProperties(resource.ToResourcePropertyMap(target.properties.value.AsMap()), wireOptions)
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", a.ID, err)
		}
		response.Remediations = append(response.Remediations, &pulumirpc.Remediation{
			PolicyName: a.ID, Description: a.Title, PolicyPackName: s.pack.Name, PolicyPackVersion: s.pack.Version, Properties: properties,
		})
	}
	return response, nil
}

// mend is the resource with the safe values in place.
func (r Resource) mend(fixes []Fix) Resource {
	for _, fix := range fixes {
		r.properties.value = put(r.properties.value, fix.keys(), fromPlain(fix.Value))
	}
	return r
}

// put is a value with another one at a path below it.
func put(v property.Value, path []string, safe property.Value) property.Value {
	if len(path) == 0 {
		return safe
	}
	m := property.Map{}
	if v.IsMap() {
		m = v.AsMap()
	}
	return property.New(m.Set(path[0], put(m.Get(path[0]), path[1:], safe)))
}

// Cancel has nothing to stop: a check takes no time to speak of.
func (s *server) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

// wireOptions keep what the engine says of a value.
var wireOptions = plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, KeepResources: true, KeepOutputValues: true}

// onWire is a resource in either of the protocol's two forms.
type onWire interface {
	GetType() string
	GetUrn() string
	GetName() string
	GetProperties() *structpb.Struct
	GetProvider() *pulumirpc.AnalyzerProviderResource
}

// decode reads a resource.
func decode(r onWire) (Resource, error) {
	properties, err := plugin.UnmarshalProperties(r.GetProperties(), wireOptions)
	if err != nil {
		return Resource{}, fmt.Errorf("properties of %s: %w", r.GetUrn(), err)
	}
	provider, err := plugin.UnmarshalProperties(r.GetProvider().GetProperties(), wireOptions)
	if err != nil {
		return Resource{}, fmt.Errorf("provider of %s: %w", r.GetUrn(), err)
	}
	return Resource{
		Type: r.GetType(), Name: r.GetName(), URN: r.GetUrn(),
		properties: Value{value: property.New(resource.FromResourcePropertyMap(properties))},
		provider:   Value{value: property.New(resource.FromResourcePropertyMap(provider))},
	}, nil
}

// diagnose runs a rule on a resource. A rule that panics counts as violated: it
// fails closed, and the other rules still run.
func (s *server) diagnose(a *active, target Resource, stack *Stack) (found []*pulumirpc.AnalyzeDiagnostic) {
	if a.level == config.Disabled {
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(os.Stderr, "rule %s panicked on %s: %v\n%s", a.ID, target.URN, p, debug.Stack())
			found = append(found, s.diagnostic(a, target.URN, fmt.Sprintf(
				"rule %s panicked on %s, which counts as a violation: %v: this is a bug in the rule; report it, and disable the rule by configuration until it is fixed",
				a.ID, target.URN, p)))
		}
	}()
	target = target.with(a.settings)
	var findings []Finding
	if stack != nil {
		findings = a.CheckInStack(target, stack)
	} else {
		findings = a.Check(target)
	}
	if len(findings) == 0 {
		return nil
	}
	note, excused := s.excuse(a.ID, target.URN)
	if excused {
		return nil
	}
	for _, f := range findings {
		found = append(found, s.diagnostic(a, target.URN, a.message(f)+note))
	}
	return found
}

// excuse looks for an exception. Of one that has expired it returns a note.
func (s *server) excuse(rule, urn string) (note string, excused bool) {
	if s.config == nil {
		return "", false
	}
	for _, e := range s.config.Exceptions {
		switch {
		case !e.Covers(rule, urn):
		case e.Expired(s.now()):
			note = "; " + expired(e)
		default:
			return "", true
		}
	}
	return note, false
}

func (s *server) diagnostic(a *active, urn, message string) *pulumirpc.AnalyzeDiagnostic {
	return &pulumirpc.AnalyzeDiagnostic{
		PolicyName: a.ID, PolicyPackName: s.pack.Name, PolicyPackVersion: s.pack.Version,
		Description: a.Title, Message: a.Title + "\n" + message, Urn: urn,
		EnforcementLevel: wireLevels[a.level], Severity: wireSeverities[a.Severity],
	}
}
