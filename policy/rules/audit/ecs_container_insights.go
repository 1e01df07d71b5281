package audit

import "github.com/tandem-platform/tandem/policy/rule"

func containerInsights(r rule.Resource) []rule.Finding {
	settings := r.At("settings")
	for _, s := range settings.List() {
		name := s.At("name")
		if text, _ := name.Text(); text == "containerInsights" {
			return s.Must("value", rule.IsOneOf("enabled", "enhanced"))
		}
		if name.Unknown() || s.Unknown() {
			return nil // it may be this one
		}
	}
	if settings.Unknown() {
		return nil
	}
	return []rule.Finding{settings.Finding("")}
}

var _ = rules.Add(rule.Rule{
	ID:          "ecs-container-insights",
	Title:       "ECS clusters have Container Insights.",
	Severity:    rule.Low,
	Description: "Without it a task that dies of memory looks like one that ended.",
	Remedy:      "add the setting containerInsights with the value enabled or enhanced",
	Check:       containerInsights,
}.
	On("aws:ecs/cluster:Cluster", rule.Properties{"settings": []any{map[string]any{"name": "containerInsights", "value": "enabled"}}}, "settings.0.value", "disabled").
	On("aws:ecs/cluster:Cluster", rule.Properties{
		"settings": []any{map[string]any{"name": "containerInsights", "value": "enhanced"}},
	}, "settings", rule.Missing))
