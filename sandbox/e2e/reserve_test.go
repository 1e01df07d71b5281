package e2e

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/cloud/trace"
	"github.com/tandem-platform/tandem/sandbox/session"
)

const north = "prod-north" // in reserve

// TestAReserveJoinsThePlatform follows docs/runbook/add-region.md with the stacks: a
// third region joins as a second standby, in reserve.
func TestAReserveJoinsThePlatform(t *testing.T) {
	t.Parallel()
	e := newEdited(t)
	all := []string{east, west, north}
	changes := func(t *testing.T, stack string) []string { // of what is there
		return slices.DeleteFunc(e.steps(t, stack), func(step string) bool {
			return strings.HasPrefix(step, "create ") || strings.Contains(step, " tandem:index:")
		})
	}
	settled := func(t *testing.T) {
		t.Helper()
		for _, stack := range all {
			require.Empty(t, e.looking().steps(t, stack), stack)
		}
	}

	part(t, "two regions come up, with a table whose capacity follows the load", func(t *testing.T) {
		e.object["table"] = map[string]any{"capacity": map[string]any{"minReads": 5, "maxReads": 500, "minWrites": 5, "maxWrites": 200}}
		e.configure(t)
		e.up(t)
	})

	part(t, "home makes what points at the third, and replaces nothing", func(t *testing.T) {
		e.object["regions"].(map[string]any)[north] = map[string]any{
			"region": "eu-west-1", "zones": []string{"eu-west-1a", "eu-west-1b", "eu-west-1c"}, "transitGatewayAsn": 64514,
			"standbyOf": east, "reserve": true,
		}
		e.configure(t)
		_, err := e.trySteps(t, west)
		require.ErrorContains(t, err, "prod-east:home.takeoverHealthCheckIds[eu-west-1]: Required value: run `up` on prod-east first, with the same configuration")
		require.Equal(t, []string{
			"update aws:backup/plan:Plan prod-east-backup",
			"update aws:ec2/networkAcl:NetworkAcl prod-east-data",
			"update aws:iam/rolePolicy:RolePolicy prod-east-replication",
			"update aws:route53/healthCheck:HealthCheck prod-east-region",
			"update aws:s3/bucketReplicationConfig:BucketReplicationConfig prod-east-static",
			"update aws:secretsmanager/secret:Secret prod-east-database",
			"update datadog:aws/integrationAccount:IntegrationAccount prod-east-datadog",
		}, changes(t, east))
		e.up(t, east, north)
	})

	part(t, "the standby makes room behind itself, and replaces nothing", func(t *testing.T) {
		require.Equal(t, []string{
			"update aws:iam/rolePolicy:RolePolicy prod-west-replication",
			"update aws:iam/rolePolicy:RolePolicy prod-west-replication-us-east-1",
			"update aws:route53/record:Record prod-west-origin",
			"update aws:s3/bucketReplicationConfig:BucketReplicationConfig prod-west-backups",
			"update aws:s3/bucketReplicationConfig:BucketReplicationConfig prod-west-backups-us-east-1",
			"update aws:s3/bucketReplicationConfig:BucketReplicationConfig prod-west-files",
			"update aws:s3/bucketReplicationConfig:BucketReplicationConfig prod-west-files-us-east-1",
			"update aws:s3/bucketReplicationConfig:BucketReplicationConfig prod-west-logs",
			"update aws:s3/bucketReplicationConfig:BucketReplicationConfig prod-west-logs-us-east-1",
		}, changes(t, west))
		e.up(t, west)
		settled(t)
	})

	part(t, "the real AWS provider takes every input", func(t *testing.T) { e.requireTakenByProvider(t, all...) })

	part(t, "each answers for the origin name in its turn", func(t *testing.T) {
		checks := map[string]string{} // of each region's endpoint
		for _, stack := range all {
			st, _ := e.export(t, stack)
			for _, r := range st.Deployment.Resources {
				if strings.HasSuffix(r.URN, "HealthCheck::"+stack+"-endpoint") {
					checks[stack] = r.ID
				}
			}
			require.NotEmpty(t, checks[stack])
		}
		bucket := func(region string) (name string) {
			st, _ := e.export(t, east)
			for _, r := range st.Deployment.Resources {
				if strings.HasSuffix(r.URN, "BucketV2::prod-east-takeover-"+region) {
					name = r.ID
				}
			}
			require.NotEmpty(t, name)
			return "https://" + name + ".s3." + region + ".amazonaws.com/takeover"
		}
		for name, c := range map[string]struct {
			unhealthy, objects []string
			want               string
		}{
			"all healthy":                {nil, nil, east},
			"home lost":                  {[]string{checks[east]}, nil, west},
			"home and the standby lost":  {[]string{checks[east], checks[west]}, nil, north},
			"the standby has taken over": {nil, []string{bucket("us-west-2")}, west},
			"the reserve has taken over": {nil, []string{bucket("eu-west-1")}, north},
		} {
			e.clouds(t, func(clouds *cloud.Cloud) {
				hops, err := trace.Follow(clouds, trace.Request{Host: "origin.tandem.example", Unhealthy: c.unhealthy, Objects: c.objects})
				require.NoError(t, err, name)
				require.Equal(t, e.region(c.want)["region"], trace.Region(hops), name)
			})
		}
	})

	part(t, "the database moves to the reserve and back, and nothing else does", func(t *testing.T) {
		for _, writer := range []string{north, east} {
			e.rds(t, writer, switchover)
			e.activate(t, writer, all...)
			for _, stack := range all {
				for _, step := range e.looking().steps(t, stack) {
					require.True(t, strings.Contains(step, " tandem:index:") || mayMove.MatchString(step), "%s: %s", stack, step)
				}
			}
			looking := e.looking()
			looking.must(t, func(ctx context.Context, s *session.Session) error { return s.Up(ctx, all...) })
		}
		settled(t)
	})

	part(t, "destroy leaves nothing", func(t *testing.T) { e.leavesNothing(t, all...) })
}
