package recovery

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/check"
)

// Role is the part that a region plays in DNS failover, fixed for life.
type Role string

const (
	// RolePrimary is home's: its record leads unless it is unhealthy or taken over.
	RolePrimary Role = "primary"
	// RoleSecondary is the standby's, which takes over by writing the takeover object.
	RoleSecondary Role = "secondary"
)

// Approval says who decides that a lost region is taken over from.
type Approval string

const (
	// Automatic takes over without asking.
	Automatic Approval = "automatic"
	// Manual asks, and does nothing where nobody approves in time.
	Manual Approval = "manual"
	// AutomaticAfterWait asks, and takes over where nobody refuses in time.
	AutomaticAfterWait Approval = "automaticAfterWait"
)

// RecoveryArgs are the arguments of a [Recovery].
type RecoveryArgs struct {
	// Region is the region that the component is in and that its machines can make
	// the writer, such as "us-west-2". Required.
	Region string
	// AccountID is the AWS account, twelve digits. Required.
	AccountID string
	// Failover is this region's part in DNS failover. Required.
	Failover Role
	// Other is the region to take over from and to hand over to. Required.
	Other Other

	// Ahead is the name of the load balancer of the region that takes over before this
	// one: in a reserve, that of the standby. While it answers, this region leaves the
	// takeover to it. Only in a secondary. Default none.
	Ahead string

	// RegionalName is the name of this region's load balancer, OriginName the one
	// that both regions answer for. Required.
	RegionalName, OriginName string
	// CertificateNames are the names of the load balancer's certificate, which have to
	// cover both. Required.
	CertificateNames []string
	// HealthCheckPath is what is asked of a region to find out whether it serves: the
	// path of its Route 53 health check. Default "/healthz".
	HealthCheckPath string
	// ServedPaths are the paths that the load balancer's rules lead to targets, with
	// "*" for any characters and "?" for one. HealthCheckPath has to be among them.
	// Required.
	ServedPaths []string

	// GlobalClusterID is the Aurora global database, ClusterID and ClusterARN this
	// region's member of it. Required.
	GlobalClusterID, ClusterID, ClusterARN pulumi.StringInput
	// Readers is how many replicas the member scales between once this region takes the
	// writes: the scalable target that AWS has to be told of anew, because it
	// forbids a secondary to have one at work. Nil leaves the replicas alone.
	Readers *Readers
	// TakeoverBucketName is the bucket of the takeover object in this region, which
	// home makes (see components/edge). Required in a secondary, refused in a primary.
	TakeoverBucketName pulumi.StringInput

	// Transit is the way by which this region's applications reach the database's
	// writer in the other region. A takeover from a region that may be alive cuts it
	// before it promotes, and gives it back afterwards. Nil leaves it: what
	// applications here write to the old writer behind the promotion is lost then,
	// until Aurora has fenced that off, which is "a best-effort attempt" (Aurora user
	// guide, "Using switchover or failover in Amazon Aurora Global Database").
	Transit *Transit

	// ClusterName is the EKS cluster. Required with NodeGroups and Workloads.
	ClusterName pulumi.StringInput
	// ClusterEndpoint is the URL of the cluster's API server, ClusterCertificateAuthority
	// its certificate as EKS tells it. Both are required with Workloads, for which the
	// endpoint has to be public and open to every address: "The Step Functions EKS
	// integration supports only Kubernetes APIs with public endpoint access" (Step
	// Functions developer guide, "Create and manage Amazon EKS clusters with Step
	// Functions"), and comes from addresses that cannot be listed.
	ClusterEndpoint, ClusterCertificateAuthority pulumi.StringInput
	// NodeGroups are the managed node groups that need more nodes while this region
	// takes the load, by a name of the caller's. Default none.
	NodeGroups map[string]NodeGroup
	// Workloads are the services that need more pods while this region takes the load,
	// by a name of the caller's, lower-case words joined by hyphens. Pulumi has to
	// leave the lower bounds of their autoscalers alone, or its next update takes the
	// pods away. With it the component makes Kubernetes objects. Default none: a service
	// grows from what its autoscaler keeps in a standby.
	Workloads map[string]Workload
	// TopicARN is the topic that people are told and asked by, TopicKeyARN the KMS key
	// that encrypts it. Required.
	TopicARN, TopicKeyARN pulumi.StringInput

	// Approval says who decides once all signals say that the other region is lost.
	// Where they disagree a person decides in any case. Default [Manual].
	Approval Approval
	// ApprovalWaitSeconds is how long to wait for a person, in seconds. Required with
	// [Manual] and [AutomaticAfterWait] but for its default, 120; refused with
	// [Automatic].
	ApprovalWaitSeconds int
	// RTOSeconds is the promise: how long after the loss of the other region this one
	// serves, in seconds. A policy that cannot keep it is refused, see [Budget].
	// Default (zero) 600, what a warm standby can defend (10 s × 3 checks and 60 s of
	// DNS, and Aurora in minutes; AWS whitepaper "Disaster Recovery of Workloads on
	// AWS").
	RTOSeconds int
	// RecordTTLSeconds is how long resolvers keep the failover record. Default (zero)
	// 60, which every alias record to a load balancer has (Route 53 developer guide,
	// "Choosing between alias and non-alias records").
	RecordTTLSeconds int
	// ClientKeepAliveSeconds is how long the other region's load balancer lets a client
	// use one connection, in seconds, 60 to 604800: the argument of that name of its
	// Edge (client_keep_alive of Elastic Load Balancing). A takeover from a region that
	// may be alive waits for as long before it promotes; one from a region that is lost
	// does not, see [RecoveryArgs.Budget]. A lease holds for longer than that, so an
	// hour of it is an hour until another execution goes on with the work of one that
	// died. Default (zero) 60, that of Edge.
	ClientKeepAliveSeconds int
	// PromotionWaitSeconds is the longest that Aurora is given to promote, at least
	// 60. Default (zero) 600.
	PromotionWaitSeconds int
	// ReplicationLagSeconds is how far behind this region's copy of the database may
	// fall before replication counts as broken. Default (zero) 60, where Aurora
	// is typically less than one second behind.
	ReplicationLagSeconds int
	// CanaryRuntime is the runtime of the canary, which AWS retires after a year or
	// two (CloudWatch user guide, "Synthetics runtime versions"). Default
	// "syn-nodejs-puppeteer-13.1".
	CanaryRuntime string
	// LogRetentionDays is how long the machines' logs are kept, in days: one of the
	// periods that CloudWatch Logs knows. Default (zero) 365, to tell of the last
	// takeover.
	LogRetentionDays int
	// AllowDestroy lets a destroy take the lease table, the bucket of the canary and
	// the key. Default false.
	AllowDestroy bool
}

