package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "glue-connection-passwords-encrypted",
	Title:       "Glue encrypts the passwords of its connections.",
	Severity:    rule.High,
	Description: "Otherwise whoever may read a connection is given the password of the database behind it.",
	Remedy:      "set dataCatalogEncryptionSettings.connectionPasswordEncryption.returnConnectionPasswordEncrypted to true",
	Check:       rule.That("dataCatalogEncryptionSettings.connectionPasswordEncryption.returnConnectionPasswordEncrypted", rule.IsTrue),
	Fix:         []rule.Fix{{Property: "dataCatalogEncryptionSettings.connectionPasswordEncryption.returnConnectionPasswordEncrypted", Value: true}},
}.On("aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings", rule.Properties{
	"dataCatalogEncryptionSettings": map[string]any{"connectionPasswordEncryption": map[string]any{"returnConnectionPasswordEncrypted": true, "awsKmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"}, "encryptionAtRest": map[string]any{"catalogEncryptionMode": "SSE-KMS"}},
}, "dataCatalogEncryptionSettings.connectionPasswordEncryption.returnConnectionPasswordEncrypted", false))
