package trace_test

import (
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
	"github.com/tandem-platform/tandem/sandbox/cloud/trace"
)

const host = "www.example.com"

// whats are the kinds of the hops.
func whats(hops []trace.Hop) string {
	var s []string
	for _, h := range hops {
		s = append(s, h.What)
	}
	return strings.Join(s, ", ")
}

// wholeWay is what a request passes where nothing is missing.
const wholeWay = "record, load balancer, listener, certificate, rule, target group, binding, service, pods"

func TestRequestReachesReadyPods(t *testing.T) {
	w := cloudtest.New(t)
	zone := w.AWS("us-east-1").Zone()
	w.Site("us-east-1", "PRIMARY", zone)
	hops, err := trace.Follow(w.Cloud, trace.Request{Host: host, Path: "/"})
	if err != nil {
		t.Fatalf("%v after %v", err, hops)
	}
	if got := whats(hops); got != wholeWay {
		t.Errorf("passed %s", got)
	}
}

func TestEachMissingLinkIsNamed(t *testing.T) {
	remove := func(r func(*cloudtest.Site) *cloudtest.Resource) func(*testing.T, *cloudtest.Site) {
		return func(t *testing.T, s *cloudtest.Site) {
			t.Helper()
			if err := r(s).Delete(); err != nil {
				t.Fatal(err)
			}
		}
	}
	change := func(r func(*cloudtest.Site) *cloudtest.Resource, to cloudtest.Props) func(*testing.T, *cloudtest.Site) {
		return func(t *testing.T, s *cloudtest.Site) {
			t.Helper()
			if err := r(s).Update(to); err != nil {
				t.Fatal(err)
			}
		}
	}
	type site = cloudtest.Site
	type thing = *cloudtest.Resource
	type props = cloudtest.Props
	for name, c := range map[string]struct {
		breaks func(*testing.T, *site)
		want   string
	}{
		"no record":      {remove(func(s *site) thing { return s.Record }), "no record of type A or CNAME for www.example.com"},
		"no balancer":    {remove(func(s *site) thing { return s.Balancer }), "which does not exist"},
		"no listener":    {remove(func(s *site) thing { return s.Listener }), "no HTTPS listener on port 443"},
		"no rule":        {remove(func(s *site) thing { return s.Rule }), "default action answers 404 itself"},
		"no binding":     {remove(func(s *site) thing { return s.Binding }), "no TargetGroupBinding names it"},
		"no controller":  {remove(func(s *site) thing { return s.Controller }), "AWS Load Balancer Controller is not installed"},
		"no service":     {remove(func(s *site) thing { return s.Service }), "the service web/web, which does not exist"},
		"no deployment":  {remove(func(s *site) thing { return s.Deployment }), "no deployment in web has the labels"},
		"no namespace":   {remove(func(s *site) thing { return s.Namespace }), "no TargetGroupBinding names it"},
		"rule elsewhere": {change(func(s *site) thing { return s.Rule }, props{"conditions": []any{props{"pathPattern": props{"values": []any{"/api/*"}}}}}), "no rule of the listener fits www.example.com/"},
		"rule for another host": {
			change(func(s *site) thing { return s.Rule }, props{"conditions": []any{props{"hostHeader": props{"values": []any{"api.example.com"}}}}}),
			"no rule of the listener fits www.example.com/",
		},
		"selector of nothing": {
			change(func(s *site) thing { return s.Service }, props{"spec": props{"selector": props{"app": "other"}, "ports": []any{props{"port": 80, "targetPort": "http"}}}}),
			"no deployment in web has the labels",
		},
		"port of nothing": {
			change(func(s *site) thing { return s.Service }, props{"spec": props{"selector": props{"app": "web"}, "ports": []any{props{"port": 81, "targetPort": "http"}}}}),
			"has no port 80",
		},
		"target port of nothing": {
			change(func(s *site) thing { return s.Service }, props{"spec": props{"selector": props{"app": "web"}, "ports": []any{props{"port": 80, "targetPort": "grpc"}}}}),
			"has the port grpc",
		},
		"no replicas": {
			change(func(s *site) thing { return s.Deployment }, props{"spec": props{
				"replicas": 0, "selector": props{"matchLabels": props{"app": "web"}}, "template": props{
					"metadata": props{"labels": props{"app": "web"}}, "spec": props{"containers": []any{props{"name": "web", "image": "web:1"}}},
				},
			}}),
			"has no ready pods",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := cloudtest.New(t)
			s := w.Site("us-east-1", "PRIMARY", w.AWS("us-east-1").Zone())
			c.breaks(t, s)
			hops, err := trace.Follow(w.Cloud, trace.Request{Host: host, Path: "/"})
			if err == nil {
				t.Fatalf("the request went through: %v", hops)
			}
			cloudtest.WantError(t, err, c.want)
		})
	}
}

