package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/protowire"
)

// The Terraform AWS provider knows which change replaces a resource, and what
// it sets by itself, but says neither in its schema. So it is asked: the
// generator starts the provider as Terraform would, speaks version 5 of the
// plugin protocol to it (hashicorp/terraform, docs/plugin-protocol), and puts a
// plan to it for each property: the same resource with that property changed.
// No call reaches AWS.

const (
	// awsProvider is the version of the provider that pulumi-aws 6.83 wraps.
	awsProvider = "5.100.0"
	// pluginDirEnv names the folder that holds Terraform providers, in the
	// layout of a filesystem mirror.
	pluginDirEnv = "TANDEM_TF_PLUGIN_DIR"
	// maxMessage is enough for the provider's schema, in bytes.
	maxMessage = 512 << 20
	// patience is how long an answer may take. A plan that wants to look
	// something up in AWS never gets one.
	patience = 20 * time.Second
)

// errNoProvider says that there is no provider to ask.
var errNoProvider = fmt.Errorf("the Terraform AWS provider %s was not found: set %s to a folder with registry.terraform.io/hashicorp/aws/%s",
	awsProvider, pluginDirEnv, awsProvider)

// terraform is a running provider.
type terraform struct {
	cmd     *exec.Cmd
	conn    *grpc.ClientConn
	schemas map[string]*block
}

// block is a schema: attributes, and blocks within.
type block struct {
	attributes map[string]*attribute
	blocks     map[string]*nested
}

type attribute struct {
	typ                                     cty.Type
	required, optional, computed, sensitive bool
}

type nested struct {
	*block
	nesting  uint64 // 1 single, 2 list, 3 set, 4 map
	min, max uint64
}

// findProvider returns the path of the provider's binary.
func findProvider() (string, error) {
	dirs := []string{os.Getenv(pluginDirEnv), os.Getenv("TF_PLUGIN_CACHE_DIR")}
	if home, err := os.UserHomeDir(); err == nil {
		dirs = append(dirs, filepath.Join(home, ".terraform.d", "plugins"))
	}
	for _, dir := range append(dirs, "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins") {
		if dir == "" {
			continue
		}
		found, err := filepath.Glob(filepath.Join(dir, "registry.terraform.io/hashicorp/aws", awsProvider,
			runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-aws_*"))
		if err != nil {
			return "", err
		}
		if len(found) > 0 {
			return found[0], nil
		}
	}
	return "", errNoProvider
}

// startTerraform starts the provider and reads its schema.
func startTerraform() (*terraform, error) {
	path, err := findProvider()
	if err != nil {
		return nil, err
	}
	t := &terraform{cmd: exec.Command(path)}
	// The cookie is what every Terraform provider asks of its caller.
	t.cmd.Env = append(os.Environ(),
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2", "PLUGIN_PROTOCOL_VERSIONS=5",
		"AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE=/nonexistent", "AWS_SHARED_CREDENTIALS_FILE=/nonexistent",
	)
	out, err := t.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := t.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the provider: %w", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the provider did not say where it listens: %w", err), t.close())
	}
	parts := strings.Split(strings.TrimSpace(line), "|") // core|protocol|network|address|grpc
	if len(parts) < 5 || parts[4] != "grpc" {
		return nil, errors.Join(fmt.Errorf("the provider's greeting %q is not understood", line), t.close())
	}
	t.conn, err = grpc.NewClient(parts[2]+":"+parts[3], grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(raw{}), grpc.MaxCallRecvMsgSize(maxMessage)))
	if err == nil {
		err = t.readSchema()
	}
	if err == nil {
		err = t.configure()
	}
	if err != nil {
		return nil, errors.Join(err, t.close())
	}
	return t, nil
}

func (t *terraform) close() error {
	var errs []error
	if t.conn != nil {
		errs = append(errs, t.conn.Close())
	}
	errs = append(errs, t.cmd.Process.Kill())
	_ = t.cmd.Wait() // it was killed, and says so
	return errors.Join(errs...)
}

