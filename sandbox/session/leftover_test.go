package session

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestOnlyWhatAKilledUpdateHasLeftIsEnded(t *testing.T) {
	dir, tools := t.TempDir(), t.TempDir()
	bin := filepath.Join(tools, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Fatal(err)
	}
	plugin := filepath.Join(bin, "security")
	if err := os.Symlink(sleep, plugin); err != nil {
		t.Fatal(err)
	}
	start := func(path, home string) *exec.Cmd {
		cmd := exec.Command(path, "60")
		cmd.Env = append(os.Environ(), "PATH="+bin, "PULUMI_HOME="+home)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
		return cmd
	}
	left := start(plugin, filepath.Join(dir, "pulumi-home"))
	shell := start(sleep, filepath.Join(dir, "pulumi-home"))
	other := start(plugin, filepath.Join(dir, "other", "pulumi-home"))

	var said bytes.Buffer
	s := &Session{opts: Options{Dir: dir, Tools: tools}, programs: &programs{bin: bin}, say: &narrator{w: &said}}
	if err := s.killLeftovers(t.Context()); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := left.Wait(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Errorf("what was left has ended with %v", err)
	}
	for what, cmd := range map[string]*exec.Cmd{"a user's own process": shell, "another sandbox's process": other} {
		if !alive(cmd.Process.Pid) {
			t.Errorf("%s has been ended", what)
		}
	}
	if !strings.Contains(said.String(), "which a killed update has left") {
		t.Errorf("nothing is said of it: %s", said.String())
	}
}
