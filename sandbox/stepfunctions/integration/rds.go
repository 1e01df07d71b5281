package integration

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud"
)

const (
	typeGlobalCluster = "aws:rds/globalCluster:GlobalCluster"
	typeDBCluster     = "aws:rds/cluster:Cluster"
	typeDBInstance    = "aws:rds/clusterInstance:ClusterInstance"
)

// roleChange is a change of a global database's writer that is under way. The
// store has it done already; until it is over, describing shows what was before.
type roleChange struct {
	status, writer string
}

type globalParameters struct {
	GlobalClusterIdentifier   string
	TargetDbClusterIdentifier string
	AllowDataLoss             bool
	Switchover                bool
}

// global is the global database and its members by ARN. RDS answers for it in the
// region of any member.
func (c *call) global(id string) (*cloud.Resource, map[string]*cloud.Resource, error) {
	g, err := c.find(typeGlobalCluster, func(r *cloud.Resource) bool { return r.ID == id || r.Text("globalClusterIdentifier") == id })
	if err != nil {
		return nil, nil, err
	}
	members := map[string]*cloud.Resource{}
	found, err := c.Cloud.ResourcesOf(typeDBCluster)
	here := false
	for _, m := range found {
		if g == nil || m.Text("globalClusterIdentifier") != g.ID {
			continue
		}
		members[m.Text("arn")] = m
		here = here || m.Scope.Region == c.region
	}
	if err == nil && !here {
		err = refuse("Rds.GlobalClusterNotFoundException", "Global cluster %s not found", id)
	}
	return g, members, err
}

func describeGlobalClusters(c *call, raw json.RawMessage) (any, error) {
	var p globalParameters
	if err := decode(raw, &p, "GlobalClusterIdentifier"); err != nil {
		return nil, err
	}
	if err := c.may("rds:DescribeGlobalClusters", fmt.Sprintf("arn:aws:rds::%s:global-cluster:%s", c.account(), p.GlobalClusterIdentifier), nil); err != nil {
		return nil, err
	}
	g, members, err := c.global(p.GlobalClusterIdentifier)
	if err != nil {
		return nil, err
	}
	status := "available"
	writer, err := c.Cloud.WriterRegion(g.ID)
	if err != nil {
		return nil, err
	}
	if change := c.roleChanges[g.ID]; change != nil {
		status, writer = change.status, change.writer
	}
	var list []any
	for _, arn := range slices.Sorted(maps.Keys(members)) {
		list = append(list, map[string]any{"DbClusterArn": arn, "IsWriter": members[arn].Scope.Region == writer, "Readers": []any{}})
	}
	return map[string]any{"GlobalClusters": []any{map[string]any{
		"GlobalClusterIdentifier": g.ID, "GlobalClusterArn": g.Text("arn"), "Status": status, "GlobalClusterMembers": list,
	}}}, nil
}

func describeDBClusters(c *call, raw json.RawMessage) (any, error) {
	var p struct{ DbClusterIdentifier string }
	if err := decode(raw, &p, "DbClusterIdentifier"); err != nil {
		return nil, err
	}
	id := p.DbClusterIdentifier[strings.LastIndex(p.DbClusterIdentifier, ":")+1:]
	if err := c.may("rds:DescribeDBClusters", fmt.Sprintf("arn:aws:rds:%s:%s:cluster:%s", c.region, c.account(), id), nil); err != nil {
		return nil, err
	}
	cluster, err := c.find(typeDBCluster, func(r *cloud.Resource) bool { return oneOf(p.DbClusterIdentifier, r.ID, r.Text("arn")) })
	if err == nil && cluster == nil {
		err = refuse("Rds.DbClusterNotFoundException", "DBCluster %s not found.", p.DbClusterIdentifier)
	}
	if err != nil {
		return nil, err
	}
	instances, err := c.Cloud.Resources(func(r *cloud.Resource) bool {
		return r.Type == typeDBInstance && r.Scope == cluster.Scope && r.Text("clusterIdentifier") == cluster.ID
	})
	if err != nil {
		return nil, err
	}
	members := []any{}
	for _, i := range instances {
		writer, _ := i.At("writer").(bool)
		members = append(members, map[string]any{"DbInstanceIdentifier": i.ID, "IsClusterWriter": writer})
	}
	return map[string]any{"DbClusters": []any{map[string]any{
		"DbClusterIdentifier": cluster.ID, "DbClusterArn": cluster.Text("arn"), "Status": "available", "DbClusterMembers": members,
	}}}, nil
}

