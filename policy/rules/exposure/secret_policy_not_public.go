package exposure

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/policies"
)

var _ = rules.Add(rule.Rule{
	ID:          "secret-policy-not-public",
	Title:       "No policy of a secret allows something to everyone without a condition.",
	Severity:    rule.Critical,
	Description: "Everyone is anyone on the internet, or anyone with an AWS account.",
	Remedy:      "name the principals that need it, or add a condition such as aws:SourceArn",
	Check:       policies.NoStatement("policy", policies.Statement.Public),
}.On("aws:secretsmanager/secretPolicy:SecretPolicy", rule.Properties{
	"secretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:token",
	"policy":    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Principal":{"AWS":"arn:aws:iam::123456789012:root"}}]}`,
}, "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}]}`, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Principal":{"AWS":["*"]}}]}`))
