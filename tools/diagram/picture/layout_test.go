package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files")

func TestTheSmallPlatformLooksAsItDid(t *testing.T) {
	got, err := SVG(smallGraph(t))
	require.NoError(t, err)
	golden := filepath.Join("testdata", "small.svg")
	if *update {
		require.NoError(t, os.WriteFile(golden, got, 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

func TestThePictureIsXMLWhateverTheNames(t *testing.T) {
	g := smallGraph(t)
	g.Stacks[0].Role = `a "role" <&> more`
	got, err := SVG(g)
	require.NoError(t, err)
	decoder, found := xml.NewDecoder(bytes.NewReader(got)), false
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if text, ok := token.(xml.CharData); ok {
			found = found || string(text) == `prod-east, a "role" <&> more`
		}
	}
	require.True(t, found)
}

// graphs are of one to three stacks, in which components come and go, with
// arrows of every kind.
var graphs = rapid.Custom(func(t *rapid.T) *Graph {
	boxes := func(name string, least, most int) []Box {
		var made []Box
		for i := range rapid.IntRange(least, most).Draw(t, name) {
			b := Box{Name: fmt.Sprintf("%s%d", rapid.StringMatching(`[A-Z][a-z]{2,50}`).Draw(t, "box"), i)}
			for j := range rapid.IntRange(0, 9).Draw(t, "services") {
				b.Counts = append(b.Counts, Count{fmt.Sprintf("%s%d", rapid.StringMatching(`[A-Z][a-z]{1,25}`).Draw(t, "service"), j), 1 + j})
			}
			made = append(made, b)
		}
		return made
	}
	needs := func(in []Box) []Need {
		var names []string
		for _, b := range in {
			names = append(names, b.Name)
		}
		return reduce(needsOf(t, names))
	}
	all := boxes("components", 1, 6)
	g := &Graph{Global: Column{Boxes: boxes("globals", 0, 4)}}
	g.Global.Needs = needs(g.Global.Boxes)
	for _, b := range all {
		g.Rows = append(g.Rows, b.Name)
	}
	for i := range rapid.IntRange(1, maxStacks).Draw(t, "stacks") {
		c := Column{Stack: fmt.Sprintf("stack-%d", i), Region: "us-east-1", Role: "home"}
		for _, b := range all {
			if rapid.Bool().Draw(t, "here") {
				c.Boxes = append(c.Boxes, b)
			}
		}
		c.Needs = needs(c.Boxes)
		g.Stacks = append(g.Stacks, c)
	}
	labels := func() []string {
		return rapid.SliceOfN(rapid.StringMatching(`[A-Za-z ]{3,30}`), 1, 4).Draw(t, "labels")
	}
	for i, from := range g.Stacks {
		for _, b := range g.Global.Boxes {
			for _, to := range from.Boxes {
				if rapid.Bool().Draw(t, "lead") {
					g.Links = append(g.Links, Link{Place{"", b.Name}, Place{from.Stack, to.Name}, labels()})
				}
			}
		}
		for j, to := range g.Stacks {
			if i-j != 1 && j-i != 1 {
				continue
			}
			for _, a := range from.Boxes {
				for _, b := range append([]Box{{}}, to.Boxes...) { // the first stands for the whole stack
					if rapid.IntRange(0, 2).Draw(t, "link") == 0 {
						g.Links = append(g.Links, Link{Place{from.Stack, a.Name}, Place{to.Stack, b.Name}, labels()})
					}
				}
			}
		}
	}
	return g
})

func (r rect) overlaps(o rect) bool {
	return r.x < o.right() && o.x < r.right() && r.y < o.bottom() && o.y < r.bottom()
}

func (r rect) holds(o rect) bool {
	return r.x <= o.x && o.right() <= r.right() && r.y <= o.y && o.bottom() <= r.bottom()
}

// onEdge tells whether a point is on the rectangle's outline.
func (r rect) onEdge(p point) bool {
	point := rect{p.x, p.y, 0, 0}
	inside := r.x < p.x && p.x < r.right() && r.y < p.y && p.y < r.bottom()
	return r.holds(point) && !inside
}

// strokes are the rectangles that a line's strokes cover, without thickness.
func (l *line) strokes() []rect {
	var strokes []rect
	for i, b := range l.corners[1:] {
		a := l.corners[i]
		strokes = append(strokes, rect{min(a.x, b.x), min(a.y, b.y), max(a.x, b.x) - min(a.x, b.x), max(a.y, b.y) - min(a.y, b.y)})
	}
	return strokes
}

func (r rect) crossedBy(stroke rect) bool {
	return r.x < stroke.right() && stroke.x < r.right() && r.y <= stroke.y && stroke.bottom() <= r.bottom() && stroke.h == 0 ||
		r.y < stroke.bottom() && stroke.y < r.bottom() && r.x < stroke.x && stroke.right() < r.right() && stroke.w == 0
}

func TestNothingOverlaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graphs.Draw(t, "graph")
		l := arrange(g)
		frameOf := map[string]rect{}
		for i, f := range l.frames {
			require.True(t, l.holds(f.rect), "frame %v is outside the picture", f.rect)
			for _, other := range l.frames[:i] {
				require.False(t, f.overlaps(other.rect), "the frames of %q and %q overlap", f.Stack, other.Stack)
			}
			frameOf[f.Stack] = f.rect
		}
		for i, b := range l.boxes {
			require.True(t, frameOf[b.at.Stack].holds(b.rect), "box %v is outside its frame", b.at)
			for _, other := range l.boxes[:i] {
				require.False(t, b.overlaps(other.rect), "boxes %v and %v overlap", b.at, other.at)
			}
			for j, p := range b.pills {
				require.True(t, b.holds(p.rect), "%v is outside its box %v", p, b)
				for _, other := range b.pills[:j] {
					require.False(t, p.overlaps(other.rect), "%v and %v overlap", p, other)
				}
			}
		}
		for i, label := range l.labels {
			require.True(t, l.holds(label.rect), "label %v is outside the picture", label)
			for _, b := range l.boxes {
				require.False(t, label.overlaps(b.rect), "label %v overlaps box %v", label, b.at)
			}
			for _, other := range l.labels[:i] {
				require.False(t, label.overlaps(other.rect), "labels %v and %v overlap", label, other)
			}
		}
	})
}

