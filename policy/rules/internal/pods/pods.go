// Package pods finds the pods and containers of Kubernetes objects.
package pods

import "github.com/tandem-platform/tandem/policy/rule"

// paths are where each type keeps the specification of its pods.
var paths = map[string]string{
	"kubernetes:core/v1:Pod":                   "spec",
	"kubernetes:core/v1:ReplicationController": "spec.template.spec",
	"kubernetes:apps/v1:Deployment":            "spec.template.spec",
	"kubernetes:apps/v1:StatefulSet":           "spec.template.spec",
	"kubernetes:apps/v1:DaemonSet":             "spec.template.spec",
	"kubernetes:apps/v1:ReplicaSet":            "spec.template.spec",
	"kubernetes:batch/v1:Job":                  "spec.template.spec",
	"kubernetes:batch/v1:CronJob":              "spec.jobTemplate.spec.template.spec",
}

// Types are the tokens of the types that have pods.
var Types = []string{
	"kubernetes:core/v1:Pod", "kubernetes:core/v1:ReplicationController",
	"kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet", "kubernetes:apps/v1:DaemonSet", "kubernetes:apps/v1:ReplicaSet",
	"kubernetes:batch/v1:Job", "kubernetes:batch/v1:CronJob",
}

// Spec is the specification of the pods of an object.
func Spec(r rule.Resource) rule.Value {
	for _, v := range r.Each(paths[r.Type]) {
		return v
	}
	return rule.Value{}
}

// That is a check that a condition holds for every value that a path below the
// specification of the pods leads to.
func That(path string, holds rule.Condition) rule.Check {
	return func(r rule.Resource) []rule.Finding { return Spec(r).Must(path, holds) }
}

// Containers is a check that a condition holds for every value that a path below
// a container leads to, those that run first included.
func Containers(path string, holds rule.Condition) rule.Check {
	return rule.All(That("initContainers.*."+path, holds), That("containers.*."+path, holds))
}

// Serving is Containers for those alone that run as long as the pod does.
func Serving(path string, holds rule.Condition) rule.Check {
	return That("containers.*."+path, holds)
}

// Inherited is a check that a condition holds for a security setting that a
// container takes over from its pod where it has none of its own.
func Inherited(setting string, holds rule.Condition) rule.Check {
	return func(r rule.Resource) []rule.Finding {
		spec := Spec(r)
		of := spec.At("securityContext", setting)
		var findings []rule.Finding
		for _, list := range []string{"initContainers.*", "containers.*"} {
			for _, c := range spec.Each(list) {
				own := c.At("securityContext", setting)
				switch {
				case !own.Missing():
					findings = append(findings, own.Must("", holds)...)
				case of.Missing():
					// Where both are missing, the container is where to set it.
					findings = append(findings, own.Must("", holds)...)
				default:
					findings = append(findings, of.Must("", holds)...)
				}
			}
		}
		return findings
	}
}

// OnPod gives a rule all types that have pods, and examples: a deployment whose
// pod has these properties is good, and it is bad with each of some values at a
// path below the specification of the pod.
func OnPod(r rule.Rule, pod rule.Properties, path string, bad ...any) rule.Rule {
	if len(r.Types) == 0 {
		r.Types = Types
	}
	spec := rule.Properties{"containers": []any{map[string]any{"name": "web", "image": image}}}
	for k, v := range pod {
		spec[k] = v
	}
	labels := map[string]any{"app": "web"}
	return r.On("kubernetes:apps/v1:Deployment", rule.Properties{
		"metadata": map[string]any{"namespace": "web"},
		"spec": map[string]any{
			"selector": map[string]any{"matchLabels": labels},
			"template": map[string]any{"metadata": map[string]any{"labels": labels}, "spec": spec},
		},
	}, "spec.template.spec."+path, bad...)
}

// OnContainer is OnPod for a path below the one container of the pod.
func OnContainer(r rule.Rule, container rule.Properties, path string, bad ...any) rule.Rule {
	c := map[string]any{"name": "web", "image": image}
	for k, v := range container {
		c[k] = v
	}
	return OnPod(r, rule.Properties{"containers": []any{c}}, "containers.0."+path, bad...)
}

const image = "registry.tandem.example/web:1.4.2"
