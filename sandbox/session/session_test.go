package session

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A smokeProject is a project with two stacks and a program without resources,
// in a module of its own that requires what this repository requires.
type smokeProject struct {
	t         *testing.T
	root, dir string
	tools     string
}

func newSmokeProject(t *testing.T) smokeProject {
	t.Helper()
	if testing.Short() {
		t.Skip("runs the real engine")
	}
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		t.Fatal(err)
	}
	repository := filepath.Dir(strings.TrimSpace(string(out)))
	// The CLI and pulumi-eks are those that `go run ./sandbox` uses.
	p := smokeProject{t, t.TempDir(), t.TempDir(), filepath.Join(repository, ".sandbox")}

	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(repository, name))
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.Replace(text, []byte("module github.com/tandem-platform/tandem\n"), []byte("module example.com/smoke\n"), 1)
		write(t, filepath.Join(p.root, name), string(text))
	}
	program, err := os.ReadFile("testdata/program.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(p.root, "smoke"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(p.root, "smoke", "main.go"), string(program))
	if err := os.Symlink(filepath.Join(repository, "tools"), filepath.Join(p.root, "tools")); err != nil {
		t.Fatal(err)
	}
	p.file("Pulumi.yaml", "name: smoke\nruntime: go\nmain: smoke\n")
	for _, stack := range []string{"one", "two"} {
		p.file("Pulumi."+stack+".yaml", "config:\n  smoke:greeting: hello "+stack+"\n")
	}
	return p
}

func (p smokeProject) file(name, text string) { write(p.t, filepath.Join(p.root, name), text) }

// run opens a session, does something in it, and returns what was printed.
func (p smokeProject) run(do func(ctx context.Context, s *Session) error) (stdout, stderr string, err error) {
	p.t.Helper()
	var out, messages bytes.Buffer
	s, err := Open(p.t.Context(), Options{
		Root: p.root, Dir: p.dir, Tools: p.tools,
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &messages,
	})
	if err == nil {
		err = errors.Join(do(p.t.Context(), s), s.Close())
	}
	return out.String(), messages.String(), err
}

func (p smokeProject) mustRun(do func(ctx context.Context, s *Session) error) string {
	p.t.Helper()
	stdout, stderr, err := p.run(do)
	if err != nil {
		p.t.Fatalf("%v\n%s\n%s", err, stdout, stderr)
	}
	return stdout
}

