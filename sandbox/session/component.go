package session

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The pulumi-eks component is a Node.js program: its packages, pinned.
//
//go:embed eks/package.json eks/package-lock.json eks/.npmrc
var componentFiles embed.FS

const (
	componentName    = "eks"
	componentVersion = "v2.8.1" // as in eks/package.json
)

// installComponent installs pulumi-eks with its packages into dir, unless it
// is there already, and returns the path of its entry point.
func installComponent(ctx context.Context, tools toolchain, dir string, say *narrator) (string, error) {
	entry := filepath.Join(dir, "node_modules", "@pulumi", "eks", "cmd", "provider", "index.js")
	current, err := componentCurrent(dir)
	if err != nil || current {
		return entry, err
	}

	say.line("installing the pulumi-eks component %s with npm (once)", componentVersion)
	fresh := dir + ".installing"
	if err := os.RemoveAll(fresh); err != nil {
		return "", err
	}
	if err := os.MkdirAll(fresh, 0o755); err != nil {
		return "", err
	}
	entries, err := componentFiles.ReadDir("eks")
	if err != nil {
		return "", err
	}
	for _, file := range entries {
		text, err := componentFiles.ReadFile("eks/" + file.Name())
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(fresh, file.Name()), text, 0o644); err != nil {
			return "", err
		}
	}
	// Install scripts would fetch provider plugins that the sandbox replaces.
	if _, err := output(ctx, fresh, nil, tools.npm, "ci", "--ignore-scripts", "--omit=dev"); err != nil {
		return "", fmt.Errorf("installing the pulumi-eks component: %w", err)
	}
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	return entry, os.Rename(fresh, dir)
}

// componentCurrent reports whether dir holds an installation of what the lock
// file says. An installation appears in one step, so a lock file that is there
// has its packages beside it.
func componentCurrent(dir string) (bool, error) {
	const lock = "package-lock.json"
	want, err := componentFiles.ReadFile("eks/" + lock)
	if err != nil {
		return false, err
	}
	have, err := os.ReadFile(filepath.Join(dir, lock))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return bytes.Equal(want, have), err
}

// A requiredPackage is a Pulumi provider that the program requires.
type requiredPackage struct{ name, version string }

// writePlugins writes the plugins that the engine finds: the pulumi-eks
// component, which it starts, and one for each other provider, which it does
// not start but which keeps every command from downloading the real one.
func writePlugins(dir, node, entry string, required []requiredPackage) error {
	scripts := map[requiredPackage]string{
		{componentName, componentVersion}: "exec " + shellQuote(node) + " " + shellQuote(entry) + ` "$@"`,
	}
	for _, pkg := range required {
		if pkg.name != componentName {
			scripts[pkg] = "echo 'the sandbox serves the " + pkg.name + " provider itself: it is not started as a plugin' >&2\nexit 1"
		}
	}
	for pkg, script := range scripts {
		plugin := filepath.Join(dir, "resource-"+pkg.name+"-"+pkg.version)
		if err := os.MkdirAll(plugin, 0o755); err != nil {
			return err
		}
		path := filepath.Join(plugin, "pulumi-resource-"+pkg.name)
		if err := replaceFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// shellQuote quotes a word for sh.
func shellQuote(word string) string {
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// replaceFile writes a file in one step, if it differs.
func replaceFile(path string, text []byte, mode os.FileMode) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, text) {
		return nil
	}
	if err := os.WriteFile(path+".new", text, mode); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
