package kube

import (
	"strings"
	"time"

	"github.com/robfig/cron/v3"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/validation"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// longestCronJobName leaves the 11 characters that a job's name adds to it.
const longestCronJobName = 52

// cronJob holds a CronJob against the API server's rules. The schedule is read by
// the server's own library.
func cronJob(c *batchv1.CronJob) (bad field.ErrorList) {
	if len(c.Name) > longestCronJobName {
		bad = append(bad, field.Invalid(field.NewPath("metadata", "name"), c.Name, "must be no more than 52 characters"))
	}
	at := field.NewPath("spec")
	switch _, err := cron.ParseStandard(c.Spec.Schedule); {
	case c.Spec.Schedule == "":
		bad = append(bad, field.Required(at.Child("schedule"), ""))
	case strings.Contains(c.Spec.Schedule, "TZ"):
		bad = append(bad, field.Invalid(at.Child("schedule"), c.Spec.Schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"))
	case err != nil:
		bad = append(bad, field.Invalid(at.Child("schedule"), c.Spec.Schedule, err.Error()))
	}
	if zone := c.Spec.TimeZone; zone != nil {
		if _, err := time.LoadLocation(*zone); err != nil || *zone == "" || strings.EqualFold(*zone, "Local") {
			bad = append(bad, field.Invalid(at.Child("timeZone"), *zone, "unknown time zone "+*zone))
		}
	}
	bad = append(bad, counts(at, map[string]*int32{
		"successfulJobsHistoryLimit": c.Spec.SuccessfulJobsHistoryLimit, "failedJobsHistoryLimit": c.Spec.FailedJobsHistoryLimit,
	})...)
	bad = append(bad, counts(at, map[string]*int64{"startingDeadlineSeconds": c.Spec.StartingDeadlineSeconds})...)

	job, at := c.Spec.JobTemplate.Spec, at.Child("jobTemplate", "spec")
	bad = append(bad, counts(at, map[string]*int32{
		"parallelism": job.Parallelism, "completions": job.Completions, "backoffLimit": job.BackoffLimit,
		"ttlSecondsAfterFinished": job.TTLSecondsAfterFinished,
	})...)
	bad = append(bad, counts(at, map[string]*int64{"activeDeadlineSeconds": job.ActiveDeadlineSeconds})...)
	at = at.Child("template")
	// The server leaves "metadata" out of the path of these labels.
	bad = append(bad, metavalidation.ValidateLabels(job.Template.Labels, at.Child("labels"))...)
	bad = append(bad, validation.ValidateAnnotations(job.Template.Annotations, at.Child("annotations"))...)
	if p := job.Template.Spec.RestartPolicy; p != corev1.RestartPolicyNever && p != corev1.RestartPolicyOnFailure {
		bad = append(bad, field.NotSupported(at.Child("spec", "restartPolicy"), p, []corev1.RestartPolicy{corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever}))
	}
	return append(bad, pod(at.Child("spec"), &job.Template.Spec)...)
}

// counts refuses numbers below zero, by name.
func counts[N int32 | int64](at *field.Path, numbers map[string]*N) (bad field.ErrorList) {
	for name, n := range numbers {
		if n != nil {
			bad = append(bad, notNegative(at.Child(name), *n)...)
		}
	}
	return bad
}
