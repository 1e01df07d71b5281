// Package helper makes resources for others.
package helper

import (
	"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func Subnet(ctx *pulumi.Context) (*net.Subnet, error) {
	return net.NewSubnet(ctx, "s", &net.SubnetArgs{
		Name:   pulumi.String("inner"),
		Routes: net.RouteArray{net.RouteArgs{Target: pulumi.String("gw")}},
	})
}
