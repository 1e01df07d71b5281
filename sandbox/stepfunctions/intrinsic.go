package stepfunctions

import (
	"crypto/md5"  //nolint:gosec // States.Hash offers it
	"crypto/sha1" //nolint:gosec // States.Hash offers it
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// call evaluates a call of an intrinsic function. Arguments are strings in single
// quotes, numbers, true, false, null, JSONPaths and further calls.
func call(expression string, input any, context *scope) (any, error) {
	p := &parser{text: expression, input: input, context: context}
	v, err := p.value()
	if p.space(); err == nil && p.at < len(p.text) {
		err = fail("States.IntrinsicFailure", "unexpected %q in %s", p.text[p.at:], p.text)
	}
	return v, err
}

type parser struct {
	text    string
	at      int
	input   any
	context *scope
}

func (p *parser) space() {
	for p.at < len(p.text) && strings.ContainsRune(" \t\n", rune(p.text[p.at])) {
		p.at++
	}
}

func (p *parser) value() (any, error) {
	p.space()
	rest := p.text[p.at:]
	switch {
	case strings.HasPrefix(rest, "'"):
		return p.quoted()
	case strings.HasPrefix(rest, "$"):
		return evaluate(p.path(), p.input, p.context)
	case strings.HasPrefix(rest, "States."):
		open := strings.IndexByte(rest, '(')
		if open < 0 {
			return nil, fail("States.IntrinsicFailure", "%s lacks its arguments", rest)
		}
		p.at += open + 1
		return p.function(rest[:open])
	}
	end := strings.IndexAny(rest, ",) \t\n")
	if end < 0 {
		end = len(rest)
	}
	var v any
	if err := json.Unmarshal([]byte(rest[:end]), &v); err != nil {
		return nil, fail("States.IntrinsicFailure", "%q in %s is no argument", rest[:end], p.text)
	}
	p.at += end
	return v, nil
}

// quoted reads a string; a backslash takes its meaning from ' { } and \.
func (p *parser) quoted() (any, error) {
	var b strings.Builder
	for p.at++; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == '\'':
			p.at++
			return b.String(), nil
		case c == '\\' && p.at+1 < len(p.text):
			p.at++
			if next := p.text[p.at]; next == '{' || next == '}' {
				b.WriteByte('\\') // for States.Format to see
			}
			b.WriteByte(p.text[p.at])
		default:
			b.WriteByte(c)
		}
	}
	return nil, fail("States.IntrinsicFailure", "a string in %s has no end", p.text)
}

// path reads a JSONPath, up to a comma or a bracket outside of its own.
func (p *parser) path() string {
	from, depth := p.at, 0
	var quote byte
	for ; p.at < len(p.text); p.at++ {
		c := p.text[p.at]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '[' || c == '(':
			depth++
		case depth > 0 && (c == ']' || c == ')'):
			depth--
		case depth == 0 && strings.IndexByte(",) \t\n", c) >= 0:
			return p.text[from:p.at]
		}
	}
	return p.text[from:]
}

func (p *parser) function(name string) (any, error) {
	var args []any
	for {
		p.space()
		if p.at < len(p.text) && p.text[p.at] == ')' {
			p.at++
			break
		}
		if len(args) > 0 {
			if p.at >= len(p.text) || p.text[p.at] != ',' {
				return nil, fail("States.IntrinsicFailure", "a bracket is missing in %s", p.text)
			}
			p.at++
		}
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		args = append(args, v)
	}
	v, err := apply(name, args, p.context.rand)
	if err != nil {
		err = fail("States.IntrinsicFailure", "%s: %v", name, err)
	}
	return v, err
}

// apply is what a function does.
func apply(name string, args []any, draw *rand.Rand) (any, error) {
	a := arguments{args: args}
	var v any
	var err error
	switch name {
	case "States.Format":
		return format(args)
	case "States.Array":
		return append([]any{}, args...), nil
	case "States.UUID":
		e := &Engine{Rand: draw}
		return e.uuid(), a.all(0)
	case "States.StringToJson":
		if err = json.Unmarshal([]byte(a.text(0)), &v); err != nil {
			return nil, err
		}
		return v, a.all(1)
	case "States.JsonToString":
		raw, err := json.Marshal(a.any(0))
		if err != nil {
			return nil, err
		}
		return string(raw), a.all(1)
	case "States.ArrayGetItem":
		list, i := a.list(0), int(a.number(1))
		if err := a.all(2); err != nil || i < 0 || i >= len(list) {
			return nil, fmt.Errorf("the array has no element %d", i)
		}
		return list[i], nil
	case "States.ArrayLength":
		return float64(len(a.list(0))), a.all(1)
	case "States.ArrayContains":
		list, wanted := a.list(0), a.any(1)
		return slices.ContainsFunc(list, func(e any) bool { return equal(e, wanted) }), a.all(2)
	case "States.ArrayUnique":
		unique := []any{}
		for _, e := range a.list(0) {
			if !slices.ContainsFunc(unique, func(u any) bool { return equal(e, u) }) {
				unique = append(unique, e)
			}
		}
		return unique, a.all(1)
	case "States.ArrayPartition":
		list, size := a.list(0), int(a.number(1))
		if err := a.all(2); err != nil || size < 1 {
			return nil, fmt.Errorf("the size of a part is %d", size)
		}
		parts := []any{}
		for c := range slices.Chunk(list, size) {
			parts = append(parts, slices.Clone(c))
		}
		return parts, nil
	case "States.ArrayRange":
		return arrayRange(&a)
	case "States.Base64Encode":
		return base64.StdEncoding.EncodeToString([]byte(a.text(0))), a.all(1)
	case "States.Base64Decode":
		raw, err := base64.StdEncoding.DecodeString(a.text(0))
		if err != nil {
			return nil, err
		}
		return string(raw), a.all(1)
	case "States.Hash":
		return hash(&a)
	case "States.JsonMerge":
		left, right := a.object(0), a.object(1)
		if deep, _ := a.any(2).(bool); deep {
			return nil, fmt.Errorf("deep merging is not supported")
		}
		merged := map[string]any{}
		for _, from := range []map[string]any{left, right} {
			for k, e := range from {
				merged[k] = e
			}
		}
		return merged, a.all(3)
	case "States.MathAdd":
		return math.Trunc(a.number(0)) + math.Trunc(a.number(1)), a.all(2)
	case "States.MathRandom":
		from, to := int(a.number(0)), int(a.number(1))
		if to <= from {
			return nil, fmt.Errorf("there is nothing from %d to %d", from, to)
		}
		if len(args) == 3 { // a seed
			draw = rand.New(rand.NewPCG(uint64(a.number(2)), 0)) //nolint:gosec // no secret
			return float64(from + draw.IntN(to-from)), a.all(3)
		}
		return float64(from + draw.IntN(to-from)), a.all(2)
	case "States.StringSplit":
		parts := []any{}
		separators := a.text(1)
		for _, part := range strings.FieldsFunc(a.text(0), func(r rune) bool { return strings.ContainsRune(separators, r) }) {
			parts = append(parts, part)
		}
		return parts, a.all(2)
	}
	return nil, fmt.Errorf("there is no such function")
}

