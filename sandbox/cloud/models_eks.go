package cloud

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

const (
	typeCluster     = "aws:eks/cluster:Cluster"
	typeNodeGroup   = "aws:eks/nodeGroup:NodeGroup"
	typeAddon       = "aws:eks/addon:Addon"
	typeAccess      = "aws:eks/accessEntry:AccessEntry"
	typePodIdentity = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
)

// kubernetesVersions are the versions that EKS offers (EKS user guide,
// "Kubernetes versions").
var kubernetesVersions = []string{"1.30", "1.31", "1.32", "1.33", "1.34", "1.35", "1.36"}

// addons are the EKS add-ons that the platform may install, each with the
// version that EKS gives where none is asked for (aws eks
// describe-addon-versions for the default Kubernetes version).
var addons = map[string]string{
	"vpc-cni": "v1.21.1-eksbuild.7", "coredns": "v1.13.2-eksbuild.4", "kube-proxy": "v1.34.6-eksbuild.2",
	"aws-ebs-csi-driver": "v1.57.1-eksbuild.1", "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
	"aws-efs-csi-driver": "v2.1.13-eksbuild.1", "amazon-cloudwatch-observability": "v4.5.0-eksbuild.1",
	"snapshot-controller": "v8.3.0-eksbuild.1", "metrics-server": "v0.8.1-eksbuild.2", "cert-manager": "v1.19.1-eksbuild.1",
	"external-dns": "v0.19.0-eksbuild.2", "eks-node-monitoring-agent": "v1.4.1-eksbuild.1", "aws-guardduty-agent": "v1.11.0-eksbuild.2",
	"kube-state-metrics": "v2.17.0-eksbuild.1", "aws-secrets-store-csi-driver-provider": "v2.1.1-eksbuild.1",
}

