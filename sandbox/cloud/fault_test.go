package cloud_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

func TestFailedOperationLeavesNothing(t *testing.T) {
	w := cloudtest.New(t, cloud.WithFaults(cloud.Fail(cloud.Nth(2, cloud.Changing("")))))
	p := w.AWS("us-east-1")
	p.Make(logGroupType, "a", props{"name": "a"})
	p.Refused(logGroupType, "b", props{"name": "b"},
		"creating CloudWatch Logs LogGroup (b): operation error CloudWatch Logs: CreateLogGroup, api error InternalFailure: ")
	p.Make(logGroupType, "b", props{"name": "b"})
	if all, err := w.Cloud.Resources(nil); err != nil || len(all) != 2 {
		t.Errorf("there are %v, %v", all, err)
	}
}

func TestFaultCountsWhatItPicks(t *testing.T) {
	w := cloudtest.New(t, cloud.WithFaults(cloud.Fail(cloud.Nth(2, cloud.Changing(logGroupType)))))
	p := w.AWS("us-east-1")
	p.Make(vpcType, "v", props{"cidrBlock": "10.0.0.0/16"})
	a := p.Make(logGroupType, "a", props{"name": "a"})
	if _, err := a.Read(); err != nil {
		t.Fatal(err)
	}
	cloudtest.WantError(t, a.Update(props{"retentionInDays": 7}), "updating CloudWatch Logs LogGroup (a)", "ModifyLogGroup", "InternalFailure")
	if err := a.Delete(); err != nil {
		t.Error(err)
	}
}

func TestFailureIsWordedAsItsCloudDoes(t *testing.T) {
	w := cloudtest.New(t)
	site := w.Site("us-west-2", "PRIMARY", w.AWS("us-east-1").Zone())
	w.Close()
	w.Open(cloud.WithFaults(cloud.Fail(cloud.Changing(""))))
	w.Kubernetes(site.Cluster).Refused(namespaceType, "n", object("n", "", nil),
		`resource "n" was not successfully created by the Kubernetes API server: Internal error occurred`)
	w.Configured("datadog", props{}).Refused("datadog:index/monitor:Monitor", "m",
		props{"name": "m", "type": "metric alert", "query": "avg(last_5m):avg:system.load.1{*} > 1", "message": "m"}, "500 Internal Server Error")
}

func TestCrashBeforeAndAfterTheCommit(t *testing.T) {
	for when, fault := range map[string]func(cloud.Pick) cloud.Fault{"before": cloud.CrashBefore, "after": cloud.CrashAfter} {
		w := cloudtest.New(t, cloud.WithFaults(fault(cloud.Nth(2, cloud.Changing("")))))
		p := w.AWS("us-east-1")
		p.Make(logGroupType, "a", props{"name": "a"})
		_, err := p.Try(logGroupType, "b", props{"name": "b"})
		if status.Code(err) != codes.Unavailable {
			t.Errorf("%s: the caller gets %v, want a lost connection", when, err)
		}
		b, err := w.Cloud.Lookup(logGroupType, "b")
		if err != nil || (b != nil) != (when == "after") {
			t.Errorf("%s: the cloud has %v, %v", when, b, err)
		}
		// The engine does not configure a provider that it dials again.
		_, err = p.Try(logGroupType, "c", props{"name": "c"})
		cloudtest.WantError(t, err, "connection refused")
		w.AWS("us-east-1").Make(logGroupType, "c", props{"name": "c"})
	}
}

func TestLostRegionTakesItsControlPlanesAlong(t *testing.T) {
	w := cloudtest.New(t)
	zone := w.AWS("us-east-1").Zone()
	west := w.Site("us-west-2", "PRIMARY", zone)
	w.Close()
	w.Open(cloud.WithFaults(cloud.LoseRegion("us-east-1")))
	lost := w.AWS("us-east-1")
	lost.Refused(logGroupType, "g", props{"name": "g"},
		"creating CloudWatch Logs LogGroup (g): operation error CloudWatch Logs: CreateLogGroup, exceeded maximum number of attempts, 25, "+
			"https response error StatusCode: 0, RequestID: , request send failed, Post \"https://logs.us-east-1.amazonaws.com/\": "+
			"dial tcp: lookup logs.us-east-1.amazonaws.com: i/o timeout")
	_, err := lost.Invoke("aws:index/getRegion:getRegion", props{})
	cloudtest.WantError(t, err, "https://sts.us-east-1.amazonaws.com/", "i/o timeout")
	p := w.AWS("us-west-2")
	for typ, args := range map[string]struct {
		host string
		in   props
	}{
		"aws:iam/role:Role":     {"iam.amazonaws.com", props{"assumeRolePolicy": "{}"}},
		"aws:route53/zone:Zone": {"route53.amazonaws.com", props{"name": "other.example"}},
		"aws:cloudfront/originAccessControl:OriginAccessControl": {"cloudfront.amazonaws.com", props{
			"name": "r", "originAccessControlOriginType": "s3", "signingBehavior": "always", "signingProtocol": "sigv4",
		}},
	} {
		p.Refused(typ, "r", args.in, "https://"+args.host+"/", "i/o timeout")
	}
	if _, err := zone.On(p).Read(); err == nil {
		t.Error("a zone is read while Route 53's control plane is lost")
	}
	p.Make(logGroupType, "g", props{"name": "g"})
	p.Make("aws:rds/globalCluster:GlobalCluster", "g", props{"globalClusterIdentifier": "g", "engine": "aurora-postgresql"})
	w.Kubernetes(west.Cluster).Make(namespaceType, "n", object("n", "", nil))

	w.Close()
	w.Open(cloud.WithFaults(cloud.LoseRegion("us-west-2")))
	w.Kubernetes(west.Cluster).Refused(namespaceType, "m", object("m", "", nil), "configured Kubernetes cluster is unreachable", "i/o timeout")
}

