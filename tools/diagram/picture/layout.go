package picture

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Sizes, in the picture's units, which are pixels where it is shown unscaled.
const (
	margin     = 16 // around the picture
	padding    = 14 // between a frame and its boxes
	minWidth   = 300
	boxHead    = 36 // a box's title with the space around it
	boxPadding = 10
	rowGap     = 30
	frameHead  = 60 // region and role above a column's first box
	laneStep   = 12 // between parallel lines
	globalGap  = 60 // between global boxes, for an arrow
	globalHead = 34
	pillHeight = 24
	pillGap    = 6
	labelLine  = 16
	legendLine = 20

	titleSize = 16
	textSize  = 13
	labelSize = 12
)

// textWidth estimates how wide a text is, by the letters of DejaVu Sans, which is
// wider than most: fonts differ from one machine to the next.
func textWidth(text string, size int) int {
	em := 0 // in hundredths
	for _, r := range text {
		switch {
		case strings.ContainsRune("fijlrtI.,:;'|()[] /-", r):
			em += 42
		case strings.ContainsRune("mwMW", r):
			em += 99
		case unicode.IsUpper(r):
			em += 75
		default:
			em += 64
		}
	}
	return em*size/100 + 2
}

type point struct{ x, y int }

type rect struct{ x, y, w, h int }

func (r rect) right() int  { return r.x + r.w }
func (r rect) bottom() int { return r.y + r.h }

// layout is where everything is.
type layout struct {
	rect
	frames []frame
	boxes  []*box
	lines  []*line
	labels []label
	legend point
}

// frame is drawn round a column.
type frame struct {
	rect
	Column
}

// box is a component or a global service with what it consists of.
type box struct {
	rect
	at    Place
	pills []pill
}

type pill struct {
	rect
	Count
}

func (c Count) number() string { return strconv.Itoa(c.Resources) }

// line is an arrow. Its strokes are horizontal or vertical, from corner to corner; its
// head is at the last one.
type line struct {
	kind     lineKind
	from, to Place
	corners  []point
}

type lineKind string

const (
	kindNeed lineKind = "need" // within a column
	kindLead lineKind = "lead" // from a global service
	kindLink lineKind = "link" // from region to region
)

// label is a text beside a line; its rectangle holds all of it.
type label struct {
	rect
	text string
	end  bool // the text ends at the right of the rectangle, else it starts at the left
}

// planner makes a layout, from the sizes of things to their positions.
type planner struct {
	*Graph
	layout
	boxWidth int
	at       map[Place]*box
	columns  []*column
	gaps     []*gap
	rows     []*row
	leads    []*crossing
	links    []*crossing
	sources  map[string][]*crossing // leads by their global service
}

// column is a stack's column.
type column struct {
	Column
	frame rect
	lanes int // for needs that pass by other boxes
	needs []*lane
}

// lane is the vertical part of a need that passes by other boxes.
type lane struct {
	need     *line
	top, end int // rows
	number   int // counted away from the boxes
	ports    [2]int
}

// gap is the space between two columns: lanes along the left one, labels, lanes
// along the right one.
type gap struct {
	rect
	lanes [2]int
	label int
}

// row is what has the same height in all columns.
type row struct {
	y, h int
	used []int // height that the crossings of each gap take
}

// crossing is a line through a gap.
type crossing struct {
	Link
	gap        *gap
	side       int // of the gap, at which the target is: 0 left, 1 right
	row, toRow int // row of the labels, and of the target
	y, toY     int // below the rows' tops
	lane       int // -1 where it runs straight through
}

func arrange(g *Graph) *layout {
	p := &planner{Graph: g, boxWidth: minWidth, at: map[Place]*box{}, sources: map[string][]*crossing{}}
	p.measureBoxes()
	p.planNeeds()
	p.planCrossings()
	p.placeColumns()
	p.placeGlobals()
	p.drawNeeds()
	p.drawLinks()
	p.drawLeads()
	p.h = p.legend.y + 3*legendLine + margin - legendLine/2
	return &p.layout
}

