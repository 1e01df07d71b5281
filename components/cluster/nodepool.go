package cluster

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Karpenter says what nodes Karpenter makes.
type Karpenter struct {
	// AMIAlias is the image of the nodes, as family@version. Default
	// [DefaultAMIAlias]. A version keeps nodes as they are until it changes, and then
	// replaces them within the pools' disruption budgets; "latest" replaces them
	// whenever AWS releases an image, which Karpenter advises against in production.
	AMIAlias string
	// DiskSizeGiB is the size of a node's gp3 disk, encrypted under the cluster's
	// key, in GiB. Default 50.
	DiskSizeGiB int
	// NodePools are kinds of nodes, by name. Default one pool named "default".
	NodePools map[string]NodePool
}

// NodePool is a kind of nodes that Karpenter makes. Pods that wait get nodes of
// the pool with the highest weight that fits them.
type NodePool struct {
	// CapacityTypes are spot and on-demand. Default both: spot where there is some.
	CapacityTypes []string
	// Architectures are arm64 and amd64. Default arm64.
	Architectures []string
	// InstanceCategories are the letters that families of EC2 instances begin with.
	// Default c, m and r.
	InstanceCategories []string
	// MinGeneration is the oldest generation of instances. Default 6.
	MinGeneration int
	// Zones are the availability zones of the nodes. Default those of all subnets.
	Zones []string
	// CPULimit and MemoryLimit are how much the pool's nodes may have in all, as
	// Kubernetes quantities. Default 100 cores and 400Gi: a bound for the bill of a
	// workload that runs away.
	CPULimit, MemoryLimit string
	// Weight is the pool's precedence, 1 to 100. Default (zero) none, after all others.
	Weight int
	// Labels are put on the pool's nodes. Default none.
	Labels map[string]string
	// Taints keep pods off that do not tolerate them. Default none.
	Taints []Taint
	// ConsolidateAfter is how long a node has to be underused before its pods are
	// moved together and it goes, as a duration such as 30s. Default 1m.
	ConsolidateAfter string
	// ExpireAfter is how old a node may become, so that all get new images in time, as
	// a duration such as 720h. Default 720h, 30 days. "Never" is allowed.
	ExpireAfter string
	// DrainTimeout is how long pods may hold up a node that goes; after that they are
	// deleted whatever their budgets say, so that nodes cannot outlive the cluster.
	// Default 30m.
	DrainTimeout string
	// DisruptionBudgets bound how many nodes go at a time for any of these reasons.
	// Default one: 10% of the pool's nodes.
	DisruptionBudgets []DisruptionBudget
}

// DisruptionBudget is how many nodes may go at a time.
type DisruptionBudget struct {
	// Nodes is a number or a percentage of the pool's nodes, such as 2 or 10%. Required.
	Nodes string
	// Reasons are Underutilized, Empty and Drifted. Default all.
	Reasons []string
	// Schedule is when the budget begins to hold, as a cron expression in UTC, and
	// Duration how long, such as 8h. Both or neither. Default always.
	Schedule, Duration string
}

// DefaultAMIAlias is the image of Karpenter's nodes: EKS's Amazon Linux 2023 in
// its release of 23 April 2026, which there is for all of [Versions].
const DefaultAMIAlias = "al2023@v20260423"

const defaultNodePool = "default"

