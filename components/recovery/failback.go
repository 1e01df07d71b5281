package recovery

import "fmt"

// failback is the state machine that hands the writer's role over to the other
// region as planned, without a loss. It starts in the region that takes the
// writes, because that is where Aurora takes the call.
//
//	Begin, FindWriter, WhoWrites?               who writes now
//	ProbeOther                                  the other region is healthy
//	TakeLease ... LookAgain                     only one execution at a time
//	SwitchOver, AwaitWriter ...                 the other region is the writer
//	VerifyOther, ReturnRouting                  it answers, and clients are led to it
//	ReleaseLease, NotifyDone                    it is told
//
// Where the other region takes the writes already it goes on behind the
// switchover, so an execution that failed there is started again.
func (p *plan) failback() machine {
	s := map[string]state{
		"Begin":      begin("FindWriter"),
		"FindWriter": p.findWriter("ProbeOther", failed("FindWriter", "NotifyFailure")),
		"ProbeOther": p.probe(p.OtherURL, "Ready?", 3, 5, on("Forced?", anyError)),
		"Forced?":    choice("RefuseUnhealthy", isTrue(forceInRequest).to("Ready?")),
		"Ready?": choice("RefuseDatabase",
			not(p.isWriter()).to("TakeLease"),
			all(either(p.isOther(firstOther), p.isOther(secondOther)), available()).to("TakeLease")),
		"RefuseUnhealthy": refuse("the other region's health endpoint does not answer; force hands over all the same"),
		"RefuseDatabase":  refuse("the global database is not available, or has no member in " + p.OtherRegion + " to hand over to"),

		"WhoWrites?":   choice("VerifyOther", p.isWriter().to("WhichMember?")),
		"WhichMember?": choice("SecondMember", p.isOther(firstOther).to("FirstMember")).because("Of a platform with a reserve, two members do not write"),
		"FirstMember":  handOverTo(firstOther),
		"SecondMember": handOverTo(secondOther),
		"SwitchOver": call(switchoverGlobal, object{
			"GlobalClusterIdentifier": p.GlobalClusterID, "TargetDbClusterIdentifier.$": "$.target.arn",
		}, "AwaitWriter",
			on("AwaitWriter", invalidGlobal, invalidCluster), // one is under way, or is done
			failed("SwitchOver", "FailLease")).because("Called in the region that is the writer; nothing is lost"),
		"RecordSwitched": p.record("switched", "VerifyOther"),
		"VerifyOther":    p.probe(p.OtherURL, "RecordVerified", 12, 10, failed("VerifyOther", "FailLease")),
		"RecordVerified": p.record("verified", p.afterVerification()),
		"ReleaseLease":   p.endLease("released", "NotifyDone"),
		"NotifyDone": p.notify("Handed over from "+p.Region+" to "+p.OtherRegion,
			object{"writer.$": "$.global.writers", "next": p.nextStep()}, "Done"),
		"Done":      {Type: "Succeed"},
		"FailLease": p.endLease("failed", "NotifyFailure"),
	}
	p.lease(s, "WhoWrites?")
	p.await(s, "AwaitWriter", all(present(firstWriter), not(p.isWriter()), settled()), "RecordSwitched", "FailLease")
	if p.Routing != nil {
		s["ReturnRouting"] = p.removeObject("RecordReturned", failed("ReturnRouting", "FailLease")).because(
			"Without the takeover object home's record leads again")
		s["RecordReturned"] = p.record("returned", "ReleaseLease")
	}
	p.endings(s, "Failback")
	return machine{
		Comment: fmt.Sprintf("Hands the writer's role over from %s to %s", p.Region, p.OtherRegion), StartAt: "Begin", States: s,
		TimeoutSeconds: 2*p.LeaseSeconds + p.PromotionSeconds + 3600,
	}
}

// isOther holds where the member at a path is the one of the other region.
func (p *plan) isOther(path string) rule {
	return all(present(path), rule{Variable: path, StringMatches: "arn:aws:rds:" + p.OtherRegion + ":*"})
}

// handOverTo makes the member at a path the target of the switchover.
func handOverTo(path string) state {
	return state{Type: "Pass", Parameters: object{"arn.$": path}, ResultPath: "$.target", Next: "SwitchOver"}
}

func (p *plan) afterVerification() string {
	if p.Routing == nil {
		return "ReleaseLease"
	}
	return "ReturnRouting"
}

// nextStep is what is left to do after a hand-over.
func (p *plan) nextStep() string {
	if p.Routing != nil {
		return "nothing: clients are led to " + p.OtherRegion
	}
	return `start the takeover machine of ` + p.OtherRegion + ` with {"mode":"switchover"}: it leads clients there and raises capacity`
}
