package slim_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/tools/slim/slim"
)

func TestWhatTheToolCannotBeSureOfKeepsThePackageWhole(t *testing.T) {
	const imp = "import \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/boxes\"\n\n"
	tests := []struct{ name, pkg, text, reason string }{
		{"dot import", "boxes", "package helper\n\nimport . \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/boxes\"\n\nvar B Box[int]\n", "helper imports it with a dot"},
		{"embedded struct", "boxes", "package helper\n\n" + imp + "type T struct{ boxes.Lid }\n", "helper embeds a type of it"},
		{"embedded pointer", "boxes", "package helper\n\n" + imp + "type T struct{ *boxes.Lid }\n", "helper embeds a type of it"},
		{"embedded generic", "boxes", "package helper\n\n" + imp + "type T struct{ boxes.Box[int] }\n", "helper embeds a type of it"},
		{"embedded interface", "boxes", "package helper\n\n" + imp + "type N interface{ boxes.Number }\n", "helper embeds a type of it"},
		{"linkname", "inlined", "package helper\n\nimport (\n\t_ \"unsafe\"\n\n\t_ \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/inlined\"\n)\n\n//go:linkname unused github.com/pulumi/pulumi-toy/sdk/v2/go/toy/inlined.Unused\nfunc unused()\n", "go:linkname"},
		{"method reflection", "boxes", "package helper\n\nimport (\n\t\"reflect\"\n\n\t\"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/boxes\"\n)\n\nvar N = reflect.TypeOf(boxes.Lid{}).NumMethod()\n", "helper calls methods by reflection"},
		{"template", "boxes", "package helper\n\nimport (\n\t\"io\"\n\t\"text/template\"\n\n\t\"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/boxes\"\n)\n\nfunc Show(w io.Writer, t *template.Template) error { return t.Execute(w, boxes.Lid{}) }\n", "helper calls methods by reflection"},
		{"compiler directive in the SDK", "inlined", "package helper\n\nimport \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/inlined\"\n\nvar S = inlined.Used()\n", "go:noinline"},
		{"embedded files in the SDK", "embedded", "package helper\n\nimport \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/embedded\"\n\nvar S = embedded.Schema()\n", "embeds files"},
		{"build constraints in the SDK", "peros", "package helper\n\nimport \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/peros\"\n\nvar S = peros.System()\n", "build constraints"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			f.write("program/helper/unsure.go", tt.text)
			if tt.name == "linkname" {
				f.write("program/helper/empty.s", "") // allows functions without a body
			}
			wantWhole(t, f.prepare(), tt.pkg, tt.reason)
			f.good("go", "build", "./helper")
		})
	}
}

func TestCgoInTheSDKKeepsThePackageWhole(t *testing.T) {
	f := newFixture(t)
	if out, _ := f.plain("go", "env", "CGO_ENABLED"); strings.TrimSpace(out) != "1" {
		t.Skip("cgo is off")
	}
	f.write("program/helper/c.go", "package helper\n\nimport \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/withc\"\n\nvar S = withc.Plain()\n\nvar N = withc.Answer\n")
	wantWhole(t, f.prepare(), "withc", "cgo")
	f.good("go", "build", "./helper")
}

func TestCgoInTheProgramIsRead(t *testing.T) {
	f := newFixture(t)
	if out, _ := f.plain("go", "env", "CGO_ENABLED"); strings.TrimSpace(out) != "1" {
		t.Skip("cgo is off")
	}
	f.write("program/helper/c.go", "package helper\n\n// static int one(void) { return 1; }\nimport \"C\"\n\nimport \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/boxes\"\n\nvar B = boxes.Box[int]{V: int(C.one())}\n")
	f.good("go", "build", "./helper")
	wantShaken(t, f.prepare(), "boxes")
}

func TestMethodReflectionKeepsEveryMethodOfKeptTypes(t *testing.T) {
	// The package that reflects imports no SDK package: values reach it from its callers.
	f := newFixture(t)
	f.write("program/look/look.go", `package look

import "reflect"

func Methods(v any) (names []string) {
	t := reflect.TypeOf(v)
	for i := range t.NumMethod() {
		names = append(names, t.Method(i).Name)
	}
	return names
}
`)
	f.replaceIn("program/main.go", "return nil\n}\n\nfunc main", "fmt.Println(look.Methods(net.NetworkOutput{}), look.Methods(net.RouteArrayOutput{}))\n\treturn nil\n}\n\nfunc main")
	f.replaceIn("program/main.go", "\t\"example.com/program/helper\"", "\t\"example.com/program/helper\"\n\t\"example.com/program/look\"")
	f.good("go", "run", ".")
	if n := f.prepare().Report.Notes; len(n) != 1 || !strings.Contains(n[0], "example.com/program/look calls methods by reflection") {
		t.Errorf("notes: %q", n)
	}
}

func TestMethodLookedUpByAKnownNameIsKept(t *testing.T) {
	f := newFixture(t)
	f.replaceIn("program/main.go", "return nil\n}\n\nfunc main", "fmt.Println(reflect.ValueOf(net.SubnetArrayOutput{}).MethodByName(\"First\").IsValid())\n\treturn nil\n}\n\nfunc main")
	if out := f.good("go", "run", "."); !strings.Contains(out, "\ntrue\n") {
		t.Errorf("want true in:\n%s", out)
	}
	wantShaken(t, f.prepare(), "net")
}

func TestReflectionInAnotherProgramOfTheModuleDoesNotCount(t *testing.T) {
	f := newFixture(t)
	f.write("program/cmd/tool/main.go", "package main\n\nimport \"reflect\"\n\nfunc main() { println(reflect.TypeOf(1).NumMethod()) }\n")
	if n := f.prepare().Report.Notes; len(n) != 0 {
		t.Errorf("notes: %q", n)
	}
}

