// Command kept makes a bucket that Pulumi leaves where it is when the program no longer has it. With version 2 the bucket is gone
// from the program, with version 3 another resource wants its name, and with version 4 that one takes it over.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

type custom struct{ pulumi.CustomResourceState }

type provider struct{ pulumi.ProviderResourceState }

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		var aws provider
		if err := ctx.RegisterResource("pulumi:providers:aws", "aws", pulumi.Map{"region": pulumi.String("us-east-1")}, &aws); err != nil {
			return err
		}
		bucket := func(name string, opts ...pulumi.ResourceOption) error {
			return ctx.RegisterResource("aws:s3/bucketV2:BucketV2", name, pulumi.Map{"bucket": pulumi.String("tandem-kept")}, &custom{},
				append(opts, pulumi.Provider(&aws))...)
		}
		switch config.Get(ctx, "faults:version") {
		case "1":
			return bucket("kept", pulumi.RetainOnDelete(true))
		case "3":
			return bucket("other")
		case "4":
			return bucket("other", pulumi.Import(pulumi.ID("tandem-kept")))
		}
		return nil
	})
}
