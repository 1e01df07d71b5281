// Command diagram draws the architecture of the platform from the states of its
// stacks, as `pulumi stack export` writes them.
//
// Run it from the repository's root. Without arguments it asks the sandbox for the
// state of every stack that has a stack file, so bring the stacks up first:
//
//	go run ./sandbox up
//	go run ./tools/diagram
//
// With arguments it reads the states from files, of real stacks as well:
//
//	pulumi stack export -s prod-east --file east.json
//	pulumi stack export -s prod-west --file west.json
//	go run ./tools/diagram east.json west.json
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/tandem-platform/tandem/tools/diagram/picture"
)

func main() {
	var o options
	flag.StringVar(&o.dir, "dir", "", "the sandbox's directory, passed on to it")
	flag.StringVar(&o.tools, "tools", "", "the sandbox's directory of tools, passed on to it")
	flag.StringVar(&o.out, "out", filepath.Join("docs", "architecture.svg"), "file to write")
	flag.BoolVar(&o.check, "check", false, "write nothing, and fail where the file is not what would be written")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: diagram [flags] [STATE...]\n\nDraw the architecture from exported states, by default those of the sandbox.")
		flag.PrintDefaults()
	}
	flag.Parse()
	if err := run(o, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "diagram:", err)
		os.Exit(1)
	}
}

type options struct {
	dir, tools, out string
	check           bool
}

func run(o options, files []string) error {
	exports, err := readFiles(files)
	if len(files) == 0 {
		exports, err = askSandbox(o)
	}
	if err != nil {
		return err
	}
	svg, err := draw(exports)
	if err != nil {
		return err
	}
	if !o.check {
		return os.WriteFile(o.out, svg, 0o644)
	}
	have, err := os.ReadFile(o.out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if !bytes.Equal(have, svg) {
		return fmt.Errorf("%s is not what the states show: draw it again with `go run ./tools/diagram`", o.out)
	}
	return nil
}

// export is the exported state of a stack and where it came from.
type export struct {
	from string
	text []byte
}

func readFiles(files []string) ([]export, error) {
	var exports []export
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		exports = append(exports, export{file, text})
	}
	return exports, nil
}

// askSandbox exports every stack that has a stack file here.
func askSandbox(o options) ([]export, error) {
	files, err := filepath.Glob("Pulumi.*.yaml")
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, errors.New("no stack files here: run the command in the repository's root, or give files with exported states")
	}
	var exports []export
	for _, file := range files {
		stack := strings.TrimSuffix(strings.TrimPrefix(file, "Pulumi."), ".yaml")
		args := []string{"run", "./sandbox", "export", stack}
		if o.dir != "" {
			args = append(args, "--dir", o.dir)
		}
		if o.tools != "" {
			args = append(args, "--tools", o.tools)
		}
		cmd := exec.Command("go", args...)
		cmd.Stderr = os.Stderr
		text, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("exporting stack %s from the sandbox: %w", stack, err)
		}
		exports = append(exports, export{"stack " + stack, text})
	}
	return exports, nil
}

func draw(exports []export) ([]byte, error) {
	var states []*picture.State
	for _, e := range exports {
		state, err := picture.ReadState(e.text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.from, err)
		}
		states = append(states, state)
	}
	graph, err := picture.NewGraph(states...)
	if err != nil {
		return nil, err
	}
	return picture.SVG(graph)
}
