package catalogue

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/tandem-platform/tandem/policy/framework"
	"github.com/tandem-platform/tandem/policy/rule"
)

// frameworks is the page of the coverage of the frameworks.
func frameworks(packs []rule.Pack) ([]byte, error) {
	all, err := framework.All()
	if err != nil {
		return nil, err
	}
	page := map[string]string{}
	for _, p := range packs {
		for _, r := range p.Rules {
			page[r.ID] = strings.TrimPrefix(p.Name, "tandem-") + ".md#" + r.ID
		}
	}
	var b bytes.Buffer
	b.WriteString(written + "# Coverage of frameworks\n\nA rule speaks for a control where it checks some of it. That a control is mapped does not say that it is met.\n" +
		"Titles are in our own words.\n\n| framework | controls listed | mapped | not mapped |\n|---|---|---|---|\n")
	for _, f := range all {
		fmt.Fprintf(&b, "| %s %s | %d | %d | %d |\n", f.Name, f.Version, len(f.Controls), f.Mapped(), len(f.Controls)-f.Mapped())
	}
	for _, f := range all {
		fmt.Fprintf(&b, "\n## %s %s\n\n%s Source: <%s>\n\n| control | about | rules |\n|---|---|---|\n", f.Name, f.Version, f.Note, f.Source)
		for _, c := range f.Controls {
			links := make([]string, len(c.Rules))
			for i, id := range c.Rules {
				links[i] = fmt.Sprintf("[%s](%s)", id, page[id])
			}
			rules := strings.Join(links, ", ")
			if rules == "" {
				rules = "not mapped"
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", c.ID, c.Title, rules)
		}
	}
	return b.Bytes(), nil
}
