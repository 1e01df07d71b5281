package session

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// killLeftovers ends the processes that a killed update of this directory has left:
// the engine ends its plugins itself, but not when it is killed, and plugins do
// not watch their engine. Only what the session has built or installed counts, and
// only where its environment names this directory: a shell that runs under exec,
// and what was started from it, is left alone.
func (s *Session) killLeftovers(ctx context.Context) error {
	processes, err := processes(ctx)
	if err != nil {
		return err
	}
	home := "PULUMI_HOME=" + s.path("pulumi-home")
	for pid, p := range processes {
		if pid == os.Getpid() || !slices.Contains(strings.Fields(p.environment), home) {
			continue
		}
		ours := func(dir string) bool { return strings.Contains(p.command, dir+string(filepath.Separator)) }
		if !slices.ContainsFunc([]string{s.programs.bin, filepath.Join(s.opts.Tools, "eks"), filepath.Join(s.opts.Tools, "cli")}, ours) {
			continue
		}
		s.say.line("ending process %d, which a killed update has left", pid)
		if err := unix.Kill(pid, unix.SIGKILL); err != nil && !errors.Is(err, unix.ESRCH) {
			return err
		}
	}
	return nil
}

// process is what the system shows of a process: words apart from each other by
// spaces.
type process struct{ command, environment string }

// processes are the processes that the user may look into.
func processes(ctx context.Context) (map[int]process, error) {
	found := map[int]process{}
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil, err
	}
	words := func(file string) string {
		text, _ := os.ReadFile(file) // the process may just have ended, or be another user's
		return string(bytes.ReplaceAll(text, []byte{0}, []byte{' '}))
	}
	for _, dir := range dirs {
		if pid, err := strconv.Atoi(filepath.Base(dir)); err == nil {
			found[pid] = process{words(filepath.Join(dir, "cmdline")), words(filepath.Join(dir, "environ"))}
		}
	}
	if len(dirs) > 0 {
		return found, nil
	}
	// No /proc, as on macOS: e adds the environment to the command.
	commands, err := listProcesses(ctx, "axww")
	if err != nil {
		return nil, err
	}
	environments, err := listProcesses(ctx, "axeww")
	if err != nil {
		return nil, err
	}
	for pid, command := range commands {
		found[pid] = process{command, environments[pid]}
	}
	return found, nil
}

func listProcesses(ctx context.Context, options string) (map[int]string, error) {
	list, err := output(ctx, "", nil, "ps", options, "-o", "pid=,command=")
	if err != nil {
		return nil, err
	}
	found := map[int]string{}
	for line := range strings.Lines(list) {
		number, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if pid, err := strconv.Atoi(number); err == nil {
			found[pid] = rest
		}
	}
	return found, nil
}
