package observability

import (
	"cmp"
	"fmt"
	"maps"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/check"
)

// globalRegion is the only region that has metrics of Route 53 and CloudFront.
const globalRegion = "us-east-1"

// ObservabilityArgs are the arguments of an [Observability]. What is not given is
// not watched.
type ObservabilityArgs struct {
	// Region is the region that is watched, such as "us-east-1". Required.
	Region string
	// AccountID is the AWS account, twelve digits. Required.
	AccountID string
	// LogGroups are the log groups to make, each by the last part of its name:
	// "application" becomes /NAME/application, where NAME is the component's. Default
	// "application".
	LogGroups []string
	// LogRetentionDays is how long these logs are kept, in days: one of the periods
	// that CloudWatch Logs knows. Default (zero) 90.
	LogRetentionDays int
	// KMSKeyARN is the key for the log groups and the topic. Its policy has to admit
	// the services logs, cloudwatch and events, and the account through SNS for what
	// else publishes. Nil makes one.
	KMSKeyARN pulumi.StringInput
	// Emails are the addresses that alarms and events are sent to. Each has to
	// confirm its subscription before it gets anything. Default none.
	Emails []string
	// LoadBalancer is the load balancer to watch.
	LoadBalancer *LoadBalancer
	// DatabaseClusterID is the identifier of the Aurora cluster to watch.
	DatabaseClusterID pulumi.StringInput
	// ActiveRegion is the region that takes the writes. The database of any other has to
	// tell how far it is behind, and that of this one must not copy from another: the
	// alarm on the lag goes off otherwise. Default: not known, and a database that tells
	// no lag has none.
	ActiveRegion string
	// PasswordSecretName is the name of the database's secret, whose age is watched.
	// Something has to tell it, as the rotation of a DataTier does. Default none.
	PasswordSecretName pulumi.StringInput
	// Buckets are the names of the region's S3 buckets whose replication to watch, by a
	// short name of the caller's for each, such as "files". Default none.
	Buckets map[string]pulumi.StringInput
	// Tables are the names of the DynamoDB tables to watch, by a short name of the
	// caller's for each, such as "sessions".
	Tables map[string]pulumi.StringInput
	// NATGateways are the ids of the NAT gateways to watch, by a short name of the
	// caller's for each, such as the zone.
	NATGateways map[string]pulumi.StringInput
	// HealthChecks are the ids of the Route 53 health checks to watch, by a short name
	// of the caller's for each. Only where Region is us-east-1: an alarm elsewhere
	// would never leave INSUFFICIENT_DATA.
	HealthChecks map[string]pulumi.StringInput
	// DistributionID is the CloudFront distribution to watch. Only where Region is
	// us-east-1, which alone has its metrics.
	DistributionID pulumi.StringInput
	// Thresholds say when an alarm goes off.
	Thresholds Thresholds
	// Datadog makes monitors in Datadog, by a Datadog provider that is passed with
	// [pulumi.Providers]. Nil makes nothing there.
	Datadog *Datadog
	// AllowDestroy lets a destroy take the logs and their key. Default false: both
	// are protected and retained.
	AllowDestroy bool
}

// LoadBalancer is an application load balancer to watch.
type LoadBalancer struct {
	// ARNSuffix is the end of the load balancer's ARN: app/NAME/ID. Required.
	ARNSuffix pulumi.StringInput
	// TargetGroups are the ends of the target groups' ARNs, targetgroup/NAME/ID, by a
	// short name of the caller's for each, such as the service's.
	TargetGroups map[string]pulumi.StringInput
}

