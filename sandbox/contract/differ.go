package contract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
	"github.com/tandem-platform/tandem/sandbox/terraform"
)

// Difference is a change of a resource's inputs of which the provider and the
// simulated AWS do not say the same.
type Difference struct {
	Type string
	// Change is what was done to the inputs, such as vpcId: left out.
	Change string
	// Provider is what the provider says against it, empty where it takes it.
	// Simulation is what the simulated AWS says, empty where it takes it.
	Provider, Simulation string
}

// Differences is what Differ has found.
type Differences struct {
	// Tried is how many changes were tried of each type.
	Tried map[string]int
	// Refused is how many changes the provider refused.
	Refused int
	// Missed are those that the provider refuses and the simulated AWS takes.
	Missed []Difference
	// Invented are those that the provider takes and that the simulated AWS
	// refuses for their own sake. What AWS itself refuses, such as what does
	// not exist, is not among them.
	Invented []Difference
	// Unasked are types whose inputs the provider refuses as they are, with
	// what it says.
	Unasked map[string]string
	// Refusals are the refused changes by type, as an example for each.
	Refusals map[string]Difference
}

// Differ changes the inputs of what a simulated AWS holds, one value at a time,
// and compares what the real provider says with what the simulated AWS says. It
// looks at one resource of each type, that with the most inputs.
func Differ(ctx context.Context, c *cloud.Cloud) (result *Differences, err error) {
	known, err := facts.Load()
	if err != nil {
		return nil, err
	}
	all, err := c.Resources(func(r *cloud.Resource) bool { return r.Scope.Package == "aws" })
	if err != nil {
		return nil, err
	}
	p, err := terraform.Start()
	if err != nil {
		return nil, err
	}
	defer func() {
		if closing := p.Close(); err == nil {
			err = closing
		}
	}()
	if err := p.Configure(); err != nil {
		return nil, err
	}
	chosen := map[string]*cloud.Resource{}
	for _, r := range all {
		if have := chosen[r.Type]; have == nil || size(r.Inputs) > size(have.Inputs) {
			chosen[r.Type] = r
		}
	}
	result = &Differences{Tried: map[string]int{}, Unasked: map[string]string{}, Refusals: map[string]Difference{}}
	for _, typ := range slices.Sorted(maps.Keys(chosen)) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d := &differ{c: c, p: p, facts: known, res: known.Resources[typ], r: chosen[typ], result: result}
		if err := d.run(); err != nil {
			return nil, fmt.Errorf("%s: %w", typ, err)
		}
	}
	return result, nil
}

// size is how many values there are.
func size(v any) int {
	n := 1
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			n += size(e)
		}
	case []any:
		for _, e := range v {
			n += size(e)
		}
	}
	return n
}

type differ struct {
	c      *cloud.Cloud
	p      *terraform.Provider
	facts  *facts.Facts
	res    *facts.Resource
	r      *cloud.Resource
	result *Differences
}

func (d *differ) run() error {
	inputs := cloned(d.r.Inputs).(map[string]any)
	// These are not the program's own.
	delete(inputs, "tagsAll")
	for name, value := range d.res.Defaults {
		if fmt.Sprint(inputs[name]) == fmt.Sprint(value) {
			delete(inputs, name)
		}
	}
	says, err := d.provider(inputs)
	if errors.Is(err, errNoAnswer) {
		says, err = err.Error(), nil
	}
	if err != nil {
		return err
	}
	if says != "" {
		d.result.Unasked[d.r.Type] = says
		return nil
	}
	for _, change := range changes("", d.res.Inputs, inputs, d.facts) {
		mutated := cloned(inputs).(map[string]any)
		change.apply(mutated)
		if err := d.compare(change.text, mutated); err != nil {
			return err
		}
	}
	return nil
}