// raw hands messages over as they are.
type raw struct{}

func (raw) Marshal(v any) ([]byte, error)      { return *v.(*[]byte), nil }
func (raw) Unmarshal(data []byte, v any) error { *v.(*[]byte) = slices.Clone(data); return nil }
func (raw) Name() string                       { return "proto" }

func (t *terraform) call(method string, req []byte) ([]byte, error) {
	var resp []byte
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := t.conn.Invoke(ctx, "/tfplugin5.Provider/"+method, &req, &resp)
	return resp, err
}

// field is one field of a protocol buffer message.
type field struct {
	num    protowire.Number
	bytes  []byte
	varint uint64
}

func fields(msg []byte) ([]field, error) {
	var out []field
	for len(msg) > 0 {
		num, typ, n := protowire.ConsumeTag(msg)
		if n < 0 {
			return nil, protowire.ParseError(n)
		}
		msg = msg[n:]
		f := field{num: num}
		switch typ {
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(msg)
		case protowire.VarintType:
			f.varint, n = protowire.ConsumeVarint(msg)
		default:
			n = protowire.ConsumeFieldValue(num, typ, msg)
		}
		if n < 0 {
			return nil, protowire.ParseError(n)
		}
		msg = msg[n:]
		out = append(out, f)
	}
	return out, nil
}

func (t *terraform) readSchema() error {
	resp, err := t.call("GetSchema", nil)
	if err != nil {
		return fmt.Errorf("asking for the schema: %w", err)
	}
	top, err := fields(resp)
	if err != nil {
		return err
	}
	t.schemas = map[string]*block{}
	for _, f := range top {
		if f.num != 1 && f.num != 2 { // the provider's own, and the resources'
			continue
		}
		name, schema := "provider", f.bytes
		if f.num == 2 {
			entry, err := fields(f.bytes)
			if err != nil {
				return err
			}
			for _, e := range entry {
				switch e.num {
				case 1:
					name = string(e.bytes)
				case 2:
					schema = e.bytes
				}
			}
		}
		parts, err := fields(schema)
		if err != nil {
			return err
		}
		for _, p := range parts {
			if p.num == 2 {
				if t.schemas[name], err = readBlock(p.bytes); err != nil {
					return fmt.Errorf("schema of %s: %w", name, err)
				}
			}
		}
	}
	return nil
}

func readBlock(msg []byte) (*block, error) {
	b := &block{attributes: map[string]*attribute{}, blocks: map[string]*nested{}}
	parts, err := fields(msg)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		if p.num != 2 && p.num != 3 {
			continue
		}
		inner, err := fields(p.bytes)
		if err != nil {
			return nil, err
		}
		var name string
		if p.num == 2 {
			a := &attribute{}
			for _, f := range inner {
				on := f.varint != 0
				switch f.num {
				case 1:
					name = string(f.bytes)
				case 2:
					if a.typ, err = ctyjson.UnmarshalType(f.bytes); err != nil {
						return nil, err
					}
				case 4:
					a.required = on
				case 5:
					a.optional = on
				case 6:
					a.computed = on
				case 7:
					a.sensitive = on
				}
			}
			b.attributes[name] = a
			continue
		}
		n := &nested{}
		for _, f := range inner {
			switch f.num {
			case 1:
				name = string(f.bytes)
			case 2:
				if n.block, err = readBlock(f.bytes); err != nil {
					return nil, err
				}
			case 3:
				n.nesting = f.varint
			case 4:
				n.min = f.varint
			case 5:
				n.max = f.varint
			}
		}
		b.blocks[name] = n
	}
	return b, nil
}

// impliedType is the type of a value of the schema.
func (b *block) impliedType() cty.Type {
	m := map[string]cty.Type{}
	for name, a := range b.attributes {
		m[name] = a.typ
	}
	for name, n := range b.blocks {
		t := n.impliedType()
		switch n.nesting {
		case 2:
			t = cty.List(t)
		case 3:
			t = cty.Set(t)
		case 4:
			t = cty.Map(t)
		}
		m[name] = t
	}
	return cty.Object(m)
}

