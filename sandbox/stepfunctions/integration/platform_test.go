package integration_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tandem-platform/tandem/resilience/simulation"
	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
	"github.com/tandem-platform/tandem/sandbox/stepfunctions"
	"github.com/tandem-platform/tandem/sandbox/stepfunctions/integration"
)

const (
	home, standby = "us-east-1", "us-west-2"
	anything      = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
)

type props = cloudtest.Props

// platform has everything that the golden definitions of components/recovery act
// upon, by the names that stand in them, and the world around.
type platform struct {
	*testing.T
	*cloudtest.World
	*stepfunctions.Engine
	services  *integration.Services
	providers map[string]*cloudtest.Provider
	policies  map[string]*cloudtest.Resource
	networks  map[string]cloudtest.Network
	replace   []string
	cluster   cloudtest.Cluster // the standby's, with the autoscaler web
	scaler    *cloudtest.Resource
	rbac      *cloudtest.Resource // the role of Kubernetes that lets it be changed

	// silent are the hosts that do not answer, sick those that answer with 503.
	silent, sick map[string]bool
	alarms       map[string]string
	// answer is what a person says, nil for nothing.
	answer    any
	messages  []integration.Message
	lost      map[string]bool // regions
	promotion time.Duration
	writers   []string
	// fail are the states whose tasks fail: by an error, or never answer where that is
	// "silence".
	fail map[string]string
}

func newPlatform(t *testing.T) *platform {
	t.Helper()
	p := &platform{
		T: t, World: cloudtest.New(t), providers: map[string]*cloudtest.Provider{}, policies: map[string]*cloudtest.Resource{}, networks: map[string]cloudtest.Network{},
		silent: map[string]bool{}, sick: map[string]bool{}, alarms: map[string]string{}, lost: map[string]bool{}, fail: map[string]string{},
		promotion: 90 * time.Second,
	}
	for _, region := range []string{home, standby} {
		stack := map[string]string{home: "prod-east", standby: "prod-west"}[region]
		r := p.AWS(region)
		p.providers[region], p.networks[region] = r, r.Network(region)
		r.Make("aws:dynamodb/table:Table", stack+"-lease", props{
			"name": stack + "-lease", "billingMode": "PAY_PER_REQUEST", "hashKey": "id", "attributes": []any{props{"name": "id", "type": "S"}},
		})
		r.Make("aws:sns/topic:Topic", stack+"-alarms", props{"name": stack + "-alarms"})
		connection := r.Make("aws:cloudwatch/eventConnection:EventConnection", stack+"-probe", props{
			"name": stack + "-probe", "authorizationType": "API_KEY", "authParameters": props{"apiKey": props{"key": "k", "value": "v"}},
		})
		p.replace = append(p.replace, "arn:aws:events:"+region+":123456789012:connection/"+stack+"-probe/1", connection.Get("arn"))
		for _, alarm := range []string{"-replication", "-other-region"} {
			r.Make("aws:cloudwatch/metricAlarm:MetricAlarm", stack+alarm, props{
				"name": stack + alarm, "comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "threshold": 1, "namespace": "AWS/RDS",
				"metricName": "Lag", "period": 60, "statistic": "Average",
			})
		}
		role := r.Role(stack+"-takeover", "states.amazonaws.com")
		p.policies[region] = r.Make("aws:iam/rolePolicy:RolePolicy", stack, props{"role": role.ID, "policy": anything})
	}
	p.database()
	p.nodes()
	p.transit()
	p.providers[standby].Make("aws:s3/bucketV2:BucketV2", "takeover", props{"bucket": "prod-west-takeover"})
	clock := simulation.New(time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC))
	t.Cleanup(clock.Close)
	p.services = &integration.Services{Cloud: p.Cloud, Clock: clock, World: p}
	p.Engine = &stepfunctions.Engine{Clock: clock, Rand: rand.New(rand.NewPCG(1, 1)), Tasks: p.task} //nolint:gosec // no secret
	return p
}

func (p *platform) database() {
	for i, region := range []string{home, standby} {
		r := p.providers[region]
		id := []string{"prod-east-1", "prod-west-2"}[i]
		in := props{
			"clusterIdentifier": id, "engine": "aurora-postgresql", "engineVersion": "16.8", "globalClusterIdentifier": "prod-east-global-1",
			"dbSubnetGroupName": r.Make("aws:rds/subnetGroup:SubnetGroup", region, props{"name": "data", "subnetIds": p.networks[region].SubnetIDs()}).ID,
			"storageEncrypted":  true, "kmsKeyId": r.Make("aws:kms/key:Key", region, props{}).Get("arn"), "skipFinalSnapshot": true,
		}
		if i == 0 {
			r.Make("aws:rds/globalCluster:GlobalCluster", "g", props{
				"globalClusterIdentifier": "prod-east-global-1", "engine": "aurora-postgresql", "engineVersion": "16.8", "storageEncrypted": true,
			})
			in["masterUsername"], in["masterPassword"] = "root", "long-enough"
		}
		cluster := r.Make("aws:rds/cluster:Cluster", region, in)
		r.Make("aws:rds/clusterInstance:ClusterInstance", region, props{
			"identifier": id + "-1", "clusterIdentifier": cluster.ID, "engine": "aurora-postgresql", "instanceClass": "db.r7g.large",
		})
	}
}

