package kubernetes

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "eks-node-group-no-ssh",
	Title:       "Node groups are not open to SSH from everywhere.",
	Severity:    rule.High,
	Description: "With a key and no source group, EKS opens port 22 to the internet.",
	Remedy:      "leave remoteAccess out, or set remoteAccess.sourceSecurityGroupIds",
	Check:       rule.When("remoteAccess.ec2SshKey", rule.IsSet, rule.That("remoteAccess.sourceSecurityGroupIds", rule.IsSet)),
}.
	On("aws:eks/nodeGroup:NodeGroup", rule.Properties{
		"clusterName":  "web",
		"nodeRoleArn":  "arn:aws:iam::123456789012:role/node",
		"subnetIds":    []any{"subnet-1"},
		"remoteAccess": map[string]any{"ec2SshKey": "admin", "sourceSecurityGroupIds": []any{"sg-1"}},
	}, "remoteAccess.sourceSecurityGroupIds", rule.Missing).
	Accepts(rule.Properties{
		"clusterName": "web",
		"nodeRoleArn": "arn:aws:iam::123456789012:role/node",
		"subnetIds":   []any{"subnet-1"},
	}))
