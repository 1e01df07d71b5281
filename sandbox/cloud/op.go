package cloud

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// op is one create or update as it runs.
type op struct {
	*tx
	m     *model
	urn   string
	seq   uint64
	scope Scope
	// region is the region of the provider that asks, also for global types.
	region string
	id     string
	in     map[string]any
	out    map[string]any
	// tmp are values for templates that are no outputs.
	tmp map[string]any
	// old is what was before an update, nil at a create.
	old *Resource
	// refs are what the inputs name.
	refs []Ref
	// unset are the inputs that an update takes away though no program has
	// given them; see unset.
	unset []string
}

// fail is an error of the service, in its own form.
func (o *op) fail(verb, code, format string, args ...any) error {
	return &apiError{
		verb: verb, service: o.m.Service, typ: o.m.Type, resource: o.label(), code: code,
		reason: fmt.Sprintf(format, args...),
	}
}

// refuse is a fail of the operation that runs.
func (o *op) refuse(code, format string, args ...any) error {
	verb := "creating"
	if o.old != nil {
		verb = "updating"
	}
	return o.fail(verb, code, format, args...)
}

// label names the resource in an error: its name, else its id.
func (o *op) label() string {
	for _, p := range []string{o.m.auto().prop, "name", "clusterIdentifier", "cidrBlock"} {
		if s := text(o.in, p); s != "" {
			return s
		}
	}
	return o.id
}

// apiError reads as the AWS provider's errors do: what was being done, then
// the service, the operation, the code and the reason.
type apiError struct {
	verb, service, typ, resource, code, reason string
	// attempts is what the SDK says of its attempts, or "".
	attempts string
}

func (e *apiError) Error() string {
	return fmt.Sprintf("%s, %sapi error %s: %s", e.operation(), e.attempts, e.code, e.reason)
}

// operation is what was being done.
func (e *apiError) operation() string {
	name := e.typ[strings.LastIndex(e.typ, ":")+1:]
	what := strings.TrimSpace(e.service + " " + name)
	if e.resource != "" {
		what += " (" + e.resource + ")"
	}
	action := map[string]string{"creating": "Create", "updating": "Modify", "deleting": "Delete", "reading": "Describe"}[e.verb]
	return fmt.Sprintf("%s %s: operation error %s: %s%s", e.verb, what, e.service, action, name)
}

var placeholder = regexp.MustCompile(`\{([^{}]+)\}`)

// expand fills a template. It says whether every value that the template names
// was there.
func (o *op) expand(template, salt string) (string, bool) {
	ok := true
	s := placeholder.ReplaceAllStringFunc(template, func(m string) string {
		name := m[1 : len(m)-1]
		v, found := o.value(name, salt)
		ok = ok && found
		return v
	})
	return s, ok
}

func (o *op) value(name, salt string) (string, bool) {
	if optional, ok := strings.CutSuffix(name, "?"); ok {
		v, _ := o.value(optional, salt)
		return v, true
	}
	switch name {
	case "region":
		return o.region, true
	case "account":
		return o.c.account, true
	case "id":
		return o.id, o.id != ""
	case "uuid":
		h := o.mint("hex", 32, salt)
		return fmt.Sprintf("%s-%s-4%s-a%s-%s", h[:8], h[8:12], h[13:16], h[17:20], h[20:32]), true
	}
	if form, n, ok := strings.Cut(name, ":"); ok {
		if length, err := strconv.Atoi(n); err == nil {
			return o.mint(form, length, salt), true
		}
		if form == "lower" {
			v, ok := o.value(n, salt)
			return strings.ToLower(v), ok
		}
	}
	for _, from := range []map[string]any{o.in, o.out, o.tmp} {
		switch v := at(from, name).(type) {
		case string:
			return v, true
		case float64:
			return strconv.FormatFloat(v, 'f', -1, 64), true
		case bool:
			return strconv.FormatBool(v), true
		}
	}
	return "", false
}

// mint makes an identifier of n characters. The same URN gets the same
// identifiers in the same order again, so that two runs of a program on fresh
// stores differ in nothing.
func (o *op) mint(form string, n int, salt string) string {
	seed := sha256.Sum256(binary.BigEndian.AppendUint64(
		[]byte(strings.Join([]string{o.scope.name(), o.m.Type, o.urn, form, salt}, sep)), o.seq))
	var s string
	switch form {
	case "hex", "HEX":
		s = hex.EncodeToString(seed[:])
		if form == "HEX" {
			s = strings.ToUpper(s)
		}
	case "digits":
		for i := 0; i < len(seed); i += 2 {
			s += fmt.Sprintf("%04d", binary.BigEndian.Uint16(seed[i:])%10000)
		}
	default: // alnum, upper
		s = base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(seed[:])
		if form == "alnum" {
			s = strings.ToLower(s)
		}
	}
	return s[:min(n, len(s))]
}

// auto is the model's autoname with its defaults.
func (m *model) auto() autoname {
	a := m.Auto
	if a.none {
		return autoname{none: true}
	}
	if a.prop == "" {
		a.prop = "name"
	}
	if a.max == 0 {
		a.max = 255
	}
	return a
}
