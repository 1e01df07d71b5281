package edge

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/wafv2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/bucket"
	"github.com/tandem-platform/tandem/internal/iampolicy"
	"github.com/tandem-platform/tandem/internal/logs"
)

// makeLogBucket makes the bucket of the load balancer's and CloudFront's logs,
// unless one is given.
// They are encrypted with S3's own key, since Elastic Load Balancing writes with no
// other (Application Load Balancers user guide, "Enable access logs").
func (b *builder) makeLogBucket() (err error) {
	if b.args.LogBucket != nil {
		b.logBucket = b.args.LogBucket.ToStringOutput()
		return nil
	}
	made, err := bucket.New(b.ctx, b.name+"-logs", bucket.Args{
		Lifecycle:    s3.BucketLifecycleConfigurationV2RuleArray{bucket.Expire("retention", "", b.args.LogRetentionDays)},
		AllowDestroy: b.args.AllowDestroy,
		Options:      []pulumi.ResourceOption{pulumi.RetainOnDelete(!b.args.AllowDestroy)},
		Statements: func(bucket, _ pulumi.StringOutput) []iampolicy.Statement {
			account := b.securityGroup.OwnerId
			writers := []iampolicy.Statement{{
				Sid:       "LoadBalancer",
				Principal: map[string]any{"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
				Action:    []string{"s3:PutObject"},
				// The account in the path is the load balancer's, so no other's logs come here.
				Resource: pulumi.Sprintf("%s/%s/AWSLogs/%s/*", bucket, b.name, account),
			}}
			if b.args.Global != nil {
				writers = append(writers, iampolicy.Statement{
					Sid:       "CloudFront",
					Principal: map[string]any{"Service": "delivery.logs.amazonaws.com"},
					Action:    []string{"s3:PutObject"},
					Resource:  pulumi.Sprintf("%s/AWSLogs/%s/CloudFront/*", bucket, account),
					Condition: map[string]any{
						"StringEquals": map[string]any{"aws:SourceAccount": account},
						"ArnLike":      map[string]any{"aws:SourceArn": pulumi.Sprintf("arn:aws:logs:%s:%s:delivery-source:*", globalRegion, account)},
					},
				})
			}
			return writers
		},
	}, b.in)
	if err != nil {
		return err
	}
	b.logBucket = made.Name
	return nil
}

// recorded are the fields of CloudFront's access logs that are kept (CloudFront
// developer guide, "Standard logging (access logs)"): not cookies, query strings
// and referrers, which sessions and keys are in.
var recorded = []string{
	"date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "sc-status", "cs(User-Agent)",
	"x-edge-result-type", "x-edge-request-id", "x-host-header", "cs-protocol", "cs-bytes", "time-taken", "ssl-protocol", "ssl-cipher",
	"x-edge-response-result-type", "cs-protocol-version", "c-port", "time-to-first-byte", "x-edge-detailed-result-type", "sc-content-type",
}

// logDistribution has CloudWatch Logs deliver CloudFront's access logs to the
// bucket. CloudFront's older way wants a bucket with access control lists.
func (b *builder) logDistribution() error {
	name := b.name + "-cdn"
	opts := append(b.global(), b.in)
	source, err := cloudwatch.NewLogDeliverySource(b.ctx, name, &cloudwatch.LogDeliverySourceArgs{
		LogType: pulumi.String("ACCESS_LOGS"), ResourceArn: b.distribution.Arn, Tags: tags(name),
	}, opts...)
	if err != nil {
		return err
	}
	destination, err := cloudwatch.NewLogDeliveryDestination(b.ctx, name, &cloudwatch.LogDeliveryDestinationArgs{
		OutputFormat: pulumi.String("json"),
		DeliveryDestinationConfiguration: &cloudwatch.LogDeliveryDestinationDeliveryDestinationConfigurationArgs{
			DestinationResourceArn: pulumi.Sprintf("arn:aws:s3:::%s", b.logBucket),
		},
		Tags: tags(name),
	}, opts...)
	if err != nil {
		return err
	}
	_, err = cloudwatch.NewLogDelivery(b.ctx, name, &cloudwatch.LogDeliveryArgs{
		DeliverySourceName:     source.Name,
		DeliveryDestinationArn: destination.Arn,
		RecordFields:           pulumi.ToStringArray(recorded),
		S3DeliveryConfigurations: cloudwatch.LogDeliveryS3DeliveryConfigurationArray{&cloudwatch.LogDeliveryS3DeliveryConfigurationArgs{
			SuffixPath: pulumi.String("/{DistributionId}/{yyyy}/{MM}/{dd}/{HH}"), EnableHiveCompatiblePath: pulumi.Bool(false),
		}},
		Tags: tags(name),
	}, opts...)
	return err
}

// redacted are the headers that sessions and keys are in.
var redacted = []string{"authorization", "cookie"}

// logWebACL keeps what a web ACL did not simply let through; the rest is in the
// logs of who answered. Headers with credentials and query strings are left out.
func (b *builder) logWebACL(name, scope string, acl *wafv2.WebAcl, opts ...pulumi.ResourceOption) error {
	region := b.args.Region
	if scope == "CLOUDFRONT" {
		region = globalRegion
	}
	group := "aws-waf-logs-" + name // WAF takes no other beginning
	key, err := logs.NewKey(b.ctx, name+"-logs", logs.KeyArgs{
		Description:  "Encrypts the log of the web ACL " + name,
		AccountID:    b.securityGroup.OwnerId,
		Writer:       iampolicy.EncryptLogs(region, pulumi.Sprintf("arn:aws:logs:%s:%s:log-group:%s", region, b.securityGroup.OwnerId, group)),
		AllowDestroy: b.args.AllowDestroy,
	}, opts...)
	if err != nil {
		return err
	}
	made, err := cloudwatch.NewLogGroup(b.ctx, name+"-logs", &cloudwatch.LogGroupArgs{
		Name:            pulumi.String(group),
		RetentionInDays: pulumi.Int(b.args.LogRetentionDays),
		KmsKeyId:        key.Arn,
		Tags:            tags(group),
	}, append(opts, pulumi.RetainOnDelete(!b.args.AllowDestroy))...)
	if err != nil {
		return err
	}
	fields := wafv2.WebAclLoggingConfigurationRedactedFieldArray{&wafv2.WebAclLoggingConfigurationRedactedFieldArgs{
		QueryString: &wafv2.WebAclLoggingConfigurationRedactedFieldQueryStringArgs{},
	}}
	for _, header := range redacted {
		fields = append(fields, &wafv2.WebAclLoggingConfigurationRedactedFieldArgs{
			SingleHeader: &wafv2.WebAclLoggingConfigurationRedactedFieldSingleHeaderArgs{Name: pulumi.String(header)},
		})
	}
	conditions := wafv2.WebAclLoggingConfigurationLoggingFilterFilterConditionArray{}
	for _, action := range []string{"BLOCK", "COUNT", "CAPTCHA", "CHALLENGE", "EXCLUDED_AS_COUNT"} {
		conditions = append(conditions, &wafv2.WebAclLoggingConfigurationLoggingFilterFilterConditionArgs{
			ActionCondition: &wafv2.WebAclLoggingConfigurationLoggingFilterFilterConditionActionConditionArgs{Action: pulumi.String(action)},
		})
	}
	_, err = wafv2.NewWebAclLoggingConfiguration(b.ctx, name+"-logs", &wafv2.WebAclLoggingConfigurationArgs{
		ResourceArn:           acl.Arn,
		LogDestinationConfigs: pulumi.StringArray{made.Arn},
		RedactedFields:        fields,
		LoggingFilter: &wafv2.WebAclLoggingConfigurationLoggingFilterArgs{
			DefaultBehavior: pulumi.String("DROP"),
			Filters: wafv2.WebAclLoggingConfigurationLoggingFilterFilterArray{&wafv2.WebAclLoggingConfigurationLoggingFilterFilterArgs{
				Behavior: pulumi.String("KEEP"), Requirement: pulumi.String("MEETS_ANY"), Conditions: conditions,
			}},
		},
	}, opts...)
	return err
}
