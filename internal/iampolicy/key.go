package iampolicy

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Key is what the policy of a KMS key is written from. It keeps apart who
// administers a key, who uses it and who lets others use it, as the KMS developer
// guide does ("Default key policy", "Allows key administrators to administer the
// KMS key", "Allows key users to use a KMS key with AWS services"):
//
//   - The account administers the key: its IAM policies say who. No action of the
//     statement encrypts, decrypts, signs or makes a grant.
//   - The account uses the key through the services named, and in no other way.
//   - The account makes grants on it only by way of an AWS service that needs them, such
//     as for a database's storage, and not at all where no service of the key does.
//   - Others are what a key needs besides: service principals, and roles that use it
//     with no service in between.
type Key struct {
	// Account is the id of the account that the key is of: a string or an output of
	// one. Required.
	Account any
	// Region is where the key is, such as us-east-1. Required where a service is named
	// without a region.
	Region string
	// MultiRegion is for a multi-Region key, primary or replica: it may be replicated,
	// and another of its keys made the primary. Default false.
	MultiRegion bool
	// Services are what uses the key on behalf of whoever calls it, by the name that
	// kms:ViaService has for it (KMS developer guide, "Services that support the
	// kms:ViaService condition key"): "rds" is RDS in the key's region, "dynamodb.*" is
	// DynamoDB in any. Empty means that the account has no use of the key.
	Services []string
	// Others are further statements. Their resource is the key and need not be given.
	Others []Statement
}

// administration are the actions on a key that neither use it nor let anybody use
// it (KMS developer guide, "Permissions reference"). CreateGrant is not among
// them, and PutKeyPolicy is, without which KMS would refuse the policy.
var administration = []string{
	"kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey", "kms:DisableKeyRotation",
	"kms:EnableKey", "kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListGrants", "kms:ListKeyPolicies",
	"kms:ListKeyRotations", "kms:ListResourceTags", "kms:PutKeyPolicy", "kms:RevokeGrant", "kms:RotateKeyOnDemand",
	"kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
}

// multiRegion are the further ones of multi-Region keys. KMS synchronizes them by a
// service-linked role, whose permission is an IAM policy's (KMS developer guide,
// "Authorizing AWS KMS to synchronize multi-Region keys").
var multiRegion = []string{"kms:ReplicateKey", "kms:SynchronizeMultiRegionKey", "kms:UpdatePrimaryRegion"}

// KeyUse are the cryptographic operations of a symmetric key that services ask for
// (KMS developer guide, "Allows key users to use the KMS key").
func KeyUse() []string {
	return []string{"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"}
}

// JSON returns the key policy.
func (k Key) JSON() pulumi.StringOutput {
	account := AccountPrincipal(k.Account)
	administer := slices.Clone(administration)
	if k.MultiRegion {
		administer = append(administer, multiRegion...)
		slices.Sort(administer)
	}
	statements := []Statement{{Sid: "Administration", Principal: account, Action: administer}}
	if len(k.Services) > 0 {
		statements = append(statements, Statement{Sid: "Services", Principal: account, Action: KeyUse(), Condition: k.through(k.Services)})
	}
	grant := []string{"kms:CreateGrant"}
	if slices.ContainsFunc(k.Services, marksGrants) {
		statements = append(statements, Statement{Sid: "Grants", Principal: account, Action: grant, Condition: map[string]any{
			"Bool": map[string]any{"kms:GrantIsForAWSResource": "true"},
		}})
	}
	if slices.Contains(k.Services, "eks") {
		statements = append(statements, Statement{Sid: "ClusterGrants", Principal: account, Action: grant, Condition: k.through([]string{"eks"})})
	}
	statements = append(statements, k.Others...)
	for i := range statements {
		statements[i].Resource = "*" // the key that the policy is of
	}
	return JSON(statements...)
}

// marksGrants reports whether a service needs grants, and marks them as made for an
// AWS resource: Aurora and RDS (Aurora user guide, "AWS KMS key management"),
// DynamoDB ("Using grants to authorize DynamoDB") and AWS Backup ("AWS Backup
// permissions, grants, and deny statements"). EKS needs one too, but has this
// condition not supported when a cluster is made, so that its grants are bound to
// come through it (EKS user guide, "Encrypt Kubernetes secrets with KMS"). S3, Secrets
// Manager, SNS and Step Functions make none.
func marksGrants(service string) bool {
	name, _, _ := strings.Cut(service, ".")
	return slices.Contains([]string{"backup", "dynamodb", "rds"}, name)
}

// through is the condition that one of the services asks.
func (k Key) through(services []string) map[string]any {
	var names []string
	for _, service := range services {
		if !strings.Contains(service, ".") {
			service += "." + k.Region
		}
		names = append(names, service+".amazonaws.com")
	}
	return map[string]any{"StringLike": map[string]any{"kms:ViaService": names}}
}

// AccountPrincipal is the account as a principal: whoever its IAM policies let.
func AccountPrincipal(id any) map[string]any {
	return map[string]any{"AWS": pulumi.Sprintf("arn:aws:iam::%s:root", id)}
}

// EncryptLogs lets CloudWatch Logs encrypt log groups with a key of the region
// (CloudWatch Logs user guide, "Encrypt log data in CloudWatch Logs using AWS
// KMS"). Groups are their ARNs or patterns of them, one or a list; may hold outputs.
func EncryptLogs(region string, groups any) Statement {
	return Statement{
		Sid:       "Logs",
		Principal: map[string]any{"Service": "logs." + region + ".amazonaws.com"},
		Action:    []string{"kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"},
		Condition: map[string]any{"ArnLike": map[string]any{"kms:EncryptionContext:aws:logs:arn": groups}},
	}
}
