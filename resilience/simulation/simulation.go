// Package simulation is a discrete event simulation: a clock that no time of the
// machine goes into, and processes that wait on it.
//
// Events run one after another, in the order of their times and, where those are
// the same, in the order in which they were asked for. So a run is the same
// whenever it is made. A [Process] is a coroutine: plain sequential code that
// sleeps and waits, of which no two run at once.
package simulation

import (
	"container/heap"
	"errors"
	"iter"
	"time"
)

// Clock is the time line of a simulation. It is not safe for concurrent use: all
// that uses it runs on it.
type Clock struct {
	now     time.Time
	queue   queue
	asked   int
	running map[*Process]bool
}

// New returns a clock that stands at start.
func New(start time.Time) *Clock {
	return &Clock{now: start, running: map[*Process]bool{}}
}

// Now is the time of the event that runs, or of the last one that has run.
func (c *Clock) Now() time.Time { return c.now }

// Timer is an event that is to come.
type Timer struct {
	at    time.Time
	order int
	f     func()
}

// Stop keeps the event from running. It may be called at any time.
func (t *Timer) Stop() { t.f = nil }

// After has f run once, d from now; a d below zero means now.
func (c *Clock) After(d time.Duration, f func()) *Timer {
	c.asked++
	t := &Timer{at: c.now.Add(max(0, d)), order: c.asked, f: f}
	heap.Push(&c.queue, t)
	return t
}

// Every has f run after the time first, and from then on once in each interval,
// until f returns false.
func (c *Clock) Every(first, interval time.Duration, f func() bool) {
	c.After(first, func() {
		if f() {
			c.Every(interval, interval, f)
		}
	})
}

// Run runs all events up to and at the time until, and leaves the clock there.
func (c *Clock) Run(until time.Time) {
	for len(c.queue) > 0 && !c.queue[0].at.After(until) {
		c.step()
	}
	if c.now.Before(until) {
		c.now = until
	}
}

// RunAll runs until there is no event left. An event that always asks for another
// keeps it from returning.
func (c *Clock) RunAll() {
	for len(c.queue) > 0 {
		c.step()
	}
}

func (c *Clock) step() {
	t, _ := heap.Pop(&c.queue).(*Timer)
	if t.f != nil {
		c.now = t.at
		t.f()
	}
}

// Close stops all processes. What they have deferred runs.
func (c *Clock) Close() {
	for p := range c.running {
		p.Stop()
	}
}

// queue is a heap of events.
type queue []*Timer

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if q[i].at.Equal(q[j].at) {
		return q[i].order < q[j].order
	}
	return q[i].at.Before(q[j].at)
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(*Timer)) }
func (q *queue) Pop() any {
	last := len(*q) - 1
	t := (*q)[last]
	*q = (*q)[:last]
	return t
}

// ErrStopped is what a process gets that has been stopped while it waited. It has
// to return then; whatever it waits for gives the same error again.
var ErrStopped = errors.New("the process has been stopped")

// Process is sequential code on a clock.
type Process struct {
	c       *Clock
	yield   func(struct{}) bool
	resume  func() (struct{}, bool)
	end     func()
	stopped bool
	done    Event
}

// Go begins f as a process, at the current time, once the running event is over.
func (c *Clock) Go(f func(*Process)) *Process {
	p := &Process{c: c}
	p.resume, p.end = iter.Pull(func(yield func(struct{}) bool) {
		p.yield = yield
		f(p)
	})
	c.running[p] = true
	c.After(0, p.wake)
	return p
}

// wake runs the process until it waits again.
func (p *Process) wake() {
	if !p.c.running[p] {
		return
	}
	if _, more := p.resume(); !more {
		p.finish()
	}
}

func (p *Process) finish() {
	if p.c.running[p] {
		delete(p.c.running, p)
		p.done.Fire(p.c)
	}
}

// Stop ends the process where it waits; see [ErrStopped]. A process that has ended
// or has not begun is left alone or never begins. A process cannot stop itself.
func (p *Process) Stop() {
	if p.stopped || !p.c.running[p] {
		return
	}
	p.stopped = true
	p.end()
	p.finish()
}

// Done fires when the process has ended.
func (p *Process) Done() *Event { return &p.done }

// Clock is what the process runs on.
func (p *Process) Clock() *Clock { return p.c }

// Sleep waits for the time d.
func (p *Process) Sleep(d time.Duration) error {
	t := p.c.After(d, p.wake)
	return p.wait(t.Stop)
}

// Await waits until the event has fired, or the time limit is over; a limit of
// zero is none. It returns whether the event has fired.
func (p *Process) Await(e *Event, limit time.Duration) (bool, error) {
	if e.fired {
		return true, nil
	}
	woken := false
	once := func() {
		if !woken {
			woken = true
			p.wake()
		}
	}
	e.waiting = append(e.waiting, once)
	stop := func() { woken = true }
	if limit > 0 {
		t := p.c.After(limit, once)
		stop = func() { woken = true; t.Stop() }
	}
	err := p.wait(stop)
	stop()
	return e.fired, err
}

func (p *Process) wait(stop func()) error {
	if p.stopped || !p.yield(struct{}{}) {
		stop()
		return ErrStopped
	}
	return nil
}

// Event is something that happens once. The zero value has not happened.
type Event struct {
	fired   bool
	waiting []func()
}

// Fire lets all that wait go on, once the running event is over. A second call
// does nothing.
func (e *Event) Fire(c *Clock) {
	if e.fired {
		return
	}
	e.fired = true
	for _, f := range e.waiting {
		c.After(0, f)
	}
	e.waiting = nil
}

// Fired tells whether it has happened.
func (e *Event) Fired() bool { return e.fired }
