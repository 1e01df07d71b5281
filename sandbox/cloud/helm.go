package cloud

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"k8s.io/apimachinery/pkg/util/validation"
)

// exactVersion is a chart version that means one chart: no range, no word.
var exactVersion = regexp.MustCompile(`^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$`)

// chartOf is the name of a release's chart, without the registry.
func chartOf(in map[string]any) string {
	chart := text(in, "chart")
	return chart[strings.LastIndex(chart, "/")+1:]
}

// checkRelease checks the inputs of a Helm release. A chart's version must be
// pinned: the real provider takes the newest one where there is none, and so
// makes a program mean something else from one day to the next.
func (p *kubernetesProvider) checkRelease(req plugin.CheckRequest) (plugin.CheckResponse, error) {
	in := req.News.Copy()
	if !in.HasValue("name") {
		if isDefaulted(req.Olds, "name") {
			in["name"] = req.Olds["name"]
		} else {
			name, err := resource.NewUniqueName(req.RandomSeed, req.URN.Name()+"-", 8, 53, nil)
			if err != nil {
				return plugin.CheckResponse{}, err
			}
			in["name"] = resource.NewStringProperty(name)
		}
		in[defaultsKey] = resource.NewArrayProperty([]resource.PropertyValue{resource.NewStringProperty("name")})
	}
	if !in.HasValue("namespace") && p.namespace != "" {
		in["namespace"] = resource.NewStringProperty(p.namespace)
	}
	f := p.c.facts.Resources[typeRelease]
	if f == nil {
		return plugin.CheckResponse{}, notModelled("resource type", typeRelease)
	}
	failures := p.c.shape(f.Inputs, in, "")
	v := reveal(in["version"])
	switch {
	case unknown(v):
	case !v.IsString() || v.StringValue() == "":
		failures = append(failures, failure("version", "missing: pin the chart's version, such as 1.14.1"))
	case !exactVersion.MatchString(v.StringValue()):
		failures = append(failures, failure("version", "%q is not one version: pin it, such as 1.14.1", v.StringValue()))
	}
	if n := reveal(in["name"]); n.IsString() && (len(n.StringValue()) > 53 || len(validation.IsDNS1123Label(n.StringValue())) > 0) {
		failures = append(failures, failure("name", "invalid release name %q: letters in lower case, digits and '-', at most 53", n.StringValue()))
	}
	return plugin.CheckResponse{Properties: in, Failures: failures}, nil
}

// releaseAdmitted holds what a chart's own templates and pods demand.
func releaseAdmitted(o *object) error {
	if n, err := nodes(o.tx, o.cluster); err != nil {
		return err
	} else if n == 0 && !truth(o.doc, "skipAwait") {
		return fmt.Errorf("helm release %q failed to become available: 0/0 nodes are available in cluster %s: timed out waiting for the condition",
			o.id(), o.cluster.ID)
	}
	return o.controllerAdmitted()
}

// liveRelease adds what Helm reports.
func (o *object) liveRelease(out map[string]any) map[string]any {
	revision := 1.0
	if o.old != nil {
		r, _ := number(o.old.Outputs, "status.revision")
		revision = r + 1
	}
	out["namespace"] = o.namespace
	out["status"] = map[string]any{
		"name": o.name, "namespace": o.namespace, "chart": chartOf(o.doc), "version": text(o.doc, "version"),
		"revision": revision, "status": "deployed", "appVersion": text(o.doc, "version"),
	}
	out["resourceNames"] = map[string]any{}
	return out
}