var eksModels = []model{
	{
		Type: typeCluster, Service: "EKS", ID: "{name}", Auto: autoname{max: 100},
		Set: map[string]string{
			"arn": "arn:aws:eks:{region}:{account}:cluster/{name}", "endpoint": "https://{HEX:32}.gr7.{region}.eks.amazonaws.com",
			"platformVersion": "eks.1", "status": "ACTIVE", "vpcConfig.clusterSecurityGroupId": "sg-{hex:17}",
			"vpcConfig.vpcId": "{subnetVpc}", "version": "1.34",
		},
		Unique: []string{"{name}"}, Exists: "ResourceInUseException", Names: []string{"name"},
		UsedBy: []string{typeNodeGroup, typeFargate}, InUse: "ResourceInUseException", OneVPC: "InvalidParameterException",
		Check: checkCluster, Compute: computeCluster,
		Gone: func(o *op) error { return o.emptied() },
	},
	{
		Type: typeNodeGroup, Service: "EKS", ID: "{clusterName}:{nodeGroupName}", Auto: autoname{prop: "nodeGroupName", max: 63},
		Refs: map[string][]string{"clusterName": {typeCluster}},
		Set: map[string]string{
			"arn":    "arn:aws:eks:{region}:{account}:nodegroup/{clusterName}/{nodeGroupName}/{uuid}",
			"status": "ACTIVE", "amiType": "AL2023_x86_64_STANDARD", "capacityType": "ON_DEMAND", "version": "{clusterVersion}",
			"releaseVersion": "{version}.1-20260423",
		},
		Unique: []string{"{clusterName} {nodeGroupName}"}, Exists: "ResourceInUseException", OneVPC: "InvalidParameterException",
		Check: func(o *op) error {
			low, _ := number(o.in, "scalingConfig.minSize")
			want, _ := number(o.in, "scalingConfig.desiredSize")
			high, _ := number(o.in, "scalingConfig.maxSize")
			if low > want || want > high {
				return o.refuse("InvalidParameterException", "desired capacity %v must be between minSize %v and maxSize %v", want, low, high)
			}
			if err := o.trusted("nodeRoleArn", "ec2.amazonaws.com", "InvalidParameterException",
				"Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of nodeRole %s", "sts:AssumeRole"); err != nil {
				return err
			}
			return nodeGroupVersion(o)
		},
		Compute: func(o *op) error {
			if o.out["resources"] == nil {
				o.out["resources"] = []any{map[string]any{
					"autoscalingGroups": []any{map[string]any{"name": "eks-" + text(o.in, "nodeGroupName") + "-" + o.mint("hex", 8, "asg")}},
				}}
			}
			return nil
		},
	},
	{
		Type: typeAddon, Service: "EKS", ID: "{clusterName}:{addonName}", Auto: autoname{none: true},
		Refs: map[string][]string{"clusterName": {typeCluster}},
		Set:  map[string]string{"arn": "arn:aws:eks:{region}:{account}:addon/{clusterName}/{addonName}/{uuid}"},
		Unique: []string{
			"{clusterName} {addonName}",
		}, Exists: "ResourceInUseException",
		Check: func(o *op) error {
			name := text(o.in, "addonName")
			if addons[name] == "" {
				return o.refuse("InvalidParameterException", "Addon %s specified is not supported: it is one of %s", name, strings.Join(sortedNames(addons), ", "))
			}
			if v := text(o.in, "addonVersion"); v != "" && !regexp.MustCompile(`^v\d+\.\d+\.\d+-eksbuild\.\d+$`).MatchString(v) {
				return o.refuse("InvalidParameterException", "Addon version specified is not supported: %s", v)
			}
			if err := podIdentityTrust("podIdentityAssociations.roleArn")(o); err != nil {
				return err
			}
			if err := addonFits(o); err != nil {
				return err
			}
			return jsonInputs("configurationValues", "InvalidParameterException")(o)
		},
		Compute: func(o *op) error {
			if o.out["addonVersion"] == nil {
				o.out["addonVersion"] = addons[text(o.in, "addonName")]
			}
			return stamps(o, "createdAt", "modifiedAt")
		},
	},
	{
		Type: typeAccess, Service: "EKS", ID: "{clusterName}:{principalArn}", Auto: autoname{none: true},
		Refs: map[string][]string{"clusterName": {typeCluster}},
		Set: map[string]string{
			"accessEntryArn": "arn:aws:eks:{region}:{account}:access-entry/{clusterName}/{uuid}", "type": "STANDARD",
			"userName": "{principalArn}",
		},
		Unique: []string{"{clusterName} {principalArn}"}, Exists: "ResourceInUseException",
		UsedBy: []string{"aws:eks/accessPolicyAssociation:AccessPolicyAssociation"}, InUse: "ResourceInUseException",
		Check: func(o *op) error {
			if err := accessEntryOfType(o); err != nil {
				return err
			}
			return needsAccessEntries(o)
		},
		Compute: func(o *op) error { return stamps(o, "createdAt", "modifiedAt") },
	},
	{
		Type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation", Service: "EKS", Auto: autoname{none: true},
		ID:     "{clusterName}#{principalArn}#{policyArn}",
		Refs:   map[string][]string{"clusterName": {typeCluster}},
		Unique: []string{"{clusterName} {principalArn} {policyArn}"}, Exists: "ResourceInUseException",
		Check: func(o *op) error {
			if p := text(o.in, "policyArn"); !strings.HasPrefix(p, "arn:aws:eks::aws:cluster-access-policy/") {
				return o.refuse("InvalidParameterException", "the policyArn %s is not an EKS access policy: it begins with arn:aws:eks::aws:cluster-access-policy/", p)
			}
			found := false
			err := o.eachOf(o.scope, typeAccess, func(r *Resource) error {
				if text(r.Inputs, "clusterName") != text(o.in, "clusterName") || text(r.Inputs, "principalArn") != text(o.in, "principalArn") {
					return nil
				}
				found = true
				if t := text(r.Outputs, "type"); t != "STANDARD" {
					return o.refuse("InvalidRequestException", "Access entry type %s does not support access policies", t)
				}
				return nil
			})
			if err == nil && !found {
				return o.refuse("ResourceNotFoundException", "the access entry for %s could not be found on cluster %s", text(o.in, "principalArn"), text(o.in, "clusterName"))
			}
			return err
		},
		Compute: func(o *op) error { return stamps(o, "associatedAt", "modifiedAt") },
	},
	{
		Type: typePodIdentity, Service: "EKS", ID: "a-{alnum:17}", Auto: autoname{none: true},
		Refs: map[string][]string{"clusterName": {typeCluster}},
		Set: map[string]string{
			"associationArn": "arn:aws:eks:{region}:{account}:podidentityassociation/{clusterName}/{id}", "associationId": "{id}",
		},
		Unique: []string{"{clusterName} {namespace} {serviceAccount}"}, Exists: "ResourceInUseException",
		Check: podIdentityTrust("roleArn"),
	},
}

