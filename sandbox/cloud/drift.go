package cloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
)

// Drift is a change of something in the clouds behind a program's back. What it
// leaves open is chosen at random.
type Drift struct {
	// Stack, URN, Type and Name are what the resource must have; empty fits
	// all. Type may be a type token or its last part, Name is the one that the
	// program gives it.
	Stack, URN, Type, Name string
	// Delete deletes the resource. Otherwise one of its inputs is changed.
	Delete bool
	// Property is the path of the input, Value what it becomes, as JSON;
	// null takes it away.
	Property, Value string
	// Seed decides what is chosen: the same in the same clouds.
	Seed uint64
}

// Drifted is what has become of a Drift.
type Drifted struct {
	Resource *Resource
	// Deleted says that it is gone. Otherwise Property went From to To, each nil
	// where there was none.
	Deleted  bool
	Property string
	From, To any
	secret   bool
}

func (d Drifted) String() string {
	r := d.Resource
	what := fmt.Sprintf("%s %s (%s)", r.Type, r.ID, r.URN)
	if d.Deleted {
		return "deleted " + what
	}
	if d.secret {
		return fmt.Sprintf("changed %s of %s, which is secret", d.Property, what)
	}
	show := func(v any) string {
		if v == nil {
			return "nothing"
		}
		text, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		return string(text)
	}
	return fmt.Sprintf("changed %s of %s from %s to %s", d.Property, what, show(d.From), show(d.To))
}

// Drift makes the change. The cloud's own rules hold: what is in use is not
// deleted, and a property that makes another resource does not change. Where
// something is left open, what the rules allow is taken. Errors say what was
// refused.
func (c *Cloud) Drift(d Drift) (Drifted, error) {
	var value any
	if d.Value != "" {
		if d.Property == "" {
			return Drifted{}, fmt.Errorf("a value is given, %s, but no property: give its path", d.Value)
		}
		if err := json.Unmarshal([]byte(d.Value), &value); err != nil {
			return Drifted{}, fmt.Errorf("the value %s is not JSON (a text is in quotes): %w", d.Value, err)
		}
	}
	if d.Delete && d.Property != "" {
		return Drifted{}, fmt.Errorf("property %s is given, but the resource is to be deleted: choose one", d.Property)
	}
	fits, err := c.Resources(d.fits)
	if err != nil {
		return Drifted{}, err
	}
	if len(fits) == 0 {
		return Drifted{}, errors.New("nothing in the clouds fits: " + strings.TrimSpace(strings.Join([]string{d.Stack, d.URN, d.Type, d.Name}, " ")))
	}
	rng := rand.New(rand.NewPCG(d.Seed, 0))
	rng.Shuffle(len(fits), func(i, j int) { fits[i], fits[j] = fits[j], fits[i] })
	var refused error
	for _, r := range fits {
		var done Drifted
		switch {
		case d.Delete:
			done, err = Drifted{Resource: r, Deleted: true}, c.Delete(r)
		case d.Value != "":
			done, err = c.drift(r, d.Property, value)
		default:
			done, err = c.driftSomewhere(r, d.Property, rng)
		}
		if err == nil {
			return done, nil
		}
		refused = fmt.Errorf("%s %s: %w", r.Type, r.ID, err)
	}
	return Drifted{}, refused
}

func (d Drift) fits(r *Resource) bool {
	parts := strings.Split(r.URN, "::")
	return (d.Stack == "" || strings.HasPrefix(r.URN, "urn:pulumi:"+d.Stack+"::")) &&
		(d.URN == "" || r.URN == d.URN) &&
		(d.Type == "" || r.Type == d.Type || strings.HasSuffix(r.Type, ":"+d.Type)) &&
		(d.Name == "" || parts[len(parts)-1] == d.Name)
}

// drift changes one input.
func (c *Cloud) drift(r *Resource, path string, value any) (Drifted, error) {
	from := at(r.Inputs, path)
	if reflect.DeepEqual(from, value) {
		return Drifted{}, fmt.Errorf("%s has this value already", path)
	}
	top := steps(path)[0].name
	f := c.facts.Resources[r.Type]
	d := Drifted{
		Resource: r, Property: path, From: from, To: value,
		secret: r.Type == typeK8sSecret || f != nil && slices.Contains(f.Secret, top),
	}
	return d, c.Change(r, path, value)
}

// driftSomewhere changes the input at path, or else any that can be, to another
// value of its type.
func (c *Cloud) driftSomewhere(r *Resource, path string, rng *rand.Rand) (Drifted, error) {
	inputs := leaves(r.Inputs)
	if f := c.facts.Resources[r.Type]; f != nil && f.Inputs["tags"].Type != "" {
		inputs = append(inputs, leaf{"tags.drifted", ""})
	}
	rng.Shuffle(len(inputs), func(i, j int) { inputs[i], inputs[j] = inputs[j], inputs[i] })
	refused := fmt.Errorf("nothing in it can be changed at random: give a property and a value")
	for _, l := range inputs {
		if path != "" && l.path != path || path == "" && under(l.path, "tagsAll") {
			continue
		}
		value, ok := another(l, path != "")
		if !ok {
			continue
		}
		done, err := c.drift(r, l.path, value)
		if err == nil {
			return done, nil
		}
		refused = err
	}
	return Drifted{}, refused
}

// another is another value of the same type. A text that is no free text, as a
// tag is, may mean anything, and is changed only where that is asked for.
func another(l leaf, asked bool) (any, bool) {
	switch v := l.value.(type) {
	case bool:
		return !v, true
	case float64:
		return v + 1, true
	case string:
		for _, free := range []string{"tags", "description", "comment", "data", "metadata.labels", "metadata.annotations"} {
			asked = asked || under(l.path, free)
		}
		return strings.TrimPrefix(v+"-drifted", "-"), asked
	}
	return nil, false
}
