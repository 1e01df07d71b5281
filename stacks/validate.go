package main

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/components/administration"
	"github.com/tandem-platform/tandem/components/cluster"
	"github.com/tandem-platform/tandem/components/datatier"
	"github.com/tandem-platform/tandem/components/edge"
	"github.com/tandem-platform/tandem/components/observability"
	"github.com/tandem-platform/tandem/components/workload"
	"github.com/tandem-platform/tandem/stacks/contract"
	"github.com/tandem-platform/tandem/stacks/platform"
)

// validate asks every component what is wrong with the arguments that it is
// going to get, before any of them is made, and returns the answers with the
// paths of the stack file. Inputs that come from other resources are stood in
// for by empty ones: only whether they are given is checked.
func validate(ctx *pulumi.Context, s *platform.Settings) field.ErrorList {
	r := standIn(ctx, s)
	root := platform.Root
	errs := r.validateNetwork()
	add := func(section *field.Path, err error, elsewhere ...string) {
		errs = append(errs, below(section, err, nil, elsewhere...)...)
	}
	// What the last arguments name is checked with the platform as a whole.
	add(root.Child("cluster"), r.clusterArgs().Validate(s.Stack), "region", "accountId", "tags")
	add(root.Child("administration"), r.administrationArgs().Validate(s.Stack), "region", "accountId", "jumpServer.cidrs")
	database := root.Child("database")
	moved := moves{"database.readers.max": database.Child("maxReaders"), "rotation.days": database.Child("rotationDays")}
	own := root.Child("regions").Key(s.Stack).Child("database")
	for key, given := range map[string]bool{
		"instanceClass": s.Own().Database.InstanceClass != "", "instancesPerZone": s.Own().Database.InstancesPerZone != 0, "capacity": s.Own().Database.Capacity != nil,
	} {
		if given {
			moved["database."+key] = own.Child(key)
		}
	}
	errs = append(errs, below(root, r.dataArgs().Validate(s.Stack), moved, "region", "accountId", "name", "home", "standbys", "origin", "database.zones", "clientCidrs")...)
	errs = append(errs, below(root.Child("edge"), r.edgeArgs().Validate(s.Stack), moves{
		"global": root.Child("edge"), "global.readPathPatterns": root.Child("edge", "reads", "paths"),
	}, "region", "domain", "name", "reads.weight")...)
	errs = append(errs, r.validateReads()...)
	errs = append(errs, below(root.Child("web"), r.webArgs().Validate(webName), moves{
		"scaling.raisedMinReplicas": root.Child("recovery").Child("minReplicas"),
	})...)
	add(root.Child("observability"), r.observabilityArgs().Validate(s.Stack), "region", "accountId")
	add(root.Child("recovery"), r.recoveryArgs().Validate(s.Stack), "region", "accountId", "name", "other", "ahead", "readers")
	return append(errs, r.validateRecovery(root.Child("recovery"))...)
}

// standIn is a region stack of which nothing is made yet.
func standIn(ctx *pulumi.Context, s *platform.Settings) *region {
	r := &region{
		Settings: s, ctx: ctx, others: map[string]*aws.Provider{},
		cluster: &cluster.Cluster{}, administration: &administration.Administration{}, data: &datatier.DataTier{},
		edge: &edge.Edge{Global: &edge.Global{}}, web: &workload.Workload{}, watch: &observability.Observability{},
	}
	if !s.IsHome() {
		r.home = &contract.Home{}
	}
	for name := range s.Regions {
		r.others[name] = &aws.Provider{}
	}
	r.network, r.rotation = r.standInNetwork(), pulumi.NewFileArchive(".")
	return r
}

// moves are the paths in the stack file of arguments that do not have their
// component's section for their place, by the beginnings of their paths. The more
// particular of two beginnings counts.
type moves map[string]*field.Path

// below returns the single errors of a component's validation with their paths
// below that of a section, or where they have been moved to, and without those
// whose paths begin with one of elsewhere.
func below(section *field.Path, err error, moved moves, elsewhere ...string) field.ErrorList {
	var several interface{ Unwrap() []error }
	if !errors.As(err, &several) {
		return nil
	}
	var errs field.ErrorList
next:
	for _, e := range several.Unwrap() {
		var one *field.Error
		if !errors.As(e, &one) {
			continue
		}
		for _, prefix := range elsewhere {
			if begins(one.Field, prefix) {
				continue next
			}
		}
		placed := *one
		placed.Field = section.Child(one.Field).String()
		for _, prefix := range slices.Sorted(maps.Keys(moved)) {
			if begins(one.Field, prefix) {
				placed.Field = moved[prefix].String() + one.Field[len(prefix):]
			}
		}
		errs = append(errs, &placed)
	}
	return errs
}

// begins tells whether a path is another or lies below it.
func begins(path, other string) bool {
	return path == other || strings.HasPrefix(path, other+".") || strings.HasPrefix(path, other+"[")
}
