// Package policy checks IAM policy documents: the grammar, and what the kind of a
// policy allows and demands.
//
// Sources: IAM user guide, "Grammar of the IAM JSON policy language" and "IAM and
// AWS STS quotas"; the user guides of the services with resource policies. The
// words are those of the services' errors.
package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/tandem-platform/tandem/sandbox/cloud/document"
)

// Document is a policy that has been read.
type Document struct {
	Version    string
	Statements []Statement
	size       int // characters without white space
	length     int // bytes
}

// Statement is one statement. Exactly one of Actions and NotActions is set, at
// most one of Resources and NotResources.
type Statement struct {
	Sid                     string
	Allow                   bool
	Actions, NotActions     []string
	Resources, NotResources []string
	// Principals are who the statement is about; Except turns them round
	// (NotPrincipal). There are none in an identity policy.
	Principals []Principal
	Except     bool
	// Conditions are the operators, keys and values.
	Conditions []Condition

	path string
}

// Principal is one principal. Kind is AWS, Service, Federated or CanonicalUser;
// the principal "*" is of kind AWS.
type Principal struct{ Kind, Value string }

// Condition is one comparison of a statement.
type Condition struct {
	Operator, Key string
	Values        []string
}

// elements are the parts that a statement may have.
var elements = []string{
	"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition",
}

// Parse reads a policy and checks what all kinds have in common.
func Parse(text string) (*Document, error) {
	raw, err := document.Object(text)
	if err != nil {
		return nil, document.Problems{{Text: "syntax errors in policy: " + err.Error()}}
	}
	var bad document.Problems
	d := &Document{length: len(text)}
	for _, r := range text {
		if !unicode.IsSpace(r) {
			d.size++
		}
	}
	for _, k := range document.Keys(raw) {
		if !slices.Contains([]string{"Version", "Id", "Statement"}, k) {
			bad.Add(k, "syntax errors in policy: there is no such element")
		}
	}
	if v, ok := raw["Version"]; ok {
		d.Version, _ = v.(string)
		if d.Version != "2012-10-17" && d.Version != "2008-10-17" {
			bad.Add("Version", "the policy must contain a valid version string: 2012-10-17, or 2008-10-17, it has %v", v)
		}
	}
	if id, ok := raw["Id"]; ok {
		if _, ok := id.(string); !ok {
			bad.Add("Id", "syntax errors in policy: it is %s, not a string", document.Kind(id))
		}
	}
	list, ok := raw["Statement"].([]any)
	if !ok {
		if _, single := raw["Statement"].(map[string]any); single {
			list = []any{raw["Statement"]}
		}
	}
	if len(list) == 0 {
		bad.Add("Statement", "syntax errors in policy: it has no statement")
	}
	for i, s := range list {
		path := fmt.Sprintf("Statement[%d]", i)
		m, ok := s.(map[string]any)
		if !ok {
			bad.Add(path, "syntax errors in policy: it is %s, not an object", document.Kind(s))
			continue
		}
		d.Statements = append(d.Statements, statement(path, m, d.Version, &bad))
	}
	return d, bad.Err()
}

// actionForm is a vendor and a name with wildcards.
var actionForm = regexp.MustCompile(`^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$`)

// resourceForm is an ARN, in which all but the beginning may be a pattern or a
// policy variable.
var resourceForm = regexp.MustCompile(`^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$`)

func statement(path string, m map[string]any, version string, bad *document.Problems) Statement {
	s := Statement{path: path}
	for _, k := range document.Keys(m) {
		if !slices.Contains(elements, k) {
			bad.Add(path+"."+k, "syntax errors in policy: there is no such element")
		}
	}
	if sid, ok := m["Sid"]; ok {
		if s.Sid, ok = sid.(string); !ok {
			bad.Add(path+".Sid", "syntax errors in policy: it is %s, not a string", document.Kind(sid))
		}
	}
	switch m["Effect"] {
	case "Allow":
		s.Allow = true
	case "Deny":
	default:
		bad.Add(path+".Effect", "syntax errors in policy: the effect must be Allow or Deny, it is %v", m["Effect"])
	}
	read := func(name string) []string {
		v, ok := m[name]
		if !ok {
			return nil
		}
		list, ok := document.Strings(v)
		if !ok || len(list) == 0 || slices.Contains(list, "") {
			bad.Add(path+"."+name, "syntax errors in policy: it must be a string or an array of strings, and not empty")
		}
		return list
	}
	either := func(name string) (is, not []string) {
		is, not = read(name), read("Not"+name)
		_, a := m[name]
		if _, b := m["Not"+name]; a && b {
			bad.Add(path, "syntax errors in policy: it has both %s and Not%s", name, name)
		}
		return is, not
	}
	s.Actions, s.NotActions = either("Action")
	for _, a := range slices.Concat(s.Actions, s.NotActions) {
		switch vendor, _, ok := strings.Cut(a, ":"); {
		case a == "*" || a == "":
		case !ok:
			bad.Add(path+".Action", "actions/conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.: %s", a)
		case strings.ContainsAny(vendor, "*?"):
			bad.Add(path+".Action", "vendor %s is not valid", vendor)
		case !actionForm.MatchString(a):
			bad.Add(path+".Action", "the action %s is not valid: service:Action", a)
		}
	}
	if m["Action"] == nil && m["NotAction"] == nil {
		bad.Add(path, "policy statement must contain actions")
	}
	s.Resources, s.NotResources = either("Resource")
	for _, r := range slices.Concat(s.Resources, s.NotResources) {
		switch {
		case r == "" || strings.Trim(r, "*") == "":
		case !resourceForm.MatchString(r):
			bad.Add(path+".Resource", `resource %s must be in ARN format or "*"`, r)
		case strings.Contains(r, "${") && version != "2012-10-17":
			bad.Add(path+".Resource", "the resource %s has a policy variable, which needs the version 2012-10-17", r)
		}
	}
	for _, name := range []string{"Principal", "NotPrincipal"} {
		if v, ok := m[name]; ok {
			s.Except = name == "NotPrincipal"
			s.Principals = append(s.Principals, principals(path+"."+name, v, bad)...)
		}
	}
	if m["Principal"] != nil && m["NotPrincipal"] != nil {
		bad.Add(path, "syntax errors in policy: it has both Principal and NotPrincipal")
	}
	if c, ok := m["Condition"]; ok {
		s.Conditions = conditions(path+".Condition", c, bad)
	}
	return s
}

