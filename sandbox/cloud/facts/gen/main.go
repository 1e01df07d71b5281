// Command gen reads the facts about the modelled resource types from the real
// providers and writes them to one file. See package facts.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
	"github.com/tandem-platform/tandem/sandbox/cloud/facts/sdk"
	"github.com/tandem-platform/tandem/sandbox/terraform"
)

func main() {
	out := flag.String("out", "facts.json", "file to write")
	onlyNew := flag.Bool("new", false, "ask the Terraform provider about types without facts only, and keep what the file says of the others")
	flag.Parse()
	if err := run(*out, *onlyNew); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(out string, onlyNew bool) error {
	f, err := fromSDKs()
	if err != nil {
		return err
	}
	kept := &facts.Facts{}
	if onlyNew {
		if kept, err = facts.Load(); err != nil {
			return err
		}
		if v := kept.Versions["terraform-provider-aws"]; v != terraform.Version {
			return fmt.Errorf("the facts are those of the provider %s, not %s: generate all of them, without -new", v, terraform.Version)
		}
	}
	if err := askAll(f, kept.Resources); err != nil {
		return err
	}
	data, err := encode(f)
	if err != nil {
		return err
	}
	return os.WriteFile(out, data, 0o644)
}

// fromSDKs reads what the Go SDKs say: names, types, what is required and what
// is secret.
func fromSDKs() (*facts.Facts, error) {
	f := &facts.Facts{
		Versions:  map[string]string{},
		Resources: map[string]*facts.Resource{},
		Functions: map[string]*facts.Function{},
		Types:     map[string]facts.Object{},
	}
	var problems []error
	open := map[string]*sdk.SDK{}
	sdkOf := func(tok string) (*sdk.SDK, error) {
		pkg, _, _ := strings.Cut(tok, ":")
		if open[pkg] == nil {
			s, err := sdk.Open(pkg, f)
			if err != nil {
				return nil, err
			}
			open[pkg] = s
		}
		return open[pkg], nil
	}
	for _, tok := range cloud.ModelledTypes() {
		s, err := sdkOf(tok)
		if err != nil {
			return nil, err
		}
		res, err := s.Resource(tok)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		f.Resources[tok] = res
	}
	for _, tok := range cloud.ModelledFunctions() {
		s, err := sdkOf(tok)
		if err != nil {
			return nil, err
		}
		fn, err := s.Function(tok)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		f.Functions[tok] = fn
	}
	return f, errors.Join(problems...)
}

// encode puts the facts down with one resource or type to a line, so that a
// change of one shows as one line.
func encode(f *facts.Facts) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("{\n")
	section := func(name string, v any, last bool) error {
		raw, err := json.Marshal(v)
		if err != nil {
			return err
		}
		var items map[string]json.RawMessage
		if err := json.Unmarshal(raw, &items); err != nil {
			return err
		}
		fmt.Fprintf(&b, "%q: {\n", name)
		keys := sortedKeys(items)
		for i, k := range keys {
			comma := ","
			if i == len(keys)-1 {
				comma = ""
			}
			fmt.Fprintf(&b, "%q:%s%s\n", k, items[k], comma)
		}
		b.WriteString("}")
		if !last {
			b.WriteString(",")
		}
		b.WriteString("\n")
		return nil
	}
	if err := errors.Join(
		section("versions", f.Versions, false),
		section("resources", f.Resources, false),
		section("functions", f.Functions, false),
		section("types", f.Types, true),
	); err != nil {
		return nil, err
	}
	b.WriteString("}\n")
	return b.Bytes(), nil
}