// Thresholds say when an alarm goes off. Zero means the default.
type Thresholds struct {
	// ErrorPercent is the share of requests that the load balancer or CloudFront
	// answers with 5xx, in percent. Default 5.
	ErrorPercent float64
	// LatencySeconds is the 95th percentile of the time that targets take to answer,
	// in seconds. Default 1.
	LatencySeconds float64
	// DatabaseCPUPercent is the load of the busiest database instance, in percent.
	// Default 80.
	DatabaseCPUPercent float64
	// DatabaseFreeMemoryMiB is the memory that the fullest database instance has left,
	// in MiB. Default 512.
	DatabaseFreeMemoryMiB float64
	// DatabaseFreeStorageGiB is the local storage that the fullest database instance has
	// left, in GiB. Default 5.
	DatabaseFreeStorageGiB float64
	// DatabaseConnections is how many connections the busiest database instance may
	// have. Default 1300, about 80 % of what db.r7g.large allows (Aurora user guide,
	// maximum connections).
	DatabaseConnections float64
	// PasswordAgeDays is how old the database's password may be, in days. Default 40:
	// ten more than a DataTier lets it last.
	PasswordAgeDays float64
	// ReplicationLagSeconds is how far this region's copy of the database may be
	// behind, or other regions' copies of this region's tables, in seconds. Default 5;
	// both are typically at about one (Aurora and DynamoDB user guides).
	ReplicationLagSeconds float64
}

// Datadog says what to make in Datadog.
type Datadog struct {
	// Notify are the handles that a monitor's messages go to, such as
	// "@slack-platform" or "@someone@tandem.example". Default none: monitors are only
	// to be looked at.
	Notify []string
	// Escalate are the handles that are told in addition where an alert is not
	// resolved after RenotifyMinutes. Default none.
	Escalate []string
	// RenotifyMinutes is when an alert that lasts is sent again, in minutes, 10 to
	// 1440. Default (zero) 60.
	RenotifyMinutes int
	// Tags are put on every monitor, such as "env:production". Default none.
	Tags []string
	// ClusterName is the name of the Kubernetes cluster whose agents report to
	// Datadog. It adds monitors of the cluster to the default ones; nil leaves them
	// out.
	ClusterName pulumi.StringInput
	// Monitors are the monitors to make. Default [DefaultMonitors].
	Monitors []Monitor
	// Integration lets Datadog read the account's metrics. There is one for an
	// account, so only one of its regions gives it. Nil makes none.
	Integration *DatadogIntegration
}

// DatadogIntegration is Datadog's access to the AWS account.
type DatadogIntegration struct {
	// Regions are the AWS regions that Datadog reads metrics from. Required.
	Regions []string
	// DatadogAccountID is the AWS account of the Datadog site. Default 464622532012,
	// that of US1, US3, US5 and EU1 (Datadog documentation, AWS integration).
	DatadogAccountID string
}

var (
	// logGroupName is one part of a log group's name (CloudWatch Logs API,
	// CreateLogGroup).
	logGroupName = regexp.MustCompile(`^[A-Za-z0-9_.#/-]+$`)
)

func (a *ObservabilityArgs) withDefaults() *ObservabilityArgs {
	d := ObservabilityArgs{}
	if a != nil {
		d = *a
	}
	if len(d.LogGroups) == 0 {
		d.LogGroups = []string{"application"}
	}
	d.LogRetentionDays = cmp.Or(d.LogRetentionDays, 90)
	d.Thresholds.ErrorPercent = cmp.Or(d.Thresholds.ErrorPercent, 5)
	d.Thresholds.LatencySeconds = cmp.Or(d.Thresholds.LatencySeconds, 1)
	d.Thresholds.DatabaseCPUPercent = cmp.Or(d.Thresholds.DatabaseCPUPercent, 80)
	d.Thresholds.DatabaseFreeMemoryMiB = cmp.Or(d.Thresholds.DatabaseFreeMemoryMiB, 512)
	d.Thresholds.DatabaseFreeStorageGiB = cmp.Or(d.Thresholds.DatabaseFreeStorageGiB, 5)
	d.Thresholds.DatabaseConnections = cmp.Or(d.Thresholds.DatabaseConnections, 1300)
	d.Thresholds.PasswordAgeDays = cmp.Or(d.Thresholds.PasswordAgeDays, 40)
	d.Thresholds.ReplicationLagSeconds = cmp.Or(d.Thresholds.ReplicationLagSeconds, 5)
	if d.Datadog != nil {
		d.Datadog = d.Datadog.withDefaults(d.AccountID, d.Region)
	}
	return &d
}

