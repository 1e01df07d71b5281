package rule

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// Value is a property with the path that leads to it. It is present, missing or
// unknown. Nothing that is read of it panics.
type Value struct {
	path   string
	value  property.Value // null where missing
	secret bool           // it or what holds it
}

// Path is where the value is, such as "rules[0].cidr".
func (v Value) Path() string { return v.path }

// Missing reports whether there is nothing: no such property, or null.
func (v Value) Missing() bool { return v.value.IsNull() }

// Secret reports whether the value, what holds it or what is in it is a secret.
func (v Value) Secret() bool { return v.secret || v.value.HasSecrets() }

// Unknown reports whether the value is not known yet, as in a preview. A list or
// map that is known may hold values that are not.
func (v Value) Unknown() bool { return v.value.IsComputed() }

// At reads what a path of keys leads to. What is below something unknown is
// unknown; what is below something missing, or below anything but a map, is
// missing.
func (v Value) At(keys ...string) Value {
	for _, key := range keys {
		below := Value{path: key, secret: v.secret || v.value.Secret()}
		if v.path != "" {
			below.path = v.path + "." + key
		}
		switch {
		case v.Unknown():
			below.value = v.value
		case v.value.IsMap():
			below.value = v.value.AsMap().Get(key)
		}
		v = below
	}
	return v
}

// List returns the elements of a list, none if the value is anything else. Ask
// Unknown first where an empty list means something.
func (v Value) List() []Value {
	if !v.value.IsArray() {
		return nil
	}
	elements := v.value.AsArray().AsSlice()
	list := make([]Value, len(elements))
	for i, e := range elements {
		list[i] = Value{path: fmt.Sprintf("%s[%d]", v.path, i), value: e, secret: v.secret || v.value.Secret()}
	}
	return list
}

// Keys returns the keys of a map in order, none if the value is anything else.
func (v Value) Keys() []string {
	if !v.value.IsMap() {
		return nil
	}
	var keys []string
	for key := range v.value.AsMap().AllStable {
		keys = append(keys, key)
	}
	return keys
}

// Text returns a string; ok is false if the value is anything else.
func (v Value) Text() (text string, ok bool) {
	if !v.value.IsString() {
		return "", false
	}
	return v.value.AsString(), true
}

// Bool returns a truth value; ok is false if the value is anything else. Some
// providers take the words "true" and "false" instead.
func (v Value) Bool() (value, ok bool) {
	if v.value.IsString() {
		value, err := strconv.ParseBool(v.value.AsString())
		return value, err == nil
	}
	if !v.value.IsBool() {
		return false, false
	}
	return v.value.AsBool(), true
}

// Number returns a number; ok is false if the value is anything else. Some
// providers take numbers as text.
func (v Value) Number() (n float64, ok bool) {
	if v.value.IsString() {
		n, err := strconv.ParseFloat(v.value.AsString(), 64)
		return n, err == nil
	}
	if !v.value.IsNumber() {
		return 0, false
	}
	return v.value.AsNumber(), true
}

// Each reads the values that a path leads to: keys joined by dots, where "*"
// stands for every element of a list and every value of a map, and a key with a
// question mark leads nowhere if there is nothing, as in
// "blockDeviceMappings.*.ebs?.encrypted". What is below something unknown is
// unknown.
func (v Value) Each(path string) []Value {
	if path == "" {
		return []Value{v}
	}
	key, rest, _ := strings.Cut(path, ".")
	if key != "*" {
		key, optional := strings.CutSuffix(key, "?")
		if v = v.At(key); optional && v.Missing() {
			return nil
		}
		return v.Each(rest)
	}
	if v.Unknown() {
		return v.At("*").Each(rest)
	}
	var all []Value
	for _, e := range v.List() {
		all = append(all, e.Each(rest)...)
	}
	for _, key := range v.Keys() {
		all = append(all, v.At(key).Each(rest)...)
	}
	return all
}

// Empty reports whether the value is known to say nothing: it is missing, or an
// empty string, list or map.
func (v Value) Empty() bool {
	switch x := v.value; {
	case x.IsString():
		return x.AsString() == ""
	case x.IsArray():
		return x.AsArray().Len() == 0
	case x.IsMap():
		return x.AsMap().Len() == 0
	default:
		return x.IsNull()
	}
}

// shownRunes is how much of a value a message shows.
const shownRunes = 80

// String is the value as a message shows it: shortened if it is long, and
// without secrets.
func (v Value) String() string {
	switch {
	case v.Missing():
		return "missing"
	case v.Unknown():
		return "unknown"
	case v.Secret():
		return "[secret]"
	}
	text, err := json.Marshal(plain(v.value))
	if err != nil {
		return "a value that cannot be shown"
	}
	if runes := []rune(string(text)); len(runes) > shownRunes {
		return string(runes[:shownRunes]) + "…"
	}
	return string(text)
}

// plain is a value as JSON knows it.
func plain(v property.Value) any {
	switch {
	case v.IsNull():
		return nil
	case v.IsBool():
		return v.AsBool()
	case v.IsNumber():
		return v.AsNumber()
	case v.IsString():
		return v.AsString()
	case v.IsArray():
		list := []any{}
		for _, e := range v.AsArray().AsSlice() {
			list = append(list, plain(e))
		}
		return list
	case v.IsMap():
		m := map[string]any{}
		for k, e := range v.AsMap().All {
			m[k] = plain(e)
		}
		return m
	case v.IsComputed():
		return "unknown"
	default:
		return "an asset, an archive or a resource"
	}
}

// Finding is a finding about the value; an empty remedy stands for the rule's.
func (v Value) Finding(remedy string) Finding {
	return Finding{Property: v.path, Value: v.String(), Remedy: remedy}
}
