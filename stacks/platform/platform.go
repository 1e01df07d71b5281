// Package platform is the configuration of the platform: what `tandem:platform`
// and `tandem:active` of a stack file may say.
//
// Both stacks carry the same object, so that each knows the other's region and
// address range, and overlaps and contradictions are found in either.
package platform

import (
	"maps"
	"slices"
)

// Platform is the object under `tandem:platform`.
type Platform struct {
	// Name is the platform's name; it goes into tags. Lower case letters, digits and
	// hyphens, at most 20. Required.
	Name string `json:"name"`
	// Environment is what the platform is for, such as production; it goes into tags. Required.
	Environment string `json:"environment"`
	// Owner is the team to ask, as a word or an address; it goes into tags. Required.
	Owner string `json:"owner"`
	// AccountID is the AWS account of both regions, 12 digits. Any other is refused
	// by the AWS provider. Required.
	AccountID string `json:"accountId"`
	// Domain is the public DNS domain, such as example.org. Required.
	Domain string `json:"domain"`
	// ZoneID is an existing public hosted zone of Domain. Default: home makes one.
	ZoneID string `json:"zoneId,omitempty"`
	// Regions are the region stacks, by stack name. One has no standbyOf: it is home.
	// The others are its standbys, all but one of them in reserve.
	Regions map[string]Region `json:"regions"`
	// Network is what the networks of all regions have in common.
	Network Network `json:"network,omitempty"`
	// Cluster is what the clusters of all regions have in common.
	Cluster Cluster `json:"cluster,omitempty"`
	// Administration is how people reach machines.
	Administration Administration `json:"administration,omitempty"`
	// Database is what the database members of all regions have in common.
	Database Database `json:"database"`
	// Table is what the sessions table of all regions has in common.
	Table Table `json:"table,omitempty"`
	// Backup says how AWS Backup keeps the database and the table.
	Backup Backup `json:"backup,omitempty"`
	// Edge is the way in from the internet.
	Edge Edge `json:"edge,omitempty"`
	// Web is the sample web service.
	Web Web `json:"web"`
	// Observability says who is told what.
	Observability Observability `json:"observability,omitempty"`
	// Recovery is how a region takes over from a lost one.
	Recovery Recovery `json:"recovery,omitempty"`
	// AllowDestroy lets a destroy take databases, buckets, keys and load balancers.
	// Default false: they are protected, retained, and guarded by AWS's own
	// deletion protection. Set it and run `up` before a destroy.
	AllowDestroy bool `json:"allowDestroy,omitempty"`
}

// Region is one region stack.
type Region struct {
	// Region is the AWS region, such as us-east-1. Required, and different in every stack.
	Region string `json:"region"`
	// Zones are two to six availability zones of the region. Required.
	Zones []string `json:"zones"`
	// CIDR is the VPC's IPv4 block, with a prefix length of 16 to 20, apart from
	// those of all other regions. Default: the region's slot in network.pool; required
	// without a pool.
	CIDR string `json:"cidr,omitempty"`
	// StandbyOf is the home stack. Empty in home itself.
	StandbyOf string `json:"standbyOf,omitempty"`
	// Reserve makes the region a further standby: it holds all data, serves its own
	// name, and answers for the platform where neither home nor the standby can. A
	// platform has one at most. Default false: the standby that takes over first.
	Reserve bool `json:"reserve,omitempty"`
	// Origin is join in a home whose database was lost and is rebuilt from the
	// standby's, from then on for good; see docs/runbook/rebuild-home.md. Default
	// create in home; a standby always joins, and has none.
	Origin string `json:"origin,omitempty"`
	// NATZone is the zone of the only NAT gateway, where network.nat is single.
	// Default the first by name.
	NATZone string `json:"natZone,omitempty"`
	// Endpoints are the services of this region's interface endpoints, in the place of
	// network.endpoints.interface; an empty list means none.
	Endpoints []string `json:"endpoints,omitempty"`
	// TransitGatewayASN gives the region a transit gateway with this private number,
	// different in every region; each standby that has one is joined to home. Default
	// (zero): none.
	TransitGatewayASN int `json:"transitGatewayAsn,omitempty"`
	// ReadWeight is the region's share of the reads in relation to those of the other
	// regions, 0 to 255, where edge.reads.policy is weighted. Default (zero): none while a
	// region that has a weight is healthy; where all have zero, all get the same.
	ReadWeight int `json:"readWeight,omitempty"`
	// VPC is a VPC that exists, to be used as it is. Default: one is made.
	VPC *VPC `json:"vpc,omitempty"`
	// Database is what this region's member of the database has of its own: in a standby,
	// the capacity that a take-over finds. Default what database says.
	Database RegionDatabase `json:"database,omitempty"`
}

