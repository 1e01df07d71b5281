package cloud

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tandem-platform/tandem/sandbox/cloud/document/policy"
)

const (
	typeKey           = "aws:kms/key:Key"
	typeReplicaKey    = "aws:kms/replicaKey:ReplicaKey"
	typeGlobalCluster = "aws:rds/globalCluster:GlobalCluster"
	typeDBCluster     = "aws:rds/cluster:Cluster"
	typeDBInstance    = "aws:rds/clusterInstance:ClusterInstance"
	typeDBSubnetGroup = "aws:rds/subnetGroup:SubnetGroup"
	typeDBParameters  = "aws:rds/parameterGroup:ParameterGroup"
	typeClusterParams = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
	typeTable         = "aws:dynamodb/table:Table"
	typeTableReplica  = "aws:dynamodb/tableReplica:TableReplica"
	typeBucket        = "aws:s3/bucketV2:BucketV2"
	typeSecret        = "aws:secretsmanager/secret:Secret"
)

// keys are the ways to name a KMS key.
var keys = []string{typeKey, typeReplicaKey, "aws:kms/alias:Alias"}

var kmsModels = []model{
	{
		Type: typeKey, Service: "KMS", ID: "{newKeyId}", Auto: autoname{none: true},
		Set: map[string]string{"arn": "arn:aws:kms:{region}:{account}:key/{id}", "keyId": "{id}"},
		Check: func(o *op) error {
			if o.old == nil {
				o.tmp["newKeyId"], _ = o.value("uuid", "id")
				if truth(o.in, "multiRegion") {
					o.tmp["newKeyId"] = "mrk-" + o.mint("hex", 32, "id")
				}
			}
			return keyPolicyIn(o)
		},
		Compute: func(o *op) error {
			if o.out["policy"] == nil {
				o.out["policy"] = keyPolicy(o.c.account)
			}
			return nil
		},
		UsedBy: []string{typeReplicaKey}, InUse: "KMSInvalidStateException", Gone: keyGone,
	},
	{
		Type: typeReplicaKey, Service: "KMS", ID: "{primaryId}", Auto: autoname{none: true},
		Set: map[string]string{
			"arn": "arn:aws:kms:{region}:{account}:key/{id}", "keyId": "{id}", "keySpec": "SYMMETRIC_DEFAULT", "keyUsage": "ENCRYPT_DECRYPT",
		},
		CrossRegion: []string{"primaryKeyArn"}, Refs: map[string][]string{"primaryKeyArn": {typeKey}},
		Unique: []string{"{primaryKeyArn}"}, Exists: "AlreadyExistsException", Gone: keyGone,
		Check: func(o *op) error {
			arn := text(o.in, "primaryKeyArn")
			found, err := o.find(arn, typeKey)
			if err != nil || len(found) == 0 {
				return err
			}
			if !truth(found[0].Inputs, "multiRegion") {
				return o.refuse("UnsupportedOperationException", "%s is not a multi-Region primary key", arn)
			}
			if found[0].Scope.Region == o.region {
				return o.refuse("InvalidArnException", "a replica of %s must be in another region than the primary's %s", arn, o.region)
			}
			o.tmp["primaryId"] = found[0].ID
			return keyPolicyIn(o)
		},
		Compute: func(o *op) error {
			if o.out["policy"] == nil {
				o.out["policy"] = keyPolicy(o.c.account)
			}
			return nil
		},
	},
	{
		Type: "aws:kms/alias:Alias", Service: "KMS", ID: "{name}", Auto: autoname{max: 256, prefix: "alias/"},
		Set:    map[string]string{"arn": "arn:aws:kms:{region}:{account}:{name}"},
		Refs:   map[string][]string{"targetKeyId": {typeKey, typeReplicaKey}},
		Unique: []string{"{name}"}, Exists: "AlreadyExistsException",
		Check: func(o *op) error {
			if n := text(o.in, "name"); !strings.HasPrefix(n, "alias/") || strings.HasPrefix(n, "alias/aws/") {
				return o.refuse("ValidationException", "alias name %s must begin with alias/ and not with alias/aws/", n)
			}
			return nil
		},
		Compute: func(o *op) error {
			found, err := o.named(text(o.in, "targetKeyId"), []string{typeKey, typeReplicaKey})
			if err != nil || len(found) == 0 {
				return err
			}
			for _, r := range found {
				if r.Scope.Region == o.region {
					o.out["targetKeyArn"] = r.Outputs["arn"]
				}
			}
			return nil
		},
	},
}

