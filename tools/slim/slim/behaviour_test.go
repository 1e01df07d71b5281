package slim_test

import (
	"context"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/tools/slim/slim"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestShakenProgramRunsAsThePlainOne(t *testing.T) {
	f := newFixture(t)
	out := f.good("go", "run", ".")
	if !strings.Contains(out, filepath.Join(f.root, "toy", "go", "toy", "net", "pulumiEnums.go")) {
		t.Errorf("positions are not those of the original file:\n%s", out)
	}
	b := f.prepare()
	wantShaken(t, b, "net")
	wantShaken(t, b, "chart")
	for _, p := range []string{"big", "store"} {
		if packageNamed(t, b, p).Live {
			t.Errorf("%s is kept, and nothing of the program reaches it", p)
		}
	}
}

func TestCopyOfAPackage(t *testing.T) {
	f := newFixture(t)
	dir := f.moduleCopy(f.prepare(), "github.com/pulumi/pulumi-toy/sdk/v2")
	var got strings.Builder
	for _, name := range []string{"init.go", "network.go", "pulumiEnums.go"} {
		b, err := os.ReadFile(filepath.Join(dir, "go", "toy", "net", name))
		if err != nil {
			t.Fatal(err)
		}
		got.WriteString(strings.ReplaceAll(string(b), f.root+"/", "") + "\n")
	}
	golden := filepath.Join("testdata", "net.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("the copy changed; look, then run with -update:\n%s", got.String())
	}
}

// moduleCopy asks the go command where it takes a module from.
func (f *fixture) moduleCopy(b *slim.Build, module string) string {
	f.t.Helper()
	out, ok := f.run(f.program(), b.Env, "go", "list", "-m", "-f", "{{.Dir}}", module)
	if !ok {
		f.t.Fatal(out)
	}
	return strings.TrimSpace(out)
}

func TestNothingIsWrittenOutsideTheCache(t *testing.T) {
	f := newFixture(t)
	before := tree(t, f.root)
	f.slim("go", "vet", "./...")
	after := tree(t, f.root)
	for path := range after {
		if strings.HasPrefix(path, f.cache+string(filepath.Separator)) {
			delete(after, path)
		}
	}
	if !maps.Equal(before, after) {
		t.Error("files beside the cache changed")
	}
}

func TestLanguageHostFindsModulesAndPlugins(t *testing.T) {
	// What pulumi-language-go does: find go.mod, list the modules in the directory of that file, look for pulumi-plugin.json.
	f := newFixture(t)
	b := f.prepare()
	mod, ok := f.run(f.program(), append(b.Env, "GOWORK=off"), "go", "list", "-m", "-f", "{{.GoMod}}")
	if !ok {
		t.Fatal(mod)
	}
	out, ok := f.run(filepath.Dir(strings.TrimSpace(mod)), b.Env, "go", "list", "-m", "-f", "{{.Path}} {{.Version}} {{.Dir}}", "github.com/pulumi/pulumi-toy/sdk/v2")
	if !ok {
		t.Fatal(out)
	}
	w := strings.Fields(out)
	if len(w) != 3 || w[0] != "github.com/pulumi/pulumi-toy/sdk/v2" || w[1] != "v2.3.4" {
		t.Fatalf("the module is %q, want its own path and version", out)
	}
	plugin, err := os.ReadFile(filepath.Join(w[2], "go", "toy", "pulumi-plugin.json"))
	if err != nil || !strings.Contains(string(plugin), `"version": "2.3.4"`) {
		t.Errorf("pulumi-plugin.json: %s, %v", plugin, err)
	}
}

func TestErrorsOfTheProgramAreItsOwn(t *testing.T) {
	tests := []struct{ name, text string }{
		{"undefined name", "package helper\n\nimport \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net\"\n\nvar X = net.Bridge{}\n"},
		{"wrong type", "package helper\n\nimport \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net\"\n\nvar X int = net.ProtocolUDP\n"},
		{"no such method", "package helper\n\nimport \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net\"\n\nvar X = net.SubnetOutput{}.Colour()\n"},
		{"syntax error", "package helper\n\nfunc {\n"},
		{"unknown package", "package helper\n\nimport _ \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/nowhere\"\n"},
		{"two packages in one directory", "package other\n"},
		{"empty file", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			f.write("program/helper/wrong.go", tt.text)
			want, ok := f.plain("go", "build", "-o", os.DevNull, ".")
			if ok || !strings.Contains(want, "wrong.go") {
				t.Fatalf("the plain build says: %s", want)
			}
			// A package that is nowhere is looked for in the copy; the rest of the line is the same.
			got, code := f.slim("go", "build", "-o", os.DevNull, ".")
			if tt.name == "unknown package" {
				want, _, _ = strings.Cut(want, ":")
				got, _, _ = strings.Cut(got, ":")
			}
			if got != want || code == 0 {
				t.Errorf("with slim, exit %d:\n%s\nplain:\n%s", code, got, want)
			}
		})
	}
}

