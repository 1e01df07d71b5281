package observability_test

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/observability"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	alarmType        = "aws:cloudwatch/metricAlarm:MetricAlarm"
	logGroupType     = "aws:cloudwatch/logGroup:LogGroup"
	ruleType         = "aws:cloudwatch/eventRule:EventRule"
	targetType       = "aws:cloudwatch/eventTarget:EventTarget"
	dashboardType    = "aws:cloudwatch/dashboard:Dashboard"
	keyType          = "aws:kms/key:Key"
	topicType        = "aws:sns/topic:Topic"
	topicPolicyType  = "aws:sns/topicPolicy:TopicPolicy"
	subscriptionType = "aws:sns/topicSubscription:TopicSubscription"
	roleType         = "aws:iam/role:Role"
	monitorType      = "datadog:index/monitor:Monitor"
	integrationType  = "datadog:aws/integrationAccount:IntegrationAccount"
)

// full returns arguments that watch everything, in the region that has all metrics.
func full() *observability.ObservabilityArgs {
	return &observability.ObservabilityArgs{
		Region:    "us-east-1",
		AccountID: "123456789012",
		Emails:    []string{"operations@tandem.example"},
		LoadBalancer: &observability.LoadBalancer{
			ARNSuffix:    pulumi.String("app/prod-east/1"),
			TargetGroups: map[string]pulumi.StringInput{"web": pulumi.String("targetgroup/web/2")},
		},
		DatabaseClusterID:  pulumi.String("prod-east-database"),
		PasswordSecretName: pulumi.String("prod-east-database"),
		Buckets:            map[string]pulumi.StringInput{"files": pulumi.String("prod-east-files")},
		Tables:             map[string]pulumi.StringInput{"sessions": pulumi.String("tandem-sessions")},
		NATGateways:        map[string]pulumi.StringInput{"us-east-1a": pulumi.String("nat-1")},
		HealthChecks:       map[string]pulumi.StringInput{"endpoint": pulumi.String("check-1")},
		DistributionID:     pulumi.String("E123"),
		Datadog: &observability.Datadog{
			Notify:      []string{"@slack-platform"},
			Escalate:    []string{"@pagerduty"},
			Tags:        []string{"env:production"},
			ClusterName: pulumi.String("prod-east-eks"),
			Integration: &observability.DatadogIntegration{Regions: []string{"us-east-1", "us-west-2"}},
		},
	}
}

func outputs(typ, name string, in resource.PropertyMap) resource.PropertyMap {
	named := map[string]bool{ruleType: true, roleType: true, logGroupType: true, keyType: true}
	if !named[typ] {
		return nil
	}
	out := resource.PropertyMap{"keyId": resource.NewStringProperty(name + "-key-id")}
	if _, given := in["name"]; !given {
		out["name"] = resource.NewStringProperty(name + "-auto")
	}
	return out
}

func program(args *observability.ObservabilityArgs) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		_, err := observability.NewObservability(ctx, "prod-east", args)
		return err
	}
}

func run(t *testing.T, args *observability.ObservabilityArgs) *mocktest.Recording {
	t.Helper()
	return mocktest.MustRun(t, program(args), mocktest.Options{Outputs: outputs})
}

// alarms returns all alarms by name.
func alarms(t *testing.T, rec *mocktest.Recording) map[string]map[string]any {
	t.Helper()
	all := map[string]map[string]any{}
	for _, name := range rec.Names(alarmType) {
		all[strings.TrimPrefix(name, "prod-east-")] = rec.Get(t, alarmType, name).Plain()
	}
	return all
}

func TestNothingIsWatchedThatIsNotGiven(t *testing.T) {
	rec := run(t, &observability.ObservabilityArgs{Region: "us-west-2", AccountID: "123456789012"})
	require.Empty(t, rec.Names(alarmType))
	require.Empty(t, rec.Names(subscriptionType))
	for _, typ := range rec.Types() {
		require.False(t, strings.HasPrefix(typ, "datadog:"), typ)
	}
	require.JSONEq(t, `{"widgets":[]}`, rec.Get(t, dashboardType, "prod-east-dashboard").Plain()["dashboardBody"].(string))
}

