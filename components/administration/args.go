package administration

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/check"
)

// RegionalPreferences is the name of the document that Session Manager takes its
// preferences from where a session names none.
const RegionalPreferences = "SSM-SessionManagerRunShell"

// AdministrationArgs are the arguments of an [Administration].
type AdministrationArgs struct {
	// Region is the AWS region, such as us-east-1. Required.
	Region string
	// AccountID is the AWS account, twelve digits. Required.
	AccountID string
	// DocumentName names the document with the preferences. Default
	// [RegionalPreferences], which every session in the region then obeys; where the
	// account has one already, import it, or choose a name that sessions have to give.
	DocumentName string
	// IdleMinutes is after how long without input a session ends, 1 to 60. Default
	// (zero) 20.
	IdleMinutes int
	// MaxMinutes is after how long every session ends, 1 to 1440. Default (zero) 60.
	MaxMinutes int
	// LogRetentionDays is how long the record of sessions is kept: one of the periods
	// that CloudWatch Logs knows. Default (zero) 365.
	LogRetentionDays int
	// HostRoleNames are the roles of the machines that sessions lead to, by a name for
	// each, such as "nodes"; the names become part of resource names. They are given
	// what a recorded session needs, besides AmazonSSMManagedInstanceCore, which they
	// have to have. The jump server's own needs no mention. Default none.
	HostRoleNames map[string]pulumi.StringInput
	// JumpServer asks for a machine in the VPC to reach databases and other things by.
	// Default none.
	JumpServer *JumpServer
	// AllowDestroy lets the record of sessions and its key be destroyed. Default
	// false: they are protected, and stay in AWS when they leave the program.
	AllowDestroy bool
}

// JumpServer is a machine that people reach through Session Manager alone: it
// has no public address and admits no connection. One is always there, in any of
// the subnets, and it is replaced every week by one with the newest image.
type JumpServer struct {
	// VPCID is the VPC. Required.
	VPCID pulumi.StringInput
	// SubnetIDs are private subnets, in two zones or more, so that the machine comes
	// back after the loss of one. Required.
	SubnetIDs pulumi.StringArrayInput
	// CIDRs are the IPv4 blocks that it reaches on every port, such as the VPC's;
	// elsewhere it reaches HTTPS. Required.
	CIDRs []string
	// InstanceType is a type of the Arm architecture. Default "t4g.micro".
	InstanceType string
	// DiskSizeGiB is the size of the encrypted disk, 8 or more. Default (zero) 10.
	DiskSizeGiB int
}

func (a *AdministrationArgs) withDefaults() *AdministrationArgs {
	d := AdministrationArgs{}
	if a != nil {
		d = *a
	}
	d.DocumentName = cmp.Or(d.DocumentName, RegionalPreferences)
	d.IdleMinutes = cmp.Or(d.IdleMinutes, 20)
	d.MaxMinutes = cmp.Or(d.MaxMinutes, 60)
	d.LogRetentionDays = cmp.Or(d.LogRetentionDays, 365)
	if d.JumpServer != nil {
		j := *d.JumpServer
		j.InstanceType = cmp.Or(j.InstanceType, "t4g.micro")
		j.DiskSizeGiB = cmp.Or(j.DiskSizeGiB, 10)
		d.JumpServer = &j
	}
	return &d
}

var (
	documentName = regexp.MustCompile(`^[a-zA-Z0-9_.-]{3,128}$`)
	// The families of Arm processors have a g after the generation.
	armType = regexp.MustCompile(`^[a-z]+\d+g[a-z]*\.[a-z0-9-]+$`)
)

// Validate returns every problem of the arguments in one error, or nil. It fills
// in defaults first, so it can be asked before a component is made.
func (a *AdministrationArgs) Validate(name string) error {
	a = a.withDefaults()
	root := (*field.Path)(nil)
	var errs field.ErrorList
	if !check.IsRegion(a.Region) {
		errs = append(errs, field.Invalid(root.Child("region"), a.Region, "must be an AWS region, such as us-east-1"))
	}
	if !check.IsAccountID(a.AccountID) {
		errs = append(errs, field.Invalid(root.Child("accountId"), a.AccountID, "must be the 12 digits of an AWS account"))
	}
	if !documentName.MatchString(a.DocumentName) {
		errs = append(errs, field.Invalid(root.Child("documentName"), a.DocumentName, "must be 3 to 128 letters, digits, dots, hyphens and underscores"))
	}
	for _, minutes := range []struct {
		name        string
		value, most int
	}{{"idleMinutes", a.IdleMinutes, 60}, {"maxMinutes", a.MaxMinutes, 1440}} {
		if minutes.value < 1 || minutes.value > minutes.most {
			errs = append(errs, field.Invalid(root.Child(minutes.name), minutes.value, fmt.Sprintf("must be 1 to %d minutes", minutes.most)))
		}
	}
	errs = append(errs, check.LogRetention(root.Child("logRetentionDays"), a.LogRetentionDays)...)
	for _, key := range slices.Sorted(maps.Keys(a.HostRoleNames)) {
		if a.HostRoleNames[key] == nil {
			errs = append(errs, field.Required(root.Child("hostRoleNames").Key(key), "give the name of a role"))
		}
	}
	if a.JumpServer != nil {
		errs = append(errs, a.JumpServer.validate(root.Child("jumpServer"))...)
	}
	return check.Error("administration \""+name+"\"", errs)
}

func (j *JumpServer) validate(path *field.Path) field.ErrorList {
	var errs field.ErrorList
	if j.VPCID == nil {
		errs = append(errs, field.Required(path.Child("vpcId"), "give the VPC"))
	}
	if j.SubnetIDs == nil {
		errs = append(errs, field.Required(path.Child("subnetIds"), "give private subnets in two zones or more"))
	}
	if len(j.CIDRs) == 0 {
		errs = append(errs, field.Required(path.Child("cidrs"), "give the blocks that the machine may reach, such as the VPC's"))
	}
	for i, cidr := range j.CIDRs {
		if p, err := netip.ParsePrefix(cidr); err != nil || !p.Addr().Is4() || p.Masked() != p {
			errs = append(errs, field.Invalid(path.Child("cidrs").Index(i), cidr, "must be an IPv4 block in CIDR notation, such as 10.0.0.0/16"))
		}
	}
	if !armType.MatchString(j.InstanceType) {
		errs = append(errs, field.Invalid(path.Child("instanceType"), j.InstanceType, "must be a type of the Arm architecture, such as t4g.micro"))
	}
	if j.DiskSizeGiB < 8 {
		errs = append(errs, field.Invalid(path.Child("diskSizeGiB"), j.DiskSizeGiB, "must be 8 or more, the size of the image"))
	}
	return errs
}
