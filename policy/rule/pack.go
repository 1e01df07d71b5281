package rule

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/policyx"
)

// Pack is a named set of rules that run together.
type Pack struct {
	// Name is what violations and reports call the pack.
	Name string
	// Version is its semantic version.
	Version string
	// Description says what the pack is for.
	Description string
	// Rules are its rules, with unique ids.
	Rules []Rule
}

// Validate reports everything that is wrong with the pack and its rules.
func (p Pack) Validate() error {
	var errs []error
	if _, err := semver.Parse(p.Version); err != nil {
		errs = append(errs, fmt.Errorf("pack %s: version %q: %w", p.Name, p.Version, err))
	}
	seen := map[string]bool{}
	for _, r := range p.Rules {
		errs = append(errs, r.Validate())
		if seen[r.ID] {
			errs = append(errs, fmt.Errorf("pack %s: rule %q is there twice", p.Name, r.ID))
		}
		seen[r.ID] = true
	}
	return errors.Join(errs...)
}

// Serve runs the pack as Pulumi's engine expects a policy pack to run: it serves
// the analyzer protocol until it is stopped. It prints to standard output
// nothing but the port, as the protocol demands.
func Serve(p Pack) error {
	return policyx.Main(func(*pulumi.Context) (policyx.PolicyPack, error) { return p.policies() })
}

// policies is the pack as the policy SDK knows it.
func (p Pack) policies() (policyx.PolicyPack, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	policies := make([]policyx.Policy, len(p.Rules))
	for i, r := range p.Rules {
		policies[i] = r.policy()
	}
	// The level of a pack is ignored: each policy has its own.
	return policyx.NewPolicyPack(p.Name, semver.MustParse(p.Version), policyx.EnforcementLevelMandatory, policies)
}

// policy is the rule as the policy SDK knows it.
func (r Rule) policy() policyx.Policy {
	if r.CheckInStack != nil {
		return policyx.NewStackValidationPolicy(r.ID, policyx.StackValidationPolicyArgs{
			Description:      r.Title,
			EnforcementLevel: policyx.EnforcementLevelMandatory,
			ValidateStack: func(_ context.Context, args policyx.StackValidationArgs) error {
				stack := newStack(args.Resources)
				for _, target := range stack.OfType(r.Types...) {
					r.report(args.Manager, target, func() []Finding { return r.CheckInStack(target, stack) })
				}
				return nil
			},
		})
	}
	return policyx.NewResourceValidationPolicy(r.ID, policyx.ResourceValidationPolicyArgs{
		Description:      r.Title,
		EnforcementLevel: policyx.EnforcementLevelMandatory,
		ConfigSchema:     r.configSchema(),
		ValidateResource: func(_ context.Context, args policyx.ResourceValidationArgs) error {
			if slices.Contains(r.Types, args.Resource.Type) {
				target := newResource(args.Resource, r.settings(args.Config))
				r.report(args.Manager, target, func() []Finding { return r.Check(target) })
			}
			return nil
		},
	})
}

// configSchema is the schema of the rule's settings, nil if it has none.
func (r Rule) configSchema() *policyx.ConfigSchema {
	if len(r.Settings) == 0 {
		return nil
	}
	schema := &policyx.ConfigSchema{Properties: map[string]map[string]any{}}
	for _, s := range r.Settings {
		schema.Properties[s.Name] = s.property()
	}
	return schema
}

// report runs a check and reports what it finds. A check that panics is a
// violation: it fails closed, and the other rules still run.
func (r Rule) report(to policyx.PolicyManager, target Resource, check func() []Finding) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(os.Stderr, "rule %s panicked on %s: %v\n%s", r.ID, target.URN, p, debug.Stack())
			to.ReportViolation(fmt.Sprintf(
				"rule %s panicked on %s, which counts as a violation: %v: this is a bug in the rule; report it, and disable the rule by configuration until it is fixed",
				r.ID, target.URN, p), target.URN)
		}
	}()
	for _, f := range check() {
		to.ReportViolation(r.message(f), target.URN)
	}
}
