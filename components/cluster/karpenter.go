package cluster

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

const (
	karpenterName = "karpenter"
	// karpenterChart is the version of Karpenter's charts, which is that of Karpenter;
	// 1.14 works with Kubernetes 1.30 to 1.36 (karpenter.sh, "Compatibility").
	karpenterChart = "1.14.0"
	// nodeClass is the name of the one EC2NodeClass, of which all pools are.
	nodeClass = "default"
)

// makeKarpenter installs Karpenter and says what nodes it makes. Backwards, on a
// destroy, the pools go first and with them their nodes, then the controller, then
// what it works with.
func (b *builder) makeKarpenter() error {
	role, forNodes, err := b.nodeRole("-karpenter-node", fmt.Sprintf("Nodes that Karpenter makes for the EKS cluster %s", b.name))
	if err != nil {
		return err
	}
	// A profile of our own: Karpenter needs no permission to make one, and leaves none behind.
	profile, err := iam.NewInstanceProfile(b.ctx, b.name+"-karpenter-node", &iam.InstanceProfileArgs{Role: role.Name}, b.in)
	if err != nil {
		return err
	}
	// EKS makes the entry of a managed node group's role by itself, and this one not.
	entry, err := awseks.NewAccessEntry(b.ctx, b.name+"-karpenter-node", &awseks.AccessEntryArgs{
		ClusterName: b.cluster, PrincipalArn: role.Arn, Type: pulumi.String("EC2_LINUX"),
	}, b.in)
	if err != nil {
		return err
	}
	queue, events, err := b.makeInterruptionQueue()
	if err != nil {
		return err
	}
	identity, err := b.identity(karpenterName, systemNamespace, karpenterName, b.karpenterStatements(role.Arn, profile.Arn, queue.Arn)...)
	if err != nil {
		return err
	}
	definitions, err := b.install(chart{
		release: karpenterName + "-crd", namespace: systemNamespace,
		name: "oci://public.ecr.aws/karpenter/karpenter-crd", version: karpenterChart,
	})
	if err != nil {
		return err
	}
	controller, err := b.install(chart{
		release: karpenterName, namespace: systemNamespace,
		name: "oci://public.ecr.aws/karpenter/karpenter", version: karpenterChart,
		skipCRDs: true,
		values: pulumi.Map{
			"replicas":       pulumi.Int(2), // one leads; the chart keeps them off Karpenter's own nodes
			"serviceAccount": serviceAccount(karpenterName),
			"settings":       pulumi.Map{"clusterName": b.cluster, "interruptionQueue": queue.Name},
			"controller":     pulumi.Map{"resources": requests("500m", "1Gi")},
		},
	}, slices.Concat(identity, events, []pulumi.Resource{definitions})...)
	if err != nil {
		return err
	}
	class, err := b.makeCustomResource("karpenter.k8s.aws/v1", "EC2NodeClass", nodeClass, b.nodeClassSpec(profile.Name),
		pulumi.DependsOn(slices.Concat(forNodes, []pulumi.Resource{controller, entry})))
	if err != nil {
		return err
	}
	b.ready = append(b.ready, controller)
	for _, name := range slices.Sorted(maps.Keys(b.args.Karpenter.NodePools)) {
		p := b.args.Karpenter.NodePools[name]
		made, err := b.makeCustomResource("karpenter.sh/v1", "NodePool", name, pulumi.Any(p.spec(nodeClass)),
			pulumi.DependsOn([]pulumi.Resource{class}),
			pulumi.Timeouts(&pulumi.CustomTimeouts{Delete: p.deleteTimeout()}))
		if err != nil {
			return err
		}
		b.ready = append(b.ready, made)
	}
	return nil
}

// makeCustomResource makes a cluster-wide object of Karpenter's.
func (b *builder) makeCustomResource(apiVersion, kind, name string, spec pulumi.Input, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	return apiextensions.NewCustomResource(b.ctx, fmt.Sprintf("%s-%s-%s", b.name, strings.ToLower(kind), name), &apiextensions.CustomResourceArgs{
		ApiVersion:  pulumi.String(apiVersion),
		Kind:        pulumi.String(kind),
		Metadata:    metav1.ObjectMetaArgs{Name: pulumi.String(name)},
		OtherFields: kubernetes.UntypedArgs{"spec": spec},
	}, append(opts, b.in, pulumi.Provider(b.provider))...)
}

