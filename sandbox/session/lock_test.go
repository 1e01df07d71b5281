package session

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestOneSessionLocksOutAnother(t *testing.T) {
	dir := t.TempDir()
	first, err := lockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = lockDir(dir)
	if err == nil {
		t.Fatal("locked twice")
	}
	for _, want := range []string{dir, "process " + strconv.Itoa(os.Getpid()), "--dir"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
	if err := first.release(); err != nil {
		t.Fatal(err)
	}
	second, err := lockDir(dir)
	if err != nil {
		t.Fatalf("not locked after its release: %v", err)
	}
	if err := second.release(); err != nil {
		t.Error(err)
	}
}

func TestToolsAreWaitedFor(t *testing.T) {
	dir := t.TempDir()
	unlock, err := lockTools(t.Context(), dir, &narrator{w: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := lockTools(ctx, dir, &narrator{w: t.Output()}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the wait to end with its context", err)
	}
	time.AfterFunc(10*time.Millisecond, unlock)
	again, err := lockTools(t.Context(), dir, &narrator{w: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	again()
}

func TestEndedProcessIsNotAlive(t *testing.T) {
	cmd := exec.Command("sleep", "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if !alive(cmd.Process.Pid) {
		t.Error("a process that runs is taken for ended")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	// Until it has been waited for, the system keeps its id.
	for deadline := time.Now().Add(10 * time.Second); alive(cmd.Process.Pid); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			if _, err := os.Stat("/proc/self/stat"); err == nil {
				t.Error("a process that was killed is taken for alive")
			}
			break
		}
	}
	_ = cmd.Wait() // killed
	if alive(cmd.Process.Pid) {
		t.Error("a process that is gone is taken for alive")
	}
}
