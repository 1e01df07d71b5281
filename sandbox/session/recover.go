package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/tandem-platform/tandem/sandbox/cloud"
)

// Recover brings the states and the clouds together again after an update that
// was killed or whose provider has crashed, as an operator does:
//
//   - A state lists the creations whose end was not seen. Each is looked up in
//     the clouds, by its type and inputs among what is in no state. Pulumi's own
//     `refresh --import-pending-creates` forgets the resource (CLI 3.259), so one
//     that is found is put into the state with its id, with `pulumi stack export`
//     and `import`; the others are cleared.
//   - `pulumi refresh` then reads what else was left half done.
//   - What is in the clouds but in no state is an orphan: something made whose id
//     no state came to know, or something that a program let go of and retained.
//     Pulumi cannot tell them apart, nor find them; in a real account, the
//     platform's tags do. Orphans are deleted only where deleteOrphans says so.
//
// It returns the orphans that are left, with an error if there are any.
func (s *Session) Recover(ctx context.Context, deleteOrphans bool, names ...string) ([]*cloud.Resource, error) {
	chosen, err := s.choose(names)
	if err != nil {
		return nil, err
	}
	if err := s.eachStack(ctx, chosen, s.recoverStack); err != nil {
		return nil, err
	}
	orphans, err := s.Orphans(ctx)
	if err != nil || len(orphans) == 0 {
		return nil, err
	}
	if deleteOrphans {
		return s.DeleteOrphans(orphans)
	}
	for _, r := range orphans {
		s.say.line("in no state: %s", describe(r))
	}
	return orphans, errors.New("there are orphans: delete those that were not retained on purpose (recover --delete-orphans deletes all), or import them")
}

func describe(r *cloud.Resource) string {
	where := r.Scope.Region
	if where == "" {
		where = strings.TrimSuffix(r.Scope.Package+" "+r.Scope.Account, " ")
	}
	return fmt.Sprintf("%s %s in %s, made by %s", r.Type, r.ID, where, r.URN)
}

// recoverStack settles what a stack's state says is pending, and refreshes it.
func (s *Session) recoverStack(ctx context.Context, name string) error {
	open, err := s.readState(ctx, name, true)
	if err != nil {
		return err
	}
	if len(open.pending) > 0 {
		if err := s.settle(ctx, name, open); err != nil {
			return err
		}
	}
	return s.pulumi(ctx, name, "refresh", "--yes", "--skip-preview")
}

// settle takes the pending operations out of a stack's state, and puts in what
// they have made.
func (s *Session) settle(ctx context.Context, name string, open *stackState) error {
	orphans, err := s.Orphans(ctx)
	if err != nil {
		return err
	}
	made := map[string]string{} // URN to id
	for _, op := range open.pending {
		if op.Type != "creating" {
			s.say.line("%s: was %s %s: refresh tells how far that came", name, op.Type, op.Resource.URN)
			continue
		}
		r, err := s.find(op.Resource, open, orphans)
		if err != nil {
			return err
		}
		if r == nil {
			s.say.line("%s: was creating %s: it has not been made", name, op.Resource.URN)
			continue
		}
		s.say.line("%s: was creating %s: it has been made, as %s", name, op.Resource.URN, r.ID)
		made[op.Resource.URN] = r.ID
		orphans = slices.DeleteFunc(orphans, func(o *cloud.Resource) bool { return o == r })
	}
	closed, err := s.readState(ctx, name, false) // what is secret stays encrypted
	if err != nil {
		return err
	}
	closed.adopt(made)
	return s.writeState(ctx, name, closed)
}

// find looks for what a creation has made.
func (s *Session) find(r stateResource, in *stackState, among []*cloud.Resource) (*cloud.Resource, error) {
	scope, err := s.clouds.ScopeOf(in.provider(r), r.Type)
	if err != nil {
		return nil, fmt.Errorf("looking for %s: %w", r.URN, err)
	}
	inputs := revealed(r.Inputs)
	for _, o := range among {
		if o.Type == r.Type && o.Scope == scope && o.MadeOf(inputs) {
			return o, nil
		}
	}
	return nil, nil
}

// Orphans are the resources in the clouds that no stack's state has.
func (s *Session) Orphans(ctx context.Context) ([]*cloud.Resource, error) {
	known := map[string]bool{}
	for _, name := range s.initialised() {
		state, err := s.readState(ctx, name, true)
		if err != nil {
			return nil, err
		}
		for _, r := range state.resources {
			// What is to be replaced under its own name has been deleted already.
			if !r.Custom || r.ID == "" || r.PendingReplacement {
				continue
			}
			scope, err := s.clouds.ScopeOf(state.provider(r), r.Type)
			if err != nil {
				return nil, fmt.Errorf("looking for %s: %w", r.URN, err)
			}
			known[scope.Key(r.Type, r.ID)] = true
		}
	}
	return s.clouds.Resources(func(r *cloud.Resource) bool { return !known[r.Key()] })
}