// configure gives the provider credentials that are good for nothing, and
// tells it to try none.
func (t *terraform) configure() error {
	schema := t.schemas["provider"]
	v := schema.sample(func(path string) (cty.Value, bool) {
		switch path {
		case "region":
			return cty.StringVal("us-east-1"), true
		case "max_retries":
			return cty.NumberIntVal(1), true
		case "access_key", "secret_key":
			return cty.StringVal("none"), true
		case "skip_credentials_validation", "skip_requesting_account_id", "skip_region_validation":
			return cty.True, true
		case "skip_metadata_api_check":
			return cty.StringVal("true"), true
		}
		return cty.NilVal, false
	}, "")
	value, err := dynamic(v, schema)
	if err != nil {
		return err
	}
	resp, err := t.call("Configure", protowire.AppendBytes(protowire.AppendTag(nil, 2, protowire.BytesType), value))
	if err != nil {
		return fmt.Errorf("configuring the provider: %w", err)
	}
	return diagnostics(resp, 1)
}

// dynamic is a value as the protocol carries it.
func dynamic(v cty.Value, b *block) ([]byte, error) {
	packed, err := msgpack.Marshal(v, b.impliedType())
	return protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), packed), err
}

// diagnostics are the errors in a response.
func diagnostics(resp []byte, num protowire.Number) error {
	top, err := fields(resp)
	if err != nil {
		return err
	}
	var errs []error
	for _, f := range top {
		if f.num != num {
			continue
		}
		d, err := fields(f.bytes)
		if err != nil {
			return err
		}
		severity, summary := uint64(0), ""
		for _, p := range d {
			switch p.num {
			case 1:
				severity = p.varint
			case 2, 3:
				summary += string(p.bytes) + " "
			}
		}
		if severity == 1 {
			errs = append(errs, errors.New(strings.TrimSpace(summary)))
		}
	}
	return errors.Join(errs...)
}

// plan puts a change to the provider. It returns the planned value and the
// paths, without indexes, whose change replaces the resource.
func (t *terraform) plan(typ string, prior, proposed, config cty.Value) (planned cty.Value, replace []string, err error) {
	schema := t.schemas[typ]
	req := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), typ)
	for i, v := range []cty.Value{prior, proposed, config} {
		value, err := dynamic(v, schema)
		if err != nil {
			return cty.NilVal, nil, err
		}
		req = protowire.AppendBytes(protowire.AppendTag(req, protowire.Number(i+2), protowire.BytesType), value)
	}
	resp, err := t.call("PlanResourceChange", req)
	if err != nil {
		return cty.NilVal, nil, err
	}
	if err := diagnostics(resp, 4); err != nil {
		return cty.NilVal, nil, err
	}
	top, err := fields(resp)
	if err != nil {
		return cty.NilVal, nil, err
	}
	for _, f := range top {
		switch f.num {
		case 1:
			v, err := fields(f.bytes)
			if err != nil || len(v) == 0 {
				return cty.NilVal, nil, errors.Join(err, errors.New("the plan holds no value"))
			}
			if planned, err = msgpack.Unmarshal(v[0].bytes, schema.impliedType()); err != nil {
				return cty.NilVal, nil, err
			}
		case 2:
			path, err := attributePath(f.bytes)
			if err != nil {
				return cty.NilVal, nil, err
			}
			replace = append(replace, path)
		}
	}
	return planned, replace, nil
}

func attributePath(msg []byte) (string, error) {
	steps, err := fields(msg)
	if err != nil {
		return "", err
	}
	var names []string
	for _, s := range steps {
		step, err := fields(s.bytes)
		if err != nil {
			return "", err
		}
		for _, f := range step {
			if f.num == 1 {
				names = append(names, string(f.bytes))
			}
		}
	}
	return strings.Join(names, "."), nil
}

