package datatier

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// makeSecret makes the database's secret, with a replica in every standby
// region. A replica exists only as part of home's secret, and so does the key
// that it is encrypted with.
func (b *builder) makeSecret() error {
	if !b.home() {
		b.tier.SecretName = b.args.Home.SecretName.ToStringOutput()
		b.tier.SecretARN = b.here(b.args.Home.SecretARN)
		return nil
	}
	name := b.name + "-database"
	args := &secretsmanager.SecretArgs{
		Description:          pulumi.String("The database's master user"),
		KmsKeyId:             b.secretsKey.Arn,
		RecoveryWindowInDays: b.waitingDays(),
		Tags:                 tags(name),
	}
	replicas := secretsmanager.SecretReplicaArray{}
	for _, s := range b.args.Standbys {
		key, err := b.replicaKey("secrets-key-"+s.Region, b.secretsKey.Arn, b.secretsKeyUse(s.Region), b.abroad(s.Provider))
		if err != nil {
			return err
		}
		replicas = append(replicas, &secretsmanager.SecretReplicaArgs{Region: pulumi.String(s.Region), KmsKeyId: key.Arn})
	}
	if len(replicas) > 0 {
		args.Replicas = replicas
	}
	secret, err := secretsmanager.NewSecret(b.ctx, name, args, b.in, b.keep)
	if err != nil {
		return err
	}
	if _, err := secretsmanager.NewSecretVersion(b.ctx, name, &secretsmanager.SecretVersionArgs{
		SecretId:     secret.ID(),
		SecretString: b.credentials(),
	}, b.in, b.keep); err != nil {
		return err
	}
	b.tier.SecretName = secret.Name
	b.tier.SecretARN = secret.Arn
	return nil
}

// credentials are the secret's text, in the form that AWS's own rotation
// functions and clients know (Secrets Manager user guide, JSON structure of
// secrets). The host is the global writer endpoint, so that the one text is right
// in every region and after every change of roles.
func (b *builder) credentials() pulumi.StringOutput {
	return pulumi.ToSecret(pulumi.JSONMarshal(map[string]any{
		"username": b.args.Database.Username,
		"password": b.password,
		"engine":   "postgres",
		"host":     b.global.Endpoint,
		"port":     port,
		"dbname":   b.args.Database.Name,
	})).(pulumi.StringOutput)
}
