package load

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Fingerprint digests everything that the outcome of an analysis depends on: the go command's settings, the contents of
// go.mod, go.sum, go.work and go.work.sum, and path, size and modification time of every Go file under dirs that is not part
// of another module. Extra values go in as they are.
func Fingerprint(e *Env, dirs []string, extra ...string) (string, error) {
	h := sha256.New()
	for _, x := range extra {
		fmt.Fprintf(h, "%q\n", x)
	}
	for _, k := range envNames {
		fmt.Fprintf(h, "%s=%q\n", k, e.Vars[k])
	}
	var files []string
	if mod := e.Vars["GOMOD"]; mod != "" && mod != os.DevNull {
		files = append(files, mod, sumFile(mod))
	}
	if work := e.Vars["GOWORK"]; work != "" && work != "off" {
		files = append(files, work, work+".sum")
	}
	for _, dir := range dirs {
		files = append(files, filepath.Join(dir, "go.mod"), filepath.Join(dir, "go.sum"))
	}
	if flags, err := SplitFlags(e.Vars["GOFLAGS"]); err == nil {
		if mod, ok := Flag(flags, "modfile"); ok {
			if !filepath.IsAbs(mod) {
				mod = filepath.Join(e.Dir, mod)
			}
			files = append(files, mod, sumFile(mod))
		}
	}
	slices.Sort(files)
	for _, f := range slices.Compact(files) {
		b, err := os.ReadFile(f)
		if err != nil && !os.IsNotExist(err) {
			return "", err
		}
		fmt.Fprintf(h, "%q %v %x\n", f, err == nil, sha256.Sum256(b))
	}
	for _, dir := range dirs {
		if err := hashTree(h, dir); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func sumFile(mod string) string { return strings.TrimSuffix(mod, ".mod") + ".sum" }

// hashTree walks the directories in which `./...` looks for packages.
func hashTree(h hash.Hash, root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if os.IsNotExist(err) { // removed while we look
				return nil
			}
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path == root {
				return nil
			}
			if name[0] == '.' || name[0] == '_' || name == "testdata" || name == "node_modules" || exists(filepath.Join(path, "go.mod")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		info, err := os.Stat(path) // follows a link, as the compiler does
		if err != nil {
			if os.IsNotExist(err) {
				return nil
			}
			return err
		}
		_, err = io.WriteString(h, fmt.Sprintf("%q %d %d\n", path, info.Size(), info.ModTime().UnixNano()))
		return err
	})
}
