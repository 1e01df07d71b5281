package reach

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/tools/slim/slim/internal/load"
)

// find tells the generated packages by the header of their files. Every package that the generators write imports Pulumi's
// SDK, so only those are opened. A package of the program's own modules is never one: its files are built where they are.
func (a *analysis) find() error {
	for path, p := range a.prog.Packages {
		if p.Standard || p.Module == nil || p.Module.Main || strings.HasPrefix(path, core) {
			continue
		}
		if !slices.ContainsFunc(p.Imports, func(i string) bool { return strings.HasPrefix(i, core) }) {
			continue
		}
		ok, err := hasGenerated(p)
		if err != nil {
			return err
		}
		if ok {
			a.shaken[path] = &Package{Package: p}
		}
	}
	return nil
}

func hasGenerated(p *load.Package) (bool, error) {
	buf := make([]byte, 2048)
	for _, name := range p.GoFiles {
		f, err := os.Open(filepath.Join(p.Dir, name))
		if err != nil {
			return false, err
		}
		n, err := io.ReadFull(f, buf)
		f.Close()
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
			return false, err
		}
		if generated(buf[:n]) {
			return true, nil
		}
	}
	return false, nil
}

// imports lists what a package imports; with its tests when the patterns named the package.
func imports(p *load.Package) []string {
	if p.DepOnly {
		return p.Imports
	}
	return slices.Concat(p.Imports, p.TestImports, p.XTestImports)
}

func (a *analysis) classify() {
	a.near = a.importers(func(path string) bool { return a.shaken[path] != nil && !a.core(path) })
	a.nearCore = a.importers(a.core)
	for path, p := range a.prog.Packages {
		if !p.DepOnly && a.near[path] {
			a.expose(p)
		}
	}
}

// importers lists the packages that import one of those that the function tells, directly or not. None of those is listed.
func (a *analysis) importers(of func(path string) bool) map[string]bool {
	by := map[string][]string{} // importing packages by imported one
	var todo []string
	for _, path := range sortedKeys(a.prog.Packages) {
		p := a.prog.Packages[path]
		if of(path) {
			todo = append(todo, path)
		}
		if p.Standard {
			continue
		}
		for _, i := range imports(p) {
			if q := a.pkg(i, p); q != nil {
				by[q.ImportPath] = append(by[q.ImportPath], path)
			}
		}
	}
	found := map[string]bool{}
	for len(todo) > 0 {
		path := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, i := range by[path] {
			if !found[i] && a.shaken[i] == nil {
				found[i] = true
				todo = append(todo, i)
			}
		}
	}
	return found
}

func own(p *load.Package) bool { return p.Module != nil && p.Module.Main }

func (a *analysis) expose(p *load.Package) {
	todo := []*load.Package{p}
	seen := map[string]bool{p.ImportPath: true}
	for len(todo) > 0 {
		q := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		a.exposed[q.ImportPath] = true
		list := q.Imports
		if q == p {
			list = imports(q)
		}
		for _, i := range list {
			if r := a.pkg(i, q); r != nil && !r.Standard && !seen[r.ImportPath] {
				seen[r.ImportPath] = true
				todo = append(todo, r)
			}
		}
	}
}

// interfaces counts every interface method of the packages that are not shaken as called: a value of an SDK type may be in
// such an interface, and then syntax does not show the call. It returns the packages that may call methods by reflection.
func (a *analysis) interfaces() (reflecting map[string]bool) {
	var files []string
	var owners []string
	for path, p := range a.prog.Packages {
		if a.shaken[path] != nil && !a.core(path) || a.near[path] { // read in full when reached
			continue
		}
		for _, f := range slices.Concat(p.GoFiles, p.CgoFiles) {
			files = append(files, filepath.Join(p.Dir, f))
			owners = append(owners, path)
		}
	}
	found := make([][]string, len(files))
	reflects := make([]bool, len(files))
	parallel(len(files), func(i int) {
		found[i] = interfaceMethods(files[i])
		reflects[i] = !a.prog.Packages[owners[i]].Standard && reflective(files[i])
	})
	reflecting = map[string]bool{}
	for i, names := range found {
		for _, n := range names {
			// Which of those the program reaches is found by reading Pulumi's own packages in full.
			if !a.optional[n] || !a.coreFile(files[i]) {
				a.mention(n)
			}
		}
		if reflects[i] {
			reflecting[owners[i]] = true
		}
	}
	return reflecting
}

// interfaceMethods lists the exported methods of the interfaces that a file declares, and the methods that it looks up by a
// name it holds. A file that does not parse is the compiler's to report.
func interfaceMethods(path string) []string {
	src, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(src, []byte("interface")) && !bytes.Contains(src, []byte("MethodByName")) {
		return nil
	}
	af, _ := parser.ParseFile(token.NewFileSet(), path, src, parser.SkipObjectResolution)
	if af == nil {
		return nil
	}
	var names []string
	ast.Inspect(af, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.InterfaceType:
			for _, m := range n.Methods.List {
				for _, id := range m.Names {
					if id.IsExported() {
						names = append(names, id.Name)
					}
				}
			}
		case *ast.CallExpr:
			if s, ok := lookup(n); ok {
				names = append(names, s)
			}
		}
		return true
	})
	return names
}

// generated says that the file begins as Pulumi's SDK generators, whatever their name, begin theirs:
//
//	// Code generated by … DO NOT EDIT.
//	// *** WARNING: Do not edit by hand unless you're certain you know what you are doing! ***
func generated(src []byte) bool {
	if i := bytes.Index(append([]byte("\n"), src...), []byte("\npackage ")); i >= 0 {
		src = src[:i]
	}
	edit := bytes.Index(src, []byte("*** WARNING: Do not edit by hand unless you're certain you know what you are doing! ***"))
	if edit < 0 {
		return false
	}
	// Older generators name themselves as "*** WARNING: this file was generated by … ***" and nothing else.
	return bytes.Contains(src, []byte("// Code generated by ")) || bytes.Contains(src, []byte("*** WARNING: this file was generated by "))
}
