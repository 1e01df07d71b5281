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
	// Region is where the key is. Required with ReadThrough.
	Region string
	// ReadThrough are the services through which the account reads the records, see
	// [iampolicy.Key.Services]. Empty where the service itself decrypts for readers, as
	// CloudWatch Logs does.
	ReadThrough []string
	// Writer lets a service encrypt with the key, see [iampolicy.EncryptLogs]. Required.
	Writer iampolicy.Statement
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
	return kms.NewKey(ctx, name, &kms.KeyArgs{
		Description:          pulumi.String(args.Description),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(days),
		Policy: iampolicy.Key{
			Account: args.AccountID, Region: args.Region, Services: args.ReadThrough, Others: []iampolicy.Statement{args.Writer},
		}.JSON(),
		Tags: pulumi.StringMap{"Name": pulumi.String(name)},
	}, append(opts, pulumi.RetainOnDelete(!args.AllowDestroy))...)
}
