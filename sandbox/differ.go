package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/tandem-platform/tandem/sandbox/contract"
	"github.com/tandem-platform/tandem/sandbox/session"
)

func differCommand(with func(context.Context, func(*session.Session) error) error) *cobra.Command {
	return &cobra.Command{
		Use:   "differ",
		Short: "Compare the simulated AWS with the real provider on inputs that are wrong",
		Long: `Differ takes the AWS resources that are up, one of each type, changes their inputs
one value at a time, mostly for the worse, and compares what the real Terraform AWS
provider says with what the simulated AWS says. It reports where one refuses what
the other takes, and fails where the simulated AWS refuses without cause. Nothing
changes. It takes minutes, and needs the provider, as contract does.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return with(cmd.Context(), func(s *session.Session) error {
				d, err := contract.Differ(cmd.Context(), s.Clouds())
				if err != nil {
					return err
				}
				return errors.Join(d.Write(cmd.OutOrStdout()), d.Err())
			})
		},
	}
}

func putObjectCommand(with func(context.Context, func(*session.Session) error) error) *cobra.Command {
	return &cobra.Command{
		Use:   "put-object BUCKET KEY",
		Short: "Put an object into a bucket, as its users and AWS's log deliveries do",
		Long: `Put-object puts an empty object into a bucket of the clouds, of which no program
knows. A bucket with objects in it cannot be deleted without forceDestroy.`,
		Example: `  go run ./sandbox put-object prod-east-files-1234567 uploads/1`,
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return with(cmd.Context(), func(s *session.Session) error { return s.Clouds().PutObject(args[0], args[1]) })
		},
	}
}
