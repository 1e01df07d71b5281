package rollout

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// resource is one resource of an exported state.
type resource struct {
	Type    string         `json:"type"`
	ID      string         `json:"id"`
	Delete  bool           `json:"delete"`
	Outputs map[string]any `json:"outputs"`
}

// Read returns the services of an exported state, the text that `pulumi stack
// export` writes, in the order of their names: every Deployment whose pods join a
// target group.
func Read(export []byte) ([]*Service, error) {
	var state struct {
		Deployment struct {
			Resources []resource `json:"resources"`
		} `json:"deployment"`
	}
	if err := json.Unmarshal(export, &state); err != nil {
		return nil, fmt.Errorf("reading the state: %w", err)
	}
	r := &reader{byType: map[string][]resource{}}
	for _, one := range state.Deployment.Resources {
		if !one.Delete { // what an update is about to take away
			one.Outputs, _ = withoutSecrets(one.Outputs).(map[string]any)
			r.byType[one.Type] = append(r.byType[one.Type], one)
		}
	}
	services, err := r.services()
	if err == nil && len(services) == 0 {
		err = errors.New("the state has no Deployment whose pods join a target group")
	}
	slices.SortFunc(services, func(a, b *Service) int { return strings.Compare(a.Name, b.Name) })
	return services, err
}

// secretSignature marks secrets in a state, which are encrypted and which no
// setting depends on.
const secretSignature = "4dabf18193072939515e22adb298388d"

// withoutSecrets puts empty text in the place of secrets.
func withoutSecrets(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if v[secretSignature] != nil {
			return ""
		}
		for k, e := range v {
			v[k] = withoutSecrets(e)
		}
	case []any:
		for i, e := range v {
			v[i] = withoutSecrets(e)
		}
	}
	return v
}

type reader struct{ byType map[string][]resource }

// typed decodes the outputs of all resources of a type.
func typed[T any](r *reader, typ string) ([]T, error) {
	var all []T
	for _, one := range r.byType[typ] {
		text, err := json.Marshal(one.Outputs)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", one.ID, err)
		}
		var t T
		if err := json.Unmarshal(text, &t); err != nil {
			return nil, fmt.Errorf("reading %s: %w", one.ID, err)
		}
		all = append(all, t)
	}
	return all, nil
}

// binding is a TargetGroupBinding.
type binding struct {
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		TargetGroupARN string `json:"targetGroupARN"`
		ServiceRef     struct {
			Name string `json:"name"`
		} `json:"serviceRef"`
	} `json:"spec"`
}

func (r *reader) services() ([]*Service, error) {
	deployments, err1 := typed[appsv1.Deployment](r, "kubernetes:apps/v1:Deployment")
	bindings, err2 := typed[binding](r, "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding")
	objects, err3 := typed[corev1.Service](r, "kubernetes:core/v1:Service")
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	zoneOf := map[any]string{} // by the id of a subnet
	for _, s := range r.byType["aws:ec2/subnet:Subnet"] {
		zoneOf[s.ID], _ = s.Outputs["availabilityZone"].(string)
	}
	zones, err := r.zones(zoneOf)
	if err != nil {
		return nil, err
	}
	var services []*Service
	for _, d := range deployments {
		for _, b := range bindings {
			i := slices.IndexFunc(objects, func(s corev1.Service) bool {
				return b.Namespace == d.Namespace && s.Namespace == d.Namespace && s.Name == b.Spec.ServiceRef.Name &&
					len(s.Spec.Selector) > 0 && labels.SelectorFromSet(s.Spec.Selector).Matches(labels.Set(d.Spec.Template.Labels))
			})
			if i < 0 {
				continue
			}
			s, err := r.service(&d, b.Spec.TargetGroupARN)
			if err != nil {
				return nil, fmt.Errorf("%s/%s: %w", d.Namespace, d.Name, err)
			}
			s.Zones, s.BalancerZones = zones, r.balancerZones(zoneOf)
			services = append(services, s)
			break
		}
	}
	return services, nil
}