func TestEveryAlarmTellsTheTopicAndHasARightShape(t *testing.T) {
	all := alarms(t, run(t, full()))
	require.ElementsMatch(t, []string{
		"alb-errors", "alb-latency", "targets-web-none", "targets-web-unhealthy",
		"database-cpu", "database-lag", "database-memory", "database-storage", "database-connections", "password-age",
		"bucket-files-replication-failures", "bucket-files-replication-lag", "table-sessions-lag", "table-sessions-throttles",
		"nat-us-east-1a-ports", "health-endpoint", "cdn-errors",
	}, slices.Collect(maps.Keys(all)))
	for name, alarm := range all {
		topic := []any{"arn:aws:sns:::prod-east-alarms"}
		require.Equal(t, topic, alarm["alarmActions"], name)
		require.Equal(t, topic, alarm["okActions"], "%s says when it is over", name)
		require.NotEmpty(t, alarm["alarmDescription"], name)
		require.LessOrEqual(t, alarm["datapointsToAlarm"], alarm["evaluationPeriods"], name)
		_, overMetric := alarm["metricName"]
		_, overQueries := alarm["metricQueries"]
		require.NotEqual(t, overMetric, overQueries, "%s is over a metric or over queries", name)
		_, plain := alarm["statistic"]
		_, extended := alarm["extendedStatistic"]
		require.Equal(t, overMetric, plain != extended, "%s has one statistic where it is over a metric", name)
	}
}

func TestAlarmsOfTargetsAndDatabase(t *testing.T) {
	all := alarms(t, run(t, full()))

	unhealthy := all["targets-web-unhealthy"]
	require.Equal(t, map[string]any{"LoadBalancer": "app/prod-east/1", "TargetGroup": "targetgroup/web/2"}, unhealthy["dimensions"])
	require.Equal(t, "UnHealthyHostCount", unhealthy["metricName"])
	require.Equal(t, "notBreaching", unhealthy["treatMissingData"])

	none := all["targets-web-none"]
	require.Equal(t, "HealthyHostCount", none["metricName"])
	require.Equal(t, "LessThanThreshold", none["comparisonOperator"])
	require.Equal(t, "breaching", none["treatMissingData"], "no data means that there is no target")

	require.EqualValues(t, 512<<20, all["database-memory"]["threshold"], "bytes")
	require.Equal(t, "p95", all["alb-latency"]["extendedStatistic"])
	require.Equal(t, "notBreaching", all["database-lag"]["treatMissingData"], "the writer's region has no lag")
	require.EqualValues(t, 5000, all["database-lag"]["threshold"], "milliseconds")
	query := all["database-lag"]["metricQueries"].([]any)[0].(map[string]any)
	require.Equal(t, `SELECT MAX(AuroraGlobalDBReplicationLag) FROM "AWS/RDS" WHERE DBClusterIdentifier = 'prod-east-database'`, query["expression"])
	require.EqualValues(t, 60, query["period"])
}

func TestTheLagAlarmKnowsWhichRegionTakesTheWrites(t *testing.T) {
	of := func(active string) map[string]any {
		args := full()
		args.ActiveRegion = active
		return alarms(t, run(t, args))["database-lag"]
	}
	unknown, writes, standby := of(""), of("us-east-1"), of("us-west-2")
	require.EqualValues(t, -1, writes["threshold"], "whoever should write copies from nobody")
	require.Equal(t, "notBreaching", writes["treatMissingData"])
	require.EqualValues(t, 5000, standby["threshold"])
	require.Equal(t, "breaching", standby["treatMissingData"], "a standby that tells no lag is cut off, or writes")
	require.Contains(t, standby["alarmDescription"], "takes the writes that us-west-2 should")
	// A change of roles moves these three and no more.
	for _, alarm := range []map[string]any{unknown, writes, standby} {
		delete(alarm, "threshold")
		delete(alarm, "treatMissingData")
		delete(alarm, "alarmDescription")
	}
	require.Equal(t, unknown, writes)
	require.Equal(t, unknown, standby)
}

func TestReplicationOfABucketIsWatchedAtBothItsEnds(t *testing.T) {
	all := alarms(t, run(t, full()))
	expression := func(name string) any { return all[name]["metricQueries"].([]any)[0].(map[string]any)["expression"] }
	require.Equal(t, `SELECT SUM(OperationsFailedReplication) FROM "AWS/S3" WHERE SourceBucket = 'prod-east-files'`, expression("bucket-files-replication-failures"))
	require.Equal(t, `SELECT MAX(ReplicationLatency) FROM "AWS/S3" WHERE DestinationBucket = 'prod-east-files'`, expression("bucket-files-replication-lag"))
	require.EqualValues(t, 0, all["bucket-files-replication-failures"]["threshold"])
	require.EqualValues(t, 900, all["bucket-files-replication-lag"]["threshold"], "seconds")
}

