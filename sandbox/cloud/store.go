package cloud

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"

	"go.etcd.io/bbolt"
)

// The store has four buckets. Keys are joined with a zero byte, which no part
// of a key can hold.
var (
	// resources: one bucket per scope; type, id → Resource.
	bucketResources = []byte("resources")
	// identifiers: identifier, scope, type, id → nothing. An identifier is
	// anything that another resource may name it by.
	bucketIdentifiers = []byte("identifiers")
	// users: key of the used, key of the user → nothing.
	bucketUsers = []byte("users")
	// births: urn → how many resources it has made.
	bucketBirths = []byte("births")
)

const sep = "\x00"

// tx is one transaction on the store.
type tx struct {
	*bbolt.Tx
	c *Cloud
}

func (c *Cloud) update(f func(*tx) error) error {
	return c.db.Update(func(b *bbolt.Tx) error {
		for _, name := range [][]byte{bucketResources, bucketIdentifiers, bucketUsers, bucketBirths} {
			if _, err := b.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return f(&tx{b, c})
	})
}

// view runs f in a read transaction. A store without buckets is empty.
func (c *Cloud) view(f func(*tx) error) error {
	return c.db.View(func(b *bbolt.Tx) error { return f(&tx{b, c}) })
}

// name is the bucket of a scope.
func (s Scope) name() string { return s.Package + "/" + s.Account + "/" + s.Region }

// key names a resource in the whole store.
func key(s Scope, typ, id string) string {
	return strings.Join([]string{s.Package, s.Account, s.Region, typ, id}, sep)
}

func (r *Resource) key() string { return key(r.Scope, r.Type, r.ID) }
func (r Ref) key() string       { return key(r.Scope, r.Type, r.ID) }

func parseKey(k string) (s Scope, typ, id string, err error) {
	p := strings.SplitN(k, sep, 5)
	if len(p) != 5 {
		return s, "", "", fmt.Errorf("store: key %q is damaged", k)
	}
	return Scope{Package: p[0], Account: p[1], Region: p[2]}, p[3], p[4], nil
}

// get returns the resource, nil if there is none.
func (t *tx) get(s Scope, typ, id string) (*Resource, error) {
	b := t.Bucket(bucketResources)
	if b == nil {
		return nil, nil
	}
	if b = b.Bucket([]byte(s.name())); b == nil {
		return nil, nil
	}
	raw := b.Get([]byte(typ + sep + id))
	if raw == nil {
		return nil, nil
	}
	return decode(raw)
}

func decode(raw []byte) (*Resource, error) {
	var r Resource
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, fmt.Errorf("store: a resource is damaged: %w", err)
	}
	return &r, nil
}

// find returns the resources that answer to an identifier, of one type unless
// typ is empty, in any scope.
func (t *tx) find(identifier, typ string) ([]*Resource, error) {
	b := t.Bucket(bucketIdentifiers)
	if b == nil {
		return nil, nil
	}
	var found []*Resource
	prefix := []byte(identifier + sep)
	cur := b.Cursor()
	for k, _ := cur.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, _ = cur.Next() {
		s, kt, id, err := parseKey(string(k[len(prefix):]))
		if err != nil {
			return nil, err
		}
		if typ != "" && kt != typ {
			continue
		}
		r, err := t.get(s, kt, id)
		if err != nil {
			return nil, err
		}
		if r != nil {
			found = append(found, r)
		}
	}
	return found, nil
}

// each calls f with every resource.
func (t *tx) each(f func(*Resource) error) error {
	b := t.Bucket(bucketResources)
	if b == nil {
		return nil
	}
	return b.ForEachBucket(func(scope []byte) error {
		return b.Bucket(scope).ForEach(func(_, raw []byte) error {
			r, err := decode(raw)
			if err != nil {
				return err
			}
			return f(r)
		})
	})
}

// eachOf calls f with every resource of a type in a scope.
func (t *tx) eachOf(s Scope, typ string, f func(*Resource) error) error {
	b := t.Bucket(bucketResources)
	if b == nil {
		return nil
	}
	if b = b.Bucket([]byte(s.name())); b == nil {
		return nil
	}
	prefix := []byte(typ + sep)
	cur := b.Cursor()
	for k, raw := cur.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, raw = cur.Next() {
		r, err := decode(raw)
		if err != nil {
			return err
		}
		if err := f(r); err != nil {
			return err
		}
	}
	return nil
}

