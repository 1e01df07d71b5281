package stepfunctions

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/theory/jsonpath"
	"github.com/theory/jsonpath/spec"
)

// scope is what expressions see besides their input.
type scope struct {
	// values are the Context object.
	values map[string]any
	// rand is what functions draw from.
	rand *rand.Rand
}

// evaluate gives the value of a JSONPath or a call of an intrinsic function. A
// path that begins with $$ is one into the Context object. A path that can stand
// for one value only has to find it; any other gives an array of what it finds.
func evaluate(expression string, input any, context *scope) (any, error) {
	if strings.HasPrefix(expression, "States.") {
		return call(expression, input, context)
	}
	v, there, err := find(expression, input, context)
	if err == nil && !there {
		err = fail("States.Runtime", "the JSONPath '%s' specified could not be found in the input '%s'", expression, brief(input))
	}
	return v, err
}

// find is evaluate of a JSONPath that may find nothing.
func find(expression string, input any, context *scope) (v any, there bool, err error) {
	if strings.HasPrefix(expression, "$$") {
		input, expression = context.values, expression[1:]
	}
	p, err := jsonpath.Parse(expression)
	if err != nil {
		return nil, false, fail("States.Runtime", "invalid path '%s': %v", expression, err)
	}
	nodes := p.Select(input)
	if p.Query().Singular() == nil {
		return slices.Clone([]any(nodes)), true, nil
	}
	if len(nodes) == 0 {
		return nil, false, nil
	}
	return nodes[0], true, nil
}

func brief(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// filter applies InputPath, OutputPath or ItemsPath: absent is all, null is an
// empty object.
func filter(p path, v any, context *scope) (any, error) {
	switch {
	case !p.there:
		return v, nil
	case p.null:
		return map[string]any{}, nil
	}
	return evaluate(p.text, v, context)
}

// fill fills a template: a field whose name ends in .$ gets the value of its
// expression.
func fill(template, input any, context *scope) (any, error) {
	switch template := template.(type) {
	case map[string]any:
		filled := make(map[string]any, len(template))
		for _, k := range slices.Sorted(maps.Keys(template)) {
			expression, isText := template[k].(string)
			name, dynamic := strings.CutSuffix(k, ".$")
			var v any
			var err error
			if dynamic && isText {
				if v, err = evaluate(expression, input, context); err != nil {
					if f := failure(err); f.Error == "States.Runtime" {
						err = fail("States.ParameterPathFailure", "%s", f.Cause)
					}
				}
			} else {
				name = k
				v, err = fill(template[k], input, context)
			}
			if err != nil {
				return nil, err
			}
			filled[name] = v
		}
		return filled, nil
	case []any:
		filled := make([]any, len(template))
		for i, e := range template {
			v, err := fill(e, input, context)
			if err != nil {
				return nil, err
			}
			filled[i] = v
		}
		return filled, nil
	}
	return template, nil
}

// place puts a result into a state's input, as ResultPath says: absent takes the
// result alone, null drops it. The input itself is left as it is.
func place(p path, input, result any) (any, error) {
	switch {
	case !p.there || p.text == "$":
		return result, nil
	case p.null:
		return input, nil
	}
	query, err := jsonpath.Parse(p.text)
	if err != nil || query.Query().Singular() == nil {
		return nil, fail("States.ResultPathMatchFailure", "the path %s is no reference path", p.text)
	}
	return put(query.Query().Segments(), input, result, p.text)
}

func put(segments []*spec.Segment, into, result any, whole string) (any, error) {
	if len(segments) == 0 {
		return result, nil
	}
	mismatch := func() (any, error) {
		return nil, fail("States.ResultPathMatchFailure", "unable to apply ResultPath %s to input %s", whole, brief(into))
	}
	switch at := segments[0].Selectors()[0].(type) {
	case spec.Name:
		object, ok := into.(map[string]any)
		if into != nil && !ok {
			return mismatch()
		}
		object = maps.Clone(object)
		if object == nil {
			object = map[string]any{}
		}
		v, err := put(segments[1:], object[string(at)], result, whole)
		object[string(at)] = v
		return object, err
	case spec.Index:
		list, ok := into.([]any)
		if !ok || int(at) < 0 || int(at) >= len(list) {
			return mismatch()
		}
		list = slices.Clone(list)
		v, err := put(segments[1:], list[at], result, whole)
		list[at] = v
		return list, err
	}
	return mismatch()
}