// keyWindow is how many days a key waits for its end by default (KMS API,
// ScheduleKeyDeletion).
const keyWindow = 30

// keyGone schedules the end of a key. Until then it is there, and of no use.
func keyGone(o *op) error {
	days, given := number(o.out, "deletionWindowInDays")
	if !given {
		days = keyWindow
	}
	return o.keep(o.scope, typeKey, o.id, o.c.now().AddDate(0, 0, int(days)))
}

// keyPending says until when the key that s names, by its id or ARN, waits for its end.
func (o *op) keyPending(s string) (until string, pending bool) {
	in, id := Scope{Package: "aws", Account: o.c.account, Region: o.region}, s
	if m := arnForm.FindStringSubmatch(s); m != nil {
		in.Region, id = m[2], strings.TrimPrefix(m[4], "key/")
	}
	return o.kept(in, typeKey, id)
}

var keyPolicyIn = policyIn("policy", "MalformedPolicyDocumentException", policy.Key, keepsAccess)

func keyPolicy(account string) string {
	return fmt.Sprintf(`{"Id":"key-default-1","Statement":[{"Action":"kms:*","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Resource":"*","Sid":"Enable IAM User Permissions"}],"Version":"2012-10-17"}`, account)
}

var rdsName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// rdsNamed checks the form of an RDS identifier.
func rdsNamed(path string) func(*op) error {
	return func(o *op) error {
		if n := text(o.in, path); n != "" && (!rdsName.MatchString(n) || len(n) > 63) {
			return o.refuse("InvalidParameterValue", "the parameter %s is not a valid identifier: %s: letters in lower case, digits and single hyphens, "+
				"a letter first, 63 at most", path, n)
		}
		return nil
	}
}