// sample is a value with as little set as the schema allows; set overrides what
// it returns for an attribute's path.
func (b *block) sample(set func(path string) (cty.Value, bool), at string) cty.Value {
	m := map[string]cty.Value{}
	for name, a := range b.attributes {
		path := strings.TrimPrefix(at+"."+name, ".")
		if v, ok := set(path); ok {
			m[name] = v
			continue
		}
		m[name] = cty.NullVal(a.typ)
		if a.required {
			m[name] = example(name, a.typ, 0)
		}
	}
	for name, n := range b.blocks {
		path := strings.TrimPrefix(at+"."+name, ".")
		_, wanted := set(path + ".")
		if n.min == 0 && !wanted {
			m[name] = none(n)
			continue
		}
		v := n.sample(set, path)
		switch n.nesting {
		case 2:
			v = cty.ListVal([]cty.Value{v})
		case 3:
			v = cty.SetVal([]cty.Value{v})
		case 4:
			v = cty.MapVal(map[string]cty.Value{"a": v})
		}
		m[name] = v
	}
	return cty.ObjectVal(m)
}

// none is the absence of a block.
func none(n *nested) cty.Value {
	t := n.impliedType()
	switch n.nesting {
	case 2:
		return cty.ListValEmpty(t)
	case 3:
		return cty.SetValEmpty(t)
	case 4:
		return cty.MapValEmpty(t)
	}
	return cty.NullVal(t)
}

// example is the i-th of two values of a type that an attribute of that name
// may well have.
func example(name string, t cty.Type, i int) cty.Value {
	switch {
	case t == cty.String:
		pick := func(a, b string) cty.Value { return cty.StringVal([]string{a, b}[i]) }
		switch {
		case strings.Contains(name, "policy") && !strings.HasSuffix(name, "_id") && !strings.HasSuffix(name, "_arn") && !strings.HasSuffix(name, "_name"),
			strings.HasSuffix(name, "json"), strings.HasSuffix(name, "_body"), strings.HasSuffix(name, "pattern"):
			return pick(`{"Version":"2012-10-17","Statement":[]}`, `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`)
		case strings.Contains(name, "ipv6"):
			return pick("2001:db8::/56", "2001:db8:1::/56")
		case strings.Contains(name, "cidr"):
			return pick("10.0.0.0/16", "10.1.0.0/16")
		case strings.HasSuffix(name, "arn") || strings.HasSuffix(name, "_arns"):
			return pick("arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/b")
		case strings.HasSuffix(name, "url"):
			return pick("https://a.example.com", "https://b.example.com")
		}
		return pick("a", "b")
	case t == cty.Number:
		return cty.NumberIntVal(int64(i + 1))
	case t == cty.Bool:
		return cty.BoolVal(i == 1)
	case t.IsListType():
		return cty.ListVal([]cty.Value{example(name, t.ElementType(), i)})
	case t.IsSetType():
		return cty.SetVal([]cty.Value{example(name, t.ElementType(), i)})
	case t.IsMapType():
		return cty.MapVal(map[string]cty.Value{"a": example(name, t.ElementType(), i)})
	case t.IsObjectType():
		m := map[string]cty.Value{}
		for k, kt := range t.AttributeTypes() {
			m[k] = example(k, kt, i)
		}
		return cty.ObjectVal(m)
	}
	return cty.NullVal(t)
}

// jsonValue is a known value as JSON gives it.
func jsonValue(v cty.Value) (any, error) {
	raw, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		return nil, err
	}
	var out any
	return out, json.Unmarshal(raw, &out)
}

// snake is a camelCase name in Terraform's way.
func snake(s string) string {
	var b strings.Builder
	for i, r := range s {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// camel is a snake_case name in Pulumi's way.
func camel(s string) string {
	parts := strings.Split(s, "_")
	for i, p := range parts {
		if i > 0 && p != "" {
			parts[i] = title(p)
		}
	}
	return strings.Join(parts, "")
}
