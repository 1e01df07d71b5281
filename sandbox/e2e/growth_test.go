package e2e

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/tandem-platform/tandem/sandbox/session"
)

// edited is a sandbox with the program of the region stacks, whose configuration a
// test changes. The policy packs are not run.
type edited struct {
	platform
	object map[string]any // tandem:platform, of every stack
}

func newEdited(t testing.TB) *edited {
	t.Helper()
	p := newPlatform(t)
	text, err := os.ReadFile(filepath.Join(p.root, "Pulumi."+east+".yaml"))
	require.NoError(t, err)
	var file struct {
		Config map[string]any `json:"config"`
	}
	require.NoError(t, yaml.Unmarshal(text, &file))
	return &edited{p.project(t, "tandem", "stacks"), file.Config["tandem:platform"].(map[string]any)}
}

// region is the object of a region stack.
func (e *edited) region(stack string) map[string]any {
	return e.object["regions"].(map[string]any)[stack].(map[string]any)
}

// configure writes the stack files of all regions.
func (e *edited) configure(t testing.TB) {
	t.Helper()
	for stack := range e.object["regions"].(map[string]any) {
		e.write(t, "Pulumi."+stack+".yaml", map[string]any{"config": map[string]any{"tandem:active": east, "tandem:platform": e.object}})
	}
}

// up brings stacks up, all where none is named. The first builds the program.
func (e *edited) up(t testing.TB, stacks ...string) {
	t.Helper()
	e.must(t, func(ctx context.Context, s *session.Session) error { return s.Up(ctx, stacks...) })
	e.program = filepath.Join(e.tools, "bin", "stacks")
}

// TestThePlatformGrowsAndWhatHoldsDataStays joins two regions that were apart, and
// gives one another zone.
func TestThePlatformGrowsAndWhatHoldsDataStays(t *testing.T) {
	t.Parallel()
	e := newEdited(t)

	part(t, "two regions come up apart", func(t *testing.T) {
		delete(e.region(east), "transitGatewayAsn")
		delete(e.region(west), "transitGatewayAsn")
		e.region(east)["zones"] = []string{"us-east-1a", "us-east-1b"}
		e.configure(t)
		e.up(t)
	})

	part(t, "transit gateways join them, and change nothing but who the data tiers admit", func(t *testing.T) {
		const (
			gateway     = "aws:ec2transitgateway/transitGateway:TransitGateway"
			attachment  = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
			table       = "aws:ec2transitgateway/routeTable:RouteTable"
			association = "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation"
			propagation = "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation"
			ingress     = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
			acl         = "aws:ec2/networkAcl:NetworkAcl"
			component   = "tandem:index:Transit"
		)
		e.region(east)["transitGatewayAsn"], e.region(west)["transitGatewayAsn"] = 64512, 64513
		e.configure(t)
		require.Equal(t, sorted(
			steps("create", gateway, east), steps("create", attachment, east+"-vpc"), steps("create", table, east),
			steps("create", association, east+"-vpc"), steps("create", propagation, east+"-vpc"), steps("create", component, east),
			steps("create", ingress, east+"-database-from-us-west-2"), steps("update", acl, east+"-data"),
			// The rotation of the password goes to whoever takes the writes.
			steps("create", "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", east+"-rotation-to-us-west-2"),
			// A takeover cuts the way to the old writer while that is replaced.
			steps("update", "aws:iam/rolePolicy:RolePolicy", east+"-takeover"), steps("update", "aws:sfn/stateMachine:StateMachine", east+"-takeover", east+"-failback"),
		), e.steps(t, east))
		e.up(t, east)
		require.Equal(t, sorted(
			steps("create", gateway, west), steps("create", attachment, west+"-vpc"), steps("create", table, west),
			steps("create", association, west+"-vpc", west+"-us-east-1", west+"-from-us-east-1"),
			steps("create", propagation, west+"-vpc"), steps("create", component, west),
			steps("create", "aws:ec2transitgateway/peeringAttachment:PeeringAttachment", west+"-us-east-1"),
			steps("create", "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter", west+"-us-east-1"),
			steps("create", "aws:ec2transitgateway/route:Route", west+"-us-east-1", west+"-from-us-east-1"),
			steps("create", "aws:ec2/route:Route",
				west+"-from-us-east-1-data", west+"-from-us-east-1-intra", west+"-from-us-east-1-private-us-east-1a", west+"-from-us-east-1-private-us-east-1b",
				west+"-us-east-1-data", west+"-us-east-1-intra", west+"-us-east-1-private-us-west-2a", west+"-us-east-1-private-us-west-2b", west+"-us-east-1-private-us-west-2c"),
			steps("create", ingress, west+"-database-from-us-east-1"), steps("update", acl, west+"-data"),
			steps("update", "aws:iam/rolePolicy:RolePolicy", west+"-takeover"), steps("update", "aws:sfn/stateMachine:StateMachine", west+"-takeover", west+"-failback"),
		), e.steps(t, west))
		e.up(t, west)
		require.Empty(t, e.steps(t, east), "the standby's link changes nothing of home's")
	})

	part(t, "another zone adds what is of that zone, and replaces the nodes alone", func(t *testing.T) {
		e.region(east)["zones"] = []string{"us-east-1c", "us-east-1a", "us-east-1b"}
		e.configure(t)
		var replaced []string
		for _, step := range e.steps(t, east) {
			switch verb, what, _ := strings.Cut(step, " "); verb {
			case "create":
				require.Contains(t, what, "us-east-1c")
			case "update":
				require.NotContains(t, what, "us-east-1", "what is of a zone stays as it is: %s", what)
			default:
				replaced = append(replaced, step)
			}
		}
		// EKS cannot move a group; its successor comes first.
		require.Equal(t, steps("replace", "aws:eks/nodeGroup:NodeGroup", east+"-baseline"), replaced)
		e.up(t, east)
		require.Equal(t, steps("create", "aws:ec2/route:Route", west+"-from-us-east-1-private-us-east-1c"), e.steps(t, west),
			"the standby routes the new subnet to itself")
		e.up(t, west)
		require.Empty(t, e.steps(t, east), "a second up would change something")
	})

	part(t, "the database's options come in place", func(t *testing.T) {
		database := e.object["database"].(map[string]any)
		database["proxy"] = true
		database["instanceClass"], database["capacity"] = "db.serverless", map[string]any{"min": 2, "max": 32}
		e.region(west)["database"] = map[string]any{"instancesPerZone": 2, "capacity": map[string]any{"min": 8, "max": 32}} // for a take-over
		e.configure(t)
		for _, stack := range []string{east, west} {
			var created []string
			for _, step := range e.steps(t, stack) {
				verb, what, _ := strings.Cut(step, " ")
				switch verb {
				case "create":
					created = append(created, what)
				case "update":
				default:
					t.Errorf("%s: %s", stack, step)
				}
			}
			require.Contains(t, created, "aws:rds/proxy:Proxy "+stack+"-proxy")
			require.Equal(t, stack == west, slices.Contains(created, "aws:rds/clusterInstance:ClusterInstance prod-west-database-us-west-2c-2"))
			e.up(t, stack)
		}
		for _, stack := range []string{east, west} {
			require.Empty(t, e.looking().steps(t, stack), "a second up would change something")
		}
	})

	part(t, "the real AWS provider takes every input", func(t *testing.T) { e.requireTakenByProvider(t, east, west) })

	part(t, "destroy leaves nothing", func(t *testing.T) { e.leavesNothing(t, east, west) })
}
