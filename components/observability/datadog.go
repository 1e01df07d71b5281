package observability

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-datadog/sdk/v4/go/datadog"
	datadogaws "github.com/pulumi/pulumi-datadog/sdk/v4/go/datadog/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// This file alone imports the Datadog SDK, whose compilation takes minutes.

// datadogReads are what Datadog may do in the account: read the metrics and tags
// of the services that the platform uses (Datadog documentation, AWS integration
// IAM policy).
var datadogReads = []string{
	"autoscaling:Describe*",
	"cloudfront:GetDistributionConfig",
	"cloudfront:ListDistributions",
	"cloudwatch:Describe*",
	"cloudwatch:Get*",
	"cloudwatch:List*",
	"dynamodb:DescribeTable",
	"dynamodb:ListTables",
	"dynamodb:ListTagsOfResource",
	"ec2:Describe*",
	"ecr:DescribeRepositories",
	"eks:DescribeCluster",
	"eks:ListClusters",
	"elasticloadbalancing:Describe*",
	"health:DescribeEventDetails",
	"health:DescribeEvents",
	"kms:ListAliases",
	"rds:Describe*",
	"rds:ListTagsForResource",
	"route53:List*",
	"s3:GetBucketTagging",
	"s3:ListAllMyBuckets",
	"sns:List*",
	"states:DescribeStateMachine",
	"states:ListStateMachines",
	"tag:GetResources",
	"tag:GetTagKeys",
	"tag:GetTagValues",
}

func (b *builder) makeDatadog() error {
	if b.args.Datadog == nil {
		return nil
	}
	if err := b.makeIntegration(); err != nil {
		return err
	}
	return b.makeMonitors()
}

// makeIntegration lets Datadog read the account. Datadog gives out the external
// id first, so that the role trusts nobody who does not know it at any time.
func (b *builder) makeIntegration() error {
	in := b.args.Datadog.Integration
	if in == nil {
		return nil
	}
	name := b.name + "-datadog"
	external, err := datadogaws.NewIntegrationExternalId(b.ctx, name, nil, b.in)
	if err != nil {
		return err
	}
	role, err := iam.NewRole(b.ctx, name, &iam.RoleArgs{
		Description: pulumi.String("Lets Datadog read metrics and tags"),
		AssumeRolePolicy: iampolicy.JSON(iampolicy.Statement{
			Principal: map[string]any{"AWS": fmt.Sprintf("arn:aws:iam::%s:root", in.DatadogAccountID)},
			Action:    []string{"sts:AssumeRole"},
			Condition: map[string]any{"StringEquals": map[string]any{"sts:ExternalId": external.ID()}},
		}),
	}, b.in)
	if err != nil {
		return err
	}
	policy, err := iam.NewRolePolicy(b.ctx, name, &iam.RolePolicyArgs{
		Role:   role.ID(),
		Policy: iampolicy.JSON(iampolicy.Statement{Action: datadogReads, Resource: "*"}),
	}, b.in)
	if err != nil {
		return err
	}
	_, err = datadogaws.NewIntegrationAccount(b.ctx, name, &datadogaws.IntegrationAccountArgs{
		AwsAccountId: pulumi.String(b.args.AccountID),
		AwsPartition: pulumi.String("aws"),
		AccountTags:  pulumi.ToStringArray(b.args.Datadog.Tags),
		AuthConfig: &datadogaws.IntegrationAccountAuthConfigArgs{
			AwsAuthConfigRole: &datadogaws.IntegrationAccountAuthConfigAwsAuthConfigRoleArgs{
				RoleName:   role.Name,
				ExternalId: external.ID().ToStringOutput().ToStringPtrOutput(),
			},
		},
		AwsRegions: &datadogaws.IntegrationAccountAwsRegionsArgs{IncludeOnlies: pulumi.ToStringArray(in.Regions)},
		MetricsConfig: &datadogaws.IntegrationAccountMetricsConfigArgs{
			Enabled:                 pulumi.Bool(true),
			AutomuteEnabled:         pulumi.Bool(true),
			CollectCloudwatchAlarms: pulumi.Bool(true),
			CollectCustomMetrics:    pulumi.Bool(false),
			NamespaceFilters:        &datadogaws.IntegrationAccountMetricsConfigNamespaceFiltersArgs{},
		},
		LogsConfig: &datadogaws.IntegrationAccountLogsConfigArgs{
			LambdaForwarder: &datadogaws.IntegrationAccountLogsConfigLambdaForwarderArgs{},
		},
		// Nothing but metrics: the role may not read more.
		ResourcesConfig: &datadogaws.IntegrationAccountResourcesConfigArgs{
			ExtendedCollection:                       pulumi.Bool(false),
			CloudSecurityPostureManagementCollection: pulumi.Bool(false),
		},
		TracesConfig: &datadogaws.IntegrationAccountTracesConfigArgs{
			XrayServices: &datadogaws.IntegrationAccountTracesConfigXrayServicesArgs{},
		},
	}, b.in, pulumi.DependsOn([]pulumi.Resource{policy}))
	return err
}

func (b *builder) makeMonitors() error {
	d := b.args.Datadog
	cluster := pulumi.String("").ToStringOutput()
	if d.ClusterName != nil {
		cluster = d.ClusterName.ToStringOutput()
	}
	for _, m := range d.Monitors {
		thresholds := &datadog.MonitorMonitorThresholdsArgs{Critical: pulumi.String(number(m.Critical))}
		if m.Warning != nil {
			thresholds.Warning = pulumi.String(number(*m.Warning))
		}
		args := &datadog.MonitorArgs{
			Name:              pulumi.String(m.Title),
			Type:              pulumi.String("query alert"),
			Query:             cluster.ApplyT(m.query).(pulumi.StringOutput),
			Message:           pulumi.String(m.message(d.Notify)),
			MonitorThresholds: thresholds,
			Priority:          pulumi.String(number(float64(m.Priority))),
			EvaluationDelay:   pulumi.Int(m.DelaySeconds),
			NotifyNoData:      pulumi.Bool(m.NoDataMinutes > 0),
			RequireFullWindow: pulumi.Bool(false), // cloud metrics are sparse
			IncludeTags:       pulumi.Bool(true),
			Tags:              pulumi.ToStringArray(append([]string{"region:" + b.args.Region, "stack:" + b.name}, d.Tags...)),
		}
		if m.NoDataMinutes > 0 {
			args.NoDataTimeframe = pulumi.Int(m.NoDataMinutes)
		}
		if text := m.escalation(d.Notify, d.Escalate); text != "" {
			args.EscalationMessage = pulumi.String(text)
			args.RenotifyInterval = pulumi.Int(d.RenotifyMinutes)
		}
		made, err := datadog.NewMonitor(b.ctx, b.name+"-"+m.Name, args, b.in)
		if err != nil {
			return err
		}
		b.monitors[m.Name] = made.ID().ToStringOutput()
	}
	return nil
}
