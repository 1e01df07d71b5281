package cloud_test

import (
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

const stateMachine = "aws:sfn/stateMachine:StateMachine"

// task is a definition of one task.
func task(resource, parameters string) string {
	return `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"` + resource + `","Parameters":` + parameters + `,"End":true}}}`
}

func TestAStateMachineReachesItsOwnRegionOnly(t *testing.T) {
	w := cloudtest.New(t)
	east, west := w.AWS("us-east-1"), w.AWS("us-west-2")
	bucket := east.Make("aws:s3/bucketV2:BucketV2", "east", props{"bucket": "takeover-east"})
	role := west.Make("aws:iam/role:Role", "runs", props{
		"assumeRolePolicy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"states.amazonaws.com"},"Action":"sts:AssumeRole"}]}`,
	})
	put := task("arn:aws:states:::aws-sdk:s3:putObject", `{"Bucket":"takeover-east","Key":"takeover"}`)
	machine := func(definition string) props { return props{"roleArn": role.Get("arn"), "definition": definition} }
	for name, definition := range map[string]string{
		"bucket":     put,
		"connection": task("arn:aws:states:::http:invoke", `{"ApiEndpoint":"https://tandem.example","Method":"GET","Authentication":{"ConnectionArn":"arn:aws:events:us-east-1:123456789012:connection/c/1"}}`),
		"topic":      task("arn:aws:states:::sns:publish", `{"TopicArn":"arn:aws:sns:us-east-1:123456789012:t","Message":"m"}`),
	} {
		west.Refused(stateMachine, name, machine(definition), "InvalidDefinition", "is in us-east-1: a task reaches its own region, us-west-2, only")
	}
	own := east.Make(stateMachine, "own", machine(put))
	if own.Get("arn") != own.ID {
		t.Errorf("a state machine's ARN is its id: %v", own.Outputs)
	}
	cloudtest.WantError(t, own.Update(machine(`{"StartAt":"A"}`)), "InvalidDefinition", "States")
	if err := bucket.Delete(); err != nil {
		t.Errorf("a definition keeps nothing from being deleted: %v", err)
	}
}

func TestACompositeAlarmNamesAlarmsOfItsRegion(t *testing.T) {
	w := cloudtest.New(t)
	east, west := w.AWS("us-east-1"), w.AWS("us-west-2")
	alarm := props{
		"name": "lag", "comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "threshold": 1, "namespace": "AWS/RDS", "metricName": "Lag",
		"period": 60, "statistic": "Average",
	}
	east.Make("aws:cloudwatch/metricAlarm:MetricAlarm", "lag", alarm)
	composite := func(rule string) props { return props{"alarmName": "lost", "alarmRule": rule} }
	const typ = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
	west.Refused(typ, "lost", composite(`ALARM("lag")`), "ValidationError", "lag, which is no alarm of us-west-2")
	west.Refused(typ, "lost", composite(`lag`), "ValidationError", "names no alarm")
	east.Refused(typ, "lost", composite(`ALARM("lag") AND OK("other")`), "ValidationError", "other, which is no alarm")
	east.Make(typ, "lost", composite(`ALARM("lag") AND NOT OK(lag)`))
}

func TestACanaryHasScriptAndRuntime(t *testing.T) {
	east := cloudtest.New(t).AWS("us-east-1")
	role := east.Make("aws:iam/role:Role", "canary", props{
		"assumeRolePolicy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`,
	})
	canary := func(change props) props {
		p := props{
			"name": "probe", "executionRoleArn": role.Get("arn"), "runtimeVersion": "syn-nodejs-puppeteer-13.1", "handler": "canary.handler",
			"artifactS3Location": "s3://b/results", "schedule": props{"expression": "rate(1 minute)"}, "zipFile": "canary.zip", "startCanary": true,
		}
		for k, v := range change {
			p[k] = v
		}
		return p
	}
	const typ = "aws:synthetics/canary:Canary"
	east.Refused(typ, "a", canary(props{"runtimeVersion": "nodejs"}), "no runtime version nodejs")
	east.Refused(typ, "b", canary(props{"zipFile": nil}), "s3Bucket")
	if made := east.Make(typ, "c", canary(nil)); made.Get("status") != "RUNNING" {
		t.Errorf("the canary is %v", made.Get("status"))
	}
}
