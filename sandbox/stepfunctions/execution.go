package stepfunctions

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-platform/tandem/resilience/simulation"
)

// Status is that of an execution.
type Status string

// What DescribeExecution calls them.
const (
	Running   Status = "RUNNING"
	Succeeded Status = "SUCCEEDED"
	Failed    Status = "FAILED"
	TimedOut  Status = "TIMED_OUT"
	Aborted   Status = "ABORTED"
)

// Execution is one run of a machine.
type Execution struct {
	// ARN is its id, Name the last part of that.
	ARN, Name string
	Machine   *Machine
	Input     any
	Status    Status
	// Output is the result of a success, a JSON value. Failure is why it did not
	// succeed, nil where it did.
	Output  any
	Failure *Failure
	// Started and Ended are on the engine's clock.
	Started, Ended time.Time
	// Events are what has happened, in order.
	Events []Event

	e       *Engine
	process *simulation.Process
	done    simulation.Event
}

// EventKind is what an [Event] tells.
type EventKind string

// What happens in an execution.
const (
	StateEntered EventKind = "StateEntered"
	StateExited  EventKind = "StateExited"
	// StateRetried means that the state has failed and is tried again.
	StateRetried EventKind = "StateRetried"
	// StateCaught means that the state has failed and a catcher goes on.
	StateCaught EventKind = "StateCaught"
	// StateFailed means that the state has failed, and the execution or the branch
	// with it.
	StateFailed EventKind = "StateFailed"
)

// Event is something that has happened in an execution.
type Event struct {
	Kind  EventKind
	State string
	At    time.Time
	// Value is the input of a state entered and the output of one exited. Failure is
	// why a state was retried, caught or failed.
	Value   any
	Failure *Failure
}

// Done fires when the execution has ended.
func (x *Execution) Done() *simulation.Event { return &x.done }

// Path is the names of the states that were entered, in order.
func (x *Execution) Path() []string {
	var names []string
	for _, e := range x.Events {
		if e.Kind == StateEntered {
			names = append(names, e.State)
		}
	}
	return names
}

// Entered is when a state was entered first; false where it never was.
func (x *Execution) Entered(state string) (time.Time, bool) {
	for _, e := range x.Events {
		if e.Kind == StateEntered && e.State == state {
			return e.At, true
		}
	}
	return time.Time{}, false
}

// Start begins an execution. As in the service, a second start under the name and
// with the input of one that runs gives that one again, and any other use of a
// name that is taken fails. An empty name draws one.
func (e *Engine) Start(m *Machine, name string, input any) (*Execution, error) {
	if name == "" {
		name = e.uuid()
	}
	x := &Execution{
		ARN:  strings.Replace(m.ARN, ":stateMachine:", ":execution:", 1) + ":" + name,
		Name: name, Machine: m, Input: input, Status: Running, Started: e.Clock.Now(), e: e,
	}
	if other := e.executions[x.ARN]; other != nil {
		if other.Status == Running && equal(other.Input, input) {
			return other, nil
		}
		return nil, fmt.Errorf("ExecutionAlreadyExists: execution already exists: '%s'", x.ARN)
	}
	if e.executions == nil {
		e.executions, e.tokens = map[string]*Execution{}, map[string]*Task{}
	}
	e.executions[x.ARN] = x
	x.process = e.Clock.Go(func(p *simulation.Process) {
		r := &runner{x: x, p: p, context: map[string]any{
			"Execution":    map[string]any{"Id": x.ARN, "Input": input, "Name": name, "RoleArn": m.RoleARN, "StartTime": stamp(x.Started)},
			"StateMachine": map[string]any{"Id": m.ARN, "Name": m.ARN[strings.LastIndex(m.ARN, ":")+1:]},
		}}
		output, err := r.run(m.definition, input)
		if errors.Is(err, simulation.ErrStopped) {
			return // who stopped it has said why
		}
		if err != nil {
			x.finish(Failed, nil, failure(err))
			return
		}
		x.finish(Succeeded, output, nil)
	})
	if m.timeout > 0 {
		timer := e.Clock.After(m.timeout, func() { x.end(TimedOut, &Failure{Error: "States.Timeout"}) })
		e.Clock.Go(func(p *simulation.Process) {
			if _, err := p.Await(&x.done, 0); err == nil {
				timer.Stop()
			}
		})
	}
	return x, nil
}

// Stop ends the execution at once, as StopExecution does. One that has ended is
// left alone.
func (x *Execution) Stop(name, cause string) { x.end(Aborted, &Failure{name, cause}) }

func (x *Execution) end(status Status, f *Failure) {
	if x.Status == Running {
		x.finish(status, nil, f)
		x.process.Stop()
	}
}

func (x *Execution) finish(status Status, output any, f *Failure) {
	x.Status, x.Output, x.Failure, x.Ended = status, output, f, x.e.Clock.Now()
	x.done.Fire(x.e.Clock)
}

// stamp is a time as the Context object has it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// uuid draws a UUID of version 4.
func (e *Engine) uuid() string {
	a, b := e.Rand.Uint64(), e.Rand.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0x3fff|0x8000, b&0xffffffffffff)
}

// equal compares JSON values.
func equal(a, b any) bool {
	left, err1 := json.Marshal(a)
	right, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && string(left) == string(right)
}
