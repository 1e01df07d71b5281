// Package contract puts the AWS inputs of the stacks to the real provider, and
// their Kubernetes objects to a real API server.
//
// The simulated AWS knows only what it has been told. The Terraform AWS provider,
// which pulumi-aws wraps, checks what it is given in much more depth, and needs no
// account for that. So every aws resource in the stacks' states, those of
// pulumi-eks included, is translated to Terraform's JSON and put to `terraform
// validate` and `terraform plan`. See Check, and CheckKubernetes.
//
// What this does not see: rules that only AWS itself checks, and values that the
// provider is not shown (see Placeholder).
package contract

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
	"github.com/tandem-platform/tandem/sandbox/terraform"
)

// ErrMissing says that a tool is not there, and that nothing says it should be:
// tests skip for it. The error that wraps it names the tool and how to get it.
var ErrMissing = errors.New("the contract check cannot run")

// Find returns Terraform's path and the plugin directory with the provider. The
// error tells all that is missing. It is an ErrMissing only where
// terraform.PluginDirEnv is not set: who sets it wants the check.
func Find() (terraformPath, pluginDir string, err error) {
	terraformPath, noTerraform := exec.LookPath("terraform")
	if noTerraform != nil {
		noTerraform = errors.New("terraform 1.4 or later is not on the PATH: install it, https://developer.hashicorp.com/terraform/install tells how")
	}
	pluginDir, _, noProvider := terraform.Find()
	if err := errors.Join(noTerraform, noProvider); err != nil {
		if os.Getenv(terraform.PluginDirEnv) == "" {
			err = fmt.Errorf("%w: %w", ErrMissing, err)
		}
		return "", "", err
	}
	if pluginDir, err = filepath.Abs(pluginDir); err != nil {
		return "", "", err
	}
	return terraformPath, pluginDir, nil
}

// State is a stack's state as `pulumi stack export` writes it.
type State struct {
	Stack  string
	Export []byte
}

// Check puts the aws resources of the stacks to the provider. It works in dir,
// where it leaves the Terraform configurations, one folder for each Pulumi
// provider. The error says that the check could not be made; what the check has
// found is in the report.
func Check(ctx context.Context, dir string, states ...State) (*Report, error) {
	terraformPath, pluginDir, err := Find()
	if err != nil {
		return nil, err
	}
	known, err := facts.Load()
	if err != nil {
		return nil, err
	}
	schemas, err := readSchemas()
	if err != nil {
		return nil, err
	}
	report := &Report{}
	var configurations []*configuration
	for _, of := range states {
		resources, err := parseState(of.Export)
		if err != nil {
			return nil, fmt.Errorf("reading the state of %s: %w", of.Stack, err)
		}
		made, err := configure(of.Stack, resources, schemas, known, report)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(made, func(c *configuration) bool { return len(c.resources) > 0 }) {
			return nil, fmt.Errorf("the stack %s has no aws resource: bring it up first, with `go run ./sandbox up`", of.Stack)
		}
		configurations = append(configurations, made...)
	}
	for _, c := range configurations {
		folder := filepath.Join(dir, c.name)
		if err := c.write(folder); err != nil {
			return nil, err
		}
		run := &runner{path: terraformPath, pluginDir: pluginDir, dir: folder}
		if err := run.check(ctx, c, report); err != nil {
			return nil, fmt.Errorf("checking the resources of %s: %w", c.name, err)
		}
		report.Configurations = append(report.Configurations, Configuration{Name: c.name, Region: c.region, Resources: len(c.resources)})
	}
	report.sort()
	return report, nil
}

// readSchemas asks the provider for its schema.
func readSchemas() (map[string]*terraform.Block, error) {
	p, err := terraform.Start()
	if err != nil {
		return nil, err
	}
	return p.Schemas, p.Close()
}

// configuration is the resources of one Pulumi provider as Terraform has them.
type configuration struct {
	name, region string
	provider     map[string]any
	resources    []*translated
	byFile       map[string]*translated
	// taken counts the addresses, to keep each different.
	taken map[string]int
}

// translated is one resource.
type translated struct {
	urn, typ, name string
	body           map[string]any
}

func (r *translated) address() string { return r.typ + "." + r.name }
func (r *translated) file() string    { return r.address() + ".tf.json" }

// credentials are the settings of a Pulumi provider that have to do with an
// account. There is none, so they are left out.
var credentials = []string{
	"accessKey", "secretKey", "token", "profile", "sharedConfigFiles", "sharedCredentialsFiles",
	"assumeRole", "assumeRoleWithWebIdentity", "allowedAccountIds", "forbiddenAccountIds",
}

