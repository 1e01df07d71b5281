package main

import (
	"cmp"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/components/administration"
	"github.com/tandem-platform/tandem/components/cluster"
	"github.com/tandem-platform/tandem/components/datatier"
	"github.com/tandem-platform/tandem/components/edge"
	"github.com/tandem-platform/tandem/components/observability"
	"github.com/tandem-platform/tandem/components/workload"
	"github.com/tandem-platform/tandem/stacks/contract"
	"github.com/tandem-platform/tandem/stacks/platform"
)

// webName is the name of the sample web service and of its namespace.
const webName = "web"

func (r *region) clusterArgs() *cluster.ClusterArgs {
	c := r.Cluster
	args := &cluster.ClusterArgs{
		Region:                   r.Own().Region,
		AccountID:                r.AccountID,
		VPCID:                    r.network.VPCID,
		SubnetIDs:                r.network.PrivateSubnetIDs,
		Version:                  c.Version,
		PublicAccessCIDRs:        c.PublicAccessCIDRs,
		PublicAccessFromAnywhere: c.PublicAccessFromAnywhere,
		PrivateAccessCIDRs:       c.PrivateAccessCIDRs,
		KubectlRoleARN:           c.KubectlRoleARN,
		Access:                   map[string]cluster.Access{},
		NodeGroups:               map[string]cluster.NodeGroup{},
		Autoscaler:               cluster.Autoscaler(c.Autoscaler),
		Fargate:                  map[string]cluster.FargateProfile{},
		Namespaces:               map[string]cluster.Namespace{},
		ExternalSecrets:          c.ExternalSecrets,
		VerticalPodAutoscaler:    c.VerticalPodAutoscaler,
		EFS:                      c.EFS,
		Tags:                     tags(r.Settings),
		AllowDestroy:             r.AllowDestroy,
	}
	for name, a := range c.Access {
		args.Access[name] = cluster.Access{
			PrincipalARN: pulumi.String(a.PrincipalARN), Job: cluster.Job(a.Job), Policy: cluster.AccessPolicy(a.Policy), Namespaces: a.Namespaces,
		}
	}
	for name, n := range c.NodeGroups {
		args.NodeGroups[name] = cluster.NodeGroup{
			InstanceTypes: n.InstanceTypes, AMIType: n.AMIType, Spot: n.Spot,
			MinSize: n.MinSize, MaxSize: n.MaxSize, DiskSizeGiB: n.DiskSizeGiB, Labels: n.Labels, Taints: taints(n.Taints),
		}
	}
	args.Karpenter.AMIAlias = c.Karpenter.AMIAlias
	if len(c.Karpenter.NodePools) > 0 {
		args.Karpenter.NodePools = map[string]cluster.NodePool{}
	}
	for name, p := range c.Karpenter.NodePools {
		args.Karpenter.NodePools[name] = cluster.NodePool{
			CapacityTypes: p.CapacityTypes, Architectures: p.Architectures, InstanceCategories: p.InstanceCategories,
			CPULimit: p.CPULimit, MemoryLimit: p.MemoryLimit, Weight: p.Weight, Labels: p.Labels, Taints: taints(p.Taints),
		}
	}
	for name, p := range c.Fargate {
		args.Fargate[name] = cluster.FargateProfile{Namespace: p.Namespace, Labels: p.Labels}
	}
	for name, n := range c.Namespaces {
		args.Namespaces[name] = cluster.Namespace{
			PodSecurity: cluster.PodSecurity(n.PodSecurity), PodSecurityReason: n.PodSecurityReason,
		}
	}
	return args
}

func taints(of []platform.Taint) []cluster.Taint {
	var list []cluster.Taint
	for _, t := range of {
		list = append(list, cluster.Taint{Key: t.Key, Value: t.Value, Effect: t.Effect})
	}
	return list
}

