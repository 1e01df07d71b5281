package cloud

import (
	"context"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
)

// A Verdict is what the simulated AWS says of inputs. At most one of its errors
// is set; both nil means that they would be taken.
type Verdict struct {
	// Checked is the refusal of Check, which knows the inputs alone.
	Checked error
	// Made is the refusal of the service, which knows all there is.
	Made error
}

// errUndone ends a transaction that is not to stay.
var errUndone = errors.New("undone")

// Judge says what the simulated AWS would say if a resource that exists were
// given other inputs. Nothing changes.
func (c *Cloud) Judge(r *Resource, inputs map[string]any) (Verdict, error) {
	p := &modelled{base: base{c: c, pkg: r.Scope.Package}, scope: r.Scope}
	if r.Scope.Region == Global {
		p.scope.Region = globalControl
	}
	m, f, err := p.of(r.Type)
	if err != nil {
		return Verdict{}, err
	}
	news := engine(inputs)
	for name, property := range f.Inputs {
		// Of a file, the cloud has the hash alone.
		k := resource.PropertyKey(name)
		if v, ok := news[k]; ok && v.IsString() && (property.Type == "asset" || property.Type == "archive") {
			news[k] = resource.NewProperty(&resource.Archive{Sig: resource.ArchiveSig, Hash: v.StringValue()})
		}
	}
	checked, err := p.Check(context.Background(), plugin.CheckRequest{
		URN: urn.URN(r.URN), Type: resource.URN(r.URN).Type(), News: news, RandomSeed: make([]byte, 32),
	})
	if err != nil {
		return Verdict{}, err
	}
	if len(checked.Failures) > 0 {
		f := checked.Failures[0]
		return Verdict{Checked: fmt.Errorf("%s: %s", f.Property, f.Reason)}, nil
	}
	err = c.update(func(t *tx) error {
		o := &op{
			tx: t, m: m, urn: r.URN, scope: r.Scope, region: p.scope.Region,
			id: r.ID, in: plain(checked.Properties), out: map[string]any{}, tmp: map[string]any{}, old: r,
		}
		if err := o.apply(f); err != nil {
			return err
		}
		return errUndone
	})
	if errors.Is(err, errUndone) {
		err = nil
	}
	return Verdict{Made: err}, nil
}

// AutonamedInput is the input of a type that gets a name of its own where the
// program gives none, "" if there is none.
func AutonamedInput(typ string) string {
	if m := models[typ]; m != nil {
		return m.auto().prop
	}
	return ""
}