// Other is the other region.
type Other struct {
	// Region is its AWS region. Required.
	Region string
	// Failover is its part in DNS failover: the one that this region does not have.
	// Required.
	Failover Role
	// RegionalName is the name of its load balancer. Required.
	RegionalName string
}

// Transit is the way to the other region by a transit gateway; see
// components/transit.
type Transit struct {
	// RouteTableID is the route table of this region's transit gateway. Required.
	RouteTableID pulumi.StringInput
	// OtherCIDR is the IPv4 block of the other region's network, such as 10.0.0.0/16,
	// at most a /31. Required.
	OtherCIDR string
}

// NodeGroup is a managed node group while its region takes the load.
type NodeGroup struct {
	// Name is the group's name in EKS. Required.
	Name pulumi.StringInput
	// MinSize is the fewest nodes, no more than the group's maximum. Required.
	MinSize int
}

// Workload is a service while its region takes the load.
type Workload struct {
	// Namespace is its Kubernetes namespace, Autoscaler its HorizontalPodAutoscaler.
	// Required.
	Namespace  pulumi.StringInput
	Autoscaler string
	// MinReplicas is the fewest pods, no more than the autoscaler's maximum. It is never
	// lowered to that. Required.
	MinReplicas int
}

// Readers bounds the number of Aurora replicas.
type Readers struct {
	// Min and Max are the bounds, 0 to 15. Max is required.
	Min, Max int
}

