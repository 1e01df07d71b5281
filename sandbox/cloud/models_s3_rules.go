package cloud

import "slices"

// colder are S3's storage classes in the order in which a lifecycle may move an
// object (S3 user guide, "Supported lifecycle transitions").
var colder = []string{"STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"}

// infrequent is how many days an object has to be older than at its last move before it
// becomes one of infrequent access, and how many it stays one (same source,
// "Constraints and considerations for transitions").
const infrequent = 30

// checkLifecycle checks the rules of a bucket's lifecycle, each by itself: current
// and noncurrent versions move to ever colder classes, and expire after that.
func checkLifecycle(o *op) error {
	ids := map[string]bool{}
	for _, l := range all(o.in, "rules") {
		rule, _ := l.value.(map[string]any)
		id := text(rule, "id")
		if ids[id] {
			return o.refuse("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule: %s", id)
		}
		ids[id] = true
		for _, kind := range []struct{ transitions, expiration, transition, expire, days string }{
			{"transitions", "expiration.days", "Transition", "Expiration", "days"},
			{"noncurrentVersionTransitions", "noncurrentVersionExpiration.noncurrentDays", "NoncurrentVersionTransition", "NoncurrentVersionExpiration", "noncurrentDays"},
		} {
			last, err := o.transitions(rule, kind.transitions, kind.days, kind.transition)
			if err != nil {
				return err
			}
			expiry, expires := number(rule, kind.expiration)
			if expires && last >= 0 && expiry <= last {
				return o.refuse("InvalidArgument", "'Days' in the %s action for rule '%s' must be greater than 'Days' in the %s action: %.0f and %.0f",
					kind.expire, id, kind.transition, expiry, last)
			}
		}
	}
	return nil
}

// transitions checks one kind of transitions of a rule, and returns the day of the
// last, -1 if there is none. Those of a date are not compared.
func (o *op) transitions(rule map[string]any, path, days, action string) (last float64, err error) {
	type move struct {
		day  float64
		rank int
	}
	var moves []move
	for _, l := range all(rule, path) {
		m, _ := l.value.(map[string]any)
		day, given := number(m, days)
		if rank := slices.Index(colder, text(m, "storageClass")); given && rank >= 0 {
			moves = append(moves, move{day, rank})
		}
	}
	slices.SortFunc(moves, func(a, b move) int { return a.rank - b.rank })
	last = -1
	for i, m := range moves {
		class, before := colder[m.rank], moves[max(i-1, 0)]
		isInfrequent := func(rank int) bool { return colder[rank] == "STANDARD_IA" || colder[rank] == "ONEZONE_IA" }
		switch {
		case i > 0 && m.rank == before.rank:
			return 0, o.refuse("InvalidArgument", "'StorageClass' must be different for '%s' actions in same 'Rule': %s", action, class)
		case i > 0 && isInfrequent(before.rank) && m.day < before.day+infrequent:
			return 0, o.refuse("InvalidArgument", "'Days' in the '%s' action for StorageClass '%s' must be %d days more than 'Days' in the '%[1]s' action for StorageClass '%[4]s': %.0f and %.0f",
				action, class, infrequent, colder[before.rank], m.day, before.day)
		case i > 0 && m.day <= before.day:
			return 0, o.refuse("InvalidArgument", "'Days' in the '%s' action for StorageClass '%s' must be greater than 'Days' in the '%[1]s' action for StorageClass '%[3]s': %.0f and %.0f",
				action, class, colder[before.rank], m.day, before.day)
		case isInfrequent(m.rank) && m.day < infrequent:
			return 0, o.refuse("InvalidArgument", "'Days' in %s action must be greater than or equal to %d for storageClass '%s': %.0f", action, infrequent, class, m.day)
		}
		last = m.day
	}
	return last, nil
}
