package recovery

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/resilience/simulation"
	"github.com/tandem-platform/tandem/sandbox/stepfunctions"
)

// world answers the tasks of executions: what Aurora, the lease and the health
// endpoints are, and what fails.
type world struct {
	t      *testing.T
	engine *stepfunctions.Engine
	plan   *plan

	// writer is the region that takes the writes; promotions take a minute.
	writer string
	// other, origin and own tell whether the endpoints answer, replication whether its
	// alarm is off.
	other, origin, own, replication bool
	// ahead tells whether the region that takes over first answers, and third is the
	// region of a third member, "" where there is none.
	ahead bool
	third string
	// lease is the item, nil where there is none.
	lease map[string]string
	// broken are the states whose tasks fail.
	broken map[string]bool
	// object tells whether the takeover object is there.
	object bool
	// minReplicas is what the autoscaler of the workload keeps.
	minReplicas float64
	// holes are the blocks that the network leads to no more.
	holes map[string]bool
	// cutAtPromotion tells whether there were any when it began.
	cutAtPromotion bool
	calls          []string
	told           []map[string]any
	// answer is what a person says, "" for nothing.
	answer string
}

func newWorld(t *testing.T, p *plan) *world {
	w := &world{t: t, plan: p, writer: p.OtherRegion, own: true, origin: true, broken: map[string]bool{}, holes: map[string]bool{}, minReplicas: 3}
	clock := simulation.New(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	t.Cleanup(clock.Close)
	w.engine = &stepfunctions.Engine{Clock: clock, Rand: rand.New(rand.NewPCG(1, 2)), Tasks: w.task} //nolint:gosec // no secret
	return w
}

func (w *world) start(m machine, name string, input map[string]any) *stepfunctions.Execution {
	w.t.Helper()
	text, err := m.json()
	require.NoError(w.t, err)
	parsed, err := stepfunctions.Parse(text, w.plan.Region)
	require.NoError(w.t, err)
	parsed.ARN = "arn:aws:states:" + w.plan.Region + ":123456789012:stateMachine:m"
	x, err := w.engine.Start(parsed, name, input)
	require.NoError(w.t, err)
	return x
}

// run executes to the end.
func (w *world) run(m machine, input map[string]any) *stepfunctions.Execution {
	x := w.start(m, "one", input)
	w.engine.Clock.RunAll()
	return x
}

func (w *world) task(task *stepfunctions.Task) {
	w.calls = append(w.calls, task.State)
	in, _ := task.Parameters.(map[string]any)
	if w.broken[task.State] {
		task.Fail("Some.ServiceException", "broken")
		return
	}
	probe := func(answers bool) {
		if answers {
			task.Succeed(map[string]any{"StatusCode": 200.0})
		} else {
			task.Fail("States.Http.Socket", "no answer")
		}
	}
	text := func(v any) string { return v.(map[string]any)["S"].(string) }
	switch resource := strings.TrimPrefix(task.Resource, "arn:aws:states:::"); resource {
	case httpInvoke:
		probe(map[string]bool{w.plan.OtherURL: w.other, w.plan.OwnURL: w.own, w.plan.OriginURL: w.origin, w.plan.AheadURL: w.ahead}[in["ApiEndpoint"].(string)])
	case describeGlobal:
		member := func(region string) any {
			return map[string]any{"DbClusterArn": "arn:aws:rds:" + region + ":123456789012:cluster:c", "IsWriter": w.writer == region}
		}
		all := []any{member(w.plan.OtherRegion), member(w.plan.Region)}
		if w.third != "" {
			all = slices.Insert(all, 0, member(w.third))
		}
		task.Succeed(map[string]any{"GlobalClusters": []any{map[string]any{"Status": "available", "GlobalClusterMembers": all}}})
	case describeAlarms:
		state := "ALARM"
		if w.replication {
			state = "OK"
		}
		task.Succeed(map[string]any{"MetricAlarms": []any{map[string]any{"StateValue": state}}})
	case updateItem:
		values := in["ExpressionAttributeValues"].(map[string]any)
		me, now := text(values[":me"]), text(values[":now"])
		condition := in["ConditionExpression"].(string)
		ok := w.lease != nil && w.lease["holder"] == me
		if strings.Contains(condition, "attribute_not_exists") {
			ok = ok || w.lease == nil || w.lease["state"] != "running"
		}
		if seen, there := values[":seen"]; there {
			ok = w.lease["renewed"] == text(seen) || w.lease["state"] != "running"
		}
		if !ok {
			task.Fail(conditional, "The conditional request failed")
			return
		}
		if w.lease == nil {
			w.lease = map[string]string{}
		}
		w.lease["holder"], w.lease["renewed"] = me, now
		for _, state := range []string{":state", ":running"} {
			if v, there := values[state]; there {
				w.lease["state"] = text(v)
			}
		}
		task.Succeed(map[string]any{})
	case getItem:
		task.Succeed(map[string]any{"Item": map[string]any{"renewed": map[string]any{"S": w.lease["renewed"]}}})
	case callKubernetes:
		require.Equal(w.t, "/apis/autoscaling/v2/namespaces/web/horizontalpodautoscalers/web", in["Path"])
		if body, put := in["RequestBody"].(map[string]any); put {
			require.Equal(w.t, "PUT", in["Method"])
			require.Equal(w.t, map[string]any{"name": "web", "labels": map[string]any{"app": "web"}, "resourceVersion": ""}, body["metadata"])
			spec := body["spec"].(map[string]any)
			require.Equal(w.t, 12.0, spec["maxReplicas"], "the rest stays")
			w.minReplicas = spec["minReplicas"].(float64)
		}
		task.Succeed(map[string]any{"StatusCode": 200.0, "ResponseBody": map[string]any{
			"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
			"metadata": map[string]any{"name": "web", "labels": map[string]any{"app": "web"}, "resourceVersion": "7"},
			"spec":     map[string]any{"minReplicas": w.minReplicas, "maxReplicas": 12.0}, "status": map[string]any{"currentReplicas": 3.0},
		}})
	case createRoute:
		require.Equal(w.t, true, in["Blackhole"])
		w.holes[in["DestinationCidrBlock"].(string)] = true
		task.Succeed(map[string]any{})
	case deleteRoute:
		delete(w.holes, in["DestinationCidrBlock"].(string))
		task.Succeed(map[string]any{})
	case failoverGlobal:
		w.cutAtPromotion = len(w.holes) > 0
		require.Equal(w.t, true, in["AllowDataLoss"])
		w.engine.Clock.After(time.Minute, func() { w.writer = w.plan.Region })
		task.Succeed(map[string]any{})
	case switchoverGlobal:
		require.Equal(w.t, "arn:aws:rds:"+w.plan.OtherRegion+":123456789012:cluster:c", in["TargetDbClusterIdentifier"])
		w.engine.Clock.After(time.Minute, func() { w.writer = w.plan.OtherRegion })
		task.Succeed(map[string]any{})
	case describeNodes:
		task.Succeed(map[string]any{"Nodegroup": map[string]any{"ScalingConfig": map[string]any{"DesiredSize": 3.0}}})
	case putObject:
		w.object = true
		task.Succeed(map[string]any{})
	case deleteObject:
		w.object = false
		task.Succeed(map[string]any{})
	case ask:
		switch w.answer {
		case "yes", "no":
			token, yes := task.Token, w.answer == "yes"
			w.engine.Clock.After(10*time.Second, func() {
				require.NoError(w.t, w.engine.SendTaskSuccess(token, map[string]any{"approved": yes}))
			})
		}
	case publish:
		w.told = append(w.told, in)
		task.Succeed(map[string]any{})
	default:
		task.Succeed(map[string]any{})
	}
}

// called tells whether a task of that name was begun.
func (w *world) called(state string) bool { return slices.Contains(w.calls, state) }

// members gives a plan the ARNs of the world.
func members(p *plan) *plan {
	p.ClusterARN = "arn:aws:rds:" + p.Region + ":123456789012:cluster:c"
	return p
}

func TestALostRegionIsTakenOverFrom(t *testing.T) {
	for name, p := range map[string]*plan{"standby": standby(), "home": home(), "with readers, asked": full()} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, members(p))
			x := w.run(p.takeover(), map[string]any{})
			require.Equal(t, stepfunctions.Succeeded, x.Status, "%v", x.Failure)
			require.Equal(t, p.Region, w.writer)
			require.Equal(t, p.Routing != nil, w.object)
			require.Equal(t, "active", w.lease["state"])
			require.True(t, w.called("AddNodes baseline"), "3 nodes are fewer than 6")
			require.Equal(t, p.Readers != nil, w.called("RaiseReaders"))
			if len(p.Workloads) > 0 {
				require.Equal(t, 6.0, w.minReplicas)
			}
			require.Contains(t, w.told[len(w.told)-1]["Subject"], "Takeover done")
			fenced, _ := x.Entered("AwaitFence")
			promoted, _ := x.Entered("Promote")
			require.GreaterOrEqual(t, promoted.Sub(fenced), time.Duration(p.FenceSeconds)*time.Second)
			require.Less(t, x.Ended.Sub(x.Started), 600*time.Second)
		})
	}
}

