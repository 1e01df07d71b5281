package observability

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// builder makes the children of one observability, step by step.
type builder struct {
	ctx  *pulumi.Context
	name string
	args *ObservabilityArgs
	in   pulumi.ResourceOption // the parent of every child
	keep pulumi.ResourceOption // on every child that holds what cannot be made again

	keyARN    pulumi.StringOutput
	topic     *sns.Topic
	logGroups pulumi.StringMap // names by what the arguments call them
	alarms    pulumi.StringMap // ARNs by suffix
	alarmARNs []pulumi.StringOutput
	monitors  pulumi.StringMap // ids by name
}

// tags names what has no name of its own, for the console's lists.
func tags(name string) pulumi.StringMap { return pulumi.StringMap{"Name": pulumi.String(name)} }

// makeKey makes the key of topic and log groups, unless one was given. A topic
// under the key that AWS manages for SNS would get neither alarms nor events: no
// service may use that key.
func (b *builder) makeKey() error {
	if b.args.KMSKeyARN != nil {
		b.keyARN = b.args.KMSKeyARN.ToStringOutput()
		return nil
	}
	name := b.name + "-observability"
	waitingDays := 30 // the longest that KMS offers
	if b.args.AllowDestroy {
		waitingDays = 7 // the shortest
	}
	key, err := kms.NewKey(b.ctx, name, &kms.KeyArgs{
		Description:          pulumi.String("Encrypts application logs and the alarm topic"),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(waitingDays),
		Policy:               b.keyPolicy(),
		Tags:                 tags(name),
	}, b.in, b.keep)
	if err != nil {
		return err
	}
	b.keyARN = key.Arn
	_, err = kms.NewAlias(b.ctx, name, &kms.AliasArgs{Name: pulumi.String("alias/" + name), TargetKeyId: key.KeyId}, b.in)
	return err
}

func (b *builder) keyPolicy() pulumi.StringOutput {
	use := []string{"kms:Decrypt", "kms:GenerateDataKey*"}
	return iampolicy.Key{
		Account: b.args.AccountID, Region: b.args.Region,
		// Whoever publishes does it by way of SNS (SNS developer guide, "Manage Amazon SNS
		// encryption keys and costs").
		Services: []string{"sns"},
		Others: []iampolicy.Statement{
			iampolicy.EncryptLogs(b.args.Region, fmt.Sprintf("arn:aws:logs:%s:%s:log-group:%s*", b.args.Region, b.args.AccountID, b.logGroupName(""))),
			{
				Sid: "Alarms", Principal: map[string]any{"Service": "cloudwatch.amazonaws.com"},
				Action: use, Condition: b.ownAccount(),
			},
			// EventBridge sends no source account or ARN to KMS, so there is nothing to
			// put a condition on (EventBridge user guide, encrypted SNS topics).
			{Sid: "Events", Principal: map[string]any{"Service": "events.amazonaws.com"}, Action: use},
		},
	}.JSON()
}

// ownAccount is the condition that a service acts for this account.
func (b *builder) ownAccount() map[string]any {
	return map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": b.args.AccountID}}
}

// logGroupName is the whole name of a log group.
func (b *builder) logGroupName(group string) string { return "/" + b.name + "/" + group }

func (b *builder) makeLogGroups() error {
	for _, group := range b.args.LogGroups {
		made, err := cloudwatch.NewLogGroup(b.ctx, b.name+"-logs-"+strings.ReplaceAll(group, "/", "-"), &cloudwatch.LogGroupArgs{
			Name:            pulumi.String(b.logGroupName(group)), // collectors have to know it
			RetentionInDays: pulumi.Int(b.args.LogRetentionDays),
			KmsKeyId:        b.keyARN,
		}, b.in, b.keep)
		if err != nil {
			return err
		}
		b.logGroups[group] = made.Name
	}
	return nil
}

