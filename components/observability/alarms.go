package observability

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// metric is one metric of CloudWatch.
type metric struct {
	namespace, name, stat string
	dimensions            []dimension
}

type dimension struct {
	name  string
	value pulumi.StringInput
}

// term is one metric of an expression, by the id that the expression names it by.
type term struct {
	id string
	metric
}

// comparison is an alarm's comparison operator.
type comparison string

const (
	above comparison = "GreaterThanThreshold"
	below comparison = "LessThanThreshold"
)

// What an alarm makes of periods without data.
const (
	missingIsGood = "notBreaching"
	missingIsBad  = "breaching"
)

// alarm is one planned CloudWatch alarm: over a metric, over an expression of
// terms, or over a query of Metrics Insights.
type alarm struct {
	suffix, description string

	metric     *metric
	expression pulumi.StringInput
	label      string // of the expression
	terms      []term

	comparison comparison
	threshold  float64
	seconds    int // of one period
	bad, of    int // periods: so many bad ones of the last so many
	missing    string
}

// planAlarms returns the alarms for what the arguments give to watch, always in
// the same order.
func planAlarms(a *ObservabilityArgs) []alarm {
	var plan []alarm
	if a.LoadBalancer != nil {
		plan = append(plan, loadBalancerAlarms(a.LoadBalancer, a.Thresholds)...)
	}
	if a.DatabaseClusterID != nil {
		plan = append(plan, databaseAlarms(a.DatabaseClusterID, a.Thresholds)...)
		plan = append(plan, databaseLagAlarm(a))
	}
	if a.PasswordSecretName != nil {
		plan = append(plan, alarm{
			suffix:      "password-age",
			description: fmt.Sprintf("The database's password is older than %g days, or nothing tells its age: rotation has come to a halt", a.Thresholds.PasswordAgeDays),
			metric:      &metric{"Tandem/Secrets", "PasswordAge", "Maximum", []dimension{{"SecretName", a.PasswordSecretName}}},
			// It is told every six hours.
			comparison: above, threshold: a.Thresholds.PasswordAgeDays, seconds: 6 * 3600, bad: 2, of: 2, missing: missingIsBad,
		})
	}
	for _, name := range slices.Sorted(maps.Keys(a.Buckets)) {
		plan = append(plan, bucketAlarms(name, a.Buckets[name])...)
	}
	for _, name := range slices.Sorted(maps.Keys(a.Tables)) {
		plan = append(plan, tableAlarms(name, a.Tables[name], a.Thresholds)...)
	}
	for _, name := range slices.Sorted(maps.Keys(a.NATGateways)) {
		plan = append(plan, alarm{
			suffix:      "nat-" + name + "-ports",
			description: "The NAT gateway " + name + " has no port left for a new connection",
			metric:      &metric{"AWS/NATGateway", "ErrorPortAllocation", "Sum", []dimension{{"NatGatewayId", a.NATGateways[name]}}},
			comparison:  above, threshold: 0, seconds: 60, bad: 3, of: 5, missing: missingIsGood,
		})
	}
	for _, name := range slices.Sorted(maps.Keys(a.HealthChecks)) {
		plan = append(plan, alarm{
			suffix:      "health-" + name,
			description: "The Route 53 health check " + name + " fails: DNS leads elsewhere",
			metric:      &metric{"AWS/Route53", "HealthCheckStatus", "Minimum", []dimension{{"HealthCheckId", a.HealthChecks[name]}}},
			comparison:  below, threshold: 1, seconds: 60, bad: 2, of: 3, missing: missingIsBad,
		})
	}
	if a.DistributionID != nil {
		plan = append(plan, alarm{
			suffix:      "cdn-errors",
			description: fmt.Sprintf("CloudFront answers more than %g %% of the requests with 5xx", a.Thresholds.ErrorPercent),
			metric:      &metric{"AWS/CloudFront", "5xxErrorRate", "Average", distributionDimensions(a.DistributionID)},
			comparison:  above, threshold: a.Thresholds.ErrorPercent, seconds: 60, bad: 3, of: 5, missing: missingIsGood,
		})
	}
	return plan
}

