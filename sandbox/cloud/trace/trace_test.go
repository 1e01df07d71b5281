package trace_test

import (
	"slices"
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
	w := cloudtest.New(t)
	zone := w.AWS("us-east-1").Zone()
	east := w.Site("us-east-1", "PRIMARY", zone)
	west := w.Site("us-west-2", "SECONDARY", zone)
	region := func(req trace.Request) string {
		t.Helper()
		req.Host = host
		hops, err := trace.Follow(w.Cloud, req)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(hops, func(h trace.Hop) bool { return h.What == "load balancer" })
		return hops[i].Resource.Scope.Region
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
