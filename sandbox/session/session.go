package session

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/tools/slim/slim"
)

// passphrase encrypts the secrets in the sandbox's state. The sandbox's
// clouds hold no real secret, so it need not be one itself.
const passphrase = "tandem-sandbox"

// Options says where a session works and what it shows.
type Options struct {
	// Root is the directory that holds Pulumi.yaml. Required.
	Root string

	// Dir is where the session keeps everything. Default: .sandbox in Root.
	Dir string

	// Tools is where the session keeps what it builds and installs: the CLI, the
	// pulumi-eks component, the program and the policy packs. Sessions with
	// different directories may share it. Default: Dir.
	Tools string

	// Program is a program that has been built beforehand, to run in the place of
	// the one in Root. Default: the session builds that one.
	Program string

	// Stdin, Stdout and Stderr are those of the commands that the session runs;
	// its own messages go to Stderr. Default: those of this process.
	Stdin          io.Reader
	Stdout, Stderr io.Writer

	// LanguageHost says who runs the Go program for the engine.
	// Default: HostSandbox.
	LanguageHost LanguageHost

	// Refresh has Up, Preview and Destroy first read what the clouds hold.
	Refresh bool

	// Checkpoints has the engine save the state after every step, as it does where
	// resources are real. Without, it saves it once, at the end, also of an update that
	// fails or is interrupted; that takes a quarter of the time for a region, but
	// what a killed update has made is in no state. Default: without.
	Checkpoints bool

	// Faults are what goes wrong in the clouds. Default: nothing.
	Faults []cloud.Fault
}

// LanguageHost says who runs the Go program for the engine.
type LanguageHost string

const (
	// HostSandbox is the session's own language runtime: it runs the program
	// that the session has built.
	HostSandbox LanguageHost = "sandbox"

	// HostInstalled is Pulumi's own pulumi-language-go, beside an installed CLI.
	// It builds the program itself.
	HostInstalled LanguageHost = "installed"

	// HostAuto is HostInstalled where that is installed, else HostSandbox.
	HostAuto LanguageHost = "auto"
)

// A Session is an open sandbox directory, ready to run the engine. Its methods
// are not safe for concurrent use.
type Session struct {
	opts     Options
	say      *narrator
	lock     *dirLock
	tools    toolchain
	cli      string
	programs *programs
	stacks   []stack
	project  string
	clouds   *cloud.Cloud
	server   *cloud.Server
	language *languageServer
	shaken   *slim.Build // what the installed language host builds against
	env      []string
}