func (r *region) administrationArgs() *administration.AdministrationArgs {
	of := r.Administration
	args := &administration.AdministrationArgs{
		Region:           r.Own().Region,
		AccountID:        r.AccountID,
		DocumentName:     of.DocumentName,
		IdleMinutes:      of.IdleMinutes,
		MaxMinutes:       of.MaxMinutes,
		LogRetentionDays: of.LogRetentionDays,
		HostRoleNames:    map[string]pulumi.StringInput{},
		AllowDestroy:     r.AllowDestroy,
	}
	for name, role := range r.cluster.NodeRoleNames {
		args.HostRoleNames[name] = role
	}
	if of.JumpServer != nil {
		args.JumpServer = &administration.JumpServer{
			VPCID:        r.network.VPCID,
			SubnetIDs:    r.network.PrivateSubnetIDs,
			CIDRs:        []string{r.Own().CIDR},
			InstanceType: of.JumpServer.InstanceType,
			DiskSizeGiB:  of.JumpServer.DiskSizeGiB,
		}
		for _, peer := range r.peers(r.Stack) {
			args.JumpServer.CIDRs = append(args.JumpServer.CIDRs, r.Regions[peer].CIDR)
		}
	}
	return args
}

func (r *region) dataArgs() *datatier.DataTierArgs {
	own := r.Own().Database
	args := &datatier.DataTierArgs{
		Region:                 r.Own().Region,
		AccountID:              r.AccountID,
		VPCID:                  r.network.VPCID,
		SubnetIDs:              r.network.DataSubnetIDs,
		ClientSecurityGroupIDs: map[string]pulumi.StringInput{"nodes": r.cluster.SecurityGroupID},
		ClientCIDRs:            map[string]string{},
		Database: datatier.Database{
			EngineVersion:       r.Database.EngineVersion,
			InstanceClass:       cmp.Or(own.InstanceClass, r.Database.InstanceClass),
			InstancesPerZone:    cmp.Or(own.InstancesPerZone, r.Database.InstancesPerZone),
			Zones:               r.Own().Zones,
			BackupRetentionDays: r.Database.BackupRetentionDays,
			BackupWindow:        r.Database.BackupWindow,
			MaintenanceWindow:   r.Database.MaintenanceWindow,
			Readers:             datatier.Readers{Max: r.Database.MaxReaders},
			MonitoringSeconds:   r.Database.MonitoringSeconds,
			Proxy:               r.Database.Proxy,
		},
		Backup: datatier.Backup{
			Schedule:             r.Backup.Schedule,
			RetentionDays:        r.Backup.RetentionDays,
			MonthlyRetentionDays: r.Backup.MonthlyRetentionDays,
			LockedAfterDays:      r.Backup.LockedAfterDays,
		},
		ActiveRegion: r.Regions[r.Active].Region,
		Origin:       datatier.Origin(r.Own().Origin),
		AllowDestroy: r.AllowDestroy,
	}
	if r.Administration.JumpServer != nil {
		args.ClientSecurityGroupIDs["jump"] = r.administration.JumpSecurityGroupID
	}
	// Whoever takes writes takes them from the applications of joined regions too.
	for _, peer := range r.peers(r.Stack) {
		args.ClientCIDRs[r.Regions[peer].Region] = r.Regions[peer].CIDR
	}
	if r.IsHome() { // in a standby it would stop the writes after a failover, until home is back
		args.Database.RPOSeconds = r.Database.RPOSeconds
	}
	if days := r.Database.RotationDays; days != -1 {
		args.Rotation = &datatier.Rotation{Code: r.rotation, Days: days}
	}
	if c := r.Table.Capacity; c != nil {
		args.Table.Capacity = &datatier.TableCapacity{MinReads: c.MinReads, MaxReads: c.MaxReads, MinWrites: c.MinWrites, MaxWrites: c.MaxWrites}
	}
	if c := cmp.Or(own.Capacity, r.Database.Capacity); c != nil {
		args.Database.Capacity = &datatier.Capacity{Min: c.Min, Max: c.Max}
	}
	if r.IsHome() {
		for _, standby := range r.Standbys() {
			args.Standbys = append(args.Standbys, datatier.Standby{Region: r.Regions[standby].Region, Provider: r.others[standby]})
		}
		return args
	}
	home := r.Own().StandbyOf
	get := r.home.Get
	args.Home = &datatier.HomeInputs{
		Region:               r.Regions[home].Region,
		Provider:             r.others[home],
		GlobalClusterID:      get(func(c *contract.Contract) string { return c.GlobalClusterID }),
		GlobalWriterEndpoint: get(func(c *contract.Contract) string { return c.GlobalWriterEndpoint }),
		DataKeyARN:           get(func(c *contract.Contract) string { return c.DataKeyARN }),
		SecretsKeyARN:        get(func(c *contract.Contract) string { return c.SecretsKeyARN }),
		SecretName:           get(func(c *contract.Contract) string { return c.SecretName }),
		SecretARN:            get(func(c *contract.Contract) string { return c.SecretARN }),
		TableName:            get(func(c *contract.Contract) string { return c.TableName }),
		TableARN:             get(func(c *contract.Contract) string { return c.TableARN }),
		FilesBucketName:      get(func(c *contract.Contract) string { return c.FilesBucketName }),
		BackupsBucketName:    get(func(c *contract.Contract) string { return c.BackupsBucketName }),
		LogsBucketName:       get(func(c *contract.Contract) string { return c.LogsBucketName }),
		BackupVaultARN:       get(func(c *contract.Contract) string { return c.BackupVaultARN }),
		BackupVaultName:      get(func(c *contract.Contract) string { return c.StandbyBackupVaultNames[r.Own().Region] }),
		StaticBucketName:     get(func(c *contract.Contract) string { return c.StandbyStaticBucketNames[r.Own().Region] }),
		OneWay:               r.Own().Reserve,
	}
	if of := r.reserve; of != nil {
		args.Home.Reserve = &datatier.Reserve{
			Region:            of.Region,
			DataKeyARN:        pulumi.String(of.DataKeyARN),
			FilesBucketName:   pulumi.String(of.FilesBucketName),
			BackupsBucketName: pulumi.String(of.BackupsBucketName),
			LogsBucketName:    pulumi.String(of.LogsBucketName),
		}
	}
	return args
}

