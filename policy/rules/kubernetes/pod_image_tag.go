package kubernetes

import (
	"strings"

	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

// fixed reports whether an image has a tag other than latest, or a digest.
func fixed(image rule.Value) bool {
	name, known := image.Text()
	if !known {
		return image.Missing()
	}
	if strings.Contains(name, "@sha256:") {
		return true
	}
	// A colon before the last slash is of the registry's port.
	_, tag, ok := strings.Cut(name[strings.LastIndex(name, "/")+1:], ":")
	return ok && tag != "" && tag != "latest"
}

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:          "pod-image-tag",
	Title:       "Images are named by a fixed tag or a digest.",
	Severity:    rule.Medium,
	Description: "With no tag, or latest, what runs depends on when each node fetched it, and a rollback is not one.",
	Remedy:      "name a version, or better a digest",
	Check:       pods.Containers("image", fixed),
}, rule.Properties{}, "image", "registry.tandem.example/web", "registry.tandem.example/web:latest", "web"))
