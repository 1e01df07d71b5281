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

func TestWhatASessionStartedKeepsTheLock(t *testing.T) {
	dir := t.TempDir()
	lock, err := lockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command("cat") // until its input ends
	child.ExtraFiles = []*os.File{lock.file}
	stdin, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if err := lock.release(); err != nil { // as when the session is killed
		t.Fatal(err)
	}
	if _, err := lockDir(dir); err == nil {
		t.Error("locked, though a command of the last session still runs")
	}
	stdin.Close()
	if err := child.Wait(); err != nil {
		t.Error(err)
	}
	lock, err = lockDir(dir)
	if err != nil {
		t.Fatalf("not locked after the command has ended: %v", err)
	}
	if err := lock.release(); err != nil {
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
