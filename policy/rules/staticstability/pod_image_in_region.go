package staticstability

import (
	"regexp"
	"slices"

	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
	"github.com/tandem-platform/tandem/policy/rules/internal/regions"
)

// endpoint is the address of an EKS cluster, which names its region.
var endpoint = regexp.MustCompile(`\.([a-z]{2}(?:-[a-z]+)+-[0-9]+)\.eks\.amazonaws\.com`)

var _ = rules.Add(rule.Rule{
	ID:       "pod-image-in-region",
	Title:    "Pods fetch their images from a registry in the region of their cluster.",
	Severity: rule.High,
	Description: "A new node has no image yet. If the registry is in the region that is lost, the standby cannot grow, which is " +
		"when it has to.",
	Remedy: "let ECR replicate the repository, and name the replica in the cluster's region",
	Types:  pods.Types,
	CheckInStack: func(r rule.Resource, _ *rule.Stack) []rule.Finding {
		kubeconfig, _ := r.ProviderAt("kubeconfig").Text()
		cluster := endpoint.FindStringSubmatch(kubeconfig)
		if cluster == nil {
			return nil
		}
		return pods.Containers("image", func(v rule.Value) bool {
			image, _ := v.Text()
			return !slices.ContainsFunc(regions.Named(image), func(region string) bool { return region != cluster[1] })
		})(r)
	},
	Good: []rule.Example{podWithImage("123456789012.dkr.ecr.us-west-2.amazonaws.com/web:1.4.2"), podWithImage("registry.tandem.example/web:1.4.2")},
	Bad:  []rule.Example{podWithImage("123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1.4.2")},
})

// podWithImage is a pod in a cluster in us-west-2.
func podWithImage(image string) rule.Example {
	return rule.Example{{
		Type: "kubernetes:core/v1:Pod", Name: "web",
		Provider: map[string]any{"kubeconfig": `{"clusters":[{"name":"web","cluster":{"server":"https://0123.gr7.us-west-2.eks.amazonaws.com"}}]}`},
		Properties: rule.Properties{
			"metadata": map[string]any{"namespace": "web"}, "spec": map[string]any{"containers": []any{map[string]any{"name": "web", "image": image}}},
		},
	}}
}
