package staticstability

import (
	"strings"

	"github.com/tandem-platform/tandem/policy/rule"
)

var _ = rules.Add(rule.Rule{
	ID:       "state-machine-no-global-control-plane",
	Title:    "State machines of recovery call no global control plane.",
	Severity: rule.High,
	Description: "IAM, Route 53 and CloudFront are changed through us-east-1 alone. A recovery that changes them fails when it is " +
		"that region that is lost. Their data planes go on: health checks are evaluated and names are answered.",
	Remedy:   "let a health check that watches something of the surviving region move the traffic, and make roles beforehand",
	Types:    []string{stateMachine},
	Settings: []rule.Setting{recovery},
	CheckInStack: func(r rule.Resource, _ *rule.Stack) []rule.Finding {
		definition := r.At("definition")
		text, ok := definition.Text()
		if !ok || !recovers(r) {
			return nil
		}
		calls := globalCalls(text)
		if len(calls) == 0 {
			return nil
		}
		f := definition.Finding("")
		if !definition.Secret() {
			f.Value = "calling " + strings.Join(calls, ", ")
		}
		return []rule.Finding{f}
	},
	Good: []rule.Example{
		takeover(calling("arn:aws:states:::aws-sdk:s3:putObject")),
		// Others may, such as one that sets up a new customer.
		{{Type: stateMachine, Name: "customer", Provider: in("us-west-2"), Properties: rule.Properties{
			"roleArn": "arn:aws:iam::123456789012:role/customer", "definition": calling("arn:aws:states:::aws-sdk:route53:changeResourceRecordSets"),
		}}},
	},
	Bad: []rule.Example{
		takeover(calling("arn:aws:states:::aws-sdk:route53:changeResourceRecordSets")),
		takeover(calling("arn:aws:states:::aws-sdk:cloudfront:updateDistribution")),
		takeover(calling("arn:aws:states:::aws-sdk:iam:attachRolePolicy")),
	},
})
