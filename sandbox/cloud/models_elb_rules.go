package cloud

import (
	"slices"
	"strings"
)

// listenerProtocols are the protocols of listeners by the type of their load
// balancer, and targetProtocols those of the target groups that they may forward to
// (Elastic Load Balancing API reference, CreateListener; user guide for Network Load
// Balancers, "Listeners").
var (
	listenerProtocols = map[string][]string{"application": {"HTTPS", "HTTP"}, "network": {"TCP", "TLS", "UDP", "TCP_UDP"}}
	targetProtocols   = map[string][]string{
		"HTTP": {"HTTP", "HTTPS"}, "HTTPS": {"HTTP", "HTTPS"}, "TCP": {"TCP"}, "TLS": {"TCP", "TLS"}, "UDP": {"UDP"}, "TCP_UDP": {"TCP_UDP"},
	}
)

// checkListener holds a listener to the type of its load balancer.
func checkListener(o *op) error {
	o.tmp["parent"] = strings.Replace(text(o.in, "loadBalancerArn"), ":loadbalancer/", ":listener/", 1)
	found, err := o.find(text(o.in, "loadBalancerArn"), typeLoadBalancer)
	if err != nil || len(found) == 0 {
		return err
	}
	protocol := text(o.in, "protocol")
	if protocol == "" {
		protocol = "HTTP"
	}
	if allowed := listenerProtocols[text(found[0].Outputs, "loadBalancerType")]; allowed != nil && !slices.Contains(allowed, protocol) {
		return o.refuse("ValidationError", "Listener protocol '%s' must be one of '%s'", protocol, strings.Join(allowed, ", "))
	}
	secure, cert := protocol == "HTTPS" || protocol == "TLS", text(o.in, "certificateArn")
	switch {
	case secure && cert == "":
		return o.refuse("CertificateNotFound", "a certificate must be specified for %s listeners", protocol)
	case !secure && cert != "":
		return o.refuse("InvalidConfigurationRequest", "a certificate cannot be specified for %s listeners", protocol)
	}
	if err := o.issued(cert); err != nil {
		return err
	}
	return o.actions("defaultActions", found[0], protocol)
}

// checkListenerRule holds a rule to its listener.
func checkListenerRule(o *op) error {
	o.tmp["parent"] = strings.Replace(text(o.in, "listenerArn"), ":listener/", ":listener-rule/", 1)
	found, err := o.find(text(o.in, "listenerArn"), typeListener)
	if err != nil || len(found) == 0 {
		return err
	}
	balancers, err := o.find(text(found[0].Inputs, "loadBalancerArn"), typeLoadBalancer)
	if err != nil || len(balancers) == 0 {
		return err
	}
	return o.actions("actions", balancers[0], text(found[0].Outputs, "protocol"))
}

// actions checks that each action has what its type needs, and that target groups
// fit the listener.
func (o *op) actions(path string, balancer *Resource, protocol string) error {
	for _, l := range all(o.in, path) {
		a, _ := l.value.(map[string]any)
		targets := append(texts(a, "targetGroupArn"), texts(a, "forward.targetGroups.arn")...)
		if text(a, "type") == "forward" && len(targets) == 0 {
			return o.refuse("ValidationError", "%s: a forward action must have a target group", l.path)
		}
		if text(a, "type") == "redirect" && a["redirect"] == nil || text(a, "type") == "fixed-response" && a["fixedResponse"] == nil {
			return o.refuse("ValidationError", "%s: a %s action must have its configuration", l.path, text(a, "type"))
		}
		for _, arn := range targets {
			groups, err := o.find(arn, typeTargetGroup)
			if err != nil {
				return err
			}
			for _, g := range groups {
				if err := o.forwards(g, balancer, protocol); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// forwards checks that a listener can send its requests to a target group: the
// protocols go together, and no other load balancer has it.
func (o *op) forwards(group, balancer *Resource, protocol string) error {
	to := text(group.Outputs, "protocol")
	if allowed := targetProtocols[protocol]; allowed != nil && to != "" && !slices.Contains(allowed, to) {
		return o.refuse("IncompatibleProtocols", "the listener and its associated target group '%s' have incompatible protocols: '%s' and '%s'", group.ID, protocol, to)
	}
	users, err := o.users(group)
	if err != nil {
		return err
	}
	for _, u := range users {
		listener := u
		if u.Type == typeListenerRule {
			found, err := o.find(text(u.Inputs, "listenerArn"), typeListener)
			if err != nil {
				return err
			}
			if len(found) == 0 {
				continue
			}
			listener = found[0]
		}
		if other := text(listener.Inputs, "loadBalancerArn"); listener.Type == typeListener && other != balancer.ID && u.ID != o.id {
			return o.refuse("TargetGroupAssociationLimit", "the following target groups cannot be associated with more than one load balancer: %s", group.ID)
		}
	}
	return nil
}