// DeleteOrphans deletes as many as the clouds let go, users before the used. It
// returns those that are left, with an error that says why.
func (s *Session) DeleteOrphans(orphans []*cloud.Resource) ([]*cloud.Resource, error) {
	for {
		var left []*cloud.Resource
		var refused []error
		for _, r := range orphans {
			if err := s.clouds.Delete(r); err != nil {
				left, refused = append(left, r), append(refused, fmt.Errorf("deleting the orphan %s: %w", describe(r), err))
				continue
			}
			s.say.line("deleted what was in no state: %s", describe(r))
		}
		if len(left) == 0 || len(left) == len(orphans) {
			return left, errors.Join(refused...)
		}
		orphans = left
	}
}

// stateResource is what is needed of a resource in a state.
type stateResource struct {
	URN      string         `json:"urn"`
	Type     string         `json:"type"`
	ID       string         `json:"id"`
	Custom   bool           `json:"custom"`
	Provider string         `json:"provider"`
	Inputs   map[string]any `json:"inputs"`

	PendingReplacement bool `json:"pendingReplacement"`
}

// pendingOperation is one whose end the state did not come to know.
type pendingOperation struct {
	Resource stateResource `json:"resource"`
	Type     string        `json:"type"`
}

// stackState is a stack's state, whole and in the parts that are looked at.
type stackState struct {
	whole     map[string]any
	resources []stateResource
	pending   []pendingOperation
}

// readState exports a stack's state, with its secrets shown or as they are kept.
func (s *Session) readState(ctx context.Context, name string, show bool) (*stackState, error) {
	args := []string{"stack", "export", "--stack", name}
	if show {
		args = append(args, "--show-secrets")
	}
	text, err := output(ctx, "", s.env, s.cli, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the state of %s: %w", name, err)
	}
	var state stackState
	var parts struct {
		Deployment struct {
			Resources []stateResource    `json:"resources"`
			Pending   []pendingOperation `json:"pending_operations"`
		} `json:"deployment"`
	}
	numbers := json.NewDecoder(strings.NewReader(text))
	numbers.UseNumber() // so that they are written as they were read
	if err := errors.Join(json.Unmarshal([]byte(text), &parts), numbers.Decode(&state.whole)); err != nil {
		return nil, fmt.Errorf("reading the state of %s: %w", name, err)
	}
	state.resources, state.pending = parts.Deployment.Resources, parts.Deployment.Pending
	return &state, nil
}

// writeState is the reverse of readState.
func (s *Session) writeState(ctx context.Context, name string, state *stackState) error {
	text, err := json.Marshal(state.whole)
	if err != nil {
		return err
	}
	file := s.path("recovered.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return err
	}
	_, err = output(ctx, "", s.env, s.cli, "stack", "import", "--stack", name, "--file", file)
	return errors.Join(err, os.Remove(file))
}

// adopt clears all pending operations, and makes resources of those that have
// made something. What is already there under the same URN is what these replace:
// it goes, at the next update or because it is gone.
func (st *stackState) adopt(made map[string]string) {
	deployment, _ := st.whole["deployment"].(map[string]any)
	resources, _ := deployment["resources"].([]any)
	pending, _ := deployment["pending_operations"].([]any)
	for _, p := range pending {
		op, _ := p.(map[string]any)
		r, _ := op["resource"].(map[string]any)
		urn, _ := r["urn"].(string)
		id := made[urn]
		if id == "" {
			continue
		}
		delete(made, urn)
		resources = slices.DeleteFunc(resources, func(other any) bool {
			o, _ := other.(map[string]any)
			if o["urn"] == urn {
				o["delete"] = true
			}
			return o["urn"] == urn && o["pendingReplacement"] == true
		})
		r["id"] = id
		resources = append(resources, r)
	}
	deployment["resources"] = resources
	delete(deployment, "pending_operations")
}

// provider is the settings of the provider that a resource is under.
func (st *stackState) provider(r stateResource) map[string]any {
	urn := r.Provider[:max(0, strings.LastIndex(r.Provider, "::"))]
	for _, p := range st.resources {
		if p.URN == urn {
			plain := map[string]any{}
			for k, v := range revealed(p.Inputs) {
				if v.IsSecret() {
					v = v.SecretValue().Element
				}
				if v.IsString() {
					plain[string(k)] = v.StringValue()
				}
			}
			return plain
		}
	}
	return nil
}

// revealed are the properties of a state that was exported with its secrets
// shown.
func revealed(m map[string]any) resource.PropertyMap {
	opened, _ := open(m).(map[string]any)
	return resource.NewPropertyMapFromMap(opened)
}

// open takes values out of the envelopes in which a state keeps secrets, and
// turns assets and archives into their own types.
func open(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = open(e)
		}
		return list
	case map[string]any:
		hash, _ := v["hash"].(string)
		switch v[resource.SigKey] {
		case resource.SecretSig:
			var secret any
			if text, _ := v["plaintext"].(string); json.Unmarshal([]byte(text), &secret) == nil {
				return open(secret)
			}
			return nil
		case resource.AssetSig:
			return &resource.Asset{Sig: resource.AssetSig, Hash: hash}
		case resource.ArchiveSig:
			return &resource.Archive{Sig: resource.ArchiveSig, Hash: hash}
		}
		m := make(map[string]any, len(v))
		for k, e := range v {
			m[k] = open(e)
		}
		return m
	}
	return v
}
