package cluster

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// DefaultVersion is the Kubernetes version of a cluster that names none.
const DefaultVersion = "1.34"

// release is what is pinned for one minor version of Kubernetes and differs
// between them.
type release struct {
	// addons are versions of EKS add-ons, by name, over those of [addonVersions].
	addons map[string]string
	// clusterAutoscaler is the version of the Cluster Autoscaler's chart. Its
	// controller is of the same minor version as the cluster, as its README asks.
	clusterAutoscaler string
}

// releases are the supported minor versions. The add-on versions are those of
// the EKS user guide, "Manage kube-proxy in Amazon EKS clusters", 1.33 to 1.35.
var releases = map[string]release{
	"1.33": {addons: map[string]string{"kube-proxy": "v1.33.10-eksbuild.2"}, clusterAutoscaler: "9.51.0"},
	"1.34": {addons: map[string]string{"kube-proxy": "v1.34.6-eksbuild.2"}, clusterAutoscaler: "9.53.0"},
	"1.35": {addons: map[string]string{"kube-proxy": "v1.35.3-eksbuild.2"}, clusterAutoscaler: "9.59.0"},
}

// addonVersions are the versions of EKS add-ons that fit all of [releases] (EKS
// user guide, "Manage CoreDNS for DNS", "Assign IPs to Pods with the Amazon VPC
// CNI"; aws eks describe-addon-versions). Only kube-proxy follows the cluster.
var addonVersions = map[string]string{
	"vpc-cni":                "v1.21.1-eksbuild.7",
	"kube-proxy":             "", // see releases
	"coredns":                "v1.13.2-eksbuild.4",
	"eks-pod-identity-agent": "v1.3.10-eksbuild.2",
	"aws-ebs-csi-driver":     "v1.57.1-eksbuild.1",
	"aws-efs-csi-driver":     "v2.1.13-eksbuild.1",
	"metrics-server":         "v0.8.1-eksbuild.2",
	"external-dns":           "v0.19.0-eksbuild.2",
}

// Versions returns the minor versions of Kubernetes that a cluster can have, in order.
func Versions() []string { return slices.Sorted(maps.Keys(releases)) }

// addonVersion is the version of an add-on: the one asked for, or the pinned one.
func (a *ClusterArgs) addonVersion(name string) string {
	for _, versions := range []map[string]string{a.AddonVersions, releases[a.Version].addons} {
		if v, ok := versions[name]; ok {
			return v
		}
	}
	return addonVersions[name]
}

var addonVersionForm = regexp.MustCompile(`^v(\d+\.\d+)\.\d+-eksbuild\.\d+$`)

func (a *ClusterArgs) validateAddonVersions(path *field.Path) field.ErrorList {
	var errs field.ErrorList
	for _, addon := range slices.Sorted(maps.Keys(a.AddonVersions)) {
		at, version := path.Key(addon), a.AddonVersions[addon]
		if _, ok := addonVersions[addon]; !ok {
			errs = append(errs, field.NotSupported(at, addon, slices.Sorted(maps.Keys(addonVersions))))
		}
		form := addonVersionForm.FindStringSubmatch(version)
		switch {
		case form == nil:
			errs = append(errs, field.Invalid(at, version, "must be a version of an EKS add-on, such as v1.13.2-eksbuild.4"))
		case addon == "kube-proxy" && minor(a.Version) >= 0 && minor(form[1]) > minor(a.Version):
			errs = append(errs, field.Invalid(at, version, fmt.Sprintf("must not be newer than the cluster, which is %s", a.Version)))
		}
	}
	return errs
}

// minor is the number after the point of a version such as 1.34, or -1.
func minor(version string) int {
	_, after, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(after)
	if err != nil {
		return -1
	}
	return n
}

// checkUpgrade returns an error where EKS does not change a cluster from one
// version to the other (EKS user guide, "Update existing cluster to new
// Kubernetes version").
func checkUpgrade(from, to string) error {
	switch step := minor(to) - minor(from); {
	case minor(from) < 0 || minor(to) < 0 || step == 0 || step == 1:
		return nil
	case step < 0:
		return fmt.Errorf("version: Invalid value: %q: the cluster is %s, and EKS takes no version back; "+
			"keep %s, or make a cluster of the older version beside it", to, from, from)
	default:
		next := fmt.Sprintf("1.%d", minor(from)+1)
		return fmt.Errorf("version: Invalid value: %q: the cluster is %s, and EKS upgrades by one minor version at a time; "+
			"bring up %s first", to, from, next)
	}
}

// guardUpgrades refuses a change of version that EKS would not make. The program
// does not know what version a cluster has, but the engine does: it asks before it
// changes the component, in a preview too.
func guardUpgrades(ctx *pulumi.Context, name string) (pulumi.ResourceOption, error) {
	hook, err := ctx.RegisterResourceHook(name+"-upgrade", func(a *pulumi.ResourceHookArgs) error {
		if err := checkUpgrade(plainText(a.OldInputs["version"]), plainText(a.NewInputs["version"])); err != nil {
			return fmt.Errorf("cluster %q: %w", name, err)
		}
		return nil
	}, &pulumi.ResourceHookOptions{OnDryRun: true})
	if err != nil {
		return nil, err
	}
	return pulumi.ResourceHooks(&pulumi.ResourceHookBinding{BeforeUpdate: []*pulumi.ResourceHook{hook}}), nil
}

func plainText(v resource.PropertyValue) string {
	if v.IsString() {
		return v.StringValue()
	}
	return ""
}