func failoverGlobalCluster(c *call, raw json.RawMessage) (any, error) {
	return c.changeRoles(raw, "rds:FailoverGlobalCluster", func(p globalParameters) (bool, error) {
		_, err := c.Cloud.FailoverGlobalCluster(context.Background(), c.region, p.GlobalClusterIdentifier, p.TargetDbClusterIdentifier, p.AllowDataLoss)
		return !p.AllowDataLoss, err
	})
}

func switchoverGlobalCluster(c *call, raw json.RawMessage) (any, error) {
	return c.changeRoles(raw, "rds:SwitchoverGlobalCluster", func(p globalParameters) (bool, error) {
		_, err := c.Cloud.SwitchoverGlobalCluster(context.Background(), c.region, p.GlobalClusterIdentifier, p.TargetDbClusterIdentifier)
		return true, err
	})
}

// changeRoles makes another member the writer. It asks for the permission on the
// global database and on the target, as RDS does.
func (c *call) changeRoles(raw json.RawMessage, action string, do func(globalParameters) (planned bool, err error)) (any, error) {
	var p globalParameters
	if err := decode(raw, &p, "GlobalClusterIdentifier", "TargetDbClusterIdentifier"); err != nil {
		return nil, err
	}
	for _, arn := range []string{fmt.Sprintf("arn:aws:rds::%s:global-cluster:%s", c.account(), p.GlobalClusterIdentifier), p.TargetDbClusterIdentifier} {
		if err := c.may(action, arn, nil); err != nil {
			return nil, err
		}
	}
	g, members, err := c.global(p.GlobalClusterIdentifier)
	switch {
	case err != nil:
		return nil, err
	case members[p.TargetDbClusterIdentifier] == nil:
		return nil, refuse("Rds.DbClusterNotFoundException", "%s is no member of %s", p.TargetDbClusterIdentifier, g.ID)
	case c.roleChanges[g.ID] != nil:
		return nil, refuse("Rds.InvalidGlobalClusterStateException", "Global cluster %s is in status %s", g.ID, c.roleChanges[g.ID].status)
	}
	before, err := c.Cloud.WriterRegion(g.ID)
	if err != nil {
		return nil, err
	}
	planned, err := do(p)
	if err != nil {
		return nil, rdsError(err)
	}
	change := &roleChange{status: "failing-over", writer: before}
	if planned {
		change.status = "switching-over"
	}
	if c.roleChanges == nil {
		c.roleChanges = map[string]*roleChange{}
	}
	c.roleChanges[g.ID] = change
	target := members[p.TargetDbClusterIdentifier].Scope.Region
	c.Clock.After(c.World.RoleChange(planned), func() {
		delete(c.roleChanges, g.ID)
		c.World.Writer(g.ID, target)
	})
	return map[string]any{"GlobalCluster": map[string]any{"GlobalClusterIdentifier": g.ID, "GlobalClusterArn": g.Text("arn"), "Status": change.status}}, nil
}

var apiError = regexp.MustCompile(`api error (\w+): (.*)$`)

// rdsError has the name of the exception of the SDK for Java that stands for an
// error code: InvalidDBClusterStateFault is InvalidDbClusterStateException.
func rdsError(err error) error {
	m := apiError.FindStringSubmatch(err.Error())
	if m == nil {
		return err
	}
	code := strings.TrimSuffix(strings.TrimSuffix(m[1], "Fault"), "Exception")
	return refuse("Rds."+strings.ReplaceAll(code, "DB", "Db")+"Exception", "%s", m[2])
}
