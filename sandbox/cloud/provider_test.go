package cloud_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

const (
	vpcType      = "aws:ec2/vpc:Vpc"
	bucketType   = "aws:s3/bucketV2:BucketV2"
	logGroupType = "aws:cloudwatch/logGroup:LogGroup"
)

func inputs(in props) resource.PropertyMap { return resource.NewPropertyMapFromMap(in) }

func TestEveryProviderSaysItsVersion(t *testing.T) {
	w := cloudtest.New(t)
	for pkg, want := range map[string]string{"aws": "6.83.4", "kubernetes": "4.30.0", "datadog": "4.68.0", "random": "4.19.0"} {
		info, err := w.Dial(pkg).Client.GetPluginInfo(context.Background(), &emptypb.Empty{})
		if err != nil {
			t.Fatal(err)
		}
		if info.Version != want {
			t.Errorf("%s says it is %s, want %s", pkg, info.Version, want)
		}
	}
	if strings.Contains(w.Server.DebugProviders(), "eks") {
		t.Error("the eks provider is the real one and must not be served")
	}
}

func TestUnmodelledTypesAndFunctionsAreRefusedByName(t *testing.T) {
	w := cloudtest.New(t)
	w.AWS("us-east-1").Refused("aws:iot/thing:Thing", "q", props{}, "does not model", "aws:iot/thing:Thing")
	w.Configured("random", props{}).Refused("random:index/randomPet:RandomPet", "p", props{}, "does not model", "RandomPet")
	_, err := w.AWS("us-east-1").Invoke("aws:ec2/getAmi:getAmi", props{})
	cloudtest.WantError(t, err, "does not model", "aws:ec2/getAmi:getAmi")
}

func TestEveryWrongInputIsReportedAtOnce(t *testing.T) {
	w := cloudtest.New(t)
	_, failures := w.AWS("us-east-1").Check("aws:eks/nodeGroup:NodeGroup", "n", nil, inputs(props{
		"clusterNam": "c", "nodeRoleArn": 7, "subnetIds": []any{"subnet-1", true},
		"scalingConfig": props{"minSize": 1.5, "desiredSize": 1, "maxSize": 1, "size": 1},
	}))
	for _, want := range []string{
		`clusterNam: aws:eks/nodeGroup:NodeGroup resource 'n' has a problem: invalid or unknown key; did you mean "clusterName"?`,
		"clusterName: aws:eks/nodeGroup:NodeGroup resource 'n' has a problem: missing required property",
		"nodeRoleArn: aws:eks/nodeGroup:NodeGroup resource 'n' has a problem: expected a string, got the number 7",
		"subnetIds[1]: aws:eks/nodeGroup:NodeGroup resource 'n' has a problem: expected a string, got true",
		"scalingConfig.minSize: aws:eks/nodeGroup:NodeGroup resource 'n' has a problem: expected a whole number, got the number 1.5",
		"scalingConfig.size: aws:eks/nodeGroup:NodeGroup resource 'n' has a problem: invalid or unknown key",
	} {
		if !slices.ContainsFunc(failures, func(f string) bool { return strings.HasPrefix(f, want) }) {
			t.Errorf("no failure %q in %q", want, failures)
		}
	}
}

func TestNamesAreMadeOnceAndKept(t *testing.T) {
	w := cloudtest.New(t)
	p := w.AWS("us-east-1")
	first, failures := p.Check(bucketType, "Files", nil, inputs(props{}))
	if len(failures) > 0 {
		t.Fatal(failures)
	}
	name := first["bucket"].StringValue()
	if !strings.HasPrefix(name, "files-") || len(name) != len("files-")+7 {
		t.Errorf("the bucket is named %q", name)
	}
	again, _ := p.Check(bucketType, "Files", first, inputs(props{}))
	if got := again["bucket"].StringValue(); got != name {
		t.Errorf("the name changed from %q to %q", name, got)
	}
	given, _ := p.Check(bucketType, "Files", first, inputs(props{"bucket": "mine"}))
	if got := given["bucket"].StringValue(); got != "mine" {
		t.Errorf("the program's name became %q", got)
	}
	short, _ := p.Check("aws:lb/loadBalancer:LoadBalancer", strings.Repeat("a", 20), nil, inputs(props{}))
	if got := short["name"].StringValue(); len(got) > 32 {
		t.Errorf("the name %q is longer than a load balancer's may be", got)
	}
}