func TestThrottledCallsAreRepeated(t *testing.T) {
	create := cloud.Operation{Verb: "create", Type: vpcType, Service: "EC2", Region: "us-east-1", Resource: "v"}
	elsewhere := create
	elsewhere.Region = "us-west-2"
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		fault := cloud.Throttle(1)
		done := 0
		do := func(op cloud.Operation) {
			if err := fault(t.Context(), op, func() error { done++; return nil }); err != nil {
				t.Error(err)
			}
		}
		do(create)
		do(elsewhere)
		if took := time.Since(start); took != 0 {
			t.Errorf("the first call of each region took %s", took)
		}
		for range 8 {
			do(create)
		}
		if took := time.Since(start); took < 8*time.Second || took > 20*time.Second || done != 10 {
			t.Errorf("%d calls took %s, want one a second", done, took)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := cloud.Throttle(0)(t.Context(), create, func() error { return errors.New("was let through") })
		cloudtest.WantError(t, err, "creating EC2 Vpc (v): operation error EC2: CreateVpc, exceeded maximum number of attempts, 25, "+
			"api error RequestLimitExceeded: Request limit exceeded.")
		if took, most := time.Since(start), (1+2+4+8+16+19*20)*time.Second; took > most || took < most/4 {
			t.Errorf("the provider gave up after %s", took)
		}
	})
}

func TestLatencyEndsWithTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fault := cloud.Latency(3 * time.Second)
		start := time.Now()
		if err := fault(t.Context(), cloud.Operation{Verb: "read"}, func() error { return nil }); err != nil || time.Since(start) != 3*time.Second {
			t.Errorf("got %v after %s", err, time.Since(start))
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := fault(ctx, cloud.Operation{Verb: "read"}, func() error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want the wait to end", err)
		}
	})
}

func TestFaultsComposeOutermostFirst(t *testing.T) {
	// The region is lost, so nothing comes as far as being counted.
	w := cloudtest.New(t, cloud.WithFaults(cloud.LoseRegion("us-west-2"), cloud.Fail(cloud.Nth(1, cloud.Changing("")))))
	w.AWS("us-west-2").Refused(logGroupType, "a", props{"name": "a"}, "i/o timeout")
	_, err := w.AWS("us-east-1").Try(logGroupType, "a", props{"name": "a"})
	if err == nil || !strings.Contains(err.Error(), "InternalFailure") {
		t.Errorf("got %v, want the first operation that gets through to fail", err)
	}
}

func TestPlanReportsEverythingThatIsWrong(t *testing.T) {
	_, err := cloud.Plan{
		Fail: -1, CrashAfter: -2, Type: "vpc", Throttle: true, PerSecond: -1, Latency: -time.Second, LoseRegions: []string{"us-west-2", "west"},
	}.Faults()
	want := `--crash-after -2: must be the number of an operation, 1 or more
--fail -1: must be the number of an operation, 1 or more
--fail-type vpc: must be a whole type token: aws:ec2/vpc:Vpc
--throttle -1: must be a number of calls a second, 0 or more
--latency -1s: must be a duration of 0 or more, such as 200ms
--lose-region west: must be an AWS region, such as us-east-1`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	for _, typ := range []string{"aws:ec2/instance:Instance", "random:index/randomId:RandomId"} {
		_, err = cloud.Plan{Type: typ}.Faults()
		cloudtest.WantError(t, err, "--fail-type "+typ+": must be the type token of a resource that a cloud makes")
	}
}

func TestPlannedTypeFailsAlwaysOrAsCounted(t *testing.T) {
	for _, test := range []struct {
		plan  cloud.Plan
		fails []bool
	}{
		{cloud.Plan{}, []bool{false, false, false}},
		{cloud.Plan{Type: logGroupType}, []bool{true, true, true}},
		{cloud.Plan{Type: logGroupType, Fail: 2}, []bool{false, true, false}},
		{cloud.Plan{Type: logGroupType, Fail: 1, LoseRegions: []string{"us-west-2"}}, []bool{true, false, false}},
	} {
		faults, err := test.plan.Faults()
		if err != nil {
			t.Fatal(err)
		}
		p := cloudtest.New(t, cloud.WithFaults(faults...)).AWS("us-east-1")
		p.Make(vpcType, "v", props{"cidrBlock": "10.0.0.0/16"})
		for i, want := range test.fails {
			_, err := p.Try(logGroupType, fmt.Sprint("g", i), props{})
			if (err != nil) != want {
				t.Errorf("%+v: operation %d gives %v", test.plan, i+1, err)
			}
		}
	}
}