func loadBalancerAlarms(b *LoadBalancer, t Thresholds) []alarm {
	balancer := dimension{"LoadBalancer", b.ARNSuffix}
	count := func(id, name string) term {
		return term{id, metric{"AWS/ApplicationELB", name, "Sum", []dimension{balancer}}}
	}
	plan := []alarm{
		{
			suffix:      "alb-errors",
			description: fmt.Sprintf("More than %g %% of the requests end in 5xx", t.ErrorPercent),
			// RequestCount leaves out what found no target, so the balancer's own errors
			// are added to it; a metric without data counts as zero.
			expression: pulumi.String("100*(FILL(refused,0)+FILL(failed,0))/(FILL(requests,0)+FILL(refused,0))"),
			label:      "5xx answers (%)",
			terms:      []term{count("refused", "HTTPCode_ELB_5XX_Count"), count("failed", "HTTPCode_Target_5XX_Count"), count("requests", "RequestCount")},
			comparison: above, threshold: t.ErrorPercent, seconds: 60, bad: 3, of: 5, missing: missingIsGood,
		},
		{
			suffix:      "alb-latency",
			description: fmt.Sprintf("One answer in twenty takes longer than %g s", t.LatencySeconds),
			metric:      &metric{"AWS/ApplicationELB", "TargetResponseTime", "p95", []dimension{balancer}},
			comparison:  above, threshold: t.LatencySeconds, seconds: 60, bad: 5, of: 10, missing: missingIsGood,
		},
	}
	for _, name := range slices.Sorted(maps.Keys(b.TargetGroups)) {
		group := []dimension{balancer, {"TargetGroup", b.TargetGroups[name]}}
		plan = append(plan,
			alarm{
				suffix:      "targets-" + name + "-unhealthy",
				description: "A target of " + name + " fails its health check",
				metric:      &metric{"AWS/ApplicationELB", "UnHealthyHostCount", "Maximum", group},
				comparison:  above, threshold: 0, seconds: 60, bad: 5, of: 5, missing: missingIsGood,
			},
			alarm{
				suffix:      "targets-" + name + "-none",
				description: "No target of " + name + " is healthy",
				metric:      &metric{"AWS/ApplicationELB", "HealthyHostCount", "Maximum", group},
				comparison:  below, threshold: 1, seconds: 60, bad: 2, of: 2, missing: missingIsBad,
			},
		)
	}
	return plan
}

func databaseAlarms(cluster pulumi.StringInput, t Thresholds) []alarm {
	of := []dimension{{"DBClusterIdentifier", cluster}}
	return []alarm{
		{
			suffix:      "database-cpu",
			description: fmt.Sprintf("A database instance is above %g %% CPU", t.DatabaseCPUPercent),
			metric:      &metric{"AWS/RDS", "CPUUtilization", "Maximum", of},
			comparison:  above, threshold: t.DatabaseCPUPercent, seconds: 300, bad: 3, of: 3, missing: missingIsGood,
		},
		{
			suffix:      "database-memory",
			description: fmt.Sprintf("A database instance has less than %g MiB of memory left", t.DatabaseFreeMemoryMiB),
			metric:      &metric{"AWS/RDS", "FreeableMemory", "Minimum", of},
			comparison:  below, threshold: t.DatabaseFreeMemoryMiB * (1 << 20), seconds: 300, bad: 3, of: 3, missing: missingIsGood,
		},
		{
			suffix:      "database-storage",
			description: fmt.Sprintf("A database instance has less than %g GiB of local storage left, for sorts and logs", t.DatabaseFreeStorageGiB),
			metric:      &metric{"AWS/RDS", "FreeLocalStorage", "Minimum", of},
			comparison:  below, threshold: t.DatabaseFreeStorageGiB * (1 << 30), seconds: 300, bad: 3, of: 3, missing: missingIsGood,
		},
		{
			suffix:      "database-connections",
			description: fmt.Sprintf("A database instance has more than %g connections", t.DatabaseConnections),
			metric:      &metric{"AWS/RDS", "DatabaseConnections", "Maximum", of},
			comparison:  above, threshold: t.DatabaseConnections, seconds: 60, bad: 5, of: 5, missing: missingIsGood,
		},
	}
}

