package parity

import (
	"fmt"
	"strings"

	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(rule.Rule{
	ID:       "platform-image",
	Title:    "Both regions run the images that configuration gives.",
	Severity: rule.Medium,
	Description: "The standby that takes over with last month's image brings back last month's bugs, and may not understand the " +
		"data of today. Rolling out one region first is right for an hour, not for good.",
	Remedy: "roll out the image of the configuration, or change it there for both regions",
	Types:  pods.Types,
	Settings: []rule.Setting{{
		Name:        "images",
		Description: "Tags or digests by the name of the image without them. Other images are not looked at.",
		Schema:      map[string]any{"type": "object", "additionalProperties": text},
		Default:     map[string]any{},
	}},
	CheckInStack: func(r rule.Resource, _ *rule.Stack) []rule.Finding {
		images := r.Settings.Map("images")
		var findings []rule.Finding
		for _, list := range []string{"initContainers.*.image", "containers.*.image"} {
			for _, v := range pods.Spec(r).Each(list) {
				image, _ := v.Text()
				name, version := split(image)
				if want, _ := images[name].(string); want != "" && want != version {
					findings = append(findings, v.Finding(fmt.Sprintf("roll out %s, or change the configuration for both regions", want)))
				}
			}
		}
		return findings
	},
	ExampleSettings: map[string]any{"images": map[string]any{"registry.tandem.example/parity": "1.4.2"}},
	Good:            []rule.Example{podOf("registry.tandem.example/parity:1.4.2"), podOf("registry.tandem.example/other:1.3.0")},
	Bad:             []rule.Example{podOf("registry.tandem.example/parity:1.3.0"), podOf("registry.tandem.example/parity")},
})

// split is the name of an image, and its digest or else its tag.
func split(image string) (name, version string) {
	name, digest, _ := strings.Cut(image, "@")
	// A colon before the last slash is of the registry's port.
	if i := strings.LastIndex(name, ":"); i > strings.LastIndex(name, "/") {
		name, version = name[:i], name[i+1:]
	}
	if digest != "" {
		version = digest
	}
	return name, version
}

func podOf(image string) rule.Example {
	return rule.Only("kubernetes:core/v1:Pod", rule.Properties{
		"metadata": map[string]any{"namespace": "web"}, "spec": map[string]any{"containers": []any{map[string]any{"name": "web", "image": image}}},
	})
}