func TestFailoverFollowsHealth(t *testing.T) {
	w, _, east, west := twoSites(t)
	region := func(req trace.Request) string {
		t.Helper()
		req.Host = host
		hops, err := trace.Follow(w.Cloud, req)
		if err != nil {
			t.Fatal(err)
		}
		return trace.Region(hops)
	}
	if got := region(trace.Request{}); got != "us-east-1" {
		t.Errorf("with all healthy the request goes to %s", got)
	}
	if got := region(trace.Request{Unhealthy: []string{east.Check.ID}}); got != "us-west-2" {
		t.Errorf("with the primary unhealthy the request goes to %s", got)
	}
	if got := region(trace.Request{Unhealthy: []string{east.Check.ID, west.Check.ID}}); got != "us-east-1" {
		t.Errorf("with all unhealthy Route 53 fails open to the primary, the request goes to %s", got)
	}
	// The check looks at the endpoint itself: without pods it fails.
	if err := east.Deployment.Delete(); err != nil {
		t.Fatal(err)
	}
	if got := region(trace.Request{}); got != "us-west-2" {
		t.Errorf("with no pods in the primary region the request goes to %s", got)
	}
}

func TestAFailoverNameMayLeadToAnother(t *testing.T) {
	w := cloudtest.New(t)
	zone := w.AWS("us-east-1").Zone()
	east, west, north := w.Site("us-east-1", "PRIMARY", zone), w.Site("us-west-2", "", zone), w.Site("eu-west-1", "", zone)
	for role, s := range map[string]*cloudtest.Site{"PRIMARY": west, "SECONDARY": north} {
		s.AWS.Make("aws:route53/record:Record", "standby-"+s.Region, cloudtest.Props{
			"zoneId": zone.ID, "name": "standby.example.com", "type": "A", "setIdentifier": s.Region, "healthCheckId": s.Check.ID,
			"failoverRoutingPolicies": []any{cloudtest.Props{"type": role}},
			"aliases":                 []any{cloudtest.Props{"name": s.Balancer.Get("dnsName"), "zoneId": s.Balancer.Get("zoneId"), "evaluateTargetHealth": true}},
		})
	}
	west.AWS.Make("aws:route53/record:Record", "www-standby", cloudtest.Props{
		"zoneId": zone.ID, "name": host, "type": "A", "setIdentifier": "us-west-2", "failoverRoutingPolicies": []any{cloudtest.Props{"type": "SECONDARY"}},
		"aliases": []any{cloudtest.Props{"name": "standby.example.com", "zoneId": zone.ID, "evaluateTargetHealth": true}},
	})
	for _, c := range []struct {
		unhealthy []*cloudtest.Site
		want      string
	}{
		{nil, "us-east-1"},
		{[]*cloudtest.Site{east}, "us-west-2"},
		{[]*cloudtest.Site{east, west}, "eu-west-1"},
		{[]*cloudtest.Site{east, west, north}, "us-east-1"}, // Route 53 fails open
	} {
		var unhealthy []string
		for _, s := range c.unhealthy {
			unhealthy = append(unhealthy, s.Check.ID)
		}
		hops, err := trace.Follow(w.Cloud, trace.Request{Host: host, Unhealthy: unhealthy})
		if err != nil {
			t.Fatal(err)
		}
		if got := trace.Region(hops); got != c.want {
			t.Errorf("with %d unhealthy the request goes to %s instead of %s", len(unhealthy), got, c.want)
		}
	}
}

