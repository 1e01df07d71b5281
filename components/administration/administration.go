// Package administration lets people reach machines through AWS Systems Manager
// Session Manager, without a bastion: sessions are encrypted with a key of their
// own, recorded, and short. On request there is a jump server.
package administration

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Administration is a region's preferences for sessions, what their record is
// kept in and, on request, a jump server.
type Administration struct {
	pulumi.ResourceState

	// DocumentName is the document with the preferences.
	DocumentName pulumi.StringOutput `pulumi:"documentName"`
	// LogGroupName is the log group that sessions are recorded in.
	LogGroupName pulumi.StringOutput `pulumi:"logGroupName"`
	// HostPolicyARN is what a machine's role needs for a recorded session, besides
	// AmazonSSMManagedInstanceCore.
	HostPolicyARN pulumi.StringOutput `pulumi:"hostPolicyArn"`
	// JumpSecurityGroupID is the jump server's security group, for others to let in;
	// "" where there is none.
	JumpSecurityGroupID pulumi.StringOutput `pulumi:"jumpSecurityGroupId"`
	// JumpGroupName is the auto scaling group of the jump server, by which it is
	// found; "" where there is none.
	JumpGroupName pulumi.StringOutput `pulumi:"jumpGroupName"`
}

// NewAdministration makes a region's administration. Bad arguments are reported
// all at once, before anything is registered.
func NewAdministration(ctx *pulumi.Context, name string, args *AdministrationArgs, opts ...pulumi.ResourceOption) (*Administration, error) {
	args = args.withDefaults()
	if err := args.Validate(name); err != nil {
		return nil, err
	}
	a := &Administration{}
	inputs := pulumi.Map{
		"region":       pulumi.String(args.Region),
		"documentName": pulumi.String(args.DocumentName),
		"jumpServer":   pulumi.Bool(args.JumpServer != nil),
	}
	if err := ctx.RegisterComponentResourceV2("tandem:index:Administration", name, inputs, a, opts...); err != nil {
		return nil, err
	}
	b := &builder{ctx: ctx, name: name, args: args, in: pulumi.Parent(a)}
	steps := []func() error{b.makeRecord, b.makePreferences, b.makeHostPolicy}
	none := pulumi.String("").ToStringOutput()
	a.JumpSecurityGroupID, a.JumpGroupName = none, none
	if args.JumpServer != nil {
		steps = append(steps, b.makeJumpRole, b.makeJumpGroup, b.makeJumpServer)
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	a.DocumentName = b.document.Name
	a.LogGroupName = b.logs.Name
	a.HostPolicyARN = b.policy.Arn
	if args.JumpServer != nil {
		a.JumpSecurityGroupID = b.group.ID().ToStringOutput()
		a.JumpGroupName = b.server.Name
	}
	return a, ctx.RegisterResourceOutputs(a, pulumi.Map{
		"documentName":        a.DocumentName,
		"logGroupName":        a.LogGroupName,
		"hostPolicyArn":       a.HostPolicyARN,
		"jumpSecurityGroupId": a.JumpSecurityGroupID,
		"jumpGroupName":       a.JumpGroupName,
	})
}
