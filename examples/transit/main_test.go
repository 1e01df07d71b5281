package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
)

func TestEachRegionIsRoutedToTheOther(t *testing.T) {
	rec := mocktest.MustRun(t, program, mocktest.Options{Project: "transit-example", Preview: true})
	to := map[string]any{}
	for _, name := range []string{"us-west-2-us-east-1-private-us-west-2a", "us-west-2-from-us-east-1-private-us-east-1a"} {
		to[name] = rec.Get(t, "aws:ec2/route:Route", name).Plain()["destinationCidrBlock"]
	}
	require.Equal(t, map[string]any{
		"us-west-2-us-east-1-private-us-west-2a":      "10.64.0.0/16",
		"us-west-2-from-us-east-1-private-us-east-1a": "10.65.0.0/16",
	}, to)
	require.Equal(t, []string{"us-west-2-us-east-1"}, rec.Names("aws:ec2transitgateway/peeringAttachment:PeeringAttachment"))
}
