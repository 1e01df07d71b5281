package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAnotherRegionIsJoinedWithoutTouchingTheOthers goes from one standby to two
// and back on the real engine. Of what home has, the data tier's ACL alone
// changes, since it admits one network more.
func TestAnotherRegionIsJoinedWithoutTouchingTheOthers(t *testing.T) {
	t.Parallel()
	c := newComponent(t, "transit")
	c.configure(t, []string{"us-west-2"})
	c.up(t)
	require.Empty(t, c.steps(t, alone), "a second up would change something")

	admitted := steps("update", "aws:ec2/networkAcl:NetworkAcl", "us-east-1-data")
	// Routes in home's tables belong to the standby that they lead to.
	const third = "eu-west-1"
	of := func(verb string, all []string) []string {
		var others []string
		for _, step := range all {
			if parts := strings.Fields(step); parts[0] != verb || !strings.HasPrefix(parts[2], third) {
				others = append(others, step)
			}
		}
		return others
	}
	added := c.change(t, []string{"us-west-2", third})
	require.Equal(t, admitted, of("create", added))
	require.Subset(t, added, slices.Concat(
		steps("create", "aws:ec2transitgateway/peeringAttachment:PeeringAttachment", third+"-us-east-1"),
		steps("create", "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter", third+"-us-east-1"),
		steps("create", "aws:ec2transitgateway/route:Route", third+"-us-east-1", third+"-from-us-east-1"),
		steps("create", "aws:ec2/route:Route", third+"-from-us-east-1-data", third+"-from-us-east-1-intra",
			third+"-from-us-east-1-private-us-east-1a", third+"-from-us-east-1-private-us-east-1b",
			third+"-us-east-1-data", third+"-us-east-1-intra", third+"-us-east-1-private-eu-west-1a", third+"-us-east-1-private-eu-west-1b"),
	))
	require.Empty(t, c.steps(t, alone), "a second up would change something")

	require.Equal(t, admitted, of("delete", c.change(t, []string{"us-west-2"})), "and away again")
	c.leavesNothing(t, alone)
}
