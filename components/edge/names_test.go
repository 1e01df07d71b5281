package edge

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEveryNameHasExactlyOneValidationRecord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOf(rapid.StringMatching(`(\*\.)?[a-c]\.tandem\.example`)).Draw(t, "names")
		records := validationNames(names)
		for i, record := range records {
			if strings.Contains(record, "*") {
				t.Fatalf("%s: no record has the name of a wildcard", record)
			}
			if slices.Index(records, record) != i {
				t.Fatalf("%s has two records: %v", record, records)
			}
			if !slices.Contains(names, record) && !slices.Contains(names, "*."+record) {
				t.Fatalf("%s is nobody's: %v", record, names)
			}
		}
		for _, name := range names {
			if !slices.Contains(records, strings.TrimPrefix(name, "*.")) {
				t.Fatalf("%s has no record: %v", name, records)
			}
		}
	})
}