func arrayRange(a *arguments) (any, error) {
	first, last, by := a.number(0), a.number(1), a.number(2)
	if err := a.all(3); err != nil {
		return nil, err
	}
	if by == 0 || math.Abs((last-first)/by) >= 1000 {
		return nil, fmt.Errorf("from %v to %v by %v are more than 1000 elements", first, last, by)
	}
	list := []any{}
	for n := first; by > 0 && n <= last || by < 0 && n >= last; n += by {
		list = append(list, n)
	}
	return list, nil
}

func hash(a *arguments) (any, error) {
	data, algorithm := a.any(0), a.text(1)
	text, ok := data.(string)
	if !ok {
		text = brief(data)
	}
	var sum []byte
	switch raw := []byte(text); algorithm {
	case "MD5":
		s := md5.Sum(raw) //nolint:gosec // what was asked for
		sum = s[:]
	case "SHA-1":
		s := sha1.Sum(raw) //nolint:gosec // what was asked for
		sum = s[:]
	case "SHA-256":
		s := sha256.Sum256(raw)
		sum = s[:]
	case "SHA-384":
		s := sha512.Sum384(raw)
		sum = s[:]
	case "SHA-512":
		s := sha512.Sum512(raw)
		sum = s[:]
	default:
		return nil, fmt.Errorf("there is no algorithm %s", algorithm)
	}
	return hex.EncodeToString(sum), a.all(2)
}

// format fills the {} of a template.
func format(args []any) (any, error) {
	a := arguments{args: args}
	template := a.text(0)
	if a.bad != nil {
		return nil, a.bad
	}
	var b strings.Builder
	next := 1
	for i := 0; i < len(template); i++ {
		switch {
		case template[i] == '\\' && i+1 < len(template) && (template[i+1] == '{' || template[i+1] == '}'):
			i++
			b.WriteByte(template[i])
		case strings.HasPrefix(template[i:], "{}"):
			if next >= len(args) {
				return nil, fmt.Errorf("the template has more {} than arguments follow it")
			}
			switch v := args[next].(type) {
			case string:
				b.WriteString(v)
			case float64:
				b.WriteString(strconv.FormatFloat(v, 'f', -1, 64))
			case bool, nil:
				b.WriteString(brief(v))
			default:
				return nil, fmt.Errorf("argument %d is an object or an array", next)
			}
			next++
			i++
		case template[i] == '{' || template[i] == '}':
			return nil, fmt.Errorf("%q stands alone in the template: escape it with a backslash", template[i])
		default:
			b.WriteByte(template[i])
		}
	}
	if next < len(args) {
		return nil, fmt.Errorf("the template has fewer {} than arguments follow it")
	}
	return b.String(), nil
}

// arguments reads typed arguments and keeps the first problem.
type arguments struct {
	args []any
	bad  error
}

func (a *arguments) any(i int) any {
	if i < len(a.args) {
		return a.args[i]
	}
	return nil
}

func argument[T any](a *arguments, i int, what string) T {
	v, ok := a.any(i).(T)
	if !ok && a.bad == nil {
		a.bad = fmt.Errorf("argument %d is %s, not %s", i+1, brief(a.any(i)), what)
	}
	return v
}

func (a *arguments) text(i int) string           { return argument[string](a, i, "a string") }
func (a *arguments) number(i int) float64        { return argument[float64](a, i, "a number") }
func (a *arguments) list(i int) []any            { return argument[[]any](a, i, "an array") }
func (a *arguments) object(i int) map[string]any { return argument[map[string]any](a, i, "an object") }

// all says what was wrong with the arguments, of which there are to be n.
func (a *arguments) all(n int) error {
	if a.bad == nil && len(a.args) != n {
		return fmt.Errorf("%d arguments were given, it takes %d", len(a.args), n)
	}
	return a.bad
}
