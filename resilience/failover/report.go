package failover

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Report is what a drill has shown. Seconds count from the loss.
type Report struct {
	Loss              Loss    `json:"loss"`
	Seed              uint64  `json:"seed"`
	RequestsPerSecond float64 `json:"requestsPerSecond"`
	// Recovered tells whether requests are served as before at the end.
	Recovered bool `json:"recovered"`
	// RTOSeconds is the time from the loss until requests are served as before: from
	// when on, in no ten seconds, more than one in a hundred fails. It is that of the
	// whole run where they are not.
	RTOSeconds float64 `json:"rtoSeconds"`
	// RPOSeconds is the time between the last write that is kept and the last write
	// that was acknowledged and is lost, 0 where none is.
	RPOSeconds float64 `json:"rpoSeconds"`
	// Requests is how many there were after the loss, RequestsFailed how many of them
	// failed, for Causes.
	Requests       int           `json:"requests"`
	RequestsFailed int           `json:"requestsFailed"`
	Causes         map[Cause]int `json:"causes"`
	// WritesLost is how many writes were acknowledged and are not in the database any
	// more. WritesToBoth is how many of them the old writer took while there was a new
	// one.
	WritesLost   int `json:"writesLost"`
	WritesToBoth int `json:"writesToBoth"`
	// DetectionSeconds is when the alarm went off that starts a takeover, 0 for never.
	DetectionSeconds float64 `json:"detectionSeconds"`
	// Writer is the region that takes the writes at the end, Origin the one that
	// clients are led to.
	Writer string `json:"writer"`
	Origin string `json:"origin"`
	// Events are what happened.
	Events []Event `json:"events"`
	// Timeline has a sample for every second from From on.
	From     float64  `json:"-"`
	Timeline []Sample `json:"-"`

	seconds []sample
	lostAt  time.Time
}

// Add adds what happened at a time to the events.
func (r *Report) Add(at time.Time, what string) {
	r.Events = append(r.Events, Event{at.Sub(r.lostAt).Seconds(), what})
	slices.SortStableFunc(r.Events, func(a, b Event) int { return cmp.Compare(a.Seconds, b.Seconds) })
}

// Event is something that happened.
type Event struct {
	Seconds float64 `json:"seconds"`
	What    string  `json:"what"`
}

// Sample is one second.
type Sample struct {
	Requests, Failed, StandbyPods int
}

type sample struct{ requests, failed, pods int }

// finish sums up.
func (w *World) finish() {
	r := w.report
	at := int(w.lostAt.Sub(begin).Seconds())
	r.From = -w.lostAt.Sub(begin).Seconds()
	last := -1
	for i, s := range r.seconds {
		r.Timeline = append(r.Timeline, Sample{s.requests, s.failed, s.pods})
		if i < at {
			continue
		}
		r.Requests += s.requests
		r.RequestsFailed += s.failed
		// Ten seconds, so that one request does not decide.
		requests, failed := 0, 0
		for _, t := range r.seconds[i:min(i+10, len(r.seconds))] {
			requests, failed = requests+t.requests, failed+t.failed
		}
		if failed*100 > requests {
			last = i
		}
	}
	if last >= 0 {
		// The last second of these ten in which one failed.
		for i := min(last+9, len(r.seconds)-1); i >= last; i-- {
			if r.seconds[i].failed > 0 {
				last = i
				break
			}
		}
		r.RTOSeconds = float64(last+1) + r.From
	}
	r.Recovered = last < len(r.seconds)-60
	lost, span := w.db.losses()
	r.WritesLost, r.RPOSeconds, r.WritesToBoth = lost, span.Seconds(), w.db.twice
	r.Writer, r.Origin = w.db.writer, w.origin()
}

// String is the report in a few lines.
func (r *Report) String() string {
	var b strings.Builder
	verdict := fmt.Sprintf("served as before after %.0f s", r.RTOSeconds)
	if !r.Recovered {
		verdict = "not served as before at the end"
	}
	fmt.Fprintf(&b, "%s, seed %d: %s\n", r.Loss, r.Seed, verdict)
	fmt.Fprintf(&b, "  RTO        %.0f s\n  RPO        %.1f s\n", r.RTOSeconds, r.RPOSeconds)
	fmt.Fprintf(&b, "  requests   %d, %d failed", r.Requests, r.RequestsFailed)
	separator := ": "
	for _, c := range Causes {
		if n := r.Causes[c]; n > 0 {
			fmt.Fprintf(&b, "%s%d %s", separator, n, c)
			separator = ", "
		}
	}
	fmt.Fprintf(&b, "\n  writes     %d lost", r.WritesLost)
	if r.WritesToBoth > 0 {
		fmt.Fprintf(&b, ", %d of them while there were two writers", r.WritesToBoth)
	}
	fmt.Fprintf(&b, "\n  at the end %s writes, %s is asked\n\n", r.Writer, r.Origin)
	for _, e := range r.Events {
		fmt.Fprintf(&b, "%8.1f s  %s\n", e.Seconds, e.What)
	}
	return b.String()
}
