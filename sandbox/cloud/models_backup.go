package cloud

import "regexp"

const typeBackupVault = "aws:backup/vault:Vault"

var (
	vaultName = regexp.MustCompile(`^[a-zA-Z0-9_-]{2,50}$`)
	ruleName  = regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,50}$`)
)

// The rules are those of the AWS Backup developer guide and API: CreateBackupPlan,
// Lifecycle, PutBackupVaultLockConfiguration.
var backupModels = []model{
	{
		Type: typeBackupVault, Service: "Backup", ID: "{name}", Auto: autoname{max: 50},
		Set:    map[string]string{"arn": "arn:aws:backup:{region}:{account}:backup-vault:{name}"},
		Unique: []string{"{name}"}, Exists: "AlreadyExistsException", Names: []string{"name"},
		Refs: map[string][]string{"kmsKeyArn": keys},
		Check: func(o *op) error {
			if n := text(o.in, "name"); !vaultName.MatchString(n) {
				return o.refuse("InvalidParameterValueException", "the backup vault name %s must be 2 to 50 letters, digits, hyphens and underscores", n)
			}
			return nil
		},
	},
	{
		Type: "aws:backup/vaultLockConfiguration:VaultLockConfiguration", Service: "Backup", ID: "{backupVaultName}", Auto: autoname{none: true},
		Set:  map[string]string{"backupVaultArn": "arn:aws:backup:{region}:{account}:backup-vault:{backupVaultName}"},
		Refs: map[string][]string{"backupVaultName": {typeBackupVault}},
		Check: func(o *op) error {
			least, hasLeast := number(o.in, "minRetentionDays")
			most, hasMost := number(o.in, "maxRetentionDays")
			if hasLeast && hasMost && least > most {
				return o.refuse("InvalidParameterValueException", "minRetentionDays %v must not exceed maxRetentionDays %v", least, most)
			}
			if days, ok := number(o.in, "changeableForDays"); ok && days < 3 {
				return o.refuse("InvalidParameterValueException", "changeableForDays %v must be 3 or more", days)
			}
			return nil
		},
		Gone: func(o *op) error {
			if days, ok := number(o.out, "changeableForDays"); ok && days > 0 {
				return o.fail("deleting", "InvalidRequestException", "the lock of backup vault %s is in compliance mode and cannot be deleted", o.id)
			}
			return nil
		},
	},
	{
		Type: "aws:backup/plan:Plan", Service: "Backup", ID: "{uuid}", Auto: autoname{max: 50},
		Set:      map[string]string{"arn": "arn:aws:backup:{region}:{account}:backup-plan:{id}", "version": "{alnum:48}"},
		Volatile: []string{"version"}, UsedBy: []string{"aws:backup/selection:Selection"}, InUse: "InvalidRequestException",
		Refs:        map[string][]string{"rules.targetVaultName": {typeBackupVault}, "rules.copyActions.destinationVaultArn": {typeBackupVault}},
		CrossRegion: []string{"rules.copyActions"},
		Check: func(o *op) error {
			for _, r := range all(o.in, "rules") {
				rule, _ := r.value.(map[string]any)
				if n := text(rule, "ruleName"); !ruleName.MatchString(n) {
					return o.refuse("InvalidParameterValueException", "%s.ruleName: %s must be 1 to 50 letters, digits and any of _.-", r.path, n)
				}
				for _, of := range append(all(rule, "lifecycle"), all(rule, "copyActions.lifecycle")...) {
					if err := lifecycle(o, r.path+"."+of.path, of.value); err != nil {
						return err
					}
				}
				if days, _ := number(rule, "lifecycle.deleteAfter"); truth(rule, "enableContinuousBackup") && (days < 1 || days > 35) {
					return o.refuse("InvalidParameterValueException", "%s: continuous backups are kept 1 to 35 days, not %v", r.path, days)
				}
			}
			return nil
		},
	},
	{
		Type: "aws:backup/selection:Selection", Service: "Backup", ID: "{uuid}", Auto: autoname{max: 50},
		Refs: map[string][]string{"planId": {"aws:backup/plan:Plan"}, "iamRoleArn": {typeRole}},
		Check: func(o *op) error {
			if err := assumableBy(o, "iamRoleArn", "backup.amazonaws.com"); err != nil {
				return err
			}
			if len(texts(o.in, "resources"))+len(all(o.in, "selectionTags"))+len(all(o.in, "conditions")) == 0 {
				return o.refuse("InvalidParameterValueException", "a selection needs resources, selectionTags or conditions")
			}
			return nil
		},
	},
}

// lifecycle checks that what is moved to cold storage stays there for 90 days
// (AWS Backup API, Lifecycle).
func lifecycle(o *op, path string, v any) error {
	m, _ := v.(map[string]any)
	cold, isCold := number(m, "coldStorageAfter")
	end, ends := number(m, "deleteAfter")
	if isCold && cold > 0 && ends && end > 0 && end < cold+90 {
		return o.refuse("InvalidParameterValueException", "%s: deleteAfter %v must be at least 90 days after coldStorageAfter %v", path, end, cold)
	}
	return nil
}
