package session

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/mod/semver"
)

const (
	// lowestCLI is the version that tools/pulumi builds and that the sandbox is
	// tested with. Older ones cannot run a policy pack that is a program, or
	// cannot be told to leave plugins alone.
	lowestCLI = "v3.259.0"

	cliModule  = "github.com/pulumi/pulumi/pkg/v3"
	cliPackage = cliModule + "/cmd/pulumi"

	// cliVersionVariable is where the CLI keeps its version: the linker sets it.
	cliVersionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"

	languageHostName = "pulumi-language-go"
)

// fits reports whether the sandbox works with a CLI of this version, as
// `pulumi version` prints it: the one it is tested with, or a later one of the
// same major version.
func fits(version string) bool {
	version = "v" + strings.TrimPrefix(version, "v")
	return semver.IsValid(version) &&
		semver.Compare(version, lowestCLI) >= 0 &&
		semver.Major(version) == semver.Major(lowestCLI)
}

// findCLI returns the path of an installed CLI of a fitting version, else of
// one that it builds from the module in tools/pulumi into dir.
func findCLI(ctx context.Context, tools toolchain, root, dir string, say *narrator) (string, error) {
	if path, err := exec.LookPath("pulumi"); err == nil {
		version, err := cliVersion(ctx, path)
		switch {
		case err == nil && fits(version):
			return filepath.Abs(path)
		case err != nil:
			say.line("the installed Pulumi CLI is not used: %v", err)
		default:
			say.line("the installed Pulumi CLI is not used: %s is version %q, the sandbox needs %s or a later %s",
				path, version, lowestCLI, semver.Major(lowestCLI))
		}
	}

	built := filepath.Join(dir, "pulumi")
	module := filepath.Join(root, "tools", "pulumi")
	stamp, err := cliStamp(module, tools.goVersion)
	if err != nil {
		return "", err
	}
	stampFile := filepath.Join(dir, "stamp")
	if old, err := os.ReadFile(stampFile); err == nil && bytes.Equal(old, stamp) {
		if _, err := os.Stat(built); err == nil {
			return built, nil
		}
	}

	version, err := goOutput(ctx, tools, module, "list", "-m", "-f", "{{.Version}}", cliModule)
	if err != nil {
		return "", err
	}
	say.line("building the Pulumi CLI %s from tools/pulumi, as no fitting one is installed (once; some minutes on a new machine)", version)
	if err := os.RemoveAll(stampFile); err != nil {
		return "", err
	}
	ldflags := "-s -w -X " + cliVersionVariable + "=" + strings.TrimPrefix(version, "v")
	if _, err := goOutput(ctx, tools, module, "build", "-o", built, "-ldflags", ldflags, cliPackage); err != nil {
		return "", fmt.Errorf("building the Pulumi CLI: %w", err)
	}
	return built, os.WriteFile(stampFile, stamp, 0o644)
}

// cliVersion asks a CLI for its version.
func cliVersion(ctx context.Context, path string) (string, error) {
	cmd := exec.CommandContext(ctx, path, "version")
	cmd.Env = append(os.Environ(), "PULUMI_SKIP_UPDATE_CHECK=true")
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s version: %w", path, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// cliStamp changes when the CLI must be built anew.
func cliStamp(module, goVersion string) ([]byte, error) {
	hash := sha256.New()
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(module, name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("no Pulumi CLI of version %s or later is installed, and there is no %s to build one from: install Pulumi", lowestCLI, filepath.Join(module, name))
		}
		if err != nil {
			return nil, err
		}
		hash.Write(text)
	}
	return []byte(goVersion + " " + hex.EncodeToString(hash.Sum(nil)) + "\n"), nil
}

// hasLanguageHost reports whether Pulumi's own Go language host is installed
// beside the CLI, as it is with an installed Pulumi. One elsewhere on PATH does
// not count: the sandbox has the engine leave plugins on PATH alone.
func hasLanguageHost(cli string) bool {
	resolved, err := filepath.EvalSymlinks(cli)
	if err != nil {
		return false
	}
	_, err = exec.LookPath(filepath.Join(filepath.Dir(resolved), languageHostName))
	return err == nil
}

// goOutput runs the go command in a directory and returns what it prints.
// The error holds what it complains about.
func goOutput(ctx context.Context, tools toolchain, dir string, args ...string) (string, error) {
	return output(ctx, dir, nil, tools.goCommand, args...)
}

// output is goOutput for any command and environment; nil is that of this
// process.
func output(ctx context.Context, dir string, env []string, command string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, command, args...)
	cmd.Dir, cmd.Env = dir, env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", filepath.Base(command), args[0], err, strings.TrimSpace(stderr.String()))
	}
	return strings.TrimSpace(string(out)), nil
}
