package cloudtest

import (
	"encoding/json"

	"github.com/tandem-platform/tandem/sandbox/cloud"
)

// Network is a VPC with a subnet in each of two zones.
type Network struct {
	VPC     *Resource
	Subnets []*Resource
}

// SubnetIDs are the ids of the subnets.
func (n Network) SubnetIDs() []any {
	var ids []any
	for _, s := range n.Subnets {
		ids = append(ids, s.ID)
	}
	return ids
}

// Network makes a network in the provider's region.
func (p *Provider) Network(region string) Network {
	p.t.Helper()
	n := Network{VPC: p.Make("aws:ec2/vpc:Vpc", region, Props{"cidrBlock": "10.0.0.0/16"})}
	for i, zone := range []string{"a", "b"} {
		n.Subnets = append(n.Subnets, p.Make("aws:ec2/subnet:Subnet", region+zone, Props{
			"vpcId": n.VPC.ID, "cidrBlock": []string{"10.0.0.0/24", "10.0.1.0/24"}[i], "availabilityZone": region + zone,
		}))
	}
	return n
}

// Role makes a role that a service may assume.
func (p *Provider) Role(name, service string) *Resource {
	p.t.Helper()
	return p.Make("aws:iam/role:Role", name, Props{"name": name, "assumeRolePolicy": text(map[string]any{
		"Version": "2012-10-17", "Statement": []any{map[string]any{
			"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"Service": service},
		}},
	})})
}

func text(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // only literals come here
	}
	return string(raw)
}

// Cluster is an EKS cluster with nodes.
type Cluster struct {
	*Resource
	Nodes *Resource
	// Region is where it runs.
	Region string
}

// Cluster makes a cluster in a network.
func (p *Provider) Cluster(name, region string, n Network) Cluster {
	p.t.Helper()
	c := Cluster{Region: region, Resource: p.Make("aws:eks/cluster:Cluster", name, Props{
		"name": name, "roleArn": p.Role(name+"-control", "eks.amazonaws.com").Get("arn"),
		"vpcConfig":    Props{"subnetIds": n.SubnetIDs(), "endpointPrivateAccess": true, "endpointPublicAccess": false},
		"accessConfig": Props{"authenticationMode": "API"},
	})}
	c.Nodes = p.Make("aws:eks/nodeGroup:NodeGroup", name+"-nodes", Props{
		"clusterName": c.ID, "nodeGroupName": "general", "nodeRoleArn": p.Role(name+"-nodes", "ec2.amazonaws.com").Get("arn"),
		"subnetIds": n.SubnetIDs(), "scalingConfig": Props{"minSize": 1, "desiredSize": 2, "maxSize": 3},
	})
	p.Make("aws:eks/addon:Addon", name+"-agent", Props{"clusterName": c.ID, "addonName": "eks-pod-identity-agent"})
	return c
}

// Identity gives a service account of a cluster a role, through EKS Pod Identity.
func (p *Provider) Identity(c Cluster, namespace, account string) *Resource {
	p.t.Helper()
	name := c.ID + "-" + namespace + "-" + account
	role := p.Make("aws:iam/role:Role", name, Props{"name": name, "assumeRolePolicy": text(map[string]any{
		"Version": "2012-10-17", "Statement": []any{map[string]any{
			"Effect": "Allow", "Action": []any{"sts:AssumeRole", "sts:TagSession"}, "Principal": map[string]any{"Service": "pods.eks.amazonaws.com"},
		}},
	})})
	return p.Make("aws:eks/podIdentityAssociation:PodIdentityAssociation", name, Props{
		"clusterName": c.ID, "namespace": namespace, "serviceAccount": account, "roleArn": role.Get("arn"),
	})
}

// Kubeconfig is a kubeconfig for the cluster, as the platform writes it.
func (c Cluster) Kubeconfig() string {
	return text(map[string]any{
		"apiVersion": "v1", "kind": "Config", "current-context": "c",
		"clusters": []any{map[string]any{"name": "c", "cluster": map[string]any{"server": c.Get("endpoint")}}},
		"contexts": []any{map[string]any{"name": "c", "context": map[string]any{"cluster": "c", "user": "u"}}},
		"users": []any{map[string]any{"name": "u", "user": map[string]any{"exec": map[string]any{
			"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "aws",
			"args": []any{"--region", c.Region, "eks", "get-token", "--cluster-name", c.ID},
		}}}},
	})
}

// Kubernetes is a Kubernetes provider for a cluster.
func (w *World) Kubernetes(c Cluster) *Provider {
	return w.Configured("kubernetes", Props{"kubeconfig": c.Kubeconfig()})
}

// Site is a small web platform in one region: everything that a request to its
// host passes.
type Site struct {
	Region      string
	AWS, K8s    *Provider
	Network     Network
	Cluster     Cluster
	Certificate *Resource
	Group       *Resource
	Balancer    *Resource
	Listener    *Resource
	Rule        *Resource
	Check       *Resource
	Record      *Resource
	Controller  *Resource
	Namespace   *Resource
	Deployment  *Resource
	Service     *Resource
	Binding     *Resource
}

// Zone makes the hosted zone of example.com.
func (p *Provider) Zone() *Resource {
	p.t.Helper()
	return p.Make("aws:route53/zone:Zone", "zone", Props{"name": "example.com"})
}

