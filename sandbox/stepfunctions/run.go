package stepfunctions

import (
	"errors"
	"maps"
	"strings"
	"time"

	"github.com/tandem-platform/tandem/resilience/simulation"
)

// runner runs the states of a machine, a branch or an iteration, one after
// another.
type runner struct {
	x *Execution
	p *simulation.Process
	// context is the Context object, as far as it is the same for all states.
	context map[string]any
}

func (r *runner) now() time.Time { return r.p.Clock().Now() }

func (r *runner) log(kind EventKind, state string, value any, f *Failure) {
	r.x.Events = append(r.x.Events, Event{kind, state, r.now(), value, f})
}

// run runs the states of a part and returns the output of the last.
func (r *runner) run(p part, input any) (any, error) {
	name := p.StartAt
	for {
		s := p.States[name]
		r.log(StateEntered, name, input, nil)
		output, next, err := r.attempt(name, s, input)
		if errors.Is(err, simulation.ErrStopped) {
			return nil, err
		}
		if err != nil {
			r.log(StateFailed, name, nil, failure(err))
			return nil, err
		}
		r.log(StateExited, name, output, nil)
		if next == "" {
			return output, nil
		}
		name, input = next, output
	}
}

// attempt runs a state, again where its retriers say so, and hands over to its
// catchers. An empty next is the end.
func (r *runner) attempt(name string, s *state, input any) (output any, next string, err error) {
	context := &scope{maps.Clone(r.context), r.x.e.Rand}
	entered := stamp(r.now())
	tries := make([]int, len(s.Retry))
	for count := 0; ; count++ {
		context.values["State"] = map[string]any{"EnteredTime": entered, "Name": name, "RetryCount": float64(count)}
		output, next, err = r.state(name, s, input, context)
		if err == nil || errors.Is(err, simulation.ErrStopped) {
			return output, next, err
		}
		again, waiting := r.retry(name, s, tries, failure(err))
		if waiting != nil {
			return nil, "", waiting
		}
		if !again {
			break
		}
	}
	f := failure(err)
	for _, c := range s.Catch {
		if !matches(c.ErrorEquals, f) {
			continue
		}
		output, err := place(c.ResultPath, input, map[string]any{"Error": f.Error, "Cause": f.Cause})
		if err == nil {
			r.log(StateCaught, name, nil, f)
		}
		return output, c.Next, err
	}
	return nil, "", err
}

// retry waits for the next attempt, if there is one.
func (r *runner) retry(name string, s *state, tries []int, f *Failure) (bool, error) {
	for i := range s.Retry {
		t := &s.Retry[i]
		if !matches(t.ErrorEquals, f) {
			continue
		}
		if tries[i] >= t.attempts() {
			return false, nil
		}
		wait := t.delay(tries[i])
		if t.JitterStrategy == "FULL" {
			wait = time.Duration(r.x.e.Rand.Float64() * float64(wait))
		}
		tries[i]++
		r.log(StateRetried, name, nil, f)
		return true, r.p.Sleep(wait)
	}
	return false, nil
}

// state runs a state once.
func (r *runner) state(name string, s *state, raw any, context *scope) (output any, next string, err error) {
	input, err := filter(s.InputPath, raw, context)
	if err != nil {
		return nil, "", err
	}
	switch s.Type {
	case "Fail":
		return nil, "", r.fail(s, input, context)
	case "Choice":
		if next, err = choose(s, input, context); err != nil {
			return nil, "", err
		}
		output, err = filter(s.OutputPath, input, context)
		return output, next, err
	case "Succeed", "Wait":
		if s.Type == "Wait" {
			if err := r.wait(s, input, context); err != nil {
				return nil, "", err
			}
		}
		output, err = filter(s.OutputPath, input, context)
		return output, s.Next, err
	}
	if r.waits(s) {
		context.values["Task"] = map[string]any{"Token": r.x.e.uuid()}
	}
	effective := input
	if s.Parameters != nil && s.Type != "Map" {
		if effective, err = fill(s.parameters, input, context); err != nil {
			return nil, "", err
		}
	}
	var result any
	switch s.Type {
	case "Pass":
		result = effective
		if s.Result != nil {
			result = s.fixed
		}
	case "Task":
		result, err = r.task(name, s, effective, input, context)
	case "Parallel":
		result, err = r.parallel(s, effective)
	case "Map":
		result, err = r.each(s, input, context)
	}
	if err != nil {
		return nil, "", err
	}
	if s.ResultSelector != nil {
		if result, err = fill(s.selector, result, context); err != nil {
			return nil, "", err
		}
	}
	if output, err = place(s.ResultPath, raw, result); err != nil {
		return nil, "", err
	}
	output, err = filter(s.OutputPath, output, context)
	return output, s.Next, err
}

func (r *runner) waits(s *state) bool { return strings.HasSuffix(s.Resource, ".waitForTaskToken") }

func (r *runner) fail(s *state, input any, context *scope) error {
	f := Failure{s.Error, s.Cause}
	for _, field := range []struct {
		expression string
		to         *string
	}{{s.ErrorPath, &f.Error}, {s.CausePath, &f.Cause}} {
		if field.expression == "" {
			continue
		}
		v, err := evaluate(field.expression, input, context)
		if err != nil {
			return err
		}
		text, ok := v.(string)
		if !ok {
			return fail("States.Runtime", "%s gives %v, not a string", field.expression, v)
		}
		*field.to = text
	}
	return failed{f}
}

