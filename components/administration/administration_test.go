package administration_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/administration"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

var update = flag.Bool("update", false, "write the golden files of testdata")

// golden compares a document with a file of testdata.
func golden(t *testing.T, file string, document []byte) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		require.NoError(t, os.WriteFile(path, document, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(document), "if the change is meant, run the test with -update")
}

func goldenJSON(t *testing.T, file, document string) {
	t.Helper()
	var indented bytes.Buffer
	require.NoError(t, json.Indent(&indented, []byte(document), "", "  "), document)
	indented.WriteByte('\n')
	golden(t, file, indented.Bytes())
}

func args() *administration.AdministrationArgs {
	return &administration.AdministrationArgs{Region: "us-east-1", AccountID: "123456789012"}
}

func withJump() *administration.AdministrationArgs {
	a := args()
	a.JumpServer = &administration.JumpServer{
		VPCID: pulumi.String("vpc-1"), SubnetIDs: pulumi.ToStringArray([]string{"subnet-a", "subnet-b"}), CIDRs: []string{"10.0.0.0/16", "10.1.0.0/16"},
	}
	return a
}

func run(t *testing.T, preview bool, a *administration.AdministrationArgs) *mocktest.Recording {
	t.Helper()
	return mocktest.MustRun(t, func(ctx *pulumi.Context) error {
		_, err := administration.NewAdministration(ctx, "ops", a)
		return err
	}, mocktest.Options{Preview: preview, Outputs: func(typ, name string, _ resource.PropertyMap) resource.PropertyMap {
		switch typ {
		case "aws:cloudwatch/logGroup:LogGroup", "aws:iam/role:Role", "aws:autoscaling/group:Group":
			return resource.NewPropertyMapFromMap(map[string]any{"name": name + "-0123456"}) // as the provider names it
		case "aws:ec2/launchTemplate:LaunchTemplate":
			return resource.NewPropertyMapFromMap(map[string]any{"latestVersion": 3})
		}
		return nil
	}})
}

func TestSessionsAreEncryptedRecordedAndShort(t *testing.T) {
	a := args()
	a.HostRoleNames = map[string]pulumi.StringInput{"nodes": pulumi.String("node-role")}
	rec := run(t, false, a)
	document := rec.Get(t, "aws:ssm/document:Document", "ops-preferences").Plain()
	require.Subset(t, document, map[string]any{"name": "SSM-SessionManagerRunShell", "documentType": "Session", "documentFormat": "JSON"})
	goldenJSON(t, "preferences.json", document["content"].(string))
	goldenJSON(t, "host.json", rec.Get(t, "aws:iam/policy:Policy", "ops-session-host").Plain()["policy"].(string))
	key := rec.Get(t, "aws:kms/key:Key", "ops-sessions")
	goldenJSON(t, "key.json", key.Plain()["policy"].(string))
	group := rec.Get(t, "aws:cloudwatch/logGroup:LogGroup", "ops-sessions")
	require.Subset(t, group.Plain(), map[string]any{"retentionInDays": 365.0, "kmsKeyId": "arn:aws:kms:::ops-sessions"})
	for _, r := range []mocktest.Resource{key, group} {
		require.True(t, r.Protect && r.RetainOnDelete, r.Name)
	}
	require.Equal(t, map[string]any{"role": "node-role", "policyArn": "arn:aws:iam:::ops-session-host"},
		rec.Get(t, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "ops-session-nodes").Plain())
	require.Empty(t, rec.Names("aws:autoscaling/group:Group"), "a jump server only on request")
	require.Empty(t, rec.Names("aws:ec2/securityGroup:SecurityGroup"))
}

func TestAllowDestroyLetsTheRecordGo(t *testing.T) {
	a := args()
	a.AllowDestroy = true
	rec := run(t, false, a)
	for _, r := range []mocktest.Resource{rec.Get(t, "aws:kms/key:Key", "ops-sessions"), rec.Get(t, "aws:cloudwatch/logGroup:LogGroup", "ops-sessions")} {
		require.False(t, r.Protect || r.RetainOnDelete, r.Name)
	}
}

