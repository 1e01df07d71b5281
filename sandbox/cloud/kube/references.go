package kube

import (
	"fmt"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Object is an object in a cluster.
type Object struct {
	Kind            *Kind
	Namespace, Name string
	Doc             map[string]any
}

// String names the object as the API server does: "services shop/web".
func (o Object) String() string {
	if o.Namespace == "" {
		return o.Kind.Resource() + " " + o.Name
	}
	return o.Kind.Resource() + " " + o.Namespace + "/" + o.Name
}

// Cluster is what is in a cluster, for the references between its objects.
//
// The API server takes an object whose references lead nowhere: they may come
// later. So this is a check of a cluster in which nothing more is to come.
type Cluster struct {
	Objects []Object
	// Charts are the namespaces in which Helm releases made objects, which are
	// not known here: a name there is taken for granted.
	Charts []string
}

// Dangling is a reference of an object that leads nowhere.
type Dangling struct {
	Object Object
	Problem
}

func (d Dangling) String() string { return d.Object.String() + ": " + d.Problem.String() }

// Dangling are the references that lead nowhere, in the order of the objects.
func (c *Cluster) Dangling() []Dangling {
	var all []Dangling
	for _, o := range c.Objects {
		l := &looker{Cluster: c, from: o}
		if find := referencesOf[Key(o.Kind.APIVersion, o.Kind.Name)]; find != nil {
			find(l, o.Doc)
		}
		for _, p := range l.bad {
			all = append(all, Dangling{o, p})
		}
	}
	return all
}

// referencesOf says for each kind what its objects refer to.
var referencesOf = map[string]func(l *looker, doc map[string]any){
	"apps/v1/Deployment": refers(func(l *looker, d *appsv1.Deployment) { l.pods("spec.template.spec", &d.Spec.Template.Spec) }),
	"batch/v1/CronJob": refers(func(l *looker, c *batchv1.CronJob) {
		l.pods("spec.jobTemplate.spec.template.spec", &c.Spec.JobTemplate.Spec.Template.Spec)
	}),
	"v1/Service": refers((*looker).service),
	"policy/v1/PodDisruptionBudget": refers(func(l *looker, b *policyv1.PodDisruptionBudget) {
		l.selected("spec.selector", b.Spec.Selector)
	}),
	"autoscaling/v2/HorizontalPodAutoscaler": refers(func(l *looker, h *autoscalingv2.HorizontalPodAutoscaler) {
		r := h.Spec.ScaleTargetRef
		l.need("spec.scaleTargetRef", Key(r.APIVersion, r.Kind), l.from.Namespace, r.Name)
	}),
	"autoscaling.k8s.io/v1/VerticalPodAutoscaler": func(l *looker, doc map[string]any) {
		r := "spec.targetRef."
		l.need("spec.targetRef", Key(textAt(doc, r+"apiVersion"), textAt(doc, r+"kind")), l.from.Namespace, textAt(doc, r+"name"))
	},
	"rbac.authorization.k8s.io/v1/RoleBinding": refers(func(l *looker, b *rbacv1.RoleBinding) { l.binding(b.RoleRef, b.Subjects) }),
	"rbac.authorization.k8s.io/v1/ClusterRoleBinding": refers(func(l *looker, b *rbacv1.ClusterRoleBinding) {
		l.binding(b.RoleRef, b.Subjects)
	}),
	"elbv2.k8s.aws/v1beta1/TargetGroupBinding": (*looker).targetGroupBinding,
	"karpenter.sh/v1/NodePool": func(l *looker, doc map[string]any) {
		l.need("spec.template.spec.nodeClassRef", "karpenter.k8s.aws/v1/EC2NodeClass", "", textAt(doc, "spec.template.spec.nodeClassRef.name"))
	},
	"external-secrets.io/v1/ExternalSecret": func(l *looker, doc map[string]any) {
		kind, namespace := "external-secrets.io/v1/SecretStore", l.from.Namespace
		if textAt(doc, "spec.secretStoreRef.kind") == "ClusterSecretStore" {
			kind, namespace = "external-secrets.io/v1/ClusterSecretStore", ""
		}
		l.need("spec.secretStoreRef", kind, namespace, textAt(doc, "spec.secretStoreRef.name"))
	},
	"external-secrets.io/v1/SecretStore": func(l *looker, doc map[string]any) {
		const path = "spec.provider.aws.auth.jwt.serviceAccountRef"
		l.need(path, "v1/ServiceAccount", l.from.Namespace, textAt(doc, path+".name"))
	},
	"external-secrets.io/v1/ClusterSecretStore": func(l *looker, doc map[string]any) {
		const path = "spec.provider.aws.auth.jwt.serviceAccountRef"
		l.need(path, "v1/ServiceAccount", textAt(doc, path+".namespace"), textAt(doc, path+".name"))
	},
}

// refers makes what finds references in a typed object one that finds them in a document.
func refers[T any](f func(*looker, *T)) func(*looker, map[string]any) {
	return func(l *looker, doc map[string]any) {
		var typed T
		if err := into(doc, &typed); err != nil {
			l.bad = append(l.bad, Problem{"", err.Error()})
			return
		}
		f(l, &typed)
	}
}

func textAt(doc map[string]any, path string) string {
	s, _ := value(doc, path).(string)
	return s
}

// looker looks for what one object refers to.
type looker struct {
	*Cluster
	from Object
	bad  []Problem
}

func (l *looker) refuse(path, format string, args ...any) {
	l.bad = append(l.bad, Problem{path, fmt.Sprintf(format, args...)})
}

// find returns an object, nil if there is none.
func (l *looker) find(kind, namespace, name string) *Object {
	for i, o := range l.Objects {
		if Key(o.Kind.APIVersion, o.Kind.Name) == kind && o.Namespace == namespace && o.Name == name {
			return &l.Objects[i]
		}
	}
	return nil
}

// need looks for an object by name. Without a name there is nothing to look for.
func (l *looker) need(path, kind, namespace, name string) {
	if name == "" || l.find(kind, namespace, name) != nil || slices.Contains(l.Charts, namespace) && namespace != "" {
		return
	}
	l.refuse(path, "%s %q not found", resourceOf(kind), name)
}

// resourceOf is how the API server names a kind in such errors.
func resourceOf(kind string) string {
	if s, err := load(); err == nil && s.Kinds[kind] != nil {
		return s.Kinds[kind].Resource()
	}
	return kind
}

// builtInPriorities and builtInRoles are in every cluster.
var builtInPriorities = []string{"system-cluster-critical", "system-node-critical"}

func builtInRole(name string) bool {
	return strings.HasPrefix(name, "system:") || slices.Contains([]string{"cluster-admin", "admin", "edit", "view"}, name)
}

// pods looks for what pods of a template need to start.
func (l *looker) pods(path string, p *corev1.PodSpec) {
	in := l.from.Namespace
	if a := p.ServiceAccountName; a != "default" {
		l.need(path+".serviceAccountName", "v1/ServiceAccount", in, a)
	}
	if c := p.PriorityClassName; !slices.Contains(builtInPriorities, c) {
		l.need(path+".priorityClassName", "scheduling.k8s.io/v1/PriorityClass", "", c)
	}
	for i, v := range p.Volumes {
		at := fmt.Sprintf("%s.volumes[%d]", path, i)
		if s := v.ConfigMap; s != nil {
			l.data(at+".configMap", "v1/ConfigMap", s.Name, itemKeys(s.Items), s.Optional)
		}
		if s := v.Secret; s != nil {
			l.data(at+".secret", "v1/Secret", s.SecretName, itemKeys(s.Items), s.Optional)
		}
		if s := v.CSI; s != nil && s.Driver == "secrets-store.csi.k8s.io" {
			l.need(at+".csi.volumeAttributes.secretProviderClass", "secrets-store.csi.x-k8s.io/v1/SecretProviderClass", in, s.VolumeAttributes["secretProviderClass"])
		}
		if v.Projected == nil {
			continue
		}
		for j, s := range v.Projected.Sources {
			at := fmt.Sprintf("%s.projected.sources[%d]", at, j)
			if s.ConfigMap != nil {
				l.data(at+".configMap", "v1/ConfigMap", s.ConfigMap.Name, itemKeys(s.ConfigMap.Items), s.ConfigMap.Optional)
			}
			if s.Secret != nil {
				l.data(at+".secret", "v1/Secret", s.Secret.Name, itemKeys(s.Secret.Items), s.Secret.Optional)
			}
		}
	}
	for i, s := range p.ImagePullSecrets {
		l.data(fmt.Sprintf("%s.imagePullSecrets[%d]", path, i), "v1/Secret", s.Name, nil, nil)
	}
	for _, list := range []struct {
		name string
		of   []corev1.Container
	}{{"initContainers", p.InitContainers}, {"containers", p.Containers}} {
		for i, c := range list.of {
			l.container(fmt.Sprintf("%s.%s[%d]", path, list.name, i), c)
		}
	}
}

func (l *looker) container(path string, c corev1.Container) {
	for i, e := range c.Env {
		at := fmt.Sprintf("%s.env[%d].valueFrom", path, i)
		if e.ValueFrom == nil {
			continue
		}
		if r := e.ValueFrom.ConfigMapKeyRef; r != nil {
			l.data(at+".configMapKeyRef", "v1/ConfigMap", r.Name, []string{r.Key}, r.Optional)
		}
		if r := e.ValueFrom.SecretKeyRef; r != nil {
			l.data(at+".secretKeyRef", "v1/Secret", r.Name, []string{r.Key}, r.Optional)
		}
	}
	for i, e := range c.EnvFrom {
		at := fmt.Sprintf("%s.envFrom[%d]", path, i)
		if r := e.ConfigMapRef; r != nil {
			l.data(at+".configMapRef", "v1/ConfigMap", r.Name, nil, r.Optional)
		}
		if r := e.SecretRef; r != nil {
			l.data(at+".secretRef", "v1/Secret", r.Name, nil, r.Optional)
		}
	}
	for name, p := range map[string]*corev1.Probe{"livenessProbe": c.LivenessProbe, "readinessProbe": c.ReadinessProbe, "startupProbe": c.StartupProbe} {
		if p == nil {
			continue
		}
		var port intstr.IntOrString
		if p.HTTPGet != nil {
			port = p.HTTPGet.Port
		} else if p.TCPSocket != nil {
			port = p.TCPSocket.Port
		}
		if port.Type == intstr.String && port.StrVal != "" && !hasPort(c, port.StrVal) {
			l.refuse(path+"."+name, "invalid port %q: couldn't find port by name in container %q", port.StrVal, c.Name)
		}
	}
}

func hasPort(c corev1.Container, name string) bool {
	return slices.ContainsFunc(c.Ports, func(p corev1.ContainerPort) bool { return p.Name == name })
}

func itemKeys(items []corev1.KeyToPath) []string {
	var keys []string
	for _, i := range items {
		keys = append(keys, i.Key)
	}
	return keys
}

// data looks for a config map or a secret, and for keys in it.
func (l *looker) data(path, kind, name string, keys []string, optional *bool) {
	if name == "" || optional != nil && *optional {
		return
	}
	o := l.find(kind, l.from.Namespace, name)
	if o == nil {
		if kind == "v1/Secret" && l.written(name) {
			return
		}
		l.need(path, kind, l.from.Namespace, name)
		return
	}
	for _, k := range keys {
		found := false
		for _, of := range []string{"data", "stringData", "binaryData"} {
			m, _ := value(o.Doc, of).(map[string]any)
			found = found || m[k] != nil
		}
		if !found {
			l.refuse(path, "couldn't find key %s in %s %s/%s", k, o.Kind.Name, o.Namespace, o.Name)
		}
	}
}

// written says whether a controller writes the secret, from a store of secrets.
func (l *looker) written(name string) bool {
	return slices.ContainsFunc(l.Objects, func(o Object) bool {
		if o.Namespace != l.from.Namespace {
			return false
		}
		switch o.Kind.Name {
		case "ExternalSecret":
			target := textAt(o.Doc, "spec.target.name")
			return target == name || target == "" && o.Name == name
		case "SecretProviderClass":
			list, _ := value(o.Doc, "spec.secretObjects").([]any)
			return slices.ContainsFunc(list, func(e any) bool {
				m, _ := e.(map[string]any)
				return m["secretName"] == name
			})
		}
		return false
	})
}

// workload is the template of an object's pods, nil if it has none.
func (l *looker) workload(o Object) *corev1.PodTemplateSpec {
	var w struct {
		Spec struct {
			Template *corev1.PodTemplateSpec `json:"template"`
		} `json:"spec"`
	}
	if o.Kind.Group() != "apps" || into(o.Doc, &w) != nil {
		return nil
	}
	return w.Spec.Template
}

// matching are the templates in the object's namespace whose pods a selector selects.
func (l *looker) matching(sel labels.Selector) (found []*corev1.PodTemplateSpec) {
	for _, o := range l.Objects {
		if t := l.workload(o); t != nil && o.Namespace == l.from.Namespace && sel.Matches(labels.Set(t.Labels)) {
			found = append(found, t)
		}
	}
	return found
}

// selected wants a selector to select something.
func (l *looker) selected(path string, s *metav1.LabelSelector) {
	sel, err := metav1.LabelSelectorAsSelector(s)
	if err != nil || s == nil || sel.Empty() || slices.Contains(l.Charts, l.from.Namespace) {
		return
	}
	if len(l.matching(sel)) == 0 {
		l.refuse(path, "no matching pods: %s", sel)
	}
}

func (l *looker) service(s *corev1.Service) {
	if len(s.Spec.Selector) == 0 || slices.Contains(l.Charts, l.from.Namespace) {
		return
	}
	pods := l.matching(labels.SelectorFromSet(s.Spec.Selector))
	if len(pods) == 0 {
		l.refuse("spec.selector", "no endpoints available for service %q: it selects no pods", l.from.Name)
		return
	}
	for i, p := range s.Spec.Ports {
		if p.TargetPort.Type != intstr.String || p.TargetPort.StrVal == "" {
			continue
		}
		if !slices.ContainsFunc(pods, func(t *corev1.PodTemplateSpec) bool {
			return slices.ContainsFunc(t.Spec.Containers, func(c corev1.Container) bool { return hasPort(c, p.TargetPort.StrVal) })
		}) {
			l.refuse(fmt.Sprintf("spec.ports[%d].targetPort", i), "no suitable port for manifest: no container of its pods has a port %q", p.TargetPort.StrVal)
		}
	}
}

func (l *looker) targetGroupBinding(doc map[string]any) {
	name, port := textAt(doc, "spec.serviceRef.name"), value(doc, "spec.serviceRef.port")
	o := l.find("v1/Service", l.from.Namespace, name)
	if o == nil {
		l.need("spec.serviceRef", "v1/Service", l.from.Namespace, name)
		return
	}
	ports, _ := value(o.Doc, "spec.ports").([]any)
	if !slices.ContainsFunc(ports, func(e any) bool {
		m, _ := e.(map[string]any)
		return fmt.Sprint(m["port"]) == fmt.Sprint(port) || m["name"] == port
	}) {
		l.refuse("spec.serviceRef.port", "unable to find port %v on service %s/%s", port, o.Namespace, o.Name)
	}
}

func (l *looker) binding(role rbacv1.RoleRef, subjects []rbacv1.Subject) {
	namespace := l.from.Namespace
	if role.Kind == "ClusterRole" {
		namespace = ""
	}
	if role.Kind != "ClusterRole" || !builtInRole(role.Name) {
		l.need("roleRef", Key("rbac.authorization.k8s.io/v1", role.Kind), namespace, role.Name)
	}
	for i, s := range subjects {
		if s.Kind != rbacv1.ServiceAccountKind || s.Name == "default" {
			continue
		}
		in := s.Namespace
		if in == "" {
			in = l.from.Namespace
		}
		if !slices.Contains([]string{"kube-system", "kube-public", "kube-node-lease"}, in) { // the cluster's own
			l.need(fmt.Sprintf("subjects[%d]", i), "v1/ServiceAccount", in, s.Name)
		}
	}
}
