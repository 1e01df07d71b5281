package drill

import (
	"encoding/xml"
	"fmt"
	"math"
	"strings"

	"github.com/tandem-platform/tandem/resilience/failover"
)

// The measures of the picture, in pixels.
const (
	width       = 960
	left, right = 64, 24
	heading     = 64
	plot        = 150
	lane        = 20 // of a phase
	footing     = 34
)

// The colours follow the reader's preference for light or dark.
const style = `
.page { fill: #ffffff } text { fill: #1f2328; font-size: 12px } .title { font-size: 15px; font-weight: 600 } .quiet { fill: #57606a }
.grid { stroke: #d0d7de } .good { fill: #54aeff; fill-opacity: .6 } .failed { fill: #e16f24 } .pods { fill: none; stroke: #1f2328; stroke-width: 1.5 }
.start { stroke: #57606a; stroke-dasharray: 2 3 } .phase { fill: #8250df; fill-opacity: .7 }
@media (prefers-color-scheme: dark) {
.page { fill: #0d1117 } text { fill: #e6edf3 } .quiet { fill: #9da7b1 } .grid { stroke: #30363d } .good { fill: #1f6feb; fill-opacity: .7 }
.failed { fill: #f0883e } .pods { stroke: #e6edf3 } .start { stroke: #9da7b1 } .phase { fill: #a371f7 } }
`

// phase is a part of the time line: from one event to another, by what they say.
type phase struct{ name, from, to string }

// phases are what the picture shows of the events. A phase whose events did not
// happen is left out.
var phases = []phase{
	{"detection", "", "starts"},
	{"signals and approval", "starts", ": TakeLease"},
	{"capacity", ": RecordCapacity", ": FlipRouting"},
	{"routing", ": FlipRouting", ": AwaitFence"},
	{"fence", ": AwaitFence", ": Promote"},
	{"promotion", "the promotion begins", "is the writer"},
	{"verification", ": Verify", ": SUCCEEDED"},
}

// Picture draws a report in SVG: the requests served and failed in every second,
// the pods of the standby, and what took the time.
func Picture(r *failover.Report) []byte {
	var spans []span
	for _, p := range phases {
		if s, ok := p.of(r.Events); ok {
			spans = append(spans, s)
		}
	}
	before := 60.0
	until := 300.0
	for _, s := range spans {
		until = math.Max(until, s.to+60)
	}
	until = math.Min(math.Max(until, r.RTOSeconds+60), r.From+float64(len(r.Timeline)))
	x := func(s float64) float64 { return left + (s+before)/(until+before)*(width-left-right) }
	most := 1.0
	for _, s := range r.Timeline {
		most = math.Max(most, float64(s.Requests))
	}
	bottom := float64(heading + plot)
	y := func(v float64) float64 { return bottom - v/most*plot }
	high := heading + plot + footing + len(spans)*lane + 16

	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif">`,
		width, high, width, high)
	fmt.Fprintf(&b, "\n<title>Drill: %s</title>\n<style>%s</style>\n<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n", escape(string(r.Loss)), style, width, high)
	fmt.Fprintf(&b, `<text class="title" x="%d" y="22">Drill: %s, seed %d</text>`+"\n", left, escape(string(r.Loss)), r.Seed)
	fmt.Fprintf(&b, `<text class="quiet" x="%d" y="42">RTO %.0f s · RPO %.1f s · %d requests of %d failed · %d writes lost</text>`+"\n",
		left, r.RTOSeconds, r.RPOSeconds, r.RequestsFailed, r.Requests, r.WritesLost)
	fmt.Fprintf(&b, `<rect class="good" x="%d" y="32" width="11" height="11"/><text x="%d" y="42">served per second</text>`, width-360, width-343)
	fmt.Fprintf(&b, `<rect class="failed" x="%d" y="32" width="11" height="11"/><text x="%d" y="42">failed</text>`, width-225, width-208)
	fmt.Fprintf(&b, `<path class="pods" d="M%d 38h20"/><text x="%d" y="42">standby's pods</text>`+"\n", width-155, width-128)
	for _, v := range []float64{0, most / 2, most} {
		fmt.Fprintf(&b, `<path class="grid" d="M%d %.1fH%d"/><text class="quiet" x="%d" y="%.1f" text-anchor="end">%.0f</text>`+"\n", left, y(v), width-right, left-8, y(v)+4, v)
	}
	step := 60.0
	for (until+before)/step > 14 {
		step *= 2
	}
	for s := 0.0; s <= until; s += step {
		fmt.Fprintf(&b, `<text class="quiet" x="%.1f" y="%.1f" text-anchor="middle">%.0f s</text>`, x(s), bottom+17, s)
	}
	b.WriteByte('\n')
	bars(&b, r, before, until, x, y)
	fmt.Fprintf(&b, `<path class="start" d="M%.1f %dV%d"/>`+"\n", x(0), heading, high-10)
	for i, s := range spans {
		top := heading + plot + footing + i*lane
		fmt.Fprintf(&b, `<rect class="phase" x="%.1f" y="%d" width="%.1f" height="12" rx="2"/>`, x(s.from), top, math.Max(2, x(s.to)-x(s.from)))
		label, anchor := x(s.to)+6, "start"
		if label > width-200 {
			label, anchor = x(s.from)-6, "end"
		}
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="%s">%s, %.0f s</text>`+"\n", label, top+11, anchor, s.name, s.to-s.from)
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// bars draws what was served and what failed, and the line of pods.
func bars(b *strings.Builder, r *failover.Report, before, until float64, x, y func(float64) float64) {
	var good, failed, pods strings.Builder
	command := "M"
	for i, s := range r.Timeline {
		at := r.From + float64(i)
		if at < -before || at >= until {
			continue
		}
		served := float64(s.Requests - s.Failed)
		fmt.Fprintf(&good, "M%.1f %.1fV%.1fH%.1fV%.1fZ", x(at), y(0), y(served), x(at+1), y(0))
		if s.Failed > 0 {
			fmt.Fprintf(&failed, "M%.1f %.1fV%.1fH%.1fV%.1fZ", x(at), y(served), y(float64(s.Requests)), x(at+1), y(served))
		}
		fmt.Fprintf(&pods, "%s%.1f %.1f", command, x(at), y(float64(s.StandbyPods)))
		command = "L"
	}
	fmt.Fprintf(b, `<path class="good" d="%s"/><path class="failed" d="%s"/><path class="pods" d="%s"/>`+"\n", good.String(), failed.String(), pods.String())
}

// span is a phase in seconds from the loss.
type span struct {
	name     string
	from, to float64
}

func (p phase) of(events []failover.Event) (span, bool) {
	s := span{name: p.name, from: -1, to: -1}
	if p.from == "" {
		s.from = 0
	}
	for _, e := range events {
		switch {
		case e.Seconds < 0:
		case s.from < 0 && strings.Contains(e.What, p.from):
			s.from = e.Seconds
		case s.from >= 0 && s.to < 0 && strings.Contains(e.What, p.to):
			s.to = e.Seconds
		}
	}
	return s, s.from >= 0 && s.to >= s.from
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder takes everything
	return b.String()
}
