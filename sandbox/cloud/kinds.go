package cloud

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	kjson "sigs.k8s.io/json"
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
// To add a kind, add a row to kindTable: the typed API has the rest. A kind of
// a custom resource needs a Go type of its own, see TargetGroupBinding.
type kind struct {
	// token is Pulumi's, apiVersion and plural are the API server's.
	token, apiVersion, name, plural string
	namespaced                      bool
	// release marks Helm releases, which are no objects of the API server.
	release bool
	// proto is the Go type that documents are decoded into.
	proto any
	// replace are the paths whose change replaces the object
	// (pulumi-kubernetes, provider/pkg/provider/diff.go).
	replace []string
	// rules checks a whole document; it returns reasons by path.
	rules func(doc map[string]any) map[string]string
	// admitted checks a document against the cluster and the cloud.
	admitted func(*object) error
	// status is what a healthy cluster would report.
	status func(*object) (map[string]any, error)
	// finalized is what must be so before the object can go.
	finalized func(*object) error
}

var kindTable = []kind{
	{token: typeNamespace, plural: "namespaces", proto: corev1.Namespace{}, status: fixed(map[string]any{"phase": "Active"})},
	{
		token: typeService, plural: "services", namespaced: true, proto: corev1.Service{}, replace: []string{"spec.clusterIP"},
		rules: serviceRules, status: fixed(map[string]any{"loadBalancer": map[string]any{}}),
	},
	{token: typeServiceAccount, plural: "serviceaccounts", namespaced: true, proto: corev1.ServiceAccount{}},
	{token: typeConfigMap, plural: "configmaps", namespaced: true, proto: corev1.ConfigMap{}, replace: []string{"data", "binaryData"}},
	{token: typeK8sSecret, plural: "secrets", namespaced: true, proto: corev1.Secret{}, replace: []string{"data", "stringData", "type"}},
	{token: "kubernetes:core/v1:ResourceQuota", plural: "resourcequotas", namespaced: true, proto: corev1.ResourceQuota{}, replace: []string{"spec.scopes"}},
	{token: "kubernetes:core/v1:LimitRange", plural: "limitranges", namespaced: true, proto: corev1.LimitRange{}},
	{
		token: typeDeployment, plural: "deployments.apps", namespaced: true, proto: appsv1.Deployment{}, replace: []string{"spec.selector"},
		rules: deploymentRules, admitted: podsAdmitted, status: deploymentStatus,
	},
	{
		token: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", plural: "horizontalpodautoscalers.autoscaling", namespaced: true,
		proto: autoscalingv2.HorizontalPodAutoscaler{}, rules: autoscalerRules,
	},
	{
		token: "kubernetes:policy/v1:PodDisruptionBudget", plural: "poddisruptionbudgets.policy", namespaced: true,
		proto: policyv1.PodDisruptionBudget{}, rules: budgetRules,
	},
	{token: "kubernetes:networking.k8s.io/v1:NetworkPolicy", plural: "networkpolicies.networking.k8s.io", namespaced: true, proto: networkingv1.NetworkPolicy{}},
	{token: "kubernetes:storage.k8s.io/v1:StorageClass", plural: "storageclasses.storage.k8s.io", proto: storagev1.StorageClass{}, replace: []string{"parameters", "provisioner"}},
	{token: "kubernetes:scheduling.k8s.io/v1:PriorityClass", plural: "priorityclasses.scheduling.k8s.io", proto: schedulingv1.PriorityClass{}, replace: []string{"value"}},
	{token: "kubernetes:rbac.authorization.k8s.io/v1:Role", plural: "roles.rbac.authorization.k8s.io", namespaced: true, proto: rbacv1.Role{}},
	{token: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", plural: "rolebindings.rbac.authorization.k8s.io", namespaced: true, proto: rbacv1.RoleBinding{}, replace: []string{"roleRef"}},
	{token: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", plural: "clusterroles.rbac.authorization.k8s.io", proto: rbacv1.ClusterRole{}},
	{token: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", plural: "clusterrolebindings.rbac.authorization.k8s.io", proto: rbacv1.ClusterRoleBinding{}, replace: []string{"roleRef"}},
	{
		token: typeBinding, plural: "targetgroupbindings.elbv2.k8s.aws", namespaced: true, proto: TargetGroupBinding{},
		replace: []string{"spec.targetGroupARN", "spec.targetType"}, rules: bindingRules, admitted: bindingAdmitted, finalized: bindingFinalized,
	},
	{token: typeRelease, plural: "releases", namespaced: true, release: true, admitted: releaseAdmitted},
}

// kinds are the rows of kindTable by token.
var kinds = map[string]*kind{}

func init() {
	for i := range kindTable {
		k := &kindTable[i]
		parts := strings.SplitN(k.token, ":", 3)
		k.apiVersion, k.name = strings.TrimPrefix(parts[1], "core/"), parts[2]
		kinds[k.token] = k
	}
}

// TargetGroupBinding joins the pods of a service to a target group (AWS Load
// Balancer Controller, elbv2.k8s.aws/v1beta1).
type TargetGroupBinding struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              TargetGroupBindingSpec   `json:"spec"`
	Status            TargetGroupBindingStatus `json:"status,omitempty"`
}

// TargetGroupBindingSpec is what a binding asks for.
type TargetGroupBindingSpec struct {
	TargetGroupARN          string                        `json:"targetGroupARN,omitempty"`
	TargetGroupName         string                        `json:"targetGroupName,omitempty"`
	TargetType              string                        `json:"targetType,omitempty"`
	ServiceRef              ServiceReference              `json:"serviceRef"`
	Networking              *TargetGroupBindingNetworking `json:"networking,omitempty"`
	NodeSelector            *metav1.LabelSelector         `json:"nodeSelector,omitempty"`
	IPAddressType           string                        `json:"ipAddressType,omitempty"`
	VpcID                   string                        `json:"vpcID,omitempty"`
	MultiClusterTargetGroup bool                          `json:"multiClusterTargetGroup,omitempty"`
	IamRoleArnToAssume      string                        `json:"iamRoleArnToAssume,omitempty"`
	AssumeRoleExternalID    string                        `json:"assumeRoleExternalId,omitempty"`
}

// ServiceReference names a service's port, by number or by name.
type ServiceReference struct {
	Name string `json:"name"`
	Port any    `json:"port"`
}

// TargetGroupBindingNetworking says who may reach the pods.
type TargetGroupBindingNetworking struct {
	Ingress []NetworkingIngressRule `json:"ingress,omitempty"`
}

// NetworkingIngressRule lets peers reach ports.
type NetworkingIngressRule struct {
	From  []NetworkingPeer `json:"from"`
	Ports []NetworkingPort `json:"ports"`
}

// NetworkingPeer is a network or a security group.
type NetworkingPeer struct {
	IPBlock       *IPBlock          `json:"ipBlock,omitempty"`
	SecurityGroup *SecurityGroupRef `json:"securityGroup,omitempty"`
}

// IPBlock is a network.
type IPBlock struct {
	CIDR string `json:"cidr"`
}

// SecurityGroupRef names a security group.
type SecurityGroupRef struct {
	GroupID string `json:"groupID"`
}

// NetworkingPort is a port; one without number means all.
type NetworkingPort struct {
	Protocol string `json:"protocol,omitempty"`
	Port     any    `json:"port,omitempty"`
}

// TargetGroupBindingStatus is what the controller has seen.
type TargetGroupBindingStatus struct {
	ObservedGeneration *int64 `json:"observedGeneration,omitempty"`
}

func failure(path, format string, args ...any) plugin.CheckFailure {
	return plugin.CheckFailure{Property: resource.PropertyKey(path), Reason: fmt.Sprintf(format, args...)}
}

// decode decodes a document strictly into its type: fields that the type does
// not have and values of the wrong type are reported.
func (k *kind) decode(doc map[string]any) []plugin.CheckFailure {
	raw, err := json.Marshal(doc)
	if err != nil {
		return []plugin.CheckFailure{failure("", "%v", err)}
	}
	var bad []plugin.CheckFailure
	strict, err := kjson.UnmarshalStrict(raw, reflect.New(reflect.TypeOf(k.proto)).Interface())
	for _, e := range append(strict, err) {
		if e != nil {
			bad = append(bad, failure("", "%s %s is invalid: %s", k.apiVersion, k.name, strings.TrimPrefix(e.Error(), "json: ")))
		}
	}
	if v := text(doc, "apiVersion"); v != "" && v != k.apiVersion {
		bad = append(bad, failure("apiVersion", "is %q, expected %q", v, k.apiVersion))
	}
	if v := text(doc, "kind"); v != "" && v != k.name {
		bad = append(bad, failure("kind", "is %q, expected %q", v, k.name))
	}
	return bad
}

var (
	labelName     = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)
	subdomainName = regexp.MustCompile(`^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$`)
	roleName      = regexp.MustCompile(`^[^/%]+$`)
)

// validate holds the rules of the API server that types do not say.
func (k *kind) validate(doc map[string]any) []plugin.CheckFailure {
	var bad []plugin.CheckFailure
	form := subdomainName
	switch {
	case k.token == typeNamespace || k.token == typeService:
		form = labelName
	case strings.HasPrefix(k.apiVersion, "rbac."):
		form = roleName
	}
	if n := text(doc, "metadata.name"); n != "" && !form.MatchString(n) {
		bad = append(bad, failure("metadata.name", "%s %q is invalid: letters in lower case, digits and '-', a letter or digit first and last", k.name, n))
	}
	for _, l := range leaves(at(doc, "metadata.labels")) {
		if s, ok := l.value.(string); !ok || len(s) > 63 {
			bad = append(bad, failure(join("metadata.labels", l.path), "a label's value is text of at most 63 characters"))
		}
	}
	if k.rules != nil {
		reasons := k.rules(doc)
		for _, path := range sortedNames(reasons) {
			bad = append(bad, failure(path, "%s", reasons[path]))
		}
	}
	return bad
}

// foreseen is what is known of an object before it is made.
func (k *kind) foreseen(in resource.PropertyMap) resource.PropertyMap {
	out := in.Copy()
	unknown := resource.MakeComputed(resource.NewStringProperty(""))
	if k.release {
		out["status"], out["resourceNames"] = unknown, unknown
	} else if k.status != nil {
		out["status"] = unknown
	}
	return out
}

func serviceRules(doc map[string]any) map[string]string {
	bad := map[string]string{}
	if len(all(doc, "spec.ports")) == 0 && text(doc, "spec.type") != "ExternalName" && text(doc, "spec.clusterIP") != "None" {
		bad["spec.ports"] = "required value: a service has at least one port"
	}
	names := map[string]bool{}
	for _, l := range all(doc, "spec.ports") {
		m, _ := l.value.(map[string]any)
		if p, _ := number(m, "port"); p < 1 || p > 65535 {
			bad[l.path+".port"] = fmt.Sprintf("invalid value: %v: must be between 1 and 65535", m["port"])
		}
		n := text(m, "name")
		if n == "" && len(all(doc, "spec.ports")) > 1 {
			bad[l.path+".name"] = "required value: several ports need names"
		}
		if names[n] && n != "" {
			bad[l.path+".name"] = fmt.Sprintf("duplicate value: %q", n)
		}
		names[n] = true
	}
	return bad
}

func deploymentRules(doc map[string]any) map[string]string {
	bad := map[string]string{}
	var d appsv1.Deployment
	if err := into(doc, &d); err != nil {
		return map[string]string{"": err.Error()}
	}
	sel, err := metav1.LabelSelectorAsSelector(d.Spec.Selector)
	switch {
	case d.Spec.Selector == nil || err != nil || sel.Empty():
		bad["spec.selector"] = "required value: a selector that selects something"
	case !sel.Matches(labels.Set(d.Spec.Template.Labels)):
		bad["spec.template.metadata.labels"] = "invalid value: selector does not match template labels"
	}
	if len(d.Spec.Template.Spec.Containers) == 0 {
		bad["spec.template.spec.containers"] = "required value: a pod has at least one container"
	}
	for i, c := range d.Spec.Template.Spec.Containers {
		path := fmt.Sprintf("spec.template.spec.containers[%d]", i)
		if !labelName.MatchString(c.Name) {
			bad[path+".name"] = fmt.Sprintf("invalid value: %q: letters in lower case, digits and '-'", c.Name)
		}
		if c.Image == "" {
			bad[path+".image"] = "required value"
		}
		for name, want := range c.Resources.Requests {
			if limit, ok := c.Resources.Limits[name]; ok && want.Cmp(limit) > 0 {
				bad[path+".resources.requests"] = fmt.Sprintf("invalid value: %q: must be less than or equal to %s limit of %s", want.String(), name, limit.String())
			}
		}
		for _, m := range c.VolumeMounts {
			if !slices.ContainsFunc(d.Spec.Template.Spec.Volumes, func(v corev1.Volume) bool { return v.Name == m.Name }) {
				bad[path+".volumeMounts"] = fmt.Sprintf("not found: %q", m.Name)
			}
		}
	}
	return bad
}

func autoscalerRules(doc map[string]any) map[string]string {
	low, hasLow := number(doc, "spec.minReplicas")
	high, _ := number(doc, "spec.maxReplicas")
	if !hasLow {
		low = 1
	}
	if high < 1 || high < low {
		return map[string]string{"spec.maxReplicas": fmt.Sprintf("invalid value: %v: must be greater than or equal to minReplicas %v, and to 1", high, low)}
	}
	return nil
}

func budgetRules(doc map[string]any) map[string]string {
	if at(doc, "spec.minAvailable") != nil && at(doc, "spec.maxUnavailable") != nil {
		return map[string]string{"spec": "invalid value: minAvailable and maxUnavailable cannot be both set"}
	}
	return nil
}

func bindingRules(doc map[string]any) map[string]string {
	bad := map[string]string{}
	arn, name := text(doc, "spec.targetGroupARN"), text(doc, "spec.targetGroupName")
	if (arn == "") == (name == "") {
		bad["spec"] = "exactly one of targetGroupARN and targetGroupName is needed"
	}
	if text(doc, "spec.serviceRef.name") == "" {
		bad["spec.serviceRef.name"] = "required value"
	}
	if at(doc, "spec.serviceRef.port") == nil {
		bad["spec.serviceRef.port"] = "required value"
	}
	if t := text(doc, "spec.targetType"); t != "" && t != "ip" && t != "instance" {
		bad["spec.targetType"] = fmt.Sprintf("unsupported value: %q: supported values: \"instance\", \"ip\"", t)
	}
	return bad
}

// admit checks an object against what is in the cluster and in the cloud.
func (o *object) admit() error {
	if o.namespace != "" && !(o.kind.release && truth(o.doc, "createNamespace")) {
		if ok, err := o.hasNamespace(o.namespace); err != nil {
			return err
		} else if !ok {
			return fmt.Errorf("namespaces %q not found", o.namespace)
		}
	}
	if o.kind.token == typeNamespace && slices.Contains(builtInNamespaces, o.name) {
		return fmt.Errorf("namespaces %q already exists", o.name)
	}
	if o.kind.admitted != nil {
		return o.kind.admitted(o)
	}
	return nil
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
	for _, name := range sortedNames(need) {
		if r, err := o.get(o.scope, need[name], o.namespace+"/"+name); err != nil {
			return err
		} else if r == nil {
			return fmt.Errorf("%d pods of it did not become ready: %s %q not found", replicas, kinds[need[name]].plural, o.namespace+"/"+name)
		}
	}
	n, err := nodes(o.tx, o.cluster)
	if err == nil && n == 0 {
		return fmt.Errorf("timed out waiting to be Ready: minimum number of live pods was not attained: 0/0 nodes are available in cluster %s", o.cluster.ID)
	}
	return err
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
	if o.kind.release {
		return o.liveRelease(out), nil
	}
	out["apiVersion"], out["kind"] = o.kind.apiVersion, o.kind.name
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
		g, _ := number(o.old.Outputs, "metadata.generation")
		generation = g + 1
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

// controller is the release of the AWS Load Balancer Controller in the
// cluster, nil if there is none.
func (o *object) controller() (release *Resource, err error) {
	err = o.eachOf(o.scope, typeRelease, func(r *Resource) error {
		if chartOf(r.Inputs) == controllerChart {
			release = r
		}
		return nil
	})
	return release, err
}

// bindingAdmitted is the controller's webhook: there must be a controller,
// which brings the kind, and the target group must be in the cluster's region
// and network.
func bindingAdmitted(o *object) error {
	ctrl, err := o.controller()
	if err != nil {
		return err
	}
	if ctrl == nil {
		return fmt.Errorf("no matches for kind \"TargetGroupBinding\" in version \"elbv2.k8s.aws/v1beta1\": the chart %s is not installed", controllerChart)
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
	denied := "admission webhook \"vtargetgroupbinding.elbv2.k8s.aws\" denied the request: "
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
	return nil
}

// bindingFinalized: the controller takes the targets out of the group and then
// the finalizer off the binding, so without it a binding stays for ever.
func bindingFinalized(o *object) error {
	ctrl, err := o.controller()
	if err == nil && ctrl == nil {
		return fmt.Errorf("timed out waiting for %s %q to be deleted: finalizer elbv2.k8s.aws/resources is left, and no controller to remove it: "+
			"delete bindings before the release of %s", o.kind.plural, o.id(), controllerChart)
	}
	return err
}
