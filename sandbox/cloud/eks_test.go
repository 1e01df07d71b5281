package cloud_test

import (
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

const (
	fargateType   = "aws:eks/fargateProfile:FargateProfile"
	nodeGroupType = "aws:eks/nodeGroup:NodeGroup"
	entryType     = "aws:eks/accessEntry:AccessEntry"
	poolType      = "kubernetes:karpenter.sh/v1:NodePool"
	classType     = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
)

// versioned is a cluster of a version, without nodes.
func versioned(p *cloudtest.Provider, version string) *cloudtest.Resource {
	return p.Make("aws:eks/cluster:Cluster", "v", props{
		"name": "v", "roleArn": p.Role("v-control", "eks.amazonaws.com").Get("arn"), "version": version,
		"vpcConfig":    props{"subnetIds": p.Network("us-east-1").SubnetIDs(), "endpointPrivateAccess": true, "endpointPublicAccess": false},
		"accessConfig": props{"authenticationMode": "API"},
	})
}

func TestClustersGoUpOneMinorVersionAtATime(t *testing.T) {
	p := cloudtest.New(t).AWS("us-east-1")
	c := versioned(p, "1.33")
	cloudtest.WantError(t, c.Update(props{"version": "1.35"}), "Unsupported Kubernetes minor version update from 1.33 to 1.35")
	cloudtest.WantError(t, c.Update(props{"version": "1.32"}), "Unsupported Kubernetes minor version update from 1.33 to 1.32")
	cloudtest.WantError(t, c.Update(props{"version": "1.99"}), "unsupported Kubernetes version 1.99")
	if err := c.Update(props{"version": "1.34"}); err != nil {
		t.Fatal(err)
	}
}

func TestNodesAreNotNewerThanTheirClusterNorFarBehind(t *testing.T) {
	p := cloudtest.New(t).AWS("us-east-1")
	c := versioned(p, "1.33")
	nodes := func(name, version string) props {
		return props{
			"clusterName": "v", "nodeGroupName": name, "nodeRoleArn": p.Role(name, "ec2.amazonaws.com").Get("arn"), "version": version,
			"subnetIds":     c.Inputs["vpcConfig"].ObjectValue()["subnetIds"],
			"scalingConfig": props{"minSize": 1, "desiredSize": 1, "maxSize": 1},
		}
	}
	p.Refused(nodeGroupType, "newer", nodes("newer", "1.34"), "Requested Nodegroup version 1.34 is not supported: the cluster is at 1.33")
	p.Refused(nodeGroupType, "older", nodes("older", "1.29"), "Requested Nodegroup version 1.29 is not supported")
	p.Make(nodeGroupType, "old", nodes("old", "1.30"))
	cloudtest.WantError(t, c.Update(props{"version": "1.34"}), "Kubelet version skew", "the node group old is at version 1.30")
}

func TestAddonsFitTheirCluster(t *testing.T) {
	p := cloudtest.New(t).AWS("us-east-1")
	versioned(p, "1.33")
	addon := func(name, version string) props {
		return props{"clusterName": "v", "addonName": name, "addonVersion": version}
	}
	const addonType = "aws:eks/addon:Addon"
	p.Refused(addonType, "newer", addon("kube-proxy", "v1.34.6-eksbuild.2"), "Addon version specified is not supported: kube-proxy v1.34.6-eksbuild.2 on Kubernetes 1.33")
	p.Refused(addonType, "older", addon("kube-proxy", "v1.29.0-eksbuild.1"), "is not supported")
	p.Refused(addonType, "dns", addon("coredns", "v1.14.2-eksbuild.4"), "is not supported: coredns")
	p.Make(addonType, "proxy", addon("kube-proxy", "v1.32.13-eksbuild.5"))
	p.Make(addonType, "coredns", addon("coredns", "v1.13.2-eksbuild.4"))
}

func TestRolesTrustTheServiceThatTakesThemOn(t *testing.T) {
	w := cloudtest.New(t)
	p := w.AWS("us-east-1")
	n := p.Network("us-east-1")
	c := p.Cluster("c", "us-east-1", n)
	wrong := p.Role("wrong", "lambda.amazonaws.com").Get("arn")
	p.Refused("aws:eks/podIdentityAssociation:PodIdentityAssociation", "pods", props{
		"clusterName": "c", "namespace": "default", "serviceAccount": "a", "roleArn": p.Role("assume-only", "pods.eks.amazonaws.com").Get("arn"),
	}, "does not allow pods.eks.amazonaws.com sts:AssumeRole and sts:TagSession")
	p.Refused(fargateType, "fargate", props{
		"clusterName": "c", "podExecutionRoleArn": wrong, "subnetIds": n.SubnetIDs(), "selectors": []any{props{"namespace": "jobs"}},
	}, "Please add the eks-fargate-pods.amazonaws.com Service Principal")
	p.Refused(nodeGroupType, "nodes", props{
		"clusterName": "c", "nodeRoleArn": wrong, "subnetIds": n.SubnetIDs(), "scalingConfig": props{"minSize": 1, "desiredSize": 1, "maxSize": 1},
	}, "[ec2.amazonaws.com] were not found in the trust relationships")
	p.Refused(entryType, "gone", props{"clusterName": c.ID, "principalArn": "arn:aws:iam::123456789012:role/gone"}, "gone")
}

func TestFargateRunsInPrivateSubnets(t *testing.T) {
	p := cloudtest.New(t).AWS("us-east-1")
	n := p.Network("us-east-1")
	p.Cluster("c", "us-east-1", n)
	gateway := p.Make("aws:ec2/internetGateway:InternetGateway", "g", props{"vpcId": n.VPC.ID})
	table := p.Make("aws:ec2/routeTable:RouteTable", "t", props{"vpcId": n.VPC.ID})
	p.Make("aws:ec2/route:Route", "r", props{"routeTableId": table.ID, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway.ID})
	p.Make("aws:ec2/routeTableAssociation:RouteTableAssociation", "a", props{"routeTableId": table.ID, "subnetId": n.Subnets[1].ID})
	profile := func(subnets ...any) props {
		return props{
			"clusterName": "c", "podExecutionRoleArn": p.Role("fargate", "eks-fargate-pods.amazonaws.com").Get("arn"),
			"subnetIds": subnets, "selectors": []any{props{"namespace": "jobs"}},
		}
	}
	p.Refused(fargateType, "public", profile(n.Subnets[0].ID, n.Subnets[1].ID), n.Subnets[1].ID+" provided in Fargate Profile is not a private subnet")
}

func TestEntriesOfNodesTakeNoGroupsAndNoPolicies(t *testing.T) {
	p := cloudtest.New(t).AWS("us-east-1")
	p.Cluster("c", "us-east-1", p.Network("us-east-1"))
	role := p.Role("nodes", "ec2.amazonaws.com").Get("arn")
	p.Refused(entryType, "groups", props{"clusterName": "c", "principalArn": role, "type": "EC2_LINUX", "kubernetesGroups": []any{"g"}}, "takes no kubernetesGroups")
	p.Refused(entryType, "reserved", props{"clusterName": "c", "principalArn": role, "kubernetesGroups": []any{"system:masters"}}, "cannot start with system:")
	p.Make(entryType, "nodes", props{"clusterName": "c", "principalArn": role, "type": "EC2_LINUX"})
	p.Refused("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "policy", props{
		"clusterName": "c", "principalArn": role, "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
		"accessScope": props{"type": "cluster"},
	}, "Access entry type EC2_LINUX does not support access policies")
}

