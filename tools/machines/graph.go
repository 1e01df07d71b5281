package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// graph is a state machine to be drawn: its states, and which leads where.
type graph struct {
	start string
	nodes map[string]*node
	edges []*edge
}

// node is one state.
type node struct {
	name, kind string
	// detail is a second line: what a task calls, or how long a wait is.
	detail string
	// row and column are its place.
	row, column int
}

// edge leads from a state to another one.
type edge struct {
	from, to *node
	// caught marks what an error leads to.
	caught bool
	// back marks what leads to where the machine has been.
	back bool
}

// definition is what of a definition is drawn.
type definition struct {
	StartAt string
	States  map[string]struct {
		Type, Resource, Next, Default string
		Seconds                       int
		Choices                       []struct{ Next string }
		Catch                         []struct {
			ErrorEquals []string
			Next        string
		}
		Branches []definition
	}
}

// failures are the states that every failed call leads to. The ways there are
// left out: they would cover everything else.
var failures = []string{"NotifyFailure", "FailLease"}

func read(text []byte) (*graph, error) {
	var d definition
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, err
	}
	if _, ok := d.States[d.StartAt]; !ok {
		return nil, fmt.Errorf("there is no state %q to start at", d.StartAt)
	}
	g := &graph{start: d.StartAt, nodes: map[string]*node{}}
	names := slices.Sorted(maps.Keys(d.States))
	for _, name := range names {
		s := d.States[name]
		n := &node{name: name, kind: s.Type}
		switch s.Type {
		case "Task":
			n.detail = short(s.Resource)
		case "Wait":
			n.detail = fmt.Sprintf("%d s", s.Seconds)
		case "Parallel":
			n.detail = fmt.Sprintf("%d branches", len(s.Branches))
			if len(s.Branches) == 1 {
				n.detail = "1 branch"
			}
		}
		g.nodes[name] = n
	}
	for _, name := range names {
		s := d.States[name]
		seen := map[string]bool{"": true}
		lead := func(to string, caught bool) {
			if !seen[to] && g.nodes[to] != nil && (!caught || !slices.Contains(failures, to)) {
				seen[to] = true
				g.edges = append(g.edges, &edge{from: g.nodes[name], to: g.nodes[to], caught: caught})
			}
		}
		lead(s.Next, false)
		for _, c := range s.Choices {
			lead(c.Next, false)
		}
		lead(s.Default, false)
		for _, c := range s.Catch {
			lead(c.Next, true)
		}
	}
	return g, nil
}

// short is an integration without what all of them begin with.
func short(resource string) string {
	for i := len(resource) - 1; i > 0; i-- {
		if resource[i] == ':' && i > 2 && resource[i-1] == ':' {
			return resource[i+1:]
		}
	}
	return resource
}

// out are the edges that leave a node.
func (g *graph) out(n *node) (all []*edge) {
	for _, e := range g.edges {
		if e.from == n {
			all = append(all, e)
		}
	}
	return all
}

// layOut gives every state its place: the longest way through the machine goes
// down the first column, and what leaves it stands beside.
func (g *graph) layOut() {
	g.markBack()
	order := g.topological()
	for _, n := range order {
		for _, e := range g.out(n) {
			if !e.back {
				e.to.row = max(e.to.row, n.row+1)
			}
		}
	}
	main := g.longest(order)
	taken := map[[2]int]bool{}
	for _, n := range order {
		if main[n] {
			taken[[2]int{n.row, 0}] = true
		}
	}
	for _, n := range order {
		if main[n] {
			continue
		}
		n.column = 1
		for taken[[2]int{n.row, n.column}] {
			n.column++
		}
		taken[[2]int{n.row, n.column}] = true
	}
}

// markBack finds the edges that close a circle.
func (g *graph) markBack() {
	open, done := map[*node]bool{}, map[*node]bool{}
	var visit func(*node)
	visit = func(n *node) {
		open[n] = true
		for _, e := range g.out(n) {
			switch {
			case open[e.to]:
				e.back = true
			case !done[e.to]:
				visit(e.to)
			}
		}
		open[n], done[n] = false, true
	}
	visit(g.nodes[g.start])
	for _, name := range slices.Sorted(maps.Keys(g.nodes)) {
		if n := g.nodes[name]; !done[n] {
			visit(n)
		}
	}
}

// topological orders the states so that each comes after what leads to it.
func (g *graph) topological() (order []*node) {
	done := map[*node]bool{}
	var visit func(*node)
	visit = func(n *node) {
		if done[n] {
			return
		}
		done[n] = true
		for _, e := range g.out(n) {
			if !e.back {
				visit(e.to)
			}
		}
		order = append(order, n)
	}
	for _, name := range slices.Sorted(maps.Keys(g.nodes)) {
		visit(g.nodes[name])
	}
	slices.Reverse(order)
	return order
}

// longest is the way from the start with the most states.
func (g *graph) longest(order []*node) map[*node]bool {
	length, next := map[*node]int{}, map[*node]*node{}
	for _, n := range slices.Backward(order) {
		for _, e := range g.out(n) {
			if !e.back && !e.caught && length[e.to]+1 > length[n] {
				length[n], next[n] = length[e.to]+1, e.to
			}
		}
	}
	way := map[*node]bool{}
	for n := g.nodes[g.start]; n != nil; n = next[n] {
		way[n] = true
	}
	return way
}
