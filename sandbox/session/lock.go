package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// A dirLock is the lock of a directory. The system releases it when the process
// ends, however it ends.
type dirLock struct{ file *os.File }

// errLocked says that another process holds a lock.
var errLocked = errors.New("locked")

// lockDir takes the lock of a sandbox's directory for this process.
func lockDir(dir string) (*dirLock, error) {
	file, err := lockFile(filepath.Join(dir, "lock"))
	if errors.Is(err, errLocked) {
		return nil, fmt.Errorf("the sandbox in %s is in use by process %s: wait for it, or use another directory (--dir)", dir, holder(filepath.Join(dir, "lock")))
	}
	if err != nil {
		return nil, fmt.Errorf("locking the sandbox's directory: %w", err)
	}
	return &dirLock{file}, nil
}

func (l *dirLock) release() error { return l.file.Close() }

// lockTools takes the lock of a directory of tools, and waits for it.
func lockTools(ctx context.Context, dir string, say *narrator) (unlock func(), err error) {
	path := filepath.Join(dir, "tools.lock")
	said := false
	for {
		file, err := lockFile(path)
		if err == nil {
			return func() { file.Close() }, nil
		}
		if !errors.Is(err, errLocked) {
			return nil, fmt.Errorf("locking the sandbox's tools: %w", err)
		}
		if !said {
			say.line("waiting for process %s, which builds and installs the same tools", holder(path))
			said = true
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// lockFile opens and locks a file, and writes this process's id into it.
func lockFile(path string) (_ *os.File, err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			file.Close()
		}
	}()
	switch err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); {
	case errors.Is(err, unix.EWOULDBLOCK):
		return nil, errLocked
	case err != nil:
		return nil, err
	}
	if err := file.Truncate(0); err != nil {
		return nil, err
	}
	_, err = io.WriteString(file, fmt.Sprintln(os.Getpid()))
	return file, err
}

// holder reads who wrote a lock file.
func holder(path string) string {
	text, err := os.ReadFile(path)
	if pid := strings.TrimSpace(string(text)); err == nil && pid != "" {
		return pid
	}
	return "(unknown)"
}

// alive reports whether a process with this id runs. One that has ended, and that
// nobody has waited for yet, does not.
func alive(pid int) bool {
	if pid <= 0 || errors.Is(unix.Kill(pid, 0), unix.ESRCH) {
		return false
	}
	// PID (COMMAND) STATE ..., where the system has it.
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	_, state, _ := strings.Cut(string(stat[strings.LastIndexByte(string(stat), ')')+1:]), " ")
	return !strings.HasPrefix(state, "Z") && !strings.HasPrefix(state, "X")
}
