package cloud

import (
	"fmt"
	"slices"

	"github.com/tandem-platform/tandem/sandbox/cloud/document/policy"
)

// keyUse is the use that a service makes of a KMS key which an input names. Its
// key policy has to allow it: a key that does not is refused, in the words that the
// service has for it at the latest where it first needs the key.
//
// Whether IAM lets the caller use the key is not looked at.
type keyUse struct {
	// path is the input with the key.
	path string
	// via is the service that asks on behalf of its caller, by the first part of
	// kms:ViaService; service is the principal that asks for itself, role the input
	// with the role that asks with no service in between, and linked the service-linked
	// role that asks through via. One of via, service and role is given.
	via, service, role, linked string
	// also is an input with an ARN of another region, or "region" for that of the
	// provider, from which via asks as well.
	also string
	// context is the encryption context that the service sends: a key and a template.
	context [2]string
	// actions are what the service does with the key.
	actions []string
	// code and says are the service's error; a %s stands for the key.
	code, says string
}

// What services do with a key.
var (
	encrypts  = []string{"kms:Decrypt", "kms:GenerateDataKey"}
	grants    = []string{"kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"}
	logsWith  = []string{"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"}
	tableUse  = append([]string{"kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"}, grants...)
	diskUse   = append([]string{"kms:Encrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"}, grants...)
	clusterBy = []string{"kms:DescribeKey", "kms:CreateGrant"}
)

// keyUses are the uses by type of resource, from the services' guides: CloudWatch
// Logs ("Encrypt log data in CloudWatch Logs using AWS KMS"), Aurora ("AWS KMS key
// management", "Changing an AWS KMS policy for Performance Insights"), DynamoDB ("Key
// policy for a customer managed key"; it asks for a replica's key from the other region
// too), S3 ("Using server-side encryption with AWS KMS keys"; S3 takes the
// configuration and refuses every object), Secrets Manager ("Permissions for the KMS
// key"), AWS Backup ("AWS Backup permissions, grants, and deny statements"), EKS
// ("Encrypt Kubernetes secrets with KMS"), Step Functions ("Data at rest encryption")
// and EC2 Auto Scaling ("Required AWS KMS key policy for use with encrypted volumes").
var keyUses = map[string][]keyUse{
	typeLogGroup: {{
		path: "kmsKeyId", service: "logs.{region}.amazonaws.com", actions: logsWith,
		context: [2]string{"aws:logs:arn", "arn:aws:logs:{region}:{account}:log-group:{name}"},
		code:    "AccessDeniedException", says: "the specified KMS key %s does not exist or is not allowed to be used with the log group",
	}},
	typeDBCluster:  {{path: "kmsKeyId", via: "rds", actions: grants, code: noAccess, says: notAccessible}},
	typeDBInstance: {{path: "performanceInsightsKmsKeyId", via: "rds", actions: encrypts, code: noAccess, says: notAccessible}},
	typeTable: {
		{path: "serverSideEncryption.kmsKeyArn", via: "dynamodb", actions: tableUse, code: denied, says: "KMS key access denied error: %s"},
		{path: "replicas.kmsKeyArn", via: "dynamodb", also: "region", actions: tableUse, code: denied, says: "KMS key access denied error: %s"},
	},
	typeTableReplica: {{path: "kmsKeyArn", via: "dynamodb", also: "globalTableArn", actions: tableUse, code: denied, says: "KMS key access denied error: %s"}},
	"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": {{
		path: "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId", via: "s3", actions: encrypts,
		code: "AccessDenied", says: "no object could be put: the key %s does not allow kms:GenerateDataKey through S3",
	}},
	"aws:s3/bucketReplicationConfig:BucketReplicationConfig": {{
		path: "rules.destination.encryptionConfiguration.replicaKmsKeyId", via: "s3", actions: []string{"kms:Encrypt", "kms:GenerateDataKey"},
		code: "AccessDenied", says: "nothing would be replicated: the key %s does not allow it through S3 of its region",
	}},
	typeSecret: {
		{path: "kmsKeyId", via: "secretsmanager", actions: encrypts, code: denied, says: "access to KMS is not allowed: %s"},
		{path: "replicas.kmsKeyId", via: "secretsmanager", also: "region", actions: encrypts, code: denied, says: "access to KMS is not allowed: %s"},
	},
	"aws:backup/vault:Vault": {{path: "kmsKeyArn", via: "backup", actions: grants, code: denied, says: "the vault cannot use the key %s"}},
	typeCluster:              {{path: "encryptionConfig.provider.keyArn", via: "eks", actions: clusterBy, code: "InvalidRequestException", says: "user not authorized to perform kms:CreateGrant operation on %s"}},
	typeStateMachine:         {machineUse("states", ""), machineUse("", "roleArn")},
	typeCanary:               {{path: "artifactConfig.s3Encryption.kmsKeyArn", via: "s3", actions: encrypts, code: "AccessDeniedException", says: "the canary cannot encrypt its artifacts with %s"}},
}