func (r *runner) wait(s *state, input any, context *scope) error {
	switch {
	case s.Seconds != nil:
		return r.p.Sleep(seconds(*s.Seconds))
	case s.SecondsPath != "":
		n, err := number(s.SecondsPath, input, context)
		if err != nil {
			return err
		}
		return r.p.Sleep(seconds(n))
	}
	text := s.Timestamp
	if s.TimestampPath != "" {
		v, err := evaluate(s.TimestampPath, input, context)
		if err != nil {
			return err
		}
		text, _ = v.(string)
	}
	until, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return fail("States.Runtime", "%q is no time of RFC 3339", text)
	}
	return r.p.Sleep(until.Sub(r.now()))
}

// number is the number at a path.
func number(expression string, input any, context *scope) (float64, error) {
	v, err := evaluate(expression, input, context)
	if err != nil {
		return 0, err
	}
	n, ok := v.(float64)
	if !ok || n < 0 {
		return 0, fail("States.Runtime", "%s gives %v, not a number of at least 0", expression, v)
	}
	return n, nil
}

// task runs a task until it ends, its time is over or its heart has stopped.
func (r *runner) task(name string, s *state, parameters, input any, context *scope) (any, error) {
	limit, beats := s.TimeoutSeconds, s.HeartbeatSeconds
	for _, field := range []struct {
		path string
		to   *float64
	}{{s.TimeoutSecondsPath, &limit}, {s.HeartbeatSecondsPath, &beats}} {
		if field.path != "" {
			n, err := number(field.path, input, context)
			if err != nil {
				return nil, err
			}
			*field.to = n
		}
	}
	t := &Task{Resource: s.Resource, Parameters: parameters, State: name, Execution: r.x, c: r.p.Clock(), beat: func() {}}
	if r.waits(s) {
		t.Token, _ = context.values["Task"].(map[string]any)["Token"].(string)
		r.x.e.tokens[t.Token] = t
	}
	if beats > 0 {
		var timer *simulation.Timer
		t.beat = func() {
			if timer != nil {
				timer.Stop()
			}
			timer = t.c.After(seconds(beats), func() { t.Fail("States.HeartbeatTimeout", "") })
		}
		t.beat()
		defer func() { timer.Stop() }()
	}
	r.x.e.Tasks(t)
	over, err := r.p.Await(&t.ended, seconds(limit))
	switch {
	case err != nil:
		t.Fail("States.TaskFailed", "the execution has ended")
		return nil, err
	case !over:
		t.Fail("States.Timeout", "")
	}
	if t.failed != nil {
		return nil, failed{*t.failed}
	}
	return t.output, nil
}

// fork runs parts at the same time, at most so many of them at once; 0 is no
// bound. The first that fails ends the others.
func (r *runner) fork(n, most int, run func(i int, in *runner) (any, error)) (any, error) {
	results := make([]any, n)
	children := make([]*simulation.Process, n)
	var first error
	var over simulation.Event
	left, next := n, 0
	var begin func()
	begin = func() {
		i := next
		next++
		children[i] = r.p.Clock().Go(func(p *simulation.Process) {
			result, err := run(i, &runner{x: r.x, p: p, context: r.context})
			left--
			switch {
			case errors.Is(err, simulation.ErrStopped):
			case err != nil && first == nil:
				first = err
				over.Fire(p.Clock())
			case err == nil:
				if results[i] = result; left == 0 {
					over.Fire(p.Clock())
				} else if next < n && first == nil {
					begin()
				}
			}
		})
	}
	if most == 0 {
		most = n
	}
	for next < min(n, most) {
		begin()
	}
	if n == 0 {
		return results, nil
	}
	_, err := r.p.Await(&over, 0)
	for _, child := range children {
		if child != nil {
			child.Stop()
		}
	}
	return results, errors.Join(err, first)
}

func (r *runner) parallel(s *state, input any) (any, error) {
	result, err := r.fork(len(s.Branches), 0, func(i int, in *runner) (any, error) { return in.run(s.Branches[i], input) })
	return result, branchError(err)
}

// branchError leaves the error of a branch as it is, by which catchers find it.
func branchError(err error) error {
	var f failed
	if errors.Is(err, simulation.ErrStopped) {
		return simulation.ErrStopped
	}
	if errors.As(err, &f) {
		return f
	}
	return err
}

func (r *runner) each(s *state, input any, context *scope) (any, error) {
	v, err := filter(s.ItemsPath, input, context)
	if err != nil {
		return nil, err
	}
	items, ok := v.([]any)
	if !ok {
		return nil, fail("States.Runtime", "the items to map are %v, not an array", v)
	}
	template, fills := s.itemSelector, s.ItemSelector != nil
	if !fills {
		template, fills = s.parameters, s.Parameters != nil
	}
	result, err := r.fork(len(items), s.MaxConcurrency, func(i int, in *runner) (any, error) {
		in.context = maps.Clone(in.context)
		in.context["Map"] = map[string]any{"Item": map[string]any{"Index": float64(i), "Value": items[i]}}
		item := items[i]
		if fills {
			seen := &scope{maps.Clone(context.values), context.rand}
			seen.values["Map"] = in.context["Map"]
			filled, err := fill(template, input, seen)
			if err != nil {
				return nil, err
			}
			item = filled
		}
		return in.run(*s.ItemProcessor, item)
	})
	return result, branchError(err)
}
