package workload

import (
	"fmt"
	"maps"
	"net/netip"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // names of time zones are checked on machines that have none

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/check"
)

// minDrainSeconds is how long a load balancer may go on sending to a pod that
// has been marked for deletion: the controller has to see it and call the API,
// and the API has to tell the load balancer's nodes, which takes "about 10
// seconds" (aws-load-balancer-controller, issue 1719).
const minDrainSeconds = 15

// maxNameLength leaves room for the longest suffix of a track and for Pulumi's
// random one in the 32 characters that the name of a target group may have.
const maxNameLength = 17

var (
	// imageReference is a repository with a tag, a digest or both.
	imageReference = regexp.MustCompile(`^[a-z0-9][a-z0-9./_:-]*?(:([\w][\w.-]{0,127}))?(@sha256:[0-9a-f]{64})?$`)
	// movingTags are by custom given to one image after the other.
	movingTags = []string{
		"latest", "stable", "edge", "nightly", "canary", "main", "master", "trunk", "head", "dev", "develop", "development",
		"test", "staging", "prod", "production", "release",
	}
	iamAction   = regexp.MustCompile(`^[a-z0-9-]+:[A-Za-z0-9*]+$`)
	cronField   = regexp.MustCompile(`^[0-9A-Za-z*/,-]+$`)
	peakName    = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$`)
	metricLabel = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_./|:-]*[A-Za-z0-9])?$`)
)

// problems collects what is wrong.
type problems struct{ field.ErrorList }

func (p *problems) invalid(at *field.Path, value any, format string, args ...any) {
	p.ErrorList = append(p.ErrorList, field.Invalid(at, value, fmt.Sprintf(format, args...)))
}

func (p *problems) required(at *field.Path, remedy string) {
	p.ErrorList = append(p.ErrorList, field.Required(at, remedy))
}

// between wants a number within bounds.
func (p *problems) between(at *field.Path, value, low, high int, why string) {
	if value < low || value > high {
		p.invalid(at, value, "must be %d to %d%s", low, high, why)
	}
}

func (p *problems) quantity(at *field.Path, value string) {
	if q, err := resource.ParseQuantity(value); err != nil || q.Sign() <= 0 {
		p.invalid(at, value, "must be a Kubernetes quantity above zero, such as 250m or 256Mi")
	}
}

// oneOf wants one of the values that there are.
func oneOf[T ~string](p *problems, at *field.Path, value T, values ...T) {
	if !slices.Contains(values, value) {
		p.ErrorList = append(p.ErrorList, field.NotSupported(at, value, values))
	}
}

// Validate returns every problem of the arguments in one error, or nil. It fills
// in defaults first, so it can be asked before a component is made.
func (a *WorkloadArgs) Validate(name string) error {
	a = a.withDefaults()
	p := &problems{}
	if wrong := validation.IsDNS1035Label(name); len(wrong) > 0 {
		p.invalid(field.NewPath("name"), name, "%s", strings.Join(wrong, "; "))
	} else if len(name) > maxNameLength {
		p.invalid(field.NewPath("name"), name, "must have at most %d characters, which leaves room for -canary and a random part in the names of target groups", maxNameLength)
	}
	a.validateContainer(p)
	a.validateScaling(p)
	a.validateRollout(p)
	a.validateTracks(p)
	a.validateIdentity(p)
	a.validateTraffic(p)
	return check.Error(fmt.Sprintf("workload %q", name), p.ErrorList)
}

