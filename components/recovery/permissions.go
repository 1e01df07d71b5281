package recovery

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// resources are what the integrations act upon, for a machine's permissions.
type resources struct {
	Region, OtherRegion, AccountID string

	// MachinePattern is the ARN of the machine itself, which has the role before it
	// is made.
	MachinePattern        string
	TableARN              any
	TopicARN, TopicKeyARN any
	ConnectionARN         any
	ConnectionSecretARN   any
	KeyARN                any
	AlarmARNs             []any
	URLs                  []string
	GlobalClusterARN      any
	ClusterARN            any
	TakeoverObjectARN     any
	NodeGroupARNs         []any
	RouteTableARN         any
}

// permissions are the statements that a machine needs, one for each integration
// that it uses, and nothing for any other.
func (m machine) permissions(r resources) []iampolicy.Statement {
	var all []iampolicy.Statement
	for _, integration := range slices.Sorted(maps.Keys(m.integrations())) {
		all = append(all, r.statements(integration)...)
	}
	return append(all, r.always()...)
}

// integrations are the service integrations that a machine uses, in all of its
// branches.
func (m machine) integrations() map[string]bool {
	all := map[string]bool{}
	for _, s := range m.States {
		if s.Type == "Task" {
			all[strings.TrimPrefix(s.Resource, "arn:aws:states:::")] = true
		}
		for _, b := range s.Branches {
			maps.Copy(all, b.integrations())
		}
	}
	return all
}

func (r resources) statements(integration string) []iampolicy.Statement {
	one := func(sid string, resource any, actions ...string) []iampolicy.Statement {
		return []iampolicy.Statement{{Sid: sid, Action: actions, Resource: resource}}
	}
	// Members of a global database are named by ARN, wherever they are.
	members := []any{r.GlobalClusterARN, r.ClusterARN, fmt.Sprintf("arn:aws:rds:%s:%s:cluster:*", r.OtherRegion, r.AccountID)}
	switch integration {
	case httpInvoke:
		return []iampolicy.Statement{
			{Sid: "Probe", Action: []string{"states:InvokeHTTPEndpoint"}, Resource: r.MachinePattern, Condition: map[string]any{
				"StringEquals": map[string]any{"states:HTTPMethod": "GET", "states:HTTPEndpoint": r.URLs},
			}},
			{Sid: "ProbeConnection", Action: []string{"events:RetrieveConnectionCredentials"}, Resource: r.ConnectionARN},
			{Sid: "ProbeSecret", Action: []string{"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"}, Resource: r.ConnectionSecretARN},
		}
	case publish:
		return []iampolicy.Statement{
			{Sid: "Tell", Action: []string{"sns:Publish"}, Resource: r.TopicARN},
			{Sid: "TellEncrypted", Action: []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resource: r.TopicKeyARN, Condition: map[string]any{
				"StringEquals": map[string]any{"kms:ViaService": "sns." + r.Region + ".amazonaws.com"},
			}},
		}
	case ask: // is a publish, and every machine tells something
		return nil
	case updateItem:
		return one("WriteLease", r.TableARN, "dynamodb:UpdateItem")
	case getItem:
		return one("ReadLease", r.TableARN, "dynamodb:GetItem")
	case failoverGlobal:
		return one("Promote", []any{r.GlobalClusterARN, r.ClusterARN}, "rds:FailoverGlobalCluster")
	case switchoverGlobal:
		return one("SwitchOver", members, "rds:SwitchoverGlobalCluster")
	case describeGlobal:
		return one("FindWriter", r.GlobalClusterARN, "rds:DescribeGlobalClusters")
	case describeAlarms:
		return one("Signals", r.AlarmARNs, "cloudwatch:DescribeAlarms")
	case describeNodes:
		return one("LookAtNodes", r.NodeGroupARNs, "eks:DescribeNodegroup")
	case updateNodes:
		return one("RaiseNodes", r.NodeGroupARNs, "eks:UpdateNodegroupConfig")
	case callKubernetes: // Kubernetes decides alone, by the role's access entry; see pods.go
		return nil
	case createRoute:
		return one("CutWay", r.RouteTableARN, "ec2:CreateTransitGatewayRoute")
	case deleteRoute:
		return one("OpenWay", r.RouteTableARN, "ec2:DeleteTransitGatewayRoute")
	case registerReaders:
		return one("RaiseReaders", fmt.Sprintf("arn:aws:application-autoscaling:%s:%s:scalable-target/*", r.Region, r.AccountID), "application-autoscaling:RegisterScalableTarget")
	case putObject:
		return one("FlipRouting", r.TakeoverObjectARN, "s3:PutObject")
	case deleteObject:
		return one("ReturnRouting", r.TakeoverObjectARN, "s3:DeleteObject")
	}
	panic("there are no permissions for the integration " + integration)
}

// always is what every machine needs: its key, its log and its traces. The
// actions on logs and traces know no resources.
func (r resources) always() []iampolicy.Statement {
	return []iampolicy.Statement{
		{Sid: "Key", Action: []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resource: r.KeyARN},
		{Sid: "Log", Action: []string{
			"logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries",
			"logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
		}, Resource: "*"},
		{Sid: "Trace", Action: []string{
			"xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
		}, Resource: "*"},
	}
}

// alarmEvent is the pattern of the event that an alarm has gone off.
func alarmEvent(alarmARN any) any {
	return map[string]any{
		"source": []string{"aws.cloudwatch"}, "detail-type": []string{"CloudWatch Alarm State Change"},
		"resources": []any{alarmARN}, "detail": map[string]any{"state": map[string]any{"value": []string{"ALARM"}}},
	}
}

// alarmRequest is what the machine is started with when the alarm goes off.
func alarmRequest() (string, error) {
	text, err := json.Marshal(map[string]any{"mode": failoverMode, "force": false, "reason": "the alarm that the other region is lost"})
	return string(text), err
}