// measureBoxes makes the rows and the boxes of all stacks, with no position yet.
func (p *planner) measureBoxes() {
	for _, c := range p.Stacks {
		for _, b := range c.Boxes {
			p.boxWidth = max(p.boxWidth, textWidth(b.Name, titleSize)+2*boxPadding)
			for _, count := range b.Counts {
				p.boxWidth = max(p.boxWidth, pillWidth(count)+2*boxPadding)
			}
		}
	}
	for range p.Rows {
		p.rows = append(p.rows, &row{used: make([]int, max(1, len(p.Stacks)-1))})
	}
	for _, c := range p.Stacks {
		p.columns = append(p.columns, &column{Column: c})
		for _, b := range c.Boxes {
			made := p.makeBox(Place{c.Stack, b.Name}, b.Counts, p.boxWidth)
			r := p.rows[slices.Index(p.Rows, b.Name)]
			r.h = max(r.h, made.h)
		}
	}
}

func pillWidth(c Count) int { return textWidth(c.Name+" "+c.number(), textSize) + 14 }

// makeBox makes a box at the origin, with its pills in as many lines as it takes.
func (p *planner) makeBox(at Place, counts []Count, width int) *box {
	b := &box{rect: rect{w: width, h: boxHead}, at: at}
	x, y := boxPadding, boxHead
	for _, c := range counts {
		w := pillWidth(c)
		if x > boxPadding && x+w > width-boxPadding {
			x, y = boxPadding, y+pillHeight+pillGap
		}
		b.pills = append(b.pills, pill{rect{x, y, w, pillHeight}, c})
		x += w + pillGap
		b.h = y + pillHeight + boxPadding
	}
	p.at[at] = b
	p.boxes = append(p.boxes, b)
	return b
}

// put moves a box and its pills to their place.
func (b *box) put(x, y int) {
	b.x, b.y = x, y
	for i := range b.pills {
		b.pills[i].x += x
		b.pills[i].y += y
	}
}

// planNeeds gives a lane to every need that has other boxes in its way.
func (p *planner) planNeeds() {
	for _, c := range p.columns {
		for _, n := range c.Needs {
			l := &line{kind: kindNeed, from: Place{c.Stack, n.From}, to: Place{c.Stack, n.To}}
			p.lines = append(p.lines, l)
			from, to := slices.Index(p.Rows, n.From), slices.Index(p.Rows, n.To)
			passing := &lane{need: l, top: min(from, to), end: max(from, to)}
			if p.blocked(c, passing) {
				c.needs = append(c.needs, passing)
			}
		}
		// Short ones run closest to the boxes.
		slices.SortStableFunc(c.needs, func(a, b *lane) int { return (a.end - a.top) - (b.end - b.top) })
		for i, a := range c.needs {
			for slices.ContainsFunc(c.needs[:i], func(b *lane) bool { return a.number == b.number && a.top <= b.end && b.top <= a.end }) {
				a.number++
			}
			c.lanes = max(c.lanes, a.number+1)
		}
	}
}

// blocked tells whether a box lies between the ends of a need.
func (p *planner) blocked(c *column, l *lane) bool {
	for _, name := range p.Rows[l.top+1 : l.end] {
		if p.at[Place{c.Stack, name}] != nil {
			return true
		}
	}
	return false
}

