// Package terraform finds the Terraform AWS provider that pulumi-aws wraps, talks
// to it, and knows which names Pulumi gives to what is in its schema.
//
// The provider is started as Terraform would start it, and spoken to in version 5
// of the plugin protocol (hashicorp/terraform, docs/plugin-protocol). No call
// reaches AWS.
package terraform

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/msgpack"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/protowire"
)

const (
	// Version of the provider: the one that pulumi-aws 6.83 wraps.
	Version = "5.100.0"
	// PluginDirEnv is the environment variable that names a plugin directory:
	// a folder of unpacked providers in Terraform's layout.
	PluginDirEnv = "TANDEM_TF_PLUGIN_DIR"
	// maxMessage is enough for the provider's schema, in bytes.
	maxMessage = 512 << 20
	// patience is how long an answer may take. A plan that wants to look
	// something up in AWS never gets one.
	patience = 20 * time.Second
)

// address is where the provider is in a plugin directory.
var address = filepath.Join("registry.terraform.io", "hashicorp", "aws", Version, runtime.GOOS+"_"+runtime.GOARCH)

// ErrNotFound says that there is no provider to ask, and how to get it.
var ErrNotFound = fmt.Errorf("the Terraform AWS provider %s was not found: set %s to a folder with %s, "+
	"such as .terraform/providers after a terraform init of a configuration that requires hashicorp/aws %[1]s",
	Version, PluginDirEnv, address)

// A Provider is a running Terraform AWS provider.
type Provider struct {
	// Schemas by resource type. That of the provider's own settings is at
	// "provider".
	Schemas map[string]*Block

	cmd  *exec.Cmd
	conn *grpc.ClientConn
}

// Find returns the plugin directory that holds the provider, and the path of
// the provider's binary. It looks where PluginDirEnv says and in the
// directories that Terraform itself uses.
func Find() (dir, binary string, err error) {
	dirs := []string{os.Getenv(PluginDirEnv), os.Getenv("TF_PLUGIN_CACHE_DIR")}
	if home, err := os.UserHomeDir(); err == nil {
		dirs = append(dirs, filepath.Join(home, ".terraform.d", "plugins"))
	}
	for _, dir := range append(dirs, "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins") {
		if dir == "" {
			continue
		}
		found, err := filepath.Glob(filepath.Join(dir, address, "terraform-provider-aws_*"))
		if err != nil {
			return "", "", err
		}
		if len(found) > 0 {
			return dir, found[0], nil
		}
	}
	return "", "", ErrNotFound
}

// Start starts the provider and reads its schema. The caller must Close it.
func Start() (*Provider, error) {
	_, path, err := Find()
	if err != nil {
		return nil, err
	}
	endpoints, err := Endpoints()
	if err != nil {
		return nil, err
	}
	p := &Provider{cmd: exec.Command(path)}
	// The cookie is what every Terraform provider asks of its caller.
	p.cmd.Env = append(append(os.Environ(), endpoints...),
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2", "PLUGIN_PROTOCOL_VERSIONS=5",
		"AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE=/nonexistent", "AWS_SHARED_CREDENTIALS_FILE=/nonexistent",
	)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the provider: %w", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the provider did not say where it listens: %w", err), p.Close())
	}
	parts := strings.Split(strings.TrimSpace(line), "|") // core|protocol|network|address|grpc
	if len(parts) < 5 || parts[4] != "grpc" {
		return nil, errors.Join(fmt.Errorf("the provider's greeting %q is not understood", line), p.Close())
	}
	p.conn, err = grpc.NewClient(parts[2]+":"+parts[3], grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(raw{}), grpc.MaxCallRecvMsgSize(maxMessage)))
	if err == nil {
		err = p.readSchema()
	}
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// Close ends the provider.
func (p *Provider) Close() error {
	var errs []error
	if p.conn != nil {
		errs = append(errs, p.conn.Close())
	}
	errs = append(errs, p.cmd.Process.Kill())
	_ = p.cmd.Wait() // it was killed, and says so
	return errors.Join(errs...)
}

// raw hands messages over as they are.
type raw struct{}

func (raw) Marshal(v any) ([]byte, error)      { return *v.(*[]byte), nil }
func (raw) Unmarshal(data []byte, v any) error { *v.(*[]byte) = slices.Clone(data); return nil }
func (raw) Name() string                       { return "proto" }

