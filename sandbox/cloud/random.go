package cloud

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"golang.org/x/crypto/bcrypt"
)

// randomPassword is the one type of the random package that is served.
const randomPassword = "random:index/randomPassword:RandomPassword"

// randomProvider is the random package. It keeps nothing: as with the real
// one, a password lives in the program's state alone, as a secret.
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
	if req.Type != randomPassword {
		return plugin.CheckResponse{}, notModelled("resource type", string(req.Type))
	}
	return plugin.CheckResponse{Properties: req.News, Failures: p.c.shape(p.c.facts.Resources[randomPassword].Inputs, req.News, "")}, nil
}

// Diff replaces the password on any change, as the real provider does.
func (p *randomProvider) Diff(_ context.Context, req plugin.DiffRequest) (plugin.DiffResponse, error) {
	resp := configDiff(plugin.DiffConfigRequest{OldInputs: req.OldInputs, NewInputs: req.NewInputs}, sortedNames(p.c.facts.Resources[randomPassword].Inputs))
	return plugin.DiffResponse(resp), nil
}

// Create makes a password, or in a preview says that it is not known.
func (p *randomProvider) Create(_ context.Context, req plugin.CreateRequest) (plugin.CreateResponse, error) {
	if req.Type != randomPassword {
		return plugin.CreateResponse{}, notModelled("resource type", string(req.Type))
	}
	out := req.Properties.Copy()
	for _, k := range []resource.PropertyKey{"result", "bcryptHash"} {
		out[k] = resource.MakeSecret(resource.MakeComputed(resource.NewStringProperty("")))
	}
	if req.Preview {
		return plugin.CreateResponse{Properties: out}, nil
	}
	if err := p.c.begin(Operation{Verb: "create", Type: randomPassword, URN: string(req.URN)}); err != nil {
		return plugin.CreateResponse{}, err
	}
	word, err := password(plain(req.Properties))
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(word[:min(len(word), bcryptLimit)]), bcrypt.DefaultCost)
	if err != nil {
		return plugin.CreateResponse{}, fmt.Errorf("hashing a password: %w", err)
	}
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
	out["result"] = resource.MakeSecret(resource.NewStringProperty(word))
	return plugin.CreateResponse{ID: "none", Properties: out}, nil
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
		return plugin.ReadResponse{}, fmt.Errorf("a password has no empty id")
	}
	return plugin.ReadResponse{ReadResult: plugin.ReadResult{ID: req.ID, Inputs: req.Inputs, Outputs: req.State}}, nil
}

// Delete forgets nothing, as there is nothing to forget.
func (p *randomProvider) Delete(context.Context, plugin.DeleteRequest) (plugin.DeleteResponse, error) {
	return plugin.DeleteResponse{}, nil
}
