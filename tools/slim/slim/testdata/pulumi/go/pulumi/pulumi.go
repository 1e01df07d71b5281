// Package pulumi stands in for Pulumi's SDK in slim's tests: it has the parts that generated packages touch, with the same
// use of reflection.
package pulumi

import (
	"context"
	"fmt"
	"reflect"
	"sort"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumix"
)

type Context struct{ Registered []string }

type Resource interface{ URN() string }

type ResourceState struct{ urn string }

func (s *ResourceState) URN() string       { return s.urn }
func (s *ResourceState) setURN(urn string) { s.urn = urn }

type CustomResourceState struct{ ResourceState }

func (ctx *Context) RegisterResource(typ, name string, r Resource) error {
	r.(interface{ setURN(string) }).setURN(typ + "::" + name)
	ctx.Registered = append(ctx.Registered, r.URN())
	return nil
}

type Input interface{ ElementType() reflect.Type }

type Output interface {
	ElementType() reflect.Type
	Value() any
}

type OutputState struct{ V any }

func (o *OutputState) Value() any {
	if o == nil {
		return nil
	}
	return o.V
}

type AnyOutput struct{ *OutputState }

func (AnyOutput) ElementType() reflect.Type { return reflect.TypeFor[any]() }

type StringInput interface {
	Input
	ToStringOutput() StringOutput
}

type String string

func (String) ElementType() reflect.Type      { return reflect.TypeFor[string]() }
func (s String) ToStringOutput() StringOutput { return StringOutput{&OutputState{string(s)}} }

var _ pulumix.Input[string] = String("")

func (s String) ToOutput(context.Context) pulumix.Output[string] {
	return pulumix.Output[string]{V: string(s)}
}

type StringOutput struct{ *OutputState }

func (StringOutput) ElementType() reflect.Type      { return reflect.TypeFor[string]() }
func (o StringOutput) ToStringOutput() StringOutput { return o }

func (o StringOutput) ToOutput(context.Context) pulumix.Output[string] {
	return pulumix.Output[string]{V: o.Value().(string)}
}

// Deferred gives an output that is settled later.
func Deferred[T any]() (pulumix.Output[T], func(T)) {
	var o pulumix.Output[T]
	return o, func(v T) { o.V = v }
}

var (
	outputs       = map[reflect.Type]reflect.Type{reflect.TypeFor[string](): reflect.TypeFor[StringOutput]()}
	concreteTypes = map[reflect.Type]reflect.Type{}
	modules       = map[string]ResourceModule{}
)

func RegisterOutputType(o Output) { outputs[o.ElementType()] = reflect.TypeOf(o) }

func RegisterInputType(iface reflect.Type, i Input) {
	if !reflect.TypeOf(i).Implements(iface) {
		panic(fmt.Sprintf("%T does not implement %v", i, iface))
	}
	concreteTypes[iface] = reflect.TypeOf(i)
}

// Lift makes an output of the type that is registered for v's, as ApplyT does.
func Lift(v any) Output {
	t, ok := outputs[reflect.TypeOf(v)]
	if !ok {
		return AnyOutput{&OutputState{v}}
	}
	o := reflect.New(t).Elem()
	o.Field(0).Set(reflect.ValueOf(&OutputState{v}))
	return o.Interface().(Output)
}

// ToOutput calls a method whose name it makes up, as the SDK's marshaller does.
func ToOutput(i Input) Output {
	t := outputs[i.ElementType()]
	if t == nil {
		return AnyOutput{}
	}
	m := reflect.ValueOf(i).MethodByName("To" + t.Name() + "WithContext")
	if !m.IsValid() {
		return AnyOutput{}
	}
	return m.Call([]reflect.Value{reflect.ValueOf(context.Background())})[0].Interface().(Output)
}

// Concrete names the type that is registered for an input interface.
func Concrete(iface reflect.Type) string { return fmt.Sprint(concreteTypes[iface]) }

type ResourceModule interface {
	Version() string
	Construct(ctx *Context, name, typ, urn string) (Resource, error)
}

func RegisterResourceModule(pkg, mod string, m ResourceModule) { modules[pkg+":"+mod] = m }

// Modules lists the registered modules.
func Modules() (names []string) {
	for n := range modules {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Refer unmarshals a reference to a resource.
func Refer(ctx *Context, mod, typ string) (Resource, error) {
	return modules[mod].Construct(ctx, "ref", typ, "urn")
}

// CopyInputs sets the fields of a struct. A field of a registered input interface gets a value of the type that is registered for
// it, field by field.
func CopyInputs(inputs map[string]any, args any) error {
	return copyInputs(inputs, reflect.ValueOf(args).Elem())
}

func copyInputs(inputs map[string]any, dest reflect.Value) error {
	for i := range dest.NumField() {
		v, ok := inputs[dest.Type().Field(i).Tag.Get("pulumi")]
		if !ok {
			continue
		}
		field := dest.Field(i)
		if s, ok := v.(string); ok {
			field.Set(reflect.ValueOf(String(s)))
			continue
		}
		concrete := concreteTypes[field.Type()]
		if concrete == nil {
			return fmt.Errorf("cannot set a %v", field.Type())
		}
		c := reflect.New(concrete).Elem()
		if err := copyInputs(v.(map[string]any), c); err != nil {
			return err
		}
		field.Set(c)
	}
	return nil
}
