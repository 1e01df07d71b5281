// Command violations makes what the policy packs forbid: a topic that is not encrypted and has no tags.
package main

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

type custom struct{ pulumi.CustomResourceState }

type provider struct{ pulumi.ProviderResourceState }

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		var aws provider
		if err := ctx.RegisterResource("pulumi:providers:aws", "aws", pulumi.Map{"region": pulumi.String("us-east-1")}, &aws); err != nil {
			return err
		}
		return ctx.RegisterResource("aws:sns/topic:Topic", "topic", pulumi.Map{}, &custom{}, pulumi.Provider(&aws))
	})
}