func TestAPasswordThatNobodyTellsTheAgeOfIsAnAlarm(t *testing.T) {
	age := alarms(t, run(t, full()))["password-age"]
	require.Equal(t, "Tandem/Secrets", age["namespace"])
	require.Equal(t, "PasswordAge", age["metricName"])
	require.Equal(t, map[string]any{"SecretName": "prod-east-database"}, age["dimensions"])
	require.EqualValues(t, 40, age["threshold"], "days")
	require.Equal(t, "breaching", age["treatMissingData"])
}

func TestExpressionsNameTheirTerms(t *testing.T) {
	for name, alarm := range alarms(t, run(t, full())) {
		queries, ok := alarm["metricQueries"].([]any)
		if !ok {
			continue
		}
		result := queries[0].(map[string]any)
		require.Equal(t, true, result["returnData"], name)
		for _, q := range queries[1:] {
			term := q.(map[string]any)
			require.Contains(t, result["expression"], "FILL("+term["id"].(string)+",0)", name)
			require.NotContains(t, term, "returnData", "%s returns one series", name)
		}
	}
}

func TestThresholdsCanBeSet(t *testing.T) {
	args := full()
	args.Thresholds = observability.Thresholds{ErrorPercent: 1.5, ReplicationLagSeconds: 20}
	all := alarms(t, run(t, args))
	require.EqualValues(t, 1.5, all["alb-errors"]["threshold"])
	require.EqualValues(t, 1.5, all["cdn-errors"]["threshold"])
	require.EqualValues(t, 20000, all["database-lag"]["threshold"])
	require.EqualValues(t, 20000, all["table-sessions-lag"]["threshold"])
	require.EqualValues(t, 80, all["database-cpu"]["threshold"], "the others keep their defaults")
}

func TestTopicIsEncryptedUnderAKeyThatItsSendersMayUse(t *testing.T) {
	rec := run(t, full())
	require.Equal(t, "arn:aws:kms:::prod-east-observability", rec.Get(t, topicType, "prod-east-alarms").Plain()["kmsMasterKeyId"])
	key := rec.Get(t, keyType, "prod-east-observability").Plain()
	require.Equal(t, true, key["enableKeyRotation"])
	policy := mocktest.PolicyStatements(t, key["policy"])
	require.Len(t, policy, 5)
	require.Contains(t, policy, "Administration")
	for sid, want := range map[string]string{
		"Services": `{"Sid":"Services","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},
			"Action":["kms:Decrypt","kms:Encrypt","kms:GenerateDataKey*","kms:ReEncrypt*"],"Resource":"*",
			"Condition":{"StringLike":{"kms:ViaService":["sns.us-east-1.amazonaws.com"]}}}`,
		"Logs": `{"Sid":"Logs","Effect":"Allow","Principal":{"Service":"logs.us-east-1.amazonaws.com"},
			"Action":["kms:Encrypt*","kms:Decrypt*","kms:ReEncrypt*","kms:GenerateDataKey*","kms:Describe*"],"Resource":"*",
			"Condition":{"ArnLike":{"kms:EncryptionContext:aws:logs:arn":"arn:aws:logs:us-east-1:123456789012:log-group:/prod-east/*"}}}`,
		"Alarms": `{"Sid":"Alarms","Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},
			"Action":["kms:Decrypt","kms:GenerateDataKey*"],"Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}}`,
		"Events": `{"Sid":"Events","Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},
			"Action":["kms:Decrypt","kms:GenerateDataKey*"],"Resource":"*"}`,
	} {
		require.JSONEq(t, want, policy[sid])
	}
	require.JSONEq(t, `{"Version":"2012-10-17","Statement":[
		{"Sid":"Alarms","Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},"Action":["sns:Publish"],"Resource":"arn:aws:sns:::prod-east-alarms",
		 "Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}},
		{"Sid":"Events","Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":["sns:Publish"],"Resource":"arn:aws:sns:::prod-east-alarms"},
		{"Sid":"TLSOnly","Effect":"Deny","Principal":"*","Action":["sns:Publish"],"Resource":"arn:aws:sns:::prod-east-alarms",
		 "Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`,
		rec.Get(t, topicPolicyType, "prod-east-alarms").Plain()["policy"].(string))
	subscription := rec.Get(t, subscriptionType, "prod-east-operations@tandem.example").Plain()
	require.Equal(t, "email", subscription["protocol"])
	require.Equal(t, "arn:aws:sns:::prod-east-alarms", subscription["topic"])
}