func (b *builder) makeTopic() (err error) {
	name := b.name + "-alarms"
	if b.topic, err = sns.NewTopic(b.ctx, name, &sns.TopicArgs{
		KmsMasterKeyId: b.keyARN,
		Tags:           tags(name),
	}, b.in); err != nil {
		return err
	}
	if _, err := sns.NewTopicPolicy(b.ctx, name, &sns.TopicPolicyArgs{
		Arn: b.topic.Arn,
		Policy: iampolicy.JSON(
			iampolicy.Statement{
				Sid: "Alarms", Principal: map[string]any{"Service": "cloudwatch.amazonaws.com"},
				Action: []string{"sns:Publish"}, Resource: b.topic.Arn, Condition: b.ownAccount(),
			},
			iampolicy.Statement{
				Sid: "Events", Principal: map[string]any{"Service": "events.amazonaws.com"},
				Action: []string{"sns:Publish"}, Resource: b.topic.Arn,
			},
			iampolicy.Statement{
				Sid: "TLSOnly", Effect: "Deny", Principal: "*",
				Action: []string{"sns:Publish"}, Resource: b.topic.Arn,
				Condition: map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}},
			},
		),
	}, b.in); err != nil {
		return err
	}
	for _, address := range b.args.Emails {
		if _, err := sns.NewTopicSubscription(b.ctx, b.name+"-"+address, &sns.TopicSubscriptionArgs{
			Topic:    b.topic.Arn,
			Protocol: pulumi.String("email"),
			Endpoint: pulumi.String(address),
		}, b.in); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) makeAlarms() error {
	for _, planned := range planAlarms(b.args) {
		name := b.name + "-" + planned.suffix
		made, err := cloudwatch.NewMetricAlarm(b.ctx, name, b.alarmArgs(name, planned), b.in)
		if err != nil {
			return err
		}
		b.alarms[planned.suffix] = made.Arn
		b.alarmARNs = append(b.alarmARNs, made.Arn)
	}
	return nil
}

func (b *builder) alarmArgs(name string, a alarm) *cloudwatch.MetricAlarmArgs {
	args := &cloudwatch.MetricAlarmArgs{
		AlarmDescription:   pulumi.String(a.description),
		ComparisonOperator: pulumi.String(a.comparison),
		Threshold:          pulumi.Float64(a.threshold),
		EvaluationPeriods:  pulumi.Int(a.of),
		DatapointsToAlarm:  pulumi.Int(a.bad),
		TreatMissingData:   pulumi.String(a.missing),
		AlarmActions:       pulumi.Array{b.topic.Arn},
		OkActions:          pulumi.Array{b.topic.Arn},
		Tags:               tags(name),
	}
	if m := a.metric; m != nil {
		args.Namespace = pulumi.String(m.namespace)
		args.MetricName = pulumi.String(m.name)
		args.Dimensions = dimensions(m.dimensions)
		args.Period = pulumi.Int(a.seconds)
		if strings.HasPrefix(m.stat, "p") {
			args.ExtendedStatistic = pulumi.String(m.stat)
		} else {
			args.Statistic = pulumi.String(m.stat)
		}
		return args
	}
	result := &cloudwatch.MetricAlarmMetricQueryArgs{
		Id: pulumi.String("result"), Expression: a.expression.ToStringOutput().ToStringPtrOutput(), Label: pulumi.String(a.label), ReturnData: pulumi.Bool(true),
	}
	if len(a.terms) == 0 {
		result.Period = pulumi.Int(a.seconds) // a query of Metrics Insights has a period of its own
	}
	queries := cloudwatch.MetricAlarmMetricQueryArray{result}
	for _, t := range a.terms {
		queries = append(queries, &cloudwatch.MetricAlarmMetricQueryArgs{
			Id: pulumi.String(t.id),
			Metric: &cloudwatch.MetricAlarmMetricQueryMetricArgs{
				Namespace: pulumi.String(t.namespace), MetricName: pulumi.String(t.name), Dimensions: dimensions(t.dimensions),
				Stat: pulumi.String(t.stat), Period: pulumi.Int(a.seconds),
			},
		})
	}
	args.MetricQueries = queries
	return args
}

func dimensions(of []dimension) pulumi.StringMap {
	m := pulumi.StringMap{}
	for _, d := range of {
		m[d.name] = d.value
	}
	return m
}

func (b *builder) makeEventRules() error {
	for _, planned := range eventRules {
		name := b.name + "-" + planned.suffix
		pattern, err := json.Marshal(planned.pattern)
		if err != nil {
			return fmt.Errorf("writing the event pattern of %s: %w", name, err)
		}
		rule, err := cloudwatch.NewEventRule(b.ctx, name, &cloudwatch.EventRuleArgs{
			Description:  pulumi.String(planned.description),
			EventPattern: pulumi.String(pattern),
			Tags:         tags(name),
		}, b.in)
		if err != nil {
			return err
		}
		if _, err := cloudwatch.NewEventTarget(b.ctx, name, &cloudwatch.EventTargetArgs{
			Rule: rule.Name,
			Arn:  b.topic.Arn,
		}, b.in); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) makeDashboard() error {
	_, err := cloudwatch.NewDashboard(b.ctx, b.name+"-dashboard", &cloudwatch.DashboardArgs{
		DashboardName: pulumi.String(b.name),
		DashboardBody: pulumi.JSONMarshal(planDashboard(b.args, b.alarmARNs)),
	}, b.in)
	return err
}
