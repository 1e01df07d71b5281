package session

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/constant"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"golang.org/x/sys/unix"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

// programGrace is how long a cancelled program may take to end.
const programGrace = 5 * time.Second

// A languageRuntime serves the project's program to the engine as the Go
// language runtime, the part of Pulumi that runs programs: it starts the
// binary that the session has built, with what the program needs to know in
// its environment.
//
// Unlike an installed language host, which the engine starts anew for each
// command, it serves every command of the session. Each command has its own
// connection, and what is known of an engine is kept with the connection.
type languageRuntime struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	programs             *programs
	goCommand, goVersion string

	// env is the environment that the program starts in, before what the engine
	// adds to it. Set before the first engine connects.
	env []string
}

// A languageServer is a languageRuntime that listens.
type languageServer struct {
	*grpc.Server
	port int
}

// serveLanguage serves the runtime on a free local port until it is stopped.
func serveLanguage(runtime *languageRuntime) (*languageServer, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("serving the program: %w", err)
	}
	server := grpc.NewServer(grpc.StatsHandler(engines{}))
	pulumirpc.RegisterLanguageRuntimeServer(server, runtime)
	go func() { _ = server.Serve(listener) }() // ends when it is stopped
	return &languageServer{Server: server, port: listener.Addr().(*net.TCPAddr).Port}, nil
}

// An engine is what is known of the engine at the other end of a connection.
type engine struct {
	mu      sync.Mutex
	address string

	// cancelled ends when the engine asks for the end of what runs.
	cancelled context.Context
	cancel    context.CancelFunc
}

// engines keeps an engine with each connection.
type engines struct{}

type engineKey struct{}

func (engines) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context {
	cancelled, cancel := context.WithCancel(context.Background())
	return context.WithValue(ctx, engineKey{}, &engine{cancelled: cancelled, cancel: cancel})
}

func (engines) HandleConn(ctx context.Context, event stats.ConnStats) {
	if _, ended := event.(*stats.ConnEnd); ended {
		ctx.Value(engineKey{}).(*engine).cancel()
	}
}

func (engines) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }
func (engines) HandleRPC(context.Context, stats.RPCStats)                       {}

// Handshake notes the engine's address. The engine attaches to a runtime that
// it did not start, so it does not say where the program is.
func (r *languageRuntime) Handshake(ctx context.Context, req *pulumirpc.LanguageHandshakeRequest) (*pulumirpc.LanguageHandshakeResponse, error) {
	engine := ctx.Value(engineKey{}).(*engine)
	engine.mu.Lock()
	defer engine.mu.Unlock()
	engine.address = req.GetEngineAddress()
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

// GetPluginInfo names the version of Pulumi that the runtime speaks.
func (r *languageRuntime) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: strings.TrimPrefix(lowestCLI, "v")}, nil
}

// GetRequiredPackages lists the providers that the program's module requires.
func (r *languageRuntime) GetRequiredPackages(ctx context.Context, _ *pulumirpc.GetRequiredPackagesRequest) (*pulumirpc.GetRequiredPackagesResponse, error) {
	packages, err := r.programs.requiredPackages(ctx)
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GetRequiredPackagesResponse{}
	for _, pkg := range packages {
		response.Packages = append(response.Packages, &pulumirpc.PackageDependency{
			Name: pkg.name, Version: pkg.version, Kind: "resource",
		})
	}
	return response, nil
}

// InstallDependencies has nothing to do: the go command fetches modules when
// it builds the program.
func (r *languageRuntime) InstallDependencies(*pulumirpc.InstallDependenciesRequest, grpc.ServerStreamingServer[pulumirpc.InstallDependenciesResponse]) error {
	return nil
}

// RuntimeOptionsPrompts has no option to ask for.
func (r *languageRuntime) RuntimeOptionsPrompts(context.Context, *pulumirpc.RuntimeOptionsRequest) (*pulumirpc.RuntimeOptionsResponse, error) {
	return &pulumirpc.RuntimeOptionsResponse{}, nil
}

// Template has nothing to change in a new project.
func (r *languageRuntime) Template(context.Context, *pulumirpc.TemplateRequest) (*pulumirpc.TemplateResponse, error) {
	return &pulumirpc.TemplateResponse{}, nil
}

// About names the go command.
func (r *languageRuntime) About(context.Context, *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	return &pulumirpc.AboutResponse{Executable: r.goCommand, Version: r.goVersion}, nil
}

// GetProgramDependencies lists what go.mod requires. A replaced module has no
// version.
func (r *languageRuntime) GetProgramDependencies(ctx context.Context, req *pulumirpc.GetProgramDependenciesRequest) (*pulumirpc.GetProgramDependenciesResponse, error) {
	mod, err := r.programs.dependencies(ctx)
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, require := range mod.Require {
		if require.Indirect && !req.GetTransitiveDependencies() {
			continue
		}
		dependency := &pulumirpc.DependencyInfo{Name: require.Path, Version: require.Version}
		for _, replace := range mod.Replace {
			if replace.Old.Path == require.Path {
				dependency.Version = ""
			}
		}
		response.Dependencies = append(response.Dependencies, dependency)
	}
	return response, nil
}

// Cancel ends the program that runs for this engine.
func (r *languageRuntime) Cancel(ctx context.Context, _ *emptypb.Empty) (*emptypb.Empty, error) {
	ctx.Value(engineKey{}).(*engine).cancel()
	return &emptypb.Empty{}, nil
}

