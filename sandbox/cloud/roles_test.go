package cloud_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

const (
	globalType   = "aws:rds/globalCluster:GlobalCluster"
	memberType   = "aws:rds/cluster:Cluster"
	instanceType = "aws:rds/clusterInstance:ClusterInstance"
)

// globalDatabase is a global database with a member in each region.
type globalDatabase struct {
	*cloudtest.World
	t         *testing.T
	providers map[string]*cloudtest.Provider
	global    *cloudtest.Resource
	members   map[string]*cloudtest.Resource
	instances map[string][]*cloudtest.Resource
}

// newGlobalDatabase makes one whose writer is in the first region, with two
// instances in each.
func newGlobalDatabase(t *testing.T, regions ...string) *globalDatabase {
	t.Helper()
	d := &globalDatabase{
		World: cloudtest.New(t), t: t, providers: map[string]*cloudtest.Provider{},
		members: map[string]*cloudtest.Resource{}, instances: map[string][]*cloudtest.Resource{},
	}
	for i, region := range regions {
		p := d.AWS(region)
		d.providers[region] = p
		if i == 0 {
			d.global = p.Make(globalType, "g", props{
				"globalClusterIdentifier": "g", "engine": "aurora-postgresql", "engineVersion": "16.8", "storageEncrypted": true,
			})
		}
		group := p.Make("aws:rds/subnetGroup:SubnetGroup", region, props{"name": "data", "subnetIds": p.Network(region).SubnetIDs()})
		in := props{
			"clusterIdentifier": "m-" + region, "engine": "aurora-postgresql", "engineVersion": "16.8", "globalClusterIdentifier": "g",
			"dbSubnetGroupName": group.ID, "storageEncrypted": true, "kmsKeyId": p.Make("aws:kms/key:Key", region, props{}).Get("arn"),
			"backupRetentionPeriod": 7, "skipFinalSnapshot": true,
		}
		if i == 0 {
			in["masterUsername"], in["masterPassword"] = "root", "long-enough"
		}
		d.members[region] = p.Make(memberType, region, in)
		d.members[region].Ignore = []string{"replicationSourceIdentifier"}
		for _, name := range []string{"1", "2"} {
			d.instances[region] = append(d.instances[region], p.Make(instanceType, region+name, props{
				"identifier": "i-" + region + "-" + name, "clusterIdentifier": d.members[region].ID, "engine": "aurora-postgresql", "instanceClass": "db.r7g.large",
			}))
		}
	}
	return d
}

func (d *globalDatabase) arn(region string) string {
	return "arn:aws:rds:" + region + ":" + cloud.DefaultAccount + ":cluster:m-" + region
}

func (d *globalDatabase) switchover(from, to string) error {
	_, err := d.Cloud.SwitchoverGlobalCluster(d.t.Context(), from, "g", d.arn(to))
	return err
}

func (d *globalDatabase) failover(to string) error {
	_, err := d.Cloud.FailoverGlobalCluster(d.t.Context(), to, "g", d.arn(to), true)
	return err
}

// read is what a provider reads of a resource: its inputs and its outputs.
func (d *globalDatabase) read(r *cloudtest.Resource) (in, out map[string]any) {
	d.t.Helper()
	resp, err := r.Read()
	if err != nil {
		d.t.Fatal(err)
	}
	p := d.providers["us-east-1"]
	return p.Unmarshal(resp.Inputs).Mappable(), p.Unmarshal(resp.Properties).Mappable()
}

