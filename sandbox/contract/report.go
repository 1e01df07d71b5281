package contract

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/terraform"
)

// Report is what a check has found.
type Report struct {
	Configurations []Configuration
	Placeholders   []Placeholder
	Problems       []Problem
	Warnings       []Problem
}

// Configuration is the resources of one Pulumi provider.
type Configuration struct {
	Name      string // stack and provider
	Region    string
	Resources int
}

// Placeholder is a value that the provider was not shown. In its place it got a
// value of the same type that no plan knows, and the API server a word.
type Placeholder struct {
	URN, Property string
	// Type is Terraform's, or "block".
	Type string
	// Why is secret, unknown or file (the content of an asset or archive).
	Why string
}

// Problem is what Terraform, the provider or the API server says of one resource,
// or the lack of a counterpart in the provider.
type Problem struct {
	URN string
	// Address is Terraform's, or the kind of the Kubernetes object; it is empty
	// where there is no counterpart.
	Address string
	Text    string
}

// Err is nil if there is no problem. Warnings are none.
func (r *Report) Err() error {
	if len(r.Problems) == 0 {
		return nil
	}
	return fmt.Errorf("the AWS provider refuses inputs of the stacks: %d problems", len(r.Problems))
}

// Write writes the report for a reader.
func (r *Report) Write(w io.Writer) error {
	var b strings.Builder
	total := 0
	for _, c := range r.Configurations {
		total += c.Resources
	}
	fmt.Fprintf(&b, "%d resources put to the Terraform AWS provider %s:\n", total, terraform.Version)
	for _, c := range r.Configurations {
		fmt.Fprintf(&b, "  %-40s %-12s %4d\n", c.Name, c.Region, c.Resources)
	}
	writePlaceholders(&b, r.Placeholders)
	writeProblems(&b, r.Warnings, r.Problems)
	_, err := io.WriteString(w, b.String())
	return err
}

func writePlaceholders(b *strings.Builder, all []Placeholder) {
	if len(all) > 0 {
		fmt.Fprintf(b, "\nvalues that it was not shown, with placeholders in their place:\n")
	}
	for _, p := range all {
		fmt.Fprintf(b, "  %s\n    %s (%s): %s\n", p.URN, p.Property, p.Type, p.Why)
	}
}

func writeProblems(b *strings.Builder, warnings, problems []Problem) {
	for _, part := range []struct {
		title    string
		problems []Problem
	}{{"warnings", warnings}, {"problems", problems}} {
		fmt.Fprintf(b, "\n%s: %d\n", part.title, len(part.problems))
		for _, p := range part.problems {
			fmt.Fprintf(b, "  %s\n", p.URN)
			if p.Address != "" {
				fmt.Fprintf(b, "    %s\n", p.Address)
			}
			fmt.Fprintf(b, "    %s\n", p.Text)
		}
	}
}

// add takes over what a translator has noted.
func (r *Report) add(urn, address string, t *translator) {
	for _, p := range t.placeholders {
		p.URN = urn
		r.Placeholders = append(r.Placeholders, p)
	}
	for _, text := range t.problems {
		r.Problems = append(r.Problems, Problem{URN: urn, Address: address, Text: text})
	}
}

// addDiagnostics takes over what Terraform says, and returns the files in which
// it found errors.
func (r *Report) addDiagnostics(c *configuration, all []diagnostic) (refused []string) {
	for _, d := range all {
		p := Problem{URN: c.name, Address: d.Address, Text: d.text()}
		file := d.Range.Filename
		if file == "" && d.Address != "" {
			file = d.Address + ".tf.json"
		}
		if of := c.byFile[file]; of != nil {
			p.URN, p.Address = of.urn, of.address()
		}
		if d.Severity != "error" {
			r.Warnings = append(r.Warnings, p)
			continue
		}
		r.Problems = append(r.Problems, p)
		if !slices.Contains(refused, file) {
			refused = append(refused, file)
		}
	}
	return refused
}

func (r *Report) sort() { sortProblems(&r.Problems, &r.Warnings) }

func sortProblems(lists ...*[]Problem) {
	order := func(a, b Problem) int { return cmp.Or(cmp.Compare(a.URN, b.URN), cmp.Compare(a.Text, b.Text)) }
	for _, list := range lists {
		slices.SortFunc(*list, order)
		*list = slices.Compact(*list)
	}
}
