package main

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-datadog/sdk/v4/go/datadog"
	"github.com/pulumi/pulumi-random/sdk/v4/go/random"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/stacks/platform"
)

// tags are on everything that the platform makes in AWS: through the providers'
// default tags, and on what controllers of the cluster make.
func tags(s *platform.Settings) map[string]string {
	return map[string]string{
		"Platform":    s.Name,
		"Environment": s.Environment,
		"Owner":       s.Owner,
		"Stack":       s.Stack,
		"ManagedBy":   "pulumi",
	}
}

func defaultTags(s *platform.Settings) aws.ProviderDefaultTagsPtrInput {
	return aws.ProviderDefaultTagsArgs{Tags: pulumi.ToStringMap(tags(s))}
}

// ownProvider is the AWS provider of the stack's own region. It refuses any
// account but the configured one.
func ownProvider(ctx *pulumi.Context, s *platform.Settings) (*aws.Provider, error) {
	return aws.NewProvider(ctx, s.Stack, &aws.ProviderArgs{
		Region:            pulumi.String(s.Own().Region),
		AllowedAccountIds: pulumi.ToStringArray([]string{s.AccountID}),
		DefaultTags:       defaultTags(s),
	})
}

// otherProvider is an AWS provider for the region of another stack. It makes no
// call of its own: credentials are looked up when a resource needs them, by the
// token service of this stack's region. So a stack can be operated while the
// other region is lost, as long as nothing in that region has to change.
func otherProvider(ctx *pulumi.Context, s *platform.Settings, other string) (*aws.Provider, error) {
	return aws.NewProvider(ctx, fmt.Sprintf("%s-in-%s", s.Stack, other), &aws.ProviderArgs{
		Region:                    pulumi.String(s.Regions[other].Region),
		StsRegion:                 pulumi.String(s.Own().Region),
		SkipCredentialsValidation: pulumi.Bool(true),
		SkipRequestingAccountId:   pulumi.Bool(true),
		DefaultTags:               defaultTags(s),
	})
}

// randomProvider is the provider of what is made up once and kept, such as passwords.
func randomProvider(ctx *pulumi.Context, stack string) (*random.Provider, error) {
	return random.NewProvider(ctx, stack, nil)
}

// datadogProvider is the Datadog provider. It takes its keys, DD_API_KEY and
// DD_APP_KEY, from the environment, so that neither configuration nor state has them.
func datadogProvider(ctx *pulumi.Context, stack string, d *platform.Datadog) (*datadog.Provider, error) {
	return datadog.NewProvider(ctx, stack, &datadog.ProviderArgs{ApiUrl: pulumi.String(d.APIURL)})
}
