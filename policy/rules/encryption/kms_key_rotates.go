package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:       "kms-key-rotates",
	Title:    "KMS keys rotate.",
	Severity: rule.Medium,
	Description: "Rotation limits how much one version of the key protects. Old versions go on decrypting, so nothing " +
		"else changes. Only symmetric encryption keys can rotate.",
	Remedy: "set enableKeyRotation to true",
	Check:  rule.When("customerMasterKeySpec", rule.IsOneOf("", "SYMMETRIC_DEFAULT"), rule.When("keyUsage", rule.IsOneOf("", "ENCRYPT_DECRYPT"), rule.That("enableKeyRotation", rule.IsTrue))),
	Fix:    []rule.Fix{{Property: "enableKeyRotation", Value: true}},
}.
	On("aws:kms/key:Key", rule.Properties{"description": "orders", "enableKeyRotation": true}, "enableKeyRotation", false, rule.Missing).
	Accepts(rule.Properties{"customerMasterKeySpec": "RSA_2048", "keyUsage": "SIGN_VERIFY"}))
