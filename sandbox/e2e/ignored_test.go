package e2e

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// situation is what role operations or an upgrade leave behind, in which no stack
// has anything to do.
type situation struct {
	name string
	tiers
}

// situation keeps what is, under a name, to come back to.
func (w *tiers) situation(t testing.TB, name string) situation {
	t.Helper()
	kept := situation{name, tiers{platform: w.copied(t), args: map[string]map[string]any{}}}
	for stack, args := range w.args {
		kept.args[stack] = maps.Clone(args)
	}
	return kept
}

// changes are what a preview that looks at the clouds would change in a stack,
// where changes of one property are not ignored, or of none if heed is empty.
// A preview that ends because a protected resource would be replaced is a change
// too. Left out are components, which are no resources of any cloud, and what may
// move with a role.
func (s situation) changes(t testing.TB, stack, heed string) []string {
	t.Helper()
	s.set(t, stack, map[string]any{"heed": heed})
	defer s.set(t, stack, map[string]any{"heed": nil})
	looking := s.looking()
	steps, err := looking.trySteps(t, stack)
	if err != nil {
		require.ErrorContains(t, err, "as it is currently marked for protection")
		return []string{"replace what is protected"}
	}
	return slices.DeleteFunc(steps, func(step string) bool { return strings.Contains(step, " tandem:index:") || mayMove.MatchString(step) })
}

// TestEveryIgnoredPropertyIsNeeded goes through the situations in which AWS has moved
// what the data tier ignores. In each, no stack has anything to do; and for each
// property that is ignored there is one in which a stack would do harm if it were not.
func TestEveryIgnoredPropertyIsNeeded(t *testing.T) {
	t.Parallel()
	w := newTiers(t)
	w.set(t, homeTier, map[string]any{"standbys": []string{tierRegions[standbyTier], tierRegions[thirdTier]}})
	w.set(t, thirdTier, map[string]any{"cidr": "10.2.0.0/16", "oneWay": true})
	w.up(t, w.stacks()...)
	situations := []situation{w.situation(t, "all regions are up")}

	w.rds(t, standbyTier, switchover)
	w.setAll(t, map[string]any{"active": tierRegions[standbyTier]})
	situations = append(situations, w.situation(t, "planned switchover"))

	w.rds(t, homeTier, switchover)
	w.setAll(t, map[string]any{"active": tierRegions[homeTier]})
	situations = append(situations, w.situation(t, "failback"))

	w.losing(tierRegions[homeTier]).rds(t, standbyTier, failover)
	w.setAll(t, map[string]any{"active": tierRegions[standbyTier]})
	situations = append(situations, w.situation(t, "unplanned failover, and the lost region back"))

	w.rds(t, homeTier, switchover)
	w.setAll(t, map[string]any{"active": tierRegions[homeTier]})
	alone := w.copied(t)
	alone.rds(t, standbyTier, detach)
	detached := w.situation(t, "standby detached")
	detached.platform = alone
	situations = append(situations, detached)

	w.upgrade(t, standbyTier, "16.9")
	w.upgrade(t, thirdTier, "16.9")
	situations = append(situations, w.situation(t, "standbys upgraded"))
	w.upgrade(t, homeTier, "16.9")
	w.setAll(t, map[string]any{"engineVersion": "16.9"})
	situations = append(situations, w.situation(t, "all members upgraded"))

	ignored := map[string]bool{}
	for _, stack := range w.stacks() {
		_, text := w.export(t, stack)
		for _, property := range ignoredBy(t, text) {
			ignored[property] = true
		}
	}
	require.NotEmpty(t, ignored)

	for _, s := range situations {
		t.Run(s.name, func(t *testing.T) {
			for _, stack := range s.stacks() {
				require.Empty(t, s.changes(t, stack, ""), stack)
			}
		})
	}
	for _, property := range slices.Sorted(maps.Keys(ignored)) {
		t.Run("without ignoring "+property, func(t *testing.T) {
			for _, s := range situations {
				for _, stack := range s.stacks() {
					if steps := s.changes(t, stack, property); len(steps) > 0 {
						t.Logf("%s, %s: %s", s.name, stack, strings.Join(steps, ", "))
						return
					}
				}
			}
			t.Error("nothing changes in any situation: do not ignore it")
		})
	}
}

// ignoredBy are the properties that the resources of data tiers ignore, as a state
// has them, with their types.
func ignoredBy(t testing.TB, export string) (all []string) {
	t.Helper()
	var state struct {
		Deployment struct {
			Resources []struct {
				URN, Type     string
				IgnoreChanges []string
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(export), &state))
	for _, r := range state.Deployment.Resources {
		if strings.Contains(r.URN, "tandem:index:DataTier$") {
			for _, property := range r.IgnoreChanges {
				all = append(all, r.Type+" "+property)
			}
		}
	}
	return all
}
