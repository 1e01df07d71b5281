package policy

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud/document"
)

// Kind is what a policy is attached to.
type Kind struct {
	// Name is what errors call it.
	Name string
	// Limit is the most characters; with Dense, white space does not count.
	// 0 means that nothing is known of a limit.
	Limit int
	Dense bool
	// Principal, Resource say whether statements must, may or may not name
	// them.
	Principal, Resource Demand
	// Vendor is the service whose actions alone may be named, "" for any.
	Vendor string
	// Sids must be letters and digits, and unique.
	Sids bool
}

// Demand is whether an element is wanted.
type Demand int

// What is demanded of an element.
const (
	Optional Demand = iota
	Required
	Prohibited
)

// The kinds of policies.
var (
	// Managed is an identity policy of its own; 6,144 characters (IAM user
	// guide, "IAM and AWS STS quotas").
	Managed = Kind{Name: "managed policy", Limit: 6144, Dense: true, Principal: Prohibited, Resource: Required, Sids: true}
	// Inline is an identity policy within a role, all of whose inline
	// policies have 10,240 characters together (same source).
	Inline = Kind{Name: "inline policy of a role", Limit: 10240, Dense: true, Principal: Prohibited, Resource: Required, Sids: true}
	// InlineUser is the same within a user: 2,048 characters (same source).
	InlineUser = Kind{Name: "inline policy of a user", Limit: 2048, Dense: true, Principal: Prohibited, Resource: Required, Sids: true}
	// Trust says who may take on a role; 2,048 characters unless the quota
	// was raised (same source).
	Trust = Kind{Name: "assume role policy", Limit: 2048, Dense: true, Principal: Required, Resource: Prohibited, Vendor: "sts", Sids: true}
	// Bucket: 20 KB (S3 user guide, "Bucket policies for Amazon S3").
	Bucket = Kind{Name: "bucket policy", Limit: 20 << 10, Principal: Required, Resource: Required, Vendor: "s3"}
	// Key: 32 KB (KMS developer guide, "Resource quotas").
	Key = Kind{Name: "key policy", Limit: 32 << 10, Principal: Required, Resource: Required, Vendor: "kms"}
	// Topic: of its size the SNS documentation says nothing.
	Topic = Kind{Name: "topic policy", Principal: Required, Resource: Required, Vendor: "sns"}
	// Queue: of its size the SQS documentation says nothing.
	Queue = Kind{Name: "queue policy", Principal: Required, Resource: Required, Vendor: "sqs"}
	// Secret: 20,480 characters (Secrets Manager API, PutResourcePolicy).
	Secret = Kind{Name: "resource policy of a secret", Limit: 20480, Principal: Required, Resource: Required, Vendor: "secretsmanager"}
	// Repository: 10,240 characters (ECR API, SetRepositoryPolicy).
	Repository = Kind{Name: "repository policy", Limit: 10240, Principal: Required, Resource: Prohibited, Vendor: "ecr"}
	// Endpoint: 20,480 characters (VPC user guide, "Amazon VPC quotas").
	Endpoint = Kind{Name: "endpoint policy", Limit: 20480, Principal: Required, Resource: Required}
	// Logs: 5,120 characters (CloudWatch Logs API, PutResourcePolicy).
	Logs = Kind{Name: "resource policy of CloudWatch Logs", Limit: 5120, Principal: Required, Resource: Required, Vendor: "logs"}
)

var sidForm = regexp.MustCompile(`^[0-9A-Za-z]*$`)

// Check parses a policy of a kind. The error is document.Problems.
func (k Kind) Check(text string) (*Document, error) {
	d, err := Parse(text)
	if d == nil {
		return nil, err
	}
	var bad document.Problems
	errors.As(err, &bad)
	size := d.length
	if k.Dense {
		size = d.size
	}
	if k.Limit > 0 && size > k.Limit {
		bad.Add("", "cannot exceed quota for the size of the %s: %d characters, it has %d", k.Name, k.Limit, size)
	}
	seen := map[string]bool{}
	for _, s := range d.Statements {
		k.element(&bad, s.path, "Principal", k.Principal, len(s.Principals) > 0)
		k.element(&bad, s.path, "Resource", k.Resource, s.Resources != nil || s.NotResources != nil)
		if k.Sids && !sidForm.MatchString(s.Sid) {
			bad.Add(s.path+".Sid", "statement IDs (SID) must be alpha-numeric: %s", s.Sid)
		}
		if k.Sids && s.Sid != "" && seen[s.Sid] {
			bad.Add(s.path+".Sid", "statement IDs (SID) in a single policy must be unique: %s", s.Sid)
		}
		seen[s.Sid] = true
		for _, a := range slices.Concat(s.Actions, s.NotActions) {
			vendor, _, ok := strings.Cut(a, ":")
			if k.Vendor == "" || !ok || strings.EqualFold(vendor, k.Vendor) {
				continue
			}
			if k.Vendor == "sts" {
				bad.Add(s.path+".Action", "AssumeRole policy may only specify STS AssumeRole actions: %s", a)
			} else {
				bad.Add(s.path+".Action", "policy has invalid action: %s is not of %s", a, k.Vendor)
			}
		}
	}
	return d, bad.Err()
}

func (k Kind) element(bad *document.Problems, path, name string, demand Demand, there bool) {
	switch {
	case demand == Required && !there && name == "Resource":
		bad.Add(path, "policy statement must contain resources")
	case demand == Required && !there:
		bad.Add(path, "missing required field %s", name)
	case demand == Prohibited && there && name == "Principal":
		bad.Add(path, "policy document should not specify a principal")
	case demand == Prohibited && there:
		bad.Add(path, "has prohibited field %s", name)
	}
}
