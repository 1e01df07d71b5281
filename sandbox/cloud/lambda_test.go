package cloud_test

import (
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

const (
	functionType = "aws:lambda/function:Function"
	rotationType = "aws:secretsmanager/secretRotation:SecretRotation"
)

func functionOf(role *cloudtest.Resource) props {
	return props{"role": role.Get("arn"), "runtime": "provided.al2023", "handler": "bootstrap", "s3Bucket": "code", "s3Key": "rotation.zip"}
}

func TestAFunctionNeedsARoleOfLambdasAndOneNetwork(t *testing.T) {
	east := cloudtest.New(t).AWS("us-east-1")
	east.Refused(functionType, "role", functionOf(east.Role("ec2", "ec2.amazonaws.com")), "cannot be assumed by lambda")
	role := east.Role("lambda", "lambda.amazonaws.com")
	in := functionOf(role)
	in["timeout"] = 901
	east.Refused(functionType, "time", in, "timeout")
	first, second := east.Network("us-east-1"), east.Network("us-east-1")
	group := east.Make("aws:ec2/securityGroup:SecurityGroup", "g", props{"vpcId": second.VPC.ID})
	in = functionOf(role)
	in["vpcConfig"] = props{"subnetIds": first.SubnetIDs(), "securityGroupIds": []any{group.ID}}
	east.Refused(functionType, "networks", in, group.ID+" is in "+second.VPC.ID)
}

func TestOnlyTheSecretItselfRotatesAndOnlyByAFunctionThatMayBeCalled(t *testing.T) {
	w := cloudtest.New(t)
	east, west := w.AWS("us-east-1"), w.AWS("us-west-2")
	secret := east.Make("aws:secretsmanager/secret:Secret", "s", props{"name": "s", "replicas": []any{props{"region": "us-west-2"}}})
	role := east.Role("lambda", "lambda.amazonaws.com")
	rotation := func(p *cloudtest.Provider, secret string) props {
		f := p.Make(functionType, "f", functionOf(role))
		return props{"secretId": secret, "rotationLambdaArn": f.Get("arn"), "rotationRules": props{"automaticallyAfterDays": 30}}
	}
	in := rotation(east, secret.ID)
	east.Refused(rotationType, "r", in, "Secrets Manager cannot invoke the specified Lambda function")
	east.Make("aws:lambda/permission:Permission", "p", props{
		"action": "lambda:InvokeFunction", "function": in["rotationLambdaArn"], "principal": "secretsmanager.amazonaws.com", "sourceArn": secret.ID,
	})
	made := east.Make(rotationType, "r", in)
	if made.Get("rotationEnabled") != "true" {
		t.Errorf("rotation is not on: %v", made.Outputs)
	}
	replica := strings.Replace(secret.ID, "us-east-1", "us-west-2", 1)
	west.Refused(rotationType, "replica", rotation(west, replica), "not permitted on a replica secret", "us-east-1")
}
