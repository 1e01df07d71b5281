package encryption

import (
	"strings"

	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/policies"
)

// keyUses are the actions that use a key (KMS developer guide, "Permissions
// reference"), but for making grants.
var keyUses = []string{
	"kms:Decrypt", "kms:DeriveSharedSecret", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyPair",
	"kms:GenerateDataKeyPairWithoutPlaintext", "kms:GenerateDataKeyWithoutPlaintext", "kms:GenerateMac", "kms:ReEncryptFrom",
	"kms:ReEncryptTo", "kms:Sign",
}

// usedDirectly reports whether a statement of a key policy lets the account use the
// key, or make grants on it, by other ways than what the key is for.
func usedDirectly(s policies.Statement) bool {
	if !s.ToAccount() || s.Requires("aws:PrincipalArn") {
		return false
	}
	return s.AllowsAny(keyUses...) && !s.Requires("kms:ViaService", "kms:EncryptionContext") ||
		s.AllowsAny("kms:CreateGrant") && !s.Requires("kms:ViaService", "kms:GrantIsForAWSResource")
}

var _ = rules.Add(rule.Rule{
	ID:       "kms-key-policy-no-direct-use",
	Title:    "Key policies let the account use a key only through the services that it is for.",
	Severity: rule.Low,
	Description: "The default policy leaves everything to IAM: whoever may decrypt with every key of the account decrypts " +
		"with this one, by calling KMS. With a condition on kms:ViaService, nobody gets at the data but by the service that holds " +
		"it, and that service's own permissions count too.",
	Remedy: "allow the account to administer the key; put a condition on kms:ViaService or on the encryption context to its use, " +
		"and on kms:GrantIsForAWSResource or kms:ViaService to kms:CreateGrant",
	CheckInStack: func(r rule.Resource, stack *rule.Stack) []rule.Finding {
		policy := r.At("policy")
		switch {
		case policy.Unknown():
			return nil
		case policy.Missing() && stack.MayName(r, "keyId", []string{"arn", "id", "keyId"}, "aws:kms/keyPolicy:KeyPolicy"):
			return nil
		case policy.Missing():
			return []rule.Finding{policy.Finding("")}
		}
		return policies.NoStatement("policy", usedDirectly)(r)
	},
}.
	On("aws:kms/key:Key", rule.Properties{"enableKeyRotation": true, "policy": keyPolicy(administer, throughS3, grantsForServices)}, "policy",
		leftToIAM,
		rule.Missing,
		keyPolicy(administer, `{"Effect":"Allow","Principal":{"AWS":["123456789012"]},"Action":["kms:Decrypt*"],"Resource":"*"}`),
		keyPolicy(administer, `{"Effect":"Allow","Principal":"*","Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"kms:CallerAccount":"123456789012"}}}`),
		keyPolicy(administer, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:GenerateDataKey*","Resource":"*","Condition":{"StringNotEquals":{"kms:ViaService":"s3.us-east-1.amazonaws.com"}}}`),
		keyPolicy(administer, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:CreateGrant","Resource":"*"}`),
		keyPolicy(administer, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:Create*","Resource":"*","Condition":{"Bool":{"kms:GrantIsForAWSResource":"false"}}}`),
		keyPolicy(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"NotAction":"kms:ScheduleKeyDeletion","Resource":"*"}`),
	).
	Accepts(
		rule.Properties{"policy": keyPolicy(administer, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/machine"},"Action":"kms:Decrypt","Resource":"*"}`)},
		rule.Properties{"policy": keyPolicy(administer, `{"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},"Action":"kms:Decrypt","Resource":"*"}`)},
		rule.Properties{"policy": keyPolicy(administer, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:Decrypt","Resource":"*","Condition":{"StringLike":{"kms:EncryptionContext:aws:ssm:SessionId":"*"}}}`)},
		rule.Properties{"policy": keyPolicy(administer, `{"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"*"}`)},
	).
	// Each names a key of its own: a key that it does not name might be any.
	Shown("aws:kms/replicaKey:ReplicaKey", rule.Example{primaryKey, {Type: "aws:kms/replicaKey:ReplicaKey", Name: "copy", Properties: rule.Properties{
		"primaryKeyArn": rule.Ref{Resource: "primary", Property: "arn"}, "policy": keyPolicy(administer, throughS3),
	}}}, "policy", leftToIAM).
	Shown("aws:kms/keyPolicy:KeyPolicy", rule.Example{bareKey, {Type: "aws:kms/keyPolicy:KeyPolicy", Name: "policy", Properties: rule.Properties{
		"keyId": rule.Ref{Resource: "bare", Property: "id"}, "policy": keyPolicy(administer, throughS3),
	}}}, "policy", leftToIAM))

// Keys of the examples.
var (
	primaryKey = rule.ExampleResource{Type: "aws:kms/key:Key", Name: "primary", Properties: rule.Properties{
		"multiRegion": true, "policy": keyPolicy(administer, throughS3),
	}}
	bareKey = rule.ExampleResource{Type: "aws:kms/key:Key", Name: "bare", Properties: rule.Properties{"enableKeyRotation": true}}
)

// leftToIAM is the policy that AWS gives to a key without one.
var leftToIAM = keyPolicy(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*","Resource":"*"}`)

// Statements of the examples.
const (
	administer        = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":["kms:DescribeKey","kms:PutKeyPolicy","kms:ScheduleKeyDeletion"],"Resource":"*"}`
	throughS3         = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":["kms:Decrypt","kms:GenerateDataKey*"],"Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"s3.us-east-1.amazonaws.com"}}}`
	grantsForServices = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:CreateGrant","Resource":"*","Condition":{"Bool":{"kms:GrantIsForAWSResource":"true"}}}`
)

// keyPolicy is a policy of these statements.
func keyPolicy(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}