func TestAHealthyRegionIsLeftAloneUnlessForced(t *testing.T) {
	p := members(standby())
	w := newWorld(t, p)
	w.other, w.replication = true, true
	x := w.run(p.takeover(), map[string]any{"mode": "failover", "force": false})
	require.Equal(t, stepfunctions.Failed, x.Status)
	require.Equal(t, "Refused", x.Failure.Error)
	require.Contains(t, x.Failure.Cause, "health endpoint answers")
	require.False(t, w.object)
	require.Equal(t, p.OtherRegion, w.writer)
	require.Nil(t, w.lease)

	forced := newWorld(t, p)
	forced.other, forced.replication = true, true
	require.Equal(t, stepfunctions.Succeeded, forced.run(p.takeover(), map[string]any{"force": true}).Status)
	require.False(t, forced.called("ProbeOther"))
	require.Equal(t, p.Region, forced.writer)
}

func TestWhereSignalsDisagreeAPersonDecidesWhateverThePolicy(t *testing.T) {
	for name, doubt := range map[string]func(*world){
		"a partition: Route 53 still leads to the other region": func(w *world) { w.origin = false },
		"a lost way in: the data is replicated":                 func(w *world) { w.replication = true },
		"no figures":                                            func(w *world) { w.broken["LookAtReplication"] = true },
	} {
		for _, answer := range []string{"yes", "no", ""} {
			t.Run(name+", answer "+answer, func(t *testing.T) {
				p := members(standby())
				w := newWorld(t, p)
				doubt(w)
				w.answer = answer
				x := w.run(p.takeover(), map[string]any{})
				require.True(t, w.called("AskInDoubt"))
				require.Equal(t, answer == "yes", w.called("Promote"))
				if answer != "yes" {
					require.Equal(t, "Refused", x.Failure.Error)
					require.False(t, w.object)
				}
			})
		}
	}
}

