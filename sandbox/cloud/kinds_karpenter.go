package cloud

import (
	"fmt"
	"strings"
)

const (
	typeNodeClass = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
	typeNodePool  = "kubernetes:karpenter.sh/v1:NodePool"
)

// The charts of Karpenter: the controller, and the definitions of its kinds, which
// the first has too unless it is told to skip them.
const (
	karpenterChart     = "karpenter"
	karpenterCRDsChart = "karpenter-crd"
)

// nodeClassAdmitted is the look that Karpenter takes at a class before it is
// ready: everything that the class names is there, and its nodes may join.
func nodeClassAdmitted(o *object) error {
	controller, err := o.releaseOf(karpenterChart)
	if err != nil || controller == nil {
		return err // nobody looks
	}
	notReady := func(condition, format string, args ...any) error {
		return fmt.Errorf("timed out waiting for ec2nodeclasses %q to be ready: %s: %s", o.name, condition, fmt.Sprintf(format, args...))
	}
	for path, want := range map[string]struct{ typ, condition string }{
		"spec.subnetSelectorTerms": {typeSubnet, "SubnetsNotFound"}, "spec.securityGroupSelectorTerms": {"", "SecurityGroupsNotFound"},
	} {
		for _, l := range all(o.doc, path) {
			term, _ := l.value.(map[string]any)
			id := text(term, "id")
			if id == "" {
				continue
			}
			found, err := o.find(id, want.typ)
			if err != nil {
				return err
			}
			if len(found) == 0 || found[0].Scope.Region != o.cluster.Scope.Region {
				return notReady(want.condition, "%s is not in %s", id, o.cluster.Scope.Region)
			}
		}
	}
	for _, l := range all(o.doc, "spec.blockDeviceMappings") {
		mapping, _ := l.value.(map[string]any)
		if key := text(mapping, "ebs.kmsKeyID"); key != "" {
			if found, err := o.find(key, typeKey); err != nil {
				return err
			} else if len(found) == 0 || found[0].Scope.Region != o.cluster.Scope.Region {
				return notReady("ValidationFailed", "the key %s is not in %s", key, o.cluster.Scope.Region)
			}
		}
	}
	profiles, err := o.find(text(o.doc, "spec.instanceProfile"), typeInstanceProfile)
	if err != nil {
		return err
	}
	if len(profiles) == 0 {
		return notReady("InstanceProfileReady", "the instance profile %q was not found", text(o.doc, "spec.instanceProfile"))
	}
	joins, role := false, text(profiles[0].Inputs, "role")
	err = o.eachOf(o.cluster.Scope, typeAccess, func(r *Resource) error {
		arn := text(r.Inputs, "principalArn")
		joins = joins || text(r.Inputs, "clusterName") == o.cluster.ID && text(r.Inputs, "type") == "EC2_LINUX" && arn[strings.LastIndex(arn, "/")+1:] == role
		return nil
	})
	if err == nil && !joins {
		return notReady("NodesNotJoining", "the role %q of its nodes has no access entry of type EC2_LINUX in cluster %s, so nodes cannot register", role, o.cluster.ID)
	}
	return err
}

func nodePoolAdmitted(o *object) error {
	name := text(o.doc, "spec.template.spec.nodeClassRef.name")
	class, err := o.get(o.scope, typeNodeClass, name)
	if err == nil && class == nil {
		return fmt.Errorf("timed out waiting for nodepools %q to be ready: NodeClassReady: ec2nodeclasses %q not found", o.name, name)
	}
	return err
}

// nodeClassHeld: a class goes when no node is of it any more.
func nodeClassHeld(o *object) error {
	return o.eachOf(o.scope, typeNodePool, func(r *Resource) error {
		if text(r.Inputs, "spec.template.spec.nodeClassRef.name") == o.name {
			return fmt.Errorf("timed out waiting for %s %q to be deleted: nodes of nodepools %q are of this class", o.kind.resource(), o.id(), r.ID)
		}
		return nil
	})
}
