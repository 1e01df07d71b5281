package facts

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestValuesAreHeldToWhatIsDemanded(t *testing.T) {
	least, most := 7.0, 30.0
	for name, c := range map[string]struct {
		value     Value
		good, bad []any
		says      string
	}{
		"one of a list":             {Value{Enum: []string{"a", "b"}}, []any{"a", "b"}, []any{"c", "A", ""}, `expected p to be one of ["a" "b"], got`},
		"one of a list of any case": {Value{Enum: []string{"udp"}, AnyCase: true}, []any{"udp", "UDP"}, []any{"tcp"}, "one of"},
		"one of some numbers":       {Value{Enum: []string{"0", "1"}}, []any{0.0, 1.0}, []any{2.0}, "one of"},
		"a range":                   {Value{Min: &least, Max: &most}, []any{7.0, 30.0}, []any{6.0, 31.0}, "expected p to be in the range (7 - 30), got"},
		"a least":                   {Value{Min: &least}, []any{7.0, 1e9}, []any{6.9}, "at least (7)"},
		"a most":                    {Value{Max: &most}, []any{-1.0}, []any{31.0}, "at most (30)"},
		"a range or a number":       {Value{Enum: []string{"0"}, Min: &least, Max: &most}, []any{0.0, 7.0, 30.0}, []any{1.0, 31.0}, "in the range (7 - 30)"},
		"a multiple or a number":    {Value{Enum: []string{"10"}, Multiple: 60}, []any{10.0, 60.0, 120.0}, []any{20.0}, "divisible by (60)"},
		"a length":                  {Value{MinLen: 1, MaxLen: 3}, []any{"a", "abc"}, []any{"", "abcd"}, "expected length of p to be in the range (1 - 3)"},
		"a least length":            {Value{MinLen: 2}, []any{"ab"}, []any{"a"}, "at least (2)"},
		"an ARN":                    {Value{Form: "arn"}, []any{"arn:aws:s3:::b"}, []any{"b", "arn:aws:s3"}, "is not an ARN"},
		"a network":                 {Value{Form: "cidr"}, []any{"10.0.0.0/16"}, []any{"10.0.0.1/16", "10.0.0.0/33", "2001:db8::/56"}, "valid CIDR block"},
		"a number as text":          {Value{Form: "number", Min: &least, Max: &most}, []any{"8"}, []any{"eight", "31"}, "p"},
		"a pattern":                 {Value{Pattern: "^[a-z]+$", Says: "must be small letters"}, []any{"a"}, []any{"A"}, "invalid value for p (must be small letters)"},
	} {
		for _, v := range c.good {
			if says := c.value.Refuses("p", v); says != "" {
				t.Errorf("%s: %v was refused: %s", name, v, says)
			}
		}
		for _, v := range c.bad {
			if says := c.value.Refuses("p", v); !strings.Contains(says, c.says) {
				t.Errorf("%s: %v: %q has no %q", name, v, says, c.says)
			}
		}
	}
}

func TestALongValueIsNotShownWhole(t *testing.T) {
	v := Value{MaxLen: 10}
	if says := v.Refuses("p", strings.Repeat("ü", 5000)); !utf8.ValidString(says) || len(says) > 300 {
		t.Errorf("an error of %d bytes: %s", len(says), says)
	}
}

func TestFormsTellTheirSamplesApart(t *testing.T) {
	for _, f := range Forms {
		if !f.Is(f.Sample) || f.Is("¿") {
			t.Errorf("%s is not told by its sample", f.Name)
		}
	}
}

func TestPatternsOfTheFactsCompile(t *testing.T) {
	f, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for tok, r := range f.Resources {
		for path, v := range r.Values {
			v.Refuses(path, "a") // panics on a pattern that is none
			if v.Form != "" && FormOf(v.Form) == nil {
				t.Errorf("%s: %s is of the unknown form %s", tok, path, v.Form)
			}
		}
	}
}