func (r *region) edgeArgs() *edge.EdgeArgs {
	args := &edge.EdgeArgs{
		Region:          r.Own().Region,
		VPCID:           r.network.VPCID,
		VPCCIDRBlock:    r.network.CIDRBlock,
		PublicSubnetIDs: r.network.PublicSubnetIDs,
		Domain:          r.Domain,
		Failover:        edge.RoleSecondary,
		WebACL:          r.Edge.WebACL,
		ShieldAdvanced:  r.Edge.ShieldAdvanced,

		LogRetentionDays: r.Edge.LogRetentionDays,
		Reads:            r.readRouting(),

		AllowDestroy: r.AllowDestroy,
	}
	if !r.IsHome() {
		args.ZoneID = r.home.Get(func(c *contract.Contract) string { return c.ZoneID })
		r.standInLine(args)
		return args
	}
	args.Failover = edge.RolePrimary
	for _, standby := range r.Standbys() {
		args.Standbys = append(args.Standbys, edge.Standby{Region: r.Regions[standby].Region, Provider: r.others[standby]})
	}
	if r.ZoneID != "" {
		args.ZoneID = pulumi.String(r.ZoneID)
	}
	static := &edge.StaticArgs{PrimaryDomainName: r.data.Static.DomainName}
	// CloudFront's origin group has two members: home's bucket and the first standby's.
	for _, standby := range r.Standbys()[:min(1, len(r.Standbys()))] {
		static.StandbyDomainName = r.data.StandbyStatic[r.Regions[standby].Region].DomainName
	}
	args.Global = &edge.GlobalArgs{
		PublicNames:          r.Edge.PublicNames,
		RateLimitPer5Minutes: r.Edge.RateLimitPer5Minutes,
		AllowedIPs:           r.Edge.AllowedIPs,
		DeniedIPs:            r.Edge.DeniedIPs,
		BotControl:           r.Edge.BotControl,
		DNSSEC:               r.Edge.DNSSEC,
		AllowedCountries:     r.Edge.AllowedCountries,
		DeniedCountries:      r.Edge.DeniedCountries,
		Static:               static,
		ReadPathPatterns:     r.readPaths(),
	}
	for _, l := range r.Edge.PathRateLimits {
		args.Global.PathRateLimits = append(args.Global.PathRateLimits, edge.PathRateLimit{Name: l.Name, PathPrefix: l.PathPrefix, Per5Minutes: l.Per5Minutes})
	}
	return args
}

