package slim_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const pulumiSDK = "github.com/pulumi/pulumi/sdk/v3"

// addToRun puts a file into package helper and prints what its function F returns at the end of the program.
func (f *fixture) addToRun(text string) {
	f.t.Helper()
	f.write("program/helper/added.go", text)
	f.replaceIn("program/main.go", "return nil\n}\n\nfunc main", "fmt.Println(helper.F())\n\treturn nil\n}\n\nfunc main")
}

func TestPulumisSDKGoesWithoutItsGenericHalfWhereNothingUsesIt(t *testing.T) {
	f := newFixture(t)
	// A component embeds a type of package pulumi, and a name may be that of a dropped method.
	f.addToRun(`package helper

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

type Component struct{ pulumi.ResourceState }

func F() any { return pulumi.ToOutput(pulumi.String("a")).ElementType() }
`)
	f.good("go", "run", ".")
	dir := f.moduleCopy(f.prepare(), pulumiSDK)
	if !strings.HasPrefix(dir, f.cache) {
		t.Fatalf("the module is at %s", dir)
	}
	b, err := os.ReadFile(filepath.Join(dir, "go", "pulumi", "pulumi.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{") ToOutput(", "pulumix", "func Deferred"} {
		if strings.Contains(string(b), gone) {
			t.Errorf("package pulumi has %q", gone)
		}
	}
	for _, there := range []string{"func ToOutput(", "func Modules(", "func (o StringOutput) ToStringOutput("} {
		if !strings.Contains(string(b), there) {
			t.Errorf("package pulumi has no %q", there)
		}
	}
	// Other packages of the module are there, used or not, and messages name the original files.
	b, err = os.ReadFile(filepath.Join(dir, "go", "pulumix", "pulumix.go"))
	if err != nil || !strings.HasPrefix(string(b), "//line "+filepath.Join(f.root, "pulumi", "go", "pulumix", "pulumix.go")+":1\n") {
		t.Errorf("package pulumix: %s, %v", b, err)
	}
}

func TestPulumisSDKStaysWholeWhereItsGenericHalfIsUsed(t *testing.T) {
	const imports = "package helper\n\nimport (\n\t\"context\"\n\n\t\"github.com/pulumi/pulumi/sdk/v3/go/pulumi\"\n\t\"github.com/pulumi/pulumi/sdk/v3/go/pulumix\"\n)\n\n"
	tests := []struct{ name, text string }{
		{"an output as generic input", imports + `var _ context.Context

func F() string {
	return pulumix.Apply(pulumi.String("ab").ToStringOutput(), func(s string) string { return s + s }).V
}
`},
		{"a call of the method", strings.Replace(imports, "\t\"github.com/pulumi/pulumi/sdk/v3/go/pulumix\"\n", "", 1) + `func F() string { return pulumi.String("ab").ToOutput(context.Background()).V }
`},
		{"an interface of the program", imports + `func F() string {
	var v any = pulumi.String("ab")
	o, ok := v.(interface{ ToOutput(context.Context) pulumix.Output[string] })
	if !ok {
		return "no"
	}
	return o.ToOutput(context.Background()).V
}
`},
		{"a lookup by name", "package helper\n\nimport (\n\t\"reflect\"\n\n\t\"github.com/pulumi/pulumi/sdk/v3/go/pulumi\"\n)\n\nfunc F() bool { return reflect.ValueOf(pulumi.String(\"\")).MethodByName(\"ToOutput\").IsValid() }\n"},
		{"a lookup in the SDK", "package helper\n\nimport (\n\t\"github.com/pulumi/pulumi/sdk/v3/go/pulumi\"\n\t\"github.com/pulumi/pulumi/sdk/v3/go/pulumix\"\n)\n\nfunc F() bool { return pulumix.IsInput(pulumi.String(\"\")) }\n"},
		{"a list of methods", "package helper\n\nimport (\n\t\"reflect\"\n\n\t\"github.com/pulumi/pulumi/sdk/v3/go/pulumi\"\n)\n\nfunc F() int { return reflect.TypeOf(pulumi.String(\"\")).NumMethod() }\n"},
		{"a dot import", "package helper\n\nimport . \"github.com/pulumi/pulumi/sdk/v3/go/pulumi\"\n\nfunc F() any { o, _ := Deferred[int](); return o.V }\n"},
		{"a function that gives one", "package helper\n\nimport \"github.com/pulumi/pulumi/sdk/v3/go/pulumi\"\n\nfunc F() any { o, _ := pulumi.Deferred[int](); return o.V }\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			f.addToRun(tt.text)
			f.good("go", "run", ".")
		})
	}
}

