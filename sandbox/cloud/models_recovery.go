package cloud

import (
	"regexp"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud/document/statemachine"
)

const (
	typeStateMachine = "aws:sfn/stateMachine:StateMachine"
	typeCanary       = "aws:synthetics/canary:Canary"
)

var (
	canaryName    = regexp.MustCompile(`^[0-9a-z_-]{1,255}$`)
	canaryRuntime = regexp.MustCompile(`^syn-(nodejs|python)-[a-z]+-\d+\.\d+$`)
	alarmNamed    = regexp.MustCompile(`(ALARM|OK|INSUFFICIENT_DATA)\(\s*"?([^")]+?)"?\s*\)`)
)

// recoveryModels are what watches a region and moves traffic away from it.
var recoveryModels = []model{
	{
		Type: typeStateMachine, Service: "Step Functions", ID: "arn:aws:states:{region}:{account}:stateMachine:{name}", Auto: autoname{max: 80},
		Set:    map[string]string{"arn": "{id}", "status": "ACTIVE", "revisionId": "{uuid}"},
		Unique: []string{"{name}"}, Exists: "StateMachineAlreadyExists", Names: []string{"name"},
		Volatile: []string{"revisionId"},
		Check: checks(
			func(o *op) error {
				return documentIn("definition", "InvalidDefinition", func(text string) error { return statemachine.Check(text, o.region) })(o)
			},
			ownRegion,
			func(o *op) error {
				if d := text(o.in, "loggingConfiguration.logDestination"); d != "" && !strings.HasSuffix(d, ":*") {
					return o.refuse("InvalidLoggingConfiguration", "the log destination %s must end in :*", d)
				}
				return nil
			}),
		Compute: stamp("creationDate"),
	},
	{
		Type: "aws:cloudwatch/eventConnection:EventConnection", Service: "EventBridge", ID: "{name}", Auto: autoname{max: 64},
		Set: map[string]string{
			"arn":       "arn:aws:events:{region}:{account}:connection/{name}/{uuid}",
			"secretArn": "arn:aws:secretsmanager:{region}:{account}:secret:events!connection/{name}/{uuid}-{alnum:6}",
		},
		Unique: []string{"{name}"}, Exists: "ResourceAlreadyExistsException", Names: []string{"name"},
	},
	{
		Type: "aws:cloudwatch/compositeAlarm:CompositeAlarm", Service: "CloudWatch", ID: "{alarmName}", Auto: autoname{none: true},
		Set:    map[string]string{"arn": "arn:aws:cloudwatch:{region}:{account}:alarm:{alarmName}"},
		Unique: []string{"{alarmName}"}, Exists: "ResourceAlreadyExists", Names: []string{"alarmName"},
		Check: func(o *op) error {
			named := alarmNamed.FindAllStringSubmatch(text(o.in, "alarmRule"), -1)
			if len(named) == 0 && !strings.Contains(text(o.in, "alarmRule"), "TRUE") && !strings.Contains(text(o.in, "alarmRule"), "FALSE") {
				return o.refuse("ValidationError", "the alarm rule names no alarm: %s", text(o.in, "alarmRule"))
			}
			for _, m := range named {
				if err := o.isThere(m[2]); err != nil {
					return err
				}
			}
			return nil
		},
	},
	{
		Type: typeCanary, Service: "Synthetics", ID: "{name}", Auto: autoname{max: 255, lower: true},
		Set: map[string]string{
			"arn": "arn:aws:synthetics:{region}:{account}:canary:{name}", "engineArn": "arn:aws:lambda:{region}:{account}:function:cwsyn-{name}-{uuid}:1",
			"sourceLocationArn": "arn:aws:lambda:{region}:aws:layer:cwsyn-{name}-{uuid}:1",
		},
		Unique: []string{"{name}"}, Exists: "ConflictException", Names: []string{"name"},
		Volatile: []string{"status"},
		Check: func(o *op) error {
			switch {
			case !canaryName.MatchString(text(o.in, "name")):
				return o.refuse("ValidationException", "the name %s may have lower-case letters, digits, hyphens and underscores", text(o.in, "name"))
			case !canaryRuntime.MatchString(text(o.in, "runtimeVersion")):
				return o.refuse("ValidationException", "there is no runtime version %s", text(o.in, "runtimeVersion"))
			case text(o.in, "s3Bucket") == "" && text(o.in, "zipFile") == "":
				return o.refuse("ValidationException", "one of s3Bucket and zipFile is required")
			}
			return nil
		},
		Compute: func(o *op) error {
			o.out["status"] = "READY"
			if truth(o.in, "startCanary") {
				o.out["status"] = "RUNNING"
			}
			return nil
		},
	},
}

// ownRegion refuses a state machine whose tasks name a bucket, a table or a
// cluster of another region: a task would look for it in its own.
func ownRegion(o *op) error {
	types := map[string]string{"Bucket": typeBucket, "TableName": typeTable, "ClusterName": typeCluster}
	for _, n := range statemachine.Names(text(o.in, "definition")) {
		found, err := o.find(n.Name, types[n.Key])
		if err != nil {
			return err
		}
		elsewhere := ""
		for _, r := range found {
			if r.Scope.Region == o.region {
				elsewhere = ""
				break
			}
			elsewhere = r.Scope.Region
		}
		if elsewhere != "" {
			return o.refuse("InvalidDefinition", "%s: %s is in %s: a task reaches its own region, %s, only", n.Path, n.Name, elsewhere, o.region)
		}
	}
	return nil
}

// isThere refuses the name of an alarm that is not in the region.
func (o *op) isThere(alarm string) error {
	for _, typ := range []string{"aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"} {
		found, err := o.find(alarm, typ)
		if err != nil {
			return err
		}
		for _, r := range found {
			if r.Scope.Region == o.region {
				return nil
			}
		}
	}
	return o.refuse("ValidationError", "the alarm rule names %s, which is no alarm of %s", alarm, o.region)
}