// A lost region has no clients left. One that may be alive keeps those that have a
// connection, for as long as its load balancer lets them.
func TestConnectionsAreWaitedForWhereTheOtherRegionMayBeAlive(t *testing.T) {
	for name, c := range map[string]struct {
		input  map[string]any
		before func(*world)
		waits  bool
	}{
		"lost":               {map[string]any{}, func(*world) {}, false},
		"in doubt, approved": {map[string]any{}, func(w *world) { w.replication, w.answer = true, "yes" }, true},
		"forced":             {map[string]any{"force": true}, func(w *world) { w.other, w.replication = true, true }, true},
		"forced, and lost":   {map[string]any{"force": true}, func(*world) {}, true}, // nobody has looked
	} {
		t.Run(name, func(t *testing.T) {
			p := members(with(standby(), func(p *plan) { p.ConnectionSeconds, p.LeaseSeconds = 310, 390 }))
			w := newWorld(t, p)
			c.before(w)
			x := w.run(p.takeover(), c.input)
			require.Equal(t, stepfunctions.Succeeded, x.Status, "%v", x.Failure)
			routed, _ := x.Entered("AwaitFence")
			promoted, _ := x.Entered("Promote")
			least := time.Duration(p.FenceSeconds) * time.Second
			if c.waits {
				least += 310 * time.Second
			}
			require.GreaterOrEqual(t, promoted.Sub(routed), least)
			require.LessOrEqual(t, promoted.Sub(routed), least+replicatedSeconds*time.Second)
			require.Equal(t, c.waits, w.called("RecordDrained"), "the lease is renewed between the waits")
		})
	}
}