// RegionDatabase is what one region's member of the database has of its own.
type RegionDatabase struct {
	InstanceClass    string            `json:"instanceClass,omitempty"`    // default that of database
	InstancesPerZone int               `json:"instancesPerZone,omitempty"` // default that of database
	Capacity         *DatabaseCapacity `json:"capacity,omitempty"`         // default that of database
}

// VPC is a VPC that exists. The region's zones and cidr describe it, too.
type VPC struct {
	ID      string            `json:"id"`              // required
	Public  map[string]string `json:"public"`          // subnet ids by zone; required
	Private map[string]string `json:"private"`         // subnet ids by zone; required
	Data    map[string]string `json:"data"`            // subnet ids by zone; required
	Intra   map[string]string `json:"intra,omitempty"` // subnet ids by zone; default none
	// RouteTables are the ids of the route tables of the private, data and intra
	// subnets, by names of your own. Required with a transit gateway.
	RouteTables map[string]string `json:"routeTables,omitempty"`
	// NATGateways are the ids of the NAT gateways to watch, by zone. Default none.
	NATGateways map[string]string `json:"natGateways,omitempty"`
}

// Network is the common part of all networks; see components/network. It says
// nothing of a VPC that exists.
type Network struct {
	// Pool is a private block with a prefix length of 10 to 14, of which every AWS
	// region has a fixed 64th for its VPC, so that regions never overlap. Default
	// none: every region has a cidr.
	Pool string `json:"pool,omitempty"`
	// NAT is per-zone, single or none. Default per-zone.
	NAT string `json:"nat,omitempty"`
	// Intra adds subnets for endpoints and attachments. Default false.
	Intra bool `json:"intra,omitempty"`
	// IPv6 makes the networks dual stack. Default false.
	IPv6 bool `json:"ipv6,omitempty"`
	// Endpoints are the VPC endpoints.
	Endpoints Endpoints `json:"endpoints,omitempty"`
	// FlowLogs says where the record of all traffic goes.
	FlowLogs FlowLogs `json:"flowLogs,omitempty"`
}

// Endpoints are the VPC endpoints.
type Endpoints struct {
	// Interface are the services of interface endpoints, such as ecr.api. Default none.
	Interface []string `json:"interface,omitempty"`
	// TrustedAccountIDs are accounts, besides the platform's own, whose principals,
	// buckets and tables the endpoints serve. Default none.
	TrustedAccountIDs []string `json:"trustedAccountIds,omitempty"`
}

// FlowLogs says where the record of all traffic goes.
type FlowLogs struct {
	Destination     string `json:"destination,omitempty"`     // cloudwatch or s3; default cloudwatch
	RetentionDays   int    `json:"retentionDays,omitempty"`   // default 90
	IntervalSeconds int    `json:"intervalSeconds,omitempty"` // 60 or 600; default 60
	Format          string `json:"format,omitempty"`          // fields as AWS names them; default AWS's own
	BucketARN       string `json:"bucketArn,omitempty"`       // an S3 bucket that exists; default the network makes one
}

