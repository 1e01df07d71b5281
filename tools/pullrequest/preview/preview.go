// Package preview reads what a Pulumi preview would do from the engine events
// that the CLI logs with --event-log.
package preview

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
)

// An Op is what happens to a resource.
type Op string

// The operations, the gravest first.
const (
	Delete  Op = "delete"
	Replace Op = "replace"
	Update  Op = "update"
	Create  Op = "create"
	Import  Op = "import"
	Refresh Op = "refresh" // the state only: the cloud differs from it
	Same    Op = "same"
)

// Ops are all operations but Same, the gravest first.
var Ops = []Op{Delete, Replace, Update, Create, Import, Refresh}

// A Preview is what an update of one stack would do.
type Preview struct {
	// Stack is the stack's name.
	Stack string
	// Complete is false where the preview ended before it had looked at the
	// whole stack. What it lists is then only a part.
	Complete bool
	// Failed says that the preview ended in an error: one of Errors, or a
	// mandatory policy that is violated.
	Failed bool
	// Changes are the resources that do not stay as they are, the gravest
	// first, then by URN. Components are left out, their children are not.
	Changes []Change
	// Unchanged is the number of resources that stay as they are.
	Unchanged int
	// Outputs are the names of the stack's outputs that change, in order.
	Outputs []string
	// Violations are what the policy packs found, the gravest first.
	Violations []Violation
	// Packs are the policy packs that ran, with their versions.
	Packs []string
	// Errors are the messages of the program, the engine and the providers.
	Errors []string
}

// A Change is what happens to one resource.
type Change struct {
	Op  Op
	URN urn.URN
	// Protected says that the state protects the resource from deletion.
	Protected bool
	// Retained says that the cloud keeps the resource when the stack lets go
	// of it.
	Retained bool
	// Properties are what differs, by path.
	Properties []Property
}

// A Property is one difference in a resource.
type Property struct {
	// Path names the property, such as "spec.replicas" or "subnetIds[0]".
	Path string
	// Replaces says that the difference makes the replacement necessary.
	Replaces bool
	// Old and New are nil where there is no such value. Secrets are the text
	// "[secret]", as the engine logs them.
	Old, New any
}

// A Violation is one finding of a policy.
type Violation struct {
	// Mandatory findings make a preview fail; the others are advice.
	Mandatory bool
	Pack      string
	Policy    string
	// URN is empty where the policy is about the stack as a whole.
	URN     urn.URN
	Message string
}

// Unknown stands for a value that only the update will give.
type Unknown struct{}

// ReadFile reads the event log of a stack's preview.
func ReadFile(stack, path string) (*Preview, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	p, err := Read(stack, file)
	if err != nil {
		return nil, fmt.Errorf("reading the event log %s: %w", path, err)
	}
	return p, nil
}

// Read reads the event log of a stack's preview: one event to a line. A log
// that ends early, in the midst of an event even, gives a preview that is not
// Complete.
func Read(stack string, log io.Reader) (*Preview, error) {
	p := &Preview{Stack: stack}
	steps := map[string]*Change{}
	same := map[string]bool{}
	lines := bufio.NewReader(log)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break // what is left is an event that was cut off
		}
		if err != nil {
			return nil, err
		}
		var event apitype.EngineEvent
		if err := json.Unmarshal(line, &event); err != nil {
			return nil, fmt.Errorf("line %d is no engine event: %w", number, err)
		}
		p.add(event, steps, same)
	}
	for name := range steps {
		delete(same, name)
	}
	p.Unchanged = len(same)
	for _, change := range steps {
		p.Changes = append(p.Changes, *change)
	}
	slices.SortFunc(p.Changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(slices.Index(Ops, a.Op), slices.Index(Ops, b.Op)), cmp.Compare(a.URN, b.URN))
	})
	slices.SortStableFunc(p.Violations, func(a, b Violation) int {
		if a.Mandatory != b.Mandatory {
			return map[bool]int{true: -1, false: 1}[a.Mandatory]
		}
		return cmp.Or(cmp.Compare(a.Policy, b.Policy), cmp.Compare(a.URN, b.URN))
	})
	return p, nil
}

