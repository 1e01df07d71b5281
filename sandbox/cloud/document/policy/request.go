package policy

import (
	"slices"
	"strings"
)

// Request is what somebody asks of the resource that a policy is attached to.
type Request struct {
	// Action is the action, such as kms:Decrypt.
	Action string
	// By tells whether a principal names who asks.
	By func(Principal) bool
	// Context are the condition keys of which something is known, in lower case, with
	// their value; "" is a key that the request does not have.
	Context map[string]string
}

// Admits says whether the policy allows a request and does not deny it. A
// condition of which nothing is known, by its key or its operator, does not keep a
// statement from allowing, and keeps one from denying.
func (d *Document) Admits(r Request) bool {
	allowed := false
	for _, s := range d.Statements {
		if !s.of(r) {
			continue
		}
		if holds := s.holds(r.Context, s.Allow); holds && !s.Allow {
			return false
		} else if holds {
			allowed = true
		}
	}
	return allowed
}

// of says whether the statement is about the request, but for its conditions.
func (s *Statement) of(r Request) bool {
	if slices.ContainsFunc(s.Principals, r.By) == s.Except {
		return false
	}
	matches := func(p string) bool { return Match(p, r.Action) }
	if s.NotActions != nil {
		return !slices.ContainsFunc(s.NotActions, matches)
	}
	return slices.ContainsFunc(s.Actions, matches)
}

// holds says whether all conditions hold; what is not known counts as given.
func (s *Statement) holds(context map[string]string, unknown bool) bool {
	for _, c := range s.Conditions {
		value, known := context[strings.ToLower(c.Key)]
		holds, understood := c.holds(value)
		if !known || !understood {
			holds = unknown
		}
		if !holds {
			return false
		}
	}
	return true
}

// holds compares the condition with the value of its key, "" where it has none. It
// understands the operators that key policies are written with.
func (c Condition) holds(value string) (holds, understood bool) {
	operator, vacuous := strings.CutPrefix(strings.TrimPrefix(c.Operator, "ForAnyValue:"), "ForAllValues:")
	if operator == "Null" {
		return slices.Contains(c.Values, "true") == (value == ""), true
	}
	operator, ifExists := strings.CutSuffix(operator, "IfExists")
	operator, negated := cutNot(operator)
	var equal func(string) bool
	switch operator {
	case "StringEquals":
		equal = func(want string) bool { return want == value }
	case "StringEqualsIgnoreCase", "Bool":
		equal = func(want string) bool { return strings.EqualFold(want, value) }
	case "StringLike", "ArnEquals", "ArnLike":
		equal = func(want string) bool { return Match(want, value) }
	default:
		return false, false
	}
	if value == "" {
		return ifExists || negated || vacuous, true
	}
	return slices.ContainsFunc(c.Values, equal) != negated, true
}

// cutNot takes the Not out of an operator such as StringNotEquals.
func cutNot(operator string) (string, bool) {
	before, after, found := strings.Cut(operator, "Not")
	return before + after, found
}
