// Command slim builds Pulumi programs in Go against only what they use of the generated SDKs.
//
//	slim exec [flags] -- COMMAND…   run a command against the shaken copies
//	slim report [flags]             show what is kept of each package
//	slim clean [flags]              remove the cache
//
// See docs/slim.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/tandem-platform/tandem/tools/slim/slim"
)

const usage = `slim builds Pulumi programs in Go against only what they use of the generated SDKs.

usage:
  slim exec [flags] [packages] -- COMMAND...   run COMMAND (go build, go test, pulumi up, ...) against shaken copies
  slim report [flags] [packages]               show what is kept of each SDK package, and why
  slim clean [flags]                           remove the copies

packages are those to look at, with their tests; none means every package of the module around the directory.

flags:
  -C dir       work in dir; default is the current directory
  -tags list   build tags that COMMAND gives to go; those in GOFLAGS, and those of a plain go command, need not be named
  -cache dir   where the copies are kept; default is $` + slim.CacheEnv + `, or tandem-slim in the user's cache directory
`

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run returns the exit code: that of the command, 2 for a wrong call, 1 for any other failure.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return 2
	}
	verb, args := args[0], args[1:]
	var o slim.Options
	flags := flag.NewFlagSet("slim "+verb, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.Dir, "C", "", "")
	flags.StringVar(&o.Tags, "tags", "", "")
	flags.StringVar(&o.CacheDir, "cache", "", "")
	o.Stdout, o.Stderr = stdout, stderr

	var command []string
	if verb == "exec" {
		args, command = cut(args)
	}
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) || verb == "-h" || verb == "-help" || verb == "--help" || verb == "help" {
		fmt.Fprint(stdout, usage)
		return 0
	}
	if err != nil {
		return wrong(stderr, err.Error())
	}
	o.Patterns = flags.Args()
	ctx := context.Background()
	code := 0
	switch verb {
	case "exec":
		if len(command) == 0 {
			return wrong(stderr, "exec needs a command after --, such as: slim exec -- go build ./...")
		}
		code, err = slim.Exec(ctx, o, command...)
	case "report":
		err = report(ctx, o, stdout)
	case "clean":
		if len(o.Patterns) > 0 {
			return wrong(stderr, "clean takes no packages: it removes the whole cache")
		}
		err = slim.Clean(o)
	default:
		return wrong(stderr, fmt.Sprintf("no such command: %s; there are exec, report and clean", verb))
	}
	if err != nil {
		fmt.Fprintln(stderr, "slim:", err)
		return 1
	}
	return code
}

// cut splits the arguments at the first "--".
func cut(args []string) (before, after []string) {
	for i, a := range args {
		if a == "--" {
			return args[:i], args[i+1:]
		}
	}
	return args, nil
}

func wrong(stderr io.Writer, text string) int {
	fmt.Fprintf(stderr, "slim: %s\nrun `slim --help` for the ways to call it\n", text)
	return 2
}

func report(ctx context.Context, o slim.Options, stdout io.Writer) error {
	b, err := slim.Prepare(ctx, o)
	if err != nil {
		return err
	}
	defer b.Close()
	return b.Report.Write(stdout)
}
