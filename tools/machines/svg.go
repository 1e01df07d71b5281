package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
)

// Measures of the picture, in pixels.
const (
	boxWidth, boxHeight = 230, 40
	columnWidth         = 300
	rowHeight           = 62
	margin              = 60
)

const style = `.page{fill:#fff}.box{fill:#fff;stroke:#6e7781;stroke-width:1.2}.Task{fill:#ddf4ff}.Choice{fill:#fff8c5}.Wait{fill:#fbefff}` +
	`.Succeed{fill:#dafbe1}.Fail{fill:#ffebe9}text{fill:#1f2328;font-size:13px}.detail{fill:#57606a;font-size:11px}` +
	`.line{fill:none;stroke:#57606a;stroke-width:1.3}.caught{stroke:#cf222e;stroke-dasharray:5 3}.head{fill:#57606a}.bad{fill:#cf222e}`

func (n *node) x() int { return margin + n.column*columnWidth }
func (n *node) y() int { return margin/2 + n.row*rowHeight }

// svg draws the graph once it is laid out.
func (g *graph) svg() []byte {
	var b bytes.Buffer
	columns, rows := 0, 0
	for _, n := range g.nodes {
		columns, rows = max(columns, n.column), max(rows, n.row)
	}
	width, height := 2*margin+columns*columnWidth+boxWidth, margin+rows*rowHeight+boxHeight+40
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" font-family="system-ui, sans-serif">`+"\n",
		width, height, width, height)
	fmt.Fprintf(&b, "<style>%s</style>\n", style)
	for _, head := range []string{"head", "bad"} {
		fmt.Fprintf(&b, `<marker id="%s" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="%s" d="M0 0 8 4 0 8z"/></marker>`+"\n", head, head)
	}
	fmt.Fprintf(&b, `<rect class="page" width="%d" height="%d"/>`+"\n", width, height)
	for _, e := range g.edges {
		class, head := "line", "head"
		if e.caught {
			class, head = "line caught", "bad"
		}
		fmt.Fprintf(&b, `<path class="%s" d="%s" marker-end="url(#%s)"/>`+"\n", class, e.path(), head)
	}
	for _, name := range slices.Sorted(maps.Keys(g.nodes)) {
		n := g.nodes[name]
		fmt.Fprintf(&b, `<rect class="box %s" x="%d" y="%d" width="%d" height="%d" rx="6"/>`+"\n", n.kind, n.x(), n.y(), boxWidth, boxHeight)
		at := n.y() + boxHeight/2 + 5
		if n.detail != "" {
			at -= 8
			fmt.Fprintf(&b, `<text class="detail" x="%d" y="%d" text-anchor="middle">%s</text>`+"\n", n.x()+boxWidth/2, at+15, escaped(n.detail))
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle">%s</text>`+"\n", n.x()+boxWidth/2, at, escaped(n.name))
	}
	fmt.Fprintf(&b, `<text class="detail" x="%d" y="%d">Dashed: after an error. Left out: the way of every other error to NotifyFailure, by FailLease where there is a lease.</text>`+"\n",
		margin, height-16)
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

// path is the way of an edge between its boxes: down where the next row is
// below, and else in a curve past the boxes between.
func (e *edge) path() string {
	f, t := e.from, e.to
	left, right := f.x(), f.x()+boxWidth
	middle := f.y() + boxHeight/2
	switch {
	case f.column == t.column && t.row == f.row+1:
		return fmt.Sprintf("M%d %dL%d %d", f.x()+boxWidth/2, f.y()+boxHeight, t.x()+boxWidth/2, t.y())
	case f.column == t.column && !e.back: // past others, on the left
		bend := left - 20 - 6*min(t.row-f.row, 6)
		return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", left, middle, bend, middle, bend, t.y()+12, left, t.y()+12)
	case f.column == t.column: // back up, on the right
		bend := right + 20 + 6*min(f.row-t.row, 6)
		return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", right, middle, bend, middle, bend, t.y()+boxHeight-10, right, t.y()+boxHeight-10)
	case t.column > f.column:
		return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", right, middle, right+40, middle, t.x()-40, t.y()+boxHeight/2, t.x(), t.y()+boxHeight/2)
	default: // to a column on the left
		end := t.x() + boxWidth
		return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", left, middle, left-40, middle, end+40, t.y()+boxHeight/2, end, t.y()+boxHeight/2)
	}
}
