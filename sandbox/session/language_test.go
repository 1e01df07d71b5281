package session

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

// behaviour makes the test binary a program of the language runtime.
const behaviour = "SESSION_TEST_PROGRAM"

func TestMain(m *testing.M) {
	switch os.Getenv(behaviour) {
	case "":
		os.Exit(m.Run())
	case "environment":
		env := map[string]string{}
		for _, entry := range os.Environ() {
			name, value, _ := strings.Cut(entry, "=")
			env[name] = value
		}
		env["working directory"], _ = os.Getwd()
		if err := json.NewEncoder(os.Stdout).Encode(env); err != nil {
			panic(err)
		}
	case "output":
		fmt.Println("first line")
		fmt.Fprintln(os.Stderr, "a complaint")
		fmt.Print("no line end")
	case "fail":
		os.Exit(3)
	case "bail":
		os.Exit(32)
	case "wait":
		interrupted := make(chan os.Signal, 1)
		signal.Notify(interrupted, os.Interrupt)
		fmt.Println("waiting")
		<-interrupted
		fmt.Println("ending in order")
		os.Exit(4)
	}
}

// A fakeEngine keeps what is written to its log.
type fakeEngine struct {
	pulumirpc.UnimplementedEngineServer

	address string
	mu      sync.Mutex
	lines   []string
	logged  chan string
}

func startEngine(t *testing.T) *fakeEngine {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	engine := &fakeEngine{address: listener.Addr().String(), logged: make(chan string, 100)}
	server := grpc.NewServer()
	pulumirpc.RegisterEngineServer(server, engine)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return engine
}

func (e *fakeEngine) Log(_ context.Context, req *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lines = append(e.lines, req.GetMessage())
	e.logged <- req.GetMessage()
	return &emptypb.Empty{}, nil
}

func (e *fakeEngine) log() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.lines)
}

// startRuntime serves this test binary as the program.
func startRuntime(t *testing.T, program string) *languageServer {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	server, err := serveLanguage(&languageRuntime{
		programs: &programs{program: binary{path: self}},
		env:      append(os.Environ(), behaviour+"="+program),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	return server
}

// attach connects to the runtime as an engine does.
func attach(t *testing.T, server *languageServer, engine *fakeEngine) pulumirpc.LanguageRuntimeClient {
	t.Helper()
	conn, err := grpc.NewClient(fmt.Sprintf("127.0.0.1:%d", server.port), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	client := pulumirpc.NewLanguageRuntimeClient(conn)
	if engine != nil {
		// An engine that attaches sends no directories.
		if _, err := client.Handshake(t.Context(), &pulumirpc.LanguageHandshakeRequest{EngineAddress: engine.address}); err != nil {
			t.Fatal(err)
		}
	}
	return client
}

func TestProgramIsToldOfItsDeployment(t *testing.T) {
	dir, engine := t.TempDir(), startEngine(t)
	_, err := attach(t, startRuntime(t, "environment"), engine).Run(t.Context(), &pulumirpc.RunRequest{
		Organization:     "organization",
		Project:          "tandem",
		Stack:            "prod-east",
		Pwd:              dir,
		Config:           map[string]string{"tandem:active": "prod-east"},
		ConfigSecretKeys: []string{"tandem:key"},
		DryRun:           true,
		Parallel:         7,
		MonitorAddress:   "127.0.0.1:99",
		Info:             &pulumirpc.ProgramInfo{RootDirectory: "/project"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]string
	if err := json.Unmarshal([]byte(strings.Join(engine.log(), "")), &got); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"PULUMI_ORGANIZATION":       "organization",
		"PULUMI_PROJECT":            "tandem",
		"PULUMI_STACK":              "prod-east",
		"PULUMI_CONFIG":             `{"tandem:active":"prod-east"}`,
		"PULUMI_CONFIG_SECRET_KEYS": `["tandem:key"]`,
		"PULUMI_DRY_RUN":            "true",
		"PULUMI_PARALLEL":           "7",
		"PULUMI_MONITOR":            "127.0.0.1:99",
		"PULUMI_ENGINE":             engine.address,
		"PULUMI_ROOT_DIRECTORY":     "/project",
		"working directory":         dir,
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
}

func TestProgramOutputReachesTheEngine(t *testing.T) {
	engine := startEngine(t)
	response, err := attach(t, startRuntime(t, "output"), engine).Run(t.Context(), &pulumirpc.RunRequest{})
	if err != nil || response.GetError() != "" || response.GetBail() {
		t.Fatalf("got %v (%v), want success", response, err)
	}
	lines := engine.log()
	slices.Sort(lines)
	if want := []string{"a complaint\n", "first line\n", "no line end"}; !slices.Equal(lines, want) {
		t.Errorf("the engine has %q, want %q", lines, want)
	}
}

func TestProgramExitCodes(t *testing.T) {
	for program, want := range map[string]*pulumirpc.RunResponse{
		"fail": {Error: "program exited with non-zero exit code: 3"},
		// The program has reported its error to the engine itself.
		"bail": {Bail: true},
	} {
		response, err := attach(t, startRuntime(t, program), startEngine(t)).Run(t.Context(), &pulumirpc.RunRequest{})
		if err != nil {
			t.Fatal(err)
		}
		if response.GetError() != want.GetError() || response.GetBail() != want.GetBail() {
			t.Errorf("%s: got %v, want %v", program, response, want)
		}
	}
}

func TestCancelledProgramEndsInOrder(t *testing.T) {
	engine := startEngine(t)
	client := attach(t, startRuntime(t, "wait"), engine)
	go func() {
		<-engine.logged // the program runs
		if _, err := client.Cancel(context.Background(), &emptypb.Empty{}); err != nil {
			t.Error(err)
		}
	}()
	response, err := client.Run(t.Context(), &pulumirpc.RunRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if response.GetError() == "" {
		t.Error("a cancelled program counts as a success")
	}
	if !slices.Contains(engine.log(), "ending in order\n") {
		t.Errorf("the program was not asked to end, but killed; the engine has %q", engine.log())
	}
}

func TestEachEngineHasItsOwnConnection(t *testing.T) {
	server := startRuntime(t, "output")
	one, two := startEngine(t), startEngine(t)
	clientOne, clientTwo := attach(t, server, one), attach(t, server, two)
	if _, err := clientTwo.Cancel(t.Context(), &emptypb.Empty{}); err != nil {
		t.Fatal(err)
	}
	response, err := clientOne.Run(t.Context(), &pulumirpc.RunRequest{})
	if err != nil || response.GetError() != "" {
		t.Fatalf("got %v (%v): the other engine's Cancel must not count", response, err)
	}
	if len(one.log()) == 0 || len(two.log()) != 0 {
		t.Errorf("engine one has %q and engine two %q, want the output in one alone", one.log(), two.log())
	}
}

func TestRunNeedsAHandshake(t *testing.T) {
	_, err := attach(t, startRuntime(t, "output"), nil).Run(t.Context(), &pulumirpc.RunRequest{})
	if status.Code(err) != codes.FailedPrecondition {
		t.Errorf("got %v, want a failed precondition", err)
	}
}

func TestEmptyConfigurationIsNotNull(t *testing.T) {
	env, err := programEnv(nil, "engine", &pulumirpc.RunRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"PULUMI_CONFIG={}", "PULUMI_CONFIG_SECRET_KEYS=[]", "PULUMI_DRY_RUN=false"} {
		if !slices.Contains(env, want) {
			t.Errorf("%q lacks %s", env, want)
		}
	}
}
