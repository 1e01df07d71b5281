package integration

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud"
)

const (
	typeCluster     = "aws:eks/cluster:Cluster"
	typeNodeGroup   = "aws:eks/nodeGroup:NodeGroup"
	typeAccessEntry = "aws:eks/accessEntry:AccessEntry"
	typeAssociation = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
)

type scaling struct{ MinSize, MaxSize, DesiredSize *int }

type nodegroupParameters struct {
	ClusterName, NodegroupName string
	ScalingConfig              scaling
	ClientRequestToken         string
}

func (c *call) nodegroup(raw json.RawMessage, action string) (nodegroupParameters, *cloud.Resource, error) {
	var p nodegroupParameters
	if err := decode(raw, &p, "ClusterName", "NodegroupName"); err != nil {
		return p, nil, err
	}
	group, err := c.find(typeNodeGroup, func(r *cloud.Resource) bool {
		return r.Text("clusterName") == p.ClusterName && r.Text("nodeGroupName") == p.NodegroupName
	})
	if err != nil {
		return p, nil, err
	}
	arn := fmt.Sprintf("arn:aws:eks:%s:%s:nodegroup/%s/%s/", c.region, c.account(), p.ClusterName, p.NodegroupName)
	if group != nil {
		arn = group.Text("arn")
	}
	if err := c.may(action, arn, nil); err != nil {
		return p, nil, err
	}
	if group == nil {
		err = refuse("Eks.ResourceNotFoundException", "No node group found for name: %s.", p.NodegroupName)
	}
	return p, group, err
}

func sizes(group *cloud.Resource) map[string]float64 {
	all := map[string]float64{}
	for _, name := range []string{"minSize", "maxSize", "desiredSize"} {
		all[name], _ = group.At("scalingConfig." + name).(float64)
	}
	return all
}

func describeNodegroup(c *call, raw json.RawMessage) (any, error) {
	_, group, err := c.nodegroup(raw, "eks:DescribeNodegroup")
	if err != nil {
		return nil, err
	}
	s := sizes(group)
	return map[string]any{"Nodegroup": map[string]any{
		"NodegroupName": group.Text("nodeGroupName"), "NodegroupArn": group.Text("arn"), "ClusterName": group.Text("clusterName"), "Status": "ACTIVE",
		"ScalingConfig": map[string]any{"MinSize": s["minSize"], "MaxSize": s["maxSize"], "DesiredSize": s["desiredSize"]},
	}}, nil
}

func updateNodegroupConfig(c *call, raw json.RawMessage) (any, error) {
	p, group, err := c.nodegroup(raw, "eks:UpdateNodegroupConfig")
	if err != nil {
		return nil, err
	}
	s := sizes(group)
	for name, v := range map[string]*int{"minSize": p.ScalingConfig.MinSize, "maxSize": p.ScalingConfig.MaxSize, "desiredSize": p.ScalingConfig.DesiredSize} {
		if v != nil {
			s[name] = float64(*v)
		}
	}
	switch {
	case s["minSize"] > s["desiredSize"]:
		return nil, refuse("Eks.InvalidParameterException", "Minimum capacity %v can't be greater than desired size %v", s["minSize"], s["desiredSize"])
	case s["desiredSize"] > s["maxSize"]:
		return nil, refuse("Eks.InvalidParameterException", "desired capacity %v can't be greater than max size %v", s["desiredSize"], s["maxSize"])
	}
	sized := map[string]any{}
	for name, v := range s {
		sized[name] = v
	}
	if err := c.Cloud.Change(group, "scalingConfig", sized); err != nil {
		return nil, refuse("Eks.InvalidParameterException", "%v", err)
	}
	return map[string]any{"Update": map[string]any{"Status": "InProgress", "Type": "ConfigUpdate"}}, nil
}

