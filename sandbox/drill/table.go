package drill

import (
	"fmt"
	"io"
	"slices"

	"github.com/tandem-platform/tandem/resilience/failover"
)

// Table drills every loss with as many seeds, and writes medians and the worst of
// each figure as a table in Markdown.
func (g *Ground) Table(w io.Writer, d Drill, seeds int) error {
	_, err := fmt.Fprintf(w, "| loss | served as before | RTO, s | RPO, s | requests failed | writes lost |\n|---|---|---|---|---|---|\n")
	for _, loss := range g.Platform.Losses() {
		for _, person := range []bool{false, true} {
			asked := loss == failover.Isolation || loss == failover.Partition || loss == failover.LoseBalancer
			if person && !asked {
				continue
			}
			var rto, rpo, failed, lost []float64
			recovered := 0
			for seed := range seeds {
				d.Loss, d.Seed, d.Person = loss, uint64(seed+1), person
				r, err := g.Run(d)
				if err != nil {
					return fmt.Errorf("%s, seed %d: %w", loss, d.Seed, err)
				}
				if r.Recovered {
					recovered++
				}
				rto, rpo = append(rto, r.RTOSeconds), append(rpo, r.RPOSeconds)
				failed, lost = append(failed, float64(r.RequestsFailed)), append(lost, float64(r.WritesLost))
			}
			name := string(loss)
			if person {
				name += ", a person approves"
			}
			if err == nil {
				_, err = fmt.Fprintf(w, "| %s | %d of %d | %s | %s | %s | %s |\n", name, recovered, seeds,
					both(rto, 0), both(rpo, 1), both(failed, 0), both(lost, 0))
			}
		}
	}
	return err
}

// both is the median and the worst.
func both(all []float64, digits int) string {
	slices.Sort(all)
	return fmt.Sprintf("%.*f / %.*f", digits, all[len(all)/2], digits, all[len(all)-1])
}
