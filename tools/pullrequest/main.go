// Command pullrequest turns previews of the stacks into what a pull request
// needs: a comment, and a verdict on whether it may be merged. It reads the
// engine events that pulumi preview logs:
//
//	PULUMI_DEBUG_COMMANDS=true pulumi preview -s STACK --event-log DIR/STACK.events
//
// See docs/pull-requests.md.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tandem-platform/tandem/tools/pullrequest/preview"
)

// suffix ends the name of an event log; the stack's name comes before it.
const suffix = ".events"

// errBlocked ends the command with a status of its own.
var errBlocked = errors.New("blocked")

func main() {
	switch err := command().Execute(); {
	case err == nil:
	case errors.Is(err, errBlocked):
		os.Exit(3)
	default:
		fmt.Fprintln(os.Stderr, "pullrequest:", err)
		os.Exit(1)
	}
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:               "pullrequest",
		Short:             "Report previews of the stacks on a pull request",
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	var (
		commit, where, protected string
		notes, labels            []string
		limit                    int
	)
	load := func(dir string, stacks []string) ([]*preview.Preview, typePatterns, error) {
		previews, errPreviews := readPreviews(dir, stacks)
		types, errTypes := protectedPatterns(protected)
		return previews, types, errors.Join(errPreviews, errTypes)
	}

	render := &cobra.Command{
		Use:   "comment DIR STACK...",
		Short: "Write the comment, in Markdown, for the event logs DIR/STACK.events",
		Args:  cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			previews, types, err := load(args[0], args[1:])
			if err != nil {
				return err
			}
			c := comment{commit: commit, where: where, notes: notes, previews: previews, verdict: judge(previews, types, labels)}
			_, err = fmt.Fprint(cmd.OutOrStdout(), c.markdown(limit))
			return err
		},
	}
	render.Flags().StringVar(&commit, "commit", "", "the commit that was previewed")
	render.Flags().StringVar(&where, "where", "", `what it was previewed against, such as "in the sandbox"`)
	render.Flags().StringArrayVar(&notes, "note", nil, "a further line under the title")
	render.Flags().IntVar(&limit, "limit", maxComment, "most characters to write; a GitHub job summary takes about 1000000")
	for _, name := range []string{"commit", "where"} {
		if err := render.MarkFlagRequired(name); err != nil {
			panic(err) // there is no such flag
		}
	}

	gate := &cobra.Command{
		Use:   "gate DIR STACK...",
		Short: "Exit with 3 where a protected resource would be deleted or replaced, or a preview failed",
		Long: `Gate says in a line whether the change may be merged, and exits with 3 where it
may not: where a resource of a protected type, or one that the state protects,
would be deleted or replaced and the label ` + label + ` is missing; or
where a preview failed or did not come to its end.`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			previews, types, err := load(args[0], args[1:])
			if err != nil {
				return err
			}
			reason, blocked := judge(previews, types, labels).blocks()
			if _, err := fmt.Fprintln(cmd.OutOrStdout(), reason); err != nil {
				return err
			}
			if blocked {
				return errBlocked
			}
			return nil
		},
	}
	for _, c := range []*cobra.Command{render, gate} {
		c.Flags().StringSliceVar(&labels, "labels", nil, "the pull request's labels")
		c.Flags().StringVar(&protected, "protected", "", "file of the protected types (default those of protected.txt)")
	}

	root.AddCommand(render, gate, &cobra.Command{
		Use:   "order DIR HOME STANDBY...",
		Short: "Say in which order to bring up the stacks",
		Long: `Order prints the stacks in the order in which to bring them up, one to a line, and
on the error output why. It fails where no order is safe by itself.`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			previews, err := readPreviews(args[0], args[1:])
			if err != nil {
				return err
			}
			stacks, reason, err := order(previews)
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.ErrOrStderr(), reason)
			_, err = fmt.Fprintln(cmd.OutOrStdout(), strings.Join(stacks, "\n"))
			return err
		},
	})
	return root
}

// readPreviews reads the event logs of the stacks. A log that is missing is a
// preview that did not begin.
func readPreviews(dir string, stacks []string) ([]*preview.Preview, error) {
	var previews []*preview.Preview
	var errs []error
	for _, stack := range stacks {
		p, err := preview.ReadFile(stack, filepath.Join(dir, stack+suffix))
		switch {
		case errors.Is(err, os.ErrNotExist):
			p = &preview.Preview{Stack: stack, Failed: true}
		case err != nil:
			errs = append(errs, err)
			continue
		}
		previews = append(previews, p)
	}
	return previews, errors.Join(errs...)
}

func protectedPatterns(file string) (typePatterns, error) {
	if file == "" {
		return readPatterns("protected.txt", strings.NewReader(protectedTypes))
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readPatterns(file, f)
}
