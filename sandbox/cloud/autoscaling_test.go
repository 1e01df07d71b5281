package cloud_test

import (
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

const (
	targetType  = "aws:appautoscaling/target:Target"
	scalingType = "aws:appautoscaling/policy:Policy"
)

func readersOf(cluster string, suspended bool) props {
	return props{
		"serviceNamespace": "rds", "scalableDimension": "rds:cluster:ReadReplicaCount", "resourceId": "cluster:" + cluster, "minCapacity": 1, "maxCapacity": 5,
		"suspendedState": props{
			"dynamicScalingInSuspended": suspended, "dynamicScalingOutSuspended": suspended, "scheduledScalingSuspended": suspended,
		},
	}
}

func TestReadersOfASecondaryAreNotScaled(t *testing.T) {
	d := newGlobalDatabase(t, "us-east-1", "us-west-2")
	east, west, first, second := d.providers["us-east-1"], d.providers["us-west-2"], d.members["us-east-1"], d.members["us-west-2"]
	east.Make(targetType, "east", readersOf(first.ID, false))
	west.Refused(targetType, "on", readersOf(second.ID, false), "Aurora Auto Scaling isn't supported for m-us-west-2", "suspendedState.dynamicScalingInSuspended is false")
	in := readersOf(second.ID, true)
	in["suspendedState"].(props)["scheduledScalingSuspended"] = false
	west.Refused(targetType, "half", in, "suspendedState.scheduledScalingSuspended is false")
	target := west.Make(targetType, "west", readersOf(second.ID, true))
	cloudtest.WantError(t, target.Update(props{"suspendedState": readersOf("", false)["suspendedState"]}), "isn't supported for m-us-west-2")
}

func TestScalingNeedsWhatItScales(t *testing.T) {
	d := newGlobalDatabase(t, "us-east-1", "us-west-2")
	east, first, second := d.providers["us-east-1"], d.members["us-east-1"], d.members["us-west-2"]
	change := func(name string, v any) props {
		in := readersOf(first.ID, false)
		in[name] = v
		return in
	}
	east.Refused(targetType, "none", readersOf("nobody", false), "rds doesn't exist: cluster:nobody in us-east-1")
	east.Refused(targetType, "elsewhere", readersOf(second.ID, true), "rds doesn't exist: cluster:m-us-west-2 in us-east-1")
	east.Refused(targetType, "service", change("serviceNamespace", "ecs"), "is of the service namespace rds, not ecs")
	east.Refused(targetType, "form", change("resourceId", first.ID), "must begin with cluster:")
	east.Refused(targetType, "most", change("maxCapacity", 16), "maxCapacity 16")
	east.Refused(targetType, "least", change("minCapacity", 6), "the least must not exceed the most")

	policy := props{
		"policyType": "TargetTrackingScaling", "serviceNamespace": "rds", "resourceId": "cluster:" + first.ID, "scalableDimension": "rds:cluster:ReadReplicaCount",
		"targetTrackingScalingPolicyConfiguration": props{
			"predefinedMetricSpecification": props{"predefinedMetricType": "RDSReaderAverageCPUUtilization"}, "targetValue": 60,
		},
	}
	east.Refused(scalingType, "early", policy, "ObjectNotFoundException", "cluster:m-us-east-1")
	east.Make(targetType, "east", readersOf(first.ID, false))
	east.Make(scalingType, "east", policy)

	table := east.Make("aws:dynamodb/table:Table", "t", props{"hashKey": "id", "attributes": []any{props{"name": "id", "type": "S"}}, "billingMode": "PAY_PER_REQUEST"})
	reads := props{
		"serviceNamespace": "dynamodb", "scalableDimension": "dynamodb:table:ReadCapacityUnits", "resourceId": "table/" + table.ID, "minCapacity": 5, "maxCapacity": 100,
	}
	east.Refused(targetType, "on-demand", reads, "is billed by request")
}

func TestAReplicaOfATableScalesInItsOwnRegion(t *testing.T) {
	d := newGlobalDatabase(t, "us-east-1", "us-west-2")
	east, west := d.providers["us-east-1"], d.providers["us-west-2"]
	table := func(name, mode string) (*cloudtest.Resource, props) {
		in := props{
			"hashKey": "id", "attributes": []any{props{"name": "id", "type": "S"}}, "billingMode": mode, "streamEnabled": true, "streamViewType": "NEW_AND_OLD_IMAGES",
		}
		if mode == "PROVISIONED" {
			in["readCapacity"], in["writeCapacity"] = 5, 5
		}
		made := east.Make("aws:dynamodb/table:Table", name, in)
		return made, props{
			"serviceNamespace": "dynamodb", "scalableDimension": "dynamodb:table:ReadCapacityUnits", "resourceId": "table/" + made.ID, "minCapacity": 5, "maxCapacity": 100,
		}
	}
	east.Refused("aws:dynamodb/table:Table", "none", props{
		"hashKey": "id", "attributes": []any{props{"name": "id", "type": "S"}}, "billingMode": "PROVISIONED", "readCapacity": 5,
	}, "writeCapacity must be at least 1 when billingMode is PROVISIONED")
	scaled, reads := table("scaled", "PROVISIONED")
	west.Refused(targetType, "early", reads, "dynamodb doesn't exist: table/"+scaled.ID+" in us-west-2")
	west.Make("aws:dynamodb/tableReplica:TableReplica", "scaled", props{"globalTableArn": scaled.Get("arn")})
	west.Make(targetType, "reads", reads)

	onDemand, reads := table("on-demand", "PAY_PER_REQUEST")
	west.Make("aws:dynamodb/tableReplica:TableReplica", "on-demand", props{"globalTableArn": onDemand.Get("arn")})
	west.Refused(targetType, "on-demand", reads, "is billed by request")
}
