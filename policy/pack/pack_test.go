package pack

import "testing"

func TestPacksAreValid(t *testing.T) {
	names := map[string]bool{}
	for _, p := range All {
		if err := p.Validate(); err != nil {
			t.Error(err)
		}
		if names[p.Name] {
			t.Errorf("two packs have the name %s", p.Name)
		}
		names[p.Name] = true
	}
}
