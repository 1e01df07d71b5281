// Package observability makes what tells people how a region does.
//
// An [Observability] has log groups, CloudWatch alarms and EventBridge rules that
// report to one encrypted topic, a dashboard, and on request monitors in Datadog
// with Datadog's access to the account. It watches what its arguments name, and
// takes nothing but names: any load balancer, database or table will do.
package observability

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Observability is what tells people how a region does.
type Observability struct {
	pulumi.ResourceState

	// TopicARN is the topic that alarms and events are published to.
	TopicARN pulumi.StringOutput `pulumi:"topicArn"`
	// KeyARN is the key of the topic and the log groups.
	KeyARN pulumi.StringOutput `pulumi:"keyArn"`
	// LogGroupNames are the names of the log groups, by what the arguments call them.
	LogGroupNames pulumi.StringMapOutput `pulumi:"logGroupNames"`
	// AlarmARNs are the ARNs of the alarms, by their suffixes, such as "alb-errors".
	AlarmARNs pulumi.StringMapOutput `pulumi:"alarmArns"`
	// DashboardName is the name of the CloudWatch dashboard.
	DashboardName pulumi.StringOutput `pulumi:"dashboardName"`
	// DatadogMonitorIDs are the ids of the monitors, by their names; none without
	// Datadog.
	DatadogMonitorIDs pulumi.StringMapOutput `pulumi:"datadogMonitorIds"`
}

// NewObservability makes what tells people how a region does. Bad arguments are
// reported all at once, before anything is registered.
func NewObservability(ctx *pulumi.Context, name string, args *ObservabilityArgs, opts ...pulumi.ResourceOption) (*Observability, error) {
	if err := args.Validate(name); err != nil {
		return nil, err
	}
	args = args.withDefaults()
	o := &Observability{}
	inputs := pulumi.Map{
		"region":           pulumi.String(args.Region),
		"logGroups":        pulumi.ToStringArray(args.LogGroups),
		"logRetentionDays": pulumi.Int(args.LogRetentionDays),
	}
	if err := ctx.RegisterComponentResourceV2("tandem:index:Observability", name, inputs, o, opts...); err != nil {
		return nil, err
	}
	b := &builder{
		ctx: ctx, name: name, args: args, in: pulumi.Parent(o),
		keep:      pulumi.Composite(pulumi.Protect(!args.AllowDestroy), pulumi.RetainOnDelete(!args.AllowDestroy)),
		logGroups: pulumi.StringMap{}, alarms: pulumi.StringMap{}, monitors: pulumi.StringMap{},
	}
	for _, step := range []func() error{b.makeKey, b.makeLogGroups, b.makeTopic, b.makeAlarms, b.makeEventRules, b.makeDashboard, b.makeDatadog} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	o.TopicARN = b.topic.Arn
	o.KeyARN = b.keyARN
	o.LogGroupNames = b.logGroups.ToStringMapOutput()
	o.AlarmARNs = b.alarms.ToStringMapOutput()
	o.DashboardName = pulumi.String(name).ToStringOutput()
	o.DatadogMonitorIDs = b.monitors.ToStringMapOutput()
	return o, ctx.RegisterResourceOutputs(o, pulumi.Map{
		"topicArn":          o.TopicARN,
		"keyArn":            o.KeyARN,
		"logGroupNames":     o.LogGroupNames,
		"alarmArns":         o.AlarmARNs,
		"dashboardName":     o.DashboardName,
		"datadogMonitorIds": o.DatadogMonitorIDs,
	})
}
