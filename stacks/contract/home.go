package contract

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/check"
)

// Home is the contract as a standby stack reads it.
type Home struct {
	contract *Contract // nil in bootstrap mode
}

// Bootstrap tells that home does not exist yet: this is a preview, and
// everything that home would tell is unknown.
func (h *Home) Bootstrap() bool { return h.contract == nil }

// Get returns one value of the contract, unknown in bootstrap mode.
func (h *Home) Get(field func(*Contract) string) pulumi.StringOutput {
	if h.Bootstrap() {
		unknown := pulumi.UnsafeUnknownOutput(nil).ApplyT(func(any) string { return "" })
		return unknown.(pulumi.StringOutput)
	}
	return pulumi.String(field(h.contract)).ToStringOutput()
}

// RequireTransit returns an error where home has told, and has no transit gateway
// or lacks one of the named route tables.
func (h *Home) RequireTransit(home string, tables []string) error {
	if h.Bootstrap() {
		return nil
	}
	root := field.NewPath(home + ":" + OutputName).Child("transit")
	up := fmt.Sprintf("run `up` on %s first, with the same configuration", home)
	if h.contract.Transit == nil {
		return check.Error(fmt.Sprintf("contract of home stack %q", home), field.ErrorList{field.Required(root, up)})
	}
	var errs field.ErrorList
	for _, name := range tables {
		if h.contract.Transit.RouteTableIDs[name] == "" {
			errs = append(errs, field.Required(root.Child("routeTableIds").Key(name), up))
		}
	}
	return check.Error(fmt.Sprintf("contract of home stack %q", home), errs)
}

// Read reads the contract of the home stack through a stack reference. Where the
// home stack does not exist, or has never come up, a preview goes on in
// bootstrap mode with a warning, and an update ends with an error.
func Read(ctx *pulumi.Context, home, platform string) (*Home, error) {
	// A stack reference to a stack that does not exist fails the whole program, so
	// ask first; the answer is the engine's own, and no provider is needed for it.
	var outputs struct {
		Outputs map[string]any `pulumi:"outputs"`
	}
	err := ctx.Invoke("pulumi:pulumi:readStackOutputs", &struct {
		Name string `pulumi:"name"`
	}{home}, &outputs)
	if err != nil && !strings.Contains(err.Error(), "unknown stack") {
		return nil, fmt.Errorf("reading the outputs of home stack %q: %w", home, err)
	}
	if err != nil || outputs.Outputs[OutputName] == nil {
		return bootstrap(ctx, home)
	}
	reference, err := pulumi.NewStackReference(ctx, home, nil)
	if err != nil {
		return nil, err
	}
	details, err := reference.GetOutputDetails(OutputName)
	if err != nil {
		return nil, fmt.Errorf("reading the outputs of home stack %q: %w", home, err)
	}
	if details.SecretValue != nil {
		return nil, fmt.Errorf("contract of home stack %q: must hold no secret; bring home up with the same program", home)
	}
	c, err := Decode(home, platform, details.Value)
	if err != nil {
		return nil, err
	}
	return &Home{contract: c}, nil
}

func bootstrap(ctx *pulumi.Context, home string) (*Home, error) {
	if !ctx.DryRun() {
		return nil, fmt.Errorf("home stack %q has no contract yet: run `pulumi up -s %s` first; a standby comes up second", home, home)
	}
	return &Home{}, ctx.Log.Warn(fmt.Sprintf("home stack %q does not exist yet, so this preview runs in bootstrap mode: "+
		"what home would tell is unknown; `up` needs home first", home), nil)
}
