package edge_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/edge"
)

const (
	setType         = "aws:wafv2/ipSet:IpSet"
	associationType = "aws:wafv2/webAclAssociation:WebAclAssociation"
)

// ruleNames are the names of a web ACL's rules by their priority.
func ruleNames(t *testing.T, acl map[string]any) map[float64]string {
	t.Helper()
	names := map[float64]string{}
	for _, r := range acl["rules"].([]any) {
		rule := r.(map[string]any)
		priority := rule["priority"].(float64)
		require.Empty(t, names[priority], "two rules have the priority %v", priority)
		names[priority] = rule["name"].(string)
	}
	return names
}

func TestListsComeBeforeRatesAndRatesBeforeWhatCostsMore(t *testing.T) {
	args := home()
	args.Global.AllowedIPs = []string{"203.0.113.7/32"}
	args.Global.DeniedIPs = []string{"2001:db8::/32", "198.51.100.0/24"}
	args.Global.PathRateLimits = []edge.PathRateLimit{{Name: "login", PathPrefix: "/login", Per5Minutes: 50}, {Name: "search", PathPrefix: "/search", Per5Minutes: 300}}
	args.Global.BotControl = true
	rec := run(t, "prod-east", args)
	acl := rec.Get(t, webACLType, "prod-east-web-acl").Plain()
	require.Equal(t, map[float64]string{
		0: "allowed-ipv4", 2: "denied-ipv4", 3: "denied-ipv6", 10: "rate-limit", 11: "rate-limit-login", 12: "rate-limit-search",
		100: "AWSManagedRulesAmazonIpReputationList", 110: "AWSManagedRulesCommonRuleSet", 120: "AWSManagedRulesKnownBadInputsRuleSet",
		130: "AWSManagedRulesSQLiRuleSet", 140: "AWSManagedRulesBotControlRuleSet",
	}, ruleNames(t, acl))
	require.Equal(t, []string{"prod-east-allowed-ipv4", "prod-east-denied-ipv4", "prod-east-denied-ipv6"}, rec.Names(setType))
	six := rec.Get(t, setType, "prod-east-denied-ipv6").Plain()
	require.Subset(t, six, map[string]any{"scope": "CLOUDFRONT", "ipAddressVersion": "IPV6", "addresses": []any{"2001:db8::/32"}})

	rules := acl["rules"].([]any)
	require.Contains(t, rules[0].(map[string]any)["action"], "allow")
	require.Contains(t, rules[1].(map[string]any)["action"], "block")
	login := rules[4].(map[string]any)["statement"].(map[string]any)["rateBasedStatement"].(map[string]any)
	require.EqualValues(t, 50, login["limit"])
	match := login["scopeDownStatement"].(map[string]any)["byteMatchStatement"].(map[string]any)
	require.Subset(t, match, map[string]any{"searchString": "/login", "positionalConstraint": "STARTS_WITH"})
	require.Equal(t, []any{map[string]any{"priority": 0.0, "type": "NORMALIZE_PATH"}}, match["textTransformations"], "/a/../login is /login")
}

func TestTheLoadBalancerHasAWebACLOfItsOwnOnRequest(t *testing.T) {
	require.Empty(t, run(t, "prod-west", standby()).Names(webACLType))
	args := standby()
	args.WebACL = true
	rec := run(t, "prod-west", args)
	acl := rec.Get(t, webACLType, "prod-west-alb-web-acl").Plain()
	require.Equal(t, "REGIONAL", acl["scope"])
	for _, name := range ruleNames(t, acl) {
		require.NotContains(t, name, "rate-limit", "nearly all requests come from CloudFront's own addresses")
	}
	require.Equal(t, map[string]any{"resourceArn": "arn:aws:lb:::prod-west-alb", "webAclArn": "arn:aws:wafv2:::prod-west-alb-web-acl"},
		rec.Get(t, associationType, "prod-west-alb-web-acl").Plain())
}

func TestCountriesAreLetInOrKeptOut(t *testing.T) {
	restriction := func(change func(*edge.GlobalArgs)) any {
		args := home()
		change(args.Global)
		return run(t, "prod-east", args).Get(t, distributionType, "prod-east-cdn").Plain()["restrictions"].(map[string]any)["geoRestriction"]
	}
	require.Equal(t, map[string]any{"restrictionType": "none"}, restriction(func(*edge.GlobalArgs) {}))
	require.Equal(t, map[string]any{"restrictionType": "whitelist", "locations": []any{"DE", "FR"}}, restriction(func(g *edge.GlobalArgs) { g.AllowedCountries = []string{"DE", "FR"} }))
	require.Equal(t, map[string]any{"restrictionType": "blacklist", "locations": []any{"KP"}}, restriction(func(g *edge.GlobalArgs) { g.DeniedCountries = []string{"KP"} }))
}

func TestTheFirewallsProblemsAreReportedAtOnce(t *testing.T) {
	args := home()
	args.LogRetentionDays = 31
	args.Global.PathRateLimits = []edge.PathRateLimit{{Name: "Log in", PathPrefix: "login", Per5Minutes: 9}, {Name: "all", PathPrefix: "/", Per5Minutes: 2001}, {Name: "all", PathPrefix: "/b", Per5Minutes: 10}}
	args.Global.AllowedIPs = []string{"203.0.113.7", "0.0.0.0/0"}
	args.Global.DeniedIPs = []string{"2001:db8::1/32"}
	args.Global.AllowedCountries, args.Global.DeniedCountries = []string{"de"}, []string{"KP", "KP"}
	err := args.Validate("prod-east")
	for _, want := range []string{
		`edge "prod-east": 12 problems`,
		`logRetentionDays: Invalid value: 31: must be a period that CloudWatch Logs knows`,
		`global.pathRateLimits[0].name: Invalid value: "Log in": must be lower-case letters, digits and hyphens, such as login`,
		`global.pathRateLimits[0].pathPrefix: Invalid value: "login": must be the beginning of paths, without wildcards, such as /login`,
		`global.pathRateLimits[0].per5Minutes: Invalid value: 9: must be 10 to 2000000000`,
		`global.pathRateLimits[1].per5Minutes: Invalid value: 2001: must not exceed rateLimitPer5Minutes, which is 2000 and holds for every path`,
		`global.pathRateLimits[2].name: Duplicate value: "all"`,
		`global.allowedIps[0]: Invalid value: "203.0.113.7": must be a block in CIDR notation other than all addresses`,
		`global.allowedIps[1]: Invalid value: "0.0.0.0/0"`,
		`global.deniedIps[0]: Invalid value: "2001:db8::1/32"`,
		`global.allowedCountries[0]: Invalid value: "de": must be the two capital letters of a country in ISO 3166-1, such as DE`,
		`global.deniedCountries: Forbidden: all but allowedCountries are denied already; leave one of them out`,
		`global.deniedCountries[1]: Duplicate value: "KP"`,
	} {
		require.ErrorContains(t, err, want)
	}
}
