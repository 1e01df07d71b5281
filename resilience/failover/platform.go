package failover

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-platform/tandem/resilience/rollout"
)

// Platform is what the exported states of all region stacks say of the platform,
// as far as a loss concerns it.
type Platform struct {
	// Regions are by their place in failover: the primary's first.
	Regions []*Region
	// Records are the answers for the name that CloudFront takes as its origin.
	OriginName string
	Records    []Record
	Checks     []*Check
	// Reads are the answers for the name that CloudFront sends the paths of reads to,
	// none where it does not.
	Reads []ReadRecord
	// ConnectAttempts and ConnectTimeout are how CloudFront reaches the origin, KeepAlive
	// how long it keeps a connection that nothing comes by.
	ConnectAttempts int
	ConnectTimeout  time.Duration
	KeepAlive       time.Duration
	// GlobalDatabase is the id of the Aurora global database.
	GlobalDatabase string
	Alarms         []*Alarm
	Canaries       []*Canary
	Starts         []Start
	Machines       []Machine
}

// Region is a region of the platform.
type Region struct {
	Name string
	// Endpoint is the name of its own load balancer, Balancer the DNS name of that.
	Endpoint, Balancer string
	// LongestConnection is how long that lets a client use one connection.
	LongestConnection time.Duration
	// Cluster is the ARN of the member of the global database, Writer the zone of the
	// instance that writes, "" where none does, and Instances how many there are.
	Cluster, ClusterID, Writer string
	Instances                  int
	// Service is the service that clients ask for.
	Service *rollout.Service
}

// Record is one of the answers for a name by failover routing.
type Record struct {
	Role, Region, Check string
	// TargetHealth means that the record counts as healthy only while the load
	// balancer has healthy targets.
	TargetHealth bool
}

// Check is a health check of Route 53.
type Check struct {
	ID string
	// Host and Path are what is asked for, empty for a calculated check.
	Host, Path string
	Inverted   bool
	Interval   time.Duration
	Threshold  int
	Regions    []string
	// Children are those of a calculated check, of which Needed have to be healthy.
	Children []string
	Needed   int
}

// Alarm is a CloudWatch alarm on a metric that the model knows: the lag of a
// cluster's replication, or the success of a canary. A composite alarm has a Rule
// and nothing else.
type Alarm struct {
	Name, ARN, Region       string
	Rule                    string
	Cluster, Canary         string
	Below                   bool
	Threshold               float64
	Period                  time.Duration
	Windows, Breaching      int
	MissingBreaches, Ignore bool
}

// Canary is a canary that asks for a URL.
type Canary struct {
	Name, Region, URL string
	Every, Patience   time.Duration
}

// Start is a rule of EventBridge that starts a state machine when an alarm goes
// off.
type Start struct{ Region, Alarm, Machine, Input string }

// Machine is a state machine.
type Machine struct{ Name, ARN, RoleARN, Region, Definition string }

type resource struct {
	Type    string         `json:"type"`
	ID      string         `json:"id"`
	Delete  bool           `json:"delete"`
	Outputs map[string]any `json:"outputs"`
}

// reader reads the resources of all states.
type reader struct {
	byType map[string][]resource
	reads  map[string][]ReadRecord // by name
	p      *Platform
}

// Read reads the exported states of the stacks of all regions, as `pulumi stack
// export` writes them. The error lists everything that is missing for a drill.
func Read(exports ...[]byte) (*Platform, error) {
	r := &reader{byType: map[string][]resource{}, reads: map[string][]ReadRecord{}, p: &Platform{}}
	for _, export := range exports {
		var state struct {
			Deployment struct {
				Resources []resource `json:"resources"`
			} `json:"deployment"`
		}
		if err := json.Unmarshal(export, &state); err != nil {
			return nil, fmt.Errorf("reading a state: %w", err)
		}
		for _, one := range state.Deployment.Resources {
			if !one.Delete {
				r.byType[one.Type] = append(r.byType[one.Type], one)
			}
		}
	}
	r.records()
	r.checks()
	r.database()
	r.distribution()
	r.alarms()
	r.machines()
	for i, region := range r.p.Regions {
		for _, export := range exports {
			services, err := rollout.Read(export)
			if err == nil && len(services) > 0 && strings.HasPrefix(zoneOf(services[0]), region.Name) {
				r.p.Regions[i].Service = services[0]
			}
		}
	}
	return r.p, r.p.complete()
}

func zoneOf(s *rollout.Service) string {
	if len(s.Zones) == 0 {
		return ""
	}
	return s.Zones[0].Name
}

