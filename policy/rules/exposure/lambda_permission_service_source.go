package exposure

import (
	"strings"

	"github.com/tandem-platform/tandem/policy/rule"
)

func serviceNamesSource(r rule.Resource) []rule.Finding {
	principal, _ := r.At("principal").Text()
	if !strings.HasSuffix(principal, ".amazonaws.com") {
		return nil
	}
	for _, alternative := range []string{"sourceAccount", "principalOrgId", "eventSourceToken"} {
		if !r.At(alternative).Empty() {
			return nil
		}
	}
	return rule.That("sourceArn", rule.IsSet)(r)
}

var _ = rules.Add(rule.Rule{
	ID:       "lambda-permission-service-source",
	Title:    "Lambda permissions of services name what may call.",
	Severity: rule.Medium,
	Description: "A service such as S3 calls on behalf of any account that asks it to, unless the permission names the " +
		"source.",
	Remedy: "set sourceArn, or sourceAccount",
	Check:  serviceNamesSource,
}.
	On("aws:lambda/permission:Permission", rule.Properties{
		"action":    "lambda:InvokeFunction",
		"function":  "resize",
		"principal": "s3.amazonaws.com",
		"sourceArn": "arn:aws:s3:::uploads",
	}, "sourceArn", rule.Missing).
	Accepts(rule.Properties{
		"action":    "lambda:InvokeFunction",
		"function":  "resize",
		"principal": "123456789012",
	}).
	Accepts(rule.Properties{
		"action":        "lambda:InvokeFunction",
		"function":      "resize",
		"principal":     "s3.amazonaws.com",
		"sourceAccount": "123456789012",
	}))
