package edge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/acm"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// issueCertificate has the listener's certificate issued, for the regional name and
// the names that all regions answer for. CloudFront takes a certificate for one of its
// origins that has the origin's name (CloudFront developer guide, "HTTP 502 status
// code (Bad Gateway)").
//
// The validation record of a name is the same for every certificate of the
// account, in every region. So the primary makes those of the shared names, and the
// secondary, which comes up after it, finds them there.
func (b *builder) issueCertificate() (err error) {
	names := b.args.names()
	owned := names[:1]
	if b.args.Failover == RolePrimary {
		owned = names
	}
	b.certificate, err = b.issue(b.name+"-certificate", names, owned)
	return err
}

// issuePublicCertificate has CloudFront's certificate issued, in us-east-1.
func (b *builder) issuePublicCertificate() (err error) {
	names := b.args.Global.PublicNames
	b.publicCertificate, err = b.issue(b.name+"-public-certificate", names, names, b.global()...)
	return err
}

// issue requests a certificate for the names, makes the validation records of
// those that are owned here, and waits until it is issued.
func (b *builder) issue(name string, names, owned []string, opts ...pulumi.ResourceOption) (*acm.CertificateValidation, error) {
	opts = append(opts, b.in)
	certificate, err := acm.NewCertificate(b.ctx, name, &acm.CertificateArgs{
		DomainName:              pulumi.String(names[0]),
		SubjectAlternativeNames: pulumi.ToStringArray(names[1:]),
		ValidationMethod:        pulumi.String("DNS"),
		Tags:                    tags(name),
	}, opts...)
	if err != nil {
		return nil, err
	}
	option := func(domain string, property func(acm.CertificateDomainValidationOption) *string) pulumi.StringOutput {
		return certificate.DomainValidationOptions.ApplyT(func(options []acm.CertificateDomainValidationOption) (string, error) {
			return validationOption(options, domain, property)
		}).(pulumi.StringOutput)
	}
	recordName := func(o acm.CertificateDomainValidationOption) *string { return o.ResourceRecordName }
	fqdns := pulumi.StringArray{}
	for _, domain := range validationNames(names) {
		if !slices.Contains(validationNames(owned), domain) {
			fqdns = append(fqdns, option(domain, recordName))
			continue
		}
		record, err := route53.NewRecord(b.ctx, b.name+"-validation-"+domain, &route53.RecordArgs{
			ZoneId: b.zoneID,
			Name:   option(domain, recordName),
			Type:   option(domain, func(o acm.CertificateDomainValidationOption) *string { return o.ResourceRecordType }),
			Records: pulumi.StringArray{
				option(domain, func(o acm.CertificateDomainValidationOption) *string { return o.ResourceRecordValue }),
			},
			Ttl: pulumi.Int(300), // seconds; ACM reads it again at every renewal, and it never changes
		}, b.in)
		if err != nil {
			return nil, err
		}
		fqdns = append(fqdns, record.Fqdn)
	}
	return acm.NewCertificateValidation(b.ctx, name, &acm.CertificateValidationArgs{
		CertificateArn:        certificate.Arn,
		ValidationRecordFqdns: fqdns,
	}, opts...)
}

// validationOption returns a property of what ACM asks for to validate a domain.
// The options come in no order.
func validationOption(options []acm.CertificateDomainValidationOption, domain string, property func(acm.CertificateDomainValidationOption) *string) (string, error) {
	for _, o := range options {
		if o.DomainName == nil || strings.TrimPrefix(*o.DomainName, "*.") != domain {
			continue
		}
		if value := property(o); value != nil {
			return *value, nil
		}
	}
	return "", fmt.Errorf("the certificate has no DNS validation option for %s; see its status in ACM", domain)
}
