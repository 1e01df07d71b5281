package cloud

import (
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud/document/dashboard"
	"github.com/tandem-platform/tandem/sandbox/cloud/document/eventpattern"
	"github.com/tandem-platform/tandem/sandbox/cloud/document/policy"
)

// checks runs one check after another.
func checks(all ...func(*op) error) func(*op) error {
	return func(o *op) error {
		for _, c := range all {
			if err := c(o); err != nil {
				return err
			}
		}
		return nil
	}
}

// documentIn has a checker read the document in an input, if it is there.
func documentIn(path, code string, check func(text string) error) func(*op) error {
	return func(o *op) error {
		text, ok := at(o.in, path).(string)
		if !ok || text == "" {
			return nil
		}
		if err := check(text); err != nil {
			return o.refuse(code, "%s: %v", path, err)
		}
		return nil
	}
}

// eventPatternIn checks an EventBridge pattern, dashboardIn a dashboard's body.
func eventPatternIn(path, code string) func(*op) error {
	return documentIn(path, code, eventpattern.Check)
}

func dashboardIn(path, code string) func(*op) error {
	return documentIn(path, code, dashboard.Check)
}

// policyIn checks the policy document in an input: its grammar, what its kind
// demands, and that the roles and users that are its principals exist. own are
// further rules of the service.
func policyIn(path, code string, kind policy.Kind, own ...func(*op, *policy.Document) error) func(*op) error {
	return func(o *op) error {
		text, ok := at(o.in, path).(string)
		if !ok || text == "" {
			return nil
		}
		d, err := kind.Check(text)
		if err != nil {
			return o.refuse(code, "%s: %v", path, err)
		}
		if err := o.principals(path, code, d); err != nil {
			return err
		}
		for _, f := range own {
			if err := f(o, d); err != nil {
				return err
			}
		}
		return nil
	}
}

// principals refuses a policy that names a role or user of the account that is
// not there. Identity providers are not looked for, by IAM neither.
func (o *op) principals(path, code string, d *policy.Document) error {
	for _, s := range d.Statements {
		for _, p := range s.Principals {
			m := arnForm.FindStringSubmatch(p.Value)
			if p.Kind != "AWS" || m == nil || m[3] != o.c.account || o.foreign(p.Value) {
				continue
			}
			found, err := o.find(p.Value, "")
			if err != nil {
				return err
			}
			if len(found) == 0 {
				return o.refuse(code, `%s: invalid principal in policy: "%s":"%s"`, path, strings.ToUpper(p.Kind), p.Value)
			}
		}
	}
	return nil
}

// ofResource refuses statements about anything else than the resource that the
// policy is attached to. arn is a template; what begins with it and a slash is
// within it.
func ofResource(code, arn string) func(*op, *policy.Document) error {
	return func(o *op, d *policy.Document) error {
		want, ok := o.expand(arn, "")
		if !ok {
			return nil
		}
		for _, s := range d.Statements {
			for _, r := range slices.Concat(s.Resources, s.NotResources) {
				// A pattern may say what the name is in part.
				if r != want && !strings.HasPrefix(r, want+"/") && !policy.Match(r, want) && !policy.Match(r, want+"/") {
					return o.refuse(code, "policy has invalid resource: %s is not of %s", r, want)
				}
			}
		}
		return nil
	}
}

// ofBucket refuses actions on objects without a resource of objects, and on
// buckets without the bucket (S3 user guide, "Policy resources for Amazon S3").
func ofBucket(o *op, d *policy.Document) error {
	if err := ofResource("MalformedPolicy", "arn:aws:s3:::{bucket}")(o, d); err != nil {
		return err
	}
	for _, s := range d.Statements {
		bucket := slices.ContainsFunc(s.Resources, func(r string) bool { return !strings.Contains(r, "/") })
		objects := slices.ContainsFunc(s.Resources, func(r string) bool { return strings.ContainsAny(r, "/*") })
		for _, a := range s.Actions {
			ofObject := strings.Contains(a, "Object") && !strings.Contains(a, "Bucket")
			if !strings.ContainsAny(a, "*?") && len(s.Resources) > 0 && (ofObject && !objects || strings.Contains(a, "Bucket") && !bucket) {
				return o.refuse("MalformedPolicy", "action does not apply to any resource(s) in statement: %s, %s", a, strings.Join(s.Resources, ", "))
			}
		}
	}
	return nil
}

// keepsAccess refuses a key policy under which nobody of the account could change
// it again (KMS developer guide, "Default key policy": the lockout safety check).
func keepsAccess(o *op, d *policy.Document) error {
	if truth(o.in, "bypassPolicyLockoutSafetyCheck") {
		return nil
	}
	account := o.c.account
	for _, s := range d.Statements {
		if s.Allows("kms:PutKeyPolicy", o.names) && len(s.Conditions) == 0 {
			return nil
		}
	}
	return o.refuse("MalformedPolicyDocumentException", "the new key policy will not allow you to update the key policy in the future: "+
		"allow kms:PutKeyPolicy to arn:aws:iam::%s:root", account)
}

// names says whether a principal is the one who runs the program, or all of the
// account.
func (o *op) names(p policy.Principal) bool {
	account := o.c.account
	return p.Kind == "AWS" && (p.Value == "*" || p.Value == account || p.Value == "arn:aws:iam::"+account+":root" ||
		strings.HasPrefix(p.Value, "arn:aws:sts::"+account+":assumed-role/sandbox/"))
}

// inlineTogether refuses inline policies of a role that are too long together
// (IAM user guide, "IAM and AWS STS quotas").
func inlineTogether(o *op, d *policy.Document) error {
	total := d.Size()
	err := o.eachOf(o.scope, typeRolePolicy, func(r *Resource) error {
		if text(r.Inputs, "role") == text(o.in, "role") && r.ID != o.id {
			if other, err := policy.Parse(text(r.Inputs, "policy")); err == nil {
				total += other.Size()
			}
		}
		return nil
	})
	if err == nil && total > policy.Inline.Limit {
		return o.fail("creating", "LimitExceeded", "maximum policy size of %d bytes exceeded for role %s: its inline policies have %d together",
			policy.Inline.Limit, text(o.in, "role"), total)
	}
	return err
}
