package main

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
	"github.com/tandem-platform/tandem/sandbox/terraform"
)

// nonsense is a string that no provider takes where it has a say.
const nonsense = "¿"

// values asks what the provider demands of each value: it is offered impossible
// ones, one at a time, and says itself what would do.
func (q *question) values() error {
	q.res.Values = map[string]*facts.Value{}
	q.res.Items = map[string][2]int{}
	for _, path := range sortedKeys(q.names) {
		a := q.attribute(path)
		if a == nil || !a.Required && !a.Optional {
			continue
		}
		v, err := q.demands(path, a)
		if err != nil {
			return err
		}
		if v != nil {
			q.res.Values[q.names[path]] = v
		}
	}
	return nil
}

// with is a configuration with as little set as the schema allows, and the
// attribute at path set to v. A null v leaves it out.
func (q *question) with(path string, v cty.Value) cty.Value {
	return q.schema.Sample(func(p string) (cty.Value, bool) {
		switch {
		case p == path:
			return v, true
		case strings.HasSuffix(p, ".") && strings.HasPrefix(path, p):
			return cty.NilVal, true // a block on the way
		}
		return q.given(p)
	}, "")
}

// refused are the provider's objections to a value at path, besides those that
// it has anyway.
func (q *question) refused(path string, anyway map[string]bool, v cty.Value) ([]string, error) {
	all, err := q.p.Validate(q.typ, q.with(path, v))
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, r := range all {
		text := strings.Join(strings.Fields(r.Text), " ")
		if !anyway[text] && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	slices.Sort(texts)
	return texts, nil
}

// probe offers one scalar after another to an attribute.
type probe struct {
	*question
	path   string
	anyway map[string]bool
	// shape makes the attribute's value out of a scalar.
	shape func(cty.Value) cty.Value
	// said are the answers so far.
	said map[string][]string
	err  error
}

// say returns the objections to a scalar.
func (p *probe) say(v cty.Value) []string {
	key := v.GoString()
	texts, ok := p.said[key]
	if !ok {
		var err error
		if texts, err = p.refused(p.path, nil, p.shape(v)); err != nil && p.err == nil {
			p.err = err
		}
		p.said[key] = texts
	}
	return slices.DeleteFunc(slices.Clone(texts), func(s string) bool { return p.anyway[s] })
}

func (p *probe) takes(v cty.Value) bool { return len(p.say(v)) == 0 }

func (p *probe) takesText(s string) bool { return p.takes(cty.StringVal(s)) }

// demands asks about one attribute. It is nil where anything goes.
func (q *question) demands(path string, a *terraform.Attribute) (*facts.Value, error) {
	p := &probe{question: q, path: path, anyway: map[string]bool{}, said: map[string][]string{}}
	elem := a.Type
	p.shape = func(v cty.Value) cty.Value { return v }
	switch {
	case elem.IsListType():
		p.shape = func(v cty.Value) cty.Value { return cty.ListVal([]cty.Value{v}) }
		elem = elem.ElementType()
	case elem.IsSetType():
		p.shape = func(v cty.Value) cty.Value { return cty.SetVal([]cty.Value{v}) }
		elem = elem.ElementType()
	}
	if elem != cty.String && elem != cty.Number {
		return nil, nil
	}
	anyway, err := q.refused(path, nil, cty.NullVal(a.Type))
	if err != nil {
		return nil, err
	}
	for _, text := range anyway {
		p.anyway[text] = true
	}
	// What comes with the attribute being set at all is no matter of its value.
	common := func(x, y []string) []string {
		return slices.DeleteFunc(x, func(s string) bool { return !slices.Contains(y, s) })
	}
	var v *facts.Value
	if elem == cty.Number {
		for _, text := range common(p.say(number(-987654321)), p.say(number(987654321))) {
			p.anyway[text] = true
		}
		v = p.number()
	} else {
		for _, text := range common(p.say(cty.StringVal(nonsense)), p.say(cty.StringVal("arn:aws:iam::123456789012:role/a"))) {
			if !strings.Contains(text, "one of [") && !strings.Contains(text, "invalid value for") {
				p.anyway[text] = true
			}
		}
		v = p.text()
	}
	if p.err != nil {
		return nil, p.err
	}
	if reflectEmpty(v) {
		return nil, nil
	}
	return v, nil
}

func reflectEmpty(v *facts.Value) bool {
	return v == nil || len(v.Enum) == 0 && v.Min == nil && v.Max == nil && v.Multiple == 0 && v.MinLen == 0 && v.MaxLen == 0 && v.Form == "" && v.Pattern == ""
}

func number(n float64) cty.Value { return cty.NumberFloatVal(n) }

var (
	oneOf     = regexp.MustCompile(`(?:to be one of|value must be one of:|Must be one of:) \[(.*)\](?:, got|$)`)
	quoted    = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	ranges    = regexp.MustCompile(`to be (?:in the range \((\S+) - (\S+)\)|at least \((\S+)\)|at most \((\S+)\)), got`)
	divisible = regexp.MustCompile(`to be divisible by \(?(\d+)\)?`)
	lengths   = regexp.MustCompile(`(?:expected length of \S+ to be in the range|string length must be between) \(?(\d+)(?: - | and )(\d+)\)?`)
	printed   = regexp.MustCompile(`(?:doesn't comply with restrictions \(|match regular expression )("(?:[^"\\]|\\.)*")`)
	inWords   = regexp.MustCompile(`invalid value for \S+ \((.*)\)$|^(only .* allowed) in |isn't a valid [a-z ]+ \((.*)\)`)
	ofLetters = regexp.MustCompile(`character|alphanumeric|must match`)
)

// allowed are the values that a text lists.
func allowed(texts []string) []string {
	for _, text := range texts {
		m := oneOf.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		var list []string
		for _, s := range quoted.FindAllStringSubmatch(m[1], -1) {
			list = append(list, s[1])
		}
		if list == nil {
			list = strings.FieldsFunc(m[1], func(r rune) bool { return r == ' ' || r == ',' })
		}
		slices.Sort(list)
		return slices.Compact(list)
	}
	return nil
}

// number finds the bounds of a number.
func (p *probe) number() *facts.Value {
	low, high := p.say(number(-987654321)), p.say(number(987654321))
	if list := allowed(append(low, high...)); list != nil {
		slices.SortFunc(list, func(a, b string) int {
			x, _ := strconv.ParseFloat(a, 64)
			y, _ := strconv.ParseFloat(b, 64)
			return int(x - y)
		})
		v := &facts.Value{Enum: list}
		// One or the other.
		v.Min, v.Max = inRange(append(low, high...))
		for _, text := range low {
			if m := divisible.FindStringSubmatch(text); m != nil {
				v.Multiple, _ = strconv.Atoi(m[1])
			}
		}
		if v.Multiple == 0 && v.Min == nil && v.Max == nil && !allAbout(oneOf, low) {
			return nil // what else is allowed is not told
		}
		return v
	}
	v := &facts.Value{}
	if len(low) == 0 && len(high) == 0 {
		return v
	}
	if v.Min, v.Max = inRange(append(low, high...)); v.Min != nil || v.Max != nil {
		return v
	}
	if p.deep {
		return v
	}
	good := math.NaN()
	for _, n := range []float64{1, 0, 2, 5, 10, 30, 60, 100, 400, 1000, 10000, 65536, 0.5} {
		if p.takes(number(n)) {
			good = n
			break
		}
	}
	if math.IsNaN(good) {
		return v // it depends on more than the value
	}
	if len(low) > 0 {
		v.Min = p.bound(good, -987654321)
	}
	if len(high) > 0 {
		v.Max = p.bound(good, 987654321)
	}
	return v
}

// inRange are the bounds that a text tells.
func inRange(texts []string) (least, most *float64) {
	for _, text := range texts {
		if m := ranges.FindStringSubmatch(text); m != nil {
			return parsed(m[1] + m[3]), parsed(m[2] + m[4])
		}
	}
	return nil, nil
}

func parsed(s string) *float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil // there is no such bound
	}
	return &f
}