// requireWriter checks everything that tells where the writer is, as a provider
// reads it.
func (d *globalDatabase) requireWriter(want string) {
	d.t.Helper()
	members := map[string]bool{}
	_, global := d.read(d.global)
	for _, m := range global["globalClusterMembers"].([]any) {
		members[m.(map[string]any)["dbClusterArn"].(string)] = m.(map[string]any)["isWriter"].(bool)
	}
	wantMembers := map[string]bool{}
	for region, member := range d.members {
		wantMembers[d.arn(region)] = region == want
		in, out := d.read(member)
		source := any(d.arn(want))
		if region == want {
			source = ""
		}
		if have := out["replicationSourceIdentifier"]; have != source && (source != "" || have != nil) {
			d.t.Errorf("%s replicates from %v, want %v", region, have, source)
		}
		if in["globalClusterIdentifier"] != "g" || out["globalClusterIdentifier"] != "g" {
			d.t.Errorf("%s is a member of %v, %v", region, in["globalClusterIdentifier"], out["globalClusterIdentifier"])
		}
		for i, instance := range d.instances[region] {
			_, out := d.read(instance)
			if out["writer"] != (region == want && i == 0) {
				d.t.Errorf("instance %d in %s writes: %v", i+1, region, out["writer"])
			}
		}
		for _, endpoint := range []string{"endpoint", "readerEndpoint", "arn", "clusterResourceId"} {
			if out[endpoint] != member.Get(endpoint) {
				d.t.Errorf("the %s of %s has moved to %v", endpoint, region, out[endpoint])
			}
		}
	}
	if !maps.Equal(members, wantMembers) {
		d.t.Errorf("the members are %v, want %v", members, wantMembers)
	}
	if global["endpoint"] != d.global.Get("endpoint") {
		d.t.Errorf("the global writer endpoint has moved to %v", global["endpoint"])
	}
}

func TestSwitchoverMovesTheRolesAndNothingElse(t *testing.T) {
	d := newGlobalDatabase(t, "us-east-1", "us-west-2", "eu-west-1")
	d.requireWriter("us-east-1")
	if err := d.switchover("us-east-1", "us-west-2"); err != nil {
		t.Fatal(err)
	}
	d.requireWriter("us-west-2")
	if err := d.switchover("us-west-2", "us-east-1"); err != nil {
		t.Fatal(err)
	}
	d.requireWriter("us-east-1")
}

func TestFailoverMovesTheRolesAndKeepsASnapshotOfTheOldPrimary(t *testing.T) {
	d := newGlobalDatabase(t, "us-east-1", "us-west-2", "eu-west-1")
	done, err := d.Cloud.FailoverGlobalCluster(t.Context(), "us-west-2", "g", d.arn("us-west-2"), true)
	if err != nil {
		t.Fatal(err)
	}
	d.requireWriter("us-west-2")
	var texts []string
	for _, c := range done {
		texts = append(texts, c.String())
	}
	if all := strings.Join(texts, "\n"); !strings.Contains(all, `snapshot of aws:rds/cluster:Cluster m-us-east-1`) ||
		!strings.Contains(all, `to "rds:unplanned-global-failover-m-us-east-1-`) {
		t.Errorf("no snapshot:\n%s", all)
	}
}