// aliasTTLSeconds is the TTL of every alias record to a load balancer, which nobody can
// set (Route 53 developer guide, "Choosing between alias and non-alias records").
const aliasTTLSeconds = 60

func (a *RecoveryArgs) withDefaults() *RecoveryArgs {
	d := RecoveryArgs{}
	if a != nil {
		d = *a
	}
	d.HealthCheckPath = cmp.Or(d.HealthCheckPath, "/healthz")
	d.Approval = cmp.Or(d.Approval, Manual)
	if d.Approval != Automatic {
		d.ApprovalWaitSeconds = cmp.Or(d.ApprovalWaitSeconds, 120)
	}
	d.RTOSeconds = cmp.Or(d.RTOSeconds, 600)
	d.RecordTTLSeconds = cmp.Or(d.RecordTTLSeconds, aliasTTLSeconds)
	d.ClientKeepAliveSeconds = cmp.Or(d.ClientKeepAliveSeconds, 60)
	d.PromotionWaitSeconds = cmp.Or(d.PromotionWaitSeconds, 600)
	d.ReplicationLagSeconds = cmp.Or(d.ReplicationLagSeconds, 60)
	d.CanaryRuntime = cmp.Or(d.CanaryRuntime, "syn-nodejs-puppeteer-13.1")
	d.LogRetentionDays = cmp.Or(d.LogRetentionDays, 365)
	return &d
}

var (
	nameForm    = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	runtimeForm = regexp.MustCompile(`^syn-nodejs-puppeteer-\d+\.\d+$`)
	objectForm  = regexp.MustCompile(`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`)
	pathForm    = regexp.MustCompile(`^/[A-Za-z0-9_\-.$/~"'@:+&]*$`)
)

// maxName leaves room for the longest suffix of a child in the 64 characters of a
// role's name, of which Pulumi takes 8.
const maxName = 28

// Validate returns every problem of the arguments in one error, or nil. It fills
// in defaults first, so it can be asked before a component is made.
func (a *RecoveryArgs) Validate(name string) error {
	a = a.withDefaults()
	root := (*field.Path)(nil)
	var errs field.ErrorList
	if !nameForm.MatchString(name) || len(name) > maxName {
		errs = append(errs, field.Invalid(root.Child("name"), name,
			fmt.Sprintf("must be lower-case words joined by single hyphens, at most %d characters, such as prod-east", maxName)))
	}
	errs = append(errs, validRegion(root.Child("region"), a.Region)...)
	if !check.IsAccountID(a.AccountID) {
		errs = append(errs, field.Invalid(root.Child("accountId"), a.AccountID, "must be the twelve digits of the AWS account"))
	}
	errs = append(errs, a.validateRoles(root)...)
	errs = append(errs, a.validateNames(root)...)
	errs = append(errs, a.validateInputs(root)...)
	errs = append(errs, a.validateCapacity(root)...)
	errs = append(errs, a.validateTimes(root)...)
	if !runtimeForm.MatchString(a.CanaryRuntime) {
		errs = append(errs, field.Invalid(root.Child("canaryRuntime"), a.CanaryRuntime, "must be a runtime for Puppeteer, such as syn-nodejs-puppeteer-13.1"))
	}
	errs = append(errs, check.LogRetention(root.Child("logRetentionDays"), a.LogRetentionDays)...)
	return check.Error("recovery \""+name+"\"", errs)
}

func validRegion(at *field.Path, region string) field.ErrorList {
	switch {
	case region == "":
		return field.ErrorList{field.Required(at, "give the AWS region, such as us-west-2")}
	case !check.IsRegion(region):
		return field.ErrorList{field.Invalid(at, region, "must be the name of an AWS region, such as us-west-2")}
	}
	return nil
}

