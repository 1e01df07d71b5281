package mocktest

import (
	"encoding/json"
	"testing"
)

// PolicyStatements are the statements of a recorded policy document by their Sid, as
// JSON for a comparison. It fails the test where one has no Sid or another's.
func PolicyStatements(t *testing.T, document any) map[string]string {
	t.Helper()
	text, ok := document.(string)
	if !ok {
		t.Fatalf("the policy is no text: %v", document)
	}
	var policy struct{ Statement []json.RawMessage }
	if err := json.Unmarshal([]byte(text), &policy); err != nil {
		t.Fatalf("reading the policy: %v\n%s", err, text)
	}
	all := map[string]string{}
	for _, s := range policy.Statement {
		var named struct{ Sid string }
		if err := json.Unmarshal(s, &named); err != nil {
			t.Fatalf("reading a statement: %v\n%s", err, s)
		}
		if all[named.Sid] != "" || named.Sid == "" {
			t.Fatalf("the statement %q has no name of its own\n%s", named.Sid, text)
		}
		all[named.Sid] = string(s)
	}
	return all
}