// Cluster is the common part of all clusters; see components/cluster.
type Cluster struct {
	// Version is the Kubernetes version. Default the one that components/cluster pins.
	Version string `json:"version,omitempty"`
	// PublicAccessCIDRs reach the API server over the internet. Default none.
	PublicAccessCIDRs []string `json:"publicAccessCidrs,omitempty"`
	// PublicAccessFromAnywhere lets every address reach the API server over the
	// internet, in the place of publicAccessCidrs. recovery.minReplicas needs it. Default
	// false.
	PublicAccessFromAnywhere bool `json:"publicAccessFromAnywhere,omitempty"`
	// PrivateAccessCIDRs reach the API server's private endpoint, besides the nodes:
	// the blocks of peered networks. Default none.
	PrivateAccessCIDRs []string `json:"privateAccessCidrs,omitempty"`
	// Access gives IAM principals access, by name.
	Access map[string]Access `json:"access,omitempty"`
	// NodeGroups are the managed node groups, by name. Default one, named baseline.
	NodeGroups map[string]NodeGroup `json:"nodeGroups,omitempty"`
	// Autoscaler is karpenter, cluster-autoscaler or none. Default karpenter.
	Autoscaler string `json:"autoscaler,omitempty"`
	// Karpenter says what nodes Karpenter makes.
	Karpenter Karpenter `json:"karpenter,omitempty"`
	// Fargate are the Fargate profiles, by name. Default none.
	Fargate map[string]FargateProfile `json:"fargate,omitempty"`
	// Namespaces are namespaces besides those of workloads, by name. Default none.
	Namespaces map[string]Namespace `json:"namespaces,omitempty"`
	// ExternalSecrets installs the External Secrets Operator. Default false.
	ExternalSecrets bool `json:"externalSecrets,omitempty"`
	// VerticalPodAutoscaler installs the Vertical Pod Autoscaler, which recommends and
	// changes nothing. Default false.
	VerticalPodAutoscaler bool `json:"verticalPodAutoscaler,omitempty"`
	// EFS installs the driver for volumes on Elastic File System. Default false.
	EFS bool `json:"efs,omitempty"`
	// KubectlRoleARN is the role that Pulumi takes on to reach the cluster. Default none.
	KubectlRoleARN string `json:"kubectlRoleArn,omitempty"`
}

// Access is one access entry of a cluster.
type Access struct {
	PrincipalARN string   `json:"principalArn"`         // an IAM role or user, which exists; required
	Job          string   `json:"job,omitempty"`        // such as developer; this or a policy is required
	Policy       string   `json:"policy,omitempty"`     // an EKS access policy, such as AmazonEKSViewPolicy
	Namespaces   []string `json:"namespaces,omitempty"` // default the whole cluster
}

// NodeGroup is one managed node group.
type NodeGroup struct {
	InstanceTypes []string          `json:"instanceTypes,omitempty"` // default m7g.large
	AMIType       string            `json:"amiType,omitempty"`       // default AL2023_ARM_64_STANDARD
	Spot          bool              `json:"spot,omitempty"`          // default on demand
	MinSize       int               `json:"minSize,omitempty"`       // default 3
	MaxSize       int               `json:"maxSize,omitempty"`       // default 10
	DiskSizeGiB   int               `json:"diskSizeGiB,omitempty"`   // default 50
	Labels        map[string]string `json:"labels,omitempty"`        // of the Kubernetes nodes; default none
	Taints        []Taint           `json:"taints,omitempty"`        // of the Kubernetes nodes; default none
}

// Taint is a taint of nodes.
type Taint struct {
	Key    string `json:"key"`             // required
	Value  string `json:"value,omitempty"` // default none
	Effect string `json:"effect"`          // NO_SCHEDULE, NO_EXECUTE or PREFER_NO_SCHEDULE; required
}

// Karpenter says what nodes Karpenter makes.
type Karpenter struct {
	AMIAlias  string              `json:"amiAlias,omitempty"`  // image and release; default the one of components/cluster
	NodePools map[string]NodePool `json:"nodePools,omitempty"` // by name; default one, named default
}

