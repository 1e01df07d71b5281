package simulation

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func TestEventsRunInTheOrderOfTheirTimesAndThenOfTheirAsking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := New(start)
		type event struct{ at, order int }
		var ran []event
		for i, at := range rapid.SliceOfN(rapid.IntRange(0, 5), 1, 30).Draw(t, "times") {
			c.After(time.Duration(at)*time.Second, func() {
				if got := c.Now().Sub(start); got != time.Duration(at)*time.Second {
					t.Fatalf("the event of %d s ran at %s", at, got)
				}
				ran = append(ran, event{at, i})
			})
		}
		c.RunAll()
		if !slices.IsSortedFunc(ran, func(a, b event) int { return (a.at-b.at)*100 + a.order - b.order }) {
			t.Fatalf("events ran as %v", ran)
		}
	})
}

func TestRunStopsAtItsTimeAndGoesOnFromThere(t *testing.T) {
	c := New(start)
	n := 0
	c.Every(time.Second, 2*time.Second, func() bool { n++; return n < 10 })
	c.Run(start.Add(5 * time.Second)) // at 1, 3 and 5
	if n != 3 || c.Now() != start.Add(5*time.Second) {
		t.Errorf("%d events until %s", n, c.Now())
	}
	c.Run(start.Add(6 * time.Second))
	if n != 3 || c.Now() != start.Add(6*time.Second) {
		t.Errorf("%d events until %s", n, c.Now())
	}
	c.RunAll()
	if n != 10 {
		t.Errorf("%d events in all", n)
	}
}

func TestAStoppedTimerDoesNotRun(t *testing.T) {
	c := New(start)
	timer := c.After(time.Second, func() { t.Error("it ran") })
	timer.Stop()
	c.RunAll()
}

func TestProcessesWaitForEachOther(t *testing.T) {
	c := New(start)
	var log []string
	say := func(s string) { log = append(log, c.Now().Sub(start).String()+" "+s) }
	worker := c.Go(func(p *Process) {
		if err := p.Sleep(3 * time.Second); err != nil {
			t.Error(err)
		}
		say("work is done")
	})
	c.Go(func(p *Process) {
		if ok, err := p.Await(worker.Done(), 2*time.Second); ok || err != nil {
			t.Error("it was done too soon", err)
		}
		say("still waiting")
		if ok, err := p.Await(worker.Done(), 0); !ok || err != nil {
			t.Error("it was not done", err)
		}
		say("seen")
		if ok, _ := p.Await(worker.Done(), 0); !ok {
			t.Error("what has happened was waited for")
		}
	})
	c.RunAll()
	if want := []string{"2s still waiting", "3s work is done", "3s seen"}; !slices.Equal(log, want) {
		t.Errorf("got %q, want %q", log, want)
	}
}

func TestAStoppedProcessReturnsFromWhereItWaits(t *testing.T) {
	c := New(start)
	deferred, ended := false, false
	p := c.Go(func(p *Process) {
		defer func() { deferred = true }()
		if err := p.Sleep(time.Hour); !errors.Is(err, ErrStopped) {
			t.Error("it slept on", err)
		}
		if err := p.Sleep(time.Hour); !errors.Is(err, ErrStopped) {
			t.Error("it slept again", err)
		}
	})
	never := c.Go(func(*Process) { t.Error("a process that was stopped before it began did begin") })
	never.Stop()
	c.After(time.Second, func() { p.Stop(); p.Stop() })
	c.Go(func(q *Process) {
		_, _ = q.Await(p.Done(), 0)
		ended = true
	})
	c.RunAll()
	if !deferred || !ended {
		t.Error("it was not ended", deferred, ended)
	}
	if c.Now() != start.Add(time.Second) {
		t.Error("the stopped process's timer ran, at", c.Now())
	}
}

func TestCloseEndsWhatStillRuns(t *testing.T) {
	c := New(start)
	ended := 0
	for range 3 {
		c.Go(func(p *Process) {
			defer func() { ended++ }()
			_, _ = p.Await(&Event{}, 0)
		})
	}
	c.RunAll()
	c.Close()
	if ended != 3 {
		t.Errorf("%d of 3 have ended", ended)
	}
}