// Run runs the program to its end. What it prints goes to the engine, line by
// line, as if the engine had started it.
func (r *languageRuntime) Run(ctx context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	engine := ctx.Value(engineKey{}).(*engine)
	engine.mu.Lock()
	address := engine.address
	engine.mu.Unlock()
	if address == "" {
		return nil, status.Error(codes.FailedPrecondition, "Handshake must be called before Run")
	}
	if req.GetAttachDebugger() {
		return &pulumirpc.RunResponse{Error: "the sandbox's language runtime starts no debugger: use the installed language host"}, nil
	}
	env, err := programEnv(r.env, address, req)
	if err != nil {
		return nil, err
	}

	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, fmt.Errorf("connecting to the engine: %w", err)
	}
	defer conn.Close()
	log := &engineLog{client: pulumirpc.NewEngineClient(conn)}

	// The program ends with the request, with its connection, and on Cancel.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(engine.cancelled, cancel)()

	if r.programs.rebuildOnRun {
		log.status(ctx, "Compiling the program ...")
		if err := r.programs.goBuild(ctx, []binary{r.programs.program}); err != nil {
			return &pulumirpc.RunResponse{Error: err.Error()}, nil
		}
		log.status(ctx, "Finished compiling")
	}
	return runProgram(ctx, r.programs.program.path, req.GetPwd(), env, log), nil
}

// programEnv is the environment that the Pulumi SDK for Go reads what it must
// know of a deployment from.
func programEnv(base []string, engineAddress string, req *pulumirpc.RunRequest) ([]string, error) {
	// Nothing is an empty collection to the SDK, not null.
	values, secretKeys := req.GetConfig(), req.GetConfigSecretKeys()
	if values == nil {
		values = map[string]string{}
	}
	if secretKeys == nil {
		secretKeys = []string{}
	}
	config, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	secrets, err := json.Marshal(secretKeys)
	if err != nil {
		return nil, err
	}
	env := slices.Clone(base)
	for _, entry := range [][2]string{
		{"PULUMI_ORGANIZATION", req.GetOrganization()},
		{"PULUMI_PROJECT", req.GetProject()},
		{"PULUMI_ROOT_DIRECTORY", req.GetInfo().GetRootDirectory()},
		{"PULUMI_STACK", req.GetStack()},
		{"PULUMI_CONFIG", string(config)},
		{"PULUMI_CONFIG_SECRET_KEYS", string(secrets)},
		{"PULUMI_DRY_RUN", strconv.FormatBool(req.GetDryRun())},
		{"PULUMI_PARALLEL", strconv.Itoa(int(req.GetParallel()))},
		{"PULUMI_MONITOR", req.GetMonitorAddress()},
		{"PULUMI_ENGINE", engineAddress},
	} {
		if entry[1] != "" {
			env = append(env, entry[0]+"="+entry[1])
		}
	}
	return env, nil
}

// runProgram runs a Pulumi program and says how it ended.
func runProgram(ctx context.Context, path, dir string, env []string, log *engineLog) *pulumirpc.RunResponse {
	cmd := exec.CommandContext(ctx, path)
	cmd.Dir, cmd.Env = dir, env
	// In a group of its own, so that a Ctrl-C at the terminal reaches the engine
	// alone: the engine ends its programs in an orderly way.
	cmd.SysProcAttr = &unix.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = programGrace

	stdout, stderr := log.stream(ctx, 1), log.stream(ctx, 2)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	err := cmd.Run()
	stdout.Close()
	stderr.Close()

	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}
	case !errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("running the program: %v", err)}
	case exit.ExitCode() == constant.ExitStatusLoggedError:
		// The program has told the engine what went wrong.
		return &pulumirpc.RunResponse{Bail: true}
	case exit.ExitCode() < 0:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program was ended: %v", exit)}
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("program exited with non-zero exit code: %d", exit.ExitCode())}
	}
}

// An engineLog writes to the engine's log.
type engineLog struct{ client pulumirpc.EngineClient }

// status shows a passing message. The engine's display is not worth failing for.
func (l *engineLog) status(ctx context.Context, message string) {
	_, _ = l.client.Log(ctx, &pulumirpc.LogRequest{Severity: pulumirpc.LogSeverity_INFO, Message: message, Ephemeral: true})
}

// stream returns a writer whose lines go to the engine's log. Close sends what
// is left, and waits until the engine has it all.
func (l *engineLog) stream(ctx context.Context, id int32) io.WriteCloser {
	reader, writer := io.Pipe()
	stream := &logStream{PipeWriter: writer, done: make(chan struct{})}
	go func() {
		defer close(stream.done)
		ctx := context.WithoutCancel(ctx) // the last words of a cancelled program count too
		lines := bufio.NewReader(reader)
		for {
			line, err := lines.ReadString('\n')
			if strings.TrimSpace(line) != "" {
				_, _ = l.client.Log(ctx, &pulumirpc.LogRequest{Severity: pulumirpc.LogSeverity_INFO, Message: line, StreamId: id})
			}
			if err != nil {
				return
			}
		}
	}()
	return stream
}

type logStream struct {
	*io.PipeWriter
	done chan struct{}
}

func (s *logStream) Close() error {
	err := s.PipeWriter.Close()
	<-s.done
	return err
}
