package edge

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/shield"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// protect has Shield Advanced protect what is reached from the internet.
func (b *builder) protect() error {
	all := map[string]pulumi.StringInput{"alb": b.balancer.Arn}
	if b.args.Failover == RolePrimary {
		all["zone"] = pulumi.Sprintf("arn:aws:route53:::hostedzone/%s", b.zoneID)
	}
	if b.distribution != nil {
		all["cdn"] = b.distribution.Arn
	}
	for _, what := range []string{"alb", "cdn", "zone"} {
		if all[what] == nil {
			continue
		}
		name := b.name + "-" + what
		if _, err := shield.NewProtection(b.ctx, name, &shield.ProtectionArgs{ResourceArn: all[what], Tags: tags(name)}, b.in); err != nil {
			return err
		}
	}
	return nil
}
