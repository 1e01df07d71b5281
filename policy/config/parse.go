package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/agext/levenshtein"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"gopkg.in/yaml.v3"
)

// Parse reads a configuration. The name is what errors call the file.
func Parse(name string, text []byte, rules []Rule) (*Config, error) {
	p := &parser{name: filepath.Base(name), known: map[string]Rule{}}
	for _, r := range rules {
		p.known[r.ID] = r
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	c := &Config{}
	if len(document.Content) > 0 {
		p.fields(document.Content[0], "the configuration", map[string]func(*yaml.Node){
			"rules":        func(n *yaml.Node) { c.rules = p.rules(n) },
			"environments": func(n *yaml.Node) { c.environments = p.environments(n) },
			"exceptions":   func(n *yaml.Node) { c.Exceptions = p.exceptions(n) },
		})
	}
	var problems []error
	for _, one := range p.problems {
		if !p.known[one.rule].Elsewhere {
			problems = append(problems, one.err)
		}
	}
	return c, errors.Join(problems...)
}

// parser collects what is wrong with a file.
type parser struct {
	name     string
	known    map[string]Rule
	problems []problem
}

// problem is one mistake in a file.
type problem struct {
	rule string // the id of the one rule that it is about, "" if there is none
	err  error
}

func (p *parser) place(n *yaml.Node) string { return fmt.Sprintf("%s:%d", p.name, n.Line) }

func (p *parser) fail(at *yaml.Node, format string, args ...any) {
	p.problems = append(p.problems, problem{err: fmt.Errorf("%s: "+format, append([]any{p.place(at)}, args...)...)})
}

// about makes a rule that of the problems since there were so many. A rule that
// does not exist is none, so every pack tells of it.
func (p *parser) about(rule string, since int) {
	for i := range p.problems[since:] {
		p.problems[since+i].rule = rule
	}
}

// pairs calls do for each key of a mapping.
func (p *parser) pairs(n *yaml.Node, what string, do func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		p.fail(n, "%s must be a mapping", what)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if seen[key.Value] {
			p.fail(key, "%s has %s twice", what, key.Value)
		}
		seen[key.Value] = true
		do(key, n.Content[i+1])
	}
}

// fields reads a mapping of known keys.
func (p *parser) fields(n *yaml.Node, what string, known map[string]func(*yaml.Node)) {
	p.pairs(n, what, func(key, value *yaml.Node) {
		if read := known[key.Value]; read != nil {
			read(value)
			return
		}
		p.fail(key, "%s has no key %q: %s", what, key.Value, Instead(key.Value, slices.Sorted(maps.Keys(known))))
	})
}

// items calls do for each element of a list.
func (p *parser) items(n *yaml.Node, what string, do func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		p.fail(n, "%s must be a list", what)
		return
	}
	for _, item := range n.Content {
		do(item)
	}
}

// text reads a string that says something.
func (p *parser) text(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" || n.Tag == "!!null" {
		p.fail(n, "%s must be a text that is not empty", what)
		return ""
	}
	return n.Value
}

// rule reads the id of a rule.
func (p *parser) rule(n *yaml.Node) (Rule, bool) {
	r, ok := p.known[n.Value]
	if !ok {
		p.fail(n, "there is no rule %q: %s", n.Value, Instead(n.Value, slices.Sorted(maps.Keys(p.known))))
	}
	return r, ok
}

func (p *parser) rules(n *yaml.Node) map[string]Choice {
	choices := map[string]Choice{}
	p.pairs(n, "rules", func(key, value *yaml.Node) {
		if key.Value == All {
			choices[All] = Choice{Level: p.level(Rule{ID: All}, value)}
		} else if r, ok := p.rule(key); ok {
			before := len(p.problems)
			choices[r.ID] = p.choice(r, value)
			p.about(r.ID, before)
		}
	})
	return choices
}

// choice reads the level of a rule, or its level and settings.
func (p *parser) choice(r Rule, n *yaml.Node) Choice {
	var c Choice
	if n.Kind == yaml.ScalarNode {
		c.Level = p.level(r, n)
		return c
	}
	known := map[string]func(*yaml.Node){"enforcementLevel": func(n *yaml.Node) { c.Level = p.level(r, n) }}
	for name, schema := range r.Settings {
		known[name] = func(n *yaml.Node) {
			var v any
			if err := n.Decode(&v); err != nil {
				p.fail(n, "%s of rule %s: %w", name, r.ID, err)
				return
			}
			v, err := Valid(schema, v)
			if err != nil {
				p.fail(n, "%s of rule %s: %w", name, r.ID, err)
				return
			}
			if c.Settings == nil {
				c.Settings = map[string]any{}
			}
			c.Settings[name] = v
		}
	}
	p.fields(n, "rule "+r.ID, known)
	return c
}

