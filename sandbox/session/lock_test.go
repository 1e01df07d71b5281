package session

import (
	"context"
	"errors"
	"os"
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
