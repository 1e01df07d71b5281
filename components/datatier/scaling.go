package datatier

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/appautoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// scaling is a number that Application Auto Scaling keeps, so that a metric
// stays near its target.
type scaling struct {
	suffix                string // of the resources' name
	service               string
	resource              pulumi.StringInput
	dimension             string
	least, most           int
	metric                string // one that the service has predefined
	targetPercent         int
	inSeconds, outSeconds int // to wait after a step before the next
	suspended             pulumi.BoolPtrInput
	after                 []pulumi.Resource // what has to be there first
}

// scale makes what scales, and returns what is there once it does.
func (b *builder) scale(s scaling) (*appautoscaling.Policy, error) {
	name := b.name + "-" + s.suffix
	args := &appautoscaling.TargetArgs{
		ServiceNamespace:  pulumi.String(s.service),
		ResourceId:        s.resource,
		ScalableDimension: pulumi.String(s.dimension),
		MinCapacity:       pulumi.Int(s.least),
		MaxCapacity:       pulumi.Int(s.most),
		Tags:              tags(name),
	}
	if s.suspended != nil {
		args.SuspendedState = &appautoscaling.TargetSuspendedStateArgs{
			DynamicScalingInSuspended:  s.suspended,
			DynamicScalingOutSuspended: s.suspended,
			ScheduledScalingSuspended:  s.suspended,
		}
	}
	target, err := appautoscaling.NewTarget(b.ctx, name, args, b.in, pulumi.DependsOn(s.after))
	if err != nil {
		return nil, err
	}
	return appautoscaling.NewPolicy(b.ctx, name, &appautoscaling.PolicyArgs{
		PolicyType:        pulumi.String("TargetTrackingScaling"),
		ServiceNamespace:  target.ServiceNamespace,
		ResourceId:        target.ResourceId,
		ScalableDimension: target.ScalableDimension,
		TargetTrackingScalingPolicyConfiguration: &appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs{
			PredefinedMetricSpecification: &appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs{
				PredefinedMetricType: pulumi.String(s.metric),
			},
			TargetValue:      pulumi.Float64(float64(s.targetPercent)),
			ScaleInCooldown:  pulumi.Int(s.inSeconds),
			ScaleOutCooldown: pulumi.Int(s.outSeconds),
		},
	}, b.in)
}

// scaleReaders lets the number of readers follow their load. Every region has
// it. Where the writes are not taken it is suspended, since AWS scales no
// secondary member of a global database (Aurora user guide, limitations of global
// databases); so a change of roles changes a state, and makes and deletes nothing.
func (b *builder) scaleReaders(instances []*rds.ClusterInstance) error {
	readers := b.args.Database.Readers
	if readers.Max < 0 {
		return nil
	}
	var after []pulumi.Resource
	for _, instance := range instances {
		after = append(after, instance)
	}
	_, err := b.scale(scaling{
		suffix:   "readers",
		service:  "rds",
		resource: pulumi.Sprintf("cluster:%s", b.cluster.ClusterIdentifier),
		// A cluster is scaled only once it has instances. To name it by way of them would
		// show a new instance as a replacement of what scales them.
		after:     after,
		dimension: "rds:cluster:ReadReplicaCount",
		// The readers of the zones count, and stay: what AWS has not added it does not remove.
		least: b.args.Database.fixedReaders(), most: readers.Max,
		metric: "RDSReaderAverageCPUUtilization", targetPercent: readers.CPUPercent,
		// A new instance is of use after minutes, and its cache is warm even later.
		inSeconds: 600, outSeconds: 300,
		suspended: pulumi.Bool(b.args.ActiveRegion != b.args.Region),
	})
	return err
}
