// Command network makes one Network. Its configuration has the arguments as JSON, by the names of NetworkArgs.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/tandem-platform/tandem/components/network"
)

func main() { pulumi.Run(program) }

func program(ctx *pulumi.Context) error {
	var args network.NetworkArgs
	decoder := json.NewDecoder(bytes.NewBufferString(config.Get(ctx, "network:args")))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&args); err != nil {
		return fmt.Errorf("network:args: %w", err)
	}
	provider, err := aws.NewProvider(ctx, "aws", &aws.ProviderArgs{Region: pulumi.String("us-east-1")})
	if err != nil {
		return err
	}
	_, err = network.NewNetwork(ctx, "net", &args, pulumi.Providers(provider))
	return err
}