func TestLinesLeadFromBoxToBoxAndThroughNone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graphs.Draw(t, "graph")
		l := arrange(g)
		needs := len(g.Global.Needs)
		for _, c := range g.Stacks {
			needs += len(c.Needs)
		}
		require.Len(t, l.lines, needs+len(g.Links), "every arrow is drawn")
		at := map[Place]rect{}
		for _, f := range l.frames {
			at[Place{Stack: f.Stack}] = f.rect
		}
		for _, b := range l.boxes {
			at[b.at] = b.rect
		}
		for _, n := range l.lines {
			require.True(t, at[n.from].onEdge(n.corners[0]), "%v does not start at its box", n)
			require.True(t, at[n.to].onEdge(n.corners[len(n.corners)-1]), "%v does not end at its box", n)
			for _, stroke := range n.strokes() {
				require.True(t, stroke.w == 0 || stroke.h == 0, "%v is slanted", n)
				require.True(t, l.holds(stroke), "%v leaves the picture", n)
				for _, b := range l.boxes {
					require.False(t, b.crossedBy(stroke), "%v runs through %v", n, b.at)
				}
				for _, label := range l.labels {
					require.False(t, label.crossedBy(stroke), "%v runs through the text %v", n, label)
				}
			}
		}
	})
}

// hides tells whether one stroke lies on another, so that two lines look like one.
func (r rect) hides(o rect) bool {
	return r.h == 0 && o.h == 0 && r.y == o.y && r.x < o.right() && o.x < r.right() ||
		r.w == 0 && o.w == 0 && r.x == o.x && r.y < o.bottom() && o.y < r.bottom()
}

func TestNoLineLiesOnAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := arrange(graphs.Filter(func(g *Graph) bool { return len(g.Stacks) < maxStacks }).Draw(t, "graph"))
		for i, a := range l.lines {
			for _, b := range l.lines[:i] {
				for _, stroke := range a.strokes() {
					for _, other := range b.strokes() {
						require.False(t, stroke.hides(other), "%v and %v", a, b)
					}
				}
			}
		}
	})
}