// planCrossings gives every line between columns a height in a row, and a lane
// in a gap where it has to change its height.
func (p *planner) planCrossings() {
	for range max(1, len(p.columns)-1) {
		p.gaps = append(p.gaps, &gap{})
	}
	index := func(stack string) int {
		return slices.IndexFunc(p.columns, func(c *column) bool { return c.Stack == stack })
	}
	for _, l := range p.linksInOrder() {
		from, to := index(l.From.Stack), index(l.To.Stack)
		c := &crossing{Link: l, lane: -1}
		g := min(to, len(p.gaps)-1) // a lead comes from the gap on the right, and in the last column on the left
		if from >= 0 {
			g = min(from, to)
		}
		c.gap = p.gaps[g]
		if to > g {
			c.side = 1
		}
		c.toRow = max(0, slices.Index(p.Rows, l.To.Box))
		c.row = c.toRow
		if from >= 0 {
			c.row = slices.Index(p.Rows, l.From.Box)
			if l.To.Box == "" {
				c.toRow = c.row
			}
		}
		for _, text := range l.Labels {
			c.gap.label = max(c.gap.label, textWidth(text, labelSize))
		}
		c.y = p.rows[c.row].use(g, labelLine*max(1, len(l.Labels)))
		c.toY = c.y
		if c.toRow != c.row {
			c.toY = p.rows[c.toRow].use(g, labelLine)
		}
		if from < 0 {
			p.leads = append(p.leads, c)
			continue
		}
		p.links = append(p.links, c)
	}
	// The deeper a lane has to go, the further it is from its column, so that lanes
	// do not cross the ends of others.
	turning := slices.Clone(p.leads)
	for _, c := range p.links {
		if c.toRow != c.row {
			turning = append(turning, c)
		}
	}
	slices.SortStableFunc(turning, func(a, b *crossing) int { return cmp.Or(a.toRow-b.toRow, a.toY-b.toY) })
	for _, c := range turning {
		c.lane = c.gap.lanes[c.side]
		c.gap.lanes[c.side]++
	}
}

// linksInOrder puts the lines from global services first. What comes from a
// service that is near a column's side gets there first, so that fewer lines cross.
func (p *planner) linksInOrder() []Link {
	rank := func(l Link) int {
		from := slices.IndexFunc(p.Global.Boxes, func(b Box) bool { return b.Name == l.From.Box })
		switch last := p.columns[len(p.columns)-1].Stack; {
		case l.From.Stack != "":
			return len(p.Global.Boxes)
		case l.To.Stack == last:
			return -from
		default:
			return from
		}
	}
	return slices.SortedStableFunc(slices.Values(p.Links), func(a, b Link) int { return rank(a) - rank(b) })
}

// use takes a height of a row in a gap and returns where the line runs.
func (r *row) use(gap, height int) int {
	const space = 10 // below the line
	y := r.used[gap] + height
	r.used[gap] = y + space
	r.h = max(r.h, r.used[gap]+space)
	return y
}

// placeColumns sets the positions of frames, rows and boxes, apart from how far
// down they are: placeGlobals knows that.
func (p *planner) placeColumns() {
	x := margin
	for i, c := range p.columns {
		c.frame = rect{x: x, w: 2*padding + c.lanes*laneStep + p.boxWidth}
		x = c.frame.right()
		if i < len(p.gaps) {
			g := p.gaps[i]
			g.x = x
			g.w = (g.lanes[0]+g.lanes[1]+2)*laneStep + g.label
			if i < len(p.columns)-1 || g.lanes[0] > 0 {
				x = g.right()
			}
		}
	}
	p.w = x + margin
	y := frameHead
	for _, r := range p.rows {
		r.y = y
		y += r.h + rowGap
	}
	for _, c := range p.columns {
		c.frame.h = y - rowGap + padding
	}
}

// outerRight tells whether needs of a column run right of its boxes.
func (p *planner) outerRight(i int) bool { return i > 0 && i == len(p.columns)-1 }

