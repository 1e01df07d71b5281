package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
)

func TestAllZonesShareOneWayOut(t *testing.T) {
	rec := mocktest.MustRun(t, program, mocktest.Options{Project: "network-example"})
	require.Equal(t, []string{"shop-test-nat-us-west-2a"}, rec.Names("aws:ec2/natGateway:NatGateway"))
	for _, zone := range []string{"us-west-2a", "us-west-2b", "us-west-2c"} {
		route := rec.Get(t, "aws:ec2/route:Route", "shop-test-private-"+zone+"-nat").Plain()
		require.Equal(t, "shop-test-nat-us-west-2a-id", route["natGatewayId"])
	}
}
