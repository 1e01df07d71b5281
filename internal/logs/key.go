// Package logs makes the keys that AWS services encrypt their logs with.
package logs

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// KeyArgs are the arguments of [NewKey].
type KeyArgs struct {
	// Description says what the key encrypts. Required.
	Description string
	// AccountID is the account that the key is of. Required.
	AccountID pulumi.StringInput
	// Service has the principal that encrypts with the key, and its condition. Required.
	Service iampolicy.Statement
	// AllowDestroy has the key go with the records, after a week. Default false: it
	// stays in AWS when it leaves the program.
	AllowDestroy bool
}

// NewKey makes the key that a service encrypts its records with.
func NewKey(ctx *pulumi.Context, name string, args KeyArgs, opts ...pulumi.ResourceOption) (*kms.Key, error) {
	days := 30 // as long as KMS allows: without the key the records are lost
	if args.AllowDestroy {
		days = 7
	}
	service := args.Service
	service.Sid, service.Resource = "Service", "*"
	service.Action = []string{"kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"}
	return kms.NewKey(ctx, name, &kms.KeyArgs{
		Description:          pulumi.String(args.Description),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(days),
		Policy: iampolicy.JSON(iampolicy.Statement{
			Sid:       "Account",
			Principal: map[string]any{"AWS": pulumi.Sprintf("arn:aws:iam::%s:root", args.AccountID)},
			Action:    []string{"kms:*"},
			Resource:  "*",
		}, service),
		Tags: pulumi.StringMap{"Name": pulumi.String(name)},
	}, append(opts, pulumi.RetainOnDelete(!args.AllowDestroy))...)
}
