// Command security is the security policy pack. Pulumi's engine runs it:
//
//	pulumi preview --policy-pack policy/security          # from source
//	pulumi preview --policy-pack /absolute/path/security  # prebuilt
package main

import (
	"fmt"
	"os"

	"github.com/tandem-platform/tandem/policy/pack"
	"github.com/tandem-platform/tandem/policy/rule"
)

func main() {
	if err := rule.Serve(pack.Security, pack.All...); err != nil {
		fmt.Fprintln(os.Stderr, "security:", err)
		os.Exit(1)
	}
}
