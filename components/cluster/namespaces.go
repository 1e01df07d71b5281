package cluster

import (
	"cmp"
	"maps"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Namespace is a namespace of a team or an application.
type Namespace struct {
	// PodSecurity is the Pod Security Standard that pods are held to. Default
	// [PodSecurityRestricted].
	PodSecurity PodSecurity
	// PodSecurityReason says why the namespace needs less than the restricted
	// standard. It is required then, and becomes an annotation.
	PodSecurityReason string
	// Labels are put on the namespace. Default none.
	Labels map[string]string
}

// PodSecurity is one of the Pod Security Standards of Kubernetes.
type PodSecurity string

// The Pod Security Standards (kubernetes.io, "Pod Security Standards").
const (
	PodSecurityRestricted PodSecurity = "restricted" // hardened pods alone
	PodSecurityBaseline   PodSecurity = "baseline"   // no known way to more privileges
	PodSecurityPrivileged PodSecurity = "privileged" // anything
)

var podSecurities = []PodSecurity{PodSecurityRestricted, PodSecurityBaseline, PodSecurityPrivileged}

// builtInNamespaces are there in every cluster, or are those of its controllers.
var builtInNamespaces = []string{"default", "kube-node-lease", "kube-public", systemNamespace, externalSecretsName, externalDNSName}

func (n Namespace) withDefaults() Namespace {
	n.PodSecurity = cmp.Or(n.PodSecurity, PodSecurityRestricted)
	return n
}

func (a *ClusterArgs) validateNamespaces(path *field.Path) field.ErrorList {
	errs := each(path, a.Namespaces, Namespace.validate)
	for _, name := range builtInNamespaces {
		if _, ok := a.Namespaces[name]; ok {
			errs = append(errs, field.Forbidden(path.Key(name), "is a namespace of Kubernetes or of the cluster's own; take another name"))
		}
	}
	return errs
}

func (n Namespace) validate(path *field.Path) field.ErrorList {
	var errs field.ErrorList
	if !slices.Contains(podSecurities, n.PodSecurity) {
		errs = append(errs, field.NotSupported(path.Child("podSecurity"), n.PodSecurity, podSecurities))
	} else if n.PodSecurity != PodSecurityRestricted && n.PodSecurityReason == "" {
		errs = append(errs, field.Required(path.Child("podSecurityReason"), "say why its pods need more than the restricted standard allows"))
	}
	return append(errs, validateLabels(path.Child("labels"), n.Labels)...)
}

// makeNamespaces makes the namespaces asked for, and closes the namespace
// "default", in which nothing is meant to run.
func (b *builder) makeNamespaces() error {
	if err := b.denyByDefault("default", nil); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(b.args.Namespaces)) {
		made, err := b.makeNamespace(name, b.args.Namespaces[name])
		if err != nil {
			return err
		}
		b.ready = append(b.ready, made)
	}
	return nil
}

func (b *builder) makeNamespace(name string, n Namespace) (*corev1.Namespace, error) {
	labels := pulumi.ToStringMap(n.Labels)
	if labels == nil {
		labels = pulumi.StringMap{}
	}
	for _, mode := range []string{"audit", "enforce", "warn"} {
		labels["pod-security.kubernetes.io/"+mode] = pulumi.String(n.PodSecurity)
	}
	meta := &metav1.ObjectMetaArgs{Name: pulumi.String(name), Labels: labels}
	if n.PodSecurityReason != "" {
		meta.Annotations = pulumi.StringMap{"tandem/pod-security-reason": pulumi.String(n.PodSecurityReason)}
	}
	made, err := corev1.NewNamespace(b.ctx, b.name+"-namespace-"+name, &corev1.NamespaceArgs{Metadata: meta},
		b.in, pulumi.Provider(b.provider))
	if err != nil {
		return nil, err
	}
	return made, b.denyByDefault(name, made)
}

