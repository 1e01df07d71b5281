// Command faults is a small platform of two regions, with some of each kind of resource, for tests in which things go wrong.
// The stack "home" is in us-east-1, the stack "standby" in us-west-2 refers to it. With version 2 in the configuration, some
// resources are changed in place, some replaced, with and without a name of their own, one is gone and one is new.
//
// It names types and properties itself, so that no generated SDK has to be built for it.
package main

import (
	"encoding/json"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

type custom struct {
	pulumi.CustomResourceState
	ARN  pulumi.StringOutput `pulumi:"arn"`
	Name pulumi.StringOutput `pulumi:"name"`
}

type cluster struct {
	pulumi.CustomResourceState
	Name     pulumi.StringOutput `pulumi:"name"`
	Endpoint pulumi.StringOutput `pulumi:"endpoint"`
}

type provider struct{ pulumi.ProviderResourceState }

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		p := &program{ctx: ctx, second: config.Get(ctx, "faults:version") == "2"}
		if ctx.Stack() == "home" {
			p.home()
		} else {
			p.standby()
		}
		return p.err
	})
}

// program makes resources until the first error.
type program struct {
	ctx    *pulumi.Context
	second bool
	err    error
}

// or is one of two values, by version.
func (p *program) or(first, second string) pulumi.String {
	if p.second {
		return pulumi.String(second)
	}
	return pulumi.String(first)
}

func (p *program) provider(pkg, name string, args pulumi.Map) pulumi.ResourceOption {
	var made provider
	if p.err == nil {
		p.err = p.ctx.RegisterResource("pulumi:providers:"+pkg, name, args, &made)
	}
	return pulumi.Provider(&made)
}

func (p *program) make(typ, name string, args pulumi.Map, made pulumi.CustomResource, opts ...pulumi.ResourceOption) {
	if p.err == nil {
		p.err = p.ctx.RegisterResource(typ, name, args, made, opts...)
	}
}

func (p *program) home() {
	aws := p.provider("aws", "aws", pulumi.Map{"region": pulumi.String("us-east-1"), "defaultTags": pulumi.String(`{"tags":{"Platform":"faults"}}`)})
	var id custom
	p.make("random:index/randomId:RandomId", "id", pulumi.Map{
		"byteLength": pulumi.Int(8), "keepers": pulumi.StringMap{"version": p.or("1", "2")},
	}, &id)

	var vpc custom
	p.make("aws:ec2/vpc:Vpc", "vpc", pulumi.Map{"cidrBlock": pulumi.String("10.0.0.0/16"), "tags": pulumi.Map{"Run": id.ID()}}, &vpc, aws)
	subnets := pulumi.Array{}
	for i, zone := range []string{"a", "b"} {
		var subnet custom
		p.make("aws:ec2/subnet:Subnet", "subnet-"+zone, pulumi.Map{
			"vpcId": vpc.ID(), "availabilityZone": pulumi.String("us-east-1" + zone), "cidrBlock": pulumi.Sprintf("10.0.%d.0/24", i),
		}, &subnet, aws)
		subnets = append(subnets, subnet.ID())
	}
	// A change of the description replaces a group: one with a name of Pulumi's making before the old one goes, one with a name
	// of its own after that.
	p.make("aws:ec2/securityGroup:SecurityGroup", "group", pulumi.Map{"vpcId": vpc.ID(), "description": p.or("first", "second")}, &custom{}, aws)
	p.make("aws:ec2/securityGroup:SecurityGroup", "named", pulumi.Map{
		"vpcId": vpc.ID(), "name": pulumi.String("named"), "description": p.or("first", "second"),
	}, &custom{}, aws)

	var control, nodes custom
	p.make("aws:iam/role:Role", "control", pulumi.Map{"assumeRolePolicy": assumedBy("eks")}, &control, aws)
	p.make("aws:iam/role:Role", "nodes", pulumi.Map{"assumeRolePolicy": assumedBy("ec2")}, &nodes, aws)
	var eks cluster
	p.make("aws:eks/cluster:Cluster", "cluster", pulumi.Map{
		"roleArn": control.ARN, "vpcConfig": pulumi.Map{"subnetIds": subnets}, "accessConfig": pulumi.Map{"authenticationMode": pulumi.String("API")},
	}, &eks, aws)
	var group custom
	p.make("aws:eks/nodeGroup:NodeGroup", "nodes", pulumi.Map{
		"clusterName": eks.Name, "nodeRoleArn": nodes.ARN, "subnetIds": subnets,
		"scalingConfig": pulumi.Map{"minSize": pulumi.Int(1), "desiredSize": pulumi.Int(1), "maxSize": pulumi.Int(2)},
	}, &group, aws)
	kubernetes := p.provider("kubernetes", "kubernetes", pulumi.Map{"kubeconfig": kubeconfig(eks)})
	var namespace custom
	p.make("kubernetes:core/v1:Namespace", "shop", pulumi.Map{
		"apiVersion": pulumi.String("v1"), "kind": pulumi.String("Namespace"), "metadata": pulumi.Map{"labels": pulumi.Map{"of": p.or("first", "second")}},
	}, &namespace, kubernetes)
	p.make("kubernetes:core/v1:ConfigMap", "settings", pulumi.Map{
		"apiVersion": pulumi.String("v1"), "kind": pulumi.String("ConfigMap"),
		"metadata": pulumi.Map{"name": pulumi.String("settings"), "namespace": namespace.ID()},
		"data":     pulumi.Map{"colour": p.or("red", "green")},
	}, &custom{}, kubernetes)
	p.make("kubernetes:apps/v1:Deployment", "web", pulumi.Map{
		"apiVersion": pulumi.String("apps/v1"), "kind": pulumi.String("Deployment"), "metadata": pulumi.Map{"namespace": namespace.ID()},
		"spec": pulumi.Map{
			"selector": pulumi.Map{"matchLabels": pulumi.Map{"app": pulumi.String("web")}},
			"template": pulumi.Map{
				"metadata": pulumi.Map{"labels": pulumi.Map{"app": pulumi.String("web")}},
				"spec":     pulumi.Map{"containers": pulumi.Array{pulumi.Map{"name": pulumi.String("web"), "image": p.or("web:1", "web:2")}}},
			},
		},
	}, &custom{}, kubernetes, pulumi.DependsOn([]pulumi.Resource{&group}))

	var table, zone custom
	p.make("aws:dynamodb/table:Table", "sessions", pulumi.Map{
		"hashKey": pulumi.String("id"), "attributes": pulumi.Array{pulumi.Map{"name": pulumi.String("id"), "type": pulumi.String("S")}},
		"billingMode": pulumi.String("PAY_PER_REQUEST"), "streamEnabled": pulumi.Bool(true), "streamViewType": pulumi.String("NEW_AND_OLD_IMAGES"),
	}, &table, aws, pulumi.IgnoreChanges([]string{"replicas"}))
	p.make("aws:route53/zone:Zone", "zone", pulumi.Map{"name": pulumi.String("tandem.example")}, &zone, aws)
	p.make("aws:cloudwatch/logGroup:LogGroup", "logs", pulumi.Map{"retentionInDays": pulumi.Int(map[bool]int{false: 7, true: 14}[p.second])}, &custom{}, aws)
	if p.second {
		p.make("aws:sns/topic:Topic", "new", pulumi.Map{}, &custom{}, aws)
	} else {
		p.make("datadog:index/monitor:Monitor", "old", pulumi.Map{
			"name": pulumi.String("load"), "type": pulumi.String("metric alert"), "message": pulumi.String("load"),
			"query": pulumi.String("avg(last_5m):avg:system.load.1{*} > 1"),
		}, &custom{}, p.provider("datadog", "datadog", pulumi.Map{}))
	}
	p.ctx.Export("zone", zone.ID())
	p.ctx.Export("table", table.ARN)
}

