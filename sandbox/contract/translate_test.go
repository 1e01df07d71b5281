package contract

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/zclconf/go-cty/cty"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
	"github.com/tandem-platform/tandem/sandbox/terraform"
)

// A made-up type with one property of each kind.
var (
	properties = facts.Object{
		"name":           {Type: "string"},
		"vpcId":          {Type: "string"},
		"size":           {Type: "number"},
		"enabled":        {Type: "bool"},
		"subnetIds":      {Type: "[]string"},
		"aliases":        {Type: "[]string"},
		"tags":           {Type: "{}string"},
		"policies":       {Type: "[]#test.Policy"},
		"logging":        {Type: "#test.Logging"},
		"endpoint":       {Type: "string"},
		"ingress":        {Type: "[]#test.Ingress"},
		"byRegion":       {Type: "{}#test.Logging"},
		"metricName":     {Type: "string"},
		"computedBucket": {Type: "string"},
	}
	known = &facts.Facts{Types: map[string]facts.Object{
		"test.Policy":  {"targetValue": {Type: "number"}, "filters": {Type: "[]#test.Filter"}},
		"test.Filter":  {"keyName": {Type: "string"}},
		"test.Logging": {"bucketArn": {Type: "string"}},
		"test.Ingress": {"fromPort": {Type: "int"}, "cidrBlocks": {Type: "[]string"}},
	}}
	schema = func() *terraform.Block {
		attribute := func(t cty.Type) *terraform.Attribute { return &terraform.Attribute{Type: t, Optional: true} }
		logging := &terraform.Block{Attributes: map[string]*terraform.Attribute{
			"bucket_arn": {Type: cty.String, Required: true},
			"prefix":     attribute(cty.String),
		}}
		return &terraform.Block{
			Attributes: map[string]*terraform.Attribute{
				"name": attribute(cty.String), "vpc_id": attribute(cty.String), "size": attribute(cty.Number), "enabled": attribute(cty.Bool),
				"subnet_ids": attribute(cty.Set(cty.String)), "aliases": attribute(cty.List(cty.String)), "tags": attribute(cty.Map(cty.String)),
				"endpoint": attribute(cty.List(cty.String)),
				"ingress": attribute(cty.Set(cty.Object(map[string]cty.Type{
					"from_port": cty.Number, "cidr_blocks": cty.List(cty.String), "description": cty.String,
				}))),
			},
			Blocks: map[string]*terraform.Nested{
				"policy": {Nesting: terraform.Set, Block: &terraform.Block{
					Attributes: map[string]*terraform.Attribute{"target_value": attribute(cty.Number)},
					Blocks: map[string]*terraform.Nested{"filter": {Nesting: terraform.List, Block: &terraform.Block{
						Attributes: map[string]*terraform.Attribute{"key_name": attribute(cty.String)},
					}}},
				}},
				"logging":   {Nesting: terraform.List, Max: 1, Block: logging},
				"by_region": {Nesting: terraform.Map, Block: logging},
			},
		}
	}()
)

// translation translates inputs written as JSON to JSON.
func translation(t *testing.T, inputs string) (string, *translator) {
	t.Helper()
	resources, err := parseState([]byte(`{"deployment": {"resources": [{"inputs": ` + inputs + `}]}}`))
	require.NoError(t, err)
	tr := &translator{tok: "aws:test/thing:Thing", into: "aws_test_thing", facts: known}
	out, err := json.Marshal(tr.block("", schema, properties, resources[0].Inputs))
	require.NoError(t, err)
	return string(out), tr
}

