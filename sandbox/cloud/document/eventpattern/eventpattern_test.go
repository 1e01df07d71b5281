package eventpattern

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tandem-platform/tandem/sandbox/cloud/document/documenttest"
)

func TestGoodPatternsAreTaken(t *testing.T) {
	documenttest.Taken(t, map[string]string{
		"values":   `{"source":["aws.rds"],"detail-type":["RDS DB Cluster Event"],"detail":{"code":[1,null,true]}}`,
		"filters":  `{"detail":{"a":[{"prefix":"x"},{"suffix":{"equals-ignore-case":".PNG"}},{"exists":false}],"b":[{"numeric":[">",0,"<=",5]},{"numeric":["=",3]}]}}`,
		"networks": `{"detail":{"ip":[{"cidr":"10.0.0.0/24"}]}}`,
		"but":      `{"detail":{"a":[{"anything-but":["x","y"]}],"b":[{"anything-but":{"prefix":"x"}}],"c":[{"anything-but":5}],"d":[{"wildcard":"a*b"}]}}`,
		"either":   `{"$or":[{"source":["a"]},{"detail":{"b":[1]}}]}`,
	}, Check)
}

func TestErrorsReadLikeEventBridge(t *testing.T) {
	documenttest.Refused(t, map[string]string{
		"no JSON":                  `{"source":`,
		"no object":                `["aws.rds"]`,
		"empty":                    `{}`,
		"a value without a list":   `{"source":"aws.rds"}`,
		"an empty list":            `{"source":[]}`,
		"an empty object":          `{"detail":{}}`,
		"a list in a list":         `{"source":[["a"]]}`,
		"two keys in a filter":     `{"source":[{"prefix":"a","suffix":"b"}]}`,
		"an unknown filter":        `{"source":[{"begins-with":"a"}]}`,
		"a prefix of a number":     `{"source":[{"prefix":1}]}`,
		"exists of a word":         `{"source":[{"exists":"yes"}]}`,
		"half a comparison":        `{"a":[{"numeric":[">"]}]}`,
		"a comparison upside down": `{"a":[{"numeric":[">",5,"<",1]}]}`,
		"two lower bounds":         `{"a":[{"numeric":[">",1,">",2]}]}`,
		"no network":               `{"a":[{"cidr":"10.0.0.0"}]}`,
		"two stars":                `{"a":[{"wildcard":"a**b"}]}`,
		"but nothing":              `{"a":[{"anything-but":[]}]}`,
		"but what":                 `{"a":[{"anything-but":{"numeric":["=",1]}}]}`,
		"one alternative":          `{"$or":[{"source":["a"]}]}`,
		"too long":                 `{"source":["` + strings.Repeat("a", Limit) + `"]}`,
	}, Check)
}

// A leaf taken out of its list is refused wherever it is.
func TestEveryLeafIsAList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,5}`), 1, 5).Draw(t, "path")
		leaf := rapid.SampledFrom([]any{"a", 1, true, nil}).Draw(t, "leaf")
		pattern := func(v any) string {
			for i := len(names) - 1; i >= 0; i-- {
				v = map[string]any{names[i]: v}
			}
			text, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		if err := Check(pattern([]any{leaf})); err != nil {
			t.Fatal(err)
		}
		if err := Check(pattern(leaf)); err == nil || !strings.Contains(err.Error(), strings.Join(names, ".")) {
			t.Fatalf("%s: %v", pattern(leaf), err)
		}
	})
}

func FuzzCheck(f *testing.F) {
	f.Add(`{"a":[{"numeric":[">",0,"<=",5]}]}`)
	f.Fuzz(func(_ *testing.T, text string) { _ = Check(text) })
}
