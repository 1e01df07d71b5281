package rollout_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tandem-platform/tandem/resilience/rollout"
)

const (
	deploymentType = "kubernetes:apps/v1:Deployment"
	scalerType     = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
	budgetType     = "kubernetes:policy/v1:PodDisruptionBudget"
	namespaceType  = "kubernetes:core/v1:Namespace"
	groupType      = "aws:lb/targetGroup:TargetGroup"
	ruleType       = "aws:lb/listenerRule:ListenerRule"
	nodeGroupType  = "aws:eks/nodeGroup:NodeGroup"
	balancerType   = "aws:lb/loadBalancer:LoadBalancer"
)

// state is an exported state that tests change: the one of the platform's web
// service, as the home stack exported it, with what belongs to it.
type state struct {
	Deployment struct {
		Resources []map[string]any `json:"resources"`
	} `json:"deployment"`
}

func newState(t testing.TB) *state {
	t.Helper()
	text, err := os.ReadFile("testdata/web.json")
	require.NoError(t, err)
	s := &state{}
	require.NoError(t, json.Unmarshal(text, s))
	return s
}

// set sets an output of every resource of a type; nil takes it away.
func (s *state) set(typ, path string, value any) {
	for _, r := range s.Deployment.Resources {
		if r["type"] != typ {
			continue
		}
		at := r["outputs"].(map[string]any)
		keys := strings.Split(path, "/")
		for _, key := range keys[:len(keys)-1] {
			switch next := at[key].(type) {
			case map[string]any:
				at = next
			case []any:
				at = next[0].(map[string]any)
			default:
				next2 := map[string]any{}
				at[key] = next2
				at = next2
			}
		}
		if last := keys[len(keys)-1]; value == nil {
			delete(at, last)
		} else {
			at[last] = value
		}
	}
}

// remove takes all resources of a type away.
func (s *state) remove(typ string) {
	var left []map[string]any
	for _, r := range s.Deployment.Resources {
		if r["type"] != typ {
			left = append(left, r)
		}
	}
	s.Deployment.Resources = left
}

func (s *state) export(t testing.TB) []byte {
	t.Helper()
	text, err := json.Marshal(s)
	require.NoError(t, err)
	return text
}

func (s *state) service(t testing.TB) *rollout.Service {
	t.Helper()
	services, err := rollout.Read(s.export(t))
	require.NoError(t, err)
	require.Len(t, services, 1)
	return services[0]
}

func (s *state) simulate(t testing.TB, scenario rollout.Scenario) *rollout.Report {
	t.Helper()
	r, err := rollout.Simulate(s.service(t), scenario, rollout.Load{}, rollout.DefaultTimings(), 1)
	require.NoError(t, err)
	return r
}

// nodeSubnets are the subnets of the nodes.
func (s *state) nodeSubnets() []any {
	for _, r := range s.Deployment.Resources {
		if r["type"] == nodeGroupType {
			return r["outputs"].(map[string]any)["subnetIds"].([]any)
		}
	}
	return nil
}

const container = "spec/template/spec/containers/"

func TestARollingUpdateLosesNoRequest(t *testing.T) {
	r := newState(t).simulate(t, rollout.RollingUpdate)
	require.True(t, r.Done)
	require.Zero(t, r.Failed, r)
	require.Zero(t, r.Lost, r)
	require.Equal(t, 3, r.MinReady, "never fewer pods than before")
	require.GreaterOrEqual(t, r.MinCapacityPercent, 100)
	require.Greater(t, r.Requests, 10_000)
}

func TestADrainOfAllNodesLosesNoRequest(t *testing.T) {
	r := newState(t).simulate(t, rollout.NodeDrain)
	require.True(t, r.Done)
	require.Zero(t, r.Failed, r)
	require.GreaterOrEqual(t, r.MinCapacityPercent, 100)
}

// Requests that were on their way to the lost zone fail, and some fail twice, for
// as long as the load balancer takes to see it. The pods that are left can do
// the rest.
func TestALostZoneLeavesEnoughCapacity(t *testing.T) {
	r := newState(t).simulate(t, rollout.ZoneLoss)
	require.True(t, r.Done)
	require.GreaterOrEqual(t, r.MinCapacityPercent, 100, r)
	require.Zero(t, r.Causes[rollout.Overloaded], r)
	require.Less(t, float64(r.Lost), 0.05*float64(r.Requests), r)
	last := r.Timeline[len(r.Timeline)-1]
	require.Zero(t, last.Failed)
	require.GreaterOrEqual(t, last.Ready, 3)
}

