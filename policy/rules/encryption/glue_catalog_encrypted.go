package encryption

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "glue-catalog-encrypted",
	Title:       "The Glue data catalogue is encrypted.",
	Severity:    rule.Medium,
	Description: "The catalogue tells what data there is and where, and has samples of it in its statistics.",
	Remedy:      "set dataCatalogEncryptionSettings.encryptionAtRest.catalogEncryptionMode to SSE-KMS",
	Check:       rule.That("dataCatalogEncryptionSettings.encryptionAtRest.catalogEncryptionMode", rule.IsOneOf("SSE-KMS", "SSE-KMS-WITH-SERVICE-ROLE")),
}.On("aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings", rule.Properties{
	"dataCatalogEncryptionSettings": map[string]any{"connectionPasswordEncryption": map[string]any{"returnConnectionPasswordEncrypted": true}, "encryptionAtRest": map[string]any{"catalogEncryptionMode": "SSE-KMS"}},
}, "dataCatalogEncryptionSettings.encryptionAtRest.catalogEncryptionMode", "DISABLED"))
