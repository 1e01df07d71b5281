package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/session"
)

func driftCommand(with func(context.Context, func(*session.Session) error) error) *cobra.Command {
	var d cloud.Drift
	cmd := &cobra.Command{
		Use:   "drift [STACK]",
		Short: "Change or delete something in the clouds behind the program's back",
		Long: `Drift changes an input of a resource, or deletes the resource, in the clouds alone,
as somebody with a console does. The clouds' own rules hold. It says what it has
done; preview --refresh then shows it, and up --refresh mends it.

What the flags leave open is chosen at random: the same for the same --seed in the
same clouds.`,
		Example: `  go run ./sandbox drift prod-east --type LogGroup --property retentionInDays --value 1
  go run ./sandbox drift --name web --type Deployment --property spec.replicas --value 0
  go run ./sandbox drift --delete --seed 7
  go run ./sandbox preview --refresh`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, stacks []string) error {
			return with(cmd.Context(), func(s *session.Session) error {
				if len(stacks) > 0 {
					d.Stack = stacks[0]
				}
				done, err := s.Clouds().Drift(d)
				if err != nil {
					return errors.Join(errors.New("nothing was changed"), err)
				}
				_, err = fmt.Fprintln(cmd.OutOrStdout(), done)
				return err
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&d.URN, "urn", "", "the resource's URN")
	flags.StringVar(&d.Type, "type", "", "the resource's type, whole or its last part")
	flags.StringVar(&d.Name, "name", "", "the resource's name in the program")
	flags.BoolVar(&d.Delete, "delete", false, "delete the resource")
	flags.StringVar(&d.Property, "property", "", "path of the input that is changed, such as tags.Owner")
	flags.StringVar(&d.Value, "value", "", "what it becomes, as JSON; null takes it away")
	flags.Uint64Var(&d.Seed, "seed", 1, "decides what is chosen at random")
	return cmd
}
