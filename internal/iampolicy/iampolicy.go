// Package iampolicy writes IAM policy documents.
//
// Values that come from other resources may be pulumi outputs; the document
// becomes known when they do.
package iampolicy

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// Statement is one statement of a policy document. Empty fields are left out.
type Statement struct {
	// Sid names the statement in errors and in the console.
	Sid string `json:"Sid,omitempty"`
	// Effect is "Allow" where empty.
	Effect string `json:"Effect"`
	// Principal says who, in a resource policy or a trust policy: "*" or a map such
	// as {"Service": "ec2.amazonaws.com"}. May hold outputs.
	Principal any `json:"Principal,omitempty"`
	// Action lists the actions.
	Action []string `json:"Action,omitempty"`
	// NotAction lists the actions that the statement is not about.
	NotAction []string `json:"NotAction,omitempty"`
	// Resource is one ARN or a list of them, or empty in a trust policy. May hold outputs.
	Resource any `json:"Resource,omitempty"`
	// Condition maps operator to key to values. May hold outputs.
	Condition any `json:"Condition,omitempty"`
}

// document is the whole of a policy.
type document struct {
	Version   string
	Statement []Statement
}

// JSON returns the document of the statements as JSON. It is secret or unknown
// where one of the values in it is.
func JSON(statements ...Statement) pulumi.StringOutput {
	all := make([]Statement, len(statements))
	for i, s := range statements {
		if s.Effect == "" {
			s.Effect = "Allow"
		}
		all[i] = s
	}
	return pulumi.JSONMarshal(document{Version: "2012-10-17", Statement: all})
}

// Trust returns the trust policy of a role that one AWS service may take on,
// such as "ec2.amazonaws.com". Conditions, where given, guard against confused
// deputies.
func Trust(service string, conditions ...map[string]any) pulumi.StringOutput {
	s := Statement{Principal: map[string]any{"Service": service}, Action: []string{"sts:AssumeRole"}}
	if len(conditions) > 0 {
		s.Condition = conditions[0]
	}
	return JSON(s)
}