func TestTestsSeeWhatTheyUse(t *testing.T) {
	f := newFixture(t)
	f.write("program/helper/helper_test.go", `package helper

import (
	"testing"

	"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func TestInside(t *testing.T) {
	if g, err := net.NewGateway(&pulumi.Context{}, "g", nil); err != nil || g.URN() != "toy:net:Gateway::g" {
		t.Fatal(g, err)
	}
}
`)
	f.write("program/helper/outer_test.go", `package helper_test

import (
	"testing"

	"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/store"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func TestOutside(t *testing.T) {
	if b, err := store.NewBucket(&pulumi.Context{}, "b", nil); err != nil || b.ToBucketOutput().Name().Value() != nil {
		t.Fatal(b, err)
	}
}
`)
	if out, code := f.slim("go", "test", "-count=1", "./..."); code != 0 || !strings.Contains(out, "ok") {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestHandWrittenPackageOfTheModuleKeepsWhatItUses(t *testing.T) {
	f := newFixture(t)
	f.write("program/helper/chart.go", `package helper

import "github.com/pulumi/pulumi-toy/sdk/v2/go/toy/chart"

var Chart = chart.NewChart
`)
	f.replaceIn("program/main.go", "chart.NewRelease(ctx, \"r\")", "helper.Chart(ctx, \"Bucket\", \"b\")")
	f.replaceIn("program/main.go", "\t\"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/chart\"\n", "")
	f.good("go", "run", ".")
	if w := packageNamed(t, f.prepare(), "big").Whole; len(w) != 1 || w[0] != "no SDK generator wrote it" {
		t.Errorf("big is whole because of %q", w)
	}
}

func TestGenericCodeIsKept(t *testing.T) {
	f := newFixture(t)
	f.write("program/helper/boxes.go", `package helper

import "github.com/pulumi/pulumi-toy/sdk/v2/go/toy/boxes"

type named[T boxes.Number] struct{ in boxes.Box[T] }

func Total() float64 {
	b := boxes.Map(boxes.Box[int]{V: 2}, func(i int) float64 { return float64(i) / 4 })
	return boxes.Sum(b, named[float64]{b}.in)
}
`)
	f.replaceIn("program/main.go", "return nil\n}\n\nfunc main", "fmt.Println(helper.Total())\n\treturn nil\n}\n\nfunc main")
	if out := f.good("go", "run", "."); !strings.Contains(out, "\n1\n") {
		t.Errorf("want the total 1 in:\n%s", out)
	}
	wantShaken(t, f.prepare(), "boxes")
}

func TestBuildTagsFromFlagsAndFromTheCommand(t *testing.T) {
	f := newFixture(t)
	f.write("program/tagged.go", `//go:build extra

package main

import "github.com/pulumi/pulumi-toy/sdk/v2/go/toy/store"

func init() { println(store.Bucket{}.Name.OutputState == nil) }
`)
	if out := f.good("go", "run", "."); strings.Contains(out, "true") {
		t.Error("the tagged file is in the build without its tag")
	}
	if out := f.good("go", "run", "-tags", "extra", "."); !strings.Contains(out, "true") {
		t.Error("the tagged file is not in the build with its tag")
	}
	f.good("go", "run", "-tags=extra", ".")
	f.set("GOFLAGS", "-tags=extra")
	f.good("go", "run", ".")
}

func TestFilesForOtherSystemsCount(t *testing.T) {
	f := newFixture(t)
	f.write("program/helper/helper_windows.go", `package helper

import "github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net"

var Gateway net.Gateway
`)
	f.write("program/helper/helper_plan9.go", `package helper

import "github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net"

var UDP = net.ProtocolUDP
`)
	for _, goos := range []string{"windows", "plan9"} {
		if out, code := f.slim("env", "GOOS="+goos, "go", "vet", "./helper"); code != 0 {
			t.Errorf("%s: %s", goos, out)
		}
	}
}

func TestFlagsOfTheUserStay(t *testing.T) {
	f := newFixture(t)
	f.set("GOFLAGS", "-buildvcs=false '-ldflags=-s -w'")
	b := f.prepare()
	for _, kv := range b.Env {
		if v, ok := strings.CutPrefix(kv, "GOFLAGS="); ok {
			if !strings.HasPrefix(v, "-buildvcs=false '-ldflags=-s -w' -modfile=") {
				t.Errorf("GOFLAGS is %s", v)
			}
			return
		}
	}
	t.Error("no GOFLAGS in the environment")
}

func TestGoCommandMayUpdateTheAlternateFile(t *testing.T) {
	// With -mod=mod the go command writes go.mod. It writes the copy in the cache, and the next run makes that good again.
	f := newFixture(t)
	f.set("GOFLAGS", "-mod=mod")
	for range 2 {
		f.good("go", "run", ".")
		f.good("go", "build", "./helper")
	}
}

func TestModfileOfTheUserIsTheBase(t *testing.T) {
	f := newFixture(t)
	mod, err := os.ReadFile(filepath.Join(f.program(), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	f.write("program/own.mod", strings.ReplaceAll(string(mod), "v2.3.4", "v2.3.9"))
	f.set("GOFLAGS", "-modfile="+filepath.Join(f.program(), "own.mod"))
	out, code := f.slim("go", "list", "-m", "-f", "{{.Version}}", "github.com/pulumi/pulumi-toy/sdk/v2")
	if code != 0 || strings.TrimSpace(out) != "v2.3.9" {
		t.Errorf("exit %d, version %s", code, out)
	}
	f.good("go", "run", ".")
}

func TestSlimWithinSlimSeesTheProgramAsItIs(t *testing.T) {
	f := newFixture(t)
	outer := f.prepare()
	f.env = outer.Env
	f.replaceIn("program/helper/helper.go", "import (", "import (\n\t_ \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/store\"")
	inner := f.prepare()
	wantShaken(t, inner, "net")
	if out, ok := f.run(f.program(), inner.Env, "go", "build", "-o", os.DevNull, "."); !ok {
		t.Error(out)
	}
	for _, kv := range inner.Env {
		if v, ok := strings.CutPrefix(kv, "GOFLAGS="); ok && strings.Count(v, "-modfile") != 1 {
			t.Errorf("GOFLAGS is %s", v)
		}
	}
}

func TestProgramWithoutGeneratedPackagesIsLeftAlone(t *testing.T) {
	f := newFixture(t)
	f.write("program/main.go", "package main\n\nfunc main() { println(\"plain\") }\n")
	if err := os.RemoveAll(filepath.Join(f.program(), "helper")); err != nil {
		t.Fatal(err)
	}
	f.good("go", "run", ".")
	b := f.prepare()
	var s strings.Builder
	if err := b.Report.Write(&s); err != nil || !strings.Contains(s.String(), "nothing to shake") {
		t.Errorf("report: %s, %v", &s, err)
	}
}

func TestReportSaysWhatWasKept(t *testing.T) {
	f := newFixture(t)
	f.write("program/helper/boxes.go", "package helper\n\nimport . \"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/boxes\"\n\nvar B Box[int]\n")
	b := f.prepare()
	var s strings.Builder
	if err := b.Report.Write(&s); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		toy + "net", "48 of 89", "2 more packages", "not reached by the program", "total",
		"whole: example.com/program/helper imports it with a dot",
	} {
		if !strings.Contains(s.String(), want) {
			t.Errorf("the report has no %q:\n%s", want, &s)
		}
	}
}

func TestPatternsSayWhatIsLookedAt(t *testing.T) {
	f := newFixture(t)
	// The outer test of helper imports a package that imports helper: the go command lists it only as compiled for that test.
	f.write("program/wrap/wrap.go", "package wrap\n\nimport (\n\t_ \"example.com/program/helper\"\n\t\"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net\"\n)\n\nvar Gateway net.Gateway\n")
	f.write("program/helper/outer_test.go", "package helper_test\n\nimport (\n\t\"testing\"\n\n\t\"example.com/program/wrap\"\n)\n\nfunc TestWrap(t *testing.T) { _ = wrap.Gateway.URN() }\n")
	o := f.options()
	o.Patterns = []string{"./helper"}
	b, err := slim.Prepare(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if out, ok := f.run(f.program(), b.Env, "go", "test", "./helper"); !ok {
		t.Error(out)
	}
	for _, p := range b.Report.Packages {
		if p.ImportPath == toy+"chart" {
			t.Error("the main package was looked at")
		}
	}
}

func TestBuildAsTheLanguageHostDoesIt(t *testing.T) {
	f := newFixture(t)
	out := filepath.Join(f.root, "program.bin")
	if text, code := f.slim("go", "build", "-buildvcs=false", "-o", out, "-trimpath", "-ldflags", "-w -s"); code != 0 {
		t.Fatal(text)
	}
	got, ok := f.run(f.program(), f.env, out)
	if !ok || !strings.Contains(got, "subnet inner") {
		t.Errorf("the built program: %s", got)
	}
}
