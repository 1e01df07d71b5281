// Package config reads the configuration of the policy packs: a YAML file beside
// the Pulumi project, which all packs share.
//
//	rules:                              # for every stack
//	  sns-topic-encrypted: advisory
//	  required-tags:
//	    enforcementLevel: mandatory
//	    keys: [Owner]
//	environments:                       # for the stacks that match, in order
//	  - stacks: ["dev-*"]
//	    rules:
//	      rds-cluster-deletion-protected: disabled
//	exceptions:
//	  - rule: s3-public-access-block-present
//	    urn: "*::website"
//	    reason: It is public on purpose.
//	    owner: web team
//	    expires: 2027-03-31
//
// The policy SDK hands a stack policy no settings and knows no exceptions, and
// Pulumi's own --policy-pack-config accepts the name of a rule that does not
// exist. So the packs read their own file, and refuse it with the line of every
// mistake.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Variable is the environment variable that names the file. A relative path is
// relative to the working directory, which is the program's.
const Variable = "TANDEM_POLICY_CONFIG"

// FileName is the name of the file beside Pulumi.yaml, where Variable is not set.
const FileName = "policy.yaml"

// All stands for every rule that is not named, where a level is given.
const All = "all"

// Level says what a violation of a rule does.
type Level string

// The levels are Pulumi's.
const (
	Disabled  Level = "disabled"  // the rule does not run
	Advisory  Level = "advisory"  // a violation is shown
	Mandatory Level = "mandatory" // a violation stops the update
	Remediate Level = "remediate" // the rule mends the resource where it can; what is left stops the update
)

// Levels are all levels, from the mildest.
var Levels = []Level{Disabled, Advisory, Mandatory, Remediate}

// Rule is what the configuration must know of a rule.
type Rule struct {
	// ID names it.
	ID string
	// Remediates reports whether it can be at the level Remediate.
	Remediates bool
	// Settings are the JSON schemas of its settings, by name.
	Settings map[string]map[string]any
	// Elsewhere is set for a rule of another pack, which tells what is wrong with the
	// rule's configuration itself: no one has to read that twice.
	Elsewhere bool
}

// Choice is what is configured for one rule. Its zero value leaves everything at
// the rule's own default.
type Choice struct {
	// Level is empty where none is given.
	Level Level
	// Settings are those that are given, of plain JSON types.
	Settings map[string]any
}

// Exception excuses some resources from a rule for some time.
type Exception struct {
	// Rule is the id of the rule.
	Rule string
	// URN is the pattern of the URNs of the excused resources. A star stands for
	// any text.
	URN string
	// Reason says why the rule does not apply, and Owner who answers for that.
	Reason, Owner string
	// Expires is the last day that it holds, as midnight UTC at its start.
	Expires time.Time
	// Place is the file and line where it stands.
	Place string
}

// Covers reports whether the exception is for a resource and a rule, expired or
// not.
func (e Exception) Covers(rule, urn string) bool { return e.Rule == rule && Matches(e.URN, urn) }

// Expired reports whether its last day has passed.
func (e Exception) Expired(now time.Time) bool { return !now.Before(e.Expires.AddDate(0, 0, 1)) }

// Config is the configuration of the packs. Nil says nothing.
type Config struct {
	// Exceptions are in the order of the file.
	Exceptions []Exception

	rules        map[string]Choice
	environments []environment
}

type environment struct {
	stacks []string
	rules  map[string]Choice
}

// For returns what is configured for a rule in a stack. A later environment
// overrides an earlier one, and every one the choice for all stacks.
func (c *Config) For(stack, rule string) Choice {
	var all Choice
	if c == nil {
		return all
	}
	override := func(given Choice) {
		if given.Level != "" {
			all.Level = given.Level
		}
		for name, v := range given.Settings {
			if all.Settings == nil {
				all.Settings = map[string]any{}
			}
			all.Settings[name] = v
		}
	}
	override(c.rules[All])
	override(c.rules[rule])
	for _, e := range c.environments {
		for _, pattern := range e.stacks {
			if Matches(pattern, stack) {
				override(e.rules[All])
				override(e.rules[rule])
				break
			}
		}
	}
	return all
}

// Load reads the file that Variable names, or else policy.yaml beside the
// nearest Pulumi.yaml from dir upwards. It returns nil if there is none. The
// error has every mistake in the file, with its line, but for those about rules
// that are Elsewhere.
func Load(dir string, rules []Rule) (*Config, error) {
	path, err := find(dir)
	if path == "" || err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the policy configuration: %w", err)
	}
	return Parse(path, text, rules)
}

// find returns the path of the file, "" if there is none.
func find(dir string) (string, error) {
	if path := os.Getenv(Variable); path != "" {
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		return path, nil
	}
	for {
		for _, project := range []string{"Pulumi.yaml", "Pulumi.yml"} {
			if _, err := os.Stat(filepath.Join(dir, project)); err != nil {
				continue
			}
			path := filepath.Join(dir, FileName)
			if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
				return "", nil
			} else if err != nil {
				return "", err
			}
			return path, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", nil
		}
		dir = parent
	}
}

// Matches reports whether a text is what a pattern describes, in which a star
// stands for any text.
func Matches(pattern, text string) bool {
	// retry is where to go on after the last star, with one more character of the
	// text taken by it.
	retryPattern, retryText := -1, 0
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			retryPattern, retryText = p+1, t
			p++
		case p < len(pattern) && pattern[p] == text[t]:
			p++
			t++
		case retryPattern >= 0:
			retryText++
			p, t = retryPattern, retryText
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