// Each of these settings loses requests that the platform's own do not.
func TestBadSettingsLoseRequests(t *testing.T) {
	for name, c := range map[string]struct {
		change   func(*state)
		scenario rollout.Scenario
		cause    rollout.Cause
	}{
		"no preStop": {
			func(s *state) { s.set(deploymentType, container+"lifecycle", nil) },
			rollout.RollingUpdate, rollout.Refused,
		},
		"a drain shorter than deregistration takes": {
			func(s *state) { s.set(deploymentType, container+"lifecycle/preStop/sleep/seconds", 5) },
			rollout.RollingUpdate, rollout.Refused,
		},
		"a grace period shorter than the drain": {
			func(s *state) { s.set(deploymentType, "spec/template/spec/terminationGracePeriodSeconds", 5) },
			rollout.RollingUpdate, rollout.Refused,
		},
		"a deregistration delay shorter than requests": {
			func(s *state) { s.set(groupType, "deregistrationDelay", 5) },
			rollout.RollingUpdate, rollout.CutOff,
		},
		"one pod of which one may be missing": {
			func(s *state) {
				s.set(scalerType, "spec/minReplicas", 1)
				s.set(deploymentType, "spec/strategy/rollingUpdate/maxUnavailable", 1)
			},
			rollout.RollingUpdate, rollout.NoTarget,
		},
		"all pods recreated": {
			func(s *state) { s.set(deploymentType, "spec/strategy", map[string]any{"type": "Recreate"}) },
			rollout.RollingUpdate, rollout.NoTarget,
		},
		"all pods in one zone": {
			func(s *state) { s.set(nodeGroupType, "subnetIds", s.nodeSubnets()[:1]) },
			rollout.ZoneLoss, rollout.Unreachable,
		},
		"pods too busy to take a lost zone's part": {
			func(s *state) {
				for _, r := range s.Deployment.Resources {
					if r["type"] == scalerType {
						metric := r["outputs"].(map[string]any)["spec"].(map[string]any)["metrics"].([]any)[0].(map[string]any)
						metric["resource"].(map[string]any)["target"].(map[string]any)["averageUtilization"] = 90
					}
				}
			},
			rollout.ZoneLoss, rollout.Overloaded,
		},
		"no disruption budget": {
			func(s *state) { s.remove(budgetType) },
			rollout.NodeDrain, rollout.NoTarget,
		},
	} {
		t.Run(name, func(t *testing.T) {
			good, bad := newState(t), newState(t)
			c.change(bad)
			require.Zero(t, good.simulate(t, c.scenario).Causes[rollout.NoTarget])
			r := bad.simulate(t, c.scenario)
			require.Positive(t, r.Lost, r)
			require.Greater(t, r.Lost, good.simulate(t, c.scenario).Lost, r)
			require.Greater(t, r.Causes[c.cause], good.simulate(t, c.scenario).Causes[c.cause], r)
		})
	}
}

// A zone that is lost must not count as one that is merely empty.
func TestLostNodesThatCountHoldTheirPodsBack(t *testing.T) {
	s := newState(t)
	constraints := func(set func(map[string]any)) {
		for _, r := range s.Deployment.Resources {
			if r["type"] == deploymentType {
				pod := r["outputs"].(map[string]any)["spec"].(map[string]any)["template"].(map[string]any)["spec"].(map[string]any)
				set(pod["topologySpreadConstraints"].([]any)[0].(map[string]any))
			}
		}
	}
	constraints(func(c map[string]any) { c["nodeTaintsPolicy"] = "Ignore" })
	require.False(t, s.simulate(t, rollout.ZoneLoss).Done)
	constraints(func(c map[string]any) { c["whenUnsatisfiable"] = "ScheduleAnyway" })
	require.True(t, s.simulate(t, rollout.ZoneLoss).Done)
}

