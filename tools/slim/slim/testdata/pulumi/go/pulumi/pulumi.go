// Package pulumi stands in for Pulumi's SDK in slim's tests: it has the parts that generated packages touch, with the same
// use of reflection.
package pulumi

import (
	"context"
	"fmt"
	"reflect"
	"sort"
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

type StringOutput struct{ *OutputState }

func (StringOutput) ElementType() reflect.Type      { return reflect.TypeFor[string]() }
func (o StringOutput) ToStringOutput() StringOutput { return o }

var (
	outputs = map[reflect.Type]reflect.Type{reflect.TypeFor[string](): reflect.TypeFor[StringOutput]()}
	inputs  = map[reflect.Type]reflect.Type{}
	modules = map[string]ResourceModule{}
)

func RegisterOutputType(o Output) { outputs[o.ElementType()] = reflect.TypeOf(o) }

func RegisterInputType(iface reflect.Type, i Input) {
	if !reflect.TypeOf(i).Implements(iface) {
		panic(fmt.Sprintf("%T does not implement %v", i, iface))
	}
	inputs[iface] = reflect.TypeOf(i)
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
func Concrete(iface reflect.Type) string { return fmt.Sprint(inputs[iface]) }

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