func (d *differ) compare(change string, inputs map[string]any) error {
	d.result.Tried[d.r.Type]++
	says, err := d.provider(inputs)
	if errors.Is(err, errNoAnswer) {
		return nil // there is nothing to compare
	}
	if err != nil {
		return err
	}
	verdict, err := d.c.Judge(d.r, inputs)
	if err != nil {
		return err
	}
	diff := Difference{Type: d.r.Type, Change: change, Provider: says}
	switch {
	case verdict.Checked != nil:
		diff.Simulation = verdict.Checked.Error()
	case verdict.Made != nil:
		diff.Simulation = verdict.Made.Error()
	}
	if strings.Contains(says, "Can't configure a value") || change == d.autoname()+": left out" {
		return nil // Pulumi has no such input, or fills it in
	}
	if says != "" {
		d.result.Refused++
		if diff.Simulation == "" {
			d.result.Missed = append(d.result.Missed, diff)
		} else if d.result.Refusals[d.r.Type].Type == "" {
			d.result.Refusals[d.r.Type] = diff
		}
	} else if verdict.Checked != nil && !strings.HasSuffix(change, "a list of 300") { // of equal elements, a set holds one
		d.result.Invented = append(d.result.Invented, diff)
	}
	return nil
}

// autoname is the input that Pulumi makes a name for.
func (d *differ) autoname() string { return cloud.AutonamedInput(d.r.Type) }

// errNoAnswer says that the provider did not answer in time. A plan may want to
// look something up in AWS, and never get it.
var errNoAnswer = errors.New("the provider did not answer")

// provider is the first thing that the provider says against inputs.
func (d *differ) provider(inputs map[string]any) (string, error) {
	schema := d.p.Schemas[d.res.Terraform]
	t := &translator{tok: d.r.Type, facts: d.facts, into: d.res.Terraform}
	body := t.block("", schema, d.res.Outputs, inputs)
	if len(t.problems) > 0 {
		return t.problems[0], nil
	}
	config, err := schema.Value(body)
	if err != nil {
		return err.Error(), nil //nolint:nilerr // Terraform itself refuses a value of the wrong type
	}
	refusals, err := d.p.Validate(d.res.Terraform, config)
	if err != nil {
		return "", fmt.Errorf("%w: %w", errNoAnswer, err)
	}
	for _, r := range refusals {
		return strings.Join(strings.Fields(r.Text), " "), nil
	}
	proposed := schema.Proposed(config)
	if _, _, err := d.p.Plan(d.res.Terraform, cty.NullVal(schema.ImpliedType()), proposed, config); status.Code(err) == codes.DeadlineExceeded || status.Code(err) == codes.Canceled {
		return "", fmt.Errorf("%w: %w", errNoAnswer, err)
	} else if err != nil {
		return strings.Join(strings.Fields(err.Error()), " "), nil
	}
	return "", nil
}

// Err is nil unless the simulated AWS refuses without cause. What it misses is no
// error: the provider knows rules that no fact can hold.
func (d *Differences) Err() error {
	if len(d.Invented) == 0 {
		return nil
	}
	return fmt.Errorf("the simulated AWS refuses %d inputs that the AWS provider takes", len(d.Invented))
}

// Write writes the differences for a reader.
func (d *Differences) Write(w io.Writer) error {
	var b strings.Builder
	total := 0
	for _, n := range d.Tried {
		total += n
	}
	fmt.Fprintf(&b, "%d changes to the inputs of %d types; the provider refuses %d of them\n", total, len(d.Tried), d.Refused)
	for _, part := range []struct {
		title string
		all   []Difference
	}{
		{"refused by the provider, taken by the simulated AWS", d.Missed},
		{"refused by the simulated AWS, taken by the provider", d.Invented},
	} {
		fmt.Fprintf(&b, "\n%s: %d\n", part.title, len(part.all))
		for _, one := range part.all {
			fmt.Fprintf(&b, "  %s: %s\n    %s\n", one.Type, one.Change, one.Provider+one.Simulation)
		}
	}
	for _, typ := range slices.Sorted(maps.Keys(d.Unasked)) {
		fmt.Fprintf(&b, "\nnot asked about %s: %s\n", typ, d.Unasked[typ])
	}
	_, err := io.WriteString(w, b.String())
	return err
}
