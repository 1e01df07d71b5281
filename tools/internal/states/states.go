// Package states gets the exported states of stacks, as `pulumi stack export`
// writes them: from files, or from the sandbox.
package states

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// State is the exported state of a stack.
type State struct {
	// From says where it comes from, for errors and titles: a file, or "stack NAME".
	From string
	// Export is its text.
	Export []byte
}

// Files reads states from files.
func Files(paths []string) ([]State, error) {
	var all []State
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		all = append(all, State{path, text})
	}
	return all, nil
}

// Sandbox exports every stack that has a stack file in the working directory.
// Where dir and tools are not empty, they are passed on to the sandbox.
func Sandbox(dir, tools string) ([]State, error) {
	files, err := filepath.Glob("Pulumi.*.yaml")
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, errors.New("no stack files here: run the command in the repository's root, or give files with exported states")
	}
	var all []State
	for _, file := range files {
		stack := strings.TrimSuffix(strings.TrimPrefix(file, "Pulumi."), ".yaml")
		args := []string{"run", "./sandbox", "export", stack}
		if dir != "" {
			args = append(args, "--dir", dir)
		}
		if tools != "" {
			args = append(args, "--tools", tools)
		}
		cmd := exec.Command("go", args...)
		cmd.Stderr = os.Stderr
		text, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("exporting stack %s from the sandbox: %w", stack, err)
		}
		all = append(all, State{"stack " + stack, text})
	}
	return all, nil
}
