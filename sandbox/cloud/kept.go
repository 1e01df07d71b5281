package cloud

import (
	"strings"
	"time"
)

// bucketKept: scope, kind, name → the time until which a name is kept, in RFC
// 3339, or nothing for good. What was deleted may leave its name behind: a
// secret for its recovery window, a database its final snapshot.
var bucketKept = []byte("kept")

func keptKey(s Scope, kind, name string) []byte {
	return []byte(strings.Join([]string{s.name(), kind, name}, sep))
}

// keep keeps a name until a time, the zero time for good.
func (t *tx) keep(s Scope, kind, name string, until time.Time) error {
	b, err := t.CreateBucketIfNotExists(bucketKept)
	if err != nil {
		return err
	}
	var value []byte
	if !until.IsZero() {
		value = []byte(until.UTC().Format(time.RFC3339))
	}
	return b.Put(keptKey(s, kind, name), value)
}

// kept says whether a name is kept, and until when.
func (t *tx) kept(s Scope, kind, name string) (until string, ok bool) {
	b := t.Bucket(bucketKept)
	if b == nil {
		return "", false
	}
	value := b.Get(keptKey(s, kind, name))
	if value == nil {
		return "", false
	}
	end, err := time.Parse(time.RFC3339, string(value))
	return string(value), err != nil || t.c.now().Before(end)
}

// release lets go of a name that was kept.
func (t *tx) release(s Scope, kind, name string) error {
	b := t.Bucket(bucketKept)
	if b == nil {
		return nil
	}
	return b.Delete(keptKey(s, kind, name))
}