// placeGlobals places the global services in a strip on top, and then the
// columns below it.
func (p *planner) placeGlobals() {
	top := margin
	if len(p.Global.Boxes) > 0 {
		total, height := -globalGap, 0
		for _, b := range p.Global.Boxes {
			w := textWidth(b.Name, titleSize)
			for _, c := range b.Counts {
				w = max(w, pillWidth(c))
			}
			// As narrow as its widest pill: one in a line.
			made := p.makeBox(Place{"", b.Name}, b.Counts, w+2*boxPadding)
			total += made.w + globalGap
			height = max(height, made.h)
		}
		p.w = max(p.w, total+2*(margin+padding))
		arcs := 0
		for _, n := range p.Global.Needs {
			if p.globalDistance(n) != 1 {
				arcs++
			}
		}
		x, y := (p.w-total)/2, top+globalHead+arcs*laneStep
		for _, b := range p.Global.Boxes {
			made := p.at[Place{"", b.Name}]
			made.h = height
			made.put(x, y)
			x = made.right() + globalGap
		}
		strip := rect{margin, top, p.w - 2*margin, y + height + padding - top}
		p.frames = append(p.frames, frame{strip, p.Global})
		top = strip.bottom() + (len(p.leads)+1)*laneStep + padding
	}
	for _, r := range p.rows {
		r.y += top
	}
	for i, c := range p.columns {
		c.frame.y = top
		p.frames = append(p.frames, frame{c.frame, c.Column})
		x := c.frame.x + padding + c.lanes*laneStep
		if p.outerRight(i) {
			x = c.frame.x + padding
		}
		for _, b := range c.Boxes {
			made, r := p.at[Place{c.Stack, b.Name}], p.rows[slices.Index(p.Rows, b.Name)]
			made.h = r.h
			made.put(x, r.y)
		}
		p.legend = point{margin, c.frame.bottom() + margin + legendLine}
	}
}

// globalDistance is how many places to the right a global service needs another.
func (p *planner) globalDistance(n Need) int {
	index := func(name string) int {
		return slices.IndexFunc(p.Global.Boxes, func(b Box) bool { return b.Name == name })
	}
	return index(n.To) - index(n.From)
}

// drawNeeds draws the arrows within columns.
func (p *planner) drawNeeds() {
	arcs := 0
	for _, n := range p.Global.Needs {
		from, to := p.at[Place{"", n.From}], p.at[Place{"", n.To}]
		l := &line{kind: kindNeed, from: from.at, to: to.at}
		p.lines = append(p.lines, l)
		if p.globalDistance(n) == 1 {
			y := from.y + from.h/2
			l.corners = []point{{from.right(), y}, {to.x, y}}
			continue
		}
		arcs++
		y, a, b := from.y-arcs*laneStep, from.x+from.w/2+arcs*4, to.x+to.w/2-arcs*4
		l.corners = []point{{a, from.y}, {a, y}, {b, y}, {b, to.y}}
	}
	for i, c := range p.columns {
		for _, b := range c.Boxes {
			p.placePorts(c, p.at[Place{c.Stack, b.Name}])
		}
		for _, l := range c.needs {
			from, to := p.at[l.need.from], p.at[l.need.to]
			edge, x := from.x, from.x-(l.number+1)*laneStep
			if p.outerRight(i) {
				edge, x = from.right(), from.right()+(l.number+1)*laneStep
			}
			a, b := from.y+l.ports[0], to.y+l.ports[1]
			l.need.corners = []point{{edge, a}, {x, a}, {x, b}, {edge, b}}
		}
	}
	for _, l := range p.lines {
		if l.corners != nil {
			continue
		}
		from, to := p.at[l.from], p.at[l.to]
		if x := from.x + from.w/2; from.y > to.y {
			l.corners = []point{{x, from.y}, {x, to.bottom()}}
		} else {
			x += 2 * laneStep // beside the arrow up, where there are both
			l.corners = []point{{x, from.bottom()}, {x, to.y}}
		}
	}
}

