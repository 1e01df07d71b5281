package main

import (
	"fmt"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/components/recovery"
	"github.com/tandem-platform/tandem/stacks/contract"
)

// recoveryArgs are those of this stack's region and of the one that it takes over
// from: a standby from home, home from its first standby. Names in DNS are those
// that components/edge gives by default.
func (r *region) recoveryArgs() *recovery.RecoveryArgs {
	other := r.Own().StandbyOf
	if r.IsHome() {
		other = append(r.Standbys(), "")[0]
	}
	args := &recovery.RecoveryArgs{
		Region:    r.Own().Region,
		AccountID: r.AccountID,
		Failover:  recovery.RoleSecondary,
		Other:     recovery.Other{Region: r.Regions[other].Region, Failover: recovery.RolePrimary, RegionalName: other + "." + r.Domain},

		RegionalName:     r.Stack + "." + r.Domain,
		OriginName:       "origin." + r.Domain,
		CertificateNames: []string{r.Stack + "." + r.Domain, "origin." + r.Domain},
		ServedPaths:      r.webArgs().Paths,

		GlobalClusterID: r.data.GlobalClusterID,
		ClusterID:       r.data.ClusterID,
		ClusterARN:      r.data.ClusterARN,
		ClusterName:     r.cluster.Name,
		NodeGroups:      map[string]recovery.NodeGroup{},
		TopicARN:        r.watch.TopicARN,
		TopicKeyARN:     r.watch.KeyARN,

		Approval:            recovery.Approval(r.Recovery.Approval),
		ApprovalWaitSeconds: r.Recovery.ApprovalWaitSeconds,
		RTOSeconds:          r.Recovery.RTOSeconds,
		// All regions' load balancers have the same.
		ClientKeepAliveSeconds: r.edgeArgs().ClientKeepAliveSeconds,
		CanaryRuntime:          r.Recovery.CanaryRuntime,
		AllowDestroy:           r.AllowDestroy,
	}
	for group, nodes := range r.Recovery.Nodes {
		args.NodeGroups[group] = recovery.NodeGroup{Name: r.cluster.NodeGroupNames[group], MinSize: nodes}
	}
	if least, most, scaled := r.dataArgs().ScaledReaders(); scaled {
		args.Readers = &recovery.Readers{Min: least, Max: most}
	}
	if r.IsHome() {
		args.Failover, args.Other.Failover = recovery.RolePrimary, recovery.RoleSecondary
	} else {
		if r.Own().Reserve {
			args.Ahead = r.Standbys()[0] + "." + r.Domain
		}
		args.TakeoverBucketName = r.home.Get(func(c *contract.Contract) string { return c.TakeoverBucketNames[r.Own().Region] })
	}
	return args
}

// validateRecovery checks what the component cannot: that the node groups are the
// cluster's.
func (r *region) validateRecovery(at *field.Path) (errs field.ErrorList) {
	groups := r.clusterArgs().Groups()
	for _, name := range slices.Sorted(maps.Keys(r.Recovery.Nodes)) {
		nodes := r.Recovery.Nodes[name]
		if g, ok := groups[name]; !ok {
			errs = append(errs, field.NotSupported(at.Child("nodes").Key(name), name, slices.Sorted(maps.Keys(groups))))
		} else if nodes > g.MaxSize {
			errs = append(errs, field.Invalid(at.Child("nodes").Key(name), nodes, fmt.Sprintf("must not be above the group's maxSize, which is %d", g.MaxSize)))
		}
	}
	return errs
}
