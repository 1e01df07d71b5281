// Package sdk reads the shapes of resource types and functions from the source of
// the generated Go SDKs, without compiling them.
package sdk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
)

// sdks are the Go SDK modules of the simulated packages, with the folder in
// which each keeps its packages.
var sdks = map[string]struct{ module, dir string }{
	"aws":        {"github.com/pulumi/pulumi-aws/sdk/v6", "go/aws"},
	"datadog":    {"github.com/pulumi/pulumi-datadog/sdk/v4", "go/datadog"},
	"kubernetes": {"github.com/pulumi/pulumi-kubernetes/sdk/v4", "go/kubernetes"},
	"random":     {"github.com/pulumi/pulumi-random/sdk/v4", "go/random"},
}

// SDK is one generated Go SDK.
type SDK struct {
	pkg, root string
	// types are the struct types of each package folder that has been read.
	types map[string]map[string]*ast.StructType
	facts *facts.Facts
}

// Open finds the module of a Pulumi package in the module cache. What is read of
// it adds its nested types and the module's version to f.
func Open(pkg string, f *facts.Facts) (*SDK, error) {
	m, ok := sdks[pkg]
	if !ok {
		return nil, fmt.Errorf("no SDK of package %q is known", pkg)
	}
	cmd := exec.Command("go", "mod", "download", "-json", m.module)
	// The whole SDK is wanted, not one that a build was told to use instead.
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("finding module %s: %w", m.module, err)
	}
	var mod struct{ Dir, Version string }
	if err := json.Unmarshal(out, &mod); err != nil {
		return nil, fmt.Errorf("finding module %s: %w", m.module, err)
	}
	f.Versions["pulumi-"+pkg] = mod.Version
	s := &SDK{
		pkg: pkg, root: filepath.Join(mod.Dir, m.dir),
		types: map[string]map[string]*ast.StructType{}, facts: f,
	}
	return s, s.provider()
}

// split takes a token such as aws:ec2/vpc:Vpc apart: the folder ec2, the file
// vpc and the name Vpc.
func split(tok string) (dir, file, name string, err error) {
	parts := strings.Split(tok, ":")
	if len(parts) != 3 {
		return "", "", "", fmt.Errorf("token %q is not of the form package:module/file:Name", tok)
	}
	mod, file, ok := strings.Cut(parts[1], "/")
	if !ok {
		return "", "", "", fmt.Errorf("token %q has no file in its module", tok)
	}
	switch {
	case mod == "index":
		mod = ""
	case parts[0] == "kubernetes": // kubernetes:helm.sh/v3:Release is in helm/v3/release.go
		group, _, _ := strings.Cut(mod, ".")
		mod, file = group+"/"+file, strings.ToLower(parts[2][:1])+parts[2][1:]
	}
	return mod, file, parts[2], nil
}

// Resource reads one resource type.
func (s *SDK) Resource(tok string) (*facts.Resource, error) {
	dir, file, name, err := split(tok)
	if err != nil {
		return nil, err
	}
	path, err := s.file(dir, file)
	if err != nil {
		return nil, err
	}
	src, err := parse(path)
	if err != nil {
		return nil, err
	}
	structs := structsOf(src)
	ctor := funcOf(src, "New"+name)
	if ctor == nil || !mentions(ctor, tok) {
		return nil, fmt.Errorf("%s: no constructor registers this token in %s/%s.go", tok, dir, file)
	}
	res := &facts.Resource{}
	lower := strings.ToLower(name[:1]) + name[1:]
	if res.Inputs, err = s.object(dir, structs[lower+"Args"]); err != nil {
		return nil, fmt.Errorf("%s: %w", tok, err)
	}
	required, secret := constructorFacts(ctor)
	goNames := goFields(structs[name+"Args"])
	for prop, p := range res.Inputs {
		// The constructor is the only place that says which lists and
		// maps are required.
		p.Required = slices.Contains(required, goNames[prop]) || slices.Contains(required, title(prop))
		res.Inputs[prop] = p
	}
	if res.Outputs, err = s.object(dir, structs[lower+"State"]); err != nil {
		return nil, fmt.Errorf("%s: %w", tok, err)
	}
	// In the output struct a value without Ptr in its type is always set.
	always := alwaysSet(structs[name])
	for prop, p := range res.Outputs {
		p.Required = always[prop]
		res.Outputs[prop] = p
	}
	res.Secret = secret
	return res, nil
}

