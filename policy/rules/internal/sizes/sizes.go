// Package sizes checks sizes of machines against those that configuration allows.
package sizes

import (
	"path"
	"slices"

	"github.com/tandem-platform/tandem/policy/rule"
)

// Allowed is a check that every size at a path matches a pattern of the setting
// "allowed".
func Allowed(at string) rule.Check {
	return func(r rule.Resource) []rule.Finding {
		patterns := r.Settings.Strings("allowed")
		var findings []rule.Finding
		for _, size := range r.Each(at) {
			findings = append(findings, size.Must("", func(v rule.Value) bool {
				name, known := v.Text()
				return !known || slices.ContainsFunc(patterns, func(pattern string) bool {
					ok, err := path.Match(pattern, name)
					return ok && err == nil
				})
			})...)
		}
		return findings
	}
}
