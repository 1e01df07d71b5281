package edge_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/edge"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

const (
	balancerType     = "aws:lb/loadBalancer:LoadBalancer"
	listenerType     = "aws:lb/listener:Listener"
	recordType       = "aws:route53/record:Record"
	zoneType         = "aws:route53/zone:Zone"
	healthType       = "aws:route53/healthCheck:HealthCheck"
	certificateType  = "aws:acm/certificate:Certificate"
	validationType   = "aws:acm/certificateValidation:CertificateValidation"
	ingressType      = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	egressType       = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
	distributionType = "aws:cloudfront/distribution:Distribution"
	accessType       = "aws:cloudfront/originAccessControl:OriginAccessControl"
	webACLType       = "aws:wafv2/webAcl:WebAcl"
)

// home returns arguments of a home region with everything that is on by default.
func home() *edge.EdgeArgs {
	return &edge.EdgeArgs{
		Region:          "us-east-1",
		VPCID:           pulumi.String("vpc-1"),
		VPCCIDRBlock:    pulumi.String("10.0.0.0/16"),
		PublicSubnetIDs: pulumi.ToStringArray([]string{"subnet-a", "subnet-b"}),
		Domain:          "tandem.example",
		Failover:        edge.RolePrimary,
		Global: &edge.GlobalArgs{Static: &edge.StaticArgs{
			PrimaryDomainName: pulumi.String("files-east.s3.us-east-1.amazonaws.com"),
			StandbyDomainName: pulumi.String("files-west.s3.us-west-2.amazonaws.com"),
		}},
	}
}

// standby returns arguments of a standby region.
func standby() *edge.EdgeArgs {
	args := home()
	args.Region = "us-west-2"
	args.Failover = edge.RoleSecondary
	args.ZoneID = pulumi.String("Z123")
	args.Global = nil
	return args
}

// outputs answers as AWS does where the component reads what AWS chose. The
// validation options come in another order than the names were given in.
func outputs(typ, name string, in resource.PropertyMap) resource.PropertyMap {
	text := resource.NewStringProperty
	switch typ {
	case "aws:ec2/securityGroup:SecurityGroup":
		return resource.PropertyMap{"ownerId": text("123456789012")}
	case bucketType:
		return resource.PropertyMap{"arn": text("arn:aws:s3:::" + name)}
	case balancerType:
		return resource.PropertyMap{"dnsName": text(name + ".elb.example"), "zoneId": text("ZELB"), "arnSuffix": text("app/" + name + "/1")}
	case distributionType:
		return resource.PropertyMap{"domainName": text("d1.cloudfront.example"), "hostedZoneId": text("ZCDN")}
	case zoneType:
		return resource.PropertyMap{"nameServers": resource.NewArrayProperty([]resource.PropertyValue{text("ns-1.example")})}
	case recordType:
		return resource.PropertyMap{"fqdn": in["name"]}
	case validationType:
		return resource.PropertyMap{"certificateArn": in["certificateArn"]}
	case certificateType:
		names := []resource.PropertyValue{in["domainName"]}
		if more := in["subjectAlternativeNames"]; more.IsArray() {
			names = append(more.ArrayValue(), names...)
		}
		options := []resource.PropertyValue{}
		for _, n := range names {
			bare := strings.TrimPrefix(n.StringValue(), "*.")
			options = append(options, resource.NewObjectProperty(resource.PropertyMap{
				"domainName":          n,
				"resourceRecordName":  text("_check." + bare + "."),
				"resourceRecordType":  text("CNAME"),
				"resourceRecordValue": text("_answer-for-" + bare + ".acm-validations.aws."),
			}))
		}
		return resource.PropertyMap{"domainValidationOptions": resource.NewArrayProperty(options)}
	}
	return nil
}

func program(name string, args *edge.EdgeArgs) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		_, err := edge.NewEdge(ctx, name, args)
		return err
	}
}

func run(t *testing.T, name string, args *edge.EdgeArgs) *mocktest.Recording {
	t.Helper()
	return mocktest.MustRun(t, program(name, args), mocktest.Options{Outputs: outputs})
}

