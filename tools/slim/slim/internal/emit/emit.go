// Package emit writes the source of what an analysis kept.
package emit

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/tandem-platform/tandem/tools/slim/slim/internal/load"
	"github.com/tandem-platform/tandem/tools/slim/slim/internal/reach"
)

// Size says how much of a package's source is kept: declarations, and bytes of source text without comments between them.
type Size struct {
	Declarations, KeptDeclarations int
	Bytes, KeptBytes               int64
}

// Module returns the files of a module's copy by slash-separated path: go.mod, every pulumi-plugin.json, and the live ones of
// packages; of the module of Pulumi's own SDK all packages, whether listed or not. Sizes are by import path, for the packages that are not live too.
func Module(m *load.Module, packages []*reach.Package) (files map[string][]byte, sizes map[string]Size, err error) {
	files, sizes = map[string][]byte{}, map[string]Size{}
	if files["go.mod"], err = goMod(m); err != nil {
		return nil, nil, err
	}
	if err := pluginFiles(m.Dir, files); err != nil {
		return nil, nil, err
	}
	if slices.ContainsFunc(packages, func(p *reach.Package) bool { return p.Core }) {
		if err := everything(m.Dir, files); err != nil {
			return nil, nil, err
		}
	}
	for _, p := range packages {
		rel, err := filepath.Rel(m.Dir, p.Dir)
		if err != nil {
			return nil, nil, err
		}
		var size Size
		switch {
		case !p.Live:
			size, err = absent(p)
		case p.Core:
			size = trimmed(p, filepath.ToSlash(rel), files)
		case p.Files == nil || len(p.Whole) > 0:
			size, err = whole(p, filepath.ToSlash(rel), files)
		default:
			size = shaken(p, filepath.ToSlash(rel), files)
		}
		if err != nil {
			return nil, nil, err
		}
		sizes[p.ImportPath] = size
	}
	return files, sizes, nil
}

// goMod is the module's own go.mod, so that the module graph stays as it was.
func goMod(m *load.Module) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(m.Dir, "go.mod"))
	if os.IsNotExist(err) && m.GoMod != "" {
		b, err = os.ReadFile(m.GoMod) // a version from before modules; the go command made one up
	}
	return b, err
}

// pluginFiles adds the files in which Pulumi's language host finds a provider's name, version and download address.
func pluginFiles(dir string, files map[string][]byte) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() != "pulumi-plugin.json" {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(rel)], err = os.ReadFile(path)
		return err
	})
}

// everything adds the files of all packages beneath a directory, without tests and without other modules.
func everything(root string, files map[string][]byte) error {
	return filepath.WalkDir(root, func(dir string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		name := d.Name()
		if dir != root && (name[0] == '.' || name[0] == '_' || name == "testdata" || exists(filepath.Join(dir, "go.mod"))) {
			return filepath.SkipDir
		}
		entries, err := os.ReadDir(dir)
		if err != nil || !slices.ContainsFunc(entries, isSource) {
			return err
		}
		rel, err := filepath.Rel(root, dir)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if !e.Type().IsRegular() || strings.HasSuffix(e.Name(), "_test.go") {
				continue
			}
			path := filepath.Join(dir, e.Name())
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if isSource(e) && !bytes.Contains(b, []byte(`import "C"`)) {
				b = append([]byte(line(path, 1)), b...)
			}
			files[join(filepath.ToSlash(rel), e.Name())] = b
		}
		return nil
	})
}

