package edge

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// signZone has Route 53 sign the hosted zone with a key of ours, which has to be in
// us-east-1 (Route 53 developer guide, "Working with customer managed keys for
// DNSSEC"). Resolvers check signatures once the parent zone has the DS record.
func (b *builder) signZone() error {
	name := b.name + "-dnssec"
	opts := append(b.global(), b.in)
	days := 30
	if b.args.AllowDestroy {
		days = 7
	}
	service := map[string]any{"Service": "dnssec-route53.amazonaws.com"}
	own := map[string]any{"aws:SourceAccount": b.securityGroup.OwnerId}
	// Without it, a zone whose DS record is published answers nobody who checks.
	key, err := kms.NewKey(b.ctx, name, &kms.KeyArgs{
		Description:           pulumi.String("Signs the hosted zone of " + b.args.Domain),
		CustomerMasterKeySpec: pulumi.String("ECC_NIST_P256"),
		KeyUsage:              pulumi.String("SIGN_VERIFY"),
		DeletionWindowInDays:  pulumi.Int(days),
		// Nobody but Route 53 signs with it.
		Policy: iampolicy.Key{Account: b.securityGroup.OwnerId, Others: []iampolicy.Statement{
			{
				Sid: "Sign", Principal: service, Action: []string{"kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"},
				Condition: map[string]any{"StringEquals": own},
			},
			{
				Sid: "Grant", Principal: service, Action: []string{"kms:CreateGrant"},
				Condition: map[string]any{"StringEquals": own, "Bool": map[string]any{"kms:GrantIsForAWSResource": "true"}},
			},
		}}.JSON(),
		Tags: tags(name),
	}, append(opts, pulumi.Protect(!b.args.AllowDestroy), pulumi.RetainOnDelete(!b.args.AllowDestroy))...)
	if err != nil {
		return err
	}
	if b.signingKey, err = route53.NewKeySigningKey(b.ctx, name, &route53.KeySigningKeyArgs{
		HostedZoneId: b.zoneID, KeyManagementServiceArn: key.Arn,
	}, opts...); err != nil {
		return err
	}
	_, err = route53.NewHostedZoneDnsSec(b.ctx, name, &route53.HostedZoneDnsSecArgs{HostedZoneId: b.signingKey.HostedZoneId}, opts...)
	return err
}
