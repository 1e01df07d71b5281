package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "emr-auto-termination",
	Title:       "EMR clusters end when they are idle.",
	Severity:    rule.Low,
	Description: "A cluster that waits for the next job is paid for by the second.",
	Remedy:      "set autoTerminationPolicy.idleTimeout",
	Check:       rule.When("keepJobFlowAliveWhenNoSteps", rule.IsTrue, rule.That("autoTerminationPolicy.idleTimeout", rule.IsSet)),
}.
	On("aws:emr/cluster:Cluster", rule.Properties{
		"releaseLabel":                "emr-7.5.0",
		"serviceRole":                 "emr",
		"keepJobFlowAliveWhenNoSteps": true,
		"autoTerminationPolicy":       map[string]any{"idleTimeout": 3600.0},
	}, "autoTerminationPolicy", rule.Missing).
	Accepts(rule.Properties{"releaseLabel": "emr-7.5.0", "serviceRole": "emr"}))
