package slim_test

import (
	"strings"
	"testing"
)

// addLibrary makes a module that knows no SDK, and hands it an SDK value at the end of the program.
func (f *fixture) addLibrary(text, call string) {
	f.t.Helper()
	f.write("lib/go.mod", "module example.com/lib\n\ngo 1.24\n")
	f.write("lib/lib.go", text)
	f.write("lib/through/through.go", "package through\n\nimport \"example.com/lib\"\n\nfunc Show(v any) string { return lib.Show(v) }\n")
	f.replaceIn("program/go.mod", "require (\n", "require (\n\texample.com/lib v1.0.0\n")
	f.replaceIn("program/go.mod", "replace (\n", "replace (\n\texample.com/lib => ../lib\n")
	path := "example.com/lib"
	if strings.HasPrefix(call, "through.") {
		path += "/through"
	}
	f.addToRun("package helper\n\nimport (\n\t\"" + path + "\"\n\t\"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net\"\n)\n\nvar Output = net.NetworkOutput{}\n\nfunc F() any { return " + call + " }\n")
}

const listing = `package lib

import (
	"fmt"
	"reflect"
)

func Show(v any) string {
	t := reflect.TypeOf(v)
	var names []string
	for i := range t.NumMethod() {
		names = append(names, t.Method(i).Name)
	}
	return fmt.Sprint(names)
}

func Other() string { return "other" }
`

func TestLibraryThatMayListMethodsOfSDKValuesKeepsThemAll(t *testing.T) {
	tests := []struct{ name, text, call string }{
		{"given a value", listing, "lib.Show(Output)"},
		{"given a value by another library", listing, "through.Show(Output)"},
		{"method of its own type", strings.Replace(listing, "func Show(v any)", "type Lister struct{}\n\nfunc (Lister) Show(v any)", 1) + "\nvar Show = Lister{}.Show\n", "lib.Show(Output)"},
		{"type parameter", strings.Replace(listing, "Show(v any)", "Show[T any](v T)", 1), "lib.Show(Output)"},
		{"struct with any", strings.Replace(listing, "Show(v any) string {\n", "Show(b any) string { return Box{b}.show() }\n\ntype Box struct{ v any }\n\nfunc (b Box) show() string {\n\tv := b.v\n", 1), "lib.Show(Output)"},
		{"reflect.Type", strings.Replace(listing, "Show(v any) string {\n\tt := reflect.TypeOf(v)\n", "Show(v any) string { return show(reflect.TypeOf(v)) }\n\nfunc show(t reflect.Type) string {\n", 1), "lib.Show(Output)"},
		{"variable", strings.Replace(listing, "Show(v any) string {\n", "Show(v any) string { given = append(given, v); return show() }\n\nvar given []any\n\nfunc show() string {\n\tv := given[0]\n", 1), "lib.Show(Output)"},
		{"computed name", "package lib\n\nimport \"reflect\"\n\nfunc Show(v any) string {\n\tname := reflect.TypeOf(v).Name()[:0] + \"Name\"\n\treturn reflect.ValueOf(v).MethodByName(name).String()\n}\n", "lib.Show(Output)"},
		{"template", "package lib\n\nimport (\n\t\"strings\"\n\t\"text/template\"\n)\n\nfunc Show(v any) string {\n\tvar b strings.Builder\n\tif err := template.Must(template.New(\"\").Parse(\"{{.ToNetworkOutput}}\")).Execute(&b, v); err != nil {\n\t\treturn err.Error()\n\t}\n\treturn b.String()\n}\n", "lib.Show(Output)"},
		{"net/rpc", "package lib\n\nimport (\n\t\"fmt\"\n\t\"log\"\n\t\"net/rpc\"\n)\n\nfunc Show(v any) string { log.SetFlags(0); return fmt.Sprint(rpc.NewServer().RegisterName(\"x\", v)) }\n", "lib.Show(Output)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			f.addLibrary(tt.text, tt.call)
			f.good("go", "run", ".")
			if n := f.prepare().Report.Notes; len(n) != 1 || !strings.Contains(n[0], "example.com/lib, to which values of the SDKs may come, calls methods by reflection (lib.go)") {
				t.Errorf("notes: %q", n)
			}
		})
	}
}

func TestLibraryThatSDKValuesDoNotReachKeepsNothing(t *testing.T) {
	tests := []struct{ name, text, call string }{
		{"the function is not used", listing, "lib.Other()"},
		{"nor by another library", listing + "\nfunc Third() string { return Other() }\n", "lib.Third()"},
		{"only its own values", strings.Replace(listing, "Show(v any)", "Show(v Own)", 1) + "\ntype Own struct{ A []int }\n", "lib.Show(lib.Own{})"},
		{"asks whether there are methods", "package lib\n\nimport \"reflect\"\n\nfunc Show(v any) bool { return reflect.TypeOf(v).NumMethod() == 0 }\n", "lib.Show(Output)"},
		{"one known method", "package lib\n\nimport \"reflect\"\n\nfunc Show(v any) bool { return reflect.ValueOf(v).MethodByName(\"Name\").IsValid() }\n", "lib.Show(Output)"},
		{"methods of something else", "package lib\n\nimport \"reflect\"\n\ntype server struct{ t reflect.Type }\n\nfunc (s server) Method() string { return \"GET\" }\n\nfunc Show(v any) string { return server{reflect.TypeOf(v)}.Method() }\n", "lib.Show(Output)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			f.addLibrary(tt.text, tt.call)
			// A library that only uses its neighbour by name is no hand-over either.
			f.write("lib/through/through.go", "package through\n")
			f.good("go", "run", ".")
			if n := f.prepare().Report.Notes; len(n) != 0 {
				t.Errorf("notes: %q", n)
			}
		})
	}
}

func TestTypeWithMethodsKeepsOne(t *testing.T) {
	f := newFixture(t)
	f.write("toy/go/toy/boxes/shape.go", `// Code generated by toygen DO NOT EDIT.
// *** WARNING: Do not edit by hand unless you're certain you know what you are doing! ***

package boxes

type Shape struct{ Sides int }

func (Shape) Corners() int { return 4 }

func (*Shape) Paint() {}

type Bare struct{}

func (*Bare) Dye() {}
`)
	f.addLibrary("package lib\n\nimport \"reflect\"\n\nfunc Show(vs ...any) (with []bool) {\n\tfor _, v := range vs {\n\t\twith = append(with, reflect.TypeOf(v).NumMethod() > 0)\n\t}\n\treturn with\n}\n",
		"lib.Show(boxes.Shape{}, &boxes.Shape{}, boxes.Bare{}, &boxes.Bare{})")
	f.replaceIn("program/helper/added.go", "\t\"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net\"\n", "\t\"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/boxes\"\n\t\"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net\"\n")
	if out := f.good("go", "run", "."); !strings.Contains(out, "[true true false true]") {
		t.Error(out)
	}
}
