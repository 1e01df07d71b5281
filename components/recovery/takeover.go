package recovery

import "fmt"

// takeover is the state machine that makes its own region the writer.
//
//	Begin, KnownMode?, FindWriter, WhoWrites?   what is asked for, and who writes now
//	Observe, Judge                              is the other region lost?
//	AskApproval, AskInDoubt, ProbeAgain         go on, or hold
//	TakeLease ... LookAgain, StillWanted?       only one execution at a time
//	RaiseCapacity, FlipRouting, AwaitFence      nobody is led to the old writer
//	Connections?, AwaitConnections              nobody has a connection to it
//	CutWay, AwaitReplicated                     nobody here writes to it
//	Promote, AwaitWriter ...                    this region is the writer
//	RaiseReaders, Verify, VerifyOrigin          it answers
//	KeepLease, NotifyDone                       it is told
//
// Routing is flipped before the promotion, not after: what the old writer took
// after the promotion would be lost, so clients are led away from it first.
func (p *plan) takeover() machine {
	s := map[string]state{
		"Begin": begin("KnownMode?"),
		"KnownMode?": choice("RefuseMode",
			not(present(failoverInRequest)).to("FindWriter"),
			either(equals(failoverInRequest, failoverMode), equals(failoverInRequest, switchoverMode)).to("FindWriter")),
		"RefuseMode": refuse("the mode must be failover or switchover"),
		"FindWriter": p.findWriter("WhoWrites?", failed("FindWriter", "NotifyFailure")),
		"WhoWrites?": choice("Observe",
			all(p.isWriter(), either(isTrue(forceInRequest), equals(failoverInRequest, switchoverMode))).to("TakeLease"),
			p.isWriter().to("AlreadyWriter"),
			equals(failoverInRequest, switchoverMode).to("RefuseSwitchover"),
			isTrue(forceInRequest).to("TakeLease")),
		"AlreadyWriter": {Type: "Succeed", Comment: "This region takes the writes; a takeover that failed past its promotion goes on when it is started with force"},
		"RefuseSwitchover": refuse("the other region takes the writes: a switchover starts there, with its failback machine; " +
			"then start this one again"),

		"Observe": p.observe("Judge"),
		"AskInDoubt": p.ask("The signals disagree: the other region may be alive. Without an answer nothing is done.",
			doubtSeconds, on("RefuseUnanswered", timedOut)),
		"Approved?":        choice("RefusePerson", isTrue("$.answer.approved").to("TakeLease")),
		"RefusePerson":     refuse("a person refused"),
		"RefuseUnanswered": refuse("nobody approved in time"),

		"AwaitFence": wait(p.FenceSeconds, "RecordFenced").because(
			"Until no resolver leads to the old writer any more, and its lease is over"),
		"RecordFenced": p.record("fenced", "Connections?"),
		"Connections?": choice("AwaitConnections", all(lost(), not(isTrue(forceInRequest))).to("Promote")).because(
			"Nobody has a connection to a region that is lost; by force, or where a person decided in doubt, it may be alive"),
		"AwaitConnections": wait(p.ConnectionSeconds, "RecordDrained").because(
			"Until the other region's load balancer has closed every connection of a client"),
		"RecordDrained": p.record("drained", p.afterConnections()),
		"Promote": call(failoverGlobal, object{
			"GlobalClusterIdentifier": p.GlobalClusterID, "TargetDbClusterIdentifier": p.ClusterARN, "AllowDataLoss": true,
		}, "AwaitWriter",
			on("AwaitWriter", invalidGlobal, invalidCluster), // one is under way, or is done
			failed("Promote", p.undo())).because("Called in the region that is to be the writer"),
		"RecordPromoted": p.record("promoted", p.opened()),

		"Verify": p.probe(p.OwnURL, "VerifyOrigin", 12, 10, failed("Verify", "FailLease")),
		"VerifyOrigin": p.probe(p.OriginURL, "RecordVerified", 12, 10, failed("VerifyOrigin", "FailLease")).because(
			"The name that both regions answer for leads here, once resolvers have forgotten the other one"),
		"RecordVerified": p.record("verified", "KeepLease"),
		"KeepLease":      p.endLease("active", "NotifyDone"),
		"NotifyDone":     p.notify("Takeover done in "+p.Region, object{"writer.$": "$.global.writers"}, "Done"),
		"Done":           {Type: "Succeed"},
		"FailLease":      p.endLease("failed", "NotifyFailure"),
	}
	p.judge(s)
	p.lease(s, "StillWanted?")
	s["StillWanted?"] = choice("RaiseCapacity",
		all(p.isWriter(), not(isTrue(forceInRequest)), not(equals(failoverInRequest, switchoverMode))).to("ReturnLease")).because(
		"While this execution waited, another one may have done the work")
	s["ReturnLease"] = p.endLease("active", "AlreadyWriter")
	s["RaiseCapacity"] = p.raiseCapacity("RecordCapacity")
	s["RecordCapacity"] = p.record("capacity", p.afterCapacity())
	p.route(s)
	p.await(s, "AwaitWriter", all(p.isWriter(), settled()), "RecordPromoted", "FailLease")
	if p.Readers != nil {
		s["RaiseReaders"] = p.raiseReaders("Verify")
	}
	p.approval(s)
	p.endings(s, "Takeover")
	if p.Way != nil {
		p.cut(s, "Promote", p.afterPromotion())
	}
	return machine{
		Comment: fmt.Sprintf("Makes %s the writer", p.Region), StartAt: "Begin", States: s,
		TimeoutSeconds: doubtSeconds + p.ApprovalSeconds + 2*p.LeaseSeconds + p.FenceSeconds + p.ConnectionSeconds + p.PromotionSeconds + 3600,
	}
}

