package main

import (
	"fmt"
	"os"
	"reflect"
	"runtime"

	"example.com/program/helper"
	"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/chart"
	"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/net"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func run() error {
	ctx := &pulumi.Context{}
	if _, err := net.NewNetwork(ctx, "n", &net.NetworkArgs{Name: pulumi.String("core")}); err != nil {
		return err
	}
	s, err := helper.Subnet(ctx)
	if err != nil {
		return err
	}
	if _, err := chart.NewRelease(ctx, "r"); err != nil {
		return err
	}
	// A reference to a resource that the program never names.
	ref, err := pulumi.Refer(ctx, "toy:net", "toy:net:Gateway")
	if err != nil {
		return err
	}
	fmt.Println("registered", ctx.Registered, "reference", ref.URN())
	fmt.Println("subnet", s.ToSubnetOutput().Name().Value())
	fmt.Printf("lifted %T %T\n", pulumi.Lift(s), pulumi.Lift([]*net.Subnet{s}))
	fmt.Printf("route %T %v\n", pulumi.ToOutput(net.RouteArgs{Target: pulumi.String("a")}), pulumi.Concrete(reflect.TypeFor[net.RouteInput]()))
	file, line := net.Where(func(n int) (uintptr, string, int, bool) { return runtime.Caller(n) })
	fmt.Println("where", file, line)
	fmt.Println(net.ProtocolTCP, net.High, net.Shadow(struct{ Gateway string }{"shadow"}))
	return nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
