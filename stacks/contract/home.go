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

// Needs are what a standby's configuration needs of home's that not every home has.
type Needs struct {
	// Regions are those of all standbys, in which home owns resources.
	Regions []string
	// Transit is whether its network is joined to home's.
	Transit bool
	// RouteTables are the names of home's route tables that lead to it then.
	RouteTables []string
	// ReadName is the name that the standby answers reads for; empty without any.
	ReadName string
}

// Require returns an error where home has told, and lacks something: it came up with
// another configuration than the standby's.
func (h *Home) Require(home string, needs Needs) error {
	if h.Bootstrap() {
		return nil
	}
	root := field.NewPath(home + ":" + OutputName)
	up := fmt.Sprintf("run `up` on %s first, with the same configuration", home)
	var errs field.ErrorList
	require := func(there bool, path *field.Path) {
		if !there {
			errs = append(errs, field.Required(path, up))
		}
	}
	for _, region := range needs.Regions {
		for _, of := range []struct {
			name string
			all  map[string]string
		}{
			{"standbyStaticBucketNames", h.contract.StandbyStaticBucketNames},
			{"standbyBackupVaultNames", h.contract.StandbyBackupVaultNames},
			{"takeoverBucketNames", h.contract.TakeoverBucketNames},
			{"takeoverHealthCheckIds", h.contract.TakeoverHealthCheckIDs},
		} {
			require(of.all[region] != "", root.Child(of.name).Key(region))
		}
	}
	switch transit, at := h.contract.Transit, root.Child("transit"); {
	case !needs.Transit:
	case transit == nil:
		require(false, at)
	default:
		for _, table := range needs.RouteTables {
			require(transit.RouteTableIDs[table] != "", at.Child("routeTableIds").Key(table))
		}
	}
	switch at := root.Child("readName"); {
	case needs.ReadName == "":
	case h.contract.ReadName == "":
		require(false, at)
	case h.contract.ReadName != needs.ReadName:
		errs = append(errs, field.Invalid(at, h.contract.ReadName, fmt.Sprintf("must be %s, as here; %s", needs.ReadName, up)))
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
