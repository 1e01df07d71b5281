package observability_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/observability"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

func TestEveryProblemIsReportedAtOnceAndNothingIsMade(t *testing.T) {
	rec, err := mocktest.Run(program(&observability.ObservabilityArgs{
		Region: "east", AccountID: "1234", LogRetentionDays: 31, Emails: []string{"nobody"},
		Datadog: &observability.Datadog{Notify: []string{"platform"}},
	}), mocktest.Options{})
	require.ErrorContains(t, err, `observability "prod-east": 5 problems`)
	for _, want := range []string{
		`region: Invalid value: "east": must be the name of an AWS region, such as us-east-1`,
		`accountId: Invalid value: "1234": must be the twelve digits of an AWS account`,
		`logRetentionDays: Invalid value: 31`,
		`emails[0]: Invalid value: "nobody": must be an email address`,
		`datadog.notify[0]: Invalid value: "platform": must be a Datadog handle, such as @slack-platform; did you mean @platform`,
	} {
		require.ErrorContains(t, err, want)
	}
	require.Empty(t, rec.Resources)
}

func TestNoArgumentsAtAllIsAnErrorAndNoCrash(t *testing.T) {
	rec, err := mocktest.Run(program(nil), mocktest.Options{})
	require.ErrorContains(t, err, "region: Required value: give the region that is watched, such as us-east-1")
	require.Empty(t, rec.Resources)
}