// NodePool is a kind of nodes that Karpenter makes.
type NodePool struct {
	CapacityTypes      []string          `json:"capacityTypes,omitempty"`      // default spot and on-demand
	Architectures      []string          `json:"architectures,omitempty"`      // default arm64
	InstanceCategories []string          `json:"instanceCategories,omitempty"` // default c, m and r
	CPULimit           string            `json:"cpuLimit,omitempty"`           // of all its nodes; default 100
	MemoryLimit        string            `json:"memoryLimit,omitempty"`        // of all its nodes; default 400Gi
	Weight             int               `json:"weight,omitempty"`             // precedence, 1 to 100; default none
	Labels             map[string]string `json:"labels,omitempty"`             // default none
	Taints             []Taint           `json:"taints,omitempty"`             // default none
}

// FargateProfile selects pods that run on Fargate.
type FargateProfile struct {
	Namespace string            `json:"namespace"`        // required
	Labels    map[string]string `json:"labels,omitempty"` // default every pod of the namespace
}

// Namespace is a namespace that denies what nobody allowed.
type Namespace struct {
	PodSecurity       string `json:"podSecurity,omitempty"`       // restricted, baseline or privileged; default restricted
	PodSecurityReason string `json:"podSecurityReason,omitempty"` // why it is less than restricted; required then
}

// Administration is how people reach machines: by sessions of AWS Systems Manager,
// which are encrypted, recorded and short; see components/administration.
type Administration struct {
	// DocumentName names the document with the preferences of sessions. Default
	// SSM-SessionManagerRunShell, which every session in the region obeys.
	DocumentName string `json:"documentName,omitempty"`
	// IdleMinutes is after how long without input a session ends. Default 20.
	IdleMinutes int `json:"idleMinutes,omitempty"`
	// MaxMinutes is after how long every session ends. Default 60.
	MaxMinutes int `json:"maxMinutes,omitempty"`
	// LogRetentionDays is how long the record of sessions is kept. Default 365.
	LogRetentionDays int `json:"logRetentionDays,omitempty"`
	// JumpServer gives every region a machine without a public address, from which the
	// database and the networks of joined regions are reached. Default none.
	JumpServer *JumpServer `json:"jumpServer,omitempty"`
}

// JumpServer is a machine to reach others by.
type JumpServer struct {
	InstanceType string `json:"instanceType,omitempty"` // of the Arm architecture; default t4g.micro
	DiskSizeGiB  int    `json:"diskSizeGiB,omitempty"`  // default 10
}

// Database is the common part of all database members; see components/datatier.
type Database struct {
	// EngineVersion is the version of Aurora PostgreSQL in full, such as 16.8. Required.
	EngineVersion string `json:"engineVersion"`
	// InstanceClass is the class of every instance. Default the one of components/datatier.
	InstanceClass string `json:"instanceClass,omitempty"`
	// BackupRetentionDays is how far back a point-in-time restore reaches. Default
	// the one of components/datatier.
	BackupRetentionDays int `json:"backupRetentionDays,omitempty"`
	// BackupWindow is when the daily snapshot is taken, in UTC. Default 08:00-09:00.
	BackupWindow string `json:"backupWindow,omitempty"`
	// MaintenanceWindow is when AWS may change things, in UTC, apart from the backup
	// window. Default sun:09:30-sun:10:30.
	MaintenanceWindow string `json:"maintenanceWindow,omitempty"`
	// RPOSeconds stops the writes of home while every standby is further behind, 20 or
	// more: with one standby, also while that is gone. Default none.
	RPOSeconds int `json:"rpoSeconds,omitempty"`
	// Capacity bounds instances of class db.serverless, in Aurora capacity units.
	// Required with that class.
	Capacity *DatabaseCapacity `json:"capacity,omitempty"`
	// InstancesPerZone is how many instances each zone has, whatever the load: in a
	// standby all that a take-over finds. Default 1.
	InstancesPerZone int `json:"instancesPerZone,omitempty"`
	// MaxReaders is the most readers in the region that takes the writes; -1 scales
	// none. Default 5, or those of the zones where they are more.
	MaxReaders int `json:"maxReaders,omitempty"`
	// MonitoringSeconds is the interval of enhanced monitoring; -1 turns it off.
	// Default 60.
	MonitoringSeconds int `json:"monitoringSeconds,omitempty"`
	// RotationDays is how many days the database's password lasts; ten days later an
	// alarm goes off. -1 rotates none. Default 30.
	RotationDays int `json:"rotationDays,omitempty"`
	// Proxy puts an RDS proxy before the member of every region. Default false.
	Proxy bool `json:"proxy,omitempty"`
}

