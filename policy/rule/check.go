package rule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Check finds what is wrong with a resource by itself.
type Check = func(Resource) []Finding

// A Condition is what a check asks of a value. It is asked of no value that is
// unknown.
type Condition = func(Value) bool

// That is a check that a condition holds for every value that a path leads to.
// See [Value.Each] for paths.
func That(path string, holds Condition) Check {
	return func(r Resource) []Finding { return r.properties.Must(path, holds) }
}

// Must finds fault with every value that a path leads to and for which a
// condition does not hold.
func (v Value) Must(path string, holds Condition) []Finding {
	var findings []Finding
	for _, v := range v.Each(path) {
		if !v.Unknown() && !holds(v) {
			findings = append(findings, v.Finding(""))
		}
	}
	return findings
}

// When is a check that applies only if a condition holds for every value that a
// path leads to. It does not apply while one is unknown.
func When(path string, holds Condition, check Check) Check {
	return func(r Resource) []Finding {
		for _, v := range r.Each(path) {
			if v.Unknown() || !holds(v) {
				return nil
			}
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

// IsTrue holds for true.
func IsTrue(v Value) bool { is, _ := v.Bool(); return is }

// IsNotTrue holds for anything but true, and for nothing.
func IsNotTrue(v Value) bool { return !IsTrue(v) }

// IsNotFalse holds for anything but false, and for nothing: where the default is
// true.
func IsNotFalse(v Value) bool { is, ok := v.Bool(); return is || !ok }

// IsSet holds for what says something.
func IsSet(v Value) bool { return !v.Empty() }

// IsNotSet holds for what says nothing.
func IsNotSet(v Value) bool { return v.Empty() }

// IsOneOf holds for some values, "" among them standing for nothing.
func IsOneOf(allowed ...string) Condition {
	return func(v Value) bool { return slices.Contains(allowed, v.text()) }
}

// IsNoneOf holds for anything but some values, "" among them standing for
// nothing.
func IsNoneOf(forbidden ...string) Condition {
	return func(v Value) bool { return !slices.Contains(forbidden, v.text()) }
}

// IsAtLeast holds for numbers that are not smaller.
func IsAtLeast(least float64) Condition {
	return func(v Value) bool { n, ok := v.Number(); return ok && n >= least }
}

// IsAtMost holds for numbers that are not larger.
func IsAtMost(most float64) Condition {
	return func(v Value) bool { n, ok := v.Number(); return ok && n <= most }
}

// HasAll holds for lists that have all of some texts, or may have them.
func HasAll(wanted ...string) Condition {
	return func(v Value) bool {
		return !slices.ContainsFunc(wanted, func(text string) bool { return v.Contains(text) == No })
	}
}

// HasNone holds for lists that have none of some texts.
func HasNone(forbidden ...string) Condition {
	return func(v Value) bool {
		return !slices.ContainsFunc(forbidden, func(text string) bool { return v.Contains(text) == Yes })
	}
}

// HasAtLeast holds for lists of so many elements.
func HasAtLeast(n int) Condition {
	return func(v Value) bool { return len(v.List()) >= n }
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
