package kube

import (
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// longestCronJobName leaves the 11 characters that a job's name adds to it.
const longestCronJobName = 52

// cronJob holds a CronJob against the API server's rules: of the schedule only
// the number of fields.
func cronJob(c *batchv1.CronJob) (bad field.ErrorList) {
	if len(c.Name) > longestCronJobName {
		bad = append(bad, field.Invalid(field.NewPath("metadata", "name"), c.Name, "must be no more than 52 characters"))
	}
	at := field.NewPath("spec")
	switch n := len(strings.Fields(c.Spec.Schedule)); {
	case c.Spec.Schedule == "":
		bad = append(bad, field.Required(at.Child("schedule"), ""))
	case strings.Contains(c.Spec.Schedule, "TZ"):
		bad = append(bad, field.Invalid(at.Child("schedule"), c.Spec.Schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"))
	case n != 5 && !strings.HasPrefix(c.Spec.Schedule, "@"):
		bad = append(bad, field.Invalid(at.Child("schedule"), c.Spec.Schedule, "expected exactly 5 fields"))
	}
	if zone := c.Spec.TimeZone; zone != nil {
		if _, err := time.LoadLocation(*zone); err != nil || *zone == "" || strings.EqualFold(*zone, "Local") {
			bad = append(bad, field.Invalid(at.Child("timeZone"), *zone, "unknown time zone "+*zone))
		}
	}
	if s := c.Spec.StartingDeadlineSeconds; s != nil {
		bad = append(bad, notNegative(at.Child("startingDeadlineSeconds"), *s)...)
	}
	template := c.Spec.JobTemplate.Spec.Template.Spec
	at = at.Child("jobTemplate", "spec", "template", "spec")
	if p := template.RestartPolicy; p != corev1.RestartPolicyNever && p != corev1.RestartPolicyOnFailure {
		bad = append(bad, field.NotSupported(at.Child("restartPolicy"), p, []corev1.RestartPolicy{corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever}))
	}
	return append(bad, pod(at, &template)...)
}
