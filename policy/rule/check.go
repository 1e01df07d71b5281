package rule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Check finds what is wrong with a resource by itself. Most are made by the
// functions below, which take the path of the property that they look at; "*"
// stands in it for every element of a list. None evaluates what is unknown.
type Check = func(Resource) []Finding

// That is a check that a condition holds for every value that a path leads to.
// The condition is asked about no value that is unknown.
func That(holds func(Value) bool, keys ...string) Check {
	return func(r Resource) []Finding {
		var findings []Finding
		for _, v := range r.Each(keys...) {
			if !v.Unknown() && !holds(v) {
				findings = append(findings, v.Finding(""))
			}
		}
		return findings
	}
}

// IsTrue is a check that the property at a path is true. It must be there.
func IsTrue(keys ...string) Check {
	return That(func(v Value) bool { is, _ := v.Bool(); return is }, keys...)
}

// IsNotTrue is a check that the property at a path is not true. It may be missing.
func IsNotTrue(keys ...string) Check {
	return That(func(v Value) bool { is, _ := v.Bool(); return !is }, keys...)
}

// IsNotFalse is a check that the property at a path is not false. It may be
// missing, because the default is true.
func IsNotFalse(keys ...string) Check {
	return That(func(v Value) bool { is, ok := v.Bool(); return is || !ok }, keys...)
}

// IsSet is a check that the property at a path says something.
func IsSet(keys ...string) Check {
	return That(func(v Value) bool { return !v.Empty() }, keys...)
}

// IsNotSet is a check that the property at a path says nothing.
func IsNotSet(keys ...string) Check {
	return That(Value.Empty, keys...)
}

// IsOneOf is a check that the property at a path is one of some values. It must
// be there.
func IsOneOf(allowed []string, keys ...string) Check {
	return That(func(v Value) bool { return slices.Contains(allowed, v.text()) }, keys...)
}

// IsNoneOf is a check that the property at a path is none of some values. It may
// be missing.
func IsNoneOf(forbidden []string, keys ...string) Check {
	return That(func(v Value) bool { return !slices.Contains(forbidden, v.text()) }, keys...)
}

// IsAtLeast is a check that the property at a path is a number that is not
// smaller. It must be there.
func IsAtLeast(least float64, keys ...string) Check {
	return That(func(v Value) bool { n, ok := v.Number(); return ok && n >= least }, keys...)
}

// IsAtMost is a check that the property at a path is a number that is not larger.
// It must be there.
func IsAtMost(most float64, keys ...string) Check {
	return That(func(v Value) bool { n, ok := v.Number(); return ok && n <= most }, keys...)
}

// Contains is a check that the list at a path has all of some texts. It must be
// there.
func Contains(wanted []string, keys ...string) Check {
	return That(func(v Value) bool {
		return !slices.ContainsFunc(wanted, func(text string) bool { return v.Contains(text) == No })
	}, keys...)
}

// When is a check that applies only if the property at a path of plain keys is
// one of some values, "" standing for missing. It does not apply while that is
// unknown.
func When(values []string, check Check, keys ...string) Check {
	return func(r Resource) []Finding {
		if v := r.At(keys...); v.Unknown() || !slices.Contains(values, v.text()) {
			return nil
		}
		return check(r)
	}
}

// All is a check that all of some checks hold.
func All(checks ...Check) Check {
	return func(r Resource) []Finding {
		var findings []Finding
		for _, check := range checks {
			findings = append(findings, check(r)...)
		}
		return findings
	}
}

// text is a scalar as text, "" for anything else.
func (v Value) text() string {
	switch {
	case v.value.IsString():
		return v.value.AsString()
	case v.value.IsBool():
		return strconv.FormatBool(v.value.AsBool())
	case v.value.IsNumber():
		return strconv.FormatFloat(v.value.AsNumber(), 'f', -1, 64)
	default:
		return ""
	}
}

// Contains tells whether a list has a text.
func (v Value) Contains(text string) Answer {
	if v.Unknown() {
		return Maybe
	}
	answer := No
	for _, e := range v.List() {
		switch {
		case e.Unknown():
			answer = Maybe
		case e.text() == text:
			return Yes
		}
	}
	return answer
}

// Fix is a safe value of a property, which a rule at the level remediate puts in
// place of what it refuses.
type Fix struct {
	// Property is the path, its keys joined by dots. Its parents need not be there.
	Property string
	// Value is the safe value, of the types of an example.
	Value any
}

func (f Fix) keys() []string { return strings.Split(f.Property, ".") }

func (f Fix) String() string { return fmt.Sprintf("%s becomes %v", f.Property, f.Value) }
