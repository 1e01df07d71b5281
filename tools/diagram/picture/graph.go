// Package picture draws the architecture of the platform from the exported
// states of its stacks: [ReadState] reads one, [NewGraph] finds components,
// services and what refers to what, and [SVG] draws it. All of it is pure, and the
// same states give the same picture.
package picture

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// Graph is what the picture shows.
type Graph struct {
	// Global are the services that belong to no region, each before those that it needs.
	Global Column
	// Stacks are the region stacks from left to right. Home is beside every standby.
	Stacks []Column
	// Rows are the names of all boxes in the stacks, in the order in which they come up.
	Rows []string
	// Links lead from one column to another.
	Links []Link
}

// Column is one region stack with its components, or all global services.
type Column struct {
	// Stack is the stack's name, Region its AWS region, and Role "home" or "standby
	// of" another stack. All are empty for the global services.
	Stack, Region, Role string
	Boxes               []Box
	// Needs lead from one box to another that it needs. Those that follow from
	// others are left out.
	Needs []Need
}

// Box is a component, or a global service.
type Box struct {
	// Name is the component's type, with its own name where that is more than the
	// stack's; the same component has the same name in every stack.
	Name string
	// Counts are sorted by name: the component's services, or the stacks that have a
	// part in the global service.
	Counts []Count
}

// Count is a number of resources.
type Count struct {
	Name      string
	Resources int
}

// Need is an arrow within a column, from the name of a box to that of another.
type Need struct{ From, To string }

// Place is a box in a column, or the whole column where Box is "". Stack is ""
// for a global service.
type Place struct{ Stack, Box string }

// Link is an arrow from one column to another.
type Link struct {
	From, To Place
	Labels   []string // sorted
}

// maxStacks is how many columns can be drawn with home beside every standby.
const maxStacks = 3

// NewGraph finds what there is to draw in the states of one platform's stacks.
func NewGraph(states ...*State) (*Graph, error) {
	if len(states) == 0 {
		return nil, errors.New("no states given")
	}
	if len(states) > maxStacks {
		return nil, fmt.Errorf("%d states given: at most %d stacks can be drawn side by side", len(states), maxStacks)
	}
	states = slices.Clone(states)
	slices.SortFunc(states, func(a, b *State) int {
		return cmp.Or(strings.Compare(a.home, b.home), strings.Compare(a.stack, b.stack)) // home first
	})
	if len(states) == maxStacks {
		states[0], states[1] = states[1], states[0]
	}
	f := &finder{states: states, owners: map[*apitype.ResourceV3]owner{}, arrows: map[arrow]map[string]bool{}}
	for i, s := range states {
		for _, other := range states[:i] {
			if other.stack == s.stack {
				return nil, fmt.Errorf("stack %q is given twice", s.stack)
			}
			if other.region == s.region {
				return nil, fmt.Errorf("stacks %q and %q are both in %s: each region stack has a region of its own", other.stack, s.stack, s.region)
			}
		}
		f.findOwners(s)
	}
	for _, s := range states {
		f.findArrows(s)
	}
	return f.graph()
}

// owner is what a resource is drawn in.
type owner struct {
	state     *State
	component string // its key; "" for what belongs to none
	service   service
	counted   bool // whether it is of a service at all
}

// arrow leads from what needs to what is needed.
type arrow struct{ from, to Place }

// finder gathers the graph.
type finder struct {
	states []*State
	owners map[*apitype.ResourceV3]owner
	arrows map[arrow]map[string]bool // to the set of labels
}

func (f *finder) findOwners(s *State) {
	for _, r := range s.resources {
		o := owner{state: s}
		o.service, o.counted = serviceOf(r)
		if c := s.componentOf(r); c != nil {
			o.component = key(s, c)
		} else {
			o.counted = false
		}
		f.owners[r] = o
	}
}

// key names a component alike in every stack: by its type, and by its name where
// that is more than the stack's.
func key(s *State, component *apitype.ResourceV3) string {
	title, name := string(component.Type.Name()), component.URN.Name()
	if name == s.stack {
		return title
	}
	return title + " " + strings.TrimPrefix(name, s.stack+"-")
}

