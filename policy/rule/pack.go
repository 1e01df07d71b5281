package rule

import (
	"errors"
	"fmt"

	"github.com/blang/semver"

	"github.com/tandem-platform/tandem/policy/config"
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

// Configurable is what the configuration must know of the packs' rules.
func Configurable(packs ...Pack) []config.Rule {
	var all []config.Rule
	for _, p := range packs {
		for _, r := range p.Rules {
			known := config.Rule{ID: r.ID, Remediates: len(r.Fix) > 0, Settings: map[string]map[string]any{}}
			for _, s := range r.Settings {
				known.Settings[s.Name] = s.property(s.Default)
			}
			all = append(all, known)
		}
	}
	return all
}
