package kube

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/sets"
	form "k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// forms makes an error of each message about a value.
func forms(at *field.Path, v any, messages []string) (bad field.ErrorList) {
	for _, m := range messages {
		bad = append(bad, field.Invalid(at, v, m))
	}
	return bad
}

func required(at *field.Path, text string) (bad field.ErrorList) {
	if text == "" {
		bad = append(bad, field.Required(at, ""))
	}
	return bad
}

// notNegative refuses numbers below zero.
func notNegative[N int32 | int64](at *field.Path, n N) field.ErrorList {
	return validation.ValidateNonnegativeField(int64(n), at)
}

// fraction is a count or a share: "25%".
func fraction(at *field.Path, v *intstr.IntOrString, atMostAll bool) field.ErrorList {
	if v == nil {
		return nil
	}
	if v.Type == intstr.Int {
		return notNegative(at, v.IntVal)
	}
	if bad := forms(at, v, form.IsValidPercent(v.StrVal)); len(bad) > 0 {
		return bad
	}
	if n, _ := intstr.GetScaledValueFromIntOrPercent(v, 100, true); atMostAll && n > 100 {
		return field.ErrorList{field.Invalid(at, v, "must not be greater than 100%")}
	}
	return nil
}

func port(at *field.Path, v intstr.IntOrString) field.ErrorList {
	if v.Type == intstr.Int {
		return forms(at, v.IntVal, form.IsValidPortNum(int(v.IntVal)))
	}
	return forms(at, v.StrVal, form.IsValidPortName(v.StrVal))
}

func selector(at *field.Path, s *metav1.LabelSelector) field.ErrorList {
	return metavalidation.ValidateLabelSelector(s, metavalidation.LabelSelectorValidationOptions{}, at)
}

func deployment(d *appsv1.Deployment) (bad field.ErrorList) {
	at := field.NewPath("spec")
	s := d.Spec
	if s.Replicas != nil {
		bad = append(bad, notNegative(at.Child("replicas"), *s.Replicas)...)
	}
	bad = append(bad, notNegative(at.Child("minReadySeconds"), s.MinReadySeconds)...)
	if s.RevisionHistoryLimit != nil {
		bad = append(bad, notNegative(at.Child("revisionHistoryLimit"), *s.RevisionHistoryLimit)...)
	}
	deadline := int32(600) // the default
	if s.ProgressDeadlineSeconds != nil {
		deadline = *s.ProgressDeadlineSeconds
		bad = append(bad, notNegative(at.Child("progressDeadlineSeconds"), deadline)...)
	}
	if deadline <= s.MinReadySeconds {
		bad = append(bad, field.Invalid(at.Child("progressDeadlineSeconds"), deadline, "must be greater than minReadySeconds"))
	}
	bad = append(bad, ownPods(at, s.Selector, s.Template, "deployment")...)

	strategy, rolling := at.Child("strategy"), s.Strategy.RollingUpdate
	switch s.Strategy.Type {
	case appsv1.RecreateDeploymentStrategyType:
		if rolling != nil {
			bad = append(bad, field.Forbidden(strategy.Child("rollingUpdate"), "may not be specified when strategy `type` is 'Recreate'"))
		}
	case appsv1.RollingUpdateDeploymentStrategyType, "":
		if rolling == nil {
			break
		}
		at := strategy.Child("rollingUpdate")
		bad = append(bad, fraction(at.Child("maxSurge"), rolling.MaxSurge, false)...)
		bad = append(bad, fraction(at.Child("maxUnavailable"), rolling.MaxUnavailable, true)...)
		if none(rolling.MaxSurge) && none(rolling.MaxUnavailable) {
			bad = append(bad, field.Invalid(at.Child("maxUnavailable"), rolling.MaxUnavailable, "may not be 0 when `maxSurge` is 0"))
		}
	}
	return bad
}

// none says that a share is given and is nothing.
func none(v *intstr.IntOrString) bool {
	return v != nil && (v.Type == intstr.Int && v.IntVal == 0 || v.Type == intstr.String && strings.TrimLeft(v.StrVal, "0") == "%")
}

