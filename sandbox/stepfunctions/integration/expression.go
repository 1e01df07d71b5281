package integration

import (
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// expressions evaluates condition and update expressions of DynamoDB (developer
// guide, "Condition and filter expressions" and "Update expressions"): AND, OR,
// NOT, comparisons, attribute_exists, attribute_not_exists and begins_with; SET
// with + and -, if_not_exists, and REMOVE.
type expressions struct {
	names  map[string]string
	values map[string]any
	// used are the names and values that an expression has used: each has to be.
	used map[string]bool

	text   string
	tokens []string
	at     int
	item   map[string]any
}

var token = regexp.MustCompile(`\s*(<>|<=|>=|[=<>(),+\-]|[#:]?[A-Za-z0-9_]+(?:\[[0-9]+\])?(?:\.[#]?[A-Za-z0-9_]+(?:\[[0-9]+\])?)*)`)

func (e *expressions) read(text string, item map[string]any) error {
	e.text, e.tokens, e.at, e.item = text, nil, 0, item
	rest := text
	for strings.TrimSpace(rest) != "" {
		m := token.FindStringSubmatchIndex(rest)
		if m == nil || m[0] != 0 {
			return e.invalid("syntax error near %q", rest)
		}
		e.tokens = append(e.tokens, rest[m[2]:m[3]])
		rest = rest[m[1]:]
	}
	return nil
}

func (e *expressions) invalid(format string, args ...any) error {
	return refuse("DynamoDB.DynamoDbException", "ValidationException: invalid expression %q: %s", e.text, fmt.Sprintf(format, args...))
}

func (e *expressions) peek() string {
	if e.at < len(e.tokens) {
		return e.tokens[e.at]
	}
	return ""
}

func (e *expressions) take(word string) bool {
	if strings.EqualFold(e.peek(), word) && word != "" {
		e.at++
		return true
	}
	return false
}

func (e *expressions) need(word string) error {
	if !e.take(word) {
		return e.invalid("%q is missing before %q", word, e.peek())
	}
	return nil
}

// unused refuses names and values that no expression has used.
func (e *expressions) unused() error {
	for _, k := range slices.Sorted(maps.Keys(e.values)) {
		if !e.used[k] {
			return refuse("DynamoDB.DynamoDbException", "Value provided in ExpressionAttributeValues unused in expressions: keys: {%s}", k)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(e.names)) {
		if !e.used[k] {
			return refuse("DynamoDB.DynamoDbException", "Value provided in ExpressionAttributeNames unused in expressions: keys: {%s}", k)
		}
	}
	return nil
}

func (e *expressions) condition(text string, item map[string]any) (bool, error) {
	if err := e.read(text, item); err != nil {
		return false, err
	}
	holds, err := e.or()
	if err == nil && e.at < len(e.tokens) {
		err = e.invalid("unexpected %q", e.peek())
	}
	return holds, err
}

func (e *expressions) or() (bool, error) {
	holds, err := e.and()
	for err == nil && e.take("OR") {
		var right bool
		right, err = e.and()
		holds = holds || right
	}
	return holds, err
}

func (e *expressions) and() (bool, error) {
	holds, err := e.not()
	for err == nil && e.take("AND") {
		var right bool
		right, err = e.not()
		holds = holds && right
	}
	return holds, err
}

func (e *expressions) not() (bool, error) {
	if e.take("NOT") {
		holds, err := e.not()
		return !holds, err
	}
	if e.take("(") {
		holds, err := e.or()
		if err == nil {
			err = e.need(")")
		}
		return holds, err
	}
	for _, function := range []string{"attribute_exists", "attribute_not_exists", "begins_with"} {
		if !e.take(function) {
			continue
		}
		if err := e.need("("); err != nil {
			return false, err
		}
		v, err := e.operand()
		if err != nil {
			return false, err
		}
		holds := (v != nil) == (function == "attribute_exists")
		if function == "begins_with" {
			if err := e.need(","); err != nil {
				return false, err
			}
			prefix, err := e.operand()
			if err != nil {
				return false, err
			}
			text, ok1 := scalar(v, "S")
			start, ok2 := scalar(prefix, "S")
			holds = ok1 && ok2 && strings.HasPrefix(text, start)
		}
		return holds, e.need(")")
	}
	left, err := e.operand()
	if err != nil {
		return false, err
	}
	how := e.peek()
	if !oneOf(how, "=", "<>", "<", "<=", ">", ">=") {
		return false, e.invalid("%q is no comparison", how)
	}
	e.at++
	right, err := e.operand()
	if err != nil {
		return false, err
	}
	return compared(left, how, right), nil
}

func scalar(v any, kind string) (string, bool) {
	m, _ := v.(map[string]any)
	text, ok := m[kind].(string)
	return text, ok
}

// compared is false where an attribute is not there, but for <>, which holds then.
func compared(left any, how string, right any) bool {
	switch how {
	case "=":
		return left != nil && reflect.DeepEqual(left, right)
	case "<>":
		return !reflect.DeepEqual(left, right)
	}
	order := 0
	if a, ok := scalar(left, "S"); ok {
		b, ok := scalar(right, "S")
		if !ok {
			return false
		}
		order = strings.Compare(a, b)
	} else {
		a, ok1 := numberOf(left)
		b, ok2 := numberOf(right)
		if !ok1 || !ok2 {
			return false
		}
		order = a.Cmp(b)
	}
	switch how {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

func numberOf(v any) (*big.Rat, bool) {
	text, ok := scalar(v, "N")
	if !ok {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// operand is a value or the attribute at a path, nil where there is none.
func (e *expressions) operand() (any, error) {
	word := e.peek()
	e.at++
	if strings.HasPrefix(word, ":") {
		v, ok := e.values[word]
		if !ok {
			return nil, e.invalid("An expression attribute value used in expression is not defined; attribute value: %s", word)
		}
		e.used[word] = true
		return v, nil
	}
	path, err := e.path(word)
	if err != nil {
		return nil, err
	}
	var v any = map[string]any{"M": e.item}
	for _, name := range path {
		m, _ := v.(map[string]any)
		inner, _ := m["M"].(map[string]any)
		v = inner[name]
	}
	return v, nil
}

func (e *expressions) path(word string) ([]string, error) {
	if word == "" || strings.ContainsAny(word, "[(),=<>+-") {
		return nil, e.invalid("%q is no attribute", word)
	}
	parts := strings.Split(word, ".")
	for i, p := range parts {
		if !strings.HasPrefix(p, "#") {
			continue
		}
		name, ok := e.names[p]
		if !ok {
			return nil, e.invalid("An expression attribute name used in the document path is not defined; attribute name: %s", p)
		}
		e.used[p] = true
		parts[i] = name
	}
	return parts, nil
}

// update is the item after an update expression. The item itself stays as it is,
// and all operands are its own.
func (e *expressions) update(text string, item map[string]any) (map[string]any, error) {
	if err := e.read(text, item); err != nil {
		return nil, err
	}
	after := clean(item).(map[string]any)
	for e.at < len(e.tokens) {
		set := e.take("SET")
		if !set && !e.take("REMOVE") {
			return nil, e.invalid("%q is neither SET nor REMOVE", e.peek())
		}
		for {
			path, err := e.path(e.peek())
			if err != nil {
				return nil, err
			}
			e.at++
			var v any
			if set {
				if err := e.need("="); err != nil {
					return nil, err
				}
				if v, err = e.sum(); err != nil {
					return nil, err
				}
			}
			into := after
			for _, name := range path[:len(path)-1] {
				m, _ := into[name].(map[string]any)
				if into, _ = m["M"].(map[string]any); into == nil {
					return nil, refuse("DynamoDB.DynamoDbException", "The document path provided in the update expression is invalid for update")
				}
			}
			if last := path[len(path)-1]; set {
				into[last] = v
			} else {
				delete(into, last)
			}
			if !e.take(",") {
				break
			}
		}
	}
	return after, nil
}

func (e *expressions) sum() (any, error) {
	left, err := e.value()
	if err != nil {
		return nil, err
	}
	minus := e.peek() == "-"
	if !e.take("+") && !e.take("-") {
		return left, nil
	}
	right, err := e.value()
	if err != nil {
		return nil, err
	}
	a, ok1 := numberOf(left)
	b, ok2 := numberOf(right)
	if !ok1 || !ok2 {
		return nil, e.invalid("an operand of + or - is no number")
	}
	if minus {
		b.Neg(b)
	}
	return map[string]any{"N": strings.TrimSuffix(strings.TrimRight(a.Add(a, b).FloatString(38), "0"), ".")}, nil
}

func (e *expressions) value() (any, error) {
	fallback := e.take("if_not_exists")
	if fallback {
		if err := e.need("("); err != nil {
			return nil, err
		}
	}
	v, err := e.operand()
	if err != nil || !fallback {
		if err == nil && v == nil {
			err = refuse("DynamoDB.DynamoDbException", "The provided expression refers to an attribute that does not exist in the item")
		}
		return v, err
	}
	if err := e.need(","); err != nil {
		return nil, err
	}
	otherwise, err := e.operand()
	if v == nil {
		v = otherwise
	}
	if err == nil {
		err = e.need(")")
	}
	return v, err
}
