package exposure

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/policies"
)

var _ = rules.Add(rule.Rule{
	ID:          "opensearch-policy-not-public",
	Title:       "No policy of an OpenSearch domain allows something to everyone without a condition.",
	Severity:    rule.Critical,
	Description: "Everyone is anyone on the internet, or anyone with an AWS account.",
	Remedy:      "name the principals that need it, or add a condition such as aws:SourceArn",
	Check:       policies.NoStatement("accessPolicies", policies.Statement.Public),
}.On("aws:opensearch/domainPolicy:DomainPolicy", rule.Properties{
	"domainName":     "search",
	"accessPolicies": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Principal":{"AWS":"arn:aws:iam::123456789012:root"}}]}`,
}, "accessPolicies", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}]}`, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Principal":{"AWS":["*"]}}]}`))
