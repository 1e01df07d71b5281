package cloud

import (
	"fmt"
	"strings"
)

const typeScalableTarget = "aws:appautoscaling/target:Target"

// scalable are the dimensions that are modelled, with the type that each is of
// and the form of its resource id (Application Auto Scaling API,
// RegisterScalableTarget).
var scalable = map[string]struct {
	service, prefix string
	types           []string
	most            float64 // 0 is no bound here
}{
	"rds:cluster:ReadReplicaCount":      {"rds", "cluster:", []string{typeDBCluster}, 15},
	"dynamodb:table:ReadCapacityUnits":  {"dynamodb", "table/", []string{typeTable, typeTableReplica}, 0},
	"dynamodb:table:WriteCapacityUnits": {"dynamodb", "table/", []string{typeTable, typeTableReplica}, 0},
}

var autoscalingModels = []model{
	{
		// pulumi-aws has the resource id alone for an id. A table has two targets, which
		// the dimension keeps apart.
		Type: typeScalableTarget, Service: "Application Auto Scaling", ID: "{resourceId}/{scalableDimension}", Auto: autoname{none: true},
		Set: map[string]string{
			"arn": "arn:aws:application-autoscaling:{region}:{account}:scalable-target/{alnum:32}",
			"roleArn": "arn:aws:iam::{account}:role/aws-service-role/{serviceNamespace}.application-autoscaling.amazonaws.com/" +
				"AWSServiceRoleForApplicationAutoScaling",
		},
		UsedBy: []string{"aws:appautoscaling/policy:Policy"}, InUse: "ObjectNotFoundException",
		Check: checkScalableTarget,
	},
	{
		Type: "aws:appautoscaling/policy:Policy", Service: "Application Auto Scaling", ID: "{name}", Auto: autoname{max: 255},
		Set: map[string]string{
			"arn": "arn:aws:autoscaling:{region}:{account}:scalingPolicy:{uuid}:resource/{serviceNamespace}/{resourceId}:policyName/{name}",
		},
		Unique: []string{"{serviceNamespace} {resourceId} {scalableDimension} {name}"}, Exists: "ValidationException",
		Check: func(o *op) error {
			id := text(o.in, "resourceId") + "/" + text(o.in, "scalableDimension")
			target, err := o.get(o.scope, typeScalableTarget, id)
			if err != nil {
				return err
			}
			if target == nil {
				return o.refuse("ObjectNotFoundException", "no scalable target registered for service namespace: %s, resource ID: %s, scalable dimension: %s",
					text(o.in, "serviceNamespace"), text(o.in, "resourceId"), text(o.in, "scalableDimension"))
			}
			tracking := len(all(o.in, "targetTrackingScalingPolicyConfiguration")) > 0
			if want := text(o.in, "policyType") == "TargetTrackingScaling"; want != tracking {
				return o.refuse("ValidationException", "policyType TargetTrackingScaling goes with a target tracking configuration, and no other type does")
			}
			return nil
		},
	},
}

func checkScalableTarget(o *op) error {
	dimension, id := text(o.in, "scalableDimension"), text(o.in, "resourceId")
	known, ok := scalable[dimension]
	if !ok {
		return o.refuse("ValidationException", "the scalable dimension %s is not one that is modelled here: %s", dimension, strings.Join(sortedNames(scalable), ", "))
	}
	if service := text(o.in, "serviceNamespace"); service != known.service {
		return o.refuse("ValidationException", "the scalable dimension %s is of the service namespace %s, not %s", dimension, known.service, service)
	}
	name, ok := strings.CutPrefix(id, known.prefix)
	if !ok {
		return o.refuse("ValidationException", "the resource ID %s of %s must begin with %s", id, dimension, known.prefix)
	}
	least, _ := number(o.in, "minCapacity")
	most, _ := number(o.in, "maxCapacity")
	if least > most || known.most > 0 && most > known.most {
		return o.refuse("ValidationException", "minCapacity %v and maxCapacity %v: the least must not exceed the most, nor that %v", least, most, known.most)
	}
	for _, t := range known.types {
		ref := name
		if t == typeTableReplica { // has its table's name in its ARN alone
			ref = fmt.Sprintf("arn:aws:dynamodb:%s:%s:table/%s", o.region, o.c.account, name)
		}
		found, err := o.find(ref, t)
		if err != nil {
			return err
		}
		for _, r := range found {
			if r.Scope.Region != o.region {
				continue
			}
			if t == typeDBCluster {
				return scaledCluster(o, r)
			}
			return o.scaledTable(r, name)
		}
	}
	return o.refuse("ValidationException", "%s doesn't exist: %s in %s", known.service, id, o.region)
}

// scaledTable refuses to scale a table, or a replica of one, that is billed by request.
func (o *op) scaledTable(r *Resource, name string) error {
	if r.Type == typeTableReplica {
		found, err := o.find(text(r.Inputs, "globalTableArn"), typeTable)
		if err != nil || len(found) == 0 {
			return err
		}
		r = found[0]
	}
	if text(r.Inputs, "billingMode") == "PAY_PER_REQUEST" {
		return o.refuse("ValidationException", "the table %s is billed by request and has no capacity to scale", name)
	}
	return nil
}

// scaledCluster refuses to scale a secondary member of a global database, unless
// all scaling is suspended (Aurora user guide, "Limitations of Amazon Aurora
// global databases": no Aurora Auto Scaling for secondary clusters).
func scaledCluster(o *op, cluster *Resource) error {
	if text(cluster.Outputs, "replicationSourceIdentifier") == "" {
		return nil
	}
	for _, p := range []string{"dynamicScalingInSuspended", "dynamicScalingOutSuspended", "scheduledScalingSuspended"} {
		if !truth(o.in, "suspendedState."+p) {
			return o.refuse("ValidationException", "Aurora Auto Scaling isn't supported for %s, a secondary cluster of a global database, while suspendedState.%s is false",
				cluster.ID, p)
		}
	}
	return nil
}
