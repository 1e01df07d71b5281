// Package document holds what the checkers of AWS's documents share. Each kind of
// document has a package below, which is pure: text in, problems out.
package document

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// A Problem is something that the service refuses in a document.
type Problem struct {
	// Path leads to it, as in Statement[0].Action; empty for the whole.
	Path string
	// Text is in the words of the service where those are known.
	Text string
}

// String is the path and the text.
func (p Problem) String() string {
	if p.Path == "" {
		return p.Text
	}
	return p.Path + ": " + p.Text
}

// Problems collects problems.
type Problems []Problem

// Add adds a problem.
func (p *Problems) Add(path, format string, args ...any) {
	*p = append(*p, Problem{Path: path, Text: fmt.Sprintf(format, args...)})
}

// Error is all problems on one line.
func (p Problems) Error() string {
	var all []string
	for _, one := range p {
		all = append(all, one.String())
	}
	return strings.Join(all, "; ")
}

// Err is the problems as an error, nil if there are none.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// Parse reads one JSON value: map[string]any, []any, string, json.Number, bool or
// nil. Unlike encoding/json it refuses a key that occurs twice in an object, as
// AWS does.
func Parse(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	v, err := value(d)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("there is more after the end of the document, at offset %d", d.InputOffset())
	}
	return v, nil
}

func value(d *json.Decoder) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	delim, ok := t.(json.Delim)
	if !ok {
		return t, nil
	}
	if delim == '[' {
		list := []any{}
		for d.More() {
			v, err := value(d)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.Token()
		return list, err
	}
	object := map[string]any{}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, ok := k.(string)
		if !ok {
			return nil, fmt.Errorf("a key is %v, at offset %d", k, d.InputOffset())
		}
		if _, twice := object[key]; twice {
			return nil, fmt.Errorf("the key %q occurs twice, at offset %d", key, d.InputOffset())
		}
		if object[key], err = value(d); err != nil {
			return nil, err
		}
	}
	_, err = d.Token()
	return object, err
}

// Object reads a document that has to be an object.
func Object(text string) (map[string]any, error) {
	v, err := Parse(text)
	if err != nil {
		return nil, err
	}
	o, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("it is %s, not a JSON object", Kind(v))
	}
	return o, nil
}

// Kind names the JSON type of a value.
func Kind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case json.Number:
		return "a number"
	case bool:
		return "a boolean"
	case []any:
		return "an array"
	}
	return "an object"
}

// Strings reads a string or an array of strings.
func Strings(v any) ([]string, bool) {
	switch v := v.(type) {
	case string:
		return []string{v}, true
	case []any:
		var all []string
		for _, e := range v {
			s, ok := e.(string)
			if !ok {
				return nil, false
			}
			all = append(all, s)
		}
		return all, true
	}
	return nil, false
}

// Keys are an object's keys in order.
func Keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