func TestTheJumpServerHasNoWayIn(t *testing.T) {
	rec := run(t, false, withJump())
	template := rec.Get(t, "aws:ec2/launchTemplate:LaunchTemplate", "ops-jump").Plain()
	require.Equal(t, "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64", template["imageId"])
	require.Equal(t, map[string]any{"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1.0}, template["metadataOptions"])
	require.Equal(t, []any{map[string]any{
		"associatePublicIpAddress": "false", "deleteOnTermination": "true", "securityGroups": []any{"ops-jump-id"},
	}}, template["networkInterfaces"])
	require.Equal(t, []any{map[string]any{"deviceName": "/dev/xvda", "ebs": map[string]any{
		"encrypted": "true", "volumeType": "gp3", "volumeSize": 10.0, "deleteOnTermination": "true",
	}}}, template["blockDeviceMappings"])
	script, err := base64.StdEncoding.DecodeString(template["userData"].(string))
	require.NoError(t, err)
	golden(t, "userdata.sh", script)

	require.Empty(t, rec.Names("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"))
	require.NotContains(t, rec.Get(t, "aws:ec2/securityGroup:SecurityGroup", "ops-jump").Plain(), "ingress")
	out := map[string]string{}
	for _, name := range rec.Names("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule") {
		in := rec.Get(t, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", name).Plain()
		out[name] = fmt.Sprint(in["ipProtocol"], " ", in["toPort"], " ", in["cidrIpv4"])
	}
	require.Equal(t, map[string]string{
		"ops-jump-https": "tcp 443 0.0.0.0/0", "ops-jump-10-0-0-0-16": "-1 <nil> 10.0.0.0/16", "ops-jump-10-1-0-0-16": "-1 <nil> 10.1.0.0/16",
	}, out)

	attached := map[any]bool{}
	for _, name := range rec.Names("aws:iam/rolePolicyAttachment:RolePolicyAttachment") {
		in := rec.Get(t, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", name).Plain()
		require.Equal(t, "ops-jump-0123456", in["role"])
		attached[in["policyArn"]] = true
	}
	require.Equal(t, map[any]bool{"arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore": true, "arn:aws:iam:::ops-session-host": true}, attached)
}

func TestTheJumpServerComesBackInAnotherZoneAndStaysYoung(t *testing.T) {
	group := run(t, false, withJump()).Get(t, "aws:autoscaling/group:Group", "ops-jump").Plain()
	require.Subset(t, group, map[string]any{
		"minSize": 1.0, "maxSize": 1.0, "vpcZoneIdentifiers": []any{"subnet-a", "subnet-b"}, "maxInstanceLifetime": 604800.0,
		"launchTemplate": map[string]any{"id": "ops-jump-id", "version": "3"},
	})
}

func TestPreviewRegistersTheSameResources(t *testing.T) {
	up, preview := run(t, false, withJump()), run(t, true, withJump())
	require.Equal(t, up.Types(), preview.Types())
	for _, typ := range up.Types() {
		require.Equal(t, up.Names(typ), preview.Names(typ))
	}
}

func TestEveryBadArgumentIsReportedBeforeAnythingIsRegistered(t *testing.T) {
	rec, err := mocktest.Run(func(ctx *pulumi.Context) error {
		_, err := administration.NewAdministration(ctx, "ops", &administration.AdministrationArgs{
			DocumentName: "a b", IdleMinutes: 61, MaxMinutes: -1, LogRetentionDays: 2,
			HostRoleNames: map[string]pulumi.StringInput{"nodes": nil},
			JumpServer:    &administration.JumpServer{CIDRs: []string{"10.0.0.1/16"}, InstanceType: "t3.micro", DiskSizeGiB: 4},
		})
		return err
	}, mocktest.Options{})
	for _, want := range []string{
		`administration "ops": 12 problems`,
		`region: Invalid value: "": must be an AWS region, such as us-east-1`,
		`accountId: Invalid value: "": must be the 12 digits of an AWS account`,
		`documentName: Invalid value: "a b": must be 3 to 128 letters, digits, dots, hyphens and underscores`,
		`idleMinutes: Invalid value: 61: must be 1 to 60 minutes`,
		`maxMinutes: Invalid value: -1: must be 1 to 1440 minutes`,
		`logRetentionDays: Invalid value: 2: must be a period that CloudWatch Logs knows`,
		`hostRoleNames[nodes]: Required value: give the name of a role`,
		`jumpServer.vpcId: Required value: give the VPC`,
		`jumpServer.subnetIds: Required value: give private subnets in two zones or more`,
		`jumpServer.cidrs[0]: Invalid value: "10.0.0.1/16": must be an IPv4 block in CIDR notation, such as 10.0.0.0/16`,
		`jumpServer.instanceType: Invalid value: "t3.micro": must be a type of the Arm architecture, such as t4g.micro`,
		`jumpServer.diskSizeGiB: Invalid value: 4: must be 8 or more, the size of the image`,
	} {
		require.ErrorContains(t, err, want)
	}
	require.Empty(t, rec.Resources)
}
