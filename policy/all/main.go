// Command all is the policy pack of all rules, those of the packs security,
// reliability and cost. Pulumi's engine starts and asks one program instead of
// three, which is most of what the packs cost a preview:
//
//	pulumi preview --policy-pack policy/all          # from source
//	pulumi preview --policy-pack /absolute/path/all  # prebuilt
package main

import (
	"fmt"
	"os"

	"github.com/tandem-platform/tandem/policy/pack"
	"github.com/tandem-platform/tandem/policy/rule"
)

func main() {
	if err := rule.Serve(pack.Whole, pack.All...); err != nil {
		fmt.Fprintln(os.Stderr, "all:", err)
		os.Exit(1)
	}
}
