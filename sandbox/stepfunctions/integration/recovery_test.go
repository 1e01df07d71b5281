package integration_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tandem-platform/tandem/sandbox/stepfunctions"
)

const (
	failover = `{"mode":"failover","force":false,"reason":"a test"}`
	force    = `{"mode":"failover","force":true,"reason":"a test"}`
)

// ends runs everything to its end, and demands a status.
func (p *platform) ends(x *stepfunctions.Execution, want stepfunctions.Status) {
	p.Helper()
	p.Clock.RunAll()
	if x.Status != want {
		p.Fatalf("%s (%v) by %s, want %s", x.Status, x.Failure, strings.Join(x.Path(), " "), want)
	}
}

func passed(x *stepfunctions.Execution, state string) bool {
	_, ok := x.Entered(state)
	return ok
}

func TestALostRegionIsTakenOverFrom(t *testing.T) {
	p := newPlatform(t)
	p.loseHome()
	x := p.start("takeover-standby", standby, failover)
	p.ends(x, stepfunctions.Succeeded)
	if p.writer() != standby || !p.takenOver() || p.lease("prod-west") != "active" || !p.said("Takeover done") {
		t.Errorf("writer %s, taken over %t, lease %s, by %v", p.writer(), p.takenOver(), p.lease("prod-west"), x.Path())
	}
	if p.desired() != 6.0 {
		t.Errorf("%v nodes, want 6", p.desired())
	}
	flipped, _ := x.Entered("FlipRouting")
	promoted, _ := x.Entered("Promote")
	if wait := promoted.Sub(flipped); wait < 100*time.Second {
		t.Errorf("promoted %s after clients were led away, before resolvers have forgotten", wait)
	}
}

func TestARegionThatAnswersIsLeftAlone(t *testing.T) {
	p := newPlatform(t)
	p.alarms["prod-west-replication"] = "ALARM"
	p.ends(p.start("takeover-standby", standby, failover), stepfunctions.Failed)
	if p.writer() != home || p.takenOver() || !p.said("Takeover refused") {
		t.Error("it was taken over from")
	}
}

func TestInDoubtAPersonDecides(t *testing.T) {
	for name, c := range map[string]struct {
		answer any
		want   stepfunctions.Status
		writer string
	}{
		"approves":       {map[string]any{"approved": true}, stepfunctions.Succeeded, standby},
		"refuses":        {map[string]any{"approved": false}, stepfunctions.Failed, home},
		"says something": {map[string]any{"other": 1}, stepfunctions.Failed, home},
		"says nothing":   {nil, stepfunctions.Failed, home},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t)
			p.silent["prod-east.tandem.example"] = true // and replication goes on
			p.answer = c.answer
			x := p.start("takeover-standby", standby, failover)
			p.ends(x, c.want)
			if !passed(x, "AskInDoubt") || p.writer() != c.writer || p.takenOver() != (c.writer == standby) {
				t.Errorf("writer %s, taken over %t, by %v", p.writer(), p.takenOver(), x.Path())
			}
		})
	}
}

func TestByPolicyAPersonApproves(t *testing.T) {
	for name, c := range map[string]struct {
		golden string
		answer any
		want   stepfunctions.Status
	}{
		"manual, approved":                {"takeover-manual", map[string]any{"approved": true}, stepfunctions.Succeeded},
		"manual, refused":                 {"takeover-manual", map[string]any{"approved": false}, stepfunctions.Failed},
		"manual, nobody answers":          {"takeover-manual", nil, stepfunctions.Failed},
		"automatic after a wait":          {"takeover-full", nil, stepfunctions.Succeeded},
		"automatic after a wait, refused": {"takeover-full", map[string]any{"approved": false}, stepfunctions.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t)
			p.loseHome()
			p.answer = c.answer
			p.ends(p.start(c.golden, standby, failover), c.want)
			if (p.writer() == standby) != (c.want == stepfunctions.Succeeded) {
				t.Errorf("the writer is %s", p.writer())
			}
		})
	}
}

// tasks are the Task states of a golden definition.
func (p *platform) tasks(golden, region string) (names []string) {
	p.Helper()
	text, err := os.ReadFile("../../../components/recovery/testdata/" + golden + ".asl.json")
	if err != nil {
		p.Fatal(err)
	}
	m, err := stepfunctions.Parse(string(text), region)
	if err != nil {
		p.Fatal(err)
	}
	m.Walk(func(name, kind, _ string) {
		if kind == "Task" {
			names = append(names, name)
		}
	})
	return names
}

