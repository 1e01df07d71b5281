package datatier

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// makeRotation makes what rotates the database's password, which only home can
// because a replica of a secret does not rotate, and in every region what tells
// the password's age, so that each sees by itself that rotation has come to a
// halt.
func (b *builder) makeRotation() error {
	if b.args.Rotation == nil {
		return nil
	}
	if err := b.makeWatch(); err != nil {
		return err
	}
	if !b.home() {
		return nil
	}
	name := b.name + "-rotation"
	group, err := b.rotationSecurityGroup(name)
	if err != nil {
		return err
	}
	statements := []iampolicy.Statement{
		{
			Action: []string{
				"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage",
			},
			Resource: b.tier.SecretARN,
		},
		{Action: []string{"secretsmanager:GetRandomPassword"}, Resource: "*"}, // it has no resource
		b.secretsKeyStatement("kms:Decrypt", "kms:GenerateDataKey"),
	}
	function, err := b.makeFunction(functionSpec{
		name: name, description: "Rotates the password of the database's user", statements: statements, group: group,
		environment: pulumi.StringMap{"SECRET_ARN": b.tier.SecretARN},
	})
	if err != nil {
		return err
	}
	permission, err := lambda.NewPermission(b.ctx, name, &lambda.PermissionArgs{
		Action:    pulumi.String("lambda:InvokeFunction"),
		Function:  function.Name,
		Principal: pulumi.String("secretsmanager.amazonaws.com"),
		SourceArn: b.tier.SecretARN,
	}, b.in)
	if err != nil {
		return err
	}
	_, err = secretsmanager.NewSecretRotation(b.ctx, name, &secretsmanager.SecretRotationArgs{
		SecretId:          b.tier.SecretARN,
		RotationLambdaArn: function.Arn,
		RotationRules:     &secretsmanager.SecretRotationRotationRulesArgs{AutomaticallyAfterDays: pulumi.Int(b.args.Rotation.Days)},
		// The first password is in Pulumi's state, though encrypted there.
		RotateImmediately: pulumi.Bool(true),
	}, b.in, pulumi.DependsOn([]pulumi.Resource{permission}))
	return err
}

// makeWatch makes the function that tells the password's age once a day.
func (b *builder) makeWatch() error {
	name := b.name + "-rotation-watch"
	function, err := b.makeFunction(functionSpec{
		name: name, description: "Tells the age of the database's password",
		statements:  []iampolicy.Statement{{Action: []string{"secretsmanager:ListSecretVersionIds"}, Resource: b.tier.SecretARN}},
		environment: pulumi.StringMap{"SECRET_ARN": b.tier.SecretARN, "SECRET_NAME": b.tier.SecretName},
	})
	if err != nil {
		return err
	}
	rule, err := cloudwatch.NewEventRule(b.ctx, name, &cloudwatch.EventRuleArgs{
		Description:        pulumi.String("When the age of the database's password is told"),
		ScheduleExpression: pulumi.String("rate(6 hours)"),
		Tags:               tags(name),
	}, b.in)
	if err != nil {
		return err
	}
	permission, err := lambda.NewPermission(b.ctx, name, &lambda.PermissionArgs{
		Action:    pulumi.String("lambda:InvokeFunction"),
		Function:  function.Name,
		Principal: pulumi.String("events.amazonaws.com"),
		SourceArn: rule.Arn,
	}, b.in)
	if err != nil {
		return err
	}
	_, err = cloudwatch.NewEventTarget(b.ctx, name, &cloudwatch.EventTargetArgs{
		Rule: rule.Name,
		Arn:  function.Arn,
	}, b.in, pulumi.DependsOn([]pulumi.Resource{permission}))
	return err
}

// functionSpec is how one function differs from the other.
type functionSpec struct {
	name, description string
	statements        []iampolicy.Statement // what it may do, besides writing its log
	group             *ec2.SecurityGroup    // of a function in the VPC; nil for one outside
	environment       pulumi.StringMap
}

