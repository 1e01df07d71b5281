package parity

import (
	"fmt"

	"github.com/tandem-platform/tandem/policy/rule"
)

// capacities are where each type says how much of it there is at least.
var capacities = map[string]string{
	"aws:eks/nodeGroup:NodeGroup":                                          "scalingConfig.minSize",
	"aws:autoscaling/group:Group":                                          "minSize",
	"aws:appautoscaling/target:Target":                                     "minCapacity",
	"aws:ecs/service:Service":                                              "desiredCount",
	"aws:rds/cluster:Cluster":                                              "serverlessv2ScalingConfiguration.minCapacity",
	"kubernetes:autoscaling/v2:HorizontalPodAutoscaler":                    "spec.minReplicas",
	"aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": "provisionedConcurrentExecutions",
}

var _ = rules.Add(rule.Rule{
	ID:       "takeover-capacity",
	Title:    "Both regions keep the capacity that a takeover needs.",
	Severity: rule.High,
	Description: "When a region is lost, the other one gets its traffic at once and machines in minutes, if there are any left to " +
		"have: others fail over too. The minimum is what carries the traffic until then.",
	Remedy:   "raise the minimum, or lower the one of the configuration after a test of load",
	Types:    typesOf(capacities),
	Settings: []rule.Setting{byURN("minimums", "The least capacity, such as nodes, pods or capacity units,", number)},
	CheckInStack: func(r rule.Resource, _ *rule.Stack) []rule.Finding {
		var findings []rule.Finding
		for _, least := range configured(r, "minimums") {
			least, _ := least.(float64)
			for _, v := range r.Each(capacities[r.Type]) {
				if !v.Unknown() && !rule.IsAtLeast(least)(v) {
					findings = append(findings, v.Finding(fmt.Sprintf("raise it to %v, or lower the minimum of the configuration after a test of load", least)))
				}
			}
		}
		return findings
	},
	ExampleSettings: map[string]any{"minimums": map[string]any{"*takeover*": 3.0}},
	Good:            []rule.Example{nodes("takeover", 3)},
	Bad:             []rule.Example{nodes("takeover", 2)},
})

func nodes(name string, least float64) rule.Example {
	return rule.Example{{Type: "aws:eks/nodeGroup:NodeGroup", Name: name, Properties: rule.Properties{
		"clusterName": "web", "nodeRoleArn": "arn:aws:iam::123456789012:role/node", "subnetIds": []any{"subnet-1", "subnet-2"},
		"scalingConfig": map[string]any{"minSize": least, "desiredSize": 3.0, "maxSize": 12.0},
	}}}
}
