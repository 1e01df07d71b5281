package main

import (
	"cmp"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-random/sdk/v4/go/random"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/tandem-platform/tandem/components/administration"
	"github.com/tandem-platform/tandem/components/cluster"
	"github.com/tandem-platform/tandem/components/datatier"
	"github.com/tandem-platform/tandem/components/edge"
	"github.com/tandem-platform/tandem/components/network"
	"github.com/tandem-platform/tandem/components/observability"
	"github.com/tandem-platform/tandem/components/recovery"
	"github.com/tandem-platform/tandem/components/transit"
	"github.com/tandem-platform/tandem/components/workload"
	"github.com/tandem-platform/tandem/internal/check"
	"github.com/tandem-platform/tandem/stacks/contract"
	"github.com/tandem-platform/tandem/stacks/platform"
)

// deploy makes everything that one region stack owns. The whole configuration
// is checked before the first resource is registered.
func deploy(ctx *pulumi.Context) error {
	settings, errs := platform.Decode(ctx.Stack(), config.Get(ctx, "tandem:platform"), config.Get(ctx, "tandem:active"))
	if settings != nil {
		errs = append(errs, validate(ctx, settings)...)
	}
	if err := check.Error(fmt.Sprintf("configuration of stack %q", ctx.Stack()), errs); err != nil {
		return err
	}
	r := &region{Settings: settings, ctx: ctx, others: map[string]*aws.Provider{}}
	for _, step := range []func() error{
		r.readHome, r.makeProviders, r.makeNetwork, r.makeTransit, r.makeCluster, r.makeAdministration, r.buildFunctions, r.makeData, r.makeEdge, r.makeWeb, r.makeObservability, r.makeRecovery, r.export,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// region is one region stack while it is being made.
type region struct {
	*platform.Settings
	ctx  *pulumi.Context
	home *contract.Home // nil in home itself
	// reserve is what the reserve tells the standby; nil where it has not come up, and in
	// any other stack.
	reserve *contract.Reserve

	own    *aws.Provider // this stack's region
	random *random.Provider
	others map[string]*aws.Provider // other regions, by stack: in home the standbys', in a standby home's

	network        *network.Network
	transit        *transit.Transit // nil where the regions are not joined
	cluster        *cluster.Cluster
	administration *administration.Administration
	data           *datatier.DataTier
	rotation       pulumi.Archive // the zip file of the function that rotates the password
	edge           *edge.Edge
	web            *workload.Workload
	watch          *observability.Observability
	recovery       *recovery.Recovery
}

func (r *region) readHome() (err error) {
	if r.IsHome() {
		return nil
	}
	if r.home, err = contract.Read(r.ctx, r.Own().StandbyOf, r.Name); err != nil {
		return err
	}
	if err := r.home.Require(r.Own().StandbyOf, r.needs()); err != nil {
		return err
	}
	name := r.Reserve()
	if name == "" || r.Own().Reserve {
		return nil
	}
	if r.reserve, err = contract.ReadReserve(r.ctx, name, r.Name); err != nil || r.reserve != nil {
		return err
	}
	return r.ctx.Log.Warn(fmt.Sprintf("reserve stack %q has not come up yet, so nothing is replicated to its buckets: run `up` on this stack again after it", name), nil)
}

// needs are what this standby needs of home.
func (r *region) needs() contract.Needs {
	var n contract.Needs
	for _, standby := range r.Standbys() {
		n.Regions = append(n.Regions, r.Regions[standby].Region)
	}
	if r.Own().TransitGatewayASN != 0 {
		n.Transit, n.RouteTables = true, r.routeTableNames(r.Own().StandbyOf)
	}
	if reads := r.Edge.Reads; reads != nil {
		n.ReadName = cmp.Or(reads.Name, edge.DefaultReadName(r.Domain))
	}
	return n
}

func (r *region) makeProviders() (err error) {
	if r.own, err = ownProvider(r.ctx, r.Settings); err != nil {
		return err
	}
	if r.random, err = randomProvider(r.ctx, r.Stack); err != nil {
		return err
	}
	others := []string{r.Own().StandbyOf}
	if r.IsHome() {
		others = r.Standbys()
	}
	for _, other := range others {
		if r.others[other], err = otherProvider(r.ctx, r.Settings, other); err != nil {
			return err
		}
	}
	return nil
}

func (r *region) makeCluster() (err error) {
	r.cluster, err = cluster.NewCluster(r.ctx, r.Stack, r.clusterArgs(), pulumi.Providers(r.own))
	return err
}

func (r *region) makeAdministration() (err error) {
	r.administration, err = administration.NewAdministration(r.ctx, r.Stack, r.administrationArgs(), pulumi.Providers(r.own))
	return err
}

func (r *region) makeData() (err error) {
	r.data, err = datatier.NewDataTier(r.ctx, r.Stack, r.dataArgs(), pulumi.Providers(r.own, r.random))
	return err
}

func (r *region) makeEdge() (err error) {
	r.edge, err = edge.NewEdge(r.ctx, r.Stack, r.edgeArgs(), pulumi.Providers(r.own))
	return err
}

func (r *region) makeWeb() (err error) {
	r.web, err = workload.NewWorkload(r.ctx, webName, r.webArgs(), pulumi.Providers(r.own, r.cluster.Provider))
	return err
}

func (r *region) makeObservability() (err error) {
	providers := []pulumi.ProviderResource{r.own}
	if d := r.Observability.Datadog; d != nil {
		provider, err := datadogProvider(r.ctx, r.Stack, d)
		if err != nil {
			return err
		}
		providers = append(providers, provider)
	}
	r.watch, err = observability.NewObservability(r.ctx, r.Stack, r.observabilityArgs(), pulumi.Providers(providers...))
	return err
}

func (r *region) makeRecovery() (err error) {
	r.recovery, err = recovery.NewRecovery(r.ctx, r.Stack, r.recoveryArgs(), pulumi.Providers(r.own, r.random, r.cluster.Provider))
	return err
}

// export writes the stack's outputs: what people look for, and in home the
// contract that the standbys read.
func (r *region) export() error {
	r.ctx.Export("region", pulumi.String(r.Own().Region))
	r.ctx.Export("clusterName", r.cluster.Name)
	r.ctx.Export("kubeconfig", r.cluster.Kubeconfig)
	if r.Administration.JumpServer != nil {
		r.ctx.Export("jumpGroupName", r.administration.JumpGroupName)
	}
	r.ctx.Export("regionalName", r.edge.RegionalName)
	r.ctx.Export("originName", r.edge.OriginName)
	if r.Edge.Reads != nil {
		r.ctx.Export("readName", r.edge.ReadName)
	}
	r.ctx.Export("loadBalancerDnsName", r.edge.LoadBalancerDNSName)
	r.ctx.Export("takeoverMachineArn", r.recovery.TakeoverMachineARN)
	r.ctx.Export("failbackMachineArn", r.recovery.FailbackMachineARN)
	if r.Own().Reserve {
		r.ctx.Export(contract.ReserveOutputName, contract.ReserveInputs{
			Platform:          pulumi.String(r.Name),
			Region:            pulumi.String(r.Own().Region),
			DataKeyARN:        r.data.DataKeyARN,
			FilesBucketName:   r.data.Files.Name,
			BackupsBucketName: r.data.Backups.Name,
			LogsBucketName:    r.data.Logs.Name,
		}.Output())
	}
	if !r.IsHome() {
		return nil
	}
	r.ctx.Export("publicNames", r.edge.Global.PublicNames)
	r.ctx.Export("nameServers", r.edge.NameServers)
	if r.Edge.DNSSEC {
		r.ctx.Export("dsRecord", r.edge.Global.DSRecord)
	}
	static := pulumi.StringMap{}
	for region, bucket := range r.data.StandbyStatic {
		static[region] = bucket.Name
	}
	vaults := pulumi.StringMap{}
	for region, name := range r.data.StandbyBackupVaultNames {
		vaults[region] = name
	}
	r.ctx.Export(contract.OutputName, contract.Inputs{
		Platform:                 pulumi.String(r.Name),
		Region:                   pulumi.String(r.Own().Region),
		ZoneID:                   r.edge.ZoneID,
		GlobalClusterID:          r.data.GlobalClusterID,
		GlobalWriterEndpoint:     r.data.GlobalWriterEndpoint,
		DataKeyARN:               r.data.DataKeyARN,
		SecretsKeyARN:            r.data.SecretsKeyARN,
		SecretName:               r.data.SecretName,
		SecretARN:                r.data.SecretARN,
		TableName:                r.data.TableName,
		TableARN:                 r.data.TableARN,
		FilesBucketName:          r.data.Files.Name,
		BackupsBucketName:        r.data.Backups.Name,
		LogsBucketName:           r.data.Logs.Name,
		StandbyStaticBucketNames: static,
		ReadName:                 r.edge.ReadName,
		BackupVaultARN:           r.data.BackupVaultARN,
		StandbyBackupVaultNames:  vaults,
		TakeoverBucketNames:      r.edge.TakeoverBucketNames,
		TakeoverHealthCheckIDs:   r.edge.TakeoverHealthCheckIDs,
		Transit:                  r.transitInputs(),
	}.Output())
	return nil
}
