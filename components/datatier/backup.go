package datatier

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/backup"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// vault is a vault of AWS Backup.
type vault struct{ name, arn pulumi.StringOutput }

// makeBackup makes the backups of the database and the table by AWS Backup: a
// locked vault in every region, and in each a plan that copies what it takes to
// the other's. A plan has to point at a vault of the other region, so home owns
// the vaults of all regions, as it does with the static site's buckets.
func (b *builder) makeBackup() error {
	var own vault
	var elsewhere []pulumi.StringOutput
	if b.home() {
		key, err := b.primaryKey("backup-key", "Encrypts the backups of the database and the table", b.backupKeyUse(b.args.Region))
		if err != nil {
			return err
		}
		if own, elsewhere, err = b.makeVaults(key); err != nil {
			return err
		}
	} else {
		own = vault{b.args.Home.BackupVaultName.ToStringOutput(), pulumi.Sprintf("arn:aws:backup:%s:%s:backup-vault:%s",
			b.args.Region, b.args.AccountID, b.args.Home.BackupVaultName)}
		elsewhere = append(elsewhere, b.args.Home.BackupVaultARN.ToStringOutput())
	}
	b.tier.BackupVaultARN = own.arn
	role, err := b.backupRole()
	if err != nil {
		return err
	}
	return b.makeBackupPlan(own, elsewhere, role)
}

// makeVaults makes the vaults of all regions and returns home's, and the ARNs of
// the standbys'.
func (b *builder) makeVaults(key *kms.Key) (own vault, elsewhere []pulumi.StringOutput, err error) {
	if own, err = b.makeVault("backup", key.Arn, b.in); err != nil {
		return own, nil, err
	}
	b.tier.StandbyBackupVaultNames = map[string]pulumi.StringOutput{}
	for _, s := range b.args.Standbys {
		in := b.abroad(s.Provider)
		replica, err := b.replicaKey("backup-key-"+s.Region, key.Arn, b.backupKeyUse(s.Region), in)
		if err != nil {
			return own, nil, err
		}
		there, err := b.makeVault("backup-"+s.Region, replica.Arn, in)
		if err != nil {
			return own, nil, err
		}
		b.tier.StandbyBackupVaultNames[s.Region] = there.name
		elsewhere = append(elsewhere, there.arn)
	}
	return own, elsewhere, nil
}

// makeVault makes a vault whose lock holds recovery points for their time. The
// vault's outputs are known once it is locked.
func (b *builder) makeVault(suffix string, key pulumi.StringInput, in pulumi.ResourceOption) (vault, error) {
	name := b.name + "-" + suffix
	made, err := backup.NewVault(b.ctx, name, &backup.VaultArgs{
		KmsKeyArn:    key,
		ForceDestroy: pulumi.Bool(b.args.AllowDestroy),
		Tags:         tags(name),
	}, in, b.keep)
	if err != nil {
		return vault{}, err
	}
	plan := b.args.Backup
	args := &backup.VaultLockConfigurationArgs{
		BackupVaultName:  made.Name,
		MinRetentionDays: pulumi.Int(lockDays),
		MaxRetentionDays: pulumi.Int(max(plan.RetentionDays, plan.MonthlyRetentionDays)),
	}
	if plan.LockedAfterDays > 0 {
		args.ChangeableForDays = pulumi.Int(plan.LockedAfterDays)
	}
	lock, err := backup.NewVaultLockConfiguration(b.ctx, name, args, in, b.keep)
	if err != nil {
		return vault{}, err
	}
	return vault{name: lock.BackupVaultName, arn: lock.BackupVaultArn}, nil
}

func (b *builder) backupRole() (pulumi.StringOutput, error) {
	name := b.name + "-backup"
	role, err := iam.NewRole(b.ctx, name, &iam.RoleArgs{
		Description: pulumi.String("Lets AWS Backup back up and restore the database and the table"),
		AssumeRolePolicy: iampolicy.Trust("backup.amazonaws.com", map[string]any{
			"StringEquals": map[string]any{"aws:SourceAccount": b.args.AccountID},
		}),
		Tags: tags(name),
	}, b.in)
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	arn := []any{role.Arn}
	for _, policy := range []struct{ suffix, name string }{{"", "ForBackup"}, {"-restores", "ForRestores"}} {
		attached, err := iam.NewRolePolicyAttachment(b.ctx, name+policy.suffix, &iam.RolePolicyAttachmentArgs{
			Role:      role.Name,
			PolicyArn: pulumi.String("arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicy" + policy.name),
		}, b.in)
		if err != nil {
			return pulumi.StringOutput{}, err
		}
		arn = append(arn, attached.ID())
	}
	// Known once the role may do its work.
	return pulumi.All(arn...).ApplyT(func(all []any) string { return all[0].(string) }).(pulumi.StringOutput), nil
}

// makeBackupPlan takes a backup every day and keeps one of every month for
// longer, here and in the other regions.
func (b *builder) makeBackupPlan(own vault, elsewhere []pulumi.StringOutput, role pulumi.StringOutput) error {
	name := b.name + "-backup"
	args := b.args.Backup
	rule := func(of, schedule string, days, coldDays int) *backup.PlanRuleArgs {
		rule := &backup.PlanRuleArgs{
			RuleName:         pulumi.String(of),
			TargetVaultName:  own.name,
			Schedule:         pulumi.String(schedule),
			StartWindow:      pulumi.Int(60),
			CompletionWindow: pulumi.Int(8 * 60),
			Lifecycle:        &backup.PlanRuleLifecycleArgs{DeleteAfter: pulumi.Int(days)},
		}
		lifecycle := &backup.PlanRuleCopyActionLifecycleArgs{DeleteAfter: pulumi.Int(days)}
		if coldDays > 0 {
			// What has no cold storage, as the database, stays where it is.
			rule.Lifecycle = &backup.PlanRuleLifecycleArgs{DeleteAfter: pulumi.Int(days), ColdStorageAfter: pulumi.Int(coldDays)}
			lifecycle.ColdStorageAfter = pulumi.Int(coldDays)
		}
		var copies backup.PlanRuleCopyActionArray
		for _, arn := range elsewhere {
			copies = append(copies, &backup.PlanRuleCopyActionArgs{DestinationVaultArn: arn, Lifecycle: lifecycle})
		}
		if len(copies) > 0 {
			rule.CopyActions = copies
		}
		return rule
	}
	rules := backup.PlanRuleArray{rule("daily", args.Schedule, args.RetentionDays, 0)}
	if args.MonthlyRetentionDays > 0 {
		rules = append(rules, rule("monthly", monthly, args.MonthlyRetentionDays, coldDays))
	}
	plan, err := backup.NewPlan(b.ctx, name, &backup.PlanArgs{Rules: rules, Tags: tags(name)}, b.in)
	if err != nil {
		return err
	}
	_, err = backup.NewSelection(b.ctx, name, &backup.SelectionArgs{
		PlanId:     plan.ID(),
		IamRoleArn: role,
		Resources:  pulumi.StringArray{b.cluster.Arn, b.tableARN},
	}, b.in)
	return err
}

const (
	// lockDays is the shortest time that a locked vault lets a recovery point be kept.
	lockDays = 30
	// coldDays is when a monthly backup moves to cold storage, where it has to stay for
	// coldLeastDays (AWS Backup API, Lifecycle).
	coldDays      = 30
	coldLeastDays = 90
	// monthly is the first night of the month, in UTC.
	monthly = "cron(0 6 1 * ? *)"
)
