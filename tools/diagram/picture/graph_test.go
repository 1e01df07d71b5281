package picture

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func readState(t *testing.T, name string) *State {
	t.Helper()
	export, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	require.NoError(t, err)
	state, err := ReadState(export)
	require.NoError(t, err)
	return state
}

func smallGraph(t *testing.T) *Graph {
	t.Helper()
	// Whichever order they come in, home is drawn first.
	g, err := NewGraph(readState(t, "standby"), readState(t, "home"))
	require.NoError(t, err)
	return g
}

func TestColumnsAreTheStacksWithTheirRegionsAndRoles(t *testing.T) {
	g := smallGraph(t)
	var got [][]string
	for _, c := range g.Stacks {
		got = append(got, []string{c.Stack, c.Region, c.Role})
	}
	require.Equal(t, [][]string{
		{"prod-east", "us-east-1", "home"},
		{"prod-west", "us-west-2", "standby of prod-east"},
	}, got)
}

func TestBoxesCountTheServicesOfComponents(t *testing.T) {
	g := smallGraph(t)
	require.Equal(t, []Box{
		{"Network", []Count{{"VPC", 2}}},
		{"Edge", []Count{{"Elastic Load Balancing", 1}}},                              // the zone and the record are global
		{"DataTier", []Count{{"Aurora", 2}, {"DynamoDB", 1}, {"IAM", 1}, {"KMS", 2}}}, // a random password is no service
		{"Observability", []Count{{"CloudWatch", 1}}},
	}, g.Stacks[0].Boxes)
	require.Equal(t, []Box{{"Route 53", []Count{{"prod-east", 2}, {"prod-west", 1}}}}, g.Global.Boxes)
}

func TestArrowsWithinARegionFollowTheDependencies(t *testing.T) {
	for _, c := range smallGraph(t).Stacks {
		require.Equal(t, []Need{
			{"DataTier", "Network"},
			{"Edge", "Network"},
			{"Observability", "DataTier"},
			{"Observability", "Edge"},
		}, c.Needs)
	}
}

// The standby's alarm watches its own replica of the table, by the name that all
// replicas share, and a role in home's stack is in no region.
func TestArrowsBetweenRegionsComeFromReferencesAndProviders(t *testing.T) {
	require.Equal(t, []Link{
		{Place{"", "Route 53"}, Place{"prod-east", "Edge"}, []string{"failover: PRIMARY"}},
		{Place{"", "Route 53"}, Place{"prod-west", "Edge"}, []string{"failover: SECONDARY"}},
		{Place{"prod-east", "DataTier"}, Place{"prod-west", "DataTier"}, []string{"KMS replica key"}},
		{Place{"prod-west", "DataTier"}, Place{"prod-east", "DataTier"}, []string{"Aurora global database", "DynamoDB replica"}},
	}, smallGraph(t).Links)
}

func TestStatesThatCannotBeDrawnAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ export, want string }{
		"no JSON":      {`nothing`, "reading an exported state: invalid character"},
		"a checkpoint": {`{"version":3,"checkpoint":{}}`, "it has no deployment of version 3 or later; give what `pulumi stack export` writes"},
		"empty":        {`{"version":3,"deployment":{}}`, "an exported state has no resources: bring the stack up first"},
		"no region": {`{"version":3,"deployment":{"resources":[{"urn":"urn:pulumi:prod-east::tandem::pulumi:pulumi:Stack::tandem-prod-east"}]}}`,
			`the state of stack "prod-east" has no resource of an AWS provider with a region`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadState([]byte(c.export))
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := NewGraph(readState(t, "home"), readState(t, "home"))
	require.EqualError(t, err, `stack "prod-east" is given twice`)
	_, err = NewGraph()
	require.EqualError(t, err, "no states given")
}

// needsOf draws needs among a few boxes, circles among them.
func needsOf(t *rapid.T, names []string) []Need {
	var needs []Need
	for _, from := range names {
		for _, to := range names {
			if from != to && rapid.IntRange(0, 3).Draw(t, from+to) == 0 {
				needs = append(needs, Need{from, to})
			}
		}
	}
	return needs
}

func TestReducingNeedsKeepsWhatCanBeReached(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e"}
	rapid.Check(t, func(t *rapid.T) {
		needs := needsOf(t, names)
		reduced := reduce(needs)
		require.Subset(t, needs, reduced)
		for _, from := range names {
			for _, to := range names {
				require.Equal(t, reaches(needs, from, to, map[string]bool{}), reaches(reduced, from, to, map[string]bool{}))
			}
		}
		for i := range reduced {
			rest := append(append([]Need{}, reduced[:i]...), reduced[i+1:]...)
			require.False(t, reaches(rest, reduced[i].From, reduced[i].To, map[string]bool{}), "%v follows from the others", reduced[i])
		}
	})
}

func TestOrderPutsEachAfterWhatItNeeds(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e"}
	rapid.Check(t, func(t *rapid.T) {
		rank := map[string]int{}
		for i, name := range rapid.Permutation(names).Draw(t, "rank") {
			rank[name] = i
		}
		var needs []Need // none of them in a circle
		for _, n := range needsOf(t, names) {
			if rank[n.From] > rank[n.To] {
				needs = append(needs, n)
			}
		}
		sorted := order(names, needs, nil)
		require.ElementsMatch(t, names, sorted)
		at := map[string]int{}
		for i, name := range sorted {
			at[name] = i
		}
		for _, n := range needs {
			require.Greater(t, at[n.From], at[n.To], "%v in %v", n, sorted)
		}
	})
}