func TestRegionalAndFailoverRecords(t *testing.T) {
	for role, c := range map[string]struct {
		name, routing string
		args          *edge.EdgeArgs
		zone          string
	}{
		"home":    {"prod-east", "PRIMARY", home(), "prod-east-zone-id"},
		"standby": {"prod-west", "SECONDARY", standby(), "Z123"},
	} {
		t.Run(role, func(t *testing.T) {
			rec := run(t, c.name, c.args)
			target := []any{map[string]any{"name": c.name + "-alb.elb.example", "zoneId": "ZELB", "evaluateTargetHealth": true}}

			regional := rec.Get(t, recordType, c.name+"-regional").Plain()
			require.Equal(t, c.name+".tandem.example", regional["name"])
			require.Equal(t, c.zone, regional["zoneId"])
			require.Equal(t, "A", regional["type"])
			require.Equal(t, target, regional["aliases"])
			require.NotContains(t, regional, "failoverRoutingPolicies")

			origin := rec.Get(t, recordType, c.name+"-origin").Plain()
			require.Equal(t, "origin.tandem.example", origin["name"])
			require.Equal(t, c.zone, origin["zoneId"])
			require.Equal(t, target, origin["aliases"])
			require.Equal(t, []any{map[string]any{"type": c.routing}}, origin["failoverRoutingPolicies"])
			require.Equal(t, c.args.Region, origin["setIdentifier"])
			require.Equal(t, c.name+"-endpoint-id", origin["healthCheckId"])

			check := rec.Get(t, healthType, c.name+"-endpoint").Plain()
			require.Equal(t, "HTTPS", check["type"])
			require.Equal(t, c.name+".tandem.example", check["fqdn"])
			require.Equal(t, true, check["enableSni"])
			require.Equal(t, "/healthz", check["resourcePath"])
			require.EqualValues(t, 10, check["requestInterval"])
			require.EqualValues(t, 3, check["failureThreshold"])
			require.GreaterOrEqual(t, len(check["regions"].([]any)), 3)
		})
	}
}

func TestFurtherHealthChecksDecideTogetherWithTheEndpoint(t *testing.T) {
	args := home()
	args.AlsoRequire = []pulumi.StringInput{pulumi.String("not-taken-over")}
	rec := run(t, "prod-east", args)
	calculated := rec.Get(t, healthType, "prod-east-region").Plain()
	require.Equal(t, "CALCULATED", calculated["type"])
	require.Equal(t, []any{"prod-east-endpoint-id", "not-taken-over"}, calculated["childHealthchecks"])
	require.EqualValues(t, 2, calculated["childHealthThreshold"], "all of them have to be healthy")
	require.Equal(t, "prod-east-region-id", rec.Get(t, recordType, "prod-east-origin").Plain()["healthCheckId"])
}

func TestHomeMakesTheValidationRecordsOfSharedNames(t *testing.T) {
	rec := run(t, "prod-east", home())
	certificate := rec.Get(t, certificateType, "prod-east-certificate").Plain()
	require.Equal(t, "prod-east.tandem.example", certificate["domainName"])
	require.Equal(t, []any{"origin.tandem.example"}, certificate["subjectAlternativeNames"])
	require.Equal(t, "DNS", certificate["validationMethod"])

	for _, name := range []string{"prod-east.tandem.example", "origin.tandem.example", "tandem.example"} {
		record := rec.Get(t, recordType, "prod-east-validation-"+name).Plain()
		require.Equal(t, "_check."+name+".", record["name"])
		require.Equal(t, "CNAME", record["type"])
		require.Equal(t, []any{"_answer-for-" + name + ".acm-validations.aws."}, record["records"])
		require.Equal(t, "prod-east-zone-id", record["zoneId"])
	}
	validation := rec.Get(t, validationType, "prod-east-certificate").Plain()
	require.Equal(t, []any{"_check.prod-east.tandem.example.", "_check.origin.tandem.example."}, validation["validationRecordFqdns"])
	require.Equal(t, validation["certificateArn"], rec.Get(t, listenerType, "prod-east-https").Plain()["certificateArn"])
}

func TestStandbyReusesTheValidationRecordOfTheSharedName(t *testing.T) {
	rec := run(t, "prod-west", standby())
	certificate := rec.Get(t, certificateType, "prod-west-certificate").Plain()
	require.Equal(t, []any{"origin.tandem.example"}, certificate["subjectAlternativeNames"], "it answers for the shared name too")
	require.Equal(t, []string{"prod-west-origin", "prod-west-regional", "prod-west-validation-prod-west.tandem.example"}, rec.Names(recordType))
	require.Equal(t, []any{"_check.prod-west.tandem.example.", "_check.origin.tandem.example."},
		rec.Get(t, validationType, "prod-west-certificate").Plain()["validationRecordFqdns"])
}

