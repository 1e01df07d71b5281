package edge

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/wafv2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// managedRuleGroups are the rule groups of AWS that every web ACL applies. Their
// capacities (25, 700, 200 and 200 units), that of bot control (50), of the rate
// limits (2, and some 14 for each path) and of the lists (1 each) stay below the
// 1500 that a web ACL's price includes (AWS WAF developer guide, AWS managed rule
// groups list).
var managedRuleGroups = []ruleGroup{
	{name: "AWSManagedRulesAmazonIpReputationList"},
	// It would refuse every body above 8 KiB, and with it every upload.
	{name: "AWSManagedRulesCommonRuleSet", counted: []string{"SizeRestrictions_BODY"}},
	{name: "AWSManagedRulesKnownBadInputsRuleSet"},
	{name: "AWSManagedRulesSQLiRuleSet"},
}

// botControl is bot control at the level that works by signatures. Programs are
// clients too, so what is no browser is counted only.
var botControl = ruleGroup{
	name: "AWSManagedRulesBotControlRuleSet", counted: []string{"CategoryHttpLibrary", "SignalNonBrowserUserAgent"},
	configs: wafv2.WebAclRuleStatementManagedRuleGroupStatementManagedRuleGroupConfigArray{
		&wafv2.WebAclRuleStatementManagedRuleGroupStatementManagedRuleGroupConfigArgs{
			AwsManagedRulesBotControlRuleSet: &wafv2.WebAclRuleStatementManagedRuleGroupStatementManagedRuleGroupConfigAwsManagedRulesBotControlRuleSetArgs{
				InspectionLevel: pulumi.String("COMMON"),
			},
		},
	},
}

// Priorities order the rules of a web ACL, lowest first: who is known, what is too
// much, and then what costs most to look for.
const (
	listPriority    = 0
	ratePriority    = 10
	managedPriority = 100
)

// ruleGroup is a managed rule group, with the rules in it that only count.
type ruleGroup struct {
	name    string
	counted []string
	configs wafv2.WebAclRuleStatementManagedRuleGroupStatementManagedRuleGroupConfigArrayInput
}

// makeWebACL makes the web ACL of the distribution.
func (b *builder) makeWebACL() (err error) {
	g := b.args.Global
	opts := append(b.global(), b.in)
	rules, err := b.listRules(opts...)
	if err != nil {
		return err
	}
	rules = append(rules, rateRule("rate-limit", ratePriority, g.RateLimitPer5Minutes, nil))
	for i, limit := range g.PathRateLimits {
		rules = append(rules, rateRule("rate-limit-"+limit.Name, ratePriority+1+i, limit.Per5Minutes, startsWith(limit.PathPrefix)))
	}
	groups := managedRuleGroups
	if g.BotControl {
		groups = append(groups[:len(groups):len(groups)], botControl)
	}
	b.webACL, err = b.newWebACL(b.name+"-web-acl", "CLOUDFRONT", "Guards the public names", append(rules, managedRules(groups)...), opts...)
	return err
}

// makeRegionalWebACL guards the load balancer against who comes past CloudFront.
// It has no rate limit: nearly all requests come from CloudFront's own addresses.
func (b *builder) makeRegionalWebACL() error {
	acl, err := b.newWebACL(b.name+"-alb-web-acl", "REGIONAL", "Guards the load balancer", managedRules(managedRuleGroups), b.in)
	if err != nil {
		return err
	}
	_, err = wafv2.NewWebAclAssociation(b.ctx, b.name+"-alb-web-acl", &wafv2.WebAclAssociationArgs{
		ResourceArn: b.balancer.Arn, WebAclArn: acl.Arn,
	}, b.in)
	return err
}

func (b *builder) newWebACL(name, scope, description string, rules wafv2.WebAclRuleArray, opts ...pulumi.ResourceOption) (*wafv2.WebAcl, error) {
	acl, err := wafv2.NewWebAcl(b.ctx, name, &wafv2.WebAclArgs{
		Scope:         pulumi.String(scope),
		Description:   pulumi.String(description),
		DefaultAction: &wafv2.WebAclDefaultActionArgs{Allow: &wafv2.WebAclDefaultActionAllowArgs{}},
		Rules:         rules,
		VisibilityConfig: &wafv2.WebAclVisibilityConfigArgs{
			MetricName:               pulumi.String(name),
			CloudwatchMetricsEnabled: pulumi.Bool(true),
			SampledRequestsEnabled:   pulumi.Bool(true),
		},
		Tags: tags(name),
	}, opts...)
	if err != nil {
		return nil, err
	}
	return acl, b.logWebACL(name, scope, acl, opts...)
}

