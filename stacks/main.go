// Command stacks is the program of every region stack: `pulumi up -s prod-east`
// brings up home, `pulumi up -s prod-west` the standby.
package main

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

func main() { pulumi.Run(deploy) }
