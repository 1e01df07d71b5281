// Package secrets finds what looks like a secret in plain text.
package secrets

import (
	"regexp"

	"github.com/tandem-platform/tandem/policy/rule"
)

// patterns are the forms of credentials that nothing else has: access keys of
// AWS, tokens of GitHub and Slack, private keys.
var patterns = regexp.MustCompile(`\b(AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|\bxox[abprs]-[A-Za-z0-9-]{10}|-----BEGIN [A-Z ]*PRIVATE KEY-----`)

// In reports whether a text has a credential in it.
func In(text string) bool { return patterns.MatchString(text) }

// names are those of values that are secret, and places those of values that only
// tell where the secret is.
var (
	names  = regexp.MustCompile(`(?i)(password|passwd|secret|token|api[-_]?key|private[-_]?key|credential)s?$`)
	places = regexp.MustCompile(`(?i)(arn|name|id|url|path|file|version)s?$`)
)

// Name reports whether what has a name is secret by the name.
func Name(name string) bool { return names.MatchString(name) && !places.MatchString(name) }

// None is a check that the map at a path holds no secrets, by the names of its
// keys or the form of its values. That Pulumi takes one for a secret does not help:
// the cloud shows it.
func None(path string) rule.Check {
	return func(r rule.Resource) []rule.Finding {
		var findings []rule.Finding
		for _, m := range r.Each(path) {
			for _, key := range m.Keys() {
				v := m.At(key)
				if text, ok := v.Text(); ok && text != "" && (Name(key) || In(text)) {
					findings = append(findings, Finding(v))
				}
			}
		}
		return findings
	}
}

// NoneIn is a check that the text at a path has no credential in it.
func NoneIn(path string) rule.Check {
	return func(r rule.Resource) []rule.Finding {
		var findings []rule.Finding
		for _, v := range r.Each(path) {
			if text, _ := v.Text(); In(text) {
				findings = append(findings, Finding(v))
			}
		}
		return findings
	}
}

// Marked is a check that what is at a path is a secret to Pulumi, or nothing.
func Marked(path string) rule.Check {
	return func(r rule.Resource) []rule.Finding {
		var findings []rule.Finding
		for _, v := range r.Each(path) {
			if text, _ := v.Text(); text != "" && !v.Secret() {
				findings = append(findings, Finding(v))
			}
		}
		return findings
	}
}

// Finding is a finding about a value that is not to be shown.
func Finding(v rule.Value) rule.Finding {
	return rule.Finding{Property: v.Path(), Value: "a secret in plain text"}
}
