package workload

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/check"
)

// WorkloadArgs are the arguments of a [Workload].
type WorkloadArgs struct {
	// Image is the container image with a tag or a digest; "latest" and no tag at
	// all are refused, because then two regions could run different code. Required.
	Image string
	// Args are the arguments of the image's entry point. Default the image's own.
	Args []string
	// Env are environment variables. Not for secrets: they can be read by whoever
	// may read the Deployment.
	Env map[string]string
	// Port is the port that the container serves HTTP on. Default 8080.
	Port int
	// HealthCheckPath answers 200 when the pod can serve. The load balancer and
	// Kubernetes both ask it. Default /healthz.
	HealthCheckPath string
	// MinReplicas and MaxReplicas bound the number of pods. Default 3 and 10; at
	// least 2, since one pod cannot be moved without an interruption.
	MinReplicas, MaxReplicas int
	// CPU and Memory are requested for every pod, as Kubernetes quantities; Memory
	// is its limit too. Default 250m and 256Mi.
	CPU, Memory string
	// Hosts and Paths select the requests that the load balancer sends here. At
	// least one of them is required. A path may end in *.
	Hosts, Paths []string
	// Priority orders the listener's rules, lowest first; no two rules of a listener
	// share one. 1 to 50000. Required.
	Priority int
	// DrainSeconds is how long a pod that is going away still serves, which is how
	// long the load balancer takes to stop sending to it. Default 30.
	DrainSeconds int

	// VPCID is the VPC of the load balancer and the pods. Required.
	VPCID pulumi.StringInput
	// ListenerARN is the load balancer's HTTPS listener. Required.
	ListenerARN pulumi.StringInput
	// LoadBalancerSecurityGroupID is the security group of the load balancer, which
	// is let through to the pods. Required.
	LoadBalancerSecurityGroupID pulumi.StringInput
	// NodeSecurityGroupID is the security group of the pods' network interfaces: the
	// cluster's own, unless pods have groups of their own. Required.
	NodeSecurityGroupID pulumi.StringInput
	// WaitFor are resources that every Kubernetes object waits for, and that are
	// destroyed after them: nodes and controllers.
	WaitFor []pulumi.Resource
}

// imageReference is a repository with a tag, a digest or both.
var imageReference = regexp.MustCompile(`^[a-z0-9][a-z0-9./_:-]*?(:([\w][\w.-]{0,127}))?(@sha256:[0-9a-f]{64})?$`)

func (a *WorkloadArgs) withDefaults() *WorkloadArgs {
	d := WorkloadArgs{}
	if a != nil {
		d = *a
	}
	d.Port = cmp.Or(d.Port, 8080)
	d.HealthCheckPath = cmp.Or(d.HealthCheckPath, "/healthz")
	d.MinReplicas = cmp.Or(d.MinReplicas, 3)
	d.MaxReplicas = cmp.Or(d.MaxReplicas, max(10, d.MinReplicas))
	d.CPU = cmp.Or(d.CPU, "250m")
	d.Memory = cmp.Or(d.Memory, "256Mi")
	d.DrainSeconds = cmp.Or(d.DrainSeconds, 30)
	return &d
}

// Validate returns every problem of the arguments in one error, or nil. It fills
// in defaults first, so it can be asked before a component is made.
func (a *WorkloadArgs) Validate(name string) error {
	a = a.withDefaults()
	var errs field.ErrorList
	root := (*field.Path)(nil)
	if problems := validation.IsDNS1035Label(name); len(problems) > 0 {
		errs = append(errs, field.Invalid(root.Child("name"), name, strings.Join(problems, "; ")))
	}
	switch m := imageReference.FindStringSubmatch(a.Image); {
	case a.Image == "":
		errs = append(errs, field.Required(root.Child("image"), "give an image with a tag or a digest"))
	case m == nil, m[2] == "" && m[3] == "", m[2] == "latest" && m[3] == "":
		errs = append(errs, field.Invalid(root.Child("image"), a.Image,
			"must name a digest or a tag other than latest, so that both regions run the same"))
	}
	if problems := validation.IsValidPortNum(a.Port); len(problems) > 0 {
		errs = append(errs, field.Invalid(root.Child("port"), a.Port, strings.Join(problems, "; ")))
	}
	if !strings.HasPrefix(a.HealthCheckPath, "/") {
		errs = append(errs, field.Invalid(root.Child("healthCheckPath"), a.HealthCheckPath, "must start with /"))
	}
	if a.MinReplicas < 2 {
		errs = append(errs, field.Invalid(root.Child("minReplicas"), a.MinReplicas,
			"must be 2 or more; one pod cannot be moved without an interruption"))
	}
	if a.MaxReplicas < a.MinReplicas {
		errs = append(errs, field.Invalid(root.Child("maxReplicas"), a.MaxReplicas,
			fmt.Sprintf("must not be below minReplicas, which is %d", a.MinReplicas)))
	}
	for _, quantity := range []struct{ path, value string }{{"cpu", a.CPU}, {"memory", a.Memory}} {
		if q, err := resource.ParseQuantity(quantity.value); err != nil || q.Sign() <= 0 {
			errs = append(errs, field.Invalid(root.Child(quantity.path), quantity.value, "must be a Kubernetes quantity above zero, such as 250m or 256Mi"))
		}
	}
	if len(a.Hosts) == 0 && len(a.Paths) == 0 {
		errs = append(errs, field.Required(root.Child("hosts"), "give hosts or paths, or the load balancer would send nothing here"))
	}
	for i, p := range a.Paths {
		if !strings.HasPrefix(p, "/") {
			errs = append(errs, field.Invalid(root.Child("paths").Index(i), p, "must start with /"))
		}
	}
	if a.Priority < 1 || a.Priority > 50000 {
		errs = append(errs, field.Invalid(root.Child("priority"), a.Priority, "must be 1 to 50000 and the listener's only rule of that number"))
	}
	if a.DrainSeconds < 1 || a.DrainSeconds > 3600 {
		errs = append(errs, field.Invalid(root.Child("drainSeconds"), a.DrainSeconds, "must be 1 to 3600, the longest deregistration delay of a target group"))
	}
	for _, link := range []struct {
		path  string
		input pulumi.StringInput
	}{
		{"vpcId", a.VPCID},
		{"listenerArn", a.ListenerARN},
		{"loadBalancerSecurityGroupId", a.LoadBalancerSecurityGroupID},
		{"nodeSecurityGroupId", a.NodeSecurityGroupID},
	} {
		if link.input == nil {
			errs = append(errs, field.Required(root.Child(link.path), "give the one that the workload is to be reached through"))
		}
	}
	return check.Error(fmt.Sprintf("workload %q", name), errs)
}