// DatabaseCapacity bounds a serverless database instance.
type DatabaseCapacity struct {
	Min float64 `json:"min"` // what a standby has at a take-over; required
	Max float64 `json:"max"` // required
}

// Table is the sessions table; see components/datatier.
type Table struct {
	// Capacity bounds the capacity that is paid for by the hour. It is given when the
	// table is made. Default none: every request is paid for.
	Capacity *TableCapacity `json:"capacity,omitempty"`
}

// TableCapacity bounds the capacity of the sessions table in each region.
type TableCapacity struct {
	MinReads  int `json:"minReads"`  // units per second; required
	MaxReads  int `json:"maxReads"`  // units per second; required
	MinWrites int `json:"minWrites"` // units per second; required
	MaxWrites int `json:"maxWrites"` // units per second; required
}

// Backup says how AWS Backup keeps the database and the table; see components/datatier.
type Backup struct {
	Schedule             string `json:"schedule,omitempty"`             // a cron expression of AWS, in UTC; default cron(0 5 * * ? *)
	RetentionDays        int    `json:"retentionDays,omitempty"`        // of a day's backup, 30 or more; default 35
	MonthlyRetentionDays int    `json:"monthlyRetentionDays,omitempty"` // of a month's, 120 or more; -1 for none; default 400
	LockedAfterDays      int    `json:"lockedAfterDays,omitempty"`      // when the lock becomes final; default never
}

// Edge is the common part of all edges; see components/edge.
type Edge struct {
	// PublicNames are the names that clients use. Default the domain.
	PublicNames []string `json:"publicNames,omitempty"`
	// RateLimitPer5Minutes is how many requests one address may send in five
	// minutes. Default 2000.
	RateLimitPer5Minutes int `json:"rateLimitPer5Minutes,omitempty"`
	// PathRateLimits are lower limits for paths that cost more. Default none.
	PathRateLimits []PathRateLimit `json:"pathRateLimits,omitempty"`
	// AllowedIPs are blocks of addresses that CloudFront's web ACL lets in whatever
	// they send. Default none.
	AllowedIPs []string `json:"allowedIps,omitempty"`
	// DeniedIPs are blocks of addresses that it turns away. Default none.
	DeniedIPs []string `json:"deniedIps,omitempty"`
	// BotControl adds AWS's bot control, which is paid for by the request. Default false.
	BotControl bool `json:"botControl,omitempty"`
	// AllowedCountries are the only countries that CloudFront answers, such as DE.
	// Default all.
	AllowedCountries []string `json:"allowedCountries,omitempty"`
	// DeniedCountries are countries that CloudFront does not answer. Default none.
	DeniedCountries []string `json:"deniedCountries,omitempty"`
	// WebACL guards every region's load balancer with a web ACL of its own, for
	// requests that come past CloudFront. Default false.
	WebACL bool `json:"webAcl,omitempty"`
	// DNSSEC has Route 53 sign the hosted zone; the output dsRecord has what to enter in
	// the parent zone. Default false.
	DNSSEC bool `json:"dnssec,omitempty"`
	// ShieldAdvanced protects load balancers, CloudFront and the zone. The account has
	// to be subscribed to Shield Advanced. Default false.
	ShieldAdvanced bool `json:"shieldAdvanced,omitempty"`
	// LogRetentionDays is how long logs of load balancers, CloudFront and web ACLs are
	// kept. Default 90.
	LogRetentionDays int `json:"logRetentionDays,omitempty"`
	// Reads has all regions answer reads, and not only the one that takes the writes.
	// Bring it up in home first. Default none.
	Reads *Reads `json:"reads,omitempty"`
}

