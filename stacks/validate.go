package main

import (
	"errors"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/components/cluster"
	"github.com/tandem-platform/tandem/components/datatier"
	"github.com/tandem-platform/tandem/components/edge"
	"github.com/tandem-platform/tandem/components/network"
	"github.com/tandem-platform/tandem/components/workload"
	"github.com/tandem-platform/tandem/stacks/contract"
	"github.com/tandem-platform/tandem/stacks/platform"
)

// validate asks every component what is wrong with the arguments that it is
// going to get, before any of them is made, and returns the answers with the
// paths of the stack file. Inputs that come from other resources are stood in
// for by empty ones: only whether they are given is checked.
func validate(ctx *pulumi.Context, s *platform.Settings) field.ErrorList {
	r := &region{
		Settings: s, ctx: ctx, others: map[string]*aws.Provider{},
		network: &network.Network{}, cluster: &cluster.Cluster{}, data: &datatier.DataTier{},
		edge: &edge.Edge{Global: &edge.Global{}}, web: &workload.Workload{},
	}
	if !s.IsHome() {
		r.home = &contract.Home{}
	}
	for name := range s.Regions {
		r.others[name] = &aws.Provider{}
	}
	root := platform.Root
	var errs field.ErrorList
	add := func(section *field.Path, err error, elsewhere ...string) {
		errs = append(errs, below(section, err, elsewhere)...)
	}
	// What the last arguments name is checked with the platform as a whole.
	add(root.Child("network"), r.networkArgs().Validate(s.Stack), "cidr", "zones")
	add(root.Child("cluster"), r.clusterArgs().Validate(s.Stack), "region")
	add(root, r.dataArgs().Validate(s.Stack), "region", "accountId", "name", "home", "standbys", "database.zones")
	add(root.Child("edge"), r.edgeArgs().Validate(s.Stack), "region", "domain", "name")
	add(root.Child("web"), r.webArgs().Validate(webName))
	add(root.Child("observability"), r.observabilityArgs().Validate(s.Stack), "region", "accountId")
	return errs
}

// below returns the single errors of a component's validation with their paths
// below that of a section, without those whose paths begin with one of elsewhere.
func below(section *field.Path, err error, elsewhere []string) field.ErrorList {
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
			if one.Field == prefix || strings.HasPrefix(one.Field, prefix+".") || strings.HasPrefix(one.Field, prefix+"[") {
				continue next
			}
		}
		placed := *one
		placed.Field = section.Child(one.Field).String()
		errs = append(errs, &placed)
	}
	return errs
}
