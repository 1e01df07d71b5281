// Package stepfunctions executes Step Functions state machines on a virtual
// clock: waits, time-outs and retries take their time there and none of the
// machine's. Several executions, and all else that a simulation does, share one
// time line.
//
// The npm package aws-local-stepfunctions does the same in real time, without
// task tokens and heartbeats. A test runs the same definitions through both.
//
// It knows Standard workflows in JSONPath, with all types of states, without
// variables (Assign), distributed maps and tolerated failures; [Parse] refuses
// these. What a task does is up to [Engine.Tasks].
//
// Sources: the Amazon States Language (states-language.net); Step Functions
// developer guide, "Processing input and output", "Handling errors", "Intrinsic
// functions", "Accessing execution data from the Context object".
package stepfunctions

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/tandem-platform/tandem/resilience/simulation"
	"github.com/tandem-platform/tandem/sandbox/cloud/document/statemachine"
)

// Machine is a state machine.
type Machine struct {
	// ARN names it, and RoleARN the role that it acts as.
	ARN, RoleARN string
	definition   part
	timeout      time.Duration
}

// part is a state machine, a branch or an item processor.
type part struct {
	StartAt string
	States  map[string]*state
}

// Parse reads a definition of a machine that lives in a region.
func Parse(definition, region string) (*Machine, error) {
	if err := statemachine.Check(definition, region); err != nil {
		return nil, err
	}
	var d struct {
		part
		TimeoutSeconds float64
		QueryLanguage  string
	}
	if err := json.Unmarshal([]byte(definition), &d); err != nil {
		return nil, fmt.Errorf("reading the definition: %w", err)
	}
	if d.QueryLanguage == "JSONata" {
		return nil, fmt.Errorf("the query language is JSONata: only JSONPath is executed")
	}
	if err := d.prepare(); err != nil {
		return nil, err
	}
	return &Machine{definition: d.part, timeout: seconds(d.TimeoutSeconds)}, nil
}

// Walk calls f with every state, those of branches too, in the order of names.
func (m *Machine) Walk(f func(name, kind, resource string)) { m.definition.walk(f) }

func (p part) walk(f func(name, kind, resource string)) {
	for _, name := range slices.Sorted(maps.Keys(p.States)) {
		s := p.States[name]
		f(name, s.Type, s.Resource)
		for _, b := range s.Branches {
			b.walk(f)
		}
		if s.ItemProcessor != nil {
			s.ItemProcessor.walk(f)
		}
	}
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// Engine executes machines.
type Engine struct {
	// Clock is the time line.
	Clock *simulation.Clock
	// Rand draws the jitter of retries, execution names, and what intrinsic
	// functions draw.
	Rand *rand.Rand
	// Tasks is called with every task that begins. It, or what it has put on the
	// clock, ends the task with [Task.Succeed] or [Task.Fail].
	Tasks func(*Task)

	executions map[string]*Execution
	tokens     map[string]*Task
}

// Failure is how a state or an execution fails.
type Failure struct{ Error, Cause string }

// Task is one attempt of a Task state.
type Task struct {
	// Resource is the ARN of the integration, Parameters its input.
	Resource   string
	Parameters any
	// State is the state's name.
	State string
	// Token is what the task's end is reported by, where the integration waits for
	// that; else "".
	Token     string
	Execution *Execution

	c      *simulation.Clock
	ended  simulation.Event
	output any
	failed *Failure
	beat   func()
}

// Succeed ends the task with its answer, a JSON value. A task that waits for its
// token goes on waiting. What comes after the task's end is dropped.
func (t *Task) Succeed(answer any) {
	if t.Token == "" {
		t.end(answer, nil)
	}
}

// Fail ends the task with an error.
func (t *Task) Fail(name, cause string) { t.end(nil, &Failure{name, cause}) }

// Ended tells whether the task has ended, by its time-out too.
func (t *Task) Ended() bool { return t.ended.Fired() }

func (t *Task) end(output any, failed *Failure) {
	if !t.ended.Fired() {
		t.output, t.failed = output, failed
		t.ended.Fire(t.c)
	}
}

// TaskDoesNotExist and TaskTimedOut are the errors of reports on tasks.
const (
	errTaskDoesNotExist = "TaskDoesNotExist: the task %s does not exist"
	errTaskTimedOut     = "TaskTimedOut: the task %s has ended already"
)

func (e *Engine) waiting(token string) (*Task, error) {
	t := e.tokens[token]
	switch {
	case t == nil:
		return nil, fmt.Errorf(errTaskDoesNotExist, token)
	case t.Ended():
		return nil, fmt.Errorf(errTaskTimedOut, token)
	}
	return t, nil
}

// SendTaskSuccess ends the task that waits for the token.
func (e *Engine) SendTaskSuccess(token string, output any) error {
	t, err := e.waiting(token)
	if err == nil {
		t.end(output, nil)
	}
	return err
}

// SendTaskFailure fails the task that waits for the token.
func (e *Engine) SendTaskFailure(token, name, cause string) error {
	t, err := e.waiting(token)
	if err == nil {
		t.end(nil, &Failure{name, cause})
	}
	return err
}

// SendTaskHeartbeat says that the task that waits for the token is alive.
func (e *Engine) SendTaskHeartbeat(token string) error {
	t, err := e.waiting(token)
	if err == nil {
		t.beat()
	}
	return err
}
