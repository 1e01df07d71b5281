package recovery_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/recovery"
	"github.com/tandem-platform/tandem/internal/mocktest"
	"github.com/tandem-platform/tandem/sandbox/cloud/document/statemachine"
)

const (
	machineType   = "aws:sfn/stateMachine:StateMachine"
	policyType    = "aws:iam/rolePolicy:RolePolicy"
	alarmType     = "aws:cloudwatch/metricAlarm:MetricAlarm"
	compositeType = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
	targetType    = "aws:cloudwatch/eventTarget:EventTarget"
	ruleType      = "aws:cloudwatch/eventRule:EventRule"
	tableType     = "aws:dynamodb/table:Table"
	canaryType    = "aws:synthetics/canary:Canary"
)

// outputs answers as AWS does where the component reads what AWS chose.
func outputs(typ, name string, in resource.PropertyMap) resource.PropertyMap {
	text := resource.NewStringProperty
	named := resource.PropertyMap{"name": text(name + "-1"), "arn": text("arn:aws:test:us-west-2:123456789012:" + name + "-1")}
	switch typ {
	case "random:index/randomPassword:RandomPassword":
		return resource.PropertyMap{"result": resource.MakeSecret(text("0123456789"))}
	case "aws:cloudwatch/eventConnection:EventConnection":
		named["secretArn"] = text("arn:aws:secretsmanager:us-west-2:123456789012:secret:events!connection/" + name)
		return named
	case "aws:s3/bucketV2:BucketV2":
		return resource.PropertyMap{"bucket": text(name + "-1"), "arn": text("arn:aws:s3:::" + name + "-1")}
	case "aws:s3/bucketObjectv2:BucketObjectv2":
		return resource.PropertyMap{"versionId": text("v1")}
	case machineType, tableType, alarmType, compositeType, canaryType, ruleType, "aws:cloudwatch/logGroup:LogGroup", "aws:iam/role:Role", "aws:kms/key:Key":
		return named
	}
	return nil
}

func run(t *testing.T, name string, args *recovery.RecoveryArgs) *mocktest.Recording {
	t.Helper()
	return mocktest.MustRun(t, func(ctx *pulumi.Context) error {
		_, err := recovery.NewRecovery(ctx, name, args)
		return err
	}, mocktest.Options{Outputs: outputs})
}

func TestTheKeyIsUsedThroughItsServicesAndByTheMachines(t *testing.T) {
	rec := run(t, "prod-west", standby())
	policy := mocktest.PolicyStatements(t, rec.Get(t, "aws:kms/key:Key", "prod-west-recovery").Plain()["policy"])
	require.Len(t, policy, 6)
	require.Contains(t, policy, "Administration")
	for sid, want := range map[string]string{
		"Services": `{"Sid":"Services","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},
			"Action":["kms:Decrypt","kms:Encrypt","kms:GenerateDataKey*","kms:ReEncrypt*"],"Resource":"*",
			"Condition":{"StringLike":{"kms:ViaService":["dynamodb.us-west-2.amazonaws.com","s3.us-west-2.amazonaws.com","states.us-west-2.amazonaws.com"]}}}`,
		"Grants": `{"Sid":"Grants","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":["kms:CreateGrant"],"Resource":"*",
			"Condition":{"Bool":{"kms:GrantIsForAWSResource":"true"}}}`,
		// With kms:ViaService no execution would start.
		"Machines": `{"Sid":"Machines","Effect":"Allow","Action":["kms:Decrypt","kms:GenerateDataKey"],"Resource":"*",
			"Principal":{"AWS":["arn:aws:test:us-west-2:123456789012:prod-west-takeover-1","arn:aws:test:us-west-2:123456789012:prod-west-failback-1"]}}`,
		"LogDelivery": `{"Sid":"LogDelivery","Effect":"Allow","Principal":{"Service":"delivery.logs.amazonaws.com"},"Action":["kms:Decrypt*"],"Resource":"*",
			"Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}}`,
		"Logs": `{"Sid":"Logs","Effect":"Allow","Principal":{"Service":"logs.us-west-2.amazonaws.com"},
			"Action":["kms:Encrypt*","kms:Decrypt*","kms:ReEncrypt*","kms:GenerateDataKey*","kms:Describe*"],"Resource":"*",
			"Condition":{"ArnLike":{"kms:EncryptionContext:aws:logs:arn":
			"arn:aws:logs:us-west-2:123456789012:log-group:/aws/vendedlogs/states/prod-west-recovery*"}}}`,
	} {
		require.JSONEq(t, want, policy[sid])
	}
}