var rdsModels = []model{
	{
		// The Terraform provider keeps it under the region that made it, but
		// its name is the account's own and every region sees it.
		Type: typeGlobalCluster, Service: "RDS", ID: "{globalClusterIdentifier}", Auto: autoname{none: true}, Global: true, Everywhere: true,
		Set: map[string]string{
			"arn":                     "arn:aws:rds::{account}:global-cluster:{globalClusterIdentifier}",
			"globalClusterResourceId": "cluster-{hex:16}", "engineVersionActual": "{engineVersion}",
			"endpoint": "{globalClusterIdentifier}.global-{alnum:12}.global.rds.amazonaws.com",
		},
		Volatile: []string{"engineVersionActual"},
		Unique:   []string{"{lower:globalClusterIdentifier}"}, Exists: "GlobalClusterAlreadyExistsFault",
		UsedBy: []string{typeDBCluster}, InUse: "InvalidGlobalClusterStateFault", Protect: "deletionProtection",
		Check: checkGlobalCluster, Moves: []string{"engineVersion"}, Describe: describeGlobalCluster,
	},
	{
		Type: typeDBCluster, Service: "RDS", ID: "{clusterIdentifier}", Auto: autoname{prop: "clusterIdentifier", max: 63, lower: true},
		Set: map[string]string{
			"arn":            "arn:aws:rds:{region}:{account}:cluster:{clusterIdentifier}",
			"endpoint":       "{clusterIdentifier}.cluster-{alnum:12}.{region}.rds.amazonaws.com",
			"readerEndpoint": "{clusterIdentifier}.cluster-ro-{alnum:12}.{region}.rds.amazonaws.com",
			"hostedZoneId":   "Z{upper:13}", "clusterResourceId": "cluster-{upper:26}", "engineVersionActual": "{engineVersion}",
			"caCertificateIdentifier": "rds-ca-rsa2048-g1",
		},
		Volatile: []string{"engineVersionActual"},
		Refs: map[string][]string{
			"dbSubnetGroupName": {typeDBSubnetGroup}, "dbClusterParameterGroupName": {typeClusterParams},
			"globalClusterIdentifier": {typeGlobalCluster}, "dbInstanceParameterGroupName": {typeDBParameters},
		},
		CrossRegion: []string{"replicationSourceIdentifier"}, Moves: []string{"globalClusterIdentifier", "engineVersion"},
		// AWS provider 5.100.0, internal/service/rds/cluster.go, resourceClusterImport
		// and what resourceClusterRead leaves out.
		Virtual: map[string]any{
			"skipFinalSnapshot": true, "deleteAutomatedBackups": true, "finalSnapshotIdentifier": nil, "masterPassword": nil, "sourceRegion": nil,
		},
		Unique: []string{"{lower:clusterIdentifier}"}, Exists: "DBClusterAlreadyExistsFault",
		UsedBy: []string{typeDBInstance}, InUse: "InvalidDBClusterStateFault", Protect: "deletionProtection", OneVPC: "InvalidParameterCombination",
		Check: checkDBCluster,
		Compute: func(o *op) error {
			if err := o.follow(); err != nil {
				return err
			}
			if o.out["port"] == nil {
				o.out["port"] = map[bool]float64{true: 5432, false: 3306}[strings.Contains(text(o.in, "engine"), "postgres")]
			}
			if truth(o.in, "manageMasterUserPassword") && o.out["masterUserSecrets"] == nil {
				o.out["masterUserSecrets"] = []any{map[string]any{
					"secretArn":    fmt.Sprintf("arn:aws:secretsmanager:%s:%s:secret:rds!cluster-%s", o.region, o.c.account, o.mint("hex", 32, "secret")),
					"secretStatus": "active",
				}}
			}
			return nil
		},
		Gone: func(o *op) error {
			if err := o.leave(); err != nil {
				return err
			}
			if !truth(o.out, "skipFinalSnapshot") && text(o.out, "finalSnapshotIdentifier") == "" {
				return o.fail("deleting", "InvalidParameterCombination", "finalSnapshotIdentifier is required when skipFinalSnapshot is false")
			}
			if truth(o.out, "skipFinalSnapshot") {
				return nil
			}
			// The snapshot outlives the cluster, and its name with it.
			name := text(o.out, "finalSnapshotIdentifier")
			if _, taken := o.kept(o.scope, "snapshot", name); taken {
				return o.fail("deleting", "DBClusterSnapshotAlreadyExistsFault", "cannot create the cluster snapshot because one with the identifier %s already exists", name)
			}
			return o.keep(o.scope, "snapshot", name, time.Time{})
		},
	},
	{
		Type: typeDBInstance, Service: "RDS", ID: "{identifier}", Auto: autoname{prop: "identifier", max: 63, lower: true},
		Set: map[string]string{
			"arn":      "arn:aws:rds:{region}:{account}:db:{identifier}",
			"endpoint": "{identifier}.{alnum:12}.{region}.rds.amazonaws.com", "dbiResourceId": "db-{upper:26}",
			"caCertIdentifier": "rds-ca-rsa2048-g1",
		},
		Refs: map[string][]string{
			"clusterIdentifier": {typeDBCluster}, "dbParameterGroupName": {typeDBParameters}, "dbSubnetGroupName": {typeDBSubnetGroup},
		},
		External: map[string][]string{"dbParameterGroupName": {"default.aurora-postgresql15", "default.aurora-postgresql16", "default.aurora-postgresql17"}},
		Unique:   []string{"{lower:identifier}"}, Exists: "DBInstanceAlreadyExists",
		Check: func(o *op) error {
			if err := rdsNamed("identifier")(o); err != nil {
				return err
			}
			cluster, err := o.cluster()
			if err != nil || cluster == nil {
				return err
			}
			if text(cluster.Inputs, "engine") != text(o.in, "engine") {
				return o.refuse("InvalidParameterCombination", "the engine %s is not the cluster's %s", text(o.in, "engine"), text(cluster.Inputs, "engine"))
			}
			return nil
		},
		Gone: keepLast,
		Compute: func(o *op) error {
			cluster, err := o.cluster()
			if err != nil || cluster == nil {
				return err
			}
			for _, p := range []string{"port", "storageEncrypted", "kmsKeyId", "dbSubnetGroupName", "engineVersion", "engineVersionActual"} {
				if o.out[p] == nil {
					o.out[p] = cluster.Outputs[p]
				}
			}
			if o.out["writer"] == nil {
				first := true
				err = o.eachOf(o.scope, typeDBInstance, func(r *Resource) error {
					first = first && text(r.Inputs, "clusterIdentifier") != cluster.ID
					return nil
				})
				o.out["writer"] = first && text(cluster.Outputs, "replicationSourceIdentifier") == ""
			}
			return err
		},
	},
	{
		Type: typeDBSubnetGroup, Service: "RDS", ID: "{name}", Auto: autoname{max: 255, lower: true},
		Set:    map[string]string{"arn": "arn:aws:rds:{region}:{account}:subgrp:{name}"},
		Unique: []string{"{lower:name}"}, Exists: "DBSubnetGroupAlreadyExists",
		UsedBy: []string{typeDBCluster, typeDBInstance}, InUse: "InvalidDBSubnetGroupStateFault", OneVPC: "InvalidSubnet",
		Check: func(o *op) error {
			zones := map[string]bool{}
			for _, id := range texts(o.in, "subnetIds") {
				found, err := o.find(id, typeSubnet)
				if err != nil {
					return err
				}
				for _, s := range found {
					zones[text(s.Outputs, "availabilityZone")] = true
					o.out["vpcId"] = s.Inputs["vpcId"]
				}
			}
			if len(zones) < 2 {
				return o.refuse("DBSubnetGroupDoesNotCoverEnoughAZs", "the DB subnet group doesn't meet Availability Zone (AZ) coverage requirement: "+
					"at least 2 zones, it has %s", strings.Join(sortedNames(zones), ", "))
			}
			return nil
		},
	},
	{
		Type: typeDBParameters, Service: "RDS", ID: "{name}", Auto: autoname{max: 255, lower: true},
		Set:    map[string]string{"arn": "arn:aws:rds:{region}:{account}:pg:{name}"},
		Unique: []string{"{lower:name}"}, Exists: "DBParameterGroupAlreadyExists",
		UsedBy: []string{typeDBInstance, typeDBCluster}, InUse: "InvalidDBParameterGroupState",
	},
	{
		Type: typeClusterParams, Service: "RDS", ID: "{name}", Auto: autoname{max: 255, lower: true},
		Set:    map[string]string{"arn": "arn:aws:rds:{region}:{account}:cluster-pg:{name}"},
		Unique: []string{"{lower:name}"}, Exists: "DBParameterGroupAlreadyExists",
		UsedBy: []string{typeDBCluster}, InUse: "InvalidDBParameterGroupState",
	},
}

