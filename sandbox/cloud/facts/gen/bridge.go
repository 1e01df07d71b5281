package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
)

// terraformTypes are the types whose Terraform name does not follow from the
// token: aws_, the module, the name in snake case without a version.
var terraformTypes = map[string]string{
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider":    "aws_iam_openid_connect_provider",
	"aws:lb/loadBalancer:LoadBalancer":                       "aws_lb",
	"aws:rds/parameterGroup:ParameterGroup":                  "aws_db_parameter_group",
	"aws:rds/subnetGroup:SubnetGroup":                        "aws_db_subnet_group",
	"aws:s3/bucketObjectv2:BucketObjectv2":                   "aws_s3_object",
	"aws:s3/bucketReplicationConfig:BucketReplicationConfig": "aws_s3_bucket_replication_configuration",
}

// renamed are the properties that pulumi-aws gives a name that its rules would
// not, by type or for every type, Terraform name to Pulumi name.
var renamed = map[string]map[string]string{
	"aws:cloudwatch/metricAlarm:MetricAlarm":      {"alarm_name": "name"},
	"aws:sns/topicSubscription:TopicSubscription": {"topic_arn": "topic"},
}

// given are attributes that a plan of a type cannot do without, though the
// schema does not require them.
var given = map[string]map[string]cty.Value{
	"aws_dynamodb_table": {
		"billing_mode": cty.StringVal("PAY_PER_REQUEST"), "hash_key": cty.StringVal("a"),
		"attribute.": cty.NilVal, "attribute.name": cty.StringVal("a"), "attribute.type": cty.StringVal("S"),
	},
	"aws_lb_target_group": {
		"port": cty.NumberIntVal(80), "protocol": cty.StringVal("HTTP"), "vpc_id": cty.StringVal("vpc-1"),
	},
}

// together are attributes that can only change with others, by type.
var together = map[string]map[string][]string{
	"aws_dynamodb_table": {
		"hash_key":                         {"attribute.name"},
		"range_key":                        {"attribute.name", "hash_key"},
		"local_secondary_index.range_key":  {"attribute.name", "hash_key"},
		"global_secondary_index.hash_key":  {"attribute.name", "hash_key"},
		"global_secondary_index.range_key": {"attribute.name", "hash_key", "global_secondary_index.hash_key"},
	},
}

// terraformType finds the Terraform type of a token.
func (t *terraform) terraformType(tok string) (string, error) {
	if name := terraformTypes[tok]; name != "" {
		return name, nil
	}
	mod, _, name, err := split(tok)
	if err != nil {
		return "", err
	}
	name = snake(strings.TrimSuffix(name, "V2"))
	for _, candidate := range []string{"aws_" + mod + "_" + name, "aws_" + name} {
		if t.schemas[candidate] != nil {
			return candidate, nil
		}
	}
	return "", fmt.Errorf("%s: no Terraform type of its name: add it to terraformTypes", tok)
}

// ask completes a resource's facts with what the provider says.
func (t *terraform) ask(tok string, res *facts.Resource, f *facts.Facts) error {
	typ, err := t.terraformType(tok)
	if err != nil {
		return err
	}
	res.Terraform = typ
	schema := t.schemas[typ]
	q := &question{t: t, typ: typ, schema: schema, tok: tok, res: res, f: f}
	q.translate(schema, "", "", res.Outputs)
	if len(q.unnamed) > 0 {
		return fmt.Errorf("%s: no Pulumi name for %s of %s: add them to renamed", tok, strings.Join(q.unnamed, ", "), typ)
	}
	if err := q.creation(); err != nil {
		return fmt.Errorf("%s: planning a creation: %w", tok, err)
	}
	for _, path := range sortedKeys(q.names) {
		q.change(path)
	}
	slices.Sort(res.Replace)
	slices.Sort(res.Sets)
	slices.Sort(res.Computed)
	return nil
}

// question is what is asked about one type.
type question struct {
	t        *terraform
	typ, tok string
	schema   *block
	res      *facts.Resource
	f        *facts.Facts
	// names maps the Terraform paths of attributes to Pulumi paths.
	names   map[string]string
	unnamed []string
}

// translate finds the Pulumi name of every attribute, and notes the sets.
func (q *question) translate(b *block, tfPath, path string, obj facts.Object) {
	if q.names == nil {
		q.names = map[string]string{}
	}
	below := func(parent, name string) string { return strings.TrimPrefix(parent+"."+name, ".") }
	for _, name := range sortedKeys(b.attributes) {
		a := b.attributes[name]
		many := a.typ.IsListType() || a.typ.IsSetType()
		p := q.named(name, many, obj)
		if p == "" {
			// Write-only values are of no use to Pulumi, and left out.
			if name != "id" && !strings.Contains(name+"_", "_wo_") && (a.required || a.optional) {
				q.unnamed = append(q.unnamed, below(tfPath, name))
			}
			continue
		}
		q.names[below(tfPath, name)] = below(path, p)
		if a.typ.IsSetType() && strings.HasPrefix(obj[p].Type, "[]") {
			q.res.Sets = append(q.res.Sets, below(path, p))
		}
	}
	for _, name := range sortedKeys(b.blocks) {
		n := b.blocks[name]
		p := q.named(name, n.max != 1 && n.nesting != 1, obj)
		if p == "" {
			if name != "timeouts" {
				q.unnamed = append(q.unnamed, below(tfPath, name))
			}
			continue
		}
		elem := obj[p].Type
		if e, ok := facts.Elem(elem); ok {
			elem = e
			if n.nesting == 3 {
				q.res.Sets = append(q.res.Sets, below(path, p))
			}
		}
		// A web ACL's statements hold statements without end, and replace
		// nothing.
		if inner := q.f.Nested(elem); inner != nil && name != "statement" {
			q.translate(n.block, below(tfPath, name), below(path, p), inner)
		}
	}
}