// denyByDefault denies all traffic from and to the pods of a namespace but what
// every pod needs: to look up names, and to get the credentials of its role from
// the agent on its node. What else a workload needs is its own policies' to allow.
func (b *builder) denyByDefault(name string, namespace pulumi.Resource) error {
	for _, policy := range []struct {
		name string
		spec networkingv1.NetworkPolicySpecArgs
	}{{"default-deny", denyAll}, {"allow-dns", allowDNS}, {"allow-pod-identity", allowPodIdentity}} {
		if _, err := b.makeNetworkPolicy(name, policy.name, namespace, policy.spec); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) makeNetworkPolicy(namespace, name string, after pulumi.Resource, spec networkingv1.NetworkPolicySpecArgs) (pulumi.Resource, error) {
	opts := []pulumi.ResourceOption{b.in, pulumi.Provider(b.provider)}
	if after != nil {
		opts = append(opts, pulumi.DependsOn([]pulumi.Resource{after}))
	}
	return networkingv1.NewNetworkPolicy(b.ctx, b.name+"-"+namespace+"-"+name, &networkingv1.NetworkPolicyArgs{
		Metadata: &metav1.ObjectMetaArgs{Name: pulumi.String(name), Namespace: pulumi.String(namespace)},
		Spec:     spec,
	}, opts...)
}

var (
	everyPod = metav1.LabelSelectorArgs{}
	ingress  = pulumi.String("Ingress")
	egress   = pulumi.String("Egress")
)

var denyAll = networkingv1.NetworkPolicySpecArgs{PodSelector: everyPod, PolicyTypes: pulumi.StringArray{ingress, egress}}

var allowDNS = networkingv1.NetworkPolicySpecArgs{
	PodSelector: everyPod,
	PolicyTypes: pulumi.StringArray{egress},
	Egress: networkingv1.NetworkPolicyEgressRuleArray{networkingv1.NetworkPolicyEgressRuleArgs{
		To: networkingv1.NetworkPolicyPeerArray{networkingv1.NetworkPolicyPeerArgs{
			NamespaceSelector: metav1.LabelSelectorArgs{MatchLabels: pulumi.StringMap{"kubernetes.io/metadata.name": pulumi.String(systemNamespace)}},
			PodSelector:       metav1.LabelSelectorArgs{MatchLabels: pulumi.StringMap{"k8s-app": pulumi.String("kube-dns")}},
		}},
		Ports: networkingv1.NetworkPolicyPortArray{port("UDP", 53), port("TCP", 53)},
	}},
}

// allowPodIdentity lets pods reach the agent's address (EKS user guide, "EKS Pod
// Identity considerations").
var allowPodIdentity = networkingv1.NetworkPolicySpecArgs{
	PodSelector: everyPod,
	PolicyTypes: pulumi.StringArray{egress},
	Egress: networkingv1.NetworkPolicyEgressRuleArray{networkingv1.NetworkPolicyEgressRuleArgs{
		To:    networkingv1.NetworkPolicyPeerArray{network("169.254.170.23/32")},
		Ports: networkingv1.NetworkPolicyPortArray{port("TCP", 80)},
	}},
}

// privateNetworks are the address blocks that a VPC can have (RFC 1918 and 6598).
var privateNetworks = networkingv1.NetworkPolicyPeerArray{
	network("10.0.0.0/8"), network("100.64.0.0/10"), network("172.16.0.0/12"), network("192.168.0.0/16"),
}

func network(cidr string) networkingv1.NetworkPolicyPeerArgs {
	return networkingv1.NetworkPolicyPeerArgs{IpBlock: networkingv1.IPBlockArgs{Cidr: pulumi.String(cidr)}}
}

// operatorTraffic lets an operator reach the API server and AWS, and the API
// server the operator's webhook. The API server's addresses are the VPC's and not
// known here; who reaches the port at all is up to the nodes' security group.
var operatorTraffic = networkingv1.NetworkPolicySpecArgs{
	PodSelector: everyPod,
	PolicyTypes: pulumi.StringArray{ingress, egress},
	Ingress: networkingv1.NetworkPolicyIngressRuleArray{networkingv1.NetworkPolicyIngressRuleArgs{
		From:  privateNetworks,
		Ports: networkingv1.NetworkPolicyPortArray{port("TCP", 10250)},
	}},
	Egress: networkingv1.NetworkPolicyEgressRuleArray{networkingv1.NetworkPolicyEgressRuleArgs{
		Ports: networkingv1.NetworkPolicyPortArray{port("TCP", 443)},
	}},
}

func port(protocol string, number int) networkingv1.NetworkPolicyPortArgs {
	return networkingv1.NetworkPolicyPortArgs{Protocol: pulumi.String(protocol), Port: pulumi.Int(number)}
}