// cluster is the database cluster that an instance names.
func (o *op) cluster() (*Resource, error) {
	return o.get(o.scope, typeDBCluster, text(o.in, "clusterIdentifier"))
}

var dynamodbModels = []model{
	{
		Type: typeTable, Service: "DynamoDB", ID: "{name}", Auto: autoname{max: 255},
		Set:    map[string]string{"arn": "arn:aws:dynamodb:{region}:{account}:table/{name}"},
		Unique: []string{"{name}"}, Exists: "ResourceInUseException", Names: []string{"name"},
		Protect: "deletionProtectionEnabled", UsedBy: []string{typeTableReplica}, InUse: "ValidationException",
		CrossRegion: []string{"replicas.kmsKeyArn"}, Describe: describeTable,
		Check: func(o *op) error {
			if slices.Contains(o.unset, "replicas") {
				if err := o.deleteReplicas(); err != nil {
					return err
				}
			}
			declared := map[string]bool{}
			for _, n := range texts(o.in, "attributes.name") {
				declared[n] = true
			}
			used := map[string]bool{}
			for _, p := range []string{
				"hashKey", "rangeKey", "globalSecondaryIndexes.hashKey", "globalSecondaryIndexes.rangeKey", "localSecondaryIndexes.rangeKey",
			} {
				for _, n := range texts(o.in, p) {
					used[n] = true
				}
			}
			if !maps.Equal(declared, used) {
				return o.refuse("ValidationException", "the attributes declared (%s) are not those that keys and indexes use (%s)",
					strings.Join(sortedNames(declared), ", "), strings.Join(sortedNames(used), ", "))
			}
			for _, p := range []string{"readCapacity", "writeCapacity"} {
				if n, _ := number(o.in, p); n < 1 && text(o.in, "billingMode") == "PROVISIONED" {
					return o.refuse("ValidationException", "%s must be at least 1 when billingMode is PROVISIONED", p)
				}
			}
			return nil
		},
		Compute: func(o *op) error {
			if truth(o.in, "streamEnabled") && o.out["streamArn"] == nil {
				label := o.c.now().UTC().Format("2006-01-02T15:04:05.000")
				o.out["streamLabel"], o.out["streamArn"] = label, text(o.out, "arn")+"/stream/"+label
			}
			return nil
		},
	},
	{
		Type: typeTableReplica, Service: "DynamoDB", ID: "{tableName}:{primaryRegion}", Auto: autoname{none: true},
		Refs: map[string][]string{"globalTableArn": {typeTable}}, CrossRegion: []string{"globalTableArn"},
		Set:    map[string]string{"arn": "arn:aws:dynamodb:{region}:{account}:table/{tableName}"},
		Unique: []string{"{globalTableArn}"}, Exists: "ReplicaAlreadyExistsException", Protect: "deletionProtectionEnabled",
		Check: func(o *op) error {
			found, err := o.find(text(o.in, "globalTableArn"), typeTable)
			if err != nil || len(found) == 0 {
				return err
			}
			table := found[0]
			if table.Scope.Region == o.region {
				return o.refuse("ValidationException", "the replica's region %s is the table's own", o.region)
			}
			if !truth(table.Outputs, "streamEnabled") || text(table.Outputs, "streamViewType") != "NEW_AND_OLD_IMAGES" {
				return o.refuse("ValidationException", "table %s needs streams with NEW_AND_OLD_IMAGES before it can have a replica", table.ID)
			}
			o.tmp["tableName"], o.tmp["primaryRegion"] = table.ID, table.Scope.Region
			return nil
		},
	},
}

