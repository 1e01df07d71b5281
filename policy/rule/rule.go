// Package rule is what a policy rule is made of, and how rules run as a Pulumi
// policy pack.
//
// A rule is one [Rule] in one file: what it asks for, why, what to do about a
// violation, the check itself, and examples that it accepts and refuses. A check
// reads a resource through [Value], which never panics: what is unknown in a
// preview stays unknown however deep one reads, and is not evaluated.
//
// The package knows resource types by their tokens alone. It imports no
// generated SDK, so that a pack builds in seconds.
package rule

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"
)

// Severity says how bad a violation is.
type Severity string

const (
	// Low is for what makes the platform harder to run or to account for.
	Low Severity = "low"
	// Medium is for a missing second line of defence.
	Medium Severity = "medium"
	// High is for what loses or exposes data once something else goes wrong.
	High Severity = "high"
	// Critical is for what exposes data by itself.
	Critical Severity = "critical"
)

var severities = []Severity{Low, Medium, High, Critical}

// Rule is one policy.
type Rule struct {
	// ID names the rule in configuration and in violations. It is unique in a pack,
	// of lower-case words joined by hyphens, and frozen once released.
	ID string
	// Title says in one sentence what must hold.
	Title string
	// Description says why.
	Description string
	// Severity says how bad a violation is. Every rule is mandatory unless
	// configuration says otherwise.
	Severity Severity
	// Remedy says what to change. It is part of every finding that has none of its
	// own.
	Remedy string
	// Types are the tokens of the resources that the rule looks at, such as
	// "aws:rds/cluster:Cluster". The one token AnyType stands for all.
	Types []string
	// Settings are what configuration can change, none by default.
	Settings []Setting

	// Check looks at one resource by itself, before it is created or changed.
	// Either it or CheckInStack is given, never both.
	Check Check
	// CheckInStack looks at one resource among all of its stack, after the program
	// has run.
	CheckInStack func(Resource, *Stack) []Finding

	// Fix is what mends a violation that Check finds, where the safe value is
	// unambiguous; otherwise there is none. It is done at the level remediate.
	Fix []Fix

	// AboutSecrecy is set for a rule that accepts a value because it is a secret to
	// Pulumi. All others find the same in secrets as in anything else.
	AboutSecrecy bool

	// ExampleSettings are the settings that the examples are run with, for a rule
	// that asks for nothing by default. None stands for the defaults.
	ExampleSettings map[string]any
	// Good are programs that the rule accepts, one at least.
	Good []Example
	// Bad are programs that the rule refuses, one at least. Each differs from one
	// of the good ones in one property, or in one resource that is not there.
	Bad []Example
}

// AnyType is the token, in Types, for resources of every type.
const AnyType = "*"

// looksAt reports whether the rule is about resources of a type.
func (r Rule) looksAt(typ string) bool {
	return slices.Contains(r.Types, typ) || slices.Contains(r.Types, AnyType)
}

// Finding is one violation of a rule.
type Finding struct {
	// Property is the path of the property, such as "rules[0].cidr". For one that
	// is missing it is where it should be.
	Property string
	// Value is what was found there, fit to be printed: no secret is in it.
	Value string
	// Remedy says what to change; empty stands for the rule's own.
	Remedy string
}

// message is the text that is reported for a finding of the rule.
func (r Rule) message(f Finding) string {
	remedy := f.Remedy
	if remedy == "" {
		remedy = r.Remedy
	}
	return fmt.Sprintf("%s is %s: %s (severity %s)", f.Property, f.Value, remedy, r.Severity)
}

// Setting is one value of a rule's configuration.
type Setting struct {
	// Name is the key in the rule's configuration.
	Name string
	// Description says what it means.
	Description string
	// Schema is the JSON schema of the value, without its description and default.
	// As everything that goes through the policy protocol, it is made of plain JSON
	// types: lists are []any.
	Schema map[string]any
	// Default is the value where configuration gives none; of plain JSON types too.
	Default any
}

// property is the setting as a property of the policy's configuration schema.
func (s Setting) property(value any) map[string]any {
	p := map[string]any{"description": s.Description, "default": value}
	for k, v := range s.Schema {
		p[k] = v
	}
	return p
}

