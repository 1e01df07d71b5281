package failover

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// alarmState is an alarm while a drill runs.
type alarmState struct {
	*Alarm
	state string
	// windows are the last periods, the latest last: whether each breaches, nil for
	// no data.
	windows []*bool
}

// run is a run of a canary.
type run struct {
	at time.Time
	ok bool
}

const (
	stateOK    = "OK"
	stateAlarm = "ALARM"
)

// beginAlarms sets canaries and alarms going, each at a time of its own.
func (w *World) beginAlarms() {
	for _, c := range w.P.Canaries {
		w.Clock.Every(time.Duration(w.rand.Float64()*float64(c.Every)), c.Every, func() bool {
			w.Get(c.Region, "GET", c.URL, func(status int) {
				if !w.lost.regions[c.Region] {
					w.runs[c.Name] = append(w.runs[c.Name], run{w.now(), status >= 200 && status < 400})
				}
			})
			return true
		})
	}
	for _, a := range w.P.Alarms {
		s := &alarmState{Alarm: a, state: stateOK}
		w.alarms[a.Region+" "+a.Name] = s
		if a.Rule != "" || a.Period <= 0 {
			continue
		}
		// Periods begin at whole multiples of their length, so at the begin of a drill.
		w.Clock.Every(a.Period, a.Period, func() bool {
			from, to := w.now().Add(-a.Period), w.now()
			w.Clock.After(w.draw(w.t.AlarmDelay), func() { w.evaluate(s, from, to) })
			return true
		})
	}
}

// evaluate adds a period to an alarm. Data of a lost region comes no more, and
// nothing there is evaluated.
func (w *World) evaluate(s *alarmState, from, to time.Time) {
	if w.lost.regions[s.Region] {
		return
	}
	var breaches *bool
	if v, ok := w.metric(s.Alarm, from, to); ok {
		b := v > s.Threshold
		if s.Below {
			b = v < s.Threshold
		}
		breaches = &b
	}
	s.windows = append(s.windows, breaches)
	if len(s.windows) > s.Windows {
		s.windows = s.windows[1:]
	}
	n := 0
	for _, b := range s.windows {
		if b != nil && *b || b == nil && s.MissingBreaches {
			n++
		}
	}
	state := stateOK
	if n >= s.Breaching {
		state = stateAlarm
	}
	w.turn(s, state)
}

// metric is what is known of a period.
func (w *World) metric(a *Alarm, from, to time.Time) (float64, bool) {
	if a.Canary != "" {
		n, ok := 0, 0
		for _, r := range w.runs[a.Canary] {
			if !r.at.Before(from) && r.at.Before(to) {
				n++
				if r.ok {
					ok++
				}
			}
		}
		return 100 * float64(ok) / float64(max(n, 1)), n > 0
	}
	// A secondary tells its lag while it replicates. What it tells when it does not is
	// not documented: nothing, here.
	d := &w.db
	if d.writer == a.Region || d.cut != nil && d.cut.Before(from) {
		return 0, false
	}
	return float64(d.lag.Milliseconds()), true
}

// turn changes an alarm's state, with what hangs on it.
func (w *World) turn(s *alarmState, state string) {
	if s.state == state {
		return
	}
	s.state = state
	if !w.now().Before(w.lostAt) {
		w.event("alarm %s: %s", s.Name, state)
	}
	if state == stateAlarm {
		if w.report.DetectionSeconds == 0 && len(s.windows) == 0 { // a composite one
			w.report.DetectionSeconds = w.now().Sub(w.lostAt).Seconds()
		}
		for _, start := range w.P.Starts {
			if start.Alarm == s.ARN {
				w.start(start.Machine, start.Input)
			}
		}
	}
	for _, a := range w.P.Alarms { // composite ones, in order
		if a.Rule != "" && a.Region == s.Region && slices.Contains(named(a.Rule), s.Name) {
			next := stateOK
			if w.holds(a.Region, a.Rule) {
				next = stateAlarm
			}
			w.turn(w.alarms[a.Region+" "+a.Name], next)
		}
	}
}

var term = regexp.MustCompile(`(ALARM|OK|INSUFFICIENT_DATA)\(\s*"?([^")]+?)"?\s*\)`)

// named are the alarms in a rule.
func named(rule string) (names []string) {
	for _, m := range term.FindAllStringSubmatch(rule, -1) {
		names = append(names, m[2])
	}
	return names
}

// holds evaluates the rule of a composite alarm: alternatives of conjunctions,
// each term with a NOT or without.
func (w *World) holds(region, rule string) bool {
	for _, alternative := range strings.Split(rule, " OR ") {
		all := true
		for _, one := range strings.Split(alternative, " AND ") {
			m := term.FindStringSubmatch(one)
			is := m != nil && w.Alarm(region, m[2]) == m[1]
			if strings.HasPrefix(strings.TrimSpace(one), "NOT") {
				is = !is
			}
			all = all && is
		}
		if all {
			return true
		}
	}
	return false
}

// Alarm is the state of an alarm.
func (w *World) Alarm(region, name string) string {
	if s := w.alarms[region+" "+name]; s != nil {
		return s.state
	}
	return "INSUFFICIENT_DATA"
}