// Site makes a site in a region that answers to www.example.com with the given
// failover role, PRIMARY or SECONDARY, or to its own name alone where that is "".
func (w *World) Site(region, role string, zone *Resource) *Site {
	w.t.Helper()
	s := &Site{Region: region, AWS: w.AWS(region)}
	p := s.AWS
	s.Network = p.Network(region)
	s.Cluster = p.Cluster("web-"+region, region, s.Network)
	s.K8s = w.Kubernetes(s.Cluster)
	s.Certificate = p.Make("aws:acm/certificate:Certificate", region, Props{
		"domainName": "www.example.com", "subjectAlternativeNames": []any{region + ".example.com"}, "validationMethod": "DNS",
	})
	w.Validate(p, s.Certificate, zone)
	s.Balancer = p.Make("aws:lb/loadBalancer:LoadBalancer", region, Props{"name": "web", "subnets": s.Network.SubnetIDs()})
	s.Group = p.Make("aws:lb/targetGroup:TargetGroup", region, Props{
		"name": "web", "port": 8080, "protocol": "HTTP", "targetType": "ip", "vpcId": s.Network.VPC.ID,
	})
	s.Listener = p.Make("aws:lb/listener:Listener", region, Props{
		"loadBalancerArn": s.Balancer.ID, "port": 443, "protocol": "HTTPS", "certificateArn": s.Certificate.ID,
		"defaultActions": []any{Props{"type": "fixed-response", "fixedResponse": Props{"contentType": "text/plain", "statusCode": "404"}}},
	})
	s.Rule = p.Make("aws:lb/listenerRule:ListenerRule", region, Props{
		"listenerArn": s.Listener.ID, "priority": 10, "conditions": []any{Props{"pathPattern": Props{"values": []any{"/*"}}}},
		"actions": []any{Props{"type": "forward", "targetGroupArn": s.Group.ID}},
	})
	alias := []any{Props{"name": s.Balancer.Get("dnsName"), "zoneId": s.Balancer.Get("zoneId"), "evaluateTargetHealth": true}}
	p.Make("aws:route53/record:Record", region, Props{
		"zoneId": zone.ID, "name": region + ".example.com", "type": "A", "aliases": alias,
	})
	s.Check = p.Make("aws:route53/healthCheck:HealthCheck", region, Props{
		"type": "HTTPS", "fqdn": region + ".example.com", "port": 443, "resourcePath": "/health", "requestInterval": 10, "failureThreshold": 3,
	})
	if role != "" {
		s.Record = p.Make("aws:route53/record:Record", "www-"+region, Props{
			"zoneId": zone.ID, "name": "www.example.com", "type": "A", "aliases": alias, "setIdentifier": region,
			"failoverRoutingPolicies": []any{Props{"type": role}}, "healthCheckId": s.Check.ID,
		})
	}
	p.Identity(s.Cluster, "kube-system", "controller")
	s.Controller = s.K8s.Make("kubernetes:helm.sh/v3:Release", "controller", Props{
		"chart": "aws-load-balancer-controller", "version": "1.14.1", "name": "controller", "namespace": "kube-system",
		"repositoryOpts": Props{"repo": "https://aws.github.io/eks-charts"}, "values": Props{"clusterName": s.Cluster.ID},
	})
	s.Namespace = s.K8s.Make("kubernetes:core/v1:Namespace", "web", Props{
		"apiVersion": "v1", "kind": "Namespace", "metadata": Props{"name": "web"},
	})
	labels := Props{"app": "web"}
	s.Deployment = s.K8s.Make("kubernetes:apps/v1:Deployment", "web", Props{
		"apiVersion": "apps/v1", "kind": "Deployment", "metadata": Props{"name": "web", "namespace": "web"},
		"spec": Props{"replicas": 2, "selector": Props{"matchLabels": labels}, "template": Props{
			"metadata": Props{"labels": labels},
			"spec":     Props{"containers": []any{Props{"name": "web", "image": "web:1", "ports": []any{Props{"name": "http", "containerPort": 8080}}}}},
		}},
	})
	s.Service = s.K8s.Make("kubernetes:core/v1:Service", "web", Props{
		"apiVersion": "v1", "kind": "Service", "metadata": Props{"name": "web", "namespace": "web"},
		"spec": Props{"selector": labels, "ports": []any{Props{"name": "http", "port": 80, "targetPort": "http"}}},
	})
	s.Binding = s.K8s.Make("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding", "web", Props{
		"apiVersion": "elbv2.k8s.aws/v1beta1", "kind": "TargetGroupBinding", "metadata": Props{"name": "web", "namespace": "web"},
		"spec": Props{"targetGroupARN": s.Group.ID, "targetType": "ip", "serviceRef": Props{"name": "web", "port": 80}},
	})
	return s
}

// Validate makes the records that a certificate asks for, as far as there are
// none, and waits until it has been issued.
func (w *World) Validate(p *Provider, cert, zone *Resource) {
	w.t.Helper()
	made, err := w.Cloud.Resources(func(r *cloud.Resource) bool { return r.Type == "aws:route53/record:Record" })
	if err != nil {
		w.t.Fatal(err)
	}
	have := map[string]bool{}
	for _, r := range made {
		have[r.Text("fqdn")] = true
	}
	for _, v := range cert.Outputs["domainValidationOptions"].ArrayValue() {
		o := v.ObjectValue()
		name := o["resourceRecordName"].StringValue()
		name = name[:len(name)-1]
		if have[name] {
			continue
		}
		have[name] = true
		p.Make("aws:route53/record:Record", "validation-"+name, Props{
			"zoneId": zone.ID, "name": name, "type": o["resourceRecordType"].StringValue(), "ttl": 60,
			"records": []any{o["resourceRecordValue"].StringValue()},
		})
	}
	p.Make("aws:acm/certificateValidation:CertificateValidation", cert.name, Props{"certificateArn": cert.ID})
}
