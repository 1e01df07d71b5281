package cloud

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// packages are the simulated packages in the order in which they are served.
var packages = []struct {
	name  string
	serve func(*Cloud) plugin.Provider
}{
	{"aws", func(c *Cloud) plugin.Provider { return &awsProvider{modelled{base: base{c: c, pkg: "aws"}}} }},
	{"datadog", func(c *Cloud) plugin.Provider { return &datadogProvider{modelled{base: base{c: c, pkg: "datadog"}}} }},
	{"kubernetes", func(c *Cloud) plugin.Provider { return &kubernetesProvider{base: base{c: c, pkg: "kubernetes"}} }},
	{"random", func(c *Cloud) plugin.Provider { return &randomProvider{base: base{c: c, pkg: "random"}} }},
}

// maxMessage is the engine's own limit of a message, in bytes.
const maxMessage = 400 << 20

// Server serves the providers of a Cloud to an engine, on a port of the
// loopback interface for each package.
type Server struct {
	listeners []net.Listener
	ports     []string
	mu        sync.Mutex
	conns     map[*grpc.Server]bool
	closed    bool
	wg        sync.WaitGroup
}

// Serve starts the providers.
//
// A request of Pulumi's protocol does not say which provider instance it is
// for, and all instances of a package share one port here. But the engine dials
// a connection for each instance, so each connection gets a provider of its
// own, and two regions are told apart.
func (c *Cloud) Serve() (*Server, error) {
	s := &Server{conns: map[*grpc.Server]bool{}}
	for _, p := range packages {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, errors.Join(fmt.Errorf("serving the %s provider: %w", p.name, err), s.Close())
		}
		s.listeners = append(s.listeners, ln)
		s.ports = append(s.ports, fmt.Sprintf("%s:%d", p.name, ln.Addr().(*net.TCPAddr).Port))
		s.wg.Go(func() { s.accept(c, ln, func() plugin.Provider { return p.serve(c) }) })
	}
	return s, nil
}

// DebugProviders is the value of PULUMI_DEBUG_PROVIDERS that makes the engine
// use these providers.
func (s *Server) DebugProviders() string { return strings.Join(s.ports, ",") }

// Close stops the providers and waits until none is at work.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	var errs []error
	for _, ln := range s.listeners {
		errs = append(errs, ln.Close())
	}
	for g := range s.conns {
		g.Stop()
	}
	s.mu.Unlock()
	s.wg.Wait()
	return errors.Join(errs...)
}

func (s *Server) accept(c *Cloud, ln net.Listener, provider func() plugin.Provider) {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return // closed
		}
		g := grpc.NewServer(grpc.MaxRecvMsgSize(maxMessage), grpc.ChainUnaryInterceptor(recovered,
			func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
				resp, err := handle(context.WithValue(ctx, connection{}, connection{conn, c}), req) // for faults that end it
				if diff, ok := resp.(*pulumirpc.DiffResponse); ok {
					shorten(diff)
				}
				return resp, err
			}))
		pulumirpc.RegisterResourceProviderServer(g, plugin.NewProviderServer(provider()))
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			_ = conn.Close()
			return
		}
		s.conns[g] = true
		s.mu.Unlock()
		s.wg.Go(func() {
			one := newSingle(conn)
			_ = g.Serve(one) // ends with the connection, which is no error to tell
			g.Stop()
			s.mu.Lock()
			delete(s.conns, g)
			s.mu.Unlock()
		})
	}
}

// shorten names the properties in which there is a difference, as real providers do,
// where Pulumi's server names the paths: the engine's short form of a diff shows
// no path.
func shorten(diff *pulumirpc.DiffResponse) {
	for i, path := range diff.Diffs {
		diff.Diffs[i] = steps(path)[0].name
	}
	slices.Sort(diff.Diffs)
	diff.Diffs = slices.Compact(diff.Diffs)
}

// single is a listener that has one connection to give. It ends when that
// connection is closed.
type single struct {
	net.Listener
	conn   net.Conn
	given  bool
	closed chan struct{}
	once   sync.Once
}

func newSingle(conn net.Conn) *single {
	return &single{conn: conn, closed: make(chan struct{})}
}

func (l *single) Accept() (net.Conn, error) {
	if !l.given {
		l.given = true
		return &watched{l.conn, l}, nil
	}
	<-l.closed
	return nil, net.ErrClosed
}

func (l *single) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *single) Addr() net.Addr { return l.conn.LocalAddr() }

// watched tells its listener when it is closed.
type watched struct {
	net.Conn
	l *single
}

func (w *watched) Close() error {
	defer func() { _ = w.l.Close() }()
	return w.Conn.Close()
}

// base is what the providers of all packages have in common.
type base struct {
	plugin.UnimplementedProvider
	c   *Cloud
	pkg string
}

func (b *base) Handshake(context.Context, plugin.ProviderHandshakeRequest) (*plugin.ProviderHandshakeResponse, error) {
	return &plugin.ProviderHandshakeResponse{AcceptSecrets: true, SupportsAutonamingConfiguration: true}, nil
}

func (b *base) Attach(string) error                      { return nil }
func (b *base) Close() error                             { return nil }
func (b *base) SignalCancellation(context.Context) error { return nil }

// version is that of the package whose facts are served.
func (b *base) version() string { return strings.TrimPrefix(b.c.facts.Versions["pulumi-"+b.pkg], "v") }

func (b *base) GetPluginInfo(context.Context) (plugin.PluginInfo, error) {
	v, err := semver.Parse(b.version())
	return plugin.PluginInfo{Version: &v}, err
}

// GetSchema answers with a schema that names the package only: programs in Go
// and Node.js need no more.
func (b *base) GetSchema(context.Context, plugin.GetSchemaRequest) (plugin.GetSchemaResponse, error) {
	return plugin.GetSchemaResponse{Schema: fmt.Appendf(nil, `{"name":%q,"version":%q}`, b.pkg, b.version())}, nil
}

func (b *base) GetMapping(context.Context, plugin.GetMappingRequest) (plugin.GetMappingResponse, error) {
	return plugin.GetMappingResponse{}, nil
}

func (b *base) GetMappings(context.Context, plugin.GetMappingsRequest) (plugin.GetMappingsResponse, error) {
	return plugin.GetMappingsResponse{}, nil
}

// Invoke refuses: providers with functions have their own.
func (b *base) Invoke(_ context.Context, req plugin.InvokeRequest) (plugin.InvokeResponse, error) {
	return plugin.InvokeResponse{}, notModelled("function", string(req.Tok))
}

func (b *base) Call(_ context.Context, req plugin.CallRequest) (plugin.CallResponse, error) {
	return plugin.CallResponse{}, notModelled("method", string(req.Tok))
}

func notModelled(what, token string) error {
	return fmt.Errorf("the sandbox does not model the %s %s: add it to the tables of sandbox/cloud, or do without it", what, token)
}