func (a *RecoveryArgs) validateRoles(root *field.Path) (errs field.ErrorList) {
	other := root.Child("other")
	errs = append(errs, validRegion(other.Child("region"), a.Other.Region)...)
	if a.Other.Region != "" && a.Other.Region == a.Region {
		errs = append(errs, field.Invalid(other.Child("region"), a.Other.Region, "must be another region than this one"))
	}
	roles := []Role{RolePrimary, RoleSecondary}
	for _, r := range []struct {
		at   *field.Path
		role Role
	}{{root.Child("failover"), a.Failover}, {other.Child("failover"), a.Other.Failover}} {
		if r.role == "" {
			errs = append(errs, field.Required(r.at, "say primary in the home region and secondary in any other"))
		} else if !slices.Contains(roles, r.role) {
			errs = append(errs, field.NotSupported(r.at, r.role, roles))
		}
	}
	if slices.Contains(roles, a.Failover) && a.Failover == a.Other.Failover {
		errs = append(errs, field.Invalid(other.Child("failover"), a.Other.Failover,
			"both records would be "+string(a.Failover)+"; one region is primary and the other secondary, for life"))
	}
	bucket := root.Child("takeoverBucketName")
	switch {
	case a.Failover == RoleSecondary && a.TakeoverBucketName == nil:
		errs = append(errs, field.Required(bucket, "a secondary takes over by an object in it; pass home's output of that name"))
	case a.Failover == RolePrimary && a.TakeoverBucketName != nil:
		errs = append(errs, field.Forbidden(bucket, "a primary leads by itself once no standby has taken over; leave it out"))
	}
	return errs
}

func (a *RecoveryArgs) validateNames(root *field.Path) (errs field.ErrorList) {
	for _, n := range []struct {
		at   *field.Path
		name string
	}{
		{root.Child("regionalName"), a.RegionalName}, {root.Child("originName"), a.OriginName}, {root.Child("other").Child("regionalName"), a.Other.RegionalName},
	} {
		if n.name == "" {
			errs = append(errs, field.Required(n.at, "give the name in DNS that the load balancer answers for"))
		}
	}
	switch at := root.Child("ahead"); {
	case a.Ahead == "":
	case a.Failover == RolePrimary:
		errs = append(errs, field.Forbidden(at, "nothing comes before a primary; leave it out"))
	case a.Ahead == a.RegionalName || a.Ahead == a.Other.RegionalName || a.Ahead == a.OriginName:
		errs = append(errs, field.Invalid(at, a.Ahead, "must be the own name of a third region, which takes over before this one"))
	}
	if a.RegionalName != "" && a.RegionalName == a.Other.RegionalName {
		errs = append(errs, field.Invalid(root.Child("other").Child("regionalName"), a.Other.RegionalName, "must be the other region's own name"))
	}
	names := root.Child("certificateNames")
	if len(a.CertificateNames) == 0 {
		errs = append(errs, field.Required(names, "give the names of the load balancer's certificate"))
	} else {
		for _, name := range []string{a.RegionalName, a.OriginName} {
			if name != "" && !covered(name, a.CertificateNames) {
				errs = append(errs, field.Invalid(names, strings.Join(a.CertificateNames, ", "),
					"the certificate is for other names than "+name+", which is asked for over TLS; add the name to the certificate"))
			}
		}
	}
	path, served := root.Child("healthCheckPath"), root.Child("servedPaths")
	switch {
	case !pathForm.MatchString(a.HealthCheckPath):
		errs = append(errs, field.Invalid(path, a.HealthCheckPath, "must be a path of a URL, such as /healthz"))
	case len(a.ServedPaths) == 0:
		errs = append(errs, field.Required(served, "give the paths that the load balancer's rules lead to targets, such as /*"))
	case !slices.ContainsFunc(a.ServedPaths, func(p string) bool { return matches(p, a.HealthCheckPath) }):
		errs = append(errs, field.Invalid(path, a.HealthCheckPath,
			"no target serves it, only "+strings.Join(a.ServedPaths, ", ")+"; every region would count as lost"))
	}
	return errs
}

// covered tells whether one of a certificate's names is good for a host.
func covered(host string, names []string) bool {
	_, parent, _ := strings.Cut(host, ".")
	return slices.Contains(names, host) || slices.Contains(names, "*."+parent)
}

