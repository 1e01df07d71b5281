package parity

import (
	"maps"
	"slices"

	"github.com/tandem-platform/tandem/policy/config"
	"github.com/tandem-platform/tandem/policy/rule"
)

// byURN is a setting that gives each resource whose URN matches a pattern a
// value. The same file is read for every stack, so the values are the same in
// both regions. By default there are none.
func byURN(name, description string, value map[string]any) rule.Setting {
	return rule.Setting{
		Name:        name,
		Description: description + " by patterns of URNs, in which a star stands for any text. What no pattern matches is not looked at.",
		Schema:      map[string]any{"type": "object", "additionalProperties": value},
		Default:     map[string]any{},
	}
}

// configured are the values of a setting for a resource, in the order of their
// patterns.
func configured(r rule.Resource, setting string) []any {
	var values []any
	all := r.Settings.Map(setting)
	for _, pattern := range slices.Sorted(maps.Keys(all)) {
		if config.Matches(pattern, r.URN) {
			values = append(values, all[pattern])
		}
	}
	return values
}

// number is the schema of a number that is not negative.
var number = map[string]any{"type": "number", "minimum": 0.0}

// text is the schema of a text that says something.
var text = map[string]any{"type": "string", "minLength": 1.0}
