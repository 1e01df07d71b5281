package main

import (
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/components/edge"
	"github.com/tandem-platform/tandem/stacks/platform"
)

// readRouting is this region's part in answering reads, nil where the configuration
// has none.
func (r *region) readRouting() *edge.ReadRouting {
	reads := r.Edge.Reads
	if reads == nil {
		return nil
	}
	return &edge.ReadRouting{Policy: edge.ReadPolicy(reads.Policy), Name: reads.Name, Weight: r.Own().ReadWeight}
}

// readPaths are what CloudFront sends to the read name.
func (r *region) readPaths() []string {
	if r.Edge.Reads == nil {
		return nil
	}
	return r.Edge.Reads.Paths
}

// validateReads checks the weights of all regions, of which the component sees one.
func (r *region) validateReads() (errs field.ErrorList) {
	for _, name := range slices.Sorted(maps.Keys(r.Regions)) {
		weight, at := r.Regions[name].ReadWeight, platform.Root.Child("regions").Key(name).Child("readWeight")
		switch {
		case weight == 0:
		case r.Edge.Reads == nil || r.Edge.Reads.Policy != string(edge.ReadsByWeight):
			errs = append(errs, field.Forbidden(at, "is for edge.reads.policy weighted; set that, or leave this out"))
		default:
			errs = append(errs, edge.ValidateReadWeight(at, weight)...)
		}
	}
	return errs
}
