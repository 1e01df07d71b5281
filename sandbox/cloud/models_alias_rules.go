package cloud

import (
	"fmt"
	"strings"
)

// cloudFrontZone is the hosted zone of every distribution (Route 53 API reference,
// AliasTarget).
const cloudFrontZone = "Z2FDTNDATAQYW2"

// aliases checks the targets of a record's aliases: what AWS makes has to exist and
// lies in the hosted zone of its service, another record lies in this zone.
func (o *op) aliases(zone string) error {
	for _, l := range all(o.in, "aliases") {
		alias, _ := l.value.(map[string]any)
		target, in := dnsName(text(alias, "name")), text(alias, "zoneId")
		want, known, err := o.aliasZone(target, zone)
		if err != nil {
			return err
		}
		what := fmt.Sprintf("[Tried to create an alias that targets %s., type %s in zone %s", target, text(o.in, "type"), in)
		switch {
		case want != "" && want != in:
			return o.refuse("InvalidChangeBatch", "%s, but the alias target name does not lie within the target zone]: it lies in %s", what, want)
		case !known:
			return o.refuse("InvalidChangeBatch", "%s, but that target was not found]", what)
		}
	}
	return nil
}

// aliasZone is the zone that a target lies in, "" if that is not known here, and
// whether there is such a target.
func (o *op) aliasZone(target, own string) (zone string, known bool, err error) {
	switch {
	case strings.HasSuffix(target, ".elb.amazonaws.com"):
		balancer, err := o.ofName(typeLoadBalancer, "dnsName", strings.TrimPrefix(target, "dualstack."))
		if balancer == nil {
			return "", false, err
		}
		return text(balancer.Outputs, "zoneId"), true, err
	case strings.HasSuffix(target, ".cloudfront.net"):
		distribution, err := o.ofName(typeDistribution, "domainName", target)
		return cloudFrontZone, distribution != nil, err
	case target == own || strings.HasSuffix(target, "."+own):
		record, err := o.ofName(typeRecord, "fqdn", target)
		if record == nil {
			return "", false, err
		}
		return text(record.Inputs, "zoneId"), true, err
	}
	return "", true, nil
}

// ofName is the resource of a type, in any region, that has a DNS name.
func (o *op) ofName(typ, output, name string) (found *Resource, err error) {
	return found, o.each(func(r *Resource) error {
		if r.Type == typ && dnsName(text(r.Outputs, output)) == name {
			found = r
		}
		return nil
	})
}

// dnsName is a name as DNS compares it.
func dnsName(s string) string { return strings.ToLower(strings.TrimSuffix(s, ".")) }