// transit makes the standby's transit gateway, which leads to home.
func (p *platform) transit() {
	r := p.providers[standby]
	gateway := r.Make("aws:ec2transitgateway/transitGateway:TransitGateway", "west", props{"amazonSideAsn": 64513})
	table := r.Make("aws:ec2transitgateway/routeTable:RouteTable", "west", props{"transitGatewayId": gateway.ID})
	peer := p.providers[home].Make("aws:ec2transitgateway/transitGateway:TransitGateway", "east", props{"amazonSideAsn": 64512})
	peering := r.Make("aws:ec2transitgateway/peeringAttachment:PeeringAttachment", "east", props{
		"peerRegion": home, "peerTransitGatewayId": peer.ID, "transitGatewayId": gateway.ID,
	})
	p.providers[home].Make("aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter", "east", props{"transitGatewayAttachmentId": peering.ID})
	r.Make("aws:ec2transitgateway/route:Route", "east", props{
		"transitGatewayRouteTableId": table.ID, "destinationCidrBlock": "10.0.0.0/16", "transitGatewayAttachmentId": peering.ID,
	})
	p.replace = append(p.replace, "tgw-rtb-0123456789abcdef0", table.ID)
}

// cut tells whether the standby's network leads to home no more.
func (p *platform) cut() bool { return p.services.Cut(standby) }

// nodes makes the standby's node group.
func (p *platform) nodes() {
	r := p.providers[standby]
	n := p.networks[standby]
	p.cluster = r.Cluster("prod-west", standby, n)
	p.pods()
	r.Make("aws:eks/nodeGroup:NodeGroup", "baseline", props{
		"clusterName": p.cluster.ID, "nodeGroupName": "baseline", "nodeRoleArn": r.Role("baseline", "ec2.amazonaws.com").Get("arn"),
		"subnetIds": n.SubnetIDs(), "scalingConfig": props{"minSize": 1, "desiredSize": 2, "maxSize": 12},
	})
}

