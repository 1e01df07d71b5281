//go:build !unix

package store

import (
	"os"
	"path/filepath"
)

// lock only opens the lock file: these systems refuse by themselves to remove files that are open.
func (s *Store) lock(exclusive bool) (*os.File, error) {
	return os.OpenFile(filepath.Join(s.Dir, lockName), os.O_RDWR|os.O_CREATE, 0o644)
}
