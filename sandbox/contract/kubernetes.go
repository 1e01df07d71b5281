package contract

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/apiserver"
	"github.com/tandem-platform/tandem/sandbox/cloud/kube"
)

// releaseType is Pulumi's type of a Helm release.
const releaseType = "kubernetes:helm.sh/v3:Release"

// CheckKubernetes puts the Kubernetes objects of the stacks to a real API server:
// each provider's to an empty server of its own, in the order of the state, as
// server-side applies with strict field validation. Of each workload it then makes
// a pod of the template, as the controllers would, which admission sees (Pod
// Security, quotas, service accounts), as a dry run. The definitions of custom
// kinds are those of package kube. Objects within Helm releases are not in a
// state, so they are not put.
//
// It works in dir. The error says that the check could not be made; what the
// check has found is in the report.
func CheckKubernetes(ctx context.Context, binaries apiserver.Binaries, dir string, states ...State) (*KubernetesReport, error) {
	schemas, err := kube.Load()
	if err != nil {
		return nil, err
	}
	report := &KubernetesReport{}
	for _, of := range states {
		resources, err := parseState(of.Export)
		if err != nil {
			return nil, fmt.Errorf("reading the state of %s: %w", of.Stack, err)
		}
		found := false
		for _, p := range resources {
			if p.Type != "pulumi:providers:kubernetes" || p.Delete {
				continue
			}
			c := &clusterCheck{schemas: schemas, report: report, cluster: ClusterObjects{Name: of.Stack + "." + p.name()}}
			objects := c.objects(resources, p.URN+"::"+p.ID)
			if len(objects) == 0 {
				continue
			}
			found = true
			folder := filepath.Join(dir, c.cluster.Name)
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return nil, err
			}
			if err := c.check(ctx, binaries, folder, objects); err != nil {
				return nil, fmt.Errorf("checking the objects of %s: %w", c.cluster.Name, err)
			}
			report.Clusters = append(report.Clusters, c.cluster)
		}
		if !found {
			return nil, fmt.Errorf("the stack %s has no Kubernetes object: bring it up first, with `go run ./sandbox up`", of.Stack)
		}
	}
	report.sort()
	return report, nil
}

// clusterCheck is the check of one cluster's objects.
type clusterCheck struct {
	schemas *kube.Schemas
	report  *KubernetesReport
	cluster ClusterObjects
}

// stateObject is an object with the URN of its resource.
type stateObject struct {
	urn  string
	kind *kube.Kind
	doc  map[string]any
}

// objects are those of one provider, in the order of the state, which is one in
// which they could be made.
func (c *clusterCheck) objects(resources []resource, provider string) []stateObject {
	var all []stateObject
	for _, r := range resources {
		if r.Provider != provider || !r.Custom || r.External || r.Delete {
			continue
		}
		if r.Type == releaseType {
			c.cluster.Releases = append(c.cluster.Releases, r.name())
			continue
		}
		apiVersion, _ := r.Inputs["apiVersion"].(string)
		kind, _ := r.Inputs["kind"].(string)
		k := c.schemas.Kinds[kube.Key(apiVersion, kind)]
		if k == nil {
			c.report.Problems = append(c.report.Problems, Problem{URN: r.URN, Text: fmt.Sprintf("there is no schema of the kind %s %s", apiVersion, kind)})
			continue
		}
		shown, _ := c.shown(r.URN, "", r.Inputs).(map[string]any)
		all = append(all, stateObject{r.URN, k, shown})
	}
	return all
}

// shown is a value without what Pulumi adds, and with a placeholder in the place
// of what is secret or not known, which the report lists.
func (c *clusterCheck) shown(urn, path string, v any) any {
	if why := withheld(v); why != "" {
		c.report.Placeholders = append(c.report.Placeholders, Placeholder{URN: urn, Property: path, Type: "string", Why: why})
		// A map of data, or text that may have to be base64: "withheld".
		if path == "data" || path == "stringData" {
			return map[string]any{"withheld": "d2l0aGhlbGQ="}
		}
		return "d2l0aGhlbGQ="
	}
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, p := range v {
			if !strings.HasPrefix(name, "__") {
				out[name] = c.shown(urn, join(path, name), p)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = c.shown(urn, fmt.Sprintf("%s[%d]", path, i), e)
		}
		return out
	}
	return v
}

func (c *clusterCheck) check(ctx context.Context, binaries apiserver.Binaries, dir string, objects []stateObject) (err error) {
	server, err := apiserver.Start(ctx, binaries, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	c.report.Version = server.Version
	defined := map[*kube.Kind]bool{}
	for _, o := range objects {
		if o.kind.Custom && !defined[o.kind] {
			defined[o.kind] = true
			if err := server.Define(ctx, o.kind); err != nil {
				return err
			}
		}
		warnings, err := server.Apply(ctx, o.kind, o.doc, apiserver.Options{})
		if err := c.note(o.urn, o.kind.Name, warnings, err); err != nil {
			return err
		}
		c.cluster.Objects++
	}
	for _, o := range objects {
		pod := podOf(o)
		if pod == nil {
			continue
		}
		warnings, err := server.Create(ctx, podKind, pod, apiserver.Options{DryRun: true})
		if err := c.note(o.urn, "a pod of the "+o.kind.Name, warnings, err); err != nil {
			return err
		}
		c.cluster.Pods++
	}
	return nil
}

// note takes the server's answer into the report.
func (c *clusterCheck) note(urn, what string, warnings []string, err error) error {
	for _, w := range warnings {
		c.report.Warnings = append(c.report.Warnings, Problem{URN: urn, Address: what, Text: w})
	}
	var refused *apiserver.Refused
	if errors.As(err, &refused) {
		c.report.Problems = append(c.report.Problems, Problem{URN: urn, Address: what, Text: refused.Message})
		return nil
	}
	return err
}

var podKind = &kube.Kind{APIVersion: "v1", Name: "Pod", Plural: "pods", Namespaced: true}

// podOf is a pod as the controller of a workload makes it, nil if the object is
// no workload.
func podOf(o stateObject) map[string]any {
	template := at(o.doc, "spec", "template")
	if o.kind.Name == "CronJob" {
		template = at(o.doc, "spec", "jobTemplate", "spec", "template")
	}
	if o.kind.Group() != "apps" && o.kind.Group() != "batch" || template == nil {
		return nil
	}
	meta := map[string]any{"generateName": "contract-", "namespace": at(o.doc, "metadata")["namespace"]}
	for _, name := range []string{"labels", "annotations"} {
		if v := at(template, "metadata")[name]; v != nil {
			meta[name] = v
		}
	}
	return map[string]any{"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": template["spec"]}
}

// at is the object at a path, nil if there is none.
func at(doc map[string]any, path ...string) map[string]any {
	for _, name := range path {
		doc, _ = doc[name].(map[string]any)
	}
	return doc
}
