package edge_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/edge"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

func TestEveryProblemIsReportedAtOnceAndNothingIsMade(t *testing.T) {
	rec, err := mocktest.Run(program("prod-east", &edge.EdgeArgs{
		Region: "us-east", Domain: "Tandem.example", Failover: "both", HealthCheckPath: "healthz", IdleTimeoutSeconds: -1,
	}), mocktest.Options{})
	require.ErrorContains(t, err, `edge "prod-east": 8 problems`)
	for _, want := range []string{
		`region: Invalid value: "us-east": must be the name of an AWS region, such as us-east-1`,
		`domain: Invalid value: "Tandem.example": must be a DNS domain of two labels at least`,
		`publicSubnetIds: Required value: the load balancer needs it`,
		`vpcCidrBlock: Required value: the load balancer needs it`,
		`vpcId: Required value: the load balancer needs it`,
		`healthCheckPath: Invalid value: "healthz": must be a path that begins with a slash`,
		`idleTimeoutSeconds: Invalid value: -1: must be 1 to 4000`,
		`failover: Unsupported value: "both": supported values: "primary", "secondary"`,
	} {
		require.ErrorContains(t, err, want)
	}
	require.Empty(t, rec.Resources)
}

func TestNoArgumentsAtAllIsAnErrorAndNoCrash(t *testing.T) {
	rec, err := mocktest.Run(program("prod-east", nil), mocktest.Options{})
	require.ErrorContains(t, err, "domain: Required value: give the DNS domain of the platform, such as tandem.example")
	require.Empty(t, rec.Resources)
}

