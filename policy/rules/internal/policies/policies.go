// Package policies reads the documents of IAM and resource policies.
package policies

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/policy/rule"
)

// Statement is what is read of a statement of a policy document.
type Statement struct {
	Sid          string
	Effect       string
	Principal    any
	NotPrincipal any
	Action       any
	NotAction    any
	Resource     any
	Condition    map[string]any

	index int
}

// Statements are the statements of a policy document, none if it is not one: AWS
// will say so better.
func Statements(document string) []Statement {
	var doc struct{ Statement json.RawMessage }
	if json.Unmarshal([]byte(document), &doc) != nil {
		return nil
	}
	var all []Statement
	if json.Unmarshal(doc.Statement, &all) != nil {
		var one Statement // the list may be left out around a single one
		if json.Unmarshal(doc.Statement, &one) != nil {
			return nil
		}
		all = []Statement{one}
	}
	for i := range all {
		all[i].index = i
	}
	return all
}

// NoStatement is a check that no statement of the document in a property is of a
// kind. A finding names the statement, and shows nothing of a secret document.
func NoStatement(property string, is func(Statement) bool) rule.Check {
	return func(r rule.Resource) []rule.Finding {
		document := r.At(property)
		text, ok := document.Text()
		if !ok {
			return nil
		}
		var findings []rule.Finding
		for _, s := range Statements(text) {
			if is(s) {
				f := document.Finding("")
				if !document.Secret() {
					f.Value = s.String()
				}
				findings = append(findings, f)
			}
		}
		return findings
	}
}

func (s Statement) String() string {
	what := fmt.Sprintf("its statement %d", s.index+1)
	if s.Sid != "" {
		what = fmt.Sprintf("its statement %q", s.Sid)
	}
	said := []string{"wrong in " + what}
	for _, part := range []struct {
		name  string
		value any
	}{{"principal", s.Principal}, {"action", s.Action}, {"every action but", s.NotAction}, {"resource", s.Resource}} {
		if part.value != nil {
			text, _ := json.Marshal(part.value)
			said = append(said, part.name+" "+string(text))
		}
	}
	return strings.Join(said, ", ")
}

// Public reports whether the statement allows something to everyone, or to all
// but a few, without a condition.
func (s Statement) Public() bool {
	return s.Effect == "Allow" && len(s.Condition) == 0 && (everyone(s.Principal) || s.NotPrincipal != nil)
}

// everyone reports whether a principal is "*", as itself or as an AWS account.
func everyone(principal any) bool {
	switch p := principal.(type) {
	case string:
		return p == "*"
	case []any:
		return slices.ContainsFunc(p, everyone)
	case map[string]any:
		return everyone(p["AWS"])
	default:
		return false
	}
}

// Allows reports whether the statement allows an action by a pattern of its own:
// "*" is allowed by "*" and "*:*", and iam:PassRole by iam:* too.
func (s Statement) Allows(action string) bool {
	if s.Effect != "Allow" {
		return false
	}
	service, _, _ := strings.Cut(action, ":")
	return slices.ContainsFunc(s.Actions(), func(a string) bool {
		return strings.EqualFold(a, action) || a == "*" || a == "*:*" || strings.EqualFold(a, service+":*")
	})
}

// Actions are the actions that the statement names, and patterns of them.
func (s Statement) Actions() []string { return texts(s.Action) }

// Names reports whether the statement names an action exactly.
func (s Statement) Names(action string) bool {
	return slices.ContainsFunc(s.Actions(), func(a string) bool { return strings.EqualFold(a, action) })
}

// AllowsAny reports whether the statement allows one of some actions, by its name or
// by a pattern.
func (s Statement) AllowsAny(actions ...string) bool {
	if s.Effect != "Allow" {
		return false
	}
	named := func(patterns []string, action string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool {
			matched, _ := path.Match(strings.ToLower(p), strings.ToLower(action)) // actions have no slash
			return matched
		})
	}
	return slices.ContainsFunc(actions, func(action string) bool {
		if s.NotAction != nil {
			return !named(texts(s.NotAction), action)
		}
		return named(s.Actions(), action)
	})
}

// ToAccount reports whether the statement is about everyone, all but a few, or a
// whole account, whose IAM policies then say who.
func (s Statement) ToAccount() bool {
	if everyone(s.Principal) || s.NotPrincipal != nil {
		return true
	}
	principal, _ := s.Principal.(map[string]any)
	return slices.ContainsFunc(texts(principal["AWS"]), func(p string) bool {
		return strings.HasSuffix(p, ":root") || len(p) == 12 && strings.Trim(p, "0123456789") == ""
	})
}

// Requires reports whether the statement holds only where a key that begins with one
// of some texts has a value that the condition names, and true where it is a flag.
func (s Statement) Requires(keys ...string) bool {
	for operator, compared := range s.Condition {
		switch strings.TrimPrefix(operator, "ForAnyValue:") {
		case "ArnEquals", "ArnLike", "Bool", "StringEquals", "StringEqualsIgnoreCase", "StringLike":
		default:
			continue // it may hold for what has no such key
		}
		conditions, _ := compared.(map[string]any)
		for key, value := range conditions {
			if operator == "Bool" && fmt.Sprint(value) != "true" {
				continue
			}
			if slices.ContainsFunc(keys, func(k string) bool { return strings.HasPrefix(strings.ToLower(key), strings.ToLower(k)) }) {
				return true
			}
		}
	}
	return false
}

// WholeService reports whether the statement names all actions of a service.
func (s Statement) WholeService() bool {
	return slices.ContainsFunc(s.Actions(), func(a string) bool {
		service, name, ok := strings.Cut(a, ":")
		return ok && name == "*" && service != "*"
	})
}

// Reaches reports whether the statement is about a resource, named exactly.
func (s Statement) Reaches(resource string) bool {
	return slices.Contains(texts(s.Resource), resource)
}

// Federated reports whether the statement trusts an OpenID Connect provider.
func (s Statement) Federated() bool {
	principal, _ := s.Principal.(map[string]any)
	return slices.ContainsFunc(texts(principal["Federated"]), func(p string) bool { return strings.Contains(p, ":oidc-provider/") })
}

// ConditionOn reports whether a condition looks at a key that ends so.
func (s Statement) ConditionOn(suffix string) bool {
	for _, operator := range s.Condition {
		keys, _ := operator.(map[string]any)
		for key := range keys {
			if strings.HasSuffix(key, suffix) {
				return true
			}
		}
	}
	return false
}

// texts are the texts of what may be one or a list.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, e := range v {
			all = append(all, texts(e)...)
		}
		return all
	default:
		return nil
	}
}
