// Package catalogue writes the documentation of the policy packs from the rules
// themselves.
package catalogue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tandem-platform/tandem/policy/rule"
)

// listedTypes is how many resource types of a rule are listed. A rule for more
// of them says how many.
const listedTypes = 8

const intro = `<!-- Written by go run ./tools/catalogue. Do not edit. -->

# Policies

The packs in ` + "`policy/`" + ` run on any Pulumi program:

    pulumi preview --policy-pack policy/security

With an installed Pulumi they run from source like this. A prebuilt pack is
given by its absolute path. The sandbox builds and runs them on every preview
and update by itself.

Every rule is mandatory. ` + "`--policy-pack-config FILE`" + ` names a JSON file that changes
levels and settings, by rule:

    {
      "sns-topic-encrypted": "advisory",
      "required-tags": {"enforcementLevel": "mandatory", "keys": ["Owner"]}
    }

What is unknown in a preview is not evaluated then, but by the update. A rule
that panics counts as violated by the resource that it panicked on.
`

// Markdown returns the documentation of the packs.
func Markdown(packs ...rule.Pack) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(intro)
	for _, p := range packs {
		fmt.Fprintf(&b, "\n## %s\n\n%s. Version %s, %d rules.\n\n| rule | severity | what must hold |\n|---|---|---|\n", p.Name, p.Description, p.Version, len(p.Rules))
		for _, r := range sorted(p.Rules) {
			fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", r.ID, r.ID, r.Severity, r.Title)
		}
		for _, r := range sorted(p.Rules) {
			if err := describe(&b, r); err != nil {
				return nil, fmt.Errorf("rule %s: %w", r.ID, err)
			}
		}
	}
	return b.Bytes(), nil
}

func sorted(rules []rule.Rule) []rule.Rule {
	return slices.SortedFunc(slices.Values(rules), func(a, b rule.Rule) int { return strings.Compare(a.ID, b.ID) })
}

// describe writes the section of one rule.
func describe(b *bytes.Buffer, r rule.Rule) error {
	fmt.Fprintf(b, "\n### %s\n\n%s\n\n%s\n\n", r.ID, r.Title, r.Description)
	fmt.Fprintf(b, "- Severity: %s\n- Remedy: %s\n- Looks at: %s\n", r.Severity, r.Remedy, types(r))
	if r.CheckInStack != nil {
		b.WriteString("- Checked when the program has run, on the whole stack\n")
	} else {
		b.WriteString("- Checked before the resource is created or changed\n")
	}
	for _, s := range r.Settings {
		value, err := json.Marshal(s.Default)
		if err != nil {
			return err
		}
		schema, err := json.Marshal(s.Schema)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "- Setting `%s`: %s Default `%s`, schema `%s`\n", s.Name, s.Description, value, schema)
	}
	for _, shown := range []struct {
		what    string
		example rule.Example
	}{{"Refused", r.Bad[0]}, {"Accepted", r.Good[0]}} {
		text, err := program(shown.example)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "\n%s:\n\n```yaml\n%s```\n", shown.what, text)
	}
	return nil
}

// types are the resource types that a rule looks at, in words.
func types(r rule.Rule) string {
	if len(r.Types) > listedTypes {
		return fmt.Sprintf("%d resource types", len(r.Types))
	}
	return "`" + strings.Join(r.Types, "`, `") + "`"
}

// program is an example as a Pulumi YAML program.
func program(e rule.Example) ([]byte, error) {
	type options struct {
		Provider string `yaml:"provider"`
	}
	type resource struct {
		Type       string         `yaml:"type"`
		Properties map[string]any `yaml:"properties,omitempty"`
		Options    *options       `yaml:"options,omitempty"`
	}
	resources := map[string]resource{}
	for _, r := range e {
		entry := resource{Type: r.Type, Properties: yamlOfMap(r.Properties)}
		if r.Provider != nil {
			name := r.Name + "-provider"
			kind, _, _ := strings.Cut(r.Type, ":")
			resources[name] = resource{Type: "pulumi:providers:" + kind, Properties: yamlOfMap(r.Provider)}
			entry.Options = &options{Provider: "${" + name + "}"}
		}
		resources[r.Name] = entry
	}
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(map[string]any{"resources": resources}); err != nil {
		return nil, err
	}
	return b.Bytes(), enc.Close()
}

// yamlOf is a value of an example as Pulumi YAML has it.
func yamlOf(v any) any {
	switch v := v.(type) {
	case rule.Ref:
		return fmt.Sprintf("${%s.%s}", v.Resource, v.Property)
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = yamlOf(e)
		}
		return list
	case map[string]any:
		return yamlOfMap(v)
	default:
		return v
	}
}

func yamlOfMap(m map[string]any) map[string]any {
	shown := map[string]any{}
	for k, v := range m {
		shown[k] = yamlOf(v)
	}
	return shown
}
