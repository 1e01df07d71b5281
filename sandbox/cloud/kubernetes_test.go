package cloud_test

import (
	"slices"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

const (
	namespaceType  = "kubernetes:core/v1:Namespace"
	serviceType    = "kubernetes:core/v1:Service"
	configMapType  = "kubernetes:core/v1:ConfigMap"
	deploymentType = "kubernetes:apps/v1:Deployment"
	bindingType    = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
	releaseType    = "kubernetes:helm.sh/v3:Release"
)

func object(name, namespace string, more props) props {
	meta := props{"name": name}
	if namespace != "" {
		meta["namespace"] = namespace
	}
	o := props{"metadata": meta}
	for k, v := range more {
		o[k] = v
	}
	return o
}

func deployment(name string, change props) props {
	spec := props{
		"replicas": 2, "selector": props{"matchLabels": props{"app": name}}, "template": props{
			"metadata": props{"labels": props{"app": name}}, "spec": props{"containers": []any{props{"name": "c", "image": "i"}}},
		},
	}
	for k, v := range change {
		spec[k] = v
	}
	return object(name, "default", props{"spec": spec})
}

// clusterWorld is a cluster and a Kubernetes provider for it.
func clusterWorld(t *testing.T) (*cloudtest.World, cloudtest.Cluster, *cloudtest.Provider) {
	w := cloudtest.New(t)
	p := w.AWS("us-east-1")
	c := p.Cluster("c", "us-east-1", p.Network("us-east-1"))
	return w, c, w.Kubernetes(c)
}

func TestObjectsLiveInTheClusterOfTheKubeconfig(t *testing.T) {
	w := cloudtest.New(t)
	var clusters []cloudtest.Cluster
	for _, region := range []string{"us-east-1", "us-west-2"} {
		p := w.AWS(region)
		clusters = append(clusters, p.Cluster("c-"+region, region, p.Network(region)))
	}
	east, west := w.Kubernetes(clusters[0]), w.Kubernetes(clusters[1])
	a := east.Make(namespaceType, "a", object("web", "", nil))
	west.Make(namespaceType, "b", object("web", "", nil))
	if err := a.Delete(); err != nil {
		t.Fatal(err)
	}
	left, err := w.Cloud.Resources(func(r *cloud.Resource) bool { return r.Type == namespaceType })
	if err != nil || len(left) != 1 || left[0].Scope.Account != clusters[1].Get("arn") {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestKubeconfigMustLeadToALiveCluster(t *testing.T) {
	w, c, _ := clusterWorld(t)
	for name, edit := range map[string]struct{ old, new, want string }{
		"unknown server":           {c.Get("endpoint"), "https://nowhere.example.com", "no such host"},
		"token of another region":  {`"us-east-1"`, `"us-west-2"`, "the cluster is in us-east-1"},
		"token of another cluster": {`"--cluster-name","c"`, `"--cluster-name","other"`, `is for cluster "other"`},
	} {
		config := strings.ReplaceAll(c.Kubeconfig(), edit.old, edit.new)
		if config == c.Kubeconfig() {
			t.Fatalf("%s: the kubeconfig has no %s", name, edit.old)
		}
		p := w.Configured("kubernetes", props{"kubeconfig": config})
		p.Refused(namespaceType, "n", object("n", "", nil), "configured Kubernetes cluster is unreachable", edit.want)
	}
	cloudtest.WantError(t, w.Dial("kubernetes").Configure(props{"kubeconfig": "{"}), "failed to parse kubeconfig")
	cloudtest.WantError(t, w.Dial("kubernetes").Configure(props{"kubeconfig": "{}"}), "invalid kubeconfig")
}

func TestObjectsOfALostClusterAreForgottenOnRequest(t *testing.T) {
	w, c, p := clusterWorld(t)
	n := p.Make(namespaceType, "n", object("n", "", nil))
	for _, r := range []*cloudtest.Resource{c.Nodes, c.Resource} {
		if err := r.Delete(); err != nil {
			t.Fatal(err)
		}
	}
	cloudtest.WantError(t, n.Delete(), "unreachable")
	forgetful := w.Configured("kubernetes", props{"kubeconfig": c.Kubeconfig(), "deleteUnreachable": "true"})
	if err := n.On(forgetful).Delete(); err != nil {
		t.Error(err)
	}
}

func TestObjectsAreDecodedStrictly(t *testing.T) {
	_, _, p := clusterWorld(t)
	for name, c := range map[string]struct {
		typ  string
		in   props
		want string
	}{
		"unknown field":        {deploymentType, deployment("d", props{"replica": 2}), `unknown field "spec.replica"`},
		"nested unknown field": {serviceType, object("s", "", props{"spec": props{"ports": []any{props{"port": 80, "target": 80}}}}), `unknown field "spec.ports[0].target"`},
		"wrong type":           {deploymentType, deployment("d", props{"replicas": "two"}), "cannot unmarshal string"},
		"selector of nothing":  {deploymentType, deployment("d", props{"selector": props{"matchLabels": props{"app": "other"}}}), "`selector` does not match template `labels`"},
		"no image": {deploymentType, deployment("d", props{"template": props{
			"metadata": props{"labels": props{"app": "d"}}, "spec": props{"containers": []any{props{"name": "c"}}},
		}}), "spec.template.spec.containers[0].image: Required value"},
		"port out of range":     {serviceType, object("s", "", props{"spec": props{"ports": []any{props{"port": 70000}}}}), "between 1 and 65535"},
		"name in capitals":      {namespaceType, object("Web", "", nil), `metadata.name: Invalid value: "Web": a lowercase RFC 1123 label`},
		"other apiVersion":      {namespaceType, object("web", "", props{"apiVersion": "v2"}), `is "v2", expected "v1"`},
		"binding of no service": {bindingType, object("b", "", props{"spec": props{"targetGroupARN": "x"}}), "spec.serviceRef: Required value"},
		"binding of no kind": {bindingType, object("b", "", props{"spec": props{
			"targetGroupARN": "x", "targetType": "pod", "serviceRef": props{"name": "s", "port": 80},
		}}), `spec.targetType: Unsupported value: "pod": supported values: "instance", "ip"`},
		"binding with a typo": {bindingType, object("b", "", props{"spec": props{
			"targetGroupArn": "x", "serviceRef": props{"name": "s", "port": 80},
		}}), `unknown field "spec.targetGroupArn"`},
		"budget of both kinds": {"kubernetes:policy/v1:PodDisruptionBudget", object("b", "", props{"spec": props{"minAvailable": 1, "maxUnavailable": 1}}), "cannot be both set"},
		"scaler upside down": {"kubernetes:autoscaling/v2:HorizontalPodAutoscaler", object("h", "", props{"spec": props{
			"minReplicas": 5, "maxReplicas": 2, "scaleTargetRef": props{"kind": "Deployment", "name": "d"},
		}}), "must be greater than or equal to `minReplicas`"},
		"chart without version": {releaseType, props{"chart": "c", "namespace": "default"}, "version: missing: pin the chart's version"},
		"chart of a range":      {releaseType, props{"chart": "c", "version": "^1.2"}, "is not one version"},
		"release with a typo":   {releaseType, props{"chart": "c", "version": "1.0.0", "valuez": props{}}, `did you mean "values"?`},
	} {
		_, failures := p.Check(c.typ, "x", nil, inputs(c.in))
		if !slices.ContainsFunc(failures, func(f string) bool { return strings.Contains(f, c.want) }) {
			t.Errorf("%s: %q, want %q", name, failures, c.want)
		}
	}
}

func TestObjectsNeedWhatTheyName(t *testing.T) {
	w, c, p := clusterWorld(t)
	p.Refused(configMapType, "m", object("m", "none", nil), `namespaces "none" not found`)
	p.Refused(namespaceType, "n", object("kube-system", "", nil), "already exists")
	p.Make(configMapType, "m", object("m", "default", nil))
	p.Refused(configMapType, "again", object("m", "default", nil), `configmaps "m" already exists`)
	withAccount := deployment("d", nil)
	withAccount["spec"].(props)["template"].(props)["spec"].(props)["serviceAccountName"] = "robot"
	p.Refused(deploymentType, "d", withAccount, `serviceaccounts "default/robot" not found`)
	p.Refused(bindingType, "b", object("b", "default", props{"spec": props{
		"targetGroupName": "g", "serviceRef": props{"name": "s", "port": 80},
	}}), `no matches for kind "TargetGroupBinding"`)
	if err := c.Nodes.Delete(); err != nil {
		t.Fatal(err)
	}
	p.Refused(deploymentType, "e", deployment("e", nil), "minimum number of live pods", "0/0 nodes")
	p.Refused(releaseType, "r", props{"chart": "c", "version": "1.0.0", "name": "r"}, "0/0 nodes")
	_ = w
}

func TestHealthyDeploymentsReportReadyPods(t *testing.T) {
	_, _, p := clusterWorld(t)
	d := p.Make(deploymentType, "d", deployment("d", nil))
	if d.Get("status.readyReplicas") != "2" || d.ID != "default/d" || d.Get("metadata.namespace") != "default" {
		t.Errorf("the deployment is %v", d.Outputs)
	}
	uid := d.Get("metadata.uid")
	if err := d.Update(deployment("d", props{"replicas": 4})); err != nil {
		t.Fatal(err)
	}
	if d.Get("status.readyReplicas") != "4" || d.Get("metadata.uid") != uid || d.Get("metadata.generation") != "2" {
		t.Errorf("after the update the deployment is %v", d.Outputs)
	}
}

func TestObjectNamesAreMadeOnceAndKept(t *testing.T) {
	_, _, p := clusterWorld(t)
	first, _ := p.Check(configMapType, "settings", nil, inputs(props{"data": props{"a": "1"}}))
	name := first["metadata"].ObjectValue()["name"].StringValue()
	if !strings.HasPrefix(name, "settings-") {
		t.Errorf("the name is %s", name)
	}
	again, _ := p.Check(configMapType, "settings", first, inputs(props{"data": props{"a": "2"}}))
	if got := again["metadata"].ObjectValue()["name"].StringValue(); got != name {
		t.Errorf("the name changed from %s to %s", name, got)
	}
}

func TestChangesOfObjectsReplaceAsTheProviderDoes(t *testing.T) {
	w, c, p := clusterWorld(t)
	m := p.Make(configMapType, "m", object("m", "default", props{"data": props{"a": "1"}}))
	change := props{"data": props{"a": "2"}}
	if d := m.Diff(change); len(d.Replaces) != 1 || !d.DeleteBeforeReplace {
		t.Errorf("the data of a config map: %v", d)
	}
	mutable := w.Configured("kubernetes", props{"kubeconfig": c.Kubeconfig(), "enableConfigMapMutable": "true"})
	if d := m.On(mutable).Diff(change); d.Changes != pulumirpc.DiffResponse_DIFF_SOME || len(d.Replaces) != 0 {
		t.Errorf("the data of a mutable config map: %v", d)
	}
	d := p.Make(deploymentType, "d", deployment("d", nil))
	if got := d.Diff(deployment("d", props{"replicas": 3})); len(got.Replaces) != 0 || got.DetailedDiff["spec.replicas"] == nil {
		t.Errorf("replicas: %v", got)
	}
	renamed := deployment("d", nil)
	renamed["metadata"] = props{"name": "e", "namespace": "default"}
	if got := d.Diff(renamed); len(got.Replaces) != 1 || got.DeleteBeforeReplace {
		t.Errorf("another name: %v", got)
	}
}

func TestNamespacesTakeTheirContentsAlong(t *testing.T) {
	w, _, p := clusterWorld(t)
	n := p.Make(namespaceType, "n", object("web", "", nil))
	p.Make(configMapType, "in", object("in", "web", nil))
	out := p.Make(configMapType, "out", object("out", "default", nil))
	if err := n.Delete(); err != nil {
		t.Fatal(err)
	}
	left, err := w.Cloud.Resources(func(r *cloud.Resource) bool { return r.Type == configMapType })
	if err != nil || len(left) != 1 || left[0].ID != out.ID {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestBindingsHangWithoutTheirController(t *testing.T) {
	w := cloudtest.New(t)
	s := w.Site("us-east-1", "PRIMARY", w.AWS("us-east-1").Zone())
	if err := s.Controller.Delete(); err != nil {
		t.Fatal(err)
	}
	cloudtest.WantError(t, s.Binding.Delete(), "finalizer elbv2.k8s.aws/resources", "delete such objects before the release")
	cloudtest.WantError(t, s.Namespace.Delete(), "stuck in phase Terminating")
}

func TestControllerChartNeedsItsCluster(t *testing.T) {
	w, c, p := clusterWorld(t)
	release := func(values props) props {
		return props{"chart": "aws-load-balancer-controller", "version": "1.14.1", "name": "c", "namespace": "kube-system", "values": values}
	}
	p.Refused(releaseType, "none", release(props{}), "without a valid clusterName")
	p.Refused(releaseType, "other", release(props{"clusterName": "other"}), `the cluster is "c"`)
	p.Refused(releaseType, "roleless", release(props{"clusterName": c.ID}), "kube-system/c has no role")
	w.AWS("us-east-1").Identity(c, "kube-system", "c")
	r := p.Make(releaseType, "ok", release(props{"clusterName": c.ID}))
	if r.Get("status.status") != "deployed" || r.ID != "kube-system/c" {
		t.Errorf("the release is %v", r.Outputs)
	}
}

func TestBindingsJoinGroupsOfTheirOwnNetwork(t *testing.T) {
	w := cloudtest.New(t)
	zone := w.AWS("us-east-1").Zone()
	east, west := w.Site("us-east-1", "PRIMARY", zone), w.Site("us-west-2", "SECONDARY", zone)
	other := east.AWS.Make(vpcType, "other", props{"cidrBlock": "10.8.0.0/16"})
	group := east.AWS.Make("aws:lb/targetGroup:TargetGroup", "other", props{"port": 80, "protocol": "HTTP", "targetType": "ip", "vpcId": other.ID})
	bind := func(arn, kind string) props {
		return object("b", "web", props{"spec": props{"targetGroupARN": arn, "targetType": kind, "serviceRef": props{"name": "web", "port": 80}}})
	}
	east.K8s.Refused(bindingType, "west", bind(west.Group.ID, "ip"), "TargetGroupNotFound", "us-east-1")
	east.K8s.Refused(bindingType, "nothing", object("b", "web", props{"spec": props{"serviceRef": props{"name": "web", "port": 80}}}),
		"exactly one of targetGroupARN and targetGroupName")
	east.K8s.Refused(bindingType, "network", bind(group.ID, "ip"), other.ID, "the cluster in "+east.Network.VPC.ID)
	east.K8s.Refused(bindingType, "kind", bind(east.Group.ID, "instance"), "targetType instance does not match")
}
