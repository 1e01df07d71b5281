package plaintext

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/secrets"
)

var _ = rules.Add(rule.Rule{
	ID:           "rds-cluster-password-not-plain",
	Title:        "Passwords of Aurora clusters are secrets to Pulumi.",
	Severity:     rule.High,
	Description:  "A password that is no secret to Pulumi is in the state, and in every preview, for all to read.",
	Remedy:       "pass the password as a secret output; better, set manageMasterUserPassword",
	Check:        secrets.Marked("masterPassword"),
	AboutSecrecy: true,
}.On("aws:rds/cluster:Cluster", rule.Properties{"engine": "aurora-postgresql", "manageMasterUserPassword": true}, "masterPassword", "correct-horse"))
