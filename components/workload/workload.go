// Package workload runs a web service on a cluster and brings traffic to it.
//
// The load balancer's rules and target groups are Pulumi's own; pods join a
// group through a TargetGroupBinding of the AWS Load Balancer Controller. A
// rolling update never takes a pod away before the load balancer has stopped
// sending to it: pods go on serving for as long as deregistration takes. A
// second image can run beside the first, as a canary or as green beside blue,
// and Pulumi owns how the requests are shared out.
package workload

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Workload is a web service on a cluster, reached through a load balancer.
type Workload struct {
	pulumi.ResourceState

	// Namespace is the Kubernetes namespace of everything that the workload runs.
	Namespace pulumi.StringOutput `pulumi:"namespace"`
	// ServiceName is the Kubernetes service of the first track, which callers in the
	// cluster reach on port 80.
	ServiceName pulumi.StringOutput `pulumi:"serviceName"`
	// TargetGroupARN is the target group that the pods join: those of Image, where
	// there is a second one.
	TargetGroupARN pulumi.StringOutput `pulumi:"targetGroupArn"`
	// TargetGroupARNSuffixes name the target groups in CloudWatch's dimensions, by the
	// name of the Deployment whose pods join them: that of the workload, and with a
	// suffix -canary or -green.
	TargetGroupARNSuffixes map[string]pulumi.StringOutput
	// RoleARN is the IAM role of the pods. Empty where they have no permissions.
	RoleARN pulumi.StringOutput `pulumi:"roleArn"`
}

// NewWorkload makes a workload. Its Kubernetes objects go to the Kubernetes
// provider that is passed with [pulumi.Providers], the others to the AWS one. Bad
// arguments are reported all at once, before anything is registered.
func NewWorkload(ctx *pulumi.Context, name string, args *WorkloadArgs, opts ...pulumi.ResourceOption) (*Workload, error) {
	args = args.withDefaults()
	if err := args.Validate(name); err != nil {
		return nil, err
	}
	w := &Workload{}
	inputs := pulumi.Map{
		"image":    pulumi.String(args.Image),
		"hosts":    pulumi.ToStringArray(args.Hosts),
		"paths":    pulumi.ToStringArray(args.Paths),
		"priority": pulumi.Int(args.Priority),
	}
	if err := ctx.RegisterComponentResourceV2("tandem:index:Workload", name, inputs, w, opts...); err != nil {
		return nil, err
	}
	b := &builder{
		ctx: ctx, name: name, args: args, in: pulumi.Parent(w),
		roleARN:      pulumi.String("").ToStringOutput(),
		targetGroups: map[string]*lb.TargetGroup{},
	}
	for _, step := range []func() error{
		b.makeNamespace, b.makeServiceAccount, b.makeIdentity, b.makeSecrets, b.makeConfigFiles, b.makeNetworkPolicy, b.admitLoadBalancer,
		b.makeTargetGroups, b.makeRule, b.makeTracks, b.makeWeights, b.makePeaks,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	w.Namespace = b.namespace
	w.ServiceName = pulumi.String(name).ToStringOutput()
	w.TargetGroupARN = b.targetGroups[""].Arn
	w.TargetGroupARNSuffixes = map[string]pulumi.StringOutput{}
	for suffix, group := range b.targetGroups {
		w.TargetGroupARNSuffixes[name+suffix] = group.ArnSuffix
	}
	w.RoleARN = b.roleARN
	return w, ctx.RegisterResourceOutputs(w, pulumi.Map{
		"namespace":      w.Namespace,
		"serviceName":    w.ServiceName,
		"targetGroupArn": w.TargetGroupARN,
		"roleArn":        w.RoleARN,
	})
}

// builder makes the children of one workload, step by step.
type builder struct {
	ctx  *pulumi.Context
	name string
	args *WorkloadArgs
	in   pulumi.ResourceOption // the parent of every child

	namespace      pulumi.StringOutput
	serviceAccount pulumi.StringPtrOutput
	roleARN        pulumi.StringOutput
	configMap      pulumi.StringPtrOutput // of the configuration files, where there are any
	targetGroups   map[string]*lb.TargetGroup
	rule           *lb.ListenerRule
	// beforeBinding is what a pod has to have before the load balancer asks it, and
	// beforePods what it has to have before it starts.
	beforeBinding, beforePods []pulumi.Resource
	// deployments are those of all tracks.
	deployments []pulumi.Resource
}

// allPods selects the pods of every track.
func (b *builder) allPods() pulumi.StringMap {
	return pulumi.StringMap{"app.kubernetes.io/name": pulumi.String(b.name)}
}

// pods selects the pods of one track.
func (b *builder) pods(t track) pulumi.StringMap {
	return pulumi.StringMap{
		"app.kubernetes.io/name":     pulumi.String(b.name),
		"app.kubernetes.io/instance": pulumi.String(b.name + t.suffix),
	}
}

// meta names an object of the workload.
func (b *builder) meta(suffix string) *metav1.ObjectMetaArgs {
	return &metav1.ObjectMetaArgs{Name: pulumi.String(b.name + suffix), Namespace: b.namespace, Labels: b.allPods()}
}

// metaOf names an object of a track.
func (b *builder) metaOf(t track) *metav1.ObjectMetaArgs {
	return &metav1.ObjectMetaArgs{Name: pulumi.String(b.name + t.suffix), Namespace: b.namespace, Labels: b.pods(t)}
}

// waiting is for the objects that need controllers or nodes.
func (b *builder) waiting(also ...pulumi.Resource) pulumi.ResourceOption {
	return pulumi.DependsOn(append(also, b.args.WaitFor...))
}
