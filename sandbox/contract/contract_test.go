package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
	"github.com/tandem-platform/tandem/sandbox/terraform"
)

// needProvider skips a test where Terraform or the provider is not there. Where
// they are, nothing skips.
func needProvider(t *testing.T) {
	t.Helper()
	if _, _, err := Find(); errors.Is(err, ErrMissing) {
		t.Skip(err)
	} else {
		require.NoError(t, err)
	}
}

// stack is a state with one provider and these resources.
func stack(t *testing.T, resources ...resource) State {
	t.Helper()
	provider := resource{
		URN: "urn:pulumi:test::test::pulumi:providers:aws::only", Type: "pulumi:providers:aws", ID: "1", Custom: true,
		Inputs: map[string]any{"region": "us-east-1", "version": "6.83.4", "allowedAccountIds": []any{"123456789012"}},
	}
	for i := range resources {
		resources[i].Custom = true
		resources[i].Provider = provider.URN + "::" + provider.ID
	}
	raw, err := json.Marshal(map[string]any{"deployment": map[string]any{"resources": append([]resource{provider}, resources...)}})
	require.NoError(t, err)
	return State{Stack: "test", Export: raw}
}

func made(typ, name string, inputs map[string]any) resource {
	return resource{URN: "urn:pulumi:test::test::" + typ + "::" + name, Type: typ, Inputs: inputs}
}

// seed is an input of a type, of a shape that the type does not have.
func seed(res *facts.Resource) (property string, value any) {
	for _, scalar := range []bool{true, false} {
		for _, name := range slices.Sorted(maps.Keys(res.Inputs)) {
			typ := res.Inputs[name].Type
			switch {
			case scalar && typ == "string":
				return name, []any{"a list"}
			case scalar && (typ == "bool" || typ == "int" || typ == "number"):
				return name, "neither a number nor a flag"
			case !scalar:
				return name, "no list"
			}
		}
	}
	return "", nil
}

func TestTheProviderRefusesASeededInputOfEveryType(t *testing.T) {
	needProvider(t)
	known, err := facts.Load()
	require.NoError(t, err)
	var resources []resource
	seeded := map[string]string{}
	for _, typ := range slices.Sorted(maps.Keys(known.Resources)) {
		if !strings.HasPrefix(typ, "aws:") {
			continue
		}
		property, value := seed(known.Resources[typ])
		r := made(typ, "seeded", map[string]any{property: value})
		resources = append(resources, r)
		seeded[r.URN] = property
	}
	require.NotEmpty(t, seeded)
	report, err := Check(t.Context(), t.TempDir(), stack(t, resources...))
	require.NoError(t, err)
	refused := map[string]string{}
	for _, p := range report.Problems {
		refused[p.URN] += p.Text + "\n"
	}
	schemas, err := readSchemas()
	require.NoError(t, err)
	for _, r := range resources {
		res := known.Resources[r.Type]
		name := ""
		for pulumi, tf := range schemas[res.Terraform].Names(r.Type, res.Outputs) {
			if pulumi == seeded[r.URN] {
				name = tf
			}
		}
		require.NotEmpty(t, name, "%s of %s", seeded[r.URN], r.Type)
		require.Regexp(t, fmt.Sprintf(`Incorrect .*value type.*\(at "%s":`, name), refused[r.URN], r.URN)
	}
}

