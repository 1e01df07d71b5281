package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
)

const (
	recordType       = "aws:route53/record:Record"
	distributionType = "aws:cloudfront/distribution:Distribution"
)

func TestReadsAreSharedByBothRegionsWhereTheConfigurationSaysSo(t *testing.T) {
	for stack, c := range map[string]struct {
		region string
		weight float64
	}{"prod-east": {"us-east-1", 30}, "prod-west": {"us-west-2", 0}} {
		rec := preview(t, stack, func(p map[string]any) {
			part(p, "edge")["reads"] = map[string]any{"policy": "weighted", "paths": []string{"/catalogue/*"}, "name": "near.tandem.example"}
			regionOf(p, "prod-east")["readWeight"] = 30
		})
		record := rec.Get(t, recordType, stack+"-read").Plain()
		require.Equal(t, "near.tandem.example", record["name"])
		require.Equal(t, c.region, record["setIdentifier"])
		require.Equal(t, []any{map[string]any{"weight": c.weight}}, record["weightedRoutingPolicies"])

		rec = preview(t, stack, func(p map[string]any) { part(p, "edge")["reads"] = map[string]any{"policy": "latency"} })
		record = rec.Get(t, recordType, stack+"-read").Plain()
		require.Equal(t, "read.tandem.example", record["name"])
		require.Equal(t, []any{map[string]any{"region": c.region}}, record["latencyRoutingPolicies"])

		require.NotContains(t, preview(t, stack, nil).Names(recordType), stack+"-read", "by default one region serves")
	}
}

func TestHomeSendsTheReadPathsToTheReadName(t *testing.T) {
	patterns := func(change func(map[string]any)) (all []any) {
		for _, b := range preview(t, "prod-east", change).Get(t, distributionType, "prod-east-cdn").Plain()["orderedCacheBehaviors"].([]any) {
			all = append(all, b.(map[string]any)["pathPattern"])
		}
		return all
	}
	require.Equal(t, []any{"/static/*"}, patterns(nil))
	require.Equal(t, []any{"/static/*", "/catalogue/*"}, patterns(func(p map[string]any) {
		part(p, "edge")["reads"] = map[string]any{"policy": "latency", "paths": []string{"/catalogue/*"}}
	}))
}

func TestBadReadsAreRefusedUpFront(t *testing.T) {
	reads := func(key string, value any) func(map[string]any) {
		return func(p map[string]any) {
			r := map[string]any{"policy": "latency"}
			r[key] = value
			part(p, "edge")["reads"] = r
		}
	}
	weight := func(stack string, weight int, policy string) func(map[string]any) {
		return func(p map[string]any) {
			reads("policy", policy)(p)
			regionOf(p, stack)["readWeight"] = weight
		}
	}
	for name, c := range map[string]struct {
		change func(map[string]any)
		want   string
		both   bool // is found in either stack
	}{
		"another policy": {reads("policy", "geo"), `tandem:platform.edge.reads.policy: Unsupported value: "geo": supported values: "latency", "weighted"`, true},
		"no policy":      {reads("policy", ""), `tandem:platform.edge.reads.policy: Required value: say latency, or weighted`, true},
		"the origin name": {reads("name", "origin.tandem.example"),
			`tandem:platform.edge.reads.name: Invalid value: "origin.tandem.example": must differ from originName`, true},
		"a public name": {reads("name", "www.tandem.example"), `tandem:platform.edge.reads.name: Invalid value: "www.tandem.example": must not be a public name`, false},
		"every path": {reads("paths", []string{"/*"}),
			`tandem:platform.edge.reads.paths[0]: Invalid value: "/*": would take every path away from the origin name`, false},
		"a static path": {reads("paths", []string{"/static/*"}), `tandem:platform.edge.reads.paths[0]: Invalid value: "/static/*": is served from buckets`, false},
		"a weight of another region": {weight("prod-west", 256, "weighted"),
			`tandem:platform.regions[prod-west].readWeight: Invalid value: 256: must be 0 to 255`, true},
		"a weight by latency": {weight("prod-east", 1, "latency"),
			`tandem:platform.regions[prod-east].readWeight: Forbidden: is for edge.reads.policy weighted; set that, or leave this out`, true},
		"a weight without reads": {func(p map[string]any) { regionOf(p, "prod-east")["readWeight"] = 1 },
			`tandem:platform.regions[prod-east].readWeight: Forbidden: is for edge.reads.policy weighted; set that, or leave this out`, true},
	} {
		t.Run(name, func(t *testing.T) {
			stacks := []string{"prod-east"}
			if c.both {
				stacks = append(stacks, "prod-west")
			}
			for _, stack := range stacks {
				rec, err := mocktest.Run(deploy, mocktest.Options{Stack: stack, Preview: true, Config: stackConfig(t, stack, func(p map[string]any) {
					part(p, "edge")["publicNames"] = []string{"tandem.example", "www.tandem.example"}
					c.change(p)
				})})
				require.ErrorContains(t, err, `configuration of stack "`+stack+`": 1 problem`)
				require.ErrorContains(t, err, c.want)
				require.Empty(t, rec.Resources)
			}
		})
	}
}
