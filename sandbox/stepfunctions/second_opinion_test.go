package stepfunctions

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
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
	if testing.Short() {
		t.Skip("installs a package of npm")
	}
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("there is no %s", tool)
		}
	}
	dir := t.TempDir()
	const from = "../../tools/aws-local-stepfunctions"
	for _, name := range []string{"package.json", "package-lock.json", "run.js"} {
		text, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	do := func(in []byte, name string, args ...string) []byte {
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Dir, cmd.Stdin = dir, bytes.NewReader(in)
		var errors bytes.Buffer
		cmd.Stderr = &errors
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, errors.String())
		}
		return out
	}
	do(nil, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	in, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	var outcomes []outcome
	if err := json.Unmarshal(do(in, "node", "run.js"), &outcomes); err != nil {
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
