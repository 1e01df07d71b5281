package cloud

import (
	"fmt"
	"strings"
)

// recordKey is what Route 53 tells records apart by.
const recordKey = "{zoneId} {lower:name} {type} {setIdentifier?}"

// routing are Route 53's routing policies, by the property of the record that has
// them. A record without any is simple.
var routing = map[string]string{
	"failoverRoutingPolicies": "failover", "weightedRoutingPolicies": "weighted", "latencyRoutingPolicies": "latency",
	"geolocationRoutingPolicies": "geolocation", "geoproximityRoutingPolicy": "geoproximity", "cidrRoutingPolicy": "CIDR",
	"multivalueAnswerRoutingPolicy": "multi value answer",
}

// routingOf is the routing policy of a record, "" for a simple one. The provider
// has refused two of them already.
func routingOf(in map[string]any) string {
	for property, policy := range routing {
		if truth(in, property) || len(all(in, property)) > 0 && in[property] != false {
			return policy
		}
	}
	return ""
}

func checkRecord(o *op) error {
	zones, err := o.find(text(o.in, "zoneId"), typeZone)
	if err != nil || len(zones) == 0 {
		return err
	}
	zone := dnsName(text(zones[0].Inputs, "name"))
	name := dnsName(text(o.in, "name"))
	if name != zone && !strings.HasSuffix(name, "."+zone) {
		name = strings.TrimPrefix(name+"."+zone, ".")
	}
	o.tmp["fqdn"], o.tmp["suffix"] = name, ""
	if err := o.aliases(zone); err != nil {
		return err
	}
	set := text(o.in, "setIdentifier")
	if set != "" {
		o.tmp["suffix"] = "_" + set
	}
	if err := o.routed(name, set); err != nil {
		return err
	}
	return o.eachOf(o.scope, typeRecord, func(r *Resource) error {
		if r.ID == o.id && o.old != nil || text(r.Inputs, "zoneId") != text(o.in, "zoneId") || text(r.Outputs, "fqdn") != name {
			return nil
		}
		if kind, other := text(o.in, "type"), text(r.Inputs, "type"); kind != other {
			if kind == "CNAME" || other == "CNAME" {
				return o.refuse("InvalidChangeBatch", "[Tried to create resource record set [name='%s', type='%s', set identifier='%s'] "+
					"but a CNAME record stands alone under its name, and a record of type %s would be beside it]", name, kind, set, other)
			}
			return nil
		}
		return o.beside(r, name, set)
	})
}

// routed checks a record's routing policy by itself.
func (o *op) routed(name, set string) error {
	if (routingOf(o.in) == "") != (set == "") {
		return o.refuse("InvalidChangeBatch", "a routing policy needs a setIdentifier, and a setIdentifier a routing policy: [%s %s]", name, text(o.in, "type"))
	}
	for _, l := range all(o.in, "weightedRoutingPolicies.weight") {
		if w, ok := l.value.(float64); ok && (w < 0 || w > 255) {
			return o.refuse("InvalidInput", "Value '%v' at 'changeBatch.changes.1.member.resourceRecordSet.weight' failed to satisfy constraint: "+
				"Member must have value from 0 to 255", w)
		}
	}
	for _, region := range texts(o.in, "latencyRoutingPolicies.region") {
		if !regionForm.MatchString(region) {
			return o.refuse("InvalidInput", "Value '%s' at 'changeBatch.changes.1.member.resourceRecordSet.region' failed to satisfy constraint: "+
				"Member must satisfy enum value set", region)
		}
	}
	// An alias record of failover type PRIMARY needs a way to be unhealthy.
	for _, a := range all(o.in, "aliases") {
		m, _ := a.value.(map[string]any)
		if text(o.in, "failoverRoutingPolicies[0].type") == "PRIMARY" && !truth(m, "evaluateTargetHealth") && text(o.in, "healthCheckId") == "" {
			return o.refuse("InvalidChangeBatch", "a PRIMARY failover record needs a health check: [%s %s]", name, text(o.in, "type"))
		}
	}
	return nil
}

// beside checks a record beside another of the same name and type: all of them have
// the same policy, and each its own place in it (Route 53 API reference,
// ResourceRecordSet).
func (o *op) beside(r *Resource, name, set string) error {
	what := fmt.Sprintf("[Tried to create resource record set [name='%s', type='%s', set identifier='%s']", name, text(o.in, "type"), set)
	rrset := fmt.Sprintf("[RRSet with DNS name %s., type %s, SetIdentifier %s", name, text(o.in, "type"), set)
	policy, other := routingOf(o.in), text(r.Inputs, "setIdentifier")
	role, region := text(o.in, "failoverRoutingPolicies[0].type"), text(o.in, "latencyRoutingPolicies[0].region")
	switch {
	case set == "" && other != "":
		return o.refuse("InvalidChangeBatch", "%s but a record without or with another routing policy has this name and type]", what)
	case policy != routingOf(r.Inputs):
		return o.refuse("InvalidChangeBatch", "%s cannot be created as a non-%s set exists with the same name and type]", rrset, policy)
	case role != "" && text(r.Inputs, "failoverRoutingPolicies[0].type") == role:
		return o.refuse("InvalidChangeBatch", "%s but a %s failover record of this name and type exists already: %s]", what, role, other)
	case other == set:
		return o.refuse("InvalidChangeBatch", "%s but it already exists]", what)
	case region != "" && text(r.Inputs, "latencyRoutingPolicies[0].region") == region:
		return o.refuse("InvalidChangeBatch", "%s, and Region Name=%s cannot be created because a latency RRSet with the same name, type and region already exists.]", rrset, region)
	}
	if ttl, timed := number(o.in, "ttl"); policy == "weighted" && timed {
		if others, ok := number(r.Inputs, "ttl"); ok && others != ttl {
			return o.refuse("InvalidChangeBatch", "%s cannot be created as weighted sets must contain the same TTL.]", rrset)
		}
	}
	return nil
}