// Applications here write to the old writer for as long as the global writer
// endpoint names it, unless they cannot reach it.
func TestTheWayToTheOldWriterIsCutWhereItMayBeAlive(t *testing.T) {
	for input, cut := range map[string]bool{`by force`: true, `lost`: false} {
		t.Run(input, func(t *testing.T) {
			w := newWorld(t, members(full()))
			w.answer = "yes"
			x := w.run(w.plan.takeover(), map[string]any{"force": cut})
			require.Equal(t, stepfunctions.Succeeded, x.Status, "%v", x.Failure)
			require.Equal(t, cut, w.cutAtPromotion)
			require.Equal(t, cut, w.called("RecordCut"))
			require.Empty(t, w.holes, "once this region is the writer the way is open")
			if cut {
				began, _ := x.Entered("CutWay 1")
				promoted, _ := x.Entered("Promote")
				require.GreaterOrEqual(t, promoted.Sub(began), replicatedSeconds*time.Second, "what was taken last is here")
			}
		})
	}
}

func TestPodsAreNeverMadeFewer(t *testing.T) {
	w := newWorld(t, members(full()))
	w.answer, w.minReplicas = "yes", 8
	require.Equal(t, stepfunctions.Succeeded, w.run(w.plan.takeover(), map[string]any{}).Status)
	require.True(t, w.called("LookAtPods web"))
	require.False(t, w.called("AddPods web"))
	require.Equal(t, 8.0, w.minReplicas)
}

