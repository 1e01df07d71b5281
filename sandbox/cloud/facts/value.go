package facts

import (
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Value is what the provider demands of a string, of a number, or of each
// element of a list of them. The zero value demands nothing.
type Value struct {
	// Enum lists the values that are allowed; numbers are in decimal. Where
	// there are other demands too, what meets those is allowed as well.
	Enum []string `json:"enum,omitempty"`
	// AnyCase means that upper and lower case are the same in Enum.
	AnyCase bool `json:"anyCase,omitempty"`
	// Min and Max bound a number, nil where there is no bound.
	Min *float64 `json:"min,omitempty"`
	Max *float64 `json:"max,omitempty"`
	// Multiple is what a number must be divisible by; 0 demands nothing.
	Multiple int `json:"multiple,omitempty"`
	// MinLen and MaxLen bound the length of a string in bytes; a MaxLen of 0
	// is no bound.
	MinLen int `json:"minLen,omitempty"`
	MaxLen int `json:"maxLen,omitempty"`
	// Form is the name of a form, one of Forms.
	Form string `json:"form,omitempty"`
	// Pattern is a regular expression, and Says how the provider puts it in
	// words.
	Pattern string `json:"pattern,omitempty"`
	Says    string `json:"says,omitempty"`
}

// A Form is a kind of text that has a name.
type Form struct {
	Name string
	// Words are what the provider says a value is not.
	Words string
	// Sample is of the form, and of no other.
	Sample string
	// Is says whether a text is of the form.
	Is func(string) bool
}

var arnForm = regexp.MustCompile(`^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$`)

// Forms are the forms in the order in which a generator tries them.
var Forms = []Form{
	{"arn", "an ARN", "arn:aws:iam::123456789012:role/a", arnForm.MatchString},
	{"json", "a JSON document", `{"Version":"2012-10-17"}`, func(s string) bool { return json.Valid([]byte(s)) }},
	{"cidr", "a valid CIDR block", "10.0.0.0/16", isNetwork(netip.Addr.Is4)},
	{"cidr6", "a valid IPv6 CIDR block", "2001:db8::/56", isNetwork(netip.Addr.Is6)},
	{"ip", "a valid IPv4 address", "192.0.2.1", isAddress(netip.Addr.Is4)},
	{"ip6", "a valid IPv6 address", "2001:db8::1", isAddress(netip.Addr.Is6)},
	{"account", "an AWS account number (12 digits)", "123456789012", regexp.MustCompile(`^\d{12}$`).MatchString},
	{"time", "a time of RFC 3339", "2026-01-02T03:04:05Z", func(s string) bool { _, err := time.Parse(time.RFC3339, s); return err == nil }},
	{"url", "an https or http URL", "https://a.example.com", func(s string) bool {
		u, err := url.Parse(s)
		return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
	}},
	{"number", "a number", "5", func(s string) bool { _, err := strconv.ParseFloat(s, 64); return err == nil }},
	{"bool", "true or false", "true", func(s string) bool { _, err := strconv.ParseBool(s); return err == nil }},
}

func isNetwork(family func(netip.Addr) bool) func(string) bool {
	return func(s string) bool {
		p, err := netip.ParsePrefix(s)
		return err == nil && family(p.Addr()) && p == p.Masked()
	}
}

func isAddress(family func(netip.Addr) bool) func(string) bool {
	return func(s string) bool {
		a, err := netip.ParseAddr(s)
		return err == nil && family(a)
	}
}

// FormOf returns the form of that name, nil if there is none.
func FormOf(name string) *Form {
	if i := slices.IndexFunc(Forms, func(f Form) bool { return f.Name == name }); i >= 0 {
		return &Forms[i]
	}
	return nil
}

var compiled sync.Map // pattern → *regexp.Regexp

// Refuses says what is wrong with x, a string or a float64, in the provider's
// words; it is empty where nothing is. name is the property.
func (v *Value) Refuses(name string, x any) string {
	text, isText := x.(string)
	number, isNumber := x.(float64)
	if isNumber {
		text = strconv.FormatFloat(number, 'f', -1, 64)
	}
	if !isText && !isNumber {
		return ""
	}
	same := func(allowed string) bool { return text == allowed || v.AnyCase && strings.EqualFold(text, allowed) }
	if slices.ContainsFunc(v.Enum, same) {
		return ""
	}
	if len(v.Enum) > 0 && v.Min == nil && v.Max == nil && v.Multiple == 0 && v.Form == "" {
		return fmt.Sprintf("expected %s to be one of %q, got %s", name, v.Enum, clip(text))
	}
	if isText && v.Form == "number" {
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			number, isNumber = n, true
		}
	}
	if isNumber && (v.Min != nil && number < *v.Min || v.Max != nil && number > *v.Max) {
		return fmt.Sprintf("expected %s to be %s, got %s", name, bounds(v.Min, v.Max), text)
	}
	if isNumber && v.Multiple != 0 && math.Mod(number, float64(v.Multiple)) != 0 {
		return fmt.Sprintf("expected %s to be divisible by (%d), got %s", name, v.Multiple, text)
	}
	if !isText {
		return ""
	}
	if n := len(text); n < v.MinLen || v.MaxLen > 0 && n > v.MaxLen {
		least, most := float64(v.MinLen), float64(v.MaxLen)
		if v.MaxLen == 0 {
			return fmt.Sprintf("expected length of %s to be %s, got %s", name, bounds(&least, nil), clip(text))
		}
		return fmt.Sprintf("expected length of %s to be %s, got %s", name, bounds(&least, &most), clip(text))
	}
	if f := FormOf(v.Form); f != nil && !f.Is(text) {
		return fmt.Sprintf("%q (%s) is not %s", name, clip(text), f.Words)
	}
	if v.Pattern != "" {
		form, ok := compiled.Load(v.Pattern)
		if !ok {
			form, _ = compiled.LoadOrStore(v.Pattern, regexp.MustCompile(v.Pattern))
		}
		if !form.(*regexp.Regexp).MatchString(text) {
			if v.Says != "" {
				return fmt.Sprintf("invalid value for %s (%s), got %s", name, v.Says, clip(text))
			}
			return fmt.Sprintf("expected value of %s to match regular expression %q, got %s", name, v.Pattern, clip(text))
		}
	}
	return ""
}

func bounds(least, most *float64) string {
	text := func(f *float64) string { return strconv.FormatFloat(*f, 'f', -1, 64) }
	switch {
	case least != nil && most != nil:
		return fmt.Sprintf("in the range (%s - %s)", text(least), text(most))
	case least != nil:
		return fmt.Sprintf("at least (%s)", text(least))
	}
	return fmt.Sprintf("at most (%s)", text(most))
}

// clip shortens what an error shows of a value.
func clip(s string) string {
	const most = 80
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