var (
	capacityTypes     = []string{"spot", "on-demand"}
	architectures     = []string{"arm64", "amd64"}
	disruptionReasons = []string{"Underutilized", "Empty", "Drifted"}
	amiAlias          = regexp.MustCompile(`^(al2023@(latest|v\d{8})|bottlerocket@(latest|v?\d+\.\d+\.\d+))$`)
	instanceCategory  = regexp.MustCompile(`^[a-z]{1,4}$`)
	zoneName          = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d[a-z]$`)
	karpenterDuration = regexp.MustCompile(`^([0-9]+(s|m|h))+$`)
	cronExpression    = regexp.MustCompile(`^[0-9*/,-]+ [0-9*/,-]+ [0-9*/,-]+ [0-9A-Za-z*/,-]+ [0-9A-Za-z*/,-]+$`)
	budgetNodes       = regexp.MustCompile(`^((100|[0-9]{1,2})%|[0-9]+)$`)
	budgetDuration    = regexp.MustCompile(`^((([0-9]+(h|m))|([0-9]+h[0-9]+m))(0s)?)$`)
	ownLabelDomains   = []string{"karpenter.sh", "kubernetes.io", "k8s.io"}
)

func (k Karpenter) withDefaults() Karpenter {
	k.AMIAlias = cmp.Or(k.AMIAlias, DefaultAMIAlias)
	k.DiskSizeGiB = cmp.Or(k.DiskSizeGiB, 50)
	if len(k.NodePools) == 0 {
		k.NodePools = map[string]NodePool{defaultNodePool: {}}
	}
	k.NodePools = mapped(k.NodePools, NodePool.withDefaults)
	return k
}

func (p NodePool) withDefaults() NodePool {
	list := func(given, otherwise []string) []string {
		if len(given) > 0 {
			return given
		}
		return otherwise
	}
	p.CapacityTypes = list(p.CapacityTypes, capacityTypes)
	p.Architectures = list(p.Architectures, architectures[:1])
	p.InstanceCategories = list(p.InstanceCategories, []string{"c", "m", "r"})
	p.MinGeneration = cmp.Or(p.MinGeneration, 6)
	p.CPULimit = cmp.Or(p.CPULimit, "100")
	p.MemoryLimit = cmp.Or(p.MemoryLimit, "400Gi")
	p.ConsolidateAfter = cmp.Or(p.ConsolidateAfter, "1m")
	p.ExpireAfter = cmp.Or(p.ExpireAfter, "720h")
	p.DrainTimeout = cmp.Or(p.DrainTimeout, "30m")
	if len(p.DisruptionBudgets) == 0 {
		p.DisruptionBudgets = []DisruptionBudget{{Nodes: "10%"}}
	}
	return p
}

func (k Karpenter) validate(path *field.Path) field.ErrorList {
	var errs field.ErrorList
	if !amiAlias.MatchString(k.AMIAlias) {
		errs = append(errs, field.Invalid(path.Child("amiAlias"), k.AMIAlias,
			"must be al2023@ or bottlerocket@ and a version, such as "+DefaultAMIAlias+" or bottlerocket@1.54.0"))
	}
	errs = append(errs, validateDiskSize(path.Child("diskSizeGiB"), k.DiskSizeGiB)...)
	return append(errs, each(path.Child("nodePools"), k.NodePools, NodePool.validate)...)
}

func (p NodePool) validate(path *field.Path) field.ErrorList {
	errs := among(path.Child("capacityTypes"), p.CapacityTypes, capacityTypes)
	errs = append(errs, among(path.Child("architectures"), p.Architectures, architectures)...)
	for i, c := range p.InstanceCategories {
		if !instanceCategory.MatchString(c) {
			errs = append(errs, field.Invalid(path.Child("instanceCategories").Index(i), c, "must be the letters that a family begins with, such as m"))
		}
	}
	if p.MinGeneration < 1 || p.MinGeneration > 99 {
		errs = append(errs, field.Invalid(path.Child("minGeneration"), p.MinGeneration, "must be a generation of instances, such as 6"))
	}
	for i, z := range p.Zones {
		if !zoneName.MatchString(z) {
			errs = append(errs, field.Invalid(path.Child("zones").Index(i), z, "must be an availability zone, such as us-east-1a"))
		}
	}
	errs = append(errs, validateQuantity(path.Child("cpuLimit"), p.CPULimit, "100")...)
	errs = append(errs, validateQuantity(path.Child("memoryLimit"), p.MemoryLimit, "400Gi")...)
	if p.Weight < 0 || p.Weight > 100 {
		errs = append(errs, field.Invalid(path.Child("weight"), p.Weight, "must be 1 to 100, or 0 for none"))
	}
	errs = append(errs, validateLabels(path.Child("labels"), p.Labels)...)
	for _, key := range slices.Sorted(maps.Keys(p.Labels)) {
		domain, _, qualified := strings.Cut(key, "/")
		if qualified && slices.ContainsFunc(ownLabelDomains, func(d string) bool { return domain == d || strings.HasSuffix(domain, "."+d) }) {
			errs = append(errs, field.Forbidden(path.Child("labels").Key(key), "is in a domain of Kubernetes or Karpenter, which set such labels themselves; take another domain"))
		}
	}
	errs = append(errs, validateTaints(path.Child("taints"), p.Taints)...)
	for _, d := range []struct {
		name, value string
		never       bool
	}{{"consolidateAfter", p.ConsolidateAfter, true}, {"expireAfter", p.ExpireAfter, true}, {"drainTimeout", p.DrainTimeout, false}} {
		if !karpenterDuration.MatchString(d.value) && !(d.never && d.value == "Never") {
			errs = append(errs, field.Invalid(path.Child(d.name), d.value, "must be a duration in hours, minutes and seconds, such as 1h30m"))
		}
	}
	for i, budget := range p.DisruptionBudgets {
		errs = append(errs, budget.validate(path.Child("disruptionBudgets").Index(i))...)
	}
	return errs
}

func (d DisruptionBudget) validate(path *field.Path) field.ErrorList {
	var errs field.ErrorList
	if !budgetNodes.MatchString(d.Nodes) {
		errs = append(errs, field.Invalid(path.Child("nodes"), d.Nodes, "must be a number of nodes or a percentage, such as 2 or 10%"))
	}
	errs = append(errs, among(path.Child("reasons"), d.Reasons, disruptionReasons)...)
	if (d.Schedule == "") != (d.Duration == "") {
		errs = append(errs, field.Invalid(path.Child("schedule"), d.Schedule, "must be given together with duration"))
	}
	if d.Schedule != "" && !cronExpression.MatchString(d.Schedule) {
		errs = append(errs, field.Invalid(path.Child("schedule"), d.Schedule, "must be a cron expression of five fields, such as 0 8 * * 1-5"))
	}
	if d.Duration != "" && !budgetDuration.MatchString(d.Duration) {
		errs = append(errs, field.Invalid(path.Child("duration"), d.Duration, "must be a duration in hours and minutes, such as 8h"))
	}
	return errs
}

// effects are Kubernetes' words for the effects of taints, by those of EKS.
var effects = map[string]string{"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}

// spec is the pool as Karpenter's NodePool has it (karpenter.sh/v1).
func (p NodePool) spec(nodeClass string) map[string]any {
	in := func(key string, values []string) map[string]any {
		return map[string]any{"key": key, "operator": "In", "values": values}
	}
	requirements := []map[string]any{
		in("karpenter.sh/capacity-type", p.CapacityTypes),
		in("kubernetes.io/arch", p.Architectures),
		in("kubernetes.io/os", []string{"linux"}),
		in("karpenter.k8s.aws/instance-category", p.InstanceCategories),
		{"key": "karpenter.k8s.aws/instance-generation", "operator": "Gt", "values": []string{strconv.Itoa(p.MinGeneration - 1)}},
	}
	if len(p.Zones) > 0 {
		requirements = append(requirements, in("topology.kubernetes.io/zone", p.Zones))
	}
	node := map[string]any{
		"nodeClassRef":           map[string]any{"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": nodeClass},
		"requirements":           requirements,
		"expireAfter":            p.ExpireAfter,
		"terminationGracePeriod": p.DrainTimeout,
	}
	if len(p.Taints) > 0 {
		var taints []map[string]any
		for _, t := range p.Taints {
			taint := map[string]any{"key": t.Key, "effect": effects[t.Effect]}
			if t.Value != "" {
				taint["value"] = t.Value
			}
			taints = append(taints, taint)
		}
		node["taints"] = taints
	}
	template := map[string]any{"spec": node}
	if len(p.Labels) > 0 {
		template["metadata"] = map[string]any{"labels": p.Labels}
	}
	var budgets []map[string]any
	for _, d := range p.DisruptionBudgets {
		budget := map[string]any{"nodes": d.Nodes}
		if len(d.Reasons) > 0 {
			budget["reasons"] = d.Reasons
		}
		if d.Schedule != "" {
			budget["schedule"], budget["duration"] = d.Schedule, d.Duration
		}
		budgets = append(budgets, budget)
	}
	spec := map[string]any{
		"template": template,
		"disruption": map[string]any{
			"consolidationPolicy": "WhenEmptyOrUnderutilized", "consolidateAfter": p.ConsolidateAfter, "budgets": budgets,
		},
		"limits": map[string]any{"cpu": p.CPULimit, "memory": p.MemoryLimit},
	}
	if p.Weight > 0 {
		spec["weight"] = p.Weight
	}
	return spec
}

// deleteTimeout is how long the deletion of a pool may take: as long as its nodes
// may drain, and a quarter of an hour for the instances to go.
func (p NodePool) deleteTimeout() string {
	drain, err := time.ParseDuration(p.DrainTimeout)
	if err != nil { // validated
		panic(fmt.Sprintf("drain timeout %q: %v", p.DrainTimeout, err))
	}
	return (drain + 15*time.Minute).String()
}
