package failover

import "time"

// database is the Aurora global database. It replicates from its writer to the
// other region, late by lag.
//
// What a writer has taken after it was cut off from the secondary, and what was
// not replicated yet, is lost once the secondary is promoted. A promotion fences
// the old writer off only where that can be reached. Where not, the old writer goes
// on for all that still come to it, and the applications beside it go on using it:
// the change of the global writer endpoint does not reach them either.
type database struct {
	writer string // the region
	lag    time.Duration
	// cut is when replication ended, by the loss or by the start of a promotion.
	cut *time.Time
	// stopped is until when the writer takes nothing.
	stopped time.Time
	// commits are the times of all that each region has taken.
	commits  map[string][]time.Time
	promoted time.Time
	// known is the writer by the global endpoint, as the applications of each region
	// remember it.
	known map[string]string
	// takes are the regions whose database takes writes.
	takes map[string]bool
	// planned is a switchover that is under way.
	planned bool
	// twice counts what the old writer took when there was a new one already.
	twice int
}

func (d *database) begin(w *World) {
	d.lag = w.draw(w.t.Lag)
	d.commits, d.takes, d.known = map[string][]time.Time{}, map[string]bool{}, map[string]string{}
	for _, r := range w.P.Regions {
		if r.Writer != "" {
			d.writer, d.takes[r.Name] = r.Name, true
		}
	}
	for _, r := range w.P.Regions {
		d.known[r.Name] = d.writer
	}
}

// broken ends the replication at this moment, if it has not ended.
func (d *database) broken(w *World) {
	if d.cut == nil {
		now := w.now()
		d.cut = &now
	}
}

// write is a write by the application of a region.
func (d *database) write(w *World, from string) bool {
	to := d.known[from]
	if from != to && w.machinery.Cut(from) || !d.takes[to] || !w.reaches(place{region: from, rank: 1}, to) || w.now().Before(d.stopped) && to == d.writer {
		return false
	}
	d.commits[to] = append(d.commits[to], w.now())
	if to != d.writer {
		d.twice++
	}
	return true
}

// other is the region that is not the one named.
func (w *World) other(region string) string {
	if region == w.home.Name {
		return w.standby.Name
	}
	return w.home.Name
}

// failWriter has a reader of the writer's cluster take its place.
func (w *World) failWriter() {
	takes := w.draw(w.t.WriterFailover)
	w.db.stopped = w.now().Add(takes)
	w.Clock.After(takes, func() { w.event("a reader of %s is the writer", w.db.writer) })
}

// RoleChange is how long a change to another writer takes that begins now.
func (w *World) RoleChange(planned bool) time.Duration {
	if !planned {
		w.event("the promotion begins")
		w.db.broken(w)
		if old := w.db.writer; w.reaches(place{region: w.other(old), rank: 1}, old) {
			w.Clock.After(w.draw(w.t.Fence), func() { w.db.takes[old] = false })
		}
		return w.draw(w.t.Promotion)
	}
	// A switchover takes no writes until it is over, and loses none.
	takes := w.draw(w.t.Switchover)
	w.event("the switchover begins")
	w.db.planned = true
	w.db.stopped = w.now().Add(takes)
	return takes
}

// Writer is called when the global database has another writer.
func (w *World) Writer(_, region string) {
	d := &w.db
	old := d.writer
	if old == region {
		return
	}
	d.writer, d.takes[region] = region, true
	for _, r := range w.P.Regions {
		if r.Name == region || w.reaches(place{region: region, rank: 1}, r.Name) {
			w.Clock.After(w.draw(Range{0, w.t.WriterCache}), func() { d.known[r.Name] = region })
		}
	}
	if d.planned {
		d.planned, d.cut = false, nil
	} else {
		d.promoted = w.now()
	}
	if w.reaches(place{region: region, rank: 1}, old) {
		d.takes[old] = false
	}
	w.event("%s is the writer", region)
}

// losses are what the old writer has taken and the new one has not: how many, and
// the time between the last write that is kept and the last that is lost.
func (d *database) losses() (n int, span time.Duration) {
	if d.promoted.IsZero() {
		return 0, 0
	}
	var kept, gone time.Time
	for region, commits := range d.commits {
		if region == d.writer {
			continue
		}
		for _, at := range commits {
			if at.Add(d.lag).After(*d.cut) {
				n++
				gone = at
			} else {
				kept = at
			}
		}
	}
	if n > 0 {
		span = gone.Sub(kept)
	}
	return n, span
}
