package picture

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// service is a cloud's service, as the picture names it.
type service struct {
	name string
	// between is what a link between regions by this service is called. Default its name.
	between string
	// global says that the service belongs to no region and is drawn apart.
	global bool
	// anywhere says that the service belongs to no region, but is drawn with the
	// component that it serves. What it needs does not tie regions together.
	anywhere bool
}

// services are found by the longest prefix of a resource's type. A type that no
// prefix fits is named after its package and module.
var services = map[string]service{
	"aws:acm/":               {name: "ACM", between: "certificate validation"},
	"aws:appautoscaling/":    {name: "Auto Scaling"},
	"aws:backup/":            {name: "Backup", between: "backup copies"},
	"aws:cloudfront/":        {name: "CloudFront", global: true},
	"aws:cloudwatch/":        {name: "CloudWatch"},
	"aws:cloudwatch/event":   {name: "EventBridge"},
	"aws:cloudwatch/log":     {name: "CloudWatch Logs"},
	"aws:dynamodb/":          {name: "DynamoDB", between: "DynamoDB replica"},
	"aws:ec2/":               {name: "VPC"},
	"aws:ec2transitgateway/": {name: "Transit Gateway", between: "peering"},
	"aws:ec2/launchTemplate": {name: "EC2"},
	"aws:eks/":               {name: "EKS"},
	"aws:iam/":               {name: "IAM", anywhere: true},
	"aws:kms/":               {name: "KMS", between: "KMS replica key"},
	"aws:lambda/":            {name: "Lambda"},
	"aws:lb/":                {name: "Elastic Load Balancing"},
	"aws:rds/":               {name: "Aurora", between: "Aurora global database"},
	"aws:route53/":           {name: "Route 53", global: true},
	"aws:s3/":                {name: "S3", between: "S3 replication"},
	"aws:secretsmanager/":    {name: "Secrets Manager", between: "secret replica"},
	"aws:sfn/":               {name: "Step Functions"},
	"aws:sns/":               {name: "SNS"},
	"aws:sqs/":               {name: "SQS"},
	"aws:ssm/":               {name: "Systems Manager"},
	"aws:synthetics/":        {name: "Synthetics"},
	"aws:vpc/":               {name: "VPC"},
	"aws:wafv2/":             {name: "WAF"},
	"datadog:":               {name: "Datadog"},
	"eks:":                   {name: "EKS"},
	"kubernetes:":            {name: "Kubernetes"},
	"kubernetes:helm.sh/":    {name: "Helm"},
}

// serviceOf returns the service of a resource; ok is false for what is none:
// components, providers, and values such as random ones.
func serviceOf(r *apitype.ResourceV3) (found service, ok bool) {
	typ := string(r.Type)
	pkg, rest, _ := strings.Cut(typ, ":")
	if !r.Custom || pkg == "pulumi" || pkg == "random" {
		return service{}, false
	}
	module, _, _ := strings.Cut(rest, "/")
	longest := 0
	found = service{name: pkg + " " + module}
	for prefix, s := range services {
		if strings.HasPrefix(typ, prefix) && len(prefix) > longest {
			found, longest = s, len(prefix)
		}
	}
	if scope, _ := r.Inputs["scope"].(string); scope == "CLOUDFRONT" { // how WAF says global
		found.global = true
	}
	if found.between == "" {
		found.between = found.name
	}
	return found, true
}
