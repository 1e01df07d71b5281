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

	"github.com/tandem-platform/tandem/policy/config"
	"github.com/tandem-platform/tandem/policy/rule"
)

// listedTypes is how many resource types of a rule are listed. A rule for more
// of them says how many.
const listedTypes = 8

const written = "<!-- Written by go run ./tools/catalogue. Do not edit. -->\n\n"

// Pages returns the pages about the packs' rules, by their path below docs/policies.
func Pages(packs ...rule.Pack) (map[string][]byte, error) {
	pages := map[string][]byte{}
	for _, p := range packs {
		text, err := page(p)
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", p.Name, err)
		}
		pages[strings.TrimPrefix(p.Name, "tandem-")+".md"] = text
	}
	schema, err := config.Schema(rule.Configurable(packs...))
	if err != nil {
		return nil, err
	}
	pages["schema.json"] = schema
	if pages["frameworks.md"], err = frameworks(packs); err != nil {
		return nil, err
	}
	return pages, nil
}

// page is the page of one pack: a table of its rules, then a section for each.
func page(p rule.Pack) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s# %s\n\n%s. Version %s, %d rules.\n\n| rule | severity | what must hold |\n|---|---|---|\n", written, p.Name, p.Description, p.Version, len(p.Rules))
	for _, r := range sorted(p.Rules) {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", r.ID, r.ID, r.Severity, r.Title)
	}
	for _, r := range sorted(p.Rules) {
		if err := describe(&b, r); err != nil {
			return nil, fmt.Errorf("rule %s: %w", r.ID, err)
		}
	}
	return b.Bytes(), nil
}

func sorted(rules []rule.Rule) []rule.Rule {
	return slices.SortedFunc(slices.Values(rules), func(a, b rule.Rule) int { return strings.Compare(a.ID, b.ID) })
}

// describe writes the section of one rule.
func describe(b *bytes.Buffer, r rule.Rule) error {
	fmt.Fprintf(b, "\n## %s\n\n%s %s\n\n", r.ID, r.Title, r.Description)
	fmt.Fprintf(b, "- Severity: %s\n- Remedy: %s\n- Looks at: %s\n", r.Severity, r.Remedy, types(r))
	if r.CheckInStack != nil {
		b.WriteString("- Checked when the program has run, on the whole stack\n")
	}
	for _, fix := range r.Fix {
		value, err := json.Marshal(fix.Value)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "- At the level remediate: `%s` becomes `%s`\n", fix.Property, value)
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
	text, err := program(r.Bad[0])
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "\nRefused:\n\n```yaml\n%s```\n", text)
	good, in := rule.Nearest(r, r.Bad[0])
	if len(in) == 1 {
		fmt.Fprintf(b, "\nAccepted, with another %s:\n", strings.ReplaceAll("`"+in[0]+"`", "`it: ", "`"))
	}
	if text, err = program(good); err != nil {
		return err
	}
	fmt.Fprintf(b, "\n```yaml\n%s```\n", text)
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