func TestPodsOfALostNodeAreReplacedWhenItHasBeenPutUpWithForLongEnough(t *testing.T) {
	own := newState(t).simulate(t, rollout.ZoneLoss)
	s := newState(t)
	s.set(deploymentType, "spec/template/spec/tolerations", nil) // Kubernetes has 300 s then
	require.Greater(t, s.simulate(t, rollout.ZoneLoss).Seconds, own.Seconds+200)
}

// A container that takes half a minute to serve is found out by its probes, or by
// the load balancer for the gate. Without both, the old pods go too early.
func TestPodsThatStartSlowlyNeedProbesOrAGate(t *testing.T) {
	slowly := rollout.DefaultTimings()
	slowly.AppStart = rollout.Range{Least: 25, Most: 40}
	simulate := func(s *state) *rollout.Report {
		r, err := rollout.Simulate(s.service(t), rollout.RollingUpdate, rollout.Load{}, slowly, 1)
		require.NoError(t, err)
		return r
	}
	s := newState(t)
	require.Zero(t, simulate(s).Failed)
	s.set(namespaceType, "metadata/labels", nil) // the gate
	require.Zero(t, simulate(s).Failed)
	s.set(deploymentType, container+"startupProbe", nil)
	s.set(deploymentType, container+"readinessProbe", nil)
	s.set(deploymentType, "spec/minReadySeconds", nil)
	r := simulate(s)
	require.Positive(t, r.Lost, r)
	require.Positive(t, r.Causes[rollout.Refused], r)
}

// The readiness gate alone keeps the old pods until the load balancer uses new
// ones, however early these say that they are ready.
func TestTheReadinessGateStandsInForProbes(t *testing.T) {
	s := newState(t)
	s.set(deploymentType, container+"startupProbe", nil)
	s.set(deploymentType, container+"readinessProbe", nil)
	require.Zero(t, s.simulate(t, rollout.RollingUpdate).Lost)
}

func TestASurgeOfAllPodsLosesNothingWhereTheyAreFoundHealthyFirst(t *testing.T) {
	s := newState(t)
	s.set(deploymentType, "spec/strategy/rollingUpdate/maxSurge", "100%")
	require.Zero(t, s.simulate(t, rollout.RollingUpdate).Failed)
}

func TestTheSameSeedGivesTheSameReport(t *testing.T) {
	s := newState(t).service(t)
	for _, scenario := range rollout.Scenarios {
		var first *rollout.Report
		for range 3 {
			r, err := rollout.Simulate(s, scenario, rollout.Load{}, rollout.DefaultTimings(), 7)
			require.NoError(t, err)
			if first == nil {
				first = r
			}
			require.Equal(t, first, r)
		}
	}
}

// Whatever the timings draw, and however many pods there are.
func TestNoSeedLosesARequestInARollingUpdateOrADrain(t *testing.T) {
	s := newState(t).service(t)
	rapid.Check(t, func(t *rapid.T) {
		one := *s
		one.Replicas = rapid.IntRange(2, 12).Draw(t, "replicas")
		one.MaxReplicas = 20
		scenario := rapid.SampledFrom([]rollout.Scenario{rollout.RollingUpdate, rollout.NodeDrain}).Draw(t, "scenario")
		load := rollout.Load{PodRequestsPerSecond: 10}
		if one.Replicas == 2 { // one of them has to be able to do all of it while the other moves
			load.RequestsPerSecond = 9
		}
		r, err := rollout.Simulate(&one, scenario, load, rollout.DefaultTimings(), rapid.Uint64().Draw(t, "seed"))
		require.NoError(t, err)
		require.True(t, r.Done)
		require.Zero(t, r.Failed, r)
	})
}

func TestEveryRequestIsServedOrLost(t *testing.T) {
	s := newState(t).service(t)
	rapid.Check(t, func(t *rapid.T) {
		one := *s
		one.PreStop = float64(rapid.IntRange(0, 40).Draw(t, "preStop"))
		one.Replicas = rapid.IntRange(1, 5).Draw(t, "replicas")
		one.Gate = rapid.Bool().Draw(t, "gate")
		r, err := rollout.Simulate(&one, rapid.SampledFrom(rollout.Scenarios).Draw(t, "scenario"),
			rollout.Load{PodRequestsPerSecond: 5, Attempts: rapid.IntRange(1, 3).Draw(t, "attempts")}, rollout.DefaultTimings(), rapid.Uint64().Draw(t, "seed"))
		require.NoError(t, err)
		require.Equal(t, r.Requests, r.Served+r.Lost)
		require.Equal(t, r.Failed, r.Lost+r.Retried, r)
		sum := 0
		for _, n := range r.Causes {
			sum += n
		}
		require.Equal(t, r.Failed, sum)
		require.LessOrEqual(t, r.Retried, r.Failed)
	})
}

