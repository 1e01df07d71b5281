package picture

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// State is the exported state of one stack.
type State struct {
	stack     string
	region    string // the AWS region that most of it is in
	home      string // the stack that it refers to, "" in home itself
	resources []*apitype.ResourceV3
	byURN     map[resource.URN]*apitype.ResourceV3
	regions   map[resource.URN]string // of the AWS providers
}

const (
	awsProvider    = "pulumi:providers:aws"
	stackReference = "pulumi:pulumi:StackReference"
)

// ReadState reads what `pulumi stack export` writes.
func ReadState(export []byte) (*State, error) {
	var outer apitype.UntypedDeployment
	if err := json.Unmarshal(export, &outer); err != nil {
		return nil, fmt.Errorf("reading an exported state: %w", err)
	}
	if outer.Version < 3 || len(outer.Deployment) == 0 {
		return nil, errors.New("reading an exported state: it has no deployment of version 3 or later; give what `pulumi stack export` writes")
	}
	var deployment apitype.DeploymentV3
	if err := json.Unmarshal(outer.Deployment, &deployment); err != nil {
		return nil, fmt.Errorf("reading an exported state: %w", err)
	}
	s := &State{byURN: map[resource.URN]*apitype.ResourceV3{}, regions: map[resource.URN]string{}}
	for i := range deployment.Resources {
		r := &deployment.Resources[i]
		if r.Delete { // what a replacement has left to be deleted
			continue
		}
		s.resources = append(s.resources, r)
		s.byURN[r.URN] = r
		switch r.Type {
		case awsProvider:
			s.regions[r.URN], _ = r.Inputs["region"].(string)
		case stackReference:
			name, _ := r.Inputs["name"].(string)
			s.home = name[strings.LastIndex(name, "/")+1:]
		}
	}
	if len(s.resources) == 0 {
		return nil, errors.New("an exported state has no resources: bring the stack up first")
	}
	s.stack = string(s.resources[0].URN.Stack())
	return s, s.findRegion()
}

// findRegion settles the stack's own region: the one that most of its resources
// are made in.
func (s *State) findRegion() error {
	count := map[string]int{}
	for _, r := range s.resources {
		region := s.regions[providerOf(r)]
		if region == "" {
			continue
		}
		count[region]++
		if n, most := count[region], count[s.region]; n > most || n == most && region < s.region {
			s.region = region
		}
	}
	if s.region == "" {
		return fmt.Errorf("the state of stack %q has no resource of an AWS provider with a region", s.stack)
	}
	return nil
}

// providerOf returns the URN in a resource's reference to its provider, which is
// followed by the provider's id.
func providerOf(r *apitype.ResourceV3) resource.URN {
	if i := strings.LastIndex(r.Provider, "::"); i > 0 {
		return resource.URN(r.Provider[:i])
	}
	return ""
}

// regionOf is where a resource is: what is not of AWS is with the stack.
func (s *State) regionOf(r *apitype.ResourceV3) string {
	if region := s.regions[providerOf(r)]; region != "" {
		return region
	}
	return s.region
}

// componentOf returns the platform's component that a resource belongs to, the
// outermost where components contain others, or nil.
func (s *State) componentOf(r *apitype.ResourceV3) *apitype.ResourceV3 {
	var found *apitype.ResourceV3
	for ; r != nil; r = s.byURN[r.Parent] {
		if strings.HasPrefix(string(r.Type), "tandem:index:") {
			found = r
		}
	}
	return found
}

// neededBy returns the resources of the same stack that a resource needs: what
// its inputs come from, what it waits for, and its provider.
func (s *State) neededBy(r *apitype.ResourceV3) []*apitype.ResourceV3 {
	urns := append([]resource.URN{providerOf(r)}, r.Dependencies...)
	for _, property := range r.PropertyDependencies {
		urns = append(urns, property...)
	}
	var needed []*apitype.ResourceV3
	for _, urn := range urns {
		if n, ok := s.byURN[urn]; ok {
			needed = append(needed, n)
		}
	}
	return needed
}

// identities are the values by which others refer to resources of AWS: ids, ARNs
// and names. Where several resources share one, such as a bucket and its
// settings, it stands for the first that was made.
func (s *State) identities() map[string]*apitype.ResourceV3 {
	found := map[string]*apitype.ResourceV3{}
	for _, r := range s.resources {
		if !r.Custom || s.regions[providerOf(r)] == "" {
			continue
		}
		arn, _ := r.Outputs["arn"].(string)
		name, _ := r.Outputs["name"].(string)
		for _, value := range []string{string(r.ID), arn, name} {
			if _, taken := found[value]; value != "" && !taken {
				found[value] = r
			}
		}
	}
	return found
}

// own are the values that mean a resource of this stack, whatever they mean in
// another: its identities, and what their ids are made of. All replicas of a
// table share its name, and a replica's id has it as a part.
func (s *State) own() map[string]bool {
	found := map[string]bool{}
	for value := range s.identities() {
		found[value] = true
		if strings.HasPrefix(value, "arn:") {
			continue
		}
		for _, part := range strings.FieldsFunc(value, func(c rune) bool { return c == ':' || c == '/' || c == ',' }) {
			found[part] = true
		}
	}
	return found
}

// texts calls fn for every text within a resource's inputs. Tags are left out:
// they name things and refer to nothing.
func texts(inputs map[string]any, fn func(string)) {
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			fn(v)
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	for property, value := range inputs {
		if property != "tags" && property != "tagsAll" {
			walk(value)
		}
	}
}