func TestTheHalvesOfABlock(t *testing.T) {
	for block, want := range map[string][2]string{
		"10.0.0.0/16": {"10.0.0.0/17", "10.0.128.0/17"}, "10.1.0.0/20": {"10.1.0.0/21", "10.1.8.0/21"},
		"10.0.0.0/8": {"10.0.0.0/9", "10.128.0.0/9"}, "10.0.0.4/31": {"10.0.0.4/32", "10.0.0.5/32"}, "0.0.0.0/0": {"0.0.0.0/1", "128.0.0.0/1"},
	} {
		got, err := halves(block)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, none := range []string{"", "10.0.0.0", "10.0.0.1/16", "10.0.0.0/32", "fd00::/48"} {
		_, err := halves(none)
		require.ErrorContains(t, err, "no IPv4 block with two halves", none)
	}
}

func TestApprovalGoesByPolicy(t *testing.T) {
	for _, c := range []struct {
		policy   Approval
		answer   string
		recovers bool
		takes    bool
	}{
		{Manual, "yes", false, true},
		{Manual, "no", false, false},
		{Manual, "", false, false},
		{AutomaticAfterWait, "yes", false, true},
		{AutomaticAfterWait, "no", false, false},
		{AutomaticAfterWait, "", false, true},
		{AutomaticAfterWait, "", true, false},
	} {
		p := members(with(standby(), func(p *plan) { p.Approval, p.ApprovalSeconds = c.policy, 120 }))
		w := newWorld(t, p)
		w.answer = c.answer
		if c.recovers {
			w.engine.Clock.After(100*time.Second, func() { w.other = true })
		}
		x := w.run(p.takeover(), map[string]any{})
		require.Equal(t, c.takes, x.Status == stepfunctions.Succeeded, "%+v: %v", c, x.Failure)
		require.Equal(t, c.takes, w.called("Promote"), "%+v", c)
		if !c.takes {
			require.Equal(t, "Refused", x.Failure.Error, "%+v", c)
		}
	}
}

func TestASecondStartEndsWhileTheFirstIsAtWork(t *testing.T) {
	p := members(standby())
	w := newWorld(t, p)
	first := w.start(p.takeover(), "first", map[string]any{})
	second := w.start(p.takeover(), "second", map[string]any{})
	w.engine.Clock.RunAll()
	require.Equal(t, stepfunctions.Succeeded, first.Status, "%v", first.Failure)
	require.Equal(t, stepfunctions.Succeeded, second.Status, "%v", second.Failure)
	promotions := 0
	for _, call := range w.calls {
		if call == "Promote" {
			promotions++
		}
	}
	require.Equal(t, 1, promotions)
	require.Equal(t, p.Region, w.writer)
}

func TestTheLeaseOfAStoppedExecutionIsTakenOnceItIsOver(t *testing.T) {
	p := members(standby())
	w := newWorld(t, p)
	w.lease = map[string]string{"holder": "stopped", "state": "running", "renewed": "2026-01-02T03:00:00Z"}
	x := w.run(p.takeover(), map[string]any{})
	require.Equal(t, stepfunctions.Succeeded, x.Status, "%v", x.Failure)
	require.Greater(t, x.Ended.Sub(x.Started), time.Duration(p.LeaseSeconds)*time.Second)
}

func TestAnExecutionThatLostItsLeaseDoesNotPromote(t *testing.T) {
	p := members(standby())
	w := newWorld(t, p)
	w.engine.Clock.After(100*time.Second, func() { w.lease["holder"] = "another" })
	x := w.run(p.takeover(), map[string]any{})
	require.Equal(t, stepfunctions.Failed, x.Status)
	require.Contains(t, x.Failure.Cause, `"lease"`)
	require.False(t, w.called("Promote"))
}

func TestTheRegionThatWritesHasNothingToTakeOver(t *testing.T) {
	p := members(home())
	w := newWorld(t, p)
	w.writer = p.Region
	require.Equal(t, stepfunctions.Succeeded, w.run(p.takeover(), map[string]any{}).Status)
	require.Nil(t, w.lease)

	// After a hand-over it raises capacity and leads clients here.
	p = members(standby())
	w = newWorld(t, p)
	w.writer, w.other = p.Region, true
	x := w.run(p.takeover(), map[string]any{"mode": "switchover"})
	require.Equal(t, stepfunctions.Succeeded, x.Status, "%v", x.Failure)
	require.True(t, w.object)
	require.False(t, w.called("Promote"))

	w = newWorld(t, p)
	x = w.run(p.takeover(), map[string]any{"mode": "switchover"})
	require.Contains(t, x.Failure.Cause, "a switchover starts there")
	x = newWorld(t, p).run(p.takeover(), map[string]any{"mode": "detach"})
	require.Contains(t, x.Failure.Cause, "must be failover or switchover")
}

func TestARegionThatIsNotPromotedIsNotLedTo(t *testing.T) {
	p := members(standby())
	w := newWorld(t, p)
	w.broken["Promote"] = true
	x := w.run(p.takeover(), map[string]any{})
	require.Contains(t, x.Failure.Cause, `"Promote"`)
	require.False(t, w.object, "the object is taken back")
	require.Equal(t, "failed", w.lease["state"], "so that the next start need not wait")
	require.Contains(t, w.told[len(w.told)-1]["Subject"], "Takeover failed")
}

// Each task fails in turn, for as long as it is tried. A step that matters ends the
// machine and is told; any other is passed by.
func TestEveryFailureEitherEndsTheMachineAndIsToldOrDoesNotMatter(t *testing.T) {
	for name, c := range map[string]struct {
		machine func(*plan) machine
		p       func() *plan
		before  func(*world)
		input   map[string]any
		mild    []string
	}{
		"takeover": {(*plan).takeover, full, func(w *world) { w.answer = "yes" }, map[string]any{}, []string{
			"AddNodes baseline", "LookAtNodes baseline", "AddNodes batch", "KeepNodes batch", "LookAtNodes batch", "LookAtPods web", "AddPods web", "LookAtCanary", "ProbeOther", "ProbeAhead",
			"RecordCapacity", "RecordFenced", "RecordPromoted", "RecordRouted", "RecordVerified", "KeepLease", "NotifyDone", "RaiseReaders", "RenewLease",
			"AskApproval",                      // after the wait it goes on
			"LookAtReplication", "ProbeOrigin", // a person decides, and says yes
		}},
		"takeover by force": {(*plan).takeover, full, func(w *world) { w.other, w.replication = true, true }, map[string]any{"force": true}, []string{
			"AddNodes baseline", "LookAtNodes baseline", "AddNodes batch", "KeepNodes batch", "LookAtNodes batch", "LookAtPods web", "AddPods web",
			"RecordCapacity", "RecordFenced", "RecordDrained",
			"CutWay 1", "CutWay 2", "RecordCut", "RecordPromoted", "OpenWay 1", "OpenWay 2", "RecordRouted", "RecordVerified", "KeepLease", "NotifyDone",
			"RaiseReaders", "RenewLease",
		}},
		"failback": {(*plan).failback, standby, func(w *world) { w.writer, w.other, w.object = w.plan.Region, true, true }, map[string]any{}, []string{
			"RecordSwitched", "RecordVerified", "RecordReturned", "ReleaseLease", "NotifyDone", "RenewLease",
		}},
	} {
		clean := newWorld(t, members(c.p()))
		c.before(clean)
		require.Equal(t, stepfunctions.Succeeded, clean.run(c.machine(clean.plan), c.input).Status)
		all := map[string]bool{}
		for _, call := range clean.calls {
			all[call] = true
		}
		for _, state := range slices.Sorted(maps.Keys(all)) {
			t.Run(name+" without "+state, func(t *testing.T) {
				w := newWorld(t, members(c.p()))
				c.before(w)
				w.broken[state] = true
				x := w.run(c.machine(w.plan), c.input)
				if !strings.HasPrefix(state, "OpenWay") {
					require.Empty(t, w.holes, "the way is given back")
				}
				if slices.Contains(c.mild, state) {
					require.Equal(t, stepfunctions.Succeeded, x.Status, "%v", x.Failure)
					return
				}
				require.Equal(t, stepfunctions.Failed, x.Status)
				require.NotEqual(t, "States.Runtime", x.Failure.Error)
				require.NotEmpty(t, w.told, "people are told")
			})
		}
	}
}

func TestAFailbackHandsOverAndLeadsClientsHome(t *testing.T) {
	p := members(standby())
	w := newWorld(t, p)
	w.writer, w.other, w.object = p.Region, true, true
	x := w.run(p.failback(), map[string]any{})
	require.Equal(t, stepfunctions.Succeeded, x.Status, "%v", x.Failure)
	require.Equal(t, p.OtherRegion, w.writer)
	require.False(t, w.object)
	require.Equal(t, "released", w.lease["state"])
	require.Less(t, slices.Index(w.calls, "VerifyOther"), slices.Index(w.calls, "ReturnRouting"))

	// Started again it has nothing to switch, and does no harm.
	again := w.start(p.failback(), "again", map[string]any{})
	w.engine.Clock.RunAll()
	require.Equal(t, stepfunctions.Succeeded, again.Status)
	require.Equal(t, p.OtherRegion, w.writer)

	w = newWorld(t, p)
	w.writer, w.object = p.Region, true
	x = w.run(p.failback(), map[string]any{})
	require.Equal(t, "Refused", x.Failure.Error)
	require.True(t, w.object, "home does not answer, so clients stay")
	require.Equal(t, p.Region, w.writer)
}
