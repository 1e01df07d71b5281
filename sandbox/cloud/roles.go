package cloud

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// What follows are the operations of RDS that move the roles of a global
// database's members, and what AWS documents of the resources afterwards. Sources
// are the Aurora user guide, "Using switchover or failover in Amazon Aurora Global
// Database" (below: guide), and the RDS API reference (below: API).
//
// All of them leave endpoints, parameter groups, keys and users as they are: the
// global writer endpoint "remains the same even when a new Region becomes the
// primary" (guide), and a member "doesn't inherit the various configuration options
// of the primary" (guide). Nothing outside of RDS takes part: tables, buckets, keys
// and secrets have no primary region that a failover of Aurora would move.

// pendingResync is what a member's name is kept for that could not be reached when
// another was promoted in its place (API, GlobalClusterMember, SynchronizationStatus
// pending-resync).
const pendingResync = "pending-resync"

func (t *tx) pendingResync(member *Resource) bool {
	_, pending := t.kept(member.Scope, pendingResync, member.ID)
	return pending
}

// Member is the DB cluster of a stack that is a member of a global database. The
// error says if there is none, or more than one.
func (c *Cloud) Member(stack string) (*Resource, error) {
	found, err := c.Resources(func(r *Resource) bool {
		return r.Type == typeDBCluster && strings.HasPrefix(r.URN, "urn:pulumi:"+stack+"::") && r.Text("globalClusterIdentifier") != ""
	})
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, fmt.Errorf("stack %q has no member of a global database: bring it up first", stack)
	case len(found) > 1:
		return nil, fmt.Errorf("stack %q has %d members of global databases, and which is meant cannot be told", stack, len(found))
	}
	return found[0], nil
}

// WriterRegion is the region in which a global database is written.
func (c *Cloud) WriterRegion(global string) (region string, err error) {
	err = c.view(func(t *tx) error {
		parent, err := t.get(globalScope(Scope{Package: "aws", Account: c.account}), typeGlobalCluster, global)
		if err != nil || parent == nil {
			return err
		}
		members, err := t.membersOf(parent)
		if w := t.writerOf(members); w != nil {
			region = w.Scope.Region
		}
		return err
	})
	if err == nil && region == "" {
		err = fmt.Errorf("the global cluster %q has no writer", global)
	}
	return region, err
}

// SwitchoverGlobalCluster makes the member with the ARN target the writer of a
// global database that is whole, without loss. It is called in the region of the
// present writer, and returns what it has changed.
//
// Afterwards the target is the primary, one of its readers the writer, and the old
// primary a secondary of it: "the switchover mechanism maintains your global
// database's existing replication topology" (guide). Each secondary names the
// primary as its source, and the primary none (terraform-provider-aws#42919, #43214).
func (c *Cloud) SwitchoverGlobalCluster(ctx context.Context, region, global, target string) ([]Drifted, error) {
	return c.roleChange(ctx, region, global, target, func(r *roles) error {
		for _, m := range r.members {
			// "Switchovers are designed to be used on an Aurora global database where all
			// the Aurora clusters and other services they interact with are in a healthy
			// state" (guide).
			if !r.reachable[m.Scope.Region] || r.pendingResync(m) {
				return r.refuse("InvalidGlobalClusterStateFault", "the member %s is not available: a switchover needs every member; to recover from an outage, fail over", m.ID)
			}
		}
		if region != r.writer.Scope.Region {
			return r.refuse("InvalidGlobalClusterStateFault", "a switchover is called in the region of the primary, %s, and not in %s", r.writer.Scope.Region, region)
		}
		return r.promote()
	})
}

// FailoverGlobalCluster makes the member with the ARN target the writer of a global
// database whose writer may be lost. It is called in the target's region, and
// returns what it has changed. Without allowDataLoss it is a switchover (API).
//
// Afterwards the target is the primary, and all others are its secondaries. The old
// primary is one once its region can be reached: until then it is left as it was,
// pending; see [Cloud.Resync].
func (c *Cloud) FailoverGlobalCluster(ctx context.Context, region, global, target string, allowDataLoss bool) ([]Drifted, error) {
	if !allowDataLoss {
		return c.SwitchoverGlobalCluster(ctx, region, global, target)
	}
	return c.roleChange(ctx, region, global, target, func(r *roles) error {
		if region != r.target.Scope.Region {
			return r.refuse("InvalidGlobalClusterStateFault", "a failover is called in the region of the new primary, %s, and not in %s", r.target.Scope.Region, region)
		}
		if r.pendingResync(r.target) {
			return r.refuse("InvalidDBClusterStateFault", "%s is still being synchronized with the primary", r.target.ID)
		}
		for _, m := range r.members {
			if !r.reachable[m.Scope.Region] {
				if err := r.keep(m.Scope, pendingResync, m.ID, time.Time{}); err != nil {
					return err
				}
			}
		}
		lost := r.writer
		if err := r.promote(); err != nil {
			return err
		}
		if r.reachable[lost.Scope.Region] {
			return r.snapshot(lost)
		}
		return nil
	})
}