// Whichever call fails, for good or by never answering: the machine ends, people
// hear of it, there is one writer, and clients are led away from home only where
// that is no longer it.
func TestEveryCallMayFail(t *testing.T) {
	for _, golden := range []string{"takeover-standby", "takeover-full"} {
		for _, state := range newPlatform(t).tasks(golden, standby) {
			for _, how := range []string{"Injected.Exception", "States.Http.Socket", "silence"} {
				t.Run(golden+", "+state+", "+how, func(t *testing.T) {
					p := newPlatform(t)
					p.loseHome()
					p.fail[state] = how
					x := p.start(golden, standby, failover)
					p.Clock.RunAll()
					switch x.Status {
					case stepfunctions.Succeeded:
						if p.writer() != standby || !p.takenOver() {
							t.Errorf("it succeeded, but %s writes and taken over is %t: %v", p.writer(), p.takenOver(), x.Path())
						}
						if state != "NotifyDone" && !p.said("Takeover done") {
							t.Error("nobody was told")
						}
					case stepfunctions.Failed:
						if p.writer() == home && p.takenOver() && state != "UndoRouting" {
							t.Errorf("clients are led away from the writer: %v", x.Path())
						}
						if p.writer() == standby && !p.takenOver() {
							t.Errorf("clients are led to what is no writer: %v", x.Path())
						}
						if p.cut() {
							t.Errorf("the way to home is cut: %v", x.Path())
						}
						if !p.said("Takeover failed") && !p.said("Takeover refused") && state != "NotifyFailure" {
							t.Error("nobody was told")
						}
						if p.lease("prod-west") == "running" && state != "FailLease" {
							t.Errorf("the lease is held: %v", x.Path())
						}
					default:
						t.Errorf("%s: %v by %v", x.Status, x.Failure, x.Path())
					}
				})
			}
		}
	}
}

func TestAPromotionThatIsNotAllowedIsUndone(t *testing.T) {
	p := newPlatform(t)
	p.loseHome()
	if err := p.policies[standby].Update(props{"role": "prod-west-takeover", "policy": `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"rds:Failover*","Resource":"*"}]}`}); err != nil {
		t.Fatal(err)
	}
	x := p.start("takeover-standby", standby, failover)
	p.ends(x, stepfunctions.Failed)
	if p.writer() != home || p.takenOver() || !strings.Contains(x.Failure.Cause, "not authorized to perform: rds:FailoverGlobalCluster") {
		t.Errorf("writer %s, taken over %t: %v", p.writer(), p.takenOver(), x.Failure)
	}
}

func TestAStoppedPromotionEndsInTime(t *testing.T) {
	p := newPlatform(t)
	p.loseHome()
	p.promotion = 24 * time.Hour
	x := p.start("takeover-standby", standby, failover)
	p.Clock.Run(p.Clock.Now().Add(6 * time.Hour))
	if x.Status != stepfunctions.Failed || !strings.Contains(x.Failure.Cause, "no new writer") {
		t.Errorf("%s: %v", x.Status, x.Failure)
	}
}

func TestStartedTwiceItActsOnce(t *testing.T) {
	p := newPlatform(t)
	p.loseHome()
	first := p.start("takeover-standby", standby, failover)
	second := p.start("takeover-standby", standby, failover)
	p.ends(first, stepfunctions.Succeeded)
	p.ends(second, stepfunctions.Succeeded)
	if passed(first, "Promote") == passed(second, "Promote") || len(p.writers) != 1 {
		t.Errorf("%d promotions: %v and %v", len(p.writers), first.Path(), second.Path())
	}
	third := p.start("takeover-standby", standby, failover)
	p.ends(third, stepfunctions.Succeeded)
	if !passed(third, "AlreadyWriter") {
		t.Errorf("a third start went %v", third.Path())
	}
}

func TestTheLeaseOfADeadHolderIsTakenOver(t *testing.T) {
	p := newPlatform(t)
	p.loseHome()
	dead := p.start("takeover-standby", standby, failover)
	for range 10000 {
		if p.Clock.Run(p.Clock.Now().Add(time.Second)); passed(dead, "AwaitFence") {
			break
		}
	}
	dead.Stop("Test", "it dies")
	next := p.start("takeover-standby", standby, failover)
	p.ends(next, stepfunctions.Succeeded)
	if !passed(next, "TakeOldLease") || p.writer() != standby {
		t.Errorf("writer %s by %v", p.writer(), next.Path())
	}
}

// A takeover raises the fewest pods where Kubernetes lets it, and goes on without
// where it does not: Step Functions reaches public endpoints alone.
func TestPodsAreRaisedWhereTheClusterIsReached(t *testing.T) {
	role := func(verbs ...any) func(*platform) error {
		return func(p *platform) error {
			return p.rbac.Update(props{"rules": []any{props{"apiGroups": []any{"autoscaling"}, "resources": []any{"horizontalpodautoscalers"}, "verbs": verbs}}})
		}
	}
	for name, c := range map[string]struct {
		change func(*platform) error
		want   float64
		fails  string // how the last call failed
	}{
		"as it is":                  {func(*platform) error { return nil }, 6, ""},
		"more than are needed":      {func(p *platform) error { return p.scaler.Update(props{"spec": scalerSpec(8)}) }, 8, ""},
		"a private endpoint":        {func(p *platform) error { p.endpoint(false); return nil }, 3, "States.Timeout"},
		"an endpoint for some":      {func(p *platform) error { p.endpoint(true, "192.0.2.0/24"); return nil }, 3, "States.Timeout"},
		"a role that may only read": {role("get"), 3, "EKS.403"},
		"a role that may not read":  {role("update"), 3, "EKS.403"},
		"no autoscaler":             {func(p *platform) error { return p.scaler.Delete() }, 0, "EKS.404"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t)
			p.loseHome()
			if err := c.change(p); err != nil {
				t.Fatal(err)
			}
			x := p.start("takeover-full", standby, failover)
			p.ends(x, stepfunctions.Succeeded)
			if c.want > 0 && p.least() != c.want {
				t.Errorf("the autoscaler keeps %v pods, want %v", p.least(), c.want)
			}
			var failed string
			for _, e := range x.Events {
				if strings.HasSuffix(e.State, "Pods web") && e.Failure != nil {
					failed = e.Failure.Error
				}
			}
			if failed != c.fails {
				t.Errorf("it failed by %q, want %q", failed, c.fails)
			}
			if p.desired() != 6.0 {
				t.Errorf("%v nodes: the branches hang on each other", p.desired())
			}
		})
	}
}

