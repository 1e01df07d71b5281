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
	"path/filepath"

	"github.com/tandem-platform/tandem/tools/diagram/picture"
	"github.com/tandem-platform/tandem/tools/internal/states"
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
	exports, err := states.Files(files)
	if len(files) == 0 {
		exports, err = states.Sandbox(o.dir, o.tools)
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

func draw(exports []states.State) ([]byte, error) {
	var read []*picture.State
	for _, e := range exports {
		state, err := picture.ReadState(e.Export)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.From, err)
		}
		read = append(read, state)
	}
	graph, err := picture.NewGraph(read...)
	if err != nil {
		return nil, err
	}
	return picture.SVG(graph)
}
