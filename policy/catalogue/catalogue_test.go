package catalogue

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/tandem-platform/tandem/policy/pack"
)

func TestPagesInTheDocsAreThoseOfTheRules(t *testing.T) {
	want, err := Pages(pack.All...)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join("..", "..", "docs", "policies")
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, text) {
			t.Errorf("docs/policies/%s is stale: run go run ./tools/catalogue", name)
		}
	}
	there, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range there {
		if want[file.Name()] == nil {
			t.Errorf("docs/policies/%s is of nothing: delete it", file.Name())
		}
	}
}
