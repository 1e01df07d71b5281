package iampolicy_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// statement is what the tests look at.
type statement struct {
	Sid, Effect, Resource string
	Principal             map[string]string
	Action                []string
	Condition             map[string]map[string]any
}

func statements(t *testing.T, k iampolicy.Key) map[string]statement {
	t.Helper()
	text, ok := written(t, false, k.JSON)
	require.True(t, ok)
	var document struct{ Statement []statement }
	require.NoError(t, json.Unmarshal([]byte(text), &document), text)
	all := map[string]statement{}
	for _, s := range document.Statement {
		require.Equal(t, "*", s.Resource, "%s is of the key itself", s.Sid)
		require.Equal(t, "Allow", s.Effect)
		require.NotContains(t, all, s.Sid)
		all[s.Sid] = s
	}
	return all
}

// uses are the actions that encrypt, decrypt, sign or let somebody do so (KMS
// developer guide, "Permissions reference").
var uses = []string{
	"kms:CreateGrant", "kms:Decrypt", "kms:DeriveSharedSecret", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyPair",
	"kms:GenerateDataKeyPairWithoutPlaintext", "kms:GenerateDataKeyWithoutPlaintext", "kms:GenerateMac", "kms:ReEncryptFrom",
	"kms:ReEncryptTo", "kms:Sign", "kms:Verify", "kms:VerifyMac",
}

func TestTheAccountAdministersAKeyWithoutUseOfIt(t *testing.T) {
	for name, multiRegion := range map[string]bool{"of one region": false, "of many": true} {
		t.Run(name, func(t *testing.T) {
			all := statements(t, iampolicy.Key{Account: "123456789012", MultiRegion: multiRegion})
			require.Len(t, all, 1, "where no service is named, nobody uses the key")
			administer := all["Administration"]
			require.Equal(t, map[string]string{"AWS": "arn:aws:iam::123456789012:root"}, administer.Principal)
			require.Empty(t, administer.Condition)
			require.Contains(t, administer.Action, "kms:PutKeyPolicy", "KMS refuses a policy that nobody can change")
			require.Subset(t, administer.Action, []string{"kms:DescribeKey", "kms:ScheduleKeyDeletion", "kms:EnableKeyRotation", "kms:RevokeGrant"})
			for _, action := range administer.Action {
				require.NotContains(t, action, "*")
				require.NotContains(t, uses, action)
			}
			for _, action := range []string{"kms:ReplicateKey", "kms:SynchronizeMultiRegionKey", "kms:UpdatePrimaryRegion"} {
				require.Equal(t, multiRegion, slices.Contains(administer.Action, action), action)
			}
		})
	}
}

func TestTheAccountUsesAKeyThroughItsServicesAlone(t *testing.T) {
	all := statements(t, iampolicy.Key{Account: "123456789012", Region: "us-west-2", Services: []string{"s3", "dynamodb.*"}})
	require.Equal(t, statement{
		Sid: "Services", Effect: "Allow", Resource: "*", Principal: map[string]string{"AWS": "arn:aws:iam::123456789012:root"},
		Action: []string{"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"},
		Condition: map[string]map[string]any{"StringLike": {
			"kms:ViaService": []any{"s3.us-west-2.amazonaws.com", "dynamodb.*.amazonaws.com"},
		}},
	}, all["Services"])
	require.Equal(t, statement{
		Sid: "Grants", Effect: "Allow", Resource: "*", Principal: map[string]string{"AWS": "arn:aws:iam::123456789012:root"},
		Action: []string{"kms:CreateGrant"}, Condition: map[string]map[string]any{"Bool": {"kms:GrantIsForAWSResource": "true"}},
	}, all["Grants"])
	require.Len(t, all, 3)
}

func TestOnlyWhereAServiceNeedsGrantsMayTheyBeMade(t *testing.T) {
	for services, want := range map[string]string{
		"s3":               "",
		"sns":              "",
		"secretsmanager.*": "",
		"dynamodb s3":      "Grants",
		"rds":              "Grants",
		"backup.*":         "Grants",
		"eks":              "ClusterGrants",
		"eks rds":          "ClusterGrants Grants",
	} {
		var granting []string
		for sid, s := range statements(t, iampolicy.Key{Account: "123456789012", Region: "us-east-1", Services: strings.Fields(services)}) {
			if slices.Contains(s.Action, "kms:CreateGrant") {
				granting = append(granting, sid)
			}
		}
		slices.Sort(granting)
		require.Equal(t, want, strings.Join(granting, " "), services)
	}
}

// With kms:GrantIsForAWSResource no cluster can be made (EKS user guide).
func TestGrantsOfEKSAreNotMarkedAndComeThroughIt(t *testing.T) {
	grants := statements(t, iampolicy.Key{Account: "123456789012", Region: "us-east-1", Services: []string{"eks"}})["ClusterGrants"]
	require.Equal(t, map[string]map[string]any{"StringLike": {"kms:ViaService": []any{"eks.us-east-1.amazonaws.com"}}}, grants.Condition)
}

func TestOthersFollowAndAreOfTheKey(t *testing.T) {
	all := statements(t, iampolicy.Key{
		Account: pulumi.String("123456789012").ToStringOutput(), Region: "us-east-1",
		Others: []iampolicy.Statement{iampolicy.EncryptLogs("us-east-1", "arn:aws:logs:us-east-1:123456789012:log-group:a-*")},
	})
	require.Equal(t, statement{
		Sid: "Logs", Effect: "Allow", Resource: "*", Principal: map[string]string{"Service": "logs.us-east-1.amazonaws.com"},
		Action: []string{"kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"},
		Condition: map[string]map[string]any{"ArnLike": {
			"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:123456789012:log-group:a-*",
		}},
	}, all["Logs"])
	require.Len(t, all, 2)
}