// TestLostPrimaryIsAddedBackWhenItsRegionIs goes through an outage: the commands
// during it run with the region lost.
func TestLostPrimaryIsAddedBackWhenItsRegionIs(t *testing.T) {
	d := newGlobalDatabase(t, "us-east-1", "us-west-2", "eu-west-1")
	again := func(opts ...cloud.Option) {
		d.Close()
		d.Open(opts...)
		for region := range d.providers {
			p := d.AWS(region)
			d.providers[region], d.members[region] = p, d.members[region].On(p)
			for i, instance := range d.instances[region] {
				d.instances[region][i] = instance.On(p)
			}
			d.global = d.global.On(p)
		}
	}
	again(cloud.WithFaults(cloud.LoseRegion("us-east-1")))
	if err := d.switchover("us-east-1", "us-west-2"); err == nil || !strings.Contains(err.Error(), "lookup rds.us-east-1.amazonaws.com") {
		t.Errorf("a switchover called in a lost region: %v", err)
	}
	cloudtest.WantError(t, d.switchover("us-west-2", "us-west-2"), "InvalidGlobalClusterStateFault", "m-us-east-1 is not available", "fail over")
	if err := d.failover("us-west-2"); err != nil {
		t.Fatal(err)
	}
	if done, err := d.Cloud.Resync(t.Context()); err != nil || len(done) > 0 {
		t.Errorf("added back while the region is lost: %v, %v", done, err)
	}
	d.global = d.global.On(d.providers["us-west-2"]) // home's own provider reaches nothing
	_, global := d.read(d.global)
	for _, m := range global["globalClusterMembers"].([]any) {
		if arn := m.(map[string]any)["dbClusterArn"]; m.(map[string]any)["isWriter"] != (arn == d.arn("us-west-2")) {
			t.Errorf("during the outage: %v", m)
		}
	}
	_, west := d.read(d.members["us-west-2"])
	_, europe := d.read(d.members["eu-west-1"])
	if west["replicationSourceIdentifier"] != "" || europe["replicationSourceIdentifier"] != d.arn("us-west-2") {
		t.Errorf("during the outage, us-west-2 replicates from %v and eu-west-1 from %v", west["replicationSourceIdentifier"], europe["replicationSourceIdentifier"])
	}

	again()
	cloudtest.WantError(t, d.failover("us-east-1"), "InvalidDBClusterStateFault", "still being synchronized")
	cloudtest.WantError(t, d.switchover("us-west-2", "us-east-1"), "InvalidGlobalClusterStateFault", "m-us-east-1 is not available")
	done, err := d.Cloud.Resync(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(done, func(c cloud.Drifted) bool { return c.Property == "snapshot" }) {
		t.Errorf("no snapshot of the old volume: %v", done)
	}
	d.requireWriter("us-west-2")
	if err := d.switchover("us-west-2", "us-east-1"); err != nil {
		t.Fatal(err)
	}
	d.requireWriter("us-east-1")
}

func TestDetachedMemberStandsAlone(t *testing.T) {
	d := newGlobalDatabase(t, "us-east-1", "us-west-2")
	detach := func(region string) error {
		_, err := d.Cloud.RemoveFromGlobalCluster(t.Context(), region, "g", d.arn(region))
		return err
	}
	cloudtest.WantError(t, detach("us-east-1"), "InvalidGlobalClusterStateFault", "remove them first")
	if err := detach("us-west-2"); err != nil {
		t.Fatal(err)
	}
	in, out := d.read(d.members["us-west-2"])
	if in["globalClusterIdentifier"] != "" || out["globalClusterIdentifier"] != "" || out["replicationSourceIdentifier"] != "" {
		t.Errorf("the member is of %v, %v and replicates from %v", in["globalClusterIdentifier"], out["globalClusterIdentifier"], out["replicationSourceIdentifier"])
	}
	_, out = d.read(d.instances["us-west-2"][0])
	if out["writer"] != true {
		t.Error("it does not write")
	}
	cloudtest.WantError(t, d.failover("us-west-2"), "DBClusterNotFoundFault", "is no member")
	// Nothing holds the global cluster but the member that is left.
	for _, r := range append(d.instances["us-east-1"], d.members["us-east-1"], d.global) {
		if err := r.Delete(); err != nil {
			t.Error(err)
		}
	}
}

func TestRolesStayWhereAWSRefusesToMoveThem(t *testing.T) {
	d := newGlobalDatabase(t, "us-east-1", "us-west-2")
	ctx := t.Context()
	for name, c := range map[string]struct {
		region, global, target string
		want                   []string
	}{
		"no such global database": {"us-east-1", "none", d.arn("us-west-2"), []string{"GlobalClusterNotFoundFault", "none"}},
		"no such member":          {"us-east-1", "g", d.arn("eu-west-1"), []string{"DBClusterNotFoundFault"}},
		"the present writer":      {"us-east-1", "g", d.arn("us-east-1"), []string{"InvalidDBClusterStateFault", "is the writer already"}},
		"called elsewhere":        {"us-west-2", "g", d.arn("us-west-2"), []string{"in the region of the primary, us-east-1"}},
	} {
		_, err := d.Cloud.SwitchoverGlobalCluster(ctx, c.region, c.global, c.target)
		t.Log(name)
		cloudtest.WantError(t, err, c.want...)
	}
	_, err := d.Cloud.FailoverGlobalCluster(ctx, "us-east-1", "g", d.arn("us-west-2"), true)
	cloudtest.WantError(t, err, "in the region of the new primary, us-west-2")
	_, err = d.Cloud.FailoverGlobalCluster(ctx, "us-west-2", "g", d.arn("us-west-2"), false)
	cloudtest.WantError(t, err, "in the region of the primary") // without leave to lose data it is a switchover

	// Two versions do not fit each other, and a secondary is upgraded first.
	cloudtest.WantError(t, d.members["us-east-1"].Update(props{"engineVersion": "16.9"}), "global replica(s) are running lower version", "upgrade global replicas first")
	cloudtest.WantError(t, d.global.Update(props{"engineVersion": "16.9"}), "doesn't support minor version upgrades")
	if err := d.members["us-west-2"].Update(props{"engineVersion": "16.9"}); err != nil {
		t.Fatal(err)
	}
	cloudtest.WantError(t, d.switchover("us-east-1", "us-west-2"), "InvalidGlobalClusterStateFault", "16.8", "16.9", "upgrade first")
	cloudtest.WantError(t, d.failover("us-west-2"), "InvalidGlobalClusterStateFault")
	cloudtest.WantError(t, d.members["us-west-2"].Update(props{"engineVersion": "16.8"}), "Cannot upgrade aurora-postgresql from 16.9 to 16.8")
	cloudtest.WantError(t, d.members["us-west-2"].Update(props{"engineVersion": "17.4"}), "Use ModifyGlobalCluster instead")
	if err := d.members["us-east-1"].Update(props{"engineVersion": "16.9"}); err != nil {
		t.Fatal(err)
	}
	if in, out := d.read(d.global); in["engineVersion"] != "16.9" || out["engineVersionActual"] != "16.9" {
		t.Errorf("the global cluster is of %v, %v", in["engineVersion"], out["engineVersionActual"])
	}

	for _, instance := range d.instances["us-west-2"] {
		if err := instance.Delete(); err != nil {
			t.Fatal(err)
		}
	}
	cloudtest.WantError(t, d.switchover("us-east-1", "us-west-2"), "InvalidDBClusterStateFault", "has no instance: add one first")
	cloudtest.WantError(t, d.failover("us-west-2"), "InvalidDBClusterStateFault", "has no instance")
	d.requireWriterIs("us-east-1")
}

// requireWriterIs checks the global cluster's own word alone.
func (d *globalDatabase) requireWriterIs(want string) {
	d.t.Helper()
	_, global := d.read(d.global)
	for _, m := range global["globalClusterMembers"].([]any) {
		if m := m.(map[string]any); m["isWriter"] != (m["dbClusterArn"] == d.arn(want)) {
			d.t.Errorf("%v, want %s to write", m, want)
		}
	}
}

func TestWriterIsTheLastToGo(t *testing.T) {
	d := newGlobalDatabase(t, "us-east-1", "us-west-2")
	if err := d.switchover("us-east-1", "us-west-2"); err != nil {
		t.Fatal(err)
	}
	west := d.instances["us-west-2"]
	if err := west[0].Delete(); err != nil {
		t.Fatal(err)
	}
	cloudtest.WantError(t, west[1].Delete(), "InvalidDBClusterStateFault", "Cannot delete the last instance of the master cluster")
	_, err := d.Cloud.RemoveFromGlobalCluster(t.Context(), "us-west-2", "g", d.arn("us-west-2"))
	cloudtest.WantError(t, err, "InvalidGlobalClusterStateFault", "remove them first")

	// A writer without an instance is still the writer.
	headless := newGlobalDatabase(t, "us-east-1")
	for _, instance := range headless.instances["us-east-1"] {
		if err := instance.Delete(); err != nil {
			t.Fatal(err)
		}
	}
	p := headless.AWS("us-west-2")
	p.Make(memberType, "second", props{
		"engine": "aurora-postgresql", "engineVersion": "16.8", "globalClusterIdentifier": "g", "storageEncrypted": true,
		"kmsKeyId": p.Make("aws:kms/key:Key", "k", props{}).Get("arn"),
	})
	cloudtest.WantError(t, headless.members["us-east-1"].Delete(), "InvalidGlobalClusterStateFault", "Unable to delete cluster that is a primary member")
}

// refreshed is a resource with the state that a refresh gives it.
func (d *globalDatabase) refreshed(r *cloudtest.Resource) *cloudtest.Resource {
	d.t.Helper()
	resp, err := r.Read()
	if err != nil {
		d.t.Fatal(err)
	}
	other := *r
	other.Inputs, other.Outputs = d.providers["us-east-1"].Unmarshal(resp.Inputs), d.providers["us-east-1"].Unmarshal(resp.Properties)
	return &other
}

// TestUpdatesThatDoNotIgnoreWhatMovesDoHarm shows what would happen to a program that
// takes what AWS has moved for its own to correct.
func TestUpdatesThatDoNotIgnoreWhatMovesDoHarm(t *testing.T) {
	d := newGlobalDatabase(t, "us-east-1", "us-west-2")
	if err := d.switchover("us-east-1", "us-west-2"); err != nil {
		t.Fatal(err)
	}
	old := d.refreshed(d.members["us-east-1"])
	if diff := old.Diff(nil); diff.Changes != pulumirpc.DiffResponse_DIFF_NONE {
		t.Errorf("what is ignored changes: %v", diff)
	}
	old.Ignore = nil
	diff := old.Diff(nil)
	if diff.Changes != pulumirpc.DiffResponse_DIFF_SOME || diff.DetailedDiff["replicationSourceIdentifier"].GetKind() != pulumirpc.PropertyDiff_DELETE {
		t.Errorf("the source is not taken away: %v", diff)
	}
	if err := old.Update(nil); err != nil {
		t.Fatal(err)
	}
	if _, out := d.read(old); out["globalClusterIdentifier"] != nil {
		t.Errorf("the cluster is still a member of %v", out["globalClusterIdentifier"])
	}
	cloudtest.WantError(t, d.refreshed(old).Update(props{"globalClusterIdentifier": "g"}), "cannot be added to an existing RDS Global Cluster")

	east, west := d.providers["us-east-1"], d.providers["us-west-2"]
	table := east.Make("aws:dynamodb/table:Table", "t", props{
		"name": "t", "hashKey": "id", "attributes": []any{props{"name": "id", "type": "S"}}, "billingMode": "PAY_PER_REQUEST",
		"streamEnabled": true, "streamViewType": "NEW_AND_OLD_IMAGES",
	})
	west.Make("aws:dynamodb/tableReplica:TableReplica", "r", props{"globalTableArn": table.Get("arn")})
	if diff := table.Diff(nil); diff.Changes != pulumirpc.DiffResponse_DIFF_NONE {
		t.Errorf("a state that has not been refreshed: %v", diff)
	}
	table = d.refreshed(table)
	if diff := table.Diff(nil); diff.DetailedDiff["replicas"].GetKind() != pulumirpc.PropertyDiff_DELETE {
		t.Errorf("the replicas are not taken away: %v", diff)
	}
	if err := table.Update(nil); err != nil {
		t.Fatal(err)
	}
	left, err := d.Cloud.Resources(func(r *cloud.Resource) bool { return r.Type == "aws:dynamodb/tableReplica:TableReplica" })
	if err != nil || len(left) > 0 {
		t.Errorf("the replica is still there: %v, %v", left, err)
	}
}

func TestMemberOfAStackIsFound(t *testing.T) {
	d := newGlobalDatabase(t, "us-east-1")
	if _, err := d.Cloud.Member("none"); err == nil || !strings.Contains(err.Error(), `stack "none" has no member of a global database: bring it up first`) {
		t.Error(err)
	}
	stack := strings.Split(cloudtest.URN(memberType, "x"), "::")[0][len("urn:pulumi:"):]
	m, err := d.Cloud.Member(stack)
	if err != nil || m.ID != "m-us-east-1" {
		t.Errorf("%v, %v", m, err)
	}
}
