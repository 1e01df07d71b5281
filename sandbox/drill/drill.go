// Package drill runs drills: the model of resilience/failover with the state
// machines that the stacks have made, which sandbox/stepfunctions executes against
// a copy of the sandbox's clouds. What a drill does to the clouds is gone when it is
// over.
package drill

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/resilience/failover"
	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/stepfunctions"
	"github.com/tandem-platform/tandem/sandbox/stepfunctions/integration"
)

// Drill is what to drill. The zero values of Load, Timings and Person are their
// defaults, no answer among them.
type Drill struct {
	Loss failover.Loss
	Seed uint64
	Load failover.Load
	// Person answers what the machines ask with yes.
	Person bool
	// Timings are those of [failover.DefaultTimings] where nil.
	Timings *failover.Timings
}

// Ground is a platform to drill on.
type Ground struct {
	Platform *failover.Platform
	store    string
	dir      string
}

// NewGround takes the platform of exported states, and a copy of the clouds that
// they are the states of.
func NewGround(clouds *cloud.Cloud, exports ...[]byte) (*Ground, error) {
	p, err := failover.Read(exports...)
	if err != nil {
		return nil, err
	}
	if len(p.Machines) == 0 {
		return nil, errors.New("the states have no state machine: nothing would act on a loss")
	}
	for _, m := range p.Machines {
		if err := executable(m); err != nil {
			return nil, err
		}
	}
	dir, err := os.MkdirTemp("", "drill")
	if err != nil {
		return nil, err
	}
	g := &Ground{Platform: p, dir: dir, store: filepath.Join(dir, "clouds.db")}
	return g, clouds.Snapshot(g.store)
}

// Close removes the copy.
func (g *Ground) Close() error { return os.RemoveAll(g.dir) }

// executable refuses a machine with a task that the sandbox does not simulate.
func executable(m failover.Machine) error {
	parsed, err := stepfunctions.Parse(m.Definition, m.Region)
	if err != nil {
		return fmt.Errorf("state machine %s: %w", m.Name, err)
	}
	var unknown []error
	parsed.Walk(func(state, kind, resource string) {
		if _, ok := integration.Simulated(resource); kind == "Task" && !ok {
			unknown = append(unknown, fmt.Errorf("state machine %s: state %q: the sandbox does not simulate %s", m.Name, state, resource))
		}
	})
	return errors.Join(unknown...)
}

// Run runs a drill.
func (g *Ground) Run(d Drill) (report *failover.Report, err error) {
	timings := failover.DefaultTimings()
	if d.Timings != nil {
		timings = *d.Timings
	}
	w, err := failover.New(g.Platform, d.Loss, d.Load, timings, d.Seed)
	if err != nil {
		return nil, err
	}
	w.Person = d.Person
	raw, err := os.ReadFile(g.store)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(g.dir, "run.db")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		return nil, err
	}
	// A region that the drill has lost is lost to the clouds' own operations too.
	fault := func(ctx context.Context, op cloud.Operation, do func() error) error {
		if op.Region != "" && !w.Reaches(op.Region, "") {
			return cloud.LoseRegion(op.Region)(ctx, op, do)
		}
		return do()
	}
	clouds, err := cloud.Open(path, cloud.WithFaults(fault))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, clouds.Close()) }()
	m := &machinery{world: world{World: w}, clouds: clouds}
	m.services = &integration.Services{Cloud: clouds, Clock: w.Clock, World: &m.world}
	m.engine = &stepfunctions.Engine{Clock: w.Clock, Rand: w.Rand(), Tasks: m.services.Run}
	m.world.engine = m.engine
	report = w.Run(m)
	m.tell(report)
	return report, errors.Join(m.problems...)
}

// world is the model as the service integrations see it.
type world struct {
	*failover.World
	engine *stepfunctions.Engine
}