// configure translates a stack's resources, and notes in the report what has no counterpart.
func configure(stack string, resources []resource, schemas map[string]*terraform.Block, known *facts.Facts, report *Report) ([]*configuration, error) {
	byProvider := map[string]*configuration{}
	var all []*configuration
	for _, r := range resources {
		if r.Type != "pulumi:providers:aws" || r.Delete {
			continue
		}
		for key := range r.Inputs {
			if slices.Contains(credentials, key) || key == "version" {
				delete(r.Inputs, key)
			}
		}
		t := &translator{tok: r.Type, facts: known, into: "provider aws"}
		c := &configuration{
			name: stack + "." + r.name(), byFile: map[string]*translated{}, taken: map[string]int{},
			provider: t.block("", schemas["provider"], known.Types["aws.provider"], r.Inputs),
		}
		c.region, _ = r.Inputs["region"].(string)
		for key, value := range map[string]any{
			"access_key": "none", "secret_key": "none", "max_retries": 1,
			"skip_credentials_validation": true, "skip_requesting_account_id": true,
			"skip_region_validation": true, "skip_metadata_api_check": "true",
		} {
			c.provider[key] = value
		}
		report.add(r.URN, "provider.aws", t)
		byProvider[r.URN+"::"+r.ID] = c
		all = append(all, c)
	}
	for _, r := range resources {
		// Resources that are read only have no inputs of the program's.
		if !strings.HasPrefix(r.Type, "aws:") || !r.Custom || r.External || r.Delete {
			continue
		}
		c := byProvider[r.Provider]
		if c == nil {
			return nil, fmt.Errorf("%s: its provider %q is not in the state", r.URN, r.Provider)
		}
		res := known.Resources[r.Type]
		if res == nil || schemas[res.Terraform] == nil {
			report.Problems = append(report.Problems, Problem{URN: r.URN, Text: fmt.Sprintf("the type %s has no counterpart in the provider", r.Type)})
			continue
		}
		t := &translator{tok: r.Type, facts: known, into: res.Terraform}
		one := &translated{
			urn: r.URN, typ: res.Terraform, name: c.unique(res.Terraform, r.name()),
			body: t.block("", schemas[res.Terraform], res.Outputs, given(r.Inputs, res)),
		}
		report.add(r.URN, one.address(), t)
		c.resources = append(c.resources, one)
		c.byFile[one.file()] = one
	}
	return all, nil
}

// given are the inputs without what Pulumi adds to them. It writes down the
// provider's own defaults, which Terraform does not, and takes some for a
// contradiction; and it adds tagsAll, which the provider makes itself of the
// resource's tags and its default tags.
func given(inputs map[string]any, res *facts.Resource) map[string]any {
	inputs = maps.Clone(inputs)
	delete(inputs, "tagsAll")
	filled, _ := inputs["__defaults"].([]any)
	for _, name := range filled {
		if name, ok := name.(string); ok && res.Defaults[name] != nil {
			delete(inputs, name)
		}
	}
	return inputs
}

// unique makes a name that Terraform takes out of a resource's name. Resources of
// one type may have one name where their parents differ in type.
func (c *configuration) unique(typ, name string) string {
	name = strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '-'
	}, name)
	if name[0] == '-' || name[0] >= '0' && name[0] <= '9' {
		name = "_" + name
	}
	c.taken[typ+"."+name]++
	if n := c.taken[typ+"."+name]; n > 1 {
		return c.unique(typ, fmt.Sprintf("%s-%d", name, n))
	}
	return name
}

// write makes the folder anew: a file for the settings and one for each resource,
// so that an error's file tells its resource.
func (c *configuration) write(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	settings := map[string]any{
		"terraform": map[string]any{"required_providers": map[string]any{
			"aws": map[string]any{"source": "hashicorp/aws", "version": terraform.Version},
		}},
		"provider": map[string]any{"aws": c.provider},
		"resource": map[string]any{"terraform_data": map[string]any{placeholderName: map[string]any{}}},
	}
	if err := writeJSON(filepath.Join(dir, "settings.tf.json"), settings); err != nil {
		return err
	}
	for _, r := range c.resources {
		body := map[string]any{"resource": map[string]any{r.typ: map[string]any{r.name: r.body}}}
		if err := writeJSON(filepath.Join(dir, r.file()), body); err != nil {
			return err
		}
	}
	return nil
}
