package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/tandem-platform/tandem/resilience/failover"
	"github.com/tandem-platform/tandem/sandbox/drill"
	"github.com/tandem-platform/tandem/sandbox/session"
)

func drillCommand(opts *session.Options, with func(context.Context, func(*session.Session) error) error) *cobra.Command {
	var d drill.Drill
	var loss, picture string
	var asJSON bool
	var table int
	cmd := &cobra.Command{
		Use:   "drill --lose WHAT",
		Short: "Lose something, and see how long the platform is down and what is lost",
		Long: `Drill brings the platform up, where it is not, and plays a loss through on a model
of its clients, of DNS and of the database, in which the platform's own state
machines act, executed against a copy of the clouds. Nothing of it takes real time,
and nothing stays. All settings are read from the stacks' states; docs/drill.md
tells of the times that no setting decides.

What can be lost: a region (us-east-1), a zone of home (us-east-1a), the database's
writer (writer), home's load balancer (balancer), the control planes of DNS and CDN
(dns-control), the way between the regions (partition), and the way to home for all
but a quarter of the clients (isolation). forced loses nothing: a person starts the
takeover with force.

It fails where requests are not served as before at the end.`,
		Example: `  go run ./sandbox drill --lose us-east-1 --seed 7
  go run ./sandbox drill --lose isolation --approve --svg drill.svg
  go run ./sandbox drill --table 50`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if (loss == "") == (table == 0) {
				return errors.New("give either --lose or --table")
			}
			var out bytes.Buffer
			opts.Stdout = &out
			var ground *drill.Ground
			err = with(cmd.Context(), func(s *session.Session) error {
				ground, err = drillGround(cmd.Context(), s, &out)
				return err
			})
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, ground.Close()) }()
			if table > 0 {
				return ground.Table(cmd.OutOrStdout(), d, table)
			}
			d.Loss = failover.Loss(loss)
			report, err := ground.Run(d)
			if err != nil {
				return err
			}
			if picture != "" {
				if err := os.WriteFile(picture, drill.Picture(report), 0o644); err != nil { //nolint:gosec // a picture
					return err
				}
			}
			if err := writeReport(cmd.OutOrStdout(), report, asJSON); err != nil {
				return err
			}
			if !report.Recovered {
				return fmt.Errorf("%s: requests are not served as before at the end", loss)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&loss, "lose", "", "what is lost")
	cmd.Flags().Uint64Var(&d.Seed, "seed", 1, "what is drawn: the same in every run")
	cmd.Flags().Float64Var(&d.Load.RequestsPerSecond, "rps", 0, "requests per second (default what holds home's pods at the autoscaler's target)")
	cmd.Flags().BoolVar(&d.Person, "approve", false, "a person approves what the state machines ask")
	cmd.Flags().BoolVar(&asJSON, "json", false, "write the report as JSON")
	cmd.Flags().StringVar(&picture, "svg", "", "write a picture of the drill to this file")
	cmd.Flags().IntVar(&table, "table", 0, "drill every loss with so many seeds, and write a table in Markdown")
	return cmd
}

// drillGround brings the stacks up that are not, and takes their states and a copy
// of the clouds.
func drillGround(ctx context.Context, s *session.Session, out *bytes.Buffer) (*drill.Ground, error) {
	for _, stack := range s.Stacks() {
		if _, err := s.Clouds().Member(stack); err != nil {
			if err := s.Up(ctx); err != nil {
				return nil, fmt.Errorf("%w\n%s", err, out)
			}
			break
		}
	}
	var exports [][]byte
	for _, stack := range s.Stacks() {
		out.Reset()
		if err := s.Export(ctx, stack); err != nil {
			return nil, err
		}
		exports = append(exports, bytes.Clone(out.Bytes()))
	}
	return drill.NewGround(s.Clouds(), exports...)
}

func writeReport(w io.Writer, r *failover.Report, asJSON bool) error {
	if !asJSON {
		_, err := io.WriteString(w, r.String())
		return err
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
