package main

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
	"github.com/tandem-platform/tandem/sandbox/terraform"
)

var (
	conflict  = regexp.MustCompile(`conflicts with (\S+)$`)
	together2 = regexp.MustCompile(`these attributes cannot be configured together|These attributes cannot be configured together`)
	onlyOne   = regexp.MustCompile("only one of `([^`]*)` can be specified")
	oneNeeded = regexp.MustCompile("^[^:]*: one of `([^`]*)` must be specified")
	allNeeded = regexp.MustCompile("all of `([^`]*)` must be specified")
	exactly   = regexp.MustCompile(`(?i)exactly one of these attributes must be configured: \[([^\]]*)\]`)
	atLeast   = regexp.MustCompile(`(?i)at least one of these attributes must be configured: \[([^\]]*)\]`)
	bracketed = regexp.MustCompile(`\[([^\]]*)\]`)
	index     = regexp.MustCompile(`\.\d+(\.|$)|\[[^\]]*\]`)
)

// groups asks which inputs go together. The provider says it by itself: of what
// is too much where everything is set, of what is missing where as little as
// possible is, and of what one input needs besides.
func (q *question) groups() error {
	most := q.everything(q.schema, "", nil, 1)
	if err := q.tooMuch(most, ""); err != nil {
		return err
	}
	// Each input that has a conflict may have more, of which the provider
	// names one at a time.
	for _, path := range slices.Sorted(maps.Keys(q.conflicted)) {
		left := map[string]bool{}
		for {
			other := q.conflicted[path]
			if other == "" || left[other] {
				break
			}
			left[other] = true
			q.conflicted[path] = ""
			if err := q.tooMuch(q.everything(q.schema, "", left, 1), path); err != nil {
				return err
			}
		}
	}
	least := q.with("", cty.NilVal)
	if err := q.tooLittle(least); err != nil {
		return err
	}
	inputs := append(slices.Sorted(maps.Keys(q.names)), slices.Sorted(maps.Keys(q.blocks))...)
	if q.deep {
		inputs = nil
	}
	for _, path := range inputs {
		var config cty.Value
		if a := q.attribute(path); a != nil {
			if !a.Optional {
				continue
			}
			config = q.with(path, terraform.Example(path[strings.LastIndex(path, ".")+1:], a.Type, 1))
		} else {
			config = q.with(path+".", cty.NilVal)
		}
		if err := q.tooLittle(config); err != nil {
			return err
		}
	}
	// Exactly one is both at least and at most.
	for key, g := range q.rules {
		if g.Kind != facts.AtMostOne {
			continue
		}
		if also := string(facts.AtLeastOne) + key[len(facts.AtMostOne):]; q.rules[also].Kind != "" {
			q.rules[string(facts.ExactlyOne)+key[len(facts.AtMostOne):]] = facts.Group{Kind: facts.ExactlyOne, Paths: g.Paths}
			delete(q.rules, key)
			delete(q.rules, also)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(q.rules)) {
		q.res.Groups = append(q.res.Groups, q.rules[key])
	}
	return nil
}

// everything is a configuration with all attributes, as their i-th example, and
// all blocks, but for those in without.
func (q *question) everything(b *terraform.Block, at string, without map[string]bool, i int) cty.Value {
	m := map[string]cty.Value{}
	for name, a := range b.Attributes {
		path := strings.TrimPrefix(at+"."+name, ".")
		m[name] = cty.NullVal(a.Type)
		if q.names[path] != "" && (a.Required || a.Optional) && !without[path] {
			m[name] = terraform.Example(name, a.Type, i)
			if v, ok := q.given(path); ok {
				m[name] = v
			}
		}
	}
	for name, n := range b.Blocks {
		path := strings.TrimPrefix(at+"."+name, ".")
		if q.blocks[path] == "" || without[path] {
			m[name] = n.None()
			continue
		}
		m[name] = n.Of(q.everything(n.Block, path, without, i))
	}
	return cty.ObjectVal(m)
}

// tooMuch notes what the provider says of inputs that do not go together; of one
// input where only names it.
func (q *question) tooMuch(config cty.Value, only string) error {
	all, err := q.p.Validate(q.typ, config)
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b terraform.Refusal) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Text, b.Text))
	})
	for _, r := range all {
		text := strings.Join(strings.Fields(r.Text), " ")
		if m := conflict.FindStringSubmatch(text); m != nil && (only == "" || only == r.Path) {
			other := clean(m[1])
			q.conflicted[r.Path] = other
			pair := []string{r.Path, other}
			slices.Sort(pair)
			q.rule(facts.Conflicts, pair)
		}
		if m := onlyOne.FindStringSubmatch(text); m != nil {
			q.rule(facts.AtMostOne, list(m[1]))
		}
		if m := exactly.FindStringSubmatch(text); m != nil {
			q.rule(facts.ExactlyOne, beside(r.Path, list(m[1])))
		} else if together2.MatchString(text) {
			if m := bracketed.FindStringSubmatch(text); m != nil {
				q.rule(facts.AtMostOne, beside(r.Path, list(m[1])))
			}
		}
	}
	return nil
}

// tooLittle notes what the provider says of inputs that are missing.
func (q *question) tooLittle(config cty.Value) error {
	all, err := q.p.Validate(q.typ, config)
	if err != nil {
		return err
	}
	for _, r := range all {
		text := strings.Join(strings.Fields(r.Text), " ")
		if m := oneNeeded.FindStringSubmatch(text); m != nil {
			q.rule(facts.AtLeastOne, list(m[1]))
		}
		if m := allNeeded.FindStringSubmatch(text); m != nil {
			first := r.Path
			others := slices.DeleteFunc(list(m[1]), func(s string) bool { return s == first })
			q.rule(facts.Requires, append([]string{first}, others...))
		}
		if m := exactly.FindStringSubmatch(text); m != nil {
			q.rule(facts.ExactlyOne, beside(r.Path, list(m[1])))
		} else if m := atLeast.FindStringSubmatch(text); m != nil {
			q.rule(facts.AtLeastOne, beside(r.Path, list(m[1])))
		}
	}
	return nil
}

// clean takes the indexes out of a path.
func clean(path string) string {
	return strings.Trim(index.ReplaceAllString(strings.Trim(path, "\"`,"), "$1"), ".")
}

func list(s string) []string {
	var all []string
	for _, p := range strings.Split(s, ",") {
		if p = clean(strings.TrimSpace(p)); p != "" && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// beside gives paths that an error names without their block the block of the
// one that it is about.
func beside(path string, names []string) []string {
	parent := ""
	if i := strings.LastIndex(path, "."); i >= 0 {
		parent = path[:i+1]
	}
	for i, n := range names {
		if !strings.Contains(n, ".") {
			names[i] = parent + n
		}
	}
	return names
}

// rule notes a group by the Pulumi names of its paths. Those that Pulumi does
// not have are left out.
func (q *question) rule(kind facts.GroupKind, paths []string) {
	var names []string
	for _, p := range paths {
		name := cmp.Or(q.names[p], q.blocks[p])
		if name == "" {
			continue
		}
		names = append(names, name)
	}
	if kind != facts.Requires {
		slices.Sort(names)
		names = slices.Compact(names)
	}
	if len(names) < 2 && kind != facts.AtLeastOne && kind != facts.ExactlyOne || len(names) == 0 {
		return
	}
	q.rules[string(kind)+" "+strings.Join(names, " ")] = facts.Group{Kind: kind, Paths: names}
}