// karpenter is a cluster with Karpenter's controller, and what a class of nodes names.
func karpenter(t *testing.T) (aws, k8s *cloudtest.Provider, c cloudtest.Cluster, class props) {
	w := cloudtest.New(t)
	p := w.AWS("us-east-1")
	n := p.Network("us-east-1")
	c = p.Cluster("c", "us-east-1", n)
	k := w.Kubernetes(c)
	p.Identity(c, "kube-system", "karpenter")
	role := p.Role("karpenter-nodes", "ec2.amazonaws.com")
	profile := p.Make("aws:iam/instanceProfile:InstanceProfile", "nodes", props{"name": "nodes", "role": role.Get("name")})
	return p, k, c, props{"metadata": props{"name": "default"}, "spec": props{
		"amiSelectorTerms": []any{props{"alias": "al2023@latest"}}, "instanceProfile": profile.Get("name"),
		"subnetSelectorTerms":        []any{props{"id": n.Subnets[0].ID}},
		"securityGroupSelectorTerms": []any{props{"id": c.Get("vpcConfig.clusterSecurityGroupId")}},
	}}
}

func chart(name string, values props) props {
	return props{"chart": "oci://public.ecr.aws/karpenter/" + name, "version": "1.14.0", "name": name, "namespace": "kube-system", "skipCrds": name == "karpenter", "values": values}
}

