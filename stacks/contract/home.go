package contract

import (
	"fmt"

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

// RequireRegions returns an error where home has told, and lacks what it owns in one
// of the regions named, which are standbys': it came up before they were configured.
func (h *Home) RequireRegions(home string, regions ...string) error {
	if h.Bootstrap() {
		return nil
	}
	root := field.NewPath(home + ":" + OutputName)
	var errs field.ErrorList
	for _, region := range regions {
		for _, of := range []struct {
			name string
			all  map[string]string
		}{
			{"standbyStaticBucketNames", h.contract.StandbyStaticBucketNames},
			{"standbyBackupVaultNames", h.contract.StandbyBackupVaultNames},
			{"takeoverBucketNames", h.contract.TakeoverBucketNames},
			{"takeoverHealthCheckIds", h.contract.TakeoverHealthCheckIDs},
		} {
			if of.all[region] == "" {
				errs = append(errs, field.Required(root.Child(of.name).Key(region), fmt.Sprintf("run `up` on %s first, with the same configuration", home)))
			}
		}
	}
	return check.Error(fmt.Sprintf("contract of home stack %q", home), errs)
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
	value, there, err := read(ctx, "home", home, OutputName)
	if err != nil {
		return nil, err
	}
	if !there {
		return bootstrap(ctx, home)
	}
	c, err := Decode(home, platform, value)
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
