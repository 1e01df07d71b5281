package cloud_test

import (
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

func TestBackupPlansPointAtVaultsThatAreThere(t *testing.T) {
	w := cloudtest.New(t)
	east, west := w.AWS("us-east-1"), w.AWS("us-west-2")
	own := east.Make("aws:backup/vault:Vault", "own", props{"name": "own"})
	there := west.Make("aws:backup/vault:Vault", "there", props{"name": "there"})
	const plan = "aws:backup/plan:Plan"
	rule := func(change props) props {
		r := props{"ruleName": "daily", "targetVaultName": "own", "copyActions": []any{props{"destinationVaultArn": there.Get("arn")}}}
		for k, v := range change {
			r[k] = v
		}
		return props{"rules": []any{r}}
	}
	east.Refused(plan, "target", rule(props{"targetVaultName": "there"}), "rules[0].targetVaultName", "it is in us-west-2")
	east.Refused(plan, "copy", rule(props{"copyActions": []any{props{"destinationVaultArn": own.Get("arn") + "-2"}}}), "ResourceNotFoundException")
	east.Refused(plan, "cold", rule(props{"lifecycle": props{"coldStorageAfter": 30, "deleteAfter": 119}}), "deleteAfter 119 must be at least 90 days after coldStorageAfter 30")
	east.Refused(plan, "continuous", rule(props{"enableContinuousBackup": true, "lifecycle": props{"deleteAfter": 36}}), "1 to 35 days, not 36")
	made := east.Make(plan, "plan", rule(nil))

	selection := props{"planId": made.ID, "iamRoleArn": east.Role("ec2", "ec2.amazonaws.com").Get("arn"), "resources": []any{"*"}}
	east.Refused("aws:backup/selection:Selection", "role", selection, "cannot be assumed by backup")
	selection["iamRoleArn"] = east.Role("backup", "backup.amazonaws.com").Get("arn")
	east.Make("aws:backup/selection:Selection", "selection", selection)
	cloudtest.WantError(t, made.Delete(), "InvalidRequestException")
}

func TestAFinalLockOfAVaultStays(t *testing.T) {
	east := cloudtest.New(t).AWS("us-east-1")
	const lock = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
	for _, name := range []string{"governed", "final"} {
		east.Make("aws:backup/vault:Vault", name, props{"name": name})
	}
	east.Refused(lock, "bounds", props{"backupVaultName": "final", "minRetentionDays": 31, "maxRetentionDays": 30}, "must not exceed maxRetentionDays 30")
	if err := east.Make(lock, "governed", props{"backupVaultName": "governed", "minRetentionDays": 30}).Delete(); err != nil {
		t.Error(err)
	}
	final := east.Make(lock, "final", props{"backupVaultName": "final", "changeableForDays": 3})
	cloudtest.WantError(t, final.Delete(), "in compliance mode and cannot be deleted")
}
