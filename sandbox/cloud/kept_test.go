package cloud_test

import (
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

func TestABucketWithObjectsIsNotDeleted(t *testing.T) {
	w := cloudtest.New(t)
	p := w.AWS("us-east-1")
	kept := p.Make(bucketType, "kept", props{"bucket": "tandem-kept"})
	other := p.Make(bucketType, "other", props{"bucket": "tandem-other"})
	for _, b := range []*cloudtest.Resource{kept, other} {
		if err := w.Cloud.PutObject(b.ID, "logs/1"); err != nil {
			t.Fatal(err)
		}
	}
	cloudtest.WantError(t, w.Cloud.PutObject("tandem-none", "a"), "NoSuchBucket")
	cloudtest.WantError(t, kept.Delete(), "BucketNotEmpty", "logs/1", "set forceDestroy")
	if err := other.Update(props{"forceDestroy": true}); err != nil {
		t.Fatal(err)
	}
	if err := other.Delete(); err != nil {
		t.Error(err)
	}
	if r, err := w.Cloud.Lookup("aws:s3/bucketObjectv2:BucketObjectv2", "tandem-other/logs/1"); err != nil || r != nil {
		t.Errorf("an object outlived its bucket: %v, %v", r, err)
	}
	p.Make("aws:s3/bucketObjectv2:BucketObjectv2", "same key", props{"bucket": p.Make(bucketType, "third", props{"bucket": "tandem-third"}).ID, "key": "logs/1"})
}

func TestASecretKeepsItsNameUntilItsWindowIsOver(t *testing.T) {
	w := cloudtest.New(t)
	p := w.AWS("us-east-1")
	const secret = "aws:secretsmanager/secret:Secret"
	waiting := p.Make(secret, "waiting", props{"name": "waiting", "recoveryWindowInDays": 7})
	gone := p.Make(secret, "gone", props{"name": "gone", "recoveryWindowInDays": 0})
	for _, s := range []*cloudtest.Resource{waiting, gone} {
		if err := s.Delete(); err != nil {
			t.Fatal(err)
		}
	}
	_, err := p.Try(secret, "again", props{"name": "waiting"})
	cloudtest.WantError(t, err, "InvalidRequestException", "already scheduled for deletion", "recoveryWindowInDays 0")
	p.Make(secret, "again", props{"name": "gone"})
	w.AWS("us-west-2").Make(secret, "elsewhere", props{"name": "waiting"})
}

func TestAReplicaOfASecretIsHadInItsRegion(t *testing.T) {
	w := cloudtest.New(t)
	east, west, other := w.AWS("us-east-1"), w.AWS("us-west-2"), w.AWS("eu-west-1")
	secret := east.Make("aws:secretsmanager/secret:Secret", "s", props{"name": "s", "replicas": []any{props{"region": "us-west-2"}}})
	policy := func(region string) props {
		arn := "arn:aws:secretsmanager:" + region + secret.ID[len("arn:aws:secretsmanager:us-east-1"):]
		return props{"secretArn": arn, "policy": statement(`"Principal":"*"`, `"Action":"secretsmanager:GetSecretValue"`, `"Resource":"*"`)}
	}
	const policyType = "aws:secretsmanager/secretPolicy:SecretPolicy"
	west.Make(policyType, "replica", policy("us-west-2"))
	other.Refused(policyType, "none", policy("eu-west-1"), "not found")
	west.Refused(policyType, "primary", policy("us-east-1"), "it is in us-east-1")
}

func TestAFinalSnapshotKeepsItsName(t *testing.T) {
	p := cloudtest.New(t).AWS("us-east-1")
	group := p.Make("aws:rds/subnetGroup:SubnetGroup", "g", props{"subnetIds": p.Network("us-east-1").SubnetIDs()})
	in := props{
		"clusterIdentifier": "db", "engine": "aurora-postgresql", "masterUsername": "root", "dbSubnetGroupName": group.ID,
		"finalSnapshotIdentifier": "db-final", "masterPassword": "long-enough",
	}
	const cluster = "aws:rds/cluster:Cluster"
	if err := p.Make(cluster, "first", in).Delete(); err != nil {
		t.Fatal(err)
	}
	second := p.Make(cluster, "second", in)
	cloudtest.WantError(t, second.Delete(), "DBClusterSnapshotAlreadyExistsFault", "db-final")
	if err := second.Update(props{"finalSnapshotIdentifier": "db-final-2"}); err != nil {
		t.Fatal(err)
	}
	if err := second.Delete(); err != nil {
		t.Error(err)
	}
}

func TestQuotasBiteByDefault(t *testing.T) {
	w := cloudtest.New(t)
	p := w.AWS("us-east-1")
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		p.Make("aws:ec2/eip:Eip", name, props{"domain": "vpc"})
	}
	p.Refused("aws:ec2/eip:Eip", "f", props{"domain": "vpc"}, "AddressLimitExceeded")
	w.AWS("us-west-2").Make("aws:ec2/eip:Eip", "elsewhere", props{"domain": "vpc"})
	role := p.Role("busy", "ec2.amazonaws.com")
	attach := func(i int) props {
		return props{"role": role.ID, "policyArn": "arn:aws:iam::aws:policy/Policy" + string(rune('A'+i))}
	}
	const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	for i := range 10 {
		p.Make(attachment, string(rune('a'+i)), attach(i))
	}
	p.Refused(attachment, "one too many", attach(10), "PoliciesPerRole: 10")
}