// file is the path of a source file. Some are named in another case than their
// token is, as s3location.go for aws:datasync/s3Location:S3Location.
func (s *SDK) file(dir, file string) (string, error) {
	entries, err := os.ReadDir(filepath.Join(s.root, dir))
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		if strings.EqualFold(e.Name(), file+".go") {
			return filepath.Join(s.root, dir, e.Name()), nil
		}
	}
	return "", fmt.Errorf("%s has no file %s.go", filepath.Join(s.pkg, dir), file)
}

// provider reads the settings of the package's provider, as the object type
// "<package>.provider".
func (s *SDK) provider() error {
	src, err := parse(filepath.Join(s.root, "provider.go"))
	if err != nil {
		return err
	}
	obj, err := s.object("", structsOf(src)["providerArgs"])
	if err != nil {
		return fmt.Errorf("provider of %s: %w", s.pkg, err)
	}
	for name, p := range obj {
		p.Required = false // the environment may set any of them
		obj[name] = p
	}
	s.facts.Types[s.pkg+".provider"] = obj
	return nil
}

// Function reads one function.
func (s *SDK) Function(tok string) (*facts.Function, error) {
	dir, file, name, err := split(tok)
	if err != nil {
		return nil, err
	}
	src, err := parse(filepath.Join(s.root, dir, file+".go"))
	if err != nil {
		return nil, err
	}
	structs := structsOf(src)
	find := func(suffix string) *ast.StructType {
		for _, n := range []string{title(name), strings.Replace(title(name), "Get", "Lookup", 1)} {
			if st := structs[n+suffix]; st != nil {
				return st
			}
		}
		return nil
	}
	fn := &facts.Function{}
	if fn.Inputs, err = s.object(dir, find("Args")); err != nil {
		return nil, fmt.Errorf("%s: %w", tok, err)
	}
	if fn.Outputs, err = s.object(dir, find("Result")); err != nil {
		return nil, fmt.Errorf("%s: %w", tok, err)
	}
	return fn, nil
}

// object reads the tagged fields of a plain struct, and every nested type that
// they name.
func (s *SDK) object(dir string, st *ast.StructType) (facts.Object, error) {
	obj := facts.Object{}
	if st == nil {
		return obj, nil
	}
	for _, f := range st.Fields.List {
		prop := pulumiTag(f)
		if prop == "" {
			continue
		}
		t, required, err := s.typeOf(dir, f.Type)
		if err != nil {
			return nil, fmt.Errorf("property %s: %w", prop, err)
		}
		obj[prop] = facts.Property{Type: t, Required: required}
	}
	return obj, nil
}

var versioned = regexp.MustCompile(`^([a-z]+)(v[0-9][a-z0-9]*)$`)

// typeOf says what a Go type of the SDK means. A pointer is an optional
// scalar or object; lists, maps and any are optional as far as Go tells.
func (s *SDK) typeOf(dir string, e ast.Expr) (t string, required bool, err error) {
	switch e := e.(type) {
	case *ast.StarExpr:
		t, _, err = s.typeOf(dir, e.X)
		return t, false, err
	case *ast.ArrayType:
		t, _, err = s.typeOf(dir, e.Elt)
		return "[]" + t, false, err
	case *ast.MapType:
		t, _, err = s.typeOf(dir, e.Value)
		return "{}" + t, false, err
	case *ast.InterfaceType:
		return "any", false, nil
	case *ast.SelectorExpr:
		switch e.Sel.Name {
		case "Archive":
			return "archive", true, nil
		case "AssetOrArchive", "Asset":
			return "asset", true, nil
		}
		// The generator calls an import after its last two folders, as in
		// corev1.Container.
		if x, ok := e.X.(*ast.Ident); ok {
			if m := versioned.FindStringSubmatch(x.Name); m != nil {
				return s.named(m[1]+"/"+m[2], e.Sel.Name)
			}
		}
		return "", false, fmt.Errorf("type %s of another package is not understood", e.Sel.Name)
	case *ast.Ident:
		switch e.Name {
		case "string", "bool", "int":
			return e.Name, true, nil
		case "float64":
			return "number", true, nil
		case "any":
			return "any", false, nil
		}
		return s.named(dir, e.Name)
	}
	return "", false, fmt.Errorf("type %T is not understood", e)
}

