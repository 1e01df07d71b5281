package recovery

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sfn"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// url is the health endpoint of a name.
func (a *RecoveryArgs) url(name string) string { return "https://" + name + a.HealthCheckPath }

// known is the part of the plan that the arguments alone decide.
func (a *RecoveryArgs) known() plan {
	p := plan{
		Region: a.Region, OtherRegion: a.Other.Region,
		OwnURL: a.url(a.RegionalName), OtherURL: a.url(a.Other.RegionalName), OriginURL: a.url(a.OriginName),
		Approval: a.Approval, ApprovalSeconds: a.ApprovalWaitSeconds,
		LeaseSeconds: leaseSeconds(a.RecordTTLSeconds, a.ClientKeepAliveSeconds), FenceSeconds: fenceSeconds(a.RecordTTLSeconds),
		ConnectionSeconds: connectionSeconds(a.ClientKeepAliveSeconds), PromotionSeconds: a.PromotionWaitSeconds,
	}
	if a.Ahead != "" {
		p.AheadURL = a.url(a.Ahead)
	}
	if a.Failover == RoleSecondary {
		p.Routing = &takeoverObject{Key: TakeoverKey}
	}
	for _, key := range slices.Sorted(maps.Keys(a.NodeGroups)) {
		p.NodeGroups = append(p.NodeGroups, nodeGroup{MinSize: a.NodeGroups[key].MinSize})
	}
	for _, key := range slices.Sorted(maps.Keys(a.Workloads)) {
		w := a.Workloads[key]
		p.Workloads = append(p.Workloads, pods{Key: key, Autoscaler: w.Autoscaler, MinReplicas: w.MinReplicas})
	}
	if t := a.Transit; t != nil {
		blocks, _ := halves(t.OtherCIDR) // is valid
		p.Way = &way{Blocks: blocks}
	}
	if r := a.Readers; r != nil {
		p.Readers = &readers{Min: r.Min, Max: r.Max}
	}
	return p
}

// definition is a machine's definition once every name in it is known.
func (b *builder) definition(of func(*plan) machine) pulumi.StringOutput {
	a := b.args
	optional := func(in pulumi.StringInput) pulumi.StringInput {
		if in == nil {
			return pulumi.String("")
		}
		return in
	}
	inputs := pulumi.StringArray{
		a.GlobalClusterID, a.ClusterID, a.ClusterARN, a.TopicARN, b.tableName, b.connectionARN, b.replicationAlarm.name, b.canaryAlarm.name,
		optional(a.TakeoverBucketName), optional(a.ClusterName), pulumi.String(""), optional(a.ClusterEndpoint), optional(a.ClusterCertificateAuthority),
	}
	if a.Transit != nil {
		inputs[10] = a.Transit.RouteTableID
	}
	first := len(inputs)
	for _, key := range slices.Sorted(maps.Keys(a.NodeGroups)) {
		inputs = append(inputs, a.NodeGroups[key].Name)
	}
	second := len(inputs)
	for _, key := range slices.Sorted(maps.Keys(a.Workloads)) {
		inputs = append(inputs, a.Workloads[key].Namespace)
	}
	return inputs.ToStringArrayOutput().ApplyT(func(v []string) (string, error) {
		p := a.known()
		p.GlobalClusterID, p.ClusterARN, p.TopicARN, p.LeaseTable, p.ConnectionARN = v[0], v[2], v[3], v[4], v[5]
		p.ReplicationAlarm, p.CanaryAlarm, p.ClusterName = v[6], v[7], v[9]
		p.ClusterEndpoint, p.ClusterAuthority = v[11], v[12]
		if p.Routing != nil {
			p.Routing.Bucket = v[8]
		}
		if p.Way != nil {
			p.Way.RouteTableID = v[10]
		}
		if p.Readers != nil {
			p.Readers.ClusterID = v[1]
		}
		for i := range p.NodeGroups {
			p.NodeGroups[i].Name = v[first+i]
		}
		for i := range p.Workloads {
			p.Workloads[i].Namespace = v[second+i]
		}
		return of(&p).json()
	}).(pulumi.StringOutput)
}

// The suffixes of the machines' names.
const (
	takeoverSuffix = "takeover"
	failbackSuffix = "failback"
)

var machineSuffixes = []string{takeoverSuffix, failbackSuffix}