func TestEachRegionHasAMachineEachWay(t *testing.T) {
	for name, args := range map[string]*recovery.RecoveryArgs{"prod-west": standby(), "prod-east": home()} {
		rec := run(t, name, args)
		for _, suffix := range []string{"takeover", "failback"} {
			machine := rec.Get(t, machineType, name+"-"+suffix).Plain()
			require.Equal(t, "STANDARD", machine["type"])
			require.Equal(t, map[string]any{"enabled": true}, machine["tracingConfiguration"])
			require.Equal(t, "ALL", machine["loggingConfiguration"].(map[string]any)["level"])
			require.Equal(t, "CUSTOMER_MANAGED_KMS_KEY", machine["encryptionConfiguration"].(map[string]any)["type"])
			definition := machine["definition"].(string)
			if name == "prod-west" { // the answers of the mocks are of that region
				require.NoError(t, statemachine.Check(definition, args.Region))
			}
			require.Contains(t, definition, name+"-lease-1")
			require.Contains(t, definition, args.Other.RegionalName)
		}
	}
}

// A lease that ends within a wait would let a second execution take over.
func TestALeaseHoldsForLongerThanEveryWait(t *testing.T) {
	for _, keepAlive := range []int{0, 60, 3600, 604800} {
		args := standby()
		args.ClientKeepAliveSeconds = keepAlive
		var definition struct {
			TimeoutSeconds int
			States         map[string]struct {
				Type    string
				Seconds int
			}
		}
		text := run(t, "prod-west", args).Get(t, machineType, "prod-west-takeover").Plain()["definition"].(string)
		require.NoError(t, json.Unmarshal([]byte(text), &definition))
		lease, all := definition.States["AwaitLease"].Seconds, 0
		for name, s := range definition.States {
			if s.Type == "Wait" {
				all += s.Seconds
			}
			if s.Type == "Wait" && name != "AwaitLease" {
				require.Greater(t, lease, s.Seconds, name)
			}
		}
		require.Equal(t, max(keepAlive, 60)+10, definition.States["AwaitConnections"].Seconds)
		require.Greater(t, definition.TimeoutSeconds, all)
	}
}

func TestOnlyAStandbyWritesTheTakeoverObject(t *testing.T) {
	west := run(t, "prod-west", standby()).Get(t, machineType, "prod-west-takeover").Plain()["definition"].(string)
	require.Contains(t, west, `"Bucket":"takeover-west","CacheControl":"no-store","ContentType":"application/json","Key":"takeover"`)
	east := run(t, "prod-east", home()).Get(t, machineType, "prod-east-takeover").Plain()["definition"].(string)
	require.NotContains(t, east, "s3:putObject")
}

func TestTheMachinesMayTouchTheirOwnThingsAlone(t *testing.T) {
	rec := run(t, "prod-west", standby())
	policy := rec.Get(t, policyType, "prod-west-takeover").Plain()["policy"].(string)
	var document struct {
		Statement []struct {
			Sid      string
			Action   []string
			Resource any
		}
	}
	require.NoError(t, json.Unmarshal([]byte(policy), &document))
	for _, s := range document.Statement {
		if s.Sid == "Log" || s.Sid == "Trace" {
			continue // their actions know no resources
		}
		text, err := json.Marshal(s.Resource)
		require.NoError(t, err)
		require.NotContains(t, string(text), `"*"`, s.Sid)
		require.NotContains(t, string(text), "null", s.Sid)
	}
	require.Contains(t, policy, `"arn:aws:rds::123456789012:global-cluster:prod-global"`)
	require.Contains(t, policy, `"arn:aws:s3:::takeover-west/takeover"`)
	require.Contains(t, policy, `"arn:aws:eks:us-west-2:123456789012:nodegroup/prod-west/prod-west-baseline-1/*"`)
	require.Contains(t, policy, `"https://prod-east.tandem.example/healthz"`)
}

