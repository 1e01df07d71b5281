package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
)

func TestTheJumpServerLivesInThePrivateSubnets(t *testing.T) {
	rec := mocktest.MustRun(t, program, mocktest.Options{
		Project: "administration-example", Config: map[string]string{"administration-example:accountId": "123456789012"}, Preview: true,
		Exists: func(typ, _ string) bool { return typ == "aws:ec2/subnet:Subnet" },
	})
	group := rec.Get(t, "aws:autoscaling/group:Group", "ops-jump").Plain()
	require.Equal(t, []any{"ops-private-us-west-2a-id", "ops-private-us-west-2b-id"}, group["vpcZoneIdentifiers"])
	require.Equal(t, "ops-sessions", rec.Get(t, "aws:ssm/document:Document", "ops-preferences").Plain()["name"])
}