// Published lets a person answer.
func (w *world) Published(m integration.Message) {
	if m.Task.Token == "" {
		return
	}
	w.Note("people are asked: " + m.Subject)
	if w.Person {
		w.Clock.After(w.Answer(), func() {
			// Too late an answer is refused, which is nobody's fault.
			if w.engine.SendTaskSuccess(m.Task.Token, map[string]any{"approved": true}) == nil {
				w.Note("a person approves")
			}
		})
	}
}

// machinery executes the state machines.
type machinery struct {
	world      world
	clouds     *cloud.Cloud
	engine     *stepfunctions.Engine
	services   *integration.Services
	executions []*stepfunctions.Execution
	problems   []error
}

// Start starts an execution.
func (m *machinery) Start(arn, input string) {
	i := slices.IndexFunc(m.world.P.Machines, func(one failover.Machine) bool { return one.ARN == arn })
	if i < 0 {
		m.problems = append(m.problems, fmt.Errorf("there is no state machine %s to start", arn))
		return
	}
	one := m.world.P.Machines[i]
	parsed, err := stepfunctions.Parse(one.Definition, one.Region)
	if err != nil {
		m.problems = append(m.problems, err)
		return
	}
	parsed.ARN, parsed.RoleARN = one.ARN, one.RoleARN
	var v any
	if err := json.Unmarshal([]byte(input), &v); err != nil {
		m.problems = append(m.problems, fmt.Errorf("the input of %s: %w", one.Name, err))
		return
	}
	x, err := m.engine.Start(parsed, "", v)
	if err != nil {
		m.problems = append(m.problems, err)
		return
	}
	m.world.Note(one.Name + " starts")
	m.executions = append(m.executions, x)
}

// Object says whether an object is in a bucket.
func (m *machinery) Object(bucket, key string) bool {
	there, err := m.clouds.HasObject(bucket, key)
	if err != nil {
		m.problems = append(m.problems, err)
	}
	return there
}

// Cut says whether the network of a region leads to the other no more.
func (m *machinery) Cut(region string) bool { return m.services.Cut(region) }

// LeastPods is what the autoscaler of the region's service keeps.
func (m *machinery) LeastPods(region string) int {
	var name string
	for _, r := range m.world.P.Regions {
		if r.Name == region {
			name = r.Service.Name
		}
	}
	n := 0
	all, err := m.clouds.ResourcesOf("kubernetes:autoscaling/v2:HorizontalPodAutoscaler")
	if err != nil {
		m.problems = append(m.problems, err)
	}
	for _, r := range all {
		if strings.Contains(r.Scope.Account, ":"+region+":") && r.Text("metadata.namespace")+"/"+r.Text("spec.scaleTargetRef.name") == name {
			least, _ := r.At("spec.minReplicas").(float64)
			n = int(least)
		}
	}
	return n
}

// tell adds what the executions have done to the report's timeline: when each state
// that does or waits for something was entered first, and how they ended.
func (m *machinery) tell(r *failover.Report) {
	for _, x := range m.executions {
		name := x.Machine.ARN[strings.LastIndex(x.Machine.ARN, ":")+1:]
		kinds := map[string]string{}
		x.Machine.Walk(func(state, kind, _ string) { kinds[state] = kind })
		seen := map[string]bool{}
		for _, e := range x.Events {
			does := kinds[e.State] == "Task" || kinds[e.State] == "Wait" || e.Failure != nil && e.Kind == stepfunctions.StateCaught
			if seen[string(e.Kind)+e.State] || !does || e.Kind == stepfunctions.StateExited {
				continue
			}
			seen[string(e.Kind)+e.State] = true
			what := name + ": " + e.State
			if e.Failure != nil {
				what += fmt.Sprintf(": %s (%s)", e.Failure.Error, e.Kind)
			}
			r.Add(e.At, what)
		}
		if x.Status != stepfunctions.Running {
			what := name + ": " + string(x.Status)
			if x.Failure != nil {
				what += ": " + x.Failure.Error + ": " + x.Failure.Cause
			}
			r.Add(x.Ended, what)
		}
	}
}
