package exposure

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/tandem-platform/tandem/policy/rule"
)

var bucketPolicy = rules.Add(rule.Rule{
	ID:       "s3-bucket-policy-not-public",
	Title:    "No policy of an S3 bucket allows something to everyone without a condition.",
	Severity: rule.Critical,
	Description: "Everyone is anyone on the internet. What is to be public goes through a content delivery network, which " +
		"the policy names as its principal.",
	Remedy: "name the principals that need it, or add a condition such as aws:SourceArn",
	Types:  []string{"aws:s3/bucketPolicy:BucketPolicy", "aws:s3/bucketV2:BucketV2", "aws:s3/bucket:Bucket"},
	Check: func(r rule.Resource) []rule.Finding {
		policy := r.At("policy")
		text, ok := policy.Text()
		if !ok {
			return nil
		}
		var findings []rule.Finding
		for _, s := range statements(text) {
			if s.public() {
				f := policy.Finding("")
				if f.Value != "[secret]" {
					f.Value = s.String()
				}
				findings = append(findings, f)
			}
		}
		return findings
	},
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

// statement is what is read of a statement of a policy document.
type statement struct {
	index        int
	Sid          string
	Effect       string
	Principal    any
	NotPrincipal any
	Condition    map[string]any
}

// statements are the statements of a policy document, none if it is not one:
// AWS will say so better.
func statements(document string) []statement {
	var doc struct{ Statement json.RawMessage }
	if json.Unmarshal([]byte(document), &doc) != nil {
		return nil
	}
	var all []statement
	if json.Unmarshal(doc.Statement, &all) != nil {
		var one statement // the list may be left out around a single one
		if json.Unmarshal(doc.Statement, &one) != nil {
			return nil
		}
		all = []statement{one}
	}
	for i := range all {
		all[i].index = i
	}
	return all
}

// public reports whether the statement allows something to everyone, or to all
// but a few, without a condition.
func (s statement) public() bool {
	return s.Effect == "Allow" && len(s.Condition) == 0 && (everyone(s.Principal) || s.NotPrincipal != nil)
}

func (s statement) String() string {
	if s.Sid != "" {
		return fmt.Sprintf("public in its statement %q", s.Sid)
	}
	return fmt.Sprintf("public in its statement %d", s.index+1)
}

// everyone reports whether a principal is "*", as itself or as an AWS account.
func everyone(principal any) bool {
	switch p := principal.(type) {
	case string:
		return p == "*"
	case []any:
		return slices.ContainsFunc(p, everyone)
	case map[string]any:
		return everyone(p["AWS"])
	default:
		return false
	}
}

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
