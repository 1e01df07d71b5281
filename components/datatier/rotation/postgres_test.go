package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

const firstPassword = "first-password-of-the-test"

// server is a real PostgreSQL server that takes TLS connections alone and logs
// every statement.
type server struct {
	credentials
	roots *x509.CertPool
	dir   string
	log   string // path
	run   func(t testing.TB, program string, args ...string) error
}

// newServer starts a server of the PostgreSQL that is installed. Where none is,
// the test is skipped and says so.
func newServer(t *testing.T) *server {
	t.Helper()
	bin := programs(t)
	dir, err := os.MkdirTemp("", "rotation") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &server{dir: dir, log: filepath.Join(dir, "log")}
	owner, err := unprivileged()
	if err != nil {
		t.Fatal(err)
	}
	s.run = func(t testing.TB, program string, args ...string) error {
		cmd := exec.Command(filepath.Join(bin, program), args...)
		cmd.Dir = dir
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner}
		out, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s: %w: %s", program, err, out)
		}
		return nil
	}
	port := freePort(t)
	s.credentials = credentials{Engine: "postgres", Host: "localhost", Port: port, DBName: "postgres", Username: "tandem", Password: firstPassword}
	s.write(t, "password", firstPassword, owner)
	if owner != nil {
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	data := filepath.Join(dir, "data")
	if err := s.run(t, "initdb", "-D", data, "-U", "tandem", "--pwfile", filepath.Join(dir, "password"), "--auth", "scram-sha-256", "--no-sync"); err != nil {
		t.Fatal(err)
	}
	s.roots = s.certificates(t, owner)
	s.write(t, "data/pg_hba.conf", "hostssl all all 127.0.0.1/32 scram-sha-256\nhostssl all all ::1/128 scram-sha-256\n", owner)
	s.write(t, "data/postgresql.auto.conf", fmt.Sprintf(
		"port = %d\nlisten_addresses = 'localhost'\nunix_socket_directories = '%s'\nssl = on\nssl_cert_file = '../cert.pem'\nssl_key_file = '../key.pem'\n"+
			"log_statement = 'all'\nlog_min_duration_statement = 0\nfsync = off\n", port, dir), owner)
	s.start(t)
	return s
}

func (s *server) start(t testing.TB) {
	t.Helper()
	data := filepath.Join(s.dir, "data")
	if err := s.run(t, "pg_ctl", "-D", data, "-l", s.log, "-w", "start"); err != nil {
		text, _ := os.ReadFile(s.log)
		t.Fatalf("%v\n%s", err, text)
	}
	t.Cleanup(func() { _ = s.run(t, "pg_ctl", "-D", data, "-m", "immediate", "stop") })
}

// programs is the folder of the server's programs.
func programs(t *testing.T) string {
	t.Helper()
	debian, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	slices.Sort(debian)
	if len(debian) > 0 {
		return filepath.Dir(debian[len(debian)-1])
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	t.Skip("no PostgreSQL server is installed (initdb is not on PATH): what the function does to a database is not tested here")
	return ""
}

// unprivileged is whom the server runs as: PostgreSQL refuses to run as root.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid) // both are numbers on the systems that have them
		gid, _ := strconv.Atoi(u.Gid)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody")
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func (s *server) write(t *testing.T, name, text string, owner *syscall.Credential) {
	t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if owner != nil {
		if err := os.Chown(path, int(owner.Uid), int(owner.Gid)); err != nil {
			t.Fatal(err)
		}
	}
}

// certificates makes the server's certificate, and returns the authority that it
// is of.
func (s *server) certificates(t *testing.T, owner *syscall.Credential) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	s.write(t, "cert.pem", string(text), owner)
	s.write(t, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})), owner)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	return pool
}

// logged is what the server has logged.
func (s *server) logged(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(s.log)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestARotationChangesThePasswordOfARealDatabase(t *testing.T) {
	s := newServer(t)
	store := newStore(s.credentials)
	r := &rotator{secrets: store, database: &postgres{roots: s.roots}, secret: arn}
	for range 2 { // the second from what the first has left
		before := store.current(t)
		token := store.begin()
		for _, step := range []string{"createSecret", "setSecret", "testSecret", "finishSecret"} {
			for range 2 { // Secrets Manager repeats what it has no answer to
				if err := r.handle(context.Background(), Event{Step: step, SecretID: arn, Token: token}); err != nil {
					t.Fatal(err)
				}
			}
		}
		after := store.current(t)
		if after.Password == before.Password || after.Host != before.Host || after.Username != before.Username {
			t.Fatal("the current version is not the old one with another password")
		}
		if err := r.database.check(context.Background(), after); err != nil {
			t.Errorf("with the new password: %v", err)
		}
		err := r.database.check(context.Background(), before)
		if err == nil || !strings.Contains(err.Error(), "28P01") {
			t.Errorf("with the old password: %v", err)
		}
		for _, password := range []string{before.Password, after.Password} {
			if text := s.logged(t); strings.Contains(text, password) {
				t.Error("the server's log has a password")
			} else if !strings.Contains(text, `ALTER ROLE "tandem"`) {
				t.Error("the server does not log statements, so this test sees nothing")
			}
			if err != nil && strings.Contains(err.Error(), password) {
				t.Error("an error has a password")
			}
		}
	}
}

func TestADatabaseThatTakesNoWritesKeepsItsPassword(t *testing.T) {
	s := newServer(t)
	data := filepath.Join(s.dir, "data")
	if err := s.run(t, "pg_ctl", "-D", data, "-m", "fast", "-w", "stop"); err != nil {
		t.Fatal(err)
	}
	owner, err := unprivileged()
	if err != nil {
		t.Fatal(err)
	}
	s.write(t, "data/standby.signal", "", owner)
	s.start(t)
	store := newStore(s.credentials)
	r := &rotator{secrets: store, database: &postgres{roots: s.roots}, secret: arn}
	token := store.begin()
	if err := r.handle(context.Background(), Event{Step: "createSecret", SecretID: arn, Token: token}); err != nil {
		t.Fatal(err)
	}
	err = r.handle(context.Background(), Event{Step: "setSecret", SecretID: arn, Token: token})
	if err == nil || !strings.Contains(err.Error(), "localhost takes no writes") {
		t.Errorf("got %v", err)
	}
	if store.current(t).Password != firstPassword {
		t.Error("the current version changed")
	}
}

func TestAServerOfAnotherAuthorityGetsNoPassword(t *testing.T) {
	s := newServer(t)
	p := &postgres{roots: x509.NewCertPool()}
	err := p.check(context.Background(), s.credentials)
	if err == nil || !strings.Contains(err.Error(), "certificate is not of a trusted authority") {
		t.Errorf("got %v", err)
	}
	elsewhere := s.credentials
	elsewhere.Host = "127.0.0.1" // not a name of the certificate
	if err := (&postgres{roots: s.roots}).check(context.Background(), elsewhere); err == nil || !strings.Contains(err.Error(), "not of this host") {
		t.Errorf("got %v", err)
	}
}

func TestTheAuthoritiesOfEveryRegionAreIn(t *testing.T) {
	text, found := roots, map[string]bool{}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.CheckSignatureFrom(c); err != nil || !c.IsCA {
			t.Errorf("%s is no root: %v", c.Subject, err)
		}
		found[c.Subject.CommonName] = true
	}
	for _, region := range []string{"us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2"} {
		for _, kind := range []string{"RSA2048", "RSA4096", "ECC384"} {
			if name := fmt.Sprintf("Amazon RDS %s Root CA %s G1", region, kind); !found[name] {
				t.Errorf("%s is missing", name)
			}
		}
	}
}
