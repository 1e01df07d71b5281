// Package big is written by hand and knows every resource.
package big

import (
	"fmt"

	"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net"
	"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/store"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func Make(ctx *pulumi.Context, kind, name string) (pulumi.Resource, error) {
	switch kind {
	case "Gateway":
		return net.NewGateway(ctx, name, nil)
	case "Bucket":
		return store.NewBucket(ctx, name, nil)
	}
	return nil, fmt.Errorf("unknown kind: %s", kind)
}