func TestAKeyOfTheCallersIsUsedForAll(t *testing.T) {
	args := full()
	args.KMSKeyARN = pulumi.String("arn:aws:kms:us-east-1:123456789012:key/own")
	rec := run(t, args)
	require.Empty(t, rec.Names(keyType))
	require.Equal(t, "arn:aws:kms:us-east-1:123456789012:key/own", rec.Get(t, topicType, "prod-east-alarms").Plain()["kmsMasterKeyId"])
	require.Equal(t, "arn:aws:kms:us-east-1:123456789012:key/own", rec.Get(t, logGroupType, "prod-east-logs-application").Plain()["kmsKeyId"])
}

func TestLogsAreEncryptedKeptAndProtected(t *testing.T) {
	args := full()
	args.LogGroups = []string{"application", "jobs/nightly"}
	args.LogRetentionDays = 30
	rec := run(t, args)
	group := rec.Get(t, logGroupType, "prod-east-logs-jobs-nightly")
	require.Equal(t, "/prod-east/jobs/nightly", group.Plain()["name"])
	require.EqualValues(t, 30, group.Plain()["retentionInDays"])
	require.Equal(t, "arn:aws:kms:::prod-east-observability", group.Plain()["kmsKeyId"])
	require.True(t, group.Protect)
	require.True(t, group.RetainOnDelete)
	require.True(t, rec.Get(t, keyType, "prod-east-observability").Protect, "without the key the logs cannot be read")

	args.AllowDestroy = true
	for _, r := range run(t, args).Resources {
		require.False(t, r.Protect || r.RetainOnDelete, "%s %s", r.Type, r.Name)
	}
}

func TestEventsGoToTheTopic(t *testing.T) {
	rec := run(t, full())
	require.NotEmpty(t, rec.Names(ruleType))
	require.Equal(t, rec.Names(ruleType), rec.Names(targetType))
	patterns := map[string]json.RawMessage{}
	for _, name := range rec.Names(ruleType) {
		patterns[name] = json.RawMessage(rec.Get(t, ruleType, name).Plain()["eventPattern"].(string))
		target := rec.Get(t, targetType, name).Plain()
		require.Equal(t, name+"-auto", target["rule"])
		require.Equal(t, "arn:aws:sns:::prod-east-alarms", target["arn"])
	}
	golden(t, "events.json", patterns)
}

func TestDashboardShowsEverythingThatIsWatched(t *testing.T) {
	body := run(t, full()).Get(t, dashboardType, "prod-east-dashboard").Plain()["dashboardBody"].(string)
	golden(t, "dashboard.json", json.RawMessage(body))
}

func TestGraphsDoNotOverlapAndStayOnTheGrid(t *testing.T) {
	var document struct {
		Widgets []struct{ X, Y, Width, Height int }
	}
	body := run(t, full()).Get(t, dashboardType, "prod-east-dashboard").Plain()["dashboardBody"].(string)
	require.NoError(t, json.Unmarshal([]byte(body), &document))
	taken := map[[2]int]int{}
	for i, w := range document.Widgets {
		for x := w.X; x < w.X+w.Width; x++ {
			require.Less(t, x, 24)
			for y := w.Y; y < w.Y+w.Height; y++ {
				other, clash := taken[[2]int{x, y}]
				require.False(t, clash, "widgets %d and %d share %d,%d", other, i, x, y)
				taken[[2]int{x, y}] = i
			}
		}
	}
}

