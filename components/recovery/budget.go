package recovery

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Times of what the machines rely on, in seconds.
const (
	// checkSeconds is when Route 53 gives an endpoint up: 3 checks, 10 s apart.
	checkSeconds = 30
	// fenceMarginSeconds is for what answers on its way while resolvers forget, and for
	// the request that ends a connection which is over.
	fenceMarginSeconds = 10
	// canarySeconds is between two runs of the canary, and alarmPeriods how many of
	// its last runs have to fail. A region may be lost right after a run.
	canarySeconds = 60
	alarmPeriods  = 2
	// signalSeconds is three probes of a region that does not answer.
	signalSeconds = 3*probeSeconds + 2*5
	// promotionSeconds is the promotion of a member of a global database: "in the
	// order of minutes" (Aurora user guide, "Using switchover or failover in Amazon
	// Aurora Global Database"); two of them.
	promotionSeconds = 120
	// verifySeconds is for the requests that verify.
	verifySeconds = 20
)

// Part is one part of the time that a takeover takes.
type Part struct {
	// Name says what takes the time, Seconds how long.
	Name    string
	Seconds int
}

// Budget is what a takeover from a region that is lost without a warning takes,
// part by part, and at worst but for Aurora, which has only a typical figure.
// The arguments have to be valid.
//
// Nobody holds a connection to a region that is lost. Where it may be alive, since a
// person decided in doubt or by force, the fence takes [RecoveryArgs.ClientKeepAliveSeconds]
// and 10 s more. That is no part of the budget: the promise is for a region that is lost.
func (a *RecoveryArgs) Budget() []Part {
	a = a.withDefaults()
	return a.budget(a.RecordTTLSeconds, a.ApprovalWaitSeconds)
}

func (a *RecoveryArgs) budget(ttl, approval int) []Part {
	return []Part{
		{"detection", canarySeconds * (alarmPeriods + 1)},
		{"signals", signalSeconds},
		{"approval", approval},
		{"fence", fenceSeconds(ttl)},
		{"promotion", promotionSeconds},
		{"verification", verifySeconds},
	}
}

// fenceSeconds is how long after routing was flipped nobody is led to the old
// writer any more: checks have to fail, and resolvers to forget.
func fenceSeconds(ttl int) int { return checkSeconds + ttl + fenceMarginSeconds }

// connectionSeconds is how long after that the last client has left the other
// region's load balancer, where that is alive: it closes a connection that is over
// with the answer to one more request (Elastic Load Balancing, "HTTP client keepalive
// duration"), which CloudFront sends within 5 s or never.
func connectionSeconds(keepAlive int) int { return keepAlive + fenceMarginSeconds }

// leaseSeconds is how long a lease holds that nobody renews: longer than the
// longest step between two renewals, which is one of the two waits of the fence with
// the calls about it.
func leaseSeconds(ttl, keepAlive int) int {
	return max(fenceSeconds(ttl), connectionSeconds(keepAlive)) + 80
}

func total(parts []Part) (seconds int) {
	for _, p := range parts {
		seconds += p.Seconds
	}
	return seconds
}

// sum writes a budget out.
func sum(parts []Part) string {
	var terms []string
	for _, p := range parts {
		if p.Seconds > 0 {
			terms = append(terms, fmt.Sprintf("%s %d", p.Name, p.Seconds))
		}
	}
	return fmt.Sprintf("%d s (%s)", total(parts), strings.Join(terms, ", "))
}

// validateTimes refuses what cannot keep the promise.
func (a *RecoveryArgs) validateTimes(root *field.Path) (errs field.ErrorList) {
	approval, wait := root.Child("approval"), root.Child("approvalWaitSeconds")
	switch a.Approval {
	case Automatic:
		if a.ApprovalWaitSeconds != 0 {
			errs = append(errs, field.Forbidden(wait, "nobody is asked; leave it out, or set approval to manual or automaticAfterWait"))
		}
	case Manual, AutomaticAfterWait:
		if a.ApprovalWaitSeconds < 1 {
			errs = append(errs, field.Invalid(wait, a.ApprovalWaitSeconds, "must be 1 or more seconds"))
		}
	default:
		errs = append(errs, field.NotSupported(approval, a.Approval, []Approval{Automatic, Manual, AutomaticAfterWait}))
	}
	if a.RecordTTLSeconds < 1 {
		errs = append(errs, field.Invalid(root.Child("recordTtlSeconds"), a.RecordTTLSeconds, "must be 1 or more seconds"))
	}
	if s := a.ClientKeepAliveSeconds; s < 60 || s > 604800 { // what Elastic Load Balancing takes
		errs = append(errs, field.Invalid(root.Child("clientKeepAliveSeconds"), s, "must be 60 to 604800: what the other region's load balancer has"))
	}
	if a.PromotionWaitSeconds < 60 {
		errs = append(errs, field.Invalid(root.Child("promotionWaitSeconds"), a.PromotionWaitSeconds, "must be 60 or more seconds; Aurora takes minutes"))
	}
	if a.ReplicationLagSeconds < 1 {
		errs = append(errs, field.Invalid(root.Child("replicationLagSeconds"), a.ReplicationLagSeconds, "must be 1 or more seconds"))
	}
	if len(errs) > 0 {
		return errs
	}
	least, asked := a.budget(0, 0), a.budget(a.RecordTTLSeconds, 0)
	all := a.budget(a.RecordTTLSeconds, a.ApprovalWaitSeconds)
	switch {
	case total(least) > a.RTOSeconds:
		errs = append(errs, field.Invalid(root.Child("rtoSeconds"), a.RTOSeconds, "a takeover takes at least "+sum(least)))
	case total(asked) > a.RTOSeconds && a.RecordTTLSeconds <= aliasTTLSeconds:
		errs = append(errs, field.Invalid(root.Child("rtoSeconds"), a.RTOSeconds, fmt.Sprintf(
			"a takeover takes %s, the %d s among it that resolvers keep an alias record; promise %d or more", sum(asked), a.RecordTTLSeconds, total(asked))))
	case total(asked) > a.RTOSeconds:
		errs = append(errs, field.Invalid(root.Child("recordTtlSeconds"), a.RecordTTLSeconds, fmt.Sprintf(
			"a takeover takes %s, more than rtoSeconds, %d; a TTL of at most %d keeps the promise", sum(asked), a.RTOSeconds, a.RTOSeconds-total(least))))
	case total(all) > a.RTOSeconds:
		errs = append(errs, field.Invalid(wait, a.ApprovalWaitSeconds, fmt.Sprintf(
			"a takeover takes %s, more than rtoSeconds, %d; a wait of at most %d keeps the promise", sum(all), a.RTOSeconds, a.RTOSeconds-total(asked))))
	}
	return errs
}