// complete says what the model cannot do without.
func (p *Platform) complete() error {
	var missing []error
	need := func(there bool, format string, args ...any) {
		if !there {
			missing = append(missing, fmt.Errorf(format, args...))
		}
	}
	need(len(p.Regions) == 2, "the states have failover records of %d regions, two are needed: give the states of both stacks", len(p.Regions))
	for _, r := range p.Regions {
		need(r.Service != nil, "%s has no service behind its load balancer", r.Name)
		need(r.Cluster != "", "%s has no member of a global database", r.Name)
		need(r.Endpoint != "", "%s has no name of its own for its load balancer", r.Name)
	}
	need(p.ConnectAttempts > 0, "there is no CloudFront distribution whose origin is %s", p.OriginName)
	return errors.Join(missing...)
}

func text(o map[string]any, name string) string {
	s, _ := o[name].(string)
	return s
}

func number(o map[string]any, name string) float64 {
	n, _ := o[name].(float64)
	return n
}

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

func objects(v any) []map[string]any {
	list, _ := v.([]any)
	var all []map[string]any
	for _, e := range list {
		if m, ok := e.(map[string]any); ok {
			all = append(all, m)
		}
	}
	return all
}

func strs(v any) []string {
	list, _ := v.([]any)
	var all []string
	for _, e := range list {
		if s, ok := e.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// regionOf is the region in an ARN.
func regionOf(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) > 3 {
		return parts[3]
	}
	return ""
}

// records reads failover records, and each region's own name: another record for
// the same load balancer.
func (r *reader) records() {
	balancers := map[string]string{} // region by DNS name
	longest := map[string]time.Duration{}
	for _, b := range r.byType["aws:lb/loadBalancer:LoadBalancer"] {
		dns := text(b.Outputs, "dnsName")
		balancers[dns] = regionOf(text(b.Outputs, "arn"))
		if longest[dns] = seconds(number(b.Outputs, "clientKeepAlive")); longest[dns] == 0 {
			longest[dns] = time.Hour // the default of Elastic Load Balancing
		}
	}
	own := map[string]string{}
	for _, one := range r.byType["aws:route53/record:Record"] {
		for _, alias := range objects(one.Outputs["aliases"]) {
			dns := text(alias, "name")
			region := balancers[dns]
			policies := objects(one.Outputs["failoverRoutingPolicies"])
			health, _ := alias["evaluateTargetHealth"].(bool)
			if text(one.Outputs, "setIdentifier") == "" {
				own[dns] = text(one.Outputs, "name")
			}
			if region == "" || len(policies) == 0 {
				r.readRecord(one, region, health)
				continue
			}
			r.p.OriginName = text(one.Outputs, "name")
			r.p.Records = append(r.p.Records, Record{
				Role: text(policies[0], "type"), Region: region, Check: text(one.Outputs, "healthCheckId"), TargetHealth: health,
			})
			r.p.Regions = append(r.p.Regions, &Region{Name: region, Balancer: dns, LongestConnection: longest[dns]})
		}
	}
	for _, region := range r.p.Regions {
		region.Endpoint = own[region.Balancer]
	}
	slices.SortFunc(r.p.Records, func(a, b Record) int { return strings.Compare(a.Role, b.Role) }) // PRIMARY, SECONDARY
	slices.SortFunc(r.p.Regions, func(a, b *Region) int { return r.rank(a) - r.rank(b) })
}

func (r *reader) rank(region *Region) int {
	return slices.IndexFunc(r.p.Records, func(one Record) bool { return one.Region == region.Name })
}

func (r *reader) checks() {
	for _, one := range r.byType["aws:route53/healthCheck:HealthCheck"] {
		o := one.Outputs
		inverted, _ := o["invertHealthcheck"].(bool)
		c := &Check{
			ID: one.ID, Inverted: inverted, Interval: seconds(number(o, "requestInterval")), Threshold: int(number(o, "failureThreshold")),
			Regions: strs(o["regions"]), Children: strs(o["childHealthchecks"]), Needed: int(number(o, "childHealthThreshold")),
		}
		if text(o, "type") != "CALCULATED" {
			c.Host, c.Path = text(o, "fqdn"), text(o, "resourcePath")
		}
		r.p.Checks = append(r.p.Checks, c)
	}
}

func (r *reader) database() {
	zones := map[string]string{}
	count := map[string]int{}
	for _, i := range r.byType["aws:rds/clusterInstance:ClusterInstance"] {
		id := text(i.Outputs, "clusterIdentifier")
		count[id]++
		if writes, _ := i.Outputs["writer"].(bool); writes {
			zones[id] = text(i.Outputs, "availabilityZone")
		}
	}
	for _, c := range r.byType["aws:rds/cluster:Cluster"] {
		global := text(c.Outputs, "globalClusterIdentifier")
		arn := text(c.Outputs, "arn")
		for _, region := range r.p.Regions {
			if global != "" && region.Name == regionOf(arn) {
				r.p.GlobalDatabase = global
				region.Cluster, region.ClusterID = arn, text(c.Outputs, "clusterIdentifier")
				region.Writer, region.Instances = zones[region.ClusterID], count[region.ClusterID]
			}
		}
	}
}

func (r *reader) distribution() {
	for _, d := range r.byType["aws:cloudfront/distribution:Distribution"] {
		r.readPaths(d)
		for _, o := range objects(d.Outputs["origins"]) {
			custom, _ := o["customOriginConfig"].(map[string]any)
			if text(o, "domainName") == r.p.OriginName && custom != nil {
				r.p.ConnectAttempts, r.p.ConnectTimeout = int(number(o, "connectionAttempts")), seconds(number(o, "connectionTimeout"))
				r.p.KeepAlive = seconds(number(custom, "originKeepaliveTimeout"))
			}
		}
	}
}

func (r *reader) alarms() {
	for _, one := range r.byType["aws:cloudwatch/metricAlarm:MetricAlarm"] {
		o := one.Outputs
		a := &Alarm{
			Name: text(o, "name"), ARN: text(o, "arn"), Region: regionOf(text(o, "arn")), Below: strings.HasPrefix(text(o, "comparisonOperator"), "LessThan"),
			Threshold: number(o, "threshold"), Period: seconds(number(o, "period")), Windows: int(number(o, "evaluationPeriods")),
			Breaching: int(number(o, "datapointsToAlarm")), MissingBreaches: text(o, "treatMissingData") == "breaching",
		}
		a.Ignore = text(o, "treatMissingData") == "ignore"
		dimensions, _ := o["dimensions"].(map[string]any)
		if text(o, "namespace") == "CloudWatchSynthetics" && text(o, "metricName") == "SuccessPercent" {
			a.Canary = text(dimensions, "CanaryName")
		}
		for _, q := range objects(o["metricQueries"]) {
			e := text(q, "expression")
			if _, cluster, found := strings.Cut(e, "DBClusterIdentifier = '"); found && strings.Contains(e, "AuroraGlobalDBReplicationLag") {
				a.Cluster, a.Period = strings.TrimSuffix(cluster, "'"), seconds(number(q, "period"))
			}
		}
		if a.Breaching == 0 {
			a.Breaching = a.Windows
		}
		if a.Canary != "" || a.Cluster != "" {
			r.p.Alarms = append(r.p.Alarms, a)
		}
	}
	for _, one := range r.byType["aws:cloudwatch/compositeAlarm:CompositeAlarm"] {
		o := one.Outputs
		r.p.Alarms = append(r.p.Alarms, &Alarm{Name: text(o, "alarmName"), ARN: text(o, "arn"), Region: regionOf(text(o, "arn")), Rule: text(o, "alarmRule")})
	}
	for _, one := range r.byType["aws:synthetics/canary:Canary"] {
		o := one.Outputs
		schedule, _ := o["schedule"].(map[string]any)
		run, _ := o["runConfig"].(map[string]any)
		variables, _ := run["environmentVariables"].(map[string]any)
		r.p.Canaries = append(r.p.Canaries, &Canary{
			Name: text(o, "name"), Region: regionOf(text(o, "arn")), URL: text(variables, "URL"), Every: rate(text(schedule, "expression")),
			Patience: seconds(number(run, "timeoutInSeconds")),
		})
	}
}

// rate is the time between two runs of a schedule such as rate(1 minute); a
// minute where it is of another form.
func rate(expression string) time.Duration {
	fields := strings.Fields(strings.TrimSuffix(strings.TrimPrefix(expression, "rate("), ")"))
	units := map[string]time.Duration{"minute": time.Minute, "minutes": time.Minute, "hour": time.Hour, "hours": time.Hour}
	if len(fields) == 2 {
		if n, err := strconv.Atoi(fields[0]); err == nil && n > 0 && units[fields[1]] > 0 {
			return time.Duration(n) * units[fields[1]]
		}
	}
	return time.Minute
}

func (r *reader) machines() {
	for _, one := range r.byType["aws:sfn/stateMachine:StateMachine"] {
		o := one.Outputs
		r.p.Machines = append(r.p.Machines, Machine{text(o, "name"), text(o, "arn"), text(o, "roleArn"), regionOf(text(o, "arn")), text(o, "definition")})
	}
	for _, target := range r.byType["aws:cloudwatch/eventTarget:EventTarget"] {
		machine := text(target.Outputs, "arn")
		if !strings.Contains(machine, ":stateMachine:") {
			continue
		}
		for _, rule := range r.byType["aws:cloudwatch/eventRule:EventRule"] {
			var pattern struct{ Resources []string }
			if text(rule.Outputs, "name") != text(target.Outputs, "rule") || regionOf(text(rule.Outputs, "arn")) != regionOf(machine) ||
				json.Unmarshal([]byte(text(rule.Outputs, "eventPattern")), &pattern) != nil {
				continue
			}
			for _, alarm := range pattern.Resources {
				r.p.Starts = append(r.p.Starts, Start{regionOf(machine), alarm, machine, text(target.Outputs, "input")})
			}
		}
	}
}
