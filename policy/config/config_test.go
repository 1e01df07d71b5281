package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v5"
	"gopkg.in/yaml.v3"
)

var rules = []Rule{
	{ID: "topic-encrypted", Remediates: true},
	{ID: "required-tags", Settings: map[string]map[string]any{"keys": {"type": "array", "items": map[string]any{"type": "string"}}}},
}

const whole = `rules:
  topic-encrypted: advisory
  required-tags:
    enforcementLevel: mandatory
    keys: [Owner]
environments:
  - stacks: ["dev-*", "test"]
    rules:
      topic-encrypted: remediate
  - stacks: ["dev-web"]
    rules:
      required-tags: {keys: [Team]}
exceptions:
  - rule: topic-encrypted
    urn: "*::Topic::news"
    reason: Everyone may read it.
    owner: web team
    expires: 2027-03-31
`

func TestChoicesOfLaterEnvironmentsOverride(t *testing.T) {
	c, err := Parse("policy.yaml", []byte(whole), rules)
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[[2]string]Choice{
		{"prod", "topic-encrypted"}:    {Level: Advisory},
		{"dev-web", "topic-encrypted"}: {Level: Remediate},
		{"test", "topic-encrypted"}:    {Level: Remediate},
		{"prod", "required-tags"}:      {Mandatory, map[string]any{"keys": []any{"Owner"}}},
		{"dev-web", "required-tags"}:   {Mandatory, map[string]any{"keys": []any{"Team"}}},
		{"prod", "another"}:            {},
	} {
		if got := c.For(at[0], at[1]); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", at, got, want)
		}
	}
	want := Exception{"topic-encrypted", "*::Topic::news", "Everyone may read it.", "web team", time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC), "policy.yaml:14"}
	if len(c.Exceptions) != 1 || c.Exceptions[0] != want {
		t.Errorf("exceptions are %v", c.Exceptions)
	}
}

func TestAllIsForTheRulesThatAreNotNamed(t *testing.T) {
	c, err := Parse("policy.yaml", []byte("rules: {all: advisory, required-tags: mandatory}\nenvironments: [{stacks: [dev], rules: {all: disabled}}]"), rules)
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[[2]string]Level{
		{"prod", "topic-encrypted"}: Advisory, {"prod", "required-tags"}: Mandatory, {"dev", "required-tags"}: Disabled,
	} {
		if got := c.For(at[0], at[1]).Level; got != want {
			t.Errorf("%s: got %q, want %q", at, got, want)
		}
	}
}

func TestMistakesAreToldTogetherWithTheirLines(t *testing.T) {
	_, err := Parse("/somewhere/policy.yaml", []byte(`rule: {}
rules:
  topic-encryptd: advisory
  topic-encrypted: warning
  required-tags:
    keys: [1]
    key: []
environments:
  - rules: {required-tags: remediate}
  - stacks: dev
exceptions:
  - rule: required-tag
    urn: ""
    reason: ok
    expires: 31.03.2027
`), rules)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`policy.yaml:1: the configuration has no key "rule": the nearest is "rules"`,
		`policy.yaml:3: there is no rule "topic-encryptd": the nearest is "topic-encrypted"`,
		`policy.yaml:4: "warning" is no enforcement level`,
		`policy.yaml:6: keys of rule required-tags: expected string, but got number at value.0`,
		`policy.yaml:7: rule required-tags has no key "key": the nearest is "keys"`,
		`policy.yaml:9: rule required-tags cannot remediate`,
		`policy.yaml:9: an environment must have stacks`,
		`policy.yaml:10: stacks must be a list`,
		`policy.yaml:12: there is no rule "required-tag": the nearest is "required-tags"`,
		`policy.yaml:13: urn must be a text that is not empty`,
		`policy.yaml:12: an exception must have owner`,
		`policy.yaml:15: expires is "31.03.2027", want a day such as 2027-03-31`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("without %q:\n%v", want, err)
		}
	}
}

