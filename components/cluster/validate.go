package cluster

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/check"
)

var (
	roleARN        = regexp.MustCompile(`^arn:aws[\w-]*:iam::\d{12}:role/.+$`)
	namespaceName  = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	kubernetesName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)
	internet       = netip.MustParsePrefix("0.0.0.0/0")
)

// Validate returns every problem of the arguments in one error, or nil. It fills
// in defaults first, so it can be asked before a component is made.
func (a *ClusterArgs) Validate(name string) error {
	a = a.withDefaults()
	var errs field.ErrorList
	root := (*field.Path)(nil)
	if !check.IsRegion(a.Region) {
		errs = append(errs, field.Invalid(root.Child("region"), a.Region, "must be an AWS region, such as us-east-1"))
	}
	if !check.IsAccountID(a.AccountID) {
		errs = append(errs, field.Invalid(root.Child("accountId"), a.AccountID, "must be an AWS account number of 12 digits"))
	}
	if a.VPCID == nil {
		errs = append(errs, field.Required(root.Child("vpcId"), "give the VPC of the subnets"))
	}
	if a.SubnetIDs == nil {
		errs = append(errs, field.Required(root.Child("subnetIds"), "give the private subnets of at least two zones"))
	}
	if !slices.Contains(Versions(), a.Version) {
		errs = append(errs, field.Invalid(root.Child("version"), a.Version,
			"must be a minor version of Kubernetes that the add-ons are pinned for: "+strings.Join(Versions(), ", ")))
	}
	errs = append(errs, validateBlocks(root.Child("publicAccessCidrs"), a.PublicAccessCIDRs)...)
	if a.PublicAccessFromAnywhere && len(a.PublicAccessCIDRs) > 0 {
		errs = append(errs, field.Forbidden(root.Child("publicAccessCidrs"), "publicAccessFromAnywhere lets every address in; take one of the two away"))
	}
	errs = append(errs, validateBlocks(root.Child("privateAccessCidrs"), a.PrivateAccessCIDRs)...)
	errs = append(errs, each(root.Child("access"), a.Access, Access.validate)...)
	if a.KubectlRoleARN != "" && !roleARN.MatchString(a.KubectlRoleARN) {
		errs = append(errs, field.Invalid(root.Child("kubectlRoleArn"), a.KubectlRoleARN,
			"must be the ARN of an IAM role, such as arn:aws:iam::123456789012:role/deployer"))
	}
	errs = append(errs, check.LogRetention(root.Child("logRetentionDays"), a.LogRetentionDays)...)
	errs = append(errs, a.validateNodeGroups(root.Child("nodeGroups"))...)
	errs = append(errs, a.validateAutoscaler(root)...)
	errs = append(errs, each(root.Child("fargate"), a.Fargate, FargateProfile.validate)...)
	errs = append(errs, a.validateNamespaces(root.Child("namespaces"))...)
	errs = append(errs, a.ExternalDNS.validate(root.Child("externalDns"))...)
	errs = append(errs, a.validateAddonVersions(root.Child("addonVersions"))...)
	errs = append(errs, validateTags(root.Child("tags"), a.Tags)...)
	return check.Error(fmt.Sprintf("cluster %q", name), errs)
}

// each validates the values of a map in the order of their keys, and the keys.
func each[V any](path *field.Path, m map[string]V, validate func(V, *field.Path) field.ErrorList) field.ErrorList {
	var errs field.ErrorList
	for _, key := range slices.Sorted(maps.Keys(m)) {
		at := path.Key(key)
		if !kubernetesName.MatchString(key) {
			errs = append(errs, field.Invalid(at, key, "must be lower case letters, digits and hyphens, at most 40"))
		}
		errs = append(errs, validate(m[key], at)...)
	}
	return errs
}

// validateBlocks returns what is wrong with the blocks that may reach the API server.
func validateBlocks(path *field.Path, cidrs []string) field.ErrorList {
	var errs field.ErrorList
	for i, cidr := range cidrs {
		p, err := netip.ParsePrefix(cidr)
		switch at := path.Index(i); {
		case err != nil || !p.Addr().Is4() || p.Masked() != p:
			errs = append(errs, field.Invalid(at, cidr, "must be an IPv4 block in CIDR notation, such as 203.0.113.0/24"))
		case p == internet:
			errs = append(errs, field.Invalid(at, cidr, "must not be the whole internet; list the blocks of your offices and runners"))
		}
	}
	return errs
}

// validateLabels returns what is wrong with labels of nodes or namespaces.
func validateLabels(path *field.Path, labels map[string]string) field.ErrorList {
	var errs field.ErrorList
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		problems := append(validation.IsQualifiedName(key), validation.IsValidLabelValue(labels[key])...)
		if len(problems) > 0 {
			errs = append(errs, field.Invalid(path.Key(key), labels[key], "must be a Kubernetes label: "+strings.Join(problems, "; ")))
		}
	}
	return errs
}

// ownTags are the tags that Karpenter and the drivers set by themselves, by the
// beginning of their keys.
var ownTags = []string{"aws:", "eks:", "kubernetes.io/", "karpenter.sh/", "karpenter.k8s.aws/", "ebs.csi.aws.com/"}

// validateTags returns what is wrong with tags for the things that controllers make.
func validateTags(path *field.Path, tags map[string]string) field.ErrorList {
	var errs field.ErrorList
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		switch {
		case key == "" || len(key) > 128 || len(tags[key]) > 256:
			errs = append(errs, field.Invalid(path.Key(key), tags[key], "must be an AWS tag: a key of 1 to 128 characters, a value of at most 256"))
		case slices.ContainsFunc(ownTags, func(p string) bool { return strings.HasPrefix(key, p) }):
			errs = append(errs, field.Forbidden(path.Key(key), "is a tag of AWS, Karpenter or a driver, which set it themselves; take another key"))
		}
	}
	return errs
}

// validateQuantity returns what is wrong with a Kubernetes quantity.
func validateQuantity(path *field.Path, value, example string) field.ErrorList {
	if q, err := resource.ParseQuantity(value); err != nil || q.Sign() <= 0 {
		return field.ErrorList{field.Invalid(path, value, "must be a Kubernetes quantity above zero, such as "+example)}
	}
	return nil
}

// among returns an error for each value that is not one of the supported ones.
func among(path *field.Path, values, supported []string) field.ErrorList {
	var errs field.ErrorList
	for i, v := range values {
		if !slices.Contains(supported, v) {
			errs = append(errs, field.NotSupported(path.Index(i), v, supported))
		}
	}
	return errs
}