func TestBadArguments(t *testing.T) {
	for name, c := range map[string]struct {
		args   func() *edge.EdgeArgs
		change func(*edge.EdgeArgs)
		want   string
	}{
		"one label is no domain": {home, func(a *edge.EdgeArgs) { a.Domain = "example" }, `domain: Invalid value: "example": must be a DNS domain of two labels at least`},
		"domain ends in a dot":   {home, func(a *edge.EdgeArgs) { a.Domain = "tandem.example." }, `domain: Invalid value: "tandem.example."`},
		"label too long": {home, func(a *edge.EdgeArgs) { a.Domain = strings.Repeat("a", 64) + ".example" },
			`a label has 63 characters at most`},
		"origin name elsewhere": {home, func(a *edge.EdgeArgs) { a.OriginName = "origin.other.example" },
			`originName: Invalid value: "origin.other.example": must lie below tandem.example, in whose zone its records are`},
		"domain as origin name": {home, func(a *edge.EdgeArgs) { a.OriginName = "tandem.example" }, `originName: Invalid value: "tandem.example": must lie below`},
		"look-alike domain": {home, func(a *edge.EdgeArgs) { a.RegionalName = "east.nottandem.example" },
			`regionalName: Invalid value: "east.nottandem.example": must lie below tandem.example`},
		"regional name is the origin name": {home, func(a *edge.EdgeArgs) { a.RegionalName = "origin.tandem.example" },
			`regionalName: Invalid value: "origin.tandem.example": must differ from originName`},
		"path with a query":   {home, func(a *edge.EdgeArgs) { a.HealthCheckPath = "/healthz?deep" }, `healthCheckPath: Invalid value: "/healthz?deep"`},
		"path with a space":   {home, func(a *edge.EdgeArgs) { a.HealthCheckPath = "/health z" }, `healthCheckPath: Invalid value: "/health z"`},
		"path too long":       {home, func(a *edge.EdgeArgs) { a.HealthCheckPath = "/" + strings.Repeat("a", 255) }, `of 255 characters at most`},
		"two checker regions": {home, func(a *edge.EdgeArgs) { a.HealthCheckRegions = []string{"us-east-1", "us-west-2"} }, `must name three regions at least`},
		"unknown checker region": {home, func(a *edge.EdgeArgs) {
			a.HealthCheckRegions = []string{"us-east-1", "us-west-2", "eu-central-1"}
		}, `healthCheckRegions[2]: Unsupported value: "eu-central-1"`},
		"checker region twice": {home, func(a *edge.EdgeArgs) {
			a.HealthCheckRegions = []string{"us-east-1", "us-west-2", "us-west-2"}
		}, `healthCheckRegions[2]: Duplicate value: "us-west-2"`},
		"too many health checks": {home, func(a *edge.EdgeArgs) { a.AlsoRequire = make([]pulumi.StringInput, 255) }, `alsoRequire: Too many: 255: must have at most 254 items`},
		"missing health check":   {home, func(a *edge.EdgeArgs) { a.AlsoRequire = []pulumi.StringInput{nil} }, `alsoRequire[0]: Required value`},
		"old TLS policy":         {home, func(a *edge.EdgeArgs) { a.TLSPolicy = "ELBSecurityPolicy-2016-08" }, `tlsPolicy: Unsupported value: "ELBSecurityPolicy-2016-08"`},
		"address as CIDR":        {home, func(a *edge.EdgeArgs) { a.AllowedCIDRs = []string{"203.0.113.7"} }, `allowedCidrs[0]: Invalid value: "203.0.113.7"`},
		"CIDR with host bits":    {home, func(a *edge.EdgeArgs) { a.AllowedCIDRs = []string{"203.0.113.7/24"} }, `allowedCidrs[0]: Invalid value: "203.0.113.7/24"`},
		"CIDR twice": {home, func(a *edge.EdgeArgs) { a.AllowedCIDRs = []string{"203.0.113.0/24", "203.0.113.0/24"} },
			`allowedCidrs[1]: Duplicate value: "203.0.113.0/24"`},
		"prefix list by name":  {home, func(a *edge.EdgeArgs) { a.AllowedPrefixListIDs = []string{"cloudfront"} }, `allowedPrefixListIds[0]: Invalid value: "cloudfront"`},
		"keep-alive too short": {home, func(a *edge.EdgeArgs) { a.ClientKeepAliveSeconds = 59 }, `clientKeepAliveSeconds: Invalid value: 59: must be 60 to 604800`},
		"no role":              {home, func(a *edge.EdgeArgs) { a.Failover = "" }, `failover: Required value: say primary in the home region, secondary in its standby, and reserve in a further one`},
		"standby without zone": {standby, func(a *edge.EdgeArgs) { a.ZoneID = nil }, `zoneId: Required value: a secondary joins its primary's hosted zone`},
		"standby with a CDN":   {standby, func(a *edge.EdgeArgs) { a.Global = &edge.GlobalArgs{} }, `global: Forbidden: exists once, with the primary`},
		"CDN without a provider for us-east-1": {home, func(a *edge.EdgeArgs) { a.Region = "eu-west-1" },
			`global.provider: Required value: CloudFront takes certificate and web ACL from us-east-1 only`},
		"public name elsewhere": {home, func(a *edge.EdgeArgs) { a.Global.PublicNames = []string{"www.other.example"} },
			`global.publicNames[0]: Invalid value: "www.other.example": must lie below tandem.example`},
		"public name past the CDN": {home, func(a *edge.EdgeArgs) { a.Global.PublicNames = []string{"origin.tandem.example"} },
			`global.publicNames[0]: Invalid value: "origin.tandem.example": must not be the origin name`},
		"public name twice": {home, func(a *edge.EdgeArgs) { a.Global.PublicNames = []string{"tandem.example", "tandem.example"} },
			`global.publicNames[1]: Duplicate value: "tandem.example"`},
		"too many public names": {home, func(a *edge.EdgeArgs) { a.Global.PublicNames = make([]string, 11) }, `global.publicNames: Too many: 11: must have at most 10 items`},
		"rate limit too low":    {home, func(a *edge.EdgeArgs) { a.Global.RateLimitPer5Minutes = 9 }, `global.rateLimitPer5Minutes: Invalid value: 9: must be 10 to 2000000000`},
		"no static bucket":      {home, func(a *edge.EdgeArgs) { a.Global.Static.PrimaryDomainName = nil }, `global.static.primaryDomainName: Required value: static paths need a bucket`},
		"static pattern takes all": {home, func(a *edge.EdgeArgs) { a.Global.Static.PathPatterns = []string{"/*"} },
			`global.static.pathPatterns[0]: Invalid value: "/*": would take every path away from the origin name`},
		"static pattern without slash": {home, func(a *edge.EdgeArgs) { a.Global.Static.PathPatterns = []string{"static/*"} },
			`global.static.pathPatterns[0]: Invalid value: "static/*": must be a path pattern that begins with a slash`},
		"too many static patterns": {home, func(a *edge.EdgeArgs) { a.Global.Static.PathPatterns = make([]string, 75) },
			`global.static.pathPatterns: Too many: 75: must have at most 74 items`},
	} {
		t.Run(name, func(t *testing.T) {
			args := c.args()
			c.change(args)
			rec, err := mocktest.Run(program("prod-east", args), mocktest.Options{})
			require.ErrorContains(t, err, c.want)
			require.Empty(t, rec.Resources)
		})
	}
}

func TestArgumentsAreNotChanged(t *testing.T) {
	args := home()
	run(t, "prod-east", args)
	require.Empty(t, args.OriginName)
	require.Empty(t, args.Global.PublicNames)
	require.Empty(t, args.Global.Static.PathPatterns)
}

func TestArgumentsCanBeCheckedBeforeAnythingIsMade(t *testing.T) {
	require.NoError(t, home().Validate("prod-east"))
	require.NoError(t, standby().Validate("prod-west"))
	require.ErrorContains(t, home().Validate("prod_east"), `regionalName: Invalid value: "prod_east.tandem.example"`)
}
