package cloud

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// An Aurora global database is a global cluster and its members, one DB cluster
// in each region. The member that takes the writes names no source; every other
// names that one as its replicationSourceIdentifier, as DescribeDBClusters tells
// of a secondary (terraform-provider-aws#43214).

// globalScope is where the account's global clusters are.
func globalScope(s Scope) Scope { return Scope{Package: s.Package, Account: s.Account, Region: Global} }

// membersOf are the members of a global cluster, by ARN.
func (t *tx) membersOf(global *Resource) ([]*Resource, error) {
	users, err := t.users(global)
	if err != nil {
		return nil, err
	}
	users = slices.DeleteFunc(users, func(u *Resource) bool {
		return u.Type != typeDBCluster || text(u.Outputs, "globalClusterIdentifier") != global.ID
	})
	slices.SortFunc(users, func(a, b *Resource) int { return cmp.Compare(text(a.Outputs, "arn"), text(b.Outputs, "arn")) })
	return users, nil
}

// writes says whether a member takes the writes.
func (t *tx) writes(member *Resource) bool {
	return text(member.Outputs, "replicationSourceIdentifier") == "" && !t.pendingResync(member)
}

func (t *tx) writerOf(members []*Resource) *Resource {
	if i := slices.IndexFunc(members, t.writes); i >= 0 {
		return members[i]
	}
	return nil
}

// describeGlobalCluster tells who is a member, and who writes.
func describeGlobalCluster(t *tx, r *Resource) error {
	members, err := t.membersOf(r)
	if err != nil {
		return err
	}
	list := make([]any, len(members))
	for i, m := range members {
		list[i] = map[string]any{"dbClusterArn": text(m.Outputs, "arn"), "isWriter": t.writes(m)}
	}
	r.Outputs["globalClusterMembers"] = list
	return nil
}

// checkGlobalCluster refuses what ModifyGlobalCluster does not do. A minor version
// is refused, and the AWS provider 5.100.0 does not know the words in which, so it
// does not go on to upgrade the members one by one (terraform-provider-aws#45398,
// #45605): that has to be done by ModifyDBCluster. A major version is for all.
func checkGlobalCluster(o *op) error {
	if err := rdsNamed("globalClusterIdentifier")(o); err != nil || o.old == nil {
		return err
	}
	from, to := text(o.old.Outputs, "engineVersion"), text(o.in, "engineVersion")
	if from == to || from == "" || to == "" {
		return nil
	}
	if major(from) == major(to) {
		return o.refuse("InvalidParameterValue", "ModifyGlobalCluster doesn't support minor version upgrades for Aurora global databases. "+
			"To upgrade to a newer minor version, call ModifyDBCluster for each member of your global cluster.")
	}
	members, err := o.membersOf(o.old)
	if err != nil {
		return err
	}
	for _, m := range members {
		setBoth(m, "engineVersion", to)
		m.Outputs["engineVersionActual"] = to
		if err := o.put(m); err != nil {
			return err
		}
	}
	return nil
}

// setBoth moves an output and, where it is an input, that too, so that a read
// tells the program.
func setBoth(r *Resource, name string, value any) {
	if _, input := r.Inputs[name]; input {
		r.Inputs[name] = value
	}
	r.Outputs[name] = value
}

// checkDBCluster holds the rules of Aurora clusters, and of global databases'
// members (Aurora user guide, "Limitations of Amazon Aurora global databases").
func checkDBCluster(o *op) error {
	if err := rdsNamed("clusterIdentifier")(o); err != nil {
		return err
	}
	global := text(o.in, "globalClusterIdentifier")
	if global != "" && truth(o.in, "manageMasterUserPassword") {
		return o.refuse("InvalidParameterCombination", "manageMasterUserPassword isn't supported for members of a global database")
	}
	if o.old != nil {
		return o.checkMembership(global)
	}
	if global == "" {
		if text(o.in, "replicationSourceIdentifier") == "" && text(o.in, "snapshotIdentifier") == "" && text(o.in, "masterUsername") == "" {
			return o.refuse("InvalidParameterCombination", "masterUsername is needed for a new cluster")
		}
		return nil
	}
	return o.checkJoin(global)
}