func TestInputsBecomeTerraform(t *testing.T) {
	for what, c := range map[string]struct{ in, out string }{
		"a name in camel case":                  {`{"vpcId": "vpc-1"}`, `{"vpc_id": "vpc-1"}`},
		"a set and a list":                      {`{"subnetIds": ["b", "a"], "aliases": ["b", "a"]}`, `{"subnet_ids": ["b", "a"], "aliases": ["b", "a"]}`},
		"an empty list":                         {`{"aliases": []}`, `{"aliases": []}`},
		"a map, whose keys are no names":        {`{"tags": {"costCentre": "x"}}`, `{"tags": {"costCentre": "x"}}`},
		"a list of blocks, in the singular":     {`{"policies": [{"targetValue": 1}, {"targetValue": 2}]}`, `{"policy": [{"target_value": 1}, {"target_value": 2}]}`},
		"blocks in blocks":                      {`{"policies": [{"filters": [{"keyName": "x"}]}]}`, `{"policy": [{"filter": [{"key_name": "x"}]}]}`},
		"an object for a list of one block":     {`{"logging": {"bucketArn": "arn"}}`, `{"logging": {"bucket_arn": "arn"}}`},
		"a map of blocks":                       {`{"byRegion": {"us-east-1": {"bucketArn": "arn"}}}`, `{"by_region": {"us-east-1": {"bucket_arn": "arn"}}}`},
		"a value for a list of one":             {`{"endpoint": "x"}`, `{"endpoint": ["x"]}`},
		"an object attribute, which is whole":   {`{"ingress": [{"fromPort": 1}]}`, `{"ingress": [{"from_port": 1, "cidr_blocks": null, "description": null}]}`},
		"a flag that is off":                    {`{"enabled": false}`, `{"enabled": false}`},
		"what is not set":                       {`{"name": null, "vpcId": "x"}`, `{"vpc_id": "x"}`},
		"what the engine adds":                  {`{"__defaults": ["name"], "logging": {"__defaults": [], "bucketArn": "x"}}`, `{"logging": {"bucket_arn": "x"}}`},
		"text that Terraform would evaluate":    {`{"name": "${aws:username} %{if}", "tags": {"${a}": "b"}}`, `{"name": "$${aws:username} %%{if}", "tags": {"$${a}": "b"}}`},
		"a shape for the provider to refuse":    {`{"subnetIds": "x", "name": ["${a}"], "policies": "y"}`, `{"subnet_ids": "x", "name": ["$${a}"], "policy": "y"}`},
		"a number as a string, which is a type": {`{"size": "5"}`, `{"size": "5"}`},
	} {
		t.Run(what, func(t *testing.T) {
			out, tr := translation(t, c.in)
			require.JSONEq(t, c.out, out)
			require.Empty(t, tr.problems)
			require.Empty(t, tr.placeholders)
		})
	}
}

func TestNumbersStayWhatTheyAre(t *testing.T) {
	for _, number := range []string{"0", "0.1", "9007199254740993", "1e3"} {
		out, _ := translation(t, `{"size": `+number+`}`)
		require.Equal(t, `{"size":`+number+`}`, out)
	}
}

