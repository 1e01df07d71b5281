package workload

import (
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// makeNetworkPolicy lets the load balancer and the callers reach the pods, and
// nobody else.
func (b *builder) makeNetworkPolicy() error {
	from := networkingv1.NetworkPolicyPeerArray{}
	for _, c := range b.args.Callers {
		if c.CIDR != "" {
			from = append(from, networkingv1.NetworkPolicyPeerArgs{IpBlock: networkingv1.IPBlockArgs{Cidr: pulumi.String(c.CIDR)}})
			continue
		}
		peer := networkingv1.NetworkPolicyPeerArgs{NamespaceSelector: metav1.LabelSelectorArgs{
			MatchLabels: pulumi.StringMap{"kubernetes.io/metadata.name": pulumi.String(c.Namespace)}, // every namespace has it
		}}
		if c.Name != "" {
			peer.PodSelector = metav1.LabelSelectorArgs{MatchLabels: pulumi.StringMap{"app.kubernetes.io/name": pulumi.String(c.Name)}}
		}
		from = append(from, peer)
	}
	ports := networkingv1.NetworkPolicyPortArray{networkingv1.NetworkPolicyPortArgs{
		Protocol: pulumi.String("TCP"), Port: pulumi.String("http"),
	}}
	rules := networkingv1.NetworkPolicyIngressRuleArray{networkingv1.NetworkPolicyIngressRuleArgs{
		Ports: ports,
		From: b.args.LoadBalancerCIDRs.ToStringArrayOutput().ApplyT(func(blocks []string) []networkingv1.NetworkPolicyPeer {
			var peers []networkingv1.NetworkPolicyPeer
			for _, block := range blocks {
				peers = append(peers, networkingv1.NetworkPolicyPeer{IpBlock: &networkingv1.IPBlock{Cidr: block}})
			}
			return peers
		}).(networkingv1.NetworkPolicyPeerArrayOutput),
	}}
	if len(from) > 0 { // an empty list would let everybody in
		rules = append(rules, networkingv1.NetworkPolicyIngressRuleArgs{Ports: ports, From: from})
	}
	policy, err := networkingv1.NewNetworkPolicy(b.ctx, b.name, &networkingv1.NetworkPolicyArgs{
		Metadata: b.meta(""),
		Spec: networkingv1.NetworkPolicySpecArgs{
			PodSelector: metav1.LabelSelectorArgs{MatchLabels: b.allPods()},
			PolicyTypes: pulumi.ToStringArray([]string{"Ingress"}),
			Ingress:     rules,
		},
	}, b.in)
	b.beforeBinding = append(b.beforeBinding, policy)
	return err
}

// admitLoadBalancer opens the way through the pods' security group, where nobody
// else has.
func (b *builder) admitLoadBalancer() error {
	if b.args.NodeSecurityGroupID == nil {
		return nil
	}
	way, err := vpc.NewSecurityGroupIngressRule(b.ctx, b.name, &vpc.SecurityGroupIngressRuleArgs{
		SecurityGroupId:           b.args.NodeSecurityGroupID,
		ReferencedSecurityGroupId: b.args.LoadBalancerSecurityGroupID,
		IpProtocol:                pulumi.String("tcp"),
		FromPort:                  pulumi.Int(b.args.Port),
		ToPort:                    pulumi.Int(b.args.Port),
		Description:               pulumi.Sprintf("Load balancer to %s, port %s", b.name, strconv.Itoa(b.args.Port)),
	}, b.in)
	b.beforeBinding = append(b.beforeBinding, way)
	return err
}

// makeTargetGroups makes a target group for each track.
func (b *builder) makeTargetGroups() error {
	for _, t := range b.args.tracks() {
		group, err := lb.NewTargetGroup(b.ctx, b.name+t.suffix, &lb.TargetGroupArgs{
			VpcId:               b.args.VPCID,
			TargetType:          pulumi.String("ip"),
			Protocol:            pulumi.String("HTTP"),
			Port:                pulumi.Int(b.args.Port),
			DeregistrationDelay: pulumi.Int(b.args.DeregistrationDelaySeconds),
			HealthCheck: lb.TargetGroupHealthCheckArgs{
				Path:               pulumi.String(b.args.HealthCheckPath),
				Protocol:           pulumi.String("HTTP"),
				Matcher:            pulumi.String("200"),
				Interval:           pulumi.Int(10),
				Timeout:            pulumi.Int(5),
				HealthyThreshold:   pulumi.Int(2),
				UnhealthyThreshold: pulumi.Int(2),
			},
		}, b.in)
		if err != nil {
			return err
		}
		b.targetGroups[t.suffix] = group
	}
	return nil
}

// conditions are the same for every rule of the workload.
func (b *builder) conditions() lb.ListenerRuleConditionArray {
	all := lb.ListenerRuleConditionArray{}
	if len(b.args.Hosts) > 0 {
		all = append(all, lb.ListenerRuleConditionArgs{
			HostHeader: lb.ListenerRuleConditionHostHeaderArgs{Values: pulumi.ToStringArray(b.args.Hosts)},
		})
	}
	if len(b.args.Paths) > 0 {
		all = append(all, lb.ListenerRuleConditionArgs{
			PathPattern: lb.ListenerRuleConditionPathPatternArgs{Values: pulumi.ToStringArray(b.args.Paths)},
		})
	}
	return all
}

// forward sends requests to the tracks' target groups by weight. Weight zero
// still has the load balancer ask the pods whether they are healthy.
func (b *builder) forward(weight func(track) int) lb.ListenerRuleActionArray {
	groups := lb.ListenerRuleActionForwardTargetGroupArray{}
	for _, t := range b.args.tracks() {
		groups = append(groups, lb.ListenerRuleActionForwardTargetGroupArgs{
			Arn: b.targetGroups[t.suffix].Arn, Weight: pulumi.Int(weight(t)),
		})
	}
	return lb.ListenerRuleActionArray{lb.ListenerRuleActionArgs{
		Type: pulumi.String("forward"), Forward: lb.ListenerRuleActionForwardArgs{TargetGroups: groups},
	}}
}

// makeRule makes the rule that sends requests to the first track. It comes before
// the pods of any track: a target group that no rule names has no health checks,
// so pods that wait for them would never be ready. That is why it names the
// second track's group too, without a weight.
func (b *builder) makeRule() (err error) {
	b.rule, err = lb.NewListenerRule(b.ctx, b.name, &lb.ListenerRuleArgs{
		ListenerArn: b.args.ListenerARN,
		Priority:    pulumi.Int(b.args.Priority),
		Conditions:  b.conditions(),
		Actions: b.forward(func(t track) int {
			if t.suffix == "" {
				return 100
			}
			return 0
		}),
	}, b.in)
	b.beforeBinding = append(b.beforeBinding, b.rule)
	return err
}

// makeWeights makes the rule that shares requests out between two tracks. It
// goes before the other one and after the pods of both: requests move once a new
// image has been rolled out, and move back before the second track is taken away.
func (b *builder) makeWeights() error {
	if len(b.args.tracks()) == 1 {
		return nil
	}
	_, err := lb.NewListenerRule(b.ctx, b.name+"-weights", &lb.ListenerRuleArgs{
		ListenerArn: b.args.ListenerARN,
		Priority:    pulumi.Int(b.args.weightsPriority()),
		Conditions:  b.conditions(),
		Actions:     b.forward(func(t track) int { return t.weight }),
	}, b.in, pulumi.DependsOn(b.deployments))
	return err
}

// bindPods has the controller register the pods of a track with its target group.
// The binding carries a finalizer, so on destroy it goes before the target group
// and before the controller, which has to take the targets out. It goes after
// the pods, which leave the group while there is still somebody to see it.
func (b *builder) bindPods(t track) (pulumi.Resource, error) {
	meta := b.metaOf(t)
	// Pulumi would wait for the service to have pods, which come after it.
	meta.Annotations = pulumi.StringMap{"pulumi.com/skipAwait": pulumi.String("true")}
	service, err := corev1.NewService(b.ctx, b.name+t.suffix, &corev1.ServiceArgs{
		Metadata: meta,
		Spec: corev1.ServiceSpecArgs{
			Type:     pulumi.String("ClusterIP"),
			Selector: b.pods(t),
			Ports: corev1.ServicePortArray{corev1.ServicePortArgs{
				Name: pulumi.String("http"), Port: pulumi.Int(80), TargetPort: pulumi.String("http"),
			}},
		},
	}, b.in)
	if err != nil {
		return nil, err
	}
	return apiextensions.NewCustomResource(b.ctx, b.name+t.suffix, &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String("elbv2.k8s.aws/v1beta1"),
		Kind:       pulumi.String("TargetGroupBinding"),
		Metadata:   b.metaOf(t),
		OtherFields: kubernetes.UntypedArgs{
			"spec": pulumi.Map{
				"targetGroupARN": b.targetGroups[t.suffix].Arn,
				"targetType":     pulumi.String("ip"),
				"serviceRef":     pulumi.Map{"name": service.Metadata.Name(), "port": pulumi.Int(80)},
			},
		},
	}, b.in, b.waiting(b.beforeBinding...))
}
