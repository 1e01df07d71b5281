package cluster

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// ExternalDNS makes records of services and ingresses. The platform's own records
// are Pulumi's; this is for names that teams make in their clusters, in zones or
// under domains that Pulumi has no records in. It changes no record that it did not
// make: each of its own has a TXT record beside it with the cluster's name.
type ExternalDNS struct {
	// ZoneIDs are the hosted zones that it may change. Required.
	ZoneIDs pulumi.StringArrayInput
	// Domains are the domains that its names end in, such as apps.example.com. Required.
	Domains []string
}

const externalDNSName = "external-dns"

func (e *ExternalDNS) validate(path *field.Path) field.ErrorList {
	if e == nil {
		return nil
	}
	var errs field.ErrorList
	if e.ZoneIDs == nil {
		errs = append(errs, field.Required(path.Child("zoneIds"), "give the hosted zones that it may change"))
	}
	if len(e.Domains) == 0 {
		errs = append(errs, field.Required(path.Child("domains"), "give the domains that are not Pulumi's, such as apps.example.com"))
	}
	for i, d := range e.Domains {
		if problems := validation.IsDNS1123Subdomain(d); len(problems) > 0 || !strings.Contains(d, ".") {
			errs = append(errs, field.Invalid(path.Child("domains").Index(i), d, "must be a DNS domain, such as apps.example.com"))
		}
	}
	return errs
}

func (b *builder) makeExternalDNS() error {
	dns := b.args.ExternalDNS
	if dns == nil {
		return nil
	}
	role, err := b.podRole(externalDNSName, externalDNSName, externalDNSName)
	if err != nil {
		return err
	}
	zones := dns.ZoneIDs.ToStringArrayOutput().ApplyT(func(ids []string) []string {
		arns := make([]string, len(ids))
		for i, id := range ids {
			arns[i] = "arn:aws:route53:::hostedzone/" + id
		}
		return arns
	})
	policy, err := iam.NewRolePolicy(b.ctx, b.name+"-"+externalDNSName, &iam.RolePolicyArgs{
		Role: role.ID(),
		Policy: iampolicy.JSON(
			iampolicy.Statement{
				Sid: "ChangeRecords", Resource: zones,
				Action: []string{"route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets", "route53:ListTagsForResources"},
			},
			iampolicy.Statement{Sid: "FindZones", Action: []string{"route53:ListHostedZones"}, Resource: "*"},
		),
	}, b.in)
	if err != nil {
		return err
	}
	made, err := b.makeAddon(addon{
		name: externalDNSName, serviceAccount: externalDNSName, role: role,
		settings: map[string]any{
			"domainFilters": dns.Domains,
			"policy":        "sync",
			"registry":      "txt",
			"txtOwnerId":    fmt.Sprintf("%s-%s", b.args.Region, b.name),
		},
	}, append([]pulumi.Resource{policy, b.podAgent}, b.nodes...)...)
	if err != nil {
		return err
	}
	b.ready = append(b.ready, made)
	return nil
}
