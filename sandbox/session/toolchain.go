package session

import (
	"context"
	"errors"
	"fmt"
	"go/version"
	"os/exec"
	"strings"

	"golang.org/x/mod/semver"
)

// The lowest versions that the sandbox works with.
const (
	lowestGo   = "go1.26"
	lowestNode = "v20.0.0"
)

// A toolchain is where the machine's tools are.
type toolchain struct {
	goCommand, goVersion string
	node, npm            string
}

// findToolchain finds Go, Node.js and npm, or reports everything that is
// missing or too old, with the remedy.
func findToolchain(ctx context.Context) (toolchain, error) {
	var t toolchain
	var errs []error
	var err error
	if t.goCommand, t.goVersion, err = findTool(ctx, "go", "env", "GOVERSION"); err != nil {
		errs = append(errs, fmt.Errorf("%w: install Go %s or later from https://go.dev/dl", err, strings.TrimPrefix(lowestGo, "go")))
	} else if err := checkGo(t.goVersion); err != nil {
		errs = append(errs, err)
	}
	var nodeVersion string
	if t.node, nodeVersion, err = findTool(ctx, "node", "--version"); err != nil {
		errs = append(errs, fmt.Errorf("%w: install Node.js 20 or later from https://nodejs.org", err))
	} else if err := checkNode(nodeVersion); err != nil {
		errs = append(errs, err)
	}
	if t.npm, err = exec.LookPath("npm"); err != nil {
		errs = append(errs, errors.New("npm is not on PATH: it comes with Node.js, or install your system's npm package"))
	}
	if len(errs) > 0 {
		return toolchain{}, fmt.Errorf("this machine lacks what the sandbox needs:\n%w", errors.Join(errs...))
	}
	return t, nil
}

// findTool returns the tool's path and what it says when asked for its version.
func findTool(ctx context.Context, name string, args ...string) (path, says string, err error) {
	path, err = exec.LookPath(name)
	if err != nil {
		return "", "", fmt.Errorf("%s is not on PATH", name)
	}
	out, err := exec.CommandContext(ctx, path, args...).Output()
	if err != nil {
		return "", "", fmt.Errorf("%s does not run: %w", path, err)
	}
	return path, strings.TrimSpace(string(out)), nil
}

func checkGo(found string) error {
	// A development version is not comparable; it is newer than any release.
	if strings.HasPrefix(found, "devel ") {
		return nil
	}
	if !version.IsValid(found) || version.Compare(found, lowestGo) < 0 {
		return fmt.Errorf("go is version %q, but %s or later is needed: install it from https://go.dev/dl, or set GOTOOLCHAIN=auto", found, lowestGo)
	}
	return nil
}

func checkNode(found string) error {
	if !semver.IsValid(found) || semver.Compare(found, lowestNode) < 0 {
		return fmt.Errorf("node is version %q, but %s or later is needed: install it from https://nodejs.org", found, lowestNode)
	}
	return nil
}
