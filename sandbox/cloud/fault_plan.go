package cloud

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Plan says which faults there are while a Cloud is open. The zero value has
// none.
type Plan struct {
	// Fail, CrashBefore and CrashAfter are the numbers, from 1, of operations
	// that fail, and before or after whose commit the provider crashes. What is
	// counted are creates, updates and deletes as they arrive at the clouds. 0
	// is none.
	Fail, CrashBefore, CrashAfter int
	// Type limits what is counted to a resource type, such as
	// aws:ec2/vpc:Vpc. Without a number, every operation on it fails. Empty
	// means all types.
	Type string
	// Throttle has AWS admit only PerSecond calls a second to each service in
	// each region; see [Throttle]. PerSecond is at least 0.
	Throttle  bool
	PerSecond float64
	// Latency is how much longer every call takes, at least 0.
	Latency time.Duration
	// LoseRegions are AWS regions that do not answer; see [LoseRegion].
	LoseRegions []string
}

// Faults are the faults of the plan. The error lists everything that is wrong
// with it, by the names of the sandbox command's flags.
func (p Plan) Faults() ([]Fault, error) {
	var wrong []error
	bad := func(flag string, value any, allowed string) {
		wrong = append(wrong, fmt.Errorf("--%s %v: %s", flag, value, allowed))
	}
	for flag, n := range p.numbers() {
		if n < 0 {
			bad(flag, n, "must be the number of an operation, 1 or more")
		}
	}
	slices.SortFunc(wrong, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	if known := append(ModelledTypes(), sortedNames(kinds)...); p.Type != "" && (!slices.Contains(known, p.Type) || strings.HasPrefix(p.Type, "random:")) {
		allowed := "must be the type token of a resource that a cloud makes, such as " + typeVPC
		if near := ending(known, p.Type); len(near) > 0 {
			allowed = "must be a whole type token: " + strings.Join(near, " or ")
		}
		bad("fail-type", p.Type, allowed)
	}
	if !(p.PerSecond >= 0) { // NaN too
		bad("throttle", p.PerSecond, "must be a number of calls a second, 0 or more")
	}
	if p.Latency < 0 {
		bad("latency", p.Latency, "must be a duration of 0 or more, such as 200ms")
	}
	for _, region := range p.LoseRegions {
		if !regionForm.MatchString(region) {
			bad("lose-region", region, "must be an AWS region, such as us-east-1")
		}
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}

	// The outermost comes first: what is far away takes long to be found lost.
	var faults []Fault
	if p.Latency > 0 {
		faults = append(faults, Latency(p.Latency))
	}
	for _, region := range p.LoseRegions {
		faults = append(faults, LoseRegion(region))
	}
	if p.Throttle {
		faults = append(faults, Throttle(p.PerSecond))
	}
	of := Changing(p.Type)
	if p.Fail > 0 {
		faults = append(faults, Fail(Nth(p.Fail, of)))
	}
	if p.CrashBefore > 0 {
		faults = append(faults, CrashBefore(Nth(p.CrashBefore, of)))
	}
	if p.CrashAfter > 0 {
		faults = append(faults, CrashAfter(Nth(p.CrashAfter, of)))
	}
	if p.Type != "" && p.Fail+p.CrashBefore+p.CrashAfter == 0 {
		faults = append(faults, Fail(of))
	}
	return faults, nil
}

func (p Plan) numbers() map[string]int {
	return map[string]int{"fail": p.Fail, "crash-before": p.CrashBefore, "crash-after": p.CrashAfter}
}

// ending are the type tokens whose last part is word, in any case.
func ending(tokens []string, word string) []string {
	return slices.DeleteFunc(tokens, func(token string) bool {
		return !strings.EqualFold(token[strings.LastIndex(token, ":")+1:], word)
	})
}
