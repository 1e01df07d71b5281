package session

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Interrupted is the cause to cancel a session's context with when a signal
// has asked this process to end. See [context.WithCancelCause].
type Interrupted struct{ Signal os.Signal }

func (i Interrupted) Error() string { return fmt.Sprintf("interrupted by %s", i.Signal) }

// interruptedByTerminal reports whether the context was cancelled because of a
// Ctrl-C that the terminal has sent to every process in the foreground. A
// second interrupt would have the engine stop at once.
func interruptedByTerminal(ctx context.Context) bool {
	var interrupted Interrupted
	if !errors.As(context.Cause(ctx), &interrupted) || interrupted.Signal != os.Interrupt {
		return false
	}
	tty, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	defer tty.Close()
	foreground, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	return err == nil && foreground == unix.Getpgrp()
}