const (
	denied        = "AccessDeniedException"
	noAccess      = "KMSKeyNotAccessibleFault"
	notAccessible = "the specified KMS key %s does not exist, is not enabled or you do not have permissions to access it"
	autoScaling   = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
)

// machineUse is that of a state machine: through Step Functions by who makes or reads
// it, and by its role in executions.
func machineUse(via, role string) keyUse {
	return keyUse{
		path: "encryptionConfiguration.kmsKeyId", via: via, role: role, actions: encrypts, code: "KmsAccessDeniedException",
		says: "either the policy of the key %s or the caller does not have the required permissions",
	}
}

// publishers are the services that publish to the topics in these inputs, by type:
// AWS does not refuse a topic whose key they may not use, and nothing ever arrives
// (CloudWatch user guide, "Amazon SNS encryption"; EventBridge user guide, "Amazon SNS
// permissions").
var publishers = map[string]struct {
	service string
	paths   []string
}{
	"aws:cloudwatch/metricAlarm:MetricAlarm":       {"cloudwatch.amazonaws.com", []string{"alarmActions", "okActions", "insufficientDataActions"}},
	"aws:cloudwatch/compositeAlarm:CompositeAlarm": {"cloudwatch.amazonaws.com", []string{"alarmActions", "okActions", "insufficientDataActions"}},
	"aws:cloudwatch/eventTarget:EventTarget":       {"events.amazonaws.com", []string{"arn"}},
}

// keysAdmit refuses the inputs that have a service use a key whose policy does not
// let it.
func (o *op) keysAdmit() error {
	for _, use := range keyUses[o.m.Type] {
		for _, key := range texts(o.in, use.path) {
			if err := o.keyAdmits(use, key); err != nil {
				return err
			}
		}
	}
	if o.m.Type == typeNodeGroup || o.m.Type == typeAutoScalingGroup {
		if err := o.disksOpen(); err != nil {
			return err
		}
	}
	return o.topicsTakePublications()
}

// disksOpen refuses a group of machines whose disks Auto Scaling may not encrypt.
func (o *op) disksOpen() error {
	found, err := o.named(text(o.in, "launchTemplate.id"), []string{typeLaunchTemplate})
	if err != nil || len(found) == 0 {
		return err
	}
	for _, key := range texts(found[0].Inputs, "blockDeviceMappings.ebs.kmsKeyId") {
		if err := o.keyAdmits(keyUse{
			via: "ec2", linked: autoScaling, actions: diskUse, code: "AsgInstanceLaunchFailures",
			says: "Client.InvalidKMSKey.InvalidState: the KMS key provided is in an incorrect state: %s",
		}, key); err != nil {
			return err
		}
	}
	return nil
}

