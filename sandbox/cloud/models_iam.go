package cloud

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud/document/policy"
)

const (
	typeRole            = "aws:iam/role:Role"
	typePolicy          = "aws:iam/policy:Policy"
	typeInstanceProfile = "aws:iam/instanceProfile:InstanceProfile"
	typeOIDC            = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
	typeRolePolicy      = "aws:iam/rolePolicy:RolePolicy"
	typeAttachment      = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
)

var iamModels = []model{
	{
		Type: typeRole, Service: "IAM", Global: true, ID: "{name}", Auto: autoname{max: 64},
		Set: map[string]string{
			"arn": "arn:aws:iam::{account}:role{path}{name}", "uniqueId": "AROA{upper:17}", "path": "/",
		},
		Unique: []string{"{lower:name}"}, Exists: "EntityAlreadyExists", Names: []string{"name"},
		UsedBy: []string{typeRolePolicy, typeAttachment, typeInstanceProfile}, InUse: "DeleteConflict",
		Compute: stamp("createDate"),
		Check:   policyIn("assumeRolePolicy", "MalformedPolicyDocument", policy.Trust),
	},
	{
		Type: typeRolePolicy, Service: "IAM", Global: true, ID: "{role}:{name}", Auto: autoname{max: 128},
		Refs:   map[string][]string{"role": {typeRole}},
		Unique: []string{"{role} {name}"}, Exists: "EntityAlreadyExists",
		Check: policyIn("policy", "MalformedPolicyDocument", policy.Inline, inlineTogether),
	},
	{
		Type: typeAttachment, Service: "IAM", Global: true, ID: "{role}-{digits:20}", Auto: autoname{none: true},
		Refs: map[string][]string{"role": {typeRole}}, Check: attachable,
	},
	{
		Type: typePolicy, Service: "IAM", Global: true, ID: "arn:aws:iam::{account}:policy{path}{name}", Auto: autoname{max: 128},
		Set:    map[string]string{"arn": "{id}", "policyId": "ANPA{upper:17}", "path": "/"},
		Unique: []string{"{lower:name}"}, Exists: "EntityAlreadyExists",
		UsedBy: []string{typeAttachment, typeRole}, InUse: "DeleteConflict",
		Check: policyIn("policy", "MalformedPolicyDocument", policy.Managed),
	},
	{
		Type: typeOIDC, Service: "IAM", Global: true, Auto: autoname{none: true},
		ID:  "arn:aws:iam::{account}:oidc-provider/{host}",
		Set: map[string]string{"arn": "{id}"}, Unique: []string{"{url}"}, Exists: "EntityAlreadyExists",
		Check: func(o *op) error {
			u, err := url.Parse(text(o.in, "url"))
			if err != nil || u.Scheme != "https" || u.Host == "" {
				return o.refuse("InvalidInput", "invalid url %s: it must begin with https://", text(o.in, "url"))
			}
			o.tmp["host"] = u.Host + strings.TrimSuffix(u.Path, "/")
			return nil
		},
		Compute: func(o *op) error {
			if o.out["thumbprintLists"] == nil {
				o.out["thumbprintLists"] = []any{o.mint("hex", 40, "thumbprint")}
			}
			return nil
		},
	},
	{
		Type: typeInstanceProfile, Service: "IAM", Global: true, ID: "{name}", Auto: autoname{max: 128},
		Set: map[string]string{
			"arn": "arn:aws:iam::{account}:instance-profile{path}{name}", "uniqueId": "AIPA{upper:17}", "path": "/",
		},
		Refs:   map[string][]string{"role": {typeRole}},
		Unique: []string{"{lower:name}"}, Exists: "EntityAlreadyExists", Names: []string{"name"},
		Compute: stamp("createDate"),
	},
}

// policiesOfRole is how many managed policies a role may have (IAM user guide,
// "IAM and AWS STS quotas"; the default).
const policiesOfRole = 10

func attachable(o *op) error {
	n := 0
	err := o.eachOf(o.scope, typeAttachment, func(r *Resource) error {
		if text(r.Inputs, "role") == text(o.in, "role") && text(r.Inputs, "policyArn") != text(o.in, "policyArn") && r.ID != o.id {
			n++
		}
		return nil
	})
	if err == nil && n >= policiesOfRole {
		return o.refuse("LimitExceeded", "cannot exceed quota for PoliciesPerRole: %d", policiesOfRole)
	}
	return err
}

// stamp sets an output to the time of creation, in RFC 3339.
func stamp(path string) func(*op) error {
	return func(o *op) error {
		if o.out[path] == nil {
			o.out[path] = o.c.now().UTC().Format("2006-01-02T15:04:05Z")
		}
		return nil
	}
}

// jsonInputs checks that an input, if it is text, is a JSON object.
func jsonInputs(path, code string) func(*op) error {
	return func(o *op) error {
		s, ok := at(o.in, path).(string)
		if !ok {
			return nil
		}
		var doc map[string]any
		if err := json.Unmarshal([]byte(s), &doc); err != nil {
			return o.refuse(code, "syntax errors in %s: %v", path, err)
		}
		return nil
	}
}
