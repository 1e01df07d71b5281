package exposure

import (
	"encoding/json"

	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/policies"
)

var _ = rules.Add(rule.Rule{
	ID:       "s3-bucket-policy-not-public",
	Title:    "No policy of an S3 bucket allows something to everyone without a condition.",
	Severity: rule.Critical,
	Description: "Everyone is anyone on the internet. What is to be public goes through a content delivery network, which " +
		"the policy names as its principal.",
	Remedy: "name the principals that need it, or add a condition such as aws:SourceArn",
	Types:  []string{"aws:s3/bucketPolicy:BucketPolicy", "aws:s3/bucketV2:BucketV2", "aws:s3/bucket:Bucket"},
	Check:  policies.NoStatement("policy", policies.Statement.Public),
	Good: []rule.Example{
		policyWith("Allow", map[string]any{"AWS": "arn:aws:iam::123456789012:role/web"}, nil),
		policyWith("Allow", map[string]any{"AWS": []any{"arn:aws:iam::123456789012:role/web"}}, nil),
		policyWith("Allow", "*", map[string]any{"StringEquals": map[string]any{"aws:PrincipalOrgID": "o-example"}}),
		policyWith("Deny", "*", nil),
	},
	Bad: []rule.Example{
		policyWith("Allow", "*", nil),
		policyWith("Allow", map[string]any{"AWS": "*"}, nil),
		policyWith("Allow", map[string]any{"AWS": []any{"arn:aws:iam::123456789012:role/web", "*"}}, nil),
	},
})

func policyWith(effect string, principal any, condition map[string]any) rule.Example {
	s := map[string]any{"Sid": "Read", "Effect": effect, "Principal": principal, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::files/*"}
	if condition != nil {
		s["Condition"] = condition
	}
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{s}})
	if err != nil {
		panic(err)
	}
	return rule.Example{{Type: "aws:s3/bucketPolicy:BucketPolicy", Name: "files", Properties: map[string]any{"bucket": "files", "policy": string(text)}}}
}
