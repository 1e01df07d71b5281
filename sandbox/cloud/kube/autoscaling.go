package kube

import (
	"maps"
	"slices"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func autoscaler(h *autoscalingv2.HorizontalPodAutoscaler) (bad field.ErrorList) {
	at, s := field.NewPath("spec"), h.Spec
	if s.MinReplicas != nil && *s.MinReplicas < 1 {
		bad = append(bad, field.Invalid(at.Child("minReplicas"), *s.MinReplicas, "must be greater than or equal to 1"))
	}
	if s.MaxReplicas < 1 {
		bad = append(bad, field.Invalid(at.Child("maxReplicas"), s.MaxReplicas, "must be greater than 0"))
	}
	if s.MinReplicas != nil && s.MaxReplicas < *s.MinReplicas {
		bad = append(bad, field.Invalid(at.Child("maxReplicas"), s.MaxReplicas, "must be greater than or equal to `minReplicas`"))
	}
	bad = append(bad, crossReference(at.Child("scaleTargetRef"), s.ScaleTargetRef)...)
	for i, m := range s.Metrics {
		bad = append(bad, metric(at.Child("metrics").Index(i), m)...)
	}
	if s.Behavior != nil {
		for name, r := range map[string]*autoscalingv2.HPAScalingRules{"scaleUp": s.Behavior.ScaleUp, "scaleDown": s.Behavior.ScaleDown} {
			if r != nil {
				bad = append(bad, scaling(at.Child("behavior", name), r)...)
			}
		}
	}
	return bad
}

func crossReference(at *field.Path, r autoscalingv2.CrossVersionObjectReference) (bad field.ErrorList) {
	for name, v := range map[string]string{"kind": r.Kind, "name": r.Name} {
		if v == "" {
			bad = append(bad, field.Required(at.Child(name), ""))
		} else {
			bad = append(bad, forms(at.Child(name), v, content.IsPathSegmentName(v))...)
		}
	}
	switch version, err := schema.ParseGroupVersion(r.APIVersion); {
	case err != nil:
		bad = append(bad, field.Invalid(at.Child("apiVersion"), r.APIVersion, err.Error()))
	case version.Group == "":
		bad = append(bad, field.Invalid(at.Child("apiVersion"), r.APIVersion, "apiVersion must specify API group"))
	}
	return bad
}

// metricSources are the types of metrics, and the field that each needs.
var metricSources = map[autoscalingv2.MetricSourceType]string{
	autoscalingv2.ObjectMetricSourceType: "object", autoscalingv2.PodsMetricSourceType: "pods",
	autoscalingv2.ResourceMetricSourceType: "resource", autoscalingv2.ExternalMetricSourceType: "external",
	autoscalingv2.ContainerResourceMetricSourceType: "containerResource",
}

func metric(at *field.Path, m autoscalingv2.MetricSpec) (bad field.ErrorList) {
	given := slices.DeleteFunc(sources(m), func(s string) bool { return s == "type" })
	want, known := metricSources[m.Type]
	if !known {
		return field.ErrorList{field.NotSupported(at.Child("type"), m.Type, slices.Sorted(maps.Keys(metricSources)))}
	}
	if !slices.Contains(given, want) {
		bad = append(bad, field.Required(at.Child(want), "must populate information for the given metric source"))
	}
	for _, name := range given {
		if name != want {
			bad = append(bad, field.Forbidden(at.Child(name), "must populate the given metric source only"))
		}
	}
	name := func(at *field.Path, n string) {
		if n == "" {
			bad = append(bad, field.Required(at.Child("name"), "must specify a metric name"))
		} else {
			bad = append(bad, forms(at.Child("name"), n, content.IsPathSegmentName(n))...)
		}
	}
	share := func(at *field.Path, resource corev1.ResourceName, t autoscalingv2.MetricTarget) {
		if resource == "" {
			bad = append(bad, field.Required(at.Child("name"), "must specify a resource name"))
		}
		bad = append(bad, metricTarget(at.Child("target"), t)...)
		if (t.AverageUtilization == nil) == (t.AverageValue == nil) {
			bad = append(bad, field.Required(at.Child("target", "averageUtilization"), "must set either a target raw value or a target utilization"))
		}
	}
	level := func(at *field.Path, t autoscalingv2.MetricTarget, averageOnly, one bool) {
		bad = append(bad, metricTarget(at.Child("target"), t)...)
		switch {
		case averageOnly && (t.AverageValue == nil || t.AverageValue.Sign() != 1):
			bad = append(bad, field.Required(at.Child("target", "averageValue"), "must specify a positive target averageValue"))
		case t.Value == nil && t.AverageValue == nil:
			bad = append(bad, field.Required(at.Child("target", "averageValue"), "must set either a target value for metric or a per-pod target"))
		case one && t.Value != nil && t.AverageValue != nil:
			bad = append(bad, field.Forbidden(at.Child("target", "value"), "may not set both a target value for metric and a per-pod target"))
		}
	}
	if s := m.Resource; s != nil {
		share(at.Child("resource"), s.Name, s.Target)
	}
	if s := m.ContainerResource; s != nil {
		share(at.Child("containerResource"), s.Name, s.Target)
		bad = append(bad, required(at.Child("containerResource", "container"), s.Container)...)
	}
	if s := m.Pods; s != nil {
		name(at.Child("pods", "metric"), s.Metric.Name)
		level(at.Child("pods"), s.Target, true, false)
	}
	if s := m.Object; s != nil {
		bad = append(bad, crossReference(at.Child("object", "describedObject"), s.DescribedObject)...)
		name(at.Child("object", "metric"), s.Metric.Name)
		level(at.Child("object"), s.Target, false, false)
	}
	if s := m.External; s != nil {
		name(at.Child("external", "metric"), s.Metric.Name)
		level(at.Child("external"), s.Target, false, true)
	}
	return bad
}

func metricTarget(at *field.Path, t autoscalingv2.MetricTarget) (bad field.ErrorList) {
	switch t.Type {
	case autoscalingv2.UtilizationMetricType, autoscalingv2.ValueMetricType, autoscalingv2.AverageValueMetricType:
	default:
		bad = append(bad, field.Invalid(at.Child("type"), t.Type, "must be either Utilization, Value, or AverageValue"))
	}
	for name, q := range map[string]*resource.Quantity{"value": t.Value, "averageValue": t.AverageValue} {
		if q != nil && q.Sign() != 1 {
			bad = append(bad, field.Invalid(at.Child(name), q, "must be positive"))
		}
	}
	if u := t.AverageUtilization; u != nil && *u < 1 {
		bad = append(bad, field.Invalid(at.Child("averageUtilization"), *u, "must be greater than 0"))
	}
	return bad
}

var selectPolicies = []autoscalingv2.ScalingPolicySelect{
	autoscalingv2.DisabledPolicySelect, autoscalingv2.MaxChangePolicySelect, autoscalingv2.MinChangePolicySelect,
}

func scaling(at *field.Path, r *autoscalingv2.HPAScalingRules) (bad field.ErrorList) {
	if w := r.StabilizationWindowSeconds; w != nil {
		switch {
		case *w < 0:
			bad = append(bad, field.Invalid(at.Child("stabilizationWindowSeconds"), *w, "must be greater than or equal to zero"))
		case *w > 3600:
			bad = append(bad, field.Invalid(at.Child("stabilizationWindowSeconds"), *w, "must be less than or equal to 3600"))
		}
	}
	if p := r.SelectPolicy; p != nil && !slices.Contains(selectPolicies, *p) {
		bad = append(bad, field.NotSupported(at.Child("selectPolicy"), *p, selectPolicies))
	}
	if r.Policies != nil && len(r.Policies) == 0 {
		bad = append(bad, field.Required(at.Child("policies"), "must specify at least one Policy"))
	}
	for i, p := range r.Policies {
		here := at.Child("policies").Index(i)
		if p.Type != autoscalingv2.PodsScalingPolicy && p.Type != autoscalingv2.PercentScalingPolicy {
			bad = append(bad, field.NotSupported(here.Child("type"), p.Type, []string{"Percent", "Pods"}))
		}
		if p.Value <= 0 {
			bad = append(bad, field.Invalid(here.Child("value"), p.Value, "must be greater than zero"))
		}
		if p.PeriodSeconds <= 0 {
			bad = append(bad, field.Invalid(here.Child("periodSeconds"), p.PeriodSeconds, "must be greater than zero"))
		} else if p.PeriodSeconds > 1800 {
			bad = append(bad, field.Invalid(here.Child("periodSeconds"), p.PeriodSeconds, "must be less than or equal to 1800"))
		}
	}
	return bad
}