// findArrows finds what the resources of a stack need, in it and in the others.
func (f *finder) findArrows(s *State) {
	own := s.own()
	var others []map[string]*apitype.ResourceV3
	for _, other := range f.states {
		if other != s {
			others = append(others, other.identities())
		}
	}
	for _, r := range s.resources {
		for _, needed := range s.neededBy(r) {
			f.add(r, needed)
		}
		if o := f.owners[r]; o.counted && !o.service.global && s.regionOf(r) != s.region {
			f.addAbroad(r)
		}
		texts(r.Inputs, func(text string) {
			if !r.Custom || own[text] {
				return
			}
			for _, other := range others {
				if needed := other[text]; needed != nil {
					f.add(r, needed)
				}
			}
		})
	}
}

// add draws an arrow from one resource to another that it needs.
func (f *finder) add(r, needed *apitype.ResourceV3) {
	from, to := f.owners[r], f.owners[needed]
	if from.component == "" || to.component == "" {
		return
	}
	switch abroad := to.state.regionOf(needed) != to.state.region; {
	case from.service.global && to.service.global:
		f.draw(Place{"", from.service.name}, Place{"", to.service.name}, "")
	case from.service.global:
		f.draw(Place{"", from.service.name}, f.placeOf(needed), leadLabel(r, to.service))
	case from.state != to.state:
		f.draw(Place{from.state.stack, from.component}, Place{to.state.stack, to.component}, from.service.between)
	case abroad && from.state.regionOf(r) == from.state.region && !from.service.anywhere:
		f.draw(Place{from.state.stack, from.component}, f.placeOf(needed), from.service.between)
	case !abroad:
		f.draw(Place{from.state.stack, from.component}, Place{to.state.stack, to.component}, "")
	}
}

// addAbroad draws an arrow to the region that a resource is made in, which is
// that of another stack.
func (f *finder) addAbroad(r *apitype.ResourceV3) {
	o := f.owners[r]
	if to := f.placeOf(r); to.Stack != o.state.stack {
		f.draw(Place{o.state.stack, o.component}, to, o.service.between)
	}
}

// placeOf is where a resource is: in the component that it belongs to, or, where it is
// in another stack's region, in that stack's component of the same key.
func (f *finder) placeOf(r *apitype.ResourceV3) Place {
	o := f.owners[r]
	for _, s := range f.states {
		if s == o.state || s.region != o.state.regionOf(r) {
			continue
		}
		for _, c := range s.resources {
			if s.componentOf(c) == c && key(s, c) == o.component {
				return Place{s.stack, o.component}
			}
		}
		return Place{s.stack, ""}
	}
	return Place{o.state.stack, o.component}
}

func (f *finder) draw(from, to Place, label string) {
	if from == to {
		return
	}
	a := arrow{from, to}
	if f.arrows[a] == nil {
		f.arrows[a] = map[string]bool{}
	}
	if label != "" {
		f.arrows[a][label] = true
	}
}

const failover = "failover: "

// leadLabel says what a global service's resource leads to: to a service, or to
// whichever region has the role that the resource names.
func leadLabel(r *apitype.ResourceV3, to service) string {
	policies, _ := r.Inputs["failoverRoutingPolicies"].([]any)
	for _, p := range policies {
		if policy, ok := p.(map[string]any); ok {
			return fmt.Sprint(failover, policy["type"])
		}
	}
	return to.name
}

// telling sorts the labels of one arrow. Where it is one of failover, no other
// label says more.
func telling(labels map[string]bool) []string {
	sorted := slices.Sorted(maps.Keys(labels))
	if i := slices.IndexFunc(sorted, func(l string) bool { return strings.HasPrefix(l, failover) }); i >= 0 {
		return sorted[i : i+1]
	}
	return sorted
}