// ownPods checks a template and that the selector selects its pods.
func ownPods(at *field.Path, s *metav1.LabelSelector, template corev1.PodTemplateSpec, of string) (bad field.ErrorList) {
	own := at.Child("selector")
	if s == nil {
		bad = append(bad, field.Required(own, ""))
	} else {
		bad = append(bad, selector(own, s)...)
		if len(s.MatchLabels)+len(s.MatchExpressions) == 0 {
			bad = append(bad, field.Invalid(own, s, "empty selector is invalid for "+of))
		}
	}
	at = at.Child("template")
	switch sel, err := metav1.LabelSelectorAsSelector(s); {
	case err != nil:
		bad = append(bad, field.Invalid(own, s, "invalid label selector"))
	case s != nil && !sel.Empty() && !sel.Matches(labels.Set(template.Labels)):
		bad = append(bad, field.Invalid(at.Child("metadata", "labels"), template.Labels, "`selector` does not match template `labels`"))
	}
	bad = append(bad, metavalidation.ValidateLabels(template.Labels, at.Child("metadata", "labels"))...)
	bad = append(bad, validation.ValidateAnnotations(template.Annotations, at.Child("metadata", "annotations"))...)
	if p := template.Spec.RestartPolicy; p != "" && p != corev1.RestartPolicyAlways {
		bad = append(bad, field.NotSupported(at.Child("spec", "restartPolicy"), p, []corev1.RestartPolicy{corev1.RestartPolicyAlways}))
	}
	if template.Spec.ActiveDeadlineSeconds != nil {
		bad = append(bad, field.Forbidden(at.Child("spec", "activeDeadlineSeconds"), "activeDeadlineSeconds in ReplicaSet is not Supported"))
	}
	return append(bad, pod(at.Child("spec"), &template.Spec)...)
}

func pod(at *field.Path, p *corev1.PodSpec) (bad field.ErrorList) {
	volumes := sets.New[string]()
	for i, v := range p.Volumes {
		here := at.Child("volumes").Index(i)
		bad = append(bad, volume(here, v)...)
		if volumes.Has(v.Name) {
			bad = append(bad, field.Duplicate(here.Child("name"), v.Name))
		}
		volumes.Insert(v.Name)
	}
	grace := int64(30) // the default
	if p.TerminationGracePeriodSeconds != nil {
		grace = *p.TerminationGracePeriodSeconds
		bad = append(bad, notNegative(at.Child("terminationGracePeriodSeconds"), grace)...)
	}
	if len(p.Containers) == 0 {
		bad = append(bad, field.Required(at.Child("containers"), ""))
	}
	names := sets.New[string]()
	for _, list := range []struct {
		name string
		of   []corev1.Container
	}{{"initContainers", p.InitContainers}, {"containers", p.Containers}} {
		for i := range list.of {
			c, here := &list.of[i], at.Child(list.name).Index(i)
			bad = append(bad, container(here, c, volumes, grace)...)
			if names.Has(c.Name) {
				bad = append(bad, field.Duplicate(here.Child("name"), c.Name))
			}
			names.Insert(c.Name)
		}
	}
	if n := p.ServiceAccountName; n != "" {
		bad = append(bad, forms(at.Child("serviceAccountName"), n, validation.ValidateServiceAccountName(n, false))...)
	}
	if n := p.PriorityClassName; n != "" {
		bad = append(bad, forms(at.Child("priorityClassName"), n, validation.NameIsDNSSubdomain(n, false))...)
	}
	bad = append(bad, metavalidation.ValidateLabels(p.NodeSelector, at.Child("nodeSelector"))...)
	for i, t := range p.Tolerations {
		bad = append(bad, toleration(at.Child("tolerations").Index(i), t)...)
	}
	for i, c := range p.TopologySpreadConstraints {
		bad = append(bad, spread(at.Child("topologySpreadConstraints").Index(i), c)...)
	}
	if p.Affinity != nil {
		bad = append(bad, affinity(at.Child("affinity"), p.Affinity)...)
	}
	if s := p.SecurityContext; s != nil {
		at := at.Child("securityContext")
		bad = append(bad, users(at, s.RunAsUser, s.RunAsGroup)...)
		if s.FSGroup != nil {
			bad = append(bad, forms(at.Child("fsGroup"), *s.FSGroup, form.IsValidGroupID(*s.FSGroup))...)
		}
		bad = append(bad, seccomp(at.Child("seccompProfile"), s.SeccompProfile)...)
	}
	return bad
}

// sources says how many of the fields of a one-of are set, by name.
func sources(v any) []string {
	m := map[string]any{}
	if err := intoMap(v, &m); err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(m))
}