// bound is the last whole number on the way from good to bad that is taken.
func (p *probe) bound(good, bad float64) *float64 {
	good = math.Trunc(good)
	for math.Abs(bad-good) > 1 {
		middle := math.Trunc((good + bad) / 2)
		if p.takes(number(middle)) {
			good = middle
		} else {
			bad = middle
		}
	}
	return &good
}

// text finds what a string must be.
func (p *probe) text() *facts.Value {
	texts := p.say(cty.StringVal(nonsense))
	if list := allowed(texts); list != nil {
		v := &facts.Value{Enum: list}
		if p.deep {
			return v
		}
		if !allAbout(oneOf, texts) && !p.form(v) {
			return nil // one of these, or something else that is not told
		}
		for _, s := range list {
			if other := swapCase(s); other != s {
				v.AnyCase = p.takesText(other)
				break
			}
		}
		if p.takesText("") && !slices.Contains(v.Enum, "") {
			v.Enum = append([]string{""}, v.Enum...)
		}
		return v
	}
	v := &facts.Value{}
	long := p.say(cty.StringVal(strings.Repeat("a", 100_000)))
	for _, text := range append(slices.Clone(texts), append(long, p.say(cty.StringVal(""))...)...) {
		if m := lengths.FindStringSubmatch(text); m != nil {
			v.MinLen, _ = strconv.Atoi(m[1])
			v.MaxLen, _ = strconv.Atoi(m[2])
		}
	}
	if v.MaxLen == 0 && !p.deep {
		p.length(v)
	}
	if len(texts) == 0 || p.deep || allAbout(lengths, texts) {
		return v
	}
	if p.form(v) {
		return v
	}
	for _, text := range texts {
		if m := printed.FindStringSubmatch(text); m != nil {
			if pattern, err := strconv.Unquote(m[1]); err == nil {
				if _, err := regexp.Compile(pattern); err == nil {
					v.Pattern = pattern
					return v
				}
			}
		}
	}
	for _, text := range texts {
		m := inWords.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		if says := m[1] + m[2] + m[3]; ofLetters.MatchString(says) && allAbout(inWords, texts) {
			p.letters(v, says)
			return v
		}
	}
	return v
}