func TestDefaultsOfTheProviderAreFilledIn(t *testing.T) {
	w := cloudtest.New(t)
	in, _ := w.AWS("us-east-1").Check("aws:lb/targetGroup:TargetGroup", "g", nil, inputs(props{}))
	if got := in["deregistrationDelay"].V; got != 300.0 {
		t.Errorf("deregistrationDelay is %v", got)
	}
	in, _ = w.AWS("us-east-1").Check("aws:ec2/securityGroup:SecurityGroup", "g", nil, inputs(props{}))
	if got := in["description"].V; got != "Managed by Pulumi" {
		t.Errorf("description is %v", got)
	}
}

func TestPreviewKnowsInputsAndLeavesTheRestUnknown(t *testing.T) {
	w := cloudtest.New(t)
	p := w.AWS("us-east-1")
	out := p.Preview("aws:eks/cluster:Cluster", "c", resource.PropertyMap{
		"roleArn": resource.MakeComputed(resource.NewStringProperty("")),
		"vpcConfig": resource.NewObjectProperty(resource.PropertyMap{
			"subnetIds": resource.MakeComputed(resource.NewStringProperty("")), "endpointPrivateAccess": resource.NewBoolProperty(true),
		}),
	})
	for _, k := range []resource.PropertyKey{"endpoint", "arn", "certificateAuthority", "roleArn", "identities"} {
		if !out[k].IsComputed() {
			t.Errorf("%s is %v, want it unknown", k, out[k])
		}
	}
	vpc := out["vpcConfig"].ObjectValue()
	if !vpc["vpcId"].IsComputed() || !vpc["clusterSecurityGroupId"].IsComputed() || !vpc["endpointPrivateAccess"].BoolValue() {
		t.Errorf("vpcConfig is %v", vpc)
	}
	if !strings.HasPrefix(out["name"].StringValue(), "c-") {
		t.Errorf("the name is %v, want it known", out["name"])
	}
	if left, err := w.Cloud.Resources(nil); err != nil || len(left) > 0 {
		t.Errorf("a preview made %v, %v", left, err)
	}
}

func TestSecretsStaySecret(t *testing.T) {
	w := cloudtest.New(t)
	p := w.AWS("us-east-1")
	secret := p.Make("aws:secretsmanager/secret:Secret", "s", props{"name": "db"})
	version := p.MakeOf("aws:secretsmanager/secretVersion:SecretVersion", "v", resource.PropertyMap{
		"secretId":     resource.NewStringProperty(secret.ID),
		"secretString": resource.MakeSecret(resource.NewStringProperty("hush")),
	})
	if !version.Outputs["secretString"].IsSecret() {
		t.Error("the output is in the clear")
	}
	read, err := version.Read()
	if err != nil {
		t.Fatal(err)
	}
	for what, m := range map[string]resource.PropertyMap{"input": p.Unmarshal(read.Inputs), "output": p.Unmarshal(read.Properties)} {
		if !m["secretString"].IsSecret() {
			t.Errorf("the %s is in the clear after a refresh", what)
		}
	}
	// What the SDK marks secret is secret though the program did not say so.
	plain := p.Make("aws:secretsmanager/secretVersion:SecretVersion", "plain", props{"secretId": secret.ID, "secretString": "hush"})
	if !plain.Outputs["secretString"].IsSecret() {
		t.Error("an output that the SDK marks secret is in the clear")
	}
	// A secret part makes the whole property secret.
	role := p.MakeOf("aws:ssm/parameter:Parameter", "p", resource.PropertyMap{
		"type": resource.NewStringProperty("String"), "name": resource.NewStringProperty("/p"), "value": resource.NewStringProperty("v"),
		"tags": resource.NewObjectProperty(resource.PropertyMap{"k": resource.MakeSecret(resource.NewStringProperty("hush"))}),
	})
	if !role.Outputs["tags"].ContainsSecrets() {
		t.Error("a secret tag is in the clear")
	}
}

