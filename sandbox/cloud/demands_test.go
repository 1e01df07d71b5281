package cloud_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

func TestWhatTheProviderDemandsIsDemanded(t *testing.T) {
	p := cloudtest.New(t).AWS("us-east-1")
	unknown := resource.MakeComputed(resource.NewStringProperty(""))
	for name, c := range map[string]struct {
		typ string
		in  props
		// set is merged in as engine values.
		set  resource.PropertyMap
		want string // "" for nothing wrong
	}{
		"a value that is not in the list": {typ: "aws:ec2/vpc:Vpc", in: props{"cidrBlock": "10.0.0.0/16", "instanceTenancy": "alone"},
			want: `instanceTenancy: aws:ec2/vpc:Vpc resource 'r' has a problem: expected instanceTenancy to be one of ["dedicated" "default"], got alone`},
		"a nested value": {typ: "aws:s3/bucketVersioningV2:BucketVersioningV2", in: props{"bucket": "b", "versioningConfiguration": props{"status": "On"}},
			want: `versioningConfiguration.status: `},
		"a value in a list": {typ: "aws:lb/listenerRule:ListenerRule", in: props{
			"listenerArn": "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/a/b/c", "conditions": []any{props{}},
			"actions": []any{props{"type": "redirect"}, props{"type": "forwards"}},
		}, want: "actions[1].type: "},
		"a number out of range":    {typ: "aws:kms/key:Key", in: props{"deletionWindowInDays": 3}, want: "in the range (7 - 30), got 3"},
		"a number or nothing":      {typ: "aws:secretsmanager/secret:Secret", in: props{"recoveryWindowInDays": 3}, want: "in the range (7 - 30), got 3"},
		"the number for nothing":   {typ: "aws:secretsmanager/secret:Secret", in: props{"recoveryWindowInDays": 0}},
		"a default is no mistake":  {typ: "aws:secretsmanager/secret:Secret", in: props{}},
		"two in conflict":          {typ: "aws:ec2/vpc:Vpc", in: props{"cidrBlock": "10.0.0.0/16", "ipv4NetmaskLength": 16, "ipv4IpamPoolId": "p"}, want: "conflicts with ipv4NetmaskLength"},
		"a name and its prefix":    {typ: "aws:kms/alias:Alias", in: props{"name": "alias/a", "namePrefix": "alias/b", "targetKeyId": "k"}, want: "conflicts with namePrefix"},
		"none of those needed":     {typ: "aws:ec2/flowLog:FlowLog", in: props{"trafficType": "ALL"}, want: "one of `eniId,subnetId,transitGatewayAttachmentId,transitGatewayId,vpcId` must be specified"},
		"two where one is allowed": {typ: "aws:ec2/flowLog:FlowLog", in: props{"vpcId": "v", "subnetId": "s"}, want: "only one of `eniId,"},
		"one that needs another":   {typ: "aws:kms/key:Key", in: props{"rotationPeriodInDays": 100}, want: "all of `rotationPeriodInDays,enableKeyRotation` must be specified"},
		"an unknown value may do":  {typ: "aws:ec2/flowLog:FlowLog", in: props{"trafficType": "ALL"}, set: resource.PropertyMap{"vpcId": unknown}},
		"too few of a list":        {typ: "aws:route53/healthCheck:HealthCheck", in: props{"type": "HTTPS", "fqdn": "a", "regions": []any{"us-east-1"}}, want: "requires 3 item minimum, but config has only 1 declared"},
		"a list left out":          {typ: "aws:route53/healthCheck:HealthCheck", in: props{"type": "HTTPS", "fqdn": "a"}},
		"a nested list left out": {typ: "aws:lb/listenerRule:ListenerRule", in: props{
			"listenerArn": "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/a/b/c", "actions": []any{props{"type": "redirect"}},
			"conditions": []any{props{"hostHeader": props{}}},
		}, want: "conditions[0].hostHeader.values: "},
		"a text too long": {typ: "aws:kms/key:Key", in: props{"description": strings.Repeat("a", 8193)}, want: "expected length of description to be in the range (0 - 8192)"},
		"no ARN":          {typ: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", in: props{"role": "r", "policyArn": "ReadOnlyAccess"}, want: "is not an ARN"},
	} {
		in := resource.NewPropertyMapFromMap(c.in)
		for k, v := range c.set {
			in[k] = v
		}
		_, failures := p.Check(c.typ, "r", nil, in)
		switch all := strings.Join(failures, "\n"); {
		case c.want == "" && all != "":
			t.Errorf("%s: was refused: %s", name, all)
		case !strings.Contains(all, c.want):
			t.Errorf("%s: %q has no %q", name, all, c.want)
		}
	}
}

func TestWhatTheProviderCallsSensitiveIsSecret(t *testing.T) {
	p := cloudtest.New(t).AWS("us-east-1")
	secret := p.Make("aws:secretsmanager/secret:Secret", "s", props{})
	version := p.Make("aws:secretsmanager/secretVersion:SecretVersion", "v", props{"secretId": secret.ID, "secretString": "hunter2"})
	if !version.Outputs["secretString"].IsSecret() {
		t.Error("the value of a secret is an output in the clear")
	}
}
