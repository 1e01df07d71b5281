package integration

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud"
)

const typeTable = "aws:dynamodb/table:Table"

// itemParameters are those of the four actions on one item.
type itemParameters struct {
	TableName                 string
	Key, Item                 map[string]any
	ConsistentRead            bool
	ConditionExpression       string
	UpdateExpression          string
	ProjectionExpression      string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]any
	ReturnValues              string
	ReturnConsumedCapacity    string
}

// item reads parameters, finds the table, and gives the item's place in it.
func (c *call) item(raw json.RawMessage, action string, required ...string) (p itemParameters, table *cloud.Resource, key string, err error) {
	if err = decode(raw, &p, append(required, "TableName")...); err != nil {
		return p, nil, "", err
	}
	table, err = c.find(typeTable, func(r *cloud.Resource) bool { return oneOf(p.TableName, r.Text("name"), r.Text("arn"), r.ID) })
	arn := p.TableName
	if !strings.HasPrefix(arn, "arn:") {
		arn = fmt.Sprintf("arn:aws:dynamodb:%s:%s:table/%s", c.region, c.account(), p.TableName)
	}
	if err == nil {
		err = c.may("dynamodb:"+action, arn, nil)
	}
	if err != nil {
		return p, nil, "", err
	}
	if table == nil { // a replica of a global table has no resource of its own
		table, err = c.replica(p.TableName)
	}
	if err != nil {
		return p, nil, "", err
	}
	if table == nil {
		return p, nil, "", refuse("DynamoDB.ResourceNotFoundException", "Requested resource not found: Table: %s not found", p.TableName)
	}
	of := p.Key
	if p.Item != nil {
		of = p.Item
	}
	key, err = primaryKey(table, of, p.Item == nil)
	return p, table, key, err
}

// replica is the table of another region that has a replica in the call's.
func (c *call) replica(name string) (*cloud.Resource, error) {
	found, err := c.Cloud.Resources(func(r *cloud.Resource) bool {
		if r.Type != typeTable || r.Text("name") != name {
			return false
		}
		for _, region := range r.Texts("replicas.regionName") {
			if region == c.region {
				return true
			}
		}
		return false
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	here := *found[0]
	here.Scope.Region = c.region
	return &here, nil
}

// primaryKey is the key in a fixed form.
func primaryKey(table *cloud.Resource, given map[string]any, exactly bool) (string, error) {
	mismatch := refuse("DynamoDB.DynamoDbException", "The provided key element does not match the schema")
	types := map[string]string{}
	attributes, _ := table.At("attributes").([]any)
	for _, a := range attributes {
		if m, ok := a.(map[string]any); ok {
			types[fmt.Sprint(m["name"])] = fmt.Sprint(m["type"])
		}
	}
	key := map[string]any{}
	for _, name := range []string{table.Text("hashKey"), table.Text("rangeKey")} {
		if name == "" {
			continue
		}
		v, ok := given[name].(map[string]any)
		if !ok || len(v) != 1 || v[types[name]] == nil {
			return "", mismatch
		}
		key[name] = v
	}
	if exactly && len(given) != len(key) {
		return "", mismatch
	}
	raw, err := json.Marshal(key)
	return string(raw), err
}

func getItem(c *call, raw json.RawMessage) (any, error) {
	_, table, key, err := c.item(raw, "GetItem", "Key")
	if err != nil {
		return nil, err
	}
	answer := map[string]any{}
	err = c.Cloud.Item(table, key, func(item map[string]any) (map[string]any, error) {
		if item != nil {
			answer["Item"] = item
		}
		return item, nil
	})
	return answer, err
}

// change runs a change of an item under its condition.
func (c *call) change(raw json.RawMessage, action string, do func(p *itemParameters, e *expressions, item map[string]any) (map[string]any, error), required ...string) (any, error) {
	p, table, key, err := c.item(raw, action, required...)
	if err != nil {
		return nil, err
	}
	answer := map[string]any{}
	err = c.Cloud.Item(table, key, func(item map[string]any) (map[string]any, error) {
		e := &expressions{names: p.ExpressionAttributeNames, values: p.ExpressionAttributeValues, used: map[string]bool{}}
		holds := true
		if p.ConditionExpression != "" {
			if holds, err = e.condition(p.ConditionExpression, item); err != nil {
				return nil, err
			}
		}
		after, err := do(&p, e, item)
		if err == nil {
			err = e.unused()
		}
		if err != nil {
			return nil, err
		}
		if !holds {
			return nil, refuse("DynamoDB.ConditionalCheckFailedException", "The conditional request failed")
		}
		switch p.ReturnValues {
		case "ALL_NEW":
			answer["Attributes"] = after
		case "ALL_OLD":
			answer["Attributes"] = item
		}
		return after, nil
	})
	return answer, err
}

func putItem(c *call, raw json.RawMessage) (any, error) {
	return c.change(raw, "PutItem", func(p *itemParameters, _ *expressions, _ map[string]any) (map[string]any, error) {
		return p.Item, nil
	}, "Item")
}

func deleteItem(c *call, raw json.RawMessage) (any, error) {
	return c.change(raw, "DeleteItem", func(*itemParameters, *expressions, map[string]any) (map[string]any, error) {
		return nil, nil
	}, "Key")
}

func updateItem(c *call, raw json.RawMessage) (any, error) {
	return c.change(raw, "UpdateItem", func(p *itemParameters, e *expressions, item map[string]any) (map[string]any, error) {
		if item == nil {
			item = p.Key
		}
		if p.UpdateExpression == "" {
			return item, nil
		}
		return e.update(p.UpdateExpression, item)
	}, "Key")
}
