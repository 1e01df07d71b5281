package edge

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/wafv2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// managedRuleGroups are the rule groups of AWS that the web ACL applies after the
// rate limit. Their capacities (25, 700, 200 and 200 units) and that of the rate
// limit (2) stay below the 1500 that a web ACL's price includes (AWS WAF
// developer guide, AWS managed rule groups list).
var managedRuleGroups = []ruleGroup{
	{name: "AWSManagedRulesAmazonIpReputationList"},
	// It would refuse every body above 8 KiB, and with it every upload.
	{name: "AWSManagedRulesCommonRuleSet", counted: []string{"SizeRestrictions_BODY"}},
	{name: "AWSManagedRulesKnownBadInputsRuleSet"},
	{name: "AWSManagedRulesSQLiRuleSet"},
}

// ruleGroup is a managed rule group, with the rules in it that only count.
type ruleGroup struct {
	name    string
	counted []string
}

// makeWebACL makes the web ACL of the distribution. The rate limit comes first,
// so that a flood is cut off by the cheapest rule.
func (b *builder) makeWebACL() (err error) {
	rules := wafv2.WebAclRuleArray{&wafv2.WebAclRuleArgs{
		Name:     pulumi.String("rate-limit"),
		Priority: pulumi.Int(0),
		Action:   &wafv2.WebAclRuleActionArgs{Block: &wafv2.WebAclRuleActionBlockArgs{}},
		Statement: &wafv2.WebAclRuleStatementArgs{RateBasedStatement: &wafv2.WebAclRuleStatementRateBasedStatementArgs{
			AggregateKeyType:    pulumi.String("IP"),
			EvaluationWindowSec: pulumi.Int(300),
			Limit:               pulumi.Int(b.args.Global.RateLimitPer5Minutes),
		}},
		VisibilityConfig: ruleVisibility("rate-limit"),
	}}
	for i, group := range managedRuleGroups {
		overrides := wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArray{}
		for _, rule := range group.counted {
			overrides = append(overrides, &wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArgs{
				Name: pulumi.String(rule),
				ActionToUse: &wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseArgs{
					Count: &wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseCountArgs{},
				},
			})
		}
		rules = append(rules, &wafv2.WebAclRuleArgs{
			Name:           pulumi.String(group.name),
			Priority:       pulumi.Int(10 * (i + 1)), // gaps, for rules in between
			OverrideAction: &wafv2.WebAclRuleOverrideActionArgs{None: &wafv2.WebAclRuleOverrideActionNoneArgs{}},
			Statement: &wafv2.WebAclRuleStatementArgs{ManagedRuleGroupStatement: &wafv2.WebAclRuleStatementManagedRuleGroupStatementArgs{
				VendorName:          pulumi.String("AWS"),
				Name:                pulumi.String(group.name),
				RuleActionOverrides: overrides,
			}},
			VisibilityConfig: ruleVisibility(group.name),
		})
	}
	name := b.name + "-web-acl"
	b.webACL, err = wafv2.NewWebAcl(b.ctx, name, &wafv2.WebAclArgs{
		Scope:         pulumi.String("CLOUDFRONT"),
		Description:   pulumi.String("Guards the public names"),
		DefaultAction: &wafv2.WebAclDefaultActionArgs{Allow: &wafv2.WebAclDefaultActionAllowArgs{}},
		Rules:         rules,
		VisibilityConfig: &wafv2.WebAclVisibilityConfigArgs{
			MetricName:               pulumi.String(name),
			CloudwatchMetricsEnabled: pulumi.Bool(true),
			SampledRequestsEnabled:   pulumi.Bool(true),
		},
		Tags: tags(name),
	}, append(b.global(), b.in)...)
	return err
}

func ruleVisibility(metric string) *wafv2.WebAclRuleVisibilityConfigArgs {
	return &wafv2.WebAclRuleVisibilityConfigArgs{
		MetricName:               pulumi.String(metric),
		CloudwatchMetricsEnabled: pulumi.Bool(true),
		SampledRequestsEnabled:   pulumi.Bool(true),
	}
}