func (p *program) standby() {
	home, err := pulumi.NewStackReference(p.ctx, "organization/faults/home", nil)
	if err != nil {
		p.err = err
		return
	}
	aws := p.provider("aws", "aws", pulumi.Map{"region": pulumi.String("us-west-2")})
	p.make("aws:dynamodb/tableReplica:TableReplica", "sessions", pulumi.Map{"globalTableArn": home.GetStringOutput(pulumi.String("table"))}, &custom{}, aws)
	p.make("aws:route53/record:Record", "www", pulumi.Map{
		"zoneId": home.GetStringOutput(pulumi.String("zone")), "name": pulumi.String("www.tandem.example"), "type": pulumi.String("CNAME"),
		"ttl": pulumi.Int(60), "records": pulumi.Array{p.or("one.tandem.example", "two.tandem.example")},
	}, &custom{}, aws)
	p.make("aws:sns/topic:Topic", "alarms", pulumi.Map{"displayName": p.or("first", "second")}, &custom{}, aws)
	if !p.second {
		p.make("aws:s3/bucketV2:BucketV2", "old", pulumi.Map{}, &custom{}, aws)
	}
}

func assumedBy(service string) pulumi.String {
	return pulumi.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"` + service + `.amazonaws.com"}}]}`)
}

func kubeconfig(eks cluster) pulumi.StringOutput {
	return pulumi.All(eks.Endpoint, eks.Name).ApplyT(func(all []any) (string, error) {
		text, err := json.Marshal(map[string]any{
			"apiVersion": "v1", "kind": "Config", "current-context": "c",
			"clusters": []any{map[string]any{"name": "c", "cluster": map[string]any{"server": all[0]}}},
			"contexts": []any{map[string]any{"name": "c", "context": map[string]any{"cluster": "c", "user": "u"}}},
			"users": []any{map[string]any{"name": "u", "user": map[string]any{"exec": map[string]any{
				"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "aws",
				"args": []any{"--region", "us-east-1", "eks", "get-token", "--cluster-name", all[1]},
			}}}},
		})
		return string(text), err
	}).(pulumi.StringOutput)
}