var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

var s3Models = append([]model{
	{
		Type: typeBucket, Service: "S3", ID: "{bucket}", Auto: autoname{prop: "bucket", max: 63, lower: true},
		Set: map[string]string{
			"arn": "arn:aws:s3:::{bucket}", "bucketDomainName": "{bucket}.s3.amazonaws.com",
			"bucketRegionalDomainName": "{bucket}.s3.{region}.amazonaws.com", "region": "{region}", "hostedZoneId": "{s3Zone}",
			"requestPayer": "BucketOwner",
		},
		Check: func(o *op) error {
			name := text(o.in, "bucket")
			if !bucketName.MatchString(name) || strings.Contains(name, "..") {
				return o.refuse("InvalidBucketName", "the specified bucket is not valid: %s", name)
			}
			o.tmp["s3Zone"] = s3Zones[o.region]
			if o.old != nil {
				return nil
			}
			// Names are shared by all regions.
			taken, err := o.find(name, typeBucket)
			if err == nil && len(taken) > 0 {
				return o.refuse("BucketAlreadyOwnedByYou", "your previous request to create the named bucket succeeded and you already own it: %s in %s", name, taken[0].Scope.Region)
			}
			return err
		},
		Gone: emptyBucket,
	},
	companion("bucketVersioningV2:BucketVersioningV2", nil),
	companion("bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", nil),
	companion("bucketPublicAccessBlock:BucketPublicAccessBlock", nil),
	companion("bucketOwnershipControls:BucketOwnershipControls", nil),
	companion("bucketPolicy:BucketPolicy", policyIn("policy", "MalformedPolicy", policy.Bucket, ofBucket)),
	companion("bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", checkLifecycle),
	companion("bucketLoggingV2:BucketLoggingV2", nil),
	companion("bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2", nil),
	companion("bucketReplicationConfig:BucketReplicationConfig", func(o *op) error {
		// Both ends of a replication must be versioned (S3 user guide,
		// "Requirements for replication").
		ends := append(texts(o.in, "bucket"), texts(o.in, "rules.destination.bucket")...)
		for _, end := range ends {
			found, err := o.find(end, typeBucket)
			if err != nil {
				return err
			}
			if len(found) == 0 {
				return o.refuse("InvalidRequest", "destination bucket %s must exist", end)
			}
			on := false
			versioning, err := o.find(found[0].ID, "aws:s3/bucketVersioningV2:BucketVersioningV2")
			if err != nil {
				return err
			}
			for _, v := range versioning {
				on = on || text(v.Inputs, "versioningConfiguration.status") == "Enabled"
			}
			if !on {
				return o.refuse("InvalidRequest", "versioning must be 'Enabled' on the bucket %s to apply a replication configuration", found[0].ID)
			}
		}
		return nil
	}),
}, model{
	// pulumi-aws has the key alone for an id. The bucket's name before it
	// keeps objects of different buckets apart.
	Type: typeObject, Service: "S3", ID: "{bucket}/{key}", Auto: autoname{none: true},
	Refs: map[string][]string{"bucket": {typeBucket}},
	Set: map[string]string{
		"arn": "arn:aws:s3:::{bucket}/{key}", "etag": "{hex:32}", "storageClass": "STANDARD", "versionId": "{alnum:32}",
	},
	Volatile: []string{"etag", "versionId"}, Unique: []string{"{bucket} {key}"}, Exists: "OperationAborted",
})