// listRules let in and turn away by address, before anything else is asked.
func (b *builder) listRules(opts ...pulumi.ResourceOption) (wafv2.WebAclRuleArray, error) {
	rules := wafv2.WebAclRuleArray{}
	for i, list := range b.args.Global.lists() {
		if len(list.blocks) == 0 {
			continue
		}
		set, err := wafv2.NewIpSet(b.ctx, b.name+"-"+list.name, &wafv2.IpSetArgs{
			Scope:            pulumi.String("CLOUDFRONT"),
			Description:      pulumi.String(list.description),
			IpAddressVersion: pulumi.String(list.version),
			Addresses:        pulumi.ToStringArray(list.blocks),
			Tags:             tags(b.name + "-" + list.name),
		}, opts...)
		if err != nil {
			return nil, err
		}
		action := &wafv2.WebAclRuleActionArgs{Block: &wafv2.WebAclRuleActionBlockArgs{}}
		if list.allow {
			action = &wafv2.WebAclRuleActionArgs{Allow: &wafv2.WebAclRuleActionAllowArgs{}}
		}
		rules = append(rules, &wafv2.WebAclRuleArgs{
			Name:             pulumi.String(list.name),
			Priority:         pulumi.Int(listPriority + i),
			Action:           action,
			Statement:        &wafv2.WebAclRuleStatementArgs{IpSetReferenceStatement: &wafv2.WebAclRuleStatementIpSetReferenceStatementArgs{Arn: set.Arn}},
			VisibilityConfig: ruleVisibility(list.name),
		})
	}
	return rules, nil
}

// rateRule blocks an address that sends too many requests, of those in scope.
func rateRule(name string, priority, limit int, scope wafv2.WebAclRuleStatementRateBasedStatementScopeDownStatementPtrInput) *wafv2.WebAclRuleArgs {
	return &wafv2.WebAclRuleArgs{
		Name:     pulumi.String(name),
		Priority: pulumi.Int(priority),
		Action:   &wafv2.WebAclRuleActionArgs{Block: &wafv2.WebAclRuleActionBlockArgs{}},
		Statement: &wafv2.WebAclRuleStatementArgs{RateBasedStatement: &wafv2.WebAclRuleStatementRateBasedStatementArgs{
			AggregateKeyType:    pulumi.String("IP"),
			EvaluationWindowSec: pulumi.Int(300),
			Limit:               pulumi.Int(limit),
			ScopeDownStatement:  scope,
		}},
		VisibilityConfig: ruleVisibility(name),
	}
}

// startsWith takes the paths below a prefix, however they are written.
func startsWith(prefix string) wafv2.WebAclRuleStatementRateBasedStatementScopeDownStatementPtrInput {
	return &wafv2.WebAclRuleStatementRateBasedStatementScopeDownStatementArgs{
		ByteMatchStatement: &wafv2.WebAclRuleStatementRateBasedStatementScopeDownStatementByteMatchStatementArgs{
			FieldToMatch: &wafv2.WebAclRuleStatementRateBasedStatementScopeDownStatementByteMatchStatementFieldToMatchArgs{
				UriPath: &wafv2.WebAclRuleStatementRateBasedStatementScopeDownStatementByteMatchStatementFieldToMatchUriPathArgs{},
			},
			PositionalConstraint: pulumi.String("STARTS_WITH"),
			SearchString:         pulumi.String(prefix),
			TextTransformations: wafv2.WebAclRuleStatementRateBasedStatementScopeDownStatementByteMatchStatementTextTransformationArray{
				&wafv2.WebAclRuleStatementRateBasedStatementScopeDownStatementByteMatchStatementTextTransformationArgs{
					Priority: pulumi.Int(0), Type: pulumi.String("NORMALIZE_PATH"),
				},
			},
		},
	}
}

func managedRules(groups []ruleGroup) wafv2.WebAclRuleArray {
	rules := wafv2.WebAclRuleArray{}
	for i, group := range groups {
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
			Priority:       pulumi.Int(managedPriority + 10*i), // gaps, for rules in between
			OverrideAction: &wafv2.WebAclRuleOverrideActionArgs{None: &wafv2.WebAclRuleOverrideActionNoneArgs{}},
			Statement: &wafv2.WebAclRuleStatementArgs{ManagedRuleGroupStatement: &wafv2.WebAclRuleStatementManagedRuleGroupStatementArgs{
				VendorName:              pulumi.String("AWS"),
				Name:                    pulumi.String(group.name),
				RuleActionOverrides:     overrides,
				ManagedRuleGroupConfigs: group.configs,
			}},
			VisibilityConfig: ruleVisibility(group.name),
		})
	}
	return rules
}

func ruleVisibility(metric string) *wafv2.WebAclRuleVisibilityConfigArgs {
	return &wafv2.WebAclRuleVisibilityConfigArgs{
		MetricName:               pulumi.String(metric),
		CloudwatchMetricsEnabled: pulumi.Bool(true),
		SampledRequestsEnabled:   pulumi.Bool(true),
	}
}

// addressList is a set of addresses of one version that a rule is about.
type addressList struct {
	name, description, version string
	allow                      bool
	blocks                     []string
}

// lists are the sets of addresses, those that let in first. A version has a set of
// its own.
func (g *GlobalArgs) lists() []addressList {
	var all []addressList
	for _, of := range []struct {
		name, description string
		allow             bool
		blocks            []string
	}{
		{"allowed", "Let in, whatever they send", true, g.AllowedIPs},
		{"denied", "Turned away", false, g.DeniedIPs},
	} {
		four, six := byVersion(of.blocks)
		for version, blocks := range [][]string{four, six} {
			v := []string{"4", "6"}[version]
			all = append(all, addressList{fmt.Sprintf("%s-ipv%s", of.name, v), of.description, "IPV" + v, of.allow, blocks})
		}
	}
	return all
}
