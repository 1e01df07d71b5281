package cloud

import (
	"fmt"
	"strings"
)

// doing are the verbs as errors have them.
var doing = map[string]string{"create": "creating", "read": "reading", "update": "updating", "delete": "deleting", "invoke": "reading"}

// internalError is what a service answers that has failed within.
func (op Operation) internalError() error {
	switch {
	case op.aws():
		return op.refused("InternalFailure", "The request processing has failed because of an unknown error, exception or failure.", "")
	case strings.HasPrefix(op.Type, "kubernetes:"):
		return fmt.Errorf("resource %q was not successfully %sd by the Kubernetes API server: Internal error occurred: etcdserver: request timed out", op.Resource, op.Verb)
	}
	return fmt.Errorf("error %s %s: 500 Internal Server Error: {\"errors\": [\"Internal error\"]}", doing[op.Verb], op.Type[strings.LastIndex(op.Type, ":")+1:])
}

// throttled is what a service answers to the last of too many requests.
func (op Operation) throttled() error {
	code, reason := "ThrottlingException", "Rate exceeded"
	switch op.Service {
	case "EC2":
		code, reason = "RequestLimitExceeded", "Request limit exceeded."
	case "IAM", "Route 53", "RDS", "ELBv2", "SNS", "CloudFront", "CloudWatch": // the query and XML protocols
		code = "Throttling"
	}
	return op.refused(code, reason, fmt.Sprintf("exceeded maximum number of attempts, %d, ", maxAttempts))
}

func (op Operation) refused(code, reason, attempts string) error {
	return &apiError{
		verb: doing[op.Verb], service: op.Service, typ: op.Type, resource: op.Resource, code: code, reason: reason, attempts: attempts,
	}
}

// unreachable is the error of a connection that cannot be made.
func (op Operation) unreachable() error {
	host := strings.TrimSuffix(strings.TrimPrefix(op.Endpoint, "https://"), "/")
	if !op.aws() {
		return fmt.Errorf("%w: unable to load schema information from the API server: Get \"%s/openapi/v2?timeout=32s\": dial tcp: lookup %s: i/o timeout",
			errUnreachable, op.Endpoint, host)
	}
	e := &apiError{verb: doing[op.Verb], service: op.Service, typ: op.Type, resource: op.Resource}
	return fmt.Errorf("%s, exceeded maximum number of attempts, %d, https response error StatusCode: 0, RequestID: , "+
		"request send failed, Post \"%s\": dial tcp: lookup %s: i/o timeout", e.operation(), maxAttempts, op.Endpoint, host)
}

// endpoint is the address of a service's control plane.
func endpoint(service, region string) string {
	host := strings.ToLower(strings.ReplaceAll(service, " ", ""))
	switch service {
	case "IAM", "Route 53", "CloudFront":
		return "https://" + host + ".amazonaws.com/"
	case "CloudWatch":
		host = "monitoring"
	case "CloudWatch Logs":
		host = "logs"
	case "ELBv2":
		host = "elasticloadbalancing"
	case "EventBridge":
		host = "events"
	}
	return "https://" + host + "." + region + ".amazonaws.com/"
}