func TestMistakesAboutRulesOfOtherPacksAreToldByThose(t *testing.T) {
	elsewhere := []Rule{{ID: "topic-encrypted", Elsewhere: true}, rules[1]}
	_, err := Parse("policy.yaml", []byte(`rules:
  topic-encrypted: warning
  required-tags: warning
exceptions:
  - urn: ""
    rule: topic-encrypted
  - rule: topic-encryptd
`), elsewhere)
	if err == nil {
		t.Fatal("no error")
	}
	if strings.Contains(err.Error(), ":2:") || strings.Contains(err.Error(), ":5:") {
		t.Errorf("it tells what another pack tells:\n%v", err)
	}
	for _, want := range []string{`policy.yaml:3: "warning" is no enforcement level`, `policy.yaml:7: there is no rule "topic-encryptd"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("without %q:\n%v", want, err)
		}
	}
}

func TestExceptionExpiresAfterItsLastDay(t *testing.T) {
	e := Exception{Expires: time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC)}
	if e.Expired(time.Date(2027, 3, 31, 23, 59, 59, 0, time.UTC)) || !e.Expired(time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)) {
		t.Error("it does not end with the day")
	}
}

func TestPatternsMatchWholeTexts(t *testing.T) {
	for pattern, want := range map[string]bool{
		"urn:pulumi:prod::p::a$b::c": true, "*": true, "urn:*::c": true, "*b::c": true, "urn:pulumi:*::*": true, "*prod*a$b*c": true,
		"": false, "urn": false, "*b": false, "b::c": false, "urn:*::d": false, "*prod*prod*": false,
	} {
		if Matches(pattern, "urn:pulumi:prod::p::a$b::c") != want {
			t.Errorf("%q: want %v", pattern, want)
		}
	}
}

func TestFileIsBesideTheNearestProjectOrWhereTheVariableSays(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv(Variable, "")
	write("a/Pulumi.yaml", "")
	write("a/policy.yaml", "rules: {topic-encrypted: advisory}")
	write("a/b/main.go", "")
	write("a/c/Pulumi.yaml", "")
	write("other.yaml", "rules: {topic-encrypted: disabled}")
	for from, want := range map[string]Level{"a": Advisory, "a/b": Advisory, "a/c": ""} {
		c, err := Load(filepath.Join(dir, from), rules)
		if err != nil || c.For("prod", "topic-encrypted").Level != want {
			t.Errorf("from %s: %v, %v, want %q", from, c, err, want)
		}
	}
	t.Setenv(Variable, "../other.yaml")
	if c, err := Load(filepath.Join(dir, "a"), rules); err != nil || c.For("prod", "topic-encrypted").Level != Disabled {
		t.Errorf("by the variable: %v, %v", c, err)
	}
	t.Setenv(Variable, "gone.yaml")
	if _, err := Load(filepath.Join(dir, "a"), rules); err == nil {
		t.Error("a file that is named and not there is no error")
	}
}

func TestSchemaAcceptsWhatParseAccepts(t *testing.T) {
	text, err := Schema(rules)
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := jsonschema.CompileString("policy.json", string(text))
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]bool{
		whole: true, "rules: {all: advisory}": true, "rules: {all: remediate}": false, "rules: {topic-encrypted: warning}": false, "rules: {gone: advisory}": false,
		"rules: {required-tags: remediate}": false, "rules: {required-tags: {keys: [1]}}": false,
		"exceptions: [{rule: required-tags}]": false, "environments: [{rules: {}}]": false, "rule: {}": false,
	} {
		// Days are texts to JSON.
		var v any
		if err := yaml.Unmarshal([]byte(strings.Replace(file, "2027-03-31", `"2027-03-31"`, 1)), &v); err != nil {
			t.Fatal(err)
		}
		_, parseErr := Parse("policy.yaml", []byte(file), rules)
		if schemaErr := compiled.Validate(v); (schemaErr == nil) != want || (parseErr == nil) != want {
			t.Errorf("%s\nschema: %v\nparser: %v\nwant %v", file, schemaErr, parseErr, want)
		}
	}
}
