package workload

import (
	"cmp"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// WorkloadArgs are the arguments of a [Workload].
type WorkloadArgs struct {
	// Image is the container image, as ImagePolicy wants it. Required.
	Image string
	// ImagePolicy says how an image has to be named. Default [ImageByTag].
	ImagePolicy ImagePolicy
	// ImageOwner says who changes the image of a running workload. Default
	// [OwnerPulumi].
	ImageOwner ImageOwner
	// Args are the arguments of the image's entry point. Default the image's own.
	Args []string
	// Env are environment variables. Not for secrets: whoever may read the
	// Deployment reads them. Default none.
	Env pulumi.StringMap
	// Secrets are environment variables whose values are in AWS Secrets Manager, by
	// the variable's name. The cluster has to have External Secrets. A value that is
	// rotated reaches the pods when they are next replaced. Default none.
	Secrets map[string]Secret
	// ConfigFiles are files by name, read-only in /etc/workload. A change of one
	// replaces the pods. Default none.
	ConfigFiles map[string]string
	// ScratchDirs are directories that the container may write to, by absolute path,
	// each with its size limit as a Kubernetes quantity, such as {"/tmp": "64Mi"}.
	// They start empty and go with the pod. Default none: the root file system
	// is read-only.
	ScratchDirs map[string]string
	// UserID is the user and group that the container runs as, above 0. Default
	// 65532, which distroless images call nonroot.
	UserID int
	// Port is the port that the container serves HTTP on, 1 to 65535. Default 8080.
	Port int
	// HealthCheckPath answers 200 when the pod can serve. The load balancer and
	// Kubernetes both ask it. Default /healthz.
	HealthCheckPath string
	// StartupSeconds is how long a container may take to answer for the first time
	// before it is started anew. Default 60.
	StartupSeconds int
	// CPU and Memory are requested for every pod, as Kubernetes quantities; Memory
	// is its limit too. Default 250m and 256Mi.
	CPU, Memory string
	// RecommendResources has the Vertical Pod Autoscaler recommend requests of CPU
	// and memory, and change none. The cluster has to have it. Default false.
	RecommendResources bool

	// MinReplicas and MaxReplicas bound the number of pods. Default 3 and 10; at
	// least 2, since one pod cannot be moved without an interruption.
	MinReplicas, MaxReplicas int
	// Scaling says when there are more pods than MinReplicas.
	Scaling Scaling
	// ZoneSpread says what weighs more, an even spread over the zones or a pod more.
	// Default [ZoneSpreadRequired].
	ZoneSpread ZoneSpread
	// MaxUnavailable is how many pods may be evicted at once, by a node that is
	// drained: fewer than MinReplicas. Default 1.
	MaxUnavailable int

	// MaxSurge is how many pods a rolling update may add, as a number or as a
	// percentage. Default 25%. None is taken away before a new one serves.
	MaxSurge string
	// MinReadySeconds is how long a new pod has to have been ready before the next
	// old one goes. Default 10.
	MinReadySeconds int
	// DrainSeconds is how long a pod that goes away still serves as if nothing had
	// happened, 15 to 3600: until the load balancer has stopped sending to it, which
	// takes up to 15 seconds. Default 30.
	DrainSeconds int
	// DeregistrationDelaySeconds is how long the load balancer lets requests to a pod
	// that goes away finish, at most DrainSeconds. Default DrainSeconds.
	DeregistrationDelaySeconds int
	// ShutdownSeconds is how long the container has to end once it is told to, which
	// is after DrainSeconds. Default 30.
	ShutdownSeconds int
	// Canary runs another image beside Image and sends it a part of the requests.
	// Default none.
	Canary *Canary
	// BlueGreen runs another image beside Image, and sends all requests to one of
	// them. Default none. It excludes Canary.
	BlueGreen *BlueGreen

	// Permissions are what the pods may do in AWS, by an IAM role of their own.
	// Default none, and no role.
	Permissions []Statement
	// Identity says how the pods get the role. Default [PodIdentity].
	Identity Identity
	// ClusterName is the name of the EKS cluster. Required for Permissions with
	// [PodIdentity].
	ClusterName pulumi.StringInput
	// OIDCProviderARN and OIDCIssuer are the IAM OIDC provider of the cluster, and the
	// URL of its issuer. Required for Secrets, and for Permissions with [IRSA].
	OIDCProviderARN, OIDCIssuer pulumi.StringInput
	// Region is the region of the secrets, such as us-east-1. Required for Secrets.
	Region string

	// Callers are who may reach the pods, besides the load balancer. Default nobody.
	Callers []Caller
	// Hosts and Paths select the requests that the load balancer sends here. At
	// least one of them is required; with both, a request has to fit both. A path
	// may end in *. Five values at most, which is what AWS allows for a rule.
	Hosts, Paths []string
	// Priority orders the listener's rules, lowest first; no two rules of a listener
	// share one. 2 to 50000. Canary and BlueGreen take the number before it as
	// well, so leave it free. Required.
	Priority int
	// VPCID is the VPC of the load balancer and the pods. Required.
	VPCID pulumi.StringInput
	// ListenerARN is the load balancer's HTTPS listener. Required.
	ListenerARN pulumi.StringInput
	// LoadBalancerCIDRs are the IPv4 blocks of the load balancer's subnets, which
	// the network policy lets through. Required.
	LoadBalancerCIDRs pulumi.StringArrayInput
	// NodeSecurityGroupID is the security group of the pods' network interfaces, and
	// LoadBalancerSecurityGroupID that of the load balancer, for which Port is opened
	// in it. AWS keeps one such rule for a port, so of several workloads of one port
	// only one can open it. Default none: somebody else has opened it. One needs the
	// other.
	NodeSecurityGroupID, LoadBalancerSecurityGroupID pulumi.StringInput
	// WaitFor are resources that every Kubernetes object waits for, and that are
	// destroyed after them: nodes and controllers. Default none.
	WaitFor []pulumi.Resource
}

// ImagePolicy says how an image has to be named.
type ImagePolicy string

const (
	// ImageByTag takes a digest, or a tag that is not one of those which by custom
	// are moved, such as latest. The registry has to keep tags immutable.
	ImageByTag ImagePolicy = "tag"
	// ImageByDigest takes a digest only, with or without a tag.
	ImageByDigest ImagePolicy = "digest"
)

// ImageOwner says who changes the image of a running workload.
type ImageOwner string

const (
	// OwnerPulumi: the image is that of the arguments.
	OwnerPulumi ImageOwner = "pulumi"
	// OwnerGitOps: the arguments have the image that a Deployment is made with, and
	// a controller such as Argo CD changes it from then on. Pulumi leaves it alone.
	OwnerGitOps ImageOwner = "gitops"
)

// ZoneSpread says how strictly pods are spread over the zones.
type ZoneSpread string

const (
	// ZoneSpreadRequired keeps a pod waiting where it would make zones differ by more
	// than one. Zones whose nodes are all lost do not count, so their pods are
	// replaced in the others.
	ZoneSpreadRequired ZoneSpread = "required"
	// ZoneSpreadPreferred spreads pods as nodes have room. One full zone holds
	// nothing up, but all pods can come to be in one.
	ZoneSpreadPreferred ZoneSpread = "preferred"
)

// Identity says how pods get an IAM role.
type Identity string

const (
	// PodIdentity is EKS Pod Identity: the cluster has to have its agent.
	PodIdentity Identity = "pod-identity"
	// IRSA is IAM roles for service accounts, by the cluster's OIDC provider.
	IRSA Identity = "irsa"
)

// Secret is a value in AWS Secrets Manager. The value itself never passes
// through Pulumi.
type Secret struct {
	// ARN is the secret's ARN. Required.
	ARN pulumi.StringInput
	// Property is the key of a secret that is a JSON object. Default the whole text.
	Property string
	// KMSKeyARN is the customer managed key that the secret is encrypted with.
	// Default none: the key that AWS manages.
	KMSKeyARN pulumi.StringInput
}

// Statement allows actions on resources, under conditions.
type Statement struct {
	// Actions are what is allowed, such as s3:GetObject. Required.
	Actions []string
	// Resources are the ARNs that it is allowed on. Required.
	Resources pulumi.StringArray
	// Conditions are by operator, key and values, as in IAM. Default none.
	Conditions map[string]map[string][]string
}

// Caller is somebody in the cluster or the network who may reach the pods: a
// namespace, one workload of it, or an IPv4 block.
type Caller struct {
	// Namespace is the namespace of the calling pods. A workload of this library is
	// in the namespace of its own name. Required, unless CIDR is given.
	Namespace string
	// Name narrows it to pods with this label app.kubernetes.io/name. Default all of
	// the namespace.
	Name string
	// CIDR is an IPv4 block instead. Default none.
	CIDR string
}

// Canary is another image that gets a part of the requests.
type Canary struct {
	// Image is the image on trial, as ImagePolicy wants it. Required.
	Image string
	// WeightPercent is the part of the requests that it gets, 0 to 100; Image gets
	// the rest. Zero runs it without requests. To promote it, make its image the
	// workload's and take Canary away: Image is rolled out before its requests
	// come back to it.
	WeightPercent int
	// MinReplicas is how many pods it has at least, enough for its part of
	// the requests. Default those of the workload, so that no weight is too much.
	MinReplicas int
}

// BlueGreen is a second, whole deployment. Image is the image of blue.
type BlueGreen struct {
	// GreenImage is the image of green, as ImagePolicy wants it. Required.
	GreenImage string
	// Live gets all requests. Default [Blue]. The other one is brought up and found
	// healthy before it changes.
	Live Color
}

// Color names one of the deployments of [BlueGreen].
type Color string

// The two deployments.
const (
	Blue  Color = "blue"
	Green Color = "green"
)

// Scaling says when pods are added and taken away. Of several metrics, the one
// that asks for most pods decides.
type Scaling struct {
	// CPUPercent is the part of the requested CPU that pods use on average before
	// more are added, 1 to 100. Default 60, at which three zones can lose one.
	CPUPercent int
	// MemoryPercent is the same for memory. Default none.
	MemoryPercent int
	// PodsMetrics are averages for each pod, as Kubernetes quantities, by the name of
	// the metric in the custom metrics API. Default none.
	PodsMetrics map[string]string
	// ExternalMetrics are metrics of the external metrics API. Default none.
	ExternalMetrics []ExternalMetric
	// ScaleDownPercentPerMinute is how many of the pods go in a minute at most, 1 to
	// 100. Default 25. Pods are added without delay.
	ScaleDownPercentPerMinute int
	// ScaleDownStabilizationSeconds is how long fewer pods have to have been enough
	// before some go, up to 3600. Default 300.
	ScaleDownStabilizationSeconds int
	// Peaks are times for which there are more pods beforehand. Default none.
	Peaks []Peak
	// RaisedMinReplicas is what somebody outside of Pulumi raises the lower bound of
	// the first track's autoscaler to, such as a takeover (see components/recovery):
	// above MinReplicas and up to MaxReplicas. Pulumi leaves the bound alone once the
	// autoscaler is made, so that an update does not take the pods away that a takeover
	// needs; a MinReplicas that changes later does not reach it either. Default (zero)
	// nobody raises it.
	RaisedMinReplicas int
}

// ExternalMetric is a metric from outside the cluster, such as a queue's length.
type ExternalMetric struct {
	// Name is the metric's name in the external metrics API. Required.
	Name string
	// Labels select among the metric's series. Default all.
	Labels map[string]string
	// AverageValue is how much of it one pod takes, as a Kubernetes quantity. Required.
	AverageValue string
}

// Peak is a planned peak: a higher MinReplicas from one time to another.
type Peak struct {
	// Name tells peaks apart: lower case letters, digits and hyphens. Required.
	Name string
	// Start and End are schedules of five cron fields, such as "0 8 * * 1-5". Start
	// early enough for the pods, and their nodes, to come up. Required.
	Start, End string
	// TimeZone is the name of the time zone, such as Europe/Berlin. Default UTC.
	TimeZone string
	// MinReplicas is the number of pods for the time of the peak, above the
	// workload's MinReplicas and up to its MaxReplicas. Required.
	MinReplicas int
}

func (a *WorkloadArgs) withDefaults() *WorkloadArgs {
	d := WorkloadArgs{}
	if a != nil {
		d = *a
	}
	d.ImagePolicy = cmp.Or(d.ImagePolicy, ImageByTag)
	d.ImageOwner = cmp.Or(d.ImageOwner, OwnerPulumi)
	d.UserID = cmp.Or(d.UserID, 65532)
	d.Port = cmp.Or(d.Port, 8080)
	d.HealthCheckPath = cmp.Or(d.HealthCheckPath, "/healthz")
	d.StartupSeconds = cmp.Or(d.StartupSeconds, 60)
	d.CPU = cmp.Or(d.CPU, "250m")
	d.Memory = cmp.Or(d.Memory, "256Mi")
	d.MinReplicas = cmp.Or(d.MinReplicas, 3)
	d.MaxReplicas = cmp.Or(d.MaxReplicas, max(10, d.MinReplicas))
	d.Scaling.CPUPercent = cmp.Or(d.Scaling.CPUPercent, 60)
	d.Scaling.ScaleDownPercentPerMinute = cmp.Or(d.Scaling.ScaleDownPercentPerMinute, 25)
	d.Scaling.ScaleDownStabilizationSeconds = cmp.Or(d.Scaling.ScaleDownStabilizationSeconds, 300)
	d.ZoneSpread = cmp.Or(d.ZoneSpread, ZoneSpreadRequired)
	d.MaxUnavailable = cmp.Or(d.MaxUnavailable, 1)
	d.MaxSurge = cmp.Or(d.MaxSurge, "25%")
	d.MinReadySeconds = cmp.Or(d.MinReadySeconds, 10)
	d.DrainSeconds = cmp.Or(d.DrainSeconds, 30)
	d.DeregistrationDelaySeconds = cmp.Or(d.DeregistrationDelaySeconds, d.DrainSeconds)
	d.ShutdownSeconds = cmp.Or(d.ShutdownSeconds, 30)
	d.Identity = cmp.Or(d.Identity, PodIdentity)
	if d.Canary != nil {
		c := *d.Canary
		c.MinReplicas = cmp.Or(c.MinReplicas, d.MinReplicas)
		d.Canary = &c
	}
	if d.BlueGreen != nil {
		c := *d.BlueGreen
		c.Live = cmp.Or(c.Live, Blue)
		d.BlueGreen = &c
	}
	return &d
}
