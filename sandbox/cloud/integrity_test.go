package cloud_test

import (
	"maps"
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

// with are properties with some of them changed.
func with(of, change props) props {
	of = maps.Clone(of)
	maps.Copy(of, change)
	return of
}

const (
	balancerType    = "aws:lb/loadBalancer:LoadBalancer"
	listenerType    = "aws:lb/listener:Listener"
	targetGroupType = "aws:lb/targetGroup:TargetGroup"
)

// elsewhere is a second network of a region.
func elsewhere(p *cloudtest.Provider, region string) (n cloudtest.Network) {
	n.VPC = p.Make(vpcType, "elsewhere", props{"cidrBlock": "10.9.0.0/16"})
	for i, zone := range []string{"a", "b"} {
		n.Subnets = append(n.Subnets, p.Make("aws:ec2/subnet:Subnet", "elsewhere-"+zone, props{
			"vpcId": n.VPC.ID, "cidrBlock": []string{"10.9.0.0/24", "10.9.1.0/24"}[i], "availabilityZone": region + zone,
		}))
	}
	return n
}

func TestListenersFitTheirBalancersAndTargets(t *testing.T) {
	p := cloudtest.New(t).AWS("us-east-1")
	here := p.Network("us-east-1")
	there := elsewhere(p, "us-east-1")
	group := func(name, protocol string, n cloudtest.Network) *cloudtest.Resource {
		return p.Make(targetGroupType, name, props{"name": name, "port": 80, "protocol": protocol, "targetType": "ip", "vpcId": n.VPC.ID})
	}
	web, plain, far := group("web", "HTTP", here), group("plain", "TCP", here), group("far", "HTTP", there)
	lb := p.Make(balancerType, "lb", props{"name": "lb", "subnets": here.SubnetIDs()})
	other := p.Make(balancerType, "other", props{"name": "other", "subnets": here.SubnetIDs()})
	network := p.Make(balancerType, "network", props{"name": "network", "loadBalancerType": "network", "subnets": here.SubnetIDs()})
	foreign := p.Make("aws:ec2/securityGroup:SecurityGroup", "foreign", props{"vpcId": there.VPC.ID})
	to := func(balancer *cloudtest.Resource, port int, protocol string, group *cloudtest.Resource) props {
		return props{"loadBalancerArn": balancer.ID, "port": port, "protocol": protocol, "defaultActions": []any{props{"type": "forward", "targetGroupArn": group.ID}}}
	}
	first := p.Make(listenerType, "first", to(lb, 80, "HTTP", web))
	p.Make(listenerType, "second", to(lb, 81, "HTTP", web)) // of the same load balancer
	p.Make(listenerType, "network", to(network, 80, "TCP", plain))
	if err := first.Update(props{"port": 82}); err != nil {
		t.Error(err)
	}
	p.Make("aws:lb/listenerRule:ListenerRule", "rule", props{
		"listenerArn": first.ID, "priority": 1, "conditions": []any{props{"pathPattern": props{"values": []any{"/a"}}}},
		"actions": []any{props{"type": "forward", "targetGroupArn": web.ID}},
	})
	rule := func(group *cloudtest.Resource) props {
		return props{
			"listenerArn": first.ID, "priority": 2, "conditions": []any{props{"pathPattern": props{"values": []any{"/b"}}}},
			"actions": []any{props{"type": "forward", "targetGroupArn": group.ID}},
		}
	}
	clusterRole := p.Role("control", "eks.amazonaws.com")
	golden(t, "balancers.txt", refusals(t, map[string]attempt{
		"TCP of an application":          {p, listenerType, to(lb, 90, "TCP", plain), "Listener protocol 'TCP' must be one of 'HTTPS, HTTP'"},
		"HTTP of a network":              {p, listenerType, to(network, 90, "HTTP", web), "must be one of 'TCP, TLS, UDP, TCP_UDP'"},
		"HTTP to TCP":                    {p, listenerType, to(lb, 90, "HTTP", plain), "IncompatibleProtocols"},
		"TCP to HTTP":                    {p, listenerType, to(network, 90, "TCP", web), "incompatible protocols: 'TCP' and 'HTTP'"},
		"targets of another VPC":         {p, listenerType, to(lb, 90, "HTTP", far), "in different VPCs"},
		"a rule to another VPC":          {p, "aws:lb/listenerRule:ListenerRule", rule(far), "in different VPCs"},
		"a rule to another protocol":     {p, "aws:lb/listenerRule:ListenerRule", rule(plain), "IncompatibleProtocols"},
		"targets of another balancer":    {p, listenerType, to(other, 80, "HTTP", web), "TargetGroupAssociationLimit"},
		"a balancer in two VPCs":         {p, balancerType, props{"subnets": []any{here.Subnets[0].ID, there.Subnets[1].ID}}, "in different VPCs"},
		"a foreign group":                {p, balancerType, props{"subnets": here.SubnetIDs(), "securityGroups": []any{foreign.ID}}, "InvalidConfigurationRequest"},
		"database subnets in two VPCs":   {p, "aws:rds/subnetGroup:SubnetGroup", props{"subnetIds": []any{here.Subnets[0].ID, there.Subnets[1].ID}}, "InvalidSubnet"},
		"a cluster in two VPCs":          {p, "aws:eks/cluster:Cluster", props{"roleArn": clusterRole.Get("arn"), "vpcConfig": props{"subnetIds": []any{here.Subnets[0].ID, there.Subnets[1].ID}}}, "InvalidParameterException"},
		"an endpoint of a foreign group": {p, endpoint, props{"vpcId": here.VPC.ID, "vpcEndpointType": "Interface", "serviceName": "com.amazonaws.us-east-1.sqs", "subnetIds": here.SubnetIDs(), "securityGroupIds": []any{foreign.ID}}, "in different VPCs"},
	}))
}

func TestAliasesLieInTheZoneOfTheirTarget(t *testing.T) {
	w := cloudtest.New(t)
	east, west := w.AWS("us-east-1"), w.AWS("us-west-2")
	zone := east.Zone()
	lb := west.Make(balancerType, "lb", props{"name": "lb", "subnets": west.Network("us-west-2").SubnetIDs()})
	cdn := east.Make("aws:cloudfront/distribution:Distribution", "cdn", distribution(props{
		"aliases": []any{}, "viewerCertificate": props{"cloudfrontDefaultCertificate": true},
	}))
	const record = "aws:route53/record:Record"
	to := func(name, zoneID string) props {
		return props{"zoneId": zone.ID, "name": "www", "type": "A", "aliases": []any{props{"name": name, "zoneId": zoneID, "evaluateTargetHealth": true}}}
	}
	balancer := lb.Get("dnsName")
	east.Make(record, "balancer", with(to("dualstack."+balancer+".", lb.Get("zoneId")), props{"name": "balancer"}))
	east.Make(record, "cdn", with(to(cdn.Get("domainName"), cdn.Get("hostedZoneId")), props{"name": "cdn"}))
	east.Make(record, "record", with(to("balancer.example.com", zone.ID), props{"name": "record"}))
	east.Make(record, "website", with(to("s3-website-us-east-1.amazonaws.com", "Z3AQBSTGFYJSTF"), props{"name": "website"}))
	golden(t, "aliases.txt", refusals(t, map[string]attempt{
		"balancer in the record's zone":     {east, record, to(balancer, zone.ID), "does not lie within the target zone"},
		"balancer in another region's zone": {east, record, to(balancer, "Z35SXDOTRQ7X7K"), "it lies in " + lb.Get("zoneId")},
		"no such balancer":                  {east, record, to("none-123.us-west-2.elb.amazonaws.com", lb.Get("zoneId")), "that target was not found"},
		"CDN in a balancer's zone":          {east, record, to(cdn.Get("domainName"), lb.Get("zoneId")), "does not lie within the target zone"},
		"no such CDN":                       {east, record, to("d111111abcdef8.cloudfront.net", cdn.Get("hostedZoneId")), "that target was not found"},
		"no such record":                    {east, record, to("nobody.example.com", zone.ID), "that target was not found"},
		"record in another zone":            {east, record, to("balancer.example.com", lb.Get("zoneId")), "does not lie within the target zone"},
	}))
}

func TestALifecycleGoesFromWarmToCold(t *testing.T) {
	p := cloudtest.New(t).AWS("us-east-1")
	const lifecycle = "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2"
	bucket := p.Make(bucketType, "b", props{"bucket": "tandem-b"})
	move := func(day int, class string) any { return props{"days": day, "storageClass": class} }
	old := func(day int, class string) any { return props{"noncurrentDays": day, "storageClass": class} }
	rule := func(change props) any {
		return with(props{"id": "r", "status": "Enabled", "filter": props{"prefix": ""}}, change)
	}
	of := func(rules ...any) props { return props{"bucket": bucket.ID, "rules": rules} }
	made := p.Make(lifecycle, "made", of(
		rule(props{
			"transitions": []any{move(90, "GLACIER_IR"), move(30, "STANDARD_IA"), move(91, "DEEP_ARCHIVE")}, "expiration": props{"days": 365},
			"noncurrentVersionTransitions": []any{old(1, "GLACIER")}, "noncurrentVersionExpiration": props{"noncurrentDays": 2},
		}),
		rule(props{"id": "other", "transitions": []any{move(0, "GLACIER")}, "expiration": props{"days": 1}}),
	))
	if err := made.Delete(); err != nil {
		t.Fatal(err)
	}
	golden(t, "lifecycle.txt", refusals(t, map[string]attempt{
		"one id twice":                  {p, lifecycle, of(rule(nil), rule(nil)), "Rule ID must be unique"},
		"infrequent too early":          {p, lifecycle, of(rule(props{"transitions": []any{move(29, "STANDARD_IA")}})), "greater than or equal to 30"},
		"archived too early":            {p, lifecycle, of(rule(props{"transitions": []any{move(30, "STANDARD_IA"), move(59, "GLACIER")}})), "must be 30 days more"},
		"colder first":                  {p, lifecycle, of(rule(props{"transitions": []any{move(10, "GLACIER"), move(10, "DEEP_ARCHIVE")}})), "must be greater than 'Days' in the 'Transition' action for StorageClass 'GLACIER'"},
		"one class twice":               {p, lifecycle, of(rule(props{"transitions": []any{move(10, "GLACIER"), move(20, "GLACIER")}})), "must be different"},
		"gone before it moves":          {p, lifecycle, of(rule(props{"transitions": []any{move(30, "GLACIER")}, "expiration": props{"days": 30}})), "must be greater than 'Days' in the Transition action: 30 and 30"},
		"old ones gone before":          {p, lifecycle, of(rule(props{"noncurrentVersionTransitions": []any{old(30, "GLACIER")}, "noncurrentVersionExpiration": props{"noncurrentDays": 7}})), "NoncurrentVersionExpiration"},
		"old ones infrequent too early": {p, lifecycle, of(rule(props{"noncurrentVersionTransitions": []any{old(7, "STANDARD_IA")}})), "NoncurrentVersionTransition action must be"},
		"old ones in the wrong order":   {p, lifecycle, of(rule(props{"noncurrentVersionTransitions": []any{old(30, "GLACIER_IR"), old(20, "GLACIER")}})), "StorageClass 'GLACIER_IR'"},
	}))
}

func TestADeletedKeyIsOfNoUse(t *testing.T) {
	w := cloudtest.New(t)
	east, west := w.AWS("us-east-1"), w.AWS("us-west-2")
	key := east.Make("aws:kms/key:Key", "key", props{"multiRegion": true, "deletionWindowInDays": 7})
	replica := west.Make("aws:kms/replicaKey:ReplicaKey", "replica", props{"primaryKeyArn": key.Get("arn")})
	cloudtest.WantError(t, key.Delete(), "KMSInvalidStateException")
	for _, k := range []*cloudtest.Resource{replica, key} {
		if err := k.Delete(); err != nil {
			t.Fatal(err)
		}
	}
	secret := "aws:secretsmanager/secret:Secret"
	east.Refused(logGroupType, "logs", props{"kmsKeyId": key.Get("arn")}, "kmsKeyId", "KMSInvalidStateException", "is pending deletion, until 20")
	east.Refused("aws:kms/alias:Alias", "alias", props{"name": "alias/a", "targetKeyId": key.ID}, "KMSInvalidStateException")
	west.Refused(secret, "secret", props{"kmsKeyId": replica.Get("arn")}, "is pending deletion")
	east.Refused(secret, "secret", props{"kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/none"}, "not found")
}

func TestNamesAreUniqueWhereTheServiceSaysSo(t *testing.T) {
	w := cloudtest.New(t)
	east, west := w.AWS("us-east-1"), w.AWS("us-west-2")
	trust := statement(`"Principal":{"Service":"ec2.amazonaws.com"}`, `"Action":"sts:AssumeRole"`)
	table := props{"name": "t", "hashKey": "id", "attributes": []any{props{"name": "id", "type": "S"}}, "billingMode": "PAY_PER_REQUEST"}
	for typ, c := range map[string]struct {
		in props
		// code refuses the same name in the other region, "" where each region has names of its own.
		code string
	}{
		"aws:iam/role:Role":                   {props{"name": "r", "assumeRolePolicy": trust}, "EntityAlreadyExists"},
		"aws:iam/policy:Policy":               {props{"name": "p", "policy": statement(`"Action":"s3:*"`, `"Resource":"*"`)}, "EntityAlreadyExists"},
		bucketType:                            {props{"bucket": "tandem-one"}, "BucketAlreadyOwnedByYou"},
		"aws:rds/globalCluster:GlobalCluster": {props{"globalClusterIdentifier": "g", "engine": "aurora-postgresql"}, "GlobalClusterAlreadyExistsFault"},
		"aws:cloudfront/cachePolicy:CachePolicy": {props{"name": "c", "parametersInCacheKeyAndForwardedToOrigin": props{
			"cookiesConfig": props{"cookieBehavior": "none"}, "headersConfig": props{"headerBehavior": "none"}, "queryStringsConfig": props{"queryStringBehavior": "none"},
		}}, "CachePolicyAlreadyExists"},
		logGroupType:                             {props{"name": "l"}, ""},
		"aws:dynamodb/table:Table":               {table, ""},
		"aws:sns/topic:Topic":                    {props{"name": "s"}, ""},
		"aws:secretsmanager/secret:Secret":       {props{"name": "s"}, ""},
		"aws:ssm/parameter:Parameter":            {props{"name": "/p", "type": "String", "value": "v"}, ""},
		"aws:sqs/queue:Queue":                    {props{"name": "q"}, ""},
		"aws:cloudwatch/metricAlarm:MetricAlarm": {props{"name": "a", "comparisonOperator": "LessThanThreshold", "evaluationPeriods": 1, "metricName": "m", "namespace": "n", "period": 60, "statistic": "Sum", "threshold": 1}, ""},
	} {
		east.Make(typ, "first", c.in)
		if _, err := east.Try(typ, "again", c.in); err == nil {
			t.Errorf("%s: made twice in one region", typ)
		}
		_, err := west.Try(typ, "elsewhere", c.in)
		if c.code == "" && err != nil {
			t.Errorf("%s: refused in another region: %v", typ, err)
		}
		if c.code != "" {
			cloudtest.WantError(t, err, c.code)
		}
	}
}
