package cloud

import (
	"fmt"
	"slices"
	"strings"
)

const (
	typeSecretStore    = "kubernetes:external-secrets.io/v1:SecretStore"
	typeExternalSecret = "kubernetes:external-secrets.io/v1:ExternalSecret"
)

// storeAdmitted is the operator's look at a store that reads as a service
// account: it is there and has a role that trusts it.
func storeAdmitted(o *object) error {
	name := text(o.doc, "spec.provider.aws.auth.jwt.serviceAccountRef.name")
	if name == "" {
		return nil // as the controller itself
	}
	account, err := o.get(o.scope, typeServiceAccount, o.namespace+"/"+name)
	if err != nil {
		return err
	}
	if account == nil {
		return fmt.Errorf("SecretStore %q is not ready: serviceaccounts %q not found", o.id(), name)
	}
	notes, _ := at(account.Inputs, "metadata.annotations").(map[string]any)
	role, _ := notes["eks.amazonaws.com/role-arn"].(string)
	found, err := o.find(role, typeRole)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return fmt.Errorf("SecretStore %q is not ready: an IAM role must be associated with service account %s (namespace: %s)", o.id(), name, o.namespace)
	}
	subject := "system:serviceaccount:" + o.namespace + ":" + name
	if trust := text(found[0].Inputs, "assumeRolePolicy"); !strings.Contains(trust, subject) {
		return fmt.Errorf("SecretStore %q is not ready: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity: the role %s does not trust %s",
			o.id(), role, subject)
	}
	return nil
}

// externalSecretAdmitted is the operator's first copy: store and secrets have to
// be there, and the values have to be readable in the store's region.
func externalSecretAdmitted(o *object) error {
	region := o.cluster.Scope.Region
	if text(o.doc, "spec.secretStoreRef.kind") != "ClusterSecretStore" {
		name := text(o.doc, "spec.secretStoreRef.name")
		store, err := o.get(o.scope, typeSecretStore, o.namespace+"/"+name)
		if err != nil {
			return err
		}
		if store == nil {
			return fmt.Errorf("ExternalSecret %q is not ready: could not get secret data from provider: SecretStore %q not found", o.id(), name)
		}
		region = text(store.Inputs, "spec.provider.aws.region")
	}
	for _, key := range texts(o.doc, "spec.data.remoteRef.key") {
		secrets, err := o.find(key, typeSecret)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(secrets, func(r *Resource) bool { return secretIn(r, region) }) {
			return fmt.Errorf("ExternalSecret %q is not ready: could not get secret data from provider: ResourceNotFoundException: "+
				"Secrets Manager can't find the specified secret %s in %s", o.id(), key, region)
		}
	}
	return nil
}

// secretIn tells whether a secret or a replica of it is in a region.
func secretIn(r *Resource, region string) bool {
	return r.Scope.Region == region || slices.Contains(texts(r.Inputs, "replicas.region"), region)
}

// madeByExternalSecret tells whether an ExternalSecret copies to a Secret of that
// name in the object's namespace.
func (o *object) madeByExternalSecret(name string) (found bool, err error) {
	err = o.eachOf(o.scope, typeExternalSecret, func(r *Resource) error {
		target := text(r.Inputs, "spec.target.name")
		if target == "" {
			target = text(r.Inputs, "metadata.name")
		}
		found = found || target == name && text(r.Inputs, "metadata.namespace") == o.namespace
		return nil
	})
	return found, err
}

// selects tells whether a service's selector fits labels.
func selects(service *Resource, labels map[string]string) bool {
	selector, _ := at(service.Inputs, "spec.selector").(map[string]any)
	for k, v := range selector {
		if labels[k] != v {
			return false
		}
	}
	return len(selector) > 0
}

// gatesOpen refuses pods that could never become ready: the controller gives the
// pods of a bound service a readiness gate where their namespace says so, and
// opens it when the target is healthy, and the targets of a group that no
// rule of a listener names have no health (AWS Load Balancer Controller,
// "Pod readiness gate"; Elastic Load Balancing, Target.NotInUse).
func (o *object) gatesOpen(pods map[string]string) error {
	namespace, err := o.get(o.scope, typeNamespace, o.namespace)
	if err != nil || namespace == nil {
		return err
	}
	given, _ := at(namespace.Inputs, "metadata.labels").(map[string]any)
	if given["elbv2.k8s.aws/pod-readiness-gate-inject"] != "enabled" {
		return nil
	}
	var groups []string
	err = o.eachOf(o.scope, typeBinding, func(r *Resource) error {
		if text(r.Inputs, "metadata.namespace") != o.namespace {
			return nil
		}
		service, err := o.get(o.scope, typeService, o.namespace+"/"+text(r.Inputs, "spec.serviceRef.name"))
		if err == nil && service != nil && selects(service, pods) {
			groups = append(groups, text(r.Inputs, "spec.targetGroupARN"))
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, arn := range groups {
		used := false
		for typ, path := range map[string]string{typeListenerRule: "actions", typeListener: "defaultActions"} {
			if err := o.eachOf(o.cluster.Scope, typ, func(r *Resource) error {
				for _, l := range all(r.Inputs, path) {
					a, _ := l.value.(map[string]any)
					used = used || text(a, "targetGroupArn") == arn || slices.Contains(texts(a, "forward.targetGroups.arn"), arn)
				}
				return nil
			}); err != nil {
				return err
			}
		}
		if !used {
			return fmt.Errorf("pods of it did not become ready: readiness gate target-health.elbv2.k8s.aws: Target.NotInUse: "+
				"target group %s is not configured to receive traffic from the load balancer; make the listener's rule first", arn)
		}
	}
	return nil
}

// bindsAlone refuses a second binding of a target group: each would take the
// other's targets out.
func (o *object) bindsAlone() error {
	arn := text(o.doc, "spec.targetGroupARN")
	return o.eachOf(o.scope, typeBinding, func(r *Resource) error {
		if r.ID != o.id() && arn != "" && text(r.Inputs, "spec.targetGroupARN") == arn {
			return fmt.Errorf("admission webhook \"vtargetgroupbinding.elbv2.k8s.aws\" denied the request: TargetGroup %s is already bound to following TargetGroupBindings [%s]", arn, r.ID)
		}
		return nil
	})
}
