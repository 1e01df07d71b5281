// Command cluster makes one Cluster in a network of its own. Its configuration has
// the arguments as JSON: those below, for the network and the cluster.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/tandem-platform/tandem/components/cluster"
	"github.com/tandem-platform/tandem/components/network"
	"github.com/tandem-platform/tandem/internal/iampolicy"
)

const (
	region  = "us-east-1"
	account = "123456789012"
)

// args are the arguments that tests change.
type args struct {
	Zones        []string
	Version      string
	NodeGroups   map[string]cluster.NodeGroup
	Autoscaler   cluster.Autoscaler
	Karpenter    cluster.Karpenter
	Fargate      map[string]cluster.FargateProfile
	Namespaces   map[string]cluster.Namespace
	Jobs         []cluster.Job // each gets a role of its own
	Controllers  bool          // those that are made on request
	AllowDestroy bool
}

func main() { pulumi.Run(program) }

func program(ctx *pulumi.Context) error {
	var a args
	decoder := json.NewDecoder(bytes.NewBufferString(config.Get(ctx, "cluster:args")))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&a); err != nil {
		return fmt.Errorf("cluster:args: %w", err)
	}
	provider, err := aws.NewProvider(ctx, "aws", &aws.ProviderArgs{Region: pulumi.String(region)})
	if err != nil {
		return err
	}
	in := pulumi.Providers(provider)
	net, err := network.NewNetwork(ctx, "net", &network.NetworkArgs{
		CIDR: "10.0.0.0/16", Zones: a.Zones, AllowDestroy: a.AllowDestroy,
	}, in)
	if err != nil {
		return err
	}
	access := map[string]cluster.Access{}
	for _, job := range a.Jobs {
		role, err := iam.NewRole(ctx, string(job), &iam.RoleArgs{AssumeRolePolicy: iampolicy.JSON(iampolicy.Statement{
			Principal: map[string]any{"AWS": "arn:aws:iam::" + account + ":root"}, Action: []string{"sts:AssumeRole"},
		})}, pulumi.Provider(provider))
		if err != nil {
			return err
		}
		access[string(job)] = cluster.Access{PrincipalARN: role.Arn, Job: job}
		if job == cluster.JobDeveloper || job == cluster.JobJenkins {
			access[string(job)] = cluster.Access{PrincipalARN: role.Arn, Job: job, Namespaces: []string{"web"}}
		}
	}
	c, err := cluster.NewCluster(ctx, "c", &cluster.ClusterArgs{
		Region: region, AccountID: account, VPCID: net.VPCID, SubnetIDs: net.PrivateSubnetIDs,
		Version: a.Version, NodeGroups: a.NodeGroups, Autoscaler: a.Autoscaler, Karpenter: a.Karpenter,
		Fargate: a.Fargate, Namespaces: a.Namespaces, Access: access,
		EFS: a.Controllers, VerticalPodAutoscaler: a.Controllers, ExternalSecrets: a.Controllers,
		Tags: map[string]string{"test": "cluster"}, AllowDestroy: a.AllowDestroy,
	}, in)
	if err != nil {
		return err
	}
	return bind(ctx, c, net.VPCID, provider)
}

// bind makes what a workload has of the controllers: a binding, which one of them
// has to let go of before it can be deleted.
func bind(ctx *pulumi.Context, c *cluster.Cluster, vpc pulumi.StringInput, provider *aws.Provider) error {
	group, err := lb.NewTargetGroup(ctx, "web", &lb.TargetGroupArgs{
		VpcId: vpc, TargetType: pulumi.String("ip"), Protocol: pulumi.String("HTTP"), Port: pulumi.Int(8080),
	}, pulumi.Provider(provider))
	if err != nil {
		return err
	}
	after := pulumi.DependsOn(c.Ready)
	service, err := corev1.NewService(ctx, "web", &corev1.ServiceArgs{
		Metadata: &metav1.ObjectMetaArgs{Name: pulumi.String("web")},
		Spec: &corev1.ServiceSpecArgs{ // of no pods: a binding needs none
			Ports: corev1.ServicePortArray{corev1.ServicePortArgs{Port: pulumi.Int(80), TargetPort: pulumi.Int(8080)}},
		},
	}, pulumi.Provider(c.Provider), after)
	if err != nil {
		return err
	}
	_, err = apiextensions.NewCustomResource(ctx, "web", &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String("elbv2.k8s.aws/v1beta1"), Kind: pulumi.String("TargetGroupBinding"),
		Metadata: &metav1.ObjectMetaArgs{Name: pulumi.String("web")},
		OtherFields: kubernetes.UntypedArgs{"spec": pulumi.Map{
			"targetGroupARN": group.Arn, "targetType": pulumi.String("ip"),
			"serviceRef": pulumi.Map{"name": service.Metadata.Name(), "port": pulumi.Int(80)},
		}},
	}, pulumi.Provider(c.Provider), after)
	return err
}
