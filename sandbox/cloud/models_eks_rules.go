package cloud

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// minorOf is the minor number of a Kubernetes version such as 1.34, or -1.
func minorOf(version string) int {
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	if len(parts) < 2 {
		return -1
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		return -1
	}
	return n
}

// oldestKubelet is how many minor versions a node may be behind its control plane
// (kubernetes.io, "Version Skew Policy").
const oldestKubelet = 3

// clusterUpgrade refuses a change of version that EKS does not make: one that
// skips a version or goes back, and one that leaves nodes too far behind.
func clusterUpgrade(o *op) error {
	if o.old == nil {
		return nil
	}
	from, to := text(o.old.Outputs, "version"), text(o.in, "version")
	if to == "" || from == to {
		return nil
	}
	if minorOf(to) != minorOf(from)+1 {
		return o.refuse("InvalidParameterException", "Unsupported Kubernetes minor version update from %s to %s", from, to)
	}
	return o.eachOf(o.scope, typeNodeGroup, func(r *Resource) error {
		v := text(r.Outputs, "version")
		if text(r.Inputs, "clusterName") == o.id && minorOf(to)-minorOf(v) > oldestKubelet {
			return o.refuse("InvalidRequestException", "Kubelet version skew: the node group %s is at version %s, upgrade it before the cluster goes to %s",
				text(r.Inputs, "nodeGroupName"), v, to)
		}
		return nil
	})
}

// clusterOf is the cluster that an input names.
func (o *op) clusterOf() (*Resource, error) {
	found, err := o.find(text(o.in, "clusterName"), typeCluster)
	for _, r := range found {
		if r.Scope == o.scope {
			return r, err
		}
	}
	return nil, err
}

// nodeGroupVersion refuses nodes that are newer than their control plane, or too
// far behind it, and sets the version that EKS gives where none is asked for.
func nodeGroupVersion(o *op) error {
	cluster, err := o.clusterOf()
	if err != nil || cluster == nil {
		return err
	}
	has := text(cluster.Outputs, "version")
	o.tmp["clusterVersion"] = has
	v := text(o.in, "version")
	if behind := minorOf(has) - minorOf(v); v != "" && (behind < 0 || behind > oldestKubelet) {
		return o.refuse("InvalidParameterException",
			"Requested Nodegroup version %s is not supported: the cluster is at %s, and nodes may be up to %d minor versions behind it", v, has, oldestKubelet)
	}
	return nil
}

// addonSince are the oldest Kubernetes versions that versions of add-ons run on, by
// the beginning of the add-on's version (EKS user guide, the tables of versions of
// CoreDNS).
var addonSince = map[string]map[string]int{
	"coredns": {"v1.12.": 33, "v1.13.": 33, "v1.14.": 35},
}

// addonFits refuses an add-on's version that is not for the cluster's: kube-proxy
// may be older than the API server by three minor versions, and not newer.
func addonFits(o *op) error {
	cluster, err := o.clusterOf()
	if err != nil || cluster == nil {
		return err
	}
	name, v, has := text(o.in, "addonName"), text(o.in, "addonVersion"), text(cluster.Outputs, "version")
	fits := true
	if name == "kube-proxy" && v != "" {
		behind := minorOf(has) - minorOf(v)
		fits = behind >= 0 && behind <= oldestKubelet
	}
	for prefix, since := range addonSince[name] {
		fits = fits && (!strings.HasPrefix(v, prefix) || minorOf(has) >= since)
	}
	if !fits {
		return o.refuse("InvalidParameterException", "Addon version specified is not supported: %s %s on Kubernetes %s", name, v, has)
	}
	return nil
}

// trusted refuses a role whose trust policy does not let the service take it on
// with all of the actions.
func (o *op) trusted(path, service, code, reason string, actions ...string) error {
	for _, l := range all(o.in, path) {
		arn, _ := l.value.(string)
		roles, err := o.find(arn, typeRole)
		if err != nil {
			return err
		}
		for _, role := range roles {
			if !trusts(text(role.Inputs, "assumeRolePolicy"), service, actions) {
				return o.refuse(code, reason, arn)
			}
		}
	}
	return nil
}