func (d Datadog) withDefaults(account, region string) *Datadog {
	d.RenotifyMinutes = cmp.Or(d.RenotifyMinutes, 60)
	if d.Monitors == nil {
		d.Monitors = DefaultMonitors(account, region, d.ClusterName != nil)
	}
	d.Monitors = slices.Clone(d.Monitors)
	for i := range d.Monitors {
		d.Monitors[i].Comparison = cmp.Or(d.Monitors[i].Comparison, Above)
		d.Monitors[i].Priority = cmp.Or(d.Monitors[i].Priority, 3)
	}
	if d.Integration != nil {
		in := *d.Integration
		in.DatadogAccountID = cmp.Or(in.DatadogAccountID, "464622532012")
		d.Integration = &in
	}
	return &d
}

// Validate returns every problem of the arguments in one error, or nil. It fills
// in defaults first, so it can be asked before a component is made.
func (a *ObservabilityArgs) Validate(name string) error {
	a = a.withDefaults()
	root := (*field.Path)(nil)
	var errs field.ErrorList
	switch {
	case a.Region == "":
		errs = append(errs, field.Required(root.Child("region"), "give the region that is watched, such as us-east-1"))
	case !check.IsRegion(a.Region):
		errs = append(errs, field.Invalid(root.Child("region"), a.Region, "must be the name of an AWS region, such as us-east-1"))
	}
	if !check.IsAccountID(a.AccountID) {
		errs = append(errs, field.Invalid(root.Child("accountId"), a.AccountID, "must be the twelve digits of an AWS account, such as 123456789012"))
	}
	if a.ActiveRegion != "" && !check.IsRegion(a.ActiveRegion) {
		errs = append(errs, field.Invalid(root.Child("activeRegion"), a.ActiveRegion, "must be the name of the AWS region that takes the writes, such as us-east-1"))
	}
	errs = append(errs, a.validateLogs(root)...)
	errs = append(errs, a.validateTargets(root)...)
	errs = append(errs, a.Thresholds.validate(root.Child("thresholds"))...)
	if a.Datadog != nil {
		errs = append(errs, a.Datadog.validate(root.Child("datadog"))...)
	}
	return check.Error("observability \""+name+"\"", errs)
}

func (a *ObservabilityArgs) validateLogs(root *field.Path) field.ErrorList {
	errs := check.LogRetention(root.Child("logRetentionDays"), a.LogRetentionDays)
	for i, group := range a.LogGroups {
		if !logGroupName.MatchString(group) || strings.HasPrefix(group, "/") || len(group) > 256 {
			errs = append(errs, field.Invalid(root.Child("logGroups").Index(i), group,
				"must be the last part of a log group's name: letters, digits and any of _.#/- without a slash at its front"))
		}
	}
	errs = append(errs, duplicates(root.Child("logGroups"), a.LogGroups)...)
	for i, address := range a.Emails {
		if parsed, err := mail.ParseAddress(address); err != nil || parsed.Address != address {
			errs = append(errs, field.Invalid(root.Child("emails").Index(i), address, "must be an email address, such as operations@tandem.example"))
		}
	}
	return append(errs, duplicates(root.Child("emails"), a.Emails)...)
}

func (a *ObservabilityArgs) validateTargets(root *field.Path) field.ErrorList {
	var errs field.ErrorList
	if b := a.LoadBalancer; b != nil {
		at := root.Child("loadBalancer")
		if b.ARNSuffix == nil {
			errs = append(errs, field.Required(at.Child("arnSuffix"), "give the end of the load balancer's ARN, or leave loadBalancer out"))
		}
		errs = append(errs, validateNamed(at.Child("targetGroups"), b.TargetGroups)...)
	}
	errs = append(errs, validateNamed(root.Child("buckets"), a.Buckets)...)
	errs = append(errs, validateNamed(root.Child("tables"), a.Tables)...)
	errs = append(errs, validateNamed(root.Child("natGateways"), a.NATGateways)...)
	errs = append(errs, validateNamed(root.Child("healthChecks"), a.HealthChecks)...)
	if a.Region == globalRegion {
		return errs
	}
	const elsewhere = "has metrics in us-east-1 only; watch it from there"
	if len(a.HealthChecks) > 0 {
		errs = append(errs, field.Forbidden(root.Child("healthChecks"), elsewhere))
	}
	if a.DistributionID != nil {
		errs = append(errs, field.Forbidden(root.Child("distributionId"), elsewhere))
	}
	return errs
}