var pool = props{"metadata": props{"name": "default"}, "spec": props{"template": props{"spec": props{
	"nodeClassRef": props{"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "default"},
	"requirements": []any{props{"key": "karpenter.sh/capacity-type", "operator": "In", "values": []any{"spot"}}},
}}}}

func TestKarpentersKindsComeWithItsCharts(t *testing.T) {
	aws, k, c, class := karpenter(t)
	k.Refused(classType, "early", class, `no matches for kind "EC2NodeClass"`, "is not installed")
	settings := props{"settings": props{"clusterName": c.ID}}
	k.Refused(releaseType, "blind", chart("karpenter", settings), "no matches for kind")
	k.Make(releaseType, "definitions", chart("karpenter-crd", nil))
	k.Refused(releaseType, "queueless", chart("karpenter", props{"settings": props{"clusterName": c.ID, "interruptionQueue": "none"}}), "NonExistentQueue")
	k.Make(releaseType, "controller", chart("karpenter", settings))
	k.Refused(classType, "strangers", class, `"karpenter-nodes" of its nodes has no access entry of type EC2_LINUX`)
	aws.Make(entryType, "nodes", props{"clusterName": c.ID, "principalArn": "arn:aws:iam::123456789012:role/karpenter-nodes", "type": "EC2_LINUX"})
	k.Refused(poolType, "classless", pool, `ec2nodeclasses "default" not found`)
	k.Make(classType, "class", class)
	k.Make(poolType, "pool", pool)
	misspelt := props{"metadata": props{"name": "other"}, "spec": props{"template": pool["spec"].(props)["template"], "limit": props{"cpu": "1"}}}
	k.Refused(poolType, "misspelt", misspelt, `unknown field "spec.limit"`)
}

func TestKarpentersNodesGoBeforeKarpenter(t *testing.T) {
	aws, k, c, class := karpenter(t)
	definitions := k.Make(releaseType, "definitions", chart("karpenter-crd", nil))
	aws.Make(entryType, "nodes", props{"clusterName": c.ID, "principalArn": "arn:aws:iam::123456789012:role/karpenter-nodes", "type": "EC2_LINUX"})
	controller := k.Make(releaseType, "controller", chart("karpenter", props{"settings": props{"clusterName": c.ID}}))
	made, nodes := k.Make(classType, "class", class), k.Make(poolType, "pool", pool)
	cloudtest.WantError(t, made.Delete(), `nodes of nodepools "default" are of this class`)
	cloudtest.WantError(t, definitions.Delete(), "customresourcedefinition nodepools.karpenter.sh to be deleted")
	if err := controller.Delete(); err != nil {
		t.Fatal(err)
	}
	cloudtest.WantError(t, nodes.Delete(), "finalizer karpenter.sh/termination is left", "no controller to remove it", "before the release of karpenter")
	k.Make(releaseType, "controller", chart("karpenter", props{"settings": props{"clusterName": c.ID}}))
	if err := c.Nodes.Delete(); err != nil {
		t.Fatal(err)
	}
	cloudtest.WantError(t, nodes.Delete(), "its controller has no node to run on")
}