// databaseLagAlarm watches the part that this region's database plays: a secondary
// tells its lag, and the primary has none to tell.
func databaseLagAlarm(a *ObservabilityArgs) alarm {
	behind := fmt.Sprintf("This region's copy of the database is more than %g s behind", a.Thresholds.ReplicationLagSeconds)
	lag := alarm{
		suffix: "database-lag", description: behind,
		expression: databaseLag(a.DatabaseClusterID), label: "Replication lag (ms)",
		comparison: above, threshold: a.Thresholds.ReplicationLagSeconds * 1000, seconds: 60, bad: 3, of: 5, missing: missingIsGood,
	}
	switch a.ActiveRegion {
	case "":
	case a.Region:
		lag.description = "This region's database copies from another's, where this region should take the writes"
		lag.threshold = -1 // any lag at all
	default:
		lag.description = behind + ", or tells nothing: it is cut off, or takes the writes that " + a.ActiveRegion + " should"
		lag.missing = missingIsBad
	}
	return lag
}

// databaseLag is a query, and not a metric, because one of the metric's
// dimensions is the region that takes the writes, which changes at a failover.
func databaseLag(cluster pulumi.StringInput) pulumi.StringInput {
	return pulumi.Sprintf(`SELECT MAX(AuroraGlobalDBReplicationLag) FROM "AWS/RDS" WHERE DBClusterIdentifier = '%s'`, cluster)
}

// bucketLagSeconds is what S3 promises for replication with time control (S3 user
// guide, replication time control).
const bucketLagSeconds = 15 * 60

// bucketAlarms watch the replication from and to a bucket, by queries over all
// rules and all other ends, because the region of the source has the failures,
// and that of the destination the latency (S3 user guide, S3 replication metrics).
func bucketAlarms(name string, bucket pulumi.StringInput) []alarm {
	return []alarm{
		{
			suffix:      "bucket-" + name + "-replication-failures",
			description: "Objects of the bucket " + name + " could not be replicated",
			expression:  pulumi.Sprintf(`SELECT SUM(OperationsFailedReplication) FROM "AWS/S3" WHERE SourceBucket = '%s'`, bucket),
			label:       "Failed replications",
			comparison:  above, threshold: 0, seconds: 300, bad: 1, of: 1, missing: missingIsGood,
		},
		{
			suffix:      "bucket-" + name + "-replication-lag",
			description: "The bucket " + name + " is more than 15 minutes behind another region's",
			expression:  pulumi.Sprintf(`SELECT MAX(ReplicationLatency) FROM "AWS/S3" WHERE DestinationBucket = '%s'`, bucket),
			label:       "Replication latency (s)",
			comparison:  above, threshold: bucketLagSeconds, seconds: 300, bad: 3, of: 3, missing: missingIsGood,
		},
	}
}

func tableAlarms(name string, table pulumi.StringInput, t Thresholds) []alarm {
	of := []dimension{{"TableName", table}}
	return []alarm{
		{
			suffix:      "table-" + name + "-throttles",
			description: "Requests to the table " + name + " are throttled",
			expression:  pulumi.String("FILL(reads,0)+FILL(writes,0)"),
			label:       "Throttled reads and writes",
			terms: []term{
				{"reads", metric{"AWS/DynamoDB", "ReadThrottleEvents", "Sum", of}},
				{"writes", metric{"AWS/DynamoDB", "WriteThrottleEvents", "Sum", of}},
			},
			comparison: above, threshold: 0, seconds: 60, bad: 3, of: 5, missing: missingIsGood,
		},
		{
			suffix:      "table-" + name + "-lag",
			description: fmt.Sprintf("Another region's copy of the table %s is more than %g s behind", name, t.ReplicationLagSeconds),
			expression:  tableLag(table),
			label:       "Replication latency (ms)",
			comparison:  above, threshold: t.ReplicationLagSeconds * 1000, seconds: 60, bad: 3, of: 5,
			missing: missingIsGood, // nothing is written, or there is no other copy
		},
	}
}

// tableLag is a query over all regions that receive the table's changes.
func tableLag(table pulumi.StringInput) pulumi.StringInput {
	return pulumi.Sprintf(`SELECT MAX(ReplicationLatency) FROM "AWS/DynamoDB" WHERE TableName = '%s'`, table)
}

func distributionDimensions(id pulumi.StringInput) []dimension {
	return []dimension{{"DistributionId", id}, {"Region", pulumi.String("Global")}}
}