func TestDatadogReadsTheAccountThroughARoleWithAnExternalID(t *testing.T) {
	rec := run(t, full())
	role := rec.Get(t, roleType, "prod-east-datadog").Plain()
	require.JSONEq(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::464622532012:root"},
		"Action":["sts:AssumeRole"],"Condition":{"StringEquals":{"sts:ExternalId":"prod-east-datadog-id"}}}]}`, role["assumeRolePolicy"].(string))
	account := rec.Get(t, integrationType, "prod-east-datadog").Plain()
	require.Equal(t, "123456789012", account["awsAccountId"])
	require.Equal(t, map[string]any{"awsAuthConfigRole": map[string]any{"roleName": "prod-east-datadog-auto", "externalId": "prod-east-datadog-id"}}, account["authConfig"])
	require.Equal(t, map[string]any{"includeOnlies": []any{"us-east-1", "us-west-2"}}, account["awsRegions"])

	policy := rec.Get(t, "aws:iam/rolePolicy:RolePolicy", "prod-east-datadog").Plain()["policy"].(string)
	for _, verb := range []string{"Put", "Create", "Delete", "Update", "GetObject", "GetSecretValue", `"*"]`} {
		require.NotContains(t, policy, verb, "it only reads, and no data")
	}
}

func TestOneRegionAloneHasTheIntegration(t *testing.T) {
	args := full()
	args.Datadog.Integration = nil
	rec := run(t, args)
	require.Empty(t, rec.Names(integrationType))
	require.Empty(t, rec.Names(roleType))
	require.NotEmpty(t, rec.Names(monitorType))
}

func TestMonitorsAlertAtTheThresholdOfTheirQueryAndEscalate(t *testing.T) {
	rec := run(t, full())
	require.Len(t, rec.Names(monitorType), len(observability.DefaultMonitors("123456789012", "us-east-1", true)))
	for _, name := range rec.Names(monitorType) {
		monitor := rec.Get(t, monitorType, name).Plain()
		critical := monitor["monitorThresholds"].(map[string]any)["critical"].(string)
		require.True(t, strings.HasSuffix(monitor["query"].(string), " "+critical), "%s: Datadog refuses two thresholds", name)
		require.NotContains(t, monitor["query"], "$cluster", name)
		require.True(t, strings.HasSuffix(monitor["message"].(string), "\n\n@slack-platform"), name)
		require.Contains(t, monitor["escalationMessage"], "@pagerduty @slack-platform", name)
		require.EqualValues(t, 60, monitor["renotifyInterval"], name)
		require.Equal(t, []any{"region:us-east-1", "stack:prod-east", "env:production"}, monitor["tags"], name)
	}
	require.Contains(t, rec.Get(t, monitorType, "prod-east-pods-crashing").Plain()["query"], "kube_cluster_name:prod-east-eks")
	require.Contains(t, rec.Get(t, monitorType, "prod-east-database-lag").Plain()["query"], "{aws_account:123456789012,region:us-east-1} > 5000")
}

func TestMonitorsWithoutHandlesOnlyShow(t *testing.T) {
	args := full()
	args.Datadog = &observability.Datadog{}
	rec := run(t, args)
	require.NotContains(t, rec.Names(monitorType), "prod-east-pods-crashing", "no cluster reports")
	monitor := rec.Get(t, monitorType, "prod-east-balancer-errors").Plain()
	require.NotContains(t, monitor["message"], "@")
	require.NotContains(t, monitor, "escalationMessage")
	require.NotContains(t, monitor, "renotifyInterval")
	require.Equal(t, false, monitor["notifyNoData"])
}

func TestMonitorsOfTheCallersReplaceTheDefaults(t *testing.T) {
	args := full()
	args.Datadog.Monitors = []observability.Monitor{{
		Name: "queue", Title: "A queue grows", Expression: "avg(last_5m):avg:queue.length{*}", Comparison: observability.Below, Critical: 0.5, Message: "Look.", NoDataMinutes: 20,
	}}
	rec := run(t, args)
	require.Equal(t, []string{"prod-east-queue"}, rec.Names(monitorType))
	monitor := rec.Get(t, monitorType, "prod-east-queue").Plain()
	require.Equal(t, "avg(last_5m):avg:queue.length{*} < 0.5", monitor["query"])
	require.Equal(t, "3", monitor["priority"])
	require.Equal(t, true, monitor["notifyNoData"])
	require.EqualValues(t, 20, monitor["noDataTimeframe"])
	require.Empty(t, args.Datadog.Monitors[0].Priority, "the caller's list is not changed")
}

func TestPreviewRegistersTheSameResources(t *testing.T) {
	names := func(rec *mocktest.Recording) (all []string) {
		for _, r := range rec.Resources {
			all = append(all, r.Type+" "+r.Name)
		}
		return all
	}
	preview := mocktest.MustRun(t, program(full()), mocktest.Options{Preview: true})
	require.ElementsMatch(t, names(run(t, full())), names(preview))
	require.NotContains(t, preview.Get(t, dashboardType, "prod-east-dashboard").Plain(), "dashboardBody", "the alarms' ARNs are not known yet")
}

// golden compares a document with the one in testdata; -update writes it anew.
func golden(t *testing.T, file string, document any) {
	t.Helper()
	got, err := json.MarshalIndent(document, "", "  ")
	require.NoError(t, err)
	got = append(got, '\n')
	path := filepath.Join("testdata", file)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "%s differs; look at the difference, and run the test with -update where it is meant", path)
}
