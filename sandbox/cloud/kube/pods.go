package kube

import (
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
	// Without a source it is an empty directory.
	if from := sources(v.VolumeSource); len(from) > 1 {
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
		if name := strings.ToLower(s.Driver); len(name) > 63 {
			bad = append(bad, field.TooLong(at.Child("csi", "driver"), name, 63))
		} else if name != "" {
			bad = append(bad, forms(at.Child("csi", "driver"), name, form.IsDNS1123Subdomain(name))...)
		}
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
	for i, key := range c.MatchLabelKeys {
		here := at.Child("matchLabelKeys").Index(i)
		bad = append(bad, metavalidation.ValidateLabelName(key, here)...)
		if c.LabelSelector == nil {
			bad = append(bad, field.Forbidden(at.Child("matchLabelKeys"), "must not be specified when labelSelector is not set"))
			break
		}
		_, taken := c.LabelSelector.MatchLabels[key]
		for _, e := range c.LabelSelector.MatchExpressions {
			taken = taken || e.Key == key
		}
		if taken {
			bad = append(bad, field.Invalid(here, key, "exists in both matchLabelKeys and labelSelector"))
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
			} else {
				bad = append(bad, metavalidation.ValidateLabelName(t.TopologyKey, at.Child("topologyKey"))...)
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
	for i, v := range r.Values {
		bad = append(bad, forms(at.Child("values").Index(i), v, form.IsValidLabelValue(v))...)
	}
	return append(bad, metavalidation.ValidateLabelName(r.Key, at.Child("key"))...)
}
