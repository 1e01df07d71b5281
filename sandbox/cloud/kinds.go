package cloud

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	appsv1 "k8s.io/api/apps/v1"

	"github.com/tandem-platform/tandem/sandbox/cloud/kube"
)

const (
	typeNamespace      = "kubernetes:core/v1:Namespace"
	typeService        = "kubernetes:core/v1:Service"
	typeServiceAccount = "kubernetes:core/v1:ServiceAccount"
	typeConfigMap      = "kubernetes:core/v1:ConfigMap"
	typeK8sSecret      = "kubernetes:core/v1:Secret"
	typeDeployment     = "kubernetes:apps/v1:Deployment"
	typeBinding        = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
	typeRelease        = "kubernetes:helm.sh/v3:Release"
)

// controllerChart is the chart of the AWS Load Balancer Controller.
const controllerChart = "aws-load-balancer-controller"

// kind says how one kind of Kubernetes object behaves.
//
// To add a kind, add a row to kindTable, and to the tables of package kube: a
// built-in kind needs its Go type there and its rules, a custom one the module
// that publishes its definition (kube/gen). Then run go generate ./sandbox/cloud/kube.
type kind struct {
	// token is Pulumi's.
	token string
	// Kind is what the API server knows. It is nil for Helm releases, which
	// are no objects of the API server.
	*kube.Kind
	// charts bring the definition of a custom kind: names of Helm charts and of
	// EKS add-ons, one of which is enough. The first has the controller too.
	charts []string
	// replace are the paths whose change replaces the object
	// (pulumi-kubernetes, provider/pkg/provider/diff.go).
	replace []string
	// admitted checks a document against the cluster and the cloud.
	admitted func(*object) error
	// status is what a healthy cluster would report.
	status func(*object) (map[string]any, error)
	// finalizer is what the kind's controller adds to each object, and takes
	// off once it has undone what it did for the object. Empty: none.
	finalizer string
	// held is what else keeps an object from going.
	held func(*object) error
}

