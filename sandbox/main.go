// Command sandbox runs Tandem's program on the real Pulumi engine against
// simulated clouds. It needs no cloud account and no installed Pulumi.
//
// Run it from the repository's root: go run ./sandbox --help
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/tandem-platform/tandem/sandbox/apiserver"
	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/contract"
	"github.com/tandem-platform/tandem/sandbox/session"
	"github.com/tandem-platform/tandem/sandbox/terraform"
)

func main() {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		// One signal asks for an orderly end, which later ones do not hasten.
		for received := range signals {
			cancel(session.Interrupted{Signal: received})
		}
	}()

	err := command().ExecuteContext(ctx)
	if err == nil {
		return
	}
	var failed *session.CommandError
	switch cause := context.Cause(ctx); {
	case cause != nil:
		fmt.Fprintln(os.Stderr, "sandbox:", cause)
		os.Exit(130)
	case errors.As(err, &failed) && failed.Code > 0:
		// The command has said itself what went wrong.
		os.Exit(failed.Code)
	default:
		fmt.Fprintln(os.Stderr, "sandbox:", err)
		os.Exit(1)
	}
}

func command() *cobra.Command {
	var opts session.Options
	var faults cloud.Plan

	// with opens a session for the length of one action.
	with := func(ctx context.Context, do func(*session.Session) error) (err error) {
		if opts.Faults, err = faults.Faults(); err != nil {
			return err
		}
		if opts.Root, err = projectRoot(); err != nil {
			return err
		}
		s, err := session.Open(ctx, opts)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.Close()) }()
		return do(s)
	}

	root := &cobra.Command{
		Use:   "sandbox",
		Short: "Run the platform on the real Pulumi engine, with simulated clouds",
		Long: `Sandbox brings up the platform's stacks through the real Pulumi engine, the
real program, the real pulumi-eks component and the real policy packs. Only the
APIs of AWS, Kubernetes and Datadog are simulated, behind Pulumi's own provider
protocol. It needs Go 1.26 and Node.js 20 with npm, on Linux or macOS, and no
cloud account.

On first use it builds the program and the policy packs, installs pulumi-eks
with npm, and, if no Pulumi CLI of version 3.259 or a later 3 is installed,
builds one. Everything it makes is in one directory, .sandbox by default, which
only one sandbox uses at a time. Delete the directory to start over.

Stacks are the files Pulumi.<stack>.yaml. The sandbox works on copies of them,
so nothing in the source tree changes. A configuration value that is set under
exec stays in the copy until the source file changes.

` + faultHelp,
		Example: `  go run ./sandbox up
  go run ./sandbox preview prod-west
  go run ./sandbox exec -- pulumi up -s prod-east --yes
  go run ./sandbox destroy`,
		SilenceErrors: true,
		SilenceUsage:  true,
		CompletionOptions: cobra.CompletionOptions{
			DisableDefaultCmd: true,
		},
	}
	root.PersistentFlags().StringVar(&opts.Dir, "dir", "", "directory that holds everything of this sandbox (default .sandbox beside Pulumi.yaml)")
	root.PersistentFlags().StringVar(&opts.Tools, "tools", "", "directory for what is built and installed, which several sandboxes may share (default that of --dir)")

	root.PersistentFlags().StringVar(&opts.Program, "program", "", "program that has been built beforehand, to run in the place of ./stacks")
	root.PersistentFlags().BoolVar(&opts.Checkpoints, "checkpoints", false, "save the state after every step, as where resources are real, and not once at the end: slower, and what a kill needs to be recovered from")
	faultFlags(root, &faults)

	refreshing := func(cmd *cobra.Command) *cobra.Command {
		cmd.Flags().BoolVar(&opts.Refresh, "refresh", false, "first read what the clouds hold, so that drift is seen")
		return cmd
	}
	root.AddCommand(
		refreshing(&cobra.Command{
			Use:   "up [STACK...]",
			Short: "Bring up the stacks, home first; all of them by default",
			RunE: func(cmd *cobra.Command, stacks []string) error {
				return with(cmd.Context(), func(s *session.Session) error { return s.Up(cmd.Context(), stacks...) })
			},
		}),
		refreshing(&cobra.Command{
			Use:   "preview [STACK...]",
			Short: "Show what up would do",
			RunE: func(cmd *cobra.Command, stacks []string) error {
				return with(cmd.Context(), func(s *session.Session) error { return s.Preview(cmd.Context(), stacks...) })
			},
		}),
		refreshing(&cobra.Command{
			Use:   "destroy [STACK...]",
			Short: "Destroy the stacks' resources, standby first; all of them by default",
			RunE: func(cmd *cobra.Command, stacks []string) error {
				return with(cmd.Context(), func(s *session.Session) error { return s.Destroy(cmd.Context(), stacks...) })
			},
		}),
		&cobra.Command{
			Use:   "refresh [STACK...]",
			Short: "Have the stacks' states read what the clouds hold",
			RunE: func(cmd *cobra.Command, stacks []string) error {
				return with(cmd.Context(), func(s *session.Session) error { return s.Refresh(cmd.Context(), stacks...) })
			},
		},
		recoverCommand(with),
		driftCommand(with),
		&cobra.Command{
			Use:   "export STACK",
			Short: "Write a stack's state as JSON, like pulumi stack export",
			Args:  cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, stacks []string) error {
				return with(cmd.Context(), func(s *session.Session) error { return s.Export(cmd.Context(), stacks[0]) })
			},
		},
		&cobra.Command{
			Use:   "outputs STACK",
			Short: "Show a stack's outputs, with secrets blanked",
			Args:  cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, stacks []string) error {
				return with(cmd.Context(), func(s *session.Session) error { return s.Outputs(cmd.Context(), stacks[0]) })
			},
		},
		contractCommand(&opts, with),
		differCommand(with),
		putObjectCommand(with),
		drillCommand(&opts, with),
		execCommand(&opts, with),
	)
	root.AddCommand(roleCommands(with)...)
	return root
}