var (
	serviceForm = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$`)
	entityForm  = regexp.MustCompile(`^arn:aws:(iam|sts)::(\d{12}):(root|(user|role|assumed-role|federated-user|saml-provider|oidc-provider)/[^*]+)$`)
	uniqueForm  = regexp.MustCompile(`^A(ROA|IDA)[A-Z0-9]{13,17}$`)
	accountForm = regexp.MustCompile(`^\d{12}$`)
)

// principals reads and checks the form of principals.
func principals(path string, v any, bad *document.Problems) []Principal {
	if v == "*" {
		return []Principal{{"AWS", "*"}}
	}
	m, ok := v.(map[string]any)
	if !ok || len(m) == 0 {
		bad.Add(path, `invalid principal in policy: it must be "*" or an object with AWS, Service, Federated or CanonicalUser`)
		return nil
	}
	var all []Principal
	for _, kind := range document.Keys(m) {
		list, ok := document.Strings(m[kind])
		if !ok || len(list) == 0 {
			bad.Add(path+"."+kind, "invalid principal in policy: it must be a string or an array of strings, and not empty")
		}
		for _, p := range list {
			all = append(all, Principal{kind, p})
			good := false
			switch kind {
			case "AWS":
				good = p == "*" || accountForm.MatchString(p) || entityForm.MatchString(p) || uniqueForm.MatchString(p)
			case "Service":
				good = serviceForm.MatchString(p)
			case "Federated":
				good = entityForm.MatchString(p) || regexp.MustCompile(`^[a-z0-9.-]+\.[a-z]+$`).MatchString(p)
			case "CanonicalUser":
				good = p != ""
			}
			if !good {
				bad.Add(path, `invalid principal in policy: "%s":"%s"`, strings.ToUpper(kind), p)
			}
		}
	}
	return all
}

// operators are the condition operators without prefix and suffix (IAM user
// guide, "IAM JSON policy elements: Condition operators").
var operators = []string{
	"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
	"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
	"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
	"Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null",
}

// conditionKey is a key such as aws:SourceArn, or of an identity provider, such
// as oidc.eks.us-east-1.amazonaws.com/id/A:sub.
var conditionKey = regexp.MustCompile(`^[A-Za-z0-9./_-]+:.+$`)

func conditions(path string, v any, bad *document.Problems) []Condition {
	m, ok := v.(map[string]any)
	if !ok {
		bad.Add(path, "syntax errors in policy: it is %s, not an object", document.Kind(v))
		return nil
	}
	var all []Condition
	for _, operator := range document.Keys(m) {
		name := strings.TrimPrefix(strings.TrimPrefix(operator, "ForAllValues:"), "ForAnyValue:")
		if !slices.Contains(operators, name) && (name == "NullIfExists" || !slices.Contains(operators, strings.TrimSuffix(name, "IfExists"))) {
			bad.Add(path+"."+operator, "invalid condition operator: %s", operator)
		}
		keys, ok := m[operator].(map[string]any)
		if !ok || len(keys) == 0 {
			bad.Add(path+"."+operator, "syntax errors in policy: it must be an object of condition keys")
			continue
		}
		for _, key := range document.Keys(keys) {
			if !conditionKey.MatchString(key) {
				bad.Add(path+"."+operator, "actions/conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.: %s", key)
			}
			c := Condition{Operator: operator, Key: key}
			values, isList := keys[key].([]any)
			if !isList {
				values = []any{keys[key]}
			}
			for _, v := range values {
				switch document.Kind(v) {
				case "an object", "an array", "null":
					bad.Add(path+"."+operator+"."+key, "syntax errors in policy: a value is %s", document.Kind(v))
				}
				c.Values = append(c.Values, fmt.Sprint(v))
			}
			if len(values) == 0 {
				bad.Add(path+"."+operator+"."+key, "syntax errors in policy: it has no value")
			}
			all = append(all, c)
		}
	}
	return all
}

// Size is the number of characters that IAM counts: all but white space.
func (d *Document) Size() int { return d.size }

// Allows says whether a statement allows an action for a principal that is, as
// far as that can be told without conditions.
func (s *Statement) Allows(action string, who func(Principal) bool) bool {
	if !s.Allow || s.Except || !slices.ContainsFunc(s.Principals, who) {
		return false
	}
	if s.NotActions != nil {
		return !slices.ContainsFunc(s.NotActions, func(p string) bool { return Match(p, action) })
	}
	return slices.ContainsFunc(s.Actions, func(p string) bool { return Match(p, action) })
}

// Match says whether a name is of a pattern with * and ?, without regard to case.
func Match(pattern, name string) bool {
	p, n := strings.ToLower(pattern), strings.ToLower(name)
	var star, mark = -1, 0
	i, j := 0, 0
	for j < len(n) {
		switch {
		case i < len(p) && p[i] == '*':
			star, mark = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == n[j]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(p[i:], "*") == ""
}
