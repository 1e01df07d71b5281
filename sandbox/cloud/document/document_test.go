package document

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestADocumentIsReadAsEncodingJSONReadsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var value func(depth int) any
		value = func(depth int) any {
			switch kind := rapid.IntRange(0, 5).Draw(t, "kind"); {
			case kind == 0 && depth > 0:
				m := map[string]any{}
				for range rapid.IntRange(0, 3).Draw(t, "n") {
					m[rapid.String().Draw(t, "key")] = value(depth - 1)
				}
				return m
			case kind == 1 && depth > 0:
				list := []any{}
				for range rapid.IntRange(0, 3).Draw(t, "n") {
					list = append(list, value(depth-1))
				}
				return list
			case kind == 2:
				return rapid.Bool().Draw(t, "bool")
			case kind == 3:
				return nil
			case kind == 4:
				return json.Number("12.5")
			}
			return rapid.String().Draw(t, "string")
		}
		want := value(3)
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var plain any
		d := json.NewDecoder(strings.NewReader(string(text)))
		d.UseNumber()
		if err := d.Decode(&plain); err != nil {
			t.Fatal(err)
		}
		got, err := Parse(string(text))
		if err != nil || !reflect.DeepEqual(got, plain) {
			t.Fatalf("%s was read as %v, %v", text, got, err)
		}
	})
}

func TestWhatIsNoDocumentIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "unexpected EOF",
		"{":                   "unexpected EOF",
		`{"a":1,"a":2}`:       `the key "a" occurs twice`,
		`{"a":{"b":1,"b":2}}`: `the key "b" occurs twice`,
		`{} {}`:               "there is more after the end",
		`{"a" 1}`:             "invalid character",
		`[1,]`:                "invalid character",
	} {
		if v, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v", text, v, err)
		}
	}
	if _, err := Object("[]"); err == nil || err.Error() != "it is an array, not a JSON object" {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"a":[1,"b",null,true,{}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		v, err := Parse(text)
		if err == nil && !json.Valid([]byte(text)) {
			t.Errorf("%q was read as %v", text, v)
		}
	})
}
