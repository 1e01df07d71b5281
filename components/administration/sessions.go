package administration

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/autoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// builder makes the children of one Administration, step by step.
type builder struct {
	ctx  *pulumi.Context
	name string
	args *AdministrationArgs
	in   pulumi.ResourceOption // the parent of every child

	key      *kms.Key
	logs     *cloudwatch.LogGroup
	document *ssm.Document
	policy   *iam.Policy
	role     *iam.Role            // the jump server's
	profile  *iam.InstanceProfile // likewise
	group    *ec2.SecurityGroup   // likewise
	server   *autoscaling.Group
}

// tags names what has no name of its own, for the console's lists.
func tags(name string) pulumi.StringMap { return pulumi.StringMap{"Name": pulumi.String(name)} }

// keep protects what holds records.
func (b *builder) keep() pulumi.ResourceOption {
	return pulumi.Composite(pulumi.Protect(!b.args.AllowDestroy), pulumi.RetainOnDelete(!b.args.AllowDestroy))
}

// makeRecord makes the log group of sessions and the key of both.
func (b *builder) makeRecord() (err error) {
	name := b.name + "-sessions"
	days := 30 // as long as KMS allows: without the key the record is lost
	if b.args.AllowDestroy {
		days = 7
	}
	if b.key, err = kms.NewKey(b.ctx, name, &kms.KeyArgs{
		Description:          pulumi.String("Encrypts Session Manager sessions and their record"),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(days),
		Policy: iampolicy.Key{Account: b.args.AccountID, Others: []iampolicy.Statement{
			b.useInSessions(),
			iampolicy.EncryptLogs(b.args.Region, fmt.Sprintf("arn:aws:logs:%s:%s:log-group:%s-*", b.args.Region, b.args.AccountID, name)),
		}}.JSON(),
		Tags: tags(name),
	}, b.in, b.keep()); err != nil {
		return err
	}
	b.logs, err = cloudwatch.NewLogGroup(b.ctx, name, &cloudwatch.LogGroupArgs{
		RetentionInDays: pulumi.Int(b.args.LogRetentionDays),
		KmsKeyId:        b.key.Arn,
		Tags:            tags(name),
	}, b.in, b.keep())
	return err
}

// useInSessions lets people and machines of the account use the key for a session's
// data, and for nothing else. Both ask KMS themselves, with no service in between:
// the one who starts a session for its data key, and the machine's agent to decrypt
// that (Systems Manager user guide, "Turn on KMS key encryption of session data").
// They name session and machine in the encryption context (session-manager-plugin
// and amazon-ssm-agent, data channel).
func (b *builder) useInSessions() iampolicy.Statement {
	return iampolicy.Statement{
		Sid:       "Sessions",
		Principal: iampolicy.AccountPrincipal(b.args.AccountID),
		Action:    []string{"kms:Decrypt", "kms:GenerateDataKey"},
		Condition: map[string]any{"StringLike": map[string]any{
			"kms:EncryptionContext:aws:ssm:SessionId": "*",
			"kms:EncryptionContext:aws:ssm:TargetId":  "*",
		}},
	}
}

// preferences are the session document's content (AWS Systems Manager user
// guide, "Session document schema"). Numbers are text there.
type preferences struct {
	SchemaVersion string            `json:"schemaVersion"`
	Description   string            `json:"description"`
	SessionType   string            `json:"sessionType"`
	Inputs        preferencesInputs `json:"inputs"`
}

// preferencesInputs are the preferences themselves. What is any holds outputs.
type preferencesInputs struct {
	KMSKeyID           any    `json:"kmsKeyId"`
	LogGroupName       any    `json:"cloudWatchLogGroupName"`
	LogEncrypted       bool   `json:"cloudWatchEncryptionEnabled"`
	LogStreaming       bool   `json:"cloudWatchStreamingEnabled"`
	IdleSessionTimeout string `json:"idleSessionTimeout"`
	MaxSessionDuration string `json:"maxSessionDuration"`
	RunAsEnabled       bool   `json:"runAsEnabled"`
}

func (b *builder) makePreferences() (err error) {
	b.document, err = ssm.NewDocument(b.ctx, b.name+"-preferences", &ssm.DocumentArgs{
		Name:           pulumi.String(b.args.DocumentName),
		DocumentType:   pulumi.String("Session"),
		DocumentFormat: pulumi.String("JSON"),
		Content: pulumi.JSONMarshal(preferences{
			SchemaVersion: "1.0",
			Description:   "Session Manager: encrypted, recorded as it happens, and short",
			SessionType:   "Standard_Stream",
			Inputs: preferencesInputs{
				KMSKeyID:           b.key.Arn,
				LogGroupName:       b.logs.Name,
				LogEncrypted:       true,
				LogStreaming:       true, // so that nothing is lost with a machine that dies
				IdleSessionTimeout: strconv.Itoa(b.args.IdleMinutes),
				MaxSessionDuration: strconv.Itoa(b.args.MaxMinutes),
			},
		}),
		Tags: tags(b.name + "-preferences"),
	}, b.in)
	return err
}

// makeHostPolicy lets machines take part in sessions: decrypt what comes in, and
// write the record.
func (b *builder) makeHostPolicy() (err error) {
	name := b.name + "-session-host"
	if b.policy, err = iam.NewPolicy(b.ctx, name, &iam.PolicyArgs{
		Description: pulumi.String("Lets a machine take part in recorded Session Manager sessions"),
		Policy: iampolicy.JSON(
			iampolicy.Statement{Action: []string{"kms:Decrypt"}, Resource: b.key.Arn},
			iampolicy.Statement{Action: []string{"logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"}, Resource: pulumi.Sprintf("%s:*", b.logs.Arn)},
			iampolicy.Statement{Action: []string{"logs:DescribeLogGroups"}, Resource: "*"}, // it knows no single one
		),
	}, b.in); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(b.args.HostRoleNames)) {
		if err := b.attach(b.name+"-session-"+key, b.args.HostRoleNames[key], b.policy.Arn); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) attach(name string, role, policy pulumi.StringInput) error {
	_, err := iam.NewRolePolicyAttachment(b.ctx, name, &iam.RolePolicyAttachmentArgs{Role: role, PolicyArn: policy}, b.in)
	return err
}
