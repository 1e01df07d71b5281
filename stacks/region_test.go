package main

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/recovery"
	"github.com/tandem-platform/tandem/internal/mocktest"
	"github.com/tandem-platform/tandem/stacks/platform"
)

const (
	attachmentType = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	ingressType    = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	passwordType   = "random:index/randomPassword:RandomPassword"
	globalType     = "aws:rds/globalCluster:GlobalCluster"
	jumpType       = "aws:autoscaling/group:Group"
)

// preview previews a stack of the committed stack file, after a change of its
// platform object; a standby in bootstrap mode.
func preview(t *testing.T, stack string, change func(platform map[string]any)) *mocktest.Recording {
	t.Helper()
	return mocktest.MustRun(t, deploy, mocktest.Options{
		Stack: stack, Preview: true, Config: stackConfig(t, stack, change),
		// What the database's secret is made of has to be known.
		Exists: func(typ, _ string) bool { return typ == passwordType || typ == globalType },
		Outputs: func(typ, _ string, _ resource.PropertyMap) resource.PropertyMap {
			switch typ {
			case passwordType:
				return resource.PropertyMap{"result": resource.NewStringProperty("correct-horse-battery-staple")}
			case globalType:
				return resource.PropertyMap{"endpoint": resource.NewStringProperty("global.rds.amazonaws.com")}
			}
			return nil
		},
		Call: func(string, resource.PropertyMap) (resource.PropertyMap, error) { return resource.PropertyMap{}, nil },
	})
}

func part(p map[string]any, name string) map[string]any { return p[name].(map[string]any) }

func TestSessionsReachTheNodesOfEveryKind(t *testing.T) {
	for _, stack := range []string{"prod-east", "prod-west"} {
		rec := preview(t, stack, nil)
		require.Contains(t, rec.Names("aws:ssm/document:Document"), stack+"-preferences")
		require.Subset(t, rec.Names(attachmentType), []string{stack + "-session-node", stack + "-session-karpenter-node"})
		require.Empty(t, rec.Names(jumpType), "a jump server only on request")
	}
	rec := preview(t, "prod-east", func(p map[string]any) { part(p, "cluster")["autoscaler"] = "none" })
	require.Contains(t, rec.Names(attachmentType), "prod-east-session-node")
	require.NotContains(t, rec.Names(attachmentType), "prod-east-session-karpenter-node")
}

func TestAJumpServerReachesTheDatabaseAndTheJoinedRegions(t *testing.T) {
	for stack, blocks := range map[string][2]string{
		"prod-east": {"10-0-0-0-16", "10-1-0-0-16"}, "prod-west": {"10-1-0-0-16", "10-0-0-0-16"},
	} {
		rec := preview(t, stack, func(p map[string]any) {
			p["administration"] = map[string]any{"maxMinutes": 30, "jumpServer": map[string]any{"instanceType": "t4g.nano"}}
		})
		require.Equal(t, "t4g.nano", rec.Get(t, "aws:ec2/launchTemplate:LaunchTemplate", stack+"-jump").Plain()["instanceType"])
		require.Equal(t, []string{stack + "-jump"}, rec.Names(jumpType))
		require.Contains(t, rec.Names(ingressType), stack+"-database-from-jump")
		require.Subset(t, rec.Names("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"), []string{stack + "-jump-" + blocks[0], stack + "-jump-" + blocks[1]})
	}
}

func TestApplicationsOfJoinedRegionsWriteToEachOthersDatabase(t *testing.T) {
	for stack, other := range map[string][2]string{"prod-east": {"us-west-2", "10.1.0.0/16"}, "prod-west": {"us-east-1", "10.0.0.0/16"}} {
		rule := stack + "-database-from-" + other[0]
		rec := preview(t, stack, nil)
		require.Equal(t, other[1], rec.Get(t, ingressType, rule).Plain()["cidrIpv4"])
		rec = preview(t, stack, func(p map[string]any) {
			delete(regionOf(p, "prod-east"), "transitGatewayAsn")
			delete(regionOf(p, "prod-west"), "transitGatewayAsn")
		})
		require.NotContains(t, rec.Names(ingressType), rule, "regions that are not joined have no way to each other")
	}
}

