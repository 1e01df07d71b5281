package spending

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "efs-lifecycle",
	Title:       "EFS file systems move cold files.",
	Severity:    rule.Low,
	Description: "Files that nobody opens cost twelve times as much in the standard class.",
	Remedy:      "set lifecyclePolicies with transitionToIa",
	Check:       rule.That("lifecyclePolicies", rule.IsSet),
}.On("aws:efs/fileSystem:FileSystem", rule.Properties{
	"encrypted":         true,
	"lifecyclePolicies": []any{map[string]any{"transitionToIa": "AFTER_30_DAYS"}},
}, "lifecyclePolicies", rule.Missing, []any{}))
