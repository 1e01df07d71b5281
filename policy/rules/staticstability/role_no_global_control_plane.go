package staticstability

import (
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/policies"
)

const (
	role       = "aws:iam/role:Role"
	rolePolicy = "aws:iam/rolePolicy:RolePolicy"
)

var _ = rules.Add(rule.Rule{
	ID:       "role-no-global-control-plane",
	Title:    "Roles of what recovers allow no call to a global control plane.",
	Severity: rule.Medium,
	Description: "What a role allows, its state machine or function does sooner or later. IAM, Route 53 and CloudFront answer " +
		"through us-east-1 alone, so a recovery that asks them fails when it is that region that is lost. To pass a role is no " +
		"such call.",
	Remedy:   "take the actions away, and keep recovery to data planes and to the control planes of its own region",
	Types:    []string{rolePolicy},
	Settings: []rule.Setting{recovery},
	CheckInStack: func(r rule.Resource, stack *rule.Stack) []rule.Finding {
		if !ofRecovery(r, stack) {
			return nil
		}
		return policies.NoStatement("policy", func(s policies.Statement) bool {
			return s.Effect == "Allow" && slices.ContainsFunc(s.Actions(), func(action string) bool {
				service, name, _ := strings.Cut(strings.ToLower(action), ":")
				return slices.Contains(global, service) && name != "passrole"
			})
		})(r)
	},
	Good: []rule.Example{
		roleOfTakeover(stateMachine, "takeover", allowing("rds:FailoverGlobalCluster", "iam:PassRole")),
		roleOfTakeover(function, "failover-lease", allowing("dynamodb:PutItem")),
		roleOfTakeover(function, "sign-up", allowing("route53:ChangeResourceRecordSets")),
	},
	Bad: []rule.Example{
		roleOfTakeover(stateMachine, "takeover", allowing("rds:FailoverGlobalCluster", "route53:ChangeResourceRecordSets")),
		roleOfTakeover(function, "failover-lease", allowing("cloudfront:UpdateDistribution")),
		roleOfTakeover(function, "failover-lease", allowing("iam:*")),
	},
})

// ofRecovery reports whether a policy is certainly that of the role of a state
// machine or a function of recovery.
func ofRecovery(policy rule.Resource, stack *rule.Stack) bool {
	for _, actor := range stack.OfType(stateMachine, function) {
		actor.Settings = policy.Settings
		if !recovers(actor) {
			continue
		}
		roleOf := map[string]string{stateMachine: "roleArn", function: "role"}[actor.Type]
		for _, r := range stack.OfType(role) {
			if stack.Refers(actor, roleOf, r, "arn") == rule.Yes && stack.Refers(policy, "role", r, "name", "id") == rule.Yes {
				return true
			}
		}
	}
	return false
}

// roleOfTakeover has a role with a policy, and what runs as it.
func roleOfTakeover(typ, name, policy string) rule.Example {
	actor := rule.ExampleResource{Type: typ, Name: name, Properties: rule.Properties{"role": rule.Ref{Resource: "runner", Property: "arn"}}}
	if typ == stateMachine {
		actor.Properties = rule.Properties{
			"roleArn": rule.Ref{Resource: "runner", Property: "arn"}, "definition": calling("arn:aws:states:::aws-sdk:rds:failoverGlobalCluster"),
		}
	}
	return rule.Example{
		{Type: role, Name: "runner", Properties: rule.Properties{"assumeRolePolicy": "{}"}},
		actor,
		{Type: rolePolicy, Name: "runner-policy", Properties: rule.Properties{"role": rule.Ref{Resource: "runner", Property: "id"}, "policy": policy}},
	}
}

// allowing is a policy document that allows some actions.
func allowing(actions ...string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["` + strings.Join(actions, `","`) + `"],"Resource":"*"}]}`
}
