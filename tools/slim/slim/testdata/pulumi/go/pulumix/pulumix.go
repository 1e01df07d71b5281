// Package pulumix stands in for the generic half of Pulumi's SDK.
package pulumix

import (
	"context"
	"reflect"
)

type Output[T any] struct{ V T }

func (o Output[T]) ToOutput(context.Context) Output[T] { return o }

type Input[T any] interface {
	ToOutput(context.Context) Output[T]
}

func Apply[T, U any](i Input[T], f func(T) U) Output[U] {
	return Output[U]{f(i.ToOutput(context.Background()).V)}
}

// IsInput finds the method by its name.
func IsInput(v any) bool {
	_, ok := reflect.TypeOf(v).MethodByName("ToOutput")
	return ok
}

// Level asks for no ToOutput.
type Level int
