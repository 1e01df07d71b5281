package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/terraform"
)

// runner runs Terraform in a folder with a configuration.
type runner struct {
	path, pluginDir, dir string
}

// check runs validate and plan and adds what they say to the report. What
// validate refuses is taken out for the plan, so that one error hides no other.
func (r *runner) check(ctx context.Context, c *configuration, report *Report) error {
	if out, err := r.run(ctx, "init", "-backend=false", "-plugin-dir="+r.pluginDir, "-input=false", "-no-color"); err != nil {
		return fmt.Errorf("terraform init: %w\n%s", err, out)
	}
	out, failed := r.run(ctx, "validate", "-json")
	var validated struct{ Diagnostics []diagnostic }
	if err := json.Unmarshal(out, &validated); err != nil {
		return errors.Join(fmt.Errorf("terraform validate: its answer is not understood: %w\n%s", err, out), failed)
	}
	refused := report.addDiagnostics(c, validated.Diagnostics)
	if failed != nil && len(refused) == 0 {
		return fmt.Errorf("terraform validate: %w, but it names no error\n%s", failed, out)
	}
	for _, file := range refused {
		if c.byFile[file] == nil {
			return nil // an error of the settings: there is nothing to plan with
		}
		if err := os.Remove(filepath.Join(r.dir, file)); err != nil {
			return err
		}
	}

	out, failed = r.run(ctx, "plan", "-json", "-refresh=false", "-input=false", "-lock=false")
	var diagnostics []diagnostic
	planned := map[string]bool{}
	for line := range bytes.Lines(out) {
		var message struct {
			Type       string
			Diagnostic diagnostic
			Change     struct{ Resource struct{ Addr string } }
		}
		if err := json.Unmarshal(line, &message); err != nil {
			return errors.Join(fmt.Errorf("terraform plan: its answer %q is not understood: %w", line, err), failed)
		}
		switch message.Type {
		case "diagnostic":
			diagnostics = append(diagnostics, message.Diagnostic)
		case "planned_change":
			planned[message.Change.Resource.Addr] = true
		}
	}
	refusedByPlan := report.addDiagnostics(c, diagnostics)
	if failed != nil && len(refusedByPlan) == 0 {
		return fmt.Errorf("terraform plan: %w, but it names no error\n%s", failed, out)
	}
	// A plan with errors lists no changes.
	for file, one := range c.byFile {
		if failed == nil && !planned[one.address()] && !slices.Contains(refused, file) {
			report.Problems = append(report.Problems, Problem{URN: one.urn, Address: one.address(), Text: "the provider planned nothing for it"})
		}
	}
	return nil
}

// run runs a command and returns what it wrote.
func (r *runner) run(ctx context.Context, args ...string) ([]byte, error) {
	endpoints, err := terraform.Endpoints()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, r.path, args...)
	cmd.Dir = r.dir
	// Nothing of this machine's settings, and no way to an account.
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "TF_") || strings.HasPrefix(v, "AWS_")
	})
	cmd.Env = append(append(cmd.Env, endpoints...),
		"TF_IN_AUTOMATION=true", "CHECKPOINT_DISABLE=true", "TF_CLI_CONFIG_FILE="+os.DevNull,
		"AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull,
	)
	var messages bytes.Buffer
	cmd.Stderr = &messages
	out, err := cmd.Output()
	if err != nil && messages.Len() > 0 {
		err = fmt.Errorf("%w: %s", err, bytes.TrimSpace(messages.Bytes()))
	}
	return out, err
}

// diagnostic is an error or a warning as Terraform's JSON has it.
type diagnostic struct {
	Severity, Summary, Detail string
	Address                   string
	Range                     struct{ Filename string }
	Snippet                   struct{ Code string }
}

func (d *diagnostic) text() string {
	text := d.Summary
	if d.Detail != "" {
		text += ": " + strings.Join(strings.Fields(d.Detail), " ")
	}
	// Of a property that is missing, the code is a closing brace.
	if code := strings.TrimSuffix(strings.Join(strings.Fields(d.Snippet.Code), " "), ","); len(code) > 1 {
		text += " (at " + code + ")"
	}
	return text
}
