package recovery_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/recovery"
)

// standby returns arguments of a standby region with what is required, and node
// groups.
func standby() *recovery.RecoveryArgs {
	return &recovery.RecoveryArgs{
		Region: "us-west-2", AccountID: "123456789012", Failover: recovery.RoleSecondary,
		Other:        recovery.Other{Region: "us-east-1", Failover: recovery.RolePrimary, RegionalName: "prod-east.tandem.example"},
		RegionalName: "prod-west.tandem.example", OriginName: "origin.tandem.example",
		CertificateNames:   []string{"prod-west.tandem.example", "origin.tandem.example"},
		ServedPaths:        []string{"/*"},
		GlobalClusterID:    pulumi.String("prod-global"),
		ClusterID:          pulumi.String("prod-west-db"),
		ClusterARN:         pulumi.String("arn:aws:rds:us-west-2:123456789012:cluster:prod-west-db"),
		TakeoverBucketName: pulumi.String("takeover-west"),
		ClusterName:        pulumi.String("prod-west"),
		NodeGroups:         map[string]recovery.NodeGroup{"baseline": {Name: pulumi.String("prod-west-baseline-1"), MinSize: 6}},
		TopicARN:           pulumi.String("arn:aws:sns:us-west-2:123456789012:alarms"),
		TopicKeyARN:        pulumi.String("arn:aws:kms:us-west-2:123456789012:key/topic"),
	}
}

func home() *recovery.RecoveryArgs {
	a := standby()
	a.Region, a.Other.Region = a.Other.Region, a.Region
	a.Failover, a.Other.Failover = a.Other.Failover, a.Failover
	a.RegionalName, a.Other.RegionalName = a.Other.RegionalName, a.RegionalName
	a.CertificateNames[0] = a.RegionalName
	a.ClusterARN = pulumi.String("arn:aws:rds:us-east-1:123456789012:cluster:prod-east-db")
	a.TopicARN = pulumi.String("arn:aws:sns:us-east-1:123456789012:alarms")
	a.TakeoverBucketName = nil
	return a
}

func TestGoodArgumentsAreTaken(t *testing.T) {
	require.NoError(t, standby().Validate("prod-west"))
	require.NoError(t, home().Validate("prod-east"))
	wildcard := standby()
	wildcard.CertificateNames = []string{"*.tandem.example"}
	require.NoError(t, wildcard.Validate("prod-west"))
}