func stamps(o *op, paths ...string) error {
	for _, p := range paths {
		if err := stamp(p)(o); err != nil {
			return err
		}
	}
	return nil
}

func checkCluster(o *op) error {
	if v := text(o.in, "version"); v != "" && !slices.Contains(kubernetesVersions, v) {
		return o.refuse("InvalidParameterException", "unsupported Kubernetes version %s: it is one of %s", v, strings.Join(kubernetesVersions, ", "))
	}
	if err := clusterUpgrade(o); err != nil {
		return err
	}
	zones, vpcs := map[string]bool{}, map[string]bool{}
	for _, id := range texts(o.in, "vpcConfig.subnetIds") {
		found, err := o.find(id, typeSubnet)
		if err != nil {
			return err
		}
		for _, s := range found {
			zones[text(s.Outputs, "availabilityZone")] = true
			vpcs[text(s.Inputs, "vpcId")] = true
		}
	}
	if len(zones) < 2 {
		return o.refuse("InvalidParameterException", "subnets specified must be in at least two different AZs, they are in %s", strings.Join(sortedNames(zones), ", "))
	}
	if len(vpcs) > 1 {
		return o.refuse("InvalidParameterException", "provided subnets belong to different VPCs: %s", strings.Join(sortedNames(vpcs), ", "))
	}
	o.tmp["subnetVpc"] = sortedNames(vpcs)[0]
	if _, set := at(o.in, "vpcConfig.endpointPublicAccess").(bool); set &&
		!truth(o.in, "vpcConfig.endpointPublicAccess") && !truth(o.in, "vpcConfig.endpointPrivateAccess") {
		return o.refuse("InvalidParameterException", "private and public endpoint access cannot both be disabled")
	}
	return nil
}

func computeCluster(o *op) error {
	if o.out["certificateAuthority"] == nil {
		pem := "-----BEGIN CERTIFICATE-----\n" + o.mint("alnum", 52, "ca") + "\n-----END CERTIFICATE-----\n"
		data := base64.StdEncoding.EncodeToString([]byte(pem))
		o.out["certificateAuthority"] = map[string]any{"data": data}
		o.out["certificateAuthorities"] = []any{map[string]any{"data": data}}
		o.out["identities"] = []any{map[string]any{"oidcs": []any{map[string]any{
			"issuer": fmt.Sprintf("https://oidc.eks.%s.amazonaws.com/id/%s", o.region, o.mint("HEX", 32, "endpoint")),
		}}}}
	}
	if o.out["kubernetesNetworkConfig"] == nil {
		o.out["kubernetesNetworkConfig"] = map[string]any{"serviceIpv4Cidr": "172.20.0.0/16", "ipFamily": "ipv4"}
	}
	if o.out["accessConfig"] == nil {
		o.out["accessConfig"] = map[string]any{"authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": true}
	}
	return stamp("createdAt")(o)
}

// needsAccessEntries refuses access entries on a cluster whose mode is the
// config map alone.
func needsAccessEntries(o *op) error {
	found, err := o.find(text(o.in, "clusterName"), typeCluster)
	if err != nil {
		return err
	}
	for _, r := range found {
		if r.Scope.Region == o.region && text(r.Outputs, "accessConfig.authenticationMode") == "CONFIG_MAP" {
			return o.refuse("InvalidRequestException", "the cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation")
		}
	}
	return nil
}

// emptied takes away what lives in a cluster, as it goes with it, but for what
// would leave something of AWS behind.
func (o *op) emptied() error {
	scope := clusterScope(text(o.out, "arn"))
	var inside []*Resource
	err := o.each(func(r *Resource) error {
		if r.Scope == scope {
			inside = append(inside, r)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, r := range inside {
		if err := o.remove(r); err != nil {
			return err
		}
	}
	// What EKS keeps under the cluster by itself goes too.
	for _, typ := range []string{typeAddon, typeAccess, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation", typePodIdentity} {
		var own []*Resource
		err := o.eachOf(o.scope, typ, func(r *Resource) error {
			if text(r.Inputs, "clusterName") == o.id {
				own = append(own, r)
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, r := range own {
			if err := o.remove(r); err != nil {
				return err
			}
		}
	}
	return nil
}