// service joins what belongs to a Deployment.
func (r *reader) service(d *appsv1.Deployment, group string) (*Service, error) {
	s := &Service{Name: d.Namespace + "/" + d.Name, Replicas: 1, Weight: r.weight(group)}
	if d.Spec.Replicas != nil {
		s.Replicas = int(*d.Spec.Replicas)
	}
	s.MaxReplicas = s.Replicas
	s.rollout(d)
	s.pod(&d.Spec.Template.Spec)
	for _, step := range []func() error{
		func() error { return r.scaler(s, d) },
		func() error { return r.budget(s, d) },
		func() error { return r.gate(s, d.Namespace) },
		func() error { return r.group(s, group) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// rollout reads the strategy. Where it says nothing, Kubernetes has 25 % for
// both bounds.
func (s *Service) rollout(d *appsv1.Deployment) {
	s.MinReady = float64(d.Spec.MinReadySeconds)
	s.Recreate = d.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType
	s.MaxSurge = Amount{Percent: 25, IsPercent: true, roundingUp: true}
	s.MaxUnavailable = Amount{Percent: 25, IsPercent: true}
	if u := d.Spec.Strategy.RollingUpdate; u != nil {
		if u.MaxSurge != nil {
			s.MaxSurge = amount(*u.MaxSurge, true)
		}
		if u.MaxUnavailable != nil {
			s.MaxUnavailable = amount(*u.MaxUnavailable, false)
		}
	}
}

func amount(v intstr.IntOrString, up bool) Amount {
	if v.Type == intstr.Int {
		return Amount{Pods: v.IntValue()}
	}
	n, _ := strconv.Atoi(strings.TrimSuffix(v.StrVal, "%"))
	return Amount{Percent: n, IsPercent: true, roundingUp: up}
}

// pod reads what decides over the life of a pod. Where it says nothing,
// Kubernetes has a grace period of 30 s, and lets pods stay on a lost node for 300.
func (s *Service) pod(p *corev1.PodSpec) {
	s.Grace = 30
	if p.TerminationGracePeriodSeconds != nil {
		s.Grace = float64(*p.TerminationGracePeriodSeconds)
	}
	if len(p.Containers) > 0 {
		c := p.Containers[0]
		s.Startup, s.Readiness = probe(c.StartupProbe), probe(c.ReadinessProbe)
		if c.Lifecycle != nil && c.Lifecycle.PreStop != nil {
			s.PreStop = sleep(c.Lifecycle.PreStop)
		}
	}
	s.LostNode = 300
	for _, t := range p.Tolerations {
		if t.Key == "node.kubernetes.io/unreachable" && t.TolerationSeconds != nil {
			s.LostNode = float64(*t.TolerationSeconds)
		}
	}
	for _, c := range p.TopologySpreadConstraints {
		if c.TopologyKey != "topology.kubernetes.io/zone" {
			continue
		}
		s.ZoneSpread = c.WhenUnsatisfiable == corev1.DoNotSchedule
		s.ZonePrefer = !s.ZoneSpread
		s.HonorTaints = c.NodeTaintsPolicy != nil && *c.NodeTaintsPolicy == corev1.NodeInclusionPolicyHonor
	}
}

func probe(p *corev1.Probe) *Probe {
	if p == nil {
		return nil
	}
	return &Probe{
		InitialDelay: float64(p.InitialDelaySeconds), Period: max(1, orDefault(float64(p.PeriodSeconds), 10)), Success: max(1, int(p.SuccessThreshold)),
	}
}

func orDefault(v, d float64) float64 {
	if v == 0 {
		return d
	}
	return v
}

// sleep is how long a hook waits: the kubelet's own sleep, or the command's.
func sleep(h *corev1.LifecycleHandler) float64 {
	if h.Sleep != nil {
		return float64(h.Sleep.Seconds)
	}
	if h.Exec != nil {
		words := strings.Fields(strings.Join(h.Exec.Command, " "))
		if i := slices.Index(words, "sleep"); i >= 0 && i+1 < len(words) {
			n, _ := strconv.ParseFloat(words[i+1], 64)
			return n
		}
	}
	return 0
}

func (r *reader) scaler(s *Service, d *appsv1.Deployment) error {
	scalers, err := typed[autoscalingv2.HorizontalPodAutoscaler](r, "kubernetes:autoscaling/v2:HorizontalPodAutoscaler")
	for _, h := range scalers {
		if h.Namespace != d.Namespace || h.Spec.ScaleTargetRef.Name != d.Name {
			continue
		}
		s.MaxReplicas, s.Replicas = int(h.Spec.MaxReplicas), 1
		if h.Spec.MinReplicas != nil {
			s.Replicas = int(*h.Spec.MinReplicas)
		}
		for _, m := range h.Spec.Metrics {
			if m.Resource != nil && m.Resource.Name == corev1.ResourceCPU && m.Resource.Target.AverageUtilization != nil {
				s.TargetUtilization = float64(*m.Resource.Target.AverageUtilization) / 100
			}
		}
	}
	return err
}

func (r *reader) budget(s *Service, d *appsv1.Deployment) error {
	budgets, err := typed[policyv1.PodDisruptionBudget](r, "kubernetes:policy/v1:PodDisruptionBudget")
	if err != nil {
		return err
	}
	for _, b := range budgets {
		selector, err := metav1.LabelSelectorAsSelector(b.Spec.Selector)
		if err != nil {
			return err
		}
		if b.Namespace != d.Namespace || !selector.Matches(labels.Set(d.Spec.Template.Labels)) {
			continue
		}
		s.Budget = &Budget{}
		for _, bound := range []struct {
			from *intstr.IntOrString
			to   **Amount
		}{{b.Spec.MinAvailable, &s.Budget.MinAvailable}, {b.Spec.MaxUnavailable, &s.Budget.MaxUnavailable}} {
			if bound.from != nil {
				a := amount(*bound.from, true)
				*bound.to = &a
			}
		}
	}
	return nil
}

// gate reads whether the controller's webhook gives pods a readiness gate: it
// does where the namespace's label asks for it.
func (r *reader) gate(s *Service, namespace string) error {
	namespaces, err := typed[corev1.Namespace](r, "kubernetes:core/v1:Namespace")
	for _, n := range namespaces {
		if n.Name == namespace {
			s.Gate = n.Labels["elbv2.k8s.aws/pod-readiness-gate-inject"] == "enabled"
		}
	}
	return err
}

// group reads the target group. Where it says nothing, Elastic Load Balancing has
// a deregistration delay of 300 s, and health checks every 30 s of 5 s each, two
// of which fail.
func (r *reader) group(s *Service, arn string) error {
	for _, g := range r.byType["aws:lb/targetGroup:TargetGroup"] {
		if g.ID != arn {
			continue
		}
		check, _ := g.Outputs["healthCheck"].(map[string]any)
		s.Group = TargetGroup{
			DeregistrationDelay: number(g.Outputs["deregistrationDelay"], 300),
			Interval:            number(check["interval"], 30),
			Timeout:             number(check["timeout"], 5),
			Unhealthy:           int(number(check["unhealthyThreshold"], 2)),
		}
		return nil
	}
	return fmt.Errorf("the state has no target group %s", arn)
}

// number reads a number that a provider may write as text.
func number(v any, otherwise float64) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case string:
		if n, err := strconv.ParseFloat(v, 64); err == nil {
			return n
		}
	}
	return otherwise
}

// weight is the part of the requests that the first rule sends to a target group
// that names it.
func (r *reader) weight(group string) float64 {
	first, weight := math.Inf(1), 0.0
	for _, rule := range r.byType["aws:lb/listenerRule:ListenerRule"] {
		priority := number(rule.Outputs["priority"], math.MaxInt32)
		actions, _ := rule.Outputs["actions"].([]any)
		for _, a := range actions {
			action, _ := a.(map[string]any)
			share, named := shareOf(action, group)
			if named && priority < first {
				first, weight = priority, share
			}
		}
	}
	return weight
}

// shareOf is the part of a forward that goes to a target group.
func shareOf(action map[string]any, group string) (share float64, named bool) {
	if action["targetGroupArn"] == group {
		return 1, true
	}
	forward, _ := action["forward"].(map[string]any)
	groups, _ := forward["targetGroups"].([]any)
	sum, own := 0.0, 0.0
	for _, g := range groups {
		one, _ := g.(map[string]any)
		weight := number(one["weight"], 1)
		sum += weight
		if one["arn"] == group {
			own, named = weight, true
		}
	}
	if sum > 0 {
		share = own / sum
	}
	return share, named
}

// zones are those of the node groups' subnets, with their nodes spread evenly.
func (r *reader) zones(zoneOf map[any]string) ([]Zone, error) {
	nodes := map[string]int{}
	for _, g := range r.byType["aws:eks/nodeGroup:NodeGroup"] {
		names := zonesOf(g.Outputs["subnetIds"], zoneOf)
		if len(names) == 0 {
			return nil, fmt.Errorf("the state has no subnet of the node group %s", g.ID)
		}
		scaling, _ := g.Outputs["scalingConfig"].(map[string]any)
		for i := range int(max(number(scaling["minSize"], 1), 1)) {
			nodes[names[i%len(names)]]++
		}
	}
	var zones []Zone
	for name, n := range nodes {
		zones = append(zones, Zone{name, n})
	}
	slices.SortFunc(zones, func(a, b Zone) int { return strings.Compare(a.Name, b.Name) })
	return zones, nil
}

// zonesOf are the zones of subnets, sorted.
func zonesOf(subnets any, zoneOf map[any]string) []string {
	ids, _ := subnets.([]any)
	var names []string
	for _, id := range ids {
		if name := zoneOf[id]; name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// balancerZones are the zones of the application load balancer of the state.
func (r *reader) balancerZones(zoneOf map[any]string) []string {
	for _, b := range r.byType["aws:lb/loadBalancer:LoadBalancer"] {
		if zones := zonesOf(b.Outputs["subnets"], zoneOf); len(zones) > 0 {
			return zones
		}
	}
	return nil
}