func volume(at *field.Path, v corev1.Volume) (bad field.ErrorList) {
	if v.Name == "" {
		bad = append(bad, field.Required(at.Child("name"), ""))
	} else {
		bad = append(bad, forms(at.Child("name"), v.Name, form.IsDNS1123Label(v.Name))...)
	}
	switch from := sources(v.VolumeSource); {
	case len(from) == 0:
		bad = append(bad, field.Required(at, "must specify a volume type"))
	case len(from) > 1:
		bad = append(bad, field.Forbidden(at.Child(from[1]), "may not specify more than 1 volume type"))
	}
	mode := func(at *field.Path, m *int32) {
		if m != nil && (*m < 0 || *m > 0o777) {
			bad = append(bad, field.Invalid(at, *m, "must be a number between 0 and 0777 (octal), both inclusive"))
		}
	}
	items := func(at *field.Path, list []corev1.KeyToPath) {
		for i, item := range list {
			bad = append(bad, required(at.Index(i).Child("key"), item.Key)...)
			bad = append(bad, below(at.Index(i).Child("path"), item.Path)...)
			mode(at.Index(i).Child("mode"), item.Mode)
		}
	}
	if s := v.ConfigMap; s != nil {
		bad = append(bad, required(at.Child("configMap", "name"), s.Name)...)
		mode(at.Child("configMap", "defaultMode"), s.DefaultMode)
		items(at.Child("configMap", "items"), s.Items)
	}
	if s := v.Secret; s != nil {
		bad = append(bad, required(at.Child("secret", "secretName"), s.SecretName)...)
		mode(at.Child("secret", "defaultMode"), s.DefaultMode)
		items(at.Child("secret", "items"), s.Items)
	}
	if s := v.PersistentVolumeClaim; s != nil {
		bad = append(bad, required(at.Child("persistentVolumeClaim", "claimName"), s.ClaimName)...)
	}
	if s := v.CSI; s != nil {
		bad = append(bad, required(at.Child("csi", "driver"), s.Driver)...)
	}
	if s := v.EmptyDir; s != nil && s.SizeLimit != nil && s.SizeLimit.Sign() < 0 {
		bad = append(bad, field.Forbidden(at.Child("emptyDir", "sizeLimit"), "SizeLimit field must be a valid resource quantity"))
	}
	if s := v.HostPath; s != nil {
		bad = append(bad, required(at.Child("hostPath", "path"), s.Path)...)
	}
	if s := v.Projected; s != nil {
		mode(at.Child("projected", "defaultMode"), s.DefaultMode)
		for i, p := range s.Sources {
			if n := len(sources(p)); n > 1 {
				bad = append(bad, field.Forbidden(at.Child("projected", "sources").Index(i), "may not specify more than 1 volume type per source"))
			} else if n == 0 {
				bad = append(bad, field.Required(at.Child("projected", "sources").Index(i), "must specify exactly one of the sources"))
			}
		}
	}
	return bad
}

// below is a path that stays below where it begins.
func below(at *field.Path, path string) (bad field.ErrorList) {
	switch {
	case path == "":
		bad = append(bad, field.Required(at, ""))
	case strings.HasPrefix(path, "/"):
		bad = append(bad, field.Invalid(at, path, "must be a relative path"))
	case slices.Contains(strings.Split(path, "/"), ".."):
		bad = append(bad, field.Invalid(at, path, "must not contain '..'"))
	}
	return bad
}