func TestATrackWithoutWeightGetsNoRequests(t *testing.T) {
	s := newState(t)
	for _, r := range s.Deployment.Resources {
		if r["type"] == ruleType {
			r["outputs"].(map[string]any)["actions"] = []any{map[string]any{"type": "forward", "forward": map[string]any{"targetGroups": []any{
				map[string]any{"arn": s.service(t).Name, "weight": 100}, map[string]any{"arn": groupOf(s), "weight": 0},
			}}}}
		}
	}
	require.Zero(t, s.service(t).Weight)
	require.Zero(t, s.simulate(t, rollout.RollingUpdate).Requests)
}

func groupOf(s *state) any {
	for _, r := range s.Deployment.Resources {
		if r["type"] == groupType {
			return r["id"]
		}
	}
	return nil
}

func TestTheRuleThatIsAskedFirstDecidesTheWeight(t *testing.T) {
	s := newState(t)
	first := map[string]any{"type": ruleType, "id": "first", "outputs": map[string]any{"priority": 9, "actions": []any{
		map[string]any{"type": "forward", "forward": map[string]any{"targetGroups": []any{
			map[string]any{"arn": groupOf(s), "weight": 90.0}, map[string]any{"arn": "other", "weight": 10.0},
		}}},
	}}}
	s.Deployment.Resources = append(s.Deployment.Resources, first)
	require.InDelta(t, 0.9, s.service(t).Weight, 1e-9)
}

func TestWhatKubernetesDoesWhereTheStateSaysNothing(t *testing.T) {
	s := newState(t)
	for _, path := range []string{"spec/strategy", container + "lifecycle", "spec/template/spec/terminationGracePeriodSeconds", "spec/template/spec/tolerations"} {
		s.set(deploymentType, path, nil)
	}
	s.set(groupType, "healthCheck", nil)
	s.set(groupType, "deregistrationDelay", nil)
	service := s.service(t)
	require.Equal(t, "25%", service.MaxSurge.String())
	require.Equal(t, "25%", service.MaxUnavailable.String())
	require.Zero(t, service.PreStop)
	require.InDelta(t, 30, service.Grace, 0)
	require.InDelta(t, 300, service.LostNode, 0)
	require.Equal(t, rollout.TargetGroup{DeregistrationDelay: 300, Interval: 30, Timeout: 5, Unhealthy: 2}, service.Group)
}

func TestAStateThatCannotBeUsedIsRefused(t *testing.T) {
	_, err := rollout.Read([]byte("{"))
	require.ErrorContains(t, err, "reading the state")
	_, err = rollout.Read([]byte("{}"))
	require.ErrorContains(t, err, "the state has no Deployment whose pods join a target group")

	s := newState(t)
	s.remove(groupType)
	_, err = rollout.Read(s.export(t))
	require.ErrorContains(t, err, "web/web: the state has no target group arn:aws:elasticloadbalancing:us-east-1:")

	s = newState(t)
	s.remove(balancerType)
	_, err = rollout.Simulate(s.service(t), rollout.ZoneLoss, rollout.Load{}, rollout.DefaultTimings(), 1)
	require.ErrorContains(t, err, "web/web: the state has no load balancer, so nothing is known of its zones")
	s.remove(nodeGroupType)
	_, err = rollout.Simulate(s.service(t), rollout.ZoneLoss, rollout.Load{}, rollout.DefaultTimings(), 1)
	require.ErrorContains(t, err, "web/web: the state has no node group, so nothing is known of its zones")
	_, err = rollout.Simulate(newState(t).service(t), "flood", rollout.Load{}, rollout.DefaultTimings(), 1)
	require.ErrorContains(t, err, `no scenario "flood"`)
}
