package apiserver

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// startsWithin is how long the two programs may take until they answer.
const startsWithin = 3 * time.Minute

// Server is a running API server.
type Server struct {
	// Version is Kubernetes' own, "v1.34.1".
	Version string

	url, token string
	client     *http.Client
	processes  []*process
}

// process is a program that was started.
type process struct {
	name string
	cmd  *exec.Cmd
	log  *bytes.Buffer
	done chan error
}

// Start runs an empty API server. Its files are in a new folder of dir. The caller
// closes it.
func Start(ctx context.Context, b Binaries, dir string) (_ *Server, err error) {
	if dir, err = os.MkdirTemp(dir, "apiserver-"); err != nil {
		return nil, err
	}
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	secret := make([]byte, 16)
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	s := &Server{url: "https://127.0.0.1:" + ports[1], token: hex.EncodeToString(secret)}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	key := filepath.Join(dir, "service-accounts.pem")
	if err := writeKey(key); err != nil {
		return nil, err
	}
	tokens := filepath.Join(dir, "tokens.csv")
	if err := os.WriteFile(tokens, []byte(s.token+`,sandbox,sandbox,"system:masters"`+"\n"), 0o600); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startsWithin)
	defer cancel()

	etcd := "http://127.0.0.1:" + ports[0]
	if err := s.run("etcd", b.Etcd,
		"--data-dir="+filepath.Join(dir, "etcd"), "--listen-client-urls="+etcd, "--advertise-client-urls="+etcd,
		"--listen-peer-urls=http://127.0.0.1:0", "--unsafe-no-fsync", "--log-level=error"); err != nil {
		return nil, err
	}
	if err := s.until(ctx, http.DefaultClient, etcd+"/health"); err != nil {
		return nil, err
	}
	if err := s.run("kube-apiserver", b.APIServer,
		"--etcd-servers="+etcd, "--bind-address=127.0.0.1", "--secure-port="+ports[1], "--cert-dir="+dir,
		"--token-auth-file="+tokens, "--authorization-mode=AlwaysAllow", "--allow-privileged=true",
		"--service-account-issuer=https://sandbox", "--service-account-key-file="+key, "--service-account-signing-key-file="+key,
		"--service-cluster-ip-range=172.20.0.0/16"); err != nil {
		return nil, err
	}
	certificate := filepath.Join(dir, "apiserver.crt")
	if err := s.wait(ctx, func() error { _, err := os.Stat(certificate); return err }); err != nil {
		return nil, err
	}
	// The server writes the file at once, but may not have finished it.
	if err := s.wait(ctx, func() error {
		text, err := os.ReadFile(certificate)
		if err != nil {
			return err
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(text) {
			return errors.New("kube-apiserver has not written its certificate yet")
		}
		s.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
		return nil
	}); err != nil {
		return nil, err
	}
	if err := s.until(ctx, s.client, s.url+"/readyz"); err != nil {
		return nil, err
	}
	var version struct{ GitVersion, Major, Minor string }
	if err := s.get(ctx, "/version", &version); err != nil {
		return nil, err
	}
	s.Version = version.GitVersion
	if version.Major == "" || version.Minor == "" {
		return nil, fmt.Errorf("kube-apiserver tells no version: %+v", version)
	}
	// One that the go command has built has no tag in it.
	if len(s.Version) < 2 || s.Version[1] == '0' {
		s.Version = "v" + version.Major + "." + version.Minor
	}
	return s, nil
}

// freePorts asks the system for ports of this machine that nobody listens at.
func freePorts(n int) ([]string, error) {
	var ports []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer func() { _ = l.Close() }() // held until all have been chosen
		_, port, err := net.SplitHostPort(l.Addr().String())
		if err != nil {
			return nil, err
		}
		ports = append(ports, port)
	}
	return ports, nil
}

// writeKey makes the key by which the server signs the tokens of service accounts.
func writeKey(path string) error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	return os.WriteFile(path, text, 0o600)
}

// run starts a program. Close ends it.
func (s *Server) run(name, path string, args ...string) error {
	p := &process{name: name, cmd: exec.Command(path, args...), log: &bytes.Buffer{}, done: make(chan error, 1)}
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if err := p.cmd.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", name, err)
	}
	go func() { p.done <- p.cmd.Wait() }()
	s.processes = append(s.processes, p)
	return nil
}

// wait tries until there is no error, or a program has ended.
func (s *Server) wait(ctx context.Context, try func() error) error {
	for {
		err := try()
		if err == nil {
			return nil
		}
		for _, p := range s.processes {
			select {
			case ended := <-p.done:
				p.done <- ended // for Close
				return fmt.Errorf("%s has ended: %w\n%s", p.name, errors.Join(ended, err), tail(p.log.Bytes()))
			default:
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the API server did not start: %w", errors.Join(context.Cause(ctx), err))
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// tail is the last of what a program wrote.
func tail(log []byte) []byte {
	const most = 4000
	return log[max(0, len(log)-most):]
}

// until waits for an address to answer that all is well.
func (s *Server) until(ctx context.Context, client *http.Client, url string) error {
	return s.wait(ctx, func() error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+s.token)
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		defer func() { _ = resp.Body.Close() }()
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("%s answers %s", url, resp.Status)
		}
		return nil
	})
}

// Close ends the programs.
func (s *Server) Close() error {
	if s.client != nil {
		s.client.CloseIdleConnections()
	}
	var problems []error
	for i := len(s.processes) - 1; i >= 0; i-- {
		p := s.processes[i]
		// What they store is thrown away, so they need no time to end well.
		if err := p.cmd.Process.Signal(syscall.SIGKILL); err != nil && !errors.Is(err, os.ErrProcessDone) {
			problems = append(problems, fmt.Errorf("ending %s: %w", p.name, err))
			continue
		}
		if err := <-p.done; err != nil {
			var ended *exec.ExitError
			if !errors.As(err, &ended) {
				problems = append(problems, fmt.Errorf("waiting for %s: %w", p.name, err))
			}
		}
	}
	s.processes = nil
	return errors.Join(problems...)
}

func (s *Server) get(ctx context.Context, path string, into any) error {
	text, _, err := s.call(ctx, http.MethodGet, path, "", nil)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}
