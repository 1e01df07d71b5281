// Package store keeps directories that are complete or absent.
//
// A tree is written under a temporary name, indexed, and renamed to a name that holds a digest of its content. Two processes
// that publish the same content end up with one directory, whichever renames first; one that dies half-way leaves only
// temporary files. The index holds a digest of every file, so that a tree which was changed afterwards is noticed and written
// anew.
package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"time"
)

// Store is a cache directory.
type Store struct{ Dir string }

const (
	tag     = "CACHEDIR.TAG"
	tagText = "Signature: 8a477f597d28d172789f06886806bc55\n# Tree-shaken copies of Go modules, written by slim. Safe to delete with `slim clean`.\n"
	index   = "slim-index.json"
	// Trees that no run used for so long are removed when a new one is published.
	keepFor = 14 * 24 * time.Hour
	// Temporary files so old belong to a process that died.
	staleAfter = 24 * time.Hour
)

// The directories beneath a store's own.
var kinds = []string{"modules", "builds", "programs", "tmp"}

// Open makes the directory where it does not exist.
func Open(dir string) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	for _, k := range kinds {
		if err := os.MkdirAll(filepath.Join(dir, k), 0o755); err != nil {
			return nil, fmt.Errorf("cache directory: %w", err)
		}
	}
	// Every path that leaves here is compared with those of the go command, which have no symbolic links.
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, err
	}
	s := &Store{Dir: dir}
	if _, err := os.Stat(filepath.Join(dir, tag)); err == nil {
		return s, nil
	}
	return s, s.write(filepath.Join(dir, tag), []byte(tagText))
}

// Publish stores files, by slash-separated relative path, and returns the directory that holds them: kind/name-digest.
func (s *Store) Publish(kind, name string, files map[string][]byte) (string, error) {
	paths := make([]string, 0, len(files))
	for p := range files {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	h := sha256.New()
	sums := make(map[string]string, len(files))
	for _, p := range paths {
		sums[p] = sum(files[p])
		fmt.Fprintf(h, "%q %s\n", p, sums[p])
	}
	dir := filepath.Join(s.Dir, kind, filepath.FromSlash(name)+"-"+hex.EncodeToString(h.Sum(nil))[:16])
	if s.Complete(dir) {
		return dir, nil
	}
	s.trim()
	tmp, err := os.MkdirTemp(filepath.Join(s.Dir, "tmp"), "tree-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(tmp)
	if err := os.Chmod(tmp, 0o755); err != nil {
		return "", err
	}
	for _, p := range paths {
		path := filepath.Join(tmp, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(path, files[p], 0o644); err != nil {
			return "", err
		}
	}
	b, err := json.Marshal(sums)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(tmp, index), b, 0o644); err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", err
	}
	for range 3 {
		if err = os.Rename(tmp, dir); err == nil || s.Complete(dir) {
			return dir, nil // ours, or that of another process with the same content
		}
		// Something incomplete is in the way: set it aside, in one step.
		if err := os.Rename(dir, filepath.Join(s.Dir, "tmp", "bad-"+rand.Text())); err != nil && !os.IsNotExist(err) {
			return "", err
		}
	}
	return "", err
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// Complete says that dir was published and that its files are still as they were. It also marks dir as used.
func (s *Store) Complete(dir string) bool {
	b, err := os.ReadFile(filepath.Join(dir, index))
	if err != nil {
		return false
	}
	var sums map[string]string
	if json.Unmarshal(b, &sums) != nil {
		return false
	}
	for p, want := range sums {
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(p)))
		if err != nil || sum(b) != want {
			return false
		}
	}
	now := time.Now()
	_ = os.Chtimes(dir, now, now) // only delays the removal of unused trees
	return true
}

// Save writes v as JSON to programs/name, at once or not at all.
func (s *Store) Save(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return s.write(filepath.Join(s.Dir, "programs", name), b)
}

// Load reads what Save wrote. It reports false when there is nothing, or nothing that can be read.
func (s *Store) Load(name string, v any) bool {
	b, err := os.ReadFile(filepath.Join(s.Dir, "programs", name))
	return err == nil && json.Unmarshal(b, v) == nil
}

func (s *Store) write(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Join(s.Dir, "tmp"), "file-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// trim removes trees that were not used for long. What cannot be removed is left: the next run tries again.
func (s *Store) trim() {
	for _, kind := range kinds {
		entries, err := os.ReadDir(filepath.Join(s.Dir, kind))
		if err != nil {
			continue
		}
		limit := keepFor
		if kind == "tmp" {
			limit = staleAfter
		}
		for _, e := range entries {
			if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > limit {
				s.remove(filepath.Join(s.Dir, kind, e.Name()))
			}
		}
	}
}

// remove takes a tree away in one step before it deletes it, so that nobody sees a part of it.
func (s *Store) remove(path string) {
	aside := filepath.Join(s.Dir, "tmp", "old-"+rand.Text())
	if os.Rename(path, aside) == nil {
		_ = os.RemoveAll(aside)
	}
}

// Made says that dir is a tree of some store.
func Made(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, index))
	return err == nil
}

// ErrInUse is returned by Clean while a command runs against the copies.
var ErrInUse = errors.New("in use by another run of slim")

// Clean removes the cache directory. It touches nothing in a directory that slim did not make.
func Clean(dir string) error {
	if _, err := os.Stat(dir); os.IsNotExist(err) {
		return nil
	}
	if b, err := os.ReadFile(filepath.Join(dir, tag)); err != nil || string(b) != tagText {
		return fmt.Errorf("%s is not a cache directory of slim: it has no %s of ours; nothing was removed", dir, tag)
	}
	s := &Store{Dir: dir}
	l, err := s.lock(true)
	if err != nil {
		return err
	}
	defer l.Close()
	for _, k := range kinds {
		if err := os.RemoveAll(filepath.Join(dir, k)); err != nil {
			return err
		}
	}
	if err := errors.Join(os.Remove(filepath.Join(dir, tag)), os.Remove(filepath.Join(dir, lockName))); err != nil {
		return err
	}
	// The directory itself may hold files of others.
	if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrExist) && !notEmpty(dir) {
		return err
	}
	return nil
}

func notEmpty(dir string) bool {
	e, err := os.ReadDir(dir)
	return err == nil && len(e) > 0
}

const lockName = "lock"

// Lock holds off Clean until the returned file is closed. Any number of processes may hold it.
func (s *Store) Lock() (*os.File, error) {
	for {
		f, err := s.lock(false)
		if err != nil {
			return nil, err
		}
		held, err1 := f.Stat()
		there, err2 := os.Stat(f.Name())
		if err1 == nil && err2 == nil && os.SameFile(held, there) {
			return f, nil
		}
		f.Close() // Clean took the directory away meanwhile: make it again
		if _, err := Open(s.Dir); err != nil {
			return nil, err
		}
	}
}
