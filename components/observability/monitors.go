package observability

import (
	"fmt"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Comparison is how a monitor compares its value with its thresholds.
type Comparison string

const (
	// Above alerts where the value is greater than the threshold. The default.
	Above Comparison = ">"
	// AtLeast alerts where the value is the threshold or greater.
	AtLeast Comparison = ">="
	// Below alerts where the value is less than the threshold.
	Below Comparison = "<"
)

// clusterVariable stands for the name of the Kubernetes cluster in the
// expression of a monitor.
const clusterVariable = "$cluster"

// Monitor is one metric monitor in Datadog.
type Monitor struct {
	// Name tells the monitor from the others and becomes part of the resource's name,
	// such as "balancer-errors". Required.
	Name string
	// Title is what people read. Required.
	Title string
	// Expression is the query without its comparison, such as
	// "avg(last_5m):avg:aws.rds.cpuutilization{region:us-east-1}". "$cluster" in it
	// stands for the name of the Kubernetes cluster. Required.
	Expression string
	// Comparison is how the value is compared. Default [Above].
	Comparison Comparison
	// Critical is the value at which the monitor alerts.
	Critical float64
	// Warning is the value at which it warns. Nil means that it does not.
	Warning *float64
	// Message says what it means and what to do. Required.
	Message string
	// Priority is 1 (highest) to 5. Default (zero) 3.
	Priority int
	// DelaySeconds is how long evaluation waits for late data. Metrics from CloudWatch
	// need 900 (Datadog documentation, AWS integration). Zero means not at all.
	DelaySeconds int
	// NoDataMinutes is how long data may be missing before people are told. Zero means
	// that nobody is.
	NoDataMinutes int
}

// cloudWatchDelay is how long Datadog waits for metrics from CloudWatch, in
// seconds.
const cloudWatchDelay = 900

// DefaultMonitors returns the monitors for a region of an AWS account and, with
// kubernetes, for its cluster. They need [Datadog.Integration] in one region of
// the account, and agents on the cluster.
func DefaultMonitors(accountID, region string, kubernetes bool) []Monitor {
	scope := fmt.Sprintf("{aws_account:%s,region:%s}", accountID, region)
	warn := func(v float64) *float64 { return &v }
	monitors := []Monitor{
		{
			Name:  "balancer-errors",
			Title: "Errors at the load balancer of " + region,
			Expression: fmt.Sprintf("sum(last_10m):100 * (default_zero(sum:aws.applicationelb.httpcode_elb_5xx%[1]s.as_count()) + default_zero(sum:aws.applicationelb.httpcode_target_5xx%[1]s.as_count()))"+
				" / (default_zero(sum:aws.applicationelb.request_count%[1]s.as_count()) + default_zero(sum:aws.applicationelb.httpcode_elb_5xx%[1]s.as_count()))", scope),
			Critical: 5, Warning: warn(2), Priority: 1, DelaySeconds: cloudWatchDelay,
			Message: "More than {{threshold}} % of the requests end in 5xx. Look at the targets' health and the last deployment; where the region itself is ill, consider a takeover by the other one.",
		},
		{
			Name:       "balancer-latency",
			Title:      "Slow answers in " + region,
			Expression: "avg(last_10m):avg:aws.applicationelb.target_response_time.p95" + scope,
			Critical:   1, Warning: warn(0.5), Priority: 2, DelaySeconds: cloudWatchDelay,
			Message: "One answer in twenty takes longer than {{threshold}} s. Look at the database's load and at the number of pods.",
		},
		{
			Name:       "database-lag",
			Title:      "Replication lag of the database in " + region,
			Expression: "min(last_10m):max:aws.rds.aurora_global_dbreplication_lag" + scope,
			Critical:   5000, Warning: warn(2000), Priority: 2, DelaySeconds: cloudWatchDelay,
			Message: "This region's copy of the database is {{value}} ms behind; a takeover now would lose that much.",
		},
		{
			Name:       "database-cpu",
			Title:      "Load of the database in " + region,
			Expression: "avg(last_15m):max:aws.rds.cpuutilization" + scope + " by {dbinstanceidentifier}",
			Critical:   80, Warning: warn(70), DelaySeconds: cloudWatchDelay,
			Message: "{{dbinstanceidentifier.name}} is at {{value}} % CPU. Look at the slowest queries; add a reader or a larger class.",
		},
		{
			Name:       "table-throttles",
			Title:      "Throttled tables in " + region,
			Expression: "sum(last_10m):sum:aws.dynamodb.read_throttle_events" + scope + " by {tablename}.as_count() + sum:aws.dynamodb.write_throttle_events" + scope + " by {tablename}.as_count()",
			Critical:   0, DelaySeconds: cloudWatchDelay,
			Message: "Requests to {{tablename.name}} are throttled. Raise its limits, or look for a hot key.",
		},
	}
	if !kubernetes {
		return monitors
	}
	return append(monitors,
		Monitor{
			Name:       "pods-crashing",
			Title:      "Pods that crash again and again in " + region,
			Expression: "max(last_10m):max:kubernetes_state.container.status_report.count.waiting{reason:crashloopbackoff,kube_cluster_name:" + clusterVariable + "} by {kube_namespace,pod_name}",
			Comparison: AtLeast, Critical: 1, Priority: 2,
			Message: "{{pod_name.name}} in {{kube_namespace.name}} crashes again and again. Read the logs of its last run.",
		},
		Monitor{
			Name:       "nodes-not-ready",
			Title:      "Nodes that are not ready in " + region,
			Expression: "min(last_15m):sum:kubernetes_state.node.by_condition{condition:ready,status:false,kube_cluster_name:" + clusterVariable + "} by {node}",
			Comparison: AtLeast, Critical: 1, Priority: 2,
			Message: "{{node.name}} is not ready. Drain and replace it where it does not come back by itself.",
		},
	)
}

func (m Monitor) validate(at *field.Path, hasCluster bool) field.ErrorList {
	var errs field.ErrorList
	if len(validation.IsDNS1123Label(m.Name)) > 0 {
		errs = append(errs, field.Invalid(at.Child("name"), m.Name, "must be a short name of lower-case letters, digits and hyphens, such as balancer-errors"))
	}
	for _, required := range []struct{ name, value string }{{"title", m.Title}, {"message", m.Message}} {
		if strings.TrimSpace(required.value) == "" {
			errs = append(errs, field.Required(at.Child(required.name), "people read it when the monitor alerts"))
		}
	}
	switch {
	case m.Expression == "":
		errs = append(errs, field.Required(at.Child("expression"), "give the query without its comparison, such as avg(last_5m):avg:aws.rds.cpuutilization{*}"))
	case strings.ContainsAny(m.Expression, "<>"):
		errs = append(errs, field.Invalid(at.Child("expression"), m.Expression, "must not have a comparison; set comparison and critical instead"))
	case strings.Contains(m.Expression, clusterVariable) && !hasCluster:
		errs = append(errs, field.Invalid(at.Child("expression"), m.Expression, "names "+clusterVariable+", so datadog.clusterName has to be given"))
	}
	comparisons := []Comparison{Above, AtLeast, Below}
	switch m.Comparison {
	case Above, AtLeast:
		if m.Warning != nil && *m.Warning >= m.Critical {
			errs = append(errs, field.Invalid(at.Child("warning"), *m.Warning, fmt.Sprintf("must be below critical, which is %s", number(m.Critical))))
		}
	case Below:
		if m.Warning != nil && *m.Warning <= m.Critical {
			errs = append(errs, field.Invalid(at.Child("warning"), *m.Warning, fmt.Sprintf("must be above critical, which is %s", number(m.Critical))))
		}
	default:
		errs = append(errs, field.NotSupported(at.Child("comparison"), m.Comparison, comparisons))
	}
	if m.Priority < 1 || m.Priority > 5 {
		errs = append(errs, field.Invalid(at.Child("priority"), m.Priority, "must be 1 (highest) to 5"))
	}
	if m.DelaySeconds < 0 {
		errs = append(errs, field.Invalid(at.Child("delaySeconds"), m.DelaySeconds, "must not be negative"))
	}
	if m.NoDataMinutes < 0 {
		errs = append(errs, field.Invalid(at.Child("noDataMinutes"), m.NoDataMinutes, "must not be negative"))
	}
	return errs
}

// query is the monitor's whole query for a cluster. The threshold in it and the
// monitor's own cannot differ, which Datadog would refuse.
func (m Monitor) query(cluster string) string {
	return fmt.Sprintf("%s %s %s", strings.ReplaceAll(m.Expression, clusterVariable, cluster), m.Comparison, number(m.Critical))
}

// message is what the monitor sends to the handles.
func (m Monitor) message(notify []string) string {
	return strings.TrimSpace(m.Message + "\n\n" + strings.Join(notify, " "))
}

// escalation is what the monitor sends where an alert lasts; empty where there
// is nobody to tell.
func (m Monitor) escalation(notify, escalate []string) string {
	if len(escalate) == 0 {
		return ""
	}
	return fmt.Sprintf("Not resolved yet: %s.\n\n%s", m.Title, strings.Join(append(append([]string{}, escalate...), notify...), " "))
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
