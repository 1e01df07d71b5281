// Command reliability is the reliability policy pack. Pulumi's engine runs it:
//
//	pulumi preview --policy-pack policy/reliability          # from source
//	pulumi preview --policy-pack /absolute/path/reliability  # prebuilt
package main

import (
	"fmt"
	"os"

	"github.com/tandem-platform/tandem/policy/pack"
	"github.com/tandem-platform/tandem/policy/rule"
)

func main() {
	if err := rule.Serve(pack.Reliability, pack.All...); err != nil {
		fmt.Fprintln(os.Stderr, "reliability:", err)
		os.Exit(1)
	}
}