// observe takes the signals, all from this region.
func (p *plan) observe(next string) state {
	probed := func(name, url string, attempts, interval int) machine {
		return machine{StartAt: "Probe" + name, States: map[string]state{
			"Probe" + name:    p.probe(url, name+"Answered", attempts, interval, on(name+"Silent", anyError)),
			name + "Answered": {Type: "Pass", Result: object{"answered": true}, End: true},
			name + "Silent":   {Type: "Pass", Result: object{"answered": false}, End: true},
		}}
	}
	alarm := func(name, alarm string) machine {
		look := call(describeAlarms, object{"AlarmNames": []string{alarm}}, "", on(name+"Unknown", anyError)).
			keep("$", object{"states.$": "$.MetricAlarms[*].StateValue"})
		look.End = true
		return machine{StartAt: "LookAt" + name, States: map[string]state{
			"LookAt" + name:  look,
			name + "Unknown": {Type: "Pass", Result: object{"states": []string{}}, End: true},
		}}
	}
	branches := []machine{
		probed("Other", p.OtherURL, 3, 5),
		probed("Origin", p.OriginURL, 6, 15), // 90 s: checks and resolvers take as long
		alarm("Replication", p.ReplicationAlarm),
		alarm("Canary", p.CanaryAlarm),
	}
	signals := object{
		"other.$": "$[0].answered", "origin.$": "$[1].answered", "replication.$": "$[2].states", "canary.$": "$[3].states",
	}
	if p.AheadURL != "" {
		signals["ahead.$"] = fmt.Sprintf("$[%d].answered", len(branches))
		branches = append(branches, probed("Ahead", p.AheadURL, 3, 5))
	}
	return state{
		Type: "Parallel",
		Comment: "The other region by its own name; the name that both answer for, which leads here once Route 53's checkers, " +
			"all over the world, have given the other one up; replication; and this region's canary",
		Branches:       branches,
		ResultSelector: signals,
		ResultPath:     "$.signals",
		Catch:          []catcher{failed("Observe", "NotifyFailure")},
		Next:           next,
	}
}

