// Command workload makes one Workload, on a small cluster and behind a load balancer that it makes too. Its configuration has
// the workload's name and arguments as JSON, by the names of WorkloadArgs.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/helm/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/tandem-platform/tandem/components/workload"
)

const region = "us-east-1"

func main() { pulumi.Run(program) }

func program(ctx *pulumi.Context) error {
	var args struct {
		Name string
		workload.WorkloadArgs
	}
	decoder := json.NewDecoder(bytes.NewBufferString(config.Get(ctx, "workload:args")))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&args); err != nil {
		return fmt.Errorf("workload:args: %w", err)
	}
	provider, err := aws.NewProvider(ctx, "aws", &aws.ProviderArgs{Region: pulumi.String(region)})
	if err != nil {
		return err
	}
	s := &surroundings{ctx: ctx, in: pulumi.Provider(provider)}
	for _, step := range []func() error{s.makeNetwork, s.makeCluster, s.makeBalancer} {
		if err := step(); err != nil {
			return err
		}
	}
	args.VPCID = s.vpc.ID()
	args.ListenerARN = s.listener.Arn
	args.LoadBalancerCIDRs = pulumi.ToStringArray([]string{"10.0.0.0/24", "10.0.1.0/24"})
	args.WaitFor = s.ready
	_, err = workload.NewWorkload(ctx, args.Name, &args.WorkloadArgs, pulumi.Providers(provider, s.kubernetes))
	return err
}

// surroundings are what a workload needs around it.
type surroundings struct {
	ctx *pulumi.Context
	in  pulumi.ResourceOption

	vpc        *ec2.Vpc
	subnets    pulumi.StringArray
	group      *ec2.SecurityGroup
	cluster    *eks.Cluster
	kubernetes *kubernetes.Provider
	ready      []pulumi.Resource
	listener   *lb.Listener
}

func (s *surroundings) makeNetwork() (err error) {
	if s.vpc, err = ec2.NewVpc(s.ctx, "net", &ec2.VpcArgs{CidrBlock: pulumi.String("10.0.0.0/16")}, s.in); err != nil {
		return err
	}
	for i, zone := range []string{"a", "b"} {
		subnet, err := ec2.NewSubnet(s.ctx, "net-"+zone, &ec2.SubnetArgs{
			VpcId: s.vpc.ID(), AvailabilityZone: pulumi.String(region + zone), CidrBlock: pulumi.Sprintf("10.0.%d.0/24", i),
		}, s.in)
		if err != nil {
			return err
		}
		s.subnets = append(s.subnets, subnet.ID())
	}
	return nil
}

func (s *surroundings) role(name, service string) (*iam.Role, error) {
	return iam.NewRole(s.ctx, name, &iam.RoleArgs{AssumeRolePolicy: pulumi.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":["sts:AssumeRole","sts:TagSession"]}]}`,
	)}, s.in)
}

