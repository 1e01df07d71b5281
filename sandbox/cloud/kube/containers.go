package kube

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/sets"
	form "k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

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
			bad = append(bad, objectName(here.Child("configMapRef", "name"), e.ConfigMapRef.Name)...)
		case e.SecretRef != nil:
			bad = append(bad, objectName(here.Child("secretRef", "name"), e.SecretRef.Name)...)
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
		bad = append(bad, objectName(at.Child("secretKeyRef", "name"), r.Name)...)
		bad = append(bad, dataKey(at.Child("secretKeyRef", "key"), r.Key)...)
	}
	if r := e.ValueFrom.ConfigMapKeyRef; r != nil {
		bad = append(bad, objectName(at.Child("configMapKeyRef", "name"), r.Name)...)
		bad = append(bad, dataKey(at.Child("configMapKeyRef", "key"), r.Key)...)
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

// objectName is the name of a config map or a secret.
func objectName(at *field.Path, name string) field.ErrorList {
	if name == "" {
		return required(at, name)
	}
	return forms(at, name, validation.NameIsDNSSubdomain(name, false))
}

// dataKey is a key in a config map or a secret.
func dataKey(at *field.Path, key string) field.ErrorList {
	if key == "" {
		return required(at, key)
	}
	return forms(at, key, form.IsConfigMapKey(key))
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