func TestValuesThatCannotBeShownGetTypedPlaceholders(t *testing.T) {
	const (
		secret = `{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "hunter2"}`
		shown  = `{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": "\"hunter2\""}`
		asset  = `{"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "text": "hunter2"}`
		output = `{"4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4"}`
	)
	for what, c := range map[string]struct {
		in, out string
		want    Placeholder
	}{
		"a secret string":            {`{"name": ` + secret + `}`, `{"name": "${terraform_data.placeholder.id}"}`, Placeholder{Property: "name", Type: "string", Why: "secret"}},
		"a secret in the clear":      {`{"name": ` + shown + `}`, `{"name": "${terraform_data.placeholder.id}"}`, Placeholder{Property: "name", Type: "string", Why: "secret"}},
		"a secret number":            {`{"size": ` + secret + `}`, `{"size": "${tonumber(terraform_data.placeholder.id)}"}`, Placeholder{Property: "size", Type: "number", Why: "secret"}},
		"an unknown flag":            {`{"enabled": "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"}`, `{"enabled": "${tobool(terraform_data.placeholder.id)}"}`, Placeholder{Property: "enabled", Type: "bool", Why: "unknown"}},
		"an unknown string":          {`{"name": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}`, `{"name": "${terraform_data.placeholder.id}"}`, Placeholder{Property: "name", Type: "string", Why: "unknown"}},
		"an unknown output":          {`{"name": ` + output + `}`, `{"name": "${terraform_data.placeholder.id}"}`, Placeholder{Property: "name", Type: "string", Why: "unknown"}},
		"a file's content":           {`{"name": ` + asset + `}`, `{"name": "${terraform_data.placeholder.id}"}`, Placeholder{Property: "name", Type: "string", Why: "file"}},
		"a secret list":              {`{"aliases": ` + secret + `}`, `{"aliases": ["${terraform_data.placeholder.id}"]}`, Placeholder{Property: "aliases", Type: "list of string", Why: "secret"}},
		"a secret within a list":     {`{"aliases": ["a", ` + secret + `]}`, `{"aliases": ["a", "${terraform_data.placeholder.id}"]}`, Placeholder{Property: "aliases[1]", Type: "string", Why: "secret"}},
		"a secret within a map":      {`{"tags": {"a": ` + secret + `}}`, `{"tags": {"a": "${terraform_data.placeholder.id}"}}`, Placeholder{Property: "tags.a", Type: "string", Why: "secret"}},
		"a secret block":             {`{"logging": ` + secret + `}`, `{"logging": [{"bucket_arn": "${terraform_data.placeholder.id}"}]}`, Placeholder{Property: "logging", Type: "block", Why: "secret"}},
		"a secret within a block":    {`{"logging": {"bucketArn": ` + secret + `}}`, `{"logging": {"bucket_arn": "${terraform_data.placeholder.id}"}}`, Placeholder{Property: "logging.bucketArn", Type: "string", Why: "secret"}},
		"a secret in a list of many": {`{"policies": [{"targetValue": ` + secret + `}]}`, `{"policy": [{"target_value": "${tonumber(terraform_data.placeholder.id)}"}]}`, Placeholder{Property: "policies[0].targetValue", Type: "number", Why: "secret"}},
	} {
		t.Run(what, func(t *testing.T) {
			out, tr := translation(t, c.in)
			require.JSONEq(t, c.out, out)
			require.Equal(t, []Placeholder{c.want}, tr.placeholders)
			require.NotContains(t, out, "hunter2")
		})
	}
}

func TestAPropertyWithoutACounterpartIsAProblem(t *testing.T) {
	for in, want := range map[string]string{
		`{"metricName": "x"}`:                         "the property metricName has no counterpart in aws_test_thing",
		`{"made": {"up": 1}}`:                         "the property made has no counterpart in aws_test_thing",
		`{"logging": {"bucket_arn": "x"}}`:            "the property logging.bucket_arn has no counterpart in aws_test_thing",
		`{"policies": [{"filters": [{"key": "x"}]}]}`: "the property policies[0].filters[0].key has no counterpart in aws_test_thing",
		`{"ingress": [{"toPort": 1}]}`:                "the property ingress[0].toPort has no counterpart in aws_test_thing",
	} {
		_, tr := translation(t, in)
		require.Equal(t, []string{want}, tr.problems)
	}
}

func TestWhatPulumiAddsIsLeftOut(t *testing.T) {
	res := &facts.Resource{Defaults: map[string]any{"self": false, "size": 1}}
	got := given(map[string]any{
		"__defaults": []any{"self", "name"}, "self": false, "name": "made-1234567", "size": 1,
		"tags": map[string]any{"Name": "x"}, "tagsAll": map[string]any{"Name": "x", "Owner": "y"},
	}, res)
	delete(got, "__defaults")
	require.Equal(t, map[string]any{
		"name": "made-1234567", // the provider gives no name, and checks this one
		"size": 1,              // given by the program
		"tags": map[string]any{"Name": "x"},
	}, got)
}

func TestAddressesAreDifferent(t *testing.T) {
	c := &configuration{taken: map[string]int{}}
	require.Equal(t, "web", c.unique("aws_lb", "web"))
	require.Equal(t, "web", c.unique("aws_vpc", "web"))
	require.Equal(t, "web-2", c.unique("aws_lb", "web"))
	require.Equal(t, "web-3", c.unique("aws_lb", "web"))
	require.Equal(t, "http-from-0-0-0-0-0", c.unique("aws_lb", "http-from-0.0.0.0/0"))
	require.Equal(t, "_1a", c.unique("aws_lb", "1a"))
	require.Equal(t, "web-2-2", c.unique("aws_lb", "web-2"))
}
