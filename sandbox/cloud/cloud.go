// Package cloud simulates the clouds that Tandem runs on: AWS, Kubernetes on
// EKS, Datadog and the random provider, behind Pulumi's own provider protocol.
//
// The real engine talks to it through PULUMI_DEBUG_PROVIDERS, with the real
// program and the real pulumi-eks component. It is a test double that is meant
// to be hard to fool: it knows the resource types in its tables and refuses any
// other by name; it checks properties against facts that are generated from the
// providers (package facts); and it keeps referential integrity as the clouds
// do. What it holds is kept in one bbolt file, and every operation is one
// transaction, so the file is whole after a crash at any point.
//
// A type is one row in a table: see models.go.
package cloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
)

// DefaultAccount is the AWS account that the simulated AWS belongs to unless
// WithAccount says otherwise. It is the account of AWS's own documentation.
const DefaultAccount = "123456789012"

// Cloud is an open store of simulated clouds. It is safe for concurrent use.
type Cloud struct {
	db      *bbolt.DB
	facts   *facts.Facts
	account string
	faults  []Fault
	crashed atomic.Bool // a fault has ended a provider
	now     func() time.Time
}

// Option changes how a Cloud behaves.
type Option func(*Cloud)

// WithAccount sets the AWS account number, 12 digits. The default is
// DefaultAccount.
func WithAccount(id string) Option { return func(c *Cloud) { c.account = id } }

// WithFaults puts faults between the providers and the clouds.
func WithFaults(f ...Fault) Option { return func(c *Cloud) { c.faults = append(c.faults, f...) } }

// lockWait is how long Open waits for another process to let go of the file.
const lockWait = 2 * time.Second

// Open opens the store at path, and makes it if there is none. Its folder must
// exist. A second process that opens the same store is told so.
func Open(path string, opts ...Option) (*Cloud, error) {
	f, err := facts.Load()
	if err != nil {
		return nil, err
	}
	c := &Cloud{facts: f, account: DefaultAccount, now: time.Now}
	for _, o := range opts {
		o(c)
	}
	if !accountForm.MatchString(c.account) {
		return nil, fmt.Errorf("account %q is not an AWS account number: give 12 digits", c.account)
	}
	// Secrets that a program hands to a service rest in this file, as they
	// would rest in that service, so no other user may read it.
	c.db, err = bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, fmt.Errorf("opening %s: another process holds the simulated clouds: let it finish, or choose another folder", path)
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("opening %s: make the folder %s first: %w", path, filepath.Dir(path), err)
	case err != nil:
		return nil, fmt.Errorf("opening the simulated clouds: %w", err)
	}
	return c, nil
}

// Close closes the store.
func (c *Cloud) Close() error { return c.db.Close() }

// Snapshot writes a copy of the store as it is now.
func (c *Cloud) Snapshot(path string) error {
	return c.db.View(func(b *bbolt.Tx) error { return b.CopyFile(path, 0o600) })
}

// Resource is one thing that exists in the simulated clouds.
type Resource struct {
	// Type is the Pulumi type token, and ID the id that Pulumi knows.
	Type string `json:"type"`
	ID   string `json:"id"`
	// URN is the resource that made it.
	URN string `json:"urn"`
	// Scope is where it lives.
	Scope Scope `json:"scope"`
	// Inputs are what the program asked for, Outputs all that is so.
	// Secrets are in the clear here, as in the service that holds them.
	Inputs  map[string]any `json:"inputs"`
	Outputs map[string]any `json:"outputs"`
	// Refs are the keys of the resources that its inputs name.
	Refs []Ref `json:"refs,omitempty"`
}

// Ref is a reference of one resource to another.
type Ref struct {
	// Path is the input that holds it.
	Path string `json:"path"`
	// Type, ID and Scope are the resource that it names.
	Type  string `json:"type"`
	ID    string `json:"id"`
	Scope Scope  `json:"scope"`
}

// Scope is where a resource lives and where its name must be unique.
type Scope struct {
	// Package is aws, kubernetes, datadog or random.
	Package string `json:"package"`
	// Account is the AWS account; for Kubernetes, the ARN of the cluster.
	Account string `json:"account,omitempty"`
	// Region is the AWS region, Global for services that have one control
	// plane, empty outside AWS.
	Region string `json:"region,omitempty"`
}

// Global is the region of resources that exist once for all regions.
const Global = "global"

// Resources returns what exists, in the order of scope, type and id, as far as
// keep says so; a nil keep keeps all.
func (c *Cloud) Resources(keep func(*Resource) bool) ([]*Resource, error) {
	var all []*Resource
	err := c.view(func(t *tx) error {
		return t.each(func(r *Resource) error {
			if keep == nil || keep(r) {
				all = append(all, r)
			}
			return nil
		})
	})
	return all, err
}

// Lookup returns the resource of the given type and id in any scope, nil if
// there is none.
func (c *Cloud) Lookup(typ, id string) (*Resource, error) {
	all, err := c.Resources(func(r *Resource) bool { return r.Type == typ && r.ID == id })
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// At returns the output at a path such as vpcConfig.subnetIds[0], nil if there
// is none.
func (r *Resource) At(path string) any { return at(r.Outputs, path) }

// Text returns the output at a path if it is text, else "".
func (r *Resource) Text(path string) string { return text(r.Outputs, path) }

// Texts returns the outputs at a path without indexes: the text in every list
// element on the way.
func (r *Resource) Texts(path string) []string { return texts(r.Outputs, path) }

// text is the string at a path of nested values, "" if there is none.
func text(v map[string]any, path string) string {
	s, _ := at(v, path).(string)
	return s
}

func clone(v map[string]any) map[string]any {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("cloning a JSON value: %v", err)) // values come from JSON
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		panic(fmt.Sprintf("cloning a JSON value: %v", err))
	}
	if out == nil {
		out = map[string]any{}
	}
	return out
}
