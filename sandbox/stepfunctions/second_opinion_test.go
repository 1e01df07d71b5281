package stepfunctions

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/internal/npmtest"
)

// outcome is what aws-local-stepfunctions says of a case.
type outcome struct {
	Status, Error, Message string
	Output                 any
	Path                   []string
}

// secondOpinion runs cases through aws-local-stepfunctions, where there is a
// Node.js.
func secondOpinion(t *testing.T, all any) []outcome {
	t.Helper()
	dir := npmtest.Install(t, "../../tools/aws-local-stepfunctions")
	in, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "node", "run.js")
	cmd.Dir, cmd.Stdin, cmd.Stderr = dir, bytes.NewReader(in), &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node run.js: %v\n%s", err, said.String())
	}
	var outcomes []outcome
	if err := json.Unmarshal(out, &outcomes); err != nil {
		t.Fatal(err)
	}
	return outcomes
}

// question is a case as run.js takes it.
type question struct {
	Name       string          `json:"name"`
	Definition json.RawMessage `json:"definition"`
	Input      any             `json:"input"`
	Context    any             `json:"context,omitempty"`
	Answers    answers         `json:"answers"`
}

// same compares an execution with what the other says. The order of states in
// branches is left open.
func same(t *testing.T, name string, x *Execution, o outcome) {
	t.Helper()
	if o.Status != string(x.Status) {
		t.Errorf("%s: %s here (%v), %s there (%s %s)", name, x.Status, x.Failure, o.Status, o.Error, o.Message)
		return
	}
	if x.Failure != nil && x.Failure.Error != o.Error {
		t.Errorf("%s: fails with %s here, with %s there", name, x.Failure.Error, o.Error)
	}
	if x.Failure == nil && !reflect.DeepEqual(x.Output, o.Output) {
		t.Errorf("%s: gives\n%s here,\n%s there", name, brief(x.Output), brief(o.Output))
	}
	here, there := x.Path(), o.Path
	slices.Sort(here)
	slices.Sort(there)
	if !slices.Equal(here, there) {
		t.Errorf("%s: goes\n%s here,\n%s there", name, strings.Join(here, " "), strings.Join(there, " "))
	}
}

func TestTheSameDefinitionsGoTheSameWayElsewhere(t *testing.T) {
	var all []question
	var here []*Execution
	for _, c := range cases {
		if c.alone == "" {
			x, _ := run(t, c.definition, c.input, c.answers)
			all, here = append(all, question{Name: c.name, Definition: json.RawMessage(c.definition), Input: value(t, c.input), Answers: c.answers}), append(here, x)
		}
	}
	for i, o := range secondOpinion(t, all) {
		same(t, all[i].Name, here[i], o)
	}
}
