package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	model "github.com/tandem-platform/tandem/resilience/failover"
	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/cloud/trace"
	"github.com/tandem-platform/tandem/sandbox/drill"
)

// TestReadsComeToBothRegionsAndGoAgain has the standby answer reads of a platform
// that is up, and take no part any more.
func TestReadsComeToBothRegionsAndGoAgain(t *testing.T) {
	t.Parallel()
	const (
		record       = "aws:route53/record:Record"
		certificate  = "aws:acm/certificate:Certificate"
		validation   = "aws:acm/certificateValidation:CertificateValidation"
		listener     = "aws:lb/listener:Listener"
		distribution = "aws:cloudfront/distribution:Distribution"
	)
	e := newEdited(t)
	edge := e.object["edge"].(map[string]any)
	reads := func(keys map[string]any) {
		e.object["edge"] = changed(edge, "reads", keys)
		e.configure(t)
	}
	// ways are the regions whose pods a request may reach.
	ways := func(t *testing.T, req trace.Request) (regions []string) {
		t.Helper()
		e.clouds(t, func(c *cloud.Cloud) {
			all, err := trace.Ways(c, req)
			require.NoError(t, err)
			for _, way := range all {
				require.NoError(t, way.Err, "%v", way.Hops)
				require.Equal(t, "pods", way.Hops[len(way.Hops)-1].What)
				regions = append(regions, trace.Region(way.Hops))
			}
		})
		return regions
	}
	catalogue := trace.Request{Host: "tandem.example", Path: "/catalogue/1"}

	part(t, "one region serves by default", func(t *testing.T) {
		e.configure(t)
		e.up(t)
		require.Equal(t, []string{"us-east-1"}, ways(t, catalogue))
	})

	// replaced is what a certificate of other names replaces, in a preview: what ACM is
	// going to ask for is known only once it has been asked.
	replaced := func(stack string, records ...string) []string {
		return sorted(
			steps("replace", certificate, stack+"-certificate"), steps("replace", validation, stack+"-certificate"),
			steps("replace", record, records...), steps("update", listener, stack+"-https"),
		)
	}
	// up brings a stack up, in the order that leaves no name without a certificate, and
	// with every validation record where it is: it is the same for every certificate.
	up := func(t *testing.T, stack string) order {
		t.Helper()
		o := e.ordered(t, "up", "--yes", "--skip-preview", "-s", stack)
		o.comesBefore(t, "create-replacement "+certificate+" "+stack+"-certificate", "create-replacement "+validation+" "+stack+"-certificate")
		o.comesBefore(t, "create-replacement "+validation+" "+stack+"-certificate", "update "+listener+" "+stack+"-https")
		o.comesBefore(t, "update "+listener+" "+stack+"-https", "delete-replaced "+certificate+" "+stack+"-certificate")
		for step := range o.began {
			require.False(t, strings.Contains(step, "replace") && strings.Contains(step, record), step)
		}
		return o
	}

	part(t, "home comes first: its certificate is replaced, and nothing else is", func(t *testing.T) {
		reads(map[string]any{"policy": "latency", "paths": []string{"/catalogue/*"}})
		_, err := e.trySteps(t, west)
		require.ErrorContains(t, err, "prod-east:home.readName: Required value: run `up` on prod-east first, with the same configuration")
		require.Equal(t, sorted(
			steps("create", record, east+"-read", east+"-validation-read.tandem.example"),
			replaced(east, east+"-validation-origin.tandem.example", east+"-validation-prod-east.tandem.example"),
			steps("update", distribution, east+"-cdn"),
		), e.steps(t, east))
		o := up(t, east)
		o.comesBefore(t, "create "+record+" "+east+"-validation-read.tandem.example", "create-replacement "+validation+" "+east+"-certificate")
		o.comesBefore(t, "update "+listener+" "+east+"-https", "create "+record+" "+east+"-read")
		o.comesBefore(t, "create "+record+" "+east+"-read", "update "+distribution+" "+east+"-cdn")
		require.Equal(t, []string{"us-east-1"}, ways(t, catalogue), "as long as it is alone under the name")
	})

	part(t, "then the standby, and reads reach pods in both regions", func(t *testing.T) {
		require.Equal(t, sorted(steps("create", record, west+"-read"), replaced(west, west+"-validation-prod-west.tandem.example")), e.steps(t, west))
		o := up(t, west)
		o.comesBefore(t, "update "+listener+" "+west+"-https", "create "+record+" "+west+"-read")
		for _, stack := range []string{east, west} {
			require.Empty(t, e.steps(t, stack), "a second up would change something in %s", stack)
		}
		require.Equal(t, []string{"us-east-1", "us-west-2"}, ways(t, catalogue))
		require.Equal(t, []string{"us-east-1"}, ways(t, trace.Request{Host: "tandem.example", Path: "/orders"}), "the rest goes to the region that takes the writes")
		e.clouds(t, func(c *cloud.Cloud) {
			_, err := trace.Follow(c, trace.Request{Host: "tandem.example", Path: "/catalogue/1", Method: "POST"})
			require.ErrorContains(t, err, "answers 403 itself: its behaviour /catalogue/* does not allow POST")
		})
	})

	part(t, "a region that is taken over from reads on, and one that is lost does not", func(t *testing.T) {
		st, _ := e.export(t, east)
		var bucket, endpoint string
		for _, r := range st.Deployment.Resources {
			switch {
			case strings.HasSuffix(r.URN, "BucketV2::"+east+"-takeover-us-west-2"):
				bucket = r.ID
			case strings.HasSuffix(r.URN, "HealthCheck::"+east+"-endpoint"):
				endpoint = r.ID
			}
		}
		require.NotEmpty(t, bucket)
		require.NotEmpty(t, endpoint)
		taken, orders := catalogue, trace.Request{Host: "tandem.example", Path: "/orders"}
		taken.Objects = []string{"https://" + bucket + ".s3.us-west-2.amazonaws.com/takeover"}
		orders.Objects = taken.Objects
		require.Equal(t, []string{"us-west-2"}, ways(t, orders))
		require.Equal(t, []string{"us-east-1", "us-west-2"}, ways(t, taken))
		lost := catalogue
		lost.Unhealthy = []string{endpoint}
		require.Equal(t, []string{"us-west-2"}, ways(t, lost))
	})

	part(t, "the real AWS provider takes every input", func(t *testing.T) { e.requireTakenByProvider(t, east, west) })

	part(t, "a lost region is taken over from as before, and every region's loss is felt by those who read there", func(t *testing.T) {
		g := e.ground(t)
		require.Len(t, g.Platform.Reads, 2)
		alone, platform := *g, *g.Platform
		platform.Reads = nil
		alone.Platform = &platform
		run := func(g *drill.Ground, loss model.Loss) *model.Report {
			r, err := g.Run(drill.Drill{Loss: loss, Seed: 1})
			require.NoError(t, err)
			require.True(t, r.Recovered, r)
			return r
		}
		shared := run(g, "us-east-1")
		require.Equal(t, "us-west-2", shared.Writer, shared)
		require.Less(t, shared.RequestsFailed, run(&alone, "us-east-1").RequestsFailed, "who reads in the other region notices nothing")

		shared = run(g, "us-west-2")
		require.Equal(t, "us-east-1", shared.Writer, shared)
		require.Positive(t, shared.RequestsFailed)
		require.Less(t, shared.RTOSeconds, 120.0, "health checks, resolvers and connections; nobody has to act: %v", shared)
		require.Zero(t, run(&alone, "us-west-2").RequestsFailed)
	})

	part(t, "Route 53 refuses another policy while a region has the old one", func(t *testing.T) {
		reads(map[string]any{"policy": "weighted", "paths": []string{"/catalogue/*"}})
		out, err := e.pulumi(t, "up", "--yes", "--skip-preview", "-s", east)
		require.Error(t, err)
		require.Contains(t, out, "cannot be created as a non-weighted set exists with the same name and type")
		reads(map[string]any{"policy": "latency", "paths": []string{"/catalogue/*"}})
		require.Empty(t, e.steps(t, east))
	})

	part(t, "without paths nothing is sent to the name, which stays", func(t *testing.T) {
		reads(map[string]any{"policy": "latency"})
		require.Equal(t, steps("update", distribution, east+"-cdn"), e.steps(t, east))
		e.up(t, east)
		require.Equal(t, []string{"us-east-1"}, ways(t, catalogue))
		require.Equal(t, []string{"us-east-1", "us-west-2"}, ways(t, trace.Request{Host: "read.tandem.example"}))
	})

	part(t, "and then the name goes, the standby's first", func(t *testing.T) {
		e.object["edge"] = edge
		e.configure(t)
		require.Equal(t, sorted(steps("delete", record, west+"-read"), replaced(west, west+"-validation-prod-west.tandem.example")), e.steps(t, west))
		up(t, west)
		require.Equal(t, []string{"us-east-1"}, ways(t, trace.Request{Host: "read.tandem.example"}))
		require.Equal(t, sorted(
			steps("delete", record, east+"-read", east+"-validation-read.tandem.example"),
			replaced(east, east+"-validation-origin.tandem.example", east+"-validation-prod-east.tandem.example"),
		), e.steps(t, east))
		up(t, east)
		for _, stack := range []string{east, west} {
			require.Empty(t, e.steps(t, stack), "a second up would change something in %s", stack)
		}
	})

	part(t, "destroy leaves nothing", func(t *testing.T) { e.leavesNothing(t, east, west) })
}