// RemoveFromGlobalCluster takes the member with the ARN target out of its global
// database, and returns what it has changed. It is AWS's manual failover, "detach
// and promote", for members that do not fit each other: the replication to it
// stops, and it is "a standalone provisioned Aurora DB cluster with full read/write
// capabilities" (guide). The rest stays as it is. A member whose region is lost is
// removed by a call to another region.
func (c *Cloud) RemoveFromGlobalCluster(ctx context.Context, region, global, target string) ([]Drifted, error) {
	return c.change(ctx, region, global, target, func(r *roles) error {
		if r.writes(r.target) && len(r.members) > 1 {
			return r.refuse("InvalidGlobalClusterStateFault", "%s is the writer, and the global cluster has other members: remove them first", r.target.ID)
		}
		r.set(r.target, "globalClusterIdentifier", "")
		r.set(r.target, "replicationSourceIdentifier", "")
		r.target.Refs = slices.DeleteFunc(r.target.Refs, func(ref Ref) bool { return ref.Type == typeGlobalCluster })
		return errors.Join(r.put(r.target), r.release(r.target.Scope, pendingResync, r.target.ID), r.setRole(r.target, true))
	})
}

// Resync adds members whose region can be reached again back to their global
// databases, as secondaries: "as soon as that Region is healthy and available
// again, Aurora automatically adds it back" (guide). It returns what it has changed.
func (c *Cloud) Resync(ctx context.Context) ([]Drifted, error) {
	pending, err := c.pending()
	if err != nil {
		return nil, err
	}
	var all []Drifted
	for _, m := range pending {
		if !c.Reaches(ctx, m.Scope.Region) {
			continue
		}
		done, err := c.change(ctx, m.Scope.Region, text(m.Outputs, "globalClusterIdentifier"), text(m.Outputs, "arn"), func(r *roles) error {
			if r.writer == nil {
				return nil // there is nobody to follow
			}
			was := text(r.target.Outputs, "replicationSourceIdentifier")
			if err := r.release(r.target.Scope, pendingResync, r.target.ID); err != nil {
				return err
			}
			if was == "" {
				if err := r.snapshot(r.target); err != nil {
					return err
				}
			}
			return r.demote(r.target, r.writer)
		})
		if err != nil {
			return all, err
		}
		all = append(all, done...)
	}
	return all, nil
}

// pending are the members that wait to be added back.
func (c *Cloud) pending() (found []*Resource, err error) {
	err = c.view(func(t *tx) error {
		if t.Bucket(bucketKept) == nil {
			return nil
		}
		return t.each(func(r *Resource) error {
			if r.Type == typeDBCluster && t.pendingResync(r) {
				found = append(found, r)
			}
			return nil
		})
	})
	return found, err
}

// Reaches says whether RDS answers in a region.
func (c *Cloud) Reaches(ctx context.Context, region string) bool {
	return c.call(ctx, Operation{
		Verb: "read", Type: typeDBCluster, Region: region, Service: "RDS", Endpoint: endpoint("RDS", region),
	}, func() error { return nil }) == nil
}

// roles are the members of one global database while their roles change.
type roles struct {
	*tx
	global         *Resource
	members        []*Resource
	writer, target *Resource
	reachable      map[string]bool // regions
	changes        []Drifted
}

// roleChange is a change to another writer, with what both ways of it demand.
func (c *Cloud) roleChange(ctx context.Context, region, global, target string, do func(*roles) error) ([]Drifted, error) {
	return c.change(ctx, region, global, target, func(r *roles) error {
		instances, err := r.instancesOf(r.target)
		switch {
		case err != nil:
			return err
		case r.writer == nil:
			return r.refuse("InvalidGlobalClusterStateFault", "it has no writer")
		case r.writer.key() == r.target.key():
			return r.refuse("InvalidDBClusterStateFault", "%s is the writer already: name a secondary", r.target.ID)
		case len(instances) == 0:
			// "Before you can perform a switchover or failover to a headless secondary
			// Aurora DB cluster, you must add a DB instance to it" (guide).
			return r.refuse("InvalidDBClusterStateFault", "%s has no instance: add one first", r.target.ID)
		}
		// "Only if the primary and secondary DB clusters have the same major and minor
		// engine versions" (guide).
		if from, to := text(r.writer.Outputs, "engineVersion"), text(r.target.Outputs, "engineVersion"); from != to {
			return r.refuse("InvalidGlobalClusterStateFault", "the engine version of %s is %s and that of %s is %s: upgrade first, or remove the member to fail over to it by hand",
				r.writer.ID, from, r.target.ID, to)
		}
		return do(r)
	})
}

