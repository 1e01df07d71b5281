package parity

import (
	"fmt"

	"github.com/tandem-platform/tandem/policy/rule"
)

const quota = "aws:servicequotas/serviceQuota:ServiceQuota"

// named is the service and the code of a quota, "" if one is not known.
func named(r rule.Resource) string {
	service, _ := r.At("serviceCode").Text()
	code, _ := r.At("quotaCode").Text()
	if service == "" || code == "" {
		return ""
	}
	return service + "/" + code
}

var _ = rules.Add(rule.Rule{
	ID:       "service-quota-minimum",
	Title:    "Quotas of both regions are as high as configuration asks for.",
	Severity: rule.High,
	Description: "Quotas are of a region. The standby needs room for all of the load, and a request to raise a quota takes days " +
		"when a whole region moves.",
	Remedy: "request the value of the configuration in both regions",
	Types:  []string{quota},
	Settings: []rule.Setting{{
		Name:        "quotas",
		Description: "The least values, by the code of the service, a slash and the code of the quota, such as ec2/L-1216C47A.",
		Schema:      map[string]any{"type": "object", "additionalProperties": number},
		Default:     map[string]any{},
	}},
	CheckInStack: func(r rule.Resource, _ *rule.Stack) []rule.Finding {
		least, asked := r.Settings.Map("quotas")[named(r)].(float64)
		v := r.At("value")
		if !asked || v.Unknown() || rule.IsAtLeast(least)(v) {
			return nil
		}
		return []rule.Finding{v.Finding(fmt.Sprintf("request %v", least))}
	},
	ExampleSettings: map[string]any{"quotas": map[string]any{"ec2/L-1216C47A": 256.0}},
	Good:            []rule.Example{{quotaIn("us-west-2", "L-1216C47A", 256)}},
	Bad:             []rule.Example{{quotaIn("us-west-2", "L-1216C47A", 64)}},
})

func quotaIn(region, code string, value float64) rule.ExampleResource {
	return rule.ExampleResource{Type: quota, Name: region, Provider: in(region), Properties: rule.Properties{"serviceCode": "ec2", "quotaCode": code, "value": value}}
}