func TestPulumisSDKStaysWholeForPackagesWithoutGeneratedOnes(t *testing.T) {
	f := newFixture(t)
	f.write("program/generic/generic.go", `package generic

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

var Output = pulumi.String("other").ToOutput
`)
	f.write("program/cmd/other/main.go", `package main

import (
	"context"

	"example.com/program/generic"
)

func main() { println(generic.Output(context.Background()).V) }
`)
	f.good("go", "run", ".")
	f.good("go", "run", "./cmd/other")
}

func TestPulumisSDKIsLeftAloneWhereNothingOfItCanGo(t *testing.T) {
	f := newFixture(t)
	f.addToRun(`package helper

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func F() string {
	o, _ := pulumi.Deferred[string]()
	return pulumi.String("ab").ToOutput(context.Background()).V + o.V
}
`)
	// The checks that a type is a generic input are all that could go.
	f.replaceIn("pulumi/go/pulumi/pulumi.go", "var _ pulumix.Input[string] = String(\"\")\n", "")
	f.good("go", "run", ".")
	if dir := f.moduleCopy(f.prepare(), pulumiSDK); dir != filepath.Join(f.root, "pulumi") {
		t.Errorf("the module is at %s", dir)
	}
}

func TestPackagesOfPulumisSDKForAnotherSystemAreThere(t *testing.T) {
	f := newFixture(t)
	f.write("program/helper/host_plan9.go", "package helper\n\nimport \"github.com/pulumi/pulumi/sdk/v3/go/host\"\n\nvar First = host.First\n")
	if out, code := f.slim("env", "GOOS=plan9", "go", "vet", "./helper"); code != 0 {
		t.Error(out)
	}
}

func TestComponentForOtherLanguagesGetsItsNestedInputs(t *testing.T) {
	f := newFixture(t)
	f.addToRun(`package helper

import (
	"fmt"

	"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"
)

func F() string {
	var args struct {
		Table net.TableInput ` + "`pulumi:\"table\"`" + `
	}
	err := provider.CopyTo(map[string]any{"table": map[string]any{"route": map[string]any{"target": "gw"}}}, &args)
	return fmt.Sprintf("%+v %v", args, err)
}
`)
	// Without this, the program itself names the type that is registered for the nested input.
	f.replaceIn("program/helper/helper.go", "\t\tRoutes: net.RouteArray{net.RouteArgs{Target: pulumi.String(\"gw\")}},\n", "")
	f.replaceIn("program/main.go", "\tfmt.Printf(\"route %T %v\\n\", pulumi.ToOutput(net.RouteArgs{Target: pulumi.String(\"a\")}), pulumi.Concrete(reflect.TypeFor[net.RouteInput]()))\n", "")
	f.replaceIn("program/main.go", "\t\"reflect\"\n", "")
	if out := f.good("go", "run", "."); !strings.Contains(out, "{Table:{Route:{Target:gw}}} <nil>") {
		t.Error(out)
	}
}

func TestFieldOfTheSameNameKeepsNoMethod(t *testing.T) {
	f := newFixture(t)
	f.addToRun("package helper\n\nimport \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net\"\n\nfunc F() any {\n\tvar t net.TableArgs\n\treturn t.ToTableOutput().Value()\n}\n")
	f.good("go", "run", ".")
	b, err := os.ReadFile(filepath.Join(f.moduleCopy(f.prepare(), sdk), "go", "toy", "net", "pulumiTypes.go"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), "ToTableOutput()") || strings.Contains(string(b), "TablePtrOutput") {
		t.Errorf("an output that nothing can ask for is kept:\n%s", b)
	}
}