// standInLine puts a standby before or behind the other one, where there are two. The
// first steps aside for a reserve that has taken over.
func (r *region) standInLine(args *edge.EdgeArgs) {
	reserve := r.Reserve()
	if reserve == "" {
		return
	}
	args.StandbyName = "standby-origin." + r.Domain
	if r.Own().Reserve {
		args.Failover = edge.RoleReserve
		return
	}
	args.ReserveHealthCheckID = r.home.Get(func(c *contract.Contract) string { return c.TakeoverHealthCheckIDs[r.Regions[reserve].Region] })
}

func (r *region) webArgs() *workload.WorkloadArgs {
	args := &workload.WorkloadArgs{
		Image:       r.Web.Image,
		ImagePolicy: workload.ImagePolicy(r.Web.ImagePolicy),
		Args:        r.Web.Args,
		Env: pulumi.StringMap{
			"REGION":         pulumi.String(r.Own().Region),
			"SESSIONS_TABLE": r.data.TableName,
		},
		ScratchDirs: map[string]string{"/tmp": "64Mi"},
		Port:        r.Web.Port,
		MinReplicas: r.Web.MinReplicas,
		MaxReplicas: r.Web.MaxReplicas,
		Secrets:     r.webSecrets(),

		RecommendResources: r.Web.RecommendResources,

		Region:          r.Own().Region,
		ClusterName:     r.cluster.Name,
		OIDCProviderARN: r.cluster.OIDCProviderARN,
		OIDCIssuer:      r.cluster.OIDCIssuer,
		Permissions: []workload.Statement{
			{
				Actions:   []string{"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:Query"},
				Resources: pulumi.StringArray{r.data.TableARN},
			},
			{ // the table is encrypted under it
				Actions:    []string{"kms:Decrypt"},
				Resources:  pulumi.StringArray{r.data.DataKeyARN},
				Conditions: map[string]map[string][]string{"StringEquals": {"kms:ViaService": {"dynamodb." + r.Own().Region + ".amazonaws.com"}}},
			},
		},
		Paths:                       []string{"/*"},
		Priority:                    10000, // after whatever is more particular
		VPCID:                       r.network.VPCID,
		ListenerARN:                 r.edge.HTTPSListenerARN,
		LoadBalancerSecurityGroupID: r.edge.SecurityGroupID,
		LoadBalancerCIDRs:           r.network.PublicCIDRBlocks,
		NodeSecurityGroupID:         r.cluster.SecurityGroupID,
		WaitFor:                     r.cluster.Ready,
	}
	if r.Web.Database {
		args.Env["DATABASE_HOST"] = r.data.GlobalWriterEndpoint
		args.Env["DATABASE_READER_HOST"] = r.data.ReaderEndpoint
	}
	if c := r.Web.Canary; c != nil {
		args.Canary = &workload.Canary{Image: c.Image, WeightPercent: c.WeightPercent}
	}
	if b := r.Web.BlueGreen; b != nil {
		args.BlueGreen = &workload.BlueGreen{GreenImage: b.GreenImage, Live: workload.Color(b.Live)}
	}
	args.Scaling.RaisedMinReplicas = r.Recovery.MinReplicas
	for _, p := range r.Web.Peaks {
		args.Scaling.Peaks = append(args.Scaling.Peaks, workload.Peak{
			Name: p.Name, Start: p.Start, End: p.End, TimeZone: p.TimeZone, MinReplicas: p.MinReplicas,
		})
	}
	return args
}