func TestWildcardSharesTheValidationRecordOfItsParent(t *testing.T) {
	args := home()
	args.Global.PublicNames = []string{"tandem.example", "*.tandem.example", "api.tandem.example"}
	rec := run(t, "prod-east", args)
	require.Equal(t, []any{"_check.tandem.example.", "_check.api.tandem.example."},
		rec.Get(t, validationType, "prod-east-public-certificate").Plain()["validationRecordFqdns"])
	require.NotContains(t, rec.Names(recordType), "prod-east-validation-*.tandem.example")
	require.Contains(t, rec.Names(recordType), "prod-east-public-*.tandem.example-AAAA")
}

func TestLoadBalancerIsHardened(t *testing.T) {
	args := home()
	args.LogBucket = pulumi.String("logs-east")
	rec := run(t, "prod-east", args)
	balancer := rec.Get(t, balancerType, "prod-east-alb").Plain()
	require.Equal(t, true, balancer["enableDeletionProtection"])
	require.Equal(t, true, balancer["dropInvalidHeaderFields"])
	require.Equal(t, "defensive", balancer["desyncMitigationMode"])
	require.EqualValues(t, 60, balancer["clientKeepAlive"])
	require.Equal(t, []any{"subnet-a", "subnet-b"}, balancer["subnets"])
	logs := map[string]any{"bucket": "logs-east", "prefix": "prod-east", "enabled": true}
	require.Equal(t, logs, balancer["accessLogs"])
	require.Equal(t, logs, balancer["connectionLogs"])

	https := rec.Get(t, listenerType, "prod-east-https").Plain()
	require.EqualValues(t, 443, https["port"])
	require.Equal(t, string(edge.TLS12Restricted), https["sslPolicy"])
	action := https["defaultActions"].([]any)[0].(map[string]any)
	require.Equal(t, "fixed-response", action["type"])
	require.Equal(t, "404", action["fixedResponse"].(map[string]any)["statusCode"])

	http := rec.Get(t, listenerType, "prod-east-http").Plain()
	require.EqualValues(t, 80, http["port"])
	require.Equal(t, map[string]any{"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"},
		http["defaultActions"].([]any)[0].(map[string]any)["redirect"])
}

func TestEverybodyMayComeInAndTheWayOutIsTheVPC(t *testing.T) {
	rec := run(t, "prod-east", home())
	require.Equal(t, []string{"prod-east-http-from-0.0.0.0/0", "prod-east-https-from-0.0.0.0/0"}, rec.Names(ingressType))
	https := rec.Get(t, ingressType, "prod-east-https-from-0.0.0.0/0").Plain()
	require.Equal(t, "prod-east-alb-id", https["securityGroupId"])
	require.EqualValues(t, 443, https["fromPort"])
	require.EqualValues(t, 443, https["toPort"])
	require.Equal(t, []string{"prod-east-alb-to-vpc"}, rec.Names(egressType))
	require.Equal(t, "10.0.0.0/16", rec.Get(t, egressType, "prod-east-alb-to-vpc").Plain()["cidrIpv4"])
}

func TestPrefixListsReachHTTPSAlone(t *testing.T) {
	args := home()
	args.AllowedPrefixListIDs = []string{"pl-cloudfront", "pl-checkers"}
	rec := run(t, "prod-east", args)
	require.Equal(t, []string{"prod-east-https-from-pl-checkers", "prod-east-https-from-pl-cloudfront"}, rec.Names(ingressType))
	rule := rec.Get(t, ingressType, "prod-east-https-from-pl-checkers").Plain()
	require.Equal(t, "pl-checkers", rule["prefixListId"])
	require.NotContains(t, rule, "cidrIpv4")
}

func TestZoneIsMadeProtectedOrAdopted(t *testing.T) {
	made := run(t, "prod-east", home()).Get(t, zoneType, "prod-east-zone")
	require.Equal(t, "tandem.example", made.Plain()["name"])
	require.Equal(t, false, made.Plain()["forceDestroy"])
	require.True(t, made.Protect)
	require.True(t, made.RetainOnDelete)

	args := home()
	args.ZoneID = pulumi.String("ZADOPTED")
	rec := run(t, "prod-east", args)
	require.Empty(t, rec.Names(zoneType))
	for _, name := range rec.Names(recordType) {
		require.Equal(t, "ZADOPTED", rec.Get(t, recordType, name).Plain()["zoneId"], name)
	}
}

func TestAllowDestroyLiftsEveryProtection(t *testing.T) {
	args := home()
	args.AllowDestroy = true
	rec := run(t, "prod-east", args)
	zone := rec.Get(t, zoneType, "prod-east-zone")
	require.Equal(t, true, zone.Plain()["forceDestroy"])
	require.Equal(t, false, rec.Get(t, balancerType, "prod-east-alb").Plain()["enableDeletionProtection"])
	for _, r := range rec.Resources {
		require.False(t, r.Protect || r.RetainOnDelete, "%s %s", r.Type, r.Name)
	}
}

