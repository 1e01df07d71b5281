package config

import (
	"encoding/json"
	"maps"
	"slices"
)

// Schema returns the JSON schema of the file, for editors and for checks before
// a run.
func Schema(rules []Rule) ([]byte, error) {
	type object = map[string]any
	// choice is what can be chosen for a rule: a level, or a level and settings.
	choice := func(remediates bool, settings map[string]map[string]any) object {
		levels := []any{string(Disabled), string(Advisory), string(Mandatory)}
		if remediates {
			levels = append(levels, string(Remediate))
		}
		level := object{"enum": levels}
		properties := object{"enforcementLevel": level}
		for name, schema := range settings {
			properties[name] = schema
		}
		return object{"anyOf": []any{level, object{"type": "object", "properties": properties, "additionalProperties": false}}}
	}
	choices := object{}
	for _, r := range rules {
		switch {
		case len(r.Settings) > 0:
			choices[r.ID] = choice(r.Remediates, r.Settings)
		case r.Remediates:
			choices[r.ID] = object{"$ref": "#/$defs/remediates"}
		default:
			choices[r.ID] = object{"$ref": "#/$defs/plain"}
		}
	}
	choices[All] = object{"enum": []any{string(Disabled), string(Advisory), string(Mandatory)}}
	text := object{"type": "string", "minLength": 1}
	strict := func(required []any, properties object) object {
		return object{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	}
	list := func(items object) object { return object{"type": "array", "items": items} }
	some := func(items object) object { return object{"type": "array", "items": items, "minItems": 1} }

	ids := []any{}
	for _, id := range slices.Sorted(maps.Keys(choices)) {
		if id != All {
			ids = append(ids, id)
		}
	}
	schema := strict([]any{}, object{
		"rules": object{"$ref": "#/$defs/rules", "description": "Levels and settings of rules, in every stack."},
		"environments": object{
			"description": "Levels and settings in the stacks that match. A later one overrides an earlier one.",
			"type":        "array",
			"items":       strict([]any{"stacks"}, object{"stacks": some(text), "rules": object{"$ref": "#/$defs/rules"}}),
		},
		"exceptions": list(strict([]any{"rule", "urn", "reason", "owner", "expires"}, object{
			"rule":    object{"enum": ids},
			"urn":     object{"type": "string", "minLength": 1, "description": "The pattern of the URNs of the excused resources. A star stands for any text."},
			"reason":  text,
			"owner":   text,
			"expires": object{"type": "string", "format": "date", "description": "The last day that it holds."},
		})),
	})
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = "Configuration of the policy packs"
	schema["$defs"] = object{
		"rules":      object{"type": "object", "properties": choices, "additionalProperties": false},
		"plain":      choice(false, nil),
		"remediates": choice(true, nil),
	}
	encoded, err := json.MarshalIndent(schema, "", "  ")
	return append(encoded, '\n'), err
}