func TestInterfaceMethodOfTheProgramCounts(t *testing.T) {
	f := newFixture(t)
	f.write("program/helper/first.go", `package helper

import "github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net"

type firster interface{ First() net.SubnetOutput }

var _ firster = net.SubnetArrayOutput{}
`)
	f.good("go", "build", "./helper")
}

func TestRefusals(t *testing.T) {
	tests := []struct {
		name string
		make func(f *fixture, o *slim.Options)
		want []string
	}{
		{"vendor directory", func(f *fixture, o *slim.Options) {
			if out, ok := f.plain("go", "mod", "vendor"); !ok {
				f.t.Fatal(out)
			}
		}, []string{"vendored", "-mod=readonly"}},
		{"vendor flag", func(f *fixture, o *slim.Options) { f.set("GOFLAGS", "-mod=vendor") }, []string{"-mod=vendor", "-mod=readonly"}},
		{"overlay", func(f *fixture, o *slim.Options) { f.set("GOFLAGS", "-overlay=o.json") }, []string{"-overlay=o.json", "without"}},
		{"no module", func(f *fixture, o *slim.Options) { o.Dir = f.root }, []string{"no go.mod in", "-C"}},
		{"no module mode", func(f *fixture, o *slim.Options) { f.set("GO111MODULE", "off") }, []string{"GO111MODULE=off", "unset"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			o := f.options()
			tt.make(f, &o)
			o.Env = f.env
			_, err := slim.Prepare(context.Background(), o)
			var r *slim.Refusal
			if !errors.As(err, &r) {
				t.Fatalf("error %v, want a refusal", err)
			}
			for _, w := range tt.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q has no %q", err, w)
				}
			}
			if _, err := os.Stat(f.cache); err == nil {
				t.Error("a refused program left a cache")
			}
		})
	}
}

func TestVendoredProgramBuildsFromTheModuleCacheWhenAsked(t *testing.T) {
	f := newFixture(t)
	if out, ok := f.plain("go", "mod", "vendor"); !ok {
		t.Fatal(out)
	}
	f.set("GOFLAGS", "-mod=readonly")
	f.good("go", "run", ".")
	wantShaken(t, f.prepare(), "net")
}

func TestCommandsThatEditModuleFilesAreRefused(t *testing.T) {
	for _, argv := range [][]string{{"go", "mod", "tidy"}, {"go", "get", "x"}, {"go", "work", "use", "."}, {"/usr/bin/go", "mod", "edit"}, {"pulumi", "install"}} {
		f := newFixture(t)
		if _, err := slim.Exec(context.Background(), f.options(), argv...); err == nil || !strings.Contains(err.Error(), "without slim") {
			t.Errorf("%v: %v", argv, err)
		}
	}
}

func TestModuleErrorsAreTheGoCommands(t *testing.T) {
	f := newFixture(t)
	f.write("program/go.mod", "module example.com/program\n\nbogus line\n")
	_, err := slim.Prepare(context.Background(), f.options())
	want, _ := f.plain("go", "build", ".")
	if err == nil || !strings.Contains(err.Error(), "go.mod:3: unknown directive: bogus") || !strings.Contains(want, "go.mod:3: unknown directive: bogus") {
		t.Errorf("error %v\nplain: %s", err, want)
	}
}

func TestWorkspace(t *testing.T) {
	f := newFixture(t)
	f.write("lib/go.mod", "module example.com/lib\n\ngo 1.24\n\nrequire github.com/pulumi/pulumi-toy/sdk/v2 v2.3.4\n")
	f.write("lib/lib.go", "package lib\n\nimport \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net\"\n\nvar Gateway net.Gateway\n")
	f.write("go.work", "go 1.24\n\nuse (\n\t./program\n\t./lib\n)\n\nreplace github.com/pulumi/pulumi-toy/sdk/v2 => ./toy\n")
	f.replaceIn("program/main.go", "\t\"example.com/program/helper\"", "\t\"example.com/lib\"\n\t\"example.com/program/helper\"")
	f.replaceIn("program/main.go", "return nil\n}\n\nfunc main", "fmt.Println(lib.Gateway.URN() == \"\")\n\treturn nil\n}\n\nfunc main")
	f.good("go", "run", ".")
	b := f.prepare()
	wantShaken(t, b, "net")
	if out, ok := f.run(f.program(), b.Env, "go", "list", "-m"); !ok || !slices.Contains(strings.Fields(out), "example.com/lib") {
		t.Errorf("the workspace's modules are %s", out)
	}
	// A slim within a slim finds the workspace's own file again.
	f.env = b.Env
	f.prepare()
}

func TestWorkspaceFileWithAnAbsolutePath(t *testing.T) {
	f := newFixture(t)
	f.write("go.work", "go 1.24\n\nuse "+f.program()+"\n\nreplace github.com/pulumi/pulumi-toy/sdk/v2 => ./toy\n")
	f.good("go", "run", ".")
	wantShaken(t, f.prepare(), "net")
}

func TestGeneratedPackageInTheProgramsOwnModuleIsCode(t *testing.T) {
	f := newFixture(t)
	for path, text := range tree(t, filepath.Join(f.root, "toy", "go", "toy", "boxes")) {
		f.write("program/boxes/"+filepath.Base(path), text)
	}
	f.write("program/helper/boxes.go", "package helper\n\nimport \"example.com/program/boxes\"\n\nvar B boxes.Box[int]\n")
	f.good("go", "build", "./helper")
	for _, p := range f.prepare().Report.Packages {
		if strings.HasPrefix(p.ImportPath, "example.com/") {
			t.Errorf("%s is copied", p.ImportPath)
		}
	}
}
