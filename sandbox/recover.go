package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/tandem-platform/tandem/sandbox/session"
)

func recoverCommand(with func(context.Context, func(*session.Session) error) error) *cobra.Command {
	var deleteOrphans bool
	cmd := &cobra.Command{
		Use:   "recover [STACK...]",
		Short: "Bring states and clouds together again after a crash or a kill",
		Long: `Recover does what an operator does after an update that was killed, or whose
provider has crashed. Run up after it.

Where a state says that a resource was being created, recover looks for it in the
clouds, by its type and inputs, and puts it into the state with its id; what was
not made is cleared. It then refreshes the state. At last it lists what is in the
clouds but in no state, and fails if there is anything: what was made for an
answer that never came, or what a program has retained on purpose. In a real
account, look for the platform's tags.`,
		RunE: func(cmd *cobra.Command, stacks []string) error {
			return with(cmd.Context(), func(s *session.Session) error {
				_, err := s.Recover(cmd.Context(), deleteOrphans, stacks...)
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&deleteOrphans, "delete-orphans", false, "delete what is in no state, as far as the clouds let it go")
	return cmd
}