func TestTheTakeoverMayRaiseTheAutoscalersOfItsWorkloadsAndNothingElseOfTheCluster(t *testing.T) {
	const entryType, roleType, bindingType = "aws:eks/accessEntry:AccessEntry", "kubernetes:rbac.authorization.k8s.io/v1:Role", "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"
	require.Empty(t, run(t, "prod-west", standby()).Names(entryType), "without workloads it has no access")

	args := standby()
	args.ClusterEndpoint, args.ClusterCertificateAuthority = pulumi.String("https://0123.gr7.us-west-2.eks.amazonaws.com"), pulumi.String("LS0t")
	args.Workloads = map[string]recovery.Workload{"shop": {Namespace: pulumi.String("shop-1"), Autoscaler: "web", MinReplicas: 6}}
	rec := run(t, "prod-west", args)
	entry := rec.Get(t, entryType, "prod-west-takeover").Plain()
	require.Equal(t, "prod-west", entry["clusterName"])
	require.Equal(t, rec.Get(t, machineType, "prod-west-takeover").Plain()["roleArn"], entry["principalArn"])
	require.Equal(t, []any{"tandem:prod-west-takeover"}, entry["kubernetesGroups"])
	role := rec.Get(t, roleType, "prod-west-takeover-shop").Plain()
	require.Equal(t, map[string]any{"name": "prod-west-takeover-shop", "namespace": "shop-1"}, role["metadata"])
	require.Equal(t, []any{map[string]any{
		"apiGroups": []any{"autoscaling"}, "resources": []any{"horizontalpodautoscalers"}, "resourceNames": []any{"web"}, "verbs": []any{"get", "update"},
	}}, role["rules"])
	binding := rec.Get(t, bindingType, "prod-west-takeover-shop").Plain()
	require.Equal(t, "prod-west-takeover-shop", binding["roleRef"].(map[string]any)["name"])
	require.Equal(t, "tandem:prod-west-takeover", binding["subjects"].([]any)[0].(map[string]any)["name"])

	definition := rec.Get(t, machineType, "prod-west-takeover").Plain()["definition"].(string)
	require.Contains(t, definition, `"Endpoint":"https://0123.gr7.us-west-2.eks.amazonaws.com"`)
	require.Contains(t, definition, `"Path":"/apis/autoscaling/v2/namespaces/shop-1/horizontalpodautoscalers/web"`)
	require.NotContains(t, rec.Get(t, policyType, "prod-west-takeover").Plain()["policy"], "eks:Call", "Kubernetes decides alone")
	require.NotContains(t, rec.Get(t, machineType, "prod-west-failback").Plain()["definition"], "eks:call")
}

func TestTheWayToTheOtherRegionIsThatOfTheTransitGateway(t *testing.T) {
	args := standby()
	args.Transit = &recovery.Transit{RouteTableID: pulumi.String("tgw-rtb-1"), OtherCIDR: "10.0.0.0/16"}
	rec := run(t, "prod-west", args)
	definition := rec.Get(t, machineType, "prod-west-takeover").Plain()["definition"].(string)
	for _, half := range []string{"10.0.0.0/17", "10.0.128.0/17"} {
		require.Contains(t, definition, `"Blackhole":true,"DestinationCidrBlock":"`+half+`","TransitGatewayRouteTableId":"tgw-rtb-1"`)
	}
	require.Contains(t, rec.Get(t, policyType, "prod-west-takeover").Plain()["policy"], `"arn:aws:ec2:us-west-2:123456789012:transit-gateway-route-table/tgw-rtb-1"`)
	require.NotContains(t, run(t, "prod-west", standby()).Get(t, policyType, "prod-west-takeover").Plain()["policy"], "ec2:")
}

