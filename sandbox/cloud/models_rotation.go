package cloud

import "strings"

var rotationModels = []model{
	{
		Type: "aws:secretsmanager/secretRotation:SecretRotation", Service: "Secrets Manager", ID: "{secretId}", Auto: autoname{none: true},
		Refs:   map[string][]string{"secretId": {typeSecret}, "rotationLambdaArn": {typeFunction}},
		Unique: []string{"{secretId}"}, Exists: "InvalidRequestException",
		Check: func(o *op) error {
			if err := rotatesHere(o); err != nil {
				return err
			}
			days, hasDays := number(o.in, "rotationRules.automaticallyAfterDays")
			if hasDays == (text(o.in, "rotationRules.scheduleExpression") != "") {
				return o.refuse("InvalidParameterException", "rotationRules has either automaticallyAfterDays or scheduleExpression")
			}
			if hasDays && (days < 1 || days > 1000) {
				return o.refuse("InvalidParameterException", "automaticallyAfterDays %v must be 1 to 1000", days)
			}
			return admitsSecretsManager(o)
		},
		Compute: func(o *op) error { o.out["rotationEnabled"] = true; return nil },
	},
}

// rotatesHere refuses a replica, which takes over what its primary rotates to
// (Secrets Manager user guide, "Replicate AWS Secrets Manager secrets across
// Regions").
func rotatesHere(o *op) error {
	id := text(o.in, "secretId")
	found, err := o.named(id, []string{typeSecret})
	if err != nil || len(found) == 0 {
		return err
	}
	if found[0].Scope.Region != o.region {
		return o.refuse("InvalidRequestException", "operation not permitted on a replica secret: call must be made in primary secret's region %s", found[0].Scope.Region)
	}
	return nil
}

// admitsSecretsManager refuses a function that Secrets Manager may not call.
func admitsSecretsManager(o *op) error {
	arn := text(o.in, "rotationLambdaArn")
	admitted := false
	err := o.eachOf(o.scope, typeFunctionPermission, func(r *Resource) error {
		function := text(r.Inputs, "function")
		admitted = admitted || (function == arn || strings.HasSuffix(arn, ":function:"+function)) &&
			text(r.Inputs, "principal") == "secretsmanager.amazonaws.com"
		return nil
	})
	if err == nil && arn != "" && !admitted {
		return o.refuse("AccessDeniedException", "Secrets Manager cannot invoke the specified Lambda function. "+
			"Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com: %s", arn)
	}
	return err
}