func TestDynamicPathsGoToTheFailoverName(t *testing.T) {
	cdn := run(t, "prod-east", home()).Get(t, distributionType, "prod-east-cdn").Plain()
	require.Equal(t, []any{"tandem.example"}, cdn["aliases"])
	require.Equal(t, "http2and3", cdn["httpVersion"])
	behaviour := cdn["defaultCacheBehavior"].(map[string]any)
	require.Contains(t, behaviour["allowedMethods"], "POST")
	require.Equal(t, "redirect-to-https", behaviour["viewerProtocolPolicy"])

	origin := originOf(t, cdn, behaviour["targetOriginId"])
	require.Equal(t, "origin.tandem.example", origin["domainName"])
	require.Equal(t, "https-only", origin["customOriginConfig"].(map[string]any)["originProtocolPolicy"])

	viewer := cdn["viewerCertificate"].(map[string]any)
	require.Equal(t, "TLSv1.2_2021", viewer["minimumProtocolVersion"])
	require.Equal(t, "arn:aws:acm:::prod-east-public-certificate", viewer["acmCertificateArn"])
	require.Equal(t, "arn:aws:wafv2:::prod-east-web-acl", cdn["webAclId"])
}

func TestStaticPathsGoToTheBucketsInOrder(t *testing.T) {
	cdn := run(t, "prod-east", home()).Get(t, distributionType, "prod-east-cdn").Plain()
	behaviour := cdn["orderedCacheBehaviors"].([]any)[0].(map[string]any)
	require.Equal(t, "/static/*", behaviour["pathPattern"])
	require.ElementsMatch(t, []any{"GET", "HEAD", "OPTIONS"}, behaviour["allowedMethods"], "origin failover serves no other")

	group := cdn["originGroups"].([]any)[0].(map[string]any)
	require.Equal(t, behaviour["targetOriginId"], group["originId"])
	var domains []any
	for _, member := range group["members"].([]any) {
		origin := originOf(t, cdn, member.(map[string]any)["originId"])
		require.Equal(t, "prod-east-static-id", origin["originAccessControlId"])
		domains = append(domains, origin["domainName"])
	}
	require.Equal(t, []any{"files-east.s3.us-east-1.amazonaws.com", "files-west.s3.us-west-2.amazonaws.com"}, domains)
	require.Equal(t, []any{500.0, 502.0, 503.0, 504.0}, group["failoverCriteria"].(map[string]any)["statusCodes"])
}

func TestOneBucketNeedsNoOriginGroup(t *testing.T) {
	args := home()
	args.Global.Static.StandbyDomainName = nil
	rec := run(t, "prod-east", args)
	cdn := rec.Get(t, distributionType, "prod-east-cdn").Plain()
	require.NotContains(t, cdn, "originGroups")
	target := cdn["orderedCacheBehaviors"].([]any)[0].(map[string]any)["targetOriginId"]
	require.Equal(t, "files-east.s3.us-east-1.amazonaws.com", originOf(t, cdn, target)["domainName"])
}

func TestNoStaticPathsMeansOneOrigin(t *testing.T) {
	args := home()
	args.Global.Static = nil
	rec := run(t, "prod-east", args)
	require.Len(t, rec.Get(t, distributionType, "prod-east-cdn").Plain()["origins"], 1)
	require.Empty(t, rec.Names(accessType))
}

func originOf(t *testing.T, cdn map[string]any, id any) map[string]any {
	t.Helper()
	for _, o := range cdn["origins"].([]any) {
		if origin := o.(map[string]any); origin["originId"] == id {
			return origin
		}
	}
	t.Fatalf("the distribution has no origin %v", id)
	return nil
}

func TestWebACLLimitsRatesAndAppliesManagedRules(t *testing.T) {
	args := home()
	args.Global.RateLimitPer5Minutes = 500
	acl := run(t, "prod-east", args).Get(t, webACLType, "prod-east-web-acl").Plain()
	require.Equal(t, "CLOUDFRONT", acl["scope"])
	rules := acl["rules"].([]any)
	priorities := map[any]bool{}
	var groups []any
	for _, r := range rules {
		rule := r.(map[string]any)
		require.False(t, priorities[rule["priority"]], "priority %v is given twice", rule["priority"])
		priorities[rule["priority"]] = true
		if managed, ok := rule["statement"].(map[string]any)["managedRuleGroupStatement"].(map[string]any); ok {
			require.Contains(t, rule["overrideAction"], "none", "the group's own actions apply")
			groups = append(groups, managed["name"])
			if managed["name"] == "AWSManagedRulesCommonRuleSet" {
				require.Equal(t, []any{map[string]any{"name": "SizeRestrictions_BODY", "actionToUse": map[string]any{"count": map[string]any{}}}},
					managed["ruleActionOverrides"], "uploads pass")
			}
		}
	}
	require.Subset(t, groups, []any{"AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesCommonRuleSet"})
	first := rules[0].(map[string]any)
	require.Equal(t, "rate-limit", first["name"])
	require.EqualValues(t, 500, first["statement"].(map[string]any)["rateBasedStatement"].(map[string]any)["limit"])
	require.Contains(t, first["action"], "block")
}

