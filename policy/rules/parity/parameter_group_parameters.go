package parity

import (
	"fmt"
	"maps"
	"slices"

	"github.com/tandem-platform/tandem/policy/rule"
)

const clusterParameters = "aws:rds/clusterParameterGroup:ClusterParameterGroup"

var _ = rules.Add(rule.Rule{
	ID:       "parameter-group-parameters",
	Title:    "Parameter groups of both regions have the parameters that configuration gives.",
	Severity: rule.Medium,
	Description: "Parameters are not replicated. A limit that was raised in one region alone is found when the other one has its " +
		"load.",
	Remedy: "set the parameters of the configuration, or change them there for both regions",
	Types: []string{
		clusterParameters, "aws:rds/parameterGroup:ParameterGroup", "aws:elasticache/parameterGroup:ParameterGroup",
		"aws:memorydb/parameterGroup:ParameterGroup", "aws:docdb/clusterParameterGroup:ClusterParameterGroup",
		"aws:neptune/clusterParameterGroup:ClusterParameterGroup",
	},
	Settings: []rule.Setting{byURN("parameters", "Values of parameters by their names,", map[string]any{"type": "object", "additionalProperties": map[string]any{"type": "string"}})},
	CheckInStack: func(r rule.Resource, _ *rule.Stack) []rule.Finding {
		given := r.At("parameters")
		if given.Unknown() {
			return nil
		}
		var findings []rule.Finding
		for _, want := range configured(r, "parameters") {
			want, _ := want.(map[string]any)
			for _, name := range slices.Sorted(maps.Keys(want)) {
				remedy := fmt.Sprintf("set %s to %v, or change the configuration for both regions", name, want[name])
				switch value, found := parameter(given, name); {
				case !found:
					findings = append(findings, rule.Finding{Property: "parameters." + name, Value: "missing", Remedy: remedy})
				case !value.Unknown() && !rule.IsOneOf(fmt.Sprint(want[name]))(value):
					findings = append(findings, value.Finding(remedy))
				}
			}
		}
		return findings
	},
	ExampleSettings: map[string]any{"parameters": map[string]any{"*-orders-parameters": map[string]any{"rds.force_ssl": "1"}}},
	Good:            []rule.Example{parameters("rds.force_ssl", "1")},
	Bad:             []rule.Example{parameters("rds.force_ssl", "0"), parameters("rds.log_retention_period", "1")},
})

// parameter is the value of a parameter among those that are given. It may be
// found where the name of one is not known.
func parameter(given rule.Value, name string) (value rule.Value, found bool) {
	for _, p := range given.List() {
		switch known, ok := p.At("name").Text(); {
		case ok && known == name:
			return p.At("value"), true
		case p.At("name").Unknown():
			value, found = p.At("name"), true
		}
	}
	return value, found
}

func parameters(name, value string) rule.Example {
	return rule.Example{{Type: clusterParameters, Name: "it-orders-parameters", Properties: rule.Properties{
		"family": "aurora-postgresql16", "parameters": []any{map[string]any{"name": name, "value": value}},
	}}}
}
