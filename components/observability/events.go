package observability

// eventRule is one planned rule of EventBridge: events that match the pattern go
// to the topic.
type eventRule struct {
	suffix, description string
	pattern             map[string]any
}

// eventRules are what people want to hear of and no metric tells.
var eventRules = []eventRule{
	{
		"aws-health", "Issues and changes of AWS that touch the account",
		map[string]any{
			"source":      []string{"aws.health"},
			"detail-type": []string{"AWS Health Event"},
			"detail":      map[string]any{"eventTypeCategory": []string{"issue", "scheduledChange"}},
		},
	},
	{
		"database", "Failovers, failures and maintenance of the database",
		map[string]any{
			"source":      []string{"aws.rds"},
			"detail-type": []string{"RDS DB Cluster Event", "RDS DB Instance Event"},
			"detail": map[string]any{"EventCategories": []string{
				"failover", "failure", "global-failover", "low storage", "maintenance", "recovery",
			}},
		},
	},
	{
		"capacity", "Instances that could not be launched, as when a zone or a type is short",
		map[string]any{
			"source":      []string{"aws.autoscaling"},
			"detail-type": []string{"EC2 Instance Launch Unsuccessful"},
		},
	},
	{
		"certificates", "Certificates that expire soon or whose renewal needs somebody",
		map[string]any{
			"source":      []string{"aws.acm"},
			"detail-type": []string{"ACM Certificate Approaching Expiration", "ACM Certificate Expired", "ACM Certificate Renewal Action Required"},
		},
	},
	{
		"keys", "Encryption keys that are gone, and with them what they encrypted",
		map[string]any{
			"source":      []string{"aws.kms"},
			"detail-type": []string{"KMS CMK Deletion"},
		},
	},
	{
		"backups", "Backups and copies of backups that did not come about",
		map[string]any{
			"source":      []string{"aws.backup"},
			"detail-type": []string{"Backup Job State Change", "Copy Job State Change"},
			"detail":      map[string]any{"state": []string{"ABORTED", "EXPIRED", "FAILED"}},
		},
	},
}
