package cloud

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"golang.org/x/crypto/bcrypt"
)

// The types of the random package that are served.
const (
	randomPassword = "random:index/randomPassword:RandomPassword"
	randomID       = "random:index/randomId:RandomId"
)

// randomTypes say how each type makes its outputs.
var randomTypes = map[string]randomType{
	randomPassword: {unknown: []resource.PropertyKey{"result", "bcryptHash"}, secret: true, draw: drawPassword},
	randomID:       {unknown: []resource.PropertyKey{"hex", "dec", "b64Std", "b64Url"}, draw: drawID},
}

// randomType is how a type of the random package makes its outputs.
type randomType struct {
	// unknown are the outputs that a preview cannot tell.
	unknown []resource.PropertyKey
	// secret says that they are secret.
	secret bool
	// draw adds the outputs to the inputs in out, and returns the id.
	draw func(out resource.PropertyMap) (id string, err error)
}

// randomProvider is the random package. It keeps nothing: as with the real
// one, what is drawn lives in the program's state alone.
type randomProvider struct{ base }

// CheckConfig see plugin.Provider.
func (p *randomProvider) CheckConfig(_ context.Context, req plugin.CheckConfigRequest) (plugin.CheckConfigResponse, error) {
	return plugin.CheckConfigResponse{Properties: req.News}, nil
}

// DiffConfig see plugin.Provider.
func (p *randomProvider) DiffConfig(context.Context, plugin.DiffConfigRequest) (plugin.DiffConfigResponse, error) {
	return plugin.DiffConfigResponse{Changes: plugin.DiffNone}, nil
}

// Configure see plugin.Provider.
func (p *randomProvider) Configure(context.Context, plugin.ConfigureRequest) (plugin.ConfigureResponse, error) {
	return plugin.ConfigureResponse{}, nil
}

// Check checks the inputs' names and types.
func (p *randomProvider) Check(_ context.Context, req plugin.CheckRequest) (plugin.CheckResponse, error) {
	typ := string(req.Type)
	if _, ok := randomTypes[typ]; !ok {
		return plugin.CheckResponse{}, notModelled("resource type", typ)
	}
	return plugin.CheckResponse{Properties: req.News, Failures: p.c.shape(p.c.facts.Resources[typ].Inputs, req.News, "")}, nil
}

// Diff replaces what was drawn on any change, as the real provider does.
func (p *randomProvider) Diff(_ context.Context, req plugin.DiffRequest) (plugin.DiffResponse, error) {
	inputs := p.c.facts.Resources[string(req.Type)].Inputs
	return configDiff(plugin.DiffConfigRequest{OldInputs: req.OldInputs, NewInputs: req.NewInputs}, sortedNames(inputs)), nil
}

// Create draws, or in a preview says that the outcome is not known.
func (p *randomProvider) Create(_ context.Context, req plugin.CreateRequest) (plugin.CreateResponse, error) {
	t, ok := randomTypes[string(req.Type)]
	if !ok {
		return plugin.CreateResponse{}, notModelled("resource type", string(req.Type))
	}
	out := req.Properties.Copy()
	if req.Preview {
		for _, k := range t.unknown {
			out[k] = resource.MakeComputed(resource.NewStringProperty(""))
			if t.secret {
				out[k] = resource.MakeSecret(out[k])
			}
		}
		return plugin.CreateResponse{Properties: out}, nil
	}
	id, err := t.draw(out)
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	return plugin.CreateResponse{ID: resource.ID(id), Properties: out}, nil
}

// drawID draws the bytes of a random id.
func drawID(out resource.PropertyMap) (string, error) {
	length, _ := number(plain(out), "byteLength")
	if length < 1 {
		return "", fmt.Errorf("an id of %v bytes cannot be made", length)
	}
	bytes := make([]byte, int(length))
	if _, err := rand.Read(bytes); err != nil {
		return "", fmt.Errorf("drawing an id: %w", err)
	}
	prefix := text(plain(out), "prefix")
	id := base64.RawURLEncoding.EncodeToString(bytes)
	out["hex"] = resource.NewStringProperty(prefix + hex.EncodeToString(bytes))
	out["dec"] = resource.NewStringProperty(prefix + new(big.Int).SetBytes(bytes).String())
	out["b64Std"] = resource.NewStringProperty(prefix + base64.StdEncoding.EncodeToString(bytes))
	out["b64Url"] = resource.NewStringProperty(prefix + id)
	return id, nil
}

