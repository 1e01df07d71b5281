package exposure

import (
	"slices"

	"github.com/tandem-platform/tandem/policy/rule"
)

// publicGroups are everyone, and everyone with an AWS account (S3 user guide,
// who is a grantee).
var publicGroups = []string{
	"http://acs.amazonaws.com/groups/global/AllUsers",
	"http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
}

const bucketACLType = "aws:s3/bucketAclV2:BucketAclV2"

var _ = rules.Add(rule.Rule{
	ID:          "s3-grant-not-public",
	Title:       "No grant on an S3 bucket is for the public.",
	Severity:    rule.Critical,
	Description: "A grant to one of the two public groups is a public ACL in other words.",
	Remedy:      "remove the grant",
	Types:       []string{bucketACLType, "aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketV2:BucketV2", "aws:s3/bucket:Bucket"},
	Check: func(r rule.Resource) []rule.Finding {
		var findings []rule.Finding
		for _, uri := range granteeURIs(r) {
			if text, _ := uri.Text(); slices.Contains(publicGroups, text) {
				findings = append(findings, uri.Finding(""))
			}
		}
		return findings
	},
	Good: []rule.Example{
		grantTo("http://acs.amazonaws.com/groups/s3/LogDelivery"),
		{{Type: "aws:s3/bucketV2:BucketV2", Name: "logs", Properties: map[string]any{
			"grants": []any{map[string]any{"type": "Group", "uri": "http://acs.amazonaws.com/groups/s3/LogDelivery", "permissions": []any{"WRITE"}}},
		}}},
	},
	Bad: []rule.Example{
		grantTo("http://acs.amazonaws.com/groups/global/AllUsers"),
		grantTo("http://acs.amazonaws.com/groups/global/AuthenticatedUsers"),
		{{Type: "aws:s3/bucketV2:BucketV2", Name: "logs", Properties: map[string]any{
			"grants": []any{map[string]any{"type": "Group", "uri": "http://acs.amazonaws.com/groups/global/AllUsers", "permissions": []any{"WRITE"}}},
		}}},
	},
})

// granteeURIs are the groups that a resource grants something to.
func granteeURIs(r rule.Resource) []rule.Value {
	var uris []rule.Value
	for _, grant := range r.At("accessControlPolicy", "grants").List() {
		uris = append(uris, grant.At("grantee", "uri"))
	}
	for _, grant := range r.At("grants").List() {
		uris = append(uris, grant.At("uri"))
	}
	return uris
}

func grantTo(group string) rule.Example {
	return rule.Example{{Type: bucketACLType, Name: "logs", Properties: map[string]any{
		"bucket": "logs",
		"accessControlPolicy": map[string]any{
			"grants": []any{map[string]any{"grantee": map[string]any{"type": "Group", "uri": group}, "permission": "WRITE"}},
		},
	}}}
}
