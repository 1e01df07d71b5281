package kube

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/api/validation"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/sets"
	form "k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// intoMap turns a typed value into a map of what it says.
func intoMap(v any, m *map[string]any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, m)
}

// podSecurityVersion is what may follow "…-version" in a namespace's labels.
var podSecurityVersion = regexp.MustCompile(`^(latest|v1\.([0-9]|[1-9][0-9]*))$`)

// namespace holds the Pod Security labels, which the admission plugin refuses.
func namespace(n *corev1.Namespace) (bad field.ErrorList) {
	const prefix = "pod-security.kubernetes.io/"
	levels := []string{"privileged", "baseline", "restricted"}
	for _, mode := range []string{"enforce", "audit", "warn"} {
		at := field.NewPath("metadata", "labels")
		if v, ok := n.Labels[prefix+mode]; ok && !slices.Contains(levels, v) {
			bad = append(bad, field.Invalid(at.Key(prefix+mode), v, "must be one of "+strings.Join(levels, ", ")))
		}
		if v, ok := n.Labels[prefix+mode+"-version"]; ok && !podSecurityVersion.MatchString(v) {
			bad = append(bad, field.Invalid(at.Key(prefix+mode+"-version"), v, `must be "latest" or "v1.x"`))
		}
	}
	return bad
}