func (a *WorkloadArgs) validateContainer(p *problems) {
	oneOf(p, field.NewPath("imagePolicy"), a.ImagePolicy, ImageByTag, ImageByDigest)
	oneOf(p, field.NewPath("imageOwner"), a.ImageOwner, OwnerPulumi, OwnerGitOps)
	a.validateImage(p, field.NewPath("image"), a.Image)
	for _, key := range slices.Sorted(maps.Keys(a.Env)) {
		if wrong := validation.IsEnvVarName(key); len(wrong) > 0 {
			p.invalid(field.NewPath("env").Key(key), key, "%s", strings.Join(wrong, "; "))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.ConfigFiles)) {
		if wrong := validation.IsConfigMapKey(name); len(wrong) > 0 {
			p.invalid(field.NewPath("configFiles").Key(name), name, "%s", strings.Join(wrong, "; "))
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(a.ScratchDirs)) {
		at := field.NewPath("scratchDirs").Key(dir)
		if dir == "/" || !path.IsAbs(dir) || path.Clean(dir) != dir || dir == configDir || strings.HasPrefix(dir, configDir+"/") {
			p.invalid(at, dir, "must be an absolute path, clean, below / and outside %s", configDir)
		}
		p.quantity(at, a.ScratchDirs[dir])
	}
	p.between(field.NewPath("userId"), a.UserID, 1, 1<<31-1, "; 0 is root")
	if wrong := validation.IsValidPortNum(a.Port); len(wrong) > 0 {
		p.invalid(field.NewPath("port"), a.Port, "%s", strings.Join(wrong, "; "))
	}
	if !strings.HasPrefix(a.HealthCheckPath, "/") {
		p.invalid(field.NewPath("healthCheckPath"), a.HealthCheckPath, "must start with /")
	}
	p.between(field.NewPath("startupSeconds"), a.StartupSeconds, 2, 3600, "")
	p.quantity(field.NewPath("cpu"), a.CPU)
	p.quantity(field.NewPath("memory"), a.Memory)
}

// validateImage wants an image by which the same code runs wherever and
// whenever it is pulled.
func (a *WorkloadArgs) validateImage(p *problems, at *field.Path, image string) {
	m := imageReference.FindStringSubmatch(image)
	switch {
	case image == "":
		p.required(at, "give an image with a tag or a digest")
	case a.ImagePolicy == ImageByDigest && (m == nil || m[3] == ""):
		p.invalid(at, image, "must name a digest, as imagePolicy is digest; add @sha256: and the digest that the registry gives")
	case m == nil, m[2] == "" && m[3] == "", m[3] == "" && slices.Contains(movingTags, strings.ToLower(m[2])):
		p.invalid(at, image, "must name a digest or a tag that never moves, so that both regions run the same; "+
			"latest and %s are taken to move", strings.Join(movingTags[1:], ", "))
	}
}

func (a *WorkloadArgs) validateScaling(p *problems) {
	if a.MinReplicas < 2 {
		p.invalid(field.NewPath("minReplicas"), a.MinReplicas,
			"must be 2 or more; one pod cannot be moved without an interruption, nor be spread over zones")
	}
	if a.MaxReplicas < a.MinReplicas {
		p.invalid(field.NewPath("maxReplicas"), a.MaxReplicas, "must not be below minReplicas, which is %d", a.MinReplicas)
	}
	s, root := a.Scaling, field.NewPath("scaling")
	p.between(root.Child("cpuPercent"), s.CPUPercent, 1, 100, ", in percent of the request")
	p.between(root.Child("memoryPercent"), s.MemoryPercent, 0, 100, ", in percent of the request")
	for _, name := range slices.Sorted(maps.Keys(s.PodsMetrics)) {
		at := root.Child("podsMetrics").Key(name)
		if !metricLabel.MatchString(name) {
			p.invalid(at, name, "must be the name of a metric")
		}
		p.quantity(at, s.PodsMetrics[name])
	}
	for i, m := range s.ExternalMetrics {
		at := root.Child("externalMetrics").Index(i)
		if !metricLabel.MatchString(m.Name) {
			p.invalid(at.Child("name"), m.Name, "must be the name of a metric")
		}
		p.quantity(at.Child("averageValue"), m.AverageValue)
	}
	p.between(root.Child("scaleDownPercentPerMinute"), s.ScaleDownPercentPerMinute, 1, 100, "")
	p.between(root.Child("scaleDownStabilizationSeconds"), s.ScaleDownStabilizationSeconds, 1, 3600, ", which Kubernetes allows")
	seen := map[string]bool{}
	for i, peak := range s.Peaks {
		at := root.Child("peaks").Index(i)
		if !peakName.MatchString(peak.Name) {
			p.invalid(at.Child("name"), peak.Name, "must be lower case letters, digits and hyphens, at most 20")
		} else if seen[peak.Name] {
			p.ErrorList = append(p.ErrorList, field.Duplicate(at.Child("name"), peak.Name))
		}
		seen[peak.Name] = true
		for _, s := range []struct{ path, schedule string }{{"start", peak.Start}, {"end", peak.End}} {
			if fields := strings.Fields(s.schedule); len(fields) != 5 || slices.ContainsFunc(fields, func(f string) bool { return !cronField.MatchString(f) }) {
				p.invalid(at.Child(s.path), s.schedule, `must have the five fields of cron, such as "0 8 * * 1-5"`)
			}
		}
		if _, err := time.LoadLocation(peak.TimeZone); err != nil || peak.TimeZone == "Local" {
			p.invalid(at.Child("timeZone"), peak.TimeZone, "must be the name of a time zone, such as Europe/Berlin")
		}
		if peak.MinReplicas <= a.MinReplicas || peak.MinReplicas > a.MaxReplicas {
			p.invalid(at.Child("minReplicas"), peak.MinReplicas,
				"must be above minReplicas, which is %d, and up to maxReplicas, which is %d", a.MinReplicas, a.MaxReplicas)
		}
	}
	if n := a.Scaling.RaisedMinReplicas; n != 0 && (n <= a.MinReplicas || n > a.MaxReplicas) {
		p.invalid(field.NewPath("scaling", "raisedMinReplicas"), n,
			"must be above minReplicas, which is %d, and up to maxReplicas, which is %d", a.MinReplicas, a.MaxReplicas)
	}
}

func (a *WorkloadArgs) validateRollout(p *problems) {
	oneOf(p, field.NewPath("zoneSpread"), a.ZoneSpread, ZoneSpreadRequired, ZoneSpreadPreferred)
	switch {
	case a.MaxUnavailable < 1:
		p.invalid(field.NewPath("maxUnavailable"), a.MaxUnavailable,
			"must be 1 or more; a budget of none would block every eviction, and with it every node that is to be drained")
	case a.MinReplicas >= 2 && a.MaxUnavailable >= a.MinReplicas:
		p.invalid(field.NewPath("maxUnavailable"), a.MaxUnavailable,
			"must be below minReplicas, which is %d; else all pods could be evicted at once", a.MinReplicas)
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(a.MaxSurge, "%")); err != nil || n < 1 || strings.HasSuffix(a.MaxSurge, "%") && n > 100 {
		p.invalid(field.NewPath("maxSurge"), a.MaxSurge, "must be a number of pods above zero or a percentage, such as 1 or 25%%")
	}
	p.between(field.NewPath("minReadySeconds"), a.MinReadySeconds, 1, 300, "")
	p.between(field.NewPath("drainSeconds"), a.DrainSeconds, minDrainSeconds, 3600,
		"; a load balancer may send for 15 seconds more, and 3600 is its longest deregistration delay")
	switch delay := a.DeregistrationDelaySeconds; {
	case delay == a.DrainSeconds: // the default, of which enough has been said
	case delay < 1 || delay > 3600:
		p.between(field.NewPath("deregistrationDelaySeconds"), delay, 1, 3600, "")
	case delay > a.DrainSeconds:
		p.invalid(field.NewPath("deregistrationDelaySeconds"), delay,
			"must not be above drainSeconds, which is %d; else pods end while the load balancer still waits for their answers", a.DrainSeconds)
	}
	p.between(field.NewPath("shutdownSeconds"), a.ShutdownSeconds, 1, 3600, "")
}

func (a *WorkloadArgs) validateTracks(p *problems) {
	if a.Canary != nil && a.BlueGreen != nil {
		p.ErrorList = append(p.ErrorList, field.Forbidden(field.NewPath("blueGreen"), "canary is given too; use one of them at a time"))
	}
	if c, at := a.Canary, field.NewPath("canary"); c != nil {
		a.validateImage(p, at.Child("image"), c.Image)
		p.between(at.Child("weightPercent"), c.WeightPercent, 0, 100, "; the workload's own image gets the rest of 100")
		if least := max(2, needed(a.MinReplicas, min(max(c.WeightPercent, 0), 100))); c.MinReplicas < least || c.MinReplicas > a.MaxReplicas {
			p.invalid(at.Child("minReplicas"), c.MinReplicas,
				"must be %d to %d: enough for its part of the requests, and up to maxReplicas", least, a.MaxReplicas)
		} else if a.MaxUnavailable >= c.MinReplicas {
			p.invalid(at.Child("minReplicas"), c.MinReplicas,
				"must be above maxUnavailable, which is %d; else all pods could be evicted at once", a.MaxUnavailable)
		}
	}
	if b, at := a.BlueGreen, field.NewPath("blueGreen"); b != nil {
		a.validateImage(p, at.Child("greenImage"), b.GreenImage)
		oneOf(p, at.Child("live"), b.Live, Blue, Green)
	}
}

func (a *WorkloadArgs) validateIdentity(p *problems) {
	oneOf(p, field.NewPath("identity"), a.Identity, PodIdentity, IRSA)
	for i, s := range a.Permissions {
		at := field.NewPath("permissions").Index(i)
		if len(s.Actions) == 0 {
			p.required(at.Child("actions"), "give what is allowed, such as s3:GetObject")
		}
		for j, action := range s.Actions {
			if !iamAction.MatchString(action) || action == "iam:*" || strings.HasSuffix(action, ":*") {
				p.invalid(at.Child("actions").Index(j), action, "must be a service and an action, not all of a service's, such as s3:GetObject")
			}
		}
		if len(s.Resources) == 0 {
			p.required(at.Child("resources"), `give the ARNs that it is allowed on, or "*" for actions that know no narrower resource`)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.Secrets)) {
		at := field.NewPath("secrets").Key(name)
		if wrong := validation.IsEnvVarName(name); len(wrong) > 0 {
			p.invalid(at, name, "%s", strings.Join(wrong, "; "))
		}
		if _, twice := a.Env[name]; twice {
			p.ErrorList = append(p.ErrorList, field.Duplicate(at, name))
		}
		if a.Secrets[name].ARN == nil {
			p.required(at.Child("arn"), "give the ARN of the secret in AWS Secrets Manager")
		}
	}
	if len(a.Secrets) > 0 && !check.IsRegion(a.Region) {
		p.invalid(field.NewPath("region"), a.Region, "must be the AWS region of the secrets, such as us-east-1")
	}
	if len(a.Permissions) > 0 && a.Identity == PodIdentity {
		needs(p, "clusterName", a.ClusterName, "give the name of the EKS cluster, which the role trusts")
	}
	if len(a.Secrets) > 0 || len(a.Permissions) > 0 && a.Identity == IRSA {
		needs(p, "oidcProviderArn", a.OIDCProviderARN, "give the cluster's IAM OIDC provider, which vouches for service accounts")
		needs(p, "oidcIssuer", a.OIDCIssuer, "give the URL of the cluster's OIDC issuer")
	}
}

// needs wants an input to be given.
func needs(p *problems, path string, input pulumi.StringInput, remedy string) {
	if input == nil {
		p.required(field.NewPath(path), remedy)
	}
}

func (a *WorkloadArgs) validateTraffic(p *problems) {
	for i, c := range a.Callers {
		at := field.NewPath("callers").Index(i)
		switch block, err := netip.ParsePrefix(c.CIDR); {
		case (c.CIDR == "") == (c.Namespace == ""):
			p.ErrorList = append(p.ErrorList, field.Forbidden(at, "give a namespace, with or without a name, or a cidr"))
		case c.CIDR != "" && (err != nil || !block.Addr().Is4() || block.Masked() != block || block.Bits() == 0):
			p.invalid(at.Child("cidr"), c.CIDR, "must be an IPv4 block in CIDR notation, such as 10.0.0.0/16, and not the whole internet")
		case c.CIDR != "" && c.Name != "":
			p.invalid(at.Child("name"), c.Name, "must go with a namespace")
		case c.Namespace != "" && len(validation.IsDNS1123Label(c.Namespace)) > 0:
			p.invalid(at.Child("namespace"), c.Namespace, "must be the name of a namespace")
		case c.Name != "" && len(validation.IsValidLabelValue(c.Name)) > 0:
			p.invalid(at.Child("name"), c.Name, "must be the value of a label")
		}
	}
	if len(a.Hosts) == 0 && len(a.Paths) == 0 {
		p.required(field.NewPath("hosts"), "give hosts or paths, or the load balancer would send nothing here")
	}
	if n := len(a.Hosts) + len(a.Paths); n > 5 {
		p.invalid(field.NewPath("hosts"), a.Hosts, "must be 5 values at most together with paths, not %d; use a wildcard, or another workload's rule", n)
	}
	for i, h := range a.Hosts {
		if h == "" || len(h) > 128 || strings.ContainsAny(h, "/: ") {
			p.invalid(field.NewPath("hosts").Index(i), h, "must be a host name of at most 128 characters, with * as a wildcard")
		}
	}
	for i, path := range a.Paths {
		if !strings.HasPrefix(path, "/") || len(path) > 128 {
			p.invalid(field.NewPath("paths").Index(i), path, "must start with / and have at most 128 characters")
		}
	}
	p.between(field.NewPath("priority"), a.Priority, 2, 50000, " and the listener's only rule of that number")
	const through = "give the one that the workload is to be reached through"
	needs(p, "vpcId", a.VPCID, through)
	needs(p, "listenerArn", a.ListenerARN, through)
	if a.LoadBalancerCIDRs == nil {
		p.required(field.NewPath("loadBalancerCidrs"), "give the blocks of the load balancer's subnets, or the network policy keeps it out")
	}
	if a.NodeSecurityGroupID != nil {
		needs(p, "loadBalancerSecurityGroupId", a.LoadBalancerSecurityGroupID, "give the one that the port is opened for")
	} else if a.LoadBalancerSecurityGroupID != nil {
		needs(p, "nodeSecurityGroupId", nil, "give the one that the port is opened in, or leave both out where the port is open")
	}
}
