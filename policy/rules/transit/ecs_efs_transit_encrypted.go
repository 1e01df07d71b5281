package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "ecs-efs-transit-encrypted",
	Title:       "ECS tasks mount EFS file systems over TLS.",
	Severity:    rule.Medium,
	Description: "NFS itself has no encryption: file contents pass between the task and the mount target in the clear.",
	Remedy:      "set transitEncryption to ENABLED",
	Check:       rule.That("volumes.*.efsVolumeConfiguration?.transitEncryption", rule.IsOneOf("ENABLED")),
}.On("aws:ecs/taskDefinition:TaskDefinition", rule.Properties{
	"family":               "web",
	"containerDefinitions": "[]",
	"volumes":              []any{map[string]any{"name": "files", "efsVolumeConfiguration": map[string]any{"fileSystemId": "fs-1", "transitEncryption": "ENABLED"}}},
}, "volumes.0.efsVolumeConfiguration.transitEncryption", "DISABLED", rule.Missing))
