package cloud_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

// Statements of key policies.
const (
	keyAccount    = `"Principal":{"AWS":"arn:aws:iam::123456789012:root"}`
	keyAdminister = `{"Effect":"Allow",` + keyAccount + `,"Action":["kms:PutKeyPolicy","kms:DescribeKey"],"Resource":"*"}`
	keyEverything = `{"Effect":"Allow",` + keyAccount + `,"Action":"kms:*","Resource":"*"}`
	keyUseActions = `"Action":["kms:Decrypt","kms:Encrypt","kms:GenerateDataKey*","kms:ReEncrypt*"],"Resource":"*"`
	keyGrants     = `{"Effect":"Allow",` + keyAccount + `,"Action":"kms:CreateGrant","Resource":"*","Condition":{"Bool":{"kms:GrantIsForAWSResource":"true"}}}`
)

// keyThrough lets the account use a key through a service.
func keyThrough(service string) string {
	return `{"Effect":"Allow",` + keyAccount + `,` + keyUseActions + `,"Condition":{"StringLike":{"kms:ViaService":"` + service + `.amazonaws.com"}}}`
}

// keyOf makes a key with these statements, and one by which it is administered.
func keyOf(p *cloudtest.Provider, name string, statements ...string) *cloudtest.Resource {
	all := strings.Join(append([]string{keyAdminister}, statements...), ",")
	return p.Make("aws:kms/key:Key", name, props{"policy": `{"Version":"2012-10-17","Statement":[` + all + `]}`})
}