func isSource(e fs.DirEntry) bool {
	return e.Type().IsRegular() && strings.HasSuffix(e.Name(), ".go") && !strings.HasSuffix(e.Name(), "_test.go")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// trimmed writes the files of a package that have lost something; the others are there.
func trimmed(p *reach.Package, rel string, files map[string][]byte) Size {
	var s Size
	for _, f := range p.Files {
		w := writer{p: p, f: f, used: map[string]bool{}}
		w.units(&s)
		s.Bytes += int64(len(f.Src))
		if f.Trimmed() {
			files[join(rel, f.Name)] = w.source()
		}
	}
	return s
}

func absent(p *reach.Package) (Size, error) {
	var s Size
	for _, name := range p.GoFiles {
		info, err := os.Stat(filepath.Join(p.Dir, name))
		if err != nil {
			return s, err
		}
		s.Bytes += info.Size()
	}
	return s, nil
}

// line makes the compiler, panics and debuggers speak of the original file.
func line(path string, n int) string { return "//line " + path + ":" + strconv.Itoa(n) + "\n" }

// whole copies every file of the package. Plain Go files get a line directive; others stay as they are.
func whole(p *reach.Package, rel string, files map[string][]byte) (Size, error) {
	var s Size
	for _, f := range p.Files {
		for _, u := range f.Units {
			if u.Declares() {
				s.Declarations++
				s.KeptDeclarations++
			}
		}
	}
	for _, name := range slices.Concat(p.GoFiles, p.IgnoredGoFiles, p.Other(), p.IgnoredOtherFiles) {
		path := filepath.Join(p.Dir, filepath.FromSlash(name))
		b, err := os.ReadFile(path)
		if err != nil {
			return s, err
		}
		if slices.Contains(p.GoFiles, name) {
			s.Bytes += int64(len(b))
			s.KeptBytes += int64(len(b))
			b = append([]byte(line(path, 1)), b...)
		}
		files[join(rel, name)] = b
	}
	return s, nil
}

func join(rel, name string) string {
	if rel == "." {
		return name
	}
	return rel + "/" + name
}

// shaken writes the kept units of each file. A file without any is left out, but a package has at least one file.
func shaken(p *reach.Package, rel string, files map[string][]byte) Size {
	var s Size
	bare := map[string]bool{}
	written := false
	for i, f := range p.Files {
		w := writer{p: p, f: f, bare: bare, used: map[string]bool{}}
		w.units(&s)
		s.Bytes += int64(len(f.Src))
		if w.body.Len() == 0 && len(f.Blank) == 0 && (written || i < len(p.Files)-1) {
			continue
		}
		written = true
		files[join(rel, f.Name)] = w.source()
	}
	return s
}

type writer struct {
	p    *reach.Package
	f    *reach.File
	bare map[string]bool // stand-in types of the package that are written already
	body bytes.Buffer
	used map[string]bool
}

func (w *writer) units(s *Size) {
	open := 0 // the init function that is being written
	for _, u := range w.f.Units {
		if u.Declares() {
			s.Declarations++
			if u.Keep {
				s.KeptDeclarations++
			}
		}
		if !u.Keep {
			continue
		}
		s.KeptBytes += int64(u.End - u.Start)
		if open != 0 && u.Init != open {
			w.body.WriteString("}\n")
			open = 0
		}
		if u.Init != 0 && open == 0 {
			w.body.WriteString("func init() {\n")
			open = u.Init
		}
		for _, i := range u.Imports {
			w.used[i] = true
		}
		w.body.WriteString(line(w.f.Path, u.Line))
		if u.Keyword != "" {
			w.body.WriteString(u.Keyword + " ")
		}
		if u.Arms != nil {
			w.construct(u)
		} else {
			w.body.Write(w.f.Src[u.Start:u.End])
		}
		w.body.WriteByte('\n')
	}
	if open != 0 {
		w.body.WriteString("}\n")
	}
}

// construct writes a resource module's Construct method. A case whose resource type is dropped builds a bare resource of the
// same state type instead, so that a reference to such a resource still unmarshals.
func (w *writer) construct(u *reach.Unit) {
	at := u.Start
	var states []string
	for _, arm := range u.Arms {
		if w.p.Alive(arm.Type) {
			continue
		}
		w.body.Write(w.f.Src[at:arm.Start])
		fmt.Fprintf(&w.body, "case %s:\n\t\tr = &%s{}", arm.Token, standIn(arm.Embeds))
		at = arm.End
		if !w.bare[arm.Embeds] {
			w.bare[arm.Embeds] = true
			states = append(states, arm.Embeds)
		}
	}
	w.body.Write(w.f.Src[at:u.End])
	for _, s := range states {
		pulumi := w.f.Pulumi()
		w.used[pulumi] = true
		fmt.Fprintf(&w.body, "\ntype %s struct{ %s.%s }\n", standIn(s), pulumi, s)
	}
}

func standIn(state string) string { return "slimBare" + state }

func (w *writer) source() []byte {
	var out bytes.Buffer
	out.WriteString("// Code generated by slim from " + w.f.Name + ". DO NOT EDIT.\n\npackage " + w.p.Name + "\n\n")
	var imports []string
	for n := range w.used {
		imports = append(imports, w.f.Text[n])
	}
	for _, path := range w.f.Blank {
		imports = append(imports, "_ "+strconv.Quote(path))
	}
	sort.Strings(imports)
	for _, i := range imports {
		out.WriteString("import " + strings.TrimSpace(i) + "\n")
	}
	out.Write(w.body.Bytes())
	return out.Bytes()
}
