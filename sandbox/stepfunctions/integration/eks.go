package integration

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
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

// callKubernetes reaches one object of a cluster's API, by GET and PUT. It needs no
// permission of IAM, but an access entry: "Your Kubernetes API server must grant
// permissions to the IAM role used by your state machine". Which kind of patch a
// PATCH is, is not documented, so there is none. "The Step Functions EKS integration
// supports only Kubernetes APIs with public endpoint access", and its addresses
// cannot be listed: from any other endpoint no answer comes. (Step Functions
// developer guide, "Create and manage Amazon EKS clusters with Step Functions".)
func callKubernetes(c *call, raw json.RawMessage) (any, error) {
	var p struct {
		ClusterName, CertificateAuthority, Endpoint, Method, Path string
		RequestBody                                               map[string]any
		QueryParameters                                           map[string][]string
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
	case cluster.Text("certificateAuthority.data") != p.CertificateAuthority:
		return nil, refuse("States.TaskFailed", "the endpoint %s has a certificate of another authority", p.Endpoint)
	}
	if public, _ := cluster.At("vpcConfig.endpointPublicAccess").(bool); !public || !slices.Contains(cluster.Texts("vpcConfig.publicAccessCidrs"), "0.0.0.0/0") {
		return nil, nil
	}
	verb := map[string]string{http.MethodGet: "get", http.MethodPut: "update"}[p.Method]
	if verb == "" {
		return nil, kubernetesError(http.StatusMethodNotAllowed, "the sandbox does not simulate %s", p.Method)
	}
	at, err := parsePath(p.Path)
	if err == nil {
		err = c.authorize(cluster, verb, at)
	}
	if err != nil {
		return nil, err
	}
	object, err := c.kubernetesObject(cluster, at)
	if err == nil && object == nil {
		err = kubernetesError(http.StatusNotFound, "%s %q not found", at.resource, at.name)
	}
	if err == nil && verb == "update" {
		if err = c.put(object, p.RequestBody); err == nil {
			object, err = c.kubernetesObject(cluster, at)
		}
	}
	if err != nil {
		return nil, err
	}
	body := maps.Clone(object.Outputs)
	maps.DeleteFunc(body, func(k string, _ any) bool { return strings.HasPrefix(k, "__") }) // the provider's own
	return map[string]any{"StatusCode": http.StatusOK, "ResponseBody": body}, nil
}

// put replaces an object's spec. A resource version has to be the object's; without
// one the put is unconditional.
func (c *call) put(object *cloud.Resource, body map[string]any) error {
	for _, name := range []string{"apiVersion", "kind"} {
		if body[name] != object.At(name) {
			return kubernetesError(http.StatusBadRequest, "the %s in the data (%v) does not match the expected one (%v)", name, body[name], object.At(name))
		}
	}
	meta, _ := body["metadata"].(map[string]any)
	if meta["name"] != object.At("metadata.name") {
		return kubernetesError(http.StatusBadRequest, "the name of the object (%v) does not match the name on the URL (%v)", meta["name"], object.At("metadata.name"))
	}
	if v := meta["resourceVersion"]; v != nil && v != "" && v != object.At("metadata.resourceVersion") {
		return kubernetesError(http.StatusConflict, "the object has been modified; please apply your changes to the latest version and try again")
	}
	if _, ok := body["spec"].(map[string]any); !ok {
		return kubernetesError(http.StatusUnprocessableEntity, "spec: Required value")
	}
	if err := c.Cloud.Change(object, "spec", body["spec"]); err != nil {
		return kubernetesError(http.StatusUnprocessableEntity, "%v", err)
	}
	return nil
}

func kubernetesError(status int, format string, args ...any) error {
	return refuse(fmt.Sprintf("EKS.%d", status), format, args...)
}

