// Package host is imported for another system only.
package host

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

func First() string { return pulumi.Modules()[0] }