func (p *Provider) call(method string, req []byte) ([]byte, error) {
	var resp []byte
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := p.conn.Invoke(ctx, "/tfplugin5.Provider/"+method, &req, &resp)
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

func (p *Provider) readSchema() error {
	resp, err := p.call("GetSchema", nil)
	if err != nil {
		return fmt.Errorf("asking for the schema: %w", err)
	}
	top, err := fields(resp)
	if err != nil {
		return err
	}
	p.Schemas = map[string]*Block{}
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
		for _, part := range parts {
			if part.num == 2 {
				if p.Schemas[name], err = readBlock(part.bytes); err != nil {
					return fmt.Errorf("schema of %s: %w", name, err)
				}
			}
		}
	}
	return nil
}

// Configure gives the provider credentials that are good for nothing, and
// tells it to try none. Plan needs it.
func (p *Provider) Configure() error {
	schema := p.Schemas["provider"]
	v := schema.Sample(func(path string) (cty.Value, bool) {
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
	resp, err := p.call("Configure", protowire.AppendBytes(protowire.AppendTag(nil, 2, protowire.BytesType), value))
	if err != nil {
		return fmt.Errorf("configuring the provider: %w", err)
	}
	return diagnostics(resp, 1)
}

// dynamic is a value as the protocol carries it.
func dynamic(v cty.Value, b *Block) ([]byte, error) {
	packed, err := msgpack.Marshal(v, b.ImpliedType())
	return protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), packed), err
}

// A Refusal is an error that the provider finds in a configuration.
type Refusal struct {
	// Path is the attribute or block, without indexes; empty where the
	// provider names none.
	Path string
	// Text is the summary and the detail.
	Text string
}

// refusals are the errors in a response.
func refusals(resp []byte, num protowire.Number) ([]Refusal, error) {
	top, err := fields(resp)
	if err != nil {
		return nil, err
	}
	var all []Refusal
	for _, f := range top {
		if f.num != num {
			continue
		}
		d, err := fields(f.bytes)
		if err != nil {
			return nil, err
		}
		severity, r := uint64(0), Refusal{}
		for _, p := range d {
			switch p.num {
			case 1:
				severity = p.varint
			case 2, 3:
				r.Text = strings.TrimSpace(r.Text + " " + string(p.bytes))
			case 4:
				if r.Path, err = attributePath(p.bytes); err != nil {
					return nil, err
				}
			}
		}
		if severity == 1 {
			all = append(all, r)
		}
	}
	return all, nil
}

// diagnostics are the errors in a response as one.
func diagnostics(resp []byte, num protowire.Number) error {
	all, err := refusals(resp, num)
	errs := []error{err}
	for _, r := range all {
		errs = append(errs, errors.New(r.Text))
	}
	return errors.Join(errs...)
}

// Validate puts a configuration to the provider and returns what it refuses.
func (p *Provider) Validate(typ string, config cty.Value) ([]Refusal, error) {
	req := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), typ)
	value, err := dynamic(config, p.Schemas[typ])
	if err != nil {
		return nil, err
	}
	resp, err := p.call("ValidateResourceTypeConfig", protowire.AppendBytes(protowire.AppendTag(req, 2, protowire.BytesType), value))
	if err != nil {
		return nil, fmt.Errorf("validating %s: %w", typ, err)
	}
	return refusals(resp, 1)
}

// Plan puts a change to the provider. It returns the planned value and the
// paths, without indexes, whose change replaces the resource.
func (p *Provider) Plan(typ string, prior, proposed, config cty.Value) (planned cty.Value, replace []string, err error) {
	schema := p.Schemas[typ]
	req := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), typ)
	for i, v := range []cty.Value{prior, proposed, config} {
		value, err := dynamic(v, schema)
		if err != nil {
			return cty.NilVal, nil, err
		}
		req = protowire.AppendBytes(protowire.AppendTag(req, protowire.Number(i+2), protowire.BytesType), value)
	}
	resp, err := p.call("PlanResourceChange", req)
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
			if planned, err = msgpack.Unmarshal(v[0].bytes, schema.ImpliedType()); err != nil {
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