// checkJoin says whether a new cluster can become a member.
func (o *op) checkJoin(global string) error {
	parent, err := o.get(globalScope(o.scope), typeGlobalCluster, global)
	if err != nil || parent == nil {
		return err
	}
	for _, p := range []string{"engine", "storageEncrypted"} {
		if have, want := fmt.Sprint(at(o.in, p)), fmt.Sprint(at(parent.Outputs, p)); want != "<nil>" && have != want && have != "<nil>" {
			return o.refuse("InvalidParameterCombination", "%s %s differs from the global cluster's %s", p, have, want)
		}
	}
	if have, want := text(o.in, "engineVersion"), text(parent.Outputs, "engineVersion"); have != "" && want != "" && have != want {
		return o.refuse("InvalidParameterCombination", "the engine version %s is not the global cluster's %s", have, want)
	}
	members, err := o.membersOf(parent)
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.Scope.Region == o.region {
			return o.refuse("InvalidParameterCombination", "the global cluster %s already has a member in %s: %s", global, o.region, m.ID)
		}
	}
	secondary := len(members) > 0
	switch {
	case secondary && (text(o.in, "masterUsername") != "" || text(o.in, "masterPassword") != ""):
		return o.refuse("InvalidParameterCombination", "cannot specify user name or password for a secondary member of a global cluster")
	case !secondary && text(o.in, "masterUsername") == "":
		return o.refuse("InvalidParameterCombination", "the first member of the global cluster %s needs a masterUsername", global)
	case secondary && truth(o.in, "storageEncrypted") && text(o.in, "kmsKeyId") == "":
		return o.refuse("InvalidParameterCombination", "an encrypted member in another region needs a kmsKeyId of its own region")
	}
	return nil
}

// checkMembership does what an update of a member's place in a global database
// comes to. The provider adds no cluster to one and moves none, and takes one out
// where the program no longer names it; a source that the program takes away it
// promotes to stand alone (AWS provider 5.100.0, internal/service/rds/cluster.go,
// resourceClusterUpdate; documentation of replication_source_identifier).
func (o *op) checkMembership(global string) error {
	was := text(o.old.Inputs, "globalClusterIdentifier")
	switch {
	case was == "" && global != "":
		return o.refuse("InvalidParameterValue", "existing RDS Clusters cannot be added to an existing RDS Global Cluster")
	case global != "" && was != global:
		return o.refuse("InvalidParameterValue", "existing RDS Clusters cannot be migrated between existing RDS Global Clusters")
	case text(o.in, "replicationSourceIdentifier") != text(o.old.Inputs, "replicationSourceIdentifier") && text(o.in, "replicationSourceIdentifier") != "":
		return o.refuse("InvalidParameterValue", "promoting to standalone is not supported for RDS Cluster (%s)", o.id)
	case was != "" && global == "", slices.Contains(o.unset, "replicationSourceIdentifier"):
		if err := o.leave(); err != nil {
			return err
		}
		for _, m := range []map[string]any{o.in, o.out} {
			delete(m, "globalClusterIdentifier")
			delete(m, "replicationSourceIdentifier")
		}
		return o.setWriter(o.old, true)
	}
	return o.checkUpgrade(global)
}

// checkUpgrade keeps the order of minor upgrades, secondaries first (Aurora user
// guide, "Upgrading an Amazon Aurora global database"; the words are those of
// terraform-provider-aws#36107). With the primary, the global cluster has the
// new version.
func (o *op) checkUpgrade(global string) error {
	from, to := text(o.old.Outputs, "engineVersion"), text(o.in, "engineVersion")
	if from == "" || to == "" || from == to {
		return nil
	}
	instances, err := o.instancesOf(o.old)
	if err != nil {
		return err
	}
	switch {
	case versionLess(to, from):
		return o.refuse("InvalidParameterCombination", "Cannot upgrade %s from %s to %s", text(o.in, "engine"), from, to)
	case len(instances) == 0:
		return o.refuse("InvalidDBClusterStateFault", "Cannot modify engine version without a primary instance in DB cluster")
	case global == "":
		return nil
	case major(from) != major(to):
		return o.refuse("InvalidParameterValue", "Cannot perform a major version upgrade of a member of a global cluster. Use ModifyGlobalCluster instead.")
	}
	parent, err := o.get(globalScope(o.scope), typeGlobalCluster, global)
	if err != nil || parent == nil {
		return err
	}
	members, err := o.membersOf(parent)
	if err != nil {
		return err
	}
	if w := o.writerOf(members); w == nil || w.key() != o.old.key() {
		return nil
	}
	for _, m := range members {
		if versionLess(text(m.Outputs, "engineVersion"), to) && m.key() != o.old.key() {
			return o.refuse("InvalidParameterValue", "Cannot upgrade DB cluster '%s' to engine version %s as global replica(s) are running lower version. "+
				"Please upgrade global replicas first before upgrading the primary member.", o.id, to)
		}
	}
	setBoth(parent, "engineVersion", to)
	parent.Outputs["engineVersionActual"] = to
	return o.put(parent)
}

