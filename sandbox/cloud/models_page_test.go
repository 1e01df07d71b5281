package cloud

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
)

// modelsPage is the page that lists every model with what it checks.
var modelsPage = filepath.Join("..", "..", "docs", "models.md")

// checked is what a model checks, a part for each kind of rule.
func checked(m *model, f *facts.Resource) string {
	var parts []string
	count := func(n int, one, many string) {
		switch {
		case n == 1:
			parts = append(parts, "1 "+one)
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %s", n, many))
		}
	}
	code := func(names []string) string {
		slices.Sort(names)
		return "`" + strings.Join(names, "`, `") + "`"
	}
	count(len(f.Values), "demand on a value", "demands on values")
	count(len(f.Groups), "group of inputs", "groups of inputs")
	count(len(f.Items), "size of a list", "sizes of lists")
	count(len(f.Replace), "input that replaces", "inputs that replace")
	if len(m.Unique) > 0 {
		parts = append(parts, "unique ("+m.Exists+")")
	}
	if len(m.Refs) > 0 {
		parts = append(parts, "refers by "+code(sortedNames(m.Refs)))
	}
	if len(m.UsedBy) > 0 {
		parts = append(parts, "kept by its users ("+strings.TrimSpace(m.InUse+" ")+")")
		if m.InUse == "" {
			parts[len(parts)-1] = "kept by its users (DependencyViolation)"
		}
	}
	if m.OneVPC != "" {
		parts = append(parts, "of one VPC ("+m.OneVPC+")")
	}
	if m.Protect != "" {
		parts = append(parts, "protected by `"+m.Protect+"`")
	}
	if m.Quota > 0 {
		parts = append(parts, fmt.Sprintf("at most %d (%s)", m.Quota, m.OverQuota))
	}
	var used []string
	for _, use := range keyUses[m.Type] {
		if !slices.Contains(used, use.path) {
			used = append(used, use.path)
		}
	}
	if len(used) > 0 {
		parts = append(parts, "admitted by the policy of the key in "+code(used))
	}
	if by := publishers[m.Type]; by.service != "" {
		parts = append(parts, by.service+" admitted by the key of a topic in "+code(slices.Clone(by.paths)))
	}
	if m.Type == typeNodeGroup || m.Type == typeAutoScalingGroup {
		parts = append(parts, "Auto Scaling admitted by the keys of the launch template's disks")
	}
	if m.Check != nil {
		parts = append(parts, "rules of its own")
	}
	if m.Gone != nil {
		parts = append(parts, "rules of its deletion")
	}
	return strings.Join(parts, "; ")
}

// page is the whole page.
func page(known *facts.Facts) string {
	var b strings.Builder
	b.WriteString(`# Models of the sandbox

Written by ` + "`go test ./sandbox/cloud -run ModelsPage -update`" + `. [sandbox.md](sandbox.md) says what the simulation is.

Every type is held to the names, the types and the required inputs that its SDK has, and every id and ARN in any input has to be
of something that exists, in a region that can be reached. What a type checks besides is below. A demand on a value is a list of
allowed values, a range, a length, a form or a pattern; a group is of inputs that exclude or need each other. These come from the
Terraform AWS provider, ` + "`sandbox/cloud/facts`" + `. Rules of its own are in ` + "`sandbox/cloud/models_*.go`" + `, in the words of the service.

`)
	services := map[string][]string{}
	for typ, m := range models {
		services[m.Service] = append(services[m.Service], typ)
	}
	for _, service := range sortedNames(services) {
		fmt.Fprintf(&b, "\n## %s\n\n| type | where | checks |\n|---|---|---|\n", service)
		slices.Sort(services[service])
		for _, typ := range services[service] {
			where := "region"
			switch {
			case strings.HasPrefix(typ, "datadog:"):
				where = "organisation"
			case models[typ].Global:
				where = "account"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", typ, where, checked(models[typ], known.Resources[typ]))
		}
	}
	b.WriteString("\n## Kubernetes\n\nStrict schemas and the API server's rules for:\n\n")
	for _, token := range sortedNames(kinds) {
		fmt.Fprintf(&b, "- `%s`\n", token)
	}
	return b.String()
}

func TestModelsPageIsCurrent(t *testing.T) {
	known, err := facts.Load()
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for typ := range models {
		f := known.Resources[typ]
		sum += len(f.Inputs) + len(f.Outputs) + len(f.Values) + len(f.Groups) + len(f.Items) + len(f.Needs) + len(f.Replace) +
			len(f.Unasked) + len(f.Computed) + len(f.Sets) + len(f.Defaults) + len(f.Sensitive) + len(f.Secret)
	}
	t.Logf("%d models, %d facts, %d for each; %d kinds of Kubernetes", len(models), sum, sum/len(models), len(kinds))
	want := page(known)
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile(modelsPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(modelsPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != want {
		t.Errorf("%s is not current: go test ./sandbox/cloud -run ModelsPage -update", modelsPage)
	}
}
