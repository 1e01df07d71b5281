package edge_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/edge"
)

const standbyName = "standby-origin.tandem.example"

// inLine is the secondary with a reserve behind it.
func inLine() *edge.EdgeArgs {
	args := standby()
	args.StandbyName = standbyName
	args.ReserveHealthCheckID = pulumi.String("reserve-has-not-taken-over")
	return args
}

func reserve() *edge.EdgeArgs {
	args := standby()
	args.Region, args.Failover, args.StandbyName = "eu-west-1", edge.RoleReserve, standbyName
	return args
}

func role(record map[string]any) any {
	return record["failoverRoutingPolicies"].([]any)[0].(map[string]any)["type"]
}

func alias(record map[string]any) map[string]any {
	return record["aliases"].([]any)[0].(map[string]any)
}

func TestTheSecondarysAnswerLeadsToTheStandbysInTheirTurn(t *testing.T) {
	alone := run(t, "prod-west", standby())
	require.NotContains(t, alone.Names(recordType), "prod-west-standby")

	west := run(t, "prod-west", inLine())
	first := west.Get(t, recordType, "prod-west-standby").Plain()
	require.Equal(t, standbyName, first["name"])
	require.Equal(t, "PRIMARY", role(first))
	require.Equal(t, alias(alone.Get(t, recordType, "prod-west-origin").Plain()), alias(first), "its load balancer")
	require.Equal(t, "prod-west-region-id", first["healthCheckId"])
	region := west.Get(t, healthType, "prod-west-region").Plain()
	require.Equal(t, []any{"prod-west-endpoint-id", "reserve-has-not-taken-over"}, region["childHealthchecks"], "it steps aside for a reserve that has taken over")

	origin := west.Get(t, recordType, "prod-west-origin")
	require.Equal(t, "SECONDARY", role(origin.Plain()))
	require.Equal(t, true, alias(origin.Plain())["evaluateTargetHealth"], "healthy while one of the standbys is")
	require.NotContains(t, origin.Plain(), "healthCheckId")
	require.Equal(t, alone.Get(t, recordType, "prod-west-origin").Plain()["setIdentifier"], origin.Plain()["setIdentifier"], "the record stays")

	north := run(t, "prod-north", reserve())
	require.Equal(t, []string{"prod-north-regional", "prod-north-standby"}, north.Names(recordType)[:2])
	require.NotContains(t, north.Names(recordType), "prod-north-origin")
	last := north.Get(t, recordType, "prod-north-standby").Plain()
	require.Equal(t, "SECONDARY", role(last))
	require.Equal(t, "prod-north-endpoint-id", last["healthCheckId"])
}

func TestBadLinesOfStandbysAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		args   func() *edge.EdgeArgs
		change func(*edge.EdgeArgs)
		want   string
	}{
		"a reserve without the standbys' name": {reserve, func(a *edge.EdgeArgs) { a.StandbyName = "" },
			"standbyName: Required value: a reserve answers for the standbys' name when the secondary cannot; give both the same, such as standby-origin.tandem.example"},
		"a primary with it": {home, func(a *edge.EdgeArgs) { a.StandbyName = standbyName }, "standbyName: Forbidden: is the standbys' own; leave it out of the primary"},
		"the origin name":   {reserve, func(a *edge.EdgeArgs) { a.StandbyName = "origin.tandem.example" }, `standbyName: Invalid value: "origin.tandem.example": must differ from originName and regionalName`},
		"a name elsewhere":  {reserve, func(a *edge.EdgeArgs) { a.StandbyName = "standby.example.org" }, `standbyName: Invalid value: "standby.example.org": must lie below tandem.example`},
		"a reserve that steps aside": {reserve, func(a *edge.EdgeArgs) { a.ReserveHealthCheckID = pulumi.String("c") },
			"reserveHealthCheckId: Forbidden: is for the secondary, which steps aside; leave it out of the reserve"},
		"a secondary that steps aside for nobody": {standby, func(a *edge.EdgeArgs) { a.ReserveHealthCheckID = pulumi.String("c") },
			"reserveHealthCheckId: Forbidden: needs standbyName, by which a reserve answers; set it or leave this out"},
		"a reserve with standbys of its own": {reserve, func(a *edge.EdgeArgs) { a.Standbys = []edge.Standby{{Region: "us-west-2"}} }, "standbys: Forbidden: belongs to the primary"},
	} {
		t.Run(name, func(t *testing.T) {
			args := c.args()
			c.change(args)
			require.ErrorContains(t, args.Validate("prod"), c.want)
		})
	}
}
