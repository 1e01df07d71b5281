// Package framework maps the controls of compliance frameworks to rules. The
// mappings are data files, one for each framework.
package framework

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"

	"gopkg.in/yaml.v3"
)

//go:embed data/*.yaml
var files embed.FS

// Framework is a list of controls, and the rules that speak for each.
type Framework struct {
	// Name and Version are those of its publisher, and Source is where it is.
	Name, Version, Source string
	// Note says which of its controls are listed.
	Note string
	// Controls are in the order of the framework.
	Controls []Control
}

// Control is one control of a framework.
type Control struct {
	// ID is the publisher's.
	ID string
	// Title is short, and in our own words.
	Title string
	// Rules are the ids of the rules that check some of it; none says that the
	// control is not mapped.
	Rules []string
}

// Mapped is the number of controls that some rule speaks for.
func (f Framework) Mapped() int {
	n := 0
	for _, c := range f.Controls {
		if len(c.Rules) > 0 {
			n++
		}
	}
	return n
}

// All returns the frameworks in the order of their files' names.
func All() ([]Framework, error) {
	names, err := fs.Glob(files, "data/*.yaml")
	if err != nil {
		return nil, err
	}
	var all []Framework
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var f Framework
		decoder := yaml.NewDecoder(bytes.NewReader(text))
		decoder.KnownFields(true)
		if err := decoder.Decode(&f); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, f)
	}
	return all, nil
}