// drawPassword draws a password, and hashes it.
func drawPassword(out resource.PropertyMap) (string, error) {
	word, err := password(plain(out))
	if err != nil {
		return "", err
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(word[:min(len(word), bcryptLimit)]), bcrypt.DefaultCost)
	if err != nil {
		return "", fmt.Errorf("hashing a password: %w", err)
	}
	out["result"] = resource.MakeSecret(resource.NewStringProperty(word))
	out["bcryptHash"] = resource.MakeSecret(resource.NewStringProperty(string(hash)))
	for _, k := range []resource.PropertyKey{"lower", "upper", "numeric", "number", "special"} {
		if !out.HasValue(k) {
			out[k] = resource.NewBoolProperty(true)
		}
	}
	for _, k := range []resource.PropertyKey{"minLower", "minUpper", "minNumeric", "minSpecial"} {
		if !out.HasValue(k) {
			out[k] = resource.NewNumberProperty(0)
		}
	}
	return "none", nil // the real provider's id of every password
}

// bcryptLimit is how many bytes of a password bcrypt takes.
const bcryptLimit = 72

// password draws a password as the inputs ask: at least the minimum of each
// kind of character, in random order.
func password(in map[string]any) (string, error) {
	special := "!@#$%&*()-_=+[]{}<>:?"
	if s := text(in, "overrideSpecial"); s != "" {
		special = s
	}
	kinds := []struct{ name, minimum, letters string }{
		{"lower", "minLower", "abcdefghijklmnopqrstuvwxyz"}, {"upper", "minUpper", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
		{"numeric", "minNumeric", "0123456789"}, {"special", "minSpecial", special},
	}
	var pool string
	var word []byte
	draw := func(from string, n int) error {
		for range n {
			i, err := rand.Int(rand.Reader, big.NewInt(int64(len(from))))
			if err != nil {
				return fmt.Errorf("drawing a password: %w", err)
			}
			word = append(word, from[i.Int64()])
		}
		return nil
	}
	for _, k := range kinds {
		if on, set := in[k.name].(bool); set && !on {
			continue
		}
		pool += k.letters
		n, _ := number(in, k.minimum)
		if err := draw(k.letters, int(n)); err != nil {
			return "", err
		}
	}
	length, _ := number(in, "length")
	if pool == "" || int(length) < len(word) || length < 1 {
		return "", fmt.Errorf("a password of length %v cannot be made of the characters asked for", length)
	}
	if err := draw(pool, int(length)-len(word)); err != nil {
		return "", err
	}
	for i := len(word) - 1; i > 0; i-- {
		j, err := rand.Int(rand.Reader, big.NewInt(int64(i+1)))
		if err != nil {
			return "", fmt.Errorf("drawing a password: %w", err)
		}
		word[i], word[j.Int64()] = word[j.Int64()], word[i]
	}
	return string(word), nil
}

// Read returns what the state says: there is nothing else to ask. An import
// gives the password as the id.
func (p *randomProvider) Read(_ context.Context, req plugin.ReadRequest) (plugin.ReadResponse, error) {
	if strings.TrimSpace(string(req.ID)) == "" {
		return plugin.ReadResponse{}, fmt.Errorf("nothing random has an empty id")
	}
	return plugin.ReadResponse{ReadResult: plugin.ReadResult{ID: req.ID, Inputs: req.Inputs, Outputs: req.State}}, nil
}

// Delete forgets nothing, as there is nothing to forget.
func (p *randomProvider) Delete(context.Context, plugin.DeleteRequest) (plugin.DeleteResponse, error) {
	return plugin.DeleteResponse{}, nil
}
