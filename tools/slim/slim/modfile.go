package slim

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/tandem-platform/tandem/tools/slim/slim/internal/load"
)

// replacement puts a copy in the place of one version of a module. Only the version in the build is replaced, so that the
// module graph is read from the same go.mod files as before.
type replacement struct{ Path, Version, Dir string }

// buildFiles returns the alternate go.mod with its go.sum, or the alternate go.work with its go.work.sum. The file is named
// go.mod because Pulumi's language host runs go commands in the directory that holds it.
func buildFiles(prog *load.Program, copies []replacement) (map[string][]byte, error) {
	if w := prog.Env.Vars["GOWORK"]; w != "" {
		return workFiles(w, copies)
	}
	name := prog.Mains[0].GoMod // that of -modfile, where GOFLAGS has one
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f, err := modfile.Parse(name, b, nil)
	if err != nil {
		return nil, err
	}
	// Relative paths start at the main module's directory, whichever file they stand in.
	if err := replaceAll(f, f.Replace, prog.Mains[0].Dir, copies); err != nil {
		return nil, err
	}
	f.Cleanup()
	mod, err := f.Format()
	if err != nil {
		return nil, err
	}
	sum, err := optional(strings.TrimSuffix(name, ".mod") + ".sum")
	return map[string][]byte{"go.mod": mod, "go.sum": sum}, err
}

func workFiles(name string, copies []replacement) (map[string][]byte, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f, err := modfile.ParseWork(name, b, nil)
	if err != nil {
		return nil, err
	}
	root := filepath.Dir(name)
	for _, u := range f.Use {
		u.Path = absolute(root, u.Path)
		u.Syntax.Token[len(u.Syntax.Token)-1] = modfile.AutoQuote(u.Path)
	}
	if err := replaceAll(f, f.Replace, root, copies); err != nil {
		return nil, err
	}
	f.Cleanup()
	sum, err := optional(name + ".sum")
	return map[string][]byte{"go.work": modfile.Format(f.Syntax), "go.work.sum": sum}, err
}

type replacer interface {
	AddReplace(oldPath, oldVers, newPath, newVers string) error
}

// replaceAll makes the replacements that are there absolute and adds those of the copies.
func replaceAll(f replacer, there []*modfile.Replace, root string, copies []replacement) error {
	for _, r := range there {
		if r.New.Version == "" { // a directory
			r.New.Path = absolute(root, r.New.Path)
			r.Syntax.Token[len(r.Syntax.Token)-1] = modfile.AutoQuote(r.New.Path)
		}
	}
	for _, c := range copies {
		if err := f.AddReplace(c.Path, c.Version, c.Dir, ""); err != nil {
			return fmt.Errorf("replacing %s: %w", c.Path, err)
		}
	}
	return nil
}

func absolute(root, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(root, filepath.FromSlash(path))
}

func optional(name string) ([]byte, error) {
	b, err := os.ReadFile(name)
	if os.IsNotExist(err) {
		return nil, nil
	}
	return b, err
}
