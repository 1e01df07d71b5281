// Command machines draws the state machines of components/recovery for
// docs/recovery.md, from the golden files of their definitions.
//
// Run it from the repository's root after a change of a definition:
//
//	go run ./tools/machines
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// pictures are what is drawn, by the file of the definition.
var pictures = map[string]string{
	"components/recovery/testdata/takeover-standby.asl.json": "docs/takeover.svg",
	"components/recovery/testdata/failback-standby.asl.json": "docs/failback.svg",
}

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "machines:", err)
		os.Exit(1)
	}
}

// run draws the pictures of a repository.
func run(root string) error {
	for from, to := range pictures {
		svg, err := drawFile(filepath.Join(root, from))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(root, to), svg, 0o644); err != nil { //nolint:gosec // a page of the documentation
			return err
		}
	}
	return nil
}

func drawFile(name string) ([]byte, error) {
	text, err := os.ReadFile(name) //nolint:gosec // a file of this repository
	if err != nil {
		return nil, err
	}
	g, err := read(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	g.layOut()
	return g.svg(), nil
}
