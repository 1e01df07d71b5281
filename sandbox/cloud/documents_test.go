package cloud_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

// statement is a policy of one statement of these parts.
func statement(parts ...string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + strings.Join(parts, ",") + `}]}`
}

func TestDocumentsAreReadAsTheirServicesReadThem(t *testing.T) {
	w := cloudtest.New(t)
	p := w.AWS("us-east-1")
	role := p.Role("reader", "ec2.amazonaws.com")
	bucket := p.Make(bucketType, "b", props{"bucket": "tandem-b"})
	topic := p.Make("aws:sns/topic:Topic", "t", props{"name": "t"})
	network := p.Network("us-east-1")
	const bucketPolicy, inline, key = "aws:s3/bucketPolicy:BucketPolicy", "aws:iam/rolePolicy:RolePolicy", "aws:kms/key:Key"
	on := func(resources string, more ...string) props {
		return props{"bucket": bucket.ID, "policy": statement(append(more, `"Resource":`+resources)...)}
	}
	nobody := `"Principal":{"AWS":"arn:aws:iam::123456789012:role/nobody"}`
	everybody := `"Principal":"*"`
	read := `"Action":"s3:GetObject"`
	p.Make(bucketPolicy, "good", on(`["arn:aws:s3:::tandem-b","arn:aws:s3:::tandem-b/*"]`, fmt.Sprintf(`"Principal":{"AWS":"%s"}`, role.Get("arn")), `"Action":["s3:GetObject","s3:ListBucket"]`))
	half := strings.Repeat("b", 6000)
	p.Make(inline, "first", props{"role": role.ID, "policy": statement(read, `"Resource":"arn:aws:s3:::`+half+`"`)})
	golden(t, "documents.txt", refusals(t, map[string]attempt{
		"trust in a role that is not there":  {p, "aws:iam/role:Role", props{"assumeRolePolicy": statement(nobody, `"Action":"sts:AssumeRole"`)}, `invalid principal in policy: "AWS"`},
		"identity policy with a principal":   {p, "aws:iam/policy:Policy", props{"policy": statement(everybody, read, `"Resource":"*"`)}, "should not specify a principal"},
		"managed policy too long":            {p, "aws:iam/policy:Policy", props{"policy": statement(read, `"Resource":"arn:aws:s3:::`+half+half+`"`)}, "6144"},
		"inline policies too long together":  {p, inline, props{"role": role.ID, "policy": statement(read, `"Resource":"arn:aws:s3:::`+half+`"`)}, "maximum policy size of 10240 bytes exceeded"},
		"bucket policy of another bucket":    {p, bucketPolicy, on(`"arn:aws:s3:::tandem-c/*"`, everybody, read), "policy has invalid resource"},
		"bucket policy of a neighbour":       {p, bucketPolicy, on(`"arn:aws:s3:::tandem-b2/*"`, everybody, read), "policy has invalid resource"},
		"object action on the bucket":        {p, bucketPolicy, on(`"arn:aws:s3:::tandem-b"`, everybody, read), "action does not apply to any resource(s) in statement"},
		"bucket action on objects":           {p, bucketPolicy, on(`"arn:aws:s3:::tandem-b/*"`, everybody, `"Action":"s3:ListBucket"`), "action does not apply"},
		"bucket policy for nobody":           {p, bucketPolicy, on(`"arn:aws:s3:::tandem-b/*"`, read), "missing required field Principal"},
		"key policy that locks everyone out": {p, key, props{"policy": statement(`"Principal":{"Service":"logs.us-east-1.amazonaws.com"}`, `"Action":"kms:*"`, `"Resource":"*"`)}, "will not allow you to update the key policy"},
		"key policy on condition":            {p, key, props{"policy": statement(`"Principal":{"AWS":"arn:aws:iam::123456789012:root"}`, `"Action":"kms:*"`, `"Resource":"*"`, `"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`)}, "will not allow you"},
		"topic policy of another topic":      {p, "aws:sns/topicPolicy:TopicPolicy", props{"arn": topic.ID, "policy": statement(everybody, `"Action":"sns:Publish"`, `"Resource":"arn:aws:sns:us-east-1:123456789012:other"`)}, "invalid resource"},
		"endpoint policy without principal":  {p, "aws:ec2/vpcEndpoint:VpcEndpoint", props{"vpcId": network.VPC.ID, "serviceName": "com.amazonaws.us-east-1.s3", "policy": statement(read, `"Resource":"*"`)}, "missing required field Principal"},
		"event pattern without lists":        {p, "aws:cloudwatch/eventRule:EventRule", props{"eventPattern": `{"source":"aws.rds"}`}, "must be an object or an array"},
		"dashboard of an unknown widget":     {p, "aws:cloudwatch/dashboard:Dashboard", props{"dashboardName": "d", "dashboardBody": `{"widgets":[{"type":"graph","properties":{}}]}`}, "should be equal to one of the allowed values"},
	}))
	p.Make(key, "on request", props{"bypassPolicyLockoutSafetyCheck": true, "policy": statement(`"Principal":{"Service":"logs.us-east-1.amazonaws.com"}`, `"Action":"kms:*"`, `"Resource":"*"`)})
}