// Settings are a rule's configuration with every default filled in.
type Settings map[string]any

// settings fills in the defaults of what given lacks.
func (r Rule) settings(given map[string]any) Settings {
	all := Settings{}
	for _, s := range r.Settings {
		all[s.Name] = s.Default
		if v, ok := given[s.Name]; ok {
			all[s.Name] = v
		}
	}
	return all
}

// Strings returns a setting that is a list of strings. It panics, which fails
// the rule closed, if the setting is anything else.
func (s Settings) Strings(name string) []string {
	list, ok := s[name].([]any)
	if !ok {
		panic(fmt.Sprintf("setting %s is %v, want a list of strings", name, s[name]))
	}
	texts := make([]string, len(list))
	for i, v := range list {
		if texts[i], ok = v.(string); !ok {
			panic(fmt.Sprintf("setting %s[%d] is %v, want a string", name, i, v))
		}
	}
	return texts
}

// Number returns a setting that is a number. It panics, which fails the rule
// closed, if the setting is anything else.
func (s Settings) Number(name string) float64 {
	n, ok := s[name].(float64)
	if !ok {
		panic(fmt.Sprintf("setting %s is %v, want a number", name, s[name]))
	}
	return n
}

// Map returns a setting that is a map. It panics, which fails the rule closed, if
// the setting is anything else.
func (s Settings) Map(name string) map[string]any {
	m, ok := s[name].(map[string]any)
	if !ok {
		panic(fmt.Sprintf("setting %s is %v, want a map", name, s[name]))
	}
	return m
}

var idPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)

// Validate reports everything that is wrong with how the rule is written.
func (r Rule) Validate() error {
	var errs []error
	fail := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("rule %q: "+format, append([]any{r.ID}, args...)...))
	}

	if !idPattern.MatchString(r.ID) {
		fail("the id must be lower-case words joined by hyphens")
	}
	for what, text := range map[string]string{"title": r.Title, "description": r.Description, "remedy": r.Remedy} {
		if strings.TrimSpace(text) == "" {
			fail("the %s is missing", what)
		}
	}
	if !slices.Contains(severities, r.Severity) {
		fail("severity %q is not one of %v", r.Severity, severities)
	}
	if len(r.Types) == 0 {
		fail("it looks at no resource type")
	}
	switch {
	case (r.Check == nil) == (r.CheckInStack == nil):
		fail("exactly one of Check and CheckInStack must be given")
	case r.CheckInStack != nil && len(r.Fix) > 0:
		fail("what only the whole stack shows cannot be fixed in one resource")
	}
	if len(r.Good) == 0 || len(r.Bad) == 0 {
		fail("a good and a bad example must be given")
	}
	for _, e := range slices.Concat(r.Good, r.Bad) {
		names := map[string]bool{}
		for _, res := range e {
			if names[res.Name] {
				fail("an example has two resources of the name %q", res.Name)
			}
			names[res.Name] = true
		}
	}
	for name := range r.ExampleSettings {
		if !slices.ContainsFunc(r.Settings, func(s Setting) bool { return s.Name == name }) {
			fail("the examples have the setting %q, which the rule has not", name)
		}
	}
	for _, s := range r.Settings {
		if s.Name == "" || s.Name == "enforcementLevel" || s.Description == "" || s.Default == nil {
			fail("setting %q needs a name other than enforcementLevel, a description and a default", s.Name)
		}
		if _, err := structpb.NewStruct(s.property(s.Default)); err != nil {
			fail("setting %q is not of plain JSON types: %w", s.Name, err)
		}
	}
	return errors.Join(errs...)
}

// Set collects the rules of a package, so that a rule is added by adding its
// file:
//
//	var volumeEncrypted = rules.Add(rule.Rule{ID: "ebs-volume-encrypted", …})
type Set struct{ rules []Rule }

// Add adds a rule and returns it.
func (s *Set) Add(r Rule) Rule {
	s.rules = append(s.rules, r)
	return r
}

// Rules returns the rules in the order of their ids.
func (s *Set) Rules() []Rule {
	sorted := slices.Clone(s.rules)
	slices.SortFunc(sorted, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	return sorted
}