func TestChangesReplaceWhereTheProviderSaysSo(t *testing.T) {
	w := cloudtest.New(t)
	p := w.AWS("us-east-1")
	n := p.Network("us-east-1")
	kinds := func(r *cloudtest.Resource, change props) map[string]string {
		m := map[string]string{}
		for path, d := range r.Diff(change).DetailedDiff {
			m[path] = d.Kind.String()
		}
		return m
	}
	if got := kinds(n.VPC, props{"cidrBlock": "10.9.0.0/16"}); got["cidrBlock"] != "UPDATE_REPLACE" {
		t.Errorf("another cidrBlock: %v", got)
	}
	if got := kinds(n.VPC, props{"enableDnsHostnames": true, "tags": props{"a": "b"}}); got["enableDnsHostnames"] != "ADD" || got["tags"] != "ADD" {
		t.Errorf("settings that change in place: %v", got)
	}
	lb := p.Make("aws:lb/loadBalancer:LoadBalancer", "lb", props{"name": "lb", "subnets": n.SubnetIDs()})
	swapped := []any{n.Subnets[1].ID, n.Subnets[0].ID}
	if d := lb.Diff(props{"subnets": swapped}); d.Changes != pulumirpc.DiffResponse_DIFF_NONE {
		t.Errorf("the order of a set is no change: %v", d)
	}
	d := lb.Diff(props{"internal": true})
	if len(d.Replaces) == 0 || !d.DeleteBeforeReplace {
		t.Errorf("a load balancer with a name of the program's goes before its replacement: %v", d)
	}
	auto := p.Make("aws:lb/loadBalancer:LoadBalancer", "auto", props{"subnets": n.SubnetIDs()})
	if d := auto.Diff(props{"internal": true}); len(d.Replaces) == 0 || d.DeleteBeforeReplace {
		t.Errorf("with a name of Pulumi's the replacement comes first: %v", d)
	}
	if d := lb.Diff(props{}); d.Changes != pulumirpc.DiffResponse_DIFF_NONE {
		t.Errorf("nothing changed: %v", d)
	}
}

func TestDefaultTagsAreMergedAndSeen(t *testing.T) {
	w := cloudtest.New(t)
	p := w.Configured("aws", props{"region": "us-east-1", "defaultTags": `{"tags":{"team":"web","stage":"prod"}}`})
	g := p.Make(logGroupType, "g", props{"name": "g", "tags": props{"stage": "test", "own": "1"}})
	tags := g.Outputs["tagsAll"].ObjectValue()
	if tags["team"].V != "web" || tags["stage"].V != "test" || tags["own"].V != "1" {
		t.Errorf("tagsAll is %v", tags)
	}
	if g.Outputs["tags"].ObjectValue().HasValue("team") {
		t.Error("a default tag is among the resource's own")
	}
	other := w.Configured("aws", props{"region": "us-east-1", "defaultTags": props{"tags": props{"team": "api"}}})
	d := g.On(other).Diff(props{})
	if d.DetailedDiff["tagsAll.team"] == nil || len(d.Replaces) > 0 {
		t.Errorf("another default tag updates in place: %v", d.DetailedDiff)
	}
}

func TestConnectionsTellRegionsApart(t *testing.T) {
	w := cloudtest.New(t)
	east, west := w.AWS("us-east-1"), w.AWS("us-west-2")
	a := east.Make(logGroupType, "a", props{"name": "same"})
	b := west.Make(logGroupType, "b", props{"name": "same"})
	if !strings.Contains(a.Get("arn"), ":us-east-1:") || !strings.Contains(b.Get("arn"), ":us-west-2:") {
		t.Errorf("the groups are %s and %s", a.Get("arn"), b.Get("arn"))
	}
	if r, err := a.On(west).Read(); err != nil || r.Id == "" {
		t.Errorf("the west has a group of that name too: %v, %v", r, err)
	}
	if err := b.Delete(); err != nil {
		t.Fatal(err)
	}
	if r, err := a.On(west).Read(); err != nil || r.Id != "" {
		t.Errorf("what is gone reads as %v, %v", r, err)
	}
	if r, err := a.Read(); err != nil || r.Id == "" {
		t.Errorf("the east's group went with the west's: %v, %v", r, err)
	}
}

