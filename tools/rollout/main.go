// Command rollout says how many requests the services of a stack lose in a rolling
// update, when a zone is lost, and when their nodes are drained. It reads exported
// states, as `pulumi stack export` writes them, and runs the model of
// resilience/rollout on them.
//
// Run it from the repository's root. Without arguments it asks the sandbox for the
// state of every stack that has a stack file, so bring the stacks up first:
//
//	go run ./sandbox up
//	go run ./tools/rollout
//
// With arguments it reads the states from files, of real stacks as well. It fails
// where a rolling update or a drain, which somebody does on purpose, loses requests.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/tandem-platform/tandem/resilience/rollout"
	"github.com/tandem-platform/tandem/tools/internal/states"
)

func main() {
	var o options
	flag.StringVar(&o.dir, "dir", "", "the sandbox's directory, passed on to it")
	flag.StringVar(&o.tools, "tools", "", "the sandbox's directory of tools, passed on to it")
	flag.StringVar(&o.svg, "svg", "", "also draw what happens to this file")
	flag.Uint64Var(&o.seed, "seed", 1, "of what the timings draw")
	flag.Float64Var(&o.load.RequestsPerSecond, "rps", 0, "requests per second of all clients (default what the pods are scaled for)")
	flag.Float64Var(&o.load.PodRequestsPerSecond, "pod-rps", 0, "requests per second that a pod can do (default 50)")
	flag.Float64Var(&o.load.LongestSeconds, "longest", 0, "how long the longest request takes, in seconds (default 10)")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: rollout [flags] [STATE...]\n\nSay how many requests are lost while pods are replaced, by default in the stacks of the sandbox.")
		flag.PrintDefaults()
	}
	flag.Parse()
	if err := run(os.Stdout, o, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "rollout:", err)
		os.Exit(1)
	}
}

type options struct {
	dir, tools, svg string
	seed            uint64
	load            rollout.Load
}

var errLost = errors.New("requests are lost by what is done on purpose")

func run(out io.Writer, o options, files []string) error {
	all, err := states.Files(files)
	if len(files) == 0 {
		all, err = states.Sandbox(o.dir, o.tools)
	}
	if err != nil {
		return err
	}
	var panels []panel
	lost := false
	for _, state := range all {
		services, err := rollout.Read(state.Export)
		if err != nil {
			return fmt.Errorf("%s: %w", state.From, err)
		}
		for _, s := range services {
			for _, scenario := range rollout.Scenarios {
				r, err := rollout.Simulate(s, scenario, o.load, rollout.DefaultTimings(), o.seed)
				if err != nil {
					return fmt.Errorf("%s: %w", state.From, err)
				}
				fmt.Fprintf(out, "%s: %s\n", state.From, r)
				panels = append(panels, panel{state.From, r})
				lost = lost || r.Lost > 0 && scenario != rollout.ZoneLoss
			}
		}
	}
	if o.svg != "" {
		if err := os.WriteFile(o.svg, draw(panels), 0o644); err != nil { //nolint:gosec // a picture for everybody
			return err
		}
	}
	if lost {
		return errLost
	}
	return nil
}