// matches tells whether a path pattern of a listener rule takes a path.
func matches(pattern, path string) bool {
	form := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
	ok, err := regexp.MatchString("^"+form+"$", path)
	return err == nil && ok
}

func (a *RecoveryArgs) validateInputs(root *field.Path) (errs field.ErrorList) {
	for _, in := range []struct {
		name  string
		value pulumi.StringInput
		how   string
	}{
		{"globalClusterId", a.GlobalClusterID, "give the Aurora global database"},
		{"clusterId", a.ClusterID, "give this region's member of the global database"},
		{"clusterArn", a.ClusterARN, "give this region's member of the global database"},
		{"topicArn", a.TopicARN, "give the topic by which people are told and asked"},
		{"topicKeyArn", a.TopicKeyARN, "give the KMS key of the topic, which a machine needs to publish"},
	} {
		if in.value == nil {
			errs = append(errs, field.Required(root.Child(in.name), in.how))
		}
	}
	return errs
}

func (a *RecoveryArgs) validateWorkloads(root *field.Path) (errs field.ErrorList) {
	if len(a.Workloads) > 0 && a.ClusterEndpoint == nil {
		errs = append(errs, field.Required(root.Child("clusterEndpoint"), "give the URL of the cluster's API server, which has to be public"))
	}
	if len(a.Workloads) > 0 && a.ClusterCertificateAuthority == nil {
		errs = append(errs, field.Required(root.Child("clusterCertificateAuthority"), "give the certificate of the cluster's API server"))
	}
	for _, key := range slices.Sorted(maps.Keys(a.Workloads)) {
		w, at := a.Workloads[key], root.Child("workloads").Key(key)
		if !nameForm.MatchString(key) {
			errs = append(errs, field.Invalid(at, key, "must be lower-case words joined by single hyphens, such as web"))
		}
		if w.Namespace == nil {
			errs = append(errs, field.Required(at.Child("namespace"), "give the Kubernetes namespace"))
		}
		if !objectForm.MatchString(w.Autoscaler) {
			errs = append(errs, field.Invalid(at.Child("autoscaler"), w.Autoscaler, "must be the name of a HorizontalPodAutoscaler, such as web"))
		}
		if w.MinReplicas < 1 {
			errs = append(errs, field.Invalid(at.Child("minReplicas"), w.MinReplicas, "must be 1 or more pods"))
		}
	}
	return errs
}

func (a *RecoveryArgs) validateCapacity(root *field.Path) (errs field.ErrorList) {
	if t := a.Transit; t != nil {
		at := root.Child("transit")
		if t.RouteTableID == nil {
			errs = append(errs, field.Required(at.Child("routeTableId"), "give the route table of this region's transit gateway"))
		}
		if _, err := halves(t.OtherCIDR); err != nil {
			errs = append(errs, field.Invalid(at.Child("otherCidr"), t.OtherCIDR, "must be the IPv4 block of the other region's network, such as 10.0.0.0/16"))
		}
	}
	if a.ClusterName == nil && len(a.NodeGroups)+len(a.Workloads) > 0 {
		errs = append(errs, field.Required(root.Child("clusterName"), "give the EKS cluster of the node groups and the workloads"))
	}
	errs = append(errs, a.validateWorkloads(root)...)
	groups := root.Child("nodeGroups")
	for _, key := range slices.Sorted(maps.Keys(a.NodeGroups)) {
		g, at := a.NodeGroups[key], groups.Key(key)
		if g.Name == nil {
			errs = append(errs, field.Required(at.Child("name"), "give the node group's name in EKS"))
		}
		if g.MinSize < 1 || g.MinSize > 450 { // EKS service quotas, nodes per managed node group
			errs = append(errs, field.Invalid(at.Child("minSize"), g.MinSize, "must be 1 to 450 nodes"))
		}
	}
	if r := a.Readers; r != nil && (r.Min < 0 || r.Max < 1 || r.Max > 15 || r.Min > r.Max) {
		errs = append(errs, field.Invalid(root.Child("readers").Child("max"), r.Max, fmt.Sprintf("must be 1 to 15 replicas and not below min, which is %d", r.Min)))
	}
	return errs
}