// twoSites are a world where one region answers for www.example.com, and another
// where that one is lost.
func twoSites(t *testing.T) (w *cloudtest.World, zone *cloudtest.Resource, east, west *cloudtest.Site) {
	t.Helper()
	w = cloudtest.New(t)
	zone = w.AWS("us-east-1").Zone()
	return w, zone, w.Site("us-east-1", "PRIMARY", zone), w.Site("us-west-2", "SECONDARY", zone)
}

// share has a site answer for read.example.com too, by a routing policy.
func share(t *testing.T, w *cloudtest.World, s *cloudtest.Site, zone *cloudtest.Resource, property string, policy cloudtest.Props) *cloudtest.Resource {
	t.Helper()
	certificate := s.AWS.Make("aws:acm/certificate:Certificate", "read-"+s.Region, cloudtest.Props{
		"domainName": s.Region + ".example.com", "subjectAlternativeNames": []any{"read.example.com"}, "validationMethod": "DNS",
	})
	w.Validate(s.AWS, certificate, zone)
	if err := s.Listener.Update(cloudtest.Props{"certificateArn": certificate.ID}); err != nil {
		t.Fatal(err)
	}
	return s.AWS.Make("aws:route53/record:Record", "read-"+s.Region, cloudtest.Props{
		"zoneId": zone.ID, "name": "read.example.com", "type": "A", "setIdentifier": s.Region, "healthCheckId": s.Check.ID, property: []any{policy},
		"aliases": []any{cloudtest.Props{"name": s.Balancer.Get("dnsName"), "zoneId": s.Balancer.Get("zoneId"), "evaluateTargetHealth": true}},
	})
}

// shareByLatency has sites answer for it where they are the nearest.
func shareByLatency(t *testing.T, w *cloudtest.World, zone *cloudtest.Resource, sites ...*cloudtest.Site) {
	t.Helper()
	for _, s := range sites {
		share(t, w, s, zone, "latencyRoutingPolicies", cloudtest.Props{"region": s.Region})
	}
}

// ways are the regions whose pods a request may reach, in order.
func ways(t *testing.T, w *cloudtest.World, req trace.Request) string {
	t.Helper()
	all, err := trace.Ways(w.Cloud, req)
	if err != nil {
		t.Fatal(err)
	}
	var regions []string
	for _, way := range all {
		if way.Err != nil {
			t.Fatalf("%v after %v", way.Err, way.Hops)
		}
		regions = append(regions, trace.Region(way.Hops))
	}
	first, err := trace.Follow(w.Cloud, req)
	if err != nil || len(first) != len(all[0].Hops) || first[len(first)-1].Resource.ID != all[0].Hops[len(first)-1].Resource.ID {
		t.Errorf("the first way is not the one that is followed: %v, %v", first, err)
	}
	return strings.Join(regions, " ")
}

func TestByLatencyEveryHealthyRegionMayAnswer(t *testing.T) {
	w, zone, east, west := twoSites(t)
	shareByLatency(t, w, zone, west, east)
	read := trace.Request{Host: "read.example.com"}
	for want, unhealthy := range map[string][]string{
		"us-east-1 us-west-2": nil,
		"us-west-2":           {east.Check.ID},
		"us-east-1":           {west.Check.ID},
	} {
		read.Unhealthy = unhealthy
		if got := ways(t, w, read); got != want {
			t.Errorf("with %v unhealthy, reads go to %s and not to %s", unhealthy, got, want)
		}
	}
	read.Unhealthy = []string{east.Check.ID, west.Check.ID}
	if got := ways(t, w, read); got != "us-east-1 us-west-2" {
		t.Errorf("with none healthy all count as healthy, but reads go to %s", got)
	}
	// The name is shared, so one region without pods is one way that ends early; the
	// health check of that region sees it.
	if err := west.Deployment.Delete(); err != nil {
		t.Fatal(err)
	}
	read.Unhealthy = nil
	if got := ways(t, w, read); got != "us-east-1" {
		t.Errorf("with no pods in one region, reads go to %s", got)
	}
}