func TestTheWebServiceGetsItsSecretsByReference(t *testing.T) {
	const externalSecret = "kubernetes:external-secrets.io/v1:ExternalSecret"
	rec := preview(t, "prod-west", func(p map[string]any) {
		part(p, "web")["secrets"] = map[string]any{"TOKEN": map[string]any{"id": "shop-token-AbCdEf", "kmsKeyId": "mrk-1234abcd12ab34cd56ef1234567890ab"}}
	})
	data := rec.Get(t, externalSecret, "web-secrets").Plain()["spec"].(map[string]any)["data"].([]any)
	require.Len(t, data, 3)
	require.Equal(t, "DATABASE_PASSWORD", data[0].(map[string]any)["secretKey"])
	require.Equal(t, "password", data[0].(map[string]any)["remoteRef"].(map[string]any)["property"])
	require.Equal(t, "DATABASE_USERNAME", data[1].(map[string]any)["secretKey"])
	require.Equal(t, map[string]any{
		"secretKey": "TOKEN", "remoteRef": map[string]any{"key": "arn:aws:secretsmanager:us-west-2:123456789012:secret:shop-token-AbCdEf"},
	}, data[2])
	require.Equal(t, []string{"web-recommendation"}, rec.Names("kubernetes:autoscaling.k8s.io/v1:VerticalPodAutoscaler"))

	rec = preview(t, "prod-west", func(p map[string]any) {
		delete(part(p, "web"), "database")
		delete(part(p, "web"), "recommendResources")
	})
	require.Empty(t, rec.Names(externalSecret))
	require.Empty(t, rec.Names("kubernetes:autoscaling.k8s.io/v1:VerticalPodAutoscaler"))
}

func TestBlueAndGreenAreAKeyAway(t *testing.T) {
	rec := preview(t, "prod-east", func(p map[string]any) {
		part(p, "web")["blueGreen"] = map[string]any{"greenImage": "registry.k8s.io/e2e-test-images/agnhost:2.54", "live": "green"}
	})
	require.Equal(t, []string{"web", "web-green"}, rec.Names("kubernetes:apps/v1:Deployment"))
}

func TestAStandbyHasTakeoverCapacityOfItsOwn(t *testing.T) {
	const instanceType = "aws:rds/clusterInstance:ClusterInstance"
	change := func(p map[string]any) {
		regionOf(p, "prod-west")["database"] = map[string]any{"instanceClass": "db.r7g.xlarge", "instancesPerZone": 2}
	}
	west := preview(t, "prod-west", change)
	require.Len(t, west.Names(instanceType), 6)
	for _, name := range west.Names(instanceType) {
		require.Equal(t, "db.r7g.xlarge", west.Get(t, instanceType, name).Plain()["instanceClass"], name)
	}
	require.Equal(t, preview(t, "prod-east", nil).Names(instanceType), preview(t, "prod-east", change).Names(instanceType), "home stays as it is")
}

// What AWS forbids a secondary is what the takeover has to switch on.
func TestATakeoverLetsReadersScaleAsTheActiveRegionDoes(t *testing.T) {
	readers := func(change func(p map[string]any)) *recovery.Readers {
		config := stackConfig(t, "prod-west", change)
		settings, errs := platform.Decode("prod-west", config["tandem:platform"], config["tandem:active"])
		require.Empty(t, errs)
		return standIn(nil, settings).recoveryArgs().Readers
	}
	target := preview(t, "prod-west", nil).Get(t, "aws:appautoscaling/target:Target", "prod-west-readers").Plain()
	require.Equal(t, &recovery.Readers{Min: int(target["minCapacity"].(float64)), Max: int(target["maxCapacity"].(float64))}, readers(nil))
	require.Nil(t, readers(func(p map[string]any) { part(p, "database")["maxReaders"] = -1 }))
}