func TestServicesUseOnlyKeysThatAdmitThem(t *testing.T) {
	w := cloudtest.New(t)
	east := w.AWS("us-east-1")
	n := east.Network("us-east-1")
	group := east.Make("aws:rds/subnetGroup:SubnetGroup", "g", props{"name": "g", "subnetIds": n.SubnetIDs()})
	bucket := east.Make(bucketType, "b", props{"bucket": "tandem-b"})
	control := east.Role("control", "eks.amazonaws.com")
	runs, other := east.Role("runs", "states.amazonaws.com"), east.Role("other", "states.amazonaws.com")
	logs := func(group string) string {
		return `{"Effect":"Allow","Principal":{"Service":"logs.us-east-1.amazonaws.com"},` +
			`"Action":["kms:Encrypt*","kms:Decrypt*","kms:ReEncrypt*","kms:GenerateDataKey*","kms:Describe*"],"Resource":"*",` +
			`"Condition":{"ArnLike":{"kms:EncryptionContext:aws:logs:arn":"arn:aws:logs:us-east-1:123456789012:log-group:` + group + `"}}}`
	}
	byRole := func(arn string) string {
		return `{"Effect":"Allow","Principal":{"AWS":"` + arn + `"},"Action":["kms:Decrypt","kms:GenerateDataKey"],"Resource":"*"}`
	}
	throughEKS := `{"Effect":"Allow",` + keyAccount + `,"Action":"kms:CreateGrant","Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"eks.us-east-1.amazonaws.com"}}}`
	logGroup := func(name, key string) props { return props{"name": "/tandem/" + name, "kmsKeyId": key} }
	database := func(name, key string) props {
		return props{
			"clusterIdentifier": name, "engine": "aurora-postgresql", "engineVersion": "16.9", "dbSubnetGroupName": group.ID, "storageEncrypted": true,
			"kmsKeyId": key, "skipFinalSnapshot": true, "masterUsername": "root", "masterPassword": "long-enough",
		}
	}
	table := func(name, key string) props {
		return props{
			"name": name, "hashKey": "id", "attributes": []any{props{"name": "id", "type": "S"}}, "billingMode": "PAY_PER_REQUEST",
			"serverSideEncryption": props{"enabled": true, "kmsKeyArn": key},
		}
	}
	secret := func(name, key string) props { return props{"name": name, "kmsKeyId": key} }
	encryption := func(_, key string) props {
		return props{"bucket": bucket.ID, "rules": []any{props{"applyServerSideEncryptionByDefault": props{"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}}}}
	}
	vault := func(name, key string) props { return props{"name": name, "kmsKeyArn": key} }
	cluster := func(name, key string) props {
		return props{
			"name": name, "roleArn": control.Get("arn"), "accessConfig": props{"authenticationMode": "API"},
			"vpcConfig":        props{"subnetIds": n.SubnetIDs(), "endpointPrivateAccess": true, "endpointPublicAccess": false},
			"encryptionConfig": props{"resources": []any{"secrets"}, "provider": props{"keyArn": key}},
		}
	}
	machine := func(name, key string) props {
		return props{
			"name": name, "roleArn": runs.Get("arn"), "definition": `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`,
			"encryptionConfiguration": props{"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": key},
		}
	}
	type statements = []string
	states := keyThrough("states.us-east-1")
	for name, c := range map[string]struct {
		typ  string
		in   func(name, key string) props
		good statements
		bad  map[string]statements // by what the refusal says
	}{
		"log-group": {logGroupType, logGroup, statements{logs("/tandem/*")}, map[string]statements{
			"AccessDeniedException: the specified KMS key": {keyEverything}, // logs do not come by way of the account
			"kms:Decrypt to logs.us-east-1.amazonaws.com":  {logs("/other/*")},
		}},
		"database": {"aws:rds/cluster:Cluster", database, statements{keyThrough("rds.us-east-1"), keyGrants}, map[string]statements{
			"KMSKeyNotAccessibleFault": {keyThrough("rds.us-west-2"), keyGrants},
			"kms:CreateGrant to the account through rds.us-east-1.amazonaws.com": {keyThrough("rds.us-east-1")},
		}},
		"default-policy": {"aws:rds/cluster:Cluster", database, statements{keyEverything}, nil},
		"table": {"aws:dynamodb/table:Table", table, statements{keyThrough("dynamodb.*"), keyGrants}, map[string]statements{
			"AccessDeniedException: KMS key access denied error": {keyThrough("rds.us-east-1"), keyGrants},
		}},
		"secret": {"aws:secretsmanager/secret:Secret", secret, statements{keyThrough("secretsmanager.us-east-1")}, map[string]statements{
			"AccessDeniedException: access to KMS is not allowed": {},
		}},
		"bucket": {"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", encryption, statements{keyThrough("s3.us-east-1")}, map[string]statements{
			"AccessDenied: no object could be put": {keyThrough("dynamodb.*"), keyGrants},
		}},
		"vault": {"aws:backup/vault:Vault", vault, statements{keyThrough("backup.*"), keyGrants}, map[string]statements{
			"kms:CreateGrant to the account through backup.us-east-1.amazonaws.com": {keyThrough("backup.*")},
		}},
		"cluster": {"aws:eks/cluster:Cluster", cluster, statements{throughEKS}, map[string]statements{
			"InvalidRequestException: user not authorized to perform kms:CreateGrant": {keyGrants}, // EKS does not mark them
		}},
		"machine": {stateMachine, machine, statements{states, byRole(runs.Get("arn"))}, map[string]statements{
			"KmsAccessDeniedException: either the policy of the key":                {byRole(runs.Get("arn"))},
			"kms:Decrypt to arn:aws:iam::123456789012:role/runs":                    {states}, // executions come by no service
			"does not allow kms:Decrypt to arn:aws:iam::123456789012:role/runs":     {states, byRole(other.Get("arn"))},
			"kms:Decrypt to the account through states.us-east-1.amazonaws.com":     {keyThrough("s3.us-east-1"), byRole(runs.Get("arn"))},
			"does not allow kms:GenerateDataKey to arn:aws:iam::123456789012:role/": {states, strings.Replace(byRole(runs.Get("arn")), `,"kms:GenerateDataKey"`, "", 1)},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			i := 0
			for want, with := range c.bad {
				i++
				id := fmt.Sprintf("%s-%d", name, i)
				east.Refused(c.typ, id, c.in(id, keyOf(east, id, with...).Get("arn")), want)
			}
			east.Make(c.typ, name, c.in(name, keyOf(east, name, c.good...).Get("arn")))
		})
	}
	t.Run("by-id-and-alias", func(t *testing.T) {
		key := keyOf(east, "closed")
		east.Make("aws:kms/alias:Alias", "closed", props{"name": "alias/closed", "targetKeyId": key.ID})
		east.Refused("aws:secretsmanager/secret:Secret", "by-id", secret("by-id", key.ID), "access to KMS is not allowed")
		east.Refused("aws:secretsmanager/secret:Secret", "by-alias", secret("by-alias", "alias/closed"), "access to KMS is not allowed")
	})
}

func TestReplicasAreAskedForFromTheOtherRegionToo(t *testing.T) {
	w := cloudtest.New(t)
	east, west := w.AWS("us-east-1"), w.AWS("us-west-2")
	table := east.Make("aws:dynamodb/table:Table", "t", props{
		"name": "t", "hashKey": "id", "attributes": []any{props{"name": "id", "type": "S"}}, "billingMode": "PAY_PER_REQUEST",
		"streamEnabled": true, "streamViewType": "NEW_AND_OLD_IMAGES",
	})
	replica := func(key *cloudtest.Resource) props {
		return props{"globalTableArn": table.Get("arn"), "kmsKeyArn": key.Get("arn")}
	}
	const typ = "aws:dynamodb/tableReplica:TableReplica"
	west.Refused(typ, "own", replica(keyOf(west, "own", keyThrough("dynamodb.us-west-2"), keyGrants)), "through dynamodb.us-east-1.amazonaws.com")
	west.Make(typ, "any", replica(keyOf(west, "any", keyThrough("dynamodb.*"), keyGrants)))

	secret := func(name string, key *cloudtest.Resource) props {
		return props{"name": name, "replicas": []any{props{"region": "us-west-2", "kmsKeyId": key.Get("arn")}}}
	}
	east.Refused("aws:secretsmanager/secret:Secret", "own", secret("own", keyOf(west, "secret-own", keyThrough("secretsmanager.us-west-2"))), "through secretsmanager.us-east-1.amazonaws.com")
	east.Make("aws:secretsmanager/secret:Secret", "any", secret("any", keyOf(west, "secret-any", keyThrough("secretsmanager.*"))))
}

func TestTopicsOfAlarmsAndEventsHaveKeysThatAdmitThem(t *testing.T) {
	east := cloudtest.New(t).AWS("us-east-1")
	service := func(name, condition string) string {
		return `{"Effect":"Allow","Principal":{"Service":"` + name + `.amazonaws.com"},"Action":["kms:Decrypt","kms:GenerateDataKey*"],"Resource":"*"` + condition + `}`
	}
	own := `,"Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}`
	topic := func(name, key string) string {
		return east.Make("aws:sns/topic:Topic", name, props{"name": name, "kmsMasterKeyId": key}).ID
	}
	open := topic("open", keyOf(east, "open", service("cloudwatch", own), service("events", "")).Get("arn"))
	closed := topic("closed", keyOf(east, "closed", keyThrough("sns.us-east-1"), service("events", own)).Get("arn"))
	managed := topic("managed", "alias/aws/sns")
	plain := east.Make("aws:sns/topic:Topic", "plain", props{"name": "plain"}).ID
	alarm := func(name, topic string) props {
		return props{
			"name": name, "comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "threshold": 1, "namespace": "AWS/RDS", "metricName": "Lag",
			"period": 60, "statistic": "Average", "okActions": []any{topic},
		}
	}
	const alarmType, targetType = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/eventTarget:EventTarget"
	east.Refused(alarmType, "closed", alarm("closed", closed), "okActions: cloudwatch.amazonaws.com could not publish to "+closed, "kms:Decrypt")
	east.Refused(alarmType, "managed", alarm("managed", managed), "no service may use its key alias/aws/sns")
	east.Make(alarmType, "open", alarm("open", open))
	east.Make(alarmType, "plain", alarm("plain", plain))
	rule := east.Make("aws:cloudwatch/eventRule:EventRule", "r", props{"name": "r", "scheduleExpression": "rate(1 hour)"})
	// EventBridge says nothing of the account that it acts for.
	east.Refused(targetType, "closed", props{"rule": rule.ID, "arn": closed}, "events.amazonaws.com could not publish to")
	east.Make(targetType, "open", props{"rule": rule.ID, "arn": open})
}

func TestAutoScalingEncryptsDisksOnlyWithAKeyThatAdmitsItsRole(t *testing.T) {
	east := cloudtest.New(t).AWS("us-east-1")
	n := east.Network("us-east-1")
	group := func(name string, key *cloudtest.Resource) props {
		template := east.Make("aws:ec2/launchTemplate:LaunchTemplate", name, props{
			"name": name, "imageId": "ami-0123456789abcdef0", "instanceType": "t4g.nano",
			"blockDeviceMappings": []any{props{"deviceName": "/dev/xvda", "ebs": props{"encrypted": "true", "kmsKeyId": key.Get("arn"), "volumeSize": 8}}},
		})
		return props{
			"minSize": 1, "maxSize": 1, "vpcZoneIdentifiers": n.SubnetIDs(), "launchTemplate": props{"id": template.ID, "version": "$Latest"},
		}
	}
	everybody := strings.NewReplacer(keyAccount, `"Principal":{"AWS":"*"}`, `["kms:Decrypt"`, `["kms:DescribeKey","kms:Decrypt"`)
	const typ = "aws:autoscaling/group:Group"
	// The service-linked role has no IAM policy for the account's own keys.
	east.Refused(typ, "account", group("account", keyOf(east, "account", keyEverything)), "AsgInstanceLaunchFailures", "Client.InvalidKMSKey.InvalidState", "AWSServiceRoleForAutoScaling")
	east.Refused(typ, "grants", group("grants", keyOf(east, "grants", everybody.Replace(keyThrough("ec2.us-east-1")))), "kms:CreateGrant")
	east.Make(typ, "open", group("open", keyOf(east, "open", everybody.Replace(keyThrough("ec2.us-east-1")), everybody.Replace(keyGrants))))
}
