package cloud

import (
	"fmt"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud/document/policy"
)

const (
	typeTopic     = "aws:sns/topic:Topic"
	typeLogGroup  = "aws:cloudwatch/logGroup:LogGroup"
	typeEventRule = "aws:cloudwatch/eventRule:EventRule"
)

var observabilityModels = []model{
	{
		Type: typeLogGroup, Service: "CloudWatch Logs", ID: "{name}", Auto: autoname{max: 512},
		Set:    map[string]string{"arn": "arn:aws:logs:{region}:{account}:log-group:{name}", "logGroupClass": "STANDARD"},
		Unique: []string{"{name}"}, Exists: "ResourceAlreadyExistsException", Names: []string{"name"},
	},
	{
		Type: "aws:cloudwatch/logResourcePolicy:LogResourcePolicy", Service: "CloudWatch Logs", ID: "{policyName}", Auto: autoname{none: true},
		Unique: []string{"{policyName}"}, Exists: "ResourceAlreadyExistsException",
		Check: policyIn("policyDocument", "InvalidParameterException", policy.Logs),
	},
	{
		Type: "aws:cloudwatch/metricAlarm:MetricAlarm", Service: "CloudWatch", ID: "{name}", Auto: autoname{max: 255},
		Set:    map[string]string{"arn": "arn:aws:cloudwatch:{region}:{account}:alarm:{name}"},
		Unique: []string{"{name}"}, Exists: "ResourceAlreadyExists", Names: []string{"name"},
		Check: func(o *op) error {
			single, queries := text(o.in, "metricName") != "", len(all(o.in, "metricQueries")) > 0
			if single == queries {
				return o.refuse("ValidationError", "an alarm watches either a metric (metricName) or a query (metricQueries)")
			}
			for _, p := range []string{"alarmActions", "okActions", "insufficientDataActions"} {
				for _, a := range texts(o.in, p) {
					if parts := strings.SplitN(a, ":", 6); len(parts) < 6 || parts[3] != o.region {
						return o.refuse("ValidationError", "%s: invalid region or arn in the action %s: an alarm acts in its own region, %s", p, a, o.region)
					}
				}
			}
			return nil
		},
	},
	{
		Type: "aws:cloudwatch/dashboard:Dashboard", Service: "CloudWatch", ID: "{dashboardName}", Auto: autoname{none: true},
		Set:    map[string]string{"dashboardArn": "arn:aws:cloudwatch::{account}:dashboard/{dashboardName}"},
		Unique: []string{"{dashboardName}"}, Exists: "InvalidParameterInput",
		Check: dashboardIn("dashboardBody", "InvalidParameterInput"),
	},
	{
		Type: typeEventRule, Service: "EventBridge", ID: "{bus}{name}", Auto: autoname{max: 64},
		Set:    map[string]string{"arn": "arn:aws:events:{region}:{account}:rule/{bus}{name}"},
		Unique: []string{"{eventBusName?} {name}"}, Exists: "ResourceAlreadyExistsException", Names: []string{"name"},
		UsedBy: []string{"aws:cloudwatch/eventTarget:EventTarget"}, InUse: "ValidationException",
		Check: func(o *op) error {
			o.tmp["bus"] = ""
			if b := text(o.in, "eventBusName"); b != "" && b != "default" {
				o.tmp["bus"] = b + "/"
			}
			return eventPatternIn("eventPattern", "InvalidEventPatternException")(o)
		},
	},
	{
		Type: "aws:cloudwatch/eventTarget:EventTarget", Service: "EventBridge", ID: "{rule}-{targetId}", Auto: autoname{none: true},
		Refs: map[string][]string{"rule": {typeEventRule}},
		Check: func(o *op) error {
			if text(o.in, "targetId") == "" {
				o.out["targetId"] = "terraform-" + o.mint("digits", 26, "targetId")
			}
			return nil
		},
	},
	{
		Type: typeTopic, Service: "SNS", ID: "arn:aws:sns:{region}:{account}:{name}", Auto: autoname{max: 256},
		Set:    map[string]string{"arn": "{id}", "owner": "{account}"},
		Unique: []string{"{name}"}, Exists: "InvalidParameter", Refs: map[string][]string{"kmsMasterKeyId": keys},
		External: map[string][]string{"kmsMasterKeyId": {"alias/aws/sns"}},
		Check:    policyIn("policy", "InvalidParameter", policy.Topic, ofResource("InvalidParameter", "arn:aws:sns:{region}:{account}:{name}")),
		Compute: func(o *op) error {
			if o.out["policy"] == nil {
				o.out["policy"] = fmt.Sprintf(`{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow",`+
					`"Principal":{"AWS":"*"},"Action":"SNS:Publish","Resource":"%s","Condition":{"StringEquals":{"AWS:SourceOwner":"%s"}}}]}`, o.id, o.c.account)
			}
			return nil
		},
	},
	{
		Type: "aws:sns/topicPolicy:TopicPolicy", Service: "SNS", ID: "{arn}", Auto: autoname{none: true},
		Refs: map[string][]string{"arn": {typeTopic}}, Set: map[string]string{"owner": "{account}"},
		Check: policyIn("policy", "InvalidParameter", policy.Topic, ofResource("InvalidParameter", "{arn}")),
	},
	{
		Type: "aws:sns/topicSubscription:TopicSubscription", Service: "SNS", ID: "{topic}:{uuid}", Auto: autoname{none: true},
		Refs: map[string][]string{"topic": {typeTopic}},
		Set:  map[string]string{"arn": "{id}", "ownerId": "{account}"},
		Compute: func(o *op) error {
			p := text(o.in, "protocol")
			o.out["pendingConfirmation"] = strings.HasPrefix(p, "email") || strings.HasPrefix(p, "http")
			o.out["confirmationWasAuthenticated"] = o.out["pendingConfirmation"] == false
			return nil
		},
	},
}

var datadogModels = []model{
	{
		Type: "datadog:index/monitor:Monitor", Service: "Datadog", ID: "{digits:8}", Auto: autoname{none: true},
		Check: func(o *op) error {
			if strings.TrimSpace(text(o.in, "query")) == "" {
				return o.refuse("400 Bad Request", "the value provided for parameter 'query' is invalid")
			}
			return nil
		},
	},
	{
		Type: "datadog:index/dashboard:Dashboard", Service: "Datadog", ID: "{alnum:3}-{alnum:3}-{alnum:3}", Auto: autoname{none: true},
		Set: map[string]string{"url": "/dashboard/{id}/sandbox"},
	},
	{
		Type: "datadog:aws/integrationAccount:IntegrationAccount", Service: "Datadog", ID: "{uuid}", Auto: autoname{none: true},
		Unique: []string{"{awsAccountId}"}, Exists: "409 Conflict",
		Compute: func(o *op) error {
			if role, ok := at(o.out, "authConfig.awsAuthConfigRole").(map[string]any); ok && role["externalId"] == nil {
				role["externalId"] = o.mint("hex", 32, "externalId")
			}
			return nil
		},
	},
	{
		// The id is what roles of the account must ask for.
		Type: "datadog:aws/integrationExternalId:IntegrationExternalId", Service: "Datadog", ID: "{hex:32}", Auto: autoname{none: true},
	},
}
