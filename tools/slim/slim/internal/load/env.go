// Package load finds out what a Go program consists of: its modules, its packages and the go command's settings.
package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Env is what the go command says of itself in a directory.
type Env struct {
	// Dir is the absolute directory that was asked about.
	Dir string
	// Environ is the process environment, as "key=value", that go commands of the analysis run with.
	Environ []string
	// Vars are the values of `go env`, only those that the outcome of an analysis depends on.
	Vars map[string]string
}

// The variables that decide which files and modules are in a build.
var envNames = []string{
	"GOFLAGS", "GOMOD", "GOWORK", "GOOS", "GOARCH", "GOVERSION", "GOROOT", "GOMODCACHE", "CGO_ENABLED",
	"GOEXPERIMENT", "GO111MODULE", "GOAMD64", "GOARM", "GOARM64", "GO386",
}

// ReadEnv runs `go env` in dir. The environment is the process's own when environ is nil.
func ReadEnv(ctx context.Context, dir string, environ []string) (*Env, error) {
	if environ == nil {
		environ = os.Environ()
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	// The go command writes paths without symbolic links; ours must compare equal to them.
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return nil, err
	}
	if info, err := os.Stat(abs); err != nil {
		return nil, err
	} else if !info.IsDir() {
		return nil, fmt.Errorf("%s is not a directory", abs)
	}
	e := &Env{Dir: abs, Environ: environ}
	out, err := e.Go(ctx, abs, append([]string{"env", "-json"}, envNames...)...)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(out, &e.Vars); err != nil {
		return nil, fmt.Errorf("reading go env: %w", err)
	}
	return e, nil
}

// Set returns environ with key set to value, in place of every earlier setting of it.
func Set(environ []string, key, value string) []string {
	out := make([]string, 0, len(environ)+1)
	for _, kv := range environ {
		if k, _, _ := strings.Cut(kv, "="); k != key {
			out = append(out, kv)
		}
	}
	return append(out, key+"="+value)
}

// Get returns the last setting of key in environ, or "".
func Get(environ []string, key string) string {
	for i := len(environ) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(environ[i], key+"="); ok {
			return v
		}
	}
	return ""
}

// GoError is a go command that failed. Its text is what the go command wrote, because that is about the user's program.
type GoError struct {
	Args   []string
	Stderr string
	Err    error
}

func (e *GoError) Error() string {
	if s := strings.TrimSpace(e.Stderr); s != "" {
		return s
	}
	return fmt.Sprintf("go %s: %v", e.Args[0], e.Err)
}

func (e *GoError) Unwrap() error { return e.Err }

// Go runs the go command in dir and returns what it wrote to standard output, also when it failed.
func (e *Env) Go(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	var out, stderr bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, Set(e.Environ, "PWD", dir), &out, &stderr
	if err := cmd.Run(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return nil, errors.New("no go command on the PATH; install Go or add its bin directory to PATH")
		}
		return out.Bytes(), &GoError{Args: args, Stderr: stderr.String(), Err: err}
	}
	return out.Bytes(), nil
}

// SplitFlags splits a GOFLAGS value as the go command does: at spaces, with an item in single or double quotes kept whole.
func SplitFlags(s string) ([]string, error) {
	var flags []string
	for s = strings.TrimLeft(s, " \t\r\n"); s != ""; s = strings.TrimLeft(s, " \t\r\n") {
		if s[0] == '"' || s[0] == '\'' {
			end := strings.IndexByte(s[1:], s[0])
			if end < 0 {
				return nil, fmt.Errorf("GOFLAGS has an unterminated %c", s[0])
			}
			flags, s = append(flags, s[1:1+end]), s[end+2:]
			continue
		}
		end := strings.IndexAny(s, " \t\r\n")
		if end < 0 {
			end = len(s)
		}
		flags, s = append(flags, s[:end]), s[end:]
	}
	return flags, nil
}

// JoinFlags is the reverse of SplitFlags. It fails on an item that the go command has no quoting for.
func JoinFlags(flags []string) (string, error) {
	quoted := make([]string, len(flags))
	for i, f := range flags {
		switch {
		case !strings.ContainsAny(f, " \t\r\n'\""):
			quoted[i] = f
		case !strings.Contains(f, "'"):
			quoted[i] = "'" + f + "'"
		case !strings.Contains(f, `"`):
			quoted[i] = `"` + f + `"`
		default:
			return "", fmt.Errorf("GOFLAGS cannot hold %s: it has both kinds of quotes", f)
		}
	}
	return strings.Join(quoted, " "), nil
}

// Flag returns the value of the last -name=value (or --name=value) in flags, and whether there is one. A bare -name has the
// value "true".
func Flag(flags []string, name string) (string, bool) {
	for i := len(flags) - 1; i >= 0; i-- {
		if v, ok := flagValue(flags[i], name); ok {
			return v, true
		}
	}
	return "", false
}

// DropFlag returns flags without -name.
func DropFlag(flags []string, name string) []string {
	var out []string
	for _, f := range flags {
		if _, ok := flagValue(f, name); !ok {
			out = append(out, f)
		}
	}
	return out
}

func flagValue(flag, name string) (string, bool) {
	flag = strings.TrimPrefix(strings.TrimPrefix(flag, "-"), "-")
	if flag == name {
		return "true", true
	}
	return strings.CutPrefix(flag, name+"=")
}