// graph puts in order what has been found.
func (f *finder) graph() (*Graph, error) {
	g := &Graph{}
	counts := map[string]map[string]map[string]int{} // by column, box and what is counted
	count := func(column, box, what string, n int) {
		if counts[column] == nil {
			counts[column] = map[string]map[string]int{}
		}
		if counts[column][box] == nil {
			counts[column][box] = map[string]int{}
		}
		counts[column][box][what] += n
	}
	for _, o := range f.owners {
		if o.component == "" {
			continue
		}
		count(o.state.stack, o.component, "", 0) // a component is drawn even where nothing in it is
		switch {
		case o.counted && o.service.global:
			count("", o.service.name, o.state.stack, 1)
		case o.counted:
			count(o.state.stack, o.component, o.service.name, 1)
		}
	}
	needs := map[string][]Need{} // by column
	var all []Need               // of every stack
	preferred := map[string]bool{}
	for a, labels := range f.arrows {
		if a.from.Stack == a.to.Stack {
			needs[a.from.Stack] = append(needs[a.from.Stack], Need{a.from.Box, a.to.Box})
			if a.from.Stack != "" {
				all = append(all, Need{a.from.Box, a.to.Box})
			}
			continue
		}
		g.Links = append(g.Links, Link{a.from, a.to, telling(labels)})
		if a.from.Stack == "" {
			preferred[a.to.Box] = true
		}
	}
	slices.SortFunc(g.Links, func(a, b Link) int {
		return cmp.Or(strings.Compare(a.From.Stack, b.From.Stack), strings.Compare(a.From.Box, b.From.Box),
			strings.Compare(a.To.Stack, b.To.Stack), strings.Compare(a.To.Box, b.To.Box))
	})
	column := func(stack string, order []string) Column {
		c := Column{Stack: stack, Needs: reduce(needs[stack])}
		for _, name := range order {
			if what, ok := counts[stack][name]; ok {
				c.Boxes = append(c.Boxes, makeBox(name, what))
			}
		}
		return c
	}
	var rows []string
	for _, s := range f.states {
		rows = append(rows, slices.Collect(maps.Keys(counts[s.stack]))...)
	}
	g.Rows = order(rows, all, preferred)
	for _, s := range f.states {
		c := column(s.stack, g.Rows)
		c.Region, c.Role = s.region, "home"
		if s.home != "" {
			c.Role = "standby of " + s.home
		}
		g.Stacks = append(g.Stacks, c)
	}
	globals := order(slices.Collect(maps.Keys(counts[""])), needs[""], nil)
	slices.Reverse(globals) // clients meet the one that needs the others first
	g.Global = column("", globals)
	return g, g.validate()
}

// validate tells of links that pass by a column: a standby refers to home alone.
func (g *Graph) validate() error {
	column := func(stack string) int {
		return slices.IndexFunc(g.Stacks, func(c Column) bool { return c.Stack == stack })
	}
	var errs []error
	for _, l := range g.Links {
		if from, to := column(l.From.Stack), column(l.To.Stack); from >= 0 && (to-from > 1 || from-to > 1) {
			errs = append(errs, fmt.Errorf("%s of stack %q refers to stack %q by %s: a standby may refer to home alone",
				l.From.Box, l.From.Stack, l.To.Stack, strings.Join(l.Labels, ", ")))
		}
	}
	return errors.Join(errs...)
}

func makeBox(name string, what map[string]int) Box {
	b := Box{Name: name}
	for _, w := range slices.Sorted(maps.Keys(what)) {
		if what[w] > 0 {
			b.Counts = append(b.Counts, Count{w, what[w]})
		}
	}
	return b
}

// order sorts names so that each comes after those that it needs; among the ones
// that could come next, the preferred come first, then the order is that of the
// names. In a circle, the one with the fewest open needs comes first.
func order(names []string, needs []Need, preferred map[string]bool) []string {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	open := map[string]map[string]bool{}
	for _, n := range needs {
		if open[n.From] == nil {
			open[n.From] = map[string]bool{}
		}
		open[n.From][n.To] = slices.Contains(names, n.To)
	}
	rank := func(name string) int {
		r := 0
		for _, waits := range open[name] {
			if waits {
				r += 2
			}
		}
		if !preferred[name] {
			r++
		}
		return r
	}
	var sorted []string
	for len(names) > 0 {
		next := slices.MinFunc(names, func(a, b string) int { return cmp.Or(rank(a)-rank(b), strings.Compare(a, b)) })
		sorted = append(sorted, next)
		names = slices.DeleteFunc(names, func(n string) bool { return n == next })
		for _, waits := range open {
			delete(waits, next)
		}
	}
	return sorted
}

// reduce leaves out every need that follows from the others, and sorts the rest.
func reduce(needs []Need) []Need {
	needs = slices.Clone(needs)
	slices.SortFunc(needs, func(a, b Need) int {
		return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.To, b.To))
	})
	for i := 0; i < len(needs); {
		if rest := slices.Delete(slices.Clone(needs), i, i+1); reaches(rest, needs[i].From, needs[i].To, map[string]bool{}) {
			needs = rest
			continue
		}
		i++
	}
	return needs
}

func reaches(needs []Need, from, to string, seen map[string]bool) bool {
	if from == to {
		return true
	}
	if seen[from] {
		return false
	}
	seen[from] = true
	return slices.ContainsFunc(needs, func(n Need) bool { return n.From == from && reaches(needs, n.To, to, seen) })
}
