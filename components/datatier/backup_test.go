package datatier_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/datatier"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

const (
	typeVault           = "aws:backup/vault:Vault"
	typeVaultLock       = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
	typeBackupPlan      = "aws:backup/plan:Plan"
	typeBackupSelection = "aws:backup/selection:Selection"
)

func TestEachRegionsBackupsAreCopiedToTheOther(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	for name, to := range map[string]struct{ vault, copy string }{
		"prod-east-backup": {"prod-east-backup", "arn:aws:backup:us-west-2:123456789012:backup-vault:prod-east-backup-us-west-2"},
		"prod-west-backup": {"prod-east-backup-us-west-2", "arn:aws:backup:us-east-1:123456789012:backup-vault:prod-east-backup"},
	} {
		rules := rec.Get(t, typeBackupPlan, name).Plain()["rules"].([]any)
		require.Len(t, rules, 2)
		for i, want := range []struct {
			name, schedule string
			lifecycle      map[string]any
		}{
			{"daily", "cron(0 5 * * ? *)", map[string]any{"deleteAfter": 35.0}},
			{"monthly", "cron(0 6 1 * ? *)", map[string]any{"deleteAfter": 400.0, "coldStorageAfter": 30.0}},
		} {
			rule := rules[i].(map[string]any)
			require.Equal(t, want.name, rule["ruleName"])
			require.Equal(t, want.schedule, rule["schedule"])
			require.Equal(t, to.vault, rule["targetVaultName"], name)
			require.Equal(t, want.lifecycle, rule["lifecycle"])
			require.Equal(t, []any{map[string]any{"destinationVaultArn": to.copy, "lifecycle": want.lifecycle}}, rule["copyActions"], name)
		}
	}
}

func TestTheDatabaseAndTheTableOfEachRegionAreBackedUp(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	require.Equal(t, []any{
		"arn:aws:rds:us-west-2:123456789012:cluster:prod-west-database", "arn:aws:dynamodb:us-west-2:123456789012:table/prod-west-table",
	}, rec.Get(t, typeBackupSelection, "prod-west-backup").Plain()["resources"])
	selection := rec.Get(t, typeBackupSelection, "prod-east-backup").Plain()
	require.Equal(t, "arn:aws:iam::123456789012:role/prod-east-backup", selection["iamRoleArn"])
	policies := []any{}
	for _, name := range []string{"prod-east-backup", "prod-east-backup-restores"} {
		policies = append(policies, rec.Get(t, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", name).Plain()["policyArn"])
	}
	require.Equal(t, []any{
		"arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
		"arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
	}, policies)
}

func TestHomeLocksTheVaultsOfAllRegionsWithAKeyOfEach(t *testing.T) {
	rec := run(t, mocktest.Options{}, both())
	require.Equal(t, []string{"prod-east-backup", "prod-east-backup-us-west-2"}, rec.Names(typeVault))
	for name, key := range map[string]string{"prod-east-backup": "us-east-1", "prod-east-backup-us-west-2": "us-west-2"} {
		require.Equal(t, "arn:aws:kms:"+key+":123456789012:key/mrk-prod-east-backup-key", rec.Get(t, typeVault, name).Plain()["kmsKeyArn"])
		require.Equal(t, map[string]any{"backupVaultName": name, "minRetentionDays": 30.0, "maxRetentionDays": 400.0}, rec.Get(t, typeVaultLock, name).Plain())
	}
	final := run(t, mocktest.Options{}, both(func(a *datatier.DataTierArgs) {
		a.Backup = datatier.Backup{LockedAfterDays: 7, RetentionDays: 90, MonthlyRetentionDays: -1, Schedule: "cron(30 2 * * ? *)"}
	}))
	lock := final.Get(t, typeVaultLock, "prod-east-backup").Plain()
	require.Equal(t, 7.0, lock["changeableForDays"])
	require.Equal(t, 90.0, lock["maxRetentionDays"])
	rules := final.Get(t, typeBackupPlan, "prod-west-backup").Plain()["rules"].([]any)
	require.Len(t, rules, 1)
	require.Equal(t, "cron(30 2 * * ? *)", rules[0].(map[string]any)["schedule"])
}

func TestBackupsThatTheLockWouldRefuseAreRefused(t *testing.T) {
	args := homeArgs(nil)
	args.Backup = datatier.Backup{Schedule: "daily", RetentionDays: 29, MonthlyRetentionDays: 119, LockedAfterDays: 2}
	require.Equal(t, `data tier "prod-east": 4 problems
  backup.schedule: Invalid value: "daily": must be a cron expression of six fields, such as cron(0 5 * * ? *)
  backup.retentionDays: Invalid value: 29: must be 30 to 36500
  backup.monthlyRetentionDays: Invalid value: 119: must be 120 to 36500
  backup.lockedAfterDays: Invalid value: 2: must be 3 or more, or 0 for a lock that can be removed`, refusal(t, "prod-east", args))
}