// Open prepares the directory and everything that the engine needs. The caller
// must Close the session. While it is open, no other session can open the
// same directory.
func Open(ctx context.Context, opts Options) (_ *Session, err error) {
	if err := opts.setDefaults(); err != nil {
		return nil, err
	}
	s := &Session{opts: opts, say: &narrator{w: opts.Stderr}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()

	if s.tools, err = findToolchain(ctx); err != nil {
		return nil, err
	}
	for _, dir := range []string{opts.Dir, opts.Tools, s.path("state")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, fmt.Errorf("making the sandbox's directory: %w", err)
		}
	}
	if s.lock, err = lockDir(opts.Dir); err != nil {
		return nil, err
	}
	if s.project, s.stacks, err = mirrorProject(opts.Root, s.path("project"), s.say); err != nil {
		return nil, err
	}
	if err := s.installTools(ctx); err != nil {
		return nil, err
	}
	if s.clouds, err = cloud.Open(s.path("clouds.db"), cloud.WithFaults(opts.Faults...)); err != nil {
		return nil, fmt.Errorf("opening the sandbox's clouds: %w", err)
	}
	back, err := s.clouds.Resync(ctx)
	for _, change := range back {
		s.say.line("a lost region is back: RDS has %s", change)
	}
	if err != nil {
		return nil, err
	}
	if s.server, err = s.clouds.Serve(); err != nil {
		return nil, fmt.Errorf("serving the sandbox's clouds: %w", err)
	}
	if err := s.serveLanguage(ctx); err != nil {
		return nil, err
	}
	if err := s.cleanUp(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// Close stops what the session serves and gives the directory free.
func (s *Session) Close() error {
	var errs []error
	if s.language != nil {
		s.language.Stop()
	}
	if s.shaken != nil {
		errs = append(errs, s.shaken.Close())
	}
	if s.server != nil {
		errs = append(errs, s.server.Close())
	}
	if s.clouds != nil {
		errs = append(errs, s.clouds.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	return errors.Join(errs...)
}

func (o *Options) setDefaults() error {
	if o.Root == "" {
		return errors.New("no project directory given")
	}
	if o.Dir == "" {
		o.Dir = filepath.Join(o.Root, ".sandbox")
	}
	if o.Tools == "" {
		o.Tools = o.Dir
	}
	if o.Stdin == nil {
		o.Stdin = os.Stdin
	}
	if o.Stdout == nil {
		o.Stdout = os.Stdout
	}
	if o.Stderr == nil {
		o.Stderr = os.Stderr
	}
	switch o.LanguageHost {
	case "":
		o.LanguageHost = HostSandbox
	case HostSandbox, HostInstalled, HostAuto:
	default:
		return fmt.Errorf("language host %q: must be one of %s, %s or %s", o.LanguageHost, HostAuto, HostSandbox, HostInstalled)
	}
	for _, path := range []*string{&o.Root, &o.Dir, &o.Tools} {
		abs, err := filepath.Abs(*path)
		if err != nil {
			return err
		}
		*path = abs
	}
	return nil
}

// path is a path in the session's directory.
func (s *Session) path(elem ...string) string {
	return filepath.Join(append([]string{s.opts.Dir}, elem...)...)
}

// installTools builds and installs what the engine needs, one session at a time.
func (s *Session) installTools(ctx context.Context) error {
	unlock, err := lockTools(ctx, s.opts.Tools, s.say)
	if err != nil {
		return err
	}
	defer unlock()

	if s.cli, err = findCLI(ctx, s.tools, s.opts.Root, filepath.Join(s.opts.Tools, "cli"), s.say); err != nil {
		return err
	}
	if err := s.chooseLanguageHost(); err != nil {
		return err
	}
	component, err := installComponent(ctx, s.tools, filepath.Join(s.opts.Tools, "eks"), s.say)
	if err != nil {
		return err
	}
	s.programs, err = findPrograms(ctx, s.tools, s.opts.Root, s.path("project"), filepath.Join(s.opts.Tools, "bin"))
	if err != nil {
		return err
	}
	if s.opts.Program != "" {
		if s.programs.program.path, err = filepath.Abs(s.opts.Program); err != nil {
			return err
		}
	}
	if err := s.programs.build(ctx, s.say, s.opts.LanguageHost == HostSandbox && s.opts.Program == ""); err != nil {
		return err
	}
	required, err := s.programs.requiredPackages(ctx)
	if err != nil {
		return err
	}
	return writePlugins(s.path("pulumi-home", "plugins"), s.tools.node, component, required)
}

// chooseLanguageHost settles HostAuto, and checks HostInstalled.
func (s *Session) chooseLanguageHost() error {
	if s.opts.LanguageHost == HostSandbox {
		return nil
	}
	switch {
	case hasLanguageHost(s.cli):
		s.opts.LanguageHost = HostInstalled
	case s.opts.LanguageHost == HostAuto:
		s.opts.LanguageHost = HostSandbox
	default:
		return fmt.Errorf("the installed language host was asked for, but there is no %s beside %s: install Pulumi with its language hosts, or leave the choice to the sandbox", languageHostName, s.cli)
	}
	return nil
}

// cleanUp ends what a killed session has left: its processes, and the locks on the
// state. A lock names its process: an update that has outlived its session is
// not disturbed, but keeps this one from starting.
func (s *Session) cleanUp(ctx context.Context) error {
	locks := s.path("state", ".pulumi", "locks")
	stale := map[string]bool{}
	err := filepath.WalkDir(locks, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var lock struct{ Pid int }
		if err := json.Unmarshal(text, &lock); err == nil && !ended(ctx, lock.Pid) {
			return fmt.Errorf("an update of the last sandbox in %s still runs, as process %d: wait for its end", s.opts.Dir, lock.Pid)
		}
		stale[filepath.Base(filepath.Dir(path))] = true // locks/organization/PROJECT/STACK/ID.json
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := s.killLeftovers(ctx); err != nil {
		return fmt.Errorf("ending what the last sandbox in %s has left: %w", s.opts.Dir, err)
	}
	for _, name := range slices.Sorted(maps.Keys(stale)) {
		s.say.line("the last update of %s was killed: releasing its lock on the state with pulumi cancel", name)
		if _, err := output(ctx, "", s.env, s.cli, "cancel", "--yes", "--stack", name); err != nil {
			return fmt.Errorf("releasing the lock of %s: %w", name, err)
		}
	}
	return nil
}

// endGrace is how long an update that has lost its session may take to end.
const endGrace = 5 * time.Second

// ended waits for the end of a process, and reports whether it has come.
func ended(ctx context.Context, pid int) bool {
	ctx, cancel := context.WithTimeout(ctx, endGrace)
	defer cancel()
	for alive(pid) {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(50 * time.Millisecond):
		}
	}
	return true
}

// serveLanguage serves the program, unless the installed language host does,
// and settles the environment of commands.
func (s *Session) serveLanguage(ctx context.Context) (err error) {
	if s.opts.LanguageHost == HostInstalled {
		// The host runs `go build` in the environment of the command.
		if s.shaken, err = s.programs.slim(ctx); err != nil {
			return err
		}
		s.env = s.environment(s.shaken.Env)
		return nil
	}
	runtime := &languageRuntime{
		programs:  s.programs,
		goCommand: s.tools.goCommand,
		goVersion: s.tools.goVersion,
	}
	if s.language, err = serveLanguage(runtime); err != nil {
		return err
	}
	s.env = s.environment(os.Environ())
	runtime.env = s.env
	return nil
}

// environment is what commands run in: the given environment without anything
// that could lead them to a real account, and what points them at the sandbox.
func (s *Session) environment(base []string) []string {
	env := slices.DeleteFunc(slices.Clone(base), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "PULUMI_OPTION_") {
			return false
		}
		for _, prefix := range []string{"PULUMI_", "AWS_", "DD_", "DATADOG_", "KUBE"} {
			if strings.HasPrefix(name, prefix) {
				return true
			}
		}
		return false
	})
	set := func(name, value string) { env = append(env, name+"="+value) }

	set("PATH", filepath.Dir(s.cli)+string(os.PathListSeparator)+os.Getenv("PATH"))
	set("PULUMI_HOME", s.path("pulumi-home"))
	// Without a file of metadata beside each file, since that is not written in one
	// step: an update that is killed meanwhile would leave a state that cannot be read.
	state := url.URL{Scheme: "file", Path: filepath.ToSlash(s.path("state")), RawQuery: "metadata=skip"}
	set("PULUMI_BACKEND_URL", state.String())
	set("PULUMI_CONFIG_PASSPHRASE", passphrase)
	set("PULUMI_CREDENTIAL_STORE", "plaintext")
	set("PULUMI_OPTION_CWD", s.path("project"))
	if packs := s.programs.packs(); len(packs) > 0 {
		set(policyPackOption, csvLine(packs))
	}

	// The engine attaches to the clouds and to the language runtime, and
	// downloads nothing: neither before an update nor on demand.
	set("PULUMI_DEBUG_PROVIDERS", s.server.DebugProviders())
	if s.language != nil {
		set("PULUMI_DEBUG_LANGUAGES", "go:"+strconv.Itoa(s.language.port))
	}
	set("PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL", "true")
	set("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true")
	set("PULUMI_IGNORE_AMBIENT_PLUGINS", "true")

	set("PULUMI_SKIP_UPDATE_CHECK", "true")
	set("PULUMI_NEO", "false")
	set("PULUMI_SUPPRESS_NEO_LINK", "true")
	if !s.opts.Checkpoints {
		set("PULUMI_SKIP_CHECKPOINTS", "true")
	}
	// Backups of every checkpoint would outgrow the state itself.
	set("PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS", "true")
	return env
}

// policyPackOption is the environment's form of --policy-pack.
const policyPackOption = "PULUMI_OPTION_POLICY_PACK"

// csvLine is the form that the CLI reads list options in.
func csvLine(fields []string) string {
	var line strings.Builder
	w := csv.NewWriter(&line)
	if err := w.Write(fields); err != nil {
		panic(err) // a strings.Builder takes everything
	}
	w.Flush()
	return strings.TrimSuffix(line.String(), "\n")
}

// Up brings up the stacks, in the order in which they depend on each other;
// all of them if none is named.
func (s *Session) Up(ctx context.Context, names ...string) error {
	chosen, err := s.choose(names)
	if err != nil {
		return err
	}
	if err := s.eachStack(ctx, chosen, s.up); err != nil {
		return err
	}
	return s.resolved()
}

// resolved refuses an end at which Kubernetes objects refer to what is not there.
// A real cluster takes such objects, and what depends on them never works.
func (s *Session) resolved() error {
	left, err := s.clouds.Dangling()
	if err != nil || len(left) == 0 {
		return err
	}
	var text strings.Builder
	for _, d := range left {
		fmt.Fprintf(&text, "\n  %s", d)
	}
	return fmt.Errorf("the stacks are up, but Kubernetes objects refer to what is not there:%s", &text)
}

// Preview shows what Up would do.
func (s *Session) Preview(ctx context.Context, names ...string) error {
	chosen, err := s.choose(names)
	if err != nil {
		return err
	}
	return s.eachStack(ctx, chosen, func(ctx context.Context, name string) error {
		return s.pulumi(ctx, name, s.refreshing("preview")...)
	})
}

// Refresh has the stacks' states read what the clouds hold.
func (s *Session) Refresh(ctx context.Context, names ...string) error {
	chosen, err := s.choose(names)
	if err != nil {
		return err
	}
	return s.eachStack(ctx, chosen, func(ctx context.Context, name string) error {
		return s.pulumi(ctx, name, "refresh", "--yes", "--skip-preview")
	})
}

// refreshing adds --refresh to a command where the options ask for it.
func (s *Session) refreshing(command ...string) []string {
	if s.opts.Refresh {
		command = append(command, "--refresh")
	}
	return command
}

// Clouds are the simulated clouds, which must not be closed.
func (s *Session) Clouds() *cloud.Cloud { return s.clouds }

// Destroy destroys the stacks' resources, in the reverse of the order of Up.
// Where a stack protects resources, it first brings the stack up with
// tandem:platform.allowDestroy, as an operator would.
func (s *Session) Destroy(ctx context.Context, names ...string) error {
	chosen, err := s.choose(names)
	if err != nil {
		return err
	}
	slices.Reverse(chosen)
	return s.eachStack(ctx, chosen, s.destroy)
}

// Export writes the stack's state to Stdout, as `pulumi stack export` does.
func (s *Session) Export(ctx context.Context, name string) error {
	return s.oneStack(ctx, name, "stack", "export")
}

// Outputs writes the stack's outputs to Stdout, as `pulumi stack output` does;
// secrets are blanked.
func (s *Session) Outputs(ctx context.Context, name string) error {
	return s.oneStack(ctx, name, "stack", "output")
}

// Exec runs a command with the sandbox's clouds and state behind it, in the
// working directory of this process. `pulumi` is the sandbox's CLI.
func (s *Session) Exec(ctx context.Context, argv ...string) error {
	if len(argv) == 0 {
		return errors.New("no command given")
	}
	if err := s.initStacks(ctx, s.Stacks()); err != nil {
		return err
	}
	s.programs.rebuildOnRun = s.opts.Program == ""
	path := argv[0]
	if path == "pulumi" {
		path = s.cli
	}
	return s.run(ctx, path, argv[1:]...)
}

// eachStack does something with each stack in turn, and stops at an error.
func (s *Session) eachStack(ctx context.Context, names []string, do func(ctx context.Context, name string) error) error {
	if err := s.initStacks(ctx, names); err != nil {
		return err
	}
	for _, name := range names {
		if err := do(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) oneStack(ctx context.Context, name string, command ...string) error {
	chosen, err := s.choose([]string{name})
	if err != nil {
		return err
	}
	return s.eachStack(ctx, chosen, func(ctx context.Context, name string) error {
		return s.run(ctx, s.cli, append(command, "--stack", name)...)
	})
}

func (s *Session) up(ctx context.Context, name string) error {
	return s.pulumi(ctx, name, s.refreshing("up", "--yes", "--skip-preview")...)
}

// pulumi runs a command of the CLI on a stack, and says so.
func (s *Session) pulumi(ctx context.Context, name string, command ...string) error {
	s.say.line("%s: pulumi %s", name, strings.Join(command, " "))
	return s.run(ctx, s.cli, append(command, "--stack", name)...)
}

func (s *Session) destroy(ctx context.Context, name string) error {
	protected, err := s.protects(ctx, name)
	if err != nil {
		return err
	}
	if protected {
		key := s.project + ":platform.allowDestroy"
		s.say.line("%s protects resources: bringing it up with %s before it is destroyed", name, key)
		if err := s.configure(ctx, name, "set", "--path", key, "true"); err != nil {
			return err
		}
		// The packs demand the very protection that this takes away.
		packed := s.env
		s.env = slices.DeleteFunc(slices.Clone(packed), func(v string) bool { return strings.HasPrefix(v, policyPackOption+"=") })
		err := s.up(ctx, name)
		s.env = packed
		if err != nil {
			return err
		}
		if err := s.configure(ctx, name, "rm", "--path", key); err != nil {
			return err
		}
	}
	return s.pulumi(ctx, name, s.refreshing("destroy", "--yes", "--skip-preview")...)
}

// protects reports whether the stack has resources that Pulumi refuses to delete.
func (s *Session) protects(ctx context.Context, name string) (bool, error) {
	text, err := output(ctx, "", s.env, s.cli, "stack", "export", "--stack", name)
	if err != nil {
		return false, fmt.Errorf("reading the state of %s: %w", name, err)
	}
	var state struct {
		Deployment struct{ Resources []struct{ Protect bool } }
	}
	if err := json.Unmarshal([]byte(text), &state); err != nil {
		return false, fmt.Errorf("reading the state of %s: %w", name, err)
	}
	for _, resource := range state.Deployment.Resources {
		if resource.Protect {
			return true, nil
		}
	}
	return false, nil
}

// configure changes the sandbox's copy of the stack's configuration.
func (s *Session) configure(ctx context.Context, name string, args ...string) error {
	args = append(append([]string{"config"}, args...), "--stack", name, "--non-interactive")
	if _, err := output(ctx, "", s.env, s.cli, args...); err != nil {
		return fmt.Errorf("configuring %s: %w", name, err)
	}
	return nil
}

// choose checks the names and puts them in the order of Up. No names means all
// stacks that have a file in Root; stacks made under Exec can be named too.
func (s *Session) choose(names []string) ([]string, error) {
	known := s.Stacks()
	if len(names) == 0 {
		if len(known) == 0 {
			return nil, fmt.Errorf("no stack: there is no Pulumi.<stack>.yaml in %s", s.opts.Root)
		}
		return known, nil
	}
	for _, name := range s.initialised() {
		if !slices.Contains(known, name) {
			known = append(known, name)
		}
	}
	var unknown []string
	for _, name := range names {
		if !slices.Contains(known, name) {
			unknown = append(unknown, strconv.Quote(name))
		}
	}
	if len(unknown) > 0 {
		return nil, fmt.Errorf("no stack %s: the stacks are %s", strings.Join(unknown, ", "), strings.Join(known, ", "))
	}
	return slices.DeleteFunc(known, func(name string) bool { return !slices.Contains(names, name) }), nil
}

// Stacks are the names of the stacks that have a file in Root, home first.
func (s *Session) Stacks() []string {
	names := make([]string, len(s.stacks))
	for i, stack := range s.stacks {
		names[i] = stack.name
	}
	return names
}

// initialised lists the stacks that have a state.
func (s *Session) initialised() []string {
	files, err := filepath.Glob(s.path("state", ".pulumi", "stacks", s.project, "*.json"))
	if err != nil {
		panic(err) // the only error is a malformed pattern
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(filepath.Base(file), ".json")
	}
	return files
}

// initStacks makes the stacks that do not exist yet.
func (s *Session) initStacks(ctx context.Context, names []string) error {
	exist := s.initialised()
	for _, name := range names {
		if slices.Contains(exist, name) {
			continue
		}
		if _, err := output(ctx, "", s.env, s.cli, "stack", "init", name, "--no-select", "--non-interactive"); err != nil {
			return fmt.Errorf("making the stack %s: %w", name, err)
		}
	}
	return nil
}

// A CommandError says that a command of the session, such as the Pulumi CLI,
// ran and failed. The command has told its Stderr why.
type CommandError struct {
	Command string
	Code    int // exit code; -1 if a signal has ended the command
}

func (e *CommandError) Error() string {
	return fmt.Sprintf("%s failed with exit code %d", e.Command, e.Code)
}

// run runs a command in the sandbox's environment, to its end. When the
// context is cancelled, the command is interrupted, not killed: the engine
// then finishes what it has begun and writes its state.
func (s *Session) run(ctx context.Context, path string, args ...string) error {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = s.env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.opts.Stdin, s.opts.Stdout, s.opts.Stderr
	cmd.Cancel = func() error {
		if interruptedByTerminal(ctx) {
			return os.ErrProcessDone // the terminal has interrupted it too
		}
		return cmd.Process.Signal(os.Interrupt)
	}
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return err
	}
	err = &CommandError{Command: strings.Join(append([]string{filepath.Base(path)}, args...), " "), Code: exit.ExitCode()}
	if exit.ExitCode() < 0 { // killed, it has ended nothing of what it has started
		err = errors.Join(err, s.killLeftovers(context.WithoutCancel(ctx)))
	}
	return err
}

// A narrator tells the user what the session does.
type narrator struct{ w io.Writer }

func (n *narrator) line(format string, args ...any) {
	fmt.Fprintf(n.w, "sandbox: "+format+"\n", args...)
}

// patience is how long a step may take before the narrator mentions it.
const patience = time.Second

// step does something that is usually quick, and says so if it is not.
func (n *narrator) step(what string, do func() error) error {
	start := time.Now()
	timer := time.AfterFunc(patience, func() { n.line("%s", what) })
	err := do()
	if !timer.Stop() && err == nil {
		n.line("%s: done in %s", what, time.Since(start).Round(time.Second))
	}
	return err
}
