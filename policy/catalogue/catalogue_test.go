package catalogue

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/tandem-platform/tandem/policy/pack"
)

func TestCatalogueInTheDocsIsThatOfTheRules(t *testing.T) {
	want, err := Markdown(pack.All...)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join("..", "..", "docs", "policies.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("docs/policies.md is stale: run go run ./tools/catalogue")
	}
}
