package cluster

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// makeKeys makes the key of Kubernetes secrets, which lives and dies with the
// cluster, and the key of disks and volumes, whose data outlives it.
func (b *builder) makeKeys() (err error) {
	if b.secretsKey, err = kms.NewKey(b.ctx, b.name+"-kubernetes-secrets", &kms.KeyArgs{
		Description:          pulumi.Sprintf("Envelope encryption of Kubernetes secrets of the cluster %s", b.name),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(30),
		// Who makes the cluster grants it the use of the key.
		Policy: iampolicy.Key{Account: b.args.AccountID, Region: b.args.Region, Services: []string{"eks"}}.JSON(),
	}, b.in); err != nil {
		return err
	}
	keep := !b.args.AllowDestroy
	b.volumeKey, err = kms.NewKey(b.ctx, b.name+"-volumes", &kms.KeyArgs{
		Description:          pulumi.Sprintf("Disks of nodes and persistent volumes of the cluster %s", b.name),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(30),
		Policy:               b.volumeKeyPolicy(),
	}, b.in, pulumi.Protect(keep), pulumi.RetainOnDelete(keep))
	return err
}

// volumeKeyPolicy lets everybody in the account use the key through EC2, and only
// so, as AWS's own key for EBS does: Auto Scaling, Karpenter and the volume driver
// attach encrypted disks by roles that the key need not know one by one. The
// service-linked role of Auto Scaling has no IAM policy for keys, so that the
// principal is everybody and not the account (EC2 Auto Scaling user guide, "Required
// AWS KMS key policy for use with encrypted volumes").
func (b *builder) volumeKeyPolicy() pulumi.StringOutput {
	everybody := map[string]any{"AWS": "*"}
	throughEC2 := map[string]any{
		"kms:CallerAccount": b.args.AccountID,
		"kms:ViaService":    fmt.Sprintf("ec2.%s.amazonaws.com", b.args.Region),
	}
	return iampolicy.Key{Account: b.args.AccountID, Others: []iampolicy.Statement{
		{
			Sid: "DisksThroughEC2", Principal: everybody, Action: append([]string{"kms:DescribeKey"}, iampolicy.KeyUse()...),
			Condition: map[string]any{"StringEquals": throughEC2},
		},
		{
			Sid: "GrantsToEC2", Principal: everybody, Action: []string{"kms:CreateGrant"},
			Condition: map[string]any{"StringEquals": throughEC2, "Bool": map[string]any{"kms:GrantIsForAWSResource": "true"}},
		},
	}}.JSON()
}
