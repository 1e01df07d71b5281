package workload_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/workload"
)

const digest = "@sha256:0000000000000000000000000000000000000000000000000000000000000000"

func TestImagesThatMayDifferBetweenRegionsAreRefused(t *testing.T) {
	for image, ok := range map[string]bool{
		"shop": false, "registry.example.org:5000/shop": false, "shop:latest": false, "shop:": false, "shop@sha256:12": false,
		"shop:main": false, "shop:Stable": false, "shop:nightly": false,
		"shop:1.2": true, "registry.example.org:5000/team/shop:1.2": true, "shop" + digest: true, "shop:latest" + digest: true,
		"shop:main-4f2a91c": true,
	} {
		t.Run(image, func(t *testing.T) {
			a := args()
			a.Image = image
			err := a.Validate("shop")
			if ok {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, "must name a digest or a tag that never moves, so that both regions run the same")
			}
		})
	}
}

func TestTheDigestPolicyTakesDigestsOnly(t *testing.T) {
	a := args()
	a.ImagePolicy = workload.ImageByDigest
	require.ErrorContains(t, a.Validate("shop"), `image: Invalid value: "registry.example.org/shop:1.2.3": must name a digest, as imagePolicy is digest`)
	a.Image += digest
	require.NoError(t, a.Validate("shop"))
	a.Canary = &workload.Canary{Image: "shop:2"}
	require.ErrorContains(t, a.Validate("shop"), `canary.image: Invalid value: "shop:2": must name a digest`)
}

func TestEveryBadArgumentIsReportedBeforeAnythingIsRegistered(t *testing.T) {
	rec, err := try(false, &workload.WorkloadArgs{
		ImageOwner: "argo", Port: 70000, HealthCheckPath: "healthz", MinReplicas: 1, MaxReplicas: -1, CPU: "much", Memory: "-1Mi",
		Paths: []string{"static"}, DrainSeconds: 4000, ZoneSpread: "even", UserID: -1, StartupSeconds: 1,
	})
	for _, want := range []string{
		`workload "shop": 17 problems`,
		`imageOwner: Unsupported value: "argo": supported values: "pulumi", "gitops"`,
		`image: Required value: give an image with a tag or a digest`,
		`userId: Invalid value: -1: must be 1 to 2147483647; 0 is root`,
		`port: Invalid value: 70000: must be between 1 and 65535, inclusive`,
		`healthCheckPath: Invalid value: "healthz": must start with /`,
		`startupSeconds: Invalid value: 1: must be 2 to 3600`,
		`minReplicas: Invalid value: 1: must be 2 or more; one pod cannot be moved without an interruption, nor be spread over zones`,
		`maxReplicas: Invalid value: -1: must not be below minReplicas, which is 1`,
		`cpu: Invalid value: "much": must be a Kubernetes quantity above zero, such as 250m or 256Mi`,
		`memory: Invalid value: "-1Mi": must be a Kubernetes quantity above zero, such as 250m or 256Mi`,
		`zoneSpread: Unsupported value: "even": supported values: "required", "preferred"`,
		`paths[0]: Invalid value: "static": must start with / and have at most 128 characters`,
		`priority: Invalid value: 0: must be 2 to 50000 and the listener's only rule of that number`,
		`drainSeconds: Invalid value: 4000: must be 15 to 3600`,
		`vpcId: Required value: give the one that the workload is to be reached through`,
		`loadBalancerCidrs: Required value: give the blocks of the load balancer's subnets, or the network policy keeps it out`,
	} {
		require.ErrorContains(t, err, want)
	}
	require.Empty(t, rec.Names(targetGroupType))
	require.Empty(t, rec.Names("tandem:index:Workload"))
}