func TestTheTakeoverStartsWhenTwoIndependentSignalsAgree(t *testing.T) {
	rec := run(t, "prod-west", standby())
	lost := rec.Get(t, compositeType, "prod-west-region-lost").Plain()
	require.Equal(t, `ALARM("prod-west-replication-1") AND ALARM("prod-west-canary-1")`, lost["alarmRule"])

	replication := rec.Get(t, alarmType, "prod-west-replication").Plain()
	require.Equal(t, "breaching", replication["treatMissingData"], "a lost region replicates nothing, and nothing tells of it")
	require.Contains(t, replication["metricQueries"].([]any)[0].(map[string]any)["expression"], "DBClusterIdentifier = 'prod-west-db'")
	canary := rec.Get(t, alarmType, "prod-west-canary").Plain()
	require.Equal(t, "notBreaching", canary["treatMissingData"], "a canary that does not run is no sign of a loss")
	require.Equal(t, map[string]any{"CanaryName": "prod-west-canary-1"}, canary["dimensions"])

	rule := rec.Get(t, ruleType, "prod-west-start").Plain()["eventPattern"].(string)
	require.Contains(t, rule, `"resources":["arn:aws:test:us-west-2:123456789012:prod-west-region-lost-1"]`)
	require.Contains(t, rule, `"value":["ALARM"]`)
	target := rec.Get(t, targetType, "prod-west-start").Plain()
	require.Equal(t, "arn:aws:test:us-west-2:123456789012:prod-west-takeover-1", target["arn"])
	require.JSONEq(t, `{"mode":"failover","force":false,"reason":"the alarm that the other region is lost"}`, target["input"].(string))
}

func TestTheCanaryAsksTheOtherRegion(t *testing.T) {
	rec := run(t, "prod-west", standby())
	canary := rec.Get(t, canaryType, "prod-west-canary").Plain()
	require.Equal(t, "rate(1 minute)", canary["schedule"].(map[string]any)["expression"])
	require.Equal(t, map[string]any{"URL": "https://prod-east.tandem.example/healthz"}, canary["runConfig"].(map[string]any)["environmentVariables"])
	require.Equal(t, true, canary["startCanary"])
	require.True(t, strings.HasPrefix(canary["artifactS3Location"].(string), "s3://prod-west-canary"))
}

func TestTheLeaseIsARegionsOwnAndIsKept(t *testing.T) {
	table := run(t, "prod-west", standby()).Get(t, tableType, "prod-west-lease")
	require.True(t, table.Protect)
	require.True(t, table.RetainOnDelete)
	in := table.Plain()
	require.NotContains(t, in, "replicas")
	require.NotContains(t, in, "streamEnabled")
	require.Equal(t, true, in["deletionProtectionEnabled"])

	args := standby()
	args.AllowDestroy = true
	table = run(t, "prod-west", args).Get(t, tableType, "prod-west-lease")
	require.False(t, table.Protect)
	require.Equal(t, false, table.Plain()["deletionProtectionEnabled"])
}

func TestTheSecretOfTheProbesIsNotInTheClear(t *testing.T) {
	connection := run(t, "prod-west", standby()).Get(t, "aws:cloudwatch/eventConnection:EventConnection", "prod-west-probe")
	key := connection.Inputs["authParameters"].ObjectValue()["apiKey"].ObjectValue()
	require.True(t, key["value"].IsSecret())
}

func TestNothingIsMadeOfBadArguments(t *testing.T) {
	rec, err := mocktest.Run(func(ctx *pulumi.Context) error {
		_, err := recovery.NewRecovery(ctx, "prod-west", &recovery.RecoveryArgs{})
		return err
	}, mocktest.Options{Outputs: outputs})
	require.ErrorContains(t, err, `recovery "prod-west": `)
	require.Empty(t, rec.Names(machineType))
}