func TestByWeightThoseThatHaveOneAnswer(t *testing.T) {
	w, zone, east, west := twoSites(t)
	eastRead := share(t, w, east, zone, "weightedRoutingPolicies", cloudtest.Props{"weight": 10})
	westRead := share(t, w, west, zone, "weightedRoutingPolicies", cloudtest.Props{"weight": 20})
	weigh := func(r *cloudtest.Resource, weight int) {
		t.Helper()
		if err := r.Update(cloudtest.Props{"weightedRoutingPolicies": []any{cloudtest.Props{"weight": weight}}}); err != nil {
			t.Fatal(err)
		}
	}
	read := trace.Request{Host: "read.example.com"}
	if got := ways(t, w, read); got != "us-west-2 us-east-1" {
		t.Errorf("the heavier first, both by their weight, but reads go to %s", got)
	}
	weigh(westRead, 0)
	if got := ways(t, w, read); got != "us-east-1" {
		t.Errorf("weight 0 gets nothing while another is healthy, but reads go to %s", got)
	}
	read.Unhealthy = []string{east.Check.ID}
	if got := ways(t, w, read); got != "us-west-2" {
		t.Errorf("weight 0 is considered where no other is healthy, but reads go to %s", got)
	}
	read.Unhealthy = nil
	weigh(eastRead, 0)
	if got := ways(t, w, read); len(strings.Fields(got)) != 2 {
		t.Errorf("where all weigh 0 all get the same, but reads go to %s", got)
	}
}

func TestCloudFrontSendsReadsByTheirPathAndRefusesWrites(t *testing.T) {
	w, zone, east, west := twoSites(t)
	shareByLatency(t, w, zone, east, west)
	origin := func(id, name string) cloudtest.Props {
		return cloudtest.Props{"originId": id, "domainName": name, "customOriginConfig": cloudtest.Props{
			"httpPort": 80, "httpsPort": 443, "originProtocolPolicy": "https-only", "originSslProtocols": []any{"TLSv1.2"},
		}}
	}
	behaviour := func(origin string, methods ...any) cloudtest.Props {
		return cloudtest.Props{"targetOriginId": origin, "viewerProtocolPolicy": "https-only", "allowedMethods": methods, "cachedMethods": []any{"GET", "HEAD"}}
	}
	reads := behaviour("read", "GET", "HEAD", "OPTIONS")
	reads["pathPattern"] = "/catalogue/*"
	cdn := east.AWS.Make("aws:cloudfront/distribution:Distribution", "cdn", cloudtest.Props{
		"enabled": true, "origins": []any{origin("write", "us-east-1.example.com"), origin("read", "read.example.com")},
		"defaultCacheBehavior":  behaviour("write", "GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"),
		"orderedCacheBehaviors": []any{reads},
		"restrictions":          cloudtest.Props{"geoRestriction": cloudtest.Props{"restrictionType": "none"}},
		"viewerCertificate":     cloudtest.Props{"cloudfrontDefaultCertificate": true},
	})
	req := trace.Request{Host: cdn.Get("domainName"), Path: "/catalogue/1"}
	if got := ways(t, w, req); got != "us-east-1 us-west-2" {
		t.Errorf("reads go to %s", got)
	}
	all, err := trace.Ways(w.Cloud, req)
	if err != nil || whats(all[1].Hops) != "distribution, "+wholeWay {
		t.Errorf("the second way passes %s, %v", whats(all[1].Hops), err)
	}
	req.Method = "POST"
	all, err = trace.Ways(w.Cloud, req)
	if err != nil || len(all) != 1 {
		t.Fatalf("%v, %v", all, err)
	}
	cloudtest.WantError(t, all[0].Err, "answers 403 itself: its behaviour /catalogue/* does not allow POST")
	req.Path = "/orders"
	if got := ways(t, w, req); got != "us-east-1" {
		t.Errorf("writes go to %s", got)
	}
}