// authorize refuses a role that the cluster does not know, or that neither an access
// policy nor a role of Kubernetes lets do it.
func (c *call) authorize(cluster *cloud.Resource, verb string, at kubernetesPath) error {
	known := false
	groups := []string{"system:authenticated"}
	var policies []string
	_, err := c.Cloud.Resources(func(r *cloud.Resource) bool {
		if oneOf(r.Text("principalArn"), c.role) && r.Text("clusterName") == cluster.Text("name") && r.Scope.Region == c.region {
			switch r.Type {
			case typeAccessEntry:
				known, groups = true, append(groups, r.Texts("kubernetesGroups")...)
			case typeAssociation:
				policies = append(policies, r.Text("policyArn"))
			}
		}
		return false
	})
	switch {
	case err != nil:
		return err
	case !known:
		return kubernetesError(http.StatusUnauthorized, "Unauthorized: %s has no access entry", c.role)
	}
	for _, policy := range policies { // all of them read; those to edit and to administer change
		if verb == "get" || !strings.HasSuffix(policy, "ViewPolicy") {
			return nil
		}
	}
	bound, err := c.bound(cluster, groups, at.namespace)
	if err != nil {
		return err
	}
	for _, rules := range bound {
		for _, one := range rules {
			if allows(one, verb, at) {
				return nil
			}
		}
	}
	return kubernetesError(http.StatusForbidden, "%s is forbidden: %s cannot %s resource %q in the namespace %q", at.name, c.role, verb, at.resource, at.namespace)
}

// bound are the rules of the roles that are bound to groups, for a namespace.
func (c *call) bound(cluster *cloud.Resource, groups []string, namespace string) (rules [][]map[string]any, err error) {
	const api = "kubernetes:rbac.authorization.k8s.io/v1:"
	all, err := c.Cloud.ResourcesOf(api+"RoleBinding", api+"ClusterRoleBinding", api+"Role", api+"ClusterRole")
	here := func(r *cloud.Resource) bool {
		return r.Scope.Account == cluster.Text("arn") && oneOf(r.Text("metadata.namespace"), namespace) == (r.Type == api+"RoleBinding" || r.Type == api+"Role")
	}
	for _, binding := range all {
		named := slices.ContainsFunc(list(binding.At("subjects")), func(s map[string]any) bool {
			name, _ := s["name"].(string)
			return s["kind"] == "Group" && slices.Contains(groups, name)
		})
		if !named || !here(binding) {
			continue
		}
		for _, role := range all {
			if here(role) && role.Type == api+binding.Text("roleRef.kind") && role.Text("metadata.name") == binding.Text("roleRef.name") {
				rules = append(rules, list(role.At("rules")))
			}
		}
	}
	return rules, err
}

func list(v any) (all []map[string]any) {
	elements, _ := v.([]any)
	for _, e := range elements {
		if m, ok := e.(map[string]any); ok {
			all = append(all, m)
		}
	}
	return all
}

// allows tells whether a rule of a role lets a verb be done.
func allows(rule map[string]any, verb string, at kubernetesPath) bool {
	has := func(name, value string) bool {
		elements, _ := rule[name].([]any)
		return slices.Contains(elements, any(value)) || slices.Contains(elements, any("*"))
	}
	names, _ := rule["resourceNames"].([]any)
	return has("apiGroups", at.group) && has("resources", at.resource) && has("verbs", verb) && (len(names) == 0 || slices.Contains(names, any(at.name)))
}

// kubernetesPath is where an object is in the API.
type kubernetesPath struct{ group, version, namespace, resource, name string }

// parsePath reads a path such as
// /apis/autoscaling/v2/namespaces/web/horizontalpodautoscalers/web.
func parsePath(path string) (kubernetesPath, error) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	switch {
	case len(parts) == 7 && parts[0] == "apis" && parts[3] == "namespaces":
		return kubernetesPath{parts[1], parts[2], parts[4], parts[5], parts[6]}, nil
	case len(parts) == 6 && parts[0] == "api" && parts[2] == "namespaces":
		return kubernetesPath{"", parts[1], parts[3], parts[4], parts[5]}, nil
	}
	return kubernetesPath{}, kubernetesError(http.StatusNotFound, "the sandbox knows no path %s", path)
}

// kubernetesObject is the object at a path, nil where there is none.
func (c *call) kubernetesObject(cluster *cloud.Resource, at kubernetesPath) (*cloud.Resource, error) {
	group := at.group
	if group == "" {
		group = "core"
	}
	found, err := c.Cloud.Resources(func(r *cloud.Resource) bool {
		kind := r.Type[strings.LastIndex(r.Type, ":")+1:]
		return r.Scope.Package == "kubernetes" && r.Scope.Account == cluster.Text("arn") &&
			strings.HasPrefix(r.Type, "kubernetes:"+group+"/"+at.version+":") && strings.EqualFold(kind+"s", at.resource) &&
			r.Text("metadata.namespace") == at.namespace && r.Text("metadata.name") == at.name
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}