// s3Zones are the hosted zones of S3's regional endpoints (AWS general
// reference, "Amazon S3 endpoints and quotas").
var s3Zones = map[string]string{
	"us-east-1": "Z3AQBSTGFYJSTF", "us-east-2": "Z2O1EMRO9K5GLX", "us-west-1": "Z2F56UZL2M1ACD", "us-west-2": "Z3BJ6K6RIION7M",
	"eu-west-1": "Z1BKCTXD74EZPE", "eu-central-1": "Z21DNDUVLTQW6Q",
}

// companion is a part of a bucket's configuration, which is a resource of its
// own to Pulumi and has the bucket's name as its id.
func companion(token string, check func(*op) error) model {
	m := model{
		Type: "aws:s3/" + token, Service: "S3", ID: "{bucket}", Auto: autoname{none: true},
		Refs: map[string][]string{"bucket": {typeBucket}, "targetBucket": {typeBucket}}, Check: check,
		// A replication's other end, and its key, are in the other region.
		CrossRegion: []string{"rules.destination"},
		Unique:      []string{"{bucket}"}, Exists: "OperationAborted",
	}
	if !strings.HasPrefix(token, "bucketLogging") {
		delete(m.Refs, "targetBucket")
	}
	return m
}

// replicaARNs are the ARNs of a secret's replicas: the secret's own with another
// region.
func replicaARNs(r *Resource) []string {
	var all []string
	for _, region := range texts(r.Inputs, "replicas.region") {
		all = append(all, strings.Replace(r.ID, ":"+r.Scope.Region+":", ":"+region+":", 1))
	}
	return all
}

var secretPolicyIn = policyIn("policy", "MalformedPolicyDocumentException", policy.Secret)

