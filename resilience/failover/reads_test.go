package failover

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// sharing is the state of a platform whose regions share reads, in as far as names
// in DNS go. CloudFront sends reads to the name only on request.
func sharing(t *testing.T, paths bool) []byte {
	t.Helper()
	type props = map[string]any
	var resources []props
	add := func(typ, id string, outputs props) {
		resources = append(resources, props{"type": typ, "id": id, "outputs": outputs})
	}
	for _, region := range []string{"us-west-2", "us-east-1"} {
		dns := region + ".elb.amazonaws.com"
		add("aws:lb/loadBalancer:LoadBalancer", region, props{"dnsName": dns, "arn": "arn:aws:elasticloadbalancing:" + region + ":123456789012:loadbalancer/app/1"})
		alias := []props{{"name": dns, "evaluateTargetHealth": true}}
		role := map[string]string{"us-east-1": "PRIMARY", "us-west-2": "SECONDARY"}[region]
		add("aws:route53/record:Record", region+"-own", props{"name": region + ".tandem.example", "aliases": alias})
		add("aws:route53/record:Record", region+"-origin", props{
			"name": "origin.tandem.example", "aliases": alias, "setIdentifier": region, "failoverRoutingPolicies": []props{{"type": role}},
		})
		add("aws:route53/record:Record", region+"-read", props{
			"name": "read.tandem.example", "aliases": alias, "setIdentifier": region, "healthCheckId": region + "-check",
			"latencyRoutingPolicies": []props{{"region": region}},
		})
		add("aws:route53/record:Record", region+"-other", props{
			"name": "other.tandem.example", "aliases": alias, "setIdentifier": region, "weightedRoutingPolicies": []props{{"weight": 7}},
		})
	}
	custom := props{"originKeepaliveTimeout": 5}
	cdn := props{"origins": []props{
		{"originId": "dynamic", "domainName": "origin.tandem.example", "connectionAttempts": 2, "connectionTimeout": 5, "customOriginConfig": custom},
		{"originId": "read", "domainName": "read.tandem.example", "connectionAttempts": 2, "connectionTimeout": 5, "customOriginConfig": custom},
	}}
	if paths {
		cdn["orderedCacheBehaviors"] = []props{{"pathPattern": "/catalogue/*", "targetOriginId": "read"}}
	}
	add("aws:cloudfront/distribution:Distribution", "cdn", cdn)
	text, err := json.Marshal(props{"deployment": props{"resources": resources}})
	require.NoError(t, err)
	return text
}

func TestNamesThatRegionsShareAreNotTheirOwn(t *testing.T) {
	// Clusters and services are missing, which the error says; names are read all the same.
	p, _ := Read(sharing(t, true))
	require.Len(t, p.Regions, 2)
	require.Equal(t, "us-east-1.tandem.example", p.Regions[0].Endpoint)
	require.Equal(t, "us-west-2.tandem.example", p.Regions[1].Endpoint)
	require.Equal(t, "origin.tandem.example", p.OriginName)
	require.Equal(t, []ReadRecord{
		{Region: "us-east-1", Check: "us-east-1-check", TargetHealth: true}, {Region: "us-west-2", Check: "us-west-2-check", TargetHealth: true},
	}, p.Reads)
	p, _ = Read(sharing(t, false))
	require.Empty(t, p.Reads, "nobody behind CloudFront asks for the name")
}

func TestRoute53AnswersReadsWithAHealthyRegion(t *testing.T) {
	world := func(weights ...float64) *World {
		w := &World{
			P: &Platform{}, traffic: rand.New(rand.NewPCG(1, 1)), checks: map[string]*checkState{},
			serving: map[string]*capacity{"east": {running: 1}, "west": {running: 1}}, lost: lost{regions: map[string]bool{}},
		}
		for i, region := range []string{"east", "west"} {
			w.checks[region] = &checkState{Check: &Check{}, seen: true}
			r := ReadRecord{Region: region, Check: region, TargetHealth: true, Weighted: len(weights) > 0}
			if r.Weighted {
				r.Weight = weights[i]
			}
			w.P.Reads = append(w.P.Reads, r)
		}
		return w
	}
	// share is the part of a thousand answers, to edges one after the other, that are east.
	share := func(w *World) float64 {
		n := 0
		for i := range 1000 {
			if w.readRegion(&edge{number: i}) == "east" {
				n++
			}
		}
		return float64(n) / 1000
	}
	require.InDelta(t, 0.5, share(world()), 0, "half of the edges are near to each")
	require.InDelta(t, 0.75, share(world(30, 10)), 0.05)
	require.InDelta(t, 0.5, share(world(0, 0)), 0.05, "where all weigh 0 all get the same")
	require.InDelta(t, 1, share(world(1, 0)), 0)

	for _, w := range []*World{world(), world(30, 10), world(1, 0)} {
		w.checks["east"].seen = false
		require.InDelta(t, 0, share(w), 0, "an unhealthy region gets none, and one of weight 0 what is left")
		w.checks["west"].seen = false
		require.Positive(t, share(w), "where none is healthy all answer")
	}
	w := world()
	w.serving["west"].running = 0
	require.InDelta(t, 1, share(w), 0, "a load balancer without targets is not healthy")
}
