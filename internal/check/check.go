// Package check reports everything that is wrong with a set of arguments in one error.
//
// Problems are collected as [field.Error] values of k8s.io/apimachinery: each
// carries the property path, the value given and a detail that says what is
// allowed and how to mend it. Values that may be secret are reported with
// [field.Required] or [field.Forbidden], which do not print them.
package check

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Error returns nil where errs is empty, and otherwise one error that names
// what was checked and lists every problem on a line of its own, in the order
// in which they were found.
func Error(what string, errs field.ErrorList) error {
	if len(errs) == 0 {
		return nil
	}
	var b strings.Builder
	noun := "problems"
	if len(errs) == 1 {
		noun = "problem"
	}
	fmt.Fprintf(&b, "%s: %d %s", what, len(errs), noun)
	for _, e := range errs {
		b.WriteString("\n  ")
		b.WriteString(e.Error())
	}
	return &problems{text: b.String(), list: errs}
}

// problems keeps the single errors reachable for errors.As and errors.Is.
type problems struct {
	text string
	list field.ErrorList
}

func (p *problems) Error() string { return p.text }

func (p *problems) Unwrap() []error {
	list := make([]error, len(p.list))
	for i, e := range p.list {
		list[i] = e
	}
	return list
}
