package staticstability

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/policy/rule"
)

const (
	stateMachine = "aws:sfn/stateMachine:StateMachine"
	function     = "aws:lambda/function:Function"
)

// recovery is the setting that says what belongs to recovery.
var recovery = rule.Setting{
	Name: "recovery",
	Description: "Words that the URN of what recovers has one of, in any case: those of its name, its component and its stack " +
		"are in it.",
	Schema:  map[string]any{"type": "array", "minItems": 1.0, "items": map[string]any{"type": "string", "minLength": 1.0}},
	Default: []any{"recover", "takeover", "failover", "switchover", "failback"},
}

// recovers reports whether a resource belongs to recovery, by the setting. The
// name of the stack and the project do not count.
func recovers(r rule.Resource) bool {
	parts := strings.SplitN(r.URN, "::", 3)
	urn := strings.ToLower(parts[len(parts)-1])
	return slices.ContainsFunc(r.Settings.Strings("recovery"), func(word string) bool {
		return strings.Contains(urn, strings.ToLower(word))
	})
}

// global are the services whose only control plane is in one region, which for
// all but the last two is us-east-1 ("AWS Fault Isolation Boundaries", global
// services). A call to any other service is answered by its own region.
var global = []string{"iam", "organizations", "account", "route53", "route53domains", "cloudfront", "shield", "waf", "globalaccelerator", "networkmanager"}

// integration is what the resource of a task of a state machine begins with if it
// calls an AWS service.
const integration = ":states:::aws-sdk:"

// globalCalls are the tasks of the definition of a state machine that call a
// global control plane, as "service:action".
func globalCalls(definition string) []string {
	var decoded any
	if json.Unmarshal([]byte(definition), &decoded) != nil {
		return nil
	}
	var calls []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			resource, _ := v["Resource"].(string)
			if _, call, ok := strings.Cut(resource, integration); ok {
				if service, _, _ := strings.Cut(call, ":"); slices.Contains(global, service) {
					calls = append(calls, call)
				}
			}
			for _, e := range v {
				walk(e)
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(decoded)
	slices.Sort(calls)
	return slices.Compact(calls)
}

// takeover is a state machine of recovery in us-west-2.
func takeover(definition any) rule.Example {
	return rule.Example{{Type: stateMachine, Name: "takeover", Provider: in("us-west-2"), Properties: rule.Properties{
		"roleArn": "arn:aws:iam::123456789012:role/takeover", "definition": definition,
	}}}
}

// calling is the definition of a state machine that calls a resource.
func calling(resource string) string {
	return fmt.Sprintf(`{"StartAt":"Call","States":{"Call":{"Type":"Task","Resource":%q,"End":true}}}`, resource)
}
