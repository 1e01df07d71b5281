package cloud

import (
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud/document/policy"
)

const (
	typeFunction           = "aws:lambda/function:Function"
	typeFunctionPermission = "aws:lambda/permission:Permission"
)

var lambdaModels = []model{
	{
		Type: typeFunction, Service: "Lambda", ID: "{name}", Auto: autoname{max: 64},
		Set: map[string]string{
			"arn": "arn:aws:lambda:{region}:{account}:function:{name}", "qualifiedArn": "{arn}:$LATEST", "version": "$LATEST",
			"invokeArn": "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations",
		},
		Volatile: []string{"lastModified", "version", "qualifiedArn"},
		Unique:   []string{"{name}"}, Exists: "ResourceConflictException", Names: []string{"name"},
		Refs: map[string][]string{"role": {typeRole}, "kmsKeyArn": keys},
		Check: func(o *op) error {
			if err := assumableBy(o, "role", "lambda.amazonaws.com"); err != nil {
				return err
			}
			if text(o.in, "code") == "" && text(o.in, "s3Key") == "" && text(o.in, "imageUri") == "" {
				return o.refuse("InvalidParameterValueException", "please provide a source for function code: code, s3Bucket with s3Key, or imageUri")
			}
			if text(o.in, "packageType") != "Image" && (text(o.in, "runtime") == "" || text(o.in, "handler") == "") {
				return o.refuse("InvalidParameterValueException", "runtime and handler are mandatory parameters for functions created with deployment packages")
			}
			if n, ok := number(o.in, "timeout"); ok && (n < 1 || n > 900) {
				return o.refuse("ValidationException", "timeout %v must be 1 to 900 seconds", n)
			}
			if n, ok := number(o.in, "memorySize"); ok && (n < 128 || n > 10240) {
				return o.refuse("ValidationException", "memorySize %v must be 128 to 10240 MB", n)
			}
			return sameVPC(o, "vpcConfig.subnetIds", "vpcConfig.securityGroupIds")
		},
		Compute: func(o *op) error {
			o.out["lastModified"] = o.c.now().UTC().Format("2006-01-02T15:04:05.000+0000")
			return nil
		},
	},
	{
		Type: typeFunctionPermission, Service: "Lambda", ID: "{statementId}", Auto: autoname{none: true},
		Refs:   map[string][]string{"function": {typeFunction}},
		Unique: []string{"{function} {statementId}"}, Exists: "ResourceConflictException",
		Check: func(o *op) error {
			if text(o.in, "statementId") == "" {
				o.out["statementId"] = "terraform-" + o.mint("digits", 26, "statementId")
			}
			return nil
		},
	},
}

// sameVPC refuses security groups of another VPC than the subnets'.
func sameVPC(o *op, subnets, groups string) error {
	vpc := ""
	for _, part := range []struct{ path, typ string }{{subnets, typeSubnet}, {groups, typeSecurityGroup}} {
		for _, id := range texts(o.in, part.path) {
			found, err := o.find(id, part.typ)
			if err != nil {
				return err
			}
			for _, r := range found {
				in := text(r.Outputs, "vpcId")
				if vpc != "" && in != vpc {
					return o.refuse("InvalidParameterValueException", "%s: %s is in %s, others in %s", part.path, id, in, vpc)
				}
				vpc = in
			}
		}
	}
	return nil
}

// assumableBy refuses a role that the service may not take on.
func assumableBy(o *op, path, service string) error {
	found, err := o.named(text(o.in, path), []string{typeRole})
	if err != nil || len(found) == 0 {
		return err
	}
	d, err := policy.Parse(text(found[0].Outputs, "assumeRolePolicy"))
	if err != nil {
		return err
	}
	for _, s := range d.Statements {
		if s.Allows("sts:AssumeRole", func(p policy.Principal) bool { return p == policy.Principal{Kind: "Service", Value: service} }) {
			return nil
		}
	}
	return o.refuse("InvalidParameterValueException", "%s: the role %s cannot be assumed by %s: its trust policy does not name the service",
		path, found[0].ID, strings.TrimSuffix(service, ".amazonaws.com"))
}
