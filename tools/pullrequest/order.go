package main

import (
	"fmt"
	"slices"

	"github.com/tandem-platform/tandem/tools/pullrequest/preview"
)

// order is the order in which to bring up the stacks, given home first.
//
// A standby reads home's outputs. Where they change, home goes first, so that
// the standby sees the new ones. Where home lets go of something, the standbys
// go first, so that nothing refers to it any more when it goes. Where neither is
// the case the standbys go first too: they take no traffic, so what is wrong
// with the change shows where it does no harm. Where both are, no order is safe
// by itself, and the error says what to do.
func order(previews []*preview.Preview) (stacks []string, reason string, err error) {
	home := previews[0]
	for _, p := range previews {
		stacks = append(stacks, p.Stack)
		if p.Failed || !p.Complete {
			return nil, "", fmt.Errorf("the preview of %s failed, so there is no order: mend that first", p.Stack)
		}
	}
	lets := slices.ContainsFunc(home.Changes, func(c preview.Change) bool {
		return c.Op == preview.Delete || c.Op == preview.Replace
	})
	switch {
	case lets && len(home.Outputs) > 0:
		return nil, "", fmt.Errorf("%s changes its outputs (%s) and deletes or replaces resources: "+
			"split the change, first what is added, then, when the standbys are up, what is taken away, or name the order yourself",
			home.Stack, list(home.Outputs))
	case len(home.Outputs) > 0:
		return stacks, fmt.Sprintf("%s changes outputs that the others read: %s", home.Stack, list(home.Outputs)), nil
	}
	stacks = append(stacks[1:], home.Stack)
	if lets {
		return stacks, home.Stack + " deletes or replaces resources that the others may still refer to", nil
	}
	return stacks, "nothing that the stacks share changes, and a standby takes no traffic", nil
}