// validateNamed returns what is wrong with inputs that have short names: the
// names become parts of resource names.
func validateNamed(at *field.Path, named map[string]pulumi.StringInput) field.ErrorList {
	var errs field.ErrorList
	for _, name := range slices.Sorted(maps.Keys(named)) {
		if len(validation.IsDNS1123Label(name)) > 0 {
			errs = append(errs, field.Invalid(at.Key(name), name, "must be a short name of lower-case letters, digits and hyphens, such as web"))
		}
		if named[name] == nil {
			errs = append(errs, field.Required(at.Key(name), "give its value or leave the entry out"))
		}
	}
	return errs
}

func (t Thresholds) validate(at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for _, percent := range []struct {
		name  string
		value float64
	}{{"errorPercent", t.ErrorPercent}, {"databaseCpuPercent", t.DatabaseCPUPercent}} {
		if !(percent.value > 0 && percent.value < 100) {
			errs = append(errs, field.Invalid(at.Child(percent.name), percent.value, "must be above 0 and below 100"))
		}
	}
	for _, positive := range []struct {
		name  string
		value float64
	}{{"latencySeconds", t.LatencySeconds}, {"databaseFreeMemoryMib", t.DatabaseFreeMemoryMiB}, {"replicationLagSeconds", t.ReplicationLagSeconds},
		{"databaseFreeStorageGib", t.DatabaseFreeStorageGiB}, {"databaseConnections", t.DatabaseConnections}, {"passwordAgeDays", t.PasswordAgeDays}} {
		if !(positive.value > 0) {
			errs = append(errs, field.Invalid(at.Child(positive.name), positive.value, "must be above 0; leave it out for the default"))
		}
	}
	return errs
}

func (d *Datadog) validate(at *field.Path) field.ErrorList {
	errs := validateHandles(at.Child("notify"), d.Notify)
	errs = append(errs, validateHandles(at.Child("escalate"), d.Escalate)...)
	if d.RenotifyMinutes < 10 || d.RenotifyMinutes > 1440 {
		errs = append(errs, field.Invalid(at.Child("renotifyMinutes"), d.RenotifyMinutes, "must be 10 to 1440"))
	}
	for i, tag := range d.Tags {
		if key, value, ok := strings.Cut(tag, ":"); !ok || key == "" || value == "" {
			errs = append(errs, field.Invalid(at.Child("tags").Index(i), tag, "must be a key and a value with a colon between, such as env:production"))
		}
	}
	seen := map[string]bool{}
	for i, m := range d.Monitors {
		path := at.Child("monitors").Index(i)
		errs = append(errs, m.validate(path, d.ClusterName != nil)...)
		if seen[m.Name] {
			errs = append(errs, field.Duplicate(path.Child("name"), m.Name))
		}
		seen[m.Name] = true
	}
	if in := d.Integration; in != nil {
		path := at.Child("integration")
		if len(in.Regions) == 0 {
			errs = append(errs, field.Required(path.Child("regions"), "name the regions that Datadog reads metrics from"))
		}
		for i, region := range in.Regions {
			if !check.IsRegion(region) {
				errs = append(errs, field.Invalid(path.Child("regions").Index(i), region, "must be the name of an AWS region, such as us-east-1"))
			}
		}
		if !check.IsAccountID(in.DatadogAccountID) {
			errs = append(errs, field.Invalid(path.Child("datadogAccountId"), in.DatadogAccountID, "must be the twelve digits of the AWS account of the Datadog site"))
		}
	}
	return errs
}

func validateHandles(at *field.Path, handles []string) field.ErrorList {
	var errs field.ErrorList
	for i, handle := range handles {
		if !strings.HasPrefix(handle, "@") || len(handle) == 1 || strings.ContainsAny(handle, " \t\n") {
			errs = append(errs, field.Invalid(at.Index(i), handle, fmt.Sprintf("must be a Datadog handle, such as @slack-platform; did you mean @%s", strings.TrimSpace(handle))))
		}
	}
	return errs
}

func duplicates(at *field.Path, values []string) field.ErrorList {
	var errs field.ErrorList
	for i, v := range values {
		if slices.Index(values, v) < i {
			errs = append(errs, field.Duplicate(at.Index(i), v))
		}
	}
	return errs
}