func TestPublicNamesPointAtTheDistributionForBothFamilies(t *testing.T) {
	rec := run(t, "prod-east", home())
	for _, family := range []string{"A", "AAAA"} {
		record := rec.Get(t, recordType, "prod-east-public-tandem.example-"+family).Plain()
		require.Equal(t, "tandem.example", record["name"])
		require.Equal(t, family, record["type"])
		require.Equal(t, []any{map[string]any{"name": "d1.cloudfront.example", "zoneId": "ZCDN", "evaluateTargetHealth": false}}, record["aliases"])
	}
}

func TestGlobalResourcesUseTheProvidersGiven(t *testing.T) {
	rec := mocktest.MustRun(t, func(ctx *pulumi.Context) error {
		providers := map[string]*aws.Provider{}
		for _, region := range []string{"eu-west-1", "us-east-1"} {
			p, err := aws.NewProvider(ctx, region, &aws.ProviderArgs{Region: pulumi.String(region)})
			if err != nil {
				return err
			}
			providers[region] = p
		}
		args := home()
		args.Region = "eu-west-1"
		args.Global.Provider = providers["us-east-1"]
		_, err := edge.NewEdge(ctx, "prod-eu", args, pulumi.Providers(providers["eu-west-1"]))
		return err
	}, mocktest.Options{Outputs: outputs})
	for _, c := range []struct{ typ, name, region string }{
		{certificateType, "prod-eu-certificate", "eu-west-1"},
		{balancerType, "prod-eu-alb", "eu-west-1"},
		{certificateType, "prod-eu-public-certificate", "us-east-1"},
		{validationType, "prod-eu-public-certificate", "us-east-1"},
		{webACLType, "prod-eu-web-acl", "us-east-1"},
	} {
		require.Contains(t, rec.Get(t, c.typ, c.name).Provider, "::"+c.region+"::", "%s %s", c.typ, c.name)
	}
}

func TestStandbyHasNoGlobalPart(t *testing.T) {
	var made *edge.Edge
	rec := mocktest.MustRun(t, func(ctx *pulumi.Context) (err error) {
		made, err = edge.NewEdge(ctx, "prod-west", standby())
		return err
	}, mocktest.Options{Outputs: outputs})
	require.Nil(t, made.Global)
	for _, typ := range []string{distributionType, webACLType, zoneType} {
		require.Empty(t, rec.Names(typ))
	}
}

// In a preview the hosted zone, the buckets and what AWS chooses are not known,
// and the same resources have to be registered all the same.
func TestPreviewRegistersTheSameResources(t *testing.T) {
	for name, args := range map[string]func() *edge.EdgeArgs{"prod-east": home, "prod-west": standby} {
		t.Run(name, func(t *testing.T) {
			update := run(t, name, args())
			preview := mocktest.MustRun(t, program(name, args()), mocktest.Options{Preview: true})
			names := func(rec *mocktest.Recording) (all []string) {
				for _, r := range rec.Resources {
					all = append(all, r.Type+" "+r.Name)
				}
				return all
			}
			require.ElementsMatch(t, names(update), names(preview))
			record := preview.Get(t, recordType, name+"-validation-"+name+".tandem.example").Plain()
			require.NotContains(t, record, "name", "what ACM asks for is known only after it was asked")
			require.Equal(t, []any{nil}, record["records"])
		})
	}
}

func TestCertificateWithoutValidationOptionsIsAnError(t *testing.T) {
	_, err := mocktest.Run(program("prod-east", home()), mocktest.Options{Outputs: func(typ, name string, in resource.PropertyMap) resource.PropertyMap {
		if typ == certificateType {
			return resource.PropertyMap{"domainValidationOptions": resource.NewArrayProperty([]resource.PropertyValue{})}
		}
		return outputs(typ, name, in)
	}})
	require.ErrorContains(t, err, "the certificate has no DNS validation option for")
}
