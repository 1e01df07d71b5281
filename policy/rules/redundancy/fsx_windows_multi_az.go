package redundancy

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "fsx-windows-multi-az",
	Title:       "FSx for Windows file systems have a standby in another zone.",
	Severity:    rule.Low,
	Description: "A file system of one zone is down with the zone.",
	Remedy:      "set deploymentType to MULTI_AZ_1",
	Check:       rule.That("deploymentType", rule.IsOneOf("MULTI_AZ_1")),
}.On("aws:fsx/windowsFileSystem:WindowsFileSystem", rule.Properties{
	"throughputCapacity": 32.0,
	"subnetIds":          []any{"subnet-1", "subnet-2"},
	"preferredSubnetId":  "subnet-1",
	"deploymentType":     "MULTI_AZ_1",
}, "deploymentType", "SINGLE_AZ_2", rule.Missing))