func TestWhatTheProviderKnowsIsReportedAtTheResource(t *testing.T) {
	needProvider(t)
	const vpc = "aws:ec2/vpc:Vpc"
	good := made(vpc, "good", map[string]any{"cidrBlock": "10.0.0.0/16", "tags": map[string]any{"Name": "${good}"}})
	all := []resource{good}
	want := map[string]string{}
	add := func(text string, r resource) {
		all = append(all, r)
		want[r.URN] = text
	}
	add(`Missing required argument: The argument "vpc_id" is required`, made("aws:ec2/subnet:Subnet", "required-and-missing", nil))
	add(`invalid CIDR address: 10.0.0.1/33`, made(vpc, "refused-by-validate", map[string]any{"cidrBlock": "10.0.0.1/33"}))
	add(`all attributes must be indexed`, made("aws:dynamodb/table:Table", "refused-by-plan", map[string]any{
		"name": "table", "hashKey": "id", "billingMode": "PAY_PER_REQUEST",
		"attributes": []any{map[string]any{"name": "other", "type": "S"}},
	}))
	add(`the property colour has no counterpart in aws_vpc`, made(vpc, "no-such-property", map[string]any{"cidrBlock": "10.0.0.0/16", "colour": "red"}))
	add(`the type aws:ec2/castle:Castle has no counterpart in the provider`, made("aws:ec2/castle:Castle", "no-such-type", nil))

	report, err := Check(t.Context(), t.TempDir(), stack(t, all...))
	require.NoError(t, err)
	got := map[string]string{}
	for _, p := range report.Problems {
		got[p.URN] += p.Text + "\n"
	}
	require.Len(t, got, len(want), got) // none at the good one
	var text strings.Builder
	require.NoError(t, report.Write(&text))
	for urn, says := range want {
		require.Contains(t, got[urn], says)
		require.Contains(t, text.String(), urn)
		require.Contains(t, text.String(), says)
	}
	require.ErrorContains(t, report.Err(), "the AWS provider refuses inputs of the stacks")
}

// patched are inputs that pulumi-aws adds to the provider that it wraps. Where a
// stack uses one, the check says that it has no counterpart.
var patched = map[string]string{"aws:eks/cluster:Cluster": "defaultAddonsToRemoves"}

func TestEveryInputHasACounterpart(t *testing.T) {
	needProvider(t)
	known, err := facts.Load()
	require.NoError(t, err)
	schemas, err := readSchemas()
	require.NoError(t, err)
	for typ, res := range known.Resources {
		if !strings.HasPrefix(typ, "aws:") {
			continue
		}
		names := schemas[res.Terraform].Names(typ, res.Outputs)
		for property := range res.Inputs {
			if names[property] == "" && patched[typ] != property {
				t.Errorf("%s of %s has no counterpart in %s", property, typ, res.Terraform)
			}
		}
	}
}

func TestNothingSecretIsWritten(t *testing.T) {
	needProvider(t)
	secret := map[string]any{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": `"hunter2"`}
	dir := t.TempDir()
	report, err := Check(t.Context(), dir, stack(t, made("aws:secretsmanager/secretVersion:SecretVersion", "password", map[string]any{
		"secretId": "arn:aws:secretsmanager:us-east-1:123456789012:secret:a", "secretString": secret,
	})))
	require.NoError(t, err)
	require.NoError(t, report.Err())
	require.Equal(t, []Placeholder{{
		URN:      "urn:pulumi:test::test::aws:secretsmanager/secretVersion:SecretVersion::password",
		Property: "secretString", Type: "string", Why: "secret",
	}}, report.Placeholders)
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.tf.json"))
	require.NoError(t, err)
	require.Len(t, files, 2)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NotContains(t, string(text), "hunter2")
	}
}

func TestAStackWithNothingUpIsToldSo(t *testing.T) {
	needProvider(t)
	_, err := Check(t.Context(), t.TempDir(), stack(t))
	require.ErrorContains(t, err, "the stack test has no aws resource: bring it up first")
}

func TestWhatIsMissingIsNamedWithHowToGetIt(t *testing.T) {
	empty := t.TempDir()
	t.Setenv("PATH", empty)
	t.Setenv("HOME", empty)
	t.Setenv("TF_PLUGIN_CACHE_DIR", "")
	t.Setenv(terraform.PluginDirEnv, "")
	_, _, err := Find()
	require.ErrorIs(t, err, ErrMissing)
	require.ErrorContains(t, err, "terraform 1.4 or later is not on the PATH: install it")

	// Where somebody says that the provider is there, its absence is no reason to skip.
	t.Setenv(terraform.PluginDirEnv, empty)
	_, _, err = Find()
	require.Error(t, err)
	require.NotErrorIs(t, err, ErrMissing)
}
