package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
)

func TestTheExampleWatchesTheClusterAndTheTable(t *testing.T) {
	rec := mocktest.MustRun(t, program, mocktest.Options{
		Project: "observability-example",
		Config: map[string]string{
			"observability-example:account": "123456789012",
			"observability-example:email":   "operations@tandem.example",
			"observability-example:cluster": "orders",
			"observability-example:table":   "sessions-table",
		},
	})
	cpu := rec.Get(t, "aws:cloudwatch/metricAlarm:MetricAlarm", "shop-west-database-cpu").Plain()
	require.Equal(t, map[string]any{"DBClusterIdentifier": "orders"}, cpu["dimensions"])
	require.Contains(t, rec.Names("aws:cloudwatch/metricAlarm:MetricAlarm"), "shop-west-table-sessions-throttles")
	require.Equal(t, []string{"shop-west-operations@tandem.example"}, rec.Names("aws:sns/topicSubscription:TopicSubscription"))
}
