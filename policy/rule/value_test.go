package rule

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

func resourceWith(properties map[string]property.Value) Resource {
	return Resource{properties: Value{value: property.New(properties)}}
}

func TestWhatIsBelowSomethingUnknownIsUnknown(t *testing.T) {
	r := resourceWith(map[string]property.Value{"config": property.New(property.Computed)})
	if v := r.At("config", "provider", "key"); !v.Unknown() || v.Missing() || v.Path() != "config.provider.key" {
		t.Errorf("read %q at %q", v, v.Path())
	}
}

func TestWhatIsBelowSomethingMissingOrOfAnotherKindIsMissing(t *testing.T) {
	r := resourceWith(map[string]property.Value{"text": property.New("a"), "null": property.New(property.Null)})
	for _, keys := range [][]string{{"none"}, {"none", "below"}, {"null"}, {"null", "below"}, {"text", "below"}} {
		if v := r.At(keys...); !v.Missing() || v.Unknown() {
			t.Errorf("read %q at %q", v, v.Path())
		}
	}
}

func TestElementsHavePathsOfTheirOwn(t *testing.T) {
	r := resourceWith(map[string]property.Value{"rules": property.New([]property.Value{
		property.New(map[string]property.Value{"cidr": property.New("10.0.0.0/8")}),
	})})
	list := r.At("rules").List()
	if len(list) != 1 || list[0].At("cidr").Path() != "rules[0].cidr" {
		t.Fatalf("read %v", list)
	}
}

func TestSecretsAreNotShownHoweverDeepOneReads(t *testing.T) {
	inner := property.New(map[string]property.Value{"password": property.New("hunter2")})
	r := resourceWith(map[string]property.Value{
		"around": inner.WithSecret(true),
		"within": property.New(map[string]property.Value{"password": property.New("hunter2").WithSecret(true)}),
		"list":   property.New([]property.Value{inner}).WithSecret(true),
	})
	for _, v := range []Value{r.At("around"), r.At("around", "password"), r.At("within"), r.At("within", "password"), r.At("list").List()[0].At("password")} {
		if v.String() != "[secret]" {
			t.Errorf("at %s shown as %s", v.Path(), v)
		}
	}
}

func TestLongValuesAreShownShortened(t *testing.T) {
	r := resourceWith(map[string]property.Value{"policy": property.New(strings.Repeat("ä", 500))})
	if shown := []rune(r.At("policy").String()); len(shown) != shownRunes+1 || shown[shownRunes] != '…' {
		t.Errorf("shown as %s", string(shown))
	}
}

func TestProviderConfigurationReadsTheSameFromJSON(t *testing.T) {
	structured := property.New(map[string]property.Value{"tags": property.New(map[string]property.Value{"Owner": property.New("web")})})
	for name, v := range map[string]property.Value{
		"structured": structured,
		"as JSON":    property.New(`{"tags":{"Owner":"web"}}`),
	} {
		r := Resource{provider: Value{value: property.New(map[string]property.Value{"defaultTags": v})}}
		if text, _ := r.ProviderAt("defaultTags", "tags", "Owner").Text(); text != "web" {
			t.Errorf("%s: read %q", name, text)
		}
	}
	secret := property.New(`{"tags":{"Owner":"web"}}`).WithSecret(true)
	r := Resource{provider: Value{value: property.New(map[string]property.Value{"defaultTags": secret})}}
	if v := r.ProviderAt("defaultTags", "tags", "Owner"); v.String() != "[secret]" {
		t.Errorf("secret JSON shown as %s", v)
	}
}
