package tagging

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/tandem-platform/tandem/policy/rule"
)

// taggable lists the resource types of the AWS provider that take its default
// tags, one on each line. TestTaggableTypesAreThoseOfTheSDK keeps it.
//
//go:embed taggable.txt
var taggable string

var required = rules.Add(rule.Rule{
	ID:       "required-tags",
	Title:    "Everything that AWS lets carry tags has the required ones.",
	Severity: rule.Low,
	Description: "Tags say who owns a resource, what it is part of and what made it. Bills, searches and clean-ups go by them. " +
		"Tags of the resource and default tags of its provider count alike; an empty value does not count.",
	Remedy: "add the tags to the provider's defaultTags, or to the resource's tags",
	Types:  strings.Fields(taggable),
	Settings: []rule.Setting{{
		Name:        "keys",
		Description: "The keys that must be there, in any order. They are case-sensitive.",
		// 128 characters are the longest key that AWS takes.
		Schema: map[string]any{
			"type": "array", "minItems": 1, "uniqueItems": true,
			"items": map[string]any{"type": "string", "minLength": 1, "maxLength": 128},
		},
		Default: []any{"Platform", "Environment", "Owner", "Stack", "ManagedBy"},
	}},
	Check: func(r rule.Resource) []rule.Finding {
		var lacking []string
		for _, key := range r.Settings.Strings("keys") {
			if lacks(r, key) {
				lacking = append(lacking, key)
			}
		}
		if len(lacking) == 0 {
			return nil
		}
		return []rule.Finding{{Property: "tags", Value: fmt.Sprintf("without %s", strings.Join(lacking, ", "))}}
	},
	Good: []rule.Example{
		topicWith(map[string]any{"Name": "alarms"}, map[string]any{"Platform": "tandem", "Environment": "test", "Owner": "web", "Stack": "test", "ManagedBy": "pulumi"}),
		topicWith(map[string]any{"Platform": "tandem", "Environment": "test", "Owner": "web", "Stack": "test", "ManagedBy": "pulumi"}, nil),
		topicWith(map[string]any{"Owner": "web"}, map[string]any{"Platform": "tandem", "Environment": "test", "Stack": "test", "ManagedBy": "pulumi"}),
	},
	Bad: []rule.Example{
		topicWith(map[string]any{"Name": "alarms"}, map[string]any{"Platform": "tandem", "Environment": "test", "Stack": "test", "ManagedBy": "pulumi"}),
		topicWith(map[string]any{"Platform": "tandem", "Environment": "test", "Owner": "", "Stack": "test", "ManagedBy": "pulumi"}, nil),
		topicWith(nil, map[string]any{"Platform": "tandem", "Environment": "test", "Stack": "test", "ManagedBy": "pulumi"}),
	},
})

// lacks reports whether a resource certainly lacks a tag, or has it empty. The
// resource's own tags override the provider's, and so does what replaces the
// provider's tags on an S3 object, which takes only ten.
func lacks(r rule.Resource, key string) bool {
	defaults := r.ProviderAt("defaultTags", "tags")
	if replaced := r.At("overrideProvider", "defaultTags"); !replaced.Missing() {
		defaults = replaced.At("tags")
	}
	for _, tags := range []rule.Value{r.At("tags"), r.At("tagsAll"), defaults} {
		if tag := tags.At(key); tag.Unknown() {
			return false
		} else if !tag.Missing() {
			return tag.Empty()
		}
	}
	return true
}

func topicWith(tags, defaults map[string]any) rule.Example {
	topic := rule.ExampleResource{Type: "aws:sns/topic:Topic", Name: "alarms", Properties: map[string]any{}}
	if tags != nil {
		topic.Properties["tags"] = tags
	}
	if defaults != nil {
		topic.Provider = map[string]any{"defaultTags": map[string]any{"tags": defaults}}
	}
	return rule.Example{topic}
}