// callKubernetes reaches one object of a cluster's API, by GET, PUT and PATCH.
// The role needs an access entry; what that lets it do is left to Kubernetes,
// where an entry with neither a group nor a policy may do nothing.
func callKubernetes(c *call, raw json.RawMessage) (any, error) {
	var p struct {
		ClusterName, CertificateAuthority, Endpoint, Method, Path string
		RequestBody                                               map[string]any
		QueryParameters                                           any
	}
	if err := decode(raw, &p, "ClusterName", "CertificateAuthority", "Endpoint", "Method", "Path"); err != nil {
		return nil, err
	}
	cluster, err := c.find(typeCluster, func(r *cloud.Resource) bool { return r.Text("name") == p.ClusterName })
	switch {
	case err != nil:
		return nil, err
	case cluster == nil || cluster.Text("endpoint") != p.Endpoint:
		return nil, refuse("States.TaskFailed", "the endpoint %s is not that of a cluster %s here", p.Endpoint, p.ClusterName)
	}
	if err := c.entry(cluster); err != nil {
		return nil, err
	}
	object, err := c.kubernetesObject(cluster, p.Path)
	if err == nil && object == nil {
		err = kubernetesError(http.StatusNotFound, "%s not found", p.Path)
	}
	if err != nil {
		return nil, err
	}
	switch p.Method {
	case http.MethodGet:
	case http.MethodPut, http.MethodPatch:
		if err := c.Cloud.Change(object, "spec", p.RequestBody["spec"]); err != nil {
			return nil, kubernetesError(http.StatusUnprocessableEntity, "%v", err)
		}
		if object, err = c.kubernetesObject(cluster, p.Path); err != nil {
			return nil, err
		}
	default:
		return nil, kubernetesError(http.StatusMethodNotAllowed, "the sandbox does not simulate %s", p.Method)
	}
	return map[string]any{"StatusCode": http.StatusOK, "ResponseBody": object.Outputs}, nil
}

func kubernetesError(status int, format string, args ...any) error {
	return refuse(fmt.Sprintf("EKS.%d", status), format, args...)
}

// entry refuses a role that the cluster does not know.
func (c *call) entry(cluster *cloud.Resource) error {
	known, able := false, false
	_, err := c.Cloud.Resources(func(r *cloud.Resource) bool {
		if oneOf(r.Text("principalArn"), c.role) && r.Text("clusterName") == cluster.Text("name") && r.Scope.Region == c.region {
			known = known || r.Type == typeAccessEntry
			able = able || r.Type == typeAssociation || r.Type == typeAccessEntry && len(r.Texts("kubernetesGroups")) > 0
		}
		return false
	})
	switch {
	case err != nil:
		return err
	case !known:
		return kubernetesError(http.StatusUnauthorized, "%s has no access entry", c.role)
	case !able:
		return kubernetesError(http.StatusForbidden, "%s may do nothing in the cluster", c.role)
	}
	return nil
}

// kubernetesObject is the object at a path such as
// /apis/autoscaling/v2/namespaces/web/horizontalpodautoscalers/web.
func (c *call) kubernetesObject(cluster *cloud.Resource, path string) (*cloud.Resource, error) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) == 7 && parts[0] == "apis" {
		parts = append([]string{parts[1] + "/" + parts[2]}, parts[3:]...)
	} else if len(parts) == 6 && parts[0] == "api" {
		parts = append([]string{"core/" + parts[1]}, parts[2:]...)
	}
	if len(parts) != 5 || parts[1] != "namespaces" {
		return nil, kubernetesError(http.StatusNotFound, "the sandbox knows no path %s", path)
	}
	found, err := c.Cloud.Resources(func(r *cloud.Resource) bool {
		kind := r.Type[strings.LastIndex(r.Type, ":")+1:]
		return r.Scope.Package == "kubernetes" && r.Scope.Account == cluster.Text("arn") &&
			strings.HasPrefix(r.Type, "kubernetes:"+parts[0]+":") && strings.EqualFold(kind+"s", parts[3]) &&
			r.Text("metadata.namespace") == parts[2] && r.Text("metadata.name") == parts[4]
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}
