package main

import (
	"encoding/xml"
	"fmt"
	"math"
	"strings"

	"github.com/tandem-platform/tandem/resilience/rollout"
)

// panel is one run in the picture, with where its state comes from.
type panel struct {
	from   string
	report *rollout.Report
}

// The measures of the picture, in pixels.
const (
	width       = 960
	left, right = 64, 24
	heading     = 46 // the title and the verdict of a panel
	plot        = 120
	footing     = 40 // the scale of time
	legend      = 34
)

// The colours follow the reader's preference for light or dark. They are told apart
// by everybody: blue and orange, with a line in grey.
const style = `
.page { fill: #ffffff } text { fill: #1f2328; font-size: 12px } .title { font-size: 15px; font-weight: 600 } .quiet { fill: #57606a }
.bad { fill: #bc4c00; font-weight: 600 } .grid { stroke: #d0d7de } .capacity { fill: #54aeff; fill-opacity: .45; stroke: #0969da }
.offered { fill: none; stroke: #1f2328; stroke-width: 1.5; stroke-dasharray: 5 3 } .failed { fill: #e16f24 } .start { stroke: #57606a; stroke-dasharray: 2 3 }
@media (prefers-color-scheme: dark) {
.page { fill: #0d1117 } text { fill: #e6edf3 } .quiet { fill: #9da7b1 } .bad { fill: #f0883e } .grid { stroke: #30363d }
.capacity { fill: #1f6feb; stroke: #58a6ff } .offered { stroke: #e6edf3 } .failed { fill: #f0883e } .start { stroke: #9da7b1 } }
`

// draw is a picture in SVG with a panel for every run, all on one scale of time:
// what the pods could do, what was asked for, and what failed, second by second.
func draw(panels []panel) []byte {
	seconds, most := 1, 1.0
	for _, p := range panels {
		seconds = max(seconds, len(p.report.Timeline))
		for _, s := range p.report.Timeline {
			most = math.Max(most, math.Max(s.Capacity, float64(s.Failed)))
		}
	}
	high := legend + len(panels)*(heading+plot+footing)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif">`,
		width, high, width, high)
	fmt.Fprintf(&b, "\n<title>Capacity and failed requests while pods are replaced</title>\n<style>%s</style>\n<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n", style, width, high)
	drawLegend(&b)
	for i, p := range panels {
		drawPanel(&b, p, legend+i*(heading+plot+footing), seconds, nice(most))
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

func drawLegend(b *strings.Builder) {
	fmt.Fprintf(b, `<rect class="capacity" x="%d" y="13" width="18" height="11"/><text x="%d" y="23">what the pods in use can do</text>`, left, left+25)
	fmt.Fprintf(b, `<path class="offered" d="M%d 19h22"/><text x="%d" y="23">what clients ask for</text>`, left+225, left+254)
	fmt.Fprintf(b, `<rect class="failed" x="%d" y="13" width="11" height="11"/><text x="%d" y="23">attempts that fail, all per second</text>`+"\n", left+405, left+423)
}

func drawPanel(b *strings.Builder, p panel, top, seconds int, most float64) {
	r := p.report
	x := func(s float64) float64 { return left + s/float64(seconds)*(width-left-right) }
	bottom := float64(top + heading + plot)
	y := func(v float64) float64 { return bottom - v/most*plot }

	fmt.Fprintf(b, `<text class="title" x="%d" y="%d">%s: %s</text>`, left, top+18, escape(p.from), escape(string(r.Scenario)))
	verdict, class := fmt.Sprintf("no request of %d lost", r.Requests), "quiet"
	if r.Lost > 0 {
		verdict, class = fmt.Sprintf("%d requests of %d lost", r.Lost, r.Requests), "bad"
	}
	fmt.Fprintf(b, `<text class="%s" x="%d" y="%d">%s</text>`, class, left, top+36, verdict)
	took := fmt.Sprintf("%.0f s", r.Seconds)
	if !r.Done {
		took = "not over after " + took
	}
	fmt.Fprintf(b, `<text class="quiet" x="%d" y="%d" text-anchor="end">%s · %d pods at least · %d %% of the load · %d attempts failed</text>`+"\n",
		width-right, top+36, took, r.MinReady, r.MinCapacityPercent, r.Failed)

	for _, v := range []float64{0, most / 2, most} {
		fmt.Fprintf(b, `<path class="grid" d="M%d %.1fH%d"/><text class="quiet" x="%d" y="%.1f" text-anchor="end">%.0f</text>`, left, y(v), width-right, left-8, y(v)+4, v)
	}
	tick := 20
	for seconds/tick > 14 {
		tick *= 2
	}
	for s := 0; s <= seconds-rollout.Before; s += tick {
		fmt.Fprintf(b, `<text class="quiet" x="%.1f" y="%.1f" text-anchor="middle">%d s</text>`, x(float64(s+rollout.Before)), bottom+17, s)
	}
	b.WriteByte('\n')

	var area, line strings.Builder
	fmt.Fprintf(&area, "M%.1f %.1f", x(0), bottom)
	for i, s := range r.Timeline {
		from, to := x(float64(i)), x(float64(i+1))
		fmt.Fprintf(&area, "L%.1f %.1fH%.1f", from, y(s.Capacity), to)
		command := "L"
		if i == 0 {
			command = "M"
		}
		fmt.Fprintf(&line, "%s%.1f %.1fH%.1f", command, from, y(s.Offered), to)
	}
	fmt.Fprintf(&area, "V%.1fZ", bottom)
	fmt.Fprintf(b, `<path class="capacity" d="%s"/><path class="offered" d="%s"/>`+"\n", area.String(), line.String())
	for i, s := range r.Timeline {
		if s.Failed > 0 {
			fmt.Fprintf(b, `<rect class="failed" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`,
				x(float64(i)), y(float64(s.Failed)), x(1)-x(0), bottom-y(float64(s.Failed)))
		}
	}
	fmt.Fprintf(b, `<path class="start" d="M%.1f %dV%.1f"/>`+"\n", x(rollout.Before), top+heading, bottom)
}

// nice is the next number that reads well on a scale.
func nice(v float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 4, 5, 10} {
		if v <= m*unit {
			return m * unit
		}
	}
	return 10 * unit
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder takes everything
	return b.String()
}
