package edge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/edge"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

// reading lets a region answer for reads by latency.
func reading(args *edge.EdgeArgs) *edge.EdgeArgs {
	args.Reads = &edge.ReadRouting{Policy: edge.ReadsByLatency}
	return args
}

func TestEveryRegionAnswersForTheReadName(t *testing.T) {
	for name, c := range map[string]struct {
		args   *edge.EdgeArgs
		region string
	}{
		"prod-east": {home(), "us-east-1"},
		"prod-west": {standby(), "us-west-2"},
	} {
		t.Run(name, func(t *testing.T) {
			rec := run(t, name, reading(c.args))
			record := rec.Get(t, recordType, name+"-read")
			read := record.Plain()
			require.Equal(t, "read.tandem.example", read["name"])
			require.Equal(t, "A", read["type"])
			require.Equal(t, c.region, read["setIdentifier"])
			require.Equal(t, []any{map[string]any{"region": c.region}}, read["latencyRoutingPolicies"])
			require.NotContains(t, read, "weightedRoutingPolicies")
			require.Equal(t, rec.Get(t, recordType, name+"-origin").Plain()["aliases"], read["aliases"], "the region's own load balancer")
			require.Equal(t, name+"-endpoint-id", read["healthCheckId"])
			require.True(t, slices.ContainsFunc(record.DependsOn, func(urn string) bool { return strings.HasSuffix(urn, "::"+name+"-https") }),
				"nobody is led to a listener whose certificate does not have the name yet: %v", record.DependsOn)

			c.args.Reads = &edge.ReadRouting{Policy: edge.ReadsByWeight, Weight: 255, Name: "near.tandem.example"}
			read = run(t, name, c.args).Get(t, recordType, name+"-read").Plain()
			require.Equal(t, "near.tandem.example", read["name"])
			require.Equal(t, []any{map[string]any{"weight": 255.0}}, read["weightedRoutingPolicies"])
			require.NotContains(t, read, "latencyRoutingPolicies")
		})
	}
}

func TestAWeightOfZeroIsWrittenDown(t *testing.T) {
	args := home()
	args.Reads = &edge.ReadRouting{Policy: edge.ReadsByWeight}
	read := run(t, "prod-east", args).Get(t, recordType, "prod-east-read").Plain()
	require.Equal(t, []any{map[string]any{"weight": 0.0}}, read["weightedRoutingPolicies"])
}

func TestTheCertificateOfEachRegionHasTheReadNameAndHomeItsValidationRecord(t *testing.T) {
	rec := run(t, "prod-east", reading(home()))
	require.Equal(t, []any{"origin.tandem.example", "read.tandem.example"},
		rec.Get(t, certificateType, "prod-east-certificate").Plain()["subjectAlternativeNames"])
	record := rec.Get(t, recordType, "prod-east-validation-read.tandem.example").Plain()
	require.Equal(t, "_check.read.tandem.example.", record["name"])
	require.Equal(t, []any{"_answer-for-read.tandem.example.acm-validations.aws."}, record["records"])
	validated := []any{"_check.prod-east.tandem.example.", "_check.origin.tandem.example.", "_check.read.tandem.example."}
	require.Equal(t, validated, rec.Get(t, validationType, "prod-east-certificate").Plain()["validationRecordFqdns"])

	rec = run(t, "prod-west", reading(standby()))
	require.Equal(t, []any{"origin.tandem.example", "read.tandem.example"},
		rec.Get(t, certificateType, "prod-west-certificate").Plain()["subjectAlternativeNames"])
	require.Equal(t, []string{"prod-west-origin", "prod-west-read", "prod-west-regional", "prod-west-validation-prod-west.tandem.example"},
		rec.Names(recordType), "the record of a shared name is home's")
	validated[0] = "_check.prod-west.tandem.example."
	require.Equal(t, validated, rec.Get(t, validationType, "prod-west-certificate").Plain()["validationRecordFqdns"], "and it is waited for all the same")
}

func TestWhoTookOverDoesNotDecideWhoReads(t *testing.T) {
	rec := mocktest.MustRun(t, func(ctx *pulumi.Context) error {
		west, err := aws.NewProvider(ctx, "west", &aws.ProviderArgs{Region: pulumi.String("us-west-2")})
		if err != nil {
			return err
		}
		args := reading(home())
		args.Standbys = []edge.Standby{{Region: "us-west-2", Provider: west}}
		_, err = edge.NewEdge(ctx, "prod-east", args)
		return err
	}, mocktest.Options{Outputs: outputs})
	require.Equal(t, "prod-east-region-id", rec.Get(t, recordType, "prod-east-origin").Plain()["healthCheckId"])
	require.Equal(t, "prod-east-endpoint-id", rec.Get(t, recordType, "prod-east-read").Plain()["healthCheckId"])
	require.NotContains(t, rec.Names(healthType), "prod-east-read")
}