func TestProviderSettingsAreChecked(t *testing.T) {
	w := cloudtest.New(t)
	p := w.Dial("aws")
	for name, c := range map[string]struct {
		in   props
		want string
	}{
		"unknown setting": {props{"region": "us-east-1", "regio": "x"}, "regio: invalid or unknown key"},
		"no region":       {props{}, "region: missing region"},
		"no such region":  {props{"region": "virginia"}, "region: invalid AWS Region: virginia"},
		"wrong type":      {props{"region": "us-east-1", "maxRetries": "[]"}, "maxRetries: expected a whole number, got a list"},
	} {
		if got := p.CheckConfig(c.in); !slices.ContainsFunc(got, func(f string) bool { return strings.HasPrefix(f, c.want) }) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	cloudtest.WantError(t, w.Dial("aws").Configure(props{"region": "us-east-1", "allowedAccountIds": `["999999999999"]`}), "not allowed", cloud.DefaultAccount)
	_, failures := w.Dial("aws").Check(logGroupType, "g", nil, inputs(props{}))
	if len(failures) != 1 || !strings.Contains(failures[0], "has not been configured") {
		t.Errorf("without configuration: %q", failures)
	}
}

func TestFunctionsAnswerFromTheStore(t *testing.T) {
	w := cloudtest.New(t)
	p := w.AWS("us-west-2")
	n := p.Network("us-west-2")
	for token, c := range map[string]struct {
		in   props
		key  resource.PropertyKey
		want string
	}{
		"aws:index/getPartition:getPartition":           {props{}, "partition", "aws"},
		"aws:index/getCallerIdentity:getCallerIdentity": {props{}, "accountId", cloud.DefaultAccount},
		"aws:index/getRegion:getRegion":                 {props{}, "name", "us-west-2"},
		"aws:ec2/getSubnet:getSubnet":                   {props{"id": n.Subnets[1].ID}, "availabilityZone", "us-west-2b"},
	} {
		out, err := p.Invoke(token, c.in)
		if err != nil {
			t.Errorf("%s: %v", token, err)
		} else if out[c.key].V != c.want {
			t.Errorf("%s: %s is %v, want %s", token, c.key, out[c.key], c.want)
		}
	}
	_, err := w.AWS("us-east-1").Invoke("aws:ec2/getSubnet:getSubnet", props{"id": n.Subnets[0].ID})
	cloudtest.WantError(t, err, "us-east-1", "no matching EC2 Subnet found")
	ami := func(region string) string {
		out, err := w.AWS(region).Invoke("aws:ssm/getParameter:getParameter", props{"name": "/aws/service/eks/image_id"})
		if err != nil {
			t.Fatal(err)
		}
		return out["value"].StringValue()
	}
	if !strings.HasPrefix(ami("us-east-1"), "ami-") || ami("us-east-1") == ami("us-west-2") {
		t.Error("an image is another one in another region")
	}
}

func TestResourcesAreImportedByID(t *testing.T) {
	w := cloudtest.New(t)
	p := w.AWS("us-east-1")
	g := p.Make(logGroupType, "g", props{"name": "g", "retentionInDays": 30})
	resp, err := p.Client.Read(context.Background(), &pulumirpc.ReadRequest{Id: g.ID, Urn: cloudtest.URN(logGroupType, "imported")})
	if err != nil {
		t.Fatal(err)
	}
	if in := p.Unmarshal(resp.Inputs); in["retentionInDays"].V != 30.0 || in["name"].V != "g" {
		t.Errorf("imported inputs are %v", in)
	}
}

func TestPasswordsAreRandomSecretAndAsAsked(t *testing.T) {
	w := cloudtest.New(t)
	p := w.Configured("random", props{})
	const typ = "random:index/randomPassword:RandomPassword"
	a := p.Make(typ, "a", props{"length": 24, "special": false, "minNumeric": 3})
	if !a.Outputs["result"].IsSecret() || !a.Outputs["bcryptHash"].IsSecret() {
		t.Error("the password is in the clear")
	}
	word := a.Get("result")
	digits := strings.FieldsFunc(word, func(r rune) bool { return r < '0' || r > '9' })
	if len(word) != 24 || len(strings.Join(digits, "")) < 3 || strings.ContainsAny(word, "!@#$%&*()-_=+[]{}<>:?") {
		t.Errorf("the password %q is not what was asked for", word)
	}
	if b := p.Make(typ, "b", props{"length": 24}); b.Get("result") == word {
		t.Error("two passwords are the same")
	}
	p.Refused(typ, "c", props{"length": 2, "minUpper": 3}, "cannot be made")
	if d := a.Diff(props{"length": 30}); len(d.Replaces) == 0 {
		t.Error("another length makes another password")
	}
	if out := p.Preview(typ, "d", inputs(props{"length": 8})); !out["result"].ContainsUnknowns() {
		t.Errorf("a preview tells the password: %v", out["result"])
	}
}