func container(at *field.Path, c *corev1.Container, volumes sets.Set[string], grace int64) (bad field.ErrorList) {
	if c.Name == "" {
		bad = append(bad, field.Required(at.Child("name"), ""))
	} else {
		bad = append(bad, forms(at.Child("name"), c.Name, form.IsDNS1123Label(c.Name))...)
	}
	bad = append(bad, required(at.Child("image"), c.Image)...)
	names := sets.New[string]()
	for i, p := range c.Ports {
		here := at.Child("ports").Index(i)
		if p.ContainerPort == 0 {
			bad = append(bad, field.Required(here.Child("containerPort"), ""))
		} else {
			bad = append(bad, forms(here.Child("containerPort"), p.ContainerPort, form.IsValidPortNum(int(p.ContainerPort)))...)
		}
		if p.HostPort != 0 {
			bad = append(bad, forms(here.Child("hostPort"), p.HostPort, form.IsValidPortNum(int(p.HostPort)))...)
		}
		if p.Name == "" {
			continue
		}
		bad = append(bad, forms(here.Child("name"), p.Name, form.IsValidPortName(p.Name))...)
		if names.Has(p.Name) {
			bad = append(bad, field.Duplicate(here.Child("name"), p.Name))
		}
		names.Insert(p.Name)
	}
	for i, e := range c.Env {
		bad = append(bad, env(at.Child("env").Index(i), e)...)
	}
	for i, e := range c.EnvFrom {
		here := at.Child("envFrom").Index(i)
		switch {
		case e.ConfigMapRef != nil && e.SecretRef != nil:
			bad = append(bad, field.Invalid(here, "", "may not have more than one field specified at a time"))
		case e.ConfigMapRef != nil:
			bad = append(bad, required(here.Child("configMapRef", "name"), e.ConfigMapRef.Name)...)
		case e.SecretRef != nil:
			bad = append(bad, required(here.Child("secretRef", "name"), e.SecretRef.Name)...)
		default:
			bad = append(bad, field.Invalid(here, "", "must specify one of: `configMapRef` or `secretRef`"))
		}
	}
	paths := sets.New[string]()
	for i, m := range c.VolumeMounts {
		here := at.Child("volumeMounts").Index(i)
		if m.Name == "" {
			bad = append(bad, field.Required(here.Child("name"), ""))
		}
		if !volumes.Has(m.Name) {
			bad = append(bad, field.NotFound(here.Child("name"), m.Name))
		}
		bad = append(bad, required(here.Child("mountPath"), m.MountPath)...)
		if paths.Has(m.MountPath) {
			bad = append(bad, field.Invalid(here.Child("mountPath"), m.MountPath, "must be unique"))
		}
		paths.Insert(m.MountPath)
		if m.SubPath != "" {
			bad = append(bad, below(here.Child("subPath"), m.SubPath)...)
		}
	}
	bad = append(bad, resources(at.Child("resources"), c.Resources)...)
	for _, p := range []struct {
		name string
		of   *corev1.Probe
		once bool // a success must count at once
	}{{"livenessProbe", c.LivenessProbe, true}, {"readinessProbe", c.ReadinessProbe, false}, {"startupProbe", c.StartupProbe, true}} {
		if p.of != nil {
			bad = append(bad, probe(at.Child(p.name), p.of, p.once)...)
		}
	}
	if l := c.Lifecycle; l != nil {
		for name, h := range map[string]*corev1.LifecycleHandler{"postStart": l.PostStart, "preStop": l.PreStop} {
			if h == nil {
				continue
			}
			here := at.Child("lifecycle", name)
			bad = append(bad, handler(here, h, h.HTTPGet, h.TCPSocket, h.Exec, nil)...)
			if h.Sleep != nil && (h.Sleep.Seconds < 0 || h.Sleep.Seconds > grace) {
				bad = append(bad, field.Invalid(here.Child("sleep"), h.Sleep.Seconds,
					fmt.Sprintf("must be non-negative and less than terminationGracePeriodSeconds (%d)", grace)))
			}
		}
	}
	if s := c.SecurityContext; s != nil {
		at := at.Child("securityContext")
		bad = append(bad, users(at, s.RunAsUser, s.RunAsGroup)...)
		bad = append(bad, seccomp(at.Child("seccompProfile"), s.SeccompProfile)...)
		if s.AllowPrivilegeEscalation != nil && !*s.AllowPrivilegeEscalation {
			if s.Privileged != nil && *s.Privileged {
				bad = append(bad, field.Invalid(at, s, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"))
			}
			if s.Capabilities != nil && slices.Contains(s.Capabilities.Add, "CAP_SYS_ADMIN") {
				bad = append(bad, field.Invalid(at, s, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"))
			}
		}
	}
	return bad
}

func env(at *field.Path, e corev1.EnvVar) (bad field.ErrorList) {
	if e.Name == "" {
		bad = append(bad, field.Required(at.Child("name"), ""))
	} else {
		bad = append(bad, forms(at.Child("name"), e.Name, form.IsRelaxedEnvVarName(e.Name))...)
	}
	if e.ValueFrom == nil {
		return bad
	}
	at = at.Child("valueFrom")
	switch n := len(sources(*e.ValueFrom)); {
	case n == 0:
		bad = append(bad, field.Invalid(at, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"))
	case e.Value != "":
		bad = append(bad, field.Invalid(at, "", "may not be specified when `value` is not empty"))
	case n > 1:
		bad = append(bad, field.Invalid(at, "", "may not have more than one field specified at a time"))
	}
	if r := e.ValueFrom.SecretKeyRef; r != nil {
		bad = append(bad, required(at.Child("secretKeyRef", "name"), r.Name)...)
		bad = append(bad, required(at.Child("secretKeyRef", "key"), r.Key)...)
	}
	if r := e.ValueFrom.ConfigMapKeyRef; r != nil {
		bad = append(bad, required(at.Child("configMapKeyRef", "name"), r.Name)...)
		bad = append(bad, required(at.Child("configMapKeyRef", "key"), r.Key)...)
	}
	if r := e.ValueFrom.FieldRef; r != nil {
		bad = append(bad, required(at.Child("fieldRef", "fieldPath"), r.FieldPath)...)
		path, _, key := strings.Cut(r.FieldPath, "['")
		known := []string{
			"metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
			"status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
		}
		if key {
			known = []string{"metadata.annotations", "metadata.labels"}
		}
		if r.FieldPath != "" && !slices.Contains(known, path) {
			bad = append(bad, field.NotSupported(at.Child("fieldRef", "fieldPath"), r.FieldPath, known))
		}
	}
	return bad
}

// resources must be of known names and not negative, and no more may be asked
// for than is allowed.
func resources(at *field.Path, r corev1.ResourceRequirements) (bad field.ErrorList) {
	check := func(at *field.Path, list corev1.ResourceList) {
		for _, name := range slices.Sorted(maps.Keys(list)) {
			here := at.Key(string(name))
			bad = append(bad, resourceName(here, name, "must be a standard resource for containers", func(plain corev1.ResourceName) bool {
				return plain == corev1.ResourceCPU || plain == corev1.ResourceMemory || plain == corev1.ResourceEphemeralStorage ||
					strings.HasPrefix(string(plain), corev1.ResourceHugePagesPrefix)
			})...)
			if q := list[name]; q.Sign() < 0 {
				bad = append(bad, field.Invalid(here, q.String(), "must be greater than or equal to 0"))
			}
		}
	}
	check(at.Child("limits"), r.Limits)
	check(at.Child("requests"), r.Requests)
	for _, name := range slices.Sorted(maps.Keys(r.Requests)) {
		want := r.Requests[name]
		limit, ok := r.Limits[name]
		shared := !strings.Contains(string(name), "/") && !strings.HasPrefix(string(name), corev1.ResourceHugePagesPrefix)
		switch {
		case !ok && !shared:
			bad = append(bad, field.Required(at.Child("limits"), "Limit must be set for non overcommitable resources"))
		case ok && !shared && want.Cmp(limit) != 0:
			bad = append(bad, field.Invalid(at.Child("requests"), want.String(), fmt.Sprintf("must be equal to %s limit of %s", name, limit.String())))
		case ok && want.Cmp(limit) > 0:
			bad = append(bad, field.Invalid(at.Child("requests"), want.String(), fmt.Sprintf("must be less than or equal to %s limit of %s", name, limit.String())))
		}
	}
	return bad
}

// resourceName is a qualified name; one without a domain is of a known list.
func resourceName(at *field.Path, name corev1.ResourceName, why string, known func(corev1.ResourceName) bool) field.ErrorList {
	if bad := forms(at, name, form.IsQualifiedName(string(name))); len(bad) > 0 {
		return bad
	}
	if !strings.Contains(string(name), "/") && !known(name) {
		return field.ErrorList{field.Invalid(at, name, why)}
	}
	return nil
}

func probe(at *field.Path, p *corev1.Probe, once bool) (bad field.ErrorList) {
	bad = handler(at, p.ProbeHandler, p.HTTPGet, p.TCPSocket, p.Exec, p.GRPC)
	for name, n := range map[string]int32{
		"initialDelaySeconds": p.InitialDelaySeconds, "timeoutSeconds": p.TimeoutSeconds, "periodSeconds": p.PeriodSeconds,
		"successThreshold": p.SuccessThreshold, "failureThreshold": p.FailureThreshold,
	} {
		bad = append(bad, notNegative(at.Child(name), n)...)
	}
	if once && p.SuccessThreshold > 1 {
		bad = append(bad, field.Invalid(at.Child("successThreshold"), p.SuccessThreshold, "must be 1"))
	}
	if g := p.TerminationGracePeriodSeconds; g != nil && *g <= 0 {
		bad = append(bad, field.Invalid(at.Child("terminationGracePeriodSeconds"), *g, "must be greater than 0"))
	} else if g != nil && !once {
		bad = append(bad, field.Invalid(at.Child("terminationGracePeriodSeconds"), *g, "must not be set for readinessProbes"))
	}
	return bad
}

// handler is what a probe or a hook does: one thing.
func handler(at *field.Path, of any, http *corev1.HTTPGetAction, tcp *corev1.TCPSocketAction, exec *corev1.ExecAction, grpc *corev1.GRPCAction) (bad field.ErrorList) {
	var kinds []string
	for _, name := range sources(of) {
		if slices.Contains([]string{"exec", "httpGet", "tcpSocket", "grpc", "sleep"}, name) {
			kinds = append(kinds, name)
		}
	}
	switch len(kinds) {
	case 0:
		bad = append(bad, field.Required(at, "must specify a handler type"))
	case 1:
	default:
		bad = append(bad, field.Forbidden(at.Child(kinds[1]), "may not specify more than 1 handler type"))
	}
	if http != nil {
		at := at.Child("httpGet")
		// An absent path is "/"; a scheme, HTTP.
		bad = append(bad, port(at.Child("port"), http.Port)...)
		for _, h := range http.HTTPHeaders {
			bad = append(bad, forms(at.Child("httpHeaders"), h.Name, form.IsHTTPHeaderName(h.Name))...)
		}
	}
	if tcp != nil {
		bad = append(bad, port(at.Child("tcpSocket", "port"), tcp.Port)...)
	}
	if exec != nil && len(exec.Command) == 0 {
		bad = append(bad, field.Required(at.Child("exec", "command"), ""))
	}
	if grpc != nil {
		bad = append(bad, forms(at.Child("grpc", "port"), grpc.Port, form.IsValidPortNum(int(grpc.Port)))...)
	}
	return bad
}

func users(at *field.Path, user, group *int64) (bad field.ErrorList) {
	if user != nil {
		bad = append(bad, forms(at.Child("runAsUser"), *user, form.IsValidUserID(*user))...)
	}
	if group != nil {
		bad = append(bad, forms(at.Child("runAsGroup"), *group, form.IsValidGroupID(*group))...)
	}
	return bad
}

func seccomp(at *field.Path, p *corev1.SeccompProfile) field.ErrorList {
	switch {
	case p == nil:
	case p.Type == corev1.SeccompProfileTypeLocalhost && p.LocalhostProfile == nil:
		return field.ErrorList{field.Required(at.Child("localhostProfile"), "must be set when seccomp type is Localhost")}
	case p.Type != corev1.SeccompProfileTypeLocalhost && p.LocalhostProfile != nil:
		return field.ErrorList{field.Invalid(at.Child("localhostProfile"), p, "can only be set when seccomp type is Localhost")}
	case p.Type == "":
		return field.ErrorList{field.Required(at.Child("type"), "type is required when seccompProfile is set")}
	}
	return nil
}

func toleration(at *field.Path, t corev1.Toleration) (bad field.ErrorList) {
	if t.Key != "" {
		bad = append(bad, metavalidation.ValidateLabelName(t.Key, at.Child("key"))...)
	} else if t.Operator != corev1.TolerationOpExists {
		bad = append(bad, field.Invalid(at.Child("operator"), t.Operator,
			"operator must be Exists when `key` is empty, which means \"match all values and all keys\""))
	}
	if t.TolerationSeconds != nil && t.Effect != corev1.TaintEffectNoExecute {
		bad = append(bad, field.Invalid(at.Child("effect"), t.Effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"))
	}
	switch t.Operator {
	case corev1.TolerationOpExists:
		if t.Value != "" {
			bad = append(bad, field.Invalid(at.Child("operator"), t.Value, "value must be empty when `operator` is 'Exists'"))
		}
	case corev1.TolerationOpEqual, "":
		bad = append(bad, forms(at.Child("operator"), t.Value, form.IsValidLabelValue(t.Value))...)
	}
	return bad
}

func spread(at *field.Path, c corev1.TopologySpreadConstraint) (bad field.ErrorList) {
	if c.MaxSkew <= 0 {
		bad = append(bad, field.Invalid(at.Child("maxSkew"), c.MaxSkew, "must be greater than zero"))
	}
	bad = append(bad, required(at.Child("topologyKey"), c.TopologyKey)...)
	if c.TopologyKey != "" {
		bad = append(bad, metavalidation.ValidateLabelName(c.TopologyKey, at.Child("topologyKey"))...)
	}
	if c.WhenUnsatisfiable == "" {
		bad = append(bad, field.Required(at.Child("whenUnsatisfiable"), ""))
	}
	if m := c.MinDomains; m != nil {
		if *m <= 0 {
			bad = append(bad, field.Invalid(at.Child("minDomains"), *m, "must be greater than zero"))
		}
		if c.WhenUnsatisfiable != corev1.DoNotSchedule {
			bad = append(bad, field.Invalid(at.Child("minDomains"), *m, "can only use minDomains if whenUnsatisfiable=DoNotSchedule"))
		}
	}
	return append(bad, selector(at.Child("labelSelector"), c.LabelSelector)...)
}

func affinity(at *field.Path, a *corev1.Affinity) (bad field.ErrorList) {
	weight := func(at *field.Path, w int32) {
		if w < 1 || w > 100 {
			bad = append(bad, field.Invalid(at.Child("weight"), w, "must be in the range 1-100"))
		}
	}
	near := func(at *field.Path, hard []corev1.PodAffinityTerm, soft []corev1.WeightedPodAffinityTerm) {
		term := func(at *field.Path, t corev1.PodAffinityTerm) {
			bad = append(bad, selector(at.Child("labelSelector"), t.LabelSelector)...)
			if t.TopologyKey == "" {
				bad = append(bad, field.Required(at.Child("topologyKey"), "can not be empty"))
			}
		}
		for i, t := range hard {
			term(at.Child("requiredDuringSchedulingIgnoredDuringExecution").Index(i), t)
		}
		for i, t := range soft {
			here := at.Child("preferredDuringSchedulingIgnoredDuringExecution").Index(i)
			weight(here, t.Weight)
			term(here.Child("podAffinityTerm"), t.PodAffinityTerm)
		}
	}
	if p := a.PodAffinity; p != nil {
		near(at.Child("podAffinity"), p.RequiredDuringSchedulingIgnoredDuringExecution, p.PreferredDuringSchedulingIgnoredDuringExecution)
	}
	if p := a.PodAntiAffinity; p != nil {
		near(at.Child("podAntiAffinity"), p.RequiredDuringSchedulingIgnoredDuringExecution, p.PreferredDuringSchedulingIgnoredDuringExecution)
	}
	if n := a.NodeAffinity; n != nil {
		at := at.Child("nodeAffinity")
		term := func(at *field.Path, t corev1.NodeSelectorTerm) {
			for i, e := range t.MatchExpressions {
				bad = append(bad, nodeRequirement(at.Child("matchExpressions").Index(i), e)...)
			}
		}
		if r := n.RequiredDuringSchedulingIgnoredDuringExecution; r != nil {
			here := at.Child("requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
			if len(r.NodeSelectorTerms) == 0 {
				bad = append(bad, field.Required(here, "must have at least one node selector term"))
			}
			for i, t := range r.NodeSelectorTerms {
				term(here.Index(i), t)
			}
		}
		for i, t := range n.PreferredDuringSchedulingIgnoredDuringExecution {
			here := at.Child("preferredDuringSchedulingIgnoredDuringExecution").Index(i)
			weight(here, t.Weight)
			term(here.Child("preference"), t.Preference)
		}
	}
	return bad
}

func nodeRequirement(at *field.Path, r corev1.NodeSelectorRequirement) (bad field.ErrorList) {
	switch n := len(r.Values); r.Operator {
	case corev1.NodeSelectorOpIn, corev1.NodeSelectorOpNotIn:
		if n == 0 {
			bad = append(bad, field.Required(at.Child("values"), "must be specified when `operator` is 'In' or 'NotIn'"))
		}
	case corev1.NodeSelectorOpExists, corev1.NodeSelectorOpDoesNotExist:
		if n > 0 {
			bad = append(bad, field.Forbidden(at.Child("values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
		}
	case corev1.NodeSelectorOpGt, corev1.NodeSelectorOpLt:
		if n != 1 {
			bad = append(bad, field.Required(at.Child("values"), "must be specified single value when `operator` is 'Lt' or 'Gt'"))
		}
	default:
		bad = append(bad, field.Invalid(at.Child("operator"), r.Operator, "not a valid selector operator"))
	}
	return append(bad, metavalidation.ValidateLabelName(r.Key, at.Child("key"))...)
}