// Reads is how all regions answer reads at once, each from its own copy of the data,
// which may be older than the last write.
type Reads struct {
	// Policy is latency, or weighted, which the regions' readWeight is for. Route 53
	// refuses to change it: take reads out of every region first. Required.
	Policy string `json:"policy"`
	// Paths are path patterns such as /catalogue/* that CloudFront sends to the read
	// name, GET, HEAD and OPTIONS alone. Default none.
	Paths []string `json:"paths,omitempty"`
	// Name is the name that all regions answer for. Default read.DOMAIN.
	Name string `json:"name,omitempty"`
}

// PathRateLimit bounds how often one address may ask for some paths.
type PathRateLimit struct {
	Name        string `json:"name"`        // in the web ACL and its metrics; required
	PathPrefix  string `json:"pathPrefix"`  // such as /login; required
	Per5Minutes int    `json:"per5Minutes"` // requests of one address in five minutes; required
}

// Web is the sample web service; see components/workload.
type Web struct {
	Image       string    `json:"image"`                 // with a tag or a digest; required
	ImagePolicy string    `json:"imagePolicy,omitempty"` // tag or digest; default tag
	Args        []string  `json:"args,omitempty"`        // default the image's own
	Port        int       `json:"port,omitempty"`        // default 8080
	MinReplicas int       `json:"minReplicas,omitempty"` // default 3
	MaxReplicas int       `json:"maxReplicas,omitempty"` // default 10
	Peaks       []WebPeak `json:"peaks,omitempty"`       // default none
	// Canary runs another image beside the first, with a part of the requests. Default none.
	Canary *WebCanary `json:"canary,omitempty"`
	// BlueGreen runs another image beside the first, and sends all requests to one of
	// them. It excludes canary. Default none.
	BlueGreen *WebBlueGreen `json:"blueGreen,omitempty"`
	// Database gives the service the database: DATABASE_HOST and DATABASE_READER_HOST,
	// and by reference to the database's secret DATABASE_USERNAME and DATABASE_PASSWORD.
	// It needs cluster.externalSecrets. Default false.
	Database bool `json:"database,omitempty"`
	// Secrets are environment variables whose values are in Secrets Manager, by the
	// variable's name. They need cluster.externalSecrets. Default none.
	Secrets map[string]WebSecret `json:"secrets,omitempty"`
	// RecommendResources has the Vertical Pod Autoscaler recommend what pods should
	// request. It needs cluster.verticalPodAutoscaler. Default false.
	RecommendResources bool `json:"recommendResources,omitempty"`
}

// WebBlueGreen is a second, whole deployment of the sample web service, whose own
// image is that of blue.
type WebBlueGreen struct {
	GreenImage string `json:"greenImage"`     // with a tag or a digest; required
	Live       string `json:"live,omitempty"` // blue or green, which gets all requests; default blue
}

// WebSecret is a secret that every region has, as a replica at least.
type WebSecret struct {
	// ID is the end of the secret's ARN, its name and six characters, such as
	// shop-token-AbCdEf. It is the same in every region. Required.
	ID string `json:"id"`
	// Property is the key of a secret that is a JSON object. Default the whole text.
	Property string `json:"property,omitempty"`
	// KMSKeyID is the multi-Region key that the secret is encrypted with, such as
	// mrk-1234abcd12ab34cd56ef1234567890ab. Default the key that AWS manages.
	KMSKeyID string `json:"kmsKeyId,omitempty"`
}