func TestWhatARegionRequiresItRequiresForReadsToo(t *testing.T) {
	args := reading(home())
	args.AlsoRequire = []pulumi.StringInput{pulumi.String("another")}
	args.RequireAlarms = map[string]pulumi.StringInput{"errors": pulumi.String("prod-east-errors")}
	rec := run(t, "prod-east", args)
	check := rec.Get(t, healthType, "prod-east-read").Plain()
	require.Equal(t, "CALCULATED", check["type"])
	require.Equal(t, []any{"prod-east-endpoint-id", "another", "prod-east-alarm-errors-id"}, check["childHealthchecks"])
	require.EqualValues(t, 3, check["childHealthThreshold"], "all of them have to be healthy")
	require.Equal(t, "prod-east-read-id", rec.Get(t, recordType, "prod-east-read").Plain()["healthCheckId"])
}

func TestReadPathsGoToTheReadNameAndRefuseWrites(t *testing.T) {
	args := reading(home())
	args.Global.ReadPathPatterns = []string{"/catalogue/*", "/search"}
	rec := run(t, "prod-east", args)
	cdn := rec.Get(t, distributionType, "prod-east-cdn")
	behaviours := cdn.Plain()["orderedCacheBehaviors"].([]any)
	var patterns []any
	for _, b := range behaviours {
		patterns = append(patterns, b.(map[string]any)["pathPattern"])
	}
	require.Equal(t, []any{"/static/*", "/catalogue/*", "/search"}, patterns, "static paths are looked at first")
	byDefault := cdn.Plain()["defaultCacheBehavior"].(map[string]any)
	for _, b := range behaviours[1:] {
		behaviour := b.(map[string]any)
		require.Equal(t, []any{"GET", "HEAD", "OPTIONS"}, behaviour["allowedMethods"])
		for _, like := range []string{"cachePolicyId", "originRequestPolicyId", "responseHeadersPolicyId", "viewerProtocolPolicy"} {
			require.Equal(t, byDefault[like], behaviour[like], "%s is that of every dynamic path", like)
		}
		origin := originOf(t, cdn.Plain(), behaviour["targetOriginId"])
		require.Equal(t, "read.tandem.example", origin["domainName"])
		require.Equal(t, "https-only", origin["customOriginConfig"].(map[string]any)["originProtocolPolicy"])
		require.EqualValues(t, 2, origin["connectionAttempts"])
		require.EqualValues(t, 5, origin["connectionTimeout"])
	}
	require.Equal(t, "origin.tandem.example", originOf(t, cdn.Plain(), byDefault["targetOriginId"])["domainName"])
	require.True(t, slices.ContainsFunc(cdn.DependsOn, func(urn string) bool { return strings.HasSuffix(urn, "::prod-east-read") }),
		"nothing is sent to a name that does not exist yet: %v", cdn.DependsOn)

	args.Global.Static, args.Global.ReadPathPatterns = nil, nil
	cdn = run(t, "prod-east", args).Get(t, distributionType, "prod-east-cdn")
	require.Len(t, cdn.Plain()["origins"], 1, "no path is sent to the read name")
	require.NotContains(t, cdn.Plain(), "orderedCacheBehaviors")
}

// holder is a component that takes outputs of others, which are recorded once known.
type holder struct{ pulumi.ResourceState }

func TestTheReadNameIsToldWhereThereIsOne(t *testing.T) {
	for want, args := range map[string]*edge.EdgeArgs{"read.tandem.example": reading(home()), "": home()} {
		rec := mocktest.MustRun(t, func(ctx *pulumi.Context) error {
			e, err := edge.NewEdge(ctx, "prod-east", args)
			if err != nil {
				return err
			}
			return ctx.RegisterComponentResourceV2("test:index:Holder", "h", pulumi.Map{"readName": e.ReadName}, &holder{})
		}, mocktest.Options{Outputs: outputs})
		require.Equal(t, want, rec.Get(t, "test:index:Holder", "h").Plain()["readName"])
	}
}

