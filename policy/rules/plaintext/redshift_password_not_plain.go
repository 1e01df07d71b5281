package plaintext

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/secrets"
)

var _ = rules.Add(rule.Rule{
	ID:           "redshift-password-not-plain",
	Title:        "Passwords of Redshift clusters are secrets to Pulumi.",
	Severity:     rule.High,
	Description:  "A password that is no secret to Pulumi is in the state, and in every preview, for all to read.",
	Remedy:       "pass the password as a secret output; better, set manageMasterPassword",
	Check:        secrets.Marked("masterPassword"),
	AboutSecrecy: true,
}.On("aws:redshift/cluster:Cluster", rule.Properties{
	"clusterIdentifier":    "reports",
	"nodeType":             "ra3.large",
	"manageMasterPassword": true,
}, "masterPassword", "correct-horse"))