// WebCanary is another image of the sample web service, which gets a part of the requests.
type WebCanary struct {
	Image         string `json:"image"`                   // with a tag or a digest; required
	WeightPercent int    `json:"weightPercent,omitempty"` // its part of the requests; default 0
}

// WebPeak is a planned peak of the sample web service.
type WebPeak struct {
	Name        string `json:"name"`               // required
	Start       string `json:"start"`              // five fields of cron; required
	End         string `json:"end"`                // five fields of cron; required
	TimeZone    string `json:"timeZone,omitempty"` // default UTC
	MinReplicas int    `json:"minReplicas"`        // for the time of the peak; required
}

// Observability says who is told what; see components/observability.
type Observability struct {
	// Emails are subscribed to the alarm topic of every region.
	Emails []string `json:"emails,omitempty"`
	// Datadog turns the Datadog integration on. Default off.
	Datadog *Datadog `json:"datadog,omitempty"`
}

// Datadog is the Datadog integration. The keys are not configuration: the
// provider reads DD_API_KEY and DD_APP_KEY from the environment.
type Datadog struct {
	// APIURL is the API of the site, such as https://api.datadoghq.com/.
	APIURL string `json:"apiUrl"`
	// Notify are the handles that monitors address, such as @pagerduty-platform.
	Notify []string `json:"notify,omitempty"`
	// Escalate are the handles that are told in addition of an alert that lasts.
	Escalate []string `json:"escalate,omitempty"`
}

// Recovery is how a region takes over from a lost one; see components/recovery.
type Recovery struct {
	// Approval is automatic, manual or automaticAfterWait. Default manual.
	Approval string `json:"approval,omitempty"`
	// ApprovalWaitSeconds is how long a person has to answer. Default 120, none where
	// approval is automatic.
	ApprovalWaitSeconds int `json:"approvalWaitSeconds,omitempty"`
	// RTOSeconds is the promise: how long after the loss of a region the other one
	// serves. Default 600.
	RTOSeconds int `json:"rtoSeconds,omitempty"`
	// Nodes are the fewest nodes of managed node groups while their region takes the
	// load, by group. Default none: the groups stay as they are.
	Nodes map[string]int `json:"nodes,omitempty"`
	// MinReplicas are the fewest pods of the web service while their region takes the
	// load, above web.minReplicas and up to web.maxReplicas. It needs
	// cluster.publicAccessFromAnywhere, because Step Functions reaches a cluster by its
	// public endpoint alone and from addresses that cannot be listed.
	// Default none: the pods grow from what the autoscaler keeps, web.minReplicas.
	MinReplicas int `json:"minReplicas,omitempty"`
	// CanaryRuntime is the runtime of the canaries. Default the one of
	// components/recovery.
	CanaryRuntime string `json:"canaryRuntime,omitempty"`
}

// Stacks returns the names of the region stacks, home first, then the standby and
// the reserve: the order in which they come up, and in which they serve.
func (p *Platform) Stacks() []string {
	names := slices.Sorted(maps.Keys(p.Regions))
	home := p.Home()
	rank := func(name string) int {
		switch {
		case name == home:
			return 0
		case !p.Regions[name].Reserve:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	return names
}

// Home returns the name of the home stack, or "" where there is none.
func (p *Platform) Home() string {
	for _, name := range slices.Sorted(maps.Keys(p.Regions)) {
		if p.Regions[name].StandbyOf == "" {
			return name
		}
	}
	return ""
}

// Reserve returns the name of the stack in reserve, or "" where there is none.
func (p *Platform) Reserve() string {
	for name, r := range p.Regions {
		if r.Reserve {
			return name
		}
	}
	return ""
}

// Standbys returns the names of the standby stacks, the one that takes over first
// before the reserve.
func (p *Platform) Standbys() []string {
	return slices.DeleteFunc(p.Stacks(), func(name string) bool { return name == p.Home() })
}
