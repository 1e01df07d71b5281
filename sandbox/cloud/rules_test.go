package cloud_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares text with a file below testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update writes it anew), got:\n%s", path, got)
	}
}

// attempt is something that the clouds must refuse.
type attempt struct {
	p   *cloudtest.Provider
	typ string
	in  props
	// want is a part of the error, besides the golden text of all of it.
	want string
}

// refusals makes all attempts and returns their errors, one to a line.
func refusals(t *testing.T, attempts map[string]attempt) string {
	t.Helper()
	var lines []string
	for name, a := range attempts {
		_, err := a.p.Try(a.typ, strings.ReplaceAll(name, " ", "-"), a.in)
		if err == nil {
			t.Errorf("%s: was not refused", name)
			continue
		}
		if !strings.Contains(err.Error(), a.want) {
			t.Errorf("%s: error %q has no %q", name, err, a.want)
		}
		text := strings.TrimPrefix(err.Error(), "rpc error: code = Unknown desc = ")
		lines = append(lines, name+": "+text)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

func TestNetworkRulesReadLikeEC2(t *testing.T) {
	w := cloudtest.New(t)
	p := w.AWS("us-east-1")
	n := p.Network("us-east-1")
	table := p.Make("aws:ec2/routeTable:RouteTable", "t", props{"vpcId": n.VPC.ID})
	gateway := p.Make("aws:ec2/internetGateway:InternetGateway", "g", props{"vpcId": n.VPC.ID})
	route := props{"routeTableId": table.ID, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway.ID}
	p.Make("aws:ec2/route:Route", "r", route)
	p.Make("aws:ec2/routeTableAssociation:RouteTableAssociation", "a", props{"subnetId": n.Subnets[0].ID, "routeTableId": table.ID})
	group := p.Make("aws:ec2/securityGroup:SecurityGroup", "s", props{"vpcId": n.VPC.ID, "name": "web"})
	rule := props{"securityGroupId": group.ID, "ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": "0.0.0.0/0"}
	const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	p.Make(ingress, "i", rule)
	golden(t, "network.txt", refusals(t, map[string]attempt{
		"route twice":                   {p, "aws:ec2/route:Route", route, "RouteAlreadyExists"},
		"route to nothing":              {p, "aws:ec2/route:Route", props{"routeTableId": table.ID, "destinationCidrBlock": "10.9.0.0/16"}, "must be specified"},
		"subnet of two tables":          {p, "aws:ec2/routeTableAssociation:RouteTableAssociation", props{"subnetId": n.Subnets[0].ID, "routeTableId": table.ID}, "AlreadyAssociated"},
		"second gateway":                {p, "aws:ec2/internetGateway:InternetGateway", props{"vpcId": n.VPC.ID}, "AlreadyAssociated"},
		"group name taken":              {p, "aws:ec2/securityGroup:SecurityGroup", props{"vpcId": n.VPC.ID, "name": "web"}, "InvalidGroup.Duplicate"},
		"group named as an id":          {p, "aws:ec2/securityGroup:SecurityGroup", props{"vpcId": n.VPC.ID, "name": "sg-web"}, "may not begin with sg-"},
		"rule twice":                    {p, ingress, rule, "InvalidPermission.Duplicate"},
		"rule of no source":             {p, ingress, props{"securityGroupId": group.ID, "ipProtocol": "-1"}, "must be specified"},
		"public NAT without an address": {p, "aws:ec2/natGateway:NatGateway", props{"subnetId": n.Subnets[0].ID}, "needs an allocationId"},
		"endpoint of another region": {p, "aws:ec2/vpcEndpoint:VpcEndpoint", props{
			"vpcId": n.VPC.ID, "serviceName": "com.amazonaws.us-west-2.s3",
		}, "InvalidServiceName"},
		"gateway endpoint in subnets": {p, "aws:ec2/vpcEndpoint:VpcEndpoint", props{
			"vpcId": n.VPC.ID, "serviceName": "com.amazonaws.us-east-1.s3", "subnetIds": n.SubnetIDs(),
		}, "takes route tables"},
		"flow log without a role": {p, "aws:ec2/flowLog:FlowLog", props{"vpcId": n.VPC.ID, "trafficType": "ALL"}, "DeliverLogsPermissionArn"},
		"VPC too large":           {p, vpcType, props{"cidrBlock": "10.0.0.0/8"}, "InvalidVpc.Range"},
		"unknown role":            {p, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", props{"role": "nobody", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, "NoSuchEntity"},
		"policy that is no JSON":  {p, "aws:iam/policy:Policy", props{"policy": "{"}, "MalformedPolicyDocument"},
		"unknown key":             {p, logGroupType, props{"kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/none"}, "not found"},
		"retention of ten days":   {p, logGroupType, props{"retentionInDays": 10}, "expected retentionInDays to be one of"},
	}))
}

func TestWhatIsInUseCannotBeDeleted(t *testing.T) {
	w := cloudtest.New(t)
	zone := w.AWS("us-east-1").Zone()
	s := w.Site("us-east-1", "PRIMARY", zone)
	for name, c := range map[string]struct {
		r    *cloudtest.Resource
		want string
	}{
		"network":      {s.Network.VPC, "DependencyViolation"},
		"subnet":       {s.Network.Subnets[0], "DependencyViolation"},
		"cluster":      {s.Cluster.Resource, "ResourceInUseException"},
		"target group": {s.Group, "ResourceInUse"},
		"certificate":  {s.Certificate, "ResourceInUseException"},
		"zone":         {zone, "HostedZoneNotEmpty"},
	} {
		err := c.r.Delete()
		if err == nil {
			t.Errorf("%s: was deleted", name)
			continue
		}
		cloudtest.WantError(t, err, c.want)
	}
	role := s.AWS.Role("r", "ec2.amazonaws.com")
	attached := s.AWS.Make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "a", props{"role": role.ID, "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"})
	cloudtest.WantError(t, role.Delete(), "DeleteConflict")
	for _, r := range []*cloudtest.Resource{attached, role, role} { // the last for the second time
		if err := r.Delete(); err != nil {
			t.Error(err)
		}
	}
}

func TestProtectedThingsRefuseDeletion(t *testing.T) {
	w := cloudtest.New(t)
	p := w.AWS("us-east-1")
	n := p.Network("us-east-1")
	group := p.Make("aws:rds/subnetGroup:SubnetGroup", "g", props{"subnetIds": n.SubnetIDs()})
	for typ, c := range map[string]struct {
		in      props
		protect string
	}{
		"aws:rds/cluster:Cluster": {props{
			"engine": "aurora-postgresql", "masterUsername": "root", "dbSubnetGroupName": group.ID, "skipFinalSnapshot": true, "deletionProtection": true,
		}, "deletionProtection"},
		"aws:dynamodb/table:Table": {props{
			"hashKey": "id", "attributes": []any{props{"name": "id", "type": "S"}}, "billingMode": "PAY_PER_REQUEST", "deletionProtectionEnabled": true,
		}, "deletionProtectionEnabled"},
		"aws:lb/loadBalancer:LoadBalancer": {props{"subnets": n.SubnetIDs(), "enableDeletionProtection": true}, "enableDeletionProtection"},
	} {
		r := p.Make(typ, "protected", c.in)
		cloudtest.WantError(t, r.Delete(), "OperationNotPermitted", c.protect)
		if err := r.Update(props{c.protect: false}); err != nil {
			t.Error(err)
		}
		if err := r.Delete(); err != nil {
			t.Error(err)
		}
	}
}

// edgeWorld is a zone, and a valid certificate in each of two regions.
func edgeWorld(t *testing.T) (east, west *cloudtest.Provider, zone, eastCert, westCert *cloudtest.Resource) {
	w := cloudtest.New(t)
	east, west = w.AWS("us-east-1"), w.AWS("us-west-2")
	zone = east.Zone()
	cert := func(p *cloudtest.Provider, name string) *cloudtest.Resource {
		c := p.Make("aws:acm/certificate:Certificate", name, props{
			"domainName": "example.com", "subjectAlternativeNames": []any{"*.example.com"}, "validationMethod": "DNS",
		})
		w.Validate(p, c, zone)
		return c
	}
	return east, west, zone, cert(east, "east"), cert(west, "west")
}

func distribution(change props) props {
	d := props{
		"enabled": true, "aliases": []any{"www.example.com"},
		"origins": []any{props{"originId": "site", "domainName": "origin.example.com"}},
		"defaultCacheBehavior": props{
			"targetOriginId": "site", "viewerProtocolPolicy": "redirect-to-https", "cachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
			"allowedMethods": []any{"GET", "HEAD"}, "cachedMethods": []any{"GET", "HEAD"},
		},
		"restrictions": props{"geoRestriction": props{"restrictionType": "none"}},
	}
	for k, v := range change {
		d[k] = v
	}
	return d
}

func TestEdgeRulesReadLikeTheirServices(t *testing.T) {
	east, west, zone, eastCert, westCert := edgeWorld(t)
	n := east.Network("us-east-1")
	lb := east.Make("aws:lb/loadBalancer:LoadBalancer", "lb", props{"name": "lb", "subnets": n.SubnetIDs()})
	pending := east.Make("aws:acm/certificate:Certificate", "pending", props{"domainName": "new.example.com", "validationMethod": "DNS"})
	acl := func(p *cloudtest.Provider, name, scope string) (*cloudtest.Resource, error) {
		return p.Try("aws:wafv2/webAcl:WebAcl", name, props{
			"scope": scope, "defaultAction": props{"allow": props{}},
			"visibilityConfig": props{"cloudwatchMetricsEnabled": true, "metricName": "m", "sampledRequestsEnabled": true},
		})
	}
	regional, err := acl(east, "regional", "REGIONAL")
	if err != nil {
		t.Fatal(err)
	}
	viewer := func(c *cloudtest.Resource) props {
		return props{"acmCertificateArn": c.ID, "sslSupportMethod": "sni-only"}
	}
	check := east.Make("aws:route53/healthCheck:HealthCheck", "check", props{"type": "HTTPS", "fqdn": "example.com", "requestInterval": 10})
	record := func(role, set string) props {
		return props{
			"zoneId": zone.ID, "name": "api.example.com", "type": "A", "setIdentifier": set, "healthCheckId": check.ID,
			"failoverRoutingPolicies": []any{props{"type": role}},
			"aliases":                 []any{props{"name": lb.Get("dnsName"), "zoneId": lb.Get("zoneId"), "evaluateTargetHealth": true}},
		}
	}
	const recordType, distributionType = "aws:route53/record:Record", "aws:cloudfront/distribution:Distribution"
	east.Make(recordType, "primary", record("PRIMARY", "east"))
	west.Make(recordType, "secondary", record("SECONDARY", "west"))
	east.Make(recordType, "plain", props{"zoneId": zone.ID, "name": "plain.example.com", "type": "A", "ttl": 60, "records": []any{"203.0.113.1"}})
	unchecked := record("PRIMARY", "other")
	delete(unchecked, "healthCheckId")
	unchecked["name"] = "unchecked.example.com"
	unchecked["aliases"] = []any{props{"name": lb.Get("dnsName"), "zoneId": lb.Get("zoneId"), "evaluateTargetHealth": false}}
	made := east.Make(distributionType, "made", distribution(props{"viewerCertificate": viewer(eastCert)}))
	listener := func(change props) props {
		l := props{"loadBalancerArn": lb.ID, "port": 443, "protocol": "HTTPS", "certificateArn": eastCert.ID, "defaultActions": []any{
			props{"type": "fixed-response", "fixedResponse": props{"contentType": "text/plain", "statusCode": "404"}},
		}}
		for k, v := range change {
			l[k] = v
		}
		return l
	}
	const listenerType = "aws:lb/listener:Listener"
	east.Make(listenerType, "https", listener(nil))
	other := props{"aliases": []any{"other.example.com"}}
	with := func(k string, v any) props {
		d := distribution(other)
		d["viewerCertificate"] = viewer(eastCert)
		d[k] = v
		return d
	}
	behaviour := props{"pathPattern": "/a", "targetOriginId": "site", "viewerProtocolPolicy": "https-only", "allowedMethods": []any{"GET", "HEAD"}, "cachedMethods": []any{"GET", "HEAD"}}
	_, aclErr := acl(west, "west", "CLOUDFRONT")
	cloudtest.WantError(t, aclErr, "CLOUDFRONT is served in us-east-1", "us-west-2")
	golden(t, "edge.txt", refusals(t, map[string]attempt{
		"second primary":                {west, recordType, record("PRIMARY", "usurper"), "a PRIMARY failover record of this name and type exists already: east"},
		"record twice":                  {east, recordType, record("SECONDARY", "east"), "it already exists"},
		"record beside a failover":      {east, recordType, props{"zoneId": zone.ID, "name": "api", "type": "A", "ttl": 60, "records": []any{"203.0.113.1"}}, "without or with another routing policy"},
		"CNAME beside another":          {east, recordType, props{"zoneId": zone.ID, "name": "plain", "type": "CNAME", "ttl": 60, "records": []any{"x.example.com"}}, "stands alone"},
		"primary without health":        {east, recordType, unchecked, "needs a health check"},
		"record of nothing":             {east, recordType, props{"zoneId": zone.ID, "name": "x", "type": "A"}, "must be specified"},
		"unknown zone":                  {east, recordType, props{"zoneId": "ZNONE", "name": "x", "type": "A", "ttl": 60, "records": []any{"203.0.113.1"}}, "not found"},
		"CDN certificate in the west":   {east, distributionType, with("viewerCertificate", viewer(westCert)), "isn't in us-east-1 region"},
		"CDN certificate not issued":    {east, distributionType, with("viewerCertificate", viewer(pending)), "must have been issued"},
		"CDN alias that is not covered": {east, distributionType, with("aliases", []any{"www.other.org"}), "doesn't cover"},
		"CDN alias without certificate": {east, distributionType, with("viewerCertificate", props{"cloudfrontDefaultCertificate": true}), "must be attached"},
		"CDN alias taken":               {east, distributionType, distribution(props{"viewerCertificate": viewer(eastCert)}), made.ID},
		"CDN with too many behaviours":  {east, distributionType, with("orderedCacheBehaviors", slices.Repeat([]any{behaviour}, 75)), "75 of at most 74"},
		"CDN web ACL of a region":       {east, distributionType, with("webAclId", regional.Get("arn")), "not of scope CLOUDFRONT"},
		"CDN origin unknown": {east, distributionType, with("defaultCacheBehavior", props{
			"targetOriginId": "none", "viewerProtocolPolicy": "https-only", "allowedMethods": []any{"GET", "HEAD"}, "cachedMethods": []any{"GET", "HEAD"},
		}), "do not exist: none"},
		"CDN cache policy unknown": {east, distributionType, with("defaultCacheBehavior", props{
			"targetOriginId": "site", "viewerProtocolPolicy": "https-only", "cachePolicyId": "00000000-0000-0000-0000-000000000000",
			"allowedMethods": []any{"GET", "HEAD"}, "cachedMethods": []any{"GET", "HEAD"},
		}), "not found"},
		"listener of the west's certificate": {east, listenerType, listener(props{"port": 8443, "certificateArn": westCert.ID}), "it is in us-west-2"},
		"listener on a port taken":           {east, listenerType, listener(nil), "DuplicateListener"},
		"listener without certificate":       {east, listenerType, listener(props{"port": 8443, "certificateArn": nil}), "CertificateNotFound"},
		"balancer in one zone":               {east, "aws:lb/loadBalancer:LoadBalancer", props{"subnets": n.SubnetIDs()[:1]}, "two different Availability Zones"},
		"balancer name taken":                {east, "aws:lb/loadBalancer:LoadBalancer", props{"name": "lb", "subnets": n.SubnetIDs()}, "DuplicateLoadBalancerName"},
		"balancer name too long":             {east, "aws:lb/loadBalancer:LoadBalancer", props{"name": strings.Repeat("a", 33), "subnets": n.SubnetIDs()}, "in the range (0 - 32)"},
		"certificate without its records":    {east, "aws:acm/certificateValidation:CertificateValidation", props{"certificateArn": pending.ID}, "no CNAME record"},
		"health check every minute":          {east, "aws:route53/healthCheck:HealthCheck", props{"type": "HTTPS", "fqdn": "x", "requestInterval": 60}, "to be one of"},
		"alarm that acts elsewhere": {west, "aws:cloudwatch/metricAlarm:MetricAlarm", props{
			"comparisonOperator": "LessThanThreshold", "evaluationPeriods": 1, "metricName": "m", "namespace": "n", "alarmActions": []any{"arn:aws:automate:us-east-1:ec2:stop"},
		}, "invalid region"},
	}))
}

func TestDataRulesReadLikeTheirServices(t *testing.T) {
	w := cloudtest.New(t)
	east, west := w.AWS("us-east-1"), w.AWS("us-west-2")
	subnetGroup := func(p *cloudtest.Provider, region string) string {
		return p.Make("aws:rds/subnetGroup:SubnetGroup", region, props{"name": "data", "subnetIds": p.Network(region).SubnetIDs()}).ID
	}
	key := func(p *cloudtest.Provider, name string, multi bool) *cloudtest.Resource {
		return p.Make("aws:kms/key:Key", name, props{"multiRegion": multi})
	}
	eastKey, westKey, single := key(east, "east", true), key(west, "west", false), key(east, "single", false)
	global := east.Make("aws:rds/globalCluster:GlobalCluster", "g", props{
		"globalClusterIdentifier": "global", "engine": "aurora-postgresql", "engineVersion": "16.9", "storageEncrypted": true,
	})
	eastGroup, westGroup := subnetGroup(east, "us-east-1"), subnetGroup(west, "us-west-2")
	member := func(group string, k *cloudtest.Resource, change props) props {
		m := props{
			"engine": "aurora-postgresql", "engineVersion": "16.9", "globalClusterIdentifier": global.ID, "dbSubnetGroupName": group,
			"storageEncrypted": true, "kmsKeyId": k.Get("arn"), "skipFinalSnapshot": true,
		}
		for n, v := range change {
			m[n] = v
		}
		return m
	}
	const clusterType = "aws:rds/cluster:Cluster"
	east.Refused(clusterType, "first", member(eastGroup, eastKey, nil), "the first member of the global cluster global needs a masterUsername")
	first := east.Make(clusterType, "first", member(eastGroup, eastKey, props{"clusterIdentifier": "first", "masterUsername": "root", "masterPassword": "long-enough"}))
	instance := props{"clusterIdentifier": first.ID, "engine": "aurora-postgresql", "instanceClass": "db.r7g.large"}
	writer := east.Make("aws:rds/clusterInstance:ClusterInstance", "w", instance)
	reader := east.Make("aws:rds/clusterInstance:ClusterInstance", "r", instance)
	if writer.Get("writer") != "true" || reader.Get("writer") != "false" {
		t.Errorf("the first instance writes: %s, the second reads: %s", writer.Get("writer"), reader.Get("writer"))
	}
	table := func(stream bool) props {
		in := props{"hashKey": "id", "attributes": []any{props{"name": "id", "type": "S"}}, "billingMode": "PAY_PER_REQUEST"}
		if stream {
			in["streamEnabled"], in["streamViewType"] = true, "NEW_AND_OLD_IMAGES"
		}
		return in
	}
	streaming, dry := east.Make("aws:dynamodb/table:Table", "streaming", table(true)), east.Make("aws:dynamodb/table:Table", "dry", table(false))
	west.Make("aws:dynamodb/tableReplica:TableReplica", "ok", props{"globalTableArn": streaming.Get("arn")})
	west.Make("aws:kms/replicaKey:ReplicaKey", "ok", props{"primaryKeyArn": eastKey.Get("arn")})
	bucket, copied := east.Make(bucketType, "a", props{"bucket": "tandem-a"}), west.Make(bucketType, "b", props{"bucket": "tandem-b"})
	versioned := func(p *cloudtest.Provider, b *cloudtest.Resource) {
		p.Make("aws:s3/bucketVersioningV2:BucketVersioningV2", b.ID, props{"bucket": b.ID, "versioningConfiguration": props{"status": "Enabled"}})
	}
	versioned(east, bucket)
	role := east.Role("replication", "s3.amazonaws.com")
	replication := props{"bucket": bucket.ID, "role": role.Get("arn"), "rules": []any{props{
		"id": "all", "status": "Enabled", "destination": props{"bucket": copied.Get("arn")},
	}}}
	secret := func(replica props) props { return props{"name": "s", "replicas": []any{replica}} }
	golden(t, "data.txt", refusals(t, map[string]attempt{
		"second member with a password":   {west, clusterType, member(westGroup, westKey, props{"masterUsername": "root"}), "secondary member"},
		"second member in the same place": {east, clusterType, member(eastGroup, eastKey, nil), "already has a member in us-east-1"},
		"member of another version":       {west, clusterType, member(westGroup, westKey, props{"engineVersion": "15.4"}), "not the global cluster's 16.9"},
		"member with a managed password":  {west, clusterType, member(westGroup, westKey, props{"manageMasterUserPassword": true}), "isn't supported for members"},
		"member with the other's key":     {west, clusterType, member(westGroup, eastKey, nil), "it is in us-east-1"},
		"member without a key":            {west, clusterType, member(westGroup, westKey, props{"kmsKeyId": nil}), "needs a kmsKeyId"},
		"cluster without a user":          {east, clusterType, props{"engine": "aurora-postgresql"}, "masterUsername is needed"},
		"cluster name in capitals":        {east, clusterType, props{"engine": "aurora-postgresql", "masterUsername": "r", "clusterIdentifier": "Main"}, "not a valid identifier"},
		"instance of another engine":      {east, "aws:rds/clusterInstance:ClusterInstance", props{"clusterIdentifier": first.ID, "engine": "aurora-mysql", "instanceClass": "db.r7g.large"}, "not the cluster's"},
		"instance of no cluster":          {east, "aws:rds/clusterInstance:ClusterInstance", props{"clusterIdentifier": "none", "engine": "aurora-mysql", "instanceClass": "db.r7g.large"}, "ClusterNotFoundFault"},
		"replica of a single-Region key":  {west, "aws:kms/replicaKey:ReplicaKey", props{"primaryKeyArn": single.Get("arn")}, "not a multi-Region primary key"},
		"replica key beside its primary":  {east, "aws:kms/replicaKey:ReplicaKey", props{"primaryKeyArn": eastKey.Get("arn")}, "must be in another region"},
		"alias without its prefix":        {east, "aws:kms/alias:Alias", props{"name": "data", "targetKeyId": eastKey.ID}, "must begin with alias/"},
		"table with a stray attribute": {east, "aws:dynamodb/table:Table", props{
			"hashKey": "id", "attributes": []any{props{"name": "id", "type": "S"}, props{"name": "stray", "type": "S"}}, "billingMode": "PAY_PER_REQUEST",
		}, "stray"},
		"table replica without a stream":  {west, "aws:dynamodb/tableReplica:TableReplica", props{"globalTableArn": dry.Get("arn")}, "NEW_AND_OLD_IMAGES"},
		"table replica in the same place": {east, "aws:dynamodb/tableReplica:TableReplica", props{"globalTableArn": streaming.Get("arn")}, "is the table's own"},
		"bucket name taken elsewhere":     {west, bucketType, props{"bucket": "tandem-a"}, "you already own it"},
		"bucket name in capitals":         {west, bucketType, props{"bucket": "Tandem"}, "InvalidBucketName"},
		"policy of no bucket":             {east, "aws:s3/bucketPolicy:BucketPolicy", props{"bucket": "none", "policy": "{}"}, "NoSuchBucket"},
		"replication without versions":    {east, "aws:s3/bucketReplicationConfig:BucketReplicationConfig", replication, "versioning must be 'Enabled' on the bucket tandem-b"},
		"secret replica at home":          {east, "aws:secretsmanager/secret:Secret", secret(props{"region": "us-east-1"}), "it is the secret's own"},
		"secret replica with home's key":  {east, "aws:secretsmanager/secret:Secret", secret(props{"region": "us-west-2", "kmsKeyId": eastKey.Get("arn")}), "the key"},
		"empty secret":                    {east, "aws:secretsmanager/secretVersion:SecretVersion", props{"secretId": east.Make("aws:secretsmanager/secret:Secret", "e", props{"name": "e"}).ID, "secretString": ""}, "1 to 65536 bytes"},
	}))
	versioned(west, copied)
	east.Make("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "ok", replication)
	second := west.Make(clusterType, "second", member(westGroup, westKey, props{"clusterIdentifier": "second"}))
	if err := global.Delete(); err == nil || !strings.Contains(err.Error(), "InvalidGlobalClusterStateFault") {
		t.Errorf("a global cluster with members: %v", err)
	}
	if err := second.Delete(); err != nil {
		t.Error(err)
	}
	cloudtest.WantError(t, first.Delete(), "InvalidDBClusterStateFault", "ClusterInstance")
}
