package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/session"
)

// roleCommands move the roles of the regions, as an operator does with the AWS CLI.
func roleCommands(with func(context.Context, func(*session.Session) error) error) []*cobra.Command {
	// on makes a command that does something with the database member of a stack.
	on := func(cmd *cobra.Command, do func(ctx context.Context, c *cloud.Cloud, global string, member *cloud.Resource) ([]cloud.Drifted, error)) *cobra.Command {
		cmd.Args = cobra.ExactArgs(1)
		cmd.RunE = func(cmd *cobra.Command, stacks []string) error {
			return with(cmd.Context(), func(s *session.Session) error {
				member, err := s.Clouds().Member(stacks[0])
				if err != nil {
					return err
				}
				done, err := do(cmd.Context(), s.Clouds(), member.Text("globalClusterIdentifier"), member)
				for _, change := range done {
					if _, err := fmt.Fprintln(cmd.OutOrStdout(), change); err != nil {
						return err
					}
				}
				return err
			})
		}
		return cmd
	}

	var allowDataLoss bool
	failover := on(&cobra.Command{
		Use:   "failover STACK",
		Short: "Make a stack's region the writer while the present one is lost (aws rds failover-global-cluster)",
		Long: `Failover promotes the database member of a stack, without waiting for the one that
writes now. As with the AWS CLI, it is a switchover without --allow-data-loss. With
--lose-region, the old writer is lost; it is added back as a secondary, with a
snapshot of what it held, by the first command without.

It changes the clouds alone and says what it has changed. Then set tandem:active in
both stacks, and run up.`,
		Example: `  go run ./sandbox failover prod-west --allow-data-loss --lose-region us-east-1
  go run ./sandbox exec -- pulumi config set tandem:active prod-west -s prod-west
  go run ./sandbox up prod-west --lose-region us-east-1`,
	}, func(ctx context.Context, c *cloud.Cloud, global string, member *cloud.Resource) ([]cloud.Drifted, error) {
		if !allowDataLoss {
			return switchover(ctx, c, global, member)
		}
		return c.FailoverGlobalCluster(ctx, member.Scope.Region, global, member.Text("arn"), true)
	})
	failover.Flags().BoolVar(&allowDataLoss, "allow-data-loss", false, "give up what the old writer has not replicated")

	return []*cobra.Command{
		failover,
		on(&cobra.Command{
			Use:   "switchover STACK",
			Short: "Make a stack's region the writer, without loss (aws rds switchover-global-cluster)",
			Long: `Switchover promotes the database member of a stack, and makes the present writer a
secondary of it. Every member has to be reachable, and of the same version.

It changes the clouds alone and says what it has changed. Then set tandem:active in
both stacks, and run up.`,
			Example: `  go run ./sandbox switchover prod-west
  go run ./sandbox exec -- pulumi config set tandem:active prod-west -s prod-east
  go run ./sandbox exec -- pulumi config set tandem:active prod-west -s prod-west
  go run ./sandbox up`,
		}, switchover),
		on(&cobra.Command{
			Use:   "detach STACK",
			Short: "Take a stack's member out of the global database (aws rds remove-from-global-cluster)",
			Long: `Detach makes the database member of a stack a cluster of its own, which reads and
writes. It is the way to fail over that is left where members do not fit each
other, and the way to let go of a member whose region is not coming back.`,
		}, func(ctx context.Context, c *cloud.Cloud, global string, member *cloud.Resource) ([]cloud.Drifted, error) {
			region, err := member.Scope.Region, error(nil)
			if !c.Reaches(ctx, region) {
				if region, err = c.WriterRegion(global); err != nil {
					return nil, err
				}
			}
			return c.RemoveFromGlobalCluster(ctx, region, global, member.Text("arn"))
		}),
	}
}

// switchover calls RDS where AWS wants it, in the region of the present writer.
func switchover(ctx context.Context, c *cloud.Cloud, global string, member *cloud.Resource) ([]cloud.Drifted, error) {
	region, err := c.WriterRegion(global)
	if err != nil {
		return nil, err
	}
	return c.SwitchoverGlobalCluster(ctx, region, global, member.Text("arn"))
}