// change runs one operation on a global database, called in a region.
func (c *Cloud) change(ctx context.Context, region, global, target string, do func(*roles) error) ([]Drifted, error) {
	r := &roles{reachable: map[string]bool{}}
	regions, err := c.Resources(func(m *Resource) bool { return m.Type == typeDBCluster && m.Text("globalClusterIdentifier") == global })
	if err != nil {
		return nil, err
	}
	for _, m := range regions {
		r.reachable[m.Scope.Region] = c.Reaches(ctx, m.Scope.Region)
	}
	err = c.call(ctx, Operation{
		Verb: "update", Type: typeGlobalCluster, Region: region, Service: "RDS", Endpoint: endpoint("RDS", region), Resource: global,
	}, func() error {
		return c.update(func(t *tx) (err error) {
			r.tx, r.changes = t, nil
			if r.global, err = t.get(globalScope(Scope{Package: "aws", Account: c.account}), typeGlobalCluster, global); err != nil {
				return err
			}
			if r.global == nil {
				r.global = &Resource{Type: typeGlobalCluster, ID: global}
				return r.refuse("GlobalClusterNotFoundFault", "there is no global cluster %s", global)
			}
			if r.members, err = t.membersOf(r.global); err != nil {
				return err
			}
			i := slices.IndexFunc(r.members, func(m *Resource) bool { return text(m.Outputs, "arn") == target })
			if i < 0 {
				return r.refuse("DBClusterNotFoundFault", "%s is no member of the global cluster", target)
			}
			r.writer, r.target = r.writerOf(r.members), r.members[i]
			return do(r)
		})
	})
	if err != nil {
		return nil, err
	}
	return r.changes, nil
}

// refuse is an error of the operation.
func (r *roles) refuse(code, format string, args ...any) error {
	return &apiError{
		verb: "updating", service: "RDS", typ: typeGlobalCluster, resource: r.global.ID, code: code, reason: fmt.Sprintf(format, args...),
	}
}

// set moves a value, and notes it.
func (r *roles) set(res *Resource, name, value string) {
	from := text(res.Outputs, name)
	if from == value {
		return
	}
	setBoth(res, name, value)
	r.note(res, name, from, value)
}

func (r *roles) note(res *Resource, name string, from, to any) {
	for _, v := range []*any{&from, &to} {
		if *v == "" {
			*v = nil
		}
	}
	r.changes = append(r.changes, Drifted{Resource: res, Property: name, From: from, To: to})
}

// promote makes the target the writer and everybody else that can be reached its
// secondary. One that cannot is rebuilt from the new primary later.
func (r *roles) promote() error {
	r.set(r.target, "replicationSourceIdentifier", "")
	if err := errors.Join(r.put(r.target), r.setRole(r.target, true)); err != nil {
		return err
	}
	for _, m := range r.members {
		if m.key() == r.target.key() || !r.reachable[m.Scope.Region] {
			continue
		}
		if err := r.demote(m, r.target); err != nil {
			return err
		}
	}
	return nil
}

// demote makes a member a secondary of the writer.
func (r *roles) demote(member, writer *Resource) error {
	r.set(member, "replicationSourceIdentifier", text(writer.Outputs, "arn"))
	return errors.Join(r.put(member), r.setRole(member, false))
}

// setRole makes an instance of the member the writer, or all of them readers: a
// secondary is "made up entirely of Aurora Replicas" (guide).
func (r *roles) setRole(member *Resource, writes bool) error {
	before, err := r.instancesOf(member)
	if err != nil {
		return err
	}
	if err := r.setWriter(member, writes); err != nil {
		return err
	}
	after, err := r.instancesOf(member)
	if err != nil {
		return err
	}
	for i, instance := range after {
		if from, to := truth(before[i].Outputs, "writer"), truth(instance.Outputs, "writer"); from != to {
			r.note(instance, "writer", from, to)
		}
	}
	return nil
}

// snapshot keeps what a lost primary held at the point of failure, "named
// rds:unplanned-global-failover-name-of-old-primary-DB-cluster-timestamp", for as
// long as its backups are retained (guide).
func (r *roles) snapshot(member *Resource) error {
	now := r.c.now().UTC()
	days, _ := number(member.Outputs, "backupRetentionPeriod")
	name := fmt.Sprintf("rds:unplanned-global-failover-%s-%s", member.ID, now.Format("2006-01-02-15-04"))
	r.note(member, "snapshot", "", name)
	return r.keep(member.Scope, "snapshot", name, now.AddDate(0, 0, max(1, int(days))))
}
