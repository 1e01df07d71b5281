package slim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Exec prepares the program and runs a command against the copies, in the options' directory. It returns the command's exit
// code; an error means that the command did not run. Signals go on to the command, which decides what they mean. When ctx is
// cancelled the command is interrupted, and killed if it has not ended half a minute later.
func Exec(ctx context.Context, o Options, argv ...string) (int, error) {
	if len(argv) == 0 {
		return 0, errors.New("no command given")
	}
	if err := writesGoMod(argv); err != nil {
		return 0, err
	}
	if o.Tags == "" {
		o.Tags = tags(argv)
	}
	b, err := Prepare(ctx, o)
	if err != nil {
		return 0, err
	}
	defer b.Close()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = o.Dir, b.Env
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	cmd.Stdin, cmd.Stdout, cmd.Stderr = or[io.Reader](o.Stdin, os.Stdin), or[io.Writer](o.Stdout, os.Stdout), or[io.Writer](o.Stderr, os.Stderr)

	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer func() { signal.Stop(signals); close(signals) }()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	go func() {
		for s := range signals {
			if s == os.Interrupt { // the terminal sends it to the command too
				continue
			}
			_ = cmd.Process.Signal(s)
		}
	}()
	err = cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if code := exit.ExitCode(); code >= 0 {
			return code, nil
		}
		if ws, ok := exit.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
			return 128 + int(ws.Signal()), nil // as a shell has it
		}
		return 1, nil
	}
	return 0, err
}

func or[T comparable](v, otherwise T) T {
	var none T
	if v == none {
		return otherwise
	}
	return v
}

// writesGoMod refuses commands that would edit the alternate go.mod in the cache where the user means the program's own.
func writesGoMod(argv []string) error {
	if name(argv[0]) == "pulumi" && len(argv) > 1 && argv[1] == "install" {
		return fmt.Errorf("pulumi install edits go.mod, and under slim it would edit a copy; run it without slim")
	}
	if name(argv[0]) != "go" || len(argv) < 2 {
		return nil
	}
	verb := argv[1]
	if (verb == "mod" || verb == "work") && len(argv) > 2 {
		verb += " " + argv[2]
	}
	switch verb {
	case "get", "mod tidy", "mod edit", "mod init", "mod vendor", "work edit", "work init", "work sync", "work use", "work vendor":
		return fmt.Errorf("go %s edits the program's module files, and under slim it would work on a copy; run it without slim", verb)
	}
	return nil
}

func name(command string) string { return strings.TrimSuffix(filepath.Base(command), ".exe") }

// tags finds the -tags flag of a go command.
func tags(argv []string) string {
	if name(argv[0]) != "go" {
		return ""
	}
	value := ""
	for i, a := range argv {
		if a == "--" || a == "-args" || a == "--args" {
			break
		}
		flag := strings.TrimPrefix(strings.TrimPrefix(a, "-"), "-")
		if flag == a {
			continue
		}
		if v, ok := strings.CutPrefix(flag, "tags="); ok {
			value = v
		} else if flag == "tags" && i+1 < len(argv) {
			value = argv[i+1]
		}
	}
	return value
}
