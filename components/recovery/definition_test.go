package recovery

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/sandbox/cloud/document/statemachine"
)

var update = flag.Bool("update", false, "write the golden files anew")

// standby is the plan of the region that takes over; home is that of the other.
func standby() *plan {
	return &plan{
		Region: "us-west-2", OtherRegion: "us-east-1",
		GlobalClusterID:  "prod-east-global-1",
		ClusterARN:       "arn:aws:rds:us-west-2:123456789012:cluster:prod-west-2",
		LeaseTable:       "prod-west-lease",
		TopicARN:         "arn:aws:sns:us-west-2:123456789012:prod-west-alarms",
		ConnectionARN:    "arn:aws:events:us-west-2:123456789012:connection/prod-west-probe/1",
		OwnURL:           "https://prod-west.tandem.example/healthz",
		OtherURL:         "https://prod-east.tandem.example/healthz",
		OriginURL:        "https://origin.tandem.example/healthz",
		ReplicationAlarm: "prod-west-replication",
		CanaryAlarm:      "prod-west-other-region",
		Routing:          &takeoverObject{Bucket: "prod-west-takeover", Key: "takeover"},
		Approval:         Automatic,
		LeaseSeconds:     180, FenceSeconds: 100, ConnectionSeconds: 70, PromotionSeconds: 600,
		ClusterName: "prod-west",
		NodeGroups:  []nodeGroup{{Name: "baseline", MinSize: 6}},
		Way:         &way{RouteTableID: "tgw-rtb-0123456789abcdef0", Blocks: [2]string{"10.0.0.0/17", "10.0.128.0/17"}},
	}
}

func home() *plan {
	p := standby()
	p.Region, p.OtherRegion = p.OtherRegion, p.Region
	p.ClusterARN = "arn:aws:rds:us-east-1:123456789012:cluster:prod-east-1"
	p.LeaseTable = "prod-east-lease"
	p.TopicARN = "arn:aws:sns:us-east-1:123456789012:prod-east-alarms"
	p.ConnectionARN = "arn:aws:events:us-east-1:123456789012:connection/prod-east-probe/1"
	p.OwnURL, p.OtherURL = p.OtherURL, p.OwnURL
	p.ReplicationAlarm, p.CanaryAlarm = "prod-east-replication", "prod-east-other-region"
	p.Routing, p.Way = nil, nil
	p.ClusterName = "prod-east"
	return p
}

// with is a plan after a change.
func with(p *plan, change func(*plan)) *plan {
	change(p)
	return p
}

func full() *plan {
	return with(standby(), func(p *plan) {
		p.Approval, p.ApprovalSeconds = AutomaticAfterWait, 120
		p.NodeGroups = append(p.NodeGroups, nodeGroup{Name: "batch", MinSize: 2})
		p.Readers = &readers{ClusterID: "prod-west-2", Min: 2, Max: 5}
		p.AheadURL = "https://prod-north.tandem.example/healthz"
		p.ClusterEndpoint, p.ClusterAuthority = "https://0123456789ABCDEF0123456789ABCDEF.gr7.us-west-2.eks.amazonaws.com", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"
		p.Workloads = []pods{{Key: "web", Namespace: "web", Autoscaler: "web", MinReplicas: 6}}
	})
}

// machines are the definitions of the golden files.
func machines() map[string]machine {
	return map[string]machine{
		"takeover-standby": standby().takeover(),
		"takeover-home":    home().takeover(),
		"takeover-manual":  with(standby(), func(p *plan) { p.Approval, p.ApprovalSeconds, p.NodeGroups = Manual, 120, nil }).takeover(),
		"takeover-full":    full().takeover(),
		"failback-standby": standby().failback(),
		"failback-home":    home().failback(),
	}
}

func TestDefinitionsAreAsReviewed(t *testing.T) {
	for name, m := range machines() {
		t.Run(name, func(t *testing.T) {
			text, err := m.json()
			require.NoError(t, err)
			var golden bytes.Buffer
			require.NoError(t, json.Indent(&golden, []byte(text), "", "  "))
			golden.WriteByte('\n')
			file := filepath.Join("testdata", name+".asl.json")
			if *update {
				require.NoError(t, os.WriteFile(file, golden.Bytes(), 0o644))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, string(want), golden.String(), "run the test with -update, and review the change")
		})
	}
}

func TestStepFunctionsTakesTheDefinitions(t *testing.T) {
	for name, m := range machines() {
		t.Run(name, func(t *testing.T) {
			text, err := m.json()
			require.NoError(t, err)
			region := "us-west-2"
			if name == "takeover-home" || name == "failback-home" {
				region = "us-east-1"
			}
			require.NoError(t, statemachine.Check(text, region))
		})
	}
}