func (b *builder) makeFunction(spec functionSpec) (*lambda.Function, error) {
	// Lambda would make the log group itself, and keep the logs for ever.
	logs, err := cloudwatch.NewLogGroup(b.ctx, spec.name+"-logs", &cloudwatch.LogGroupArgs{
		Name:            pulumi.String("/aws/lambda/" + spec.name),
		RetentionInDays: pulumi.Int(b.args.Database.LogRetentionDays),
		KmsKeyId:        b.dataKeyARN,
	}, b.in)
	if err != nil {
		return nil, err
	}
	role, err := iam.NewRole(b.ctx, spec.name, &iam.RoleArgs{
		Description:      pulumi.String(spec.description),
		AssumeRolePolicy: iampolicy.Trust("lambda.amazonaws.com"),
		Tags:             tags(spec.name),
	}, b.in)
	if err != nil {
		return nil, err
	}
	statements := append(spec.statements, iampolicy.Statement{
		Action: []string{"logs:CreateLogStream", "logs:PutLogEvents"}, Resource: pulumi.Sprintf("%s:*", logs.Arn),
	}, iampolicy.Statement{
		Action: []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords"}, Resource: "*", // they have no resource
	})
	policy, err := iam.NewRolePolicy(b.ctx, spec.name, &iam.RolePolicyArgs{Role: role.ID(), Policy: iampolicy.JSON(statements...)}, b.in)
	if err != nil {
		return nil, err
	}
	after := []pulumi.Resource{policy}
	args := &lambda.FunctionArgs{
		Name:          pulumi.String(spec.name), // the log group's name has it
		Description:   pulumi.String(spec.description),
		Role:          role.Arn,
		Code:          b.args.Rotation.Code,
		Runtime:       pulumi.String("provided.al2023"),
		Architectures: pulumi.ToStringArray([]string{"arm64"}),
		Handler:       pulumi.String("bootstrap"),
		MemorySize:    pulumi.Int(256),
		Timeout:       pulumi.Int(60),
		Environment:   &lambda.FunctionEnvironmentArgs{Variables: spec.environment},
		TracingConfig: &lambda.FunctionTracingConfigArgs{Mode: pulumi.String("Active")},
		LoggingConfig: &lambda.FunctionLoggingConfigArgs{LogFormat: pulumi.String("Text"), LogGroup: logs.Name},
		Tags:          tags(spec.name),
	}
	if spec.group != nil {
		network, err := iam.NewRolePolicyAttachment(b.ctx, spec.name+"-network", &iam.RolePolicyAttachmentArgs{
			Role:      role.Name,
			PolicyArn: pulumi.String("arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess"),
		}, b.in)
		if err != nil {
			return nil, err
		}
		after = append(after, network)
		args.VpcConfig = &lambda.FunctionVpcConfigArgs{
			SubnetIds:        b.args.SubnetIDs,
			SecurityGroupIds: pulumi.StringArray{spec.group.ID()},
		}
	}
	return lambda.NewFunction(b.ctx, spec.name, args, b.in, pulumi.DependsOn(after))
}

// rotationSecurityGroup lets the function reach the database, wherever its
// writer is, and Secrets Manager by the VPC's endpoint.
func (b *builder) rotationSecurityGroup(name string) (*ec2.SecurityGroup, error) {
	group, err := ec2.NewSecurityGroup(b.ctx, name, &ec2.SecurityGroupArgs{
		Description: pulumi.String("The rotation: PostgreSQL to the writer, HTTPS to Secrets Manager"),
		VpcId:       b.args.VPCID,
		Tags:        tags(name),
	}, b.in)
	if err != nil {
		return nil, err
	}
	if err := b.connectToDatabase(name, "rotation", group); err != nil {
		return nil, err
	}
	egress := func(suffix, to, description string, port int) error {
		_, err := vpc.NewSecurityGroupEgressRule(b.ctx, name+"-to-"+suffix, &vpc.SecurityGroupEgressRuleArgs{
			SecurityGroupId: group.ID(),
			CidrIpv4:        pulumi.String(to),
			IpProtocol:      pulumi.String("tcp"),
			FromPort:        pulumi.Int(port),
			ToPort:          pulumi.Int(port),
			Description:     pulumi.String(description),
		}, b.in)
		return err
	}
	for _, client := range slices.Sorted(maps.Keys(b.args.ClientCIDRs)) {
		if err := egress(client, b.args.ClientCIDRs[client], fmt.Sprintf("PostgreSQL to %s, where the writer may be", client), port); err != nil {
			return nil, err
		}
	}
	// An endpoint's addresses are those of its subnets.
	return group, egress("secrets-manager", "0.0.0.0/0", "HTTPS to Secrets Manager", 443)
}
