package main

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/mocktest"
)

func TestTheExampleMakesAMemberInEachRegion(t *testing.T) {
	rec := mocktest.MustRun(t, program, mocktest.Options{
		Project: "datatier-example",
		Config:  map[string]string{"datatier-example:account": "123456789012"},
		Outputs: func(typ, name string, _ resource.PropertyMap) resource.PropertyMap {
			switch typ {
			case "aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", "aws:secretsmanager/secret:Secret":
				return resource.PropertyMap{"arn": resource.NewStringProperty("arn:aws:any:us-east-1:123456789012:" + name)}
			}
			return nil
		},
	})
	require.Equal(t, []string{"shop-east-database", "shop-west-database"}, rec.Names("aws:rds/cluster:Cluster"))
	require.Equal(t, []string{"shop-east-global"}, rec.Names("aws:rds/globalCluster:GlobalCluster"))
}
