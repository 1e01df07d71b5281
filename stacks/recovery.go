package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
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
	if slices.Contains(r.peers(r.Stack), other) {
		args.Transit = &recovery.Transit{RouteTableID: r.transitRouteTableID(), OtherCIDR: r.Regions[other].CIDR}
	}
	for group, nodes := range r.Recovery.Nodes {
		args.NodeGroups[group] = recovery.NodeGroup{Name: r.cluster.NodeGroupNames[group], MinSize: nodes}
	}
	if least, most, scaled := r.dataArgs().ScaledReaders(); scaled {
		args.Readers = &recovery.Readers{Min: least, Max: most}
	}
	if n := r.Recovery.MinReplicas; n > 0 {
		args.Workloads = map[string]recovery.Workload{webName: {Namespace: r.web.Namespace, Autoscaler: webName, MinReplicas: n}}
		args.ClusterEndpoint, args.ClusterCertificateAuthority = r.cluster.Endpoint, r.cluster.CertificateAuthority
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

// transitRouteTableID is the route table of this region's transit gateway, an empty
// one where the arguments are validated before there is any.
func (r *region) transitRouteTableID() pulumi.StringInput {
	if r.transit == nil {
		return pulumi.String("")
	}
	return r.transit.TransitRouteTableID
}

// validateRecovery checks what the component cannot: that the node groups are the
// cluster's, and that Step Functions reaches it where the pods are to grow.
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
	if n := r.Recovery.MinReplicas; n < 0 {
		errs = append(errs, field.Invalid(at.Child("minReplicas"), n, "must be a number of pods, or 0 for none"))
	} else if n > 0 && !r.Cluster.PublicAccessFromAnywhere {
		errs = append(errs, field.Forbidden(at.Child("minReplicas"), "Step Functions reaches a cluster by its public endpoint alone and from addresses "+
			"that cannot be listed: set cluster.publicAccessFromAnywhere, or leave this out and give web.minReplicas what a takeover needs, "+
			"from which the standby's autoscaler starts"))
	}
	return errs
}
