// Package eventpattern checks EventBridge event patterns.
//
// Sources: EventBridge user guide, "Event patterns" and "Comparison operators for
// use in event patterns"; EventBridge API, PutRule.
package eventpattern

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud/document"
)

// Limit is the most characters of a pattern (EventBridge API, PutRule).
const Limit = 4096

// Check parses a pattern. The error is document.Problems.
func Check(text string) error {
	var bad document.Problems
	if len(text) > Limit {
		bad.Add("", "member must have length less than or equal to %d, it has %d", Limit, len(text))
	}
	pattern, err := document.Object(text)
	if err != nil {
		bad.Add("", "event pattern is not valid. Reason: %v", err)
		return bad
	}
	if len(pattern) == 0 {
		bad.Add("", "event pattern is not valid. Reason: empty patterns are not allowed")
	}
	object("", pattern, &bad)
	return bad.Err()
}

func below(path, name string) string { return strings.TrimPrefix(path+"."+name, ".") }

func object(path string, o map[string]any, bad *document.Problems) {
	for _, key := range document.Keys(o) {
		at := below(path, key)
		switch v := o[key].(type) {
		case map[string]any:
			if len(v) == 0 {
				bad.Add(at, "event pattern is not valid. Reason: empty objects are not allowed")
			}
			object(at, v, bad)
		case []any:
			if len(v) == 0 {
				bad.Add(at, "event pattern is not valid. Reason: empty arrays are not allowed")
			}
			for i, e := range v {
				one := fmt.Sprintf("%s[%d]", at, i)
				if key == "$or" {
					either(one, len(v), e, bad)
				} else {
					leaf(one, e, bad)
				}
			}
		default:
			bad.Add(at, "event pattern is not valid. Reason: %q must be an object or an array", key)
		}
	}
}

func either(at string, of int, e any, bad *document.Problems) {
	o, ok := e.(map[string]any)
	if !ok || of < 2 {
		bad.Add(at, "event pattern is not valid. Reason: $or is an array of two or more patterns")
		return
	}
	object(at, o, bad)
}

// leaf checks one element of a leaf: a value to be equal to, or a comparison.
func leaf(at string, e any, bad *document.Problems) {
	o, ok := e.(map[string]any)
	if _, isList := e.([]any); isList {
		bad.Add(at, "event pattern is not valid. Reason: an array within an array is not allowed")
	}
	if !ok {
		return
	}
	if len(o) != 1 {
		bad.Add(at, "event pattern is not valid. Reason: only one key allowed in match expression")
		return
	}
	for operator, v := range o {
		if wrong := compare(operator, v); wrong != "" {
			bad.Add(at+"."+operator, "event pattern is not valid. Reason: %s", wrong)
		}
	}
}

// compare says what is wrong with a comparison, "" if nothing is.
func compare(operator string, v any) string {
	texts := func(what any) bool {
		list, ok := document.Strings(what)
		return ok && len(list) > 0 && !slices.Contains(list, "")
	}
	_, isText := v.(string)
	o, isObject := v.(map[string]any)
	switch operator {
	case "prefix", "suffix":
		if isObject {
			if ignore, ok := o["equals-ignore-case"].(string); len(o) == 1 && ok && ignore != "" {
				return ""
			}
		}
		if !isText {
			return operator + " must be a string, or an object with equals-ignore-case"
		}
	case "equals-ignore-case", "wildcard":
		if !isText {
			return operator + " must be a string"
		}
		if strings.Contains(fmt.Sprint(v), "**") && operator == "wildcard" {
			return "consecutive wildcard characters are not allowed"
		}
	case "exists":
		if _, ok := v.(bool); !ok {
			return "exists must be true or false"
		}
	case "cidr":
		if _, err := netip.ParsePrefix(fmt.Sprint(v)); err != nil || !isText {
			return fmt.Sprintf("cidr must be an address range such as 10.0.0.0/24, it is %v", v)
		}
	case "numeric":
		return numeric(v)
	case "anything-but":
		if !isObject {
			list, isList := v.([]any)
			if isList && len(list) == 0 {
				return "anything-but list must not be empty"
			}
			return ""
		}
		if len(o) == 1 {
			for inner, w := range o {
				if slices.Contains([]string{"prefix", "suffix", "equals-ignore-case", "wildcard"}, inner) && texts(w) {
					return ""
				}
			}
		}
		return "anything-but takes a value, a list of them, or one of prefix, suffix, equals-ignore-case and wildcard"
	default:
		return "unrecognized match type " + operator
	}
	return ""
}

// numeric is a comparison such as [">", 0, "<=", 5].
func numeric(v any) string {
	const form = `numeric must be a list such as [">", 0, "<=", 5]`
	list, ok := v.([]any)
	if !ok || len(list) != 2 && len(list) != 4 {
		return form
	}
	var low, high float64
	for i := 0; i < len(list); i += 2 {
		n, ok := list[i+1].(json.Number)
		if !ok {
			return form
		}
		f, err := n.Float64()
		if err != nil {
			return form
		}
		switch op := list[i]; {
		case op == "=" && len(list) == 2:
		case (op == "<" || op == "<=") && (i == 2 || len(list) == 2):
			high = f
		case (op == ">" || op == ">=") && i == 0:
			low = f
		default:
			return form
		}
	}
	if len(list) == 4 && low >= high {
		return "bottom must be less than top"
	}
	return ""
}