// judge leads to what the signals say.
func (p *plan) judge(s map[string]state) {
	rules := []rule{isTrue("$.signals.other").to("RefuseHealthy")}
	s["RefuseHealthy"] = refuse("the other region's health endpoint answers; force takes over all the same, and loses what is not replicated")
	if p.AheadURL != "" {
		rules = append(rules, isTrue("$.signals.ahead").to("RefuseAhead"))
		s["RefuseAhead"] = refuse("the region that takes over before this one answers; force takes over all the same")
	}
	s["Judge"] = choice("AskInDoubt", append(rules, lost().to(p.whenLost()))...)
}

// lost holds where independent signals agree: the other region does not answer,
// Route 53's checkers see the same, so that this is no partition between the
// regions, and nothing is replicated any more, so that more than the other
// region's way in is gone.
func lost() rule {
	return all(not(isTrue("$.signals.other")), isTrue("$.signals.origin"), equals("$.signals.replication[0]", "ALARM"))
}

// whenLost is where a lost region leads to by policy.
func (p *plan) whenLost() string {
	if p.Approval == Automatic {
		return "TakeLease"
	}
	return "AskApproval"
}

// approval adds the states that ask a person by policy.
func (p *plan) approval(s map[string]state) {
	switch p.Approval {
	case Manual:
		s["AskApproval"] = p.ask("The other region is lost. Without an answer nothing is done.", p.ApprovalSeconds, on("RefuseUnanswered", timedOut))
	case AutomaticAfterWait:
		asking := p.ask(fmt.Sprintf("The other region is lost. Without an answer this region takes over after %d s.", p.ApprovalSeconds),
			p.ApprovalSeconds, on("ProbeAgain", timedOut), on("RefusePerson", "Refused"))
		asking.Catch[len(asking.Catch)-1] = on("AwaitUnasked", anyError)
		s["AskApproval"] = asking
		s["AwaitUnasked"] = wait(p.ApprovalSeconds, "ProbeAgain").because("Nobody can be asked")
		s["ProbeAgain"] = p.probe(p.OtherURL, "RefuseRecovered", 3, 5, on("TakeLease", anyError)).because("A failure means that it is still lost")
		s["RefuseRecovered"] = refuse("the other region answers again")
	}
}

// ask waits for a person's answer: {"approved": true} or {"approved": false}.
func (p *plan) ask(question string, seconds int, catch ...catcher) state {
	answer := "aws stepfunctions send-task-success --region " + p.Region + ` --task-output '{"approved":%t}' --task-token TOKEN`
	return state{
		Type: "Task", Resource: "arn:aws:states:::" + ask, TimeoutSeconds: seconds,
		Parameters: object{"TopicArn": p.TopicARN, "Subject": "Takeover in " + p.Region + ": approve?", "Message": object{
			"question": question, "signals.$": "$.signals", "approve": fmt.Sprintf(answer, true), "refuse": fmt.Sprintf(answer, false),
			"token.$": "$$.Task.Token", "region": p.Region, "execution.$": execution, "request.$": "$.request",
		}},
		ResultPath: "$.answer",
		Retry: []retrier{
			{ErrorEquals: []string{timedOut, "Refused"}, MaxAttempts: 0},
			{ErrorEquals: []string{taskFailed}, IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 2},
		},
		Catch: append(catch, failed("Ask", "NotifyFailure")),
		Next:  "Approved?",
	}
}

// raiseCapacity raises what the load needs, as far as it can: a failure here is
// no reason to leave the platform down.
func (p *plan) raiseCapacity(next string) state {
	var branches []machine
	for _, g := range p.NodeGroups {
		branches = append(branches, p.raiseNodes(g))
	}
	for _, w := range p.Workloads {
		branches = append(branches, p.raisePods(w))
	}
	if len(branches) == 0 {
		return state{Type: "Pass", Comment: "Nothing to raise", Next: next}
	}
	return state{Type: "Parallel", Branches: branches, ResultPath: discard, Catch: []catcher{on(next, anyError)}, Next: next}
}