func (o *op) topicsTakePublications() error {
	by := publishers[o.m.Type]
	for _, path := range by.paths {
		for _, arn := range texts(o.in, path) {
			topics, err := o.named(arn, []string{typeTopic})
			if err != nil {
				return err
			}
			if len(topics) == 0 {
				continue
			}
			key := text(topics[0].Inputs, "kmsMasterKeyId")
			if key == "alias/aws/sns" {
				return o.refuse("InvalidParameter", "%s: %s could not publish to %s: no service may use its key %s", path, by.service, arn, key)
			}
			if err := o.keyAdmits(keyUse{
				service: by.service, actions: encrypts, code: "InvalidParameter",
				says: path + ": " + by.service + " could not publish to " + arn + ", whose key is %s",
			}, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// keyAdmits refuses the use of a key that its policy does not allow. A key that is
// not here, such as one that AWS manages, is not looked at.
func (o *op) keyAdmits(use keyUse, name string) error {
	key, err := o.keyNamed(name)
	if err != nil || key == nil {
		return err
	}
	document, err := policy.Parse(text(key.Outputs, "policy"))
	if err != nil {
		return fmt.Errorf("the policy of the key %s: %w", key.ID, err)
	}
	for _, region := range o.asking(use, key) {
		for _, action := range use.actions {
			request := policy.Request{Action: action, By: o.asker(use), Context: o.keyContext(use, region)}
			if !document.Admits(request) {
				return o.refuse(use.code, use.says+": its policy does not allow %s to %s", text(key.Outputs, "arn"), action, o.askerName(use, region))
			}
		}
	}
	return nil
}

// keyNamed is the key with an id, an ARN or an alias, nil if there is none.
func (o *op) keyNamed(name string) (*Resource, error) {
	if name == "" {
		return nil, nil
	}
	found, err := o.named(name, keys)
	if err != nil {
		return nil, err
	}
	// An id is of the primary and of its replicas.
	i := slices.IndexFunc(found, func(r *Resource) bool { return r.Scope.Region == o.region })
	switch {
	case len(found) == 0:
		return nil, nil
	case i < 0:
		i = 0
	}
	if target := text(found[i].Inputs, "targetKeyId"); target != "" {
		return o.keyNamed(target)
	}
	return found[i], nil
}

// asking are the regions from which the service asks for the key.
func (o *op) asking(use keyUse, key *Resource) []string {
	regions := []string{key.Scope.Region}
	switch {
	case use.also == "region":
		regions = append(regions, o.region)
	case use.also != "":
		if m := arnForm.FindStringSubmatch(text(o.in, use.also)); m != nil {
			regions = append(regions, m[2])
		}
	}
	slices.Sort(regions)
	return slices.Compact(regions)
}

// asker tells whether a principal names who asks for the key.
func (o *op) asker(use keyUse) func(policy.Principal) bool {
	account := o.c.account
	service, _ := o.expand(use.service, "")
	role := text(o.in, use.role)
	if use.linked != "" {
		role = "arn:aws:iam::" + account + ":role/" + use.linked
	}
	return func(p policy.Principal) bool {
		everybody := p == policy.Principal{Kind: "AWS", Value: "*"}
		switch {
		case use.service != "":
			return everybody || p.Kind == "Service" && p.Value == service
		case use.linked != "": // IAM gives it no key of the account's own
			return everybody || p.Kind == "AWS" && p.Value == role
		case use.role != "":
			return everybody || p.Kind == "AWS" && (p.Value == role || p.Value == account || p.Value == "arn:aws:iam::"+account+":root")
		}
		return o.names(p)
	}
}

// askerName is who asks, for an error.
func (o *op) askerName(use keyUse, region string) string {
	switch {
	case use.service != "":
		service, _ := o.expand(use.service, "")
		return service
	case use.linked != "":
		return use.linked
	case use.role != "":
		return text(o.in, use.role)
	}
	return "the account through " + use.via + "." + region + ".amazonaws.com"
}

// keyContext is what is known of the service's request to KMS.
func (o *op) keyContext(use keyUse, region string) map[string]string {
	known := map[string]string{"kms:viaservice": "", "kms:grantisforawsresource": "false", "aws:sourceaccount": o.c.account, "kms:calleraccount": o.c.account}
	if use.via != "" {
		known["kms:viaservice"] = use.via + "." + region + ".amazonaws.com"
		if use.via != "eks" { // which does not mark its grants
			known["kms:grantisforawsresource"] = "true"
		}
	}
	if use.service != "" {
		delete(known, "kms:calleraccount")
	}
	if use.service == "events.amazonaws.com" {
		known["aws:sourceaccount"] = "" // EventBridge sends none
	}
	if key := use.context[0]; key != "" {
		known["kms:encryptioncontext:"+key], _ = o.expand(use.context[1], "")
	}
	return known
}