// ResourcesOf returns what exists of some types, in the order of scope, type as
// given, and id. It is quicker than [Cloud.Resources].
func (c *Cloud) ResourcesOf(types ...string) (all []*Resource, err error) {
	err = c.view(func(t *tx) error {
		b := t.Bucket(bucketResources)
		if b == nil {
			return nil
		}
		return b.ForEachBucket(func(scope []byte) error {
			cur := b.Bucket(scope).Cursor()
			for _, typ := range types {
				prefix := []byte(typ + sep)
				for k, raw := cur.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, raw = cur.Next() {
					r, err := decode(raw)
					if err != nil {
						return err
					}
					all = append(all, r)
				}
			}
			return nil
		})
	})
	return all, err
}

// put writes a resource and what the indexes say about it.
func (t *tx) put(r *Resource) error {
	old, err := t.get(r.Scope, r.Type, r.ID)
	if err != nil {
		return err
	}
	if old != nil {
		if err := t.unlink(old); err != nil {
			return err
		}
	}
	b, err := t.Bucket(bucketResources).CreateBucketIfNotExists([]byte(r.Scope.name()))
	if err != nil {
		return err
	}
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := b.Put([]byte(r.Type+sep+r.ID), raw); err != nil {
		return err
	}
	for _, id := range t.c.identifiers(r) {
		if err := t.Bucket(bucketIdentifiers).Put([]byte(id+sep+r.key()), nil); err != nil {
			return err
		}
	}
	for _, ref := range r.Refs {
		if err := t.Bucket(bucketUsers).Put([]byte(ref.key()+sep+sep+r.key()), nil); err != nil {
			return err
		}
	}
	return nil
}

// remove takes a resource out of the store.
func (t *tx) remove(r *Resource) error {
	if err := t.unlink(r); err != nil {
		return err
	}
	parent := t.Bucket(bucketResources)
	b := parent.Bucket([]byte(r.Scope.name()))
	if err := b.Delete([]byte(r.Type + sep + r.ID)); err != nil {
		return err
	}
	if k, _ := b.Cursor().First(); k == nil {
		return parent.DeleteBucket([]byte(r.Scope.name()))
	}
	return nil
}

// unlink removes what the indexes say about a resource.
func (t *tx) unlink(r *Resource) error {
	ids := t.Bucket(bucketIdentifiers)
	suffix := []byte(sep + r.key())
	for _, id := range t.c.identifiers(r) {
		if err := ids.Delete(append([]byte(id), suffix...)); err != nil {
			return err
		}
	}
	for _, ref := range r.Refs {
		if err := t.Bucket(bucketUsers).Delete([]byte(ref.key() + sep + sep + r.key())); err != nil {
			return err
		}
	}
	return nil
}

// users returns the resources whose inputs name r.
func (t *tx) users(r *Resource) ([]*Resource, error) {
	b := t.Bucket(bucketUsers)
	if b == nil {
		return nil, nil
	}
	prefix := []byte(r.key() + sep + sep)
	var found []*Resource
	cur := b.Cursor()
	for k, _ := cur.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, _ = cur.Next() {
		s, typ, id, err := parseKey(string(k[len(prefix):]))
		if err != nil {
			return nil, err
		}
		u, err := t.get(s, typ, id)
		if err != nil {
			return nil, err
		}
		if u != nil {
			found = append(found, u)
		}
	}
	return found, nil
}

// birth counts the resources that a URN has made, this one included, so that
// each gets an id of its own and the same program gets the same ids again.
func (t *tx) birth(urn string) (uint64, error) {
	b := t.Bucket(bucketBirths)
	var n uint64
	if raw := b.Get([]byte(urn)); len(raw) == 8 {
		n = binary.BigEndian.Uint64(raw)
	}
	n++
	return n, b.Put([]byte(urn), binary.BigEndian.AppendUint64(nil, n))
}
