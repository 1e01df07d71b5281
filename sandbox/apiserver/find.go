// Package apiserver runs a real API server of Kubernetes, with an etcd of its own,
// and puts objects to it. There are no nodes, no controllers and no network: what
// it takes, it stores.
package apiserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// AssetsEnv names the directory with an installed kube-apiserver and etcd, as
// the tools of Kubernetes' own projects do.
const AssetsEnv = "KUBEBUILDER_ASSETS"

// Binaries are the paths of the two programs.
type Binaries struct{ APIServer, Etcd string }

// Find returns installed programs: those of the directory that AssetsEnv names,
// else those on the PATH. Where there are none it has the go command build those
// of tools/kube-apiserver, in the project at root, which takes some seven minutes
// of CPU once. It is an error if AssetsEnv is set and a program is not there.
func Find(ctx context.Context, root string) (Binaries, error) {
	if dir := os.Getenv(AssetsEnv); dir != "" {
		found := Binaries{filepath.Join(dir, "kube-apiserver"), filepath.Join(dir, "etcd")}
		_, noServer := exec.LookPath(found.APIServer)
		_, noEtcd := exec.LookPath(found.Etcd)
		if err := errors.Join(noServer, noEtcd); err != nil {
			return Binaries{}, fmt.Errorf("%s is %q, which must have kube-apiserver and etcd: %w", AssetsEnv, dir, err)
		}
		return found, nil
	}
	server, noServer := exec.LookPath("kube-apiserver")
	etcd, noEtcd := exec.LookPath("etcd")
	if noServer == nil && noEtcd == nil {
		return Binaries{server, etcd}, nil
	}
	server, err := build(ctx, root, "k8s.io/kubernetes/cmd/kube-apiserver")
	if err != nil {
		return Binaries{}, err
	}
	etcd, err = build(ctx, root, "go.etcd.io/etcd/server/v3")
	return Binaries{server, etcd}, err
}

// build builds a tool of the module, or takes it from the go command's cache.
func build(ctx context.Context, root, tool string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "tool", "-modfile=tools/kube-apiserver/go.mod", "-n", tool)
	cmd.Dir = root
	// Flags that are set for the project's own module do not fit this one.
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("building %s: %w\n%s", tool, err, problems.String())
	}
	return strings.TrimSpace(string(out)), nil
}