// follow gives a new secondary its source.
func (o *op) follow() error {
	global := text(o.in, "globalClusterIdentifier")
	if o.old != nil || global == "" {
		return nil
	}
	parent, err := o.get(globalScope(o.scope), typeGlobalCluster, global)
	if err != nil || parent == nil {
		return err
	}
	members, err := o.membersOf(parent)
	if err != nil {
		return err
	}
	if w := o.writerOf(members); w != nil {
		o.out["replicationSourceIdentifier"] = text(w.Outputs, "arn")
	}
	return nil
}

// leave says whether a cluster can go out of its global database: the primary is
// the last to go (Aurora user guide, "Removing a cluster from an Amazon Aurora
// global database"; the words are those of cloud-nuke#597).
func (o *op) leave() error {
	followed, err := o.followed(o.old)
	if err != nil {
		return err
	}
	if followed {
		return o.fail("deleting", "InvalidGlobalClusterStateFault",
			"Unable to delete cluster that is a primary member of global cluster while there are other global cluster members")
	}
	return o.release(o.old.Scope, pendingResync, o.old.ID)
}

// followed says whether a cluster is the writer of a global database with other
// members.
func (t *tx) followed(cluster *Resource) (bool, error) {
	global := text(cluster.Outputs, "globalClusterIdentifier")
	if global == "" || !t.writes(cluster) {
		return false, nil
	}
	parent, err := t.get(globalScope(cluster.Scope), typeGlobalCluster, global)
	if err != nil || parent == nil {
		return false, err
	}
	members, err := t.membersOf(parent)
	return len(members) > 1, err
}

// keepLast keeps the last instance of a writer that others follow (the words are
// those of terraform-provider-aws#26234).
func keepLast(o *op) error {
	cluster, err := o.cluster()
	if err != nil || cluster == nil {
		return err
	}
	followed, err := o.followed(cluster)
	if err != nil || !followed {
		return err
	}
	if instances, err := o.instancesOf(cluster); err != nil || len(instances) > 1 {
		return err
	}
	return o.fail("deleting", "InvalidDBClusterStateFault",
		"Cannot delete the last instance of the master cluster. Delete the replica cluster before deleting the last master cluster instance.")
}

// instancesOf are the instances of a DB cluster, in the order in which Aurora would
// promote them: by tier, and then by name.
func (t *tx) instancesOf(cluster *Resource) ([]*Resource, error) {
	var all []*Resource
	err := t.eachOf(cluster.Scope, typeDBInstance, func(r *Resource) error {
		if text(r.Inputs, "clusterIdentifier") == cluster.ID {
			all = append(all, r)
		}
		return nil
	})
	slices.SortFunc(all, func(a, b *Resource) int {
		x, _ := number(a.Inputs, "promotionTier")
		y, _ := number(b.Inputs, "promotionTier")
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.ID, b.ID))
	})
	return all, err
}

// setWriter makes one instance of a cluster its writer, or none.
func (t *tx) setWriter(cluster *Resource, writes bool) error {
	instances, err := t.instancesOf(cluster)
	if err != nil {
		return err
	}
	for i, r := range instances {
		if now := writes && i == 0; truth(r.Outputs, "writer") != now {
			r.Outputs["writer"] = now
			if err := t.put(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// major is the major version of a PostgreSQL, such as 16 of 16.8.
func major(version string) string {
	m, _, _ := strings.Cut(version, ".")
	return m
}

// versionLess compares versions number by number.
func versionLess(a, b string) bool {
	numbers := func(version string) (all []int) {
		for _, part := range strings.Split(version, ".") {
			n, err := strconv.Atoi(part)
			if err != nil {
				return nil // not PostgreSQL's
			}
			all = append(all, n)
		}
		return all
	}
	return slices.Compare(numbers(a), numbers(b)) < 0
}