// pods opens the cluster's endpoint and makes an autoscaler that the machine's role may
// change, as components/recovery does.
func (p *platform) pods() {
	p.endpoint(true, "0.0.0.0/0")
	p.providers[standby].Make("aws:eks/accessEntry:AccessEntry", "takeover", props{
		"clusterName": p.cluster.ID, "principalArn": "arn:aws:iam::123456789012:role/prod-west-takeover", "kubernetesGroups": []any{"tandem:takeover"},
	})
	k := p.Kubernetes(p.cluster)
	meta := props{"name": "web", "namespace": "web"}
	k.Make("kubernetes:core/v1:Namespace", "web", props{"metadata": props{"name": "web"}})
	k.Make("kubernetes:apps/v1:Deployment", "web", props{"metadata": meta, "spec": props{
		"selector": props{"matchLabels": props{"app": "web"}},
		"template": props{"metadata": props{"labels": props{"app": "web"}}, "spec": props{"containers": []any{props{"name": "c", "image": "i"}}}},
	}})
	p.scaler = k.Make("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "web", props{"metadata": meta, "spec": scalerSpec(3)})
	p.rbac = k.Make("kubernetes:rbac.authorization.k8s.io/v1:Role", "takeover", props{"metadata": props{"name": "takeover", "namespace": "web"}, "rules": []any{props{
		"apiGroups": []any{"autoscaling"}, "resources": []any{"horizontalpodautoscalers"}, "resourceNames": []any{"web"}, "verbs": []any{"get", "update"},
	}}})
	k.Make("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "takeover", props{
		"metadata": props{"name": "takeover", "namespace": "web"},
		"roleRef":  props{"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "takeover"},
		"subjects": []any{props{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "tandem:takeover"}},
	})
	p.replace = append(p.replace,
		"https://0123456789ABCDEF0123456789ABCDEF.gr7.us-west-2.eks.amazonaws.com", p.cluster.Get("endpoint"),
		"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t", p.cluster.Get("certificateAuthority.data"))
}

// endpoint opens the cluster's endpoint, or closes it.
func (p *platform) endpoint(public bool, cidrs ...any) {
	p.Helper()
	vpc := props{"subnetIds": p.networks[standby].SubnetIDs(), "endpointPrivateAccess": true, "endpointPublicAccess": public}
	if public {
		vpc["publicAccessCidrs"] = cidrs
	}
	if err := p.cluster.Update(props{"vpcConfig": vpc}); err != nil {
		p.Fatal(err)
	}
}

// least is what the autoscaler keeps.
func (p *platform) least() any {
	p.Helper()
	all, err := p.Cloud.ResourcesOf("kubernetes:autoscaling/v2:HorizontalPodAutoscaler")
	if err != nil || len(all) != 1 {
		p.Fatal(len(all), "autoscalers", err)
	}
	if all[0].At("spec.maxReplicas") != 12.0 {
		p.Errorf("the most has become %v", all[0].At("spec.maxReplicas"))
	}
	return all[0].At("spec.minReplicas")
}

// task fails tasks that are to fail, and leaves the others to the services.
func (p *platform) task(t *stepfunctions.Task) {
	switch how := p.fail[t.State]; how {
	case "":
		p.services.Run(t)
	case "silence":
	default:
		p.Clock.After(time.Second, func() { t.Fail(how, "injected") })
	}
}

// start starts a golden definition in a region.
func (p *platform) start(golden, region, input string) *stepfunctions.Execution {
	p.Helper()
	text, err := os.ReadFile("../../../components/recovery/testdata/" + golden + ".asl.json")
	if err != nil {
		p.Fatal(err)
	}
	m, err := stepfunctions.Parse(strings.NewReplacer(p.replace...).Replace(string(text)), region)
	if err != nil {
		p.Fatal(err)
	}
	stack := map[string]string{home: "prod-east", standby: "prod-west"}[region]
	m.ARN = "arn:aws:states:" + region + ":123456789012:stateMachine:" + golden
	m.RoleARN = "arn:aws:iam::123456789012:role/" + stack + "-takeover"
	var v any
	if err := json.Unmarshal([]byte(input), &v); err != nil {
		p.Fatal(err)
	}
	x, err := p.Start(m, "", v)
	if err != nil {
		p.Fatal(err)
	}
	return x
}

// loseHome takes home away, as the standby sees it.
func (p *platform) loseHome() {
	p.silent["prod-east.tandem.example"] = true
	p.silent["prod-north.tandem.example"] = true // whoever comes before the reserve of takeover-full
	p.alarms["prod-west-replication"] = "ALARM"
}

func (p *platform) Reaches(region, _ string) bool { return !p.lost[region] }

func (p *platform) Get(_, _, url string, done func(int)) {
	host := strings.Split(url, "/")[2]
	switch {
	case p.silent[host]:
		p.Clock.After(time.Minute, func() { done(0) })
	case p.sick[host]:
		done(503)
	default:
		done(200)
	}
}

func (p *platform) Alarm(_, name string) string {
	if s := p.alarms[name]; s != "" {
		return s
	}
	return "OK"
}

func (p *platform) Published(m integration.Message) {
	p.messages = append(p.messages, m)
	if m.Task.Token != "" && p.answer != nil {
		p.Clock.After(time.Minute, func() {
			if err := p.SendTaskSuccess(m.Task.Token, p.answer); err != nil {
				p.Error(err)
			}
		})
	}
}

func (p *platform) Latency() time.Duration        { return 100 * time.Millisecond }
func (p *platform) RoleChange(bool) time.Duration { return p.promotion }
func (p *platform) Writer(_, region string)       { p.writers = append(p.writers, region) }
func (p *platform) said(subject string) (said bool) {
	for _, m := range p.messages {
		said = said || strings.HasPrefix(m.Subject, subject)
	}
	return said
}

// writer is the region that writes by the store.
func (p *platform) writer() string {
	p.Helper()
	region, err := p.Cloud.WriterRegion("prod-east-global-1")
	if err != nil {
		p.Fatal(err)
	}
	return region
}

func (p *platform) takenOver() bool {
	p.Helper()
	there, err := p.Cloud.HasObject("prod-west-takeover", "takeover")
	if err != nil {
		p.Fatal(err)
	}
	return there
}

// lease is the state of a region's lease.
func (p *platform) lease(stack string) (state string) {
	p.Helper()
	table, err := p.Cloud.Lookup("aws:dynamodb/table:Table", stack+"-lease")
	if err != nil || table == nil {
		p.Fatal("no table", err)
	}
	err = p.Cloud.Item(table, `{"id":{"S":"writer"}}`, func(item map[string]any) (map[string]any, error) {
		if m, ok := item["state"].(map[string]any); ok {
			state, _ = m["S"].(string)
		}
		return item, nil
	})
	if err != nil {
		p.Fatal(err)
	}
	return state
}

func (p *platform) desired() any {
	p.Helper()
	group, err := p.Cloud.Lookup("aws:eks/nodeGroup:NodeGroup", "prod-west:baseline")
	if err != nil || group == nil {
		p.Fatal("no node group", err)
	}
	return group.At("scalingConfig.desiredSize")
}
