// Command cost is the cost policy pack. Pulumi's engine runs it:
//
//	pulumi preview --policy-pack policy/cost          # from source
//	pulumi preview --policy-pack /absolute/path/cost  # prebuilt
package main

import (
	"fmt"
	"os"

	"github.com/tandem-platform/tandem/policy/pack"
	"github.com/tandem-platform/tandem/policy/rule"
)

func main() {
	if err := rule.Serve(pack.Cost, pack.All...); err != nil {
		fmt.Fprintln(os.Stderr, "cost:", err)
		os.Exit(1)
	}
}