func (s *surroundings) makeCluster() error {
	control, err := s.role("cluster", "eks.amazonaws.com")
	if err != nil {
		return err
	}
	if s.cluster, err = eks.NewCluster(s.ctx, "cluster", &eks.ClusterArgs{
		Name: pulumi.String("cluster"), RoleArn: control.Arn, VpcConfig: eks.ClusterVpcConfigArgs{SubnetIds: s.subnets},
	}, s.in); err != nil {
		return err
	}
	node, err := s.role("nodes", "ec2.amazonaws.com")
	if err != nil {
		return err
	}
	nodes, err := eks.NewNodeGroup(s.ctx, "nodes", &eks.NodeGroupArgs{
		ClusterName: s.cluster.Name, NodeRoleArn: node.Arn, SubnetIds: s.subnets,
		ScalingConfig: eks.NodeGroupScalingConfigArgs{MinSize: pulumi.Int(2), MaxSize: pulumi.Int(4), DesiredSize: pulumi.Int(2)},
	}, s.in)
	if err != nil {
		return err
	}
	named := func(name string, more map[string]any) []map[string]any {
		more["name"] = name
		return []map[string]any{more}
	}
	kubeconfig := pulumi.JSONMarshal(map[string]any{
		"apiVersion": "v1", "kind": "Config", "current-context": "cluster",
		"clusters": named("cluster", map[string]any{"cluster": map[string]any{"server": s.cluster.Endpoint}}),
		"contexts": named("cluster", map[string]any{"context": map[string]any{"cluster": "cluster", "user": "cluster"}}),
		"users": named("cluster", map[string]any{"user": map[string]any{"exec": map[string]any{
			"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "aws",
			"args": []string{"eks", "get-token", "--cluster-name", "cluster", "--region", region},
		}}}),
	})
	if s.kubernetes, err = kubernetes.NewProvider(s.ctx, "cluster", &kubernetes.ProviderArgs{Kubeconfig: kubeconfig}); err != nil {
		return err
	}
	agent, err := eks.NewAddon(s.ctx, "identities", &eks.AddonArgs{
		ClusterName: s.cluster.Name, AddonName: pulumi.String("eks-pod-identity-agent"),
	}, s.in, pulumi.DependsOn([]pulumi.Resource{nodes}))
	if err != nil {
		return err
	}
	identity, err := s.role("controller", "pods.eks.amazonaws.com")
	if err != nil {
		return err
	}
	association, err := eks.NewPodIdentityAssociation(s.ctx, "controller", &eks.PodIdentityAssociationArgs{
		ClusterName: s.cluster.Name, Namespace: pulumi.String("kube-system"),
		ServiceAccount: pulumi.String("aws-load-balancer-controller"), RoleArn: identity.Arn,
	}, s.in)
	if err != nil {
		return err
	}
	controller, err := helm.NewRelease(s.ctx, "controller", &helm.ReleaseArgs{
		Name: pulumi.String("aws-load-balancer-controller"), Namespace: pulumi.String("kube-system"),
		Chart: pulumi.String("aws-load-balancer-controller"), Version: pulumi.String("1.14.0"),
		Values: pulumi.Map{"clusterName": s.cluster.Name},
	}, pulumi.Provider(s.kubernetes), pulumi.DependsOn([]pulumi.Resource{nodes, agent, association}))
	s.ready = []pulumi.Resource{nodes, controller}
	return err
}

func (s *surroundings) makeBalancer() (err error) {
	if s.group, err = ec2.NewSecurityGroup(s.ctx, "balancer", &ec2.SecurityGroupArgs{VpcId: s.vpc.ID()}, s.in); err != nil {
		return err
	}
	way, err := vpc.NewSecurityGroupIngressRule(s.ctx, "balancer", &vpc.SecurityGroupIngressRuleArgs{
		SecurityGroupId:           s.cluster.VpcConfig.ClusterSecurityGroupId().Elem(),
		ReferencedSecurityGroupId: s.group.ID(),
		IpProtocol:                pulumi.String("tcp"), FromPort: pulumi.Int(8080), ToPort: pulumi.Int(8080),
	}, s.in)
	if err != nil {
		return err
	}
	s.ready = append(s.ready, way)
	balancer, err := lb.NewLoadBalancer(s.ctx, "balancer", &lb.LoadBalancerArgs{
		LoadBalancerType: pulumi.String("application"), Subnets: s.subnets, SecurityGroups: pulumi.StringArray{s.group.ID()},
	}, s.in)
	if err != nil {
		return err
	}
	s.listener, err = lb.NewListener(s.ctx, "balancer", &lb.ListenerArgs{
		LoadBalancerArn: balancer.Arn, Port: pulumi.Int(80), Protocol: pulumi.String("HTTP"),
		DefaultActions: lb.ListenerDefaultActionArray{&lb.ListenerDefaultActionArgs{
			Type: pulumi.String("fixed-response"),
			FixedResponse: &lb.ListenerDefaultActionFixedResponseArgs{
				ContentType: pulumi.String("text/plain"), StatusCode: pulumi.String("404"),
			},
		}},
	}, s.in)
	return err
}