func end(s state) state {
	s.Next, s.End = "", true
	return s
}

func (p *plan) raiseNodes(g nodeGroup) machine {
	look, enough, add, hold, left := "LookAtNodes "+g.Name, "EnoughNodes? "+g.Name, "AddNodes "+g.Name, "KeepNodes "+g.Name, "NodesLeft "+g.Name
	of := func(scaling object) object {
		parameters := object{"ClusterName": p.ClusterName, "NodegroupName": g.Name}
		if scaling != nil {
			parameters["ScalingConfig"] = scaling
		}
		return parameters
	}
	return machine{StartAt: look, States: map[string]state{
		look: call(describeNodes, of(nil), enough, on(left, anyError)).keep("$.nodes", object{"desired.$": "$.Nodegroup.ScalingConfig.DesiredSize"}),
		enough: choice(hold, rule{
			Variable: "$.nodes.desired", NumericLessThan: ptr(g.MinSize), Next: add,
		}),
		add:  end(call(updateNodes, of(object{"MinSize": g.MinSize, "DesiredSize": g.MinSize}), "", on(left, anyError))),
		hold: end(call(updateNodes, of(object{"MinSize": g.MinSize}), "", on(left, anyError))),
		left: {Type: "Pass", Comment: "As many as there were", End: true},
	}}
}

// raiseReaders lets Aurora's reader autoscaling work, which AWS forbids in a
// secondary.
func (p *plan) raiseReaders(next string) state {
	return call(registerReaders, object{
		"ServiceNamespace": "rds", "ResourceId": "cluster:" + p.Readers.ClusterID, "ScalableDimension": "rds:cluster:ReadReplicaCount",
		"MinCapacity": p.Readers.Min, "MaxCapacity": p.Readers.Max,
		"SuspendedState": object{"DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": false, "ScheduledScalingSuspended": false},
	}, next, on(next, anyError))
}

// route adds what leads clients here, and back where the promotion does not begin.
func (p *plan) route(s map[string]state) {
	s["Fence?"] = choice("AwaitFence", p.isWriter().to("RecordPromoted"))
	if p.Routing == nil {
		return
	}
	s["FlipRouting"] = call(putObject, object{
		"Bucket": p.Routing.Bucket, "Key": p.Routing.Key, "ContentType": "application/json", "CacheControl": "no-store",
		"Body": object{"region": p.Region, "execution.$": execution, "time.$": now},
	}, "RecordRouted", failed("FlipRouting", "Undo?")).because(
		"The takeover object: home's record counts as unhealthy while it is there")
	s["RecordRouted"] = p.record("routed", "Fence?")
	s["Undo?"] = choice("UndoRouting", p.isWriter().to("FailLease"))
	s["UndoRouting"] = p.removeObject("FailLease", on("FailLease", anyError))
}

func (p *plan) removeObject(next string, catch ...catcher) state {
	return call(deleteObject, object{"Bucket": p.Routing.Bucket, "Key": p.Routing.Key}, next, catch...)
}

func (p *plan) afterCapacity() string {
	if p.Routing == nil {
		return "Fence?"
	}
	return "FlipRouting"
}

// undo is where a promotion leads that did not begin.
func (p *plan) undo() string {
	if p.Routing == nil {
		return "FailLease"
	}
	return "UndoRouting"
}

// afterConnections is where it leads that no client has a connection to the old
// writer's region any more.
func (p *plan) afterConnections() string {
	if p.Way == nil {
		return "Promote"
	}
	return "MarkCut"
}

// opened is where a promotion leads that is done: what was cut is given back.
func (p *plan) opened() string {
	if p.Way == nil {
		return p.afterPromotion()
	}
	return "OpenWay?"
}

func (p *plan) afterPromotion() string {
	if p.Readers == nil {
		return "Verify"
	}
	return "RaiseReaders"
}
