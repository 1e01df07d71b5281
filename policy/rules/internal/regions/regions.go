// Package regions tells which AWS region a resource is in, and which regions its
// properties lead to.
package regions

import (
	"regexp"
	"slices"

	"github.com/tandem-platform/tandem/policy/rule"
)

// Global is the region that IAM, Route 53, CloudFront, its certificates and its
// web ACLs are controlled from, and the only one with the metrics of the latter
// three ("AWS Fault Isolation Boundaries", global services).
const Global = "us-east-1"

// Of is the region that a resource is in: its own, which version 7 of the
// provider takes, or that of its provider. It is "" where neither is known.
func Of(r rule.Resource) string {
	for _, v := range []rule.Value{r.At("region"), r.ProviderAt("region")} {
		if text, _ := v.Text(); name.MatchString(text) {
			return text
		}
	}
	return ""
}

var name = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]+$`)

// region is a region in an ARN, or in the name of an endpoint or a registry.
var region = regexp.MustCompile(`arn:aws[a-z-]*:([a-z0-9-]+):([a-z]{2}(?:-[a-z]+)+-[0-9]+):|[a-z0-9-]\.([a-z]{2}(?:-[a-z]+)+-[0-9]+)\.amazonaws\.com`)

// Named are the regions of the ARNs and the endpoints in a text. With services,
// only ARNs of these services count.
func Named(text string, services ...string) []string {
	var all []string
	for _, m := range region.FindAllStringSubmatch(text, -1) {
		switch {
		case m[2] != "" && (len(services) == 0 || slices.Contains(services, m[1])):
			all = append(all, m[2])
		case m[3] != "" && len(services) == 0:
			all = append(all, m[3])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Elsewhere is a region that a property of a resource leads to and that is not
// the resource's own, "" if there is none or that is not known. A value that
// names no region leads to where all that it is made from is, known or not.
func Elsewhere(stack *rule.Stack, r rule.Resource, property string, v rule.Value, services ...string) string {
	own := Of(r)
	if own == "" || v.Missing() {
		return ""
	}
	text, _ := v.Text()
	if named := Named(text); len(named) > 0 {
		return other(own, Named(text, services...))
	}
	var from []string
	for _, source := range stack.Sources(r, property) {
		from = append(from, Of(source))
	}
	if slices.Sort(from); len(slices.Compact(from)) != 1 {
		return ""
	}
	return other(own, from)
}

// other is the first of some regions that is not a resource's own.
func other(own string, all []string) string {
	for _, region := range all {
		if region != "" && region != own {
			return region
		}
	}
	return ""
}