// Each of these settings is wrong by itself.
func TestSettingsThatDoNotFitTogetherAreRefused(t *testing.T) {
	peak := workload.Peak{Name: "sale", Start: "0 8 * * *", End: "0 20 * * *", MinReplicas: 6}
	for name, c := range map[string]struct {
		change func(a *workload.WorkloadArgs)
		want   string
	}{
		"pods that end while the load balancer waits": {
			func(a *workload.WorkloadArgs) { a.DrainSeconds, a.DeregistrationDelaySeconds = 20, 60 },
			`deregistrationDelaySeconds: Invalid value: 60: must not be above drainSeconds, which is 20; else pods end while the load balancer still waits`,
		},
		"a drain that the load balancer outlasts": {
			func(a *workload.WorkloadArgs) { a.DrainSeconds = 5 },
			`drainSeconds: Invalid value: 5: must be 15 to 3600; a load balancer may send for 15 seconds more`,
		},
		"a budget that blocks every eviction": {
			func(a *workload.WorkloadArgs) { a.MaxUnavailable = -1 },
			`maxUnavailable: Invalid value: -1: must be 1 or more; a budget of none would block every eviction`,
		},
		"a budget that protects nothing": {
			func(a *workload.WorkloadArgs) { a.MaxUnavailable = 3 },
			`maxUnavailable: Invalid value: 3: must be below minReplicas, which is 3`,
		},
		"an autoscaler upside down": {
			func(a *workload.WorkloadArgs) { a.MinReplicas, a.MaxReplicas = 5, 4 },
			`maxReplicas: Invalid value: 4: must not be below minReplicas, which is 5`,
		},
		"one pod, spread over zones": {
			func(a *workload.WorkloadArgs) { a.MinReplicas = 1 },
			`minReplicas: Invalid value: 1: must be 2 or more; one pod cannot be moved without an interruption, nor be spread over zones`,
		},
		"a canary with more than all": {
			func(a *workload.WorkloadArgs) { a.Canary = &workload.Canary{Image: "shop:2", WeightPercent: 110} },
			`canary.weightPercent: Invalid value: 110: must be 0 to 100; the workload's own image gets the rest of 100`,
		},
		"a canary too small for its part": {
			func(a *workload.WorkloadArgs) {
				a.MinReplicas = 6
				a.Canary = &workload.Canary{Image: "shop:2", WeightPercent: 50, MinReplicas: 2}
			},
			`canary.minReplicas: Invalid value: 2: must be 3 to 10: enough for its part of the requests`,
		},
		"canary and blue-green": {
			func(a *workload.WorkloadArgs) {
				a.Canary, a.BlueGreen = &workload.Canary{Image: "shop:2"}, &workload.BlueGreen{GreenImage: "shop:2"}
			},
			`blueGreen: Forbidden: canary is given too; use one of them at a time`,
		},
		"a colour that is not": {
			func(a *workload.WorkloadArgs) {
				a.BlueGreen = &workload.BlueGreen{GreenImage: "shop:2", Live: "red"}
			},
			`blueGreen.live: Unsupported value: "red": supported values: "blue", "green"`,
		},
		"a surge of none": {
			func(a *workload.WorkloadArgs) { a.MaxSurge = "0%" },
			`maxSurge: Invalid value: "0%": must be a number of pods above zero or a percentage, such as 1 or 25%`,
		},
		"all that a service can do": {
			func(a *workload.WorkloadArgs) {
				a.ClusterName = pulumi.String("east")
				a.Permissions = []workload.Statement{{Actions: []string{"s3:*"}, Resources: pulumi.StringArray{pulumi.String("*")}}}
			},
			`permissions[0].actions[0]: Invalid value: "s3:*": must be a service and an action, not all of a service's`,
		},
		"permissions without a cluster to trust": {
			func(a *workload.WorkloadArgs) {
				a.Permissions = []workload.Statement{{Actions: []string{"s3:GetObject"}}}
			},
			`permissions[0].resources: Required value: give the ARNs that it is allowed on`,
		},
		"an identity without a cluster": {
			func(a *workload.WorkloadArgs) {
				a.Permissions = []workload.Statement{{Actions: []string{"s3:GetObject"}, Resources: pulumi.StringArray{pulumi.String("*")}}}
			},
			`clusterName: Required value: give the name of the EKS cluster, which the role trusts`,
		},
		"a secret that is a variable already": {
			func(a *workload.WorkloadArgs) {
				a.Env = pulumi.StringMap{"PASSWORD": pulumi.String("x")}
				a.Secrets = map[string]workload.Secret{"PASSWORD": {ARN: pulumi.String("arn")}}
			},
			`secrets[PASSWORD]: Duplicate value: "PASSWORD"`,
		},
		"a secret from nowhere": {
			func(a *workload.WorkloadArgs) { a.Secrets = map[string]workload.Secret{"PASSWORD": {}} },
			`secrets[PASSWORD].arn: Required value: give the ARN of the secret in AWS Secrets Manager`,
		},
		"a caller that is everybody": {
			func(a *workload.WorkloadArgs) { a.Callers = []workload.Caller{{CIDR: "0.0.0.0/0"}} },
			`callers[0].cidr: Invalid value: "0.0.0.0/0": must be an IPv4 block in CIDR notation, such as 10.0.0.0/16, and not the whole internet`,
		},
		"a caller that is two": {
			func(a *workload.WorkloadArgs) {
				a.Callers = []workload.Caller{{Namespace: "orders", CIDR: "10.0.0.0/16"}}
			},
			`callers[0]: Forbidden: give a namespace, with or without a name, or a cidr`,
		},
		"a peak below the usual": {
			func(a *workload.WorkloadArgs) {
				low := peak
				low.MinReplicas = 3
				a.Scaling.Peaks = []workload.Peak{low}
			},
			`scaling.peaks[0].minReplicas: Invalid value: 3: must be above minReplicas, which is 3, and up to maxReplicas, which is 10`,
		},
		"a peak at no time": {
			func(a *workload.WorkloadArgs) {
				never := peak
				never.Start, never.TimeZone = "tomorrow", "Mars/Olympus"
				a.Scaling.Peaks = []workload.Peak{never}
			},
			`scaling.peaks[0].start: Invalid value: "tomorrow": must have the five fields of cron, such as "0 8 * * 1-5"`,
		},
		"two peaks of one name": {
			func(a *workload.WorkloadArgs) { a.Scaling.Peaks = []workload.Peak{peak, peak} },
			`scaling.peaks[1].name: Duplicate value: "sale"`,
		},
		"a scratch directory over everything": {
			func(a *workload.WorkloadArgs) { a.ScratchDirs = map[string]string{"/": "1Gi"} },
			`scratchDirs[/]: Invalid value: "/": must be an absolute path, clean, below / and outside /etc/workload`,
		},
		"a port that is opened for nobody": {
			func(a *workload.WorkloadArgs) { a.LoadBalancerSecurityGroupID = nil },
			`loadBalancerSecurityGroupId: Required value: give the one that the port is opened for`,
		},
		"a port that is opened nowhere": {
			func(a *workload.WorkloadArgs) { a.NodeSecurityGroupID = nil },
			`nodeSecurityGroupId: Required value: give the one that the port is opened in, or leave both out where the port is open`,
		},
		"more conditions than AWS takes": {
			func(a *workload.WorkloadArgs) { a.Paths = []string{"/a", "/b", "/c", "/d", "/e"} },
			`must be 5 values at most together with paths, not 6`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := args()
			c.change(a)
			require.ErrorContains(t, a.Validate("shop"), c.want)
		})
	}
}

func TestNamesLeaveRoomForTheirSuffixes(t *testing.T) {
	require.NoError(t, args().Validate(strings.Repeat("s", 17)))
	require.ErrorContains(t, args().Validate(strings.Repeat("s", 18)), "name: Invalid value: \"ssssssssssssssssss\": must have at most 17 characters")
	require.ErrorContains(t, args().Validate("Shop"), `name: Invalid value: "Shop"`)
}
