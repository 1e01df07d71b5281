package parity

import (
	"strings"

	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/regions"
)

const (
	repository  = "aws:ecr/repository:Repository"
	replication = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
)

var _ = rules.Add(rule.Rule{
	ID:       "ecr-repository-replicated",
	Title:    "Where ECR replicates, it replicates every repository.",
	Severity: rule.High,
	Description: "The filters of a replication are prefixes of names. A repository that none of them matches is not in the standby " +
		"region, and what runs from it does not start there.",
	Remedy: "name the repository by a prefix of the replication's filters, or add a filter",
	Types:  []string{repository},
	CheckInStack: func(r rule.Resource, stack *rule.Stack) []rule.Finding {
		v := r.At("name")
		name, known := v.Text()
		if !known {
			return nil
		}
		replicates := false
		for _, c := range stack.OfType(replication) {
			if regions.Of(c) == "" || regions.Of(c) != regions.Of(r) {
				continue // a configuration is of a region
			}
			replicates = true
			for _, rules := range c.Each("replicationConfiguration.rules") {
				for _, one := range append(rules.List(), unknowns(rules)...) {
					filters := one.At("repositoryFilters")
					if one.Unknown() || filters.Unknown() || filters.Empty() {
						return nil
					}
					for _, filter := range filters.Each("*.filter") {
						if prefix, known := filter.Text(); !known || strings.HasPrefix(name, prefix) {
							return nil
						}
					}
				}
			}
		}
		if !replicates {
			return nil
		}
		return []rule.Finding{v.Finding("")}
	},
	Good: []rule.Example{replicated("prod/", "prod/web"), {repositoryOf("eu-central-1", "web")}},
	Bad:  []rule.Example{replicated("prod/", "web")},
})

// unknowns are a value if it is unknown, which has no elements to read.
func unknowns(v rule.Value) []rule.Value {
	if v.Unknown() {
		return []rule.Value{v}
	}
	return nil
}

func repositoryOf(region, name string) rule.ExampleResource {
	return rule.ExampleResource{Type: repository, Name: "web", Provider: in(region), Properties: rule.Properties{"name": name}}
}

// replicated has a repository, and a replication of those of a prefix.
func replicated(prefix, name string) rule.Example {
	return rule.Example{
		{Type: replication, Name: "standby", Provider: in("eu-north-1"), Properties: rule.Properties{"replicationConfiguration": map[string]any{"rules": []any{map[string]any{
			"destinations":      []any{map[string]any{"region": "eu-west-1", "registryId": "123456789012"}},
			"repositoryFilters": []any{map[string]any{"filter": prefix, "filterType": "PREFIX_MATCH"}},
		}}}}},
		repositoryOf("eu-north-1", name),
	}
}
