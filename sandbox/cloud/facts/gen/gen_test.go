package main

import (
	"bytes"
	"errors"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
	"github.com/tandem-platform/tandem/sandbox/terraform"
)

const remedy = "run go generate ./sandbox/cloud/facts"

func TestFactsAreThoseOfTheSDKs(t *testing.T) {
	now, err := fromSDKs()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := facts.Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, version := range now.Versions {
		if kept.Versions[name] != version {
			t.Errorf("%s is at %s, its facts at %s: %s", name, version, kept.Versions[name], remedy)
		}
	}
	for tok, want := range now.Resources {
		have := kept.Resources[tok]
		if have == nil {
			t.Errorf("%s has no facts: %s", tok, remedy)
			continue
		}
		if !reflect.DeepEqual(have.Inputs, want.Inputs) || !reflect.DeepEqual(have.Outputs, want.Outputs) ||
			!reflect.DeepEqual(have.Secret, want.Secret) {
			t.Errorf("the facts of %s are not those of the SDK: %s", tok, remedy)
		}
	}
	if len(kept.Resources) != len(now.Resources) {
		t.Errorf("there are facts of %d types, the tables have %d: %s", len(kept.Resources), len(now.Resources), remedy)
	}
	if !reflect.DeepEqual(kept.Functions, now.Functions) || !reflect.DeepEqual(kept.Types, now.Types) {
		t.Errorf("the facts of functions or nested types are not those of the SDKs: %s", remedy)
	}
}

// The provider answers some four thousand plans, which takes minutes, so it is
// asked only where it is named on purpose.
func TestFactsAreThoseOfTheTerraformProvider(t *testing.T) {
	if os.Getenv(terraform.PluginDirEnv) == "" {
		t.Skipf("set %s to ask the Terraform AWS provider %s", terraform.PluginDirEnv, terraform.Version)
	}
	f, err := fromSDKs()
	if err == nil {
		err = askAll(f, nil)
	}
	if errors.Is(err, terraform.ErrNotFound) {
		t.Fatalf("%s is set, but %v", terraform.PluginDirEnv, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	now, err := encode(f)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("../facts.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(now, kept) {
		t.Errorf("the facts are not those of the provider: %s", remedy)
	}
}

func TestAClassHoldsItsCharactersAndNoOthers(t *testing.T) {
	for _, set := range []string{"#-./0123456789", "abc", "a-z", "^]\\[", "+,-.=@_ABCD", " !"} {
		form := regexp.MustCompile("^[" + characters([]byte(set)) + "]$")
		for c := byte(32); c < 127; c++ {
			if form.MatchString(string(c)) != strings.ContainsRune(set, rune(c)) {
				t.Errorf("%q: the class %s is wrong about %q", set, form, c)
			}
		}
	}
}