var secretsModels = []model{
	{
		Type: typeSecret, Service: "Secrets Manager", ID: "arn:aws:secretsmanager:{region}:{account}:secret:{name}-{secretSuffix}",
		Auto: autoname{max: 512}, Set: map[string]string{"arn": "{id}"},
		Unique: []string{"{name}"}, Exists: "ResourceExistsException", Names: []string{"name"},
		CrossRegion: []string{"replicas.kmsKeyId"}, Elsewhere: replicaARNs,
		Gone: func(o *op) error {
			days, given := number(o.out, "recoveryWindowInDays")
			if !given {
				days = 30 // Secrets Manager API, DeleteSecret
			}
			if days == 0 {
				return nil
			}
			return o.keep(o.scope, typeSecret, text(o.out, "name"), o.c.now().AddDate(0, 0, int(days)))
		},
		Check: func(o *op) error {
			o.tmp["secretSuffix"] = o.mint("alnum", 6, "secret")
			if until, kept := o.kept(o.scope, typeSecret, text(o.in, "name")); o.old == nil && kept {
				return o.refuse("InvalidRequestException", "you can't create this secret because a secret with this name is already scheduled for deletion: "+
					"%s, until %s: restore it, choose another name, or delete it with recoveryWindowInDays 0", text(o.in, "name"), until)
			}
			for _, r := range all(o.in, "replicas") {
				m, _ := r.value.(map[string]any)
				region := text(m, "region")
				if region == o.region {
					return o.refuse("InvalidParameterException", "%s.region: invalid replica region %s: it is the secret's own", r.path, region)
				}
				// The key behind a replica is in the replica's region.
				key := text(m, "kmsKeyId")
				if a := arnForm.FindStringSubmatch(key); a != nil && a[2] != region {
					return o.refuse("InvalidParameterException", "%s.kmsKeyId: the key %s is in %s, the replica in %s", r.path, key, a[2], region)
				}
			}
			return secretPolicyIn(o)
		},
		Compute: func(o *op) error {
			replicas, _ := o.out["replicas"].([]any)
			for _, r := range replicas {
				if m, ok := r.(map[string]any); ok {
					m["status"], m["statusMessage"] = "InSync", ""
				}
			}
			return nil
		},
	},
	{
		Type: "aws:secretsmanager/secretVersion:SecretVersion", Service: "Secrets Manager", ID: "{secretId}|{uuid}", Auto: autoname{none: true},
		Refs: map[string][]string{"secretId": {typeSecret}},
		Set:  map[string]string{"arn": "{secretId}", "versionId": "{hex:32}", "versionStages": "[AWSCURRENT]"},
		Check: func(o *op) error {
			s := len(text(o.in, "secretString")) + len(text(o.in, "secretBinary"))
			if s == 0 || s > 65536 {
				return o.refuse("InvalidParameterException", "a secret version holds 1 to 65536 bytes, this has %d", s)
			}
			return nil
		},
	},
	{
		Type: "aws:secretsmanager/secretPolicy:SecretPolicy", Service: "Secrets Manager", ID: "{secretArn}", Auto: autoname{none: true},
		Refs:  map[string][]string{"secretArn": {typeSecret}},
		Check: secretPolicyIn,
	},
	{
		Type: "aws:ssm/parameter:Parameter", Service: "SSM", ID: "{name}", Auto: autoname{max: 2048},
		Set:    map[string]string{"arn": "{parameterArn}", "dataType": "text", "tier": "Standard"},
		Refs:   map[string][]string{"keyId": keys},
		Unique: []string{"{name}"}, Exists: "ParameterAlreadyExists", Volatile: []string{"version"},
		Check: func(o *op) error {
			o.tmp["parameterArn"] = fmt.Sprintf("arn:aws:ssm:%s:%s:parameter/%s", o.region, o.c.account, strings.TrimPrefix(text(o.in, "name"), "/"))
			return nil
		},
		Compute: func(o *op) error {
			v, _ := number(o.out, "version")
			o.out["version"] = v + 1
			return nil
		},
	},
}
