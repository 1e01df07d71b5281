package stepfunctions

import (
	"cmp"
	"strings"
	"time"
)

// choose is the state that the first rule leads to that holds.
func choose(s *state, input any, context *scope) (string, error) {
	for _, rule := range s.Choices {
		holds, err := test(rule, input, context)
		if err != nil {
			return "", err
		}
		if holds {
			next, _ := rule["Next"].(string)
			return next, nil
		}
	}
	if s.Default == "" {
		return "", fail("States.NoChoiceMatched", "no choice rule holds, and there is no Default")
	}
	return s.Default, nil
}

// test evaluates a choice rule.
func test(rule map[string]any, input any, context *scope) (bool, error) {
	for _, combined := range []struct {
		name string
		ends bool // the value of one rule that decides
	}{{"And", false}, {"Or", true}} {
		list, ok := rule[combined.name].([]any)
		if !ok {
			continue
		}
		for _, e := range list {
			inner, _ := e.(map[string]any)
			if holds, err := test(inner, input, context); err != nil || holds == combined.ends {
				return holds, err
			}
		}
		return !combined.ends, nil
	}
	if inner, ok := rule["Not"].(map[string]any); ok {
		holds, err := test(inner, input, context)
		return !holds, err
	}
	variable, _ := rule["Variable"].(string)
	v, there, err := find(variable, input, context)
	if err != nil {
		return false, err
	}
	for operator, operand := range rule {
		if operator == "Variable" || operator == "Next" || operator == "Comment" {
			continue
		}
		if operator == "IsPresent" {
			return there == operand, nil
		}
		if !there {
			return false, fail("States.Runtime", "invalid path '%s': the choice state's condition path references an invalid value", variable)
		}
		if strings.HasPrefix(operator, "Is") {
			return is(operator, v) == operand, nil
		}
		if name, byPath := strings.CutSuffix(operator, "Path"); byPath {
			reference, _ := operand.(string)
			if operand, err = evaluate(reference, input, context); err != nil {
				return false, err
			}
			operator = name
		}
		return compare(operator, v, operand), nil
	}
	return false, nil
}

func is(operator string, v any) bool {
	switch operator {
	case "IsNull":
		return v == nil
	case "IsNumeric":
		_, ok := v.(float64)
		return ok
	case "IsBoolean":
		_, ok := v.(bool)
		return ok
	case "IsString":
		_, ok := v.(string)
		return ok
	case "IsTimestamp":
		text, _ := v.(string)
		_, err := time.Parse(time.RFC3339, text)
		return err == nil
	}
	return false
}

// compare is false where the two are not of the operator's kind.
func compare(operator string, a, b any) bool {
	order, ok := 0, false
	how := ""
	for _, kind := range []string{"String", "Numeric", "Boolean", "Timestamp"} {
		rest, found := strings.CutPrefix(operator, kind)
		if !found {
			continue
		}
		how = rest
		switch kind {
		case "Numeric":
			x, ok1 := a.(float64)
			y, ok2 := b.(float64)
			order, ok = cmp.Compare(x, y), ok1 && ok2
		case "Boolean":
			x, ok1 := a.(bool)
			y, ok2 := b.(bool)
			ok = ok1 && ok2
			if x != y {
				order = 1
			}
		case "String":
			x, ok1 := a.(string)
			y, ok2 := b.(string)
			order, ok = strings.Compare(x, y), ok1 && ok2
			if how == "Matches" {
				return ok && like(y, x)
			}
		case "Timestamp":
			x, ok1 := moment(a)
			y, ok2 := moment(b)
			order, ok = x.Compare(y), ok1 && ok2
		}
	}
	if !ok {
		return false
	}
	switch how {
	case "Equals":
		return order == 0
	case "LessThan":
		return order < 0
	case "LessThanEquals":
		return order <= 0
	case "GreaterThan":
		return order > 0
	case "GreaterThanEquals":
		return order >= 0
	}
	return false
}

func moment(v any) (time.Time, bool) {
	text, _ := v.(string)
	t, err := time.Parse(time.RFC3339, text)
	return t, err == nil
}

// like says whether text is of a pattern, in which * stands for any characters
// and a backslash takes that from a star or a backslash.
func like(pattern, text string) bool {
	if pattern == "" {
		return text == ""
	}
	if pattern[0] == '*' {
		for i := range len(text) + 1 {
			if like(pattern[1:], text[i:]) {
				return true
			}
		}
		return false
	}
	if pattern[0] == '\\' && len(pattern) > 1 {
		pattern = pattern[1:]
	}
	return text != "" && text[0] == pattern[0] && like(pattern[1:], text[1:])
}
