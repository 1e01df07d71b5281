package integration

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/cloud/document/policy"
)

const (
	typeRole       = "aws:iam/role:Role"
	typeRolePolicy = "aws:iam/rolePolicy:RolePolicy"
	typeAttachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	typePolicy     = "aws:iam/policy:Policy"
)

// may refuses an action on a resource unless a policy of the machine's role allows
// it, and none denies it. context are the condition keys of the request; a
// condition on any other key does not hold.
func (c *call) may(action, resource string, context map[string]string) error {
	documents, err := c.policies()
	if err != nil {
		return err
	}
	allowed := false
	for _, d := range documents {
		for i := range d.Statements {
			s := &d.Statements[i]
			if !about(s, action, resource) || !holds(s, context) {
				continue
			}
			if !s.Allow {
				return c.denied(action, resource, "with an explicit deny in an identity-based policy")
			}
			allowed = true
		}
	}
	if !allowed {
		return c.denied(action, resource, "because no identity-based policy allows the "+action+" action")
	}
	return nil
}

// denied has the name that the service's own error has.
func (c *call) denied(action, resource, why string) error {
	name := map[string]string{
		"dynamodb": "DynamoDB.AccessDeniedException", "sns": "SNS.AuthorizationErrorException", "rds": "Rds.RdsException",
		"cloudwatch": "CloudWatch.CloudWatchException", "eks": "Eks.AccessDeniedException", "ec2": "Ec2.Ec2Exception", "s3": "S3.S3Exception",
		"applicationautoscaling": "ApplicationAutoScaling.ApplicationAutoScalingException",
	}[c.service]
	if name == "" {
		name = "States.TaskFailed"
	}
	return refuse(name, "User: %s is not authorized to perform: %s on resource: %s %s", c.role, action, resource, why)
}

// policies are the documents of the machine's role.
func (c *call) policies() ([]*policy.Document, error) {
	var role *cloud.Resource
	texts := []string{}
	parts, err := c.Cloud.ResourcesOf(typeRole, typeRolePolicy, typeAttachment, typePolicy)
	if err != nil {
		return nil, err
	}
	for _, r := range parts {
		if r.Type == typeRole && r.Text("arn") == c.role {
			role = r
		}
	}
	if role == nil {
		return nil, refuse("States.TaskFailed", "the role %s does not exist, or Step Functions may not assume it", c.role)
	}
	inline, _ := role.At("inlinePolicies").([]any)
	for _, p := range inline {
		if m, ok := p.(map[string]any); ok {
			text, _ := m["policy"].(string)
			texts = append(texts, text)
		}
	}
	ofRole := func(r *cloud.Resource) bool { return oneOf(r.Text("role"), role.ID, role.Text("name"), c.role) }
	for _, r := range parts {
		switch {
		case r.Type == typeRolePolicy && ofRole(r):
			texts = append(texts, r.Text("policy"))
		case r.Type == typeAttachment && ofRole(r):
			for _, p := range parts {
				if p.Type == typePolicy && p.Text("arn") == r.Text("policyArn") {
					texts = append(texts, p.Text("policy"))
				}
			}
		}
	}
	var documents []*policy.Document
	for _, text := range texts {
		if text == "" {
			continue
		}
		d, err := policy.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("reading a policy of %s: %w", c.role, err)
		}
		documents = append(documents, d)
	}
	return documents, nil
}

func about(s *policy.Statement, action, resource string) bool {
	of := func(patterns []string, name string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return policy.Match(p, name) })
	}
	if s.NotActions != nil && of(s.NotActions, action) || s.NotActions == nil && !of(s.Actions, action) {
		return false
	}
	if s.NotResources != nil {
		return !of(s.NotResources, resource)
	}
	return of(s.Resources, resource)
}

func holds(s *policy.Statement, context map[string]string) bool {
	for _, condition := range s.Conditions {
		value, there := context[condition.Key]
		operator := condition.Operator
		if base, optional := strings.CutSuffix(operator, "IfExists"); optional {
			if !there {
				continue
			}
			operator = base
		}
		if operator == "Null" {
			if !slices.Contains(condition.Values, fmt.Sprint(!there)) {
				return false
			}
			continue
		}
		base, negated := strings.CutPrefix(operator, "StringNot")
		if negated {
			base = "String" + base
		}
		if base, negated = strings.CutPrefix(base, "ArnNot"); negated {
			base = "Arn" + base
		}
		negated = strings.Contains(operator, "Not")
		match := there && slices.ContainsFunc(condition.Values, func(v string) bool {
			switch base {
			case "StringEquals", "Bool":
				return v == value
			case "StringEqualsIgnoreCase":
				return strings.EqualFold(v, value)
			case "StringLike", "ArnLike", "ArnEquals":
				return policy.Match(v, value)
			}
			return false
		})
		if match == negated {
			return false
		}
	}
	return true
}