func contractCommand(opts *session.Options, with func(context.Context, func(*session.Session) error) error) *cobra.Command {
	var keep string
	cmd := &cobra.Command{
		Use:   "contract [aws] [kubernetes]",
		Short: "Put the inputs of the stacks to the real AWS provider and a real Kubernetes API server",
		Long: `Contract takes the states of all stacks, which must be up. It reports what is
refused, resource by resource, and then fails. No cloud account is needed.

aws: the inputs of every AWS resource are put to the provider that pulumi-aws
wraps, with terraform validate and terraform plan. It needs terraform 1.4 or later
and the unpacked provider. It looks for that in the folder that
` + terraform.PluginDirEnv + ` names, and in Terraform's own plugin directories.

kubernetes: every object is applied to a kube-apiserver with an etcd of its own:
those of the folder that ` + apiserver.AssetsEnv + ` names, or those on the PATH, or
those of tools/kube-apiserver, which the go command builds on first use in some
seven minutes of CPU.

Both are done by default. Secrets are shown to neither; the report lists them.`,
		ValidArgs: []string{"aws", "kubernetes"},
		Args:      cobra.OnlyValidArgs,
		RunE: func(cmd *cobra.Command, which []string) (err error) {
			wanted := func(what string) bool { return len(which) == 0 || slices.Contains(which, what) }
			if wanted("aws") {
				if _, _, err := contract.Find(); err != nil {
					return err
				}
			}
			var states []contract.State
			var export bytes.Buffer
			opts.Stdout = &export
			err = with(cmd.Context(), func(s *session.Session) error {
				for _, stack := range s.Stacks() {
					export.Reset()
					if err := s.Export(cmd.Context(), stack); err != nil {
						return err
					}
					states = append(states, contract.State{Stack: stack, Export: bytes.Clone(export.Bytes())})
				}
				return nil
			})
			if err != nil {
				return err
			}
			dir := keep
			if dir == "" {
				if dir, err = os.MkdirTemp("", "contract"); err != nil {
					return err
				}
				defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
			}
			var problems error
			if wanted("aws") {
				report, err := contract.Check(cmd.Context(), dir, states...)
				if err != nil {
					return err
				}
				problems = errors.Join(report.Write(cmd.OutOrStdout()), report.Err())
			}
			if wanted("kubernetes") {
				binaries, err := apiserver.Find(cmd.Context(), opts.Root)
				if err != nil {
					return errors.Join(problems, err)
				}
				report, err := contract.CheckKubernetes(cmd.Context(), binaries, filepath.Join(dir, "kubernetes"), states...)
				if err != nil {
					return errors.Join(problems, err)
				}
				problems = errors.Join(problems, report.Write(cmd.OutOrStdout()), report.Err())
			}
			return problems
		},
	}
	cmd.Flags().StringVar(&keep, "keep", "", "directory in which to leave the Terraform configurations and the server's files (default: they are removed)")
	return cmd
}

func execCommand(opts *session.Options, with func(context.Context, func(*session.Session) error) error) *cobra.Command {
	host := string(session.HostAuto)
	cmd := &cobra.Command{
		Use:   "exec -- COMMAND...",
		Short: "Run a command with the sandbox's clouds and state behind it",
		Long: `Exec runs any command, such as pulumi or a shell, in an environment in which
Pulumi finds the sandbox's clouds and state, and enforces the policy packs. The
command runs in the current directory; pulumi itself works in the sandbox's copy
of the project, so give it absolute paths of other files. Variables of the
environment that could lead to a real account (PULUMI_*, AWS_*, KUBECONFIG,
DATADOG_*, DD_*) are not passed on, except PULUMI_OPTION_*.

The engine starts the program through Pulumi's own Go language host where that
is beside the CLI, as it is with an installed Pulumi, and else through the
sandbox's own. The flag --language-host forces one of them.`,
		Example: `  go run ./sandbox exec -- pulumi preview -s prod-east
  go run ./sandbox exec -- pulumi config set tandem:active prod-west -s prod-west
  go run ./sandbox exec -- bash`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, argv []string) error {
			opts.LanguageHost = session.LanguageHost(host)
			return with(cmd.Context(), func(s *session.Session) error { return s.Exec(cmd.Context(), argv...) })
		},
	}
	cmd.Flags().StringVar(&host, "language-host", host, "who runs the program: auto, sandbox or installed")
	// What follows the command belongs to the command, with or without a --.
	cmd.Flags().SetInterspersed(false)
	return cmd
}

// projectRoot is the nearest directory, from the current one upwards, that
// holds a Pulumi.yaml.
func projectRoot() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "Pulumi.yaml")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no Pulumi.yaml in %s or above it: run the sandbox in the repository", start)
		}
	}
}
