package edge_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/edge"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

// watched is a home whose standby is in us-west-2.
func watched(t *testing.T, o mocktest.Options) *mocktest.Recording {
	t.Helper()
	if o.Outputs == nil {
		o.Outputs = outputs
	}
	return mocktest.MustRun(t, func(ctx *pulumi.Context) error {
		east, err := aws.NewProvider(ctx, "east", &aws.ProviderArgs{Region: pulumi.String("us-east-1")})
		if err != nil {
			return err
		}
		west, err := aws.NewProvider(ctx, "west", &aws.ProviderArgs{Region: pulumi.String("us-west-2")})
		if err != nil {
			return err
		}
		args := home()
		args.Standbys = []edge.Standby{{Region: "us-west-2", Provider: west}}
		e, err := edge.NewEdge(ctx, "prod-east", args, pulumi.Providers(east))
		if err == nil {
			ctx.Export("buckets", e.TakeoverBucketNames)
			ctx.Export("checks", e.TakeoverHealthCheckIDs)
		}
		return err
	}, o)
}

func TestAStandbyTakesThePrimaryOutOfDNSByAnObject(t *testing.T) {
	rec := watched(t, mocktest.Options{})
	check := rec.Get(t, healthType, "prod-east-takeover-us-west-2").Plain()
	require.Equal(t, "HTTPS", check["type"])
	require.Equal(t, true, check["invertHealthcheck"], "healthy while the object is not there")
	require.Equal(t, "/"+edge.TakeoverKey, check["resourcePath"])
	require.Regexp(t, `\.s3\.us-west-2\.amazonaws\.com$`, check["fqdn"])

	calculated := rec.Get(t, healthType, "prod-east-region").Plain()
	require.Equal(t, "CALCULATED", calculated["type"])
	require.Equal(t, []any{"prod-east-endpoint-id", "prod-east-takeover-us-west-2-id"}, calculated["childHealthchecks"])
	require.EqualValues(t, 2, calculated["childHealthThreshold"], "its own endpoint healthy, and not taken over")
	require.Equal(t, "prod-east-region-id", rec.Get(t, recordType, "prod-east-origin").Plain()["healthCheckId"])
}

func TestTheTakeoverBucketIsInTheStandbyRegionAndReadByTheCheckersAlone(t *testing.T) {
	rec := watched(t, mocktest.Options{})
	bucket := rec.Get(t, "aws:s3/bucketV2:BucketV2", "prod-east-takeover-us-west-2")
	require.Contains(t, bucket.Provider, "::west::", "home's provider for the standby region")
	require.Contains(t, rec.Get(t, healthType, "prod-east-takeover-us-west-2").Provider, "::east::")

	policy := rec.Get(t, "aws:s3/bucketPolicy:BucketPolicy", "prod-east-takeover-us-west-2").Plain()["policy"].(string)
	require.Contains(t, policy, `"Action":["s3:GetObject"]`)
	require.Contains(t, policy, `"aws:SourceIp":["15.177.0.0/18",`)
	require.Equal(t, 1, strings.Count(policy, `"Effect":"Allow"`))
	block := rec.Get(t, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "prod-east-takeover-us-west-2").Plain()
	require.Equal(t, true, block["restrictPublicBuckets"])
	// Anonymous readers cannot use a KMS key.
	encryption := rec.Get(t, "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", "prod-east-takeover-us-west-2").Plain()
	require.Contains(t, encryption["rules"].([]any)[0].(map[string]any)["applyServerSideEncryptionByDefault"], "sseAlgorithm")
	require.NotContains(t, encryption["rules"].([]any)[0].(map[string]any)["applyServerSideEncryptionByDefault"], "kmsMasterKeyId")
}

func TestBadStandbysOfAnEdgeAreRefused(t *testing.T) {
	provider := &aws.Provider{}
	for name, c := range map[string]struct {
		args     func() *edge.EdgeArgs
		standbys []edge.Standby
		want     string
	}{
		"the primary's own region": {home, []edge.Standby{{Region: "us-east-1", Provider: provider}}, `standbys[0].region: Invalid value: "us-east-1": must be a region of its own`},
		"twice": {home, []edge.Standby{{Region: "us-west-2", Provider: provider}, {Region: "us-west-2", Provider: provider}},
			`standbys[1].region: Invalid value: "us-west-2": must be a region of its own`},
		"no region":      {home, []edge.Standby{{Provider: provider}}, `standbys[0].region`},
		"no provider":    {home, []edge.Standby{{Region: "us-west-2"}}, `standbys[0].provider: Required value`},
		"of a secondary": {standby, []edge.Standby{{Region: "us-east-1", Provider: provider}}, `standbys: Forbidden: belongs to the primary`},
	} {
		t.Run(name, func(t *testing.T) {
			args := c.args()
			args.Standbys = c.standbys
			require.ErrorContains(t, args.Validate("prod"), c.want)
		})
	}
}