var kindTable = []kind{
	{token: typeNamespace, status: fixed(map[string]any{"phase": "Active"})},
	{token: typeService, replace: []string{"spec.clusterIP"}, status: fixed(map[string]any{"loadBalancer": map[string]any{}})},
	{token: typeServiceAccount},
	{token: typeConfigMap, replace: []string{"data", "binaryData"}},
	{token: typeK8sSecret, replace: []string{"data", "stringData", "type"}},
	{token: "kubernetes:core/v1:ResourceQuota", replace: []string{"spec.scopes"}},
	{token: "kubernetes:core/v1:LimitRange"},
	{token: typeDeployment, replace: []string{"spec.selector"}, admitted: podsAdmitted, status: deploymentStatus},
	{token: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"},
	{token: "kubernetes:policy/v1:PodDisruptionBudget"},
	{token: "kubernetes:networking.k8s.io/v1:NetworkPolicy"},
	{token: "kubernetes:storage.k8s.io/v1:StorageClass", replace: []string{"parameters", "provisioner"}},
	{token: "kubernetes:scheduling.k8s.io/v1:PriorityClass", replace: []string{"value"}},
	{token: "kubernetes:rbac.authorization.k8s.io/v1:Role"},
	{token: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", replace: []string{"roleRef"}},
	{token: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"},
	{token: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", replace: []string{"roleRef"}},
	{
		token: typeBinding, charts: []string{controllerChart}, replace: []string{"spec.targetGroupARN", "spec.targetType"},
		admitted: bindingAdmitted, finalizer: "elbv2.k8s.aws/resources",
	},
	{token: "kubernetes:batch/v1:CronJob"},
	{
		token: typeNodePool, charts: []string{karpenterChart, karpenterCRDsChart},
		admitted: nodePoolAdmitted, finalizer: "karpenter.sh/termination",
	},
	{
		token: typeNodeClass, charts: []string{karpenterChart, karpenterCRDsChart},
		admitted: nodeClassAdmitted, finalizer: "karpenter.k8s.aws/termination", held: nodeClassHeld,
	},
	{token: "kubernetes:autoscaling.k8s.io/v1:VerticalPodAutoscaler", charts: []string{"vertical-pod-autoscaler", "vpa"}},
	{token: typeExternalSecret, charts: []string{"external-secrets"}, admitted: externalSecretAdmitted},
	{token: typeSecretStore, charts: []string{"external-secrets"}, admitted: storeAdmitted},
	{token: "kubernetes:external-secrets.io/v1:ClusterSecretStore", charts: []string{"external-secrets"}},
	{
		token:  "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass",
		charts: []string{"secrets-store-csi-driver", "secrets-store-csi-driver-provider-aws", "aws-secrets-store-csi-driver-provider"},
	},
	{token: typeRelease, admitted: releaseAdmitted, held: releaseHeld},
}

// kinds are the rows of kindTable by token.
var kinds = map[string]*kind{}

func init() {
	schemas, err := kube.Load()
	if err != nil {
		panic(err) // the file is part of the program
	}
	for i := range kindTable {
		k := &kindTable[i]
		kinds[k.token] = k
		if k.token == typeRelease {
			continue
		}
		key := kindKey(k.token)
		if k.Kind = schemas.Kinds[key]; k.Kind == nil { // only while the file is made
			at := strings.LastIndex(key, "/")
			k.Kind = &kube.Kind{APIVersion: key[:at], Name: key[at+1:]}
		}
	}
}

// isNamespaced says whether the kind's objects live in namespaces; so do releases.
func (k *kind) isNamespaced() bool { return k.Kind == nil || k.Namespaced }

// name is the kind's own.
func (k *kind) name() string { return k.token[strings.LastIndex(k.token, ":")+1:] }

// resource is how the API server names the kind in its errors.
func (k *kind) resource() string {
	if k.Kind == nil {
		return "releases"
	}
	return k.Resource()
}

// kindKey is the name of a Pulumi token in kube's tables.
func kindKey(token string) string {
	parts := strings.SplitN(token, ":", 3)
	return kube.Key(strings.TrimPrefix(parts[1], "core/"), parts[2])
}

// KubernetesKinds are the keys of the modelled kinds in [kube.Schemas], in order.
func KubernetesKinds() []string {
	var keys []string
	for _, k := range kindTable {
		if k.token != typeRelease {
			keys = append(keys, kindKey(k.token))
		}
	}
	slices.Sort(keys)
	return keys
}

func failure(path, format string, args ...any) plugin.CheckFailure {
	return plugin.CheckFailure{Property: resource.PropertyKey(path), Reason: fmt.Sprintf(format, args...)}
}

// check says what is wrong with a document as far as it is known, and with the
// whole of it where all of it is.
func (k *kind) check(doc map[string]any, whole bool) []plugin.CheckFailure {
	problems := k.Check(doc)
	if whole && len(problems) == 0 {
		problems = k.Validate(doc)
	}
	var bad []plugin.CheckFailure
	for _, p := range problems {
		reason := p.Reason
		if p.Path == "" {
			reason = fmt.Sprintf("%s %s is invalid: %s", k.APIVersion, k.Name, p.Reason)
		}
		bad = append(bad, failure(p.Path, "%s", reason))
	}
	return bad
}

// foreseen is what is known of an object before it is made.
func (k *kind) foreseen(in resource.PropertyMap) resource.PropertyMap {
	out := in.Copy()
	unknown := resource.MakeComputed(resource.NewStringProperty(""))
	if k.Kind == nil {
		out["status"], out["resourceNames"] = unknown, unknown
	} else if k.status != nil {
		out["status"] = unknown
	}
	return out
}

// admit checks an object against what is in the cluster and in the cloud.
func (o *object) admit() error {
	if o.namespace != "" && !(o.kind.Kind == nil && truth(o.doc, "createNamespace")) {
		if ok, err := o.hasNamespace(o.namespace); err != nil {
			return err
		} else if !ok {
			return fmt.Errorf("namespaces %q not found", o.namespace)
		}
	}
	if o.kind.token == typeNamespace && slices.Contains(builtInNamespaces, o.name) {
		return fmt.Errorf("namespaces %q already exists", o.name)
	}
	if len(o.kind.charts) > 0 {
		if brought, err := o.installed(o.kind.charts); err != nil {
			return err
		} else if !brought {
			return fmt.Errorf("no matches for kind %q in version %q: the chart %s is not installed", o.kind.Name, o.kind.APIVersion, o.kind.charts[0])
		}
	}
	if o.old != nil && o.kind.Kind != nil {
		if problems := o.kind.ValidateUpdate(o.doc, o.old.Inputs); len(problems) > 0 {
			return fmt.Errorf("%s %q is invalid: %s", o.kind.resource(), o.name, problems[0])
		}
	}
	if o.kind.admitted != nil {
		return o.kind.admitted(o)
	}
	return nil
}

// installed says whether one of the charts or add-ons is in the cluster.
func (o *object) installed(charts []string) (found bool, err error) {
	err = o.eachOf(o.scope, typeRelease, func(r *Resource) error {
		found = found || slices.Contains(charts, chartOf(r.Inputs)) && !truth(r.Inputs, "skipCrds")
		return nil
	})
	if found || err != nil {
		return found, err
	}
	err = o.eachOf(o.cluster.Scope, typeAddon, func(r *Resource) error {
		found = found || text(r.Inputs, "clusterName") == o.cluster.ID && slices.Contains(charts, text(r.Inputs, "addonName"))
		return nil
	})
	return found, err
}

// builtInNamespaces are there in every cluster.
var builtInNamespaces = []string{"default", "kube-system", "kube-public", "kube-node-lease"}

func (o *object) hasNamespace(name string) (bool, error) {
	if slices.Contains(builtInNamespaces, name) {
		return true, nil
	}
	ns, err := o.get(o.scope, typeNamespace, name)
	if ns != nil || err != nil {
		return ns != nil, err
	}
	// A release may have made it.
	found := false
	err = o.eachOf(o.scope, typeRelease, func(r *Resource) error {
		found = found || truth(r.Inputs, "createNamespace") && text(r.Inputs, "namespace") == name
		return nil
	})
	return found, err
}

// nodes is how many nodes the cluster's node groups want.
func nodes(t *tx, cluster *Resource) (n int, err error) {
	err = t.eachOf(cluster.Scope, typeNodeGroup, func(r *Resource) error {
		if text(r.Inputs, "clusterName") == cluster.ID {
			want, _ := number(r.Outputs, "scalingConfig.desiredSize")
			n += int(want)
		}
		return nil
	})
	return n, err
}

// podsAdmitted checks what a pod needs before it can start: an account, its
// configuration, and a node.
func podsAdmitted(o *object) error {
	var d appsv1.Deployment
	if err := into(o.doc, &d); err != nil {
		return err
	}
	replicas := int32(1)
	if d.Spec.Replicas != nil {
		replicas = *d.Spec.Replicas
	}
	if replicas == 0 {
		return nil
	}
	pod := d.Spec.Template.Spec
	need := map[string]string{}
	if a := pod.ServiceAccountName; a != "" && a != "default" {
		need[a] = typeServiceAccount
	}
	for _, v := range pod.Volumes {
		if v.ConfigMap != nil && (v.ConfigMap.Optional == nil || !*v.ConfigMap.Optional) {
			need[v.ConfigMap.Name] = typeConfigMap
		}
		if v.Secret != nil && (v.Secret.Optional == nil || !*v.Secret.Optional) {
			need[v.Secret.SecretName] = typeK8sSecret
		}
	}
	for _, c := range pod.Containers {
		for _, e := range c.Env {
			if e.ValueFrom == nil {
				continue
			}
			if ref := e.ValueFrom.SecretKeyRef; ref != nil && (ref.Optional == nil || !*ref.Optional) {
				need[ref.Name] = typeK8sSecret
			}
			if ref := e.ValueFrom.ConfigMapKeyRef; ref != nil && (ref.Optional == nil || !*ref.Optional) {
				need[ref.Name] = typeConfigMap
			}
		}
	}
	for _, name := range sortedNames(need) {
		if need[name] == typeK8sSecret {
			if made, err := o.madeByExternalSecret(name); err != nil {
				return err
			} else if made {
				continue
			}
		}
		if r, err := o.get(o.scope, need[name], o.namespace+"/"+name); err != nil {
			return err
		} else if r == nil {
			return fmt.Errorf("%d pods of it did not become ready: %s %q not found", replicas, kinds[need[name]].resource(), o.namespace+"/"+name)
		}
	}
	n, err := nodes(o.tx, o.cluster)
	if err == nil && n == 0 {
		return fmt.Errorf("timed out waiting to be Ready: minimum number of live pods was not attained: 0/0 nodes are available in cluster %s", o.cluster.ID)
	}
	if err != nil {
		return err
	}
	return o.gatesOpen(d.Spec.Template.Labels)
}

func fixed(status map[string]any) func(*object) (map[string]any, error) {
	return func(*object) (map[string]any, error) { return clone(status), nil }
}

func deploymentStatus(o *object) (map[string]any, error) {
	replicas, ok := number(o.doc, "spec.replicas")
	if !ok {
		replicas = 1
	}
	return map[string]any{
		"observedGeneration": 1.0, "replicas": replicas, "updatedReplicas": replicas, "readyReplicas": replicas, "availableReplicas": replicas,
		"conditions": []any{
			map[string]any{"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
			map[string]any{"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"},
		},
	}, nil
}

// live is the object as the API server would return it.
func (o *object) live(urn string) (map[string]any, error) {
	out := clone(o.doc)
	if o.kind.Kind == nil {
		return o.liveRelease(out), nil
	}
	out["apiVersion"], out["kind"] = o.kind.APIVersion, o.kind.Name
	meta, _ := out["metadata"].(map[string]any)
	if meta == nil {
		meta = map[string]any{}
		out["metadata"] = meta
	}
	if o.namespace != "" {
		meta["namespace"] = o.namespace
	}
	generation := 1.0
	if o.old != nil {
		for _, k := range []string{"uid", "creationTimestamp"} {
			meta[k] = at(o.old.Outputs, "metadata."+k)
		}
		generation, _ = number(o.old.Outputs, "metadata.generation")
		if !reflect.DeepEqual(o.old.Inputs, clone(o.doc)) {
			generation++ // an apply that changes nothing makes no generation
		}
	} else {
		seq, err := o.birth(urn)
		if err != nil {
			return nil, err
		}
		m := op{tx: o.tx, m: &model{Type: o.kind.token}, urn: urn, seq: seq, scope: o.scope}
		meta["uid"], _ = m.value("uuid", "uid")
		meta["creationTimestamp"] = o.c.now().UTC().Format("2006-01-02T15:04:05Z")
	}
	meta["generation"] = generation
	meta["resourceVersion"] = fmt.Sprint(generation)
	if o.kind.token == typeService && at(out, "spec.clusterIP") == nil && text(out, "spec.type") != "ExternalName" {
		m := op{tx: o.tx, m: &model{Type: o.kind.token}, urn: o.id(), scope: o.scope}
		n := m.mint("digits", 6, "clusterIP")
		put(out, "spec.clusterIP", fmt.Sprintf("172.20.%d.%d", atoi(n[:3])%256, 1+atoi(n[3:])%254))
	}
	if o.kind.status != nil {
		status, err := o.kind.status(o)
		if err != nil {
			return nil, err
		}
		out["status"] = status
	}
	return out, nil
}

// bindingAdmitted is the controller's webhook: the target group must be in the
// cluster's region and network.
func bindingAdmitted(o *object) error {
	const denied = "admission webhook \"vtargetgroupbinding.elbv2.k8s.aws\" denied the request: "
	if (text(o.doc, "spec.targetGroupARN") == "") == (text(o.doc, "spec.targetGroupName") == "") {
		return errors.New(denied + "TargetGroupBinding must specify exactly one of targetGroupARN and targetGroupName")
	}
	groups, err := o.find(text(o.doc, "spec.targetGroupARN"), typeTargetGroup)
	if name := text(o.doc, "spec.targetGroupName"); name != "" {
		err = o.eachOf(o.cluster.Scope, typeTargetGroup, func(r *Resource) error {
			if text(r.Outputs, "name") == name {
				groups = append(groups, r)
			}
			return nil
		})
	}
	if err != nil {
		return err
	}
	if len(groups) == 0 || groups[0].Scope.Region != o.cluster.Scope.Region {
		return fmt.Errorf(denied+"TargetGroupNotFound: target groups '%s%s' not found in %s",
			text(o.doc, "spec.targetGroupARN"), text(o.doc, "spec.targetGroupName"), o.cluster.Scope.Region)
	}
	group := groups[0]
	if have, want := text(group.Inputs, "vpcId"), text(o.cluster.Outputs, "vpcConfig.vpcId"); have != want {
		return fmt.Errorf(denied+"target group %s is in %s, the cluster in %s", group.ID, have, want)
	}
	if have, want := text(o.doc, "spec.targetType"), text(group.Outputs, "targetType"); have != "" && have != want {
		return fmt.Errorf(denied+"targetType %s does not match the target group's %s", have, want)
	}
	return o.bindsAlone()
}

// released: the controller undoes what it did for an object, and then takes the
// finalizer off it. Without a controller that runs the object stays for ever.
func (o *object) released() error {
	if o.kind.finalizer != "" {
		controller := o.kind.charts[0]
		release, err := o.releaseOf(controller)
		if err != nil {
			return err
		}
		stays := func(why, before string) error {
			return fmt.Errorf("timed out waiting for %s %q to be deleted: finalizer %s is left, and %s to remove it: delete such objects before %s",
				o.kind.resource(), o.id(), o.kind.finalizer, why, before)
		}
		if release == nil {
			return stays("no controller", "the release of "+controller)
		}
		if n, err := nodes(o.tx, o.cluster); err != nil {
			return err
		} else if n == 0 {
			return stays("its controller has no node to run on", "the nodes")
		}
	}
	if o.kind.held != nil {
		return o.kind.held(o)
	}
	return nil
}

// releaseOf is the release of a chart in the cluster, nil if there is none.
func (o *object) releaseOf(chart string) (release *Resource, err error) {
	err = o.eachOf(o.scope, typeRelease, func(r *Resource) error {
		if chartOf(r.Inputs) == chart {
			release = r
		}
		return nil
	})
	return release, err
}