func allAbout(form *regexp.Regexp, texts []string) bool {
	return !slices.ContainsFunc(texts, func(s string) bool { return !form.MatchString(s) })
}

func swapCase(s string) string {
	if lower := strings.ToLower(s); lower != s {
		return lower
	}
	return strings.ToUpper(s)
}

// length finds the bounds of a length where letters alone are taken.
func (p *probe) length(v *facts.Value) {
	letters := func(n int) bool { return p.takesText(strings.Repeat("a", n)) }
	good := slices.IndexFunc([]int{1, 3, 12, 40}, letters)
	if good < 0 {
		return
	}
	least := []int{1, 3, 12, 40}[good]
	if !letters(100_000) {
		low, high := least, 100_000
		for high-low > 1 {
			if m := (low + high) / 2; letters(m) {
				low = m
			} else {
				high = m
			}
		}
		v.MaxLen = low
	}
	// A text in base64 may have 0, 4 or 8 letters, but none between.
	for n := range least {
		if letters(n) {
			least = n
			break
		}
	}
	v.MinLen = least
}

// form finds the form of a text: one of which the sample is taken, and no plain
// word.
func (p *probe) form(v *facts.Value) bool {
	if p.takesText("a") || p.takesText("aaa-aaa") {
		return false
	}
	var fits []string
	for _, f := range facts.Forms {
		if p.takesText(f.Sample) {
			fits = append(fits, f.Name)
		}
	}
	// A JSON document may be any value, and a number is one.
	if slices.Contains(fits, "json") {
		fits = []string{"json"}
	}
	if len(fits) != 1 {
		return false
	}
	v.Form = fits[0]
	if v.Enum == nil && p.takesText("") {
		v.Enum = []string{""} // no ARN, say, is as good as one
	}
	if v.Form == "number" {
		n := &probe{question: p.question, path: p.path, anyway: p.anyway, said: map[string][]string{}, shape: func(x cty.Value) cty.Value {
			f, _ := x.AsBigFloat().Float64()
			return p.shape(cty.StringVal(strconv.FormatFloat(f, 'f', -1, 64)))
		}}
		bounds := n.number()
		v.Min, v.Max, p.err = bounds.Min, bounds.Max, n.err
	}
	return true
}

// letters finds the characters that may be first, in the middle and last, by
// offering each.
func (p *probe) letters(v *facts.Value, says string) {
	word := ""
	for _, s := range []string{"aaa", "AAA", "aaa-aaa", "aaa.aaa", "/aaa", "/aaa/", "alias/aaa", "custom-aaa", "aaa:aaa", "111"} {
		if p.takesText(s) {
			word = s
			break
		}
	}
	if word == "" {
		return
	}
	half := len(word) / 2
	class := func(with func(c string) string) string {
		var chars []byte
		for c := byte(32); c < 127; c++ {
			if p.takesText(with(string(c))) {
				chars = append(chars, c)
			}
		}
		return characters(chars)
	}
	first := class(func(c string) string { return c + word[1:] })
	middle := class(func(c string) string { return word[:half] + c + word[half:] })
	last := class(func(c string) string { return word[:len(word)-1] + c })
	if first == "" || middle == "" || last == "" {
		return
	}
	v.Pattern = fmt.Sprintf("^(?:[%s](?:[%s]*[%s])?)?$", first, middle, last)
	if !p.takesText("") {
		v.Pattern = fmt.Sprintf("^[%s](?:[%s]*[%s])?$", first, middle, last)
	}
	v.Says = says
}

