package transit

import "github.com/tandem-platform/tandem/policy/rule"

func requireSSL(r rule.Resource) []rule.Finding {
	parameters := r.At("parameters")
	for _, p := range parameters.List() {
		name, known := p.At("name").Text()
		switch value := p.At("value"); {
		case !known && !p.At("name").Missing():
			return nil // it may be this one
		case name == "require_ssl":
			return value.Must("", rule.IsTrue)
		}
	}
	if parameters.Unknown() {
		return nil
	}
	return []rule.Finding{{Property: parameters.Path(), Value: "without require_ssl"}}
}

var _ = rules.Add(rule.Rule{
	ID:       "redshift-parameter-require-ssl",
	Title:    "Redshift requires TLS of its clients.",
	Severity: rule.Medium,
	Description: "The parameter require_ssl is false by default: a client decides, and one that does not ask sends its " +
		"password in the clear.",
	Remedy: "add the parameter require_ssl with the value true",
	Check:  rule.When("parameters", rule.IsSet, requireSSL),
}.On("aws:redshift/parameterGroup:ParameterGroup", rule.Properties{
	"family":     "redshift-1.0",
	"parameters": []any{map[string]any{"name": "require_ssl", "value": "true"}},
}, "parameters.0.value", "false"))
