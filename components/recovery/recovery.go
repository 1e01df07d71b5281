// Package recovery makes what moves the platform's traffic and its writes from a
// region that is lost to the one that is left, and back as planned.
//
// A [Recovery] has two Step Functions state machines, one that makes its own
// region the writer and one that hands the role over; a table with the writer's
// lease; a canary that asks the other region from this one; and alarms that
// together start the takeover. Everything that acts is in its own region and
// calls nothing outside it, but for HTTP requests to public endpoints: no control
// plane of the other region, and none of those that live in us-east-1.
package recovery

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sfn"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/bucket"
)

// TakeoverKey is the key of the takeover object in its bucket.
const TakeoverKey = "takeover"

// Recovery is what takes over in one region.
type Recovery struct {
	pulumi.ResourceState

	// TakeoverMachineARN is the state machine that makes this region the writer.
	TakeoverMachineARN pulumi.StringOutput `pulumi:"takeoverMachineArn"`
	// FailbackMachineARN is the state machine that hands the role over.
	FailbackMachineARN pulumi.StringOutput `pulumi:"failbackMachineArn"`
	// LeaseTableName is the table with the writer's lease, the item whose id is
	// "writer".
	LeaseTableName pulumi.StringOutput `pulumi:"leaseTableName"`
	// LostAlarmARN is the alarm that starts the takeover.
	LostAlarmARN pulumi.StringOutput `pulumi:"lostAlarmArn"`
}

// builder makes the children of one recovery, step by step.
type builder struct {
	ctx  *pulumi.Context
	name string
	args *RecoveryArgs
	in   pulumi.ResourceOption // the parent of every child
	keep pulumi.ResourceOption // on every child that holds data

	machineRoles     map[string]*iam.Role // by the suffix of the machine's name
	keyARN           pulumi.StringOutput
	tableName        pulumi.StringOutput
	tableARN         pulumi.StringOutput
	connectionARN    pulumi.StringOutput
	connectionSecret pulumi.StringOutput
	files            *bucket.Bucket // of the canary
	canaryName       pulumi.StringOutput
	replicationAlarm alarm
	canaryAlarm      alarm
	lostAlarmARN     pulumi.StringOutput
	logGroupARN      pulumi.StringOutput
	takeover         *sfn.StateMachine
	failback         *sfn.StateMachine
}

// alarm is a CloudWatch alarm.
type alarm struct{ name, arn pulumi.StringOutput }

// tags names what has no name of its own, for the console's lists.
func tags(name string) pulumi.StringMap { return pulumi.StringMap{"Name": pulumi.String(name)} }

// NewRecovery makes what takes over in a region. Bad arguments are reported all
// at once, before anything is registered.
//
// The options must carry AWS and random providers, or leave both to their
// defaults; the AWS provider's region is [RecoveryArgs.Region]. With Workloads they
// must carry the Kubernetes provider of the cluster.
func NewRecovery(ctx *pulumi.Context, name string, args *RecoveryArgs, opts ...pulumi.ResourceOption) (*Recovery, error) {
	if err := args.Validate(name); err != nil {
		return nil, err
	}
	args = args.withDefaults()
	r := &Recovery{}
	inputs := pulumi.Map{
		"region":              pulumi.String(args.Region),
		"otherRegion":         pulumi.String(args.Other.Region),
		"failover":            pulumi.String(args.Failover),
		"approval":            pulumi.String(args.Approval),
		"approvalWaitSeconds": pulumi.Int(args.ApprovalWaitSeconds),
		"rtoSeconds":          pulumi.Int(args.RTOSeconds),
	}
	if err := ctx.RegisterComponentResourceV2("tandem:index:Recovery", name, inputs, r, opts...); err != nil {
		return nil, err
	}
	b := &builder{
		ctx: ctx, name: name, args: args, in: pulumi.Parent(r),
		keep: pulumi.Composite(pulumi.Protect(!args.AllowDestroy), pulumi.RetainOnDelete(!args.AllowDestroy)),
	}
	for _, step := range []func() error{
		b.makeMachineRoles, b.makeKey, b.makeLease, b.makeConnection, b.makeCanary, b.makeAlarms, b.makeLogGroup, b.makeMachines, b.makeStart, b.makeAccess,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	r.TakeoverMachineARN = b.takeover.Arn
	r.FailbackMachineARN = b.failback.Arn
	r.LeaseTableName = b.tableName
	r.LostAlarmARN = b.lostAlarmARN
	return r, ctx.RegisterResourceOutputs(r, pulumi.Map{
		"takeoverMachineArn": r.TakeoverMachineARN,
		"failbackMachineArn": r.FailbackMachineARN,
		"leaseTableName":     r.LeaseTableName,
		"lostAlarmArn":       r.LostAlarmARN,
	})
}