func scalerSpec(least int) props {
	return props{"minReplicas": least, "maxReplicas": 12, "scaleTargetRef": props{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}}
}

// Nobody in the standby reaches the old writer from before the promotion to its end,
// where that may be alive, whichever call fails.
func TestTheWayToTheOldWriterIsCutWhileItIsReplaced(t *testing.T) {
	p := newPlatform(t)
	x := p.start("takeover-full", standby, force)
	var before, during bool
	for x.Status == stepfunctions.Running {
		p.Clock.Run(p.Clock.Now().Add(time.Second))
		if !passed(x, "CutWay 1") && p.cut() {
			before = true
		}
		if passed(x, "Promote") && p.writer() == standby && len(p.writers) == 0 {
			during = during || p.cut()
		}
	}
	if x.Status != stepfunctions.Succeeded || before || !during || p.cut() {
		t.Errorf("%s (%v), cut before %t, while it is promoted %t, at the end %t", x.Status, x.Failure, before, during, p.cut())
	}

	for _, state := range []string{
		"RecordDrained", "CutWay 1", "CutWay 2", "RecordCut", "Promote", "AwaitWriter", "RecordPromoted", "OpenWay 1", "OpenWay 2", "Verify", "VerifyOrigin",
	} {
		for _, how := range []string{"Injected.Exception", "silence"} {
			t.Run(state+", "+how, func(t *testing.T) {
				p := newPlatform(t)
				p.fail[state] = how
				x := p.start("takeover-full", standby, force)
				p.Clock.RunAll()
				left := strings.HasPrefix(state, "OpenWay")
				if p.cut() && !left {
					t.Errorf("it is cut at the end: %v", x.Path())
				}
				if left && !p.said("Takeover in us-west-2: the way to us-east-1 is cut") {
					t.Error("nobody is told that it is left cut")
				}
			})
		}
	}
}

// Both regions start at once, forced or not: there is one writer at the end, and
// never more than one change.
func TestBothRegionsAtOnceMakeOneWriter(t *testing.T) {
	for name, input := range map[string]string{"by the alarm": failover, "forced": force} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t)
			for _, host := range []string{"prod-east.tandem.example", "prod-west.tandem.example"} {
				p.silent[host] = input == failover
			}
			p.alarms["prod-west-replication"], p.alarms["prod-east-replication"] = "ALARM", "ALARM"
			west := p.start("takeover-standby", standby, input)
			east := p.start("takeover-home", home, input)
			p.Clock.RunAll()
			if len(p.writers) > 1 {
				t.Errorf("%d changes of the writer: %v and %v", len(p.writers), west.Path(), east.Path())
			}
			if passed(east, "Promote") {
				t.Errorf("home promotes itself, though it is the writer: %v", east.Path())
			}
			if (p.writer() == standby) != p.takenOver() {
				t.Errorf("%s writes, taken over is %t", p.writer(), p.takenOver())
			}
		})
	}
}

func TestARegionHandsOverAndTakesBack(t *testing.T) {
	p := newPlatform(t)
	p.loseHome()
	p.ends(p.start("takeover-standby", standby, failover), stepfunctions.Succeeded)
	p.silent, p.alarms = map[string]bool{}, map[string]string{}

	back := p.start("failback-standby", standby, `{"mode":"switchover","force":false,"reason":"home is back"}`)
	p.ends(back, stepfunctions.Succeeded)
	if p.writer() != home || p.takenOver() || !p.said("Handed over") {
		t.Errorf("writer %s, taken over %t, by %v", p.writer(), p.takenOver(), back.Path())
	}
	away := p.start("failback-home", home, `{"mode":"switchover","force":false,"reason":"maintenance"}`)
	p.ends(away, stepfunctions.Succeeded)
	if p.writer() != standby {
		t.Errorf("the writer is %s by %v", p.writer(), away.Path())
	}
}

func TestAHandOverToASickRegionIsRefused(t *testing.T) {
	p := newPlatform(t)
	p.sick["prod-west.tandem.example"] = true
	p.ends(p.start("failback-home", home, `{"mode":"switchover","force":false,"reason":"maintenance"}`), stepfunctions.Failed)
	if p.writer() != home || !p.said("Failback refused") {
		t.Errorf("the writer is %s", p.writer())
	}
}