func TestBadArguments(t *testing.T) {
	warning := func(v float64) *float64 { return &v }
	for name, c := range map[string]struct {
		change func(*observability.ObservabilityArgs)
		want   string
	}{
		"log group with a slash in front": {func(a *observability.ObservabilityArgs) { a.LogGroups = []string{"/app"} }, `logGroups[0]: Invalid value: "/app"`},
		"log group twice":                 {func(a *observability.ObservabilityArgs) { a.LogGroups = []string{"app", "app"} }, `logGroups[1]: Duplicate value: "app"`},
		"email with a name":               {func(a *observability.ObservabilityArgs) { a.Emails = []string{"Ops <ops@tandem.example>"} }, `emails[0]: Invalid value: "Ops <ops@tandem.example>"`},
		"email twice": {func(a *observability.ObservabilityArgs) {
			a.Emails = []string{"ops@tandem.example", "ops@tandem.example"}
		}, `emails[1]: Duplicate value: "ops@tandem.example"`},
		"load balancer without suffix": {func(a *observability.ObservabilityArgs) { a.LoadBalancer.ARNSuffix = nil }, `loadBalancer.arnSuffix: Required value`},
		"bad short name": {func(a *observability.ObservabilityArgs) {
			a.Tables = map[string]pulumi.StringInput{"My Table": pulumi.String("t")}
		}, `tables[My Table]: Invalid value: "My Table": must be a short name`},
		"entry without a value": {func(a *observability.ObservabilityArgs) { a.NATGateways = map[string]pulumi.StringInput{"a": nil} }, `natGateways[a]: Required value`},
		"health check elsewhere": {func(a *observability.ObservabilityArgs) { a.Region = "us-west-2" },
			`healthChecks: Forbidden: has metrics in us-east-1 only; watch it from there`},
		"distribution elsewhere": {func(a *observability.ObservabilityArgs) { a.Region = "us-west-2" }, `distributionId: Forbidden: has metrics in us-east-1 only`},
		"errors of 100 %":        {func(a *observability.ObservabilityArgs) { a.Thresholds.ErrorPercent = 100 }, `thresholds.errorPercent: Invalid value: 100: must be above 0 and below 100`},
		"negative lag": {func(a *observability.ObservabilityArgs) { a.Thresholds.ReplicationLagSeconds = -1 },
			`thresholds.replicationLagSeconds: Invalid value: -1: must be above 0`},
		"handle with a space": {func(a *observability.ObservabilityArgs) { a.Datadog.Escalate = []string{"@on call"} }, `datadog.escalate[0]: Invalid value: "@on call"`},
		"tag without a value": {func(a *observability.ObservabilityArgs) { a.Datadog.Tags = []string{"env"} }, `datadog.tags[0]: Invalid value: "env"`},
		"renotified at once":  {func(a *observability.ObservabilityArgs) { a.Datadog.RenotifyMinutes = 5 }, `datadog.renotifyMinutes: Invalid value: 5: must be 10 to 1440`},
		"integration without a region": {func(a *observability.ObservabilityArgs) { a.Datadog.Integration.Regions = nil },
			`datadog.integration.regions: Required value: name the regions that Datadog reads metrics from`},
		"integration with a bad account": {func(a *observability.ObservabilityArgs) { a.Datadog.Integration.DatadogAccountID = "us1" },
			`datadog.integration.datadogAccountId: Invalid value: "us1"`},
		"monitor without a name":    {monitor(func(m *observability.Monitor) { m.Name = "" }), `datadog.monitors[0].name: Invalid value: ""`},
		"monitor without a title":   {monitor(func(m *observability.Monitor) { m.Title = " " }), `datadog.monitors[0].title: Required value`},
		"monitor without a message": {monitor(func(m *observability.Monitor) { m.Message = "" }), `datadog.monitors[0].message: Required value`},
		"monitor without a query":   {monitor(func(m *observability.Monitor) { m.Expression = "" }), `datadog.monitors[0].expression: Required value`},
		"monitor with a comparison in its expression": {monitor(func(m *observability.Monitor) { m.Expression += " > 5" }),
			`datadog.monitors[0].expression: Invalid value: "avg(last_5m):avg:m{*} > 5": must not have a comparison`},
		"monitor of an unknown comparison": {monitor(func(m *observability.Monitor) { m.Comparison = "==" }), `datadog.monitors[0].comparison: Unsupported value: "=="`},
		"warning above critical": {monitor(func(m *observability.Monitor) { m.Critical, m.Warning = 5, warning(6) }),
			`datadog.monitors[0].warning: Invalid value: 6: must be below critical, which is 5`},
		"warning below critical": {monitor(func(m *observability.Monitor) {
			m.Comparison, m.Critical, m.Warning = observability.Below, 5, warning(4)
		}), `datadog.monitors[0].warning: Invalid value: 4: must be above critical, which is 5`},
		"unknown priority": {monitor(func(m *observability.Monitor) { m.Priority = 6 }), `datadog.monitors[0].priority: Invalid value: 6: must be 1 (highest) to 5`},
		"negative delay":   {monitor(func(m *observability.Monitor) { m.DelaySeconds = -1 }), `datadog.monitors[0].delaySeconds: Invalid value: -1`},
		"cluster monitor without a cluster": {func(a *observability.ObservabilityArgs) {
			monitor(func(m *observability.Monitor) { m.Expression = "avg(last_5m):avg:m{kube_cluster_name:$cluster}" })(a)
			a.Datadog.ClusterName = nil
		}, `names $cluster, so datadog.clusterName has to be given`},
		"monitor twice": {func(a *observability.ObservabilityArgs) {
			monitor(func(*observability.Monitor) {})(a)
			a.Datadog.Monitors = append(a.Datadog.Monitors, a.Datadog.Monitors[0])
		}, `datadog.monitors[1].name: Duplicate value: "m"`},
	} {
		t.Run(name, func(t *testing.T) {
			args := full()
			c.change(args)
			rec, err := mocktest.Run(program(args), mocktest.Options{})
			require.ErrorContains(t, err, c.want)
			require.Empty(t, rec.Resources)
		})
	}
}

// monitor changes a good monitor and makes it the only one.
func monitor(change func(*observability.Monitor)) func(*observability.ObservabilityArgs) {
	return func(a *observability.ObservabilityArgs) {
		m := observability.Monitor{Name: "m", Title: "M", Expression: "avg(last_5m):avg:m{*}", Message: "Look."}
		change(&m)
		a.Datadog.Monitors = []observability.Monitor{m}
	}
}

func TestArgumentsCanBeCheckedBeforeAnythingIsMade(t *testing.T) {
	require.NoError(t, full().Validate("prod-east"))
}