func (p *Preview) add(event apitype.EngineEvent, steps map[string]*Change, same map[string]bool) {
	switch {
	case event.ResourcePreEvent != nil:
		p.addStep(event.ResourcePreEvent.Metadata, steps, same)
	case event.ResOutputsEvent != nil:
		step := event.ResOutputsEvent.Metadata
		if step.Type == string(resource.RootStackType) {
			p.Outputs = changedOutputs(step)
		}
	case event.PolicyEvent != nil:
		found := event.PolicyEvent
		p.Violations = append(p.Violations, Violation{
			Mandatory: found.EnforcementLevel != string(apitype.Advisory) && found.EnforcementLevel != "warning",
			Pack:      found.PolicyPackName,
			Policy:    found.PolicyName,
			URN:       urn.URN(found.ResourceURN),
			Message:   plain(found.Message),
		})
	case event.DiagnosticEvent != nil && event.DiagnosticEvent.Severity == "error":
		p.Errors = append(p.Errors, plain(event.DiagnosticEvent.Message))
	case event.ErrorEvent != nil:
		p.Errors = append(p.Errors, plain(event.ErrorEvent.Error))
	case event.SummaryEvent != nil:
		p.Complete = event.SummaryEvent.Result == apitype.OperationResultSucceeded
		p.Failed = !p.Complete
		for pack, version := range event.SummaryEvent.PolicyPacks {
			// A local pack's key is its name, "local" and its path.
			name, _, _ := strings.Cut(pack, "|")
			p.Packs = append(p.Packs, name+" "+version)
		}
		slices.Sort(p.Packs)
	}
}

// addStep notes one step. The engine takes up to three for a replacement:
// create-replacement, replace, and delete-replaced.
func (p *Preview) addStep(step apitype.StepEventMetadata, steps map[string]*Change, same map[string]bool) {
	state := cmp.Or(step.Old, step.New)
	if state == nil || !state.Custom {
		return
	}
	op, ok := ops[step.Op]
	if !ok {
		return
	}
	if op == Same {
		same[step.URN] = true
		return
	}
	change := steps[step.URN]
	if change == nil {
		change = &Change{Op: op, URN: urn.URN(step.URN)}
		steps[step.URN] = change
	}
	if slices.Index(Ops, op) < slices.Index(Ops, change.Op) && change.Op != Replace {
		change.Op = op
	}
	if step.Old != nil {
		change.Protected = change.Protected || step.Old.Protect
		change.Retained = change.Retained || step.Old.RetainOnDelete
	}
	if len(change.Properties) == 0 && step.Old != nil && step.New != nil {
		change.Properties = properties(step)
	}
}

// ops are the engine's steps by what they mean to the resource.
var ops = map[apitype.OpType]Op{
	apitype.OpSame:              Same,
	apitype.OpCreate:            Create,
	apitype.OpUpdate:            Update,
	apitype.OpDelete:            Delete,
	apitype.OpReplace:           Replace,
	apitype.OpCreateReplacement: Replace,
	apitype.OpDeleteReplaced:    Replace,
	apitype.OpReadReplacement:   Replace,
	apitype.OpImportReplacement: Replace,
	apitype.OpImport:            Import,
	apitype.OpRefresh:           Refresh,
}

// properties are the differences that a step names.
func properties(step apitype.StepEventMetadata) []Property {
	var all []Property
	if len(step.DetailedDiff) > 0 {
		for path, diff := range step.DetailedDiff {
			all = append(all, Property{Path: path, Replaces: strings.HasSuffix(string(diff.Kind), "-replace")})
		}
	} else {
		keys := slices.Concat(step.Diffs, step.Keys)
		slices.Sort(keys)
		for _, key := range slices.Compact(keys) {
			all = append(all, Property{Path: key, Replaces: slices.Contains(step.Keys, key)})
		}
	}
	for i := range all {
		property := &all[i]
		property.Old = cmp.Or(at(step.Old.Inputs, property.Path), at(step.Old.Outputs, property.Path))
		property.New = at(step.New.Inputs, property.Path)
		if text, ok := property.New.(string); ok && text == plugin.UnknownStringValue {
			property.New = Unknown{}
		}
	}
	slices.SortFunc(all, func(a, b Property) int { return cmp.Compare(a.Path, b.Path) })
	return all
}

// changedOutputs are the names of the outputs that a stack's own step changes.
// One that is not known yet counts as changed.
func changedOutputs(step apitype.StepEventMetadata) []string {
	var before, after map[string]any
	if step.Old != nil {
		before = step.Old.Outputs
	}
	if step.New != nil {
		after = step.New.Outputs
	}
	names := slices.Concat(slices.Collect(maps.Keys(before)), slices.Collect(maps.Keys(after)))
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool {
		return reflect.DeepEqual(before[name], after[name])
	})
}

// at is the value at a path, nil where there is none.
func at(values map[string]any, path string) any {
	steps, err := resource.ParsePropertyPath(path)
	if err != nil {
		return nil
	}
	var value any = values
	for _, step := range steps {
		switch container := value.(type) {
		case map[string]any:
			key, _ := step.(string)
			value = container[key]
		case []any:
			index, ok := step.(int)
			if !ok || index < 0 || index >= len(container) {
				return nil
			}
			value = container[index]
		default:
			return nil
		}
	}
	return value
}

// plain takes the engine's colour directives out of a message.
func plain(message string) string {
	return strings.TrimSpace(colors.Never.Colorize(message))
}