// named reads the nested type of that name in folder dir. A name that is not a
// struct is an enumeration of strings.
func (s *SDK) named(dir, name string) (string, bool, error) {
	if s.types[dir] == nil {
		s.types[dir] = map[string]*ast.StructType{}
		files, err := filepath.Glob(filepath.Join(s.root, dir, "pulumiTypes*.go"))
		if err != nil {
			return "", false, err
		}
		for _, f := range files {
			src, err := parse(f)
			if err != nil {
				return "", false, err
			}
			for n, st := range structsOf(src) {
				s.types[dir][n] = st
			}
		}
	}
	st := s.types[dir][name]
	if st == nil {
		return "string", true, nil
	}
	id := strings.Trim(s.pkg+"/"+dir, "/") + "." + name
	if _, done := s.facts.Types[id]; !done {
		s.facts.Types[id] = nil // ends the recursion of types that hold themselves
		obj, err := s.object(dir, st)
		if err != nil {
			return "", false, fmt.Errorf("type %s: %w", name, err)
		}
		s.facts.Types[id] = obj
	}
	return "#" + id, true, nil
}

func parse(path string) (*ast.File, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parser.ParseFile(token.NewFileSet(), path, bytes.NewReader(src), parser.SkipObjectResolution)
}

func structsOf(f *ast.File) map[string]*ast.StructType {
	m := map[string]*ast.StructType{}
	for _, d := range f.Decls {
		gd, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range gd.Specs {
			if ts, ok := spec.(*ast.TypeSpec); ok {
				if st, ok := ts.Type.(*ast.StructType); ok {
					m[ts.Name.Name] = st
				}
			}
		}
	}
	return m
}

func funcOf(f *ast.File, name string) *ast.FuncDecl {
	for _, d := range f.Decls {
		if fd, ok := d.(*ast.FuncDecl); ok && fd.Recv == nil && fd.Name.Name == name {
			return fd
		}
	}
	return nil
}

func mentions(fd *ast.FuncDecl, s string) (found bool) {
	ast.Inspect(fd, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Value == strconv.Quote(s) {
			found = true
		}
		return !found
	})
	return found
}

// constructorFacts reads two things from a constructor's body: the Go names of
// required arguments (if args.X == nil { return an error }) and the names of
// the outputs that are always secret.
func constructorFacts(fd *ast.FuncDecl) (required, secret []string) {
	ast.Inspect(fd, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			cmp, ok := n.Cond.(*ast.BinaryExpr)
			if !ok || cmp.Op != token.EQL || len(n.Body.List) == 0 {
				return true
			}
			sel, ok := cmp.X.(*ast.SelectorExpr)
			if _, returns := n.Body.List[0].(*ast.ReturnStmt); ok && returns {
				required = append(required, sel.Sel.Name)
			}
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "AdditionalSecretOutputs" || len(n.Args) != 1 {
				return true
			}
			if lit, ok := n.Args[0].(*ast.CompositeLit); ok {
				for _, e := range lit.Elts {
					if b, ok := e.(*ast.BasicLit); ok {
						if v, err := strconv.Unquote(b.Value); err == nil {
							secret = append(secret, v)
						}
					}
				}
			}
		}
		return true
	})
	slices.Sort(secret)
	return required, secret
}

// goFields maps Pulumi names to Go names. The plain and the input struct have
// the same fields in the same order, only the plain one is tagged, so the
// names are matched without regard to case.
func goFields(st *ast.StructType) map[string]string {
	m := map[string]string{}
	if st == nil {
		return m
	}
	for _, f := range st.Fields.List {
		for _, n := range f.Names {
			m[strings.ToLower(n.Name[:1])+n.Name[1:]] = n.Name
		}
	}
	return m
}

func alwaysSet(st *ast.StructType) map[string]bool {
	m := map[string]bool{}
	if st == nil {
		return m
	}
	for _, f := range st.Fields.List {
		prop := pulumiTag(f)
		var name string
		switch t := f.Type.(type) {
		case *ast.SelectorExpr:
			name = t.Sel.Name
		case *ast.Ident:
			name = t.Name
		}
		if prop == "" || name == "" {
			continue
		}
		m[prop] = strings.HasSuffix(name, "Output") && !strings.HasSuffix(name, "PtrOutput") &&
			!strings.HasSuffix(name, "ArrayOutput") && !strings.HasSuffix(name, "MapOutput")
	}
	return m
}

func pulumiTag(f *ast.Field) string {
	if f.Tag == nil {
		return ""
	}
	tag, err := strconv.Unquote(f.Tag.Value)
	if err != nil {
		return ""
	}
	name, _, _ := strings.Cut(reflect.StructTag(tag).Get("pulumi"), ",")
	return name
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