// webSecrets are the secrets of the web service in this region.
func (r *region) webSecrets() map[string]workload.Secret {
	secrets := map[string]workload.Secret{}
	for variable, s := range r.Web.Secrets {
		secret := workload.Secret{
			ARN:      pulumi.Sprintf("arn:aws:secretsmanager:%s:%s:secret:%s", r.Own().Region, r.AccountID, s.ID),
			Property: s.Property,
		}
		if s.KMSKeyID != "" {
			secret.KMSKeyARN = pulumi.Sprintf("arn:aws:kms:%s:%s:key/%s", r.Own().Region, r.AccountID, s.KMSKeyID)
		}
		secrets[variable] = secret
	}
	if r.Web.Database {
		for variable, property := range map[string]string{"DATABASE_USERNAME": "username", "DATABASE_PASSWORD": "password"} {
			secrets[variable] = workload.Secret{ARN: r.data.SecretARN, Property: property, KMSKeyARN: r.data.SecretsKeyARN}
		}
	}
	return secrets
}

func (r *region) observabilityArgs() *observability.ObservabilityArgs {
	args := &observability.ObservabilityArgs{
		Region:    r.Own().Region,
		AccountID: r.AccountID,
		Emails:    r.Observability.Emails,
		LoadBalancer: &observability.LoadBalancer{
			ARNSuffix:    r.edge.LoadBalancerARNSuffix,
			TargetGroups: map[string]pulumi.StringInput{},
		},
		DatabaseClusterID: r.data.ClusterID,
		ActiveRegion:      r.Regions[r.Active].Region,
		Buckets:           map[string]pulumi.StringInput{"files": r.data.Files.Name, "backups": r.data.Backups.Name, "logs": r.data.Logs.Name},
		Tables:            map[string]pulumi.StringInput{"sessions": r.data.TableName},
		NATGateways:       map[string]pulumi.StringInput{},
		AllowDestroy:      r.AllowDestroy,
	}
	for name, suffix := range r.web.TargetGroupARNSuffixes {
		args.LoadBalancer.TargetGroups[name] = suffix
	}
	for zone, id := range r.network.NATGatewayIDs {
		args.NATGateways[zone] = id
	}
	// Health checks and CloudFront have their metrics in us-east-1 alone. What must
	// be seen while that region is lost is watched by each region's own alarms.
	if r.IsHome() && r.Own().Region == "us-east-1" {
		args.HealthChecks = map[string]pulumi.StringInput{"home": r.edge.HealthCheckID}
		args.DistributionID = r.edge.Global.DistributionID
	}
	if days := r.Database.RotationDays; days != -1 {
		args.PasswordSecretName = r.data.SecretName
		args.Thresholds.PasswordAgeDays = float64(cmp.Or(days, 30) + 10)
	}
	if d := r.Observability.Datadog; d != nil {
		args.Datadog = &observability.Datadog{Notify: d.Notify, Escalate: d.Escalate, ClusterName: r.cluster.Name}
		if r.IsHome() { // there is one integration for an account
			args.Datadog.Integration = &observability.DatadogIntegration{}
			for _, stack := range r.Stacks() {
				args.Datadog.Integration.Regions = append(args.Datadog.Integration.Regions, r.Regions[stack].Region)
			}
		}
	}
	return args
}
