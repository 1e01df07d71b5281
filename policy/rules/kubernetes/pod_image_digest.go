package kubernetes

import (
	"strings"

	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

var _ = rules.Add(pods.OnContainer(rule.Rule{
	ID:       "pod-image-digest",
	Title:    "Images are named by a digest.",
	Severity: rule.Low,
	Description: "Who can write to the registry can move a tag, and what runs in one region is then not what runs in the other. A " +
		"digest is the content itself.",
	Remedy: "add @sha256: and the digest to the image, or except it if its registry refuses to move tags",
	Check: pods.Containers("image", func(v rule.Value) bool {
		image, known := v.Text()
		return !known || strings.Contains(image, "@sha256:")
	}),
}, rule.Properties{"image": "registry.tandem.example/web:1.4.2@sha256:" + strings.Repeat("0123456789abcdef", 4)}, "image", "registry.tandem.example/web:1.4.2"))
