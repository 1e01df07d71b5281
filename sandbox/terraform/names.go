package terraform

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/zclconf/go-cty/cty"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
)

// types are the types whose Terraform name does not follow from the
// token: aws_, the module, the name in snake case without a version.
var types = map[string]string{
	"aws:ec2transitgateway/transitGateway:TransitGateway":     "aws_ec2_transit_gateway",
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider":     "aws_iam_openid_connect_provider",
	"aws:lb/loadBalancer:LoadBalancer":                        "aws_lb",
	"aws:rds/parameterGroup:ParameterGroup":                   "aws_db_parameter_group",
	"aws:rds/proxy:Proxy":                                     "aws_db_proxy",
	"aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": "aws_db_proxy_default_target_group",
	"aws:rds/proxyEndpoint:ProxyEndpoint":                     "aws_db_proxy_endpoint",
	"aws:rds/proxyTarget:ProxyTarget":                         "aws_db_proxy_target",
	"aws:rds/subnetGroup:SubnetGroup":                         "aws_db_subnet_group",
	"aws:route53/hostedZoneDnsSec:HostedZoneDnsSec":           "aws_route53_hosted_zone_dnssec",
	"aws:s3/bucketObjectv2:BucketObjectv2":                    "aws_s3_object",
	"aws:s3/bucketReplicationConfig:BucketReplicationConfig":  "aws_s3_bucket_replication_configuration",
}

// modules are the modules whose Terraform name has its words apart.
var modules = map[string]string{"ec2transitgateway": "ec2_transit_gateway"}

// renamed are the properties that pulumi-aws gives a name that its rules would
// not, by type or for every type, Terraform name to Pulumi name.
var renamed = map[string]map[string]string{
	"aws:cloudwatch/metricAlarm:MetricAlarm":      {"alarm_name": "name"},
	"aws:lambda/function:Function":                {"function_name": "name", "filename": "code"},
	"aws:lambda/permission:Permission":            {"function_name": "function"},
	"aws:sns/topicSubscription:TopicSubscription": {"topic_arn": "topic"},
}

// Type finds the Terraform type of a Pulumi type token.
func (p *Provider) Type(tok string) (string, error) {
	if name := types[tok]; name != "" {
		return name, nil
	}
	parts := strings.Split(tok, ":")
	if len(parts) != 3 {
		return "", fmt.Errorf("token %q is not of the form package:module/file:Name", tok)
	}
	mod, _, _ := strings.Cut(parts[1], "/")
	mod = cmp.Or(modules[mod], mod)
	name := snake(strings.TrimSuffix(parts[2], "V2"))
	for _, candidate := range []string{"aws_" + mod + "_" + name, "aws_" + name} {
		if p.Schemas[candidate] != nil {
			return candidate, nil
		}
	}
	return "", fmt.Errorf("%s: no Terraform type of its name: add it to types", tok)
}

// PulumiName is the name that pulumi-aws gives an attribute or block of a
// resource of type tok: camel case, and for lists of many the plural. It is one
// of obj, the properties of the resource or of the nested object, and empty
// where none of them fits.
func PulumiName(tok, name string, many bool, obj facts.Object) string {
	for _, key := range []string{tok, ""} {
		if p := renamed[key][name]; p != "" {
			return p
		}
	}
	c := camel(name)
	candidates := []string{c, c + "s", c + "es", strings.TrimSuffix(c, "y") + "ies"}
	if many {
		slices.Reverse(candidates)
	}
	for _, p := range candidates {
		if _, ok := obj[p]; ok {
			return p
		}
	}
	// The SDK's acronyms and the bridge's plurals vary; case does not count.
	for _, p := range slices.Sorted(maps.Keys(obj)) {
		for _, c := range candidates {
			if strings.EqualFold(p, c) {
				return p
			}
		}
	}
	return ""
}

// snake is a camelCase name in Terraform's way.
func snake(s string) string {
	var b strings.Builder
	for i, r := range s {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// camel is a snake_case name in Pulumi's way.
func camel(s string) string {
	parts := strings.Split(s, "_")
	for i, p := range parts {
		if i > 0 && p != "" {
			parts[i] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, "")
}

// Names maps the Pulumi names in obj to the names of a block's attributes and
// blocks: PulumiName the other way round.
func (b *Block) Names(tok string, obj facts.Object) map[string]string {
	many := map[string]bool{}
	for name, a := range b.Attributes {
		many[name] = a.Type.IsListType() || a.Type.IsSetType()
	}
	for name, n := range b.Blocks {
		many[name] = n.Many()
	}
	return reverse(tok, many, obj)
}

// ObjectNames is Names for an attribute's object type.
func ObjectNames(tok string, t cty.Type, obj facts.Object) map[string]string {
	many := map[string]bool{}
	for name, a := range t.AttributeTypes() {
		many[name] = a.IsListType() || a.IsSetType()
	}
	return reverse(tok, many, obj)
}

func reverse(tok string, many map[string]bool, obj facts.Object) map[string]string {
	names := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(many)) {
		p := PulumiName(tok, name, many[name], obj)
		if _, taken := names[p]; p != "" && (!taken || camel(name) == p) {
			names[p] = name
		}
	}
	return names
}