// trusts says whether a trust policy allows a service the actions.
func trusts(policy, service string, actions []string) bool {
	var doc struct {
		Statement []struct {
			Effect    string
			Action    any
			Principal map[string]any
		}
	}
	if json.Unmarshal([]byte(policy), &doc) != nil {
		return false
	}
	granted := map[string]bool{}
	for _, s := range doc.Statement {
		if s.Effect == "Allow" && slices.Contains(oneOrMore(s.Principal["Service"]), service) {
			for _, a := range oneOrMore(s.Action) {
				granted[a] = true
			}
		}
	}
	for _, a := range actions {
		if !granted[a] && !granted["sts:*"] {
			return false
		}
	}
	return true
}

// oneOrMore is a value of a policy document that may be text or a list of it.
func oneOrMore(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var list []string
		for _, e := range v {
			list = append(list, fmt.Sprint(e))
		}
		return list
	}
	return nil
}

// podIdentityTrust is what EKS asks of a role that pods take on.
func podIdentityTrust(path string) func(*op) error {
	return func(o *op) error {
		return o.trusted(path, "pods.eks.amazonaws.com", "InvalidParameterException",
			"Trust policy of role %s does not allow pods.eks.amazonaws.com sts:AssumeRole and sts:TagSession", "sts:AssumeRole", "sts:TagSession")
	}
}

// accessEntryOfType refuses what EKS does not let an entry of nodes have.
func accessEntryOfType(o *op) error {
	switch t := text(o.in, "type"); t {
	case "", "STANDARD":
	case "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "EC2", "HYBRID_LINUX":
		if len(texts(o.in, "kubernetesGroups")) > 0 || text(o.in, "userName") != "" {
			return o.refuse("InvalidParameterException", "The access entry of type %s takes no kubernetesGroups and no userName", t)
		}
	default:
		return o.refuse("InvalidParameterException", "Access entry type %s is invalid", t)
	}
	for _, g := range texts(o.in, "kubernetesGroups") {
		for _, reserved := range []string{"system:", "eks:", "aws:", "amazon:", "iam:"} {
			if strings.HasPrefix(g, reserved) {
				return o.refuse("InvalidParameterException", "The kubernetes group name %s is invalid, it cannot start with %s", g, reserved)
			}
		}
	}
	return nil
}

const typeFargate = "aws:eks/fargateProfile:FargateProfile"

var fargateModels = []model{{
	Type: typeFargate, Service: "EKS", ID: "{clusterName}:{fargateProfileName}", Auto: autoname{prop: "fargateProfileName", max: 100},
	Refs: map[string][]string{"clusterName": {typeCluster}},
	Set: map[string]string{
		"arn": "arn:aws:eks:{region}:{account}:fargateprofile/{clusterName}/{fargateProfileName}/{uuid}", "status": "ACTIVE",
	},
	Unique: []string{"{clusterName} {fargateProfileName}"}, Exists: "ResourceInUseException",
	Check: func(o *op) error {
		if len(all(o.in, "selectors")) == 0 {
			return o.refuse("InvalidParameterException", "Fargate profile must have at least one selector with at least one namespace value")
		}
		if err := o.trusted("podExecutionRoleArn", "eks-fargate-pods.amazonaws.com", "InvalidParameterException",
			"Misconfigured PodExecutionRole Trust Policy; Please add the eks-fargate-pods.amazonaws.com Service Principal to %s", "sts:AssumeRole"); err != nil {
			return err
		}
		for _, subnet := range texts(o.in, "subnetIds") {
			public, err := o.isPublic(subnet)
			if err != nil {
				return err
			}
			if public {
				return o.refuse("InvalidParameterException", "Subnet %s provided in Fargate Profile is not a private subnet", subnet)
			}
		}
		return nil
	},
}}

// isPublic says whether a subnet's route table leads to an internet gateway.
func (o *op) isPublic(subnet string) (public bool, err error) {
	tables := map[string]bool{}
	err = o.eachOf(o.scope, "aws:ec2/routeTableAssociation:RouteTableAssociation", func(r *Resource) error {
		if text(r.Inputs, "subnetId") == subnet {
			tables[text(r.Inputs, "routeTableId")] = true
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	err = o.eachOf(o.scope, typeRoute, func(r *Resource) error {
		public = public || tables[text(r.Inputs, "routeTableId")] && strings.HasPrefix(text(r.Inputs, "gatewayId"), "igw-")
		return nil
	})
	return public, err
}