// placePorts spreads the ends of lanes over the side of a box, in an order in
// which they do not cross.
func (p *planner) placePorts(c *column, b *box) {
	type port struct {
		lane *lane
		end  int
	}
	rank := func(e port) int {
		if other := []Place{e.lane.need.to, e.lane.need.from}[e.end]; p.at[other].y < b.y {
			return e.lane.number - len(c.needs)
		}
		return len(c.needs) - e.lane.number
	}
	var ports []port
	for _, l := range c.needs {
		if l.need.from == b.at {
			ports = append(ports, port{l, 0})
		}
		if l.need.to == b.at {
			ports = append(ports, port{l, 1})
		}
	}
	slices.SortStableFunc(ports, func(a, b port) int { return rank(a) - rank(b) })
	for i, e := range ports {
		e.lane.ports[e.end] = b.h * (i + 1) / (len(ports) + 1)
	}
}

// laneX is where the lane of a crossing runs.
func (c *crossing) laneX() int {
	if c.side == 0 {
		return c.gap.x + (c.lane+1)*laneStep
	}
	return c.gap.right() - (c.lane+1)*laneStep
}

// facing is the edge of a place that faces a gap.
func (p *planner) facing(at Place, side int) int {
	edge := rect{}
	if b := p.at[at]; b != nil {
		edge = b.rect
	} else {
		i := slices.IndexFunc(p.columns, func(c *column) bool { return c.Stack == at.Stack })
		edge = p.columns[i].frame
	}
	if side == 0 {
		return edge.right()
	}
	return edge.x
}

// write puts a crossing's labels above y, on the side of the gap's labels that is given.
func (p *planner) write(c *crossing, y int, end bool) {
	for i, text := range c.Labels {
		w := textWidth(text, labelSize)
		x := c.gap.x + (c.gap.lanes[0]+1)*laneStep
		if end {
			x += c.gap.label - w
		}
		p.labels = append(p.labels, label{rect{x, y - (len(c.Labels)-i)*labelLine, w, labelLine - 2}, text, end})
	}
}

func (p *planner) drawLinks() {
	for _, c := range p.links {
		y, toY := p.rows[c.row].y+c.y, p.rows[c.toRow].y+c.toY
		start, stop := p.facing(c.From, 1-c.side), p.facing(c.To, c.side)
		l := &line{kind: kindLink, from: c.From, to: c.To, corners: []point{{start, y}}}
		if c.lane >= 0 {
			l.corners = append(l.corners, point{c.laneX(), y}, point{c.laneX(), toY})
		}
		l.corners = append(l.corners, point{stop, toY})
		p.lines = append(p.lines, l)
		p.write(c, y, c.side == 0)
	}
}

func (p *planner) drawLeads() {
	for _, c := range p.leads {
		p.sources[c.From.Box] = append(p.sources[c.From.Box], c)
	}
	taken := map[int]bool{}
	for _, c := range p.leads {
		taken[c.laneX()] = true
	}
	x := map[*crossing]int{}
	for _, global := range p.Global.Boxes {
		b, from := p.at[Place{"", global.Name}], p.sources[global.Name]
		slices.SortStableFunc(from, func(a, b *crossing) int { return a.laneX() - b.laneX() })
		for i, c := range from {
			x[c] = b.x + b.w*(i+1)/(len(from)+1)
			for taken[x[c]] { // else it would lie on a lane
				x[c]++
			}
			taken[x[c]] = true
		}
	}
	// Lines that go right leave the rightmost box first, the others the leftmost: so
	// they cross the least.
	buses := slices.Clone(p.leads)
	rank := func(c *crossing) int {
		if c.laneX() > x[c] {
			return -x[c]
		}
		return x[c]
	}
	slices.SortStableFunc(buses, func(a, b *crossing) int { return rank(a) - rank(b) })
	bottom := p.frames[0].bottom()
	for i, c := range buses {
		b, bus, lane := p.at[c.From], bottom+(i+1)*laneStep, c.laneX()
		y := p.rows[c.toRow].y + c.toY
		p.lines = append(p.lines, &line{kind: kindLead, from: c.From, to: c.To, corners: []point{
			{x[c], b.bottom()}, {x[c], bus}, {lane, bus}, {lane, y}, {p.facing(c.To, c.side), y},
		}})
		p.write(c, y+labelLine/2, c.side == 1)
	}
}
