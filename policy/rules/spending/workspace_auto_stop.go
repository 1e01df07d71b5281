package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "workspace-auto-stop",
	Title:    "WorkSpaces stop when nobody is there.",
	Severity: rule.Low,
	Description: "A desktop that is always on costs more from the eightieth hour on; most are used for less. Others need " +
		"an exception.",
	Remedy: "set workspaceProperties.runningMode to AUTO_STOP",
	Check:  rule.That("workspaceProperties.runningMode", rule.IsOneOf("AUTO_STOP")),
}.On("aws:workspaces/workspace:Workspace", rule.Properties{
	"bundleId":            "wsb-1",
	"directoryId":         "d-1",
	"userName":            "ann",
	"workspaceProperties": map[string]any{"runningMode": "AUTO_STOP"},
}, "workspaceProperties.runningMode", "ALWAYS_ON", rule.Missing))
