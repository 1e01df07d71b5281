// Command catalogue writes the documentation of the policy packs: a page for each
// pack in docs/policies, the coverage of the frameworks, and the JSON schema of
// the configuration. Run it from the repository's root.
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
	if err := write(filepath.Join("docs", "policies")); err != nil {
		fmt.Fprintln(os.Stderr, "catalogue:", err)
		os.Exit(1)
	}
}

func write(dir string) error {
	pages, err := catalogue.Pages(pack.All...)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
