package picture

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// SVG draws a graph. The colours follow the reader's preference for light or dark.
func SVG(g *Graph) ([]byte, error) {
	l := arrange(g)
	root := el("svg", "xmlns", "http://www.w3.org/2000/svg", "viewBox", fmt.Sprintf("0 0 %d %d", l.w, l.h),
		"width", l.w, "height", l.h, "role", "img", "font-family", "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif")
	root.add(
		el("title").say("Architecture: "+describe(g)),
		el("style").say(style),
		arrowHeads(),
		el("rect", "class", "page", "width", l.w, "height", l.h),
	)
	for _, f := range l.frames {
		root.add(drawFrame(f)...)
	}
	for _, n := range l.lines {
		root.add(drawLine(n.kind, n.corners))
	}
	for _, b := range l.boxes {
		root.add(drawBox(b)...)
	}
	for _, t := range l.labels {
		text := el("text", "class", "label", "x", t.x, "y", t.y+labelSize-1).say(t.text)
		if t.end {
			text = el("text", "class", "label", "x", t.right(), "y", t.y+labelSize-1, "text-anchor", "end").say(t.text)
		}
		root.add(text)
	}
	root.add(drawLegend(l.legend)...)

	var out bytes.Buffer
	e := xml.NewEncoder(&out)
	e.Indent("", " ")
	if err := e.Encode(root); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

const style = `
.page { fill: #ffffff } .frame { fill: #f6f8fa; stroke: #d0d7de } .box { fill: #ffffff; stroke: #6e7781; stroke-width: 1.2 }
.pill { fill: #ddf4ff } text { fill: #1f2328 } .quiet { fill: #57606a } .number { font-weight: 600 }
.region { font-size: 19px; font-weight: 600 } .title { font-size: 16px; font-weight: 600 } .text { font-size: 13px } .label { font-size: 12px }
.line { fill: none; stroke-width: 1.5 } .need { stroke: #6e7781 } .lead { stroke: #0969da } .link { stroke: #8250df; stroke-dasharray: 6 3 }
.head-need { fill: #6e7781 } .head-lead { fill: #0969da } .head-link { fill: #8250df }
@media (prefers-color-scheme: dark) {
.page { fill: #0d1117 } .frame { fill: #161b22; stroke: #30363d } .box { fill: #0d1117; stroke: #8b949e }
.pill { fill: #1c2d41 } text { fill: #e6edf3 } .quiet { fill: #9da7b1 }
.need { stroke: #8b949e } .lead { stroke: #58a6ff } .link { stroke: #bc8cff }
.head-need { fill: #8b949e } .head-lead { fill: #58a6ff } .head-link { fill: #bc8cff }
}
`

// describe tells in words what the picture shows, for those who cannot see it.
func describe(g *Graph) string {
	var parts []string
	for _, s := range g.Stacks {
		var boxes []string
		for _, b := range s.Boxes {
			boxes = append(boxes, b.Name)
		}
		parts = append(parts, fmt.Sprintf("%s in %s (%s) with %s", s.Stack, s.Region, s.Role, strings.Join(boxes, ", ")))
	}
	return strings.Join(parts, "; ")
}

func arrowHeads() *element {
	defs := el("defs")
	for _, kind := range []lineKind{kindNeed, kindLead, kindLink} {
		defs.add(el("marker", "id", kind, "viewBox", "0 0 8 8", "refX", 8, "refY", 4, "markerWidth", 8, "markerHeight", 8,
			"markerUnits", "userSpaceOnUse", "orient", "auto").
			add(el("path", "class", "head-"+kind, "d", "M0 0 8 4 0 8z")))
	}
	return defs
}

func drawFrame(f frame) []*element {
	drawn := []*element{el("rect", "class", "frame", "x", f.x, "y", f.y, "width", f.w, "height", f.h, "rx", 8)}
	if f.Stack == "" {
		return append(drawn, el("text", "class", "region", "x", f.x+padding, "y", f.y+26).say("Global"))
	}
	return append(drawn,
		el("text", "class", "region", "x", f.x+padding, "y", f.y+26).say(f.Region),
		el("text", "class", "text quiet", "x", f.x+padding, "y", f.y+46).say(f.Stack+", "+f.Role))
}

func drawBox(b *box) []*element {
	drawn := []*element{
		el("rect", "class", "box", "x", b.x, "y", b.y, "width", b.w, "height", b.h, "rx", 6),
		el("text", "class", "title", "x", b.x+boxPadding, "y", b.y+24).say(b.at.Box),
	}
	for _, p := range b.pills {
		drawn = append(drawn,
			el("rect", "class", "pill", "x", p.x, "y", p.y, "width", p.w, "height", p.h, "rx", p.h/2),
			el("text", "class", "text", "x", p.x+p.w/2, "y", p.y+17, "text-anchor", "middle").say(p.Name+" ").
				add(el("tspan", "class", "number").say(p.number())))
	}
	return drawn
}

func drawLine(kind lineKind, corners []point) *element {
	var d strings.Builder
	for i, c := range corners {
		fmt.Fprintf(&d, "%c%d %d", "ML"[min(i, 1)], c.x, c.y)
	}
	return el("path", "class", fmt.Sprintf("line %s", kind), "d", d.String(), "marker-end", fmt.Sprintf("url(#%s)", kind))
}

func drawLegend(at point) []*element {
	var drawn []*element
	for i, entry := range []struct {
		kind lineKind
		text string
	}{
		{kindNeed, "needs (what follows from other arrows is left out)"},
		{kindLead, "leads into a region, labelled by the service that it leads to"},
		{kindLink, "refers to the other region, or makes something there; labelled by service"},
	} {
		y := at.y + i*legendLine - legendLine/2
		drawn = append(drawn,
			drawLine(entry.kind, []point{{at.x + padding, y}, {at.x + padding + 36, y}}),
			el("text", "class", "label quiet", "x", at.x+padding+46, "y", y+4).say(entry.text))
	}
	return drawn
}

// element is an XML element with its text before its children.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []*element
}

// el makes an element; attributes are given as name and value in turns.
func el(name string, attrs ...any) *element {
	e := &element{XMLName: xml.Name{Local: name}}
	for i := 0; i < len(attrs); i += 2 {
		value := fmt.Sprint(attrs[i+1])
		if n, ok := attrs[i+1].(int); ok {
			value = strconv.Itoa(n)
		}
		e.Attrs = append(e.Attrs, xml.Attr{Name: xml.Name{Local: attrs[i].(string)}, Value: value})
	}
	return e
}

func (e *element) say(text string) *element {
	e.Text = text
	return e
}

func (e *element) add(children ...*element) *element {
	e.Children = append(e.Children, children...)
	return e
}
