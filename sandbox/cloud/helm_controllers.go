package cloud

import "fmt"

// controllerOf is what the pods of a chart that talks to AWS need.
type controllerOf struct {
	// cluster is the value that names the cluster, account the one that names the
	// pods' service account.
	cluster, account string
}

// controllers are the charts whose pods end, and whose release fails, where they
// are told of another cluster or have no credentials for AWS.
var controllers = map[string]controllerOf{
	controllerChart:      {"values.clusterName", "values.serviceAccount"},
	karpenterChart:       {"values.settings.clusterName", "values.serviceAccount"},
	"cluster-autoscaler": {"values.autoDiscovery.clusterName", "values.rbac.serviceAccount"},
}

// controllerAdmitted holds what the controllers' own start demands.
func (o *object) controllerAdmitted() error {
	chart := chartOf(o.doc)
	c, ok := controllers[chart]
	if !ok {
		return nil
	}
	failed := func(format string, args ...any) error {
		return fmt.Errorf("helm release %q failed to become available: %s", o.id(), fmt.Sprintf(format, args...))
	}
	switch name := text(o.doc, c.cluster); name {
	case o.cluster.ID:
	case "":
		return fmt.Errorf("execution error at (%s/templates/deployment.yaml): chart cannot be installed without a valid clusterName", chart)
	default:
		return failed("%s is %q, the cluster is %q", c.cluster, name, o.cluster.ID)
	}
	if chart == karpenterChart {
		if definitions, err := o.releaseOf(karpenterCRDsChart); err != nil {
			return err
		} else if definitions == nil && truth(o.doc, "skipCrds") {
			return failed("no matches for kind \"NodePool\" in version \"karpenter.sh/v1\"")
		}
		if queue := text(o.doc, "values.settings.interruptionQueue"); queue != "" {
			if found, err := o.find(queue, typeQueue); err != nil {
				return err
			} else if len(found) == 0 || found[0].Scope.Region != o.cluster.Scope.Region {
				return failed("AWS.SimpleQueueService.NonExistentQueue: the queue %q is not in %s", queue, o.cluster.Scope.Region)
			}
		}
	}
	account := text(o.doc, c.account+".name")
	if account == "" {
		account = o.name
	}
	if role := text(o.doc, c.account+`.annotations["eks.amazonaws.com/role-arn"]`); role != "" {
		return nil // a role for service accounts
	}
	ok, err := o.hasIdentity(account)
	if err == nil && !ok {
		return failed("no EC2 IMDS role found: the service account %s/%s has no role: give it a Pod Identity association, "+
			"and the cluster the add-on eks-pod-identity-agent", o.namespace, account)
	}
	return err
}

// hasIdentity says whether a service account of the object's namespace gets
// credentials through EKS Pod Identity.
func (o *object) hasIdentity(account string) (bool, error) {
	agent, associated := false, false
	err := o.eachOf(o.cluster.Scope, typeAddon, func(r *Resource) error {
		agent = agent || text(r.Inputs, "clusterName") == o.cluster.ID && text(r.Inputs, "addonName") == "eks-pod-identity-agent"
		return nil
	})
	if err != nil {
		return false, err
	}
	err = o.eachOf(o.cluster.Scope, typePodIdentity, func(r *Resource) error {
		associated = associated || text(r.Inputs, "clusterName") == o.cluster.ID &&
			text(r.Inputs, "namespace") == o.namespace && text(r.Inputs, "serviceAccount") == account
		return nil
	})
	return agent && associated, err
}

// releaseHeld: a chart that brings kinds takes their definitions with it, and
// these wait for all objects of them. What comes in a chart's own folder for
// definitions Helm leaves where it is.
func releaseHeld(o *object) error {
	defines := map[string][]string{karpenterCRDsChart: {typeNodePool, typeNodeClass}}
	for _, typ := range defines[chartOf(o.doc)] {
		if err := o.eachOf(o.scope, typ, func(r *Resource) error {
			return fmt.Errorf("uninstalling helm release %q: timed out waiting for customresourcedefinition %s to be deleted: %q is still there",
				o.id(), kinds[typ].resource(), r.ID)
		}); err != nil {
			return err
		}
	}
	return nil
}