// characters is a class of a regular expression, without its brackets.
func characters(set []byte) string {
	if len(set) == 95 {
		return " -~"
	}
	var b strings.Builder
	for i := 0; i < len(set); {
		j := i
		for j+1 < len(set) && set[j+1] == set[j]+1 {
			j++
		}
		if j-i > 2 {
			b.WriteString(literal(set[i]) + "-" + literal(set[j]))
		} else {
			for _, c := range set[i : j+1] {
				b.WriteString(literal(c))
			}
		}
		i = j + 1
	}
	return b.String()
}

// literal is a character within a class.
func literal(c byte) string {
	if c == '-' {
		return `\-`
	}
	return regexp.QuoteMeta(string(c))
}

var (
	fewest = regexp.MustCompile(`(?:requires|at least) (\d+) item|must contain at least (\d+) elements`)
	most   = regexp.MustCompile(`supports (\d+) item maximum|at most (\d+) elements|no more than (\d+)`)
)

// items asks how many elements lists may have. What the schema says of blocks is
// taken from there.
func (q *question) items(b *terraform.Block, path string) error {
	below := func(name string) string { return strings.TrimPrefix(path+"."+name, ".") }
	for _, name := range sortedKeys(b.Blocks) {
		n := b.Blocks[name]
		p := q.blocks[below(name)]
		if p == "" {
			continue
		}
		if n.Many() && n.Min > 0 {
			q.res.Needs = append(q.res.Needs, p)
		}
		if n.Many() && (n.Min > 0 || n.Max > 0) {
			q.res.Items[p] = [2]int{int(n.Min), int(n.Max)}
		}
		if err := q.items(n.Block, below(name)); err != nil {
			return err
		}
	}
	for _, name := range sortedKeys(b.Attributes) {
		a := b.Attributes[name]
		p := q.names[below(name)]
		if p == "" || !a.Required && !a.Optional || !a.Type.IsListType() && !a.Type.IsSetType() || !strings.HasPrefix(q.typeOf(p), "[]") {
			continue
		}
		anyway := map[string]bool{}
		base, err := q.refused(below(name), nil, terraform.Example(name, a.Type, 0))
		if err != nil {
			return err
		}
		for _, text := range base {
			anyway[text] = true
		}
		count := func(n int, form *regexp.Regexp) (int, error) {
			texts, err := q.refused(below(name), anyway, many(name, a.Type, n))
			for _, text := range texts {
				if m := form.FindStringSubmatch(text); m != nil {
					return strconv.Atoi(strings.Join(m[1:], ""))
				}
			}
			return 0, err
		}
		low, err := count(0, fewest)
		if err != nil {
			return err
		}
		high, err := count(200, most)
		if err != nil {
			return err
		}
		if a.Required {
			q.res.Needs = append(q.res.Needs, p)
		}
		if low > 0 || high > 0 {
			q.res.Items[p] = [2]int{low, high}
		}
	}
	return nil
}

// many is a list or set of n different elements.
func many(name string, t cty.Type, n int) cty.Value {
	elem := t.ElementType()
	var all []cty.Value
	for i := range n {
		v := terraform.Example(name, elem, 0)
		switch elem {
		case cty.String:
			v = cty.StringVal(v.AsString() + strconv.Itoa(i))
		case cty.Number:
			v = cty.NumberIntVal(int64(i))
		}
		all = append(all, v)
	}
	switch {
	case n == 0 && t.IsSetType():
		return cty.SetValEmpty(elem)
	case n == 0:
		return cty.ListValEmpty(elem)
	case t.IsSetType():
		return cty.SetVal(all)
	}
	return cty.ListVal(all)
}

// typeOf is the Pulumi type of a path.
func (q *question) typeOf(path string) string {
	obj, typ := q.res.Outputs, ""
	for _, name := range strings.Split(path, ".") {
		typ = obj[name].Type
		elem := typ
		for {
			e, ok := facts.Elem(elem)
			if !ok {
				break
			}
			elem = e
		}
		obj = q.f.Nested(elem)
	}
	return typ
}

// sensitive notes the attributes that the provider calls sensitive.
func (q *question) sensitive() {
	for _, path := range slices.Sorted(maps.Keys(q.names)) {
		if a := q.attribute(path); a != nil && a.Sensitive {
			q.res.Sensitive = append(q.res.Sensitive, q.names[path])
		}
	}
}