func TestBadArguments(t *testing.T) {
	for name, c := range map[string]struct {
		args   func() *recovery.RecoveryArgs
		change func(*recovery.RecoveryArgs)
		want   string
	}{
		"a health check that no target serves": {standby, func(a *recovery.RecoveryArgs) { a.ServedPaths = []string{"/api/*", "/static/?"} },
			`healthCheckPath: Invalid value: "/healthz": no target serves it, only /api/*, /static/?; every region would count as lost`},
		"a path that is none": {standby, func(a *recovery.RecoveryArgs) { a.HealthCheckPath = "healthz" }, `healthCheckPath: Invalid value: "healthz": must be a path of a URL`},
		"no served paths":     {standby, func(a *recovery.RecoveryArgs) { a.ServedPaths = nil }, `servedPaths: Required value`},
		"a TTL longer than the promise allows": {standby, func(a *recovery.RecoveryArgs) { a.RecordTTLSeconds = 300 },
			`recordTtlSeconds: Invalid value: 300: a takeover takes 700 s (detection 180, signals 40, fence 340, promotion 120, verification 20), ` +
				`more than rtoSeconds, 600; a TTL of at most 200 keeps the promise`},
		"an approval wait longer than the promise": {standby, func(a *recovery.RecoveryArgs) { a.ApprovalWaitSeconds = 900 },
			`approvalWaitSeconds: Invalid value: 900: a takeover takes 1360 s (detection 180, signals 40, approval 900, fence 100, promotion 120, ` +
				`verification 20), more than rtoSeconds, 600; a wait of at most 140 keeps the promise`},
		"a promise that nothing keeps": {standby, func(a *recovery.RecoveryArgs) { a.RTOSeconds = 300 },
			`rtoSeconds: Invalid value: 300: a takeover takes at least 400 s (detection 180, signals 40, fence 40, promotion 120, verification 20)`},
		"a promise that an alias record breaks": {standby, func(a *recovery.RecoveryArgs) { a.RTOSeconds = 459 },
			`rtoSeconds: Invalid value: 459: a takeover takes 460 s (detection 180, signals 40, fence 100, promotion 120, verification 20), ` +
				`the 60 s among it that resolvers keep an alias record; promise 460 or more`},
		"both records primary": {home, func(a *recovery.RecoveryArgs) { a.Other.Failover = recovery.RolePrimary },
			`other.failover: Invalid value: "primary": both records would be primary; one region is primary and the other secondary, for life`},
		"both records secondary": {standby, func(a *recovery.RecoveryArgs) { a.Other.Failover = recovery.RoleSecondary }, `both records would be secondary`},
		"no role":                {standby, func(a *recovery.RecoveryArgs) { a.Failover = "" }, `failover: Required value: say primary in the home region`},
		"an unknown role":        {standby, func(a *recovery.RecoveryArgs) { a.Other.Failover = "main" }, `other.failover: Unsupported value: "main"`},
		"a certificate for another name": {standby, func(a *recovery.RecoveryArgs) {
			a.CertificateNames = []string{"www.tandem.example", "origin.tandem.example"}
		},
			`certificateNames: Invalid value: "www.tandem.example, origin.tandem.example": the certificate is for other names than prod-west.tandem.example`},
		"a wildcard two labels up": {standby, func(a *recovery.RecoveryArgs) { a.CertificateNames = []string{"*.example"} }, `for other names than origin.tandem.example`},
		"no certificate":           {standby, func(a *recovery.RecoveryArgs) { a.CertificateNames = nil }, `certificateNames: Required value`},
		"its own region":           {standby, func(a *recovery.RecoveryArgs) { a.Other.Region = "us-west-2" }, `other.region: Invalid value: "us-west-2": must be another region`},
		"its own name":             {standby, func(a *recovery.RecoveryArgs) { a.Other.RegionalName = a.RegionalName }, `other.regionalName: Invalid value`},
		"no region":                {standby, func(a *recovery.RecoveryArgs) { a.Region = "" }, `region: Required value`},
		"a zone for a region":      {standby, func(a *recovery.RecoveryArgs) { a.Region = "us-west-2a" }, `region: Invalid value: "us-west-2a"`},
		"no account":               {standby, func(a *recovery.RecoveryArgs) { a.AccountID = "" }, `accountId: Invalid value: ""`},
		"no names":                 {standby, func(a *recovery.RecoveryArgs) { a.OriginName = "" }, `originName: Required value`},
		"a standby without a takeover bucket": {standby, func(a *recovery.RecoveryArgs) { a.TakeoverBucketName = nil },
			`takeoverBucketName: Required value: a secondary takes over by an object in it`},
		"a takeover bucket of home": {home, func(a *recovery.RecoveryArgs) { a.TakeoverBucketName = pulumi.String("b") }, `takeoverBucketName: Forbidden`},
		"no database":               {standby, func(a *recovery.RecoveryArgs) { a.ClusterARN = nil }, `clusterArn: Required value`},
		"no topic":                  {standby, func(a *recovery.RecoveryArgs) { a.TopicKeyARN = nil }, `topicKeyArn: Required value`},
		"a way without a table": {standby, func(a *recovery.RecoveryArgs) { a.Transit = &recovery.Transit{OtherCIDR: "10.0.0.0/16"} },
			`transit.routeTableId: Required value`},
		"a way to nowhere": {standby, func(a *recovery.RecoveryArgs) {
			a.Transit = &recovery.Transit{RouteTableID: pulumi.String("tgw-rtb-1")}
		},
			`transit.otherCidr: Invalid value: "": must be the IPv4 block of the other region's network, such as 10.0.0.0/16`},
		"workloads of no cluster": {standby, func(a *recovery.RecoveryArgs) {
			a.ClusterName, a.NodeGroups = nil, nil
			a.Workloads = map[string]recovery.Workload{"web": {Namespace: pulumi.String("web"), Autoscaler: "web", MinReplicas: 6}}
		}, `3 problems`},
		"a workload without a name": {standby, func(a *recovery.RecoveryArgs) {
			a.ClusterEndpoint, a.ClusterCertificateAuthority = pulumi.String("https://e"), pulumi.String("LS0t")
			a.Workloads = map[string]recovery.Workload{"web": {MinReplicas: -1}}
		}, `workloads[web].namespace: Required value: give the Kubernetes namespace`},
		"a workload without pods": {standby, func(a *recovery.RecoveryArgs) {
			a.Workloads = map[string]recovery.Workload{"web": {}}
		}, `workloads[web].minReplicas: Invalid value: 0: must be 1 or more pods`},
		"an unreachable cluster": {standby, func(a *recovery.RecoveryArgs) {
			a.Workloads = map[string]recovery.Workload{"web": {}}
		}, `clusterEndpoint: Required value: give the URL of the cluster's API server, which has to be public`},
		"node groups of no cluster": {standby, func(a *recovery.RecoveryArgs) { a.ClusterName = nil }, `clusterName: Required value`},
		"a node group without nodes": {standby, func(a *recovery.RecoveryArgs) {
			a.NodeGroups = map[string]recovery.NodeGroup{"baseline": {}}
		}, `nodeGroups[baseline].minSize: Invalid value: 0: must be 1 to 450 nodes`},
		"too many readers":         {standby, func(a *recovery.RecoveryArgs) { a.Readers = &recovery.Readers{Min: 1, Max: 16} }, `readers.max: Invalid value: 16`},
		"a primary behind another": {home, func(a *recovery.RecoveryArgs) { a.Ahead = "prod-north.tandem.example" }, `ahead: Forbidden: nothing comes before a primary`},
		"a reserve behind home": {standby, func(a *recovery.RecoveryArgs) { a.Ahead = a.Other.RegionalName },
			`ahead: Invalid value: "prod-east.tandem.example": must be the own name of a third region, which takes over before this one`},
		"an unknown policy": {standby, func(a *recovery.RecoveryArgs) { a.Approval = "maybe" }, `approval: Unsupported value: "maybe"`},
		"a wait for nobody": {standby, func(a *recovery.RecoveryArgs) { a.Approval, a.ApprovalWaitSeconds = recovery.Automatic, 60 },
			`approvalWaitSeconds: Forbidden: nobody is asked`},
		"a wait of nothing": {standby, func(a *recovery.RecoveryArgs) { a.ApprovalWaitSeconds = -1 }, `approvalWaitSeconds: Invalid value: -1`},
		"a connection shorter than any": {standby, func(a *recovery.RecoveryArgs) { a.ClientKeepAliveSeconds = 59 },
			`clientKeepAliveSeconds: Invalid value: 59: must be 60 to 604800`},
		"a connection longer than any": {standby, func(a *recovery.RecoveryArgs) { a.ClientKeepAliveSeconds = 604801 }, `clientKeepAliveSeconds: Invalid value: 604801`},
		"a hasty promotion":            {standby, func(a *recovery.RecoveryArgs) { a.PromotionWaitSeconds = 10 }, `promotionWaitSeconds: Invalid value: 10`},
		"a runtime of Python":          {standby, func(a *recovery.RecoveryArgs) { a.CanaryRuntime = "syn-python-selenium-5.1" }, `canaryRuntime: Invalid value`},
		"an unknown retention":         {standby, func(a *recovery.RecoveryArgs) { a.LogRetentionDays = 100 }, `logRetentionDays: Invalid value: 100`},
	} {
		t.Run(name, func(t *testing.T) {
			args := c.args()
			c.change(args)
			require.ErrorContains(t, args.Validate("prod"), c.want)
		})
	}
	require.ErrorContains(t, standby().Validate("Prod_West"), `name: Invalid value: "Prod_West"`)
}

func TestTheBudgetOfATakeoverIsWithinThePromise(t *testing.T) {
	seconds := 0
	for _, p := range standby().Budget() {
		require.GreaterOrEqual(t, p.Seconds, 0, p.Name)
		seconds += p.Seconds
	}
	require.Equal(t, 580, seconds, "with 120 s for a person")
}