func service(s *corev1.Service) (bad field.ErrorList) {
	at := field.NewPath("spec")
	headless := s.Spec.ClusterIP == corev1.ClusterIPNone
	external := s.Spec.Type == corev1.ServiceTypeExternalName
	if len(s.Spec.Ports) == 0 && !headless && !external {
		bad = append(bad, field.Required(at.Child("ports"), ""))
	}
	names, taken := sets.New[string](), map[string]bool{}
	for i, p := range s.Spec.Ports {
		here := at.Child("ports").Index(i)
		switch {
		case p.Name != "":
			bad = append(bad, forms(here.Child("name"), p.Name, form.IsDNS1123Label(p.Name))...)
			if names.Has(p.Name) {
				bad = append(bad, field.Duplicate(here.Child("name"), p.Name))
			}
			names.Insert(p.Name)
		case len(s.Spec.Ports) > 1:
			bad = append(bad, field.Required(here.Child("name"), ""))
		}
		bad = append(bad, forms(here.Child("port"), p.Port, form.IsValidPortNum(int(p.Port)))...)
		// Without one, or with an empty one, it is the port.
		if p.TargetPort.Type == intstr.Int && p.TargetPort.IntVal != 0 || p.TargetPort.StrVal != "" {
			bad = append(bad, port(here.Child("targetPort"), p.TargetPort)...)
		}
		if p.AppProtocol != nil {
			bad = append(bad, forms(here.Child("appProtocol"), *p.AppProtocol, form.IsQualifiedName(*p.AppProtocol))...)
		}
		if p.NodePort != 0 && (s.Spec.Type == "" || s.Spec.Type == corev1.ServiceTypeClusterIP) {
			bad = append(bad, field.Forbidden(here.Child("nodePort"), "may not be used when `type` is 'ClusterIP'"))
		}
		key := fmt.Sprint(p.Protocol, p.Port)
		if p.Protocol == "" {
			key = fmt.Sprint(corev1.ProtocolTCP, p.Port)
		}
		if taken[key] {
			bad = append(bad, field.Duplicate(here, p))
		}
		taken[key] = true
	}
	bad = append(bad, metavalidation.ValidateLabels(s.Spec.Selector, at.Child("selector"))...)
	if external {
		name := strings.TrimSuffix(s.Spec.ExternalName, ".")
		if name == "" {
			bad = append(bad, field.Required(at.Child("externalName"), ""))
		} else {
			bad = append(bad, forms(at.Child("externalName"), name, form.IsDNS1123Subdomain(name))...)
		}
	}
	if ip := s.Spec.ClusterIP; ip != "" && !headless {
		if _, err := netip.ParseAddr(ip); err != nil {
			bad = append(bad, field.Invalid(at.Child("clusterIPs").Index(0), ip, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"))
		}
	}
	open := s.Spec.Type == corev1.ServiceTypeLoadBalancer || s.Spec.Type == corev1.ServiceTypeNodePort
	if s.Spec.ExternalTrafficPolicy != "" && !open && len(s.Spec.ExternalIPs) == 0 {
		bad = append(bad, field.Invalid(at.Child("externalTrafficPolicy"), s.Spec.ExternalTrafficPolicy,
			"may only be set for externally-accessible services"))
	}
	return bad
}

func disruptionBudget(b *policyv1.PodDisruptionBudget) (bad field.ErrorList) {
	at := field.NewPath("spec")
	if b.Spec.MinAvailable != nil && b.Spec.MaxUnavailable != nil {
		bad = append(bad, field.Invalid(at, "", "minAvailable and maxUnavailable cannot be both set"))
	}
	bad = append(bad, fraction(at.Child("minAvailable"), b.Spec.MinAvailable, true)...)
	bad = append(bad, fraction(at.Child("maxUnavailable"), b.Spec.MaxUnavailable, true)...)
	return append(bad, selector(at.Child("selector"), b.Spec.Selector)...)
}

func networkPolicy(p *networkingv1.NetworkPolicy) (bad field.ErrorList) {
	at := field.NewPath("spec")
	bad = selector(at.Child("podSelector"), &p.Spec.PodSelector)
	rule := func(at *field.Path, peers []networkingv1.NetworkPolicyPeer, side string, ports []networkingv1.NetworkPolicyPort) {
		for i, p := range ports {
			here := at.Child("ports").Index(i)
			if p.Port != nil {
				bad = append(bad, port(here.Child("port"), *p.Port)...)
			}
			switch {
			case p.EndPort == nil:
			case p.Port == nil:
				bad = append(bad, field.Invalid(here.Child("endPort"), *p.EndPort, "may not be specified when `port` is not specified"))
			case p.Port.Type == intstr.String:
				bad = append(bad, field.Invalid(here.Child("endPort"), *p.EndPort, "may not be specified when `port` is non-numeric"))
			case *p.EndPort < p.Port.IntVal:
				bad = append(bad, field.Invalid(here.Child("endPort"), *p.EndPort, "must be greater than or equal to `port`"))
			default:
				bad = append(bad, forms(here.Child("endPort"), *p.EndPort, form.IsValidPortNum(int(*p.EndPort)))...)
			}
		}
		for i, p := range peers {
			bad = append(bad, peer(at.Child(side).Index(i), p)...)
		}
	}
	for i, r := range p.Spec.Ingress {
		rule(at.Child("ingress").Index(i), r.From, "from", r.Ports)
	}
	for i, r := range p.Spec.Egress {
		rule(at.Child("egress").Index(i), r.To, "to", r.Ports)
	}
	if len(p.Spec.PolicyTypes) > 2 {
		bad = append(bad, field.Invalid(at.Child("policyTypes"), p.Spec.PolicyTypes, "may not specify more than two policyTypes"))
	}
	return bad
}

func peer(at *field.Path, p networkingv1.NetworkPolicyPeer) (bad field.ErrorList) {
	bad = append(bad, selector(at.Child("podSelector"), p.PodSelector)...)
	bad = append(bad, selector(at.Child("namespaceSelector"), p.NamespaceSelector)...)
	switch {
	case p.IPBlock == nil && p.PodSelector == nil && p.NamespaceSelector == nil:
		bad = append(bad, field.Required(at, "must specify a peer"))
	case p.IPBlock != nil && (p.PodSelector != nil || p.NamespaceSelector != nil):
		bad = append(bad, field.Forbidden(at, "may not specify both ipBlock and another peer"))
	}
	if p.IPBlock == nil {
		return bad
	}
	at = at.Child("ipBlock")
	if p.IPBlock.CIDR == "" {
		return append(bad, field.Required(at.Child("cidr"), ""))
	}
	const must = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
	whole, err := netip.ParsePrefix(p.IPBlock.CIDR)
	if err != nil {
		return append(bad, field.Invalid(at.Child("cidr"), p.IPBlock.CIDR, must))
	}
	for i, text := range p.IPBlock.Except {
		here := at.Child("except").Index(i)
		switch part, err := netip.ParsePrefix(text); {
		case err != nil:
			bad = append(bad, field.Invalid(here, text, must))
		case !whole.Contains(part.Addr()) || part.Bits() <= whole.Bits():
			bad = append(bad, field.Invalid(here, text, "must be a strict subset of `cidr`"))
		}
	}
	return bad
}

func storageClass(c *storagev1.StorageClass) (bad field.ErrorList) {
	if c.Provisioner == "" {
		bad = append(bad, field.Required(field.NewPath("provisioner"), ""))
	} else {
		bad = append(bad, forms(field.NewPath("provisioner"), c.Provisioner, form.IsQualifiedName(strings.ToLower(c.Provisioner)))...)
	}
	for name := range c.Parameters {
		if name == "" {
			bad = append(bad, field.Invalid(field.NewPath("parameters"), name, "field can not be empty."))
		}
	}
	return bad
}

func priorityClass(c *schedulingv1.PriorityClass) (bad field.ErrorList) {
	const highest = 1_000_000_000 // scheduling.HighestUserDefinablePriority
	if strings.HasPrefix(c.Name, "system-") {
		bad = append(bad, field.Forbidden(field.NewPath("metadata", "name"),
			"priority class names with 'system-' prefix are reserved for system use only"))
	} else if c.Value > highest {
		bad = append(bad, field.Forbidden(field.NewPath("value"), fmt.Sprintf("maximum allowed value of a user defined priority is %d", highest)))
	}
	return bad
}

func policyRules(rules []rbacv1.PolicyRule, namespaced bool) (bad field.ErrorList) {
	for i, r := range rules {
		at := field.NewPath("rules").Index(i)
		if len(r.Verbs) == 0 {
			bad = append(bad, field.Required(at.Child("verbs"), "verbs must contain at least one value"))
		}
		if len(r.NonResourceURLs) > 0 {
			if namespaced {
				bad = append(bad, field.Invalid(at.Child("nonResourceURLs"), r.NonResourceURLs, "namespaced rules cannot apply to non-resource URLs"))
			}
			if len(r.APIGroups)+len(r.Resources)+len(r.ResourceNames) > 0 {
				bad = append(bad, field.Invalid(at.Child("nonResourceURLs"), r.NonResourceURLs, "rules cannot apply to both regular resources and non-resource URLs"))
			}
			continue
		}
		if len(r.APIGroups) == 0 {
			bad = append(bad, field.Required(at.Child("apiGroups"), "resource rules must supply at least one api group"))
		}
		if len(r.Resources) == 0 {
			bad = append(bad, field.Required(at.Child("resources"), "resource rules must supply at least one resource"))
		}
	}
	return bad
}

// binding checks whom a binding binds to which role. A subject of a cluster role
// binding that is a service account needs its namespace.
func binding(role rbacv1.RoleRef, subjects []rbacv1.Subject, roles []string) (bad field.ErrorList) {
	at := field.NewPath("roleRef")
	if role.APIGroup != rbacv1.GroupName && role.APIGroup != "" { // empty is the default
		bad = append(bad, field.NotSupported(at.Child("apiGroup"), role.APIGroup, []string{rbacv1.GroupName}))
	}
	if !slices.Contains(roles, role.Kind) {
		bad = append(bad, field.NotSupported(at.Child("kind"), role.Kind, roles))
	}
	if role.Name == "" {
		bad = append(bad, field.Required(at.Child("name"), ""))
	} else {
		bad = append(bad, forms(at.Child("name"), role.Name, content.IsPathSegmentName(role.Name))...)
	}
	for i, s := range subjects {
		at := field.NewPath("subjects").Index(i)
		bad = append(bad, required(at.Child("name"), s.Name)...)
		switch s.Kind {
		case rbacv1.ServiceAccountKind:
			if s.Name != "" {
				bad = append(bad, forms(at.Child("name"), s.Name, validation.ValidateServiceAccountName(s.Name, false))...)
			}
			if s.APIGroup != "" {
				bad = append(bad, field.NotSupported(at.Child("apiGroup"), s.APIGroup, []string{""}))
			}
			if s.Namespace == "" && len(roles) == 1 {
				bad = append(bad, field.Required(at.Child("namespace"), ""))
			}
		case rbacv1.UserKind, rbacv1.GroupKind:
			if s.APIGroup != "" && s.APIGroup != rbacv1.GroupName {
				bad = append(bad, field.NotSupported(at.Child("apiGroup"), s.APIGroup, []string{rbacv1.GroupName}))
			}
		default:
			bad = append(bad, field.NotSupported(at.Child("kind"), s.Kind, []string{rbacv1.ServiceAccountKind, rbacv1.UserKind, rbacv1.GroupKind}))
		}
	}
	return bad
}

// maxData is how much the data of a config map or secret may be, in bytes.
const maxData = 1 << 20

func keys[V ~string | ~[]byte](at *field.Path, data map[string]V) (bad field.ErrorList, size int) {
	for _, k := range slices.Sorted(maps.Keys(data)) {
		bad = append(bad, forms(at.Key(k), k, form.IsConfigMapKey(k))...)
		size += len(data[k])
	}
	return bad, size
}

func configMap(c *corev1.ConfigMap) (bad field.ErrorList) {
	bad, size := keys(field.NewPath("data"), c.Data)
	more, binary := keys(field.NewPath("binaryData"), c.BinaryData)
	bad = append(bad, more...)
	for k := range c.Data {
		if _, ok := c.BinaryData[k]; ok {
			bad = append(bad, field.Invalid(field.NewPath("data").Key(k), k, "duplicate of key present in binaryData"))
		}
	}
	if size+binary > maxData {
		bad = append(bad, field.TooLong(field.NewPath("data"), "", maxData))
	}
	return bad
}

// secretKeys are the keys that secrets of a type must have.
var secretKeys = map[corev1.SecretType][]string{
	corev1.SecretTypeTLS:              {corev1.TLSCertKey, corev1.TLSPrivateKeyKey},
	corev1.SecretTypeDockerConfigJson: {corev1.DockerConfigJsonKey},
	corev1.SecretTypeSSHAuth:          {corev1.SSHAuthPrivateKey},
}

func secret(s *corev1.Secret) (bad field.ErrorList) {
	at := field.NewPath("data")
	data := map[string][]byte{}
	maps.Copy(data, s.Data)
	for k, v := range s.StringData {
		data[k] = []byte(v)
	}
	bad, size := keys(at, data)
	if size > maxData {
		bad = append(bad, field.TooLong(at, "", maxData))
	}
	for _, k := range secretKeys[s.Type] {
		if _, ok := data[k]; !ok {
			bad = append(bad, field.Required(at.Key(k), ""))
		}
	}
	return bad
}

// quotaNames are the resources without a domain that a quota can count.
var quotaNames = regexp.MustCompile(`^((requests\.|limits\.)?(cpu|memory|ephemeral-storage)|requests\.storage|(requests\.)?hugepages-.+|pods|services|` +
	`replicationcontrollers|resourcequotas|secrets|configmaps|persistentvolumeclaims|services\.(nodeports|loadbalancers)|count/.+)$`)

func resourceQuota(q *corev1.ResourceQuota) (bad field.ErrorList) {
	at := field.NewPath("spec", "hard")
	for _, name := range slices.Sorted(maps.Keys(q.Spec.Hard)) {
		here := at.Key(string(name))
		bad = append(bad, resourceName(here, name, "must be a standard resource for quota", func(n corev1.ResourceName) bool {
			return quotaNames.MatchString(string(n))
		})...)
		if v := q.Spec.Hard[name]; v.Sign() < 0 {
			bad = append(bad, field.Invalid(here, v.String(), "must be greater than or equal to 0"))
		}
	}
	return bad
}

var limitTypes = []corev1.LimitType{corev1.LimitTypePod, corev1.LimitTypeContainer, corev1.LimitTypePersistentVolumeClaim}

func limitRange(l *corev1.LimitRange) (bad field.ErrorList) {
	seen := sets.New[corev1.LimitType]()
	for i, limit := range l.Spec.Limits {
		at := field.NewPath("spec", "limits").Index(i)
		bad = append(bad, resourceName(at.Child("type"), corev1.ResourceName(limit.Type), "must be a standard limit type or fully qualified",
			func(n corev1.ResourceName) bool { return slices.Contains(limitTypes, corev1.LimitType(n)) })...)
		if seen.Has(limit.Type) {
			bad = append(bad, field.Duplicate(at.Child("type"), limit.Type))
		}
		seen.Insert(limit.Type)
		if limit.Type == corev1.LimitTypePod {
			for name, list := range map[string]corev1.ResourceList{"default": limit.Default, "defaultRequest": limit.DefaultRequest} {
				if len(list) > 0 {
					bad = append(bad, field.Forbidden(at.Child(name), "may not be specified when `type` is 'Pod'"))
				}
			}
		}
		// Each must be no more than those after it.
		order := []struct {
			name string
			of   corev1.ResourceList
		}{{"min", limit.Min}, {"defaultRequest", limit.DefaultRequest}, {"default", limit.Default}, {"max", limit.Max}}
		for i, low := range order {
			for _, name := range slices.Sorted(maps.Keys(low.of)) {
				bad = append(bad, resourceName(at.Child(low.name).Key(string(name)), name, "must be a standard limit type for containers",
					func(n corev1.ResourceName) bool {
						return slices.Contains([]corev1.ResourceName{"cpu", "memory", "ephemeral-storage", "storage"}, n) ||
							strings.HasPrefix(string(n), corev1.ResourceHugePagesPrefix)
					})...)
				value := low.of[name]
				for _, high := range order[i+1:] {
					if top, ok := high.of[name]; ok && value.Cmp(top) > 0 {
						bad = append(bad, field.Invalid(at.Child(low.name).Key(string(name)), value.String(),
							fmt.Sprintf("%s value %s is greater than %s value %s", low.name, value.String(), high.name, top.String())))
					}
				}
			}
		}
	}
	return bad
}
