package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
)

func TestBothRegionsAnswerForTheOriginName(t *testing.T) {
	// As a preview: what ACM asks for is known only to AWS.
	rec := mocktest.MustRun(t, program, mocktest.Options{
		Project: "edge-example",
		Config:  map[string]string{"edge-example:domain": "tandem.example"},
		Preview: true,
	})
	for record, role := range map[string]string{"shop-east-origin": "PRIMARY", "shop-west-origin": "SECONDARY"} {
		got := rec.Get(t, "aws:route53/record:Record", record).Plain()
		require.Equal(t, "origin.tandem.example", got["name"])
		require.Equal(t, []any{map[string]any{"type": role}}, got["failoverRoutingPolicies"])
	}
	require.Equal(t, []string{"shop-east-cdn"}, rec.Names("aws:cloudfront/distribution:Distribution"))
}
