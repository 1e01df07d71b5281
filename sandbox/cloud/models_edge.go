package cloud

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

const (
	typeLoadBalancer = "aws:lb/loadBalancer:LoadBalancer"
	typeListener     = "aws:lb/listener:Listener"
	typeListenerRule = "aws:lb/listenerRule:ListenerRule"
	typeTargetGroup  = "aws:lb/targetGroup:TargetGroup"
	typeCertificate  = "aws:acm/certificate:Certificate"
	typeZone         = "aws:route53/zone:Zone"
	typeRecord       = "aws:route53/record:Record"
	typeHealthCheck  = "aws:route53/healthCheck:HealthCheck"
	typeDistribution = "aws:cloudfront/distribution:Distribution"
	typeWebACL       = "aws:wafv2/webAcl:WebAcl"
)

var elbName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$`)

// elbNamed checks the form of a name of Elastic Load Balancing.
func elbNamed(o *op) error {
	if n := text(o.in, "name"); n != "" && (!elbName.MatchString(n) || strings.HasPrefix(n, "internal-")) {
		return o.refuse("ValidationError", "the name '%s' may have letters, digits and hyphens, no hyphen first or last, and must not begin with internal-", n)
	}
	return nil
}

// elbZones are the hosted zones of application load balancers (AWS general
// reference, "Elastic Load Balancing endpoints and quotas").
var elbZones = map[string]string{
	"us-east-1": "Z35SXDOTRQ7X7K", "us-east-2": "Z3AADJGX6KTTL2", "us-west-1": "Z368ELLRRE2KJ0", "us-west-2": "Z1H1FL5HABSF5",
	"eu-west-1": "Z32O12XQLNTSW2", "eu-central-1": "Z215JYRZR1TBD5",
}

var elbModels = []model{
	{
		Type: typeLoadBalancer, Service: "ELBv2", Auto: autoname{max: 32},
		ID: "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/{kind}/{name}/{hex:16}",
		Set: map[string]string{
			"arn": "{id}", "dnsName": "{scheme}{name}-{digits:10}.{region}.elb.amazonaws.com", "zoneId": "{elbZone}",
			"loadBalancerType": "application", "ipAddressType": "ipv4", "vpcId": "{subnetVpc}",
		},
		Unique: []string{"{name}"}, Exists: "DuplicateLoadBalancerName", Protect: "enableDeletionProtection", OneVPC: "InvalidConfigurationRequest",
		UsedBy: []string{"aws:wafv2/webAclAssociation:WebAclAssociation"}, InUse: "ResourceInUse",
		Check: func(o *op) error {
			o.tmp["kind"] = map[string]string{"network": "net", "gateway": "gwy"}[text(o.in, "loadBalancerType")]
			if o.tmp["kind"] == "" {
				o.tmp["kind"] = "app"
			}
			o.tmp["scheme"] = ""
			if truth(o.in, "internal") {
				o.tmp["scheme"] = "internal-"
			}
			o.tmp["elbZone"] = elbZones[o.region]
			zones := map[string]bool{}
			for _, id := range append(texts(o.in, "subnets"), texts(o.in, "subnetMappings.subnetId")...) {
				found, err := o.find(id, typeSubnet)
				if err != nil {
					return err
				}
				for _, s := range found {
					zone := text(s.Outputs, "availabilityZone")
					if zones[zone] {
						return o.refuse("InvalidConfigurationRequest", "a load balancer cannot be attached to multiple subnets in the same Availability Zone: %s", zone)
					}
					zones[zone] = true
					o.tmp["subnetVpc"] = s.Inputs["vpcId"]
				}
			}
			if o.tmp["kind"] == "app" && len(zones) < 2 {
				return o.refuse("ValidationError", "at least two subnets in two different Availability Zones must be specified")
			}
			return elbNamed(o)
		},
		Compute: func(o *op) error {
			_, o.out["arnSuffix"], _ = strings.Cut(o.id, ":loadbalancer/")
			return nil
		},
	},
	{
		Type: typeListener, Service: "ELBv2", ID: "{parent}/{hex:16}", Auto: autoname{none: true},
		Refs:   map[string][]string{"loadBalancerArn": {typeLoadBalancer}},
		Set:    map[string]string{"arn": "{id}", "protocol": "HTTP"},
		Unique: []string{"{loadBalancerArn} {port}"}, Exists: "DuplicateListener",
		Check: checkListener, OneVPC: "InvalidConfigurationRequest",
	},
	{
		Type: typeListenerRule, Service: "ELBv2", ID: "{parent}/{hex:16}", Auto: autoname{none: true},
		Refs:   map[string][]string{"listenerArn": {typeListener}},
		Set:    map[string]string{"arn": "{id}"},
		Unique: []string{"{listenerArn} {priority}"}, Exists: "PriorityInUse",
		Check: checkListenerRule, OneVPC: "InvalidConfigurationRequest",
		Compute: func(o *op) error {
			if o.out["priority"] != nil {
				return nil
			}
			last := 0.0
			err := o.eachOf(o.scope, typeListenerRule, func(r *Resource) error {
				if p, _ := number(r.Outputs, "priority"); text(r.Inputs, "listenerArn") == text(o.in, "listenerArn") {
					last = max(last, p)
				}
				return nil
			})
			o.out["priority"] = last + 1
			return err
		},
	},
	{
		Type: typeTargetGroup, Service: "ELBv2", Auto: autoname{max: 32},
		ID:     "arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hex:16}",
		Set:    map[string]string{"arn": "{id}", "ipAddressType": "ipv4", "targetType": "instance", "protocolVersion": "HTTP1", "loadBalancingAlgorithmType": "round_robin"},
		Unique: []string{"{name}"}, Exists: "DuplicateTargetGroupName",
		UsedBy: []string{typeListener, typeListenerRule}, InUse: "ResourceInUse",
		Check: elbNamed,
		Compute: func(o *op) error {
			_, suffix, _ := strings.Cut(o.id, ":targetgroup/")
			o.out["arnSuffix"] = "targetgroup/" + suffix
			return nil
		},
	},
}

// issued refuses a certificate that has not been issued.
func (o *op) issued(arn string) error {
	if arn == "" {
		return nil
	}
	found, err := o.find(arn, typeCertificate)
	if err != nil || len(found) == 0 {
		return err
	}
	if s := text(found[0].Outputs, "status"); s != "ISSUED" {
		return o.refuse("UnsupportedCertificate", "the certificate '%s' must have been issued: it is %s (wait for its CertificateValidation)", arn, s)
	}
	return nil
}

// managedPolicies are CloudFront's managed policies that the platform may name
// (CloudFront developer guide, "Using managed cache policies" and following).
var managedPolicies = map[string][]string{
	"cachePolicyId": {
		"658327ea-f89d-4fab-a63d-7e88639e58f6", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "83da9c7e-98b4-4e11-a168-04f0df8e2c65",
		"4cc15a8a-d715-48a4-82b8-cc0b614638fe", "b2884449-e4de-46a7-ac36-70bc7f1ddd6d", "2e54312d-136d-493c-8eb9-b001f22f67d2",
	},
	"originRequestPolicyId": {
		"216adef6-5c7f-47e4-b989-5492eafa07d3", "b689b0a8-53d0-40ab-baf2-68738e2966ac", "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
		"59781a5b-3903-41f3-afcb-af62929ccde1", "33f36d7e-f396-46d9-90e0-52428a34d9dc",
	},
	"responseHeadersPolicyId": {
		"67f7725c-6f97-4210-82d7-5512b31e9d03", "60669652-455b-4ae9-85a4-c4c02393f86c", "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
		"e61eb60c-9c35-4d20-a928-2b84e02af89c", "5cc3b908-e619-4b99-88e5-2cf7f45965bd",
	},
}

// behaviours puts a path under both kinds of cache behaviour.
func behaviours[V any](paths map[string]V) map[string]V {
	m := map[string]V{}
	for p, v := range paths {
		m["defaultCacheBehavior."+p], m["orderedCacheBehaviors."+p] = v, v
	}
	return m
}

var distributionRefs = func() map[string][]string {
	m := behaviours(map[string][]string{
		"cachePolicyId":           {"aws:cloudfront/cachePolicy:CachePolicy"},
		"originRequestPolicyId":   {"aws:cloudfront/originRequestPolicy:OriginRequestPolicy"},
		"responseHeadersPolicyId": {"aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"},
	})
	m["origins.originAccessControlId"] = []string{"aws:cloudfront/originAccessControl:OriginAccessControl"}
	m["webAclId"] = []string{typeWebACL}
	m["viewerCertificate.acmCertificateArn"] = []string{typeCertificate}
	return m
}()

var edgeModels = []model{
	{
		Type: typeCertificate, Service: "ACM", ID: "arn:aws:acm:{region}:{account}:certificate/{uuid}", Auto: autoname{none: true},
		Set:    map[string]string{"arn": "{id}", "keyAlgorithm": "RSA_2048", "type": "AMAZON_ISSUED", "renewalEligibility": "INELIGIBLE"},
		UsedBy: []string{typeListener, typeDistribution}, InUse: "ResourceInUseException",
		Compute: func(o *op) error {
			if o.old != nil {
				return nil
			}
			o.out["status"] = "PENDING_VALIDATION"
			if o.in["certificateBody"] != nil {
				o.out["status"], o.out["type"] = "ISSUED", "IMPORTED"
				return nil
			}
			names := append([]string{text(o.in, "domainName")}, texts(o.in, "subjectAlternativeNames")...)
			slices.Sort(names[1:])
			names = slices.Compact(names)
			if o.in["subjectAlternativeNames"] == nil {
				o.out["subjectAlternativeNames"] = []any{names[0]}
			}
			var options []any
			seen := map[string]bool{}
			for _, n := range names {
				if n == "" || seen[n] || text(o.in, "validationMethod") != "DNS" {
					continue
				}
				seen[n] = true
				// A name and its wildcard share one record, for the
				// account, in all regions.
				host := strings.TrimPrefix(n, "*.")
				token := o.shared("acm", host)
				options = append(options, map[string]any{
					"domainName": n, "resourceRecordType": "CNAME",
					"resourceRecordName":  fmt.Sprintf("_%s.%s.", token[:32], host),
					"resourceRecordValue": fmt.Sprintf("_%s.acm-validations.aws.", token[32:]),
				})
			}
			o.out["domainValidationOptions"] = options
			return nil
		},
	},
	{
		Type: "aws:acm/certificateValidation:CertificateValidation", Service: "ACM", ID: "{uuid}", Auto: autoname{none: true},
		Refs:  map[string][]string{"certificateArn": {typeCertificate}},
		Check: validateCertificate,
	},
	{
		Type: typeZone, Service: "Route 53", Global: true, ID: "Z{upper:20}", Auto: autoname{none: true},
		Set: map[string]string{
			"arn": "arn:aws:route53:::hostedzone/{id}", "zoneId": "{id}", "comment": "Managed by Pulumi",
		},
		UsedBy: []string{typeRecord}, InUse: "HostedZoneNotEmpty",
		Compute: func(o *op) error {
			if o.out["nameServers"] == nil {
				var names []any
				for i, tld := range []string{"com", "net", "org", "co.uk"} {
					names = append(names, fmt.Sprintf("ns-%s.awsdns-%02d.%s", o.mint("digits", 3, tld), atoi(o.mint("digits", 2, "ns"+tld)), []string{"com", "net", "org", "co.uk"}[i]))
				}
				o.out["nameServers"], o.out["primaryNameServer"] = names, names[0]
			}
			return nil
		},
	},
	{
		Type: typeRecord, Service: "Route 53", Global: true, ID: "{zoneId}_{lower:name}_{type}{suffix}", Auto: autoname{none: true},
		Refs:   map[string][]string{"zoneId": {typeZone}, "healthCheckId": {typeHealthCheck}},
		Unique: []string{recordKey}, Exists: "InvalidChangeBatch",
		Check: checkRecord,
		Compute: func(o *op) error {
			o.out["fqdn"] = o.tmp["fqdn"]
			return nil
		},
	},
	{
		Type: typeHealthCheck, Service: "Route 53", Global: true, ID: "{uuid}", Auto: autoname{none: true},
		Set:  map[string]string{"arn": "arn:aws:route53:::healthcheck/{id}"},
		Refs: map[string][]string{"childHealthchecks": {typeHealthCheck}},
		UsedBy: []string{
			typeHealthCheck,
		}, InUse: "HealthCheckInUse",
		Check: func(o *op) error {
			kind := text(o.in, "type")
			calculated := len(texts(o.in, "childHealthchecks")) > 0
			switch {
			case kind == "CALCULATED" && !calculated:
				return o.refuse("InvalidInput", "a CALCULATED health check needs childHealthchecks")
			case kind != "CALCULATED" && calculated:
				return o.refuse("InvalidInput", "childHealthchecks are for CALCULATED health checks, this is %s", kind)
			case kind == "CLOUDWATCH_METRIC" && text(o.in, "cloudwatchAlarmName") == "":
				return o.refuse("InvalidInput", "a CLOUDWATCH_METRIC health check needs cloudwatchAlarmName")
			case slices.Contains([]string{"HTTP", "HTTPS", "TCP", "HTTP_STR_MATCH", "HTTPS_STR_MATCH"}, kind) &&
				text(o.in, "fqdn") == "" && text(o.in, "ipAddress") == "":
				return o.refuse("InvalidInput", "a health check of type %s needs fqdn or ipAddress", kind)
			}
			return nil
		},
	},
	{
		Type: typeDistribution, Service: "CloudFront", Global: true, ID: "E{upper:13}", Auto: autoname{none: true},
		Set: map[string]string{
			"arn": "arn:aws:cloudfront::{account}:distribution/{id}", "domainName": "d{alnum:13}.cloudfront.net",
			"hostedZoneId": cloudFrontZone, "status": "Deployed", "etag": "E{upper:12}", "callerReference": "{hex:24}",
		},
		Volatile: []string{"etag"}, Refs: distributionRefs, External: behaviours(managedPolicies),
		UsedBy: []string{"aws:wafv2/webAclAssociation:WebAclAssociation"},
		Check:  checkDistribution, Compute: stamp("lastModifiedTime"),
	},
	{
		Type: "aws:cloudfront/originAccessControl:OriginAccessControl", Service: "CloudFront", Global: true, ID: "E{upper:13}",
		Auto: autoname{max: 64}, Set: map[string]string{
			"etag": "E{upper:12}", "arn": "arn:aws:cloudfront::{account}:origin-access-control/{id}",
		},
		Unique: []string{"{name}"}, Exists: "OriginAccessControlAlreadyExists",
		UsedBy: []string{typeDistribution}, InUse: "OriginAccessControlInUse",
	},
	cachingPolicy("cachePolicy", "CachePolicy", "cache-policy"),
	cachingPolicy("originRequestPolicy", "OriginRequestPolicy", "origin-request-policy"),
	cachingPolicy("responseHeadersPolicy", "ResponseHeadersPolicy", "response-headers-policy"),
	{
		Type: typeWebACL, Service: "WAFV2", ID: "{uuid}", Auto: autoname{max: 128},
		Set: map[string]string{
			"arn": "arn:aws:wafv2:{region}:{account}:{path}/webacl/{name}/{id}", "lockToken": "{uuid}",
		},
		Volatile: []string{"lockToken"}, Unique: []string{"{scope} {name}"}, Exists: "WAFDuplicateItemException",
		UsedBy: []string{typeDistribution, "aws:wafv2/webAclAssociation:WebAclAssociation"}, InUse: "WAFAssociatedItemException",
		Check: func(o *op) error {
			priorities := map[string]bool{}
			for _, l := range all(o.in, "rules.priority") {
				if p := fmt.Sprint(l.value); priorities[p] {
					return o.refuse("WAFInvalidParameterException", "%s: two rules have the priority %s", l.path, p)
				} else {
					priorities[p] = true
				}
			}
			return wafScope(o)
		},
		Compute: func(o *op) error {
			// Rule groups cost what their vendor says; a rule of one
			// statement is counted as 1 here.
			rules, _ := o.in["rules"].([]any)
			o.out["capacity"] = float64(len(rules))
			return nil
		},
	},
	{
		Type: "aws:wafv2/ipSet:IpSet", Service: "WAFV2", ID: "{uuid}", Auto: autoname{max: 128},
		Set: map[string]string{
			"arn": "arn:aws:wafv2:{region}:{account}:{path}/ipset/{name}/{id}", "lockToken": "{uuid}",
		},
		Volatile: []string{"lockToken"}, Unique: []string{"{scope} {name}"}, Exists: "WAFDuplicateItemException",
		UsedBy: []string{typeWebACL}, InUse: "WAFAssociatedItemException",
		Check: func(o *op) error {
			for _, a := range texts(o.in, "addresses") {
				if p, err := netip.ParsePrefix(a); err != nil || p.Addr().Is4() != (text(o.in, "ipAddressVersion") == "IPV4") {
					return o.refuse("WAFInvalidParameterException", "the address %s is no %s CIDR block", a, text(o.in, "ipAddressVersion"))
				}
			}
			return wafScope(o)
		},
	},
	{
		Type: "aws:wafv2/webAclAssociation:WebAclAssociation", Service: "WAFV2", ID: "{webAclArn},{resourceArn}", Auto: autoname{none: true},
		Refs:   map[string][]string{"webAclArn": {typeWebACL}},
		Unique: []string{"{resourceArn}"}, Exists: "WAFDuplicateItemException",
		Check: func(o *op) error {
			if strings.Contains(text(o.in, "webAclArn"), ":global/") {
				return o.refuse("WAFInvalidParameterException", "a web ACL of scope CLOUDFRONT is set on the distribution (webAclId), not associated")
			}
			return nil
		},
	},
	{
		Type: "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", Service: "WAFV2", ID: "{resourceArn}", Auto: autoname{none: true},
		Refs:   map[string][]string{"resourceArn": {typeWebACL}},
		Unique: []string{"{resourceArn}"}, Exists: "WAFDuplicateItemException",
		Check: func(o *op) error {
			for _, d := range texts(o.in, "logDestinationConfigs") {
				a := arnForm.FindStringSubmatch(d)
				if a == nil {
					return o.refuse("WAFInvalidParameterException", "the destination %s is no ARN", d)
				}
				name := a[4][strings.LastIndexAny(strings.TrimSuffix(a[4], ":*"), ":/")+1:]
				if !strings.HasPrefix(name, "aws-waf-logs-") {
					return o.refuse("WAFInvalidParameterException", "the name of the log destination %s must begin with aws-waf-logs-", d)
				}
			}
			return nil
		},
	},
}

// cachingPolicy is a policy that distributions share.
func cachingPolicy(file, name, path string) model {
	return model{
		Type: "aws:cloudfront/" + file + ":" + name, Service: "CloudFront", Global: true, ID: "{uuid}", Auto: autoname{max: 128},
		Set:      map[string]string{"etag": "E{upper:12}", "arn": "arn:aws:cloudfront::{account}:" + path + "/{id}"},
		Volatile: []string{"etag"}, Unique: []string{"{name}"}, Exists: name + "AlreadyExists",
		UsedBy: []string{typeDistribution}, InUse: name + "InUse",
	}
}

// wafScope holds CLOUDFRONT to the one region that serves it.
func wafScope(o *op) error {
	o.tmp["path"] = "regional"
	if text(o.in, "scope") == "CLOUDFRONT" {
		if o.region != globalControl {
			return o.refuse("WAFInvalidParameterException", "the scope is not valid: CLOUDFRONT is served in %s, this is %s", globalControl, o.region)
		}
		o.tmp["path"] = "global"
	}
	return nil
}

// shared makes a token that is the same for the whole account.
func (o *op) shared(kind, name string) string {
	whole := op{tx: o.tx, m: &model{Type: kind}, urn: name, scope: Scope{Account: o.scope.Account}}
	return whole.mint("hex", 32, "a") + whole.mint("hex", 32, "b")
}

// validateCertificate issues a certificate whose validation records exist.
func validateCertificate(o *op) error {
	found, err := o.find(text(o.in, "certificateArn"), typeCertificate)
	if err != nil || len(found) == 0 {
		return err
	}
	cert := found[0]
	records := map[string]string{}
	err = o.eachOf(Scope{Package: "aws", Account: o.scope.Account, Region: Global}, typeRecord, func(r *Resource) error {
		if v := texts(r.Inputs, "records"); len(v) == 1 {
			records[strings.ToLower(text(r.Outputs, "fqdn"))] = strings.TrimSuffix(v[0], ".")
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, l := range all(cert.Outputs, "domainValidationOptions") {
		m, _ := l.value.(map[string]any)
		name, want := strings.TrimSuffix(text(m, "resourceRecordName"), "."), strings.TrimSuffix(text(m, "resourceRecordValue"), ".")
		if records[strings.ToLower(name)] != want {
			return o.refuse("ValidationTimedOut", "waiting for ACM Certificate (%s) to be issued: timeout while waiting for state to become 'ISSUED' "+
				"(last state: 'PENDING_VALIDATION'): no CNAME record %s with the value %s", cert.ID, name, want)
		}
	}
	cert.Outputs["status"] = "ISSUED"
	return o.put(cert)
}

// partsOfDistribution are how many of its parts a distribution may have (CloudFront
// developer guide, "Quotas"; the defaults), and the errors of the API.
var partsOfDistribution = []struct {
	path, code string
	most       int
}{
	{"aliases", "TooManyDistributionCNAMEs", 100},
	{"orderedCacheBehaviors", "TooManyCacheBehaviors", 74}, // besides the default one
	{"origins", "TooManyOrigins", 100},
	{"originGroups", "TooManyOriginGroupsPerDistribution", 10},
}

func checkDistribution(o *op) error {
	for _, part := range partsOfDistribution {
		if list, _ := at(o.in, part.path).([]any); len(list) > part.most {
			return o.refuse(part.code, "the request contains more than are allowed per distribution: %d of at most %d %s", len(list), part.most, part.path)
		}
	}
	cert := text(o.in, "viewerCertificate.acmCertificateArn")
	if a := arnForm.FindStringSubmatch(cert); a != nil && a[2] != globalControl {
		return o.refuse("InvalidViewerCertificate", "the specified SSL certificate doesn't exist, isn't in %s region, isn't valid, or doesn't include "+
			"a valid certificate chain: %s", globalControl, cert)
	}
	if err := o.issued(cert); err != nil {
		return err
	}
	if cert != "" {
		found, err := o.find(cert, typeCertificate)
		if err != nil {
			return err
		}
		for _, alias := range texts(o.in, "aliases") {
			if len(found) > 0 && !covers(found[0], alias) {
				return o.refuse("InvalidViewerCertificate", "the certificate %s doesn't cover the alternate domain name %s", cert, alias)
			}
		}
	} else if len(texts(o.in, "aliases")) > 0 {
		return o.refuse("InvalidViewerCertificate", "to add an alternate domain name (CNAME) a certificate that covers it must be attached")
	}
	if acl := text(o.in, "webAclId"); acl != "" && !strings.Contains(acl, ":global/webacl/") {
		return o.refuse("InvalidWebACLId", "web ACL %s is not of scope CLOUDFRONT in %s", acl, globalControl)
	}
	origins := map[string]bool{}
	for _, id := range append(texts(o.in, "origins.originId"), texts(o.in, "originGroups.originId")...) {
		if origins[id] {
			return o.refuse("InvalidArgument", "two origins or origin groups have the id %s", id)
		}
		origins[id] = true
	}
	for _, p := range []string{"defaultCacheBehavior.targetOriginId", "orderedCacheBehaviors.targetOriginId", "originGroups.members.originId"} {
		for _, l := range all(o.in, p) {
			if s, ok := l.value.(string); ok && !origins[s] {
				return o.refuse("NoSuchOrigin", "%s: one or more of your origins or origin groups do not exist: %s", l.path, s)
			}
		}
	}
	return o.eachOf(o.scope, typeDistribution, func(r *Resource) error {
		for _, alias := range texts(r.Inputs, "aliases") {
			if r.ID != o.id && slices.Contains(texts(o.in, "aliases"), alias) {
				return o.refuse("CNAMEAlreadyExists", "the alternate domain name %s is already associated with distribution %s", alias, r.ID)
			}
		}
		return nil
	})
}

// covers says whether a certificate is good for a host name.
func covers(cert *Resource, host string) bool {
	names := append(texts(cert.Outputs, "subjectAlternativeNames"), text(cert.Inputs, "domainName"))
	_, parent, _ := strings.Cut(host, ".")
	return slices.ContainsFunc(names, func(n string) bool {
		return strings.EqualFold(n, host) || strings.EqualFold(n, "*."+parent)
	})
}
