// Command catalogue writes docs/policies.md, the documentation of the policy
// packs. Run it from the repository's root.
//
// It is not below policy, where every program is a policy pack.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/tandem-platform/tandem/policy/catalogue"
	"github.com/tandem-platform/tandem/policy/pack"
)

func main() {
	text, err := catalogue.Markdown(pack.All...)
	if err == nil {
		err = os.WriteFile(filepath.Join("docs", "policies.md"), text, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "catalogue:", err)
		os.Exit(1)
	}
}
