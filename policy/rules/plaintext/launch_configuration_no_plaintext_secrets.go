package plaintext

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/secrets"
)

var _ = rules.Add(rule.Rule{
	ID:          "launch-configuration-no-plaintext-secrets",
	Title:       "User data of launch configurations holds no secrets.",
	Severity:    rule.High,
	Description: "Every program on the machine reads the user data, and so does whoever may describe the configuration.",
	Remedy:      "have the machine fetch the secret with its role",
	Check:       secrets.NoneIn("userData"),
}.On("aws:ec2/launchConfiguration:LaunchConfiguration", rule.Properties{"imageId": "ami-11111111", "instanceType": "m7g.large", "userData": "#!/bin/sh\n"}, "userData", "-----BEGIN RSA PRIVATE KEY-----\n"))
