//go:build unix

package slim_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tandem-platform/tandem/tools/slim/slim"
)

func TestExecReturnsTheExitCode(t *testing.T) {
	f := newFixture(t)
	if _, code := f.slim("sh", "-c", "exit 7"); code != 7 {
		t.Errorf("exit code %d, want 7", code)
	}
	if _, code := f.slim("sh", "-c", "kill -TERM $$"); code != 128+15 {
		t.Errorf("exit code %d of a killed command, want 143", code)
	}
}

func TestExecRunsInTheDirectoryWithItsInput(t *testing.T) {
	f := newFixture(t)
	var out bytes.Buffer
	o := f.options()
	o.Dir = filepath.Join(f.program(), "helper")
	o.Stdin, o.Stdout = strings.NewReader("in\n"), &out
	code, err := slim.Exec(context.Background(), o, "sh", "-c", "pwd; cat")
	if err != nil || code != 0 || out.String() != o.Dir+"\nin\n" {
		t.Errorf("exit %d, %v: %s", code, err, &out)
	}
}

func TestExecOfNoCommand(t *testing.T) {
	f := newFixture(t)
	if _, err := slim.Exec(context.Background(), f.options()); err == nil {
		t.Error("no error without a command")
	}
	if _, err := slim.Exec(context.Background(), f.options(), "no-such-command-here"); err == nil || !strings.Contains(err.Error(), "no-such-command-here") {
		t.Errorf("error %v", err)
	}
}

func TestExecPassesTerminationOn(t *testing.T) {
	f := newFixture(t)
	mark := filepath.Join(f.root, "mark")
	started := filepath.Join(f.root, "started")
	done := make(chan int)
	go func() {
		o := f.options()
		code, err := slim.Exec(context.Background(), o, "sh", "-c", "trap 'touch "+mark+"; exit 3' TERM; touch "+started+"; while :; do sleep 0.05; done")
		if err != nil {
			t.Error(err)
		}
		done <- code
	}()
	for {
		if _, err := os.Stat(started); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := <-done; code != 3 {
		t.Errorf("exit code %d, want the command's own 3", code)
	}
	if _, err := os.Stat(mark); err != nil {
		t.Error("the command did not get the signal")
	}
}

func TestExecEndsWithItsContext(t *testing.T) {
	f := newFixture(t)
	ctx, cancel := context.WithCancel(context.Background())
	started := filepath.Join(f.root, "started")
	go func() {
		for {
			if _, err := os.Stat(started); err == nil {
				cancel()
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	code, err := slim.Exec(ctx, f.options(), "sh", "-c", "trap 'exit 4' INT; touch "+started+"; while :; do sleep 0.05; done")
	if code != 4 || err != nil {
		t.Errorf("exit code %d, %v, want the command's own 4", code, err)
	}
}
