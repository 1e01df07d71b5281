package main

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
)

func TestTheStandbyCanTakeOver(t *testing.T) {
	config := map[string]string{"accountId": "123456789012", "domain": "tandem.example", "globalCluster": "shop", "cluster": "shop-west", "takeoverBucket": "shop-takeover"}
	settings := map[string]string{}
	for k, v := range config {
		settings["recovery-example:"+k] = v
	}
	rec := mocktest.MustRun(t, program, mocktest.Options{
		Project: "recovery-example", Config: settings,
		Outputs: func(typ, _ string, _ resource.PropertyMap) resource.PropertyMap {
			if typ == "random:index/randomPassword:RandomPassword" {
				return resource.PropertyMap{"result": resource.MakeSecret(resource.NewStringProperty("0123456789"))}
			}
			return nil
		},
	})
	require.ElementsMatch(t, []string{"shop-west-takeover", "shop-west-failback"}, rec.Names("aws:sfn/stateMachine:StateMachine"))
	require.Equal(t, []string{"shop-west-region-lost"}, rec.Names("aws:cloudwatch/compositeAlarm:CompositeAlarm"))
}
