package chart

import (
	"github.com/pulumi/pulumi-toy/sdk/v2/go/toy/big"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// NewChart makes whatever a template asks for. It is written by hand.
func NewChart(ctx *pulumi.Context, kind, name string) (pulumi.Resource, error) {
	return big.Make(ctx, kind, name)
}