func TestTheEngineRunsTheProgram(t *testing.T) {
	p := newSmokeProject(t)

	out := p.mustRun(func(ctx context.Context, s *Session) error { return s.Up(ctx) })
	for _, want := range []string{"the program runs", "hello one", "hello two", "1 created"} {
		if !strings.Contains(out, want) {
			t.Errorf("up does not show %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "hush") {
		t.Errorf("up shows a secret:\n%s", out)
	}

	out = p.mustRun(func(ctx context.Context, s *Session) error { return s.Up(ctx, "two") })
	if !strings.Contains(out, "1 unchanged") || strings.Contains(out, "hello one") {
		t.Errorf("a second up of stack two shows:\n%s", out)
	}

	// The literal CLI, with a value that outlives its session.
	p.mustRun(func(ctx context.Context, s *Session) error {
		return s.Exec(ctx, "sh", "-c", "pulumi config set smoke:greeting changed -s one && pulumi up -s one --yes")
	})
	out = p.mustRun(func(ctx context.Context, s *Session) error { return s.Outputs(ctx, "one") })
	if !strings.Contains(out, "changed") || strings.Contains(out, "hush") {
		t.Errorf("the outputs are:\n%s", out)
	}

	exported := p.mustRun(func(ctx context.Context, s *Session) error { return s.Export(ctx, "one") })
	literal := p.mustRun(func(ctx context.Context, s *Session) error {
		return s.Exec(ctx, "pulumi", "stack", "export", "-s", "one")
	})
	if exported != literal || !json.Valid([]byte(exported)) {
		t.Errorf("export is not what `pulumi stack export` writes:\n%s\n%s", exported, literal)
	}
	if strings.Contains(exported, "hush") {
		t.Errorf("the state holds a secret in the clear:\n%s", exported)
	}

	p.mustRun(func(ctx context.Context, s *Session) error { return s.Destroy(ctx) })
	out = p.mustRun(func(ctx context.Context, s *Session) error { return s.Export(ctx, "one") })
	if strings.Contains(out, "urn:pulumi") {
		t.Errorf("resources are left after destroy:\n%s", out)
	}

	status, err := exec.Command("find", p.root, "-newer", filepath.Join(p.root, "Pulumi.two.yaml"), "-type", "f").Output()
	if err != nil || len(status) > 0 {
		t.Errorf("files of the project were written: %s (%v)", status, err)
	}
}

func TestFailuresOfTheProgramAreTheEngines(t *testing.T) {
	p := newSmokeProject(t)
	p.file("Pulumi.one.yaml", "config: {}\n")
	out, _, err := p.run(func(ctx context.Context, s *Session) error { return s.Up(ctx) })
	var failed *CommandError
	if !errors.As(err, &failed) || failed.Code == 0 {
		t.Fatalf("got %v, want the failure of the command", err)
	}
	if !strings.Contains(out, "smoke:greeting: required") {
		t.Errorf("the program's error is not shown:\n%s", out)
	}
	if strings.Contains(out, "hello two") {
		t.Errorf("stack two was brought up after stack one had failed:\n%s", out)
	}

	_, _, err = p.run(func(ctx context.Context, s *Session) error { return s.Up(ctx, "three", "one") })
	if want := `no stack "three": the stacks are one, two`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}

func TestKilledUpdateDoesNotBlockTheNext(t *testing.T) {
	p := newSmokeProject(t)
	p.mustRun(func(ctx context.Context, s *Session) error { return s.Up(ctx, "one") })
	ended := exec.Command("true")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	locks := filepath.Join(p.dir, "state", ".pulumi", "locks", "organization", "smoke", "one")
	lock := func(pid int) {
		if err := os.MkdirAll(locks, 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(locks, "5e1f.json"), fmt.Sprintf(`{"pid": %d, "username": "someone", "hostname": "here", "timestamp": "2025-01-01T00:00:00Z"}`, pid))
	}

	lock(ended.Process.Pid)
	_, said, err := p.run(func(ctx context.Context, s *Session) error { return s.Up(ctx, "one") })
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if !strings.Contains(said, "the last update of one was killed") {
		t.Errorf("nothing is said of the lock: %s", said)
	}

	lock(os.Getpid())
	_, _, err = p.run(func(ctx context.Context, s *Session) error { return s.Up(ctx, "one") })
	if want := fmt.Sprintf("still runs, as process %d", os.Getpid()); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want the running update to be named", err)
	}
}

func TestCommandsCannotReachARealAccount(t *testing.T) {
	p := newSmokeProject(t)
	for _, name := range []string{"AWS_PROFILE", "AWS_ACCESS_KEY_ID", "KUBECONFIG", "DATADOG_API_KEY", "DD_API_KEY", "PULUMI_ACCESS_TOKEN", "PULUMI_STACK"} {
		t.Setenv(name, "real")
	}
	t.Setenv("PULUMI_OPTION_COLOR", "never")
	out := p.mustRun(func(ctx context.Context, s *Session) error { return s.Exec(ctx, "env") })
	env := strings.Split(out, "\n")
	for _, entry := range env {
		if strings.HasSuffix(entry, "=real") {
			t.Errorf("the command gets %s", entry)
		}
	}
	for _, want := range []string{"PULUMI_OPTION_COLOR=never", "PULUMI_BACKEND_URL=file://" + filepath.Join(p.dir, "state") + "?metadata=skip"} {
		if !slices.Contains(env, want) {
			t.Errorf("the command does not get %s", want)
		}
	}
}

func TestInterruptedCommandEndsInOrder(t *testing.T) {
	p := newSmokeProject(t)
	marker := filepath.Join(t.TempDir(), "started")
	var out bytes.Buffer
	s, err := Open(t.Context(), Options{Root: p.root, Dir: p.dir, Tools: p.tools, Stdout: &out, Stderr: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		for ctx.Err() == nil {
			if _, err := os.Stat(marker); err == nil {
				cancel(Interrupted{Signal: syscall.SIGTERM})
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	err = s.Exec(ctx, "sh", "-c", `trap 'echo in order; exit 9' INT; : > "$0"; while :; do sleep 0.05; done`, marker)
	var failed *CommandError
	if !errors.As(err, &failed) || failed.Code != 9 || !strings.Contains(out.String(), "in order") {
		t.Errorf("got %v and %q, want the command to have handled its interrupt", err, out.String())
	}
}

func TestLanguageHostMustBeKnown(t *testing.T) {
	_, err := Open(t.Context(), Options{Root: t.TempDir(), LanguageHost: "other"})
	if err == nil || !strings.Contains(err.Error(), `language host "other": must be one of`) {
		t.Errorf("got %v, want an error with the choices", err)
	}
}
