package plaintext

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/secrets"
)

var _ = rules.Add(rule.Rule{
	ID:          "ec2-no-plaintext-secrets",
	Title:       "User data of EC2 instances holds no secrets.",
	Severity:    rule.High,
	Description: "Every program on the machine reads the user data, and so does whoever may describe the instance.",
	Remedy:      "have the machine fetch the secret with its role",
	Check:       secrets.NoneIn("userData"),
}.On("aws:ec2/instance:Instance", rule.Properties{"instanceType": "t4g.small", "userData": "#!/bin/sh\nsystemctl start web\n"}, "userData", "#!/bin/sh\nexport AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n"))