func (p *parser) level(r Rule, n *yaml.Node) Level {
	level := Level(n.Value)
	switch {
	case !slices.Contains(Levels, level):
		names := make([]string, len(Levels))
		for i, l := range Levels {
			names[i] = string(l)
		}
		p.fail(n, "%q is no enforcement level: %s; allowed are %s", n.Value, Instead(n.Value, names), strings.Join(names, ", "))
	case level == Remediate && !r.Remediates:
		p.fail(n, "rule %s cannot remediate: choose mandatory or advisory", r.ID)
	}
	return level
}

func (p *parser) environments(n *yaml.Node) []environment {
	var all []environment
	p.items(n, "environments", func(item *yaml.Node) {
		var e environment
		p.fields(item, "an environment", map[string]func(*yaml.Node){
			"stacks": func(n *yaml.Node) {
				p.items(n, "stacks", func(n *yaml.Node) { e.stacks = append(e.stacks, p.text(n, "a pattern of stacks")) })
			},
			"rules": func(n *yaml.Node) { e.rules = p.rules(n) },
		})
		if len(e.stacks) == 0 {
			p.fail(item, "an environment must have stacks: give the patterns of their names, such as \"dev-*\"")
		}
		all = append(all, e)
	})
	return all
}

func (p *parser) exceptions(n *yaml.Node) []Exception {
	var all []Exception
	p.items(n, "exceptions", func(item *yaml.Node) {
		e, before := Exception{Place: p.place(item)}, len(p.problems)
		given := map[string]bool{}
		field := func(name string, read func(*yaml.Node)) func(*yaml.Node) {
			return func(n *yaml.Node) {
				given[name] = true
				read(n)
			}
		}
		p.fields(item, "an exception", map[string]func(*yaml.Node){
			"rule": field("rule", func(n *yaml.Node) {
				if r, ok := p.rule(n); ok {
					e.Rule = r.ID
				}
			}),
			"urn":     field("urn", func(n *yaml.Node) { e.URN = p.text(n, "urn") }),
			"reason":  field("reason", func(n *yaml.Node) { e.Reason = p.text(n, "reason") }),
			"owner":   field("owner", func(n *yaml.Node) { e.Owner = p.text(n, "owner") }),
			"expires": field("expires", func(n *yaml.Node) { e.Expires = p.date(n) }),
		})
		for _, name := range []string{"rule", "urn", "reason", "owner", "expires"} {
			if !given[name] {
				p.fail(item, "an exception must have %s", name)
			}
		}
		p.about(e.Rule, before)
		all = append(all, e)
	})
	return all
}

func (p *parser) date(n *yaml.Node) time.Time {
	day, err := time.Parse(time.DateOnly, n.Value)
	if err != nil {
		p.fail(n, "expires is %q, want a day such as 2027-03-31", n.Value)
	}
	return day
}

// Valid returns a value as JSON has it, if it is what a JSON schema asks for.
func Valid(schema map[string]any, v any) (any, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		return nil, err
	}
	if text, err = json.Marshal(schema); err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("setting.json", bytes.NewReader(text)); err != nil {
		return nil, err
	}
	compiled, err := compiler.Compile("setting.json")
	if err != nil {
		return nil, err
	}
	var invalid *jsonschema.ValidationError
	if err := compiled.Validate(plain); errors.As(err, &invalid) {
		for len(invalid.Causes) > 0 {
			invalid = invalid.Causes[0]
		}
		return nil, fmt.Errorf("%s at %s", invalid.Message, "value"+strings.ReplaceAll(invalid.InstanceLocation, "/", "."))
	} else if err != nil {
		return nil, err
	}
	return plain, nil
}

// Instead says which of the known names one that does not exist may have been
// meant to be.
func Instead(name string, known []string) string {
	if len(known) == 0 {
		return "there is none to choose from"
	}
	nearest := slices.MinFunc(known, func(a, b string) int {
		return levenshtein.Distance(name, a, nil) - levenshtein.Distance(name, b, nil)
	})
	return fmt.Sprintf("the nearest is %q", nearest)
}