func TestPreviewWithReadsRegistersTheSameResources(t *testing.T) {
	for name, args := range map[string]func() *edge.EdgeArgs{"prod-east": home, "prod-west": standby} {
		update := run(t, name, reading(args()))
		preview := mocktest.MustRun(t, program(name, reading(args())), mocktest.Options{Preview: true})
		require.Equal(t, update.Names(recordType), preview.Names(recordType))
		require.Contains(t, preview.Names(recordType), name+"-read")
	}
}

func TestBadReads(t *testing.T) {
	reads := func(r edge.ReadRouting) func(*edge.EdgeArgs) {
		return func(a *edge.EdgeArgs) { a.Reads = &r }
	}
	paths := func(patterns ...string) func(*edge.EdgeArgs) {
		return func(a *edge.EdgeArgs) {
			reading(a)
			a.Global.ReadPathPatterns = patterns
		}
	}
	many := func(n int) (patterns []string) {
		for i := range n {
			patterns = append(patterns, fmt.Sprintf("/%d/*", i))
		}
		return patterns
	}
	for name, c := range map[string]struct {
		change func(*edge.EdgeArgs)
		want   string
	}{
		"no policy":      {reads(edge.ReadRouting{}), `reads.policy: Required value: say latency, or weighted; the same in all regions`},
		"another policy": {reads(edge.ReadRouting{Policy: "geo"}), `reads.policy: Unsupported value: "geo": supported values: "latency", "weighted"`},
		"weight too high": {reads(edge.ReadRouting{Policy: edge.ReadsByWeight, Weight: 256}),
			`reads.weight: Invalid value: 256: must be 0 to 255`},
		"negative weight": {reads(edge.ReadRouting{Policy: edge.ReadsByWeight, Weight: -1}),
			`reads.weight: Invalid value: -1: must be 0 to 255`},
		"weight by latency": {reads(edge.ReadRouting{Policy: edge.ReadsByLatency, Weight: 10}),
			`reads.weight: Forbidden: latency alone decides; leave it out, or set policy to weighted`},
		"the origin name": {reads(edge.ReadRouting{Policy: edge.ReadsByLatency, Name: "origin.tandem.example"}),
			`reads.name: Invalid value: "origin.tandem.example": must differ from originName, which leads to the region that takes the writes`},
		"the regional name": {reads(edge.ReadRouting{Policy: edge.ReadsByLatency, Name: "prod-east.tandem.example"}),
			`reads.name: Invalid value: "prod-east.tandem.example": must differ from regionalName, which leads to this region alone`},
		"a public name": {func(a *edge.EdgeArgs) {
			reading(a)
			a.Global.PublicNames = []string{"www.tandem.example", "read.tandem.example"}
		}, `reads.name: Invalid value: "read.tandem.example": must not be a public name, which leads to CloudFront`},
		"a name elsewhere": {reads(edge.ReadRouting{Policy: edge.ReadsByLatency, Name: "read.other.example"}),
			`reads.name: Invalid value: "read.other.example": must lie below tandem.example`},
		"paths without reads": {func(a *edge.EdgeArgs) { a.Global.ReadPathPatterns = []string{"/catalogue/*"} },
			`global.readPathPatterns: Forbidden: needs reads, which make the name that these paths are sent to`},
		"every path":      {paths("/*"), `global.readPathPatterns[0]: Invalid value: "/*": would take every path away from the origin name`},
		"no slash":        {paths("catalogue/*"), `global.readPathPatterns[0]: Invalid value: "catalogue/*": must be a path pattern that begins with a slash`},
		"a path twice":    {paths("/a/*", "/b/*", "/a/*"), `global.readPathPatterns[2]: Duplicate value: "/a/*"`},
		"a static path":   {paths("/static/*"), `global.readPathPatterns[0]: Invalid value: "/static/*": is served from buckets (static.pathPatterns); name it in one of the two`},
		"beside a static": {paths(many(74)...), `global.readPathPatterns: Too many: 74: must have at most 73 items`},
	} {
		t.Run(name, func(t *testing.T) {
			args := home()
			c.change(args)
			rec, err := mocktest.Run(program("prod-east", args), mocktest.Options{})
			require.ErrorContains(t, err, `edge "prod-east": 1 problem`)
			require.ErrorContains(t, err, c.want)
			require.Empty(t, rec.Resources)
		})
	}
	args := home()
	paths(many(73)...)(args)
	require.NoError(t, args.Validate("prod-east"), "what the quota leaves")
}