// nodeClassSpec is what all nodes of Karpenter have in common
// (karpenter.k8s.aws/v1, EC2NodeClass). The subnets and the group are named by id,
// so no tag on them decides where nodes go.
func (b *builder) nodeClassSpec(profile pulumi.StringInput) pulumi.Map {
	k := b.args.Karpenter
	mappings := pulumi.Array{}
	for _, d := range disks(k.AMIAlias, k.DiskSizeGiB) {
		mappings = append(mappings, pulumi.Map{
			"deviceName": pulumi.String(d.device),
			"ebs": pulumi.Map{
				"volumeType":          pulumi.String("gp3"),
				"volumeSize":          pulumi.String(fmt.Sprintf("%dGi", d.sizeGiB)),
				"encrypted":           pulumi.Bool(true),
				"kmsKeyID":            b.volumeKey.Arn,
				"deleteOnTermination": pulumi.Bool(true),
			},
		})
	}
	subnets := b.args.SubnetIDs.ToStringArrayOutput().ApplyT(func(ids []string) []map[string]string {
		terms := make([]map[string]string, len(ids))
		for i, id := range ids {
			terms[i] = map[string]string{"id": id}
		}
		return terms
	})
	return pulumi.Map{
		"amiSelectorTerms":           pulumi.Array{pulumi.Map{"alias": pulumi.String(k.AMIAlias)}},
		"instanceProfile":            profile,
		"subnetSelectorTerms":        subnets,
		"securityGroupSelectorTerms": pulumi.Array{pulumi.Map{"id": b.securityGroup()}},
		"blockDeviceMappings":        mappings,
		"metadataOptions": pulumi.Map{
			"httpEndpoint":            pulumi.String("enabled"),
			"httpProtocolIPv6":        pulumi.String("disabled"),
			"httpPutResponseHopLimit": pulumi.Int(1), // keeps pods away from the node's credentials
			"httpTokens":              pulumi.String("required"),
		},
		"tags": b.nodeTags(b.name + "-karpenter"),
	}
}

// interruptions are the events that tell Karpenter beforehand that a node goes, by
// the suffix of their rule (karpenter.sh, "Interruption").
var interruptions = map[string]struct{ source, event string }{
	"health":            {"aws.health", "AWS Health Event"},
	"rebalance":         {"aws.ec2", "EC2 Instance Rebalance Recommendation"},
	"spot-interruption": {"aws.ec2", "EC2 Spot Instance Interruption Warning"},
	"state-change":      {"aws.ec2", "EC2 Instance State-change Notification"},
}

// makeInterruptionQueue makes the queue to which EventBridge sends interruptions,
// and returns with it what has to be there for events to arrive.
func (b *builder) makeInterruptionQueue() (*sqs.Queue, []pulumi.Resource, error) {
	name := b.name + "-interruptions"
	queue, err := sqs.NewQueue(b.ctx, name, &sqs.QueueArgs{
		MessageRetentionSeconds: pulumi.Int(300), // what is older has happened
		SqsManagedSseEnabled:    pulumi.Bool(true),
	}, b.in)
	if err != nil {
		return nil, nil, err
	}
	rules, arns := map[string]*cloudwatch.EventRule{}, pulumi.StringArray{}
	for _, suffix := range slices.Sorted(maps.Keys(interruptions)) {
		of := interruptions[suffix]
		pattern, err := json.Marshal(map[string]any{"source": []string{of.source}, "detail-type": []string{of.event}})
		if err != nil {
			return nil, nil, fmt.Errorf("writing the event pattern of %s-%s: %w", b.name, suffix, err)
		}
		rule, err := cloudwatch.NewEventRule(b.ctx, b.name+"-"+suffix, &cloudwatch.EventRuleArgs{
			Description:  pulumi.Sprintf("%s, to Karpenter of the EKS cluster %s", of.event, b.name),
			EventPattern: pulumi.String(pattern),
		}, b.in)
		if err != nil {
			return nil, nil, err
		}
		rules[suffix] = rule
		arns = append(arns, rule.Arn)
	}
	policy, err := sqs.NewQueuePolicy(b.ctx, name, &sqs.QueuePolicyArgs{
		QueueUrl: queue.Url,
		Policy: iampolicy.JSON(
			iampolicy.Statement{
				Sid:       "EventsOfOurRules",
				Principal: map[string]any{"Service": "events.amazonaws.com"},
				Action:    []string{"sqs:SendMessage"},
				Resource:  queue.Arn,
				Condition: map[string]any{"ArnEquals": map[string]any{"aws:SourceArn": arns}},
			},
			iampolicy.Statement{
				Sid: "TLSOnly", Effect: "Deny", Principal: "*", Action: []string{"sqs:*"}, Resource: queue.Arn,
				Condition: map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}},
			},
		),
	}, b.in)
	if err != nil {
		return nil, nil, err
	}
	var targets []pulumi.Resource
	for _, suffix := range slices.Sorted(maps.Keys(rules)) {
		target, err := cloudwatch.NewEventTarget(b.ctx, b.name+"-"+suffix, &cloudwatch.EventTargetArgs{
			Rule: rules[suffix].Name, Arn: queue.Arn,
		}, b.in, pulumi.DependsOn([]pulumi.Resource{policy}))
		if err != nil {
			return nil, nil, err
		}
		targets = append(targets, target)
	}
	return queue, targets, nil
}