// named is the Pulumi name of a Terraform name: camel case, and for lists of
// many the plural.
func (q *question) named(name string, many bool, obj facts.Object) string {
	for _, key := range []string{q.tok, ""} {
		if p := renamed[key][name]; p != "" {
			return p
		}
	}
	c := camel(name)
	candidates := []string{c, c + "s", c + "es", strings.TrimSuffix(c, "y") + "ies"}
	if many {
		slices.Reverse(candidates)
	}
	for _, p := range candidates {
		if _, ok := obj[p]; ok {
			return p
		}
	}
	// The SDK's acronyms and the bridge's plurals vary; case does not count.
	for _, p := range sortedKeys(obj) {
		for _, c := range candidates {
			if strings.EqualFold(p, c) {
				return p
			}
		}
	}
	return ""
}

// creation plans a resource with the least that it needs: what the plan holds
// besides are defaults, and what it does not know is computed.
func (q *question) creation() error {
	config := q.schema.sample(q.given, "")
	planned, _, err := q.t.plan(q.typ, cty.NullVal(q.schema.impliedType()), config, config)
	if err != nil {
		return err
	}
	q.res.Defaults = map[string]any{}
	for name, a := range q.schema.attributes {
		p := q.names[name]
		if p == "" {
			continue
		}
		v := planned.GetAttr(name)
		switch {
		case !v.IsWhollyKnown():
			q.res.Computed = append(q.res.Computed, p)
		case !v.IsNull() && !a.required && !a.computed && !fixed(q.typ, name) && q.res.Inputs[p].Type != "":
			if q.res.Defaults[p], err = defaultValue(v, q.res.Inputs[p].Type); err != nil {
				return err
			}
		}
	}
	for name := range q.schema.blocks {
		if p := q.block(name); p != "" && !planned.GetAttr(name).IsWhollyKnown() {
			q.res.Computed = append(q.res.Computed, p)
		}
	}
	return nil
}

// block is the Pulumi name of a top-level block.
func (q *question) block(name string) string {
	for tf, p := range q.names {
		if strings.HasPrefix(tf, name+".") {
			first, _, _ := strings.Cut(p, ".")
			return first
		}
	}
	return ""
}

// change plans a change of one attribute and notes whether it replaces.
func (q *question) change(path string) {
	a := q.attribute(path)
	if a == nil || (!a.required && !a.optional) {
		return
	}
	value := func(i int) cty.Value {
		return q.schema.sample(func(p string) (cty.Value, bool) {
			switch {
			case p == path || slices.Contains(together[q.typ][path], p):
				return example(p[strings.LastIndex(p, ".")+1:], q.attribute(p).typ, i), true
			case strings.HasSuffix(p, ".") && strings.HasPrefix(path, p):
				return cty.NilVal, true // a block on the way
			case p == "id":
				return cty.StringVal("a"), true
			}
			return q.given(p)
		}, "")
	}
	prior, proposed := value(0), value(1)
	config := withoutID(proposed)
	_, replace, err := q.t.plan(q.typ, prior, proposed, config)
	if err != nil {
		// The provider refuses the change for a reason of its own, such as
		// two properties that go together only.
		q.res.Unasked = append(q.res.Unasked, q.names[path])
		return
	}
	for _, r := range replace {
		if r == path || strings.HasPrefix(path, r+".") || strings.HasPrefix(r, path+".") {
			if p := q.names[path]; !slices.Contains(q.res.Replace, p) {
				q.res.Replace = append(q.res.Replace, p)
			}
		}
	}
}

// fixed says whether a plan was given the attribute.
func fixed(typ, name string) bool {
	_, ok := given[typ][name]
	return ok
}

// defaultValue is a default in the type that Pulumi gives the property, which
// is not always Terraform's.
func defaultValue(v cty.Value, want string) (any, error) {
	if v.Type() == cty.String && v.AsString() == "Managed by Terraform" {
		return "Managed by Pulumi", nil // as the bridge has it
	}
	types := map[string]cty.Type{"string": cty.String, "int": cty.Number, "number": cty.Number, "bool": cty.Bool}
	if t, ok := types[want]; ok {
		var err error
		if v, err = convert.Convert(v, t); err != nil {
			return nil, err
		}
	}
	return jsonValue(v)
}

// given is the value of an attribute that a plan of the type needs.
func (q *question) given(path string) (cty.Value, bool) {
	v, ok := given[q.typ][path]
	return v, ok // a path that ends in a dot is a block to make, without a value
}

func withoutID(v cty.Value) cty.Value {
	m := v.AsValueMap()
	if id, ok := m["id"]; ok {
		m["id"] = cty.NullVal(id.Type())
	}
	return cty.ObjectVal(m)
}

func (q *question) attribute(path string) *attribute {
	steps := strings.Split(path, ".")
	b := q.schema
	for _, s := range steps[:len(steps)-1] {
		if b.blocks[s] == nil {
			return nil
		}
		b = b.blocks[s].block
	}
	return b.attributes[steps[len(steps)-1]]
}

// askAll completes the facts of every AWS resource.
func askAll(f *facts.Facts) (err error) {
	t, err := startTerraform()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	f.Versions["terraform-provider-aws"] = awsProvider
	var problems []error
	for _, tok := range sortedKeys(f.Resources) {
		if strings.HasPrefix(tok, "aws:") {
			problems = append(problems, t.ask(tok, f.Resources[tok], f))
		}
	}
	return errors.Join(problems...)
}
