package cloud

import (
	"encoding/json"
	"fmt"
)

// bucketItems: scope, table, key → the item, as JSON.
var bucketItems = []byte("items")

// Item reads an item of a DynamoDB table, hands it to f, and puts what f returns
// in its place, in one transaction; nil is no item. key is the primary key in any
// form that is the same for the same item. Where f fails, nothing changes. What
// becomes of a table's items when it is deleted is not kept up.
func (c *Cloud) Item(table *Resource, key string, f func(item map[string]any) (map[string]any, error)) error {
	if table.Type != typeTable {
		return fmt.Errorf("a %s has no items", table.Type)
	}
	return c.update(func(t *tx) error {
		b, err := t.CreateBucketIfNotExists(bucketItems)
		if err != nil {
			return err
		}
		at := keptKey(table.Scope, table.ID, key)
		var item map[string]any
		if raw := b.Get(at); raw != nil {
			if err := json.Unmarshal(raw, &item); err != nil {
				return fmt.Errorf("store: an item of the table %s is damaged: %w", table.ID, err)
			}
		}
		if item, err = f(item); err != nil {
			return err
		}
		if item == nil {
			return b.Delete(at)
		}
		raw, err := json.Marshal(item)
		if err != nil {
			return err
		}
		return b.Put(at, raw)
	})
}