// makeMachineRoles makes the machines' roles, which the key names, before the key.
func (b *builder) makeMachineRoles() (err error) {
	b.machineRoles = map[string]*iam.Role{}
	for _, suffix := range machineSuffixes {
		name := b.name + "-" + suffix
		if b.machineRoles[suffix], err = b.makeRole(name, "Runs the state machine "+name, "states.amazonaws.com"); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) makeMachines() (err error) {
	if b.takeover, err = b.makeMachine(takeoverSuffix, (*plan).takeover); err != nil {
		return err
	}
	b.failback, err = b.makeMachine(failbackSuffix, (*plan).failback)
	return err
}

func (b *builder) makeMachine(suffix string, of func(*plan) machine) (*sfn.StateMachine, error) {
	name := b.name + "-" + suffix
	role := b.machineRoles[suffix]
	// Which integrations a machine uses does not hang on names.
	shape := b.args.known()
	policy, err := iam.NewRolePolicy(b.ctx, name, &iam.RolePolicyArgs{
		Role:   role.Name,
		Policy: iampolicy.JSON(of(&shape).permissions(b.resources(name))...),
	}, b.in)
	if err != nil {
		return nil, err
	}
	return sfn.NewStateMachine(b.ctx, name, &sfn.StateMachineArgs{
		RoleArn:    role.Arn,
		Type:       pulumi.String("STANDARD"),
		Definition: b.definition(of),
		LoggingConfiguration: &sfn.StateMachineLoggingConfigurationArgs{
			Level:                pulumi.String("ALL"),
			IncludeExecutionData: pulumi.Bool(true),
			LogDestination:       pulumi.Sprintf("%s:*", b.logGroupARN),
		},
		TracingConfiguration: &sfn.StateMachineTracingConfigurationArgs{Enabled: pulumi.Bool(true)},
		EncryptionConfiguration: &sfn.StateMachineEncryptionConfigurationArgs{
			Type: pulumi.String("CUSTOMER_MANAGED_KMS_KEY"), KmsKeyId: b.keyARN, KmsDataKeyReusePeriodSeconds: pulumi.Int(300),
		},
		Tags: tags(name),
		// The role has to have its permissions when the machine is made: Step Functions
		// tries to write to the log then.
	}, b.in, pulumi.DependsOn([]pulumi.Resource{policy}))
}

// resources are what the machine of that name acts upon.
func (b *builder) resources(name string) resources {
	a := b.args
	r := resources{
		Region: a.Region, OtherRegion: a.Other.Region, AccountID: a.AccountID,
		MachinePattern: fmt.Sprintf("arn:aws:states:%s:%s:stateMachine:%s-*", a.Region, a.AccountID, name),
		TableARN:       b.tableARN, TopicARN: a.TopicARN, TopicKeyARN: a.TopicKeyARN, KeyARN: b.keyARN,
		ConnectionARN: b.connectionARN, ConnectionSecretARN: b.connectionSecret,
		AlarmARNs:        []any{b.replicationAlarm.arn, b.canaryAlarm.arn},
		URLs:             []string{a.url(a.RegionalName), a.url(a.Other.RegionalName), a.url(a.OriginName)},
		GlobalClusterARN: pulumi.Sprintf("arn:aws:rds::%s:global-cluster:%s", a.AccountID, a.GlobalClusterID),
		ClusterARN:       a.ClusterARN,
	}
	if a.Ahead != "" {
		r.URLs = append(r.URLs, a.url(a.Ahead))
	}
	if a.TakeoverBucketName != nil {
		r.TakeoverObjectARN = pulumi.Sprintf("arn:aws:s3:::%s/%s", a.TakeoverBucketName, TakeoverKey)
	}
	if t := a.Transit; t != nil {
		r.RouteTableARN = pulumi.Sprintf("arn:aws:ec2:%s:%s:transit-gateway-route-table/%s", a.Region, a.AccountID, t.RouteTableID)
	}
	for _, key := range slices.Sorted(maps.Keys(a.NodeGroups)) {
		r.NodeGroupARNs = append(r.NodeGroupARNs,
			pulumi.Sprintf("arn:aws:eks:%s:%s:nodegroup/%s/%s/*", a.Region, a.AccountID, a.ClusterName, a.NodeGroups[key].Name))
	}
	return r
}

// makeRole makes a role that a service of this account takes on.
func (b *builder) makeRole(name, description, service string) (*iam.Role, error) {
	return iam.NewRole(b.ctx, name, &iam.RoleArgs{
		Description:      pulumi.String(description),
		AssumeRolePolicy: iampolicy.Trust(service, map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": b.args.AccountID}}),
	}, b.in)
}

// makeStart has the alarm start the takeover.
func (b *builder) makeStart() error {
	name := b.name + "-start"
	role, err := b.makeRole(name, "Starts the takeover when the other region is lost", "events.amazonaws.com")
	if err != nil {
		return err
	}
	if _, err := iam.NewRolePolicy(b.ctx, name, &iam.RolePolicyArgs{
		Role: role.Name,
		Policy: iampolicy.JSON(
			iampolicy.Statement{Sid: "Start", Action: []string{"states:StartExecution"}, Resource: b.takeover.Arn},
			iampolicy.Statement{Sid: "Key", Action: []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resource: b.keyARN},
		),
	}, b.in); err != nil {
		return err
	}
	rule, err := cloudwatch.NewEventRule(b.ctx, name, &cloudwatch.EventRuleArgs{
		Description:  pulumi.String("The other region is lost"),
		EventPattern: pulumi.JSONMarshal(alarmEvent(b.lostAlarmARN)),
		Tags:         tags(name),
	}, b.in)
	if err != nil {
		return err
	}
	request, err := alarmRequest()
	if err != nil {
		return fmt.Errorf("writing the request of %s: %w", name, err)
	}
	_, err = cloudwatch.NewEventTarget(b.ctx, name, &cloudwatch.EventTargetArgs{
		Rule:    rule.Name,
		Arn:     b.takeover.Arn,
		RoleArn: role.Arn,
		Input:   pulumi.String(request),
	}, b.in)
	return err
}
